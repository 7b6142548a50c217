"""One process of a trial: recovers, then takes Calls over a real database, and says what each was answered."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import secrets
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, final

from core.connectors.postgres import PostgresConnector
from core.errors import GatewayError
from core.execution import attempts
from core.execution.courses import Courses
from core.execution.failpoints import arm
from core.execution.turns import Announced, Turns
from core.model import Answer, Answered, Call, CallId, Decision, Dialect, Door, OnApproval, Source, Tool, Waiting
from core.policy.judge import InForce
from core.policy.rules import Conditions, Effects, Then
from core.ports import Ballot
from tests.entries import stopped
from tests.integration.connecting import READER, SHOP, WRITER, Now, as_role
from tests.line import DORA, RULES, Parts, Tokens, furnish
from tests.policies import ONE_DBA, person, policy, rule
from tests.torture.places import Opened, Place
from tests.torture.plans import Asked, End, Life

SCHEMA: Final = (
    SHOP
    + f"""
CREATE TABLE done (what text); CREATE TABLE asked (what text); CREATE TABLE held (what text);
CREATE TABLE broken (what text); CREATE TABLE late (what text);
CREATE TABLE granted (what text, times int NOT NULL DEFAULT 0); CREATE INDEX ON granted (what);
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}, {WRITER};
GRANT INSERT ON done, asked, held, broken, late TO {WRITER}; GRANT UPDATE ON granted TO {WRITER};
"""
)
# Of several replicas recovery waits for deadlines, so in a trial they come soon.
SOON: Final = timedelta(milliseconds=500)
HELD: Final = replace(ONE_DBA, on_approval=OnApproval.HOLD)
QUICK: Final = Effects(timeout=timedelta(seconds=1))
ASKING: Final = (
    *(replace(one, effects=replace(one.effects, timeout=QUICK.timeout)) for one in RULES),
    rule(
        "held",
        Then.ASK,
        when=Conditions(tables=frozenset({"public.held"})),
        effects=replace(HELD, timeout=QUICK.timeout),
    ),
)
WORKERS: Final = 3
PATIENCE: Final = 60.0  # seconds until everything that was begun must have come to its end; a busy machine is slow
Tell = Callable[[str], None]


@final
@dataclass
class Process:
    """What a process has besides its record."""

    judge: InForce = field(default_factory=lambda: InForce(policy(*ASKING), Now()))
    tokens: Tokens = field(
        default_factory=lambda: Tokens(
            {"anna": replace(person("analysts"), expires_at=Now().now() + timedelta(hours=1))}
        )
    )
    turns: Turns = field(default_factory=Turns)
    courses: Courses = field(default_factory=Courses)


def new_call() -> CallId:
    """Return a new Call's id."""
    return CallId("call_" + base64.b32encode(secrets.token_bytes(17)).decode()[:26])


def armed(end: End) -> None:
    """End this process when it is at its point for the nth time."""
    hits: Counter[str] = Counter()

    def here(point: str) -> None:
        hits[point] += 1
        if point == end.point and hits[point] == end.hit:
            os.kill(os.getpid(), signal.SIGKILL if end.action == "kill" else signal.SIGSTOP)

    arm(here)


def hurry() -> None:
    """Let deadlines come soon after what they are for."""
    attempts.LOCK_WAIT = attempts.MARGIN = SOON  # type: ignore[misc]


async def live(place: Place, url: str, life: Life, tell: Tell) -> None:
    """Recover what earlier processes left, then take this one's Calls; returns when all has come to its end."""
    connector = PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags={}, enforced=True),
        read_url=as_role(url, READER),
        write_url=as_role(url, WRITER),
        masks={},
        clock=Now(),
    )
    process = Process()
    if place.shared:
        hurry()
    await connector.open()
    try:
        async with place.open(Now()) as store:
            journal = Announced(store.journal, process.turns)
            boot = None if place.shared else store.boot
            parts = furnish(store, journal, connector, process, clock=Now(), boot=boot)
            armed(life.end)
            tell("ready")
            await parts.sweeper.sweep()
            serving = asyncio.create_task(parts.sweeper.serve())
            await work(Agent(parts, store, tell), life.calls)
            await rest(Agent(parts, store, tell))
            await parts.sweeper.drain()
            serving.cancel()
            await asyncio.wait({serving})
    finally:
        await connector.close()


