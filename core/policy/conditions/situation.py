"""What holds for one statement of one Caller, and how each condition of a rule reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final, TypeAlias, final

from core.model import Caller, Dialect, Fact, Kind, Reading, Source
from core.policy.rules import Conditions


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a source says a statement would bill; None: it cannot say."""

    bytes: int | None = None
    price: Decimal | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a statement-wide condition may look at; None of a number: unknown, which counts as exceeded."""

    groups: frozenset[str]
    callers: frozenset[str]
    agents: frozenset[str]
    machine: bool
    source: str
    facts: frozenset[Fact]
    affected: int | None
    bytes: int | None
    price: Decimal | None
    now: datetime


def situation(
    directories: Mapping[str, str],
    caller: Caller,
    source: Source,
    reading: Reading,
    *,
    now: datetime,
    affected: int | None = None,
    cost: Cost | None = None,
) -> Situation:
    """Gather it; with several directories a Caller's groups and client already carry theirs.

    A count is dropped where a protected column is read: no verdict may depend on it, else it answers. `cost` stands
    for what the Source said when it was read, where nobody asked one.
    """
    billed = source.dialect is Dialect.BIGQUERY
    said = cost or Cost(bytes=reading.bytes)
    price = source.price(said.bytes) if said.price is None else said.price
    return Situation(
        groups=caller.groups,
        callers=_callers(directories, caller),
        agents=frozenset({caller.client} if caller.client else ()),
        machine=caller.kind is not Kind.PERSON,
        source=source.name,
        facts=reading.facts,
        affected=_affected(reading, affected),
        bytes=said.bytes if billed else 0,
        price=price if billed else Decimal(0),
        now=now,
    )


def _affected(reading: Reading, affected: int | None) -> int | None:
    if not reading.writes:
        return 0
    return None if reading.protected else affected


def _callers(directories: Mapping[str, str], caller: Caller) -> frozenset[str]:
    """A bare address holds only where one directory speaks: of several, one could use another's addresses."""
    if caller.person is None:
        return frozenset()  # a machine is named by its client id, under `agents`
    several = len(set(directories.values())) > 1
    directory = directories.get(caller.issuer, caller.person.directory)  # whose word the address is, whoever it is
    prefixes = (f"{directory}:",) if several else ("", f"{directory}:")
    mails = (f"{prefix}{caller.email}".casefold() for prefix in prefixes if caller.email)
    return frozenset({str(caller.person), *map(str, caller.accounts), *mails})


Holds: TypeAlias = Callable[[Situation], bool]


def _any(wanted: frozenset[str] | None, found: Callable[[Situation], frozenset[str]]) -> Holds | None:
    if wanted is None:
        return None
    return lambda asked: not wanted.isdisjoint(found(asked))


def _over(bound: int | Decimal | None, found: Callable[[Situation], int | Decimal | None]) -> Holds | None:
    if bound is None:
        return None

    def exceeded(asked: Situation) -> bool:
        number = found(asked)
        return number is None or number > bound

    return exceeded


def _within(stated: Conditions) -> Holds | None:
    windows = stated.hours
    if windows is None:
        return None
    return lambda asked: any(window.holds(asked.now) for window in windows)


# Every statement-wide condition: from its stated value to what it asks of a Situation.
STATEMENT: Final[Mapping[str, Callable[[Conditions], Holds | None]]] = MappingProxyType(
    {
        "groups": lambda stated: _any(stated.groups, lambda asked: asked.groups),
        "callers": lambda stated: _any(stated.callers, lambda asked: asked.callers),
        "agents": lambda stated: _any(stated.agents, lambda asked: asked.agents),
        "sources": lambda stated: _any(stated.sources, lambda asked: frozenset({asked.source})),
        "facts": lambda stated: _any(stated.facts, lambda asked: asked.facts),
        "affected_over": lambda stated: _over(stated.affected_over, lambda asked: asked.affected),
        "bytes_over": lambda stated: _over(stated.bytes_over, lambda asked: asked.bytes),
        "price_over": lambda stated: _over(stated.price_over, lambda asked: asked.price),
        "hours": _within,
    }
)
