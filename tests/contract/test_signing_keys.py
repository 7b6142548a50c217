"""Another signing key in the place of one, on every real store: announced, beside the former one, then alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.entry import alert
from core.audit.transparency import note
from core.audit.transparency.note import VerifierKey
from core.audit.transparency.trust import Pin, Trust, only
from core.audit.verification.verify import Asked, Report
from core.custody import revoking
from core.custody import rotation as room
from core.errors import AuditUnavailable, BadCall, UnsafeStart
from core.model import ActId, EntryKind, Person
from core.ports import Act, KeyState, Unit
from core.stores.encryption import vault
from core.stores.encryption.vault import Keys
from core.stores.log.signing import Signer
from core.stores.postgres import check as database
from core.stores.sqlite.check import verify_store
from core.stores.steps import through
from tests.contract.conftest import Clock
from tests.contract.test_rotation import Real, opened, rotation
from tests.doubles import ORIGIN
from tests.pgstore import Ground

pytestmark = pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)

OLD, NEW = b"s" * 32, b"S" * 32
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
Place = Path | Ground


def keys(signing: bytes, following: bytes = b"") -> Keys:
    more = {"signing": following} if following else {}
    return Keys(questions=b"q" * 32, results=b"r" * 32, signing=signing, mask=b"m" * 32, next=more)


def public(seed: bytes) -> VerifierKey:
    return note.public(ORIGIN, Ed25519PrivateKey.from_private_bytes(seed))


BOTH = Trust(pins=(Pin(key=public(OLD)), Pin(key=public(NEW))))


async def turn(store: Real, clock: Clock) -> None:
    """The unit of what two operators said."""
    effects = room.effects(names=store.names, rotation=rotation(store, clock), clock=clock)
    act = Act(
        id=ActId("act_1"),
        does="keys.rotate",
        of={"purpose": "signing", "id": vault.name(NEW)},
        by=Person(directory="acme", id="dan"),
        at=clock.now(),
        until=clock.now() + timedelta(days=1),
    )
    await store.journal.commit(await effects["keys.rotate"].unit(act, "erin"))


async def signed(store: Real) -> frozenset[VerifierKey]:
    """Grow the log and sign it; who did."""
    await store.journal.commit(Unit(entries=(alert("x"),)))
    await store.checkpoint()
    newest = await store.checkpoints.newest()
    assert newest is not None
    return note.check(note.parse(newest.note), (public(OLD), public(NEW)))


async def verified(store: Real, place: Place, trust: Trust) -> Report:
    asked = Asked(trust=trust)
    if isinstance(place, Ground):
        async with database.copied(place.server.url(place.database)) as path:
            return verify_store(path, asked)
    return await asyncio.to_thread(verify_store, place, asked, running=True)


async def test_a_key_is_announced_signs_beside_the_former_one_and_then_alone(place: Place, clock: Clock) -> None:
    async with opened(place, clock, keys(OLD, NEW)) as store:
        assert await signed(store) == {public(OLD)}
        await turn(store, clock)
        assert await signed(store) == {public(OLD), public(NEW)}
        for trust in (only(public(OLD)), BOTH):  # whoever has not heard of the new one verifies all the same
            assert (await verified(store, place, trust)).counts == {}
        clock.advance(timedelta(days=6))
        assert store.succession is not None
        await store.succession.sweep()
        assert await signed(store) == {public(OLD), public(NEW)}
        last = await store.checkpoints.newest()
        assert last is not None
        clock.advance(timedelta(days=1))
        await store.succession.sweep()
        await store.succession.sweep()
        assert await signed(store) == {public(NEW)}
        said = [one.body for one in await store.journal.tail(0, 1000)]
        (announced,) = [body for body in said if body["kind"] == EntryKind.KEY_ROTATE]
        assert (announced["old_id"], announced["new_vkey"]) == (public(OLD).id.hex(), str(public(NEW)))
        (revoked,) = [body for body in said if body["kind"] == EntryKind.KEY_REVOKE]
        assert (revoked["id"], revoked["to_size"]) == (public(OLD).id.hex(), last.size + 1)
        assert {one.name: one.state for one in await store.names.named() if one.purpose == "signing"} == {
            vault.name(OLD): KeyState.RETIRED,
            vault.name(NEW): KeyState.CURRENT,
        }
        assert (await verified(store, place, BOTH)).counts == {}
        # an auditor who pins the first key alone is told which key follows it
        report = await verified(store, place, only(public(OLD)))
        assert set(report.counts) == {"signature"}
        assert str(public(NEW)) in report.findings[-1].detail
    async with opened(place, clock, keys(NEW)) as store:  # the former one is destroyed
        assert await signed(store) == {public(NEW)}
        assert (await verified(store, place, BOTH)).counts == {}
    with pytest.raises(UnsafeStart, match="needs"):
        async with opened(place, clock, keys(OLD)):
            pass


async def test_in_the_overlap_both_keys_are_needed_in_either_place(place: Place, clock: Clock) -> None:
    async with opened(place, clock, keys(OLD, NEW)) as store:
        await turn(store, clock)
        await signed(store)
    for held in (keys(OLD), keys(NEW)):
        with pytest.raises(UnsafeStart, match="name both"):
            async with opened(place, clock, held):
                pass
    async with opened(place, clock, keys(NEW, OLD)) as store:
        assert await signed(store) == {public(OLD), public(NEW)}
        assert (await verified(store, place, BOTH)).counts == {}


async def test_a_key_that_was_not_decided_signs_nothing(place: Place, clock: Clock) -> None:
    async with opened(place, clock, keys(OLD, NEW)) as store:
        for _ in range(3):
            assert await signed(store) == {public(OLD)}
    with pytest.raises(UnsafeStart, match="needs"):
        async with opened(place, clock, keys(NEW)):
            pass


async def test_a_signer_without_the_key_that_was_decided_signs_nothing(place: Place, clock: Clock) -> None:
    async with opened(place, clock, keys(OLD, NEW)) as store:
        await signed(store)
    async with opened(place, clock, keys(OLD)) as store:  # it does not hold what the other offered
        await signed(store)
        before = await store.checkpoints.newest()
        await turn(store, clock)
        with pytest.raises(AuditUnavailable, match="was replaced by"):
            await store.checkpoint()
        assert await store.checkpoints.newest() == before
    async with opened(place, clock, keys(OLD, NEW)) as store:
        assert await signed(store) == {public(OLD), public(NEW)}
        assert (await verified(store, place, BOTH)).counts == {}


async def test_a_key_whose_announcement_is_not_integrated_yet_signs_nothing(place: Place, clock: Clock) -> None:
    """A checkpoint of fewer Entries than the announcement has before it is the former key's alone."""
    signer = Signer(origin=ORIGIN, keys=keys(OLD, NEW), state=Path("nowhere"), clock=clock)
    async with opened(place, clock, keys(OLD, NEW)) as store:
        await turn(store, clock)
        size = await store.names.size()
        readers = store.cursors._readers
        for held, count in ((size - 1, 1), (size, 2), (size + 1, 2)):
            assert len(await through(readers, signer._signing(held))) == count


