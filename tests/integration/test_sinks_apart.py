"""Sinks of several processes over one store: one of them sends, another takes over; what retention waits for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from core.audit.export import ocsf
from core.ports import Unit
from core.sinks.pump import House, Pump
from core.sinks.required import DAY, Required
from core.stores.encryption.vault import Keys
from core.stores.postgres.leads import Elected, key
from core.stores.postgres.rights import Part
from core.stores.postgres.store import PostgresStore
from demo.postgres import Postgres
from tests import entries
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_sinks import KEYS, Receiver, decoded, receiving, splunk
from tests.pgstore import Ground, emptied
from tests.waiting import until

PEOPLE = Keys(questions=b"q" * 32, results=b"", signing=b"")
QUICK = 0.01


@pytest.fixture
async def ground(durable: Callable[[], Postgres], tmp_path: Path) -> Ground:
    return await emptied(await asyncio.to_thread(durable), tmp_path)


async def quick(_seconds: float) -> None:
    await asyncio.sleep(QUICK)


def made(store: PostgresStore, receiver: Receiver) -> Pump:
    house = House(
        origin=ORIGIN,
        version="0",
        tail=store.journal,
        journal=store.journal,
        cursors=store.cursors,
        payloads=store.payloads,
        clock=ManualClock(),
        leads=store.elected,
    )
    return Pump("siem", house, splunk(receiver), ocsf.line, pause=quick)


@asynccontextmanager
async def pumping(*pumps: Pump) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(one.serve()) for one in pumps]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def fill(store: PostgresStore, calls: int) -> int:
    count = 0
    for _ in range(calls):
        call = entries.call_id()
        done = await store.journal.commit(Unit(entries=(entries.intent(call), entries.outcome(call))))
        count = done.sequences[-1] + 1
    return count


def numbers(receiver: Receiver) -> list[int]:
    return [one["event"]["metadata"]["sequence"] for body in receiver.taken for one in decoded(body)]


async def test_of_several_processes_one_sends_and_the_next_takes_over_where_it_stood(ground: Ground) -> None:
    async with AsyncExitStack() as stack, receiving() as receiver:
        one = await stack.enter_async_context(
            PostgresStore.open(ground.site(), keys=KEYS, origin=ORIGIN, clock=ManualClock())
        )
        site = ground.site(Part.PEOPLE)
        two = await stack.enter_async_context(PostgresStore.open(site, keys=PEOPLE, origin=ORIGIN, clock=ManualClock()))
        assert (await one.elected.leads("siem"), await two.elected.leads("siem")) == (True, False)
        async with pumping(made(one, receiver), made(two, receiver)) as (first, _):
            last = await fill(one, 20)

            async def reached() -> bool:
                return bool(numbers(receiver)) and numbers(receiver)[-1] >= last - 1

            assert await until(reached)
            assert numbers(receiver) == list(range(last))  # nothing twice: nobody sent beside the leader
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            one.elected.close()  # as a process that ends
            last = await fill(one, 5)
            assert await until(reached)
            assert numbers(receiver) == list(range(last))


async def test_a_leader_that_lost_its_connection_asks_again(ground: Ground) -> None:
    async with PostgresStore.open(ground.site(), keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        address = store.log.address
        one, two = Elected(address), Elected(address)
        assert await one.leads("a")
        assert await two.leads("b")
        one.close()

        async def free() -> bool:
            return await two.leads("a")

        assert await until(free)
        assert not await one.leads("a")
        assert not await one.leads("b")
        two.close()
        one.close()


def test_names_are_numbers_that_the_server_takes() -> None:
    assert all(-(2**31) <= key(f"sink {number}") < 2**31 for number in range(1000))


async def test_retention_waits_for_the_slowest_required_sink(ground: Ground) -> None:
    async with PostgresStore.open(ground.site(), keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        last = await fill(store, 3)
        tail = await store.journal.tail(0, 100)
        today = int(str(tail[0].body["ts"])) // DAY
        required = Required(["slow", "quick"], store.cursors, store.journal)
        assert await required.day() == today
        await store.cursors.delivered("quick", last, 1)
        assert await required.day() == today
        await store.cursors.delivered("slow", last, 1)
        assert await required.day() is None
        assert await Required([], store.cursors, store.journal).day() is None
