"""`assent relay`: an MCP client's stdio, carried to a gateway that a person confirmed, with that person's token."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.shared.inbound import decode_header_value

from cli.relay.frames import field, framed, mirrored
from cli.relay.trusted import Gateway as Confirmed
from cli.relay.trusted import address, known, read, remember
from core.errors import SettingsError
from core.model import Tool
from tests.integration.door import SQL, gateway
from tests.mcp_double import Double, answered, caller, shown

ROOT = Path(__file__).parents[2]
PROGRAM = """
import os, sys
from pathlib import Path
from cli.relay import command
from cli.show import spoken
command.home = lambda: Path(sys.argv[2])
with spoken():
    command.run(sys.argv[1], os.environ)
"""


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def record(home: Path) -> Path:
    return home / ".config/assent/gateways.json"


def started(url: str, home: Path, bearer: str = "good") -> StdioServerParameters:
    remember(Confirmed(url=url), record(home))
    environment = {"PYTHONPATH": str(ROOT), "ASSENT_TOKEN": bearer}
    return StdioServerParameters(
        command=sys.executable, args=["-c", PROGRAM, url, str(home)], cwd=ROOT, env=environment
    )


# ---------------------------------------------------------------- what it carries


async def test_a_client_that_speaks_stdio_lists_asks_and_reads(era: str, home: Path) -> None:
    async with gateway() as made, Client(stdio_client(started(made.url, home)), mode=era) as agent:
        assert len((await agent.list_tools()).tools) == len(Tool)
        result = await agent.call_tool("query", SQL | {"sql": "SELECT 'ü ☃'"})
    assert shown(result)["rows"] == [[1, "tok_9f"]]
    assert made.line.calls[0].bearer == "good"
    assert made.line.calls[0].statement == "SELECT 'ü ☃'"


async def test_a_call_is_held_and_its_progress_comes_through(era: str, home: Path) -> None:
    said: list[str | None] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        assert (progress >= 0, total) == (True, None)
        said.append(message)
        call = made.line.calls[0].id
        made.line.decide(call, answered(call))

    async with gateway() as made:
        made.line.answers = made.line.asks
        async with Client(stdio_client(started(made.url, home)), mode=era) as agent:
            with anyio.fail_after(30):
                result = await agent.call_tool("execute", SQL, progress_callback=progress)
    assert shown(result)["status"] == "answered"
    assert said[0] is not None
    assert "Waiting for people to approve" in said[0]


async def test_a_cancelled_request_is_cancelled_at_the_gateway(era: str, home: Path) -> None:
    async with gateway() as made:
        made.line.answers = made.line.runs
        async with Client(stdio_client(started(made.url, home)), mode=era) as agent:
            with anyio.move_on_after(1):
                await agent.call_tool("query", SQL)
            with anyio.fail_after(20):
                await made.line.ended.wait()
                made.line.answers = None
                assert shown(await agent.call_tool("query", SQL))["status"] == "answered"


async def test_several_requests_are_under_way_at_once(era: str, home: Path) -> None:
    async with gateway() as made:
        made.line.answers = made.line.asks
        async with Client(stdio_client(started(made.url, home)), mode=era) as agent, anyio.create_task_group() as group:
            group.start_soon(agent.call_tool, "execute", SQL)
            await made.line.asked.wait()
            with anyio.fail_after(20):
                assert len((await agent.list_tools()).tools) == len(Tool)
            call = made.line.calls[0].id
            made.line.decide(call, answered(call))


# ---------------------------------------------------------------- what it says itself


async def spoken(url: str, home: Path, *messages: object, bearer: str = "good") -> list[Any]:
    """Send messages, and read as many answers."""
    program = started(url, home, bearer)
    async with await anyio.open_process(
        [program.command, *program.args], cwd=ROOT, env={**(program.env or {}), "PATH": "/usr/bin"}
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for message in messages:
            await process.stdin.send((message if isinstance(message, bytes) else json.dumps(message).encode()) + b"\n")
        held = b""
        with anyio.fail_after(30):
            while held.count(b"\n") < len(messages):
                held += await process.stdout.receive()
        await process.stdin.aclose()
        await process.wait()
    return [json.loads(line) for line in held.splitlines()]


PING = {"jsonrpc": "2.0", "id": 7, "method": "tools/list", "params": {}}


async def test_a_refused_token_is_a_sentence_and_never_the_token(home: Path) -> None:
    async with gateway() as made:
        (answer,) = await spoken(made.url, home, PING, bearer="canary-token-4711")
    assert (answer["id"], answer["error"]["code"]) == (7, 401)
    assert "did not accept the token" in answer["error"]["message"]
    assert "canary" not in json.dumps(answer)


async def test_a_missing_scope_is_named(home: Path) -> None:
    async with gateway(Double(callers={"good": caller(scopes=frozenset({"assent:read"}))})) as made:
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "execute", "arguments": SQL}}
        (answer,) = await spoken(made.url, home, call)
    assert "assent:read and assent:write" in answer["error"]["message"]


async def test_a_gateway_that_is_away_is_said_to_be(home: Path) -> None:
    (answer,) = await spoken("http://127.0.0.1:1/mcp", home, PING)
    assert answer["error"] == {"code": 0, "message": "The gateway cannot be reached; nothing was sent."}


async def test_what_is_no_json_is_answered_and_the_relay_lives(home: Path) -> None:
    async with gateway() as made:
        answers = await spoken(made.url, home, b"{not json", PING)
    assert sorted(answer.get("error", {}).get("code", 0) for answer in answers) == [-32700, 0]


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 307 x\r\nlocation: http://evil.example/mcp\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 307 x\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 x\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\n<h1>",
        b'HTTP/1.1 200 x\r\ncontent-type: text/event-stream\r\ncontent-length: 16\r\n\r\ndata: {"a": 1}\n\n',
        b"HTTP/1.1 500 x\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 x\r\ncontent-type: text/event-stream\r\n\r\ndata: ",
        b"",
    ],
    ids=["redirect", "redirect to itself", "page", "no frame", "error", "half an event", "nothing"],
)
async def test_an_answer_that_is_none_is_an_error_and_nothing_is_sent_twice(reply: bytes, home: Path) -> None:
    asked = 0

    async def serve(stream: anyio.abc.SocketStream) -> None:
        nonlocal asked
        async with stream:
            await stream.receive()
            asked += 1
            await stream.send(reply or b" ")

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as group:
        group.start_soon(listener.serve, serve)
        port = listener.extra(anyio.abc.SocketAttribute.local_port)  # noqa: S610 -- not Django
        (answer,) = await spoken(f"http://127.0.0.1:{port}/mcp", home, PING)
        group.cancel_scope.cancel()
    assert answer["id"] == 7
    assert "error" in answer
    assert asked == 1


# ---------------------------------------------------------------- where it goes


def test_a_gateway_that_nobody_confirmed_gets_nothing(home: Path) -> None:
    """A cloned repository may name any address, and hold a record and an environment of its own."""
    evil = home / "repository"
    remember(Confirmed(url="https://evil.example/mcp"), record(evil))
    environment = {"ASSENT_TOKEN": "secret", "HOME": str(evil), "XDG_CONFIG_HOME": str(evil / ".config")}
    done = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "relay", "https://evil.example/mcp"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 4
    assert "never confirmed on this machine" in done.stderr
    assert done.stdout == ""


def test_a_record_that_others_can_write_is_no_record(home: Path) -> None:
    remember(Confirmed(url="https://a.example/mcp"), record(home))
    assert known("https://a.example/mcp", record(home)).url == "https://a.example/mcp"
    record(home).chmod(0o620)
    with pytest.raises(SettingsError, match="not yours alone"):
        known("https://a.example/mcp", record(home))


@pytest.mark.parametrize(
    "url",
    [
        "http://assent.example.com/mcp",
        "https://user:word@assent.example.com/mcp",
        "https://assent.example.com/mcp?token=x",
        "https://assent.example.com/mcp#x",
        "file:///mcp",
        "https:///mcp",
        "http://127.0.0.1.evil.example/mcp",
    ],
)
def test_only_a_plain_https_address_or_this_machine_is_one(url: str) -> None:
    with pytest.raises(SettingsError):
        address(url)


def test_one_address_is_no_other(home: Path) -> None:
    remember(Confirmed(url="https://a.example/mcp"), record(home))
    for url in ("https://a.example/mcp/", "https://a.example:443/mcp", "https://A.example/mcp", "https://a.example/x"):
        with pytest.raises(SettingsError):
            known(url, record(home))
    assert list(read(record(home))) == ["https://a.example/mcp"]


def test_only_a_person_at_a_terminal_confirms(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "relay", "http://127.0.0.1:1/mcp", "--confirm"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        input="127.0.0.1:1\n",
    )
    assert done.returncode == 4
    assert "at a terminal" in done.stderr


def test_the_relay_does_without_the_sdk_and_the_rest_of_the_gateway() -> None:
    script = """
