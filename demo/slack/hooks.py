"""Response URLs: five uses within thirty minutes, to replace what was clicked or to whisper to whoever clicked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, final

from aiohttp import web

from demo.slack.world import Json, Posted, Whisper, World, stored
from slackbot.kit import blocks as checker

USES: Final = 5
SECONDS: Final = 1800.0


@final
@dataclass(slots=True, kw_only=True)
class Hook:
    """One response URL."""

    user: str
    channel: str
    ts: str
    whisper: Whisper | None
    until: float
    uses: int = 0


@final
@dataclass(slots=True, kw_only=True)
class Hooks:
    """All response URLs of the workspace."""

    world: World
    base: str = ""
    tables: bool = True  # Slack rolls blocks out workspace by workspace
    made: dict[str, Hook] = field(default_factory=dict)

    def make(self, user: str, channel: str, ts: str, whisper: Whisper | None) -> str:
        """Make a response URL for one click or command."""
        key = secrets.token_urlsafe(16)
        until = self.world.now() + SECONDS
        self.made[key] = Hook(user=user, channel=channel, ts=ts, whisper=whisper, until=until)
        return f"{self.base}/actions/{key}"

    async def serve(self, request: web.Request) -> web.Response:
        """Take one use."""
        hook = self.made.get(request.match_info["key"])
        if hook is None or hook.uses >= USES or self.world.now() > hook.until:
            return web.json_response({"ok": False, "error": "expired_url"}, status=HTTPStatus.NOT_FOUND)
        hook.uses += 1
        body: Json = await request.json()
        text, given = str(body.get("text", "")), body.get("blocks")
        blocks = [block for block in given if isinstance(block, dict)] if isinstance(given, list) else []
        if found := self._refused(text, blocks) if given is not None else ():
            self.world.rejected += found
            return web.json_response({"ok": False, "error": "invalid_blocks"}, status=HTTPStatus.BAD_REQUEST)
        self._apply(hook, body, text, blocks)
        self.world.changed()
        return web.Response(text="ok")

    def _refused(self, text: str, blocks: list[Json]) -> tuple[str, ...]:
        found = checker.message(text, blocks)
        unknown = [] if self.tables else [each for each in blocks if each.get("type") == "table"]
        return (*found, *(checker.error("unsupported type: table", "/blocks") for _ in unknown))

    def _apply(self, hook: Hook, body: Json, text: str, blocks: list[Json]) -> None:
        original = self.world.message(hook.channel, hook.ts)
        if body.get("replace_original") is True and hook.whisper is not None:
            hook.whisper.text, hook.whisper.blocks = text, stored(blocks)
        elif body.get("replace_original") is True and original is not None:
            self.world.draw(original, text, blocks)
        elif body.get("response_type") == "in_channel":
            posted = Posted(channel=hook.channel, ts=self.world.stamp(), text=text, blocks=[])
            self.world.messages.append(posted)
            self.world.draw(posted, text, blocks)
        else:
            self.world.whispers.append(
                Whisper(user=hook.user, channel=hook.channel, ts=self.world.stamp(), text=text, blocks=stored(blocks))
            )
