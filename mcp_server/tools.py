"""The eight tools, as the model reads them; none of them approves anything."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final, Literal, TypeAlias, TypeVar, final

import anyio
from mcp import MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult
from pydantic import Field, WithJsonSchema
from starlette.requests import Request

from core.errors import Busy, GatewayError, IdentityUnavailable, NotFound, Unauthenticated
from core.model import Answer, Call, Caller, CallId, Parameters, Scalar, Tool, Waiting
from mcp_server import shapes
from mcp_server.calls import arrive
from mcp_server.logs import place
from mcp_server.render import failure, render
from mcp_server.room import Room
from mcp_server.settle import AT_ONCE, settle, takes_tasks
from mcp_server.shapes import Checks, Described, Outcome, Sources, Tables

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Work: TypeAlias = Callable[[Call], Awaitable[CallToolResult]]

NAME_CHARACTERS: Final = 300  # of a source, a qualified table, words to search
HANDLE_CHARACTERS: Final = 64  # of a Call's id: call_ and 26 letters, with room to be wrong

Name: TypeAlias = Annotated[str, Field(max_length=NAME_CHARACTERS), WithJsonSchema({"type": "string"})]
Words: TypeAlias = Annotated[
    str, Field(max_length=NAME_CHARACTERS), WithJsonSchema({"type": "string", "description": "empty: all tables"})
]
# How long a statement may be is the line's to say, with an Entry; here only the body is bounded.
Sql: TypeAlias = Annotated[
    str,
    Field(min_length=1),
    WithJsonSchema({"type": "string", "description": "one statement"}),
]
Purpose: TypeAlias = Annotated[
    str,
    Field(min_length=3, max_length=300),
    WithJsonSchema({"type": "string", "minLength": 3, "maxLength": 300, "description": "why, one sentence"}),
]
Values: TypeAlias = Annotated[
    list[Scalar] | dict[str, Scalar] | None,
    WithJsonSchema({"type": ["array", "object"], "description": "array for $1 or ?, object for @name"}),
]
Handle: TypeAlias = Annotated[str, Field(max_length=HANDLE_CHARACTERS), WithJsonSchema({"type": "string"})]
Seconds: TypeAlias = Annotated[
    int, Field(ge=0, le=45), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 45})
]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """One request of a tool: what the SDK knows of it, and who asks by the token that it came with."""

    request: ServerRequestContext[Room, Request]
    caller: Caller

    @property
    def room(self) -> Room:
        """Where it came in."""
        return self.request.lifespan_context


# ---------------------------------------------------------------- the catalogue


async def list_sources(ctx: Here) -> Annotated[CallToolResult, Sources]:
    """List the databases you may use: name, SQL dialect, what they hold. Start here."""

    async def work(call: Call) -> CallToolResult:
        return shapes.sources(await ctx.room.line.sources(call))

    return await _reply(ctx, arrive(ctx.request, Tool.LIST_SOURCES), work)


async def search_schema(
    ctx: Here, source: Name, words: Words = "", detail: Literal["names", "summary", "full"] = "summary"
) -> Annotated[CallToolResult, Tables]:
    """Find tables by words in table, column and comment names. Only what you may touch is shown."""

    async def work(call: Call) -> CallToolResult:
        return shapes.tables(await ctx.room.line.search(call, words, detail), detail)

    return await _reply(ctx, arrive(ctx.request, Tool.SEARCH_SCHEMA, source=source), work)


async def describe_table(ctx: Here, source: Name, table: Name) -> Annotated[CallToolResult, Described]:
    """Show a table's columns, types, keys, and which columns you will see masked. Read it before writing SQL."""

    async def work(call: Call) -> CallToolResult:
        return shapes.table(await ctx.room.line.describe(call, table))

    return await _reply(ctx, arrive(ctx.request, Tool.DESCRIBE_TABLE, source=source), work)


async def check(
    ctx: Here, source: Name, sql: Sql, parameters: Values = None, *, plan: bool = False
) -> Annotated[CallToolResult, Checks]:
    """Say what a statement would do and whether it would be allowed, ask people, or be refused, and why.

    Nothing runs and nobody is asked. plan=true adds a query plan.
    """

    async def work(call: Call) -> CallToolResult:
        return shapes.checked(await ctx.room.line.check(call, plan=plan))

    call = arrive(ctx.request, Tool.CHECK, source=source, statement=sql, parameters=_values(parameters))
    return await _reply(ctx, call, work)


# ---------------------------------------------------------------- statements


