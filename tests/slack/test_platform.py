"""The platform itself: payload keys as Slack's, what the manifest does not declare does not work, limits and ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from demo.slack import Slack
from demo.slack.manifest import OURS, Manifest
from demo.slack.platform import CHANNEL, NotPossible
from demo.slack.world import Channel, Posted, View
from tests.slack.flow import ALICE

# Keys of the samples in bolt-python, tests/scenario_tests_async/test_{block_actions,view_submission,slash_command}.py;
# fields of Enterprise Grid alone are left out.
CLICK = (
    "type user.id user.username user.name user.team_id api_app_id token container.type container.message_ts "
    "container.channel_id container.is_ephemeral trigger_id team.id team.domain channel.id channel.name "
    "response_url actions.action_id actions.block_id actions.text.type actions.text.text actions.text.emoji "
    "actions.value actions.type actions.action_ts "
)
SUBMISSION = (
    "type team.id team.domain user.id user.username user.name user.team_id api_app_id token trigger_id view.id "
    "view.team_id view.type view.blocks view.private_metadata view.callback_id view.state.values view.hash "
    "view.title view.clear_on_close view.notify_on_close view.close view.submit view.previous_view_id "
    "view.root_view_id view.app_id view.external_id view.app_installed_team_id view.bot_id response_urls "
)
SLASH = "token team_id team_domain channel_id channel_name user_id user_name command text response_url trigger_id "


def has(node: object, path: str) -> bool:
    for name in path.split("."):
        node = node[0] if isinstance(node, list) else node
        if not isinstance(node, Mapping) or name not in node:
            return False
        node = node[name]
    return True


BUTTON: dict[str, object] = {
    "type": "button",
    "action_id": "a",
    "block_id": "b",
    "text": {"type": "plain_text", "text": "x", "emoji": True},
    "value": "v",
}


def test_payloads_carry_every_key_of_the_recorded_ones() -> None:
    slack = Slack.made(Manifest.read(), ack_seconds=1.0)
    slack.world.members[ALICE] = replace(slack.world.members["U0ASSENTB"], id=ALICE)
    posted = Posted(channel=CHANNEL, ts="1.1", text="x", blocks=[])
    click = slack.shapes.click(
        ALICE, BUTTON, place=(CHANNEL, "1.1"), message=slack.api.shown(posted), trigger="t", url="u"
    )
    view = slack.api.view(View(id="V1", user=ALICE, payload={"type": "modal", "blocks": []}))
    submission = slack.shapes.submission(ALICE, view, trigger="t")
    command = slack.shapes.command(ALICE, "/audit", "x", channel=CHANNEL, url="u", trigger="t")
    assert [path for path in CLICK.split() if not has(click, path)] == []
    assert [path for path in SUBMISSION.split() if not has(submission, path)] == []
    assert [path for path in SLASH.split() if not has(command, path)] == []


async def ask(slack: Slack, method: str, token: str | None = None, **arguments: object) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token or slack.api.bot_token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{slack.base}/api/{method}", json=arguments) as response,
    ):
        found = await response.json()
        assert isinstance(found, dict)
        return found


SECTION = [{"type": "section", "text": {"type": "plain_text", "text": "x"}}]


async def test_the_web_api_answers_with_slacks_errors(slack: Slack) -> None:
    app = slack.api.app_token
    slack.world.channels["C0OLD"] = Channel(id="C0OLD", name="old", archived=True)
    slack.world.channels["C0OUT"] = Channel(id="C0OUT", name="out", joined=False)
    expected = [
        (await ask(slack, "auth.test", "xoxb-wrong"), "invalid_auth"),
        (await ask(slack, "auth.test", app), "not_allowed_token_type"),
        (await ask(slack, "apps.connections.open"), "not_allowed_token_type"),
        (await ask(slack, "chat.delete"), "unknown_method"),
        (await ask(slack, "users.info", user="U0NONE"), "user_not_found"),
        (await ask(slack, "chat.postMessage", channel="C0NONE", text="x"), "channel_not_found"),
        (await ask(slack, "chat.postMessage", channel="C0OLD", text="x"), "is_archived"),
        (await ask(slack, "chat.postMessage", channel="C0OUT", text="x"), "not_in_channel"),
        (await ask(slack, "chat.postMessage", channel=CHANNEL), "no_text"),
        (await ask(slack, "chat.postMessage", channel=CHANNEL, text="x", blocks=[{"type": "x"}]), "invalid_blocks"),
        (await ask(slack, "chat.update", channel=CHANNEL, ts="1.1", text="x"), "message_not_found"),
        (await ask(slack, "views.open", trigger_id="t", view={}), "invalid_trigger_id"),
        (await ask(slack, "blocks.validate", blocks=[{"type": "x"}]), "invalid_blocks"),
    ]
    assert [(answer["error"], wanted) for answer, wanted in expected if answer["error"] != wanted] == []
    assert (await ask(slack, "blocks.validate", blocks=SECTION))["ok"] is True


async def test_a_trigger_is_spent_once_and_ends_after_three_seconds(slack: Slack) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": SECTION}
    trigger = slack.trigger(ALICE)
    assert (await ask(slack, "views.open", trigger_id=trigger, view={}))["error"] == "invalid_arguments"
    assert (await ask(slack, "views.open", trigger_id=trigger, view=view))["ok"] is True
    assert (await ask(slack, "views.open", trigger_id=trigger, view=view))["error"] == "exchanged_trigger_id"
    late = slack.trigger(ALICE)
    now = slack.world.now()
    slack.world.now = lambda: now + 4.0
    assert (await ask(slack, "views.open", trigger_id=late, view=view))["error"] == "expired_trigger_id"


async def test_a_response_url_has_five_uses(slack: Slack) -> None:
    url = slack.hooks.make(ALICE, CHANNEL, "1.1", None)
    statuses = []
    async with aiohttp.ClientSession() as http:
        for _ in range(6):
            async with http.post(url, json={"text": "x"}) as response:
                statuses.append(response.status)
    assert statuses == [200] * 5 + [404]


async def test_a_ticket_opens_one_connection(slack: Slack) -> None:
    url = str((await ask(slack, "apps.connections.open", slack.api.app_token))["url"])
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(url)


async def test_what_the_manifest_does_not_declare_does_not_work() -> None:
    bare = Manifest(
        name="x",
        commands=frozenset(),
        scopes=frozenset(),
        interactive=False,
        home=False,
        events=frozenset(),
        socket=False,
    )
    async with Slack.start(bare) as slack:
        slack.world.members[ALICE] = slack.world.members["U0ASSENTB"]
        post = await ask(slack, "chat.postMessage", channel=CHANNEL, text="x")
        assert (post["error"], post["needed"]) == ("missing_scope", "chat:write")
        assert (await ask(slack, "apps.connections.open", slack.api.app_token))["error"] == "socket_mode_not_enabled"
        with pytest.raises(NotPossible):
            await slack.slash(ALICE, "help")
        with pytest.raises(NotPossible):
            await slack.press(ALICE, Posted(channel=CHANNEL, ts="1.1", text="", blocks=[]), BUTTON)


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_a_page_in_a_browser_does_not_reach_the_platform(slack: Slack, headers: dict[str, str]) -> None:
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{slack.base}/api/auth.test") as response,
    ):
        assert response.status == 403


def test_our_manifest_asks_for_no_more_than_the_door_uses() -> None:
    found = json.loads(Path(OURS).read_text(encoding="utf-8"))
    scopes = ["commands", "chat:write", "users:read", "channels:read", "groups:read"]
    assert found["oauth_config"]["scopes"] == {"bot": scopes}
    assert found["settings"]["socket_mode_enabled"] is True
    assert [command["command"] for command in found["features"]["slash_commands"]] == ["/audit"]


async def test_calls_beyond_their_minute_are_told_when_to_come_back(slack: Slack) -> None:
    first, now = slack.world.now(), [0.0]
    slack.world.now = lambda: first + now[0]
    answers = [await ask(slack, "chat.postMessage", channel=CHANNEL, text="x") for _ in range(31)]
    assert [answer["ok"] for answer in answers] == [True] * 30 + [False]
    assert answers[-1]["error"] == "ratelimited"
    slack.world.channels["C2"] = Channel(id="C2", name="two")
    assert (await ask(slack, "chat.postMessage", channel="C2", text="x"))["ok"] is True  # counted by channel
    now[0] = 1.0
    assert (await ask(slack, "chat.postMessage", channel=CHANNEL, text="x"))["ok"] is True
    assert (await ask(slack, "chat.postMessage", channel=CHANNEL, text="x"))["ok"] is False
