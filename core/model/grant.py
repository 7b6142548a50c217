"""A standing approval of one shape of statement, and each use of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import final

from core.model.ids import CallId, GrantId, ReviewId
from core.model.verdict import Caps
from core.model.vote import Vote


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a grant is of: one shape of statement, who asks through which agent, where, and under which rules."""

    fingerprint: str  # keyed MAC of the shape, of its Source and of every object in it
    principal: tuple[str, str, str]
    source: str
    role: str  # of the database
    masking: str  # hash of the mask plan
    policy: str  # version


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a grant given with a Review would be of, and how far it may reach at most."""

    coverage: Coverage
    most: Caps


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A standing approval, given with a decided Review: statements of its coverage run without being asked again."""

    id: GrantId
    review: ReviewId
    call: CallId  # of the Review
    coverage: Coverage
    caps: Caps  # the smallest of all approving Votes
    until: datetime
    uses: int = 0
    rows: int = 0  # that its uses have shown or changed
    ended_at: datetime | None = None  # revoked, or ended by a block or a change of policy

    @property
    def left(self) -> int:
        """Rows that a use may still show or change."""
        return min(self.caps.rows, self.caps.total - self.rows)

    def live(self, now: datetime) -> bool:
        """Whether it may be used once more."""
        return self.ended_at is None and now < self.until and self.uses < self.caps.uses and self.left > 0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of a Grant, on the word of those who gave it."""

    grant: Grant
    number: int  # from 1
    votes: tuple[Vote, ...]  # that gave it, of people who may still vote
