"""Random units against real stores, held against the model after each: the same are taken, and read alike."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, TypeAlias, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.errors import Lost, SlotTaken
from core.execution.slots import project
from core.ports import Journal, Unit
from core.stores.encryption.vault import Keys
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres
from tests import entries
from tests.doubles import ORIGIN, ManualClock, MemoryStore
from tests.model.laws import standing
from tests.model.record import Names, entry
from tests.model.world import MORE, Flow, Take, World, ended, newest, outcome, said, unit
from tests.pgstore import ServerClock, emptied

T = TypeVar("T")
KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
Clock: TypeAlias = ManualClock | ServerClock
NUMBER = itertools.count()
SECOND = timedelta(seconds=1)

# What a process may try to take at any moment, legal or not: the slots alone decide. n: the newest attempt.
UNITS = {
    "approve": ["decision 0 approved"],
    "deny": ["decision 0 denied", "outcome 1 denied"],
    "expire": ["decision 0 expired", "outcome 1 expired"],
    "claim": ["use 0 claimed"],
    "revoke": ["use 0 revoked", "outcome 1 revoked"],
    "lapse": ["use 0 lapsed", "outcome 1 expired"],
    "prepare": ["prepared n xid 1"],
    "commit": ["outcome n committed"],
    "deliver": ["outcome n delivered"],
    "fail": ["prepared n abandoned", "outcome n error"],
    "stop": ["prepared n abandoned", "outcome n cancelled"],
    "recover": ["prepared n abandoned", "outcome n not_executed"],
    "recover again": ["prepared n abandoned", f"outcome n not_executed{MORE}", "intent m intent"],
    "recover on hold": ["prepared n abandoned", f"outcome n not_executed{MORE}"],
    "aborted again": [f"outcome n aborted{MORE}", "intent m intent"],
    "nobody came": ["intent m intent", "outcome m expired"],
    "unknown": ["outcome n unknown"],
    "resolve": ["resolved n committed"],
}


class Units(RuleBasedStateMachine):
    """One store under many Calls, one after another; each example is a Call of its own."""

    @initialize(ask=st.booleans(), write=st.booleans())
    def begin(self, ask: bool, write: bool) -> None:
        number = next(NUMBER)
        self.names = Names(entries.call_id(), f"rev_{number:026d}")
        self.flow, self.world = Flow(ask=ask, write=write), World()
        self.journal, self.clock = self.opened()
        opened = (Take("opened", 0, "review"),) if ask else ()
        self.take(Take("intent", 1, "intent"), *opened)

    def opened(self) -> tuple[Journal, Clock]:
        raise NotImplementedError

    def run_(self, work: Coroutine[Any, Any, T]) -> T:
        raise NotImplementedError

    def take(self, *takes: Take, early: bool = False, late: bool = False) -> None:
        """Commit a unit; the store takes it if and only if the model does."""
        now = self.clock.now()
        made = Unit(
            entries=tuple(entry(one, self.flow, self.names) for one in takes),
            before=now if late else now + SECOND,
            after=now + SECOND if early else now,
        )
        after = None if early or late else unit(self.world, *takes)
        try:
            self.run_(self.journal.commit(made))
        except (SlotTaken, Lost):
            assert after is None
            return
        assert after is not None
        self.world = after

    @rule(name=st.sampled_from(sorted(UNITS)), early=st.booleans(), late=st.booleans(), odd=st.integers(0, 9))
    def try_(self, name: str, early: bool, late: bool, odd: int) -> None:
        number = newest(self.world)
        word, final = outcome(self.world, number)
        if (name == "resolve" and word != "unknown") or (name == "nobody came" and (not word or final)):
            return  # an OUTCOME never changes: who acts on one has read it
        words = [one.split(" ", 2) for one in UNITS[name]]
        numbers = {"n": number, "m": number + 1, "0": 0, "1": 1}
        takes = [Take(slot, numbers[at], word) for slot, at, word in words]
        if max(one.attempt for one in takes) <= 3:
            self.take(*takes, early=early and odd == 0, late=late and odd == 0)

    @rule()
    def time_passes(self) -> None:
        self.clock.advance(SECOND)

    @invariant()
    def reads_alike(self) -> None:
        """Every slot, the Review's state, and whether it is open are what the model says."""
        found = self.run_(self.journal.entries(self.names.call)) + self.run_(self.journal.entries(self.names.review))
        slots, number = project(found), newest(self.world)
        assert slots.state is standing(self.world, self.flow)
        assert ("" if slots.ended is None else slots.ended.value) == ended(self.world)
        assert slots.latest.number == number
        assert slots.latest.owned == said(self.world, "prepared", number).startswith("xid")
        word, final = outcome(self.world, number)
        unknown = word == "unknown" and not said(self.world, "resolved", number)
        assert (self.names.call in self.run_(self.journal.open_calls())) == (not word or not final)
        assert (self.names.call in self.run_(self.journal.indeterminate())) == unknown