# ---------------------------------------------------------------- a key that is no longer secret


async def revoke(store: Real, clock: Clock, key: bytes = OLD) -> None:
    """The unit of what two operators said."""
    act = Act(
        id=ActId("act_2"),
        does="keys.revoke",
        of={"purpose": "signing", "id": vault.name(key)},
        by=Person(directory="acme", id="dan"),
        at=clock.now(),
        until=clock.now() + timedelta(days=1),
    )
    await store.journal.commit(await revoking.effects(store.names)["keys.revoke"].unit(act, "erin"))


async def witnessed(store: Real) -> int:
    """Have the newest checkpoint signed by somebody."""
    newest = await store.checkpoints.newest()
    assert newest is not None
    line = note.cosign(note.parse(newest.note).text, "w.example/1", WITNESS, at=1)
    await store.checkpoints.cosigned(newest.size, "w.example/1", line)
    return newest.size


async def test_a_key_that_is_no_longer_secret_signs_nothing_from_the_decision_on(place: Place, clock: Clock) -> None:
    async with opened(place, clock, keys(OLD, NEW)) as store:
        await signed(store)
        seen = await witnessed(store)
        await signed(store)  # by the old key alone, and nobody saw it
        await turn(store, clock)
        await signed(store)
        await revoke(store, clock)
        assert await signed(store) == {public(NEW)}  # the overlap is over, whatever its seven days
        said = [one.body for one in await store.journal.tail(0, 1000)]
        (revoked,) = [body for body in said if body["kind"] == EntryKind.KEY_REVOKE]
        assert (revoked["id"], revoked["to_size"]) == (public(OLD).id.hex(), seen + 1)
        assert "signing_key_revoked" in [body["alert"] for body in said if body["kind"] == EntryKind.ALERT]
        # auditors end its range where the log says: what it signed between counts for nothing, and is no finding
        start = next(one["from_size"] for one in said if one["kind"] == EntryKind.KEY_ROTATE)
        ended = Trust(pins=(Pin(key=public(OLD), end=seen + 1), Pin(key=public(NEW), start=int(str(start)))))
        newest = await store.checkpoints.newest()
        assert newest is not None
        for trust in (BOTH, ended):
            report = await verified(store, place, trust)
            assert (report.counts, report.signed) == ({}, newest.size)
    async with opened(place, clock, keys(NEW)) as store:  # it is destroyed
        assert await signed(store) == {public(NEW)}
    with pytest.raises(UnsafeStart, match="never comes back"):
        async with opened(place, clock, keys(NEW, OLD)):
            pass


async def test_a_key_is_revoked_only_once_another_signs_in_its_place(place: Place, clock: Clock) -> None:
    async with opened(place, clock, keys(OLD, NEW)) as store:
        await signed(store)
        for key, why in ((OLD, "another key first"), (NEW, "signs nothing"), (b"x" * 32, "only a key that signs")):
            with pytest.raises(BadCall, match=why):
                await revoke(store, clock, key)
        await turn(store, clock)
        with pytest.raises(BadCall, match="has not signed yet"):
            await revoke(store, clock)
        await signed(store)
        await revoke(store, clock)
        with pytest.raises(BadCall, match="signs nothing"):
            await revoke(store, clock)
