"""What an agent sees of the door, in both protocol eras, over an in-memory connection."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp.server.mcpserver import MCPServer
from opentelemetry.trace import NoOpTracer

from core.errors import AuditUnavailable, Away, NotFound, SourceUnavailable
from core.gateway import Gateway
from core.model import Answer, Call, CallId, Cut, Failed, Refused, State, Tool, Waiting
from core.telemetry import stages
from mcp_server import calls
from mcp_server.bounds import Bounds
from mcp_server.line import Line
from mcp_server.logs import FORMAT, Bare
from mcp_server.room import HOLD, Room
from mcp_server.server import INSTRUCTIONS, SPANS, Door, build
from mcp_server.settle import TASKS
from mcp_server.tasks import Tasks
from tests.mcp_double import CUSTOMERS, NOON, Double, answered, caller, room, shown, text

DESCRIPTIONS = Path(__file__).parent / "test_mcp_tools.descriptions.json"
SQL: dict[str, Any] = {"source": "shop", "sql": "SELECT 1", "purpose": "to see"}


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@asynccontextmanager
async def client(line: Double, era: str, furnished: Room | None = None) -> AsyncIterator[Client]:
    async with Client(build(furnished or room(line)), mode=era) as connected:
        yield connected


# ---------------------------------------------------------------- the surface


async def test_the_tool_list_stays_within_6000_characters(era: str) -> None:
    async with client(Double(), era) as agent:
        listed = (await agent.list_tools()).tools
    sizes = {
        tool.name: len(
            json.dumps(
                tool.model_dump(mode="json", by_alias=True, exclude_none=True),
                separators=(",", ":"),
                ensure_ascii=False,
            )
        )
        for tool in listed
    }
    print(sizes, sum(sizes.values()))  # noqa: T201 -- the figure is part of the test's report
    assert list(sizes) == [tool.value for tool in (
        Tool.LIST_SOURCES, Tool.SEARCH_SCHEMA, Tool.DESCRIBE_TABLE, Tool.CHECK,
        Tool.QUERY, Tool.EXECUTE, Tool.COLLECT, Tool.CANCEL,
    )]  # fmt: skip
    assert sum(sizes.values()) <= 6_000


async def test_descriptions_are_the_ones_that_were_reviewed() -> None:
    listed = await build(room(Double())).list_tools()
    seen = {tool.name: [tool.description, tool.input_schema] for tool in listed} | {"": INSTRUCTIONS.splitlines()}
    assert seen == json.loads(DESCRIPTIONS.read_text())


async def test_annotations_are_honest() -> None:
    listed = {tool.name: tool.annotations for tool in await build(room(Double())).list_tools()}
    reads = {name for name, hints in listed.items() if hints is not None and hints.read_only_hint}
    assert reads == {"list_sources", "search_schema", "describe_table", "check", "query"}
    execute, collect, cancel = listed["execute"], listed["collect"], listed["cancel"]
    assert execute is not None
    assert execute.destructive_hint
    assert collect is not None
    assert collect.destructive_hint  # under `hold` it may run an approved write
    assert cancel is not None
    assert cancel.destructive_hint is False
    only_run = {tool.name: tool.annotations for tool in await build(room(Double()), collect_runs=False).list_tools()}
    collect = only_run["collect"]
    assert collect is not None
    assert collect.read_only_hint


async def test_nothing_on_the_whole_surface_approves(era: str) -> None:
    async with client(Double(), era) as agent:
        tools = (await agent.list_tools()).tools
        assert (await agent.list_resources()).resources == []
        assert (await agent.list_resource_templates()).resource_templates == []
        assert (await agent.list_prompts()).prompts == []
        for forbidden in ("approve", "deny", "vote", "review", "grant", "confirm"):
            result = await agent.call_tool(forbidden, {"call": "call_x"})
            assert result.is_error
        server = agent.server_capabilities
    assert {tool.name for tool in tools} == {tool.value for tool in Tool}
    arguments = {name for tool in tools for name in tool.input_schema["properties"]}
    assert arguments == {
        "source", "words", "detail", "table", "sql", "parameters", "plan", "purpose", "call", "wait_seconds",
    }  # fmt: skip
    assert set(server.extensions or {}) == ({TASKS} if era == "auto" else set())
    assert {bound.method for bound in Tasks().methods()} == {"tasks/get", "tasks/update", "tasks/cancel"}


async def test_tools_are_shown_and_callable_only_where_the_caller_may_use_them(era: str) -> None:
    line = Double(allowed=frozenset(Tool) - {Tool.EXECUTE})
    async with client(line, era) as agent:
        assert "execute" not in {tool.name for tool in (await agent.list_tools()).tools}
        hidden = shown(await agent.call_tool("execute", SQL))
        unknown = shown(await agent.call_tool("exacute", SQL))
    assert hidden["code"] == "bad_call"
    assert str(hidden["message"]).replace("execute", "exacute") == unknown["message"]
    assert line.calls == []


async def test_the_short_way_to_a_tool_answers_as_the_long_one(era: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "new_call_id", lambda: CallId("call_x"))
    asked: list[tuple[str, dict[str, Any]]] = [
        ("query", SQL), ("execute", SQL), ("query", SQL | {"purpose": ""}), ("query", SQL | {"dry_run": True}),
        ("check", {"source": "shop", "sql": "SELECT 1", "parameters": "[1]"}), ("list_sources", {}), ("exacute", SQL),
    ]  # fmt: skip

    async def said(agent: Client) -> list[object]:
        return [await agent.call_tool(name, arguments) for name, arguments in asked]

    async with client(Double(), era) as agent:
        short = await said(agent)
        with monkeypatch.context() as only:
            only.setattr(Door, "call_tool", None)  # what is offered does not pass it
            await said_of_ours(agent)
    with monkeypatch.context() as without:
        for name in ("_handle_call_tool", "_tool_input_schema"):
            without.delattr(Door, name)
            assert name in vars(MCPServer)  # the names under which the SDK asks
        async with client(Double(), era) as agent:
            assert await said(agent) == short


async def said_of_ours(agent: Client) -> None:
    assert not (await agent.call_tool("query", SQL)).is_error


async def test_no_argument_of_a_tool_stands_in_a_header_too() -> None:
    server = build(room(Double()))
    for listed in await server.list_tools():
        assert "x-mcp-header" not in json.dumps(listed.input_schema)
    server.add_tool(beside)
    asked = server._lowlevel_server.get_tool_input_schema
    assert asked is not None
    assert asked("query") is None
    assert asked("beside") is not None


def test_a_message_has_a_span_of_the_sdks_where_spans_go_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def spans() -> list[str]:
        return [name for each in build(room(Double())).middleware if (name := type(each).__name__) == SPANS]

    assert type(MCPServer("plain").middleware[0]).__name__ == SPANS
    assert spans() == []
    monkeypatch.setattr(stages, "TRACER", NoOpTracer())
    assert spans() == [SPANS]


async def beside(word: str) -> str:
    return word


async def test_the_tool_list_is_cached_for_this_caller_only() -> None:
    async with client(Double(), "auto") as agent:
        listed = await agent.list_tools()
    assert (listed.cache_scope, listed.ttl_ms) == ("private", 60_000)


async def test_a_caller_who_is_not_known_gets_no_list_and_no_tool(era: str) -> None:
    line = Double(callers={})
    async with client(line, era) as agent:
        with pytest.raises(MCPError, match="Sign in again"):
            await agent.list_tools()
        assert shown(await agent.call_tool("query", SQL))["code"] == "unauthenticated"


# ---------------------------------------------------------------- arguments


@pytest.mark.parametrize(("purpose", "bound"), [("x", "at least 3"), ("x" * 301, "at most 300")])
async def test_a_purpose_of_the_wrong_length_is_told_its_bound(purpose: str, bound: str, era: str) -> None:
    line = Double()
    async with client(line, era) as agent:
        result = await agent.call_tool("query", {**SQL, "purpose": purpose})
    message = str(shown(result)["message"])
    assert f"purpose ({bound} characters)" in message
    assert purpose * 2 not in message
    assert line.calls == []


@pytest.mark.parametrize("missing", ["source", "sql", "purpose"])
@pytest.mark.parametrize("tool", ["query", "execute"])
async def test_a_missing_argument_is_named_and_no_call_is_made(tool: str, missing: str, era: str) -> None:
    line = Double()
    async with client(line, era) as agent:
        result = await agent.call_tool(tool, {key: value for key, value in SQL.items() if key != missing})
    assert result.is_error
    takes = "It takes source, sql, purpose, parameters."
    assert shown(result)["message"] == f"Missing or wrong arguments of {tool}: {missing}. {takes}"
    assert line.calls == []


STRANGE = ("dry_run", "limit", "ctx", "SQL", "sql ", "parameters\u200b", "")
GOOD: dict[str, dict[str, Any]] = {
    "list_sources": {},
    "search_schema": {"source": "shop"},
    "describe_table": {"source": "shop", "table": "customers"},
    "check": {"source": "shop", "sql": "SELECT 1"},
    "query": SQL,
    "execute": SQL,
    "collect": {"call": "call_A"},
    "cancel": {"call": "call_A"},
}  # fmt: skip


async def test_an_argument_that_a_tool_does_not_take_is_refused_and_not_left_aside(era: str) -> None:
    line = Double(tables=(CUSTOMERS,))
    async with client(line, era) as agent:
        known = {each.name: each.input_schema for each in (await agent.list_tools()).tools}
        said = {
            (tool, name): shown(await agent.call_tool(tool, GOOD[tool] | {name: True}))
            for tool in known
            for name in STRANGE
        }
    assert line.calls == []
    for (tool, _), answer in said.items():
        assert answer["code"] == "bad_call"
        takes = ", ".join(known[tool]["properties"]) or "no argument"
        assert answer["message"] == f"There is an argument that {tool} does not take. It takes {takes}."
        assert known[tool]["additionalProperties"] is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "x"},
        {"sql": ""},
        {"parameters": 7},
        {"parameters": [[1]]},
        {"parameters": {"a": {"b": 1}}},
    ],
)
async def test_wrong_arguments_are_refused_without_repeating_their_values(wrong: dict[str, object], era: str) -> None:
    line = Double()
    async with client(line, era) as agent:
        result = await agent.call_tool("query", SQL | wrong)
    assert shown(result)["code"] == "bad_call"
    assert next(iter(wrong)) in str(shown(result)["message"])
    assert len(text(result)) < 500
    assert line.calls == []


@pytest.mark.parametrize(
    "bad",
    [
        {"sql": "SELECT '\0'"},
        {"purpose": "to\0see"},
        {"source": "shop\0"},
        {"parameters": ["a", "\0"]},
        {"parameters": {"k\0": 1}},
        {"parameters": '["\\u0000"]'},  # an array in a string: some hosts send it so, and the SDK decodes it
        {"parameters": "[NaN]"},
    ],
)
async def test_what_no_source_can_store_is_refused_before_a_call_is_made(bad: dict[str, object], era: str) -> None:
    line = Double()
    furnished = room(line)
    async with client(line, era, furnished) as agent:
        result = await agent.call_tool("query", SQL | bad)
    assert shown(result)["code"] == "bad_call"
    assert line.calls == []
    assert furnished.tally.sums == {"bad_call": 1}


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search_schema", {"source": "shop", "words": "\0"}),
        ("describe_table", {"source": "shop", "table": "\0"}),
        ("collect", {"call": "\0"}),
        ("cancel", {"call": "\0"}),
    ],
)
async def test_no_tool_hands_such_text_to_the_line(tool: str, arguments: dict[str, object], era: str) -> None:
    line = Double(tables=(CUSTOMERS,))
    async with client(line, era) as agent:
        assert shown(await agent.call_tool(tool, arguments))["code"] == "bad_call"
    assert line.calls == []


async def test_a_call_carries_what_came_and_nothing_else(era: str) -> None:
    line = Double()
    async with client(line, era) as agent:
        for parameters in ([1, "1", True, None, 1.5], {"a": 1}, None):
            await agent.call_tool("query", SQL | {"parameters": parameters} if parameters else SQL)
    first, second, third = line.calls
    assert first.parameters == (1, "1", True, None, 1.5)
    assert [type(value) for value in first.parameters] == [int, str, bool, type(None), float]
    assert second.parameters == {"a": 1}
    assert third.parameters == ()
    assert (first.source, first.statement, first.purpose, first.bearer) == ("shop", "SELECT 1", "to see", None)
    assert first.received_at == NOON
    assert len({call.id for call in line.calls}) == 3


# ---------------------------------------------------------------- answers


async def test_an_answer_is_columns_and_rows_in_one_compact_text(era: str) -> None:
    async with client(Double(), era) as agent:
        result = await agent.call_tool("query", SQL)
    assert not result.is_error
    seen = shown(result)
    assert str(seen["call"]).startswith("call_")
    assert dict(seen) | {"call": "call_"} == {
        "status": "answered",
        "call": "call_",
        "source": "shop",
        "columns": [
            {"name": "id", "type": "integer"},
            {"name": "email", "type": "text", "mask": "token"},
        ],
        "rows": [[1, "tok_9f"]],
        "row_count": 1,
        "truncated": False,
        "limit": 200,
        "elapsed_ms": 12,
    }


@pytest.mark.parametrize(
    ("cut", "words"), [(Cut.ROWS, "first 1 rows; there are more"), (Cut.BYTES, "Cut after 1 rows")]
)
async def test_truncation_says_so_and_how_to_narrow(cut: Cut, words: str, era: str) -> None:
    async def answers(call: Call) -> Answer:
        return answered(call.id, (1, "tok_9f"), cut=cut, notes=("Rows were filtered on masked values.",))

    async with client(Double(answers=answers), era) as agent:
        seen = shown(await agent.call_tool("query", SQL))
    assert seen["truncated"] is True
    assert words in str(seen["message"])
    assert str(seen["message"]).startswith("Rows were filtered on masked values. ")


@pytest.mark.parametrize("letter", ["x", '"', "\\", "é", "🂡", "\u2028"])
async def test_no_message_exceeds_the_ceiling_whatever_the_letters(letter: str, era: str) -> None:
    async def answers(call: Call) -> Answer:
        return answered(call.id, *((number, letter * 1_000) for number in range(1_000)))

    async with client(Double(answers=answers), era) as agent:
        result = await agent.call_tool("query", SQL)
    seen = shown(result)
    assert seen["truncated"] is True
    rows = seen["rows"]
    assert isinstance(rows, list)
    assert 0 < len(rows) < 1_000
    assert seen["row_count"] == len(rows)
    assert f"Cut after {seen['row_count']} rows" in str(seen["message"])
    wire = json.dumps(result.model_dump(mode="json", by_alias=True, exclude_none=True), separators=(",", ":"))
    assert 700_000 < len(wire) <= 901_000


async def test_one_cell_beyond_the_ceiling_is_said_to_be_cut(era: str) -> None:
    async def answers(call: Call) -> Answer:
        return answered(call.id, (1, "x" * 2_000_000))

    async with client(Double(answers=answers), era) as agent:
        seen = shown(await agent.call_tool("query", SQL))
    assert (seen["rows"], seen["row_count"], seen["truncated"]) == ([], 0, True)


async def test_refused_and_failed_are_errors_with_code_and_sentence(era: str) -> None:
    ends: list[Answer] = [
        Refused(call=CallId("c"), code="policy", sentence="Not payroll.", reviewer_note="too broad"),
        Failed(call=CallId("c"), code="timeout", sentence="Too slow.", retry_after=timedelta(seconds=3)),
    ]

    async def answers(_: Call) -> Answer:
        return ends.pop(0)

    async with client(Double(answers=answers), era) as agent:
        refused = await agent.call_tool("execute", SQL)
        failed = await agent.call_tool("execute", SQL)
    assert refused.is_error
    assert failed.is_error
    assert {key: value for key, value in shown(refused).items() if value} == {
        "status": "refused", "call": "c", "source": "shop", "code": "policy", "message": "Not payroll.",
        "reviewer_note": "too broad",
    }  # fmt: skip
    assert shown(failed)["status"] == "failed"
    assert shown(failed)["retry_after_seconds"] == 3


async def test_what_the_line_raises_becomes_its_code_and_public_sentence(era: str) -> None:
    async def answers(_: Call) -> Answer:
        raise AuditUnavailable("disk /var/secret is full")

    async with client(Double(answers=answers), era) as agent:
        result = await agent.call_tool("query", SQL)
    assert result.is_error
    assert shown(result)["code"] == "audit_unavailable"
    assert str(shown(result)["call"]).startswith("call_")
    assert "/var/secret" not in text(result)


async def test_nothing_of_an_unforeseen_exception_reaches_agent_or_log(
    era: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def answers(_: Call) -> Answer:
        raise ValueError("ssn 123-45-6789")

    with caplog.at_level(logging.DEBUG):
        async with client(Double(answers=answers), era) as agent:
            result = await agent.call_tool("query", SQL)
    assert shown(result)["code"] == "internal"
    assert str(shown(result)["call"]).startswith("call_")
    assert "123-45" not in text(result)
    assert "123-45" not in caplog.text
    assert "ValueError at " in caplog.text


async def test_catalogue_tools_show_what_the_line_gives(era: str) -> None:
    async with client(Double(tables=(CUSTOMERS,)), era) as agent:
        sources = shown(await agent.call_tool("list_sources", {}))
        names = shown(await agent.call_tool("search_schema", {"source": "shop", "detail": "names"}))
        summary = shown(await agent.call_tool("search_schema", {"source": "shop", "words": "cust"}))
        table = shown(await agent.call_tool("describe_table", {"source": "shop", "table": "public.customers"}))
        absent = await agent.call_tool("describe_table", {"source": "shop", "table": "hr.payroll"})
        check = shown(await agent.call_tool("check", {"source": "shop", "sql": "SELECT 1", "plan": True}))
    assert sources == {
        "sources": [
            {"name": "shop", "dialect": "postgres", "description": "A shop", "masking": "enforced", "tables": 8}
        ]
    }
    assert names == {"tables": [{"name": "public.customers", "kind": "table"}], "truncated": False}
    assert summary["tables"] == [
        {"name": "public.customers", "kind": "table", "comment": "People who buy", "columns": ["id", "email"]}
    ]
    assert table == {
        "name": "public.customers",
        "kind": "table",
        "comment": "People who buy",
        "columns": [
            {"name": "id", "type": "integer"},
            {"name": "email", "type": "text", "comment": "contact", "tag": "pii.email", "mask": "token"},
        ],
        "keys": ["id"],
        "references": [],
        "truncated": False,
    }
    assert absent.is_error
    assert shown(absent)["code"] == "not_found"
    assert (check["class"], check["verdict"], check["plan"]) == ("read", "allow", "Seq Scan")


async def test_a_large_schema_is_cut_and_says_so(era: str) -> None:
    many = tuple(replace(CUSTOMERS, name=f"public.t{number}") for number in range(5_000))
    async with client(Double(tables=many), era) as agent:
        result = await agent.call_tool("search_schema", {"source": "shop", "detail": "full"})
    assert shown(result)["truncated"] is True
    assert len(text(result)) <= 32_768


# ---------------------------------------------------------------- Calls that wait


async def test_a_held_call_answers_when_people_approve_it(era: str) -> None:
    line = Double()
    line.answers = line.asks
    frames: list[tuple[float, str | None]] = []

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        frames.append((progress, message))

    async with client(line, era) as agent, anyio.create_task_group() as group:

        async def approve() -> None:
            await line.asked.wait()
            of = line.calls[0].id
            line.decide(of, answered(of))

        group.start_soon(approve)
        with anyio.fail_after(10):
            result = await agent.call_tool("execute", SQL, progress_callback=heard)
    assert shown(result)["status"] == "answered"
    assert [call.tool for call in line.calls] == [Tool.EXECUTE]
    assert [done for done, _ in frames] == sorted({done for done, _ in frames})


async def test_the_first_progress_frame_comes_at_once_in_our_own_words(era: str) -> None:
    line = Double()
    line.answers = line.asks

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        assert message == f"Waiting for people to approve {line.calls[0].id} (0 s)"
        line.decide(line.calls[0].id, answered(line.calls[0].id))

    async with client(line, era) as agent:
        with anyio.fail_after(4):  # less than a second frame would take
            result = await agent.call_tool("execute", SQL, progress_callback=heard)
    assert shown(result)["status"] == "answered"


async def test_a_wake_up_that_changes_nothing_is_no_progress(era: str) -> None:
    line = Double()
    line.answers = line.asks
    frames: list[str | None] = []

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        frames.append(message)
        of = line.calls[0].id
        line.decide(of, line.states[of] if len(frames) < 2 else answered(of))

    async with client(line, era, room(line, hold=timedelta(milliseconds=300))) as agent:
        result = await agent.call_tool("execute", SQL, progress_callback=heard)
    assert shown(result)["status"] == "pending_approval"
    assert len(frames) == 1


async def test_the_budget_ends_in_pending_and_collect_gets_the_outcome(era: str) -> None:
    line = Double()
    line.answers = line.asks
    async with client(line, era, room(line, hold=timedelta(milliseconds=50))) as agent:
        pending = await agent.call_tool("execute", SQL)
        seen = shown(pending)
        of = CallId(str(seen["call"]))
        again = shown(await agent.call_tool("collect", {"call": of, "wait_seconds": 0}))
        line.decide(of, answered(of))
        done = shown(await agent.call_tool("collect", {"call": of}))
    assert not pending.is_error
    assert (seen["status"], seen["state"], seen.get("row_count")) == ("pending_approval", "pending", None)
    assert seen["message"] == f"Nothing was executed. {of} waits for 1 dba."
    assert again == {name: value for name, value in seen.items() if name != "source"}
    assert done["status"] == "answered"


async def test_an_approved_call_that_runs_is_called_running(era: str) -> None:
    line = Double()
    line.answers = line.asks
    async with client(line, era, room(line, hold=timedelta(0))) as agent:
        of = CallId(str(shown(await agent.call_tool("execute", SQL))["call"]))
        waiting = line.states[of]
        assert isinstance(waiting, Waiting)
        line.decide(of, replace(waiting, state=State.EXECUTING, sentence="Approved and running since 11:52 UTC."))
        seen = shown(await agent.call_tool("collect", {"call": of, "wait_seconds": 0}))
    assert seen["status"] == "running"
    assert seen["message"] == "Approved and running since 11:52 UTC."


@pytest.mark.parametrize("tool", ["collect", "cancel"])
async def test_anothers_call_and_an_unknown_one_look_the_same(tool: str, era: str) -> None:
    line = Double()
    line.answers = line.asks
    async with client(line, era, room(line, hold=timedelta(0))) as agent:
        of = str(shown(await agent.call_tool("execute", SQL))["call"])
        line.callers[None] = caller("mallory")
        foreign = text(await agent.call_tool(tool, {"call": of}))
        unknown = text(await agent.call_tool(tool, {"call": "call_" + "A" * 26}))
        garbage = text(await agent.call_tool(tool, {"call": "?"}))
    assert foreign == unknown == garbage
    assert json.loads(foreign)["code"] == NotFound.code


async def test_beyond_the_bound_of_held_calls_the_answer_is_pending_now(era: str) -> None:
    line = Double()
    line.answers = line.asks
    furnished = room(line, bounds=Bounds(held=1))
    with furnished.limiter.hold(caller()) as may:
        assert may
        async with client(line, era, furnished) as agent:
            with anyio.fail_after(10):
                assert shown(await agent.call_tool("execute", SQL))["status"] == "pending_approval"


async def test_a_drain_answers_held_calls_and_takes_no_new_statement(era: str) -> None:
    line = Double()
    line.answers = line.asks
    furnished = room(line)
    async with client(line, era, furnished) as agent, anyio.create_task_group() as group:

        async def stop() -> None:
            await line.asked.wait()
            furnished.drain.begin()

        group.start_soon(stop)
        with anyio.fail_after(10):
            held = shown(await agent.call_tool("execute", SQL))
        late = await agent.call_tool("execute", SQL)
    assert held["status"] == "pending_approval"
    assert shown(late)["code"] == "busy"
    assert shown(late)["retry_after_seconds"] == 10
    assert len(line.calls) == 1


async def test_a_cancelled_request_cancels_the_statement_and_leaves_no_place_taken(era: str) -> None:
    line = Double()
    line.answers = line.runs
    furnished = room(line)
    async with client(line, era, furnished) as agent:
        async with anyio.create_task_group() as group:
            group.start_soon(agent.call_tool, "query", SQL)
            await line.asked.wait()
            group.cancel_scope.cancel()
        with anyio.fail_after(5):
            await line.ended.wait()
    assert furnished.limiter.inside == 0


def test_the_budget_stays_below_the_60_seconds_at_which_hosts_give_up() -> None:
    assert timedelta(seconds=45) == HOLD


async def test_source_errors_are_failures_and_busy_has_a_time_to_retry(era: str) -> None:
    async def answers(_: Call) -> Answer:
        raise SourceUnavailable("10.0.0.7 refused", Away.LOST)

    line = Double(answers=answers)
    furnished = room(line, bounds=Bounds(each=0))
    async with client(line, era) as agent:
        failed = shown(await agent.call_tool("query", SQL))
    async with client(line, era, furnished) as agent:
        busy = await agent.call_tool("query", SQL)
    assert (failed["status"], failed["code"]) == ("failed", "source_unavailable")
    assert busy.is_error
    assert (shown(busy)["code"], shown(busy).get("call"), shown(busy)["retry_after_seconds"]) == ("busy", None, 2)
    assert furnished.tally.sums == {"busy": 1}


@pytest.mark.parametrize("tool", ["query", "collect", "list_sources"])
async def test_beyond_its_calls_of_a_minute_an_agent_is_told_when_to_come_back(tool: str, era: str) -> None:
    line = Double()
    furnished = room(line, bounds=Bounds(minute=1))
    arguments = {"query": SQL, "collect": {"call": "call_x"}, "list_sources": {}}[tool]
    async with client(line, era, furnished) as agent:
        first = shown(await agent.call_tool(tool, arguments))
        second = shown(await agent.call_tool(tool, arguments))
    assert first.get("code") != "busy"
    assert (second["code"], second.get("call"), second["retry_after_seconds"]) == ("busy", None, 60)
    assert furnished.tally.sums["busy"] == 1
    assert len([call for call in line.calls if call.tool is Tool.QUERY]) <= 1


def test_an_exception_is_logged_by_type_and_place_only() -> None:
    with pytest.raises(ValueError, match="123-45") as caught:
        int("ssn 123-45-6789")
    raised = (caught.type, caught.value, caught.tb)
    record = logging.getLogger("x").makeRecord("x", logging.ERROR, "f", 1, "crashed", (), raised)
    written = Bare(FORMAT).format(record)
    assert "ValueError" in written
    assert "123-45" not in written


def test_the_gateway_is_what_the_door_asks_for() -> None:
    def held(gateway: Gateway) -> Line:  # the type checker's part
        return gateway

    assert held.__name__
    assert [name for name in vars(Line) if not name.startswith("_") and not hasattr(Gateway, name)] == []
