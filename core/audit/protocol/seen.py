"""What the rules over the log remember of what they read, until it is settled."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.audit.body import Body
from core.model import Json, Outcome


@dataclass(slots=True)
class SeenAttempt:
    """What the rules need of an attempt's Entries."""

    unit: Json
    verdict: Body
    mac: Json
    wrote: bool
    guarded: bool
    deadline: Json
    late: bool = False  # begun after its approval's end
    prepared: Json = None
    prepared_at: int = 0  # which Entry of those read
    result: Outcome | None = None
    final: bool = True


@dataclass(slots=True)
class SeenCall:
    """A Call that is not over, or not for long."""

    session: str
    leaf: str = ""
    action: Json = None
    seats: Body = field(default_factory=dict)
    attempts: dict[int, SeenAttempt] = field(default_factory=dict)
    resolved: bool = False
    breakable: bool = False
    review: str | None = None


@dataclass(slots=True)
class SeenReview:
    """A Review, its Votes and what took its slots."""

    call: str
    digest: Json
    votes: list[tuple[str, str, bool]] = field(default_factory=list)  # person, seat, approves of this digest
    grants: list[Body] = field(default_factory=list)  # that approving Votes chose
    alone: str = ""  # who answered alone; "": nobody did
    looked: bool = False  # somebody else has looked at that
    decision: str | None = None
    decided: Json = None  # unit
    use: str | None = None
    deadline: Json = None
    use_by: Json = None
    closed: int | None = None
