"""A unit whose backend is ended at any of its steps, however: it stands whole and is acknowledged, or nothing of it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.errors import AuditBusy, AuditUnavailable, StoreError
from core.model import CallId, PayloadId
from core.ports import Committed, StoreResult, Unit
from core.stores.postgres.leads import Elected
from core.stores.postgres.links import Address, Declined, Gone
from core.stores.postgres.rights import Part
from core.stores.postgres.store import PostgresStore
from demo.postgres import Postgres
from tests import entries
from tests.integration.silence import relayed
from tests.pgstore import Ground, emptied, opened
from tests.waiting import until

STEPS = ("BEGIN", "INSERT INTO results", " FROM append(", "COMMIT", "pg_notify")  # of a unit with rows
METHODS = ("execute", "fetch", "fetchrow", "fetchval")
RAISES = """
CREATE FUNCTION public.late() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'late' USING ERRCODE = '{state}'; END $$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON assent.results DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION public.late();
"""


@pytest.fixture
async def place(durable: Callable[[], Postgres], tmp_path: Path) -> Ground:
    return await emptied(await asyncio.to_thread(durable), tmp_path)


@dataclass
class Steps:
    """Statements that a process sends, one after the other; before or behind one of them its backend ends."""

    end: Callable[[asyncpg.Connection[Any]], Awaitable[None]]
    at: str  # what stands in that statement
    behind: bool = False
    seen: int = 0

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in METHODS:
            monkeypatch.setattr(asyncpg.Connection, name, self._of(getattr(asyncpg.Connection, name)))

    def _of(self, real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def sent(link: asyncpg.Connection[Any], sql: str, *values: Any, **more: Any) -> Any:
            mine = self.at in sql and not self.seen
            self.seen += mine
            if mine and not self.behind:
                await self.end(link)
            said = await real(link, sql, *values, **more)
            if mine and self.behind:
                await self.end(link)
            return said

        return sent


def unit(call: CallId) -> Unit:
    row = StoreResult(call=call, result=PayloadId("pay_r"), until=datetime.now(UTC))
    return Unit(entries=(entries.intent(call),), changes=(row,))


async def settled(store: PostgresStore, call: CallId) -> tuple[list[int], bool]:
    """What stands of a unit, once the server answers again."""

    async def answers() -> bool:
        try:
            await store.standing.version()
        except StoreError:
            return False
        return True

    assert await until(answers, seconds=60)
    held = [one.sequence for one in await store.journal.entries(call)]
    return held, await store.reviews.result(call) is not None


async def gone(pid: int) -> None:
    async def ended() -> bool:
        return not Path(f"/proc/{pid}").exists()

    assert await until(ended, seconds=60)


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["terminated", "killed"])
async def test_a_unit_whose_backend_is_ended_at_any_step_stands_whole_or_not_at_all(
    place: Ground, monkeypatch: pytest.MonkeyPatch, how: signal.Signals, behind: bool
) -> None:
    """SIGTERM is pg_terminate_backend's; after SIGKILL the server ends all others and recovers, as from a crash."""

    async def end(link: asyncpg.Connection[Any]) -> None:
        if not link.is_closed():
            os.kill(link.get_server_pid(), how)
            await gone(link.get_server_pid())

    async with opened(place, Part.GATEWAY) as store:
        await store.journal.commit(unit(entries.call_id()))  # what a first unit makes ready is there
        for number, at in enumerate(STEPS):
            call, steps = entries.call_id(), Steps(end=end, at=at, behind=behind)
            with monkeypatch.context() as patched:
                steps.patch(patched)
                said = (await asyncio.gather(store.journal.commit(unit(call)), return_exceptions=True))[0]
            assert steps.seen == 1
            held, row = await settled(store, call)
            assert isinstance(said, Committed | AuditUnavailable), (at, said)
            assert held == (list(said.sequences) if isinstance(said, Committed) else []), (at, said)
            assert row == bool(held) == (number + behind >= STEPS.index("pg_notify")), at
        numbers = [one.sequence for one in await store.journal.tail(0, 1000)]
        assert numbers == list(range(len(numbers)))


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("40001", AuditBusy),  # serialization_failure: begun again, and never taken
        ("40P01", AuditBusy),
        ("57014", AuditBusy),
        ("23514", Declined),
        ("25P02", Declined),
        ("53100", Declined),  # disk_full
        ("P0001", Declined),
        ("57P01", AuditUnavailable),  # said by a server that goes on: it is looked for, and is not there
    ],
)
async def test_an_error_that_comes_at_commit_alone_leaves_nothing(
    place: Ground, state: str, says: type[StoreError]
) -> None:
    dba, call = await place.dba(), entries.call_id()
    async with opened(place, Part.GATEWAY) as store:
        await store.journal.commit(unit(entries.call_id()))
        await dba.execute(RAISES.format(state=state))
        with pytest.raises(says):
            await store.journal.commit(unit(call))
        assert await settled(store, call) == ([], False)
        await dba.execute("DROP FUNCTION public.late CASCADE")
        done = await store.journal.commit(unit(call))
        assert await settled(store, call) == (list(done.sequences), True)
    await dba.close()


@pytest.mark.parametrize("error", [asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError, TimeoutError])
async def test_word_that_cannot_be_sent_takes_nothing_back(
    place: Ground, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    async def fails(link: asyncpg.Connection[Any]) -> None:
        del link
        raise error

    async with opened(place, Part.GATEWAY) as store:
        call, steps = entries.call_id(), Steps(end=fails, at="pg_notify")
        with monkeypatch.context() as patched:
            steps.patch(patched)
            done = await store.journal.commit(unit(call))
        assert steps.seen == 1
        assert await settled(store, call) == (list(done.sequences), True)


async def test_who_leads_asks_again_after_a_silence(place: Ground) -> None:
    async with relayed(place.url(Part.GATEWAY)) as (url, relay):
        elected = Elected(Address(url=url, name="assent 0123456789abcdef", patience=1.0))
        relay.word = b"pg_try_advisory_lock"
        with pytest.raises(Gone):
            await elected.leads("export")
        relay.word = b""
        assert await elected.leads("export")
        elected.close()
