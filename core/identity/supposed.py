"""A Caller that nobody proved: whose verdict `assent check --as` asks for. It opens no door and runs nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from core.model import Caller, Kind, Person

NOBODY: Final = Person(directory="", id="supposed")  # no directory is called "", so that no rule can mean this person
SCOPES: Final = frozenset({"assent:read", "assent:write"})


def supposed(groups: Collection[str], now: datetime) -> Caller:
    """Return a person of these groups, with both scopes and already expired; for verdicts that lead to no Permit."""
    return Caller(
        issuer="",
        subject=NOBODY.id,
        client="",
        kind=Kind.PERSON,
        person=NOBODY,
        owner=None,
        email=None,
        groups=frozenset(groups),
        scopes=SCOPES,
        authenticated_at=None,
        expires_at=now,
    )