async def query(
    ctx: Here, source: Name, sql: Sql, purpose: Purpose, parameters: Values = None
) -> Annotated[CallToolResult, Outcome]:
    """Read rows: one SELECT, EXPLAIN or SHOW. Anything that could write is refused; use execute for changes.

    Columns with a mask hold masked values: final, still joinable where mask is token. rows are arrays in the order of
    columns; exact numbers and times are strings. truncated=true means there is more: narrow it.
    """
    call = arrive(
        ctx.request,
        Tool.QUERY,
        source=source,
        statement=sql,
        parameters=_values(parameters),
        purpose=purpose,
    )
    return await _statement(ctx, call)


async def execute(
    ctx: Here, source: Name, sql: Sql, purpose: Purpose, parameters: Values = None
) -> Annotated[CallToolResult, Outcome]:
    """Change data or schema with one statement. People may have to approve it first.

    status pending_approval: nothing ran yet; do not resend or rephrase, call collect with the call id. Prefer a narrow
    WHERE. refused: message says what would be allowed.
    """
    call = arrive(
        ctx.request,
        Tool.EXECUTE,
        source=source,
        statement=sql,
        parameters=_values(parameters),
        purpose=purpose,
    )
    return await _statement(ctx, call)


async def collect(ctx: Here, call: Handle, wait_seconds: Seconds = 45) -> Annotated[CallToolResult, Outcome]:
    """Get the outcome of a call that answered pending_approval or running; waits up to wait_seconds for it."""
    of = CallId(call)

    async def work(own: Call) -> CallToolResult:
        return render(await _held(ctx, own, of, budget=timedelta(seconds=wait_seconds)))

    return await _reply(ctx, arrive(ctx.request, Tool.COLLECT), work, places=False)


async def cancel(ctx: Here, call: Handle) -> Annotated[CallToolResult, Outcome]:
    """Withdraw a call of yours that waits, or stop it where it still can be stopped; says what really happened."""

    async def work(own: Call) -> CallToolResult:
        return render(await ctx.room.line.cancel(own, CallId(call)))

    return await _reply(ctx, arrive(ctx.request, Tool.CANCEL), work)


# ---------------------------------------------------------------- how each of them answers


async def _statement(ctx: Here, call: Call) -> CallToolResult:
    room = ctx.room

    async def work(own: Call) -> CallToolResult:
        room.drain.refuse()
        async with room.limiter.place(ctx.caller):  # given back while people decide
            begun = anyio.current_time()
            answer = await room.line.answer(own)
        if isinstance(answer, Waiting):
            spent = timedelta(seconds=anyio.current_time() - begun)  # one budget for running and for waiting
            hold = min(room.hold, AT_ONCE) if takes_tasks(ctx.request) else room.hold
            answer = await _held(ctx, own, answer.call, budget=hold - spent)
        return render(answer, source=own.source)

    return await _reply(ctx, call, work, places=False)


async def _held(ctx: Here, call: Call, of: CallId, *, budget: timedelta) -> Answer:
    room = ctx.room

    async def say(progress: float, sentence: str) -> None:
        await ctx.request.session.report_progress(progress, None, sentence)

    with room.limiter.hold(await room.line.identify(call.bearer)) as may:
        return await settle(room, call, of, budget=budget if may else timedelta(0), say=say)


async def _reply(ctx: Here, call: Call, work: Work, *, places: bool = True) -> CallToolResult:
    room = ctx.room
    try:
        return await foreseen(f"{call.tool.value} {call.id}", _placed(ctx, call, work) if places else work(call))
    except (Busy, Unauthenticated, IdentityUnavailable) as error:  # no Call came of it
        if isinstance(error, Busy):
            room.tally.add(error.code)
        return failure(error)
    except GatewayError as error:
        return failure(error, None if isinstance(error, NotFound) else call.id)


async def foreseen(name: str, work: Awaitable[Result]) -> Result:
    """Await what a request asked for; the door's last line. Cancellation passes, for it is no Exception.

    Raises: GatewayError, also for what nobody foresaw: its type and place are logged, its text never.
    """
    try:
        return await work
    except (GatewayError, MCPError, ToolError):
        raise
    except Exception as error:  # noqa: BLE001 -- a door's last line
        logger.error("%.100s: %s", name, place(error))  # noqa: TRY400 -- no exception's text in logs
    raise GatewayError("unforeseen in a door")


async def _placed(ctx: Here, call: Call, work: Work) -> CallToolResult:
    async with ctx.room.limiter.place(ctx.caller):
        return await work(call)


def _values(given: Values) -> Parameters:
    return given if isinstance(given, dict) else tuple(given or ())
