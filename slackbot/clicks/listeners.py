"""What each click, submission and command does: commit, then acknowledge, then return; Slack is told afterwards.

A listener that raises is not acknowledged: the person sees that the click failed and may click again. This holds only
with `process_before_response=True` (slack_bolt 1.30, `listener/asyncio_runner.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Protocol, final

from slack_bolt.async_app import AsyncAck

from core.errors import GatewayError
from core.model import Decision, Identity, State
from core.ports import Ballot, Brakes, Cards, Desk, Grantors, Said, Shown
from slackbot.clicks import clicks
from slackbot.clicks.clicks import Body, Click, Command, Submission, string
from slackbot.clicks.linking import Linker
from slackbot.home.homes import Homes
from slackbot.kit import blocks
from slackbot.kit.text import unescape
from slackbot.kit.words import SAID
from slackbot.lookups import grammar
from slackbot.lookups.grammar import Help, Linking, Listing, Looked, Unlinking, Verifying
from slackbot.lookups.lookup import Lookup
from slackbot.people import People, Stranger
from slackbot.redraw import Screen
from slackbot.transport.alarms import Alarms
from slackbot.transport.web import SlackRefused, Web
from slackbot.views import audit, granting, modals, notices, stories
from slackbot.views import cards as rendering
from slackbot.views.cards import Message, Ref

MOVED: Final = frozenset({Said.APPROVED, Said.DENIED, Said.COUNTED, Said.LOOKED})
REDRAWN: Final = MOVED | {Said.REPEAT, Said.CLOSED, Said.EXPIRED, Said.MISMATCH}
STALE: Final = "This card is out of date. Nothing was decided; look at the newest card."
COPY: Final = "This is a copy, not the card: nothing can be decided here. See the card in its channel."
ALTERED: Final = "This card did not show what is asked, so your click decided nothing. It has been redrawn; look again."
FULL: Final = "This one is approved in its full view only: press Full statement…"
NOT_YOURS: Final = (
    "You cannot decide this: it is your own request, or none of the groups asked has a free seat for you."
)
PROTECTED: Final = "This question reads protected columns: only those who may decide it see it in full."
LOOKING: Final = "Verifying the Journal …"
UNANSWERED: Final = "This cannot be looked up now: the look could not be recorded. Try again."
FOREIGN: Final = "This belongs to another app; nothing was decided."


# What turns a page, each with how its value is read.
PAGES: Final[Mapping[str, Callable[[object], Looked | None]]] = MappingProxyType(
    {
        stories.NEXT: grammar.page,
        stories.VERIFY: lambda _: Verifying(),
        audit.OLDER: grammar.further,
        audit.LATER: grammar.older,
        audit.OPENED: grammar.opened,
    }
)


class Later(Protocol):
    """Runs what need not be done before the acknowledgement; its errors are counted."""

    def __call__(self, what: str, act: Coroutine[object, object, None]) -> None:
        """Start a task of its own."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """Everything a click needs."""

    app: str  # our app id
    people: People
    desk: Desk
    brakes: Brakes
    grantors: Grantors | None
    cards: Cards
    lookup: Lookup
    alarms: Alarms
    web: Web
    screen: Screen
    homes: Homes
    later: Later
    tally: Counter[str]
    linker: Linker | None  # None: nobody signs in by browser, operators link

    # ------------------------------------------------------------ cards

    async def approve(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Cast an approving Vote from the card, if it is the card and shows what is asked."""
        click, ref = clicks.click(body, action), Ref.parse(action.get("value"))
        who = await self.who_is(click)
        if isinstance(who, Stranger) or ref is None:
            await self.refuse(ack, click, who.sentence if isinstance(who, Stranger) else STALE)
        elif not await self.stands(click, ref):
            await self.elsewhere(ack, click)
        elif (shown := await self.desk.show(None, ref.review)) is None:
            await self.refuse(ack, click, SAID[Said.UNKNOWN])
        elif not rendering.genuine(shown, click.message):
            await self._altered(ack, click, ref)
        elif rendering.obstacles(shown):
            await self.refuse(ack, click, FULL)
        else:
            await self._cast(ack, click, who, ref)

    async def _cast(self, ack: AsyncAck, click: Click, who: Identity, ref: Ref) -> None:
        ballot = Ballot(review=ref.review, digest=ref.digest, decision=Decision.APPROVE)
        said = await self.desk.vote(who, ballot)
        self.tally[f"vote.{said}"] += 1
        await ack()
        if said in REDRAWN:
            redraw = self.screen.clicked(ref.review, channel=click.channel, ts=click.ts, url=click.url)
            self.later("redraw", redraw)
        if said not in MOVED and said is not Said.REPEAT:
            self.later("whisper", self.web.whisper(click.url, SAID[said]))

    async def deny(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Open the modal that asks why."""
        click, ref = clicks.click(body, action), Ref.parse(action.get("value"))
        shown = await self.look_at(ack, click, ref)
        if shown is None or ref is None:
            return
        if shown.review.state is not State.PENDING or not shown.eligible:
            closed = shown.review.state is not State.PENDING
            self.screen.nudge()
            await self.refuse(ack, click, SAID[Said.CLOSED] if closed else NOT_YOURS)
            return
        await ack()
        self.later("modal", self.web.open(click.trigger, modals.deny(ref)))

    async def open(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Open the full view, made from the store; of a protected question only for who may decide it."""
        click, ref = clicks.click(body, action), Ref.parse(action.get("value"))
        shown = await self.look_at(ack, click, ref)
        if shown is None:
            return
        if shown.facts.protected and not shown.eligible:
            await self.refuse(ack, click, PROTECTED)
            return
        await ack()
        self.later("modal", self.web.open(click.trigger, modals.full(shown).view))

    async def look_at(self, ack: AsyncAck, click: Click, ref: Ref | None) -> Shown | None:
        """Show who clicked the Review of a button, where it is theirs to see; else say why not."""
        who = await self.who_is(click)
        if isinstance(who, Stranger) or ref is None:
            await self.refuse(ack, click, who.sentence if isinstance(who, Stranger) else STALE)
            return None
        shown = await self.desk.show(who, ref.review)
        if shown is None:
            await self.refuse(ack, click, SAID[Said.UNKNOWN])
        return shown

    # ------------------------------------------------------------ modals

    async def approved(self, ack: AsyncAck, body: Body) -> None:
        """Cast an approving Vote from the full view."""
        sent = clicks.submission(body)
        who, ref = await self.who_is(sent), Ref.parse(sent.metadata)
        if isinstance(who, Stranger) or ref is None:
            await self.notice(ack, who.sentence if isinstance(who, Stranger) else STALE)
            return
        shown = await self.desk.show(who, ref.review)
        if shown is None:
            await self.notice(ack, SAID[Said.UNKNOWN])
            return
        if not await self.showed(ack, sent, shown):
            return
        try:
            lowered = modals.cap(sent.values, shown.question.limits.affected_rows)
        except ValueError:
            await ack(response_action="errors", errors={modals.CAP: "A whole number, not above the cap of the rule."})
            return
        try:
            grant = granting.chosen(sent.values, shown)
        except ValueError as error:
            await ack(response_action="errors", errors={str(error): "A whole number, from 1 to what the rules let."})
            return
        approving = Ballot(review=ref.review, digest=ref.digest, decision=Decision.APPROVE, affected_rows=lowered)
        await self.answered(ack, await self.desk.vote(who, replace(approving, grant=grant)))

    async def denied(self, ack: AsyncAck, body: Body) -> None:
        """Cast a denying Vote with its reason."""
        sent = clicks.submission(body)
        who, ref = await self.who_is(sent), Ref.parse(sent.metadata)
        if isinstance(who, Stranger) or ref is None:
            await self.notice(ack, who.sentence if isinstance(who, Stranger) else STALE)
            return
        reason = modals.reason(sent.values)
        if reason is None:
            await ack(response_action="errors", errors={modals.KIND: SAID[Said.NO_REASON]})
            return
        ballot = Ballot(review=ref.review, digest=ref.digest, decision=Decision.DENY, reason=reason)
        await self.answered(ack, await self.desk.vote(who, ballot))

    async def showed(self, ack: AsyncAck, sent: Submission, shown: Shown) -> bool:
        """Whether the modal held and showed all that is asked; else say so, and nothing is decided."""
        if not modals.whole(shown):
            await self.notice(ack, modals.beyond(shown))
            return False
        if modals.genuine(shown, sent.blocks):
            return True
        self.tally["altered"] += 1
        via = f"slack:{sent.home}:{sent.user}"
        await self.alarms.raised("slack.altered_card", via=via, review=shown.review.id)
        await self.notice(ack, SAID[Said.MISMATCH])
        return False

    async def answered(self, ack: AsyncAck, said: Said) -> None:
        """Say what became of a Vote from a modal."""
        self.tally[f"vote.{said}"] += 1
        self.screen.nudge()
        if said in MOVED or said is Said.REPEAT:
            await ack()
        else:
            await self.notice(ack, SAID[said])

    async def notice(self, ack: AsyncAck, sentence: str) -> None:
        """Put a sentence in place of the modal."""
        await ack(response_action="update", view=modals.notice(sentence))

    # ------------------------------------------------------------ look-ups

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """Answer `/audit`, to the person who typed it and nobody else."""
        sent = clicks.command(body)
        asked = grammar.parse(unescape(sent.text))
        if isinstance(asked, Help):
            await self._shown(ack, audit.help_text(asked.problem))
            return
        if isinstance(asked, Linking | Unlinking):
            await self._link(ack, sent, asked)
            return
        who = await self._known(sent.app, sent.team, sent.team, sent.user)
        if isinstance(who, Stranger):
            await self._shown(ack, notices.gone(who.sentence))
            return
        if isinstance(asked, Verifying | Listing):
            await ack(LOOKING if isinstance(asked, Verifying) else "")
            self.later("answer", self._told(string(body, "response_url"), who, asked, sent.team))
            return
        await self._shown(ack, await self.lookup.answer(who, asked, team=sent.team))

    async def _link(self, ack: AsyncAck, sent: Command, asked: Linking | Unlinking) -> None:
        outside = await self._outside(sent)
        if outside is not None:
            await self._shown(ack, audit.told(outside.sentence))
        elif self.linker is None:
            await self._shown(ack, audit.link(sent.team, sent.user))
        elif isinstance(asked, Unlinking):
            await self._shown(ack, await self.linker.end(sent))
        elif not asked.code:
            await self._shown(ack, await self.linker.begin(sent))
        else:
            said, made = await self.linker.finish(sent, asked.code)
            self.tally["link.made" if made else "link.refused"] += 1
            await self._shown(ack, said)
            if made is not None:
                self.later("link", self.linker.tell(made))

    async def _outside(self, sent: Command) -> Stranger | None:
        """Say why who types is nobody that may be linked."""
        if sent.app != self.app:
            await self.alarms.raised("slack.foreign_app", via=f"slack:{sent.team}:{sent.user}")
            return Stranger(sentence=FOREIGN)
        return await self.people.outside(sent.team, sent.user)

    async def _told(self, url: str, who: Identity, asked: Looked, team: str) -> None:
        """Answer what takes its time, or has a plainer form where Slack refuses the first."""
        try:
            message = self._fitting(await self.lookup.answer(who, asked, team=team))
        except GatewayError:
            await self.web.whisper(url, UNANSWERED)
            raise
        try:
            await self.web.tell(url, message)
        except SlackRefused:
            if message.instead is None:
                raise
            self.tally["lookup.plain"] += 1
            await self.web.tell(url, message.instead)

    async def _shown(self, ack: AsyncAck, message: Message) -> None:
        fitting = self._fitting(message)
        await ack(text=fitting.text, blocks=fitting.blocks, response_type="ephemeral")

    async def turned(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Turn the page of a look-up."""
        click = clicks.click(body, action)
        who, asked = await self.who_is(click), PAGES[str(action.get("action_id"))](click.value)
        if isinstance(who, Stranger) or asked is None:
            await self.refuse(ack, click, who.sentence if isinstance(who, Stranger) else STALE)
            return
        if isinstance(asked, Verifying | Listing):
            await ack()
            self.later("answer", self._told(click.url, who, asked, click.team))
            return
        message = self._fitting(await self.lookup.answer(who, asked, team=click.team))
        await ack()
        self.later("page", self.web.replace(click.url, message))

    def _fitting(self, message: Message) -> Message:
        if not blocks.message(message.text, message.blocks):
            return message
        self.tally["lookup.too_long"] += 1
        return notices.gone("This is more than Slack can show. Look it up with: assent audit")

    async def home(self, ack: AsyncAck, body: Body) -> None:
        """Show App Home to whoever opens it."""
        team, user = string(body, "team_id"), string(body, "event", "user")
        await ack()
        if string(body, "api_app_id") == self.app and string(body, "event", "tab") == "home":
            self.later("home", self.homes.open(team, user))

    # ------------------------------------------------------------ what nothing else takes

    async def unknown(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Acknowledge a button that no card of ours carries any more, and say so."""
        self.tally["unmatched.action"] += 1
        click = clicks.click(body, action)
        await self.refuse(ack, click, STALE)

    async def closed(self, ack: AsyncAck) -> None:
        """Acknowledge what asks for nothing."""
        self.tally["unmatched.other"] += 1
        await ack()

    # ------------------------------------------------------------ who and what

    async def who_is(self, sent: Click | Submission) -> Identity | Stranger:
        """Say who clicked or submitted."""
        return await self._known(sent.app, sent.team, sent.home, sent.user)

    async def _known(self, app: str, team: str, home: str, user: str) -> Identity | Stranger:
        if app != self.app:
            await self.alarms.raised("slack.foreign_app", via=f"slack:{home}:{user}")
            return Stranger(sentence=FOREIGN)
        found = await self.people.of(team, user)
        if isinstance(found, Identity) and home != team:
            found = await self.people.of(home, user)
        if isinstance(found, Stranger):
            self.tally["stranger"] += 1
        return found

    async def stands(self, click: Click, ref: Ref) -> bool:
        """Say whether the clicked message is a card of this Review that we recorded."""
        if await self._recorded(click, ref):
            return True
        await self.screen.settled(ref.review)
        return await self._recorded(click, ref)

    async def _recorded(self, click: Click, ref: Ref) -> bool:
        standing = await self.cards.cards(ref.review)
        return any((card.channel, card.ts) == (click.channel, click.ts) for card in standing)

    async def refuse(self, ack: AsyncAck, click: Click, sentence: str) -> None:
        """Acknowledge, and tell who clicked why nothing was done."""
        await ack()
        if click.url:
            self.later("whisper", self.web.whisper(click.url, sentence))

    async def elsewhere(self, ack: AsyncAck, click: Click) -> None:
        """Put away what is no card of ours, and alert."""
        self.tally["copy"] += 1
        await self.alarms.raised("slack.unknown_card", via=f"slack:{click.home}:{click.user}")
        await ack()
        self.later("redraw", self.web.replace(click.url, notices.gone(COPY)))

    async def _altered(self, ack: AsyncAck, click: Click, ref: Ref) -> None:
        self.tally["altered"] += 1
        await self.alarms.raised("slack.altered_card", via=f"slack:{click.home}:{click.user}", review=ref.review)
        await ack()
        redraw = self.screen.clicked(ref.review, channel=click.channel, ts=click.ts, url=click.url)
        self.later("redraw", redraw)
        self.later("whisper", self.web.whisper(click.url, ALTERED))
