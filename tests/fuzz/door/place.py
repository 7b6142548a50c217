"""The door under fuzz: the real application and the real verifier, a line that keeps secrets, a client of raw ASGI."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias, final

import anyio
from starlette.types import ASGIApp, Message, Scope

from core.errors import Away, Busy, NotFound, SourceUnavailable
from core.identity.verifier import Verifier
from core.model import Answer, Call, Caller, CallId, Checked, Door, Failed, Refused, Span, State, Tool, Waiting
from core.ports import SourceView, Table
from demo.issuer import Mint
from mcp_server.bounds import Bounds
from mcp_server.http import Public, application
from mcp_server.line import Turn
from mcp_server.room import Room
from mcp_server.server import build
from tests.identities import DOOR, REVIEW, Network, Still, trust, verifier
from tests.mcp_double import CUSTOMERS, NOON, Wake, answered

URL: Final = "https://assent.example"
HOST: Final = "assent.example"
SECONDS: Final = 20.0  # until a request counts as one that hangs
SECRET: Final = "canary-9f2c"  # in every error of the line, in every row of others, in every name nobody should see

Headers: TypeAlias = list[tuple[bytes, bytes]]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request, as bytes."""

    method: str = "POST"
    path: str = "/mcp"
    query: bytes = b""
    headers: Headers
    body: bytes
    chunks: int = 1  # in how many pieces the body comes
    gone: bool = False  # the client closes before its body is whole


