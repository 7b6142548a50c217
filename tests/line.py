"""The whole line over doubles: real rooms and policy, a store in memory, a Source that a test bends as it likes."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Protocol, final

from core.admission import Admission
from core.audit.protocol.shapes import Shapes
from core.enquiry import Enquiry
from core.errors import AuditUnavailable, Away, SourceUnavailable, Unauthenticated
from core.execution.approved import Approved
from core.execution.asking.opening import Asking
from core.execution.asking.patience import Most, Patience
from core.execution.asking.weighing import Weighing
from core.execution.attempts import Attempts
from core.execution.background.denials import Denials
from core.execution.background.vigil import Vigil
from core.execution.background.watch import Watch
from core.execution.barrier import Barrier
from core.execution.beginning import Beginning
from core.execution.closing import Closing
from core.execution.collect import Collection
from core.execution.courses import HOLD, Courses
from core.execution.recovery.sweep import Sweeper
from core.execution.slots import Slots, project
from core.execution.turns import Announced, Turns
from core.gateway import Gateway
from core.masking import Masking
from core.model import (
    JOBS,
    Aggregation,
    Answer,
    Bill,
    Call,
    Caller,
    CallId,
    Column,
    Decision,
    Dialect,
    Digest,
    Door,
    Fact,
    Identity,
    Likeness,
    Mask,
    OnApproval,
    Pair,
    Permit,
    Person,
    Reading,
    ResultColumn,
    ReviewId,
    Rows,
    Sample,
    Source,
    Thing,
    Tool,
    Unreadable,
    Verb,
    Work,
)
from core.policy.judge import InForce
from core.policy.rules import Conditions, Effects, Then
from core.ports import (
    Ballot,
    Bars,
    Breaks,
    Cards,
    Clock,
    Closure,
    Committed,
    Connector,
    Fate,
    Grants,
    Impact,
    Journal,
    Macs,
    Outlay,
    Payloads,
    Results,
    Reviews,
    Said,
    Sessions,
    Standing,
    Statement,
    Subjects,
    Table,
    Unit,
)
from core.reviews.brakes import Brakes
from core.reviews.desk import Desk
from core.reviews.grantors import Grantors
from core.reviews.hindsight import Hindsights
from core.telemetry.counted import Counted
from core.telemetry.meters import Meters
from core.telemetry.stages import Stages, Step, TimedConnector
from tests.doubles import ManualClock, MemoryStore
from tests.journals import Through
from tests.policies import ONE_DBA, person, policy, rule

NUMBER = itertools.count(1)
FEW = Most()
TOTALS = {
    "public.customers.email": Aggregation(people=10, functions=frozenset({"count"}), subject="id", round=1, per_day=2)
}
SOURCE = Source(name="shop", dialect=Dialect.POSTGRES, tags={}, enforced=True, looks_per_day=3, aggregated=TOTALS)
DORA = Identity(person=Person(directory="acme", id="dora"), name="dora", email="d@acme.example", via="terminal")
VERBS = {"select": Verb.READ, "insert": Verb.INSERT, "update": Verb.UPDATE, "delete": Verb.DELETE}
EMAIL = Column(relation="public.customers", name="email")

# Reads and inserts are allowed, updates are asked, deletes are asked and wait for their requester.
RULES = (
    rule("reads", Then.ALLOW, Verb.READ),
    rule("inserts", Then.ALLOW, Verb.INSERT, effects=Effects(affected_rows=10)),
    rule("updates", Then.ASK, Verb.UPDATE, effects=replace(ONE_DBA, affected_rows=10)),
    rule("deletes", Then.ASK, Verb.DELETE, effects=replace(ONE_DBA, on_approval=OnApproval.HOLD)),
    rule("asked", Then.ASK, when=Conditions(tables=frozenset({"public.asked"})), effects=ONE_DBA),
)

Hook = Callable[[str], Awaitable[None]]


async def nothing(_: str) -> None:
    """Let it happen."""


@final
class FakeVisit:
    """One transaction of the fake Source."""

    def __init__(self, source: FakeSource, statement: Statement) -> None:
        self._source, self._statement = source, statement
        self._work: Work | None = None

    async def read(self, bars: Bars | None = None) -> Reading | Unreadable:
        del bars
        await self._source.hook("read")
        return self._source.reading(self._statement.text)

    async def run(self, permit: Permit) -> Rows:
        await self._source.hook("run")
        self._source.ran.append(permit)
        if not permit.reading.writes:
            bill = self._source.bills.get(f"{permit.call.id}:{permit.attempt}") or self._source.bills.get("")
            return Rows(columns=(ResultColumn(name="id", type="integer"),), rows=((1,),), bill=bill)
        xid = str(next(NUMBER))
        self._source.fates[xid] = Fate.IN_PROGRESS
        self._work = Work(xid=xid, system="s", timeline="1", backend="1", affected=self._source.affected)
        return Rows(work=self._work)

    async def plan(self) -> str | None:
        return None

    async def commit(self) -> None:
        assert self._work is not None
        await self._source.hook("commit")
        if self._source.dead:
            raise SourceUnavailable("this process is gone", Away.LOST)
        if self._source.fates[self._work.xid] is Fate.IN_PROGRESS:
            self._source.fates[self._work.xid] = Fate.COMMITTED
            self._source.committed.append(self._statement.text)
        await self._source.hook("committed")

    def end(self) -> None:
        if self._work is not None and self._source.fates[self._work.xid] is Fate.IN_PROGRESS:
            self._source.fates[self._work.xid] = Fate.ABORTED


@dataclass
class FakeSource:
    """A connector whose every step a test can watch, hold or break by `hook`."""

    hook: Hook = nothing
    committed: list[str] = field(default_factory=list)
    ran: list[Permit] = field(default_factory=list)
    fates: dict[str, Fate] = field(default_factory=dict)
    affected: int = 1
    shown: Sample | None = None
    counting: Callable[[str], Awaitable[None]] = nothing
    counted: int | None = None
    counts: int = 0
    silent: bool = False
    busy: bool = False  # its transaction cannot be ended, and goes on
    schema: int = 1
    protected: bool = False
    masks: frozenset[Mask] = frozenset()
    facts: frozenset[Fact] = frozenset()
    lookups: tuple[Column, ...] = ()
    aggregated: frozenset[Column] = frozenset()
    doubt: Unreadable | None = None
    dead: bool = False
    ended: frozenset[str] = frozenset()  # transactions that somebody wanted ended
    described: Source = SOURCE
    alike: Callable[[str], Likeness | None] = field(default=lambda _: None)  # by the text
    bytes: int | None = None  # what it says beforehand that it would bill
    bills: dict[str, Bill] = field(default_factory=dict)  # of jobs: what it billed

    @property
    def source(self) -> Source:
        return self.described

    @property
    def role(self) -> tuple[str, ...]:
        return ("reader", "writer", "unmasker")

    def job(self, permit: Permit) -> Work | None:
        if self.described.dialect not in JOBS:
            return None
        xid = f"{permit.call.id}:{permit.attempt}"
        return Work(xid=xid, system="s", timeline="EU", backend=xid, affected=0)

    @asynccontextmanager
    async def visit(self, statement: Statement, *, name: str) -> AsyncIterator[FakeVisit]:  # noqa: ARG002  # the port's
        await self.hook("visit")
        visit = FakeVisit(self, statement)
        try:
            yield visit
        finally:
            visit.end()
            await self.hook("left")

    def reading(self, text: str) -> Reading | Unreadable:
        if self.doubt is not None:
            return self.doubt
        table = "public.asked" if "asked" in text else "public.customers"
        pair = Pair(thing=Thing(kind="table", name=table), verb=VERBS[text.split(maxsplit=1)[0]])
        return Reading(
            dialect=self.described.dialect,
            bytes=self.bytes,
            statement=text,
            text=text,
            pairs=frozenset({pair}),
            columns=frozenset({EMAIL}),
            outputs=(frozenset({EMAIL}),) if pair.verb is Verb.READ else (),
            tags={table: frozenset({"pii.email"})} if self.protected else {},
            facts=self.facts | (frozenset({Fact.PREDICATE_ON_PROTECTED}) if self.protected else frozenset()),
            masks=self.masks,
            lookups=self.lookups,
            aggregated=self.aggregated,
            likened=self.alike(text),
            tree=Digest(hashlib.sha256(f"{text} {self.schema}".encode()).hexdigest()),
            witnessed=True,
        )

    async def tables(self) -> tuple[Table, ...]:
        await self.hook("tables")
        return (Table(name="public.customers", kind="table", fields=()),)

    async def fate(self, work: Work) -> Fate:
        await self.hook("fate")
        if self.silent:
            return Fate.SILENT
        if self.busy:
            return Fate.IN_PROGRESS
        if self.fates.get(work.xid) is Fate.IN_PROGRESS:
            self.fates[work.xid] = Fate.ABORTED  # its backend is ended first
        return self.fates.get(work.xid, Fate.UNKNOWN)

    async def bill(self, work: Work) -> Bill | None:
        await self.hook("bill")
        return self.bills.get(work.xid) or self.bills.get("")

    async def end(self, names: frozenset[str]) -> None:
        self.ended |= names

    async def impact(self, statement: Statement, outlay: Outlay | None = None) -> Impact:  # noqa: ARG002  # the port's
        self.counts += 1
        await self.counting("impact")
        return Impact(counted=self.counted)

    async def sample(self, statement: Statement) -> Sample | None:  # noqa: ARG002  # the port's
        return self.shown


@dataclass
class Tokens:
    """bearer -> Caller."""

    callers: dict[str, Caller]

    async def caller(self, bearer: str | None) -> Caller:
        if bearer not in self.callers:
            raise Unauthenticated("no_token")
        return self.callers[bearer]


@final
class Mortal(Through):
    """The record as one process reaches it; a process that was killed writes nothing any more."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.dead = False
        self.through: Callable[[Unit], Awaitable[Committed]] = journal.commit  # a test may stand in between

    async def commit(self, unit: Unit) -> Committed:
        if self.dead:
            raise AuditUnavailable("this process is gone")
        return await self.through(unit)


