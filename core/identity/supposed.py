"""A Caller that nobody proved: `assent check --as` and examples ask for its verdict. It opens no door, runs nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from core.model import Caller, Kind, Person

NOBODY: Final = Person(directory="", id="supposed")  # no directory is called "", so that no rule can mean this person
SCOPES: Final = frozenset({"assent:read", "assent:write"})


def supposed(
    groups: Collection[str], now: datetime, *, client: str = "", name: str = "", machine: bool = False
) -> Caller:
    """Return someone of these groups, with both scopes and already expired; for verdicts that lead to no Permit.

    `name` is an e-mail, or `directory:person id`, or `directory:e-mail`, as rules write them under `callers`; a machine
    has a client id alone, and somebody who answers for it.
    """
    directory, _, rest = name.rpartition(":")
    person = Person(directory=directory, id=NOBODY.id if "@" in rest else rest) if name else NOBODY
    return Caller(
        issuer="",
        subject=NOBODY.id,
        client=client,
        kind=Kind.MACHINE if machine else Kind.PERSON,
        person=None if machine else person,
        owner=NOBODY if machine else None,
        email=rest if "@" in rest else None,
        groups=frozenset(groups),
        scopes=SCOPES,
        authenticated_at=None,
        expires_at=now,
    )
