"""A PostgreSQL store whose server fails over to a real streaming standby, synchronous or behind."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from core.audit.entry import alert
from core.errors import AuditUnavailable, StoreError, UnsafeStart
from core.model import PayloadId
from core.ports import Committed, StoreResult, Unit
from core.stores.encryption.vault import Keys
from core.stores.given import Common
from core.stores.postgres.log import Log, Site
from core.stores.postgres.rights import Part
from core.stores.postgres.store import PostgresStore
from demo.postgres import Postgres, PostgresUnavailable
from tests import entries
from tests.doubles import ORIGIN, ManualClock
from tests.pgstore import Ground, make
from tests.waiting import until

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
UNIT = Unit(entries=(alert("x"),))
DURABLE = ("fsync=on",)
WORKERS = 4
MANY = 200


@dataclass
class Address:
    """One address, and behind it whichever server leads: what a failover moves."""

    leads: Postgres
    port: int = 0
    held: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream = await asyncio.open_connection("127.0.0.1", self.leads.port)
        except OSError:
            writer.close()
            return
        self.held |= {writer, upstream[1]}
        await asyncio.gather(carry(reader, upstream[1]), carry(upstream[0], writer))

    def cut(self) -> None:
        """Nobody goes on talking to who led before."""
        for writer in self.held:
            writer.close()
        self.held.clear()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@dataclass(frozen=True)
class Pair:
    """A leader, its standby, and processes that know one address."""

    leader: Postgres
    standby: Postgres
    address: Address
    place: Ground

    def site(self, *parts: Part) -> Site:
        site = self.place.site(*parts)
        return replace(
            site, url=site.url.replace(f":{self.place.server.port}/", f":{self.address.port}/"), patience=5.0
        )

    async def synchronous(self) -> None:
        """The leader says that something is durable once its standby has it."""
        await said(self.leader, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        await said(self.leader, "SELECT pg_reload_conf()")

        async def follows() -> bool:
            return await said(self.leader, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1

        assert await until(follows)

    async def severed(self) -> None:
        """The standby hears no more; what it has, it has."""
        await said(self.standby, "ALTER SYSTEM SET primary_conninfo = ''")
        await said(self.standby, "SELECT pg_reload_conf()")

        async def deaf() -> bool:
            return await said(self.leader, "SELECT count(*) FROM pg_stat_replication") == 0

        assert await until(deaf)

    async def fail_over(self) -> None:
        """The leader dies at once, its standby leads, and the address is its."""
        self.leader.process.send_signal(signal.SIGQUIT)
        await asyncio.to_thread(self.leader.process.wait, 30)
        assert await said(self.standby, "SELECT pg_promote(true, 60)") is True
        self.address.leads = self.standby
        self.address.cut()


async def said(server: Postgres, sql: str) -> object:
    connection = await asyncpg.connect(server.url())
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    servers: list[Postgres] = []
    try:
        servers.append(await asyncio.to_thread(Postgres.start, 18, settings=DURABLE))
        database = await make(servers[0])
        servers.append(await asyncio.to_thread(lambda: Postgres.start(18, settings=DURABLE, behind=servers[0])))
        address = Address(leads=servers[0])
        listening = await asyncio.start_server(address.serve, "127.0.0.1", 0)
        address.port = listening.sockets[0].getsockname()[1]
        place = Ground(servers[0], database, tmp_path)
        yield Pair(leader=servers[0], standby=servers[1], address=address, place=place)
        listening.close()
        address.cut()
    except PostgresUnavailable as missing:
        pytest.skip(str(missing))
    finally:
        for one in reversed(servers):
            await asyncio.to_thread(one.close)


def opened(pair: Pair, *parts: Part) -> contextlib.AbstractAsyncContextManager[PostgresStore]:
    return PostgresStore.open(pair.site(*parts), keys=KEYS, origin=ORIGIN, clock=ManualClock(datetime.now(UTC)))


async def test_a_synchronous_standby_has_all_that_was_acknowledged_and_the_log_goes_on(pair: Pair) -> None:
    await pair.synchronous()
    told: list[Committed] = []
    dies = asyncio.Event()

    async def worker(store: PostgresStore) -> None:
        while len(told) < MANY + WORKERS:
            with contextlib.suppress(StoreError):
                told.append(await store.journal.commit(UNIT))
            if len(told) >= MANY:
                dies.set()
                await asyncio.sleep(0)

    async with opened(pair) as store:
        work = [asyncio.create_task(worker(store)) for _ in range(WORKERS)]
        await dies.wait()
        await pair.fail_over()
        await asyncio.gather(*work)

        async def goes_on() -> bool:
            with contextlib.suppress(StoreError):
                told.append(await store.journal.commit(UNIT))
                await store.checkpoint()
                return True
            return False

        assert await until(goes_on, seconds=30)
        held = {one.sequence: one.leaf for one in await store.journal.tail(0, 10 * MANY)}
        assert sorted(held) == list(range(len(held)))
        assert all(held[one.sequences[0]] == one.leaves[0] for one in told)


async def test_what_no_standby_has_is_not_acknowledged_though_the_leader_has_it(pair: Pair) -> None:
    """Whoever ends a backend that waits for a standby leaves its transaction committed on the leader alone."""
    await pair.synchronous()
    async with opened(pair, Part.GATEWAY) as store:
        await store.journal.commit(UNIT)
        before = len(await store.journal.tail(0, MANY))
        await pair.severed()
        calls = [entries.call_id() for _ in range(2)]
        row = StoreResult(call=calls[1], result=PayloadId("pay_r"), until=datetime.now(UTC))
        for call, changes in zip(calls, ((), (row,)), strict=True):
            with pytest.raises(AuditUnavailable):
                await store.journal.commit(Unit(entries=(entries.intent(call),), changes=changes))
        assert len(await store.journal.tail(0, MANY)) > before  # there, and nobody was told so


async def test_a_standby_that_was_behind_is_recorded_on_by_nobody_who_saw_more_nor_signed_nor_served_by_a_new_process(
    pair: Pair,
) -> None:
    async with opened(pair) as store, opened(pair, Part.GATEWAY) as gateway:
        await store.journal.commit(UNIT)
        await store.checkpoint()
        await gateway.log.vouched(30.0)  # a signer at work covers its start

        async def caught_up() -> bool:
            at = str(await said(pair.leader, "SELECT pg_current_wal_lsn()::text"))
            return bool(await said(pair.standby, f"SELECT pg_last_wal_replay_lsn() >= '{at}'"))

        assert await until(caught_up)
        await pair.severed()
        for _ in range(5):
            await gateway.journal.commit(UNIT)
            await store.journal.commit(UNIT)
        await store.checkpoint()
        await pair.fail_over()

        async def refused() -> bool:
            with pytest.raises(AuditUnavailable) as refusal:
                await gateway.journal.commit(UNIT)
            return "log_regressed" in str(refusal.value)

        assert await until(refused, seconds=30)
        with pytest.raises(AuditUnavailable, match="regressed"):
            await store.checkpoint()
    with pytest.raises(UnsafeStart, match="regressed"):
        async with Log.open(pair.site(Part.SIGNER), Common(keys=KEYS, origin=ORIGIN, clock=ManualClock())):
            pass
    async with opened(pair, Part.GATEWAY) as fresh:  # it knows of nothing that is gone
        with pytest.raises(UnsafeStart, match="no signer signed this log"):
            await fresh.log.vouched(1.0)
