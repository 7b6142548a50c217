"""The port Standing and the guards of units: blocks and the policy in force, in every store alike."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.audit.entry import Malformed
from core.errors import Blocked, Lost, Superseded
from core.model import Entry, EntryKind
from core.ports import EVERYTHING, Block, EndBlock, Party, PartyKind, SetBlock, SetPolicy, Unit
from tests import entries
from tests.contract.conftest import Clock, Store

SHOP = Party(kind=PartyKind.SOURCE, id="shop")
ANN = Party(kind=PartyKind.PERSON, id="5f3c")
BOT = Party(kind=PartyKind.AGENT, id="night bot")


def block(party: Party, until: datetime | None = None) -> Unit:
    said = Entry(kind=EntryKind.BLOCK_SET, body={"of": str(party), "by": "p"})
    return Unit(entries=(said,), changes=(SetBlock(block=Block(party=party, until=until)),))


def release(party: Party) -> Unit:
    said = Entry(kind=EntryKind.BLOCK_RELEASE, body={"of": str(party), "by": "p"})
    return Unit(entries=(said,), changes=(EndBlock(party=party),))


def enact(version: str, was: str) -> Unit:
    said = Entry(kind=EntryKind.POLICY_CHANGE, body={"policy": version})
    return Unit(entries=(said,), changes=(SetPolicy(version=version, text=f"text of {version}", was=was),))


def call(clock: Clock, *parties: Party, policy: str = "") -> Unit:
    """A Call's INTENT that must not stand where one of these is blocked."""
    return Unit(entries=(entries.intent(entries.call(clock.now()).id),), unblocked=frozenset(parties), policy=policy)


@pytest.mark.parametrize("party", [EVERYTHING, SHOP, ANN, BOT], ids=str)
async def test_no_unit_of_a_blocked_party_is_made_until_the_block_is_released(
    store: Store, clock: Clock, party: Party
) -> None:
    await store.journal.commit(call(clock, EVERYTHING, SHOP, ANN, BOT))
    await store.journal.commit(block(party))
    assert await store.standing.blocks() == (Block(party=party),)
    before = await store.journal.open_calls()
    with pytest.raises(Blocked):
        await store.journal.commit(call(clock, EVERYTHING, SHOP, ANN, BOT))
    assert await store.journal.open_calls() == before
    await store.journal.commit(call(clock, Party(kind=PartyKind.SOURCE, id="till")))  # nobody of these
    await store.journal.commit(release(party))
    await store.journal.commit(call(clock, EVERYTHING, SHOP, ANN, BOT))
    with pytest.raises(Lost):
        await store.journal.commit(release(party))


async def test_a_block_ends_by_the_stores_clock_and_a_second_one_never_shortens_it(store: Store, clock: Clock) -> None:
    hour = clock.now() + timedelta(hours=1)
    await store.journal.commit(block(SHOP, hour))
    await store.journal.commit(block(SHOP, clock.now() + timedelta(minutes=1)))
    clock.advance(timedelta(minutes=59))
    with pytest.raises(Blocked):
        await store.journal.commit(call(clock, SHOP))
    clock.advance(timedelta(minutes=1))
    await store.journal.commit(call(clock, SHOP))
    await store.journal.commit(block(SHOP))
    await store.journal.commit(block(SHOP, clock.now() + timedelta(minutes=1)))
    assert await store.standing.blocks() == (Block(party=SHOP),)


async def test_guards_hold_for_units_with_rows_and_of_many_at_once_each_hears_its_own(
    store: Store, clock: Clock
) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(block(ANN))
    with pytest.raises(Blocked):
        await store.journal.commit(replace(entries.opening(review), unblocked=frozenset({SHOP, ANN})))
    assert await store.reviews.review(review.id) is None
    units = [call(clock, *((ANN,) if number % 2 else (SHOP,))) for number in range(8)]
    said = await asyncio.gather(*(store.journal.commit(unit) for unit in units), return_exceptions=True)
    assert [isinstance(one, Blocked) for one in said] == [bool(number % 2) for number in range(8)]


async def test_what_was_decided_by_another_policy_than_the_one_in_force_is_not_made(store: Store, clock: Clock) -> None:
    assert (await store.standing.policy(), await store.standing.version()) == (None, "")
    await store.journal.commit(call(clock, policy="one"))  # none was ever put in force
    await store.journal.commit(enact("one", ""))
    assert (await store.standing.policy(), await store.standing.version()) == (("one", "text of one"), "one")
    await store.journal.commit(call(clock, policy="one"))
    for lost in (enact("two", ""), enact("two", "three")):
        with pytest.raises(Lost):
            await store.journal.commit(lost)
    await store.journal.commit(enact("two", "one"))
    with pytest.raises(Superseded):
        await store.journal.commit(call(clock, policy="one"))
    await store.journal.commit(call(clock, policy="two"))


async def test_neither_block_nor_policy_changes_without_its_entry(store: Store) -> None:
    for change in (
        SetBlock(block=Block(party=SHOP)),
        EndBlock(party=SHOP),
        SetPolicy(version="one", text="", was=""),
    ):
        with pytest.raises(Malformed):
            await store.journal.commit(Unit(changes=(change,)))
