"""`assent slack manifest|doctor`: what to paste at Slack, and a line with its remedy for each thing Slack was asked."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from cli.lines import Line, State
from cli.show import print_json, rows, say, working
from core.errors import GatewayError, SettingsError
from core.settings import Settings, SlackSettings, load
from slackbot import samples
from slackbot.audience import OUTSIDERS, Census
from slackbot.audience import looked as seen
from slackbot.clicks.clicks import app_of
from slackbot.manifest import manifest, scopes
from slackbot.transport import web
from slackbot.transport.web import SLACK, SLACK_HOOKS, SlackLimited, SlackRefused, Web

AREA: Final = "slack"
INVITE: Final = "in the channel: /invite @assent"
ALONE: Final = "name a channel of full members of this workspace alone"
PATIENCE: Final = 60.0  # seconds that one check may wait for Slack's limit
REINSTALL: Final = "update the app from `assent slack manifest` and install it again"


def printed(url: str, *, email: bool = False) -> None:
    """Print the manifest."""
    print_json(manifest(url=url, email=email))


def looked(config: Path, *, as_json: bool) -> bool:
    """Ask Slack about everything and print it; answer whether something would not work."""
    with working("asking Slack"):
        lines = asyncio.run(found(config))
    bad = sum(line.state is State.REFUSES for line in lines)
    if as_json:
        print_json({"findings": [asdict(line) for line in lines]})
    else:
        rows(("", "", ""), ((line.state.value, line.area, phrase(line)) for line in lines))
        say(f"{bad} of {len(lines)} would not work" if bad else "all of it works")
    return bad > 0


def phrase(line: Line) -> str:
    """Say a line in one sentence."""
    return f"{line.says}: {line.remedy}" if line.remedy else line.says


async def found(config: Path) -> tuple[Line, ...]:
    """Ask in the order in which a start would refuse.

    Raises: SettingsError.
    """
    settings = load(config, os.environ)
    if settings.slack is None:
        raise SettingsError("[slack] is not configured; docs/guides/slack.md says how")
    slack = settings.slack
    api, hooks = (slack.api, slack.hooks) if slack.api else (SLACK, SLACK_HOOKS)
    async with web.session(token=slack.bot_token.text().strip(), api=api, hooks=hooks) as asked:
        return (people(settings), *[line async for line in lines(asked, slack, settings.channels)])


async def lines(asked: Web, slack: SlackSettings, named: Iterable[str]) -> AsyncIterator[Line]:
    """Ask one thing after the other."""
    known, team = await bot(asked)
    yield known
    if known.state is State.REFUSES:
        return
    async for line in granted(asked, email=bool(slack.email_domains)):
        yield line
    yield app(slack)
    census = Census(web=asked, teams=frozenset({team}), now=time.monotonic)
    for channel in named:
        yield await room(asked, census, channel)
    async for line in shown(asked):
        yield line


def people(settings: Settings) -> Line:
    """Say how accounts are linked."""
    console = settings.console
    if console.sign_ins or console.saml:
        return Line(area=AREA, state=State.OK, says=f"people link their accounts by /audit link, at {console.url}")
    remedy = "configure a sign-in, or list who decides in [slack.people]"
    listed = bool(settings.slack and settings.slack.people)
    said = "nobody signs in at the console, so operators alone link accounts"
    return Line(area=AREA, state=State.OK if listed else State.WARNS, says=said, remedy="" if listed else remedy)


async def bot(asked: Web) -> tuple[Line, str]:
    """Ask who we are, and in which workspace."""
    try:
        said = await asked.call("auth.test", {})
    except GatewayError as error:
        remedy = "copy the Bot User OAuth Token (xoxb-…) of an installed app"
        return Line(area=AREA, state=State.REFUSES, says=f"bot_token: {error}", remedy=remedy), ""
    says = f"bot_token is of {said.get('user')} in {said.get('team')}"
    return Line(area=AREA, state=State.OK, says=says), str(said.get("team_id"))


async def granted(asked: Web, *, email: bool) -> AsyncIterator[Line]:
    """Compare the scopes of the token with those of the manifest."""
    held, wanted = await asked.scopes(), scopes(email=email)
    if held is None:
        yield Line(area=AREA, state=State.WARNS, says="Slack does not say which scopes the token has")
        return
    if missing := [name for name in wanted if name not in held]:
        yield Line(area=AREA, state=State.REFUSES, says=f"scopes missing: {', '.join(missing)}", remedy=REINSTALL)
    if more := sorted(held - set(wanted)):
        remedy = "take what nothing needs out of the app"
        yield Line(area=AREA, state=State.WARNS, says=f"scopes beyond the manifest: {', '.join(more)}", remedy=remedy)
    if not missing:
        yield Line(area=AREA, state=State.OK, says=f"scopes: {', '.join(wanted)}")


def app(slack: SlackSettings) -> Line:
    """Look at what the chosen mode needs."""
    if slack.app_token is None:
        return Line(area=AREA, state=State.OK, says="HTTP mode: requests are signed by signing_secret")
    if not app_of(slack.app_token.text().strip()):
        remedy = "make one under Basic Information, App-Level Tokens, with connections:write"
        return Line(area=AREA, state=State.REFUSES, says="app_token is no app-level token (xapp-1-A…)", remedy=remedy)
    return Line(area=AREA, state=State.OK, says="Socket Mode: app_token names an app")


async def room(asked: Web, census: Census, channel: str) -> Line:
    """Ask about one channel: ours alone, whoever is in it included, and the bot in it."""
    try:
        why = await seen(asked, census, channel)
    except GatewayError as error:
        why = str(error)
    if why:
        remedy = ALONE if why == OUTSIDERS or "shared" in why else INVITE
        return Line(area=AREA, state=State.REFUSES, says=f"channel {channel}: {why}", remedy=remedy)
    return Line(area=AREA, state=State.OK, says=f"channel {channel} is ours, and the bot is in it")


async def validated(asked: Web, payload: Mapping[str, object]) -> None:
    """Have Slack check one; where it asks to wait, wait as long and ask once more.

    Raises: SlackRefused, SlackUnavailable.
    """
    try:
        await asked.call("blocks.validate", payload)
    except SlackLimited as error:
        await asyncio.sleep(min(error.seconds, PATIENCE))
        await asked.call("blocks.validate", payload)


async def shown(asked: Web) -> AsyncIterator[Line]:
    """Have Slack check one of every message and view."""
    offered: list[tuple[str, Mapping[str, object]]] = [
        (name, {"message": {"text": each.text, "blocks": each.blocks}}) for name, each in samples.messages()
    ]
    offered += [(name, {"view": view}) for name, view in samples.views()]
    good = 0
    for name, payload in offered:
        try:
            await validated(asked, payload)
            good += 1
        except SlackRefused as error:
            if error.error == "unknown_method":
                yield Line(area=AREA, state=State.WARNS, says="this Slack has no blocks.validate")
                return
            yield Line(area=AREA, state=State.REFUSES, says=f"{name}: {error}", remedy="report it: nobody could see it")
        except GatewayError as error:
            yield Line(area=AREA, state=State.WARNS, says=f"{name}: {error}", remedy="ask again later")
    if good == len(offered):
        yield Line(area=AREA, state=State.OK, says=f"{good} kinds of messages and views are as Slack wants them")