class Store(Protocol):
    """What both stores have under these names."""

    @property
    def reviews(self) -> Rowed: ...
    @property
    def grants(self) -> Grants: ...
    @property
    def payloads(self) -> Payloads: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def subjects(self) -> Subjects: ...
    @property
    def macs(self) -> Macs: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def closure(self) -> Closure: ...
    @property
    def breaks(self) -> Breaks: ...


class Rowed(Reviews, Results, Cards, Protocol):
    """Reviews, cards and waiting results."""


class Around(Protocol):
    """What a process has besides its store."""

    @property
    def judge(self) -> InForce: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def turns(self) -> Turns: ...
    @property
    def courses(self) -> Courses: ...


@dataclass(frozen=True)
class Parts:
    """The rooms, put together."""

    sweeper: Sweeper
    denials: Denials
    gateway: Gateway
    desk: Desk
    brakes: Brakes
    grantors: Grantors
    hindsights: Hindsights
    weighing: Weighing
    vigil: Vigil
    watch: Watch


def furnish(
    store: Store,
    journal: Journal,
    source: Connector,
    around: Around,
    *,
    clock: Clock,
    boot: str | None,
    most: Most = FEW,
) -> Parts:
    """Put the rooms together as the assembly does."""
    connectors, judge, reviews, payloads = {"shop": source}, around.judge, store.reviews, store.payloads
    barrier = Barrier(store.standing, clock)
    attempts = Attempts(journal=journal, reviews=reviews, payloads=payloads, masker=Masking(), clock=clock)
    approved = Approved(
        connectors=connectors,
        journal=journal,
        reviews=reviews,
        payloads=payloads,
        judge=judge,
        attempts=attempts,
        clock=clock,
        macs=store.macs,
        barrier=barrier,
    )
    sweeper = Sweeper(
        connectors=connectors,
        journal=journal,
        reviews=reviews,
        results=reviews,
        approved=approved,
        turns=around.turns,
        clock=clock,
        boot=boot,
    )
    collection = Collection(
        connectors=connectors,
        journal=journal,
        reviews=reviews,
        results=reviews,
        payloads=payloads,
        macs=store.macs,
        judge=judge,
        sweeper=sweeper,
        courses=around.courses,
        clock=clock,
        cards=reviews,
    )
    closing, denials = Closing(journal=journal, payloads=payloads), Denials(journal)
    patience = Patience(journal=journal, reviews=reviews, payloads=payloads, closing=closing, clock=clock, most=most)
    weighing = Weighing(journal=journal, payloads=payloads, judge=judge, reviews=reviews)
    gateway = Gateway(
        admission=Admission(
            identities=around.tokens,
            denials=denials,
            sessions=store.sessions,
            macs=store.macs,
            judge=judge,
            closing=closing,
            closure=store.closure,
            connectors=connectors,
            barrier=barrier,
        ),
        connectors=connectors,
        judge=judge,
        beginning=Beginning(
            journal=journal,
            reviews=reviews,
            grants=store.grants,
            payloads=payloads,
            judge=judge,
            attempts=attempts,
            patience=patience,
            barrier=barrier,
            macs=store.macs,
            clock=clock,
        ),
        asking=Asking(journal=journal, reviews=reviews, payloads=payloads, judge=judge, clock=clock, patience=patience),
        weighing=weighing,
        closing=closing,
        collection=collection,
        enquiry=Enquiry(connectors=connectors, judge=judge, journal=journal, payloads=payloads),
        courses=around.courses,
        turns=around.turns,
        barrier=barrier,
    )
    watch = Watch(journal, clock)
    vigil = Vigil(
        standing=store.standing,
        policies=judge,
        barrier=barrier,
        journal=journal,
        reviews=reviews,
        grants=store.grants,
        clock=clock,
        macs=store.macs,
        turns=around.turns,
        watch=watch,
    )
    hindsights = Hindsights(
        journal=journal,
        reviews=reviews,
        breaks=store.breaks,
        payloads=payloads,
        macs=store.macs,
        subjects=store.subjects,
        roll=judge.roll,
        auditors=frozenset(),
        clock=clock,
    )
    desk = Desk(
        journal=journal,
        reviews=reviews,
        payloads=payloads,
        macs=store.macs,
        subjects=store.subjects,
        roll=judge.roll,
        emergencies=hindsights,
        clock=clock,
    )
    brakes = Brakes(
        journal=journal,
        reviews=reviews,
        macs=store.macs,
        subjects=store.subjects,
        roll=judge.roll,
        clock=clock,
    )
    grantors = Grantors(
        journal=journal,
        reviews=reviews,
        grants=store.grants,
        payloads=payloads,
        macs=store.macs,
        subjects=store.subjects,
        roll=judge.roll,
        clock=clock,
    )
    return Parts(sweeper, denials, gateway, desk, brakes, grantors, hindsights, weighing, vigil, watch)


