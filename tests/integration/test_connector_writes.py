"""Writes: counted with cascades and triggers, capped, open until COMMIT, and their fate known afterwards."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from core.catalog import Protection, Snapshot
from core.classify.postgres import Parsed, Witnessed, supported
from core.connectors.postgres import Bounds, Options, PostgresConnector, Rooms
from core.connectors.postgres.visit import PostgresVisit
from core.errors import CapExceeded, Drifted, OutcomeUnknown, SourceUnavailable, StatementFailed
from core.model import Dialect, Doubt, Pair, Reading, Scalar, Source, Thing, Unreadable, Verb, Work
from core.ports import Fate, Statement
from tests.integration.connecting import (
    READER,
    SHOP,
    WRITER,
    Now,
    as_role,
    change,
    connected,
    done,
    parse,
    permit,
    told,
    witness,
)

Database = Callable[..., Coroutine[Any, Any, str]]

LOGGING = """
CREATE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO log VALUES ('gone'); RETURN OLD; END $$;
CREATE TRIGGER logged AFTER DELETE ON orders FOR EACH ROW EXECUTE FUNCTION logged();
"""


async def count(url: str, table: str) -> int:
    return int((await told(url, f"SELECT count(*) FROM {table}"))[0][0])


@pytest.mark.parametrize("version", [15, 16, 17, 18])
async def test_a_committed_write_is_there_and_says_what_it_changed(database: Database, version: int) -> None:
    url = await database(SHOP, version=version)
    async with connected(url) as connector:
        rows = await change(connector, "UPDATE customers SET name = 'new' WHERE id <= 3 RETURNING id")
        assert sorted(rows.rows) == [(1,), (2,), (3,)]
        assert rows.work is not None
        assert rows.work.affected == 3
        assert (await told(url, "SELECT count(*) FROM customers WHERE name = 'new'"))[0][0] == 3
        assert await connector.fate(rows.work) is Fate.COMMITTED


async def test_a_write_that_is_not_committed_is_gone(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url) as connector:
        rows = await change(connector, "INSERT INTO log VALUES ('a')", commit=False)
        assert rows.work is not None
        assert await count(url, "log") == 0
        assert await connector.fate(rows.work) is Fate.ABORTED


async def test_the_cap_counts_cascades_and_triggers(database: Database) -> None:
    url = await database(SHOP + LOGGING)
    async with connected(url) as connector:
        # 1 customer, 3 orders by the cascade, 3 log rows by the trigger
        with pytest.raises(CapExceeded):
            await change(connector, "DELETE FROM customers WHERE id = 1", affected_rows=6)
        assert (await count(url, "customers"), await count(url, "orders"), await count(url, "log")) == (100, 300, 0)
        rows = await change(connector, "DELETE FROM customers WHERE id = 1", affected_rows=7)
        assert rows.work is not None
        assert rows.work.affected == 7
        assert (await count(url, "customers"), await count(url, "orders"), await count(url, "log")) == (99, 297, 3)


async def test_rows_of_an_earlier_caller_do_not_count(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url, connections=1) as connector:
        await change(connector, "UPDATE customers SET name = 'a'")
        rows = await change(connector, "UPDATE customers SET name = 'b' WHERE id = 1", affected_rows=1)
        assert rows.work is not None
        assert rows.work.affected == 1


async def test_a_deferred_constraint_is_checked_before_anything_is_prepared(database: Database) -> None:
    sql = SHOP + "ALTER TABLE orders ALTER CONSTRAINT orders_customer_id_fkey DEFERRABLE INITIALLY DEFERRED"
    url = await database(sql)
    async with connected(url) as connector:
        with pytest.raises(StatementFailed) as caught:
            await change(connector, "INSERT INTO orders (customer_id) VALUES (424242)", commit=False)
        assert caught.value.sqlstate == "23503"
        assert "424242" not in caught.value.public
        assert await count(url, "orders") == 300


async def test_an_error_in_answer_to_commit_is_a_proven_rollback(database: Database) -> None:
    """Nothing of an agent's waits for COMMIT any more: what fails there is put beside it."""
    sql = SHOP + "ALTER TABLE orders ALTER CONSTRAINT orders_customer_id_fkey DEFERRABLE INITIALLY DEFERRED"
    url = await database(sql)
    statement = Statement(text="INSERT INTO log VALUES ('a')")
    async with connected(url) as connector, connector.visit(statement, name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        assert isinstance(visit, PostgresVisit)
        await visit.run(permit(reading))
        session = visit._session
        await session.connection.tell("set constraints all deferred")
        await session.connection.tell("insert into orders (customer_id) values (424242)")
        with pytest.raises(StatementFailed) as caught:
            await visit.commit()
        assert caught.value.sqlstate == "23503"
        assert "rolled the change back" in caught.value.public
    assert await count(url, "log") == 0


async def test_a_duplicate_key_says_nothing_of_the_key(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        with pytest.raises(StatementFailed) as caught:
            await change(connector, "INSERT INTO customers VALUES (7, 'canary', 'x')")
        assert caught.value.sqlstate == "23505"
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


async def test_nothing_is_committed_twice_or_without_a_run(database: Database) -> None:
    async with (
        connected(await database(SHOP)) as connector,
        connector.visit(Statement(text="INSERT INTO log VALUES ('a')"), name="assent:test:1") as visit,
    ):
        with pytest.raises(StatementFailed):
            await visit.commit()
        reading = await visit.read()
        assert isinstance(reading, Reading)
        with pytest.raises(StatementFailed):
            await visit.commit()
        await visit.run(permit(reading))
        await visit.commit()
        with pytest.raises(StatementFailed):
            await visit.commit()


async def test_a_backend_that_is_ended_before_commit_leaves_the_outcome_to_its_fate(database: Database) -> None:
    url = await database(SHOP)
    statement = Statement(text="INSERT INTO log VALUES ('a')")
    async with connected(url) as connector:
        async with connector.visit(statement, name="assent:test:1") as visit:
            reading = await visit.read()
            assert isinstance(reading, Reading)
            work = (await visit.run(permit(reading))).work
            assert work is not None
            await done(url, f"SELECT pg_terminate_backend({work.backend})")
            with pytest.raises(OutcomeUnknown):
                await visit.commit()
        assert await connector.fate(work) is Fate.ABORTED
        assert await count(url, "log") == 0


async def test_fate_ends_a_transaction_that_is_still_open_and_ours(database: Database) -> None:
    url = await database(SHOP)
    statement = Statement(text="INSERT INTO log VALUES ('a')")
    async with connected(url) as connector, connector.visit(statement, name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        work = (await visit.run(permit(reading))).work
        assert work is not None
        assert await connector.fate(work) is Fate.ABORTED
        with pytest.raises(OutcomeUnknown):
            await visit.commit()


async def test_fate_never_answers_for_another_cluster_or_timeline(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        work = (await change(connector, "INSERT INTO log VALUES ('a')")).work
        assert work is not None
        assert await connector.fate(replace(work, system="1")) is Fate.UNKNOWN
        assert await connector.fate(replace(work, timeline="2")) is Fate.UNKNOWN
        assert await connector.fate(replace(work, xid="99999999")) is Fate.UNKNOWN


async def test_fate_is_silent_when_nobody_answers(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        pass
    work = Work(xid="1", system="1", timeline="1", backend="1", affected=0)
    assert await connector.fate(work) is Fate.SILENT


async def test_a_schema_change_runs_and_is_known_afterwards(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url) as connector:
        await change(connector, "CREATE TABLE fresh (id int)")
        assert "public.fresh" in {table.name for table in await connector.tables()} or await count(url, "fresh") == 0
        known = await connector.known()
        assert known.write.find("public", "fresh") is not None


async def test_a_source_without_a_write_role_takes_no_writes(database: Database) -> None:
    async with connected(await database(SHOP), writes=False) as connector:
        async with connector.visit(Statement(text="DELETE FROM log"), name="assent:test:1") as visit:
            reading = await visit.read()
        assert isinstance(reading, Unreadable)
        assert connector.role == ("shop_read", "", "")


REPLACED = """
CREATE OR REPLACE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN DELETE FROM log; RETURN OLD; END $$;
"""


@pytest.mark.parametrize(("before", "after"), [("", LOGGING), (LOGGING, REPLACED)], ids=["trigger", "its function"])
async def test_other_code_at_a_cascades_end_is_a_drift(database: Database, before: str, after: str) -> None:
    url = await database(SHOP + before)
    statement = Statement(text="DELETE FROM customers WHERE id = 1")
    async with connected(url) as connector:
        async with connector.visit(statement, name="assent:test:1") as visit:
            reading = await visit.read()
            assert isinstance(reading, Reading)
        await done(url, after)
        async with connector.visit(statement, name="assent:test:2") as visit:
            rows = None
            with pytest.raises(Drifted):
                rows = await visit.run(permit(reading))
            assert rows is None
        assert await count(url, "customers") == 100


async def test_cancelling_a_waiter_of_commit_does_not_cancel_the_commit(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url) as connector:

        async def write() -> None:
            async with connector.visit(Statement(text="INSERT INTO log VALUES ('a')"), name="assent:test:1") as visit:
                reading = await visit.read()
                assert isinstance(reading, Reading)
                await visit.run(permit(reading))
                asyncio.get_running_loop().call_soon(task.cancel)
                await visit.commit()

        task = asyncio.ensure_future(write())
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await count(url, "log") == 1


async def test_a_write_read_again_after_its_run_is_not_committed(database: Database) -> None:
    url = await database(SHOP)
    statement = Statement(text="INSERT INTO log VALUES ('a')")
    async with connected(url) as connector, connector.visit(statement, name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        await visit.run(permit(reading))
        await visit.read()
        with pytest.raises(StatementFailed):
            await visit.commit()
        assert await count(url, "log") == 0


async def test_what_no_statistics_count_does_not_run_under_a_cap(database: Database) -> None:
    def deleting(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
        found = witness(parsed, dump, snapshot, protection)
        assert isinstance(found, Witnessed)
        pair = Pair(thing=Thing(kind="table", name="public.log"), verb=Verb.DELETE)
        return replace(found, reading=replace(found.reading, pairs=frozenset({pair})))

    rooms = Rooms(parse=parse, witness=deleting, supported=supported)
    url = await database(SHOP + "INSERT INTO log VALUES ('a'); GRANT TRUNCATE ON log TO shop_write;")
    async with connected(url, rooms=rooms) as connector:
        with pytest.raises(CapExceeded):
            await change(connector, "TRUNCATE log", affected_rows=5)
        assert await count(url, "log") == 1
        await change(connector, "TRUNCATE log")
        assert await count(url, "log") == 0


async def test_two_writers_never_share_a_transaction(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url, connections=4) as connector:
        texts = [f"INSERT INTO log VALUES ('{number}') RETURNING what" for number in range(4)]
        results = await asyncio.gather(*(change(connector, text) for text in texts))
        assert sorted(str(rows.rows[0][0]) for rows in results) == ["0", "1", "2", "3"]
        assert len({rows.work.xid for rows in results if rows.work}) == 4


async def test_commit_of_a_failed_transaction_is_no_commit(database: Database) -> None:
    url = await database(SHOP)
    statement = Statement(text="INSERT INTO log VALUES ('a')")
    async with connected(url) as connector, connector.visit(statement, name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        await visit.run(permit(reading))
        assert isinstance(visit, PostgresVisit)
        with contextlib.suppress(asyncpg.DivisionByZeroError):
            await visit._session.connection.tell("SELECT 1 / 0")
        with pytest.raises(StatementFailed) as caught:
            await visit.commit()
        assert caught.value.sqlstate == "25P02"
        assert await count(url, "log") == 0


@pytest.mark.parametrize("text", ["COMMIT", "ROLLBACK"])
async def test_a_statement_that_ends_its_transaction_is_noticed(database: Database, text: str) -> None:
    async with connected(await database(SHOP)) as connector:
        with pytest.raises((Drifted, StatementFailed, SourceUnavailable)):
            await change(connector, text)
        await change(connector, "INSERT INTO log VALUES ('after')")


async def test_a_statement_that_left_its_transaction_for_another_is_no_change_of_ours(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await database(SHOP)
    statement = Statement(text="INSERT INTO log VALUES ('a')")
    async with connected(url) as connector, connector.visit(statement, name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        assert isinstance(visit, PostgresVisit)
        session = visit._session
        fetch = session.fetch

        async def leaves(*words: Any) -> Any:
            found = await fetch(*words)
            await session.connection.tell("COMMIT AND CHAIN")  # a transaction is open behind it, too: another one
            return found

        monkeypatch.setattr(session, "fetch", leaves)
        with pytest.raises(Drifted, match="left its transaction"):
            await visit.run(permit(reading))


async def test_a_bound_mask_is_not_written_over_what_it_masks(database: Database) -> None:
    url = await database(SHOP)
    tags = {"public.customers.email": "pii.email"}
    connector = PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags=tags, enforced=False),
        read_url=as_role(url, READER),
        write_url=as_role(url, WRITER),
        masks={"pii.email": "last4"},
        clock=Now(),
        options=Options(bounds=Bounds(connections=2, waiting=2)),
    )
    await connector.open()
    try:
        text = "UPDATE customers SET email = $1 WHERE id = $2"
        assert isinstance(await meant(connector, text, ("new@x.test", 1)), Reading)
        found = await meant(connector, text, ("***1234", 1))
        assert isinstance(found, Unreadable)
        assert found.doubt is Doubt.PROTECTED
        assert isinstance(await meant(connector, "UPDATE customers SET name = $1 WHERE id = $2", ("***", 1)), Reading)
    finally:
        await connector.close()


async def meant(connector: PostgresConnector, text: str, parameters: tuple[Scalar, ...]) -> Reading | Unreadable:
    async with connector.visit(Statement(text=text, parameters=parameters), name="assent:test:0") as visit:
        return await visit.read()
