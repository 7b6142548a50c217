"""Who is measured: one row of the table for each shape, protocol and number of callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import final

from bench.answers import Check, statement
from bench.ground import SOURCE
from bench.shapes import POINT, Shape
from bench.speech import Protocol

PURPOSE = "measure a query"


def asked(sql: str) -> Mapping[str, object]:
    """Word a call of Assent's own tool."""
    return {"source": SOURCE, "sql": sql, "purpose": PURPOSE}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """One of those who are measured."""

    name: str
    server: str  # a key of its starters; who shares one shares its process
    tool: str
    table: str
    check: Check
    does: str  # for each call, as documented
    protocols: tuple[Protocol, ...] = tuple(Protocol)
    fixed: int | None = None  # the row that it answers whatever is asked, by a tool of its own for each shape
    words: Callable[[str], Mapping[str, object]] = asked

    def call(self, number: int, shape: Shape) -> tuple[str, Mapping[str, object]]:
        """Name the tool and word the call for rows from `number` on."""
        tool = self.tool if self.fixed is None or shape is POINT else f"{self.tool}_{shape.rows}"
        return tool, self.words(statement(self.table, number, shape.rows))

    def lanes(self, shape: Shape, spoken: tuple[Protocol, ...]) -> tuple[Protocol, ...]:
        """Protocols that a shape is measured at: more than one row at the first alone, which everybody speaks."""
        lanes = tuple(protocol for protocol in self.protocols if protocol in spoken)
        return lanes if shape is POINT else lanes[:1]
