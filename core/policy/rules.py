"""The nouns of a policy: what a rule may say, and everything that counts as one hashed policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, final

from core.model import Fact, Json, Measure, OnApproval, Per, Period, Seat, Verb
from core.policy.conditions.hours import Window


class Then(StrEnum):
    """What a rule does with the pairs it matches, from mild to strict."""

    ALLOW = "allow"
    ASK = "ask"
    REFUSE = "refuse"


ALLOWABLE: Final = frozenset({Verb.READ, Verb.INSERT, Verb.UPDATE, Verb.DELETE})
# What people must decide at least, whatever a rule says: shape, rights and opaque code outlive the statement.
ASKED: Final = frozenset({Verb.DEFINE, Verb.GRANT, Verb.RUN})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What must hold; `None` says nothing. Each list holds when any of its items does."""

    groups: frozenset[str] | None = None  # of the Caller's token
    callers: frozenset[str] | None = None  # verified e-mail, or directory:person id
    agents: frozenset[str] | None = None  # verified client id
    sources: frozenset[str] | None = None
    tables: frozenset[str] | None = None  # globs over qualified names
    tags: frozenset[str] | None = None  # globs over tags
    verbs: frozenset[Verb] | None = None
    facts: frozenset[Fact] | None = None
    affected_over: int | None = None
    bytes_over: int | None = None
    price_over: Decimal | None = None
    hours: tuple[Window, ...] | None = None


CONDITIONS: Final = tuple(condition.name for condition in fields(Conditions))
PER_PAIR: Final = frozenset({"tables", "tags", "verbs", "sources"})  # all others hold per statement


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a matching rule brings; `None` of a limit stands for its default in `core.model.Limits`."""

    reviewers: frozenset[Seat] = frozenset()
    returned_rows: int | None = None
    returned_bytes: int | None = None
    affected_rows: int | None = None
    max_bytes: int | None = None  # billed
    timeout: timedelta | None = None
    unmask: frozenset[str] = frozenset()  # tags (globs) or qualified columns
    copies: frozenset[str] = frozenset()  # "schema.table.column -> schema.table.column", of one tag
    on_approval: OnApproval | None = None
    expires: timedelta | None = None
    channel: str | None = None
    grant_rows: int | None = None  # of one use of a grant; with the next one it lets people give one
    grant_total: int | None = None  # rows of all its uses together
    grant_uses: int | None = None
    grant_time: timedelta | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One `[[rule]]`: matches where all of `when` and none of `unless` (its `not_` forms) hold."""

    name: str
    then: Then
    when: Conditions = field(default_factory=Conditions)
    unless: Conditions = field(default_factory=Conditions)
    effects: Effects = field(default_factory=Effects)
    floor: bool = False  # of the gateway's own file: holds whatever the store says


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One `[[budget]]`: what statements that it holds for may use together, in one period, of one account."""

    name: str
    per: Per
    period: Period
    amounts: Mapping[Measure, int]
    when: Conditions = field(default_factory=Conditions)  # of these only BUDGETED
    unless: Conditions = field(default_factory=Conditions)
    floor: bool = False  # of the gateway's own file: holds whatever the store says


BUDGETED: Final = ("groups", "callers", "agents", "sources")  # conditions that a budget may state


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A configured autonomous client, as policy sees it."""

    owner: str  # directory:person id
    name: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """`[break_glass]`: who may answer alone in an emergency, and from where."""

    members: frozenset[str]
    ways: frozenset[str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything that counts as policy; `core.policy.force.enact` makes the Policy of it."""

    rules: tuple[Rule, ...] = ()
    budgets: tuple[Budget, ...] = ()
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)  # [group.*]: name -> members
    following: Mapping[str, str] = field(default_factory=dict)  # group -> the group that follows it
    glass: Glass | None = None  # None: nobody answers alone
    masks: Mapping[str, str] = field(default_factory=dict)  # tag pattern -> kind of mask
    owners: Mapping[str, str] = field(default_factory=dict)  # tag pattern -> group
    agents: Mapping[str, Agent] = field(default_factory=dict)  # client id -> who answers for it
    directories: Mapping[str, str] = field(default_factory=dict)  # issuer -> directory
    also: Mapping[str, Json] = field(default_factory=dict)  # hashed, not judged by: identity, operators, Sources
