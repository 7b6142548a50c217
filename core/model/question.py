"""What people are asked: what an approval binds, and what helps them decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from core.model.call import Parameters, Tool
from core.model.caller import Caller
from core.model.ids import CallId, Digest
from core.model.reading import Fact, Mask
from core.model.verdict import Limits, Reason


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything an approval binds; what a card shows and what runs. Kept encrypted, compared by digest."""

    call: CallId
    source: str
    role: str  # the database role it would run as
    statement: str = field(repr=False)
    text: str = field(repr=False)
    parameters: Parameters = field(repr=False)
    masks: frozenset[Mask]
    unmasked: frozenset[Mask] = frozenset()  # shown as they are, by this approval alone
    limits: Limits
    policy: str  # version (hash) of the policy in force
    tree: Digest
    caller: Caller
    tool: Tool
    digest: Digest
    bytes: int | None = None  # that its Source said it would bill, as people saw it; `limits` hold its bound


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A few rows of an UPDATE before and after, through the masks: for reviewers only."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What helps people decide and is not part of the digest. Kept encrypted beside the Question."""

    purpose: str = field(repr=False)
    verbs: tuple[str, ...]
    things: tuple[str, ...]
    facts: tuple[Fact, ...]
    risk: str  # low, medium, high, critical
    reasons: tuple[Reason, ...]
    counted: int | None = None  # rows of the target table, counted
    estimated: int | None = None  # by the planner, and said to be
    protected: bool = False  # no number in the channel
    also: tuple[str, ...] = ()  # what runs besides: triggers, cascades
    locks: tuple[str, ...] = ()  # what it locks, how, and what others may do meanwhile
    undo: str = ""
    sample: Sample | None = None
    agent: str = ""  # the verified client: its configured name, or its id
    calls_itself: str = ""  # what the client says it is: nobody verified that
    denied: int = 0  # questions about the same things that people denied within a day, whoever asked them
