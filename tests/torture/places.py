"""Where a trial's record stands: SQLite files of one process, or PostgreSQL, where replicas write together."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol, final

from core.audit.protocol.shapes import Shapes
from core.audit.transparency.note import VerifierKey
from core.execution.slots import Slots, project
from core.model import CallId
from core.ports import Cards, Clock, Journal, Sealed, Tickets
from core.stores.encryption.vault import Keys
from core.stores.postgres.rights import Part
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.store import SqliteStore
from tests.line import Rowed, Store
from tests.pgstore import Ground

KEYS: Final = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
# What a process of a role holds.
HELD: Final = {
    (): KEYS,
    (Part.GATEWAY,): replace(KEYS, signing=b""),
    (Part.PEOPLE,): replace(KEYS, signing=b"", results=b""),
}
ORIGIN: Final = "test.example/assent"


class Tailed(Journal, Protocol):
    """A Journal that is read from end to end."""

    async def tail(self, start: int, limit: int) -> tuple[Sealed, ...]: ...


class Carded(Rowed, Cards, Protocol):
    """Reviews, waiting results and cards."""


class Opened(Store, Protocol):
    """An open store, as a process of a trial uses it."""

    @property
    def boot(self) -> str: ...
    @property
    def journal(self) -> Tailed: ...
    @property
    def verifier(self) -> VerifierKey | None: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def reviews(self) -> Carded: ...


class Place(Protocol):
    """A record that processes open one after another, or together."""

    @property
    def shared(self) -> bool:
        """Whether several processes may write it at once: then what is frozen is taken over."""
        ...

    def open(self, clock: Clock) -> contextlib.AbstractAsyncContextManager[Opened]:
        """Open it, or make it."""
        ...

    def played(self, *, gateway: bool, people: bool) -> Place:
        """Return it as processes of these roles open it, with their rights there and no other."""
        ...

    def verify(self, key: VerifierKey | None) -> Sequence[str]:
        """Return what verification finds, nothing being open."""
        ...


@final
@dataclass(frozen=True)
class SqlitePlace:
    """Files of one process at a time."""

    path: Path
    shared: bool = False

    @asynccontextmanager
    async def open(self, clock: Clock) -> AsyncIterator[Opened]:
        async with SqliteStore.open(self.path, keys=KEYS, origin=ORIGIN, clock=clock) as store:
            yield store

    def played(self, *, gateway: bool, people: bool) -> SqlitePlace:
        del gateway, people
        return self

    def verify(self, key: VerifierKey | None) -> Sequence[str]:
        report = verify_store(self.path, key)
        return [f"{finding.rule}: {finding.detail}" for finding in report.findings]


@final
@dataclass(frozen=True)
class PostgresPlace:
    """One database that several replicas write; its log is read entry by entry while it is open."""

    ground: Ground
    shared: bool = True
    parts: tuple[Part, ...] = ()

    @asynccontextmanager
    async def open(self, clock: Clock) -> AsyncIterator[Opened]:
        async with PostgresStore.open(
            self.ground.site(*self.parts), keys=HELD[self.parts], origin=ORIGIN, clock=clock
        ) as store:
            yield store

    def played(self, *, gateway: bool, people: bool) -> PostgresPlace:
        parts = ((Part.GATEWAY,) if gateway else ()) + ((Part.PEOPLE,) if people else ())
        return replace(self, parts=parts)

    def verify(self, key: VerifierKey | None) -> Sequence[str]:
        del key
        return ()


async def log(store: Opened) -> AsyncIterator[Sealed]:
    """Read the whole log."""
    number = 0
    while page := await store.journal.tail(number, 500):
        for one in page:
            yield one
            number = one.sequence + 1


async def shapes(store: Opened) -> list[str]:
    """Return what the verifier's rules say of the slots, read from end to end, and whether a number is missing."""
    rules, found, number = Shapes(), list[str](), 0
    async for one in log(store):
        found += [f"{rule}: {detail}" for rule, detail in rules.take(one.body, one.leaf)]
        found += [f"gap: {one.sequence} where {number} belongs"] if one.sequence != number else []
        number = one.sequence + 1
    return found + [f"{rule}: {detail}" for rule, detail in rules.end(2**53)]


async def slots(store: Opened, call: CallId) -> Slots:
    """Read a Call's slots."""
    review = await store.reviews.review(call)
    entries = await store.journal.entries(call)
    return project(entries + (await store.journal.entries(review.id) if review else ()))