async def work(agent: Agent, calls: tuple[Asked, ...]) -> None:
    """Take Calls, some at a time."""
    waiting = list(reversed(calls))

    async def worker() -> None:
        while waiting:
            with contextlib.suppress(GatewayError):  # a store or Source that is away for a moment: recovery's business
                await agent.ask(waiting.pop())

    await asyncio.gather(*(worker() for _ in range(WORKERS)))


async def rest(agent: Agent) -> None:
    """Wait until no Call is open but those that people were never asked to decide."""
    async with asyncio.timeout(PATIENCE):
        left: list[CallId] | None = None
        while left != []:
            with contextlib.suppress(GatewayError):
                left = await agent.left()
                for call in left:
                    await agent.finish(call)
                await agent.parts.sweeper.sweep()
            await asyncio.sleep(0.02)


@final
@dataclass(frozen=True)
class Agent:
    """An agent and the person who decides, both in this process."""

    parts: Parts
    store: Opened
    tell: Tell

    async def ask(self, asked: Asked) -> None:
        """Send a Call, let people decide, follow it to its end."""
        answer = await self.answer(asked)
        if isinstance(answer, Waiting) and answer.review is not None:
            if asked.kind == "cancelled":
                await self._cancel(asked)
            await self._decide(asked)
            if asked.kind == "stopped":
                await self._stop(asked)
            answer = await self.finish(asked.id)
        self.told(asked.id, answer)

    async def answer(self, asked: Asked) -> Answer | None:
        tool = Tool.QUERY if asked.kind == "read" else Tool.EXECUTE
        try:
            return await self.parts.gateway.answer(self.call(tool, asked.id, asked.statement))
        except GatewayError:
            return None

    async def finish(self, call: CallId) -> Answer | None:
        """Collect until there is an answer that is no longer a waiting one."""
        async with asyncio.timeout(PATIENCE):
            while True:
                turn = self.parts.gateway.turn(call)
                try:
                    answer = await self.parts.gateway.state(self.call(Tool.COLLECT), call)
                except GatewayError:
                    return None
                if not isinstance(answer, Waiting) or answer.state.value == "pending":
                    return answer
                try:
                    await asyncio.wait_for(turn.wait(), 0.2)
                except TimeoutError:
                    continue

    async def left(self) -> list[CallId]:
        """Open Calls, but for those that wait for people."""
        open_ = await self.store.journal.open_calls()
        reviews = {call: await self.store.reviews.review(call) for call in open_}
        return [call for call in open_ if (row := reviews[call]) is None or row.state.value != "pending"]

    async def _decide(self, asked: Asked) -> None:
        row = await self.store.reviews.review(asked.id)
        if row is not None:
            ballot = Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE)
            await self.parts.desk.vote(DORA, ballot)

    async def _cancel(self, asked: Asked) -> None:
        task = asyncio.create_task(self._decide(asked))
        try:
            answer = await self.parts.gateway.cancel(self.call(Tool.CANCEL), asked.id)
            if getattr(answer, "code", "") == "cancelled":
                self.tell(f"stopped {asked.id}")
        finally:
            await task

    async def _stop(self, asked: Asked) -> None:
        row = await self.store.reviews.review(asked.id)
        if row is not None:
            await self.store.journal.commit(stopped(row.id, "dora", of=row.call))
            await self.parts.sweeper.sweep()

    def told(self, call: str, answer: Answer | None) -> None:
        if answer is not None and not isinstance(answer, Waiting):
            self.tell(f"answered {call} {'executed' if isinstance(answer, Answered) else answer.code}")

    def call(self, tool: Tool, call: CallId | None = None, statement: str = "") -> Call:
        """Word a request; one about another Call has an id of its own."""
        return Call(
            id=call or new_call(),
            door=Door("mcp-http"),
            tool=tool,
            source="shop",
            received_at=Now().now(),
            statement=statement,
            purpose="why" if statement else "",
            bearer="anna",
        )
