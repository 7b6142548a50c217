"""The door on standard input and output, started as a host starts it; and what importing the door costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from core.model import Tool
from tests.mcp_double import shown

ROOT = Path(__file__).parents[2]
PROGRAM = """
import anyio, logging
from mcp_server.stdio import serve
from tests.mcp_double import Double, room
print("before the wire is claimed, nothing may be printed", file=__import__("sys").stderr)
line = Double()
async def noisy(call):
    print("printed by a careless library")
    logging.getLogger("x").warning("logged")
    from tests.mcp_double import answered
    return answered(call.id)
line.answers = noisy
anyio.run(serve, room(line))
"""


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_a_host_starts_the_door_and_only_frames_come_out(era: str) -> None:
    program = StdioServerParameters(
        command=sys.executable, args=["-c", PROGRAM], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    )
    async with Client(stdio_client(program), mode=era) as agent:
        assert len((await agent.list_tools()).tools) == len(Tool)
        result = await agent.call_tool("query", {"source": "shop", "sql": "SELECT 1", "purpose": "to see"})
        refused = await agent.call_tool("query", {"source": "shop", "sql": "SELECT '\0'", "purpose": "to see"})
    assert shown(result)["status"] == "answered"
    assert shown(refused)["code"] == "bad_call"


def test_importing_the_package_does_not_import_the_sdk() -> None:
    script = "import sys, mcp_server, mcp_server.line; sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_logging_is_configured_before_the_sdk_can() -> None:
    script = """
import logging
from mcp_server.server import build
from tests.mcp_double import Double, room
build(room(Double()))
root = logging.getLogger()
assert (root.level, len(root.handlers)) == (logging.WARNING, 1), root
try:
    int("ssn 123-45-6789")
except ValueError:
    root.exception("crashed")
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    assert "crashed" in done.stderr
    assert "ValueError" in done.stderr
    assert "123-45" not in done.stderr
    assert done.stdout == ""
