"""Who decides on the people's side, and what they said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import final

from core.model.caller import Person
from core.model.ids import Digest, PayloadId, ReviewId
from core.model.verdict import Caps


class Decision(StrEnum):
    """What one Vote says."""

    APPROVE = "approve"
    DENY = "deny"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person who acts on the people's side, as proven there; never read from an agent's token."""

    person: Person
    name: str  # for display
    email: str | None  # verified; members of a group may be listed by it
    via: str  # "console:<client>", "slack:T…:U…", "terminal"
    account: Person | None = None  # which of that human's accounts they came with, where several are joined

    @property
    def listed(self) -> str:
        """By what a group's list names them: the account itself, which is no stronger for a human's other ones."""
        return str(self.account or self.person)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One person's decision on one digest. Made only by `core.reviews`, on the people's side."""

    review: ReviewId
    person: Person
    name: str
    seat: str
    decision: Decision
    digest: Digest
    via: str
    at: datetime
    member: str = ""  # the entry of the group's list that made them eligible: compared again at the claim
    reason: PayloadId | None = None
    affected_rows: int | None = None  # may only lower the cap
    grant: Caps | None = None  # of an approval: how far its shape may run without being asked again
    glass: bool = False  # of who answers alone in an emergency: `reason` holds the ticket and why
