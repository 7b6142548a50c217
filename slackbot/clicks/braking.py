"""What is stopped by one click: an approval, an agent, a grant; commit, then acknowledge, as every listener."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias, final

from slack_bolt.context.ack.async_ack import AsyncAck

from core.model import Digest, Identity, ReviewId
from core.ports import Said
from slackbot.clicks import clicks
from slackbot.clicks.clicks import Body, Click
from slackbot.clicks.listeners import STALE, Listeners
from slackbot.kit.words import SAID
from slackbot.people import Stranger
from slackbot.views import granting
from slackbot.views.cards import Ref

Brake: TypeAlias = Callable[[Identity, ReviewId, Digest], Awaitable[Said]]


@final
@dataclass(frozen=True, slots=True)
class Braking:
    """To stop needs one person, and nothing that a click says of a card's words."""

    on: Listeners

    async def revoke(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Take an approval back, or have stopped what it began."""
        await self._braked(ack, clicks.click(body, action), self.on.brakes.revoke)

    async def block(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Block the agent that asks."""
        await self._braked(ack, clicks.click(body, action), self.on.brakes.block)

    async def _braked(self, ack: AsyncAck, click: Click, brake: Brake) -> None:
        """Do it from the card alone; what a click says of the card's words does not matter for stopping."""
        who, ref = await self.on.who_is(click), Ref.parse(click.value)
        if isinstance(who, Stranger) or ref is None:
            await self.on.refuse(ack, click, who.sentence if isinstance(who, Stranger) else STALE)
        elif not await self.on.stands(click, ref):
            await self.on.elsewhere(ack, click)
        else:
            said = await brake(who, ref.review, ref.digest)
            self.on.tally[f"brake.{said}"] += 1
            self.on.screen.nudge()
            await self.on.refuse(ack, click, SAID[said])

    async def ended(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """End a grant from App Home or a list; what a click says of it does not matter for stopping."""
        click, name = clicks.click(body, action), granting.named(action.get("value"))
        who = await self.on.who_is(click)
        if isinstance(who, Stranger) or name is None or self.on.grantors is None:
            await self.on.refuse(ack, click, who.sentence if isinstance(who, Stranger) else STALE)
            return
        said = await self.on.grantors.end(who, name)
        self.on.tally[f"grant.{said}"] += 1
        self.on.homes.nudge()
        await self.on.refuse(ack, click, SAID[said])
