"""Going over to another of [keys] on every real store: two operators, batches, a crash at each step, named refusals."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from core import ports
from core.custody import effects as endings
from core.custody import rotation as room
from core.custody.acts import Bench
from core.custody.keeper import Keeper
from core.custody.notes import Notes
from core.custody.revoking import effects as revoking
from core.custody.rotation import Rotation
from core.errors import BadCall, Lost, NotFound, UnsafeStart
from core.identity.minted import OVERLAP
from core.model import Decision, Entry, EntryKind, Identity, Json, PayloadId, Person
from core.ports import KeyState, Payload, RetireKey, Role, Said, TurnKey, Unit
from core.stores.encryption import keyring, vault
from core.stores.encryption.vault import Keys
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.files import Place
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.contract.conftest import Clock
from tests.doubles import ORIGIN
from tests.pgstore import Ground
from tests.policies import silent, unruled

pytestmark = pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)

OLD, NEW, LATER = b"q" * 32, b"Q" * 32, b"k" * 32
RESULTS = b"r" * 32
BOTH = {"questions": NEW}
Real = SqliteStore | PostgresStore


def keys(first: bytes = OLD, second: bytes = RESULTS, mask: bytes = b"m" * 32, **following: bytes) -> Keys:
    return Keys(questions=first, results=second, signing=b"s" * 32, mask=mask, next=following)


def with_mask(mask: bytes, new: bytes) -> Keys:
    return Keys(questions=OLD, results=RESULTS, signing=b"s" * 32, mask=mask, next={"mask": new})


@asynccontextmanager
async def opened(place: Path | Ground, clock: Clock, held: Keys) -> AsyncIterator[Real]:
    if isinstance(place, Ground):
        async with PostgresStore.open(place.site(), keys=held, origin=ORIGIN, clock=clock) as store:
            yield store
    else:
        async with SqliteStore.open(place, keys=held, origin=ORIGIN, clock=clock) as store:
            yield store


def rotation(store: Real, clock: ports.Clock) -> Rotation:
    return Rotation(journal=store.journal, names=store.names, wraps=store.ring, clock=clock, tokens=OVERLAP)


def bench(store: Real, clock: ports.Clock) -> Bench:
    keeper = Keeper(
        journal=store.journal,
        keys=store.ring,
        custody=store.custody,
        months=store.payloads,
        results=store.reviews,
        clock=clock,
        configured={},
    )
    return Bench(
        journal=store.journal,
        acts=store.custody,
        custody=store.custody,
        subjects=store.subjects,
        macs=store.macs,
        clock=clock,
        notes=Notes(journal=store.journal, payloads=store.payloads),
        effects={
            **endings.effects(keys=store.ring, custody=store.custody, keeper=keeper, macs=store.macs),
            **room.effects(names=store.names, rotation=rotation(store, clock), clock=clock),
            **revoking(store.names),
        },
        is_operator=lambda _: True,
        ruling=unruled(store.standing),
        tell=silent,
        standing=store.standing,
        sources=frozenset(),
        alone=False,
    )


def operator(name: str) -> Identity:
    return Identity(person=Person(directory="acme", id=name), name=name, email=None, via="terminal")


async def kept(store: Real, clock: Clock, name: str = "ann") -> list[PayloadId]:
    """A statement and a result of somebody."""
    call = entries.call(clock.now(), conversation=("c", name))
    session = await store.sessions.join(entries.caller(name), call)
    said = [Payload(role=Role.STATEMENT, content=b"select 1"), Payload(role=Role.RESULT, content=b"{}\n")]
    return [one.id for one in await store.payloads.keep(call.id, session.id, "shop", said)]


async def turn(store: Real, purpose: str = "questions", old: bytes = OLD, new: bytes = NEW) -> None:
    """The unit of an approved rotation, and nothing after it."""
    was, now = vault.name(old), vault.name(new)
    said: dict[str, Json] = {"purpose": purpose, "old_id": was, "new_id": now}
    entry = Entry(kind=EntryKind.KEY_ROTATE, body=said)
    await store.journal.commit(Unit(entries=(entry,), changes=(TurnKey(purpose=purpose, old=was, new=now),)))


async def states(store: Real) -> dict[str, KeyState]:
    return {one.name: one.state for one in await store.names.named()}


async def kinds(store: Real) -> Sequence[str]:
    return [str(one.body["kind"]) for one in await store.journal.tail(0, 100)]


async def test_a_rotation_takes_two_operators_and_ends_with_nothing_wrapped_by_the_former_key(
    place: Path | Ground, clock: Clock
) -> None:
    async with opened(place, clock, keys(**BOTH)) as store:
        payloads = await kept(store, clock)
        name = await store.subjects.named("ann@acme.example")
        people, of = bench(store, clock), {"purpose": "questions", "id": vault.name(NEW)}
        act = await people.propose(operator("dan"), "keys.rotate", of)
        assert await people.decide(operator("dan"), act.id, Decision.APPROVE) is Said.SELF
        assert (await states(store))[vault.name(OLD)] is KeyState.CURRENT
        assert await people.decide(operator("erin"), act.id, Decision.APPROVE) is Said.APPROVED
        assert (await states(store))[vault.name(OLD)] is KeyState.RETIRED
        assert (await states(store))[vault.name(NEW)] is KeyState.CURRENT
        counts = await store.ring.wrapped()
        assert ("questions", vault.name(OLD)) not in counts
        assert counts["results", vault.name(RESULTS)] == 1
        said = await kinds(store)
        assert [said.count(kind) for kind in ("key.rotate", "key.rewrap", "key.revoke")] == [1, 1, 1]
        assert [await store.payloads.open(one) for one in payloads] == [b"select 1", b"{}\n"]
        later = await kept(store, clock, "bob")
    async with opened(place, clock, keys(NEW)) as store:  # the former one is destroyed
        for one in (*payloads, *later):
            assert await store.payloads.open(one)
        assert await store.subjects.named("ann@acme.example") == name


@pytest.mark.parametrize("steps", [0, 1, 3])
async def test_a_crash_at_any_step_is_gone_on_from_and_both_keys_open_meanwhile(
    place: Path | Ground, clock: Clock, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(keyring, "BATCH", 2)
    was, now = vault.name(OLD), vault.name(NEW)
    async with opened(place, clock, keys(questions=LATER)):
        pass  # offered as well
    async with opened(place, clock, keys(**BOTH)) as store:
        payloads = [one for name in ("ann", "bob", "cid") for one in await kept(store, clock, name)]
        await turn(store)
        last = 0
        for step in range(steps):  # the process dies after so many
            if step == 0:
                assert await store.ring.turn("questions", now)
            else:
                last = (await store.ring.rewrap("questions", was, now, after=last)).last
    async with opened(place, clock, keys(**BOTH)) as store:
        payloads += await kept(store, clock, "dan")
        for one in payloads:
            assert await store.payloads.open(one)
        of = {"purpose": "questions", "id": vault.name(LATER)}
        with pytest.raises(BadCall, match="not at its end"):
            await bench(store, clock).propose(operator("dan"), "keys.rotate", of)
    with pytest.raises(UnsafeStart, match="as well"):
        async with opened(place, clock, keys(NEW)):
            pass
    async with opened(place, clock, keys(NEW, questions=OLD)) as store:
        await rotation(store, clock).sweep()
        assert (await states(store))[was] is KeyState.RETIRED
        assert ("questions", was) not in await store.ring.wrapped()
        assert (await kinds(store)).count("key.revoke") == 1
        await rotation(store, clock).sweep()
        assert (await kinds(store)).count("key.revoke") == 1
    async with opened(place, clock, keys(NEW)) as store:
        for one in payloads:
            assert await store.payloads.open(one)


async def test_a_data_key_made_while_the_keys_turn_is_wrapped_by_the_new_one(
    place: Path | Ground, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(place, clock, keys(**BOTH)) as store:
        await kept(store, clock)
        await turn(store)
        wraps = vault.LocalKey.wrap

        async def slow(key: vault.LocalKey, raw: bytes) -> bytes:
            """Everything else of the rotation happens while this one is wrapped by the old key."""
            monkeypatch.setattr(vault.LocalKey, "wrap", wraps)
            await rotation(store, clock).sweep()
            return await wraps(key, raw)

        monkeypatch.setattr(vault.LocalKey, "wrap", slow)
        payloads = await kept(store, clock, "bob")
        assert ("questions", vault.name(OLD)) not in await store.ring.wrapped()
    async with opened(place, clock, keys(NEW)) as store:
        assert await store.payloads.open(payloads[0]) == b"select 1"


async def test_a_key_that_was_destroyed_meanwhile_is_not_brought_back(
    place: Path | Ground, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(place, clock, keys(**BOTH)) as store:
        payloads = await kept(store, clock)
        await turn(store)
        wraps, done = vault.LocalKey.wrap, list[int]()

        async def slow(key: vault.LocalKey, raw: bytes) -> bytes:
            """All are erased while the first is on its way to its new wrapping."""
            if not done:
                done.append(1)
                await store.ring.destroy([one.number for one in await store.ring.alive()])
            return await wraps(key, raw)

        monkeypatch.setattr(vault.LocalKey, "wrap", slow)
        await rotation(store, clock).sweep()
        assert done
        assert await store.ring.alive() == ()
        with pytest.raises(NotFound):
            await store.payloads.open(payloads[0])


async def test_a_former_key_is_not_retired_while_a_data_key_does_not_open_under_it(
    place: Path | Ground, clock: Clock
) -> None:
    async with opened(place, clock, keys(**BOTH)) as store:
        await kept(store, clock)
        (bad,) = [key.number for key in await store.ring.alive() if key.scope.kind == "person"]
        if isinstance(place, Ground):
            dba = await place.dba()
            await dba.execute("UPDATE dek SET wrapped = 'x' WHERE id = $1", bad)
            await dba.close()
        else:
            assert isinstance(store, SqliteStore)
            with sqlite3.connect(Place(place).keys) as held:
                held.execute("UPDATE dek SET wrapped = x'00' WHERE id = ?", (bad,))
            held.close()
        await turn(store)
        with pytest.raises(NotFound, match=str(bad)):
            await rotation(store, clock).sweep()
        assert (await states(store))[vault.name(OLD)] is KeyState.FORMER
        assert (await store.ring.wrapped())["questions", vault.name(OLD)] == 1  # all others went over


async def test_only_a_key_that_was_offered_takes_anothers_place(place: Path | Ground, clock: Clock) -> None:
    async with opened(place, clock, keys(**BOTH)) as store:
        people = bench(store, clock)
        for of in (
            {"purpose": "questions", "id": vault.name(LATER)},
            {"purpose": "results", "id": vault.name(NEW)},
            {"purpose": "questions", "id": vault.name(OLD)},
            {"purpose": "questions"},
            {},
        ):
            with pytest.raises(BadCall):
                await people.propose(operator("dan"), "keys.rotate", of)
        with pytest.raises(Lost):
            await turn(store, new=LATER)
        entry = Entry(kind=EntryKind.KEY_REVOKE, body={"purpose": "questions", "id": vault.name(OLD)})
        change = RetireKey(purpose="questions", name=vault.name(OLD))  # it is current
        with pytest.raises(Lost):
            await store.journal.commit(Unit(entries=(entry,), changes=(change,)))


async def test_a_mask_key_is_replaced_at_once_and_written_in_the_others_place(
    place: Path | Ground, clock: Clock
) -> None:
    mask, new = b"m" * 32, b"M" * 32
    async with opened(place, clock, with_mask(mask, new)) as store:
        await turn(store, "mask", mask, new)
        await rotation(store, clock).sweep()
        assert (await states(store))[vault.name(mask)] is KeyState.RETIRED
    with pytest.raises(UnsafeStart, match="mask was replaced"):
        async with opened(place, clock, with_mask(mask, new)):
            pass
    async with opened(place, clock, keys(mask=new)):
        pass


@pytest.mark.parametrize(
    ("held", "says"),
    [
        (keys(LATER), "questions is not the key of this store"),
        (keys(RESULTS, OLD), "holds the bytes of"),
        (keys(LATER, questions=OLD), "questions is not the key of this store"),
        (keys(OLD), "questions: the store needs .* as well"),
        (keys(NEW), "questions: the store needs .* as well"),
        (keys(OLD, questions=LATER), "questions: the store needs .* as well"),
    ],
)
async def test_a_start_with_other_keys_is_refused_by_name(
    place: Path | Ground, clock: Clock, held: Keys, says: str
) -> None:
    async with opened(place, clock, keys(**BOTH)) as store:
        await turn(store)
    with pytest.raises(UnsafeStart, match=says):
        async with opened(place, clock, held):
            pass


async def test_a_retired_key_never_comes_back(place: Path | Ground, clock: Clock) -> None:
    async with opened(place, clock, keys(**BOTH)) as store:
        await turn(store)
        await rotation(store, clock).sweep()
    with pytest.raises(UnsafeStart, match="never comes back"):
        async with opened(place, clock, keys(NEW, questions=OLD)):
            pass
    with pytest.raises(UnsafeStart, match="as well"):
        async with opened(place, clock, keys(OLD)):
            pass
    async with opened(place, clock, keys(OLD, questions=NEW)):  # until the configuration follows
        pass


async def test_after_a_rotation_no_file_holds_a_data_key_as_it_was_wrapped(place: Path | Ground, clock: Clock) -> None:
    async with opened(place, clock, keys(**BOTH)) as store:
        await kept(store, clock)
        if isinstance(place, Ground):
            return  # dead rows, WAL and standbys keep it until the server drops them
        with sqlite3.connect(f"file:{Place(place).keys}?mode=ro", uri=True) as held:
            rows = [row for (row,) in held.execute("SELECT wrapped FROM dek WHERE purpose = 'questions'")]
        held.close()
        await turn(store)
        await rotation(store, clock).sweep()
        files = b"".join(one.read_bytes() for one in Place(place).folder.iterdir())
        assert [row in files for row in rows] == [False] * len(rows)


MINT, MINTED = b"t" * 32, b"T" * 32


def minting(first: bytes, following: bytes = b"") -> Keys:
    more = {"minting": following} if following else {}
    return Keys(questions=OLD, results=RESULTS, signing=b"s" * 32, minting=first, next=more)


async def test_a_minting_key_counts_until_its_last_token_ended_and_nobody_need_hold_it(
    place: Path | Ground, clock: Clock
) -> None:
    old, new = vault.name(MINT), vault.name(MINTED)
    async with opened(place, clock, minting(MINT, MINTED)) as store:
        people, of = bench(store, clock), {"purpose": "minting", "id": new}
        act = await people.propose(operator("dan"), "keys.rotate", of)
        assert await people.decide(operator("dan"), act.id, Decision.APPROVE) is Said.SELF
        assert await people.decide(operator("erin"), act.id, Decision.APPROVE) is Said.APPROVED
        await rotation(store, clock).sweep()
        assert ((await states(store))[old], (await states(store))[new]) == (KeyState.FORMER, KeyState.CURRENT)
    async with opened(place, clock, minting(MINTED)) as store:  # it may be lost, or was stolen
        clock.advance(OVERLAP - timedelta(seconds=1))
        await rotation(store, clock).sweep()
        assert (await states(store))[old] is KeyState.FORMER
        clock.advance(timedelta(seconds=1))
        await rotation(store, clock).sweep()
        await rotation(store, clock).sweep()
        assert (await states(store))[old] is KeyState.RETIRED
        assert (await kinds(store)).count("key.revoke") == 1
    for held, says in (
        (minting(MINT), "minting: the store needs .* as well"),
        (minting(LATER), "minting is not the key of this store"),
        (minting(MINTED, MINT), "never comes back"),
    ):
        with pytest.raises(UnsafeStart, match=says):
            async with opened(place, clock, held):
                pass
