"""Aggregates of a protected number: of many people together, rounded, and in no other way."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from core.catalog import Protection, Snapshot
from core.classify.postgres import Parsed
from core.connectors.postgres import Options, PostgresConnector, Rooms, harden
from core.connectors.postgres.rooms import ROOMS
from core.masking.hardening.wanted import Wish
from core.model import Aggregation, Column, Dialect, Reading, Source, Unreadable
from core.ports import Statement
from tests.integration.connecting import Now, permit
from tests.integration.shop import NUMBER, SECRET, Make

VERSIONS: Final = pytest.mark.parametrize("version", [15, 16, 17, 18])
CASES: Final = Path(__file__).parents[1] / "security/postgres_aggregates.sql"
INCOME: Final = Column(relation="hr.pay", name="income")
TAGS: Final = {"hr.pay.income": "pii.income", "hr.pay.name": "pii.name"}
MASKS: Final = {"pii.income": "hide", "pii.name": "hide"}
WORD: Final = Aggregation(people=10, functions=frozenset({"avg", "sum", "count"}), subject="id", round=100, per_day=5)
SCHEMA: Final = """
CREATE SCHEMA hr;
CREATE TABLE hr.pay (id int PRIMARY KEY, team text, plan text, name text, income int);
INSERT INTO hr.pay SELECT n, CASE WHEN n <= 30 THEN 'a' WHEN n <= 42 THEN 'b' ELSE 'c' END, 'y', 'name ' || n,
  2870 + n * 10 FROM generate_series(1, 44) n;
CREATE VIEW hr.payview AS SELECT id, team, income FROM hr.pay;
"""


def cases() -> list[tuple[str, str]]:
    """Statement and expectation."""
    blocks = re.split(r"\n\s*\n", CASES.read_text())
    lines = [[line for line in block.strip().splitlines() if not line.startswith("--")] for block in blocks]
    return [(block[0], block[1]) for block in lines if block]


@asynccontextmanager
async def paid(
    database: Make, version: int = 18, *, enforced: bool = True, word: Aggregation = WORD, rooms: Rooms = ROOMS
) -> AsyncIterator[PostgresConnector]:
    url = await database(SCHEMA, version=version)
    number = next(NUMBER)
    read, raw = f"pay_read_{number}", f"pay_raw_{number}"
    wish = Wish(tags=TAGS, masks=MASKS, read_role=read, unmask_role=raw, owned=frozenset({"pii.income"}))
    await harden.apply(url, wish, SECRET)
    owner = await asyncpg.connect(url)
    await owner.execute(f"ALTER ROLE {read} LOGIN PASSWORD 'r'; ALTER ROLE {raw} LOGIN PASSWORD 'r'")
    if not enforced:
        await owner.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA hr TO {read}")
    host = url.rpartition("@")[2]
    connector = PostgresConnector(
        Source(name="pay", dialect=Dialect.POSTGRES, tags=TAGS, enforced=enforced, aggregated={"hr.pay.income": word}),
        read_url=f"postgresql://{read}:r@{host}",
        write_url=None,
        unmask_url=f"postgresql://{raw}:r@{host}" if enforced else None,
        masks=MASKS,
        clock=Now(),
        options=Options(search_path=("hr",), mask_key=SECRET, owned=frozenset({"pii.income"})),
        rooms=rooms,
    )
    await connector.open()
    try:
        yield connector
    finally:
        await connector.close()
        await owner.execute(f"DROP OWNED BY {read}, {raw}")
        await owner.execute(f"DROP ROLE {read}, {raw}")
        await owner.close()


async def said(connector: PostgresConnector, text: str) -> tuple[str, Reading | Unreadable]:
    """Word an answer: told rows, or that the statement sees masks only."""
    parameters = (10,) if "$1" in text else ()
    async with connector.visit(Statement(text=text, parameters=parameters), name="assent:test:1") as visit:
        reading = await visit.read()
        if isinstance(reading, Unreadable):
            return f"! {reading.doubt.value}", reading
        rows = await visit.run(permit(reading, parameters))
    if not reading.aggregated:
        return "~", reading
    shown = " / ".join(" ".join("NULL" if cell is None else str(cell) for cell in row) for row in rows.rows)
    return f"= {shown}", reading


@pytest.mark.parametrize("enforced", [True, False])
@VERSIONS
async def test_a_number_is_told_of_many_people_in_the_plainest_form_only(
    database: Make, version: int, *, enforced: bool
) -> None:
    wrong = []
    async with paid(database, version, enforced=enforced) as connector:
        for text, expected in cases():
            answer, reading = await said(connector, text)
            if answer != expected:
                wrong.append((text, expected, answer, getattr(reading, "detail", "")))
    assert wrong == []


async def test_what_is_told_says_so_and_names_its_column(database: Make) -> None:
    async with paid(database) as connector:
        text = "SELECT team, avg(income) FROM pay GROUP BY team"
        async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
            reading = await visit.read()
            assert isinstance(reading, Reading)
            rows = await visit.run(permit(reading))
    assert [column.name for column in rows.columns] == ["team", "avg"]
    assert reading.aggregated == {INCOME}
    assert reading.unmasked == frozenset()
    assert {mask.kind for mask in reading.masks if mask.column == INCOME} == {"aggregate"}
    assert reading.notes[0].startswith("income is told of at least 10 people together")
    assert reading.statement == text


@pytest.mark.parametrize("subject", ["name", "missing"])
async def test_people_are_told_apart_by_what_everybody_sees(database: Make, subject: str) -> None:
    async with paid(database, word=replace(WORD, subject=subject)) as connector:
        answer, reading = await said(connector, "SELECT avg(income) FROM pay")
    assert answer == "! closed"
    assert isinstance(reading, Unreadable)
    assert "whose subject" in reading.sentence


async def test_a_wrapping_that_went_wrong_ends_in_a_refusal(database: Make) -> None:
    """As if the first witness had marked a call and worded it without the count of people."""

    def bare(parsed: Parsed, snapshot: Snapshot, protection: Protection) -> Parsed:
        found = ROOMS.told(parsed, snapshot, protection)
        marks = tuple(replace(mark, text='(pg_catalog.avg("pay"."income"))') for mark in found.told)
        return replace(found, told=marks)

    async with paid(database, rooms=replace(ROOMS, told=bare)) as connector:
        answer, _ = await said(connector, "SELECT avg(income) FROM pay")
    assert answer == "! disagree"
