"""Who can decide at all: every account × every act × both transports, before the real Desk."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import pytest

from core.errors import AuditUnavailable, UnsafeStart
from core.identity.same import Same
from core.model import Person, Review, State
from demo.slack import Slack
from demo.slack.requests import Requests
from demo.slack.world import Json, Member
from slackbot.transport.http import MOST
from tests.slack.floor import Floor, floor

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


@asynccontextmanager
async def staffed(slack: Slack, transport: str) -> AsyncIterator[Floor]:
    """Open the door before everybody, with an agent that somebody answers for."""
    for each in (DORA, *BARRED):
        slack.member(replace(each))
    async with floor(slack, transport, people=PEOPLE, groups=GROUPS, same=SAME) as on:
        owned = replace(on.room.anna, owner=Person(directory="acme", id="olga"))
        on.room.anna = on.room.tokens.callers["anna"] = owned
        yield on


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_nobody_decides_but_a_full_member_who_is_somebody_else_and_in_the_group(
    slack: Slack, transport: str
) -> None:
    async with staffed(slack, transport) as on:
        row, card = await on.asked()
        for member in BARRED:
            for act in ("click", "approve", "deny"):
                assert await on.acts(member.id, row, card, act, of=DORA.id) is not None, (member.name, act)
                assert await on.room.store.reviews.votes(row.id) == (), (member.name, act)
        assert (await on.row(row.id)).state is State.PENDING
        for act, state in (("click", State.APPROVED), ("approve", State.APPROVED), ("deny", State.DENIED)):
            row, card = await on.asked()
            assert await on.acts(DORA.id, row, card, act, of=DORA.id) is not None
            assert (await on.row(row.id)).state is state
            (vote,) = await on.room.store.reviews.votes(row.id)
            assert vote.via == f"slack:{slack.shapes.team}:{DORA.id}"


@pytest.fixture
async def posted(slack: Slack) -> AsyncIterator[tuple[Floor, Requests, Review, str]]:
    """A question, and the body of an eligible click on it."""
    async with staffed(slack, "http") as on:
        row, card = await on.asked()
        payload = slack.shapes.click(
            DORA.id,
            slack.visible(DORA.id, card, "review.approve"),
            place=(card.channel, card.ts),
            message=slack.api.shown(card),
            trigger=slack.trigger(DORA.id),
            url=slack.hooks.make(DORA.id, card.channel, card.ts, None),
        )
        yield on, slack.requests, row, urlencode({"payload": json.dumps(payload)})


Signed = tuple[Floor, Requests, Review, str]


async def test_what_is_not_signed_by_our_secret_decides_nothing(posted: Signed) -> None:
    on, posts, row, body = posted
    answers = [
        await posts.send(body, secret="another"),
        await posts.send(body, at=time.time() - 301),
        await posts.send(body, at=time.time() + 301),
        await posts.send(body, headers={"X-Slack-Signature": ""}),
        await posts.send(body, headers={"X-Slack-Request-Timestamp": "now"}),
        await posts.send(body, headers={"X-Slack-Request-Timestamp": "", "X-Slack-Signature": ""}),
    ]
    assert [status for status, _ in answers] == [401] * len(answers)
    assert (await on.row(row.id)).state is State.PENDING
    assert (await posts.send("x" * (MOST + 1)))[0] == 413
    await on.room.denials.flush()
    assert on.room.kinds()[-1] == "auth.deny"  # strangers fill no log: one Entry a minute says how many
    assert on.room.store.journal.tables.log[-1][1].body["counts"] == {"slack_unsigned": 6, "slack_large": 1}


async def test_a_signed_request_is_taken_once(posted: Signed) -> None:
    on, posts, row, body = posted
    now = time.time()
    assert (await posts.send(body, at=now))[0] == 200
    assert (await posts.send(body, at=now))[0] == 401
    assert len(await on.room.store.reviews.votes(row.id)) == 1
    assert on.door.tally["http.again"] == 1


async def test_a_request_whose_first_coming_cannot_be_recorded_is_not_acknowledged(posted: Signed) -> None:
    on, posts, row, body = posted

    async def away(*_: object) -> bool:
        raise AuditUnavailable("the store is down")

    on.room.store.tickets.put = away  # type: ignore[assignment,method-assign]
    assert (await posts.send(body))[0] == 500
    assert (await on.row(row.id)).state is State.PENDING


async def test_a_closing_door_takes_no_request(posted: Signed) -> None:
    on, posts, row, body = posted
    events = on.door.events
    assert events is not None
    object.__setattr__(events, "closing", lambda: True)
    assert (await posts.send(body))[0] == 503
    assert (await on.row(row.id)).state is State.PENDING


async def test_over_http_the_door_does_not_open_where_slack_names_no_app_of_our_bot(slack: Slack) -> None:
    slack.api.bot = "B0OTHER"
    slack.api.app = ""
    with pytest.raises(UnsafeStart):
        async with staffed(slack, "http"):
            pass
