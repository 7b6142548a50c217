"""`assent slack doctor`: a line and a remedy for what would not work, and every kind of message as Slack takes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cli.chat import lines, people
from cli.lines import Line, State
from core.settings import SlackSettings
from core.settings.secret import Secret
from demo.slack import Slack
from demo.slack.platform import CHANNEL
from demo.slack.world import Member, Trouble
from slackbot import samples
from slackbot.transport import web
from tests.settings_files import loaded


async def looked(slack: Slack, **changed: str) -> list[Line]:
    slack.api.limits.on = False
    tokens = {"bot": slack.api.bot_token, "app": slack.api.app_token, "channel": CHANNEL, **changed}
    configured = SlackSettings(
        bot_token=Secret("t", tokens["bot"].encode()),
        app_token=Secret("t", tokens["app"].encode()),
        signing_secret=None,
        channel=tokens["channel"],
    )
    async with web.session(token=tokens["bot"], api=f"{slack.base}/api/", hooks=slack.base) as asked:
        return [line async for line in lines(asked, configured, (tokens["channel"],))]


def refused(found: list[Line]) -> str:
    return "\n".join(f"{line.says}: {line.remedy}" for line in found if line.state is State.REFUSES)


async def test_a_workspace_as_it_should_be_has_nothing_to_say(slack: Slack) -> None:
    found = await looked(slack)
    assert [line.says for line in found if line.state is not State.OK] == []
    every = len([*samples.messages(), *samples.views()])
    assert found[-1].says == f"{every} kinds of messages and views are as Slack wants them"


async def test_each_thing_that_would_not_work_has_its_remedy(slack: Slack) -> None:
    assert "copy the Bot User OAuth Token" in refused(await looked(slack, bot="xoxb-wrong"))
    assert "App-Level Tokens" in refused(await looked(slack, app="xoxb-wrong"))
    assert "/invite @assent" in refused(await looked(slack, channel="C0NONE"))
    slack.world.channels[CHANNEL].shared = True
    assert "is_ext_shared" in refused(await looked(slack))
    slack.world.channels[CHANNEL].shared = False
    slack.member(Member(id="U0GUEST", name="gus", restricted=True))
    slack.world.channels[CHANNEL].people = {"U0GUEST"}
    assert "full members of this workspace alone" in refused(await looked(slack))
    slack.world.channels[CHANNEL].people = None
    scopes = slack.manifest.scopes
    slack.api.manifest = replace(slack.manifest, scopes=scopes - {"users:read"})
    assert "scopes missing: users:read" in refused(await looked(slack))
    slack.api.manifest = replace(slack.manifest, scopes=scopes | {"admin"})
    assert any(line.state is State.WARNS and "admin" in line.says for line in await looked(slack))


async def test_where_slack_asks_to_wait_a_check_comes_again(slack: Slack) -> None:
    slack.fail("blocks.validate", Trouble(status=429, error="ratelimited", retry_after=0))
    assert [line.says for line in await looked(slack) if line.state is not State.OK] == []


async def test_a_message_that_slack_would_not_take_is_named_and_a_slack_that_cannot_say_is_no_finding(
    slack: Slack,
) -> None:
    slack.fail("blocks.validate", Trouble(error="invalid_blocks"))
    assert "card, pending" in refused(await looked(slack))
    slack.fail("blocks.validate", Trouble(error="unknown_method"))
    found = await looked(slack)
    assert refused(found) == ""
    assert any("no blocks.validate" in line.says for line in found)


def test_it_says_how_accounts_are_linked(tmp_path: Path) -> None:
    said = people(loaded(tmp_path))
    assert (said.state, "/audit link, at " in said.says) == (State.OK, True)
    nobody = (('client_id = "assent"', ""), ('client_secret = "env:ASSENT_CLIENT_SECRET"', ""))
    assert people(loaded(tmp_path, *nobody)).state is State.WARNS
    listed = ('channel = "C0123456789"\n', 'channel = "C0123456789"\npeople = { U1 = "acme:dora" }\n')
    assert people(loaded(tmp_path, *nobody, listed)).state is State.OK
