"""What look-ups read, made of the log alone: rebuilt at any time, never evidence.

Calls that ask alike share a pattern (agent, Source, tool, verdict, rules, names, shape): what is searched by name or
word is found among a few thousand patterns, not among millions of Calls.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, LiteralString, final

from core.audit.export.event import number, part, said
from core.model import EntryKind, Outcome
from core.ports import Sealed
from core.stores.lookups.pattern import Body, Named, Pattern, pattern
from core.stores.steps import Steps, Value, Words, ask, many, one

APPLIED: Final[LiteralString] = (
    "UPDATE applied SET next = next RETURNING next, made"  # one at a time applies what follows
)
EMPTIED: Final[tuple[LiteralString, ...]] = (
    "DELETE FROM call",
    "DELETE FROM session",
    "DELETE FROM pattern_name",
    "DELETE FROM pattern",
    "DELETE FROM name",
    "DELETE FROM person",
)
CALLS: Final[LiteralString] = (
    "INSERT INTO call (seq, id, session, at_ms, ps, who, pattern, outcome, rows, masked)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"
)
ENDED: Final[LiteralString] = (
    "UPDATE call SET outcome = $1, rows = coalesce($2, rows), masked = coalesce($3, masked) WHERE id = $4"
)
TALLIED: Final[LiteralString] = (
    "UPDATE session SET calls = calls + $1, refused = refused + $2, rows = rows + $3,"
    " last_ms = CASE WHEN $4 > last_ms THEN $4 ELSE last_ms END WHERE pk = $5"
)
COUNTED: Final[LiteralString] = "UPDATE pattern SET calls = calls + $1 WHERE pk = $2"
HELD: Final = 65_536  # keys in memory


@final
class Interned:
    """Small numbers of texts that repeat, as far as they were seen to be committed."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.names: dict[Named, int] = {}
        self.patterns: dict[str, int] = {}
        self.people: dict[str, int] = {}
        self.sessions: dict[str, tuple[int, int | None]] = {}
        self._made = -1

    def of(self, made: int) -> None:
        """Forget what was of an index that another process began anew meanwhile."""
        if made != self._made:
            self.forget()
        self._made = made

    def forget(self) -> None:
        """Forget everything: after a transaction that may not stand, and when it grows too large."""
        for held in (self.names, self.patterns, self.people, self.sessions):
            held.clear()

    def bound(self) -> None:
        """Keep memory bounded."""
        if max(len(self.names), len(self.patterns), len(self.people), len(self.sessions)) > HELD:
            self.forget()


@dataclass(slots=True)
class _Tally:
    calls: int = 0
    refused: int = 0
    rows: int = 0
    last: int = 0


@dataclass(slots=True)
class _Call:
    """A Call of this batch, as it will be inserted."""

    sequence: int
    session: int
    at: int
    ps: int
    who: int
    pattern: int
    outcome: str | None = None
    rows: int | None = None
    masked: int = 0


@dataclass(slots=True)
class _Batch:
    """Rows and sums that are written once for many Entries."""

    calls: dict[str, _Call] = field(default_factory=dict)
    ended: list[tuple[Value, ...]] = field(default_factory=list)  # OUTCOMEs of Calls of earlier batches
    sessions: defaultdict[int, _Tally] = field(default_factory=lambda: defaultdict(_Tally))
    patterns: Counter[int] = field(default_factory=Counter)


def apply(entries: Sequence[Sealed], known: Interned) -> Steps[int]:
    """Apply Entries in order and return the number that comes next; those applied before change nothing."""
    ((following, made),) = yield from ask(APPLIED)
    known.of(int(made))
    start, batch = int(following), _Batch()
    for entry in entries:
        if entry.sequence >= start:
            yield from _project(entry, known, batch)
            start = entry.sequence + 1
    yield from _write(batch)
    if entries and entries[-1].sequence == start - 1:
        yield from ask("UPDATE applied SET next = $1, leaf = $2", start, entries[-1].leaf)
    return start


def anew(emptied: Sequence[LiteralString] = EMPTIED) -> Steps[None]:
    """Begin anew, from the first Entry. Shapes hold nothing of anybody and stay."""
    yield from ask("UPDATE applied SET next = 0, leaf = '', made = made + 1")
    for table in emptied:
        yield from ask(table)


def _write(batch: _Batch) -> Steps[None]:
    calls = [
        (one.sequence, name, one.session, one.at, one.ps, one.who, one.pattern, one.outcome, one.rows, one.masked)
        for name, one in batch.calls.items()
    ]
    yield from many(CALLS, calls)
    yield from many(ENDED, batch.ended)
    sessions = sorted(batch.sessions.items())
    yield from many(TALLIED, [(one.calls, one.refused, one.rows, one.last, pk) for pk, one in sessions])
    yield from many(COUNTED, [(calls, pk) for pk, calls in sorted(batch.patterns.items())])


def _project(entry: Sealed, known: Interned, batch: _Batch) -> Steps[None]:
    match entry.body.get("kind"):
        case EntryKind.SESSION_OPEN.value:
            yield from _opened(entry.body, known)
        case EntryKind.INTENT.value if entry.body.get("attempt") == 1:
            yield from _intent(entry, known, batch)
        case EntryKind.OUTCOME.value | EntryKind.RESOLVED.value:
            yield from _outcome(entry.body, batch)
        case _:
            pass


