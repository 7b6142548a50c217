"""Between snapshot, Parse, run and look the schema may change: then no Row and no SQLSTATE leaves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from core.catalog import Protection, Snapshot
from core.classify.postgres import Parsed, Witnessed, supported
from core.connectors.postgres import Rooms
from core.connectors.postgres.catalog.known import Knowledge, Known
from core.connectors.postgres.connection.session import Session
from core.connectors.postgres.connection.wire import Kind, Step
from core.connectors.postgres.visit import PostgresVisit
from core.errors import Drifted
from core.model import Doubt, Reading, Unreadable
from core.ports import Statement
from tests.integration.connecting import (
    READER,
    SHOP,
    change,
    connected,
    done,
    parse,
    permit,
    query,
    read,
    told,
    until,
    witness,
)

Database = Callable[..., Coroutine[Any, Any, str]]

FAMILY = (
    SHOP
    + f"""
CREATE TABLE stranger (id int NOT NULL, name text NOT NULL, email text);
INSERT INTO stranger VALUES (1000, 'stranger', 'stranger');
CREATE FUNCTION shout(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT upper($1)';
CREATE SCHEMA early;
GRANT USAGE ON SCHEMA early TO {READER};
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER};
"""
)
CHANGES = {
    "a view is replaced": "CREATE OR REPLACE VIEW names AS SELECT id, email AS name FROM customers",
    "a column is added": "ALTER TABLE customers ADD COLUMN score int",
    "a child is attached": "ALTER TABLE stranger INHERIT customers",
    "a function is replaced": (
        "CREATE OR REPLACE FUNCTION shout(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower($1)'"
    ),
    "rights change": "REVOKE SELECT ON customers FROM PUBLIC; GRANT SELECT (id) ON customers TO shop_write",
    "a policy appears": "ALTER TABLE customers ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON customers USING (id < 5)",
    "an index is added": "CREATE INDEX ON customers (name)",
}
TEXT = "SELECT shout(name) FROM names JOIN customers USING (id, name)"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("version", [15, 18])
async def test_a_change_after_the_reading_is_a_drift(database: Database, version: int, change: str) -> None:
    url = await database(FAMILY, version=version)
    async with connected(url) as connector:
        reading = await read(connector, TEXT)
        await done(url, change)
        async with connector.visit(Statement(text=TEXT), name="assent:test:2") as visit:
            with pytest.raises(Drifted):
                await visit.run(permit(reading))
        assert (await query(connector, TEXT)).columns  # asked anew, it runs under the new schema


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_change_before_the_reading_only_costs_a_reload(database: Database, change: str) -> None:
    url = await database(FAMILY)
    async with connected(url) as connector:
        await query(connector, TEXT)
        before = await connector.known()
        await done(url, change)
        await query(connector, TEXT)
        assert (await connector.known()).serial > before.serial


ONLINE = {  # what AccessShare on the named relations does not block
    "a child is attached": "ALTER TABLE stranger INHERIT customers",
    "a function is replaced": CHANGES["a function is replaced"],
    "a same-named table earlier in the path": (
        f"CREATE TABLE early.log (what text); GRANT SELECT ON early.log TO {READER}; CREATE OPERATOR public.=== "
        "(LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)"
    ),
}


@pytest.mark.parametrize("change", ["a child is attached", "a function is replaced"])
@pytest.mark.parametrize("version", [15, 18])
async def test_a_change_between_reading_and_running_in_one_transaction_is_a_drift(
    database: Database, version: int, change: str
) -> None:
    url = await database(FAMILY, version=version)
    text = "SELECT shout(name) FROM customers"
    async with connected(url) as connector, connector.visit(Statement(text=text), name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        await done(url, ONLINE[change])
        with pytest.raises(Drifted):
            await visit.run(permit(reading))


async def test_an_error_after_a_change_is_withheld_too(database: Database) -> None:
    url = await database(FAMILY)
    text = "SELECT 1 / (id - id) FROM customers WHERE pg_sleep(0.5)::text = ''"
    async with connected(url) as connector, connector.visit(Statement(text=text), name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        running = asyncio.ensure_future(visit.run(permit(reading)))

        async def asleep() -> bool:
            return bool(await told(url, "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"))

        assert await until(asleep, 5)
        await done(url, ONLINE["a child is attached"])
        with pytest.raises(Drifted):  # and not 22012: it may come of a row that nobody witnessed
            await running


async def test_a_look_at_what_was_expected_counts_only_where_it_was_at_all_that_is_witnessed(
    database: Database,
) -> None:
    """Texts of the same names may stand on other catalog rows: those are asked about, not those of the text before."""
    url = await database(SHOP)
    async with connected(url) as connector:
        await query(connector, "SELECT name FROM customers")
        before = await connector.known()
        await done(url, "ALTER TABLE orders ADD COLUMN score int")
        await read(connector, "SELECT id FROM orders")
        assert (await connector.known()).serial > before.serial


async def test_a_lock_beyond_the_closure_withholds_every_row(database: Database) -> None:
    def narrow(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
        found = witness(parsed, dump, snapshot, protection)
        assert isinstance(found, Witnessed)
        missing = snapshot.names["public", "customers"]
        return Witnessed(reading=found.reading, closure=found.closure - {missing}, index_scans_off=False)

    rooms = Rooms(parse=parse, witness=narrow, supported=supported)
    async with connected(await database(SHOP), rooms=rooms) as connector:
        with pytest.raises(Drifted):
            await query(connector, "SELECT name FROM customers")
        assert (await query(connector, "SELECT 1")).rows == ((1,),)


async def test_a_text_analysed_again_before_it_runs_is_withheld(database: Database) -> None:
    url = await database(FAMILY)
    text = "SELECT what FROM log WHERE 1 = 1"
    heard: list[str] = []

    def counted(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
        heard.append(dump)
        return witness(parsed, dump, snapshot, protection)

    rooms = Rooms(parse=parse, witness=counted, supported=supported)
    async with (
        connected(url, rooms=rooms) as connector,
        connector.visit(Statement(text=text), name="assent:test:1") as visit,
    ):
        reading = await visit.read()
        assert isinstance(reading, Reading)
        assert len(heard) == 1
        await done(url, "CREATE OPERATOR public.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)")
        assert isinstance(visit, PostgresVisit)
        await visit._session.connection.ask("SELECT count(*)::text FROM pg_am")  # the server notices what changed
        rows = await visit.run(permit(reading))  # withheld, witnessed once more, and that one runs
        assert len(heard) == 2
        assert rows.rows == ()


async def test_a_statement_that_is_changed_beside_twice_is_refused_and_not_tried_a_third_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once begun again, then refused: whoever can change a catalog cannot keep it going until it suits them."""
    url = await database(FAMILY)
    operator = "OPERATOR public.=== "
    acts = [f"CREATE {operator} (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)", f"DROP {operator} (int, int)"]
    fetched = PostgresVisit._fetched

    async def beside(self: PostgresVisit, *given: Any) -> Any:
        if acts:
            await done(url, acts.pop(0))
            await self._session.connection.ask("SELECT count(*)::text FROM pg_am")  # the server notices what changed
        return await fetched(self, *given)

    monkeypatch.setattr(PostgresVisit, "_fetched", beside)
    text = "SELECT what FROM log WHERE 1 = 1"
    async with connected(url) as connector, connector.visit(Statement(text=text), name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        with pytest.raises(Drifted):
            await visit.run(permit(reading))
    assert acts == []


async def test_a_reading_over_catalogs_that_change_twice_is_refused_as_a_disagreement(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await database(FAMILY)
    acts = ["ALTER TABLE customers ADD COLUMN one int", "ALTER TABLE customers ADD COLUMN two int"]
    async with connected(url) as connector:
        await query(connector, TEXT)
        renew = Knowledge.renew

        async def late(self: Knowledge, stale: Known | None) -> Known:
            known = await renew(self, stale)
            if len(acts) == 1:
                await done(url, acts.pop())
            return known

        await done(url, acts.pop(0))
        monkeypatch.setattr(Knowledge, "renew", late)
        async with connector.visit(Statement(text=TEXT), name="assent:test:2") as visit:
            found = await visit.read()
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.DISAGREE


@pytest.mark.parametrize("change", ["a child is attached", "a function is replaced"])
async def test_a_change_between_two_slices_of_a_result_withholds_those_before_it_too(
    database: Database, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """The portal stays open from slice to slice; the look behind the last one holds for every Row."""
    url = await database(FAMILY)
    text = "SELECT shout(name) FROM customers"
    exchange, slices = Session.exchange, 0

    async def sliced(self: Session, *steps: Step, **named: Any) -> None:
        nonlocal slices
        if steps and steps[0].kind is Kind.EXECUTE:
            slices += 1
            if slices == 2:
                await done(url, ONLINE[change])
        await exchange(self, *steps, **named)

    async with connected(url) as connector, connector.visit(Statement(text=text), name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        monkeypatch.setattr(Session, "exchange", sliced)
        with pytest.raises(Drifted):
            await visit.run(permit(reading, returned_rows=5_000))
    assert slices >= 2


async def test_a_write_analysed_again_does_not_even_run(database: Database) -> None:
    """A sequence shows how often it ran: what it does is not taken back."""
    url = await database(
        SHOP + "CREATE SEQUENCE tally; CREATE FUNCTION tallied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
        "$$BEGIN PERFORM nextval('tally'); RETURN NEW; END$$;"
        "CREATE TRIGGER tallied BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION tallied()"
    )
    heard: list[str] = []

    def meddled(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
        heard.append(dump)
        if len(heard) == 2:  # in the transaction that writes, between its Parse and its Bind
            again = "CREATE OPERATOR public.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)"
            meddler = threading.Thread(target=lambda: asyncio.run(done(url, again)))
            meddler.start()
            meddler.join()
        return witness(parsed, dump, snapshot, protection)

    rooms = Rooms(parse=parse, witness=meddled, supported=supported)
    async with connected(url, rooms=rooms) as connector:
        await change(connector, "INSERT INTO log SELECT 'a' WHERE 1 = 1")
    assert len(heard) > 2
    assert (await told(url, "SELECT last_value FROM tally"))[0][0] == 1
