"""Reads: what is witnessed runs, within its limits, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from core.classify.postgres import supported
from core.connectors.postgres import rooms
from core.connectors.postgres.catalog import known
from core.errors import Drifted, StatementFailed, UnsafeStart
from core.model import Cut, Doubt, Unreadable
from core.ports import Statement
from tests.integration.connecting import ROOMS, SHOP, connected, done, permit, query, read, told

Database = Callable[..., Coroutine[Any, Any, str]]


@pytest.mark.parametrize("version", [15, 16, 17, 18])
async def test_a_read_gives_columns_and_rows(database: Database, version: int) -> None:
    url = await database(SHOP, version=version)
    async with connected(url) as connector:
        rows = await query(connector, "SELECT id, name, id FROM customers WHERE id = $1", (7,))
        assert [(column.name, column.type) for column in rows.columns] == [
            ("id", "integer"),
            ("name", "text"),
            ("id", "integer"),
        ]
        assert rows.rows == ((7, "name 7", 7),)
        assert rows.cut is None


async def test_a_server_version_without_reviewed_lists_does_not_start(database: Database) -> None:
    def older(version: int) -> bool:
        return version < 180_000 and supported(version)

    with pytest.raises(UnsafeStart, match="PostgreSQL 18 is not supported"):
        async with connected(await database(SHOP), rooms=replace(ROOMS, supported=older)):
            pass


async def test_zero_rows_still_have_columns(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        rows = await query(connector, "SELECT id AS x FROM customers WHERE false")
        assert [column.name for column in rows.columns] == ["x"]
        assert rows.rows == ()


@pytest.mark.parametrize(("cap", "cut"), [(99, Cut.ROWS), (100, None), (101, None)])
async def test_the_row_cap_is_exact(database: Database, cap: int, cut: Cut | None) -> None:
    async with connected(await database(SHOP)) as connector:
        rows = await query(connector, "SELECT id FROM customers", returned_rows=cap)
        assert len(rows.rows) == min(cap, 100)
        assert rows.cut is cut


async def test_the_byte_cap_counts_the_answers_json(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        one = len('["' + "x" * 1000 + '"]') + 1
        text = "SELECT repeat('x', 1000) FROM customers"
        exact = await query(connector, text, returned_bytes=2 + 100 * one)
        short = await query(connector, text, returned_bytes=1 + 100 * one)
        assert (len(exact.rows), exact.cut) == (100, None)
        assert (len(short.rows), short.cut) == (99, Cut.BYTES)


async def test_read_only_holds_even_where_the_reading_was_wrong(database: Database) -> None:
    sql = SHOP + (
        "CREATE FUNCTION sly() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS "
        "$$ BEGIN INSERT INTO log VALUES ('sly'); RETURN 1; END $$;"
    )
    url = await database(sql)
    async with connected(url) as connector:
        with pytest.raises(StatementFailed) as caught:
            await query(connector, "SELECT sly()")
        assert caught.value.sqlstate == "25006"
        assert await told(url, "SELECT * FROM log") == []


async def test_two_statements_are_never_one_call(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url) as connector:
        statement = Statement(text="SELECT 1; DELETE FROM log")
        async with connector.visit(statement, name="assent:test:1") as visit:
            reading = await visit.read()
        assert isinstance(reading, Unreadable)
        assert reading.doubt is Doubt.SYNTAX


async def test_a_wrong_number_of_parameters_is_unreadable(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        async with connector.visit(Statement(text="SELECT $1::int", parameters=(1, 2)), name="a:b:1") as visit:
            reading = await visit.read()
        assert isinstance(reading, Unreadable)
        assert reading.doubt is Doubt.PARAMETERS
        assert "1 parameter" in reading.sentence


async def test_a_parameter_of_the_wrong_type_fails_without_its_value(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        with pytest.raises(StatementFailed) as caught:
            await query(connector, "SELECT id FROM customers WHERE id = $1", ("canary",))
        assert caught.value.sqlstate == "22P02"
        assert "canary" not in caught.value.public


async def test_a_fresh_visit_witnesses_before_it_runs(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        reading = await read(connector, "SELECT count(*) FROM names")
        async with connector.visit(Statement(text=reading.statement), name="assent:test:2") as visit:
            rows = await visit.run(permit(reading))
        assert rows.rows == ((100,),)


async def test_a_permit_for_another_text_is_refused(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        reading = await read(connector, "SELECT 1")
        async with connector.visit(Statement(text="SELECT 2"), name="assent:test:2") as visit:
            with pytest.raises(Drifted):
                await visit.run(permit(reading))


async def test_a_missing_table_is_named_only_as_the_agent_wrote_it(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        async with connector.visit(Statement(text="SELECT * FROM nowhere"), name="assent:test:1") as visit:
            reading = await visit.read()
        assert isinstance(reading, Unreadable)
        assert reading.doubt is Doubt.MISSING
        assert "nowhere" in reading.sentence


async def test_a_mistyped_name_loads_no_catalogs(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own word is fresh; what the server knows and we do not is another matter."""
    monkeypatch.setattr(known, "SUSPECT_AGE", 0.0)
    url = await database(SHOP)
    async with connected(url, rooms=rooms.ROOMS) as connector:
        before = (await connector.known()).serial
        for text in ("SELECT id FROM custmers", "SELECT emial FROM customers", "SELECT uper(name) FROM customers"):
            async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
                assert isinstance(await visit.read(), Unreadable)
        assert (await connector.known()).serial == before
        await done(url, "CREATE TABLE fresh (id int); GRANT SELECT ON fresh TO shop_read")
        assert (await query(connector, "SELECT id FROM fresh")).rows == ()
        assert (await connector.known()).serial > before


async def test_a_plan_is_drawn_without_conditions(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        statement = Statement(text="SELECT id FROM customers WHERE name = 'canary'")
        async with connector.visit(statement, name="assent:test:1") as visit:
            await visit.read()
            plan = await visit.plan()
        assert plan is not None
        assert plan.startswith("Seq Scan on customers (rows ")
        assert "canary" not in plan


async def test_an_impact_is_the_planners_estimate(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url) as connector:
        impact = await connector.impact(Statement(text="DELETE FROM customers WHERE id < 50"))
        assert impact.counted is None
        assert impact.estimated is not None
        assert (await told(url, "SELECT count(*) FROM customers"))[0][0] == 100


async def test_tables_show_keys_and_references(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        found = {table.name: table for table in await connector.tables()}
        assert set(found) == {"public.customers", "public.orders", "public.log", "public.names"}
        assert found["public.customers"].keys == ("id",)
        assert found["public.orders"].references == ("customer_id -> public.customers.id",)


async def test_a_permit_for_other_parameters_is_refused(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        reading = await read(connector, "SELECT $1::int", (1,))
        statement = Statement(text=reading.statement, parameters=(1,))
        async with connector.visit(statement, name="assent:test:2") as visit:
            with pytest.raises(Drifted):
                await visit.run(permit(reading, (2,)))
