"""What the rules say of a Reading: allow, ask or refuse, and within which limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias, final


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A rule and one sentence; rule "" is the house's own (closed by default, never allowed)."""

    rule: str
    sentence: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The smallest of all rules that matched."""

    returned_rows: int = 200
    returned_bytes: int = 65_536  # of the answer's JSON text
    affected_rows: int | None = None  # all tables together, cascades and triggers included
    target_rows: int | None = None  # of the statement's own target: the number that was counted before deciding
    timeout: timedelta = timedelta(seconds=30)
    billed_bytes: int | None = None


class OnApproval(StrEnum):
    """Who begins an approved statement: the executor at once, or the requester's next request."""

    RUN = "run"
    HOLD = "hold"


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Seat:
    """Votes needed from one group of the configuration."""

    group: str
    count: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Allow:
    """Every pair is covered by a rule and none asks. Made only by `core.policy`."""

    reasons: tuple[Reason, ...]
    limits: Limits


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How far a grant reaches at most; rows are those shown or those changed, whichever are more."""

    uses: int
    rows: int  # of one use
    total: int  # rows of all uses together
    time: timedelta

    def least(self, *others: Caps) -> Caps:
        """Return the smallest of each."""
        every = (self, *others)
        return Caps(
            uses=min(one.uses for one in every),
            rows=min(one.rows for one in every),
            total=min(one.total for one in every),
            time=min(one.time for one in every),
        )

    def within(self, most: Caps) -> bool:
        """Whether it reaches somewhere, and nowhere further than another."""
        return min(self.uses, self.rows, self.total) > 0 and self.time > timedelta(0) and self.least(most) == self


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """People decide. Made only by `core.policy`."""

    reasons: tuple[Reason, ...]
    limits: Limits
    seats: tuple[Seat, ...]
    on_approval: OnApproval = OnApproval.RUN
    expires: timedelta = timedelta(minutes=15)
    unmask: frozenset[str] = frozenset()
    channel: str | None = None
    grant: Caps | None = None  # how far people may let its shape run without being asked again; None: not at all


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Nothing runs. Made only by `core.policy`; `code` is stable and public."""

    reasons: tuple[Reason, ...]
    code: str
    advice: str = ""  # what would be allowed instead


Verdict: TypeAlias = Allow | Ask | Refuse
