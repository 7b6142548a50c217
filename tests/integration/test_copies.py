"""A copy of a running store and a store from it: another name, closed, nothing allowed, nothing erased come back."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.audit.transparency.trust import pinned
from core.audit.verification.verify import Asked, Result
from core.errors import BadCall, BudgetSpent, NotFound, UnsafeStart
from core.model import (
    Decision,
    Entry,
    EntryKind,
    Json,
    Measure,
    Period,
)
from core.ports import KeyState, Reserve, Said, TurnKey, Unit
from core.stores.encryption import vault
from core.stores.encryption.vault import Keys
from core.stores.sqlite import copies
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.files import Place
from core.stores.sqlite.sheet import LOG, Source, digest
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.contract import test_rotation as rotating
from tests.doubles import ORIGIN, ManualClock
from tests.integration.copied import bench, erased, kept, leave, operator, shredded, void, voted
from tests.integration.test_sqlite_store import KEYS

LATER = f"{ORIGIN}/2"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Ground:
    """Where a store, its copy and the store made anew are."""

    folder: Path
    clock: ManualClock

    @property
    def path(self) -> Path:
        return self.folder / "old" / "assent.db"

    @property
    def anew(self) -> Path:
        return self.folder / "new" / "assent.db"

    @property
    def source(self) -> Source:
        return Source(folder=self.folder / "copy", keys=self.folder / "apart")

    def opened(self, path: Path | None = None) -> AbstractAsyncContextManager[SqliteStore]:
        return SqliteStore.open(path or self.path, keys=KEYS, origin=ORIGIN, clock=self.clock)

    async def copied(self) -> None:
        await asyncio.to_thread(copies.backup, self.path, self.source.folder, self.source.keys)

    async def restored(self, keys: Keys = KEYS, source: Source | None = None) -> str:
        return await asyncio.to_thread(
            lambda: copies.restore(self.anew, source or self.source, keys=keys, base=ORIGIN, clock=self.clock)
        )


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    for name in ("old", "new"):
        (tmp_path / name).mkdir(mode=0o700)
    return Ground(tmp_path, ManualClock())


async def test_a_store_goes_on_from_a_copy_made_while_it_ran_and_both_parts_verify(ground: Ground) -> None:
    async with ground.opened() as store:
        _, payloads = await kept(store, ground.clock)
        stop = asyncio.Event()

        async def busy() -> None:
            while not stop.is_set():
                await kept(store, ground.clock, "bob")

        task = asyncio.create_task(busy())
        await ground.copied()
        stop.set()
        await task
        former = store.verifier
    assert verify_store(ground.path, former).findings == ()  # the copy changed nothing
    assert await ground.restored() == LATER
    async with ground.opened(ground.anew) as store:
        assert store.origin == LATER
        assert [await store.payloads.open(one) for one in payloads] == [b"select 1", b"{}\n"]
        _, later = await kept(store, ground.clock, "cid")
        assert await store.payloads.open(later[0]) == b"select 1"
        assert {line.person for line in await store.history.sessions()} >= {"ann@acme.example", "cid@acme.example"}
        latter = store.verifier
        (said,) = [one for one in await store.journal.tail(0, 9999) if one.body["kind"] == EntryKind.RESTORED.value]
        assert said.body["was"] == ORIGIN
        assert said.body["log"] == LATER
    for trust in (pinned(str(latter)), pinned(f"{former}\n{latter}")):
        report = verify_store(ground.anew, Asked(trust=trust))
        assert report.findings == ()
        assert report.result is Result.OK
        assert report.signed == report.entries
    (finding, *_) = verify_store(ground.anew, former).findings
    assert finding.rule == "origin"


async def test_a_copy_holds_no_data_key(ground: Ground) -> None:
    async with ground.opened() as store:
        await kept(store, ground.clock)
        await ground.copied()
        with sqlite3.connect(f"file:{Place(ground.path).keys}?mode=ro", uri=True) as held:
            rows = [bytes(row) for (row,) in held.execute("SELECT wrapped FROM dek")]
        held.close()
    raw = b"".join(one.read_bytes() for one in ground.source.folder.iterdir())
    assert len(rows) > 2
    assert [row in raw for row in rows] == [False] * len(rows)
    assert all(row in ground.source.keys.read_bytes() for row in rows)
    for secret in (KEYS.questions, KEYS.results, KEYS.signing):
        assert secret not in raw + ground.source.keys.read_bytes()
    modes = [one.stat().st_mode & 0o077 for one in (*ground.source.folder.iterdir(), ground.source.keys)]
    assert modes == [0] * len(modes)


async def test_what_people_allowed_in_a_copy_is_void_and_what_was_begun_is_unknown(ground: Ground) -> None:
    async with ground.opened() as store:
        left = await leave(store, ground.clock)
        await ground.copied()
    await ground.restored()
    async with ground.opened(ground.anew) as store:
        await void(store, left)
        verifier = store.verifier
    assert verify_store(ground.anew, verifier).findings == ()


async def test_budgets_are_not_refilled_by_a_restore(ground: Ground) -> None:
    async with ground.opened() as store:
        await kept(store, ground.clock)
        await ground.copied()
    await ground.restored()
    async with ground.opened(ground.anew) as store:
        for period, later, refused in (
            (Period.DAY, timedelta(0), True),
            (Period.HOUR, timedelta(0), True),
            (Period.DAY, timedelta(days=1), False),
        ):
            ground.clock.advance(later)
            call = entries.call_id()
            spend = Reserve(call=call, account="a", measure=Measure.ROWS, period=period, amount=1, cap=100)
            unit = Unit(entries=(entries.intent(call),), changes=(spend,))
            if refused:
                with pytest.raises(BudgetSpent):
                    await store.journal.commit(unit)
            else:
                await store.journal.commit(unit)


@pytest.mark.parametrize("order", ["log before keys", "keys before log"])
async def test_what_was_erased_is_not_brought_back_by_a_copy(ground: Ground, order: str) -> None:
    """A newer copy of keys has none that was erased; a newer log says of an older one which to destroy."""
    async with ground.opened() as store:
        session, payloads = await kept(store, ground.clock)
        _, others = await kept(store, ground.clock, "bob")
        await ground.copied()
        await shredded(store, session)
        await asyncio.to_thread(copies.backup, ground.path, ground.folder / "copy2", ground.folder / "apart2")
    old, new = ground.source, Source(folder=ground.folder / "copy2", keys=ground.folder / "apart2")
    log, keys = (old, new) if order == "log before keys" else (new, old)
    await ground.restored(source=Source(folder=log.folder, keys=keys.keys))
    async with ground.opened(ground.anew) as store:
        for one in payloads:
            with pytest.raises(NotFound):
                await store.payloads.open(one)
        assert await store.payloads.open(others[0]) == b"select 1"
    raw = Place(ground.anew).keys.read_bytes()
    with sqlite3.connect(old.keys) as held:
        gone = [bytes(row) for (row,) in held.execute("SELECT wrapped FROM dek WHERE session = ?", (session,))]
    held.close()
    assert [row in raw for row in gone] == [False] * len(gone)


@pytest.mark.parametrize("order", ["log before keys", "keys before log"])
async def test_a_key_replaced_between_the_two_parts_of_a_copy_opens_all_that_the_copy_holds(
    ground: Ground, order: str
) -> None:
    """What wraps is what the copy of keys is wrapped by, whatever the copy of the record says of it."""
    both, new = rotating.keys(questions=rotating.NEW), rotating.keys(rotating.NEW)
    async with SqliteStore.open(ground.path, keys=both, origin=ORIGIN, clock=ground.clock) as store:
        _, payloads = await kept(store, ground.clock)
        await ground.copied()
        await rotating.turn(store)
        await rotating.rotation(store, ground.clock).sweep()
        assert (await rotating.states(store))[vault.name(rotating.OLD)] is KeyState.RETIRED
        await asyncio.to_thread(copies.backup, ground.path, ground.folder / "copy2", ground.folder / "apart2")
    former, later = ground.source, Source(folder=ground.folder / "copy2", keys=ground.folder / "apart2")
    older = order == "log before keys"
    source = Source(folder=(former if older else later).folder, keys=(later if older else former).keys)
    right, wrong = (new, rotating.keys()) if older else (rotating.keys(), new)
    with pytest.raises(UnsafeStart):
        await ground.restored(wrong, source)
    await ground.restored(right, source)
    async with SqliteStore.open(ground.anew, keys=right, origin=ORIGIN, clock=ground.clock) as store:
        assert await store.payloads.open(payloads[0]) == b"select 1"
        states = {one.name: one.state for one in await store.names.named() if one.purpose == "questions"}
        wraps = vault.name(rotating.NEW if older else rotating.OLD)
        assert [name for name, state in states.items() if state is KeyState.CURRENT] == [wraps]
        _, more = await kept(store, ground.clock, "bob")
        assert await store.payloads.open(more[0]) == b"select 1"


async def test_who_was_erased_is_not_named_again_by_an_older_copy_of_the_record(ground: Ground) -> None:
    """The newest copy of keys says who: the key of a name ends with its person alone."""
    async with ground.opened() as store:
        await kept(store, ground.clock, "annabel")
        review, other = await voted(store, ground.clock, "annabel"), await voted(store, ground.clock, "bob")
        await ground.copied()
        await erased(store, "annabel")
        await asyncio.to_thread(copies.backup, ground.path, ground.folder / "copy2", ground.folder / "apart2")
    assert b"annabel" in (ground.source.folder / LOG).read_bytes()
    await ground.restored(source=Source(folder=ground.source.folder, keys=ground.folder / "apart2"))
    async with ground.opened(ground.anew) as store:
        assert [one.name for one in await store.reviews.votes(review)] == ["erased"]
        assert [one.person.id for one in await store.reviews.votes(other)] == ["bob"]
    assert b"annabel" not in b"".join(one.read_bytes() for one in ground.anew.parent.rglob("*") if one.is_file())


async def test_a_restored_store_is_closed_until_two_operators_open_it_under_one_policy(ground: Ground) -> None:
    async with ground.opened() as store:
        assert not await store.closure.closed()
        await kept(store, ground.clock)
        await ground.copied()
    await ground.restored()
    async with ground.opened(ground.anew) as store:
        assert await store.closure.closed()
        people = bench(store, ground.clock)
        with pytest.raises(BadCall):
            await people.propose(operator("dan"), "store.open", {"policy": "p0"})
        act = await people.propose(operator("dan"), "store.open", {"policy": "p1"})
        assert await people.decide(operator("dan"), act.id, Decision.APPROVE) is Said.SELF
        assert await store.closure.closed()
    async with ground.opened(ground.anew) as store:
        assert await store.closure.closed()  # a restart opens nothing
        people = bench(store, ground.clock)
        assert await people.decide(operator("erin"), act.id, Decision.APPROVE) is Said.APPROVED
        assert not await store.closure.closed()
        with pytest.raises(BadCall):
            await people.propose(operator("dan"), "store.open", {"policy": "p1"})


def changed(ground: Ground) -> Source:
    with (ground.source.folder / "assent.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    return ground.source


def missing(ground: Ground) -> Source:
    (ground.source.folder / "copy.json").unlink()
    return ground.source


def rehashed(ground: Ground) -> Source:
    """Somebody changes an Entry and the sheet beside it."""
    path = ground.source.folder / "assent.db"
    with sqlite3.connect(path) as log:
        for (name,) in log.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            log.execute(f'DROP TRIGGER "{name}"')
        log.execute("DELETE FROM log_entry WHERE kind = 'call.outcome'")
    log.close()
    sheet = ground.source.folder / "copy.json"
    said = json.loads(sheet.read_text())
    said["files"]["assent.db"] = digest(path)
    sheet.write_text(json.dumps(said))
    return ground.source


def unkeyed(ground: Ground) -> Source:
    return Source(folder=ground.source.folder, keys=ground.folder / "none")


@pytest.mark.parametrize(
    ("break_", "says"),
    [
        (changed, "is not as it was copied"),
        (missing, "holds no whole copy"),
        (rehashed, "does not hold"),
        (unkeyed, "no copy of a store's keys"),
    ],
)
async def test_a_copy_that_is_not_whole_is_refused_and_leaves_nothing(
    ground: Ground, break_: Callable[[Ground], Source], says: str
) -> None:
    async with ground.opened() as store:
        await kept(store, ground.clock)
        await store.checkpoint()
        await ground.copied()
    with pytest.raises(UnsafeStart, match=says):
        await ground.restored(source=break_(ground))
    assert list(ground.anew.parent.iterdir()) == []


async def test_keys_of_another_store_and_other_keys_are_refused(ground: Ground) -> None:
    async with ground.opened() as store:
        await kept(store, ground.clock)
        await store.checkpoint()
        await ground.copied()
    other = Ground(ground.folder / "other", ground.clock)
    other.path.parent.mkdir(parents=True, mode=0o700)
    async with other.opened() as store:
        await kept(store, ground.clock)
        await other.copied()
    with pytest.raises(UnsafeStart, match="keys of another store"):
        await ground.restored(source=Source(folder=ground.source.folder, keys=other.source.keys))
    for keys, says in (
        (Keys(questions=b"z" * 32, results=b"r" * 32, signing=b"s" * 32, mask=b"m" * 32), "questions"),
        (Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"z" * 32, mask=b"m" * 32), "does not hold"),
    ):
        with pytest.raises(UnsafeStart, match=says):
            await ground.restored(keys)
    assert list(ground.anew.parent.iterdir()) == []


async def test_nothing_is_written_over(ground: Ground) -> None:
    async with ground.opened() as store:
        await kept(store, ground.clock)
        await ground.copied()
        with pytest.raises(UnsafeStart, match="already"):
            await ground.copied()
        inside = ground.folder / "copy3"
        with pytest.raises(UnsafeStart, match="apart"):
            await asyncio.to_thread(copies.backup, ground.path, inside, inside / "keys")
    await ground.restored()
    with pytest.raises(UnsafeStart, match="move it away"):
        await ground.restored()
    again = Ground(ground.folder / "again", ground.clock)
    (again.folder / "new").mkdir(parents=True, mode=0o700)
    await asyncio.to_thread(copies.backup, ground.anew, again.source.folder, again.source.keys)
    assert await again.restored() == f"{ORIGIN}/3"
    async with again.opened(again.anew) as store:
        verifier = store.verifier
    assert verify_store(again.anew, verifier).findings == ()


async def test_what_the_lost_signer_signed_last_is_named(ground: Ground) -> None:
    async with ground.opened() as store:
        await kept(store, ground.clock)
        await ground.copied()
        await kept(store, ground.clock, "bob")
    signed = Place(ground.path).signed
    source = Source(folder=ground.source.folder, keys=ground.source.keys, signed=signed)
    await ground.restored(source=source)
    async with ground.opened(ground.anew) as store:
        (said,) = [one for one in await store.journal.tail(0, 999) if one.body["kind"] == EntryKind.RESTORED.value]
        known = said.body["known"]
        assert isinstance(known, dict)
        assert isinstance(known["size"], int)
        assert isinstance(said.body["size"], int)
        assert known["size"] > said.body["size"]


async def test_after_a_restore_tokens_are_minted_by_the_key_of_the_configuration_and_by_none_that_ended(
    ground: Ground,
) -> None:
    """The copy may be older than the last rotation: going back to a key that was stolen since would be worse."""
    ended, held, since = b"t" * 32, b"T" * 32, b"u" * 32
    async with SqliteStore.open(
        ground.path, keys=replace(KEYS, minting=ended, next={"minting": held}), origin=ORIGIN, clock=ground.clock
    ) as store:
        was, now = vault.name(ended), vault.name(held)
        said: dict[str, Json] = {"purpose": "minting", "old_id": was, "new_id": now}
        entry = Entry(kind=EntryKind.KEY_ROTATE, body=said)
        await store.journal.commit(Unit(entries=(entry,), changes=(TurnKey(purpose="minting", old=was, new=now),)))
        await ground.copied()
    await ground.restored(replace(KEYS, minting=since))
    async with SqliteStore.open(
        ground.anew, keys=replace(KEYS, minting=since), origin=ORIGIN, clock=ground.clock
    ) as store:
        assert {one.name: one.state for one in await store.names.named() if one.purpose == "minting"} == {
            was: KeyState.RETIRED,
            vault.name(since): KeyState.CURRENT,
        }
    shutil.rmtree(ground.anew.parent)
    ground.anew.parent.mkdir(mode=0o700)
    with pytest.raises(UnsafeStart, match="was replaced before the store was restored"):
        await ground.restored(replace(KEYS, minting=ended))
