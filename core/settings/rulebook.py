"""`[[rule]]` tables -> rules of the policy, and what is wrong with each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Final

from core.model import Fact, Measure, OnApproval, Per, Period, Seat, Verb, millionths
from core.policy.bounding import granting
from core.policy.bounding.budgets import MILLISECOND
from core.policy.bounding.granting import LONGEST, MOST_USES
from core.policy.changing.lint import lint
from core.policy.conditions import globs
from core.policy.conditions.hours import Window, window
from core.policy.rules import ALLOWABLE, CONDITIONS, Budget, Conditions, Effects, Rule, Then
from core.settings import schema
from core.settings.findings import Findings
from core.settings.reader import Reader, Table

TIMEOUT: Final = timedelta(hours=1)
EXPIRES: Final = timedelta(hours=24)
GRANTS: Final = ("grant_rows", "grant_total", "grant_uses", "grant_time")
ONLY_ASK: Final = ("reviewers", "unmask", "copies", "on_approval", "expires", "channel", *GRANTS)
LIMITS: Final = ("returned_rows", "returned_bytes", "affected_rows", "max_bytes", "timeout")
COUNTED: Final = ("affected_over", "bytes_over", "price_over")
PATTERNS: Final = ("tables", "tags")


def rule(table: Table, found: Findings) -> Rule:
    """Make one rule; findings say what it must not say."""
    for key, message in _wrong(table):
        found.error((*table.path, key) if key else table.path, message)
    when, unless = _conditions(table, "", found), _conditions(table, "not_", found)
    made = Rule(
        name=table.text("name"),
        then=Then(table.text("then", "refuse")),
        when=when,
        unless=unless,
        effects=_effects(table),
        floor=table.flag("floor"),
    )
    _judge(made, table, found)
    return made


def budget(table: Table, found: Findings) -> Budget | None:
    """Make one budget; findings say what is wrong with it. None: it says too little to be one."""
    when, unless = _conditions(table, "", found), _conditions(table, "not_", found)
    for key, message in _empty(table):
        found.error((*table.path, key), message)
    amounts = {measure: amount for measure, amount in _amounts(table) if amount is not None}
    if not amounts:
        found.error(table.path, "it counts nothing; say rows, returned_bytes, bytes, price or time")
    for measure in sorted(one for one, amount in amounts.items() if amount <= 0):
        found.error((*table.path, measure.value), "more than nothing; to let nobody do it, write a rule that refuses")
    if not table.text("per") or not table.text("window"):
        return None
    made = Budget(
        name=table.text("name"),
        per=Per(table.text("per")),
        period=Period(table.text("window")),
        amounts=amounts,
        when=when,
        unless=unless,
        floor=table.flag("floor"),
    )
    if made.per is Per.GROUP and when.groups is None:
        found.error((*table.path, "groups"), 'a budget per group names the groups: groups = ["analysts"]')
    for key in _excluded(made.when, made.unless):
        found.error((*table.path, key), "this budget can never count: the same stands under both forms")
    return made


def budgets(reader: Reader, listed: list[object]) -> tuple[Budget, ...]:
    """Make every budget of a file."""
    tables = [reader.table(schema.BUDGET, one, ("budget", str(number))) for number, one in enumerate(listed)]
    made = (budget(table, reader.findings) for table in tables)
    return tuple(one for one in made if one is not None)


def _amounts(table: Table) -> Iterator[tuple[Measure, int | None]]:
    price, time = table.money("price"), table.span("time")
    yield from ((one, table.number(one.value)) for one in (Measure.ROWS, Measure.RETURNED_BYTES, Measure.BYTES))
    yield Measure.PRICE, None if price is None else millionths(price)
    yield Measure.TIME, None if time is None else time // MILLISECOND


def _conditions(table: Table, prefix: str, found: Findings) -> Conditions:
    verbs, facts = table.names(f"{prefix}verbs"), table.names(f"{prefix}facts")
    callers = table.names(f"{prefix}callers")
    return Conditions(
        groups=table.names(f"{prefix}groups"),
        callers=None if callers is None else callers | {name.casefold() for name in callers if "@" in name},
        agents=table.names(f"{prefix}agents"),
        sources=table.names(f"{prefix}sources"),
        tables=table.names(f"{prefix}tables"),
        tags=table.names(f"{prefix}tags"),
        verbs=None if verbs is None else frozenset(map(Verb, verbs)),
        facts=None if facts is None else frozenset(map(Fact, facts)),
        affected_over=table.number(f"{prefix}affected_over"),
        bytes_over=table.number(f"{prefix}bytes_over"),
        price_over=table.money(f"{prefix}price_over"),
        hours=_hours(table, f"{prefix}hours", found),
    )


def _hours(table: Table, key: str, found: Findings) -> tuple[Window, ...] | None:
    stated = table.names(key)
    if stated is None:
        return None
    windows: list[Window] = []
    for text in sorted(stated):
        try:
            windows.append(window(text))
        except ValueError as error:
            found.error((*table.path, key), str(error))
    return tuple(windows)


def _effects(table: Table) -> Effects:
    on_approval = table.text("on_approval")
    return Effects(
        reviewers=frozenset(Seat(group=group, count=count) for group, count in table.counts("reviewers").items()),
        returned_rows=table.number("returned_rows"),
        returned_bytes=table.number("returned_bytes"),
        affected_rows=table.number("affected_rows"),
        max_bytes=table.number("max_bytes"),
        timeout=table.span("timeout"),
        unmask=table.names("unmask") or frozenset(),
        copies=table.names("copies") or frozenset(),
        on_approval=OnApproval(on_approval) if on_approval else None,
        expires=table.span("expires"),
        channel=table.text("channel") or None,
        grant_rows=table.number("grant_rows"),
        grant_total=table.number("grant_total"),
        grant_uses=table.number("grant_uses"),
        grant_time=table.span("grant_time"),
    )


def _wrong(table: Table) -> Iterator[tuple[str, str]]:
    """Yield what a table says that no rule may say, key by key."""
    then = table.text("then")
    if then == Then.ASK.value and not table.has("reviewers"):
        yield "reviewers", "a rule that asks names reviewers: reviewers = { dba = 1 }"
    if then != Then.ASK.value:
        yield from ((key, 'only a rule with then = "ask" can say this') for key in ONLY_ASK if table.has(key))
    if then == Then.REFUSE.value:
        yield from ((key, "a rule that refuses has no limits") for key in LIMITS if table.has(key))
    if then == Then.ALLOW.value and table.flag("floor"):
        yield "floor", "a floor closes: only rules that ask or refuse can be one"
    yield from _empty(table)
    yield from _globs(table)
    yield from _copies(table)
    if (span := table.span("timeout")) is not None and span > TIMEOUT:
        yield "timeout", "at most 1 h"
    if (span := table.span("expires")) is not None and span > EXPIRES:
        yield "expires", "at most 24 h"
    yield from _unknown_numbers(table, then)
    yield from _grants(table)


def _grants(table: Table) -> Iterator[tuple[str, str]]:
    """A grant has a cap of rows for one use and one for all of them, or there is none."""
    said = [key for key in GRANTS if table.has(key)]
    if not said:
        return
    rows, total, uses = (table.number(key) for key in ("grant_rows", "grant_total", "grant_uses"))
    if rows is None or total is None:
        yield said[0], "a grant needs both caps of rows: grant_rows for one use, grant_total for all of them"
    elif not 0 < rows <= total:
        yield "grant_total", "at least grant_rows, and grant_rows at least 1"
    if uses is not None and not 0 < uses <= MOST_USES:
        yield "grant_uses", f"1 to {MOST_USES}"
    if (span := table.span("grant_time")) is not None and not timedelta(0) < span <= LONGEST:
        yield "grant_time", "at most 60 min"


def _empty(table: Table) -> Iterator[tuple[str, str]]:
    for key in (*CONDITIONS, *(f"not_{name}" for name in CONDITIONS)):
        if table.names(key) == frozenset():
            yield key, "an empty list says nothing; leave the key out"


def _globs(table: Table) -> Iterator[tuple[str, str]]:
    """A wildcard of another language would be a literal, and a refusal that never matches."""
    for key in (*PATTERNS, *(f"not_{name}" for name in PATTERNS), "unmask"):
        for pattern in sorted(table.names(key) or ()):
            if globs.FOREIGN & set(pattern):
                yield key, f'"{pattern}": only * is a wildcard here'
            elif key.endswith("tables") and "." not in pattern and globs.literal(pattern):
                yield key, f'"{pattern}" names no schema; write "schema.{pattern}", or "*.{pattern}"'


def _copies(table: Table) -> Iterator[tuple[str, str]]:
    """Both columns by name: nobody can agree to a copy that a wildcard names."""
    for text in sorted(table.names("copies") or ()):
        source, _, target = text.partition(" -> ")
        if "*" in text or min(source.count("."), target.count(".")) < len(("schema.", "table.")):
            yield "copies", f'"{text}" does not name two columns: write "schema.table.column -> schema.table.column"'


def _unknown_numbers(table: Table, then: str) -> Iterator[tuple[str, str]]:
    """Unknown numbers count as exceeded: then an allowance must not hold, and a refusal must."""
    for key in COUNTED:
        if then == Then.ALLOW.value and table.has(key):
            yield key, f"unknown counts as more, so a rule that allows cannot use it; write not_{key}"
        if then == Then.REFUSE.value and table.has(f"not_{key}"):
            yield f"not_{key}", f"unknown counts as more, so a rule that refuses cannot use it; write {key}"


def _judge(made: Rule, table: Table, found: Findings) -> None:
    """Note what a whole rule says wrongly, or says though it can hardly be meant."""
    for key in _never(made):
        found.error((*table.path, key), "this rule can never match: the same stands under both forms")
    for message in _verbs(made):
        found.error((*table.path, "verbs"), message)
    for key in _fragile(made):
        found.warn((*table.path, key), "an address may change or be unverified; name the person by directory:person id")
    writes = (made.when.verbs or ALLOWABLE) & ALLOWABLE - {Verb.READ} - (made.unless.verbs or frozenset())
    if made.then is Then.ALLOW and writes and made.effects.affected_rows is None:
        found.warn(table.path, "it allows changes without a cap; say affected_rows")
    if granting.stated(made.effects) is not None and made.when.verbs and not made.when.verbs & ALLOWABLE:
        found.warn((*table.path, "grant_rows"), "no grant holds for define, grant or run; this says nothing")
    if made.then is Then.ALLOW and made.when.verbs is None:
        found.warn(table.path, "without verbs it allows insert, update and delete as well as read")


def _verbs(made: Rule) -> Iterable[str]:
    verbs = made.when.verbs or frozenset()
    if made.then is Then.ALLOW and verbs - ALLOWABLE:
        names = ", ".join(sorted(verb.value for verb in verbs - ALLOWABLE))
        yield f"{names}: no rule can allow this; people decide it at least, and control is always refused"
    if made.then is Then.ASK and Verb.CONTROL in verbs:
        yield "control is always refused; no rule can ask for it"
    if made.then is Then.ASK and Verb.RUN in verbs and made.when.tables is None:
        yield "code that runs is opaque: a rule that asks for run names it under tables"


def _excluded(when: Conditions, unless: Conditions) -> Iterator[str]:
    """Yield conditions whose every item also stands under its `not_` form."""
    for part in fields(Conditions):
        wanted, unwanted = getattr(when, part.name), getattr(unless, part.name)
        if isinstance(wanted, frozenset) and isinstance(unwanted, frozenset) and wanted and wanted <= unwanted:
            yield part.name


def _never(made: Rule) -> Iterator[str]:
    yield from _excluded(made.when, made.unless)
    for name in COUNTED:
        least, most = getattr(made.when, name), getattr(made.unless, name)
        if least is not None and most is not None and least >= most:
            yield name


def _fragile(made: Rule) -> Iterator[str]:
    """Exclusion by e-mail fails open: a refusal that no longer matches, an exception that no longer excepts."""
    if made.then is Then.REFUSE and any("@" in name for name in made.when.callers or ()):
        yield "callers"
    if made.then is not Then.REFUSE and any("@" in name for name in made.unless.callers or ()):
        yield "not_callers"


def duplicates(rules: tuple[Rule, ...], budgets: tuple[Budget, ...], found: Findings) -> None:
    """Every decision names its rules and budgets, so names are unique."""
    named = {"rule": [one.name for one in rules], "budget": [one.name for one in budgets]}
    for word, names in named.items():
        seen: set[str] = set()
        for number, name in enumerate(names):
            if name in seen:
                found.error((word, str(number), "name"), f'another {word} is called "{name}"')
            seen.add(name)
    if not rules:
        found.warn((), "there is no [[rule]]: everything is refused")


def dead(
    rules: tuple[Rule, ...],
    found: Findings,
    *,
    billed: frozenset[str] = frozenset(),
    sources: frozenset[str] = frozenset(),
) -> None:
    """Say which rules decide nothing; `billed` are those of `sources` that bill for bytes."""
    named = {rule.name: number for number, rule in enumerate(rules)}
    if len(named) != len(rules):
        return  # an error already
    for remark in lint(rules, billed, sources):
        place = ("rule", str(named[remark.rule])) if remark.rule else ()
        found.warn((*place, remark.key) if remark.key else place, remark.sentence)
