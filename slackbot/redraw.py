"""Keeps every card on screen at its Review's newest version: posts the first, redraws the rest, records what stands."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, final
from weakref import WeakValueDictionary

from core.errors import GatewayError, NotFound
from core.model import Review, ReviewId, State
from core.ports import Card, Cards, Clock, Desk, Journal, PostCard, Shown, TicketKind, Tickets, Unit
from slackbot.audience import Audience
from slackbot.people import SlackUnavailable
from slackbot.transport.web import SlackLimited, SlackRefused, Web
from slackbot.views import cards as rendering
from slackbot.views import notices
from slackbot.views.cards import Message

POLL_SECONDS: Final = 1.0  # a first card within a second even when nobody woke us
PAUSE_SECONDS: Final = 15.0  # after Slack refused a channel
TURN: Final = timedelta(seconds=30)  # longer than a card's two posts take; so long it stays with who died drawing
LOST: Final = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived"}
)
UNSHOWABLE: Final = frozenset({"invalid_blocks", "msg_blocks_too_long", "invalid_blocks_format"})
WITHHELD: Final = "This channel has readers who may not see it. It stands in App Home, and at: assent review show"
LOG: Final = logging.getLogger("assent.slack")


@final
@dataclass(slots=True, kw_only=True)
class Screen:
    """The cards on screen; one redraw of a Review at a time in all replicas, one channel's limit delays no other.

    Slack orders nothing: of two replicas that draw one card, the later answer would stand, whichever version it shows.
    """

    web: Web
    audience: Audience
    desk: Desk
    cards: Cards
    journal: Journal
    turns: Tickets
    clock: Clock
    channel: str
    emergencies: str  # the second channel, where answers given alone stand too; "": nobody gives any
    now: Callable[[], float]  # seconds, monotonic
    tally: Counter[str]
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _quiet: dict[str, float] = field(default_factory=dict)  # channel or Review -> not before
    _unrecorded: dict[ReviewId, PostCard] = field(default_factory=dict)  # posted, and the store failed then
    _locks: WeakValueDictionary[ReviewId, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def nudge(self) -> None:
        """Look for stale cards now."""
        self._wake.set()

    async def run(self) -> None:
        """Redraw what is stale, for ever."""
        while True:
            self._wake.clear()
            await self._kept(self.round())
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def round(self) -> None:
        """Record what was posted unrecorded, then redraw what is stale once, channels side by side."""
        for posted in tuple(self._unrecorded):
            async with self._lock(posted):
                await self._record(posted)
        channels: dict[str, list[Review]] = {}
        for review in await self.cards.stale():
            channels.setdefault(review.channel or self.channel, []).append(review)
        await asyncio.gather(*(self._channel(name, waiting) for name, waiting in channels.items()))
        for review in await self.cards.unposted(self.emergencies) if self.emergencies else ():
            if not self._waits(self.emergencies) and not self._waits(f"{review.id} alone"):
                await self._kept(self._alone(review))

    async def _alone(self, review: Review) -> None:
        """Post an answer given alone to the second channel, once over all replicas that live."""
        async with self._lock(review.id), self._turn(review.id) as ours:
            shown = await self.desk.show(None, review.id) if ours else None
            standing = await self.cards.cards(review.id)
            if shown is None or any(card.channel == self.emergencies for card in standing):
                return
            try:
                await self.audience.ours(self.emergencies)
                channel, ts = await self.web.post(self.emergencies, rendering.card(shown))
            except SlackUnavailable as error:
                self._quiet[self.emergencies] = self.now() + PAUSE_SECONDS
                self._failed("unavailable", error)
            except SlackRefused as error:
                self._quiet[f"{review.id} alone"] = self.now() + PAUSE_SECONDS
                self._failed("refused", error)
            else:
                await self._recorded(shown.review, channel, ts)

    async def _channel(self, channel: str, waiting: list[Review]) -> None:
        for review in waiting:
            if self._waits(channel):
                return
            if not self._waits(review.id):
                await self._kept(self._drawn(channel, review))

    def _waits(self, name: str) -> bool:
        return self.now() < self._quiet.get(name, 0.0)

    async def _drawn(self, channel: str, review: Review) -> None:
        try:
            await self.draw(review)
        except SlackLimited as error:
            self._quiet[channel] = self.now() + error.seconds
            self._failed("limited", error)
        except SlackUnavailable as error:
            self._quiet[channel] = self.now() + PAUSE_SECONDS
            self._failed("unavailable", error)
        except SlackRefused as error:
            self._quiet[review.id] = self.now() + PAUSE_SECONDS
            self._failed("refused", error)

    async def _kept(self, act: Coroutine[object, object, None]) -> None:
        try:
            await act
        except GatewayError as error:
            self._failed("store", error)
        # The door's last line: one Review that cannot be drawn must not keep the others off the screen.
        except Exception:
            self.tally["redraw.crashed"] += 1
            LOG.exception("a card could not be drawn")

    def _failed(self, what: str, error: GatewayError) -> None:
        self.tally[f"redraw.{what}"] += 1
        LOG.warning("redraw: %s", error)

    async def draw(self, review: Review) -> None:
        """Bring a Review's cards to its version now; what moved meanwhile is stale again and comes next round.

        Raises: SlackLimited, SlackUnavailable, SlackRefused, StoreError.
        """
        async with self._lock(review.id), self._turn(review.id) as ours:
            if not ours:
                return
            standing = await self.cards.cards(review.id)
            try:
                shown = await self.desk.show(None, review.id)
            except NotFound:
                await self._blank(review, standing)
                return
            if shown is None:
                return
            if not standing:
                await self._first(shown)
            for card in standing:
                if card.shown < shown.review.version:
                    await self._again(shown, card)

    async def _blank(self, review: Review, standing: Sequence[Card]) -> None:
        """Take the words off the screen that were erased; nobody posts a card of what can no longer be read."""
        for card in standing:
            if card.shown < review.version:
                await self._replaced(card, notices.erased(review))
                await self._recorded(review, card.channel, card.ts)

    async def _first(self, shown: Shown) -> None:
        """A second post would be a copy whose clicks do not count, so the first is remembered until it is recorded."""
        of = shown.review.id
        if shown.review.state is not State.PENDING:
            return
        channel, ts = await self._post(shown)
        self._unrecorded[of] = PostCard(review=of, channel=channel, ts=ts, shown=shown.review.version)
        await self._record(of)

    async def _record(self, review: ReviewId) -> None:
        if (card := self._unrecorded.get(review)) is not None:
            await self.journal.commit(Unit(changes=(card,)))
            del self._unrecorded[review]

    async def _post(self, shown: Shown) -> tuple[str, str]:
        wanted = shown.review.channel or self.channel
        await self.audience.ours(wanted)
        try:
            return await self.web.post(wanted, rendering.card(shown))
        except SlackRefused as error:
            if error.error not in UNSHOWABLE:
                raise
            self.tally["redraw.bare"] += 1
            return await self.web.post(wanted, rendering.bare(shown))

    async def _again(self, shown: Shown, card: Card) -> None:
        """Redraw a card; where others have come to see its channel, nothing of it stays there."""
        try:
            await self.audience.ours(card.channel)
        except SlackRefused as error:
            self._failed("withheld", error)
            await self._replaced(card, notices.gone(WITHHELD))
            await self._recorded(shown.review, card.channel, card.ts)
            return
        try:
            await self.web.update(card.channel, card.ts, rendering.card(shown))
        except SlackRefused as error:
            if error.error in UNSHOWABLE:
                self.tally["redraw.bare"] += 1
                await self.web.update(card.channel, card.ts, rendering.bare(shown))
            elif error.error not in LOST:
                raise
            else:
                self._failed("lost", error)
        await self._recorded(shown.review, card.channel, card.ts)

    async def _replaced(self, card: Card, message: Message) -> None:
        """Put a message in a card's place; one that is no longer there shows nothing."""
        try:
            await self.web.update(card.channel, card.ts, message)
        except SlackRefused as error:
            if error.error not in LOST:
                raise
            self._failed("lost", error)

    async def _recorded(self, review: Review, channel: str, ts: str) -> None:
        change = PostCard(review=review.id, channel=channel, ts=ts, shown=review.version)
        await self.journal.commit(Unit(changes=(change,)))

    async def clicked(self, review: ReviewId, *, channel: str, ts: str, url: str) -> None:
        """Redraw the clicked copy through its response URL, which has no limit of its own; others follow by rounds.

        Raises: SlackUnavailable, SlackRefused, StoreError.
        """
        try:
            async with self._lock(review), self._turn(review) as ours:
                shown = await self.desk.show(None, review) if ours else None
                if shown is not None:
                    await self.web.replace(url, rendering.card(shown))
                    await self._recorded(shown.review, channel, ts)
        finally:
            self.nudge()

    @asynccontextmanager
    async def _turn(self, review: ReviewId) -> AsyncIterator[bool]:
        """Say whether it is this process's turn to draw; another's ends with its redraw, or with its time."""
        ours = await self.turns.put(TicketKind.CARD, review, "", self.clock.now() + TURN)
        try:
            yield ours
        finally:
            if ours:
                await self.turns.take(TicketKind.CARD, review)

    async def settled(self, review: ReviewId) -> None:
        """Wait until no redraw of this Review is under way: a click may arrive before its card is recorded."""
        async with self._lock(review):
            return

    def _lock(self, review: ReviewId) -> asyncio.Lock:
        lock = self._locks.get(review)
        if lock is None:
            lock = self._locks[review] = asyncio.Lock()
        return lock