import sys, cli.relay.command
heavy = {"mcp", "pydantic", "sqlglot", "asyncpg", "aiosqlite"} & set(sys.modules)
sys.exit(str(heavy) if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.stderr == ""


# ---------------------------------------------------------------- headers and frames


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_survives_the_header_that_repeats_it(name: str) -> None:
    written = field(name)
    assert written.isascii()
    assert "\n" not in written
    assert "\r" not in written
    assert decode_header_value(written) == name


def test_headers_repeat_the_body_and_nothing_else() -> None:
    meta = {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}}
    message: Mapping[str, object] = {"method": "tools/call", "params": {"name": "query", **meta}}
    assert mirrored(message, "2025-11-25") == {
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "query",
    }
    assert mirrored({"method": "tools/call", "params": {"name": "query"}}, "2025-11-25") == {
        "mcp-protocol-version": "2025-11-25"
    }
    assert mirrored({"method": "initialize"}, None) == {}
    get: Mapping[str, object] = {"method": "tasks/get", "params": {"taskId": "call_A", **meta}}
    assert mirrored(get, None)["mcp-name"] == "call_A"


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", '"x"', '{"jsonrpc":"1.0"}', '[{"jsonrpc":"2.0"},1]', "[" * 9999]
)
def test_what_is_no_message_is_not_passed_on(text: str) -> None:
    assert framed(text) is None


def test_a_message_is_one_line_whatever_its_layout() -> None:
    frames = framed('{\r\n "jsonrpc": "2.0",\n "id": 1,\n "result": {"text": "a\\nb"}\n}')
    assert frames is not None
    assert frames.line.count(b"\n") == 1
    assert json.loads(frames.line)["result"]["text"] == "a\nb"
