#!/usr/bin/env python3
"""Make what compose.yaml hands to its containers: keys, passwords, addresses, and the two databases' first SQL.

    sudo python3 manifests/compose/prepare.py     writes manifests/compose/made, once: nothing there is replaced

Each file is root's and readable for the containers' group alone (10001): a process of Assent takes no secret that
others can read. Without root they are the caller's, which is good for looking and for tests.
"""

from __future__ import annotations

import os
import secrets
import sys
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Final

GROUP: Final = 10_001
HERE: Final = Path(__file__).parent
KEYS: Final = ("questions", "results", "mask", "signing", "minting")
PARTS: Final = ("gateway", "people", "signer")
STORE: Final = "store:5432/assent"
SHOP: Final = "shop:5432/shop"

SAMPLE: Final = """\
CREATE ROLE shop_read LOGIN PASSWORD '{shop_read}';
CREATE ROLE shop_write LOGIN PASSWORD '{shop_write}';
CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL, city text NOT NULL);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers, status text NOT NULL);
INSERT INTO customers SELECT n, 'customer' || n || '@example.com', 'Lyon' FROM generate_series(1, 100) AS n;
INSERT INTO orders SELECT n, 1 + n % 100, 'open' FROM generate_series(1, 1000) AS n;
"""

DEX: Final = """\
issuer: http://dex:5556/dex
storage: {{type: memory}}
web: {{http: "0.0.0.0:5556"}}
oauth2: {{skipApprovalScreen: true}}
enablePasswordDB: true
staticClients:
  - {{id: assent-people, name: Assent, secret: "{sign_in}", redirectURIs: ["http://people:8081/oidc/dex/callback"]}}
# staticPasswords: name your people here, each with a bcrypt hash of a password (dexidp.io, "local connector").
"""


def main(folder: Path) -> None:
    """Make everything, for a folder that is not there yet."""
    folder.mkdir(mode=0o700)
    for name, text in contents().items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        if os.geteuid() == 0:
            os.chown(path, 0, GROUP)
            path.chmod(0o440)
    if os.geteuid() == 0:
        folder.chmod(0o755)


def contents() -> Mapping[str, str]:
    """Word every file."""
    word = {name: secrets.token_urlsafe(24) for name in ("store", "shop", "shop_read", "shop_write", "sign_in", *PARTS)}
    keys = {name: b64encode(secrets.token_bytes(32)).decode() for name in KEYS}
    logins = (f"CREATE ROLE {part} LOGIN PASSWORD '{word[part]}' IN ROLE assent_{part};\n" for part in PARTS)
    return {
        **keys,
        "assent.toml": (HERE / "assent.toml").read_text(encoding="utf-8"),
        "sign_in": word["sign_in"],
        "dex": DEX.format(**word),
        "store_password": word["store"],
        "store_dba": f"postgresql://postgres:{word['store']}@{STORE}",
        "store_service": f"[assent]\nhost=store\ndbname=assent\nuser=postgres\npassword={word['store']}\n",
        "logins": "".join(logins),
        **{f"{part}_store": f"postgresql://{part}:{word[part]}@{STORE}" for part in PARTS},
        "shop_password": word["shop"],
        "shop_dba": f"postgresql://postgres:{word['shop']}@{SHOP}",
        "sample": SAMPLE.format(**word),
        "shop_read": f"postgresql://shop_read:{word['shop_read']}@{SHOP}",
        "shop_write": f"postgresql://shop_write:{word['shop_write']}@{SHOP}",
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "made")
