"""Ports of custody: data keys and their end, what is held, and whose keys an extent's are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, final

from core.model import Person
from core.ports.changes import Extent, KeyKind, KeyScope, LiveKey

EVER: Final = 2**31 - 1  # later than any day that a key may have


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """What scopes of data keys name of an extent: read once, and each key is judged by its scope alone.

    A person's are their Sessions, those of agents they answer for included, and the names of both.
    """

    sessions: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    source: str = ""

    def covers(self, scope: KeyScope) -> bool:
        """Say whether a key is of the extent; what a scope does not name belongs to nobody."""
        return (
            (bool(scope.session) and scope.session in self.sessions)
            or (bool(scope.person) and scope.person in self.people)
            or (bool(scope.source) and scope.source == self.source)
        )


class DataKeys(Protocol):
    """The data keys in use, and their end."""

    async def alive(self, kind: KeyKind | None = None, *, before: int = EVER) -> tuple[LiveKey, ...]:
        """Keys that were not destroyed, of one kind or all, of days before one."""
        ...

    def pages(self, kind: KeyKind, *, before: int = EVER) -> AsyncIterator[tuple[LiveKey, ...]]:
        """Keys of one kind, oldest first and some at a time."""
        ...

    async def owned(self, owned: Owned) -> tuple[LiveKey, ...]:
        """Keys of an extent that were not destroyed, found without a look at any other's."""
        ...

    async def destroy(self, numbers: Sequence[int]) -> tuple[int, ...]:
        """Destroy data keys, and say which: a process ends those alone that it may."""
        ...


class Custody(Protocol):
    """What is held, what is being erased, what operators proposed; written only by units."""

    async def holds(self) -> tuple[Extent, ...]:
        """All holds."""
        ...

    async def held(self, keys: Sequence[LiveKey]) -> frozenset[int]:
        """Which of these keys a hold covers."""
        ...

    async def owned(self, extent: Extent) -> Owned:
        """What data keys' scopes name of an extent."""
        ...

    async def people(self, sessions: Sequence[str]) -> frozenset[str]:
        """Pseudonyms of who is behind Sessions."""
        ...

    async def voters(self, keys: Sequence[LiveKey]) -> frozenset[Person]:
        """Who voted on a Review whose words are under one of these keys."""
        ...

    async def persons(self) -> frozenset[Person]:
        """Whom rows name otherwise than by pseudonym."""
        ...

    async def cleared(self) -> None:
        """Leave no file of the store with rows as they stood before the last units.

        Raises: AuditUnavailable while a reader needs it.
        """
        ...

    async def shredding(self) -> tuple[int, ...]:
        """Keys that are decided to end and are not known to be destroyed."""
        ...

    async def terms(self) -> Mapping[str, int] | None:
        """The retention in force; None: none was ever set."""
        ...
