"""Requests from valid ones: a message of some revision, then wrong values, headers, tokens, bytes and addresses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final, TypeAlias, final

from core.model import Tool
from tests.fuzz.door.place import GOOD, HOST, Headers, Request

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"

MODERN: Final = "2026-07-28"
LEGACY: Final = ("2025-03-26", "2025-06-18", "2025-11-25")
META: Final = "io.modelcontextprotocol"
SQL: Final = ("SELECT 1", "UPDATE t SET a = 1", "DROP TABLE t", "busy", "error", "xplode", "", "\u202eSELECT", "/**/")
METHODS: Final = (
    "initialize", "ping", "tools/list", "server/discover", "resources/list", "resources/read", "prompts/list",
    "prompts/get", "completion/complete", "logging/setLevel", "subscriptions/listen", "tasks/get", "tasks/update",
    "tasks/cancel", "tasks/list", "tasks/result", "notifications/initialized", "notifications/cancelled",
    "elicitation/create", "sampling/createMessage", "roots/list", "no/such", "", "tools/call\n", "__class__",
)  # fmt: skip
RAW: Final = "@raw%d@"  # a string of this form stands for the text of that number below
TEXTS: Final = (
    "NaN", "-Infinity", "1e400", "-0", "1" * 400, "1" * 5_000, "1.0000000000000000000000000001",
    '"\\ud800"', '"\\u0000"',
    '"\\ud83d\\ude00"', '{"a": 1, "a": 2}', "[" * 90 + "]" * 90, "[" * 3_000 + "]" * 3_000, '"' + "x" * 70_000 + '"',
    "01", "'a'", "undefined", '"\\x"', '"\t"', "tru", '{"__proto__": {"a": 1}}', "\ufeff1",
)  # fmt: skip
SCALARS: Final[tuple[Json, ...]] = (
    None, True, False, 0, 1, -1, 45, 46, 2**31, 2**53, 2**63, 0.5, "", " ", "shop", "tools/call", "\u202e", "\x01",
    "a" * 400, "${jndi:ldap://x}", "../../etc/passwd", "{{7*7}}", "<script>", "call_" + "A" * 26, [], {}, [[]], [None],
    {"": ""}, {"$ref": "#"},
)  # fmt: skip
BYTES: Final = (
    b"\xff\xfe",
    b"\xc0\xa0",
    b"\xed\xa0\x80",
    b"\x00",
    b"\r\n\r\n",
    b"\xef\xbb\xbf",
    b'"',
    b"{",
    b"]",
    b",",
)
VALUES: Final = (
    b"", b" ", b"\t", b"\xff", b"\x00", b"a" * 9_000, b"*/*", b"text/html", b"application/json", b"text/event-stream",
    b"application/json; charset=utf-16", b"2026-07-28", b"2025-11-25", b"2099-01-01", b"=?base64?aGk=?=",
    b"=?base64?!!?=",
    b"query", b"execute", b"tools/call", b"tools/list", b"call_" + b"A" * 26, b"null", b"https://evil.example",
    b"evil.example", b"gzip", b"chunked", b"5", b"-1", b"1" * 30,
)  # fmt: skip
NAMES: Final = (
    b"accept", b"content-type", b"mcp-protocol-version", b"mcp-method", b"mcp-name", b"mcp-session-id",
    b"last-event-id",
    b"host", b"origin", b"content-length", b"content-encoding", b"transfer-encoding", b"expect", b"x-forwarded-for",
    b"x-forwarded-host", b"forwarded", b"user-agent", b"traceparent", b"baggage", b"x-conversation-id", b"cookie",
    b"x-http-method-override", b"upgrade",
)  # fmt: skip
PATHS: Final = (
    "/mcp", "/mcp/", "//mcp", "/MCP", "/mcp%2f", "/", "/healthz", "/readyz", "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp", "/.well-known/../mcp", "/mcp/\x00", "/sse", "/register", "/token",
)  # fmt: skip
VERBS: Final = ("GET", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "post", "X")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request, and what it was made of."""

    request: Request
    token: str  # which of the minted ones it brings whole, in one header; "" for none or a broken one


# ---------------------------------------------------------------- what would be right


