"""Holds a Call that waits for people: one budget below every host's timeout, progress, then the Answer as it stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeAlias

import anyio
from mcp.server.context import ServerRequestContext
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from starlette.requests import Request

from core.model import Answer, Call, CallId, State, Waiting
from mcp_server.room import Room

FRAME: Final = 5.0  # seconds between progress frames; proxies cut idle streams at 60
STEP: Final = 0.001  # progress must strictly increase (MCP specification, progress)

TASKS: Final = "io.modelcontextprotocol/tasks"  # SEP-2663: a handle instead of a wait
AT_ONCE: Final = timedelta(seconds=2)  # for who can take a task: decisions within it are answered inline

PEOPLE: Final = "Waiting for people to approve {}"
WORDS: Final = {State.APPROVED: "Approved, about to run: {}", State.EXECUTING: "Running {}"}

Say: TypeAlias = Callable[[float, str], Awaitable[None]]


def takes_tasks(context: ServerRequestContext[Room, Request]) -> bool:
    """Whether the client declared the tasks extension on this very request; earlier declarations count for nothing."""
    capabilities = context.session.client_capabilities
    declared = capabilities.extensions if capabilities is not None else None
    return context.protocol_version in MODERN_PROTOCOL_VERSIONS and TASKS in (declared or {})


async def settle(room: Room, call: Call, of: CallId, *, budget: timedelta, say: Say) -> Answer:
    """Wait until `of` is decided and done, at most `budget`, and return its Answer as it stands then.

    Only the wait for a wake-up is ever cut by our clock, never an access to the store. `say` takes progress in
    seconds and one sentence of our own words. A drain ends the wait at once.

    Raises: NotFound when `of` is not this Caller's.
    """
    begun, said, state = anyio.current_time(), 0.0, None
    due = begun
    while True:
        turn = room.line.turn(of)  # before the state is read: no change falls between
        answer = await room.line.state(call, of)
        now = anyio.current_time()
        left = begun + budget.total_seconds() - now
        if not isinstance(answer, Waiting) or left <= 0 or room.drain.begun:
            return answer
        if answer.state is not state or now >= due:  # a wake-up that changes nothing is no news
            await say(said, f"{WORDS.get(answer.state, PEOPLE).format(of)} ({now - begun:.0f} s)")
            state, due = answer.state, now + FRAME
        with anyio.move_on_after(min(left, due - now)):
            await room.drain.first(turn)
        said = max(said + STEP, anyio.current_time() - begun)