@final
@dataclass(slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int | None = None
    headers: Headers = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    ended: bool = False

    def values(self, name: str) -> list[str]:
        return [value.decode("latin-1") for key, value in self.headers if key.decode("latin-1").lower() == name]


class Line:
    """Identifies by the real verifier; answers each statement by its first word, and keeps what it was asked."""

    def __init__(self, verifier: Verifier) -> None:
        self.calls: list[tuple[Call, Caller]] = []
        self._verifier = verifier

    async def _take(self, call: Call) -> Caller:
        caller = await self._verifier.caller(call.bearer)
        self.calls.append((call, caller))
        return caller

    async def answer(self, call: Call) -> Answer:
        await self._take(call)
        match call.statement.strip()[:1].lower():
            case "s":
                return answered(call.id, (1, "tok"), (2, None))
            case "u":
                asked = f"Nothing was executed. {call.id} waits for 1 dba."
                return Waiting(call=call.id, review=None, state=State.PENDING, sentence=asked, until=NOON)
            case "d":
                return Refused(call=call.id, code="policy", sentence="Not payroll.")
            case "b":
                raise Busy(SECRET)
            case "e":
                raise SourceUnavailable(SECRET, Away.LOST)
            case "x":
                raise RuntimeError(SECRET)
            case _:
                return Failed(call=call.id, code="timeout", sentence="Too slow.", retry_after=timedelta(seconds=3))

    async def state(self, call: Call, of: CallId) -> Answer:
        await self._take(call)
        raise NotFound(f"{SECRET} {of!r}")

    async def cancel(self, call: Call, of: CallId) -> Answer:
        return await self.state(call, of)

    async def span(self, call: Call, of: CallId) -> Span:
        await self._take(call)
        if not any(made.id == of for made, _ in self.calls):
            raise NotFound(SECRET)
        return Span(asked=NOON, changed=NOON, until=NOON + timedelta(hours=1))

    def turn(self, of: CallId) -> Turn:  # noqa: ARG002 - nothing changes here
        ready = anyio.Event()
        ready.set()
        return Wake(ready)

    async def check(self, call: Call, *, plan: bool) -> Checked:
        await self._take(call)
        return Checked(call=call.id, kind="read", verbs=("read",), verdict="allow", plan="Seq Scan" if plan else None)

    async def sources(self, call: Call) -> tuple[SourceView, ...]:
        await self._take(call)
        return (SourceView(name="shop", dialect="postgres", description="A shop", masking="enforced", tables=8),)

    async def search(self, call: Call, words: str, detail: str) -> tuple[Table, ...]:  # noqa: ARG002 - the double's
        await self._take(call)
        return (CUSTOMERS,)

    async def describe(self, call: Call, table: str) -> Table:
        await self._take(call)
        if table != CUSTOMERS.name:
            raise NotFound(SECRET)
        return CUSTOMERS

    def tools(self, caller: Caller) -> frozenset[Tool]:
        return frozenset(Tool) if "assent:write" in caller.scopes else frozenset(Tool) - {Tool.EXECUTE}

    async def identify(self, bearer: str | None) -> Caller:
        return await self._verifier.caller(bearer)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The door, whom it knows, and what its line was asked."""

    app: ASGIApp
    line: Line
    mint: Mint
    clock: Still
    tokens: Mapping[str, str]  # by what is right or wrong about them

    async def ask(self, request: Request) -> Reply:
        """Send a request and hear it out.

        Raises: TimeoutError for what hangs; whatever the application lets out.
        """
        reply, pieces = Reply(), self._pieces(request)
        over = anyio.Event()

        async def receive() -> Message:
            if pieces:
                return pieces.pop(0)
            if not request.gone:
                await over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                assert reply.status is None, "a response begins twice"
                reply.status, reply.headers = message["status"], list(message["headers"])
            else:
                assert not reply.ended, "a response goes on past its end"
                reply.body += message.get("body", b"")
                reply.ended = not message.get("more_body", False)
                if reply.ended:
                    over.set()

        with anyio.fail_after(SECONDS):
            await self.app(self._scope(request), receive, send)
        return reply

    @staticmethod
    def _pieces(request: Request) -> list[Message]:
        size = max(1, -(-len(request.body) // request.chunks))
        parts = [request.body[at : at + size] for at in range(0, len(request.body), size)] or [b""]
        sent = parts[: len(parts) // 2] if request.gone else parts
        return [
            {"type": "http.request", "body": part, "more_body": request.gone or number < len(parts) - 1}
            for number, part in enumerate(sent)
        ]

    @staticmethod
    def _scope(request: Request) -> Scope:
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "https",
            "path": request.path,
            "raw_path": request.path.encode(),
            "query_string": request.query,
            "root_path": "",
            "headers": list(request.headers),
            "client": ("127.0.0.1", 50_000),
            "server": (HOST, 443),
        }


def tokens(mint: Mint, now: datetime) -> dict[str, str]:
    """Mint one token of each kind; the first three are good."""
    soon, at = int(now.timestamp()) + 3_000, int(now.timestamp())
    reviewer = mint.person("rita", [], REVIEW, client="assent-cli", exp=at + 300)
    ana = mint.person("ana", ["analysts"], DOOR, client="claude", exp=soon)
    head, claims, seal = ana.split(".")
    return {
        "ana": ana,
        "bob": mint.person("bob", ["analysts"], DOOR, client="cursor", exp=soon, scope="assent:read"),
        "none": mint.person("eve", ["analysts"], DOOR, client="codex", exp=soon, scope="openid"),
        "expired": mint.person("ana", [], DOOR, client="claude", iat=at - 3_600, exp=at - 31),
        "reviewer": reviewer,
        "elsewhere": mint.person("ana", [], "https://other.example/mcp", client="claude", exp=soon),
        "unsigned": f"{head}.{claims}.",
        "changed": f"{head}.{claims[:-2]}AA.{seal}",
        "huge": f"{head}.{claims}.{seal * 80}",
    }


GOOD: Final = frozenset({"ana", "bob", "none"})


@asynccontextmanager
async def opened() -> AsyncIterator[Place]:
    """Open a door for a while."""
    clock = Still()
    mint = Mint("http://127.0.0.1:1", clock=clock, algorithm="ES256")
    verifying = verifier(Network(mint), clock, trust(mint))
    line = Line(verifying)
    bounds = Bounds(minute=2**40, open=10_000, body=timedelta(seconds=10))
    room = Room.of(line, clock, Door("mcp-http"), bounds=bounds, hold=timedelta(0))
    app = application(build(room), room, Public(url=URL, issuers=(mint.url,)))
    async with app.router.lifespan_context(app):
        yield Place(app=app, line=line, mint=mint, clock=clock, tokens=tokens(mint, clock.now()))
