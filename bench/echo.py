"""The ceiling: the SDK's own server under our application's settings, tools that answer what they were given."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult

from cli.serve.serve import loop
from mcp_server.bounds import Drain
from mcp_server.challenge import BODY_BYTES
from mcp_server.listen import Address, bound, listening
from mcp_server.logs import configure


def build(finished: Mapping[str, CallToolResult]) -> MCPServer[None]:
    """Make the server: no token, no record, no output schema; each tool's result is ready before a call arrives."""
    server: MCPServer[None] = MCPServer("echo", version="1", log_level="WARNING")
    for name, result in finished.items():
        server.add_tool(repeating(result), name=name)
    return server


def repeating(finished: CallToolResult) -> Callable[[str, str, str], Awaitable[CallToolResult]]:
    """Make one tool."""

    async def query(source: str, sql: str, purpose: str) -> CallToolResult:  # noqa: ARG001 - what it would need
        """Answer the same whatever is asked."""
        return finished

    return query


async def serve(port: int, finished: Mapping[str, CallToolResult]) -> None:
    """Serve on loopback until SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = build(finished).streamable_http_app(
        stateless_http=True,
        json_response=False,
        max_request_body_size=BODY_BYTES,
        transport_security=TransportSecuritySettings(allowed_hosts=[f"127.0.0.1:{port}"], allowed_origins=[]),
    )
    address = Address(port=port)
    async with listening(app, bound(address), address=address, drain=Drain()):
        await stop.wait()


def main() -> None:
    """Take the port and a file that holds the result as JSON."""
    configure()
    port, place = sys.argv[1:]
    held = json.loads(Path(place).read_text())
    finished = {name: CallToolResult.model_validate(result) for name, result in held.items()}
    with asyncio.Runner(loop_factory=loop()) as runner:
        runner.run(serve(int(port), finished))


if __name__ == "__main__":
    main()
