"""Statements from scratch: reads over the schema's tables, mostly well typed, with tagged columns in every place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from tests.fuzz import words as lists
from tests.fuzz.words import Chance, Named, Words

DEPTH: Final = 2
JOINS: Final = ("join", "left join", "full join", "right join", "cross join", "natural join")
ALIASES: Final = ("a", "b", "m", "v", '"a b"', "member", '"x) (y"', "customers", "t1")
SETS: Final = ("union", "union all", "intersect", "except", "except all")
WHOLE: Final = ("{0}", "{0}.*", "to_jsonb({0})", "({0}.*)::text", "md5({0}::text)")
# Up to which draw an output column takes which form; a condition or a subquery beyond.
TARGETS: Final = (
    (0.3, ("{0}",)),
    (0.55, lists.ANY_TO_TEXT),
    (0.65, lists.ANY_TO_INT),
    (0.72, lists.WINDOWS),
    (0.77, lists.FAILING),
    (0.84, WHOLE),
)


@final
@dataclass(frozen=True, slots=True)
class Range:
    """One item of FROM: its SQL, its alias, the columns it shows."""

    sql: str
    alias: str
    columns: tuple[Named, ...]


@final
class Grammar:
    """One run of choices."""

    def __init__(self, words: Words, chance: Chance) -> None:
        self._words: Final = words
        self._chance: Final = chance

    def odds(self, share: float) -> bool:
        """Draw yes with a probability."""
        return self._chance.random() < share

    def statement(self, depth: int = 0) -> str:
        """Write a read."""
        form = self._chance.random()
        if depth < DEPTH and form < 0.1:
            name = self._chance.choice(("member", "w", '"care.member"', "customers"))
            return f"with {name} as ({self.statement(depth + 1)}) select {name}.* from {name}"
        if depth < DEPTH and form < 0.16:
            kind = self._chance.choice(SETS)
            return f"{self.single(depth)} {kind} {self.single(depth)}"
        if depth == 0 and form < 0.2:
            return f"table {self.table()}"
        return self.select(depth)

    def single(self, depth: int) -> str:
        """Write a read of one text column."""
        ranges = self.ranges(depth + 1)
        return f"select {self.text(ranges)} from {self.from_(ranges)}{self.where(ranges)}"

    def select(self, depth: int) -> str:
        """Write a plain, a grouped or a windowed SELECT."""
        ranges = self.ranges(depth)
        form = self._chance.random()
        if form < 0.22:
            return self.grouped(ranges)
        distinct = "distinct " if self.odds(0.08) else ""
        targets = ", ".join(self.target(ranges, depth) for _ in range(self._chance.randint(1, 4)))
        return f"select {distinct}{targets} from {self.from_(ranges)}{self.where(ranges)}{self.tail(ranges, distinct)}"

    def grouped(self, ranges: Sequence[Range]) -> str:
        """Write aggregates, by a key or without one."""
        aggregate = self._chance.choice(lists.AGGREGATES).format(self.column(ranges))
        if self.odds(0.4):
            return f"select {aggregate} from {self.from_(ranges)}{self.where(ranges)}"
        key = self.text(ranges) if self.odds(0.6) else self.column(ranges)
        having = f" having count(*) > {self._chance.randint(0, 2)}" if self.odds(0.3) else ""
        kind = self._chance.choice(("{0}", "{0}", "rollup ({0})", "cube ({0})", "grouping sets (({0}), ())"))
        order = " order by 1, 2" if self.odds(0.5) else ""
        tail = f"group by {kind.format(key)}{having}{order}"
        return f"select {key}, {aggregate} from {self.from_(ranges)}{self.where(ranges)} {tail}"

    # ------------------------------------------------------------ FROM

    def table(self) -> str:
        """Name a table, mostly one with tags."""
        return self._chance.choice(self._words.hot if self.odds(0.75) else tuple(self._words.tables))

    def ranges(self, depth: int) -> list[Range]:
        """Choose what stands in FROM."""
        found = [self.range(depth)]
        if self.odds(0.3):
            second = self.range(depth)
            if second.alias != found[0].alias:
                found.append(second)
        return found

    def range(self, depth: int) -> Range:
        """Choose one item of FROM."""
        name = self.table()
        columns = self._words.tables[name]
        alias = self._chance.choice(ALIASES)
        if depth < DEPTH and self.odds(0.12):
            inner = ", ".join(column.sql for column in columns)
            return Range(f"(select {inner} from {name}) as {alias}", alias, columns)
        if self.odds(0.06):
            renamed = [f"c{number}" for number in range(len(columns))]
            shown = tuple(Named(new, old.type, old.tagged) for new, old in zip(renamed, columns, strict=True))
            return Range(f"{name} as {alias} ({', '.join(renamed)})", alias, shown)
        only = "only " if self.odds(0.06) else ""
        return Range(f"{only}{name} as {alias}", alias, columns)

    def from_(self, ranges: Sequence[Range]) -> str:
        """Join them."""
        if len(ranges) == 1:
            return ranges[0].sql
        first, second = ranges
        kind = self._chance.choice(JOINS)
        if kind.startswith(("cross", "natural")):
            return f"{first.sql} {kind} {second.sql}"
        on = f"{self.text([first])} = {self.text([second])}" if self.odds(0.5) else self.keys(first, second)
        return f"{first.sql} {kind} {second.sql} on {on}"

    def keys(self, first: Range, second: Range) -> str:
        """Join by their first columns."""
        return f"{first.alias}.{first.columns[0].sql}::text = {second.alias}.{second.columns[0].sql}::text"

    # ------------------------------------------------------------ expressions

    def column(self, ranges: Sequence[Range]) -> str:
        """Name a column, mostly a tagged one."""
        owner = self._chance.choice(ranges)
        tagged = [column for column in owner.columns if column.tagged]
        pool = tagged if tagged and self.odds(0.75) else owner.columns
        return f"{owner.alias}.{self._chance.choice(pool).sql}"

    def text(self, ranges: Sequence[Range]) -> str:
        """Write an expression of type text."""
        return self._chance.choice(lists.ANY_TO_TEXT).format(self.column(ranges))

    def condition(self, ranges: Sequence[Range]) -> str:
        """Write a condition."""
        said = self._chance.choice(lists.TO_BOOL).format(self.column(ranges))
        if self.odds(0.25):
            said = f"({said} {self._chance.choice(('and', 'or'))} {self.condition(ranges)})"
        return f"not ({said})" if self.odds(0.15) else said

    def target(self, ranges: Sequence[Range], depth: int) -> str:
        """Write one output column."""
        column, form, whole = self.column(ranges), self._chance.random(), self._chance.choice(ranges).alias
        if form > 0.9 and depth < DEPTH:
            return f"({self.scalar(ranges)})"
        if form > 0.84:
            return self.condition(ranges)
        pool = next(forms for share, forms in TARGETS if form <= share)
        return self._chance.choice(pool).format(whole if pool is WHOLE else column)

    def scalar(self, ranges: Sequence[Range]) -> str:
        """Write a subquery of one value, correlated with what is outside."""
        inner = [self.range(DEPTH)]
        aggregate = self._chance.choice(lists.AGGREGATES[:10]).format(self.column(inner))
        link = f"{self.text(inner)} = {self.text(ranges)}" if self.odds(0.3) else self.condition(inner)
        return f"select {aggregate} from {self.from_(inner)} where {link}"

    # ------------------------------------------------------------ what follows

    def where(self, ranges: Sequence[Range]) -> str:
        """Write WHERE, or nothing."""
        if self.odds(0.45):
            return ""
        return f" where {self.condition(ranges)}"

    def tail(self, ranges: Sequence[Range], distinct: str) -> str:
        """Write ORDER BY and LIMIT, or nothing."""
        said = ""
        if self.odds(0.5):
            direction = self._chance.choice(("", " desc", " nulls first", " desc nulls last"))
            said = f" order by {'1' if distinct else self.column(ranges)}{direction}"
        if self.odds(0.3):
            count = self._chance.choice(("1", "3", "10", "all", "2 + 1", f"(select count(*) from {self.table()})"))
            said += f" limit {count}"
        return said