class OnMemory(Units):
    """The double."""

    def opened(self) -> tuple[Journal, Clock]:
        self.loop = asyncio.new_event_loop()
        store = MemoryStore()
        return store.journal, store.clock

    def run_(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.loop.close()


class OnSqlite(Units):
    """The real store, opened once for all examples."""

    shared: ClassVar[list[tuple[asyncio.AbstractEventLoop, SqliteStore, ManualClock, AsyncExitStack]]] = []

    def opened(self) -> tuple[Journal, Clock]:
        if not self.shared:
            folder, loop, clock, stack = TemporaryDirectory(), asyncio.new_event_loop(), ManualClock(), AsyncExitStack()
            stack.callback(folder.cleanup)
            path = Path(folder.name) / "assent.db"
            opening = stack.enter_async_context(SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock))
            store = loop.run_until_complete(opening)
            self.shared.append((loop, store, clock, stack))
        _, store, clock, _ = self.shared[0]
        return store.journal, clock

    def run_(self, work: Coroutine[Any, Any, T]) -> T:
        return self.shared[0][0].run_until_complete(work)

    @classmethod
    def close(cls) -> None:
        while cls.shared:
            loop, _, _, stack = cls.shared.pop()
            loop.run_until_complete(stack.aclose())
            loop.close()


class OnPostgres(Units):
    """The store that replicas share: two of them, of which each unit goes to the next one; the server has the time."""

    held: ClassVar[list[tuple[asyncio.AbstractEventLoop, itertools.cycle[PostgresStore], ServerClock]]] = []

    def opened(self) -> tuple[Journal, Clock]:
        _, stores, clock = self.held[0]
        return next(stores).journal, clock

    def take(self, *takes: Take, early: bool = False, late: bool = False) -> None:
        self.journal = next(self.held[0][1]).journal
        super().take(*takes, early=early, late=late)

    def run_(self, work: Coroutine[Any, Any, T]) -> T:
        return self.held[0][0].run_until_complete(work)


QUICK = settings(max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_the_double_takes_what_the_model_takes() -> None:
    run(OnMemory)


def test_the_sqlite_store_takes_what_the_model_takes() -> None:
    try:
        run(OnSqlite)
    finally:
        OnSqlite.close()


def test_two_replicas_of_the_postgres_store_take_what_the_model_takes(
    durable: Callable[[], Postgres], tmp_path: Path
) -> None:
    loop, stack = asyncio.new_event_loop(), AsyncExitStack()
    place = loop.run_until_complete(emptied(durable(), tmp_path))
    clock = ServerClock(place, ManualClock().now())

    async def opened(name: str) -> PostgresStore:
        site = replace(place.site(), signed=tmp_path / name)
        opening = PostgresStore.open(site, keys=KEYS, origin=ORIGIN, clock=clock, adopt=True)
        return await stack.enter_async_context(opening)

    try:
        stores = [loop.run_until_complete(opened(name)) for name in ("one", "two")]
        OnPostgres.held.append((loop, itertools.cycle(stores), clock))
        run(OnPostgres, settings(QUICK, max_examples=8))
    finally:
        OnPostgres.held.clear()
        loop.run_until_complete(stack.aclose())
        clock.close()
        loop.close()


def run(machine: type[Units], wanted: settings = QUICK) -> None:
    """Run a machine's examples."""
    case = machine.TestCase
    case.settings = wanted
    case("runTest").runTest()
