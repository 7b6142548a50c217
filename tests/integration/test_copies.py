"""A copy of a running store and a store from it: another name, closed, nothing allowed, nothing erased come back."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from core.audit.trust import pinned
from core.audit.verify import Asked, Result
from core.custody import restored
from core.custody.acts import Bench
from core.custody.notes import Notes
from core.errors import BadCall, BudgetSpent, NotFound, UnsafeStart
from core.execution.slots import project
from core.model import (
    ActId,
    Decision,
    Entry,
    EntryKind,
    Identity,
    Json,
    Outcome,
    PayloadId,
    Person,
    Review,
    State,
)
from core.ports import Act, Payload, ProposeAct, Reserve, Role, Said, Shred, Shredded, StoreResult, Unit, moved
from core.stores.sqlite import copies
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.copies import Source
from core.stores.sqlite.files import Place
from core.stores.sqlite.store import SqliteStore
from core.stores.vault import Keys
from tests import entries
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_sqlite_store import KEYS
from tests.policies import silent, unruled

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


async def kept(store: SqliteStore, clock: ManualClock, name: str = "ann") -> tuple[str, list[PayloadId]]:
    """A Call that ended, with its statement and its result; its Session."""
    call = entries.call(clock.now(), conversation=("c", name))
    session = await store.sessions.join(entries.caller(name), call)
    words = [Payload(role=Role.STATEMENT, content=b"select 1"), Payload(role=Role.RESULT, content=b"{}\n")]
    found = await store.payloads.keep(call.id, session.id, "shop", words)
    named: list[Json] = [dict(one.reference) for one in found]
    intent = entries.intent(call.id, session=session.id, payloads=named)
    await store.journal.commit(Unit(entries=(intent, entries.outcome(call.id))))
    return session.id, [one.id for one in found]


async def shredded(store: SqliteStore, session: str) -> None:
    found = tuple([key for key in await store.ring.alive() if key.scope.session == session])
    said = Entry(kind=EntryKind.SHRED, body={"reason": "erasure", "deks": [key.number for key in found]})
    await store.journal.commit(Unit(entries=(said,), changes=(Shred(keys=found),)))
    await store.ring.destroy([key.number for key in found])
    await store.journal.commit(Unit(changes=(Shredded(numbers=tuple(key.number for key in found)),)))


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


async def asked(store: SqliteStore, clock: ManualClock) -> Review:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    return review


async def approved(store: SqliteStore, clock: ManualClock) -> Review:
    review = await asked(store, clock)
    (intent,) = [one for one in await store.journal.entries(review.call) if one.body["kind"] == "call.intent"]
    until = clock.now() + HOUR
    await store.journal.commit(
        entries.casting(review, entries.vote(review, clock.now()), use_by=until, leaf=intent.leaf)
    )
    found = await store.reviews.review(review.id)
    assert found is not None
    return found


async def executing(store: SqliteStore, clock: ManualClock) -> Review:
    review = await approved(store, clock)
    until = int((clock.now() + HOUR).timestamp() * 1000)
    move = moved(review, State.EXECUTING)
    await store.journal.commit(Unit(entries=(entries.claimed(review, until),), changes=(move,)))
    return review


async def test_what_people_allowed_in_a_copy_is_void_and_what_was_begun_is_unknown(ground: Ground) -> None:
    async with ground.opened() as store:
        pending, granted = await asked(store, ground.clock), await approved(store, ground.clock)
        claimed, prepared = await executing(store, ground.clock), await executing(store, ground.clock)
        await store.journal.commit(Unit(entries=(entries.prepared(prepared.call),)))
        waiting = await executing(store, ground.clock)
        nothing = entries.outcome(waiting.call, Outcome.NOT_EXECUTED, final=False)
        given_up = (entries.prepared(waiting.call, "abandoned"), nothing)
        await store.journal.commit(Unit(entries=given_up))
        read = entries.call_id()
        result = StoreResult(call=read, result=PayloadId("pay_1"), until=ground.clock.now() + HOUR)
        await store.journal.commit(Unit(entries=(entries.intent(read),), changes=(result,)))
        by = Person(directory="acme", id="dan")
        act = Act(id=ActId("act_1"), does="erase", of={}, by=by, at=ground.clock.now(), until=ground.clock.now() + HOUR)
        said = Entry(kind=EntryKind.ACT_PROPOSED, scope=act.id, body={"does": "erase", "of": {}, "by": "p"})
        await store.journal.commit(Unit(entries=(said,), changes=(ProposeAct(act=act),)))
        await ground.copied()
    await ground.restored()
    async with ground.opened(ground.anew) as store:
        states = {one.id: one.state for one in await store.reviews.in_state(*State)}
        assert [states[one.id] for one in (pending, granted)] == [State.CANCELLED] * 2
        assert [states[one.id] for one in (claimed, prepared, waiting)] == [State.INDETERMINATE] * 3
        assert await store.journal.open_calls() == ()
        unknown = {claimed.call, prepared.call, waiting.call, read}
        assert set(await store.journal.indeterminate()) == unknown
        for call in unknown:
            assert project(await store.journal.entries(call)).attempts[-1].result is Outcome.UNKNOWN
        assert await store.reviews.result(read) is None
        assert await store.custody.acts() == ()
        verifier = store.verifier
    assert verify_store(ground.anew, verifier).findings == ()


async def test_budgets_are_not_refilled_by_a_restore(ground: Ground) -> None:
    async with ground.opened() as store:
        await kept(store, ground.clock)
        await ground.copied()
    await ground.restored()
    async with ground.opened(ground.anew) as store:
        for at, refused in ((ground.clock.now(), True), (ground.clock.now() + timedelta(days=1), False)):
            call = entries.call_id()
            spend = Reserve(call=call, account="a", day=f"{at:%Y-%m-%d}", amount=1, cap=100)
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


def bench(store: SqliteStore, clock: ManualClock, policy: str = "p1") -> Bench:
    return Bench(
        journal=store.journal,
        acts=store.custody,
        custody=store.custody,
        ruling=unruled(store.standing),
        tell=silent,
        standing=store.standing,
        sources=frozenset(),
        subjects=store.subjects,
        macs=store.macs,
        clock=clock,
        notes=Notes(journal=store.journal, payloads=store.payloads),
        effects=restored.effects(closure=store.closure, policy=lambda: policy),
        is_operator=lambda _: True,
        alone=False,
    )


def operator(name: str) -> Identity:
    return Identity(person=Person(directory="acme", id=name), name=name, email=None, via="terminal")


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
    said["files"]["assent.db"] = copies.digest(path)
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