@final
class Line:
    """One gateway process and the people's desk over one store."""

    def __init__(
        self,
        store: MemoryStore,
        source: FakeSource,
        *,
        boot: str = "boot",
        hold: timedelta = HOLD,
        alone: bool = True,  # the one process that may write the store
        connector: Connector | None = None,  # a real one in the fake's place
        most: Most = FEW,
    ) -> None:
        self.store, self.source = store, source
        store.journal.boot = boot
        clock = store.clock
        self.clock: ManualClock = clock
        self.anna = replace(person("analysts"), expires_at=clock.now() + timedelta(hours=1))
        self.tokens = Tokens({"anna": self.anna})
        self.stages = Stages(Meters())
        self.judge = InForce(policy(*RULES), clock, partial(self.stages.of, Step.DECIDE), store.macs)
        self.turns, self.courses = Turns(), Courses(hold)
        self.mortal = Mortal(store.journal)
        self.counted = Counted(
            self.mortal, self.stages, store="memory", sources=frozenset({"shop"}), channels=("C0OWN", "C0RULE")
        )
        journal, timed = Announced(self.counted, self.turns), TimedConnector(connector or source, self.stages)
        parts = furnish(store, journal, timed, self, clock=clock, boot=boot if alone else None, most=most)
        self.sweeper, self.denials, self.gateway, self.desk = parts.sweeper, parts.denials, parts.gateway, parts.desk
        self.grantors = parts.grantors
        self.hindsights = parts.hindsights
        self.weighing, self.vigil, self.watch, self.brakes = parts.weighing, parts.vigil, parts.watch, parts.brakes

    def call(self, text: str = "", tool: Tool = Tool.EXECUTE, *, bearer: str = "anna", purpose: str = "why") -> Call:
        return Call(
            id=CallId(f"call_{next(NUMBER):026d}"),
            door=Door("mcp-http"),
            tool=Tool.QUERY if text.startswith("select") else tool,
            source="shop",
            received_at=self.clock.now(),
            statement=text,
            purpose=purpose,
            bearer=bearer,
        )

    async def ask(self, text: str) -> Answer:
        return await self.gateway.answer(self.call(text))

    async def collect(self, of: CallId, bearer: str = "anna") -> Answer:
        return await self.gateway.state(self.call(tool=Tool.COLLECT, bearer=bearer), of)

    async def cancel(self, of: CallId) -> Answer:
        return await self.gateway.cancel(self.call(tool=Tool.CANCEL), of)

    async def vote(self, review: ReviewId, decision: Decision = Decision.APPROVE, who: Identity = DORA) -> Said:
        row = await self.store.reviews.review(review)
        assert row is not None
        reason = "no" if decision is Decision.DENY else None
        return await self.desk.vote(who, Ballot(review=review, digest=row.digest, decision=decision, reason=reason))

    async def sweep(self) -> None:
        """Sweep, and let what it began come to its end."""
        await self.sweeper.sweep()
        await self.settle()

    async def settle(self) -> None:
        while self.sweeper._runs:
            await asyncio.wait(set(self.sweeper._runs.values()))

    async def kill(self) -> None:
        """End this process as SIGKILL would: nothing of it reaches record or Source again."""
        self.mortal.dead = self.source.dead = True
        tasks = {*self.sweeper._runs.values(), *self.courses._tasks.values()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def slots(self, of: CallId) -> Slots:
        review = await self.store.reviews.review(of)
        entries = await self.store.journal.entries(of)
        return project(entries + (await self.store.journal.entries(review.id) if review else ()))

    def kinds(self) -> list[str]:
        return [str(sealed.body["kind"]) for _, sealed in self.store.journal.tables.log]

    def alerts(self) -> list[str]:
        bodies = [sealed.body for _, sealed in self.store.journal.tables.log]
        return [str(body["alert"]) for body in bodies if body["kind"] == "alert.raised"]

    def faults(self) -> list[tuple[str, str]]:
        """What the verifier's rules say of this log."""
        shapes, found = Shapes(), list[tuple[str, str]]()
        for _, sealed in self.store.journal.tables.log:
            found += list(shapes.take(sealed.body, sealed.leaf))
        return found + list(shapes.end(int(self.clock.now().timestamp() * 1000)))


def line(*, hold: timedelta = HOLD, most: Most = FEW) -> Line:
    store = MemoryStore()
    return Line(store, FakeSource(), hold=hold, most=most)


def failing(at: str, error: BaseException, times: int = 1) -> Hook:
    """Raise at one step, so many times."""
    left = [times]

    async def hook(step: str) -> None:
        if step == at and left[0]:
            left[0] -= 1
            raise error

    return hook


def holding(at: str) -> tuple[Hook, asyncio.Event, asyncio.Event]:
    """Stand still at one step until told: (hook, reached, go)."""
    reached, go = asyncio.Event(), asyncio.Event()

    async def hook(step: str) -> None:
        if step == at:
            reached.set()
            await go.wait()

    return hook, reached, go
