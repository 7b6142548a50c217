"""The ceiling: the SDK's own server under our application's settings, one tool that answers what it was given."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult

from cli.serve import loop
from mcp_server.bounds import Drain
from mcp_server.challenge import BODY_BYTES
from mcp_server.listen import Address, bound, listening
from mcp_server.logs import configure


def build(finished: CallToolResult) -> MCPServer[None]:
    """Make the server: no token, no record, no output schema; the result is ready before the call arrives."""
    server: MCPServer[None] = MCPServer("echo", version="1", log_level="WARNING")

    async def query(source: str, sql: str, purpose: str) -> CallToolResult:  # noqa: ARG001 - what it would need
        """Answer the same whatever is asked."""
        return finished

    server.add_tool(query, name="query")
    return server


async def serve(port: int, finished: CallToolResult) -> None:
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
    finished = CallToolResult.model_validate(json.loads(Path(place).read_text()))
    with asyncio.Runner(loop_factory=loop()) as runner:
        runner.run(serve(int(port), finished))


if __name__ == "__main__":
    main()
