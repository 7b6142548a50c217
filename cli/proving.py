"""`assent audit prove`: a bundle for an outsider, written from a copied store."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from cli.show import Exit, fail, say, working
from cli.verifying import copied, held
from core.audit.bundle import Unprovable
from core.stores.sqlite.proving import prove as made


def prove(name: str, store: str, key: str, witnesses: Sequence[str], *, policy: Path | None, out: Path) -> None:
    """Write `NAME.audit.zip`.

    Raises: NotFound, UnsafeStart, AuditUnavailable, SettingsError.
    """
    trust = held(key, witnesses)
    try:
        with working(f"proving {name}"), copied(store) as path:
            bundle = made(path, name, trust, texts(policy))
        target = out / f"{name}.audit.zip"
        target.write_bytes(bundle)
    except Unprovable as error:
        fail(str(error), Exit.FINDINGS)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    say(f"{target}: unpack it, read README.txt")


def texts(policy: Path | None) -> Mapping[str, str]:
    """Return the policy of a configuration under its hash.

    Raises: SettingsError, UnsafeStart.
    """
    if policy is None:
        return {}
    from core.settings import load  # noqa: PLC0415

    found = load(policy, dict(os.environ)).policy
    return {found.version: found.text}
