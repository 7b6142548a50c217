"""`assent audit prove`: a bundle for an outsider, written from a copied store."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from cli.audit.opening import payload
from cli.audit.verifying import copied, held
from cli.reach import People, objects, word
from cli.show import Exit, fail, say, working
from core.audit.verification.bundle import Unprovable
from core.ports import Opening
from core.stores.sqlite.proving import prove as made


def prove(
    name: str,
    store: str,
    key: str,
    witnesses: Sequence[str],
    *,
    policy: Path | None,
    out: Path,
    people: People | None = None,
) -> None:
    """Write `NAME.audit.zip`; with `people`, who record it, the words that its Entries name are in it.

    Raises: NotFound, UnsafeStart, AuditUnavailable, SettingsError.
    """
    trust = held(key, witnesses)
    opened = (lambda _: ()) if people is None else partial(opening, people)
    try:
        with working(f"proving {name}"), copied(store) as path:
            bundle = made(path, name, trust, texts(policy), opened)
        target = out / f"{name}.audit.zip"
        target.write_bytes(bundle)
    except Unprovable as error:
        fail(str(error), Exit.FINDINGS)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    say(f"{target}: unpack it, read README.txt")


def opening(people: People, call: str) -> Sequence[Opening]:
    """Ask for a Call's words, and with a ticket for its result."""
    found = people.get("audit", "openings", call)
    ticket = word(found, "ticket")
    said = [*objects(found, "payloads"), people.redeem(word(found, "results"), ticket) if ticket else None]
    opened = [payload(one) for one in said]
    return tuple(one for one in opened if one is not None)


def texts(policy: Path | None) -> Mapping[str, str]:
    """Return the policy of a configuration under its hash.

    Raises: SettingsError, UnsafeStart.
    """
    if policy is None:
        return {}
    from core.settings import load  # noqa: PLC0415

    found = load(policy, dict(os.environ)).policy
    return {found.version: found.text}
