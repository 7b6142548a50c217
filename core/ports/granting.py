"""Grants: what a unit may change of them, and how they are found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias, final

from core.model import CallId, Coverage, Entry, EntryKind, Grant, GrantId, Json, Slot


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GiveGrant:
    """Insert a Grant beside the DECISION that gives it; a Review gives one at most."""

    grant: Grant


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UseGrant:
    """Take a Grant's next use for a Call; one that is used up, was ended or was used meanwhile is `Lost`.

    Its end is a guard of the unit: `before` is at most the Grant's `until`.
    """

    grant: Grant  # as it was read
    call: CallId

    @property
    def number(self) -> int:
        """Which use it is, from 1."""
        return self.grant.uses + 1


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SpendGrant:
    """Count rows that a Grant's use shows or changes: past its total, or once it was ended, the unit is `GrantEnded`.

    Of a change it stands with PREPARED, of a read with its OUTCOME: until then nothing lasts and nothing was shown.
    """

    call: CallId
    rows: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnGrant:
    """Give back the rows of a use whose change its Source rolled back; of a Call under no Grant it changes nothing."""

    call: CallId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EndGrant:
    """Let nothing run under a Grant from here on; one that was ended is `Lost`."""

    grant: GrantId
    at: datetime


Granted: TypeAlias = GiveGrant | UseGrant | SpendGrant | ReturnGrant | EndGrant


def ended(grant: Grant, by: str, at: datetime, *, via: str = "") -> tuple[Entry, EndGrant]:
    """Word the end of a Grant; `by`: a person's pseudonym, or why nobody's word was needed."""
    said: dict[str, Json] = {"call": grant.call, "by": by, **({"via": via} if via else {})}
    entry = Entry(kind=EntryKind.PERMIT_REVOKED, scope=grant.id, attempt=0, slot=Slot.USE, body=said)
    return entry, EndGrant(grant=grant.id, at=at)


class Grants(Protocol):
    """Grants as units left them; which one may be used is decided in the unit that uses it."""

    async def grant(self, grant: GrantId) -> Grant | None:
        """Find one."""
        ...

    async def covering(self, coverage: Coverage) -> tuple[Grant, ...]:
        """Grants of exactly this that nobody ended, first given first.

        None of which a use came to an outcome that nobody can tell: people look before anything of it runs again.
        """
        ...

    async def standing(self, now: datetime) -> tuple[Grant, ...]:
        """Grants that nobody ended and whose time is not over, first given first."""
        ...
