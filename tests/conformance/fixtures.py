"""Tools, resources and prompts that the official suite asks a server for, registered on the real one.

Names, texts and shapes are the suite's (@modelcontextprotocol/conformance, "Required server fixtures"); what is held to
them is the door they stand on: the real `build`, `application` and `Tasks`, over a double of the line.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final, TypeAlias, final

import anyio
from mcp import MCPError
from mcp.server.mcpserver import Context, MCPServer, require_client_extension
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp.types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    CallToolResult,
    ClientCapabilities,
    Completion,
    CompletionArgument,
    CompletionContext,
    CreateMessageRequest,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    InputRequest,
    InputRequiredResult,
    ListRootsRequest,
    MissingRequiredClientCapabilityErrorData,
    PromptReference,
    ResourceTemplateReference,
    SamplingCapability,
    SamplingMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)
from pydantic import Field
from starlette.requests import Request

from core.model import Answer, Call, CallId, Failed, Refused, State, Tool, Waiting
from mcp_server.calls import arrive
from mcp_server.render import render
from mcp_server.room import Room
from mcp_server.settle import TASKS, takes_tasks
from mcp_server.tasks import Tasks
from tests.mcp_double import Double, answered

Here: TypeAlias = Context[Room, Request]
Server: TypeAlias = MCPServer[Room]

PNG: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
WAV: Final = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="
JOBS: Final = Tasks(frozenset({"slow_compute", "failing_job", "test_tool_with_task"}))


@final
class Jobs(Double):
    """A line whose Calls end by the clock: what the suite's task fixtures wait for."""

    def begin(self, call: Call, after: timedelta, end: Answer) -> Waiting:
        """Let a Call run and end; until then it is executing."""
        running = Waiting(call=call.id, review=None, state=State.EXECUTING, sentence="Running.", until=None)
        self.states[call.id] = running
        self.owners[call.id] = self.callers[call.bearer].principal
        asyncio.get_running_loop().call_later(after.total_seconds(), self._end, call.id, end)
        return running

    async def cancel(self, call: Call, of: CallId) -> Answer:
        """Cancel what still runs."""
        self._mine(call, of)
        if isinstance(self.states[of], Waiting):
            self.states[of] = Refused(call=of, code="cancelled", sentence="Cancelled.")
        return self.states[of]

    def _end(self, of: CallId, end: Answer) -> None:
        if isinstance(self.states[of], Waiting):
            self.decide(of, end)


# ---------------------------------------------------------------- kinds of content


def text(words: str) -> TextContent:
    return TextContent(type="text", text=words)


def image() -> ImageContent:
    return ImageContent(type="image", data=PNG, mime_type="image/png")


def resource(uri: str, kind: str, words: str) -> EmbeddedResource:
    return EmbeddedResource(type="resource", resource=TextResourceContents(uri=uri, mime_type=kind, text=words))


async def test_simple_text() -> str:
    """One text."""
    return "This is a simple text response for testing."


async def test_image_content() -> list[ImageContent]:
    """One image."""
    return [image()]


async def test_audio_content() -> list[AudioContent]:
    """One sound."""
    return [AudioContent(type="audio", data=WAV, mime_type="audio/wav")]


async def test_embedded_resource() -> list[EmbeddedResource]:
    """One resource."""
    return [resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")]


async def test_multiple_content_types() -> list[TextContent | ImageContent | EmbeddedResource]:
    """One of each."""
    data = json.dumps({"test": "data", "value": 123})
    return [
        text("Multiple content types test:"),
        image(),
        resource("test://mixed-content-resource", "application/json", data),
    ]


async def test_tool_with_progress(ctx: Here) -> str:
    """Progress in three steps."""
    for step in (0, 50, 100):
        await ctx.report_progress(step, 100, f"Completed step {step} of 100")
        await anyio.sleep(0.05)
    return str((ctx.request_context.meta or {}).get("progress_token", 0))


async def test_tool_with_logging(ctx: Here) -> str:
    """Three lines of a log."""
    for words in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await ctx.info(words)
        await anyio.sleep(0.05)
    return "Tool with logging executed successfully"


async def test_error_handling() -> CallToolResult:
    """Fail, in words of its own."""
    return CallToolResult(content=[text("This tool intentionally returns an error for testing")], is_error=True)


async def test_missing_capability(ctx: Here) -> str:
    """Want sampling declared."""
    capabilities = ctx.client_capabilities
    if capabilities is None or capabilities.sampling is None:
        wanted = MissingRequiredClientCapabilityErrorData(
            required_capabilities=ClientCapabilities(sampling=SamplingCapability())
        )
        said = wanted.model_dump(by_alias=True, mode="json", exclude_none=True)
        raise MCPError(MISSING_REQUIRED_CLIENT_CAPABILITY, "This tool requires sampling", said)
    return "Client declared sampling."


async def test_x_mcp_header(
    region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})] = "<none>",  # noqa: PT028 -- a tool
) -> str:
    """Mirror an argument in a header."""
    return f"region={region}"


