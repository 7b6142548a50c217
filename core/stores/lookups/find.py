"""How Calls are found: one index walked from the newest on, the rest compared; a page never looks at more than BUDGET.

Names and words are looked up among patterns first. Where their Calls are few, all of these are looked at; else the walk
meets them soon enough. User text is always a value, and words reach a text index as quoted tokens alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString, TypeAlias, final

from core.ports import Mark, Search
from core.stores import rows
from core.stores.steps import Reads, Row, Value, Words

BUDGET: Final = 20_000  # Calls that one page looks at
# SQLite bounds the index by the range, and knows by the other term that it holds them all (partialindex.html 3).
MANY: Final[LiteralString] = "rows >= 100 AND rows BETWEEN $1 AND 9223372036854775807"
LARGE: Final[LiteralString] = "(SELECT at_ms, seq FROM call WHERE rows >= 100 AND rows BETWEEN "
# Where all their Calls are few, patterns are looked up first, then their Calls: no planner may walk all Calls for it.
FEW: Final[LiteralString] = "(WITH few AS MATERIALIZED (SELECT t.pk FROM pattern t WHERE "
THEIRS: Final[LiteralString] = (
    ") SELECT c.at_ms, c.seq FROM few CROSS JOIN call c WHERE c.pattern = few.pk LIMIT 20001) AS walked WHERE 1 = 1"
)
STRIDES: Final = (200, 2_000, BUDGET)  # Calls that are looked at for a page; most are full after the first
MOST: Final = 24  # words of one search
TOKEN: Final = re.compile(r"\w+")
INDEXED: Final = 100  # rows, from which on an index has them

COLUMNS: Final[LiteralString] = (
    "SELECT c.id, s.id, c.at_ms, p.pseudonym, t.agent, t.source, t.tool, t.verdict, c.outcome, c.rows, c.masked, c.seq,"
    " t.protected, t.cut, h.text "
)
# CROSS JOIN: SQLite takes the tables as they are written (sqlite.org/optoverview.html 8.2), the walk first.
JOINED: Final[LiteralString] = (
    " CROSS JOIN session s CROSS JOIN person p CROSS JOIN pattern t CROSS JOIN shape h"
    " WHERE s.pk = c.session AND p.pk = c.ps AND t.pk = c.pattern AND h.pk = t.shape AND "
)
LINE: Final[LiteralString] = COLUMNS + "FROM call c" + JOINED
PLACES: Final[LiteralString] = "SELECT at_ms, seq FROM "
MARKS: Final[tuple[LiteralString, ...]] = (
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$16", "$17",
    "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25", "$26", "$27", "$28", "$29", "$30", "$31", "$32", "$33",
    "$34", "$35", "$36", "$37", "$38", "$39", "$40", "$41", "$42", "$43", "$44", "$45", "$46", "$47", "$48",
)  # fmt: skip
DIGITS: Final[tuple[LiteralString, ...]] = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
PEOPLE: Final = 12  # pseudonyms that a statement names one by one; more are one value of it
KINDS: Final = (
    "agent",
    "source",
    "tool",
    "table",
    "column",
    "verdict",
    "rule",
    "verb",
)  # fields of a Search, names here
SHORTENED: Final = frozenset({"table", "column", "rule"})  # lists that an Entry may hold only in part


@final
class Values:
    """The values of one statement, each with its place in it."""

    def __init__(self) -> None:
        self.all: list[Value] = []

    def put(self, value: Value) -> LiteralString:
        """Take a value and return its place."""
        self.all.append(value)
        return MARKS[len(self.all) - 1]

    def among(self, values: Sequence[Value]) -> LiteralString:
        """Take several and return their places."""
        places: LiteralString = ", ".join([self.put(value) for value in values])
        return "(" + places + ")"


Written: TypeAlias = Callable[[Values], LiteralString]


@final
@dataclass(frozen=True, slots=True)
class Way:
    """What is walked, FROM and WHERE: `whole` where that is the table of Calls, else at_ms and seq alone are known."""

    over: Written
    whole: bool = True


def number(count: int) -> LiteralString:
    """Write a count into a statement.

    PostgreSQL keeps a plan that seems no dearer than one for the values at hand (sql-prepare.html, Notes). It guesses
    at a LIMIT that is a value, and would plan each page anew.
    """
    digits: LiteralString = "".join([DIGITS[int(digit)] for digit in str(count)])
    return digits


EVERYBODY: Final = Way(lambda _: "call WHERE 1 = 1")


def tokens(words: str) -> tuple[tuple[str, ...], bool]:
    """Split as the index does; a star behind the last word asks for its beginning alone."""
    found = tuple(TOKEN.findall(words.lower()))[:MOST]
    return found, bool(found) and words.rstrip().endswith("*")


@final
class Finding:
    """One search, planned and run."""

    def __init__(self, reads: Reads, words: Words, wanted: Search) -> None:
        self._reads = reads
        self._words = words
        self._wanted = wanted
        self._names: list[tuple[str, int]] = []

    async def page(self, after: Mark | None, limit: int) -> tuple[Sequence[Row], Mark | None]:
        """Return at most `limit` rows of LINE, and where the walk stopped if that was before the end."""
        if not await self._intern():
            return (), None
        way = await self._way()
        found: Sequence[Row] = ()
        ended: Mark | None = None
        for stride in self._strides(limit):
            found = await self._stride(way, after, stride, limit)
            ended = None if len(found) == limit else await self._end(way, after, stride)
            if ended is None:
                break
        return found, ended

    def _strides(self, limit: int) -> tuple[int, ...]:
        """Choose how far the walk goes: where nothing is wanted of a Call but its place, first as far as the page."""
        wanted = self._wanted
        if self._names or wanted.words.strip() or wanted.outcome is not None or wanted.rows is not None:
            return STRIDES
        return (limit, *[stride for stride in STRIDES if stride > limit])

    async def _stride(self, way: Way, after: Mark | None, stride: int, limit: int) -> Sequence[Row]:
        values = Values()
        walk: LiteralString = self._walk(values, way, after) + number(stride)
        sql: LiteralString = (
            COLUMNS + "FROM (" + PLACES + walk + ") w CROSS JOIN call c" + JOINED + "c.seq = w.seq AND "
        )
        if way.whole:  # each row is taken where the walk meets it
            sql = COLUMNS + "FROM (SELECT * FROM " + walk + ") c" + JOINED
        sql += " AND ".join(self._compared(values))
        sql += " ORDER BY c.at_ms DESC, c.seq DESC LIMIT " + number(limit)
        return await self._reads.rows(sql, *values.all)

    async def _intern(self) -> bool:
        """Look up the names that are wanted; False where one stands nowhere."""
        for kind in KINDS:
            text: str = getattr(self._wanted, kind)
            if text:
                row = await self._reads.row("SELECT pk FROM name WHERE kind = $1 AND text = $2", kind, text)
                if row is None and kind not in SHORTENED:
                    return False
                self._names.append((kind, -1 if row is None else int(row[0])))
        return not self._wanted.words.strip() or bool(tokens(self._wanted.words)[0])

    # ------------------------------------------------------------ what is walked

    async def _way(self) -> Way:
        """Choose which index is walked; names, words and large results only where all their Calls are few."""
        wanted = self._wanted
        if wanted.session is not None:
            return _session(wanted.session)
        if wanted.own:
            return _person(wanted.own)
        if wanted.people is not None:
            humans = await self._behind(wanted.people)
            return _humans(humans) if len(humans) <= PEOPLE else EVERYBODY
        if (self._names or wanted.words.strip()) and await self._few():
            return Way(lambda values: FEW + self._alike(values) + THEIRS, whole=False)
        if wanted.rows is not None and wanted.rows >= INDEXED and await self._large(wanted.rows):
            least = wanted.rows
            return Way(
                lambda values: (
                    LARGE + values.put(least) + " AND 9223372036854775807 LIMIT 20001) AS walked WHERE 1 = 1"
                ),
                whole=False,
            )
        return EVERYBODY

    async def _behind(self, people: frozenset[str]) -> Sequence[int]:
        """Find the humans behind pseudonyms, whatever client they used; of nobody's machines the principals."""
        values = Values()
        found = await self._reads.rows(
            "SELECT coalesce(s.person, s.ps) FROM person p JOIN session s ON s.ps = p.pk WHERE "
            + _known(values, people)
            + " UNION SELECT p.pk FROM person p WHERE "
            + _known(values, people)
            + " AND EXISTS (SELECT 1 FROM session s WHERE s.person = p.pk)",
            *values.all,
        )
        return [int(row[0]) for row in found]

    async def _few(self) -> bool:
        values = Values()
        alike = self._alike(values)
        row = await self._reads.row(
            "SELECT sum(calls), count(*) FROM (SELECT t.calls FROM pattern t WHERE " + alike + " LIMIT 20001) AS few",
            *values.all,
        )
        return row is not None and int(row[0] or 0) <= BUDGET and int(row[1]) <= BUDGET

    async def _large(self, least: int) -> bool:
        row = await self._reads.row(
            "SELECT count(*) FROM (SELECT 1 FROM call WHERE " + MANY + " LIMIT 20001) AS few", least
        )
        return row is not None and int(row[0]) <= BUDGET

    def _walk(self, values: Values, way: Way, after: Mark | None) -> LiteralString:
        """Write the walk behind its FROM: newest first within the window, up to where its number of Calls stands."""
        wanted, conditions = self._wanted, [way.over(values)]
        if after is not None:
            conditions.append("(at_ms, seq) < (" + values.put(after.at_ms) + ", " + values.put(after.sequence) + ")")
        if wanted.until is not None:
            conditions.append("at_ms < " + values.put(milli(wanted.until)))
        if wanted.since is not None:
            conditions.append("at_ms >= " + values.put(milli(wanted.since)))
        whole: LiteralString = " AND ".join(conditions)
        return whole + " ORDER BY at_ms DESC, seq DESC LIMIT "

    async def _end(self, way: Way, after: Mark | None, stride: int) -> Mark | None:
        """Find where a walk stopped, None when it came to the end."""
        values = Values()
        sql: LiteralString = PLACES + self._walk(values, way, after) + "1 OFFSET " + number(stride - 1)
        row = await self._reads.row(sql, *values.all)
        return None if row is None else Mark(at_ms=int(row[0]), sequence=int(row[1]))

    # ------------------------------------------------------------ what every Call of the walk is compared with

    def _alike(self, values: Values) -> LiteralString:
        """Write which patterns are wanted: `pattern t`."""
        wanted, conditions = self._wanted, list[LiteralString]()
        for kind, name in self._names:
            has: LiteralString = "t.pk IN (SELECT pattern FROM pattern_name WHERE name = " + values.put(name) + ")"
            conditions.append("(" + has + " OR t.cut = 1)" if kind in SHORTENED else has)
        split, prefix = tokens(wanted.words)
        if split:
            query = values.put(self._words.query(split, prefix=prefix))
            conditions.append("t.shape IN (" + self._words.matching(query) + ")")
        if wanted.rows is not None and not wanted.countable:
            conditions.append("t.protected = 0")
        whole: LiteralString = " AND ".join(conditions or ["1 = 1"])
        return whole

    def _compared(self, values: Values) -> list[LiteralString]:
        wanted, conditions = self._wanted, [self._alike(values)]
        if wanted.outcome is not None:
            conditions.append("c.outcome = " + values.put(wanted.outcome.value))
        if wanted.rows is not None:
            conditions.append("c.rows >= " + values.put(wanted.rows))
        if wanted.own:
            conditions.append("c." + _whose(values, wanted.own))
        if wanted.people is not None:
            known: LiteralString = "(SELECT p.pk FROM person p WHERE " + _known(values, wanted.people) + ")"
            conditions.append("(c.ps IN " + known + " OR c.who IN " + known + ")")
        return conditions


