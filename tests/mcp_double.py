"""A double of the door's port: answers from plain fields, counts what it was asked, and lets a test decide Reviews."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import anyio
from mcp.types import CallToolResult, TextContent

from core.errors import IdentityUnavailable, NotFound, Unauthenticated
from core.model import (
    Answer,
    Answered,
    Call,
    Caller,
    CallId,
    Checked,
    Door,
    Kind,
    Limits,
    Masked,
    MaskedColumn,
    Reason,
    Span,
    State,
    Tool,
    Waiting,
)
from core.ports import Field, SourceView, Table
from mcp_server.bounds import Bounds
from mcp_server.room import HOLD, STDIO, Room

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIMITS = Limits()


class Stopped:
    def now(self) -> datetime:
        return NOON


def caller(
    subject: str = "alice", scopes: frozenset[str] = frozenset({"assent:read", "assent:write"}), client: str = "claude"
) -> Caller:
    return Caller(
        issuer="https://login.example.test",
        subject=subject,
        client=client,
        kind=Kind.PERSON,
        person=None,
        owner=None,
        email=None,
        groups=frozenset(),
        scopes=scopes,
        authenticated_at=None,
        expires_at=NOON + timedelta(hours=1),
    )


def answered(call: CallId, *rows: tuple[object, ...], **known: object) -> Answered:
    masked = Masked(
        columns=(MaskedColumn(name="id", type="integer"), MaskedColumn(name="email", type="text", mask="token")),
        rows=rows or ((1, "tok_9f"),),  # type: ignore[arg-type]
        **known,  # type: ignore[arg-type]
    )
    return Answered(call=call, masked=masked, limits=LIMITS, elapsed=timedelta(milliseconds=12))


class Wake:
    def __init__(self, event: anyio.Event) -> None:
        self._event = event

    async def wait(self) -> None:
        await self._event.wait()


@dataclass
class Double:
    """Holds to `mcp_server.line.Line`; a bearer is known when it is a key of `callers`."""

    callers: dict[str | None, Caller] = field(default_factory=lambda: {None: caller(), "good": caller()})
    allowed: frozenset[Tool] = frozenset(Tool)
    answers: Callable[[Call], Awaitable[Answer]] | None = None
    states: dict[CallId, Answer] = field(default_factory=dict)
    owners: dict[CallId, tuple[str, str, str]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    identity_down: bool = False
    asked: anyio.Event = field(default_factory=anyio.Event)
    ended: anyio.Event = field(default_factory=anyio.Event)
    tables: tuple[Table, ...] = ()
    _changed: dict[CallId, anyio.Event] = field(default_factory=dict)

    async def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        if self.answers is not None:
            return await self.answers(call)
        return answered(call.id)

    async def state(self, call: Call, of: CallId) -> Answer:
        if call.id != of and call.tool is Tool.COLLECT:
            self.calls.append(call)
        self._mine(call, of)
        return self.states[of]

    async def span(self, call: Call, of: CallId) -> Span:
        self._mine(call, of)
        return Span(asked=NOON, changed=NOON + timedelta(seconds=3), until=NOON + timedelta(minutes=75))

    async def cancel(self, call: Call, of: CallId) -> Answer:
        self._mine(call, of)
        return self.states[of]

    def turn(self, of: CallId) -> Wake:
        return Wake(self._changed.setdefault(of, anyio.Event()))

    async def check(self, call: Call, *, plan: bool) -> Checked:
        self.calls.append(call)
        return Checked(
            call=call.id,
            kind="read",
            verbs=("read",),
            verdict="allow",
            reasons=(Reason(rule="analysts read", sentence="Reads are allowed."),),
            plan="Seq Scan" if plan else None,
        )

    async def sources(self, call: Call) -> tuple[SourceView, ...]:
        self.calls.append(call)
        return (SourceView(name="shop", dialect="postgres", description="A shop", masking="enforced", tables=8),)

    async def search(self, call: Call, words: str, detail: str) -> tuple[Table, ...]:
        self.calls.append(call)
        assert detail in {"names", "summary", "full"}
        return tuple(table for table in self.tables if words in table.name)

    async def describe(self, call: Call, table: str) -> Table:
        self.calls.append(call)
        for known in self.tables:
            if known.name == table:
                return known
        raise NotFound("table", public="There is no such table for you; search_schema lists them.")

    def tools(self, caller: Caller) -> frozenset[Tool]:  # noqa: ARG002 -- the double's
        return self.allowed

    async def identify(self, bearer: str | None) -> Caller:
        if self.identity_down:
            raise IdentityUnavailable("keys")
        if bearer not in self.callers:
            raise Unauthenticated("unknown token")
        return self.callers[bearer]

    def _mine(self, call: Call, of: CallId) -> None:
        if self.owners.get(of) != self.callers[call.bearer].principal:
            raise NotFound("call")

    # what people do

    async def asks(self, call: Call) -> Answer:
        """Answer `Waiting`, as a statement that people decide."""
        waiting = Waiting(
            call=call.id,
            review=None,
            state=State.PENDING,
            sentence=f"Nothing was executed. {call.id} waits for 1 dba.",
            until=NOON + timedelta(minutes=15),
        )
        self.states[call.id] = waiting
        self.owners[call.id] = self.callers[call.bearer].principal
        self.asked.set()
        return waiting

    def decide(self, of: CallId, answer: Answer) -> None:
        """Change where a Call stands and wake who waits."""
        self.states[of] = answer
        event = self._changed.pop(of, None)
        if event is not None:
            event.set()

    async def runs(self, _: Call) -> Answer:
        """Run until cancelled, as a long statement."""
        self.asked.set()
        try:
            await anyio.sleep_forever()
        finally:
            self.ended.set()
        raise AssertionError


CUSTOMERS = Table(
    name="public.customers",
    kind="table",
    fields=(
        Field(name="id", type="integer"),
        Field(name="email", type="text", comment="contact", tag="pii.email", mask="token"),
    ),
    comment="People who buy",
    keys=("id",),
)


def room(line: Double, door: Door = STDIO, *, bounds: Bounds | None = None, hold: timedelta = HOLD) -> Room:
    return Room.of(line, Stopped(), door, bounds=bounds, hold=hold)


def text(result: CallToolResult) -> str:
    block = result.content[0]
    assert isinstance(block, TextContent)
    return block.text


def shown(result: CallToolResult) -> Mapping[str, object]:
    """Give the structure, having proven that the text is exactly its compact JSON."""
    structure: object = result.structured_content
    assert isinstance(structure, dict)
    assert len(result.content) == 1
    assert text(result) == json.dumps(structure, separators=(",", ":"), ensure_ascii=False)
    return structure