def arguments(tool: Tool, chance: Random) -> dict[str, Json]:
    """Fill in a tool's arguments as an agent would."""
    statement: dict[str, Json] = {"source": "shop", "sql": chance.choice(SQL), "parameters": [1, "a"]}
    match tool:
        case Tool.QUERY | Tool.EXECUTE:
            return statement | {"purpose": "to see"}
        case Tool.CHECK:
            return statement | {"plan": True}
        case Tool.COLLECT:
            return {"call": "call_" + "A" * 26, "wait_seconds": 0}
        case Tool.CANCEL:
            return {"call": "call_" + "A" * 26}
        case Tool.SEARCH_SCHEMA:
            return {"source": "shop", "words": "cust", "detail": "full"}
        case Tool.DESCRIBE_TABLE:
            return {"source": "shop", "table": "public.customers"}
        case _:
            return {}


def message(revision: str, chance: Random) -> dict[str, Json]:
    """Word one request of a revision."""
    method = "tools/call" if chance.random() < 0.7 else chance.choice(METHODS)
    params: dict[str, Json] = {}
    if method == "tools/call":
        tool = chance.choice(list(Tool))
        params = {"name": tool.value, "arguments": arguments(tool, chance)}
    elif method.startswith("tasks/"):
        params = {"taskId": "call_" + "A" * 26}
    elif method == "initialize":
        params = {"protocolVersion": revision, "capabilities": {}, "clientInfo": {"name": "fuzz", "version": "1"}}
    if revision == MODERN:
        declared: dict[str, Json] = {"extensions": {f"{META}/tasks": {}}} if chance.random() < 0.3 else {}
        params["_meta"] = {f"{META}/protocolVersion": revision, f"{META}/clientCapabilities": declared}
    if chance.random() < 0.2:
        params["_meta"] = {**_members(params.get("_meta")), "progressToken": 1, "openai/session": "v1"}
    made: dict[str, Json] = {"jsonrpc": "2.0", "id": chance.choice((1, "a", 2**40)), "method": method, "params": params}
    if method.startswith("notifications/"):
        del made["id"]
    return made


def headers(said: Mapping[str, Json], revision: str, token: str | None) -> Headers:
    """Write the headers that go with a message."""
    found: Headers = [
        (b"host", HOST.encode()),
        (b"content-type", b"application/json"),
        (b"accept", b"application/json, text/event-stream"),
        (b"mcp-protocol-version", revision.encode()),
    ]
    if token is not None:
        found.append((b"authorization", b"Bearer " + token.encode("latin-1")))
    if revision == MODERN:
        params = _members(said.get("params"))
        named = params.get("name", params.get("taskId"))
        found.append((b"mcp-method", str(said.get("method")).encode("latin-1", "replace")))
        found += [(b"mcp-name", named.encode("latin-1", "replace"))] if isinstance(named, str) else []
    return found


