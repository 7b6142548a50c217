"""The whole line over one real connector, as an agent meets it: query, check, execute, and what approval brings."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, final

import orjson

from core.classify.postgres import parse
from core.errors import GatewayError
from core.execution.courses import Courses
from core.execution.turns import Announced, Turns
from core.model import Answer, Call, CallId, Decision, Door, Parameters, Tool, Unreadable, Verb
from core.policy.judge import InForce
from core.policy.rules import Effects, Then
from core.ports import Ballot, Connector
from mcp_server import render
from tests.doubles import ManualClock, MemoryStore
from tests.fuzz.attackers import Heard
from tests.fuzz.observe import Seen, timeless
from tests.line import DORA, Parts, Tokens, furnish
from tests.policies import ONE_DBA, person, policy, rule

NUMBER: Final = itertools.count(1)
LINES: Final = re.compile(r"(?<=, )[0-9.e+-]+ ms(?=\])|(?<=\"Planned in )[0-9.e+-]+ ms, ran in [0-9.e+-]+ ms")
IDS: Final = re.compile(r"\b(call|rev|ses|pay)_[a-z0-9]+")
CHANGES: Final = (Verb.INSERT, Verb.UPDATE, Verb.DELETE, Verb.DEFINE, Verb.GRANT, Verb.RUN)
SECONDS: Final = 2.0
HOLD: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class Rooms:
    """What a process has besides its store."""

    judge: InForce
    tokens: Tokens
    turns: Turns
    courses: Courses


@final
class Whole:
    """A line with a store of its own for each question; a reviewer approves whatever is asked."""

    def __init__(self, connector: Connector, *, seconds: float = SECONDS, cap: int | None = None) -> None:
        self._connector: Final = connector
        self._rules: Final = (
            rule("reads", Then.ALLOW, Verb.READ, effects=Effects(timeout=timedelta(seconds=seconds))),
            rule("changes", Then.ASK, *CHANGES, effects=replace(ONE_DBA, affected_rows=cap)),
        )

    def _line(self) -> tuple[Parts, MemoryStore]:
        clock = ManualClock(datetime.now(UTC))
        store = MemoryStore(clock)
        anna = replace(person("analysts"), expires_at=clock.now() + timedelta(hours=1))
        rooms = Rooms(InForce(policy(*self._rules), clock), Tokens({"anna": anna}), Turns(), Courses(HOLD))
        return furnish(
            store, Announced(store.journal, rooms.turns), self._connector, rooms, clock=clock, boot="b"
        ), store

    def _call(self, text: str, tool: Tool, parameters: Parameters = ()) -> Call:
        return Call(
            id=CallId(f"call_{next(NUMBER):026d}"),
            door=Door("mcp-http"),
            tool=tool,
            source="shop",
            received_at=datetime.now(UTC),
            statement=text,
            parameters=parameters,
            purpose="to know",
            bearer="anna",
        )

    async def query(self, text: str, parameters: Parameters = ()) -> Heard:
        """Ask a read."""
        parts, _ = self._line()
        return await heard(parts, self._call(text, Tool.QUERY, parameters))

    async def execute(self, text: str) -> Heard:
        """Ask for a change, have it approved, and collect what came of it."""
        parts, store = self._line()
        call = self._call(text, Tool.EXECUTE)
        asked = await heard(parts, call)
        review = await store.reviews.review(call.id)
        if review is None:
            return asked
        ballot = Ballot(review=review.id, digest=review.digest, decision=Decision.APPROVE)
        await parts.desk.vote(DORA, ballot)
        await parts.sweeper.sweep()
        while parts.sweeper._runs:
            await asyncio.wait(set(parts.sweeper._runs.values()))
        began = time.monotonic()
        done = told(await parts.gateway.state(self._call("", Tool.COLLECT), call.id), began)
        return replace(done, text=asked.text + done.text)

    async def check(self, text: str) -> Heard:
        """Ask what would happen, with a plan."""
        parts, _ = self._line()
        began = time.monotonic()
        try:
            said = repr(await parts.gateway.check(self._call(text, Tool.CHECK), plan=True))
        except GatewayError as error:
            said = f"{error.code}: {error.public}"
        return Heard((), "", time.monotonic() - began, IDS.sub(r"\1_", said))

    async def asked(self, text: str) -> str:
        """Give all that an agent sees of a change until people decide: `check`, the answer, where it stands then."""
        checked = await self.check(text)
        parts, _ = self._line()
        call = self._call(text, Tool.EXECUTE)
        wanted = await heard(parts, call)
        await parts.weighing.drain()
        standing = told(await parts.gateway.state(self._call("", Tool.COLLECT), call.id), time.monotonic())
        return f"{checked.text}\n{wanted.text}\n{standing.text}"

    async def __call__(self, text: str) -> Seen:
        """Ask by each tool; nothing is approved."""
        parts, _ = self._line()
        asked = await heard(parts, self._call(text, Tool.QUERY))
        parts, _ = self._line()
        wanted = await heard(parts, self._call(text, Tool.EXECUTE))
        checked = await self.check(text)
        channels = {"query": asked.text, "execute": wanted.text, "check": checked.text}
        parsed = parse(text)
        if isinstance(parsed, Unreadable) or parsed.explains is None:
            return Seen(channels, asked.rows)
        return Seen({name: LINES.sub("…", said) for name, said in channels.items()}, timeless(asked.rows))


async def heard(parts: Parts, call: Call) -> Heard:
    """Send a call down the line."""
    began = time.monotonic()
    try:
        answer = await parts.gateway.answer(call)
    except GatewayError as error:
        return Heard((), error.code, time.monotonic() - began, f"{error.code}: {error.public}")
    return told(answer, began)


def told(answer: Answer, began: float) -> Heard:
    """Render an answer as the agents' door does, without ids and times."""
    shown = dict(render.render(answer, source="shop").structured_content or {})
    shown.pop("elapsed_ms", None)
    rows = tuple(tuple(row) for row in shown.get("rows") or ())
    failure = "" if shown["status"] == "answered" else f"{shown.get('code')}: {shown.get('message')}"
    text = IDS.sub(r"\1_", orjson.dumps(shown).decode())
    return Heard(rows, failure, time.monotonic() - began, text)
