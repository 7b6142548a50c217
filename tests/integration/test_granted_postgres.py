"""Grants over a real server: one shape runs, its neighbours are asked, and rows beyond a cap are rolled back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from core.model import Answered, Failed, Waiting
from tests.doubles import ManualClock, MemoryStore
from tests.granted import given, ruled, the
from tests.integration.connecting import Now
from tests.integration.shop import Hardened
from tests.integration.test_connector_line import lined
from tests.line import FakeSource, Line

Database = Callable[..., Coroutine[Any, Any, str]]
FIRST = "UPDATE public.orders SET total = 1 WHERE id = 1 AND state = 'paid'"

# What stands in the place of the first one's WHERE, or of its whole text, and means something else.
WHERES = (
    "id = 2",
    "id = 2 OR state = 'paid'",
    "NOT (id = 2 AND state = 'paid')",
    "id >= 2 AND state = 'paid'",
    "id = 2 AND state <> 'paid'",
    "id = 2 AND state::text LIKE '%'",
    "id = ANY ('{2,3}') AND state = 'paid'",
    "id IN (2, 3) AND state = 'paid'",
    "id = '2' AND state = 'paid'",
    "id = 2::bigint AND state = 'paid'",
    "id = 2.0 AND state = 'paid'",
    "id = abs(2) AND state = 'paid'",
    "id = -2 + 4 AND state = 'paid'",
    "id = NULL AND state = 'paid'",
    "id = 2 AND state = 'paid'::status",
    "state = 'paid' AND id = 2",
    "id = 2 AND total = 1",
    "customer = 2 AND state = 'paid'",
    "id = 2 AND state = 'paid' AND true",
    "id = 2 AND state = 'paid' RETURNING *",
    "id = (SELECT 2) AND state = 'paid'",
)
TEXTS = (
    "UPDATE public.orders SET total = 2 WHERE id = 2 AND state = 'paid'",
    "UPDATE public.orders SET customer = 1 WHERE id = 2 AND state = 'paid'",
    "UPDATE ONLY public.orders SET total = 1 WHERE id = 2 AND state = 'paid'",
    "UPDATE public.orders AS orders SET total = 1 WHERE id = 2 AND state = 'paid'",
    "UPDATE public.orders SET total = 1 FROM public.plans p WHERE orders.id = 2 AND orders.state = 'paid'",
    "UPDATE public.customers SET plan = 'x' WHERE id = 2 AND plan = 'paid'",
    "WITH w AS (DELETE FROM orders WHERE id = 9) UPDATE orders SET total = 1 WHERE id = 2 AND state = 'paid'",
    "DELETE FROM public.orders WHERE id = 2 AND state = 'paid'",
    "SELECT total FROM public.orders WHERE id = 2 AND state = 'paid'",
)
MANY = "UPDATE public.orders SET total = 7 WHERE customer = {}"


@asynccontextmanager
async def ground(database: Database) -> AsyncIterator[tuple[Line, Hardened]]:
    async with lined(database) as (connector, shop):
        one = Line(MemoryStore(ManualClock(Now().now())), FakeSource(), connector=connector)
        ruled(one)
        yield one, shop


async def done(shop: Hardened, total: int = 1) -> int:
    return int(await shop.dba.fetchval("SELECT count(*) FROM orders WHERE total = $1", total))


async def test_one_shape_runs_and_each_neighbour_of_it_is_asked(database: Database) -> None:
    async with ground(database) as (one, shop):
        await given(one, FIRST)
        answer = await one.ask(FIRST.replace("id = 1", "id = 2"))
        assert isinstance(answer, Answered), answer
        assert await done(shop) == 2
        head = FIRST.partition("WHERE ")[0]
        for neighbour in (*(f"{head}WHERE {where}" for where in WHERES), *TEXTS):
            said = await one.ask(neighbour)
            assert not isinstance(said, Answered), neighbour
            if isinstance(said, Waiting):
                await one.cancel(said.call)
        assert ((await the(one)).uses, await done(shop)) == (1, 2)
        assert one.faults() == []


async def test_a_value_that_matches_more_rows_than_a_use_holds_changes_nothing(database: Database) -> None:
    async with ground(database) as (one, shop):
        await given(one, MANY.format(9))
        assert isinstance(await one.ask(MANY.format(1)), Failed)
        assert (await done(shop, 7), (await the(one)).rows) == (0, 0)
        await shop.dba.execute("DELETE FROM orders WHERE id > 12")
        assert isinstance(await one.ask(MANY.format(1)), Answered)
        assert (await done(shop, 7), (await the(one)).rows) == (4, 4)
        assert isinstance(await one.ask(MANY.format(2)), Answered)
        assert (await the(one)).rows == 8
        assert one.faults() == []


async def test_a_table_that_was_changed_is_another(database: Database) -> None:
    async with ground(database) as (one, shop):
        await given(one, FIRST)
        await shop.dba.execute("ALTER TABLE orders ADD COLUMN more int")
        assert not isinstance(await one.ask(FIRST.replace("id = 1", "id = 2")), Answered)
        assert await done(shop) == 1
