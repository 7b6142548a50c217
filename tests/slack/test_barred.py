"""Every button and modal by every account that may press none, over both transports: nothing of it is on record."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from core.model import EntryKind, State
from demo.slack import Slack
from slackbot.views import cards, glass
from tests.line import holding
from tests.slack.acting import EVE, NOBODY, Act, drawn, ends, made, presses, sends, somebody, staffed
from tests.slack.floor import Floor
from tests.slack.test_votes import DORA


async def nobody(on: Floor, acts: Mapping[str, Act]) -> None:
    """Have everybody who is barred try all of it: whatever they are told, nothing comes of it."""
    before = made(on)
    for name, act in acts.items():
        for member in NOBODY:
            await act(member.id)
            assert made(on) == before, (name, member.name)


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_nobody_who_is_barred_decides_grants_answers_alone_looks_ends_stops_or_blocks(
    slack: Slack, transport: str
) -> None:
    async with staffed(slack, transport) as on:
        await pending(on)
        await emergency(on)
        await granted(on)


async def pending(on: Floor) -> None:
    """A question that waits, with a grant on offer, and open to who answers alone."""
    row, card = await on.asked()
    assert row.offer is not None
    buttons = {name: presses(on, card, name) for name in (cards.APPROVE, cards.DENY, cards.BLOCK, glass.BREAK)}
    forms = {name: sends(on, row, name) for name in ("approve", "grant", "deny", "answer alone", "look at it")}
    await nobody(on, buttons | forms)
    await somebody(on, forms["deny"], EVE.id, EntryKind.VOTE, EntryKind.DECIDED)


async def emergency(on: Floor) -> None:
    """An answer given alone, which is taken back, and looked at."""
    row, _ = await on.asked()
    await somebody(on, sends(on, row, "answer alone"), DORA.id, EntryKind.VOTE, EntryKind.DECIDED)
    revokes = presses(on, await drawn(on, row), cards.REVOKE)
    await nobody(on, {"revoke": revokes})
    await somebody(on, revokes, DORA.id, EntryKind.REVOKED)
    await on.room.sweep()
    card = await drawn(on, row)
    looks = sends(on, await on.row(row.id), "look at it")
    await nobody(on, {"look": presses(on, card, glass.LOOK), "look at it": looks})
    await somebody(on, looks, DORA.id)  # her own
    await somebody(on, looks, EVE.id, EntryKind.GLASS_CLOSED)


async def granted(on: Floor) -> None:
    """A grant that stands, what runs with it, and the agent that asks."""
    row, _ = await on.asked()
    given = (EntryKind.VOTE, EntryKind.DECIDED, EntryKind.PERMIT_GIVEN)
    await somebody(on, sends(on, row, "grant"), DORA.id, *given)
    on.room.source.hook, reached, go = holding("run")
    await on.room.sweeper.sweep()
    await reached.wait()
    assert (await on.row(row.id)).state is State.EXECUTING
    card = await drawn(on, row)
    stops, blocks = presses(on, card, cards.REVOKE), presses(on, card, cards.BLOCK)
    await nobody(on, {"stop": stops, "block": blocks})
    await somebody(on, stops, DORA.id, EntryKind.STOP)
    ending = await ends(on)
    await nobody(on, {"end": ending})
    await somebody(on, ending, DORA.id, EntryKind.PERMIT_REVOKED)
    await somebody(on, blocks, DORA.id, EntryKind.BLOCK_SET)
    go.set()
    await on.room.settle()
