"""Answers `/audit` from the Archive, which records each look-up before it answers; bounded per person."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, assert_never, final

from core.model import Identity
from core.ports import Archive
from slackbot import audit
from slackbot.cards import Message
from slackbot.grammar import Asked, Finding, Help, OneCall, OneSession

MINUTE: Final = 60.0
LOOKUPS: Final = 30  # a person and minute
MOST: Final = 10_000  # people remembered


@final
@dataclass(slots=True, kw_only=True)
class Lookup:
    """One door to the Archive for people in Slack."""

    archive: Archive
    now: Callable[[], float]  # seconds, monotonic
    _recent: dict[str, deque[float]] = field(default_factory=dict)

    async def answer(self, who: Identity, asked: Asked) -> Message:
        """Look up and render.

        Raises: StoreError when the look-up cannot be recorded: then nothing is shown.
        """
        if isinstance(asked, Help):
            return audit.help_text(asked.problem)
        if not self._free(str(who.person)):
            return audit.help_text(f"More than {LOOKUPS} look-ups a minute: wait a little.")
        match asked:
            case OneSession(session=session, first=first):
                found = await self.archive.session(who, session)
                return audit.session(*found, first) if found else audit.nothing("session")
            case OneCall(call=call):
                story = await self.archive.call(who, call)
                return audit.call(story) if story else audit.nothing("call")
            case Finding(wanted=wanted, person=person, after=after, text=text):
                return audit.calls(await self.archive.find(who, wanted, person=person, after=after), text)
            case _:
                assert_never(asked)

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
