"""Shares the door's places among Callers: nobody fills it alone, a newcomer finds one, and who asks most waits most."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from types import TracebackType
from typing import Final, TypeAlias, final

import anyio

from core.errors import Busy
from core.model import Caller
from mcp_server.bounds import Bounds

Principal: TypeAlias = tuple[str, str, str]
Counts: TypeAlias = dict[Hashable, int]  # of whom it holds none of, nothing stands here

TOGETHER: Final = 2  # times what one agent may, for all agents of a person: one of them leaves the others theirs
MINUTE: Final = 60.0
KEPT: Final = 4_096  # parties whose last minute is known; as many tokens are remembered


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Whom a Call is counted for: the agent, and the person whose agents share (a machine is its own).

    Both are plain tuples, since they are looked up thirty times in a Call; a person's has two parts, a machine's three.
    """

    agent: Principal
    person: tuple[str, str] | Principal

    @classmethod
    def of(cls, caller: Caller) -> Party:
        """Name the party of a verified Caller; whoever may register clients gains no share by another one."""
        human = caller.person
        return cls(agent=caller.principal, person=caller.principal if human is None else (human.directory, human.id))


@final
@dataclass(slots=True, eq=False)
class _Waiting:
    """A Call in the queue."""

    party: Party
    called: anyio.Event = field(default_factory=anyio.Event)
    seated: bool = False


@final
class Pace:
    """Calls of one party in a minute, by the generic cell rate algorithm (ITU-T I.371): one time for each party.

    A party that was silent for a minute may spend the whole minute's Calls at once, then goes on at the even rate.
    """

    def __init__(self, most: int, now: Callable[[], float]) -> None:
        self._step = MINUTE / most
        self._now = now
        self._due: OrderedDict[Hashable, float] = OrderedDict()  # when it would be even again

    def wait(self, party: Hashable) -> float:
        """Say how many seconds until its next Call may come; 0: now."""
        return max(0.0, self._due.get(party, 0.0) + self._step - self._now() - MINUTE)

    def spend(self, party: Hashable) -> None:
        """Count one Call; what was even again is forgotten, and beyond the bound the least recent."""
        now = self._now()
        self._due[party] = max(self._due.get(party, 0.0), now) + self._step
        self._due.move_to_end(party)
        while self._due and (len(self._due) > KEPT or next(iter(self._due.values())) <= now):
            self._due.popitem(last=False)