CONTENTS: Final = (
    test_simple_text,
    test_image_content,
    test_audio_content,
    test_embedded_resource,
    test_multiple_content_types,
    test_tool_with_progress,
    test_tool_with_logging,
    test_error_handling,
    test_missing_capability,
    test_x_mcp_header,
)


# ---------------------------------------------------------------- input asked of the client


def asking(message: str, **properties: str) -> ElicitRequest:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in properties.items()},
        "required": list(properties),
    }
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def sampling(words: str) -> CreateMessageRequest:
    message = SamplingMessage(role="user", content=text(words))
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=[message], max_tokens=100))


def filled(responses: Mapping[str, object] | None, key: str, field: str) -> str | None:
    """Read one field of an accepted form."""
    answer = (responses or {}).get(key)
    return str(answer.content.get(field)) if isinstance(answer, ElicitResult) and answer.content else None


async def test_input_required_result_elicitation(ctx: Here) -> str | InputRequiredResult:
    """Ask for a name."""
    name = filled(ctx.input_responses, "user_name", "name")
    return f"Hello, {name}!" if name else wants(user_name=asking("What is your name?", name="string"))


async def test_input_required_result_sampling(ctx: Here) -> str | InputRequiredResult:
    """Ask the client's model."""
    answer = (ctx.input_responses or {}).get("capital_question")
    if isinstance(answer, CreateMessageResult) and isinstance(answer.content, TextContent):
        return f"Model said: {answer.content.text}"
    return wants(capital_question=sampling("What is the capital of France?"))


async def test_input_required_result_list_roots(ctx: Here) -> str | InputRequiredResult:
    """Ask for roots."""
    given = "client_roots" in (ctx.input_responses or {})
    return "Client exposed its roots." if given else wants(client_roots=ListRootsRequest())


async def test_input_required_result_request_state(ctx: Here) -> str | InputRequiredResult:
    """Have a state sent back."""
    if "confirm" in (ctx.input_responses or {}) and ctx.request_state == "nonce":
        return "state-ok: confirmation received"
    return wants("nonce", confirm=asking("Please confirm", ok="boolean"))


async def test_input_required_result_multiple_inputs(ctx: Here) -> str | InputRequiredResult:
    """Ask for three things at once."""
    asked: dict[str, InputRequest] = {
        "user_name": asking("What is your name?", name="string"),
        "greeting": sampling("Generate a greeting"),
        "client_roots": ListRootsRequest(),
    }
    given = asked.keys() <= (ctx.input_responses or {}).keys()
    return "All inputs received." if given else wants("multiple-inputs", **asked)


async def test_input_required_result_multi_round(ctx: Here) -> str | InputRequiredResult:
    """Ask twice, one after the other."""
    round_, _, name = (ctx.request_state or "0:").partition(":")
    first, second = (filled(ctx.input_responses, key, key) for key in ("name", "color"))
    if round_ == "1" and first:
        return wants(f"2:{first}", color=asking("Step 2: What is your favorite color?", color="string"))
    if round_ == "2" and second:
        return f"{name} likes {second}."
    return wants("1:", name=asking("Step 1: What is your name?", name="string"))


async def test_input_required_result_tampered_state(ctx: Here) -> str | InputRequiredResult:
    """Have a state sent back that nobody may change."""
    if ctx.request_state is None:
        return wants("round-1", confirm=asking("Please confirm", ok="boolean"))
    return f"state-ok: {ctx.request_state}"


async def test_input_required_result_capabilities(ctx: Here) -> InputRequiredResult:
    """Ask only for what the client said it can give."""
    can = ctx.client_capabilities
    asked: dict[str, InputRequest] = {}
    if can is not None and can.sampling is not None:
        asked["sample"] = sampling("Say hello")
    if can is not None and can.elicitation is not None:
        asked["ask"] = asking("What is your name?", name="string")
    return wants("capability-gated", **asked)


INPUTS: Final = (
    test_input_required_result_elicitation,
    test_input_required_result_sampling,
    test_input_required_result_list_roots,
    test_input_required_result_request_state,
    test_input_required_result_multiple_inputs,
    test_input_required_result_multi_round,
    test_input_required_result_tampered_state,
    test_input_required_result_capabilities,
)


def wants(state: str | None = None, **requests: InputRequest) -> InputRequiredResult:
    return InputRequiredResult(input_requests=requests, request_state=state)


# ---------------------------------------------------------------- tasks


