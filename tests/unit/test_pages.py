"""Pages of look-ups as statements: what a planner can know of them beforehand."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from core.model import Outcome
from core.ports import Mark, Search
from core.stores.lookups.find import BUDGET, Finding
from core.stores.postgres.words import Lexemes
from core.stores.steps import Row, Value

PLACE = re.compile(r"(LIMIT|OFFSET) (\S+)")


class Asked:
    """Reads of a store whose pages are never full; it keeps what it was asked."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    async def rows(self, sql: str, *_: Value) -> Sequence[Row]:
        """Keep the statement; nothing is found."""
        self.statements.append(sql)
        return ()

    async def row(self, sql: str, *_: Value) -> Row | None:
        """Keep the statement; a name, a count or a place is found."""
        self.statements.append(sql)
        return (BUDGET + 1, BUDGET + 1)


@pytest.mark.parametrize(
    "wanted",
    [
        Search(),
        Search(own="p7"),
        Search(people=frozenset({"p7"})),
        Search(outcome=Outcome.REFUSED),
        Search(table="orders", words="select"),
        Search(rows=100, countable=True),
    ],
)
async def test_how_much_a_page_takes_is_no_value_so_that_its_plan_is_kept(wanted: Search) -> None:
    asked = Asked()
    await Finding(asked, Lexemes(), wanted).page(Mark(at_ms=7, sequence=7), 51)
    places = [found[2].rstrip(")") for sql in asked.statements for found in PLACE.finditer(sql)]
    assert "51" in places
    assert {str(BUDGET), str(BUDGET - 1)} <= set(places)
    assert [place for place in places if not place.isdigit()] == []
