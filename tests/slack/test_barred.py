"""Every button and modal by every account that may press none, over both transports: nothing of it is on record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final, TypeAlias

import pytest

from core import subject
from core.model import Entry, EntryKind, Identity, Person, Review, State
from core.policy.force import enact
from core.policy.rules import Glass, Terms
from core.ports import Block, Party, PartyKind, SetBlock, Unit
from demo.slack import Slack
from demo.slack.manifest import array
from demo.slack.world import Channel, Json, Member, Posted, pressable
from slackbot import cards, glass, granting, modals
from tests.granted import UPDATES, room
from tests.line import Line, holding
from tests.slack.floor import EMERGENCIES, WRONG, Floor, floor
from tests.slack.test_votes import BARRED, DORA, GROUPS, PEOPLE, SAME

EVE: Final = Member(id="U0EVE", name="eve")  # who may look at what Dora answers alone
BELLA: Final = Member(id="U0BELLA", name="blocked")
NOBODY: Final = (*BARRED, BELLA)
LINKED: Final = {**PEOPLE, EVE.id: "acme:eve", BELLA.id: "acme:bella"}
DBA: Final = GROUPS["dba"] | {"acme:eve", "acme:bella"}
# Whoever is barred is named for emergencies as well: what stops them is what they are.
ALONE: Final = DBA - {"acme:eve"}
MADE: Final = frozenset(
    {
        *(EntryKind.VOTE, EntryKind.DECIDED, EntryKind.REVOKED, EntryKind.STOP, EntryKind.BLOCK_SET),
        *(EntryKind.PERMIT_GIVEN, EntryKind.PERMIT_REVOKED, EntryKind.GLASS_CLOSED),
    }
)
Act: TypeAlias = Callable[[str], Awaitable[object]]


def typed(text: str) -> Json:
    return {"v": {"type": "plain_text_input", "value": text}}


def picked(value: str) -> Json:
    return {"v": {"type": "static_select", "selected_option": {"value": value}}}


MODALS: Final[Mapping[str, tuple[str, Mapping[str, object]]]] = {
    "approve": (modals.APPROVED, {}),
    "grant": (modals.APPROVED, {granting.CHOICE: picked(granting.SHAPE)}),
    "deny": (modals.DENIED, WRONG),
    "answer alone": (glass.BROKEN, {glass.TICKET: typed("INC-1"), glass.REASON: typed("down")}),
    "look at it": (glass.LOOKED, {glass.FINDING: picked("justified"), glass.NOTE: typed("seen")}),
}


@asynccontextmanager
async def staffed(slack: Slack, transport: str) -> AsyncIterator[Floor]:
    """Open the door before everybody: an agent that somebody answers for, a rule with grants, and an emergency."""
    for each in (DORA, EVE, *NOBODY):
        slack.member(replace(each))
    slack.world.channels[EMERGENCIES] = Channel(id=EMERGENCIES, name="emergencies")
    line = room()
    groups = {**GROUPS, "dba": DBA}
    glassed = Glass(members=ALONE, ways=frozenset({"slack"}))
    line.judge.replace(enact(Terms(rules=(UPDATES,), groups=groups, glass=glassed)))
    async with floor(slack, transport, people=LINKED, groups=groups, same=SAME, alone=ALONE, room=line) as on:
        owned = replace(on.room.anna, owner=Person(directory="acme", id="olga"))
        on.room.anna = on.room.tokens.callers["anna"] = owned
        await block(line)
        yield on


async def block(line: Line) -> None:
    """Block Bella, as operators do."""
    who = Identity(person=Person(directory="acme", id="bella"), name="bella", email=None, via="console:x")
    party = Party(kind=PartyKind.PERSON, id=subject.of_identity(line.store.macs, who))
    said: Json = {"kind": party.kind.value, "id": party.id}
    entry = Entry(kind=EntryKind.BLOCK_SET, body={"of": said, "by": "u"})  # type: ignore[dict-item]
    await line.store.journal.commit(Unit(entries=(entry,), changes=(SetBlock(block=Block(party=party)),)))


def made(on: Floor) -> Counter[str]:
    """Count what is on record of people's acts."""
    return Counter(kind for kind in on.room.kinds() if kind in MADE)


async def nobody(on: Floor, acts: Mapping[str, Act]) -> None:
    """Have everybody who is barred try all of it: whatever they are told, nothing comes of it."""
    before = made(on)
    for name, act in acts.items():
        for member in NOBODY:
            await act(member.id)
            assert made(on) == before, (name, member.name)


async def somebody(on: Floor, act: Act, user: str, *kinds: EntryKind) -> None:
    """Have somebody who may do it, so that the act is known to be one."""
    before = made(on)
    await act(user)
    assert (made(on) - before) == Counter(kinds)


def sends(on: Floor, row: Review, name: str) -> Act:
    """Send a modal as one who has it open."""
    callback, values = MODALS[name]

    async def send(user: str) -> object:
        metadata = json.dumps({"r": row.id, "v": row.version, "d": row.digest}, separators=(",", ":"))
        view = {"id": "V1", "type": "modal", "callback_id": callback, "private_metadata": metadata, "blocks": []}
        shown: Json = {**view, "state": {"values": values}}
        sent = on.slack.shapes.submission(user, shown, trigger=on.slack.trigger(user))
        return await on.slack.deliver("interactive", sent)

    return send


def presses(on: Floor, card: Posted, action: str) -> Act:
    """Press a button as Dora sees it."""
    element = on.slack.visible(DORA.id, card, action)
    return lambda user: on.slack.press(user, card, element)


async def drawn(on: Floor, row: Review) -> Posted:
    """Draw what is stale, and give the card."""
    await on.door.screen.round()
    (card,) = [one for one in await on.room.store.reviews.cards(row.id) if one.channel != EMERGENCIES]
    found = on.slack.world.message(card.channel, card.ts)
    assert found is not None
    return found


async def ends(on: Floor) -> Act:
    """Press the button that ends a grant, as it stands in Dora's Home."""
    await on.slack.open_home(DORA.id)
    shown = on.slack.world.homes
    await on.slack.world.until(lambda: DORA.id in shown and granting.END in str(shown[DORA.id].payload), "the Home")
    home = shown[DORA.id]
    element = pressable([each for each in array(home.payload["blocks"]) if isinstance(each, dict)], granting.END)
    assert element is not None

    async def press(user: str) -> object:
        view = on.slack.api.view(home)
        sent = on.slack.shapes.view_click(user, element, view=view, trigger=on.slack.trigger(user))
        return await on.slack.deliver("interactive", sent)

    return press


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
