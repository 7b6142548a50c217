"""Every state that can be reached, breadth first: the shortest way to a broken law, and whether every story can end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

S = TypeVar("S")

Steps = Iterator[tuple[str, S]]


@dataclass(frozen=True, kw_only=True)
class Design(Generic[S]):
    """What is searched: who may act, what must hold, and who alone must be able to bring the end."""

    start: S
    actors: tuple[Callable[[S], Steps[S]], ...]
    closers: frozenset[str]  # names of actors that nobody can keep from acting
    laws: tuple[Callable[[S], bool], ...]  # of a state
    moves: tuple[Callable[[S, str, S], bool], ...]  # of a step: before, by whom, after
    ended: Callable[[S], bool]


@dataclass(frozen=True, kw_only=True)
class Result:
    """How much was seen, and the first law that broke with the steps that led there."""

    states: int
    broken: str = ""
    steps: tuple[str, ...] = ()


@dataclass
class _Map(Generic[S]):
    """States by number, how each was reached first, and who could have been there before by a closer's step."""

    number: dict[S, int]
    came: list[tuple[int, str]] = field(default_factory=lambda: [(-1, "")])
    before: list[list[int]] = field(default_factory=lambda: [[]])

    def add(self, state: S, here: int, label: str) -> int:
        """Number a new state."""
        there = self.number[state] = len(self.number)
        self.came.append((here, label))
        self.before.append([])
        return there

    def way(self, at: int, last: str = "") -> tuple[str, ...]:
        """Return the steps that lead to a state."""
        labels = [last] if last else []
        while at > 0:
            at, label = self.came[at]
            labels.append(label)
        return tuple(reversed(labels))


def search(design: Design[S], *, seen: Callable[[S], None] = lambda _: None) -> Result:
    """Look at every state once; `seen` is shown each of them."""
    found = _Map(number={design.start: 0})
    queue = deque([design.start])
    while queue:
        state = queue.popleft()
        here = found.number[state]
        seen(state)
        broken = next((law.__name__ for law in design.laws if not law(state)), "")
        if broken:
            return Result(states=len(found.number), broken=broken, steps=found.way(here))
        for by, label, after in _steps(design, state):
            broken = next((move.__name__ for move in design.moves if not move(state, by, after)), "")
            if broken:
                return Result(states=len(found.number), broken=broken, steps=found.way(here, label))
            there = found.number.get(after)
            if there is None:
                there = found.add(after, here, label)
                queue.append(after)
            if by in design.closers:
                found.before[there].append(here)
    stuck = _stuck(design, found)
    if stuck is not None:
        return Result(states=len(found.number), broken="every_story_can_end", steps=found.way(stuck))
    return Result(states=len(found.number))


def _steps(design: Design[S], state: S) -> Iterator[tuple[str, str, S]]:
    for actor in design.actors:
        for label, after in actor(state):
            yield actor.__name__, label, after


def _stuck(design: Design[S], found: _Map[S]) -> int | None:
    """Find a state from which closers alone never reach an end, the first that was met."""
    good = [design.ended(state) for state in found.number]
    todo = [at for at, ended in enumerate(good) if ended]
    while todo:
        for at in found.before[todo.pop()]:
            if not good[at]:
                good[at] = True
                todo.append(at)
    return next((at for at, ended in enumerate(good) if not ended), None)
