"""Where clicks are measured: the real Bolt app, Desk and SQLite store beside the local Slack platform, in a process."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final, final

from starlette.applications import Starlette
from starlette.routing import Route

from core.assembly import SystemClock
from core.audit.archive import Looking
from core.audit.opening import Giving
from core.model import CallId, Decision, Digest, Entry, EntryKind, Json, Person, ReviewId, SessionId, Slot
from core.packing import pack_facts, pack_question
from core.ports import Ballot, OpenReview, Payload, Role, Roll, Unit
from core.reviews.brakes import Brakes
from core.reviews.desk import Desk
from core.reviews.hindsight import Hindsights
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore
from demo.slack import Slack
from demo.slack.manifest import Manifest
from demo.slack.platform import CHANNEL
from demo.slack.world import Member, Posted
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from slackbot import invented
from slackbot.bot import Bot, Workspace, bot
from slackbot.home.debts import Debts
from slackbot.links import Listed
from slackbot.lookups.lookup import Lookup
from slackbot.manifest import PATH, manifest
from slackbot.views.cards import APPROVE

DBA: Final = "U0DBA"
VOTER: Final = Person(directory="example", id="dba")


@final
@dataclass(slots=True, kw_only=True)
class Scene:
    """A store, a workspace and a door."""

    store: SqliteStore
    slack: Slack
    door: Bot
    desk: Desk
    number: int = 0

    async def asked(self, count: int) -> list[Posted]:
        """Ask so many questions, and post their cards without limits."""
        self.slack.api.limits.on = False
        names = [await self._ask() for _ in range(count)]
        await self.door.screen.round()
        self.slack.api.limits.on = True
        return [await self._card(name) for name in names]

    async def reviews(self, count: int) -> list[Ballot]:
        """Ask so many questions; gives a Vote for each."""
        names = [await self._ask() for _ in range(count)]
        rows = [await self.store.reviews.review(name) for name in names]
        made = (Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE) for row in rows if row is not None)
        return list(made)

    async def _card(self, name: ReviewId) -> Posted:
        (place,) = await self.store.reviews.cards(name)
        found = self.slack.world.message(place.channel, place.ts)
        if found is None:
            raise LookupError(name)
        return found

    async def _ask(self) -> ReviewId:
        self.number += 1
        call, now = CallId(f"call_{self.number:026d}"), SystemClock().now()
        made = invented.Invented().asked(statement=f"{invented.STATEMENT} AND id = {self.number}")
        question = replace(made.question, call=call, digest=Digest(secrets.token_hex(32)))
        words = [
            Payload(role=Role.QUESTION, content=pack_question(question)),
            Payload(role=Role.FACTS, content=pack_facts(made.facts)),
        ]
        kept = await self.store.payloads.keep(call, SessionId("ses_bench"), "shop", words)
        review = replace(
            made.review,
            id=ReviewId(f"rev_{self.number:026d}"),
            call=call,
            request_key=str(self.number),
            digest=question.digest,
            question=kept[0].id,
            facts=kept[1].id,
            opened_at=now,
            expires_at=now + timedelta(minutes=15),
        )
        opened = Entry(kind=EntryKind.OPENED, scope=review.id, body={"call": call, "digest": review.digest})
        unit = Unit(entries=(intent(call), opened), changes=(OpenReview(review=review),))
        await self.store.journal.commit(unit)
        return review.id

    async def timed(self, asked: Sequence[Posted]) -> list[float]:
        """Click one after the other; how long each took to be acknowledged."""
        return [await self._timed(card) for card in asked]

    async def _timed(self, card: Posted) -> float:
        began = time.perf_counter()
        if await self.slack.click(DBA, card, APPROVE) is None:
            raise LookupError("a click that nobody acknowledged")
        return time.perf_counter() - began

    async def redrawn(self, card: Posted) -> float:
        """Click; how long it took until the card said so."""
        began = time.perf_counter()
        clicked = asyncio.create_task(self.slack.click(DBA, card, APPROVE))
        await self.slack.world.until(lambda: len(card.versions) > 1)
        took = time.perf_counter() - began
        await clicked
        return took


def intent(call: CallId) -> Entry:
    """Word an INTENT of an invented Call."""
    return Entry(
        kind=EntryKind.INTENT,
        scope=call,
        attempt=1,
        slot=Slot.INTENT,
        body={
            "session": "ses_bench",
            "caller": {"ps": "u1", "iss": "https://login.example.com", "client": "agent", "kind": "person"},
            "tool": "execute",
            "source": {"name": "shop", "dialect": "postgres"},
            "call_mac": "m",
            "reading": {"verbs": ["delete"]},
            "verdict": {"action": "ask", "policy": "p", "seats": {"dba": 1}},
            "payloads": [],
        },
    )


@asynccontextmanager
async def scene(folder: Path, transport: str) -> AsyncIterator[Scene]:
    """Open it all over one transport."""
    keys = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
    clock, listed = SystemClock(), Listed({DBA: str(VOTER)})
    async with AsyncExitStack() as stack:
        opened = SqliteStore.open(folder / f"{transport}.db", keys=keys, origin="bench/assent", clock=clock)
        store = await stack.enter_async_context(opened)
        slack = await stack.enter_async_context(Slack.start())
        slack.member(Member(id=DBA, name="dba"))
        roll = Roll(groups={"dba": frozenset({str(VOTER)})})
        hindsights = Hindsights(
            journal=store.journal,
            reviews=store.reviews,
            breaks=store.breaks,
            payloads=store.payloads,
            macs=store.macs,
            subjects=store.subjects,
            roll=lambda: roll,
            auditors=frozenset(),
            clock=clock,
        )
        desk = Desk(
            journal=store.journal,
            reviews=store.reviews,
            payloads=store.payloads,
            macs=store.macs,
            subjects=store.subjects,
            roll=lambda: roll,
            emergencies=hindsights,
            clock=clock,
        )
        brakes = Brakes(
            journal=store.journal,
            reviews=store.reviews,
            macs=store.macs,
            subjects=store.subjects,
            roll=lambda: roll,
            clock=clock,
        )
        door = await stack.enter_async_context(
            bot(
                placed(slack, transport),
                desk=desk,
                brakes=brakes,
                cards=store.reviews,
                journal=store.journal,
                turns=store.tickets,
                clock=clock,
                links=listed,
                lookup=looking(store, desk, listed),
                deny=lambda _: None,
            )
        )
        if door.events is not None:
            slack.requests.urls.append(await stack.enter_async_context(served(door)))
        yield Scene(store=store, slack=slack, door=door, desk=desk)


def looking(store: SqliteStore, desk: Desk, listed: Listed) -> Lookup:
    """Make what `/audit` asks; nobody types it here."""

    async def unasked() -> Mapping[str, Json]:
        return {}

    archive = Looking(
        history=store.history,
        journal=store.journal,
        reviews=store.reviews,
        payloads=store.payloads,
        subjects=store.subjects,
        macs=store.macs,
        anchors=store.checkpoints,
        is_auditor=lambda _: False,
        giving=Giving(
            journal=store.journal,
            subjects=store.subjects,
            macs=store.macs,
            clock=SystemClock(),
            member=lambda _: "",
        ),
    )
    return Lookup(
        archive=archive,
        looks=archive,
        debts=Debts(desk=desk, grantors=None),
        links=listed,
        verify=unasked,
        clock=SystemClock(),
    )


def placed(slack: Slack, transport: str) -> Workspace:
    """Say where the door lives, and have the platform use the transport."""
    made = Workspace(
        bot_token=slack.api.bot_token,
        app_token=slack.api.app_token,
        channel=CHANNEL,
        api=f"{slack.base}/api/",
        hooks=slack.base,
    )
    if transport != "http":
        return made
    slack.manifest = slack.api.manifest = Manifest.of(manifest(url="https://assent.example"))
    return replace(made, app_token="", signing_secret=slack.requests.secret)


@asynccontextmanager
async def served(door: Bot) -> AsyncIterator[str]:
    """Take Slack's requests on a port of loopback."""
    if door.events is None:
        raise LookupError("no requests are taken in Socket Mode")
    taken = bound(Address())
    app = Starlette(routes=[Route(PATH, door.events.take, methods=["POST"])])
    async with listening(app, taken, address=Address(), drain=Drain()):
        yield f"http://127.0.0.1:{taken.getsockname()[1]}{PATH}"
