"""Random acts of agents, people, clocks and crashes against one record: rows agree with slots, and the log is legal."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.errors import Away, GatewayError, OutcomeUnknown, SourceUnavailable
from core.execution.slots import project
from core.model import MOVES, CallId, Decision, Outcome, State, Waiting
from core.ports import Fate, Sealed
from tests.doubles import MemoryStore
from tests.entries import stopped
from tests.line import DORA, FakeSource, Line

T = TypeVar("T")

TEXTS = ("update 1", "update 2", "delete 1", "select asked", "insert 1", "select 1")
STEPS = ("visit", "read", "run", "commit", "committed", "left")
LONGEST = 10.0  # seconds of one act; all of them are doubles' work, so one that takes longer will never end
ERRORS = {
    "unavailable": SourceUnavailable("gone", Away.LOST),
    "bug": RuntimeError("bug"),
    "cut": OutcomeUnknown("cut"),
    "cancelled": asyncio.CancelledError(),
}


class Life(RuleBasedStateMachine):
    """One store and Source, and the processes that come and go over them."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.store = MemoryStore()
        self.fates: dict[str, Fate] = {}
        self.committed: list[str] = []
        self.boots = 0
        self.calls: list[CallId] = []
        self.seen: dict[str, State] = {}
        self.room = self.start()
        self.token()

    def start(self) -> Line:
        self.boots += 1
        source = FakeSource(fates=self.fates, committed=self.committed)
        return Line(self.store, source, boot=f"boot{self.boots}", hold=timedelta(milliseconds=1))

    def run(self, work: Coroutine[Any, Any, T]) -> T | BaseException:
        """Let one act happen; its own errors are part of life."""

        async def caught() -> T | BaseException:
            async with asyncio.timeout(LONGEST):
                told: T | BaseException = (await asyncio.gather(work, return_exceptions=True))[0]
            assert not isinstance(told, BaseException) or isinstance(
                told, GatewayError | RuntimeError | asyncio.CancelledError
            ), repr(told)
            return told

        return self.loop.run_until_complete(caught())

    def token(self, minutes: int = 600) -> None:
        now = self.room.clock.now()
        self.room.tokens.callers["anna"] = replace(self.room.anna, expires_at=now + timedelta(minutes=minutes))

    async def calm(self) -> None:
        """Let what was begun come to its end."""
        await self.room.settle()
        await self.room.courses.drain()

    # ------------------------------------------------------------ acts

    @rule(text=st.sampled_from(TEXTS), calm=st.booleans())
    def submit(self, text: str, calm: bool) -> None:
        call = self.room.call(text)
        self.run(self.room.gateway.answer(call))
        self.calls.append(call.id)
        if calm:
            self.run(self.calm())

    @rule(which=st.integers(0, 20), approve=st.booleans())
    def vote(self, which: int, approve: bool) -> None:
        rows = list(self.store.journal.tables.reviews)
        if rows:
            self.run(self.room.vote(rows[which % len(rows)], Decision.APPROVE if approve else Decision.DENY))

    @rule(which=st.integers(0, 20))
    def collect(self, which: int) -> None:
        if self.calls:
            self.run(self.room.collect(self.calls[which % len(self.calls)]))

    @rule(which=st.integers(0, 20))
    def cancel(self, which: int) -> None:
        if self.calls:
            self.run(self.room.cancel(self.calls[which % len(self.calls)]))

    @rule(which=st.integers(0, 20))
    def stop(self, which: int) -> None:
        rows = list(self.store.journal.tables.reviews.values())
        if rows:
            row = rows[which % len(rows)]
            self.run(self.store.journal.commit(stopped(row.id, "dora", of=row.call)))

    @rule(which=st.integers(0, 20))
    def revoke(self, which: int) -> None:
        rows = list(self.store.journal.tables.reviews.values())
        if rows:
            row = rows[which % len(rows)]
            self.run(self.room.brakes.revoke(DORA, row.id, row.digest))

    @rule(calm=st.booleans())
    def sweep(self, calm: bool) -> None:
        self.run(self.room.sweeper.sweep())
        if calm:
            self.run(self.calm())

    @rule(seconds=st.sampled_from([1, 30, 70, 301, 901, 7200]))
    def wait(self, seconds: int) -> None:
        self.room.clock.advance(timedelta(seconds=seconds))

    @rule(minutes=st.integers(1, 20))
    def renew(self, minutes: int) -> None:
        self.token(minutes)

    @rule(step=st.sampled_from(STEPS), what=st.sampled_from(sorted(ERRORS)))
    def trouble(self, step: str, what: str) -> None:
        """The next time the Source comes to this step, something goes wrong."""
        left = [1]

        async def hook(here: str) -> None:
            if here == step and left[0]:
                left[0] -= 1
                raise ERRORS[what]

        self.room.source.hook = hook

    @rule(step=st.sampled_from(STEPS), what=st.sampled_from(sorted(ERRORS)), text=st.sampled_from(TEXTS))
    def broken(self, step: str, what: str, text: str) -> None:
        """A whole life in which one step goes wrong."""
        self.trouble(step, what)
        self.run(self.reach(asyncio.Event(), text))
        self.run(self.calm())
        self.room.source.hook = FakeSource().hook

    @rule(step=st.sampled_from(STEPS), act=st.sampled_from(["kill", "stop", "late"]), text=st.sampled_from(TEXTS))
    def during(self, step: str, act: str, text: str) -> None:
        """At one await of a run: its process dies, it is stopped, or it sleeps past its deadline and wakes."""
        reached, go = asyncio.Event(), asyncio.Event()

        async def hook(here: str) -> None:
            if here == step and not reached.is_set():
                reached.set()
                await go.wait()

        self.room.source.hook = hook
        self.run(self.reach(reached, text))
        old = self.room
        match act:
            case "kill":
                old.mortal.dead = old.source.dead = True
                go.set()  # it reaches nothing any more
                self.kill()
            case "stop":
                for row in list(self.store.journal.tables.reviews.values()):
                    self.run(self.store.journal.commit(stopped(row.id, "dora", of=row.call)))
                self.run(self.room.sweeper.sweep())
            case _:
                self.room.clock.advance(timedelta(minutes=3))
                self.run(self.room.sweeper.sweep())
        if act != "kill":
            go.set()
            self.run(old.settle())
            self.run(old.courses.drain())
        self.room.source.hook = FakeSource().hook

    async def reach(self, reached: asyncio.Event, text: str) -> None:
        call = self.room.call(text)
        self.calls.append(call.id)
        (answer,) = await asyncio.gather(self.room.gateway.answer(call), return_exceptions=True)
        if isinstance(answer, Waiting) and answer.review is not None:
            await asyncio.gather(self.room.vote(answer.review), return_exceptions=True)
        await asyncio.gather(self.room.sweeper.sweep(), return_exceptions=True)
        for _ in range(50):
            if reached.is_set():
                return
            await asyncio.sleep(0)

    @rule()
    def kill(self) -> None:
        """The process is gone as by SIGKILL: nothing of it runs again, its transactions roll back, another starts."""
        self.run(self.room.kill())
        for xid, fate in self.fates.items():
            if fate is Fate.IN_PROGRESS:
                self.fates[xid] = Fate.ABORTED
        self.room = self.start()
        self.token()
        self.run(self.room.sweep())

    # ------------------------------------------------------------ what always holds

    def entries(self) -> list[Sealed]:
        return [sealed for _, sealed in self.store.journal.tables.log]

    @invariant()
    def rows_are_what_the_slots_say(self) -> None:
        for row in self.store.journal.tables.reviews.values():
            own = [one for of, one in self.store.journal.tables.log if of in {row.id, row.call}]
            assert project(own).state is row.state
            before = self.seen.get(row.id, State.PENDING)
            assert before is row.state or reachable(before, row.state)
            self.seen[row.id] = row.state

    @invariant()
    def the_log_is_legal(self) -> None:
        late = {"prepared_without_outcome", "closed_without_outcome"}  # until somebody sweeps
        assert [fault for fault in self.room.faults() if fault[0] not in late] == []

    @invariant()
    def what_committed_is_on_record_as_such_or_still_open(self) -> None:
        bodies = [one.body for one in self.entries()]
        said = {(body["call"], body["attempt"]): body["outcome"] for body in bodies if body["kind"] == "call.outcome"}
        prepared = {(body["call"], body["attempt"]): body for body in bodies if body.get("prepared") == "prepared"}
        assert {of for of, word in said.items() if word == "committed"} <= prepared.keys()
        for of, body in prepared.items():
            work = body["exec"]
            assert isinstance(work, dict)
            committed = self.fates[str(work["xid"])] is Fate.COMMITTED
            assert said.get(of) in ((None, "committed") if committed else (None, "aborted")), said.get(of)
        of_calls = [call for (call, _), word in said.items() if word == "committed"]
        assert len(of_calls) == len(set(of_calls))  # at most once, whatever number of attempts
        assert sum(fate is Fate.COMMITTED for fate in self.fates.values()) == len(self.committed) <= len(prepared)

    def teardown(self) -> None:
        """In the end everything ends: a sweep past all deadlines leaves no Call open and a log without findings."""
        self.run(self.calm())
        self.room.source.hook = FakeSource().hook
        for _ in range(3):
            self.room.clock.advance(timedelta(hours=1))
            self.run(self.room.sweep())
        assert self.run(self.store.journal.open_calls()) == ()
        assert self.room.faults() == []
        self.rows_are_what_the_slots_say()
        self.what_committed_is_on_record_as_such_or_still_open()
        states = {row.state for row in self.store.journal.tables.reviews.values()}
        assert not states & {State.PENDING, State.APPROVED, State.EXECUTING}
        assert Outcome.UNKNOWN.value not in [one.body.get("outcome") for one in self.entries()]
        self.loop.close()


def reachable(start: State, end: State) -> bool:
    """Whether the Review's table leads there."""
    todo, seen = [start], {start}
    while todo:
        for to in MOVES.get(todo.pop(), frozenset()) - seen:
            seen.add(to)
            todo.append(to)
    return end in seen


# A failure is told as it was found: to shrink lives of this length takes minutes, and a test that hangs tells nothing.
LIVES = settings(
    max_examples=100,
    stateful_step_count=25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_whatever_happens_in_whatever_order_rows_agree_with_slots_and_the_log_is_legal() -> None:
    run_state_machine_as_test(Life, settings=LIVES)
