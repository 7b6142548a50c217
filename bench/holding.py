"""The agents' door over a line that holds every statement: `python -m bench.holding PORT`."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import UTC, datetime, timedelta
from typing import Final, final

from core.assembly import SystemClock
from core.errors import NotFound
from core.model import Answer, Call, Caller, CallId, Checked, Door, Kind, Span, State, Tool, Waiting
from core.ports import SourceView, Table
from mcp_server.bounds import Bounds
from mcp_server.http import Public, application
from mcp_server.line import Turn
from mcp_server.listen import Address, bound, listening
from mcp_server.logs import configure
from mcp_server.room import Room
from mcp_server.server import build

LONG: Final = timedelta(minutes=10)  # longer than it takes to open all of them


@final
class Never:
    """A turn that does not come."""

    async def wait(self) -> None:
        """Wait without end."""
        await asyncio.Event().wait()


@final
class Holding:
    """The port Line: whoever asks, people decide, and nobody does. A bearer names its own agent."""

    async def answer(self, call: Call) -> Answer:
        """Wait for people."""
        return await self.state(call, call.id)

    async def state(self, call: Call, of: CallId) -> Answer:
        """Wait still."""
        del call
        said = f"Nothing was executed. {of} waits for 1 dba."
        return Waiting(call=of, review=None, state=State.PENDING, sentence=said, until=datetime.now(UTC) + LONG)

    async def cancel(self, call: Call, of: CallId) -> Answer:
        """Change nothing."""
        return await self.state(call, of)

    async def span(self, call: Call, of: CallId) -> Span:
        """Know of no Call."""
        raise NotFound(f"{call.tool} {of}")

    def turn(self, of: CallId) -> Turn:
        """Give a turn that does not come."""
        del of
        return Never()

    async def check(self, call: Call, *, plan: bool) -> Checked:
        """Never asked."""
        raise NotFound(f"{call.tool} {plan}")

    async def sources(self, call: Call) -> tuple[SourceView, ...]:
        """None."""
        del call
        return ()

    async def search(self, call: Call, words: str, detail: str) -> tuple[Table, ...]:
        """None."""
        del call, words, detail
        return ()

    async def describe(self, call: Call, table: str) -> Table:
        """Never asked."""
        raise NotFound(f"{call.tool} {table}")

    def tools(self, caller: Caller) -> frozenset[Tool]:
        """All of them."""
        del caller
        return frozenset(Tool)

    async def identify(self, bearer: str | None) -> Caller:
        """Take a bearer for an agent's name."""
        return Caller(
            issuer="bench",
            subject=bearer or "",
            client="bench",
            kind=Kind.PERSON,
            person=None,
            owner=None,
            email=None,
            groups=frozenset(),
            scopes=frozenset({"assent:read", "assent:write"}),
            authenticated_at=None,
            expires_at=datetime.now(UTC) + LONG,
        )


async def serve(port: int) -> None:
    """Serve on loopback until SIGTERM, with the door's own bounds but for how long it holds."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    room = Room.of(Holding(), SystemClock(), Door("mcp-http"), bounds=Bounds(), hold=LONG)
    app = application(build(room), room, Public(url=f"http://127.0.0.1:{port}", issuers=("bench",)))
    address = Address(port=port)
    async with listening(app, bound(address), address=address, drain=room.drain, grace=timedelta(seconds=1)):
        await stop.wait()


if __name__ == "__main__":
    configure()
    asyncio.run(serve(int(sys.argv[1])))
