"""Erasure and retention on real files: keys are gone from them, months are dropped, and every proof still holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from core.audit.verification.verify import Result
from core.custody.acts import Bench
from core.custody.effects import effects
from core.custody.keeper import Keeper
from core.custody.notes import Notes
from core.errors import NotFound
from core.model import Decision, Identity, Json, PayloadId, Person
from core.ports import Payload, Role, Said, Unit
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.files import Place
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_sqlite_store import KEYS
from tests.policies import silent, unruled

DAY = timedelta(days=1)


def keeper(store: SqliteStore, clock: ManualClock, terms: Mapping[str, int]) -> Keeper:
    return Keeper(
        journal=store.journal,
        keys=store.ring,
        custody=store.custody,
        months=store.payloads,
        results=store.reviews,
        clock=clock,
        configured=terms,
    )


def bench(store: SqliteStore, clock: ManualClock, keeping: Keeper) -> Bench:
    return Bench(
        journal=store.journal,
        acts=store.custody,
        custody=store.custody,
        subjects=store.subjects,
        macs=store.macs,
        clock=clock,
        notes=Notes(journal=store.journal, payloads=store.payloads),
        effects=effects(keys=store.ring, custody=store.custody, keeper=keeping, macs=store.macs),
        is_operator=lambda _: True,
        ruling=unruled(store.standing),
        tell=silent,
        standing=store.standing,
        sources=frozenset({"shop"}),
        alone=False,
    )


def operator(name: str) -> Identity:
    return Identity(person=Person(directory="acme", id=name), name=name, email=None, via="terminal")


async def asked(store: SqliteStore, clock: ManualClock, name: str = "ann") -> tuple[str, PayloadId]:
    """A Call that ended, with its statement and its result: its Session and the statement."""
    call = entries.call(clock.now(), conversation=("c", name))
    session = await store.sessions.join(entries.caller(name), call)
    words = [Payload(role=Role.STATEMENT, content=b"select 1"), Payload(role=Role.RESULT, content=b"{}\n")]
    kept = await store.payloads.keep(call.id, session.id, "shop", words)
    named: list[Json] = [dict(one.reference) for one in kept]
    intent = entries.intent(call.id, session=session.id, payloads=named)
    await store.journal.commit(Unit(entries=(intent, entries.outcome(call.id))))
    return session.id, kept[0].id


async def test_erasing_a_person_leaves_no_key_and_no_name_and_the_record_still_proves_itself(tmp_path: Path) -> None:
    path, clock = tmp_path / "assent.db", ManualClock()
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        _, ann = await asked(store, clock)
        _, bob = await asked(store, clock, "bob")
        keeping = keeper(store, clock, {})
        await keeping.start()
        with sqlite3.connect(f"file:{Place(path).keys}?mode=ro", uri=True) as held:
            rows = held.execute("SELECT person, session, wrapped FROM dek").fetchall()
        held.close()
        people = bench(store, clock, keeping)
        act = await people.propose(operator("dan"), "erase", {"kind": "person", "id": "acme:ann"})
        assert await people.decide(operator("erin"), act.id, Decision.APPROVE) is Said.APPROVED
        with pytest.raises(NotFound):
            await store.payloads.open(ann)
        assert await store.payloads.open(bob) == b"select 1"
        names = {line.person for line in await store.history.sessions()}
        assert "bob@acme.example" in names
        assert "ann@acme.example" not in names
        with closing(sqlite3.connect(f"file:{Place(path).keys}?mode=ro", uri=True)) as held:
            looked = held.execute("SELECT k.wrapped IS NULL, s.look IS NULL FROM subject s JOIN dek k ON k.id = s.dek")
            assert sorted(set(looked)) == [(0, 0), (1, 1)]  # what a name is looked up by ends with its key
        files = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
        alive = {key.number for key in await store.ring.alive()}
        left = [bytes(wrapped) in files for _, _, wrapped in rows]
        assert left.count(False) == 3  # statement, result, name
        assert left.count(True) == len(alive) - 2  # all others, but for the operators' own names
        verifier = store.verifier
    report = verify_store(path, verifier)
    assert report.findings == ()
    assert report.result is Result.OK


async def test_a_month_without_a_key_is_dropped_and_the_record_still_proves_itself(tmp_path: Path) -> None:
    path, clock = tmp_path / "assent.db", ManualClock()
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        keeping = keeper(store, clock, {"questions": 20, "results": 20})
        await keeping.start()
        await asked(store, clock)
        old = Place(path).payloads(f"{clock.now():%Y%m}")
        clock.advance(19 * DAY)
        await keeping.sweep()
        assert old.exists()
        clock.advance(2 * DAY)
        await asked(store, clock, "bob")
        await keeping.sweep()
        assert not old.exists()
        assert [month.exists() for month in Place(path).months()] == [True]
        kinds = [one.body["kind"] for one in await store.journal.tail(0, 100)]
        assert kinds.count("payload.shred") == kinds.count("retention.prune") == 1
        verifier = store.verifier
    assert verify_store(path, verifier).findings == ()


async def test_a_payload_that_is_gone_without_the_end_of_its_key_is_a_finding(tmp_path: Path) -> None:
    path, clock = tmp_path / "assent.db", ManualClock()
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        keeping = keeper(store, clock, {"results": 1})
        await keeping.start()
        await asked(store, clock)
        clock.advance(3 * DAY)
        await keeping.sweep()
        verifier = store.verifier
    assert verify_store(path, verifier).findings == ()
    Place(path).months()[0].unlink()
    (finding,) = verify_store(path, verifier).findings  # the result's key ended, the statement's did not
    assert finding.rule == "payload_missing"


async def test_a_shred_between_its_entry_and_its_end_is_finished_after_a_crash(tmp_path: Path) -> None:
    path, clock = tmp_path / "assent.db", ManualClock()
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        session, payload = await asked(store, clock)
        keeping = keeper(store, clock, {})
        people = bench(store, clock, keeping)
        act = await people.propose(operator("dan"), "erase", {"kind": "session", "id": session})
        effect = effects(keys=store.ring, custody=store.custody, keeper=keeping, macs=store.macs)["erase"]
        await store.journal.commit(await effect.unit(act, "p"))  # and the process dies here
        assert await store.payloads.open(payload) == b"select 1"
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        await keeper(store, clock, {}).start()
        with pytest.raises(NotFound):
            await store.payloads.open(payload)
        assert await store.custody.shredding() == ()
