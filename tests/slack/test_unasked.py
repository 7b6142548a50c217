"""Where no card can be posted, who asked is told so in plain words, and the card comes when it can."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.model import Answer, Waiting
from demo.slack import Slack
from demo.slack.platform import CHANNEL
from demo.slack.world import Member
from tests.slack.floor import Floor, floor

DORA = "U0DORA"
UNASKED = "Nobody has been asked in Slack"


@pytest.fixture
async def on(slack: Slack) -> AsyncIterator[Floor]:
    slack.member(Member(id=DORA, name="dora"))
    people, groups = {DORA: "acme:dora"}, {"dba": frozenset({"acme:dora"})}
    async with floor(slack, "socket", people=people, groups=groups) as made:
        yield made


def told(answer: Answer) -> str:
    assert isinstance(answer, Waiting)
    return answer.sentence


async def test_where_no_card_can_be_posted_the_agent_is_told_and_the_card_comes_when_it_can(on: Floor) -> None:
    channel = on.slack.world.channels[CHANNEL]
    channel.archived = True  # since the door opened
    asked = await on.room.ask("update 1")
    assert UNASKED not in told(asked)
    await on.door.screen.round()
    on.room.clock.advance(timedelta(seconds=11))
    said = told(await on.room.collect(asked.call))
    assert UNASKED in said
    assert "assent review list" in said
    channel.archived = False
    on.door.screen.now = lambda: time.monotonic() + 60
    await on.door.screen.round()
    assert len(on.slack.world.messages) == 1
    assert UNASKED not in told(await on.room.collect(asked.call))
