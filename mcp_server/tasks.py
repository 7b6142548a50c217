"""Tasks of MCP (SEP-2663): a Call that waits, told as a handle to who declared that it can take one.

The task's id is the Call's, its states are those `collect` tells; nothing is kept here, and nothing approves.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias, TypeVar, final

from mcp import MCPError
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.extension import Extension, MethodBinding
from mcp.server.mcpserver import require_client_extension
from mcp.shared.inbound import MCP_NAME_HEADER, decode_header_value
from mcp.types import (
    HEADER_MISMATCH,
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    RequestParams,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import Field
from starlette.requests import Request

from core.errors import BadCall, GatewayError, NotFound
from core.model import Answer, CallId, Refused, Span, Tool, Waiting
from mcp_server.calls import arrive, presented
from mcp_server.line import Line
from mcp_server.render import render
from mcp_server.room import Room
from mcp_server.settle import TASKS, takes_tasks
from mcp_server.tools import HANDLE_CHARACTERS, foreseen

STATEMENTS: Final = frozenset({Tool.QUERY.value, Tool.EXECUTE.value})
OPEN: Final = frozenset({"pending_approval", "running"})
POLL: Final = timedelta(seconds=3)
UNKNOWN: Final = "Task not found"  # a foreign one, an unknown one and no id at all: the same words

Result = TypeVar("Result")
Here: TypeAlias = ServerRequestContext[Room, Request]


class TaskParams(RequestParams):
    """What the three methods are asked with; `inputResponses` nobody asked for, and are ignored."""

    task_id: str = Field(alias="taskId", max_length=HANDLE_CHARACTERS)


@final
class Tasks(Extension):
    """Turns a waiting Call into a task, and serves its three methods."""

    identifier = TASKS

    def __init__(self, statements: frozenset[str] = STATEMENTS) -> None:
        self._statements = statements

    def methods(self) -> Sequence[MethodBinding]:
        """Bind `tasks/get`, `tasks/update` and `tasks/cancel`, of the current revision alone."""
        served = {"tasks/get": self.get, "tasks/update": self.update, "tasks/cancel": self.cancel}
        return [
            MethodBinding(method, TaskParams, handler, protocol_versions=frozenset(MODERN_PROTOCOL_VERSIONS))
            for method, handler in served.items()
        ]

    async def intercept_tool_call(self, params: CallToolRequestParams, ctx: Here, call_next: CallNext) -> HandlerResult:
        """Give a handle instead of "pending"; its Call is durable before this is answered."""
        result = await call_next(ctx)
        if params.name not in self._statements or not takes_tasks(ctx) or not isinstance(result, CallToolResult):
            return result
        structure = result.structured_content
        if not isinstance(structure, dict) or structure.get("status") not in OPEN:
            return result
        of = CallId(str(structure["call"]))
        call = arrive(ctx, Tool.COLLECT)
        try:
            span = await _asked(ctx, lambda line: line.span(call, of), counted=False)
        except MCPError:  # busy, or signed out since: the ordinary answer holds the same id
            return result
        return {"resultType": "task", **_head(of, span), "status": "working", "statusMessage": structure["message"]}

    async def get(self, ctx: Here, params: TaskParams) -> HandlerResult:
        """Tell where a task stands, with its result once there is one, as `collect` does."""
        of, call = _addressed(ctx, params), arrive(ctx, Tool.COLLECT)

        async def stands(line: Line) -> tuple[Answer, Span]:
            return await line.state(call, of), await line.span(call, of)

        answer, span = await _asked(ctx, stands)
        return {"resultType": "complete", **_head(of, span), **_standing(answer)}

    async def update(self, ctx: Here, params: TaskParams) -> HandlerResult:
        """Acknowledge answers that nobody asked for."""
        of, call = _addressed(ctx, params), arrive(ctx, Tool.COLLECT)
        await _asked(ctx, lambda line: line.span(call, of))
        return {"resultType": "complete"}

    async def cancel(self, ctx: Here, params: TaskParams) -> HandlerResult:
        """Withdraw the Call where it still can be; the acknowledgement says nothing of that, `tasks/get` does."""
        of, call = _addressed(ctx, params), arrive(ctx, Tool.CANCEL)
        await _asked(ctx, lambda line: line.cancel(call, of))
        return {"resultType": "complete"}


def _addressed(ctx: Here, params: TaskParams) -> CallId:
    """Return the id that body and header agree on, of who declared the extension on this request."""
    require_client_extension(ctx, TASKS)
    named = params.task_id if ctx.request is None else decode_header_value(ctx.request.headers.get(MCP_NAME_HEADER))
    if named != params.task_id:
        raise MCPError(HEADER_MISMATCH, "Mcp-Name does not name this task")
    return CallId(params.task_id)


async def _asked(ctx: Here, question: Callable[[Line], Awaitable[Result]], *, counted: bool = True) -> Result:
    """Ask the line about a Call, within this door's bounds; what it refuses is an error of the protocol."""
    room = ctx.lifespan_context
    try:
        caller = await foreseen("identify", room.line.identify(presented(ctx.request)))
        if counted:
            room.limiter.count(caller)
        async with room.limiter.place(caller):
            return await foreseen("tasks", question(room.line))
    except (NotFound, BadCall) as error:
        raise MCPError(INVALID_PARAMS, UNKNOWN) from error
    except GatewayError as error:
        raise MCPError(INTERNAL_ERROR, error.public) from error


def _head(of: CallId, span: Span) -> dict[str, object]:
    return {
        "taskId": of,
        "createdAt": _text(span.asked),
        "lastUpdatedAt": _text(span.changed),
        "ttlMs": max(0, round((span.until - span.asked) / timedelta(milliseconds=1))),
        "pollIntervalMs": round(POLL / timedelta(milliseconds=1)),
    }


def _standing(answer: Answer) -> dict[str, object]:
    """Tell an Answer as a state of the task; `failed` is for errors of the protocol, and a denial is none."""
    match answer:
        case Waiting(sentence=sentence):
            return {"status": "working", "statusMessage": sentence}
        case Refused(code="cancelled", sentence=sentence):
            return {"status": "cancelled", "statusMessage": sentence}
        case _:
            result = render(answer).model_dump(by_alias=True, mode="json", exclude_none=True)
            return {"status": "completed", "result": {"resultType": "complete", **result}}


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