@final
class Limiter:
    """Counts who is inside; refuses at once beyond the bounds, so that a flood costs nothing but its refusals.

    A party is seated while what its agent and its person hold together is less than what remains free (the dynamic
    thresholds of Choudhury and Hahne, 1998): one runaway leaves places free, several leave fewer but some. Of who
    waits, the person who holds least comes first, then who was seated longest ago; among a person's agents likewise.
    """

    def __init__(self, bounds: Bounds, now: Callable[[], float] = monotonic) -> None:
        self._bounds = bounds
        self._inside: Counts = {}
        self._seated: Counts = {}
        self._held: Counts = {}
        self._open: Counts = {}
        self._served: dict[Hashable, int] = {}  # of who is inside: which seat, counted from the start, was its last
        self._seats = 0
        self._free = bounds.running
        self._waiting: list[_Waiting] = []
        self._paces = (Pace(bounds.minute, now), Pace(TOGETHER * bounds.minute, now))

    @property
    def inside(self) -> int:
        """Calls that run or wait for a place."""
        return self._bounds.running - self._free + len(self._waiting)

    def count(self, caller: Caller) -> None:
        """Count a Call towards its minute.

        Raises: Busy, saying when the next one may come.
        """
        party = Party.of(caller)
        counted = list(zip(self._paces, (party.agent, party.person), strict=True))
        left = max(pace.wait(whose) for pace, whose in counted)
        if left > 0:
            raise Busy("too many calls in a minute", retry_after=timedelta(seconds=int(left) + 1))
        for pace, whose in counted:
            pace.spend(whose)

    def opened(self, caller: Caller) -> AbstractContextManager[None]:
        """Count a request that is open, its body perhaps still under way.

        Raises: Busy at once when this party has too many.
        """
        party = Party.of(caller)
        if self._beyond(self._open, party, self._bounds.open):
            raise Busy("too many requests of one party", retry_after=self._bounds.retry_after)
        return _Counted(self._open, party)

    @asynccontextmanager
    async def place(self, caller: Caller) -> AsyncIterator[None]:
        """Hold one place inside the line.

        Raises: Busy when the party or the door has too many, or none came free in time.
        """
        party = Party.of(caller)
        if self._beyond(self._inside, party, self._bounds.each):
            raise Busy("too many calls of one party", retry_after=self._bounds.retry_after)
        with _Counted(self._inside, party):
            try:
                await self._seat(party)
                try:
                    yield
                finally:
                    self._leave(party)
            finally:
                self._forget(party)

    @contextmanager
    def hold(self, caller: Caller) -> Iterator[bool]:
        """Count a Call that waits for people; False when this party holds enough already: answer pending now."""
        party = Party.of(caller)
        if self._beyond(self._held, party, self._bounds.held):
            yield False
            return
        with _Counted(self._held, party):
            yield True

    # ---------------------------------------------------------------- places

    async def _seat(self, party: Party) -> None:
        if self._fits(party):
            self._take(party)
            return
        if len(self._waiting) >= self._bounds.queued:
            self._make_room(party)
        waiting = _Waiting(party)
        self._waiting.append(waiting)
        try:
            with anyio.move_on_after(self._bounds.patience.total_seconds()):
                await waiting.called.wait()
        except BaseException:
            if waiting.seated:
                self._leave(party)
            raise
        finally:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
        if not waiting.seated:
            raise Busy("no place came free in time", retry_after=self._bounds.retry_after)

    def _fits(self, party: Party) -> bool:
        return self._seated.get(party.agent, 0) + self._seated.get(party.person, 0) < self._free

    def _take(self, party: Party) -> None:
        self._free -= 1
        self._seats += 1
        self._served |= dict.fromkeys((party.agent, party.person), self._seats)
        _add(self._seated, party)

    def _forget(self, party: Party) -> None:
        """Drop the last seat of who has no other Call inside."""
        for whose in {party.agent, party.person}:
            if self._inside.get(whose, 0) <= 1:
                self._served.pop(whose, None)

    def _leave(self, party: Party) -> None:
        """Give the place back, and seat whoever it lets in: nobody waits who could be seated."""
        self._free += 1
        _drop(self._seated, party)
        while (following := min(filter(self._may, self._waiting), key=self._order, default=None)) is not None:
            self._waiting.remove(following)
            self._take(following.party)
            following.seated = True
            following.called.set()

    def _may(self, waiting: _Waiting) -> bool:
        return self._fits(waiting.party)

    def _order(self, waiting: _Waiting) -> tuple[int, ...]:
        """`min` takes the first of equals, and the list is in the order of arrival."""
        both = waiting.party.person, waiting.party.agent
        return tuple(number for whose in both for number in (self._seated.get(whose, 0), self._served.get(whose, 0)))

    def _make_room(self, party: Party) -> None:
        """Push out the last Call of whoever waits with the most, if that is clearly more than the newcomer does.

        Raises: Busy when it is not.
        """
        lengths = Counter(waiting.party.person for waiting in self._waiting)
        longest, most = max(lengths.items(), key=lambda item: item[1], default=(None, 0))
        if most <= lengths[party.person] + 1:
            raise Busy("queue is full", retry_after=self._bounds.retry_after)
        last = next(waiting for waiting in reversed(self._waiting) if waiting.party.person == longest)
        self._waiting.remove(last)
        last.called.set()

    @staticmethod
    def _beyond(counts: Counts, party: Party, most: int) -> bool:
        return counts.get(party.agent, 0) >= most or counts.get(party.person, 0) >= TOGETHER * most


@final
class _Counted:
    """A party, counted from here on until it is left; there are two in a Call, so that it is no generator."""

    __slots__ = ("_counts", "_party")

    def __init__(self, counts: Counts, party: Party) -> None:
        self._counts = counts
        self._party = party
        _add(counts, party)

    def __enter__(self) -> None:
        """Be counted already: between the look at the bound and the count stands nothing."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        _drop(self._counts, self._party)


def _add(counts: Counts, party: Party) -> None:
    for whose in {party.agent, party.person}:
        counts[whose] = counts.get(whose, 0) + 1


def _drop(counts: Counts, party: Party) -> None:
    for whose in {party.agent, party.person}:
        left = counts.pop(whose) - 1
        if left:
            counts[whose] = left
