"""The MCP Inspector's command line lists and calls the tools: a client that we did not write."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest

from core.model import Tool
from tests.integration.door import gateway
from tests.node import binary, environment, wanted


async def inspected(url: str, *arguments: str) -> tuple[int, str, str]:
    command = [binary("mcp-inspector"), "--cli", url, "--transport", "http", *arguments]
    home = {"MCP_CATALOG_PATH": "/dev/null"}
    done = await anyio.run_process(command, env={**environment(), **home}, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


async def asked(url: str, *arguments: str) -> dict[str, Any]:
    code, out, errors = await inspected(url, "--header", "Authorization: Bearer good", *arguments)
    assert code == 0, errors
    answer = json.loads(out)
    assert isinstance(answer, dict)
    return answer


@pytest.fixture(autouse=True)
def node() -> None:
    wanted()


async def test_the_inspector_lists_the_tools_and_finds_no_fault_in_their_schemas() -> None:
    async with gateway() as made:
        listed = await asked(made.url, "--method", "tools/list", "--strict")
    assert [tool["name"] for tool in listed["tools"]] == [
        tool.value
        for tool in (
            Tool.LIST_SOURCES,
            Tool.SEARCH_SCHEMA,
            Tool.DESCRIBE_TABLE,
            Tool.CHECK,
            Tool.QUERY,
            Tool.EXECUTE,
            Tool.COLLECT,
            Tool.CANCEL,
        )
    ]


async def test_the_inspector_calls_a_tool() -> None:
    arguments = ("source=shop", "sql=SELECT 1", "purpose=to see")
    async with gateway() as made:
        given = [part for argument in arguments for part in ("--tool-arg", argument)]
        answer = await asked(made.url, "--method", "tools/call", "--tool-name", "query", *given)
    assert answer["structuredContent"]["rows"] == [[1, "tok_9f"]]


async def test_without_a_token_the_inspector_gets_nothing() -> None:
    async with gateway() as made:
        code, out, _ = await inspected(made.url, "--method", "tools/list")
    assert code != 0
    assert "list_sources" not in out