def _opened(body: Body, known: Interned) -> Steps[None]:
    caller, began = part(body, "caller"), number(body, "ts") or 0
    ps = yield from _person(said(caller, "ps"), known)
    person = said(body, "person")
    behind = (yield from _person(person, known)) if person else None
    made = yield from one(
        "INSERT INTO session (id, began_ms, last_ms, ps, person, agent) VALUES ($1, $2, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING RETURNING pk",
        said(body, "session"),
        began,
        ps,
        behind,
        said(caller, "client"),
    )
    if made is not None:
        known.sessions[said(body, "session")] = (int(made[0]), behind)


def _intent(entry: Sealed, known: Interned, batch: _Batch) -> Steps[None]:
    body, at = entry.body, number(entry.body, "ts") or 0
    ps = yield from _person(said(part(body, "caller"), "ps"), known)
    session, person = yield from _session(body, ps, known)
    of = yield from _pattern(pattern(body), known)
    batch.calls[said(body, "call")] = _Call(
        sequence=entry.sequence, session=session, at=at, ps=ps, who=ps if person is None else person, pattern=of
    )
    batch.patterns[of] += 1
    tally = batch.sessions[session]
    tally.calls += 1
    tally.last = max(tally.last, at)


def _outcome(body: Body, batch: _Batch) -> Steps[None]:
    call, rows, masked = said(body, "call"), number(body, "rows"), number(body, "masked")
    held = batch.calls.get(call)
    if held is not None:
        session = held.session
        held.outcome = said(body, "outcome")
        held.rows = held.rows if rows is None else rows
        held.masked = held.masked if masked is None else masked
    else:
        found = yield from one("SELECT session FROM call WHERE id = $1", call)
        if found is None:
            return
        session = int(found[0])
        batch.ended.append((said(body, "outcome"), rows, masked, call))
    tally = batch.sessions[session]
    tally.refused += said(body, "outcome") == Outcome.REFUSED.value
    tally.rows += rows or 0


def _person(pseudonym: str, known: Interned) -> Steps[int]:
    pk = known.people.get(pseudonym)
    if pk is None:
        pk = yield from _pk(
            "SELECT pk FROM person WHERE pseudonym = $1",
            "INSERT INTO person (pseudonym) VALUES ($1) RETURNING pk",
            pseudonym,
        )
        known.people[pseudonym] = pk
    return pk


def _session(body: Body, ps: int, known: Interned) -> Steps[tuple[int, int | None]]:
    """Find a Call's Session; a log that begins after its opening gives it no person."""
    name = said(body, "session")
    if name not in known.sessions:
        row = yield from one("SELECT pk, person FROM session WHERE id = $1", name)
        if row is None:
            at, agent = number(body, "ts") or 0, said(part(body, "caller"), "client")
            row = yield from one(
                "INSERT INTO session (id, began_ms, last_ms, ps, agent) VALUES ($1, $2, $2, $3, $4)"
                " RETURNING pk, person",
                name,
                at,
                ps,
                agent,
            )
        known.sessions[name] = (0, None) if row is None else (int(row[0]), row[1])
    return known.sessions[name]


def _pattern(of: Pattern, known: Interned) -> Steps[int]:
    key = of.key
    pk = known.patterns.get(key)
    if pk is not None:
        return pk
    row = yield from one("SELECT pk FROM pattern WHERE key = $1", key)
    if row is None:
        shape = yield from _shape(of.shape, known)
        made = yield from ask(
            "INSERT INTO pattern (key, agent, source, tool, verdict, protected, cut, shape)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING pk",
            *(key, of.agent, of.source, of.tool, of.verdict, int(of.protected), int(of.cut), shape),
        )
        row = made[0]
        own = (("agent", of.agent), ("source", of.source), ("tool", of.tool), ("verdict", of.verdict))
        for named in (*own, *of.names):
            name = yield from _name(named, known)
            yield from ask("INSERT INTO pattern_name (name, pattern) VALUES ($1, $2)", name, row[0])
    known.patterns[key] = int(row[0])
    return int(row[0])


def _shape(text: str, known: Interned) -> Steps[int]:
    row = yield from one("SELECT pk FROM shape WHERE text = $1", text)
    if row is None:
        row = (yield from ask("INSERT INTO shape (text) VALUES ($1) RETURNING pk", text))[0]
        yield from known.words.index(int(row[0]), text)
    return int(row[0])


def _name(named: Named, known: Interned) -> Steps[int]:
    pk = known.names.get(named)
    if pk is None:
        pk = yield from _pk(
            "SELECT pk FROM name WHERE kind = $1 AND text = $2",
            "INSERT INTO name (kind, text) VALUES ($1, $2) RETURNING pk",
            *named,
        )
        known.names[named] = pk
    return pk


def _pk(find: LiteralString, make: LiteralString, *values: Value) -> Steps[int]:
    row = yield from one(find, *values)
    if row is None:
        row = (yield from ask(make, *values))[0]
    return int(row[0])
