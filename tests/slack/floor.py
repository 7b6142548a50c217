"""The real Desk, links and listeners behind either transport, in one process or two replicas, over one store."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from core.identity.linking import Linking
from core.identity.matching import Matching
from core.identity.same import APART, Same
from core.model import Review, Waiting
from core.ports import Roll
from core.reviews.desk import Desk
from demo.slack import Slack
from demo.slack.socket import Ack
from demo.slack.world import Json, Posted
from slackbot.bot import Bot, bot
from slackbot.clicks.linking import Linker
from slackbot.home.debts import Debts
from slackbot.links import Joined, Listed, Matched, Signed
from slackbot.lookups.lookup import Lookup
from slackbot.views.modals import APPROVED, DENIED, everything
from tests.line import Line, line
from tests.slack.doubles import Desk as Looked
from tests.slack.flow import over, served

EMERGENCIES: Final = "C0GLASS"
CONSOLE: Final = "https://people.example"
WRONG: Final[Json] = {"kind": {"v": {"selected_option": {"value": "scope"}}}}


@dataclass
class Floor:
    """A workspace, its doors, and the real Desk over one line."""

    slack: Slack
    room: Line
    linking: Linking
    matching: Matching
    doors: list[Bot] = field(default_factory=list)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)  # as the desk reads them, at each click
    number: int = 0

    @property
    def door(self) -> Bot:
        return self.doors[0]

    async def asked(self) -> tuple[Review, Posted]:
        """Ask something new, and wait for its card."""
        self.number += 1
        waiting = await self.room.ask(f"update {self.number}")
        assert isinstance(waiting, Waiting)
        assert waiting.review is not None
        for each in self.doors:
            await each.screen.round()
        row = await self.row(waiting.review)
        (card,) = await self.room.store.reviews.cards(row.id)
        found = self.slack.world.message(card.channel, card.ts)
        assert found is not None
        return row, found

    async def row(self, name: Any) -> Review:
        row = await self.room.store.reviews.review(name)
        assert row is not None
        return row

    async def acts(self, user: str, row: Review, card: Posted, act: str, *, of: str) -> Ack | None:
        """Click Approve as `of` sees it, or send a modal as one who has it open."""
        if act == "click":
            return await self.slack.press(user, card, self.slack.visible(of, card, "review.approve"))
        metadata = json.dumps({"r": row.id, "v": row.version, "d": row.digest}, separators=(",", ":"))
        name = APPROVED if act == "approve" else DENIED
        shown = await self.room.desk.show(None, row.id)
        assert shown is not None
        parts = everything(shown) if act == "approve" else []
        view: Json = {"id": "V1", "type": "modal", "callback_id": name, "private_metadata": metadata, "blocks": parts}
        values: Json = {} if act == "approve" else WRONG
        payload = self.slack.shapes.submission(
            user, view | {"state": {"values": values}}, trigger=self.slack.trigger(user)
        )
        return await self.slack.deliver("interactive", payload)

    def tally(self, name: str) -> int:
        return sum(door.tally[name] for door in self.doors)


@asynccontextmanager
async def floor(
    slack: Slack,
    transport: str,
    *,
    people: Mapping[str, str],
    groups: Mapping[str, frozenset[str]],
    same: Same = APART,
    replicas: int = 1,
    domains: frozenset[str] = frozenset(),
    alone: frozenset[str] = frozenset(),  # who may answer alone in an emergency
    room: Line | None = None,
) -> AsyncIterator[Floor]:
    """Open the doors over one transport."""
    room, groups = room or line(), dict(groups)
    store, listed, looked = room.store, Listed(people), Looked()
    roll = Roll(groups=groups, breakers=alone, ways=frozenset({"slack"}))
    room.hindsights._roll = room.brakes._roll = room.grantors._roll = lambda: roll
    linking = Linking(
        links=store.links,
        tickets=store.tickets,
        journal=store.journal,
        macs=store.macs,
        clock=room.clock,
        same=same,
        listed=listed.persons,
    )
    desk = Desk(
        journal=store.journal,
        reviews=store.reviews,
        payloads=store.payloads,
        macs=store.macs,
        subjects=store.subjects,
        roll=lambda: roll,
        emergencies=room.hindsights,
        clock=room.clock,
    )
    links = Joined(Signed(listed, store.links, room.clock), same)
    matching = Matching(store.tickets, room.clock, domains)
    matches = Matched(matching, listed, store.links, room.clock, same) if domains else None
    place, on = over(slack, transport, email=bool(domains)), Floor(slack, room, linking, matching, groups=groups)
    place = replace(place, emergencies=EMERGENCIES if alone else "")
    async with AsyncExitStack() as stack:
        for _ in range(replicas):
            door = await stack.enter_async_context(
                bot(
                    place,
                    desk=desk,
                    brakes=room.brakes,
                    grantors=room.grantors,
                    cards=store.reviews,
                    journal=store.journal,
                    turns=store.tickets,
                    clock=room.clock,
                    links=links,
                    lookup=Lookup(
                        archive=looked,
                        looks=looked,
                        debts=Debts(desk=desk, grantors=room.grantors),
                        links=links,
                        verify=looked.verify,
                        clock=looked,
                    ),
                    deny=room.denials.count,
                    linker=partial(linker, linking, listed),
                    matches=matches,
                )
            )
            on.doors.append(door)
            if door.events is not None:
                slack.requests.urls.append(await stack.enter_async_context(served(door)))
        yield on


def linker(linking: Linking, listed: Listed, web: Any, name: str) -> Linker:
    return Linker(linking=linking, listed=listed, web=web, url=CONSOLE, workspace=name)
