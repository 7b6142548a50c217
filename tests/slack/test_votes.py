"""Who can decide at all: every account × every act × both transports, before the real Desk."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from core.errors import AuditUnavailable, UnsafeStart
from core.identity.same import Same
from core.model import Person, Review, State, Waiting
from core.reviews.desk import Desk
from demo.slack import Slack
from demo.slack.socket import Ack
from demo.slack.world import Json, Member, Posted
from slackbot.bot import Bot, Workspace, bot
from slackbot.http import MOST
from slackbot.links import Joined, Listed
from slackbot.lookup import Lookup
from slackbot.manifest import PATH
from slackbot.modals import APPROVED, DENIED
from tests.line import Line, line
from tests.slack.doubles import Desk as Looked
from tests.slack.flow import workspace

SECRET: Final = "s" * 32
WRONG: Final[Json] = {"kind": {"v": {"selected_option": {"value": "scope"}}}}
DORA: Final = Member(id="U0DORA", name="dora")
# Accounts of people who are all in the group that is asked; what stops them is what they are.
BARRED: Final = (
    Member(id="U0ANNA", name="anna"),  # who asks
    Member(id="U0ANNA2", name="anna at another provider"),  # who asks, by another identity
    Member(id="U0OLGA", name="olga"),  # who answers for the agent
    Member(id="U0GONE", name="deactivated", deleted=True),
    Member(id="U0BOT", name="a bot", bot=True),
    Member(id="U0GUEST", name="guest", restricted=True),
    Member(id="U0SINGLE", name="guest of one channel", ultra_restricted=True),
    Member(id="U0STRANGE", name="of a connected workspace", stranger=True),
    Member(id="U0OTHER", name="of another workspace", team="T0OTHER"),
    Member(id="U0APART", name="of a directory that cannot be compared"),
    Member(id="U0NEW", name="not linked"),
    Member(id="U0WRONG", name="of another group"),
)
PEOPLE: Final = {
    "U0DORA": "acme:dora",
    "U0ANNA": "acme:anna",
    "U0ANNA2": "okta:anna-2",
    "U0OLGA": "acme:olga",
    "U0APART": "apart:ina",
    "U0WRONG": "acme:wren",
} | {each.id: f"acme:{each.id}" for each in BARRED[3:9]}
GROUPS: Final = {
    "dba": frozenset(PEOPLE.values()) - {"acme:wren"} | {"acme:anna"},
    "security": frozenset({"acme:wren"}),
}
SAME: Final = Same([(Person(directory="acme", id="anna"), Person(directory="okta", id="anna-2"))])


@dataclass
class Posts:
    """What Slack is in HTTP mode: it posts what Socket Mode sends, signed."""

    client: httpx2.AsyncClient
    ack_seconds: float = 10.0

    async def deliver(self, kind: str, payload: Json, *, copies: int = 1) -> Ack | None:
        form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        answers = [await self.send(urlencode(form)) for _ in range(copies)]
        if answers[0].status_code != 200:
            return None
        return Ack(payload=answers[0].json() if answers[0].content.startswith(b"{") else None)

    async def send(
        self, body: str, *, at: float | None = None, secret: str = SECRET, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        stamp = str(int(time.time() if at is None else at))
        mac = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        said = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}", **(headers or {})}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.client.post(PATH, content=body.encode(), headers=form | said)

    async def close(self) -> None:
        await self.client.aclose()


@dataclass
class Floor:
    """A workspace, the door, and the real Desk over one line."""

    slack: Slack
    door: Bot
    room: Line
    number: int = 0

    async def asked(self) -> tuple[Review, Posted]:
        """Ask something new, and wait for its card."""
        self.number += 1
        waiting = await self.room.ask(f"update {self.number}")
        assert isinstance(waiting, Waiting)
        assert waiting.review is not None
        await self.door.screen.round()
        row = await self.row(waiting.review)
        (card,) = await self.room.store.reviews.cards(row.id)
        found = self.slack.world.message(card.channel, card.ts)
        assert found is not None
        return row, found

    async def row(self, name: Any) -> Review:
        row = await self.room.store.reviews.review(name)
        assert row is not None
        return row

    async def acts(self, user: str, row: Review, card: Posted, act: str) -> Ack | None:
        """Click Approve, or send a modal as one who has it open."""
        if act == "click":
            return await self.slack.press(user, card, self.slack.visible(DORA.id, card, "review.approve"))
        metadata = json.dumps({"r": row.id, "v": row.version, "d": row.digest}, separators=(",", ":"))
        name = APPROVED if act == "approve" else DENIED
        view = {"id": "V1", "type": "modal", "callback_id": name, "private_metadata": metadata, "blocks": []}
        values: Json = {} if act == "approve" else WRONG
        payload = self.slack.shapes.submission(
            user, view | {"state": {"values": values}}, trigger=self.slack.trigger(user)
        )
        return await self.slack.sockets.deliver("interactive", payload)


@asynccontextmanager
async def floor(slack: Slack, transport: str) -> AsyncIterator[Floor]:
    """Open the door over one transport."""
    room = line()
    owned = replace(room.anna, owner=Person(directory="acme", id="olga"))
    room.anna = room.tokens.callers["anna"] = owned
    store = room.store
    for each in (DORA, *BARRED):
        slack.member(replace(each))
    desk = Desk(
        journal=store.journal,
        reviews=store.reviews,
        payloads=store.payloads,
        macs=store.macs,
        subjects=store.subjects,
        members=lambda: GROUPS,
        clock=room.clock,
    )
    looked, links = Looked(), Joined(Listed(PEOPLE), SAME)
    place: Workspace = workspace(slack)
    place = replace(place, app_token="", signing_secret=SECRET) if transport == "http" else place
    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(
            bot(
                place,
                desk=desk,
                brakes=room.brakes,
                cards=store.reviews,
                journal=store.journal,
                turns=store.tickets,
                clock=room.clock,
                links=links,
                lookup=Lookup(archive=looked, looks=looked, desk=desk, links=links, verify=looked.verify, clock=looked),
                deny=room.denials.count,
            )
        )
        if door.events is not None:
            app = Starlette(routes=[Route(PATH, door.events.take, methods=["POST"])])
            web = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            client = httpx2.AsyncClient(transport=web, base_url="https://assent.example")
            slack.sockets = Posts(await stack.enter_async_context(client))  # type: ignore[assignment]
        yield Floor(slack, door, room)


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_nobody_decides_but_a_full_member_who_is_somebody_else_and_in_the_group(
    slack: Slack, transport: str
) -> None:
    async with floor(slack, transport) as on:
        row, card = await on.asked()
        for member in BARRED:
            for act in ("click", "approve", "deny"):
                assert await on.acts(member.id, row, card, act) is not None, (member.name, act)
                assert await on.room.store.reviews.votes(row.id) == (), (member.name, act)
        assert (await on.row(row.id)).state is State.PENDING
        for act, state in (("click", State.APPROVED), ("approve", State.APPROVED), ("deny", State.DENIED)):
            row, card = await on.asked()
            assert await on.acts(DORA.id, row, card, act) is not None
            assert (await on.row(row.id)).state is state
            (vote,) = await on.room.store.reviews.votes(row.id)
            assert vote.via == f"slack:{slack.shapes.team}:{DORA.id}"


@pytest.fixture
async def posted(slack: Slack) -> AsyncIterator[tuple[Floor, Posts, Review, str]]:
    """A question, and the body of an eligible click on it."""
    async with floor(slack, "http") as on:
        row, card = await on.asked()
        payload = slack.shapes.click(
            DORA.id,
            slack.visible(DORA.id, card, "review.approve"),
            place=(card.channel, card.ts),
            message=slack.api.shown(card),
            trigger=slack.trigger(DORA.id),
            url=slack.hooks.make(DORA.id, card.channel, card.ts, None),
        )
        posts: Any = slack.sockets
        yield on, posts, row, urlencode({"payload": json.dumps(payload)})


Signed = tuple[Floor, Posts, Review, str]


async def test_what_is_not_signed_by_our_secret_decides_nothing(posted: Signed) -> None:
    on, posts, row, body = posted
    answers = [
        await posts.send(body, secret="another"),
        await posts.send(body, at=time.time() - 301),
        await posts.send(body, at=time.time() + 301),
        await posts.send(body, headers={"X-Slack-Signature": ""}),
        await posts.send(body, headers={"X-Slack-Request-Timestamp": "now"}),
        await posts.client.post(PATH, content=body.encode()),
    ]
    assert [one.status_code for one in answers] == [401] * len(answers)
    assert (await on.row(row.id)).state is State.PENDING
    assert (await posts.send("x" * (MOST + 1))).status_code == 413
    await on.room.denials.flush()
    assert on.room.kinds()[-1] == "auth.deny"  # strangers fill no log: one Entry a minute says how many
    assert on.room.store.journal.tables.log[-1][1].body["counts"] == {"slack_unsigned": 6, "slack_large": 1}


async def test_a_signed_request_is_taken_once(posted: Signed) -> None:
    on, posts, row, body = posted
    now = time.time()
    assert (await posts.send(body, at=now)).status_code == 200
    assert (await posts.send(body, at=now)).status_code == 401
    assert len(await on.room.store.reviews.votes(row.id)) == 1
    assert on.door.tally["http.again"] == 1


async def test_a_request_whose_first_coming_cannot_be_recorded_is_not_acknowledged(posted: Signed) -> None:
    on, posts, row, body = posted

    async def away(*_: object) -> bool:
        raise AuditUnavailable("the store is down")

    on.room.store.tickets.put = away  # type: ignore[assignment,method-assign]
    assert (await posts.send(body)).status_code == 500
    assert (await on.row(row.id)).state is State.PENDING


async def test_a_closing_door_takes_no_request(posted: Signed) -> None:
    on, posts, row, body = posted
    events = on.door.events
    assert events is not None
    object.__setattr__(events, "closing", lambda: True)
    assert (await posts.send(body)).status_code == 503
    assert (await on.row(row.id)).state is State.PENDING


async def test_over_http_the_door_does_not_open_where_slack_names_no_app_of_our_bot(slack: Slack) -> None:
    slack.api.bot = "B0OTHER"
    slack.api.app = ""
    with pytest.raises(UnsafeStart):
        async with floor(slack, "http"):
            pass
