"""The real Bolt app against the platform on loopback, with a store in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from demo.slack import Slack
from demo.slack.world import Member
from slackbot.bot import Bot
from tests.slack.doubles import Desk
from tests.slack.flow import NAMES, opened, over, person, served

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.start(ack_seconds=10.0) as platform:
        for user, name in NAMES.items():
            platform.member(Member(id=user, name=name))
        yield platform


@pytest.fixture
def desk(slack: Slack) -> Desk:
    groups = {"dba": frozenset({person("alice"), person("bob")}), "security": frozenset({person("alice")})}
    return Desk(groups=groups, auditors=frozenset({person("alice")}), changed=slack.world.changed)


@pytest.fixture
async def door(slack: Slack, desk: Desk, request: pytest.FixtureRequest) -> AsyncIterator[Bot]:
    """Socket Mode in one process, or what a test of `EITHER_WAY` asks for; of two replicas it is the first."""
    transport, replicas = getattr(request, "param", ("socket", 1))
    async with AsyncExitStack() as stack:
        place = over(slack, transport)
        doors = [await stack.enter_async_context(opened(place, desk)) for _ in range(replicas)]
        if transport == "http":
            slack.requests.urls += [await stack.enter_async_context(served(each)) for each in doors]
        yield doors[0]
    assert slack.world.rejected == []
    assert not [name for each in doors for name in each.tally if name.endswith("crashed")]
