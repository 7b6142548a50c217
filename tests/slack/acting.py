"""Everybody of a workspace before the real Desk, and their buttons and modals: pressed, sent, forged, and counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final, TypeAlias

from core import subject
from core.model import Entry, EntryKind, Identity, Person, Review
from core.policy.force import enact
from core.policy.rules import Glass, Terms
from core.ports import Block, Party, PartyKind, SetBlock, Unit
from demo.slack import Slack
from demo.slack.manifest import array
from demo.slack.world import Channel, Json, Member, Posted, pressable
from slackbot.views import glass, granting, modals
from tests.granted import UPDATES, room
from tests.line import Line
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
async def staffed(slack: Slack, transport: str, *, replicas: int = 1, line: Line | None = None) -> AsyncIterator[Floor]:
    """Open the doors before everybody: an agent that somebody answers for, a rule with grants, and an emergency.

    `line`: what an earlier process of this gateway stood before, with all that is on record of it.
    """
    for each in (DORA, EVE, *NOBODY):
        slack.member(replace(each))
    slack.world.channels[EMERGENCIES] = Channel(id=EMERGENCIES, name="emergencies")
    groups = {**GROUPS, "dba": DBA}
    line = line or await begun(groups)
    async with floor(
        slack, transport, people=LINKED, groups=groups, same=SAME, alone=ALONE, room=line, replicas=replicas
    ) as on:
        yield on


async def begun(groups: Mapping[str, frozenset[str]]) -> Line:
    """Put the rules in force, and have Olga answer for the agent."""
    line = room()
    glassed = Glass(members=ALONE, ways=frozenset({"slack"}))
    line.judge.replace(enact(Terms(rules=(UPDATES,), groups=groups, glass=glassed)))
    line.anna = line.tokens.callers["anna"] = replace(line.anna, owner=Person(directory="acme", id="olga"))
    await block(line)
    return line


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


async def somebody(on: Floor, act: Act, user: str, *kinds: EntryKind) -> None:
    """Have somebody who may do it, so that the act is known to be one."""
    before = made(on)
    await act(user)
    assert (made(on) - before) == Counter(kinds)


def sends(on: Floor, row: Review, name: str, *, copies: int = 1) -> Act:
    """Send a modal as one who has it open, maybe several times."""
    callback, values = MODALS[name]

    async def send(user: str) -> object:
        metadata = json.dumps({"r": row.id, "v": row.version, "d": row.digest}, separators=(",", ":"))
        asked = await on.room.desk.show(None, row.id)
        parts = modals.everything(asked) if asked is not None else []
        view = {"id": "V1", "type": "modal", "callback_id": callback, "private_metadata": metadata, "blocks": parts}
        shown: Json = {**view, "state": {"values": values}}
        sent = on.slack.shapes.submission(user, shown, trigger=on.slack.trigger(user))
        return await on.slack.deliver("interactive", sent, copies=copies)

    return send


def presses(on: Floor, card: Posted, action: str, *, copies: int = 1) -> Act:
    """Press a button as Dora sees it, maybe several times."""
    element = on.slack.visible(DORA.id, card, action)
    return lambda user: on.slack.press(user, card, element, copies=copies)


async def drawn(on: Floor, row: Review) -> Posted:
    """Draw what is stale, and give the card."""
    await on.door.screen.round()
    (card,) = [one for one in await on.room.store.reviews.cards(row.id) if one.channel != EMERGENCIES]
    found = on.slack.world.message(card.channel, card.ts)
    assert found is not None
    return found


async def ends(on: Floor, *, copies: int = 1) -> Act:
    """Press the button that ends a grant, as it stands in Dora's Home, maybe several times."""
    await on.slack.open_home(DORA.id)
    shown = on.slack.world.homes
    await on.slack.world.until(lambda: DORA.id in shown and granting.END in str(shown[DORA.id].payload), "the Home")
    home = shown[DORA.id]
    element = pressable([each for each in array(home.payload["blocks"]) if isinstance(each, dict)], granting.END)
    assert element is not None

    async def press(user: str) -> object:
        view = on.slack.api.view(home)
        sent = on.slack.shapes.view_click(user, element, view=view, trigger=on.slack.trigger(user))
        return await on.slack.deliver("interactive", sent, copies=copies)

    return press
