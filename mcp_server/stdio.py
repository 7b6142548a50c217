"""Direct stdio: the demo, and one person on one machine who trusts the agent (it can read what its user can)."""

from __future__ import annotations

from mcp_server.room import Room
from mcp_server.server import build


async def serve(room: Room, *, collect_runs: bool = True) -> None:
    """Serve one client on standard input and output until it closes them; logs go to standard error only."""
    try:
        await build(room, collect_runs=collect_runs).run_stdio_async()
    finally:
        room.drain.begin()
