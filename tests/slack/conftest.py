"""The real Bolt app against the platform on loopback, with a store in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from demo.slack import Slack
from demo.slack.world import Member
from slackbot.bot import Bot
from tests.slack.doubles import Desk
from tests.slack.flow import NAMES, opened, person, workspace

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
async def door(slack: Slack, desk: Desk) -> AsyncIterator[Bot]:
    async with opened(workspace(slack), desk) as running:
        yield running
    assert slack.world.rejected == []
    assert not [name for name in running.tally if name.endswith("crashed")]
