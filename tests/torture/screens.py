"""What people see: a file that every process of a crowd writes to, a line for each post, redraw and direct message."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, final

from core.model import Identity
from core.ports import Shown
from slackbot.kit.parts import section
from slackbot.views.cards import Message
from tests.integration.connecting import Now
from tests.torture.doomed import Doom
from tests.torture.terms import SLEEPER, VOTERS

CHANNEL: Final = "C0"
EMERGENCIES: Final = "C1"
TOLD: Final = {f"U{who.name}": who for who in (SLEEPER, VOTERS[0])}  # who is reminded
NOON: Final = 12


async def at_once() -> None:
    """Let others do something first, and go on."""
    await asyncio.sleep(0)


@final
@dataclass
class Wall:
    """A chat whose lines stand in the order they came."""

    path: Path
    doom: Doom
    number: int = 0
    sent: Callable[[], Awaitable[None]] = at_once  # before a redraw takes effect
    seen: Callable[[], Awaitable[None]] = at_once  # after it

    def _write(self, **said: str) -> None:
        with self.path.open("a") as file:  # O_APPEND: whole lines
            file.write(json.dumps(said) + "\n")

    def _draw(self, ts: str, message: Message) -> None:
        self._write(ts=ts, version=str(message.blocks[0]["block_id"]).partition(".")[2])

    async def post(self, channel: str, message: Message) -> tuple[str, str]:
        self.number += 1
        ts = f"{os.getpid()}.{self.number}"
        self.doom.here("before post")
        await asyncio.sleep(0)
        self._draw(ts, message)
        self.doom.here("after post")
        return channel, ts

    async def update(self, channel: str, ts: str, message: Message) -> None:
        del channel
        self.doom.here("before update")
        await self.sent()
        self._draw(ts, message)
        self.doom.here("after update")
        await self.seen()

    async def direct(self, user: str, message: Message) -> None:
        self.doom.here("before direct")
        await asyncio.sleep(0)
        self._write(user=user, review=message.text)
        self.doom.here("after direct")

    async def ours(self, channel: str) -> None:
        del channel


@final
class Awake:
    """People whose accounts are linked, and for whom it is always noon."""

    async def of(self, team: str, user: str) -> Identity:
        del team
        return TOLD[user]

    async def ahead(self, user: str) -> timedelta:
        del user
        now = Now().now()
        return now.replace(hour=NOON) - now


def named(shown: Shown) -> Message:
    """Remind of a Review by its id, which a person is not told: so one can count them."""
    return Message(text=shown.review.id, blocks=[section("reminder", "waits")])


def drawn(path: Path) -> Iterator[dict[str, str]]:
    """Give the lines."""
    for line in path.read_text().splitlines() if path.exists() else ():
        yield json.loads(line)
