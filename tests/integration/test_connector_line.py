"""The real reading room and the real masks: a hardened shop read through the connector."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from core.catalog import Protection, Snapshot
from core.connectors.postgres import PostgresConnector, Rooms
from core.connectors.postgres.catalog.checks import inspector
from core.connectors.postgres.rooms import ROOMS
from core.errors import DeniedByEngine, Drifted
from core.model import Dialect, Doubt, Reading, Rows, Source, Unreadable, Verb
from core.ports import Fate, Statement
from tests.integration.connecting import Now, change, permit, query, read
from tests.integration.shop import MASKS, SECRET, TAGS, Hardened, hardened

Database = Callable[..., Coroutine[Any, Any, str]]
VERSIONS = pytest.mark.parametrize("version", [15, 16, 17, 18])
CANARIES = ("anna@example.test", "ben@example.test", "078-05-1120", "219-09-9999", "1980-02-03", "51234")


@asynccontextmanager
async def lined(
    database: Database,
    version: int = 18,
    *,
    rooms: Rooms = ROOMS,
    protect: Callable[[Snapshot], Protection] | None = None,
    checked: bool = False,
) -> AsyncIterator[tuple[PostgresConnector, Hardened]]:
    async with hardened(database, version=version) as shop:
        grants = f"GRANT USAGE ON SCHEMA public TO {shop.wish.write_role};"
        grants += f"GRANT SELECT, INSERT, UPDATE, DELETE ON public.customers, public.orders TO {shop.wish.write_role};"
        await shop.dba.execute(f"ALTER ROLE {shop.wish.write_role} LOGIN PASSWORD 'w'; {grants}")
        host = shop.url.rpartition("@")[2]
        connector = PostgresConnector(
            Source(name="shop", dialect=Dialect.POSTGRES, tags=TAGS, enforced=True),
            read_url=f"postgresql://{shop.wish.read_role}:r@{host}",
            write_url=f"postgresql://{shop.wish.write_role}:w@{host}",
            masks=MASKS,
            clock=Now(),
            rooms=rooms,
            protect=protect,
            inspect=inspector(shop.wish, source="shop", secret=SECRET, acknowledged=frozenset()) if checked else None,
        )
        await connector.open()
        try:
            yield connector, shop
        finally:
            await connector.close()


def shown(rows: Rows) -> str:
    return repr(rows.rows)


@VERSIONS
async def test_an_untagged_read_runs_as_the_agent_wrote_it(database: Database, version: int) -> None:
    async with lined(database, version) as (connector, _):
        text = "select  id,plan from customers /* as written */ order by id"
        reading = await read(connector, text)
        assert reading.text == text
        assert reading.verbs == {Verb.READ}
        assert (await query(connector, text)).rows == ((1, "a"), (2, "b"), (3, "b"))


@VERSIONS
async def test_a_tagged_read_shows_masks_only(database: Database, version: int) -> None:
    async with lined(database, version) as (connector, shop):
        await shop.dba.execute("UPDATE customers SET note = NULL")  # free text is the second net's, not the source's
        for text in (
            "SELECT * FROM customers",
            "SELECT c::text FROM customers c",
            "SELECT lower(email), left(ssn, 5) FROM customers WHERE ssn IS NOT NULL",
            "SELECT b.email, c.plan FROM buyers b JOIN customers c ON c.id = b.id",
            "SELECT max(income) FROM hr.pay",
        ):
            rows = await query(connector, text)
            assert rows.columns
            assert not [canary for canary in CANARIES if canary in shown(rows)], text


@VERSIONS
async def test_a_blind_reading_ends_in_the_engines_refusal(database: Database, version: int) -> None:
    def blind(_: Snapshot) -> Protection:
        return Protection(tags={}, tainted=frozenset(), closed={}, version="blind")

    def granted(parsed: Any, dump: str, snapshot: Snapshot, protection: Protection) -> Any:
        relations = {
            oid: replace(
                relation, attributes={n: replace(a, granted=True) for n, a in relation.attributes.items()}, granted=True
            )
            for oid, relation in snapshot.relations.items()
        }
        return ROOMS.witness(parsed, dump, replace(snapshot, relations=relations), protection)

    rooms = replace(ROOMS, witness=granted)
    async with lined(database, version, rooms=rooms, protect=blind) as (connector, _):
        for text in ("SELECT email FROM customers", "SELECT c FROM customers c", "SELECT * FROM buyers"):
            with pytest.raises(DeniedByEngine):
                await query(connector, text)


async def test_what_closes_a_table_is_said_before_anything_runs(database: Database) -> None:
    async with lined(database) as (connector, shop):
        await shop.dba.execute("ALTER TABLE customers ADD COLUMN score int")
        async with connector.visit(Statement(text="SELECT id, score FROM customers"), name="assent:t:1") as visit:
            reading = await visit.read()
        assert isinstance(reading, Unreadable)
        assert reading.doubt in {Doubt.CLOSED, Doubt.MISSING}


async def test_a_masking_view_replaced_between_reading_and_running_is_a_drift(database: Database) -> None:
    text = "SELECT email FROM customers"
    async with lined(database) as (connector, shop):
        reading = await read(connector, text)
        definition = await shop.dba.fetchval("SELECT pg_get_viewdef('public__masked.customers'::regclass)")
        await shop.dba.execute(f"CREATE OR REPLACE VIEW public__masked.customers AS {definition}")
        async with connector.visit(Statement(text=text), name="assent:t:2") as visit:
            with pytest.raises(Drifted):
                await visit.run(permit(reading))


@VERSIONS
async def test_a_write_is_read_by_both_witnesses_and_committed(database: Database, version: int) -> None:
    async with lined(database, version) as (connector, shop):
        rows = await change(connector, "UPDATE orders SET total = 0 WHERE id <= 2 RETURNING id")
        assert rows.work is not None
        assert rows.work.affected == 2
        assert await connector.fate(rows.work) is Fate.COMMITTED
        assert await shop.dba.fetchval("SELECT count(*) FROM orders WHERE total = 0") == 2


async def test_tables_name_tags_and_masks_and_never_our_own_schemas(database: Database) -> None:
    async with lined(database) as (connector, _):
        found = {table.name: table for table in await connector.tables()}
        assert not [name for name in found if "__" in name or name.startswith("assent")]
        email = next(column for column in found["public.customers"].fields if column.name == "email")
        assert (email.tag, email.mask) == ("pii.email", "token")
        assert "public.mails" not in found or found["public.mails"].closed


async def test_show_and_plan_are_answered_in_our_own_form(database: Database) -> None:
    async with lined(database) as (connector, _):
        assert (await query(connector, "SHOW standard_conforming_strings")).rows == (("on",),)
        for text, drawn in (("SELECT id FROM orders", True), ("SELECT id FROM customers", False)):
            async with connector.visit(Statement(text=text), name="assent:t:1") as visit:
                assert isinstance(await visit.read(), Reading)
                assert (await visit.plan() is not None) is drawn


async def test_start_up_checks_close_the_source_at_the_next_load(database: Database) -> None:
    async with lined(database, checked=True) as (connector, shop):
        assert (await query(connector, "SELECT id FROM customers WHERE id = 1")).rows == ((1,),)
        await shop.dba.execute(f"GRANT SELECT ON customers TO {shop.wish.read_role}")
        known = await connector.renew()
        assert "tagged-columns-readable" in known.protection.shut
        async with connector.visit(Statement(text="SELECT id FROM customers"), name="assent:t:1") as visit:
            reading = await visit.read()
        assert isinstance(reading, Unreadable)
        assert reading.doubt is Doubt.CLOSED
        assert await connector.tables() == ()


async def test_a_schema_change_is_read_run_and_known(database: Database) -> None:
    async with lined(database) as (connector, shop):
        await shop.dba.execute(f"GRANT CREATE ON SCHEMA public TO {shop.wish.write_role}")
        reading = await read(connector, "CREATE TABLE fresh (id int)")
        assert reading.verbs == {Verb.DEFINE}
        await change(connector, "CREATE TABLE fresh (id int)")
        assert (await connector.known()).write.find("public", "fresh") is not None


@pytest.mark.parametrize(
    "text",
    [
        "COMMIT",
        "SELECT 1; SELECT 2",
        "SELECT pg_sleep(1)",
        "SELECT * FROM pg_stat_activity",
        "SELECT set_config('role', 'postgres', false)",
        "SELECT email FROM public__masked.customers",
        "SELECT * FROM assent.key",
        "EXPLAIN SELECT email FROM customers",
        "DO $$ BEGIN END $$",
        "SELECT ctid FROM customers",
        "SELECT * FROM mails",
    ],
)
async def test_what_must_never_run_is_unreadable_or_control(database: Database, text: str) -> None:
    async with lined(database) as (connector, _):
        async with connector.visit(Statement(text=text), name="assent:t:1") as visit:
            reading = await visit.read()
        if isinstance(reading, Reading):
            assert reading.verbs & {Verb.CONTROL, Verb.RUN}, reading.pairs
