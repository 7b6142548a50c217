"""Answers `/audit` from the Archive, which records each look-up before it answers; bounded per person."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, assert_never, final

from core.model import Identity, Json, SessionId
from core.ports import Archive, Clock, Looks, Search
from slackbot.home.debts import Debts
from slackbot.lookups.grammar import (
    MOMENT,
    Finding,
    Help,
    Listing,
    Looked,
    OneCall,
    OnePerson,
    OneReview,
    OneSession,
    Verifying,
    Waiting,
)
from slackbot.people import Links
from slackbot.views import audit, owed, stories
from slackbot.views.cards import Message

MINUTE: Final = 60.0
LOOKUPS: Final = 30  # a person and minute
MOST: Final = 10_000  # people remembered
PAGE: Final = 10  # Sessions; the Archive gives 20, so that one sees whether there are more
UNLINKED: Final = "Nobody is linked to that Slack account; name an e-mail or directory:id."
AUDITORS: Final = "Verifying the whole Journal is for auditors."
RUNNING: Final = "The Journal is being verified already; its answer goes to who asked."


@final
@dataclass(slots=True, kw_only=True)
class Lookup:
    """One door to the Archive for people in Slack."""

    archive: Archive
    looks: Looks
    debts: Debts
    links: Links
    verify: Callable[[], Awaitable[Mapping[str, Json]]]
    clock: Clock
    now: Callable[[], float] = time.monotonic  # seconds
    _recent: dict[str, deque[float]] = field(default_factory=dict)
    _verifying: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer(self, who: Identity, asked: Looked, *, team: str) -> Message:
        """Look up and render.

        Raises: StoreError when the look-up cannot be recorded: then nothing is shown.
        """
        if isinstance(asked, Help):
            return audit.help_text(asked.problem)
        if not self._free(str(who.person)):
            return audit.help_text(f"More than {LOOKUPS} look-ups a minute: wait a little.")
        match asked:
            case OneSession() | OneCall() | OneReview():
                return await self._one(who, asked)
            case Listing() | OnePerson() | Finding() | Waiting():
                return await self._many(who, asked, team)
            case Verifying():
                return await self._verified(who)
            case _:
                assert_never(asked)

    async def _one(self, who: Identity, asked: OneSession | OneCall | OneReview) -> Message:
        match asked:
            case OneSession(session=session, first=first):
                return await self._session(who, session, first)
            case OneCall(call=call):
                story = await self.archive.call(who, call)
                return stories.call(story) if story else audit.nothing("call")
            case OneReview():
                return await self._review(who, asked)
            case _:
                assert_never(asked)

    async def _many(self, who: Identity, asked: Listing | OnePerson | Finding | Waiting, team: str) -> Message:
        match asked:
            case Listing():
                return await self._listed(who, asked)
            case OnePerson():
                return await self._person(who, asked, team)
            case Finding(wanted=wanted, person=person, after=after, text=text):
                return audit.calls(await self.archive.find(who, wanted, person=person, after=after), text)
            case Waiting():
                return await self._waiting(who)
            case _:
                assert_never(asked)

    async def _listed(self, who: Identity, asked: Listing) -> Message:
        since = asked.since or self.clock.now() - asked.span
        found = await self.archive.sessions(who, before=asked.before)
        last = found[PAGE - 1].began_at if len(found) > PAGE else since
        lines = [each for each in found if each.began_at >= max(since, last)]  # all that began in that moment
        older = f"{asked.page + 1} {milli(last)} {milli(since)}" if last > since else ""
        return audit.sessions(lines, page=asked.page, span=f"since {stories.stamp(since)}", older=older)

    async def _session(self, who: Identity, session: SessionId, first: int) -> Message:
        found = await self.archive.session(who, session)
        if found is None:
            return audit.nothing("session")
        entries = [each for story in found[1][first : first + stories.CALLS] for each in story.entries]
        return stories.session(*found, first, await self.looks.anchored(entries))

    async def _review(self, who: Identity, asked: OneReview) -> Message:
        story = await self.looks.review(who, asked.review)
        shown = await self.debts.desk.show(who, asked.review)
        return audit.nothing("Review") if story is None and shown is None else stories.review(shown, story)

    async def _person(self, who: Identity, asked: OnePerson, team: str) -> Message:
        linked = await self.links.identity(team, asked.user) if asked.user else None
        if asked.user and not isinstance(linked, Identity):
            return audit.help_text(UNLINKED)
        name = str(linked.person) if isinstance(linked, Identity) else asked.name
        since = (self.clock.now() - asked.span).astimezone(UTC).replace(second=0, microsecond=0)
        found = await self.archive.find(who, Search(since=since), person=name)
        return audit.calls(found, f'by:"{name}" since:{since.strftime(MOMENT)}')

    async def _waiting(self, who: Identity) -> Message:
        found = await self.debts.of(who)
        await self.looks.looked(who, "pending", len(found))
        return owed.message(found)

    async def _verified(self, who: Identity) -> Message:
        """One at a time: it reads the whole log."""
        if not self.looks.audits(who):
            return audit.help_text(AUDITORS)
        if self._verifying.locked():
            return audit.help_text(RUNNING)
        async with self._verifying:
            await self.looks.looked(who, "verify", 0)
            return audit.verified(await self.verify())

    def _free(self, person: str) -> bool:
        now = self.now()
        if person not in self._recent and len(self._recent) >= MOST:
            self._recent.clear()
        recent = self._recent.setdefault(person, deque())
        while recent and recent[0] <= now - MINUTE:
            recent.popleft()
        if len(recent) >= LOOKUPS:
            return False
        recent.append(now)
        return True


def milli(at: datetime) -> int:
    """Write an instant in milliseconds, as the store reckons: those of one stand on one page."""
    return round(at.timestamp() * 1000)
