"""The platform itself: payload keys as Slack's, what the manifest does not declare does not work, limits and ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo.slack import Slack
from demo.slack.manifest import OURS, Manifest, at
from demo.slack.platform import CHANNEL, NotPossible
from demo.slack.world import Channel, Member, Posted, View
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from slackbot.manifest import manifest
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
        (await ask(slack, "files.upload"), "unknown_method"),
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


async def test_the_bot_has_one_conversation_with_each_person_and_none_with_a_bot(slack: Slack) -> None:
    rooms = [(await ask(slack, "conversations.open", users=ALICE))["channel"] for _ in range(2)]
    assert rooms[0] == rooms[1]
    (room,) = {str(at(each, "id")) for each in rooms}
    assert (await ask(slack, "chat.postMessage", channel=room, text="x"))["ok"] is True
    for user, error in (("U0NONE", "user_not_found"), (slack.api.bot_user, "cannot_dm_bot")):
        assert (await ask(slack, "conversations.open", users=user))["error"] == error


async def test_messages_are_linked_reacted_to_and_deleted_while_they_stand(slack: Slack) -> None:
    slack.manifest = slack.api.manifest = replace(
        slack.manifest, scopes=slack.manifest.scopes | {"reactions:write", "usergroups:read", "users:read.email"}
    )
    ts = str((await ask(slack, "chat.postMessage", channel=CHANNEL, text="x"))["ts"])
    link = (await ask(slack, "chat.getPermalink", channel=CHANNEL, message_ts=ts))["permalink"]
    assert str(link).endswith(f"/{CHANNEL}/p{ts.replace('.', '')}")
    reacts = [await ask(slack, "reactions.add", channel=CHANNEL, timestamp=ts, name="eyes") for _ in range(2)]
    assert [each.get("error") for each in reacts] == [None, "already_reacted"]
    deleted = [await ask(slack, "chat.delete", channel=CHANNEL, ts=ts) for _ in range(2)]
    assert [each.get("error") for each in deleted] == [None, "message_not_found"]
    slack.world.usergroups["S1"] = {ALICE}
    assert (await ask(slack, "usergroups.users.list", usergroup="S1"))["users"] == [ALICE]
    assert (await ask(slack, "usergroups.users.list", usergroup="S2"))["error"] == "no_such_subteam"


async def test_an_email_is_shown_with_its_scope_and_a_strangers_never(slack: Slack) -> None:
    for stranger in (False, True):
        user = slack.member(Member(id=f"U0{stranger}", name="x", email=f"x{stranger}@acme.example", stranger=stranger))
        scopes = slack.manifest.scopes - {"users:read.email"}
        slack.api.manifest = replace(slack.manifest, scopes=scopes)
        assert at((await ask(slack, "users.info", user=user.id)), "user", "profile", "email") is None
        assert (await ask(slack, "users.lookupByEmail", email=user.email))["error"] == "missing_scope"
        slack.api.manifest = replace(slack.manifest, scopes=scopes | {"users:read.email"})
        shown = at((await ask(slack, "users.info", user=user.id)), "user", "profile", "email")
        assert shown == (None if stranger else user.email)
        found = await ask(slack, "users.lookupByEmail", email=user.email.upper())
        assert found.get("error") == ("users_not_found" if stranger else None)


async def test_a_view_is_pushed_upon_an_open_one_and_three_deep_at_most(slack: Slack) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": SECTION}
    pushes = ["views.push", "views.open", "views.push", "views.push", "views.push"]
    said = [await ask(slack, each, trigger_id=slack.trigger(ALICE), view=view) for each in pushes]
    assert [each.get("error") for each in said] == ["invalid_arguments", None, None, None, "push_limit_reached"]


async def test_over_http_an_event_comes_again_three_times_and_a_click_once() -> None:
    over_http = Manifest.of(manifest(url="https://assent.example"))
    async with Slack.start(over_http, ack_seconds=1.0) as slack, AsyncExitStack() as stack:
        headers: list[Mapping[str, str]] = []

        async def take(request: Request) -> Response:
            headers.append(request.headers)
            return Response(status_code=500)

        taken, address = bound(Address()), Address()
        app = Starlette(routes=[Route("/", take, methods=["POST"])])
        await stack.enter_async_context(listening(app, taken, address=address, drain=Drain()))
        slack.requests.urls.append(f"http://127.0.0.1:{taken.getsockname()[1]}/")
        slack.member(Member(id=ALICE, name="alice"))
        await slack.open_home(ALICE)
        assert [each.get("X-Slack-Retry-Num") for each in headers] == [None, "1", "2", "3"]
        assert {each.get("X-Slack-Retry-Reason") for each in headers[1:]} == {"http_error"}
        assert await slack.slash(ALICE, "help") is None
        assert len(headers) == 5
        assert slack.world.user_errors == [f"{ALICE}: This app did not respond. Try again."]


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
    scopes = ["commands", "chat:write", "im:write", "users:read", "channels:read", "groups:read"]
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
