"""EXPLAIN, SHOW and free text over the demo's shop, from text to Masked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from core.connectors.postgres import PostgresConnector
from core.model import Doubt, Form, Masked, Reading, Unreadable, Verb
from core.ports import Statement
from demo.postgres import Postgres
from tests.databases import fresh
from tests.integration.connecting import done, permit, told
from tests.integration.demo_shop import answered, demo_shop


@dataclass(frozen=True)
class Shop:
    connector: PostgresConnector
    url: str

    async def ask(self, text: str) -> tuple[Reading, Masked]:
        found = await answered(self.connector, text)
        assert not isinstance(found, Unreadable), (text, found)
        return found

    async def refused(self, text: str) -> Unreadable:
        found = await answered(self.connector, text)
        assert isinstance(found, Unreadable), (text, found)
        return found


@pytest.fixture(scope="module", params=[15, 16, 17, 18])
async def shop(request: pytest.FixtureRequest, clusters: Callable[[int], Postgres]) -> AsyncIterator[Shop]:
    """One shop of each version: what a test changes in its schema it takes back."""
    async with fresh(clusters) as make, demo_shop(make, request.param) as (connector, url):
        yield Shop(connector, url)


@asynccontextmanager
async def changed(shop: Shop, sql: str, back: str) -> AsyncIterator[None]:
    """Change the schema for a while, known to the connector before and after."""
    await done(shop.url, sql)
    await shop.connector.renew()
    try:
        yield
    finally:
        await done(shop.url, back)
        await shop.connector.renew()


async def test_free_text_is_searched_and_every_other_text_comes_byte_for_byte(shop: Shop) -> None:
    """Detectors would find a card number in any text; only columns tagged free_text are theirs to change."""
    hit = "write to anna@example.test or pay 4111 1111 1111 1111"
    await done(shop.url, f"UPDATE customers SET notes = '{hit}', city = '{hit}' WHERE id = 1")
    await done(shop.url, f"UPDATE tickets SET body = '{hit}', subject = '{hit}' WHERE id = 1")
    _, found = await shop.ask("SELECT notes, city, plan FROM customers WHERE id = 1")
    assert found.rows[0][1] == hit
    assert "anna@example.test" not in str(found.rows[0][0])
    assert "4111" not in str(found.rows[0][0])
    assert [column.mask for column in found.columns] == ["free_text", None, None]
    assert found.hidden == 1
    for text in (
        "SELECT body, subject FROM tickets WHERE id = 1",
        "SELECT upper(body), subject FROM tickets WHERE id = 1",
        "WITH t AS (SELECT * FROM tickets) SELECT t.body, t.subject FROM t WHERE id = 1",
    ):
        reading, found = await shop.ask(text)
        assert {(mask.column.name, mask.at_source) for mask in reading.masks} == {("body", False)}
        assert found.rows[0][1] == hit, text
        assert "example.test" not in str(found.rows[0][0]).lower(), text
        assert [column.mask for column in found.columns] == ["free_text", None], text
    reading, found = await shop.ask("SELECT subject, opened_at FROM tickets WHERE id = 1")
    assert found.rows[0][0] == hit
    assert not reading.masks
    reading, found = await shop.ask("SELECT email, notes, city FROM customers WHERE id = 1")
    assert [column.mask for column in found.columns] == ["token", "free_text", None]
    assert found.rows[0][2] == hit
    assert "example" not in str(found.rows[0][:2])
    assert {mask.column.name for mask in reading.masks if not mask.at_source} == {"notes"}


async def test_free_text_behind_a_view_is_searched(shop: Shop) -> None:
    hit = "write to anna@example.test"
    await done(shop.url, f"UPDATE tickets SET body = '{hit}', subject = '{hit}' WHERE id = 1")
    desk = "CREATE VIEW desk AS SELECT id, subject AS topic, body AS words FROM tickets"
    async with changed(shop, f"{desk}; GRANT SELECT ON desk TO {shop.connector.role[0]}", "DROP VIEW desk"):
        found = await answered(shop.connector, "SELECT topic, words FROM desk WHERE id = 1")
    if isinstance(found, Unreadable):
        assert found.doubt is Doubt.CLOSED  # until harden runs again: closed is right as well
        return
    assert found[1].rows[0][0] == hit
    assert "example" not in str(found[1].rows[0][1])


PLANNED = (
    "SELECT status, count(*) FROM orders GROUP BY 1",
    "SELECT o.id FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.total > 100 ORDER BY o.total LIMIT 3",
    "(SELECT 1)",
)


async def test_explain_of_a_read_is_answered_in_our_own_form(shop: Shop) -> None:
    for inner in PLANNED:
        for head in ("EXPLAIN ", "explain\n", "EXPLAIN (COSTS off, ANALYZE false) ", "EXPLAIN VERBOSE "):
            reading, found = await shop.ask(head + inner)
            assert reading.form is Form.PLAN
            assert reading.verbs == {Verb.READ}
            assert reading.text == f"EXPLAIN (FORMAT JSON) {inner}"
            assert [column.name for column in found.columns] == ["plan"]
            assert "rows" in str(found.rows[0][0])
            assert "actual" not in str(found.rows)
            assert bool(found.notes) == ("off" in head or "VERBOSE" in head)
    _, found = await shop.ask(f"EXPLAIN (ANALYZE) {PLANNED[1]}")
    assert "actual" in str(found.rows)
    assert "ran in" in str(found.rows[-1][0])
    assert "(total > " in str(found.rows)


async def test_conditions_that_a_view_or_a_function_wrote_are_not_quoted(shop: Shop) -> None:
    _, found = await shop.ask("EXPLAIN SELECT * FROM sales_by_day WHERE country = 'DE'")
    assert "abandoned" not in str(found.rows)
    assert "Filter" not in str(found.rows)
    _, found = await shop.ask("EXPLAIN SELECT * FROM information_schema.tables")
    assert "Filter" not in str(found.rows)
    async with changed(
        shop,
        "ALTER TABLE shipments ENABLE ROW LEVEL SECURITY;"
        "CREATE POLICY mine ON shipments USING (carrier <> 'hidden-carrier')",
        "DROP POLICY mine ON shipments; ALTER TABLE shipments DISABLE ROW LEVEL SECURITY",
    ):
        found_ = await answered(shop.connector, "EXPLAIN ANALYZE SELECT * FROM shipments")
    assert isinstance(found_, Unreadable) or "hidden-carrier" not in str(found_[1].rows)
    assert isinstance(found_, Unreadable) or "Removed" not in str(found_[1].rows)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("EXPLAIN SELECT city FROM customers", Doubt.PROTECTED),
        ("EXPLAIN ANALYZE SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id", Doubt.PROTECTED),
        ("EXPLAIN SELECT city FROM customer_contacts", Doubt.PROTECTED),
        ("EXPLAIN SELECT 1 WHERE EXISTS (SELECT FROM payments WHERE amount > 3)", Doubt.PROTECTED),
        ("EXPLAIN (FORCE) SELECT 1", Doubt.UNKNOWN),
        ("EXPLAIN (ANALYZE perhaps) SELECT 1", Doubt.UNKNOWN),
        ("EXPLAIN SELECT pg_sleep(9)", Doubt.FUNCTION),
        ("EXPLAIN SELECT * FROM pg_stats", Doubt.CATALOG),
        ("EXPLAIN SELECT 1; DELETE FROM orders", Doubt.SEVERAL),
    ],
)
async def test_explain_of_anything_else_is_refused(shop: Shop, text: str, doubt: Doubt) -> None:
    found = await shop.refused(text)
    assert found.doubt is doubt, found
    if doubt is Doubt.PROTECTED:
        assert found.sentence.startswith("No plan: public.")


async def test_explain_of_a_change_is_control_and_changes_nothing(shop: Shop) -> None:
    for inner in (
        "DELETE FROM orders",
        "CREATE TABLE x AS SELECT 1",
        "SELECT * INTO x FROM orders",
        "SELECT 1 FROM orders FOR UPDATE",
        "WITH d AS (DELETE FROM orders RETURNING 1) SELECT * FROM d",
        "EXECUTE x",
        "DECLARE c CURSOR FOR SELECT 1",
        "REFRESH MATERIALIZED VIEW x",
    ):
        for head in ("EXPLAIN", "EXPLAIN ANALYZE", "EXPLAIN (ANALYZE 1)", "EXPLAIN (ANALYZE on)"):
            async with shop.connector.visit(Statement(text=f"{head} {inner}"), name="assent:x:0") as visit:
                found = await visit.read()
            assert isinstance(found, Unreadable) or found.verbs == {Verb.CONTROL}, (head, inner)
    assert (await told(shop.url, "SELECT to_regclass('public.x') IS NULL"))[0][0]


async def test_a_schema_that_changes_while_a_plan_is_made_is_noticed(shop: Shop) -> None:
    text = "EXPLAIN SELECT * FROM order_items"
    async with shop.connector.visit(Statement(text=text), name="assent:x:0") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        async with shop.connector.visit(Statement(text="SELECT 1"), name="assent:x:0"):
            pass
    await done(shop.url, "CREATE INDEX ON order_items (quantity)")
    async with shop.connector.visit(Statement(text=text), name="assent:x:1") as visit:
        with pytest.raises(Exception, match=r"tree differs|look failed"):
            await visit.run(permit(reading))


async def test_show_answers_listed_settings_as_a_query_sees_them(shop: Shop) -> None:
    for name in ("server_version", "timezone", "statement_timeout", "transaction_read_only", "lc_collate", "work_mem"):
        reading, found = await shop.ask(f"SHOW {name}")
        assert reading.form is Form.SETTING
        assert [column.name for column in found.columns] == [name]
        assert found.rows[0][0], name
    assert (await shop.ask("SHOW transaction_read_only"))[1].rows == (("on",),)
    assert (await shop.ask("show time zone"))[1].rows
    for text in ("SHOW ALL", "SHOW data_directory", "SHOW hba_file", "SHOW session_authorization", 'SHOW "app.key"'):
        assert (await shop.refused(text)).sentence.startswith("SHOW answers only: ")