def _session(name: str) -> Way:
    return Way(lambda values: "call WHERE session = (SELECT pk FROM session WHERE id = " + values.put(name) + ")")


def _person(pseudonym: str) -> Way:
    return Way(lambda values: "call WHERE " + _whose(values, pseudonym))


def _whose(values: Values, pseudonym: str) -> LiteralString:
    return "who = (SELECT pk FROM person WHERE pseudonym = " + values.put(pseudonym) + ")"


def _known(values: Values, people: frozenset[str]) -> LiteralString:
    """Write that `person p` is one of these: a client that registers anew each time has a pseudonym each time."""
    if len(people) <= PEOPLE:
        return "p.pseudonym IN " + values.among(sorted(people) or [""])
    return values.put(f",{','.join(sorted(people))},") + " LIKE '%,' || p.pseudonym || ',%'"


def _humans(keys: Sequence[int]) -> Way:
    if len(keys) == 1:  # one range of the index: no sorting
        return Way(lambda values: "call WHERE who = " + values.put(keys[0]))
    return Way(lambda values: "call WHERE who IN " + values.among(keys or [-1]))


def milli(at: datetime) -> int:
    """Return milliseconds since the epoch, rounded up: what began within the millisecond before is before."""
    return -(-rows.micros(at) // 1000)
