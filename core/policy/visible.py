"""Which tables a Caller may touch at all: what the catalogue tools show."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.model import Caller, Dialect, Kind, Pair, Reading, Source, Thing, Verb
from core.policy.conditions import globs
from core.policy.conditions.index import NOTHING, Prepared
from core.policy.conditions.match import covers
from core.policy.conditions.situation import Situation, situation
from core.policy.force import Policy
from core.policy.rules import Then

# What only a statement settles: a rule that allows may come to hold, one that refuses need not.
OPEN: Final = frozenset({"facts", "affected_over", "bytes_over", "price_over"})


def visible(
    policy: Policy,
    caller: Caller,
    source: Source,
    table: str,
    *,
    now: datetime,
    tags: frozenset[str] = NOTHING,
    kind: str = "table",
) -> bool:
    """Tell whether some rule lets this caller read or ask to read the table, and none refuses it whole.

    `table` is the qualified name, `tags` those in effect on its columns.
    """
    if caller.kind is not Kind.PERSON and (caller.owner is None or not caller.client):
        return False
    pair = Pair(thing=Thing(kind=kind, name=table), verb=Verb.READ)
    asked = situation(policy.directories, caller, source, _glance(source, pair), now=now)
    near = [one for one in policy.index.candidates(pair) if pair.verb in one.verbs and not _spared(one, table)]
    if any(one.rule.then is Then.REFUSE and _always(one, asked) for one in near):
        return False
    return any(covers(one, pair.verb, asked) and _ever(one, asked, tags) for one in near)


def _glance(source: Source, pair: Pair) -> Reading:
    return Reading(dialect=Dialect(source.dialect), statement="", text="", pairs=frozenset({pair}))


def _spared(one: Prepared, table: str) -> bool:
    return one.rule.unless.tables is not None and globs.fits(one.rule.unless.tables, table)


def _always(one: Prepared, asked: Situation) -> bool:
    """Whether a refusal holds for every statement on the table."""
    when, unless = one.rule.when, one.rule.unless
    conditional = {name for name, _ in (*one.wanted, *one.unwanted)} & OPEN
    return not conditional and when.tags is None and unless.tags is None and one.stands(asked)


def _ever(one: Prepared, asked: Situation, tags: frozenset[str]) -> bool:
    """Whether a rule could hold for some statement on the table."""
    when = one.rule.when
    if when.tags is not None and not any(globs.fits(when.tags, tag) for tag in tags):
        return False
    wanted = all(holds(asked) for name, holds in one.wanted if name not in OPEN)
    return wanted and not any(holds(asked) for name, holds in one.unwanted if name not in OPEN)
