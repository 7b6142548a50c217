"""What a click or a modal of an emergency does: commit, then acknowledge, as every listener."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from slack_bolt.context.ack.async_ack import AsyncAck

from core.model import Decision, State
from core.ports import Ballot, Finding, Hindsight, Said
from core.revealing import line
from slackbot.clicks import clicks
from slackbot.clicks.clicks import Body
from slackbot.clicks.listeners import STALE, Listeners
from slackbot.kit.reading import picked, typed
from slackbot.kit.words import SAID
from slackbot.people import Stranger
from slackbot.views import glass, modals
from slackbot.views.cards import Ref

NEEDED: Final = "Say it: it stays on record."


@final
@dataclass(frozen=True, slots=True)
class Emergency:
    """Answers given alone, and the look afterwards."""

    on: Listeners

    async def ask(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Open the modal that shows everything and asks what for; only for who may answer alone."""
        click, ref = clicks.click(body, action), Ref.parse(action.get("value"))
        shown = await self.on.look_at(ack, click, ref)
        if shown is None or ref is None:
            return
        if not shown.breakable or not modals.whole(shown):
            closed = shown.review.state is not State.PENDING
            said = SAID[Said.CLOSED if closed else Said.NOT_ELIGIBLE]
            await self.on.refuse(ack, click, modals.beyond(shown) if shown.breakable else said)
            return
        await ack()
        self.on.later("modal", self.on.web.open(click.trigger, glass.alone(modals.everything(shown), str(ref))))

    async def broken(self, ack: AsyncAck, body: Body) -> None:
        """Answer alone, from the modal that showed everything."""
        sent = clicks.submission(body)
        who, ref = await self.on.who_is(sent), Ref.parse(sent.metadata)
        if isinstance(who, Stranger) or ref is None:
            await self.on.notice(ack, who.sentence if isinstance(who, Stranger) else STALE)
            return
        ticket, reason = (line(typed(sent.values, name)).strip() for name in (glass.TICKET, glass.REASON))
        if not ticket or not reason:
            await ack(response_action="errors", errors={glass.REASON if ticket else glass.TICKET: NEEDED})
            return
        shown = await self.on.desk.show(who, ref.review)
        if shown is None:
            await self.on.notice(ack, SAID[Said.UNKNOWN])
            return
        if not await self.on.showed(ack, sent, shown):
            return
        yes = Ballot(review=ref.review, digest=ref.digest, decision=Decision.APPROVE, reason=reason, ticket=ticket)
        await self.on.answered(ack, await self.on.desk.vote(who, yes))

    async def look(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Open the modal that asks whether it was justified."""
        click, ref = clicks.click(body, action), Ref.parse(action.get("value"))
        shown = await self.on.look_at(ack, click, ref)
        if shown is None or ref is None:
            return
        if shown.glass is None or not shown.glass.closes:
            closed = shown.glass is None or bool(shown.glass.closed_by)
            await self.on.refuse(ack, click, SAID[Said.CLOSED if closed else Said.NOT_ELIGIBLE])
            return
        await ack()
        self.on.later("modal", self.on.web.open(click.trigger, glass.look(str(ref))))

    async def looked(self, ack: AsyncAck, body: Body) -> None:
        """Record what somebody else says of it."""
        sent = clicks.submission(body)
        who, ref = await self.on.who_is(sent), Ref.parse(sent.metadata)
        if isinstance(who, Stranger) or ref is None:
            await self.on.notice(ack, who.sentence if isinstance(who, Stranger) else STALE)
            return
        chosen, note = picked(sent.values, glass.FINDING), line(typed(sent.values, glass.NOTE)).strip()
        if chosen not in set(Finding) or not note:
            await ack(response_action="errors", errors={glass.NOTE: NEEDED})
            return
        said = Hindsight(review=ref.review, digest=ref.digest, finding=Finding(chosen), note=note)
        await self.on.answered(ack, await self.on.desk.close(who, said))
