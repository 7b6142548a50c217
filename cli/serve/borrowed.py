"""`assent token`: an agent's token from the issuer of a running demo, and from nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2
import typer

from cli.show import Exit, fail, print_json
from core.settings import file, tls

STATE: Final = "demo.json"
ELSEWHERE: Final = (
    "assent token speaks to a running demo only: assent demo --keep DIR, then assent token NAME --demo DIR"
)
SECONDS: Final = 10.0


def run(name: str, folder: Path, *, as_json: bool) -> None:
    """Ask the demo's issuer for the token of one of its people's agents, and print it."""
    issuer, secret, people = state(folder)
    if name not in people:
        fail(f"the demo has {', '.join(people)}, not {name}", Exit.USAGE)
    found = granted(issuer, name, secret)
    if as_json:
        print_json({"token": found, "issuer": issuer, "name": name})
    else:
        typer.echo(found)


def state(folder: Path) -> tuple[str, str, list[str]]:
    """Read what a running demo left in its folder for its owner alone."""
    path = folder / STATE
    try:
        found = json.loads(file.secret(path))
    except FileNotFoundError:
        fail(ELSEWHERE)
    except OSError as error:
        fail(f"{path}: cannot be read: {error.strerror}")
    except (ValueError, RecursionError) as error:
        fail(f"{path}: {error}")
    match found:
        case {"issuer": str(issuer), "secret": str(secret), "people": [*people]} if here(issuer):
            pass
        case _:
            fail(ELSEWHERE)
    return issuer, secret, [str(one) for one in people]


def here(issuer: str) -> bool:
    """Whether an issuer is on loopback, as the demo's always is: its secret goes to no other host."""
    try:
        parts = urlsplit(issuer)
        named = parts.port is not None
    except ValueError:
        return False
    return named and parts.scheme == "http" and parts.username is None and tls.local(parts.hostname or "off")


def granted(issuer: str, name: str, secret: str) -> str:
    """Ask for a token by client credentials (RFC 6749 4.4)."""
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    try:
        with httpx2.Client(trust_env=False, follow_redirects=False, timeout=SECONDS) as http:
            reply = http.post(f"{issuer}/token", data=form)
        found: Mapping[str, object] = reply.json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        fail(f"the demo at {issuer} does not answer: has it ended?")
    token = found.get("access_token") if isinstance(found, dict) else None
    if not isinstance(token, str):
        fail(f"the demo's issuer refused: status {reply.status_code}", Exit.FINDINGS)
    return token