def _jobs(server: Server, line: Jobs) -> None:
    @server.tool()
    async def greet(name: str) -> str:
        """Answer at once."""
        return f"Hello, {name}!"

    @server.tool()
    async def slow_compute(ctx: Here, seconds: float, label: str = "") -> CallToolResult:
        """Take some seconds."""
        call = arrive(ctx.request_context, Tool.QUERY)
        if not seconds or not takes_tasks(ctx.request_context):
            await anyio.sleep(min(seconds, 1))
            return render(answered(call.id, (1, label)))
        return render(line.begin(call, timedelta(seconds=seconds), answered(call.id, (1, label))))

    @server.tool()
    async def failing_job(ctx: Here) -> CallToolResult:
        """Fail after a moment; only as a task."""
        require_client_extension(ctx.request_context, TASKS)
        call = arrive(ctx.request_context, Tool.QUERY)
        failed = Failed(call=call.id, code="division_by_zero", sentence="It failed.")
        return render(line.begin(call, timedelta(milliseconds=100), failed))

    @server.tool()
    async def test_tool_with_task(ctx: Here) -> CallToolResult | InputRequiredResult:
        """Ask for a name, then take a moment."""
        require_client_extension(ctx.request_context, TASKS)
        name = filled(ctx.input_responses, "user_name", "name")
        if name is None:
            return wants("escalates", user_name=asking("What is your name?", name="string"))
        call = arrive(ctx.request_context, Tool.QUERY)
        return render(line.begin(call, timedelta(milliseconds=100), answered(call.id, (1, name))))


# ---------------------------------------------------------------- resources and prompts


def _resources(server: Server) -> None:
    @server.resource("test://static-text")
    async def static_text() -> str:
        """A text."""
        return "This is the content of the static text resource."

    @server.resource("test://static-binary")
    async def static_binary() -> bytes:
        """An image."""
        return b64decode(PNG)

    @server.resource("test://template/{id}/data")
    async def template(id: str) -> str:  # noqa: A002 -- the suite's own name
        """A text by its id."""
        return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


def _prompts(server: Server) -> None:
    @server.prompt()
    async def test_simple_prompt() -> list[UserMessage]:
        """Without arguments."""
        return [UserMessage(text("This is a simple prompt for testing."))]

    @server.prompt()
    async def test_prompt_with_arguments(arg1: str, arg2: str) -> list[UserMessage]:
        """With two."""
        return [UserMessage(text(f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"))]

    @server.prompt()
    async def test_prompt_with_embedded_resource(resourceUri: str) -> list[UserMessage]:  # noqa: N803 -- the suite's
        """With a resource."""
        held = resource(resourceUri, "text/plain", "Embedded resource content for testing.")
        return [UserMessage(held), UserMessage(text("Please process the embedded resource above."))]

    @server.prompt()
    async def test_prompt_with_image() -> list[UserMessage]:
        """With an image."""
        return [UserMessage(image()), UserMessage(text("Please analyze the image above."))]

    @server.prompt()
    async def test_input_required_result_prompt(ctx: Here) -> list[UserMessage] | InputRequiredResult:
        """Ask for its context."""
        context = filled(ctx.input_responses, "user_context", "context")
        if context:
            return [UserMessage(text(f"Use the following context: {context}"))]
        return wants(user_context=asking("What context should the prompt use?", context="string"))

    async def complete(
        _: PromptReference | ResourceTemplateReference, __: CompletionArgument, ___: CompletionContext | None
    ) -> Completion:
        return Completion(values=[], total=0, has_more=False)

    server.completion()(complete)  # type: ignore[no-untyped-call]


# ---------------------------------------------------------------- what the SDK's server has no public way to add

# JSON Schema 2020-12 keywords that a listing must not lose, in a schema of the suite's own shape.
SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


def _beneath(server: Server) -> None:
    @server.tool()
    async def json_schema_2020_12_tool() -> str:
        """Have a schema of many keywords."""
        return "json_schema_2020_12_tool"

    tool = server._tool_manager.get_tool("json_schema_2020_12_tool")
    assert tool is not None
    tool.parameters = SCHEMA

    async def nothing(_: object, __: object) -> EmptyResult:
        return EmptyResult()

    beneath = server._lowlevel_server
    beneath.add_request_handler("logging/setLevel", SetLevelRequestParams, nothing)
    beneath.add_request_handler("resources/subscribe", SubscribeRequestParams, nothing)
    beneath.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, nothing)


def register(server: Server, line: Jobs) -> None:
    """Put the suite's fixtures beside our eight tools."""
    for tool in (*CONTENTS, *INPUTS):
        server.add_tool(tool)
    _jobs(server, line)
    _resources(server)
    _prompts(server)
    _beneath(server)