def _members(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


# ---------------------------------------------------------------- what is wrong


def case(chance: Random, minted: Mapping[str, str]) -> Case:
    """Make one request, right or wrong in up to three ways."""
    revision = chance.choice((MODERN, MODERN, *LEGACY))
    said: Json = message(revision, chance)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        said = _spoilt(said, chance)
    kind = chance.choice((*("ana",) * 16, "bob", "bob", "none", "", *minted))
    heads = headers(_members(said), revision, minted.get(kind))
    request = Request(headers=heads, body=_written(said), chunks=chance.choice((1, 1, 1, 2, 7)))
    for spoil in chance.choices(SPOILS, k=chance.choice((0, 0, 0, 1, 1, 2))):
        request = spoil(request, chance)
    return Case(request=request, token=_brought(request, minted))


def _brought(request: Request, minted: Mapping[str, str]) -> str:
    """Name the good token that a request brings whole: said by what is sent, not by how it was made."""
    sent = [value for name, value in request.headers if name.lower() == b"authorization"]
    whole = {f"bearer {minted[kind]}": kind for kind in GOOD}
    if len(sent) != 1:
        return ""
    scheme, _, token = sent[0].decode("latin-1").strip(" \t").partition(" ")
    return whole.get(f"{scheme.lower()} {token.strip()}", "")


def _spoilt(said: Json, chance: Random) -> Json:
    """Put a wrong value somewhere into a message, take one away, or wrap the whole."""
    if chance.random() < 0.05:
        return chance.choice(([said, said], [said], {"a": said}, [], None, "x", 1))
    if not isinstance(said, dict | list) or not said:
        return _wrong(chance)
    inner: list[str] | range = list(said) if isinstance(said, dict) else range(len(said))
    at = chance.choice(inner)
    if isinstance(said, dict) and isinstance(at, str):
        return _member(said, at, chance)
    if isinstance(said, list) and isinstance(at, int):
        return [*said[:at], _spoilt(said[at], chance), *said[at + 1 :]]
    return said


def _member(said: dict[str, Json], at: str, chance: Random) -> Json:
    roll = chance.random()
    if roll < 0.12:
        return {key: value for key, value in said.items() if key != at}
    if roll < 0.2:
        return said | {chance.choice(("extra", "\u202e", "", "__class__", "x-mcp-header", "sql ")): _wrong(chance)}
    if isinstance(said[at], dict | list) and said[at] and roll < 0.85:
        return said | {at: _spoilt(said[at], chance)}
    return said | {at: _wrong(chance)}


def _wrong(chance: Random) -> Json:
    return RAW % chance.randrange(len(TEXTS)) if chance.random() < 0.35 else chance.choice(SCALARS)


def _written(said: Json) -> bytes:
    text = json.dumps(said, ensure_ascii=True)
    for number, raw in enumerate(TEXTS):
        text = text.replace(f'"{RAW % number}"', raw)
    return text.encode("utf-8", "surrogatepass")


def _bytes(request: Request, chance: Random) -> Request:
    body = bytearray(request.body)
    for _ in range(chance.choice((1, 1, 3, 20))):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(4):
            case 0:
                body[at:at] = chance.choice(BYTES)
            case 1:
                del body[at : at + chance.choice((1, 8, 200))]
            case 2:
                body[at : at + 1] = bytes([chance.randrange(256)])
            case _:
                body[at:at] = body[max(0, at - 30) : at]
    return replace(request, body=bytes(body))


def _cut(request: Request, chance: Random) -> Request:
    return replace(request, body=request.body[: chance.randrange(len(request.body) + 1)])


def _gone(request: Request, chance: Random) -> Request:
    return replace(request, gone=True, chunks=chance.choice((2, 7)))


def _large(request: Request, chance: Random) -> Request:
    return replace(request, body=request.body + b" " * chance.choice((1_000, 1_048_576, 1_100_000)), chunks=17)


def _header(request: Request, chance: Random) -> Request:
    name, value = chance.choice(NAMES), chance.choice(VALUES)
    match chance.randrange(3):
        case 0:
            heads = [(key, was) for key, was in request.headers if key != name]
        case 1:
            heads = [(key, value if key == name else was) for key, was in request.headers]
        case _:
            heads = [*request.headers, (name, value)]
    return replace(request, headers=heads)


def _bearer(request: Request, chance: Random) -> Request:
    was = next((value for name, value in request.headers if name == b"authorization"), b"Bearer x")
    others = [(name, value) for name, value in request.headers if name != b"authorization"]
    at = chance.randrange(len(was) + 1)
    wrong: Sequence[bytes] = (
        was[:at] + bytes([chance.randrange(256)]) + was[at + 1 :], was[:at], was + b" ", was.lower(),
        b"bearer" + was[6:],
        b"Basic " + was[7:], b"Bearer " + was, b"DPoP " + was[7:], was[7:], b"Bearer  " + was[7:], was + b"," + was,
        b"",
        b"Bearer " + b"a." * 9_000,
    )  # fmt: skip
    sent = [(b"authorization", chance.choice(wrong))]
    return replace(request, headers=others + (sent * 2 if chance.random() < 0.1 else sent))


def _address(request: Request, chance: Random) -> Request:
    token = next((value[7:] for name, value in request.headers if name == b"authorization"), b"x")
    return replace(
        request,
        path=chance.choice(PATHS),
        method=chance.choice(("POST", "POST", *VERBS)),
        query=chance.choice((b"", b"access_token=" + token, b"a=%00&a=\xff")),
    )


SPOILS: Final[tuple[Callable[[Request, Random], Request], ...]] = (
    _bytes, _bytes, _cut, _gone, _header, _header, _header, _bearer, _bearer, _address, _large,
)  # fmt: skip
