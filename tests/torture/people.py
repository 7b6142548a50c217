"""The people of a crowd: they vote and give grants, take back, answer alone, and look at it afterwards."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final, final

from core.errors import GatewayError
from core.model import Decision, Identity, Review, State
from core.ports import Ballot, Finding, Hindsight, Said
from slackbot.redraw import Screen
from tests.line import Parts
from tests.torture.places import Opened
from tests.torture.screens import EMERGENCIES
from tests.torture.terms import BREAKERS, CAPS, NIGHT, VOTERS

AT_ONCE: Final = 6  # questions that are answered at each look
TAKEN_BACK: Final = 0.03
ENDED: Final = 0.15  # of the grants that stand, at each look
DENIED: Final = 0.05
CHOSEN: Final = 0.9  # of the Votes that may choose a grant
ALONE: Final = 0.7  # of what the night's watch is asked, by who answers alone in its place
LOOKED: Final = 0.4  # of what was answered alone, at each look
TICK: Final = 0.02


@final
@dataclass
class People:
    """Everybody who may decide, in one process."""

    parts: Parts
    store: Opened
    screen: Screen
    tell: Callable[[str], None]
    dice: Random

    async def decides(self) -> None:
        """Decide what waits, two at a time, and take some of it back, for ever."""
        acts = (self.answers, self.takes_back, self.ends, self.looks)
        while True:
            for act in self.dice.sample(acts, len(acts)):  # none may be kept waiting by a short life
                with contextlib.suppress(GatewayError):
                    await act()
            await asyncio.sleep(TICK)

    async def answers(self) -> None:
        waiting = await self.store.reviews.in_state(State.PENDING)
        for row in self.dice.sample(waiting, min(len(waiting), AT_ONCE)):
            if row.seats[0].group == "night":
                await self.alone(row) if self.dice.random() < ALONE else await self.votes(row, NIGHT)
            else:
                await asyncio.gather(*(self.votes(row, who) for who in self.dice.sample(VOTERS, 2)))

    async def takes_back(self) -> None:
        for row in await self.store.reviews.in_state(State.APPROVED, State.EXECUTING):
            if self.dice.random() < TAKEN_BACK:
                await self.revokes(row)

    async def votes(self, row: Review, who: Identity) -> None:
        denies = self.dice.random() < DENIED
        chosen = CAPS if row.offer is not None and not denies and self.dice.random() < CHOSEN else None
        said = Ballot(
            review=row.id,
            digest=row.digest,
            decision=Decision.DENY if denies else Decision.APPROVE,
            reason="no" if denies else None,
            grant=chosen,
        )
        with contextlib.suppress(GatewayError):
            await self.parts.desk.vote(who, said)

    async def revokes(self, row: Review) -> None:
        who = NIGHT if row.seats[0].group == "night" else self.dice.choice(VOTERS)
        with contextlib.suppress(GatewayError):
            said = await self.parts.brakes.revoke(who, row.id, row.digest)
            if said is Said.REVOKED:
                self.tell(f"revoked {row.call}")

    # ------------------------------------------------------------ grants

    async def ends(self) -> None:
        for one in await self.parts.grantors.lasting(VOTERS[0]):
            if self.dice.random() < ENDED:
                said = await self.parts.grantors.end(self.dice.choice(VOTERS), one.grant.id)
                if said is Said.REVOKED:
                    self.tell(f"ended {one.grant.id}")

    # ------------------------------------------------------------ emergencies

    async def alone(self, row: Review) -> None:
        yes = Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE, ticket="INC-1", reason="down")
        with contextlib.suppress(GatewayError):
            if await self.parts.desk.vote(self.dice.choice(BREAKERS), yes) is Said.APPROVED:
                self.tell(f"alone {row.call}")

    async def looks(self) -> None:
        for shown in await self.parts.desk.unclosed(NIGHT):
            if self.dice.random() < LOOKED:
                await self.looked(shown.review)

    async def looked(self, row: Review) -> None:
        found = self.dice.choice(tuple(Finding))
        seen = Hindsight(review=row.id, digest=row.digest, finding=found, note="seen")
        with contextlib.suppress(GatewayError):
            if await self.parts.desk.close(NIGHT, seen) is Said.LOOKED:
                self.tell(f"looked {row.call}")

    # ------------------------------------------------------------ to the end

    async def decided(self) -> None:
        """Decide all that waits and may still be decided."""
        while waiting := await self._waiting():
            for row in waiting:
                for who in (*VOTERS, NIGHT):
                    await self.votes(row, who)
            await asyncio.sleep(TICK)

    async def _waiting(self) -> list[Review]:
        now = self.screen.clock.now()
        return [row for row in await self.store.reviews.in_state(State.PENDING) if now < row.expires_at]

    async def draws(self) -> None:
        """Draw until nothing is behind, in either channel."""
        while await self.store.reviews.stale() or await self.store.reviews.unposted(EMERGENCIES):
            await self.screen.round()
            await asyncio.sleep(TICK)
