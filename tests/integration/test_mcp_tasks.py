"""Tasks: a handle for who declared on this request that it can take one, `tasks/get` as `collect`, nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Literal, final

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.extension import ClaimContext, ClientExtension, ResultClaim
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, Request, RequestParams, Result
from pydantic import ConfigDict, Field

from core.errors import Busy
from core.model import Answer, Call, CallId, Failed, Refused, Span, State, Waiting
from mcp_server.bounds import Bounds
from mcp_server.settle import TASKS
from tests.integration.door import GOOD, SQL, Gateway, answer_of, calling, gateway
from tests.mcp_double import NOON, Double, answered, caller, shown

NOW = timedelta(0)  # no hold: what waits is told at once
DECLARED: dict[str, Any] = {"extensions": {TASKS: {}}}


def declaring(message: dict[str, Any]) -> dict[str, Any]:
    message["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"] = DECLARED
    return message


def about(method: str, task: str, *, declared: bool = True) -> dict[str, Any]:
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": DECLARED if declared else {},
    }
    return {"jsonrpc": "2.0", "id": 2, "method": method, "params": {"taskId": task, "_meta": meta}}


async def begun(made: Gateway, tool: str = "execute") -> dict[str, Any]:
    """Ask something that people decide, as a client that takes tasks."""
    made.line.answers = made.line.asks
    return result_of(await made.post(declaring(calling(tool, SQL))))


async def told(made: Gateway, method: str, task: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    response = await made.post(about(method, task), GOOD | {"mcp-name": task} | (headers or {}))
    return answer_of(response)


def result_of(response: httpx2.Response) -> dict[str, Any]:
    result = answer_of(response)["result"]
    assert isinstance(result, dict)
    return result


async def test_a_call_that_waits_is_a_task_whose_id_is_the_calls() -> None:
    async with gateway(hold=NOW) as made:
        task = await begun(made)
        call = made.line.calls[0].id
        seen = (await told(made, "tasks/get", call))["result"]
    assert (task["resultType"], task["taskId"], task["status"]) == ("task", call, "working")
    assert task["statusMessage"] == f"Nothing was executed. {call} waits for 1 dba."
    assert (task["createdAt"], task["lastUpdatedAt"]) == ("2026-11-23T12:00:00.000Z", "2026-11-23T12:00:03.000Z")
    assert (task["ttlMs"], task["pollIntervalMs"]) == (75 * 60_000, 3_000)
    assert "content" not in task
    assert (seen["resultType"], seen["status"], seen["taskId"]) == ("complete", "working", call)


class Forgetful(Double):
    """A line that takes a statement and can tell no more."""

    async def span(self, call: Call, of: CallId) -> Span:
        raise Busy(f"{call.tool} of {of}")


async def test_where_no_handle_can_be_told_the_ordinary_answer_holds_the_same_id() -> None:
    async with gateway(Forgetful(callers={"good": caller()}), hold=NOW) as made:
        answer = await begun(made)
    assert answer["structuredContent"]["status"] == "pending_approval"
    assert answer["structuredContent"]["call"] == made.line.calls[0].id


async def test_asking_for_a_task_counts_towards_the_minute() -> None:
    async with gateway(hold=NOW, bounds=Bounds(minute=2)) as made:
        task = (await begun(made))["taskId"]
        assert "result" in await told(made, "tasks/get", task)
        assert "busy" in (await told(made, "tasks/get", task))["error"]["message"]


async def test_who_declares_tasks_is_held_two_seconds_not_forty_five() -> None:
    async with gateway() as made:
        with anyio.fail_after(20):
            assert (await begun(made))["resultType"] == "task"


async def test_what_is_decided_at_once_is_answered_inline() -> None:
    async with gateway() as made:
        task: dict[str, Any] = {}

        async def ask() -> None:
            task.update(await begun(made))

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            await made.line.asked.wait()
            made.line.decide(made.line.calls[0].id, answered(made.line.calls[0].id))
    assert task["resultType"] == "complete"
    assert task["structuredContent"]["status"] == "answered"


@pytest.mark.parametrize("modern", [True, False], ids=["modern", "legacy"])
async def test_who_did_not_declare_them_on_this_request_gets_no_task(modern: bool) -> None:
    async with gateway(hold=NOW) as made:
        made.line.answers = made.line.asks
        message = calling("execute", SQL, modern=modern)
        if not modern:
            message["params"]["_meta"] = {"io.modelcontextprotocol/clientCapabilities": DECLARED}  # type: ignore[index]
        result = result_of(await made.post(message, modern=modern))
    assert result.get("resultType", "complete") == "complete"
    assert result["structuredContent"]["status"] == "pending_approval"


ENDS: list[tuple[Callable[[CallId], Answer], str, bool | None, str]] = [
    (answered, "completed", False, "answered"),
    (lambda of: Refused(call=of, code="denied", sentence="Denied."), "completed", True, "refused"),
    (lambda of: Refused(call=of, code="expired", sentence="Expired."), "completed", True, "refused"),
    (lambda of: Refused(call=of, code="policy_changed", sentence="Changed."), "completed", True, "refused"),
    (lambda of: Refused(call=of, code="cancelled", sentence="Cancelled."), "cancelled", None, ""),
    (lambda of: Failed(call=of, code="outcome_unknown", sentence="Unknown."), "completed", True, "failed"),
    (lambda of: Failed(call=of, code="withheld", sentence="Withheld."), "completed", True, "failed"),
]


@pytest.mark.parametrize(("end", "status", "error", "outcome"), ENDS)
async def test_ends_are_told_as_the_specification_words_them(
    end: Callable[[CallId], Answer], status: str, error: bool | None, outcome: str
) -> None:
    """A denial is no `failed` task: that word is for errors of the protocol (SEP-2663)."""
    async with gateway(hold=NOW) as made:
        call = CallId((await begun(made))["taskId"])
        made.line.decide(call, end(call))
        seen = (await told(made, "tasks/get", call))["result"]
    assert seen["status"] == status
    if error is None:
        assert "result" not in seen
    else:
        result = seen["result"]
        assert (result["isError"], result["structuredContent"]["status"]) == (error, outcome)


async def test_what_runs_is_working() -> None:
    async with gateway(hold=NOW) as made:
        call = CallId((await begun(made))["taskId"])
        running = Waiting(call=call, review=None, state=State.EXECUTING, sentence="Running.", until=NOON)
        made.line.decide(call, running)
        seen = (await told(made, "tasks/get", call))["result"]
    assert (seen["status"], seen["statusMessage"]) == ("working", "Running.")


@pytest.mark.parametrize("method", ["tasks/get", "tasks/update", "tasks/cancel"])
async def test_another_callers_task_and_an_unknown_one_are_the_same_answer(method: str) -> None:
    async with gateway(hold=NOW) as made:
        call = (await begun(made))["taskId"]
        unknown = "call_" + "A" * 26
        foreign = await told(made, method, call, {"authorization": "Bearer bob"})
        missing = await told(made, method, unknown, {"authorization": "Bearer bob"})
        mine = await told(made, method, call)
    assert foreign["error"] == missing["error"] == {"code": -32602, "message": "Task not found"}
    assert mine["result"]["resultType"] == "complete"


@pytest.mark.parametrize("method", ["tasks/get", "tasks/update", "tasks/cancel"])
async def test_each_method_wants_the_extension_declared_and_the_header_equal(method: str) -> None:
    async with gateway(hold=NOW) as made:
        call = (await begun(made))["taskId"]
        undeclared = answer_of(await made.post(about(method, call, declared=False), GOOD | {"mcp-name": call}))
        other = answer_of(await made.post(about(method, call), GOOD | {"mcp-name": "call_other"}))
        bare = answer_of(await made.post(about(method, call)))
        legacy = await made.post(about(method, call), modern=False)
    assert undeclared["error"]["code"] == -32021  # type: ignore[index]
    assert other["error"]["code"] == bare["error"]["code"] == -32020  # type: ignore[index]
    assert '"result"' not in legacy.text


@pytest.mark.parametrize("method", ["tasks/get", "tasks/update", "tasks/cancel"])
async def test_without_a_token_or_its_scope_no_task_is_told(method: str) -> None:
    known = Double(callers={"good": caller(), "none": caller(scopes=frozenset())})
    async with gateway(known, hold=NOW) as made:
        call = (await begun(made))["taskId"]
        absent = await made.post(about(method, call), {"mcp-name": call})
        unscoped = await made.post(about(method, call), {"mcp-name": call, "authorization": "Bearer none"})
    assert (absent.status_code, unscoped.status_code) == (401, 403)


async def test_a_cancelled_task_asks_the_line_and_says_nothing_itself() -> None:
    async with gateway(hold=NOW) as made:
        call = CallId((await begun(made))["taskId"])
        said = (await told(made, "tasks/cancel", call))["result"]
    assert {key for key in said if key != "_meta"} == {"resultType"}


async def test_the_catalogue_and_collect_never_answer_a_task() -> None:
    async with gateway(hold=NOW) as made:
        call = (await begun(made))["taskId"]
        collected = result_of(await made.post(declaring(calling("collect", {"call": call, "wait_seconds": 0}))))
    assert collected["resultType"] == "complete"
    assert collected["structuredContent"]["status"] == "pending_approval"


# ---------------------------------------------------------------- a client that follows tasks


class Handle(Result):
    model_config = ConfigDict(extra="allow", populate_by_name=True)
    result_type: Literal["task"] = Field("task", alias="resultType")
    task_id: str = Field(alias="taskId")


class Ask(RequestParams):
    task_id: str = Field(alias="taskId")


class Get(Request[Ask, Literal["tasks/get"]]):
    name_param = "taskId"
    method: Literal["tasks/get"] = "tasks/get"
    params: Ask


class Seen(Result):
    model_config = ConfigDict(extra="allow")
    status: str
    result: dict[str, Any] | None = None


@final
class Following(ClientExtension):
    """Polls until the task is done, so that its user sees an ordinary result."""

    identifier = TASKS

    def __init__(self, between: Callable[[str], Awaitable[None]]) -> None:
        self._between = between
        self.polls = 0

    def claims(self) -> list[ResultClaim[Any]]:
        return [ResultClaim(result_type="task", model=Handle, resolve=self._resolve)]

    async def _resolve(self, handle: Handle, context: ClaimContext) -> CallToolResult:
        while True:
            await self._between(handle.task_id)
            self.polls += 1
            seen = await context.session.send_request(Get(params=Ask(taskId=handle.task_id)), Seen)
            if seen.status != "working":
                assert seen.result is not None
                return CallToolResult.model_validate({k: v for k, v in seen.result.items() if k != "resultType"})


async def test_the_sdks_own_client_follows_a_task_to_its_result() -> None:
    async with gateway(hold=NOW) as made:
        made.line.answers = made.line.asks

        async def approve(task: str) -> None:
            if following.polls:
                made.line.decide(CallId(task), answered(CallId(task)))

        following = Following(approve)
        async with httpx2.AsyncClient(headers=GOOD, timeout=30) as http:
            transport = streamable_http_client(made.url, http_client=http)
            async with Client(transport, extensions=[following]) as connected:
                result = await connected.call_tool("execute", SQL)
    assert shown(result)["rows"] == [[1, "tok_9f"]]
    assert following.polls == 2
