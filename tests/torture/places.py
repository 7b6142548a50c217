"""Where a trial's record stands: one process over SQLite files; a store of several replicas is one class more."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, final

from core.audit.note import VerifierKey
from core.execution.slots import Slots, project
from core.model import CallId
from core.ports import Clock, Journal
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.store import SqliteStore
from core.stores.vault import Keys
from tests.line import Store

KEYS: Final = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
ORIGIN: Final = "test.example/assent"


class Opened(Store, Protocol):
    """An open store, as a process of a trial uses it."""

    @property
    def boot(self) -> str: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def verifier(self) -> VerifierKey: ...


class Place(Protocol):
    """A record that processes open one after another, or together."""

    @property
    def shared(self) -> bool:
        """Whether several processes may write it at once: then what is frozen is taken over."""
        ...

    def open(self, clock: Clock) -> contextlib.AbstractAsyncContextManager[Opened]:
        """Open it, or make it."""
        ...

    def verify(self, key: VerifierKey) -> Sequence[str]:
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

    def verify(self, key: VerifierKey) -> Sequence[str]:
        report = verify_store(self.path, key)
        return [f"{finding.rule}: {finding.detail}" for finding in report.findings]


async def slots(store: Opened, call: CallId) -> Slots:
    """Read a Call's slots."""
    review = await store.reviews.review(call)
    entries = await store.journal.entries(call)
    return project(entries + (await store.journal.entries(review.id) if review else ()))
