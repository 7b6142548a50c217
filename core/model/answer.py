"""What the agent is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, final

from core.model.ids import CallId, ReviewId
from core.model.review import State
from core.model.rows import Masked
from core.model.verdict import Limits, Reason


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The statement ran; its OUTCOME is durable."""

    call: CallId
    masked: Masked
    limits: Limits
    elapsed: timedelta


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """People have not decided, or an approved statement is still running."""

    call: CallId
    review: ReviewId | None
    state: State  # pending, approved or executing
    sentence: str
    until: datetime | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when to when a Call can be asked about."""

    asked: datetime
    changed: datetime  # when the newest Entry that moved it was written
    until: datetime  # a decision, or a result, is not waited for beyond; later ones may lie further ahead


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing ran; `code` is stable, `sentence` says why and what would be allowed."""

    call: CallId
    code: str
    sentence: str
    reviewer_note: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It ran or tried to; `sentence` says what is known, without database text."""

    call: CallId
    code: str
    sentence: str
    retry_after: timedelta | None = None


Answer: TypeAlias = Answered | Waiting | Refused | Failed


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What would happen, without running or asking: the `check` tool's and `assent check`'s one shape."""

    call: CallId | None
    kind: str  # class: read, write, schema, rights, run, control, unreadable
    verbs: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    verdict: str | None = None  # allow, ask, refuse
    reasons: tuple[Reason, ...] = ()
    plan: str | None = None
