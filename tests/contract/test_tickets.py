"""Names that hold once, or for a while, over every process of a store."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from core.ports import TicketKind
from core.stores.operational.tickets import digest
from tests.contract.conftest import Clock, Store

ONCE = TicketKind.ANSWERED
MINUTE = timedelta(minutes=1)


async def test_a_name_is_kept_once_until_it_ends(store: Store, clock: Clock) -> None:
    ends = clock.now() + MINUTE
    assert await store.tickets.put(ONCE, "a", "", ends)
    assert not await store.tickets.put(ONCE, "a", "", ends)
    assert await store.tickets.put(TicketKind.CODE, "a", "", ends)
    clock.advance(MINUTE)
    assert await store.tickets.put(ONCE, "a", "", clock.now() + MINUTE)


async def test_of_many_who_put_or_take_a_name_one_does(store: Store, clock: Clock) -> None:
    ends = clock.now() + MINUTE
    kept = await asyncio.gather(*(store.tickets.put(ONCE, "a", "row", ends) for _ in range(8)))
    assert sorted(kept) == [False] * 7 + [True]
    taken = await asyncio.gather(*(store.tickets.take(ONCE, "a") for _ in range(8)))
    assert sorted(one or "" for one in taken) == [""] * 7 + ["row"]


async def test_looking_at_a_row_lets_it_last_and_one_that_ended_is_not_seen(store: Store, clock: Clock) -> None:
    await store.tickets.put(TicketKind.SESSION, "a", "row", clock.now() + MINUTE)
    clock.advance(MINUTE / 2)
    assert await store.tickets.look(TicketKind.SESSION, "a", clock.now() + MINUTE) == "row"
    clock.advance(MINUTE * 3 / 4)
    assert await store.tickets.look(TicketKind.SESSION, "a", clock.now() + MINUTE) == "row"
    clock.advance(MINUTE)
    assert await store.tickets.look(TicketKind.SESSION, "a", clock.now() + MINUTE) is None
    assert await store.tickets.take(TicketKind.SESSION, "a") is None


def test_who_reads_the_rows_has_no_name() -> None:
    kept = digest(TicketKind.SESSION, "the-cookie")
    assert "cookie" not in kept
    assert kept != digest(TicketKind.CODE, "the-cookie")
