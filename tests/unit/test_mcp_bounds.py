"""What the door takes at once, and what it makes of a request, without a connection."""

from __future__ import annotations

import json
import re

import anyio
import pytest

from core.errors import BadCall
from mcp_server.bounds import Drain
from mcp_server.calls import bearer_of, new_call_id, readable, told
from mcp_server.challenge import decoded, needs
from mcp_server.hints import hints
from mcp_server.http import Public
from mcp_server.schema import slim
from mcp_server.tally import Tally
from mcp_server.wire import CEILING, WORST, compact, fitting, wire_size
from tests.mcp_double import Wake

# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize("by", ["turn", "drain"])
async def test_a_wait_ends_by_the_turn_or_by_the_drain(by: str) -> None:
    drain, event = Drain(), anyio.Event()
    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            group.start_soon(drain.first, Wake(event))
            await anyio.wait_all_tasks_blocked()
            event.set() if by == "turn" else drain.begin()
        await drain.first(Wake(event))
    assert drain.begun is (by == "drain")


def test_the_tally_counts_until_it_is_taken() -> None:
    tally = Tally()
    tally.add("busy")
    tally.add("busy")
    assert tally.take() == {"busy": 2}
    assert tally.take() == {}


# ---------------------------------------------------------------- what a request holds


def test_call_ids_hold_130_random_bits_in_base32() -> None:
    ids = {new_call_id() for _ in range(1_000)}
    assert len(ids) == 1_000
    assert all(re.fullmatch(r"call_[A-Z2-7]{26}", one) for one in ids)
    assert all(len({one[position] for one in ids}) > 20 for position in range(5, 31))


@pytest.mark.parametrize(
    "bad",
    ["\0", "\ud800", ["a", "\ud800"], {"\ud800": 1}, {"a": {"b": ["\0"]}}, float("nan"), [float("-inf")]],
)
def test_text_that_no_store_can_hold_is_refused_at_any_depth(bad: object) -> None:
    with pytest.raises(BadCall) as refused:
        readable({"arguments": bad})
    assert refused.value.public != BadCall.sentence


@pytest.mark.parametrize("good", ["", "é🂡\u2028\u202e", "\x01\x7f", [1, 1.5, True, None], {"a": "😀"}])
def test_all_other_text_passes(good: object) -> None:
    readable(good)


def test_nesting_costs_no_stack() -> None:
    deep: object = "\0"
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BadCall):
        readable(deep)
    while isinstance(deep, list):  # taken apart without recursion as well
        deep = deep.pop()


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        (["Bearer abc"], "abc"),
        (["bearer abc"], "abc"),
        (["Basic abc"], None),
        (["Bearer "], None),
        (["Bearer"], None),
        ([], None),
        (["Bearer a", "Bearer b"], None),
    ],
)
def test_a_bearer_is_taken_from_exactly_one_header(headers: list[str], token: str | None) -> None:
    assert bearer_of(headers) == token


@pytest.mark.parametrize(
    ("meta", "headers", "found"),
    [
        ({"openai/session": "v1"}, {"mcp-session-id": "s"}, ("openai/session", "v1")),
        ({}, {"mcp-session-id": "s"}, ("mcp-session-id", "s")),
        ({"vscode.conversationId": 7, "sessionId": "x"}, {}, ("sessionId", "x")),
        ({"unknown": "x"}, {}, None),
        ({"sessionId": "a\n\x1b[31m\u202eb\ud800"}, {}, ("sessionId", "a[31mb")),
        ({"sessionId": "y" * 10_000}, {}, ("sessionId", "y" * 200)),
        ({"sessionId": "\n"}, {}, None),
    ],
)
def test_hints_come_from_one_table_and_are_tidy(
    meta: dict[str, object], headers: dict[str, str], found: tuple[str, str] | None
) -> None:
    made = hints(meta, {"user-agent": "Claude-User\n", **headers}, client="cli\x00ent 1", address="127.0.0.1")
    assert made.conversation == found
    assert (made.client, made.agent, made.address) == ("client 1", "Claude-User", "127.0.0.1")


def test_of_headers_only_those_of_the_table_are_hints_and_of_two_the_first() -> None:
    said = [(b"x-session-id", b"a"), (b"cookie", b"c"), (b"x-session-id", b"b"), (b"user-agent", b"caf\xe9")]
    assert told({"headers": said}) == {"x-session-id": "a", "user-agent": "caf\xe9"}


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        (b'{"method":"tools/call","params":{"name":"execute"}}', {"assent:read", "assent:write"}),
        (b'{"method":"tools/call","params":{"name":"query"}}', {"assent:read"}),
        (b'{"method":"tools/list"}', {"assent:read"}),
        (b"not json", {"assent:read"}),
        (b"[" * 100_000, {"assent:read"}),
        (b"\xff", {"assent:read"}),
    ],
)  # fmt: skip
def test_needed_scopes_are_read_from_the_body(body: bytes, needed: set[str]) -> None:
    assert needs(decoded(body)) == needed


# ---------------------------------------------------------------- the wire


def test_schemas_lose_what_says_nothing_but_no_property() -> None:
    schema = {
        "title": "X",
        "properties": {"title": {"title": "Title", "type": "string", "default": None, "items": {}}},
        "additionalProperties": False,
    }
    assert slim(schema) == {"properties": {"title": {"type": "string"}}, "additionalProperties": False}


def test_what_is_not_json_is_not_sent() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        compact({"rows": [float("nan")]})


@pytest.mark.parametrize("piece", ["plain", '"', "\\", "\n", "\x00\x1f", "\x7f", "/", 'a"\\\x7f\t', "é", "😀\x7f"])
def test_what_a_result_takes_in_a_message_is_what_is_written_of_it(piece: str) -> None:
    structure = {"rows": [[piece * (200_000 // len(piece)), 1, None, True]], "name": piece}
    text = compact(structure)
    assert len(text) * WORST > CEILING  # below, the worst is taken
    assert wire_size(text) == len(json.dumps(text)) + len(json.dumps(structure, separators=(",", ":")))


@pytest.mark.parametrize("rows", [0, 1, 7, 1_000])
def test_as_many_rows_as_fit_are_kept(rows: int) -> None:
    shape: dict[str, object] = {"rows": ["x" * 1_000] * rows}
    assert fitting(shape, "rows") == min(rows, (CEILING - 30) // 2_008)


# ---------------------------------------------------------------- the public address


@pytest.mark.parametrize(
    ("url", "resource", "metadata", "hosts"),
    [
        (
            "https://assent.example.com",
            "https://assent.example.com/mcp",
            "https://assent.example.com/.well-known/oauth-protected-resource/mcp",
            ("assent.example.com", "assent.example.com:443"),
        ),
        (
            "https://example.com:8443/assent/",
            "https://example.com:8443/assent/mcp",
            "https://example.com:8443/.well-known/oauth-protected-resource/assent/mcp",
            ("example.com:8443",),
        ),
        (
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/mcp",
            "http://127.0.0.1:8080/.well-known/oauth-protected-resource/mcp",
            ("127.0.0.1:8080", "localhost:8080", "[::1]:8080"),
        ),
        (
            "http://[fd00::1]:8080",
            "http://[fd00::1]:8080/mcp",
            "http://[fd00::1]:8080/.well-known/oauth-protected-resource/mcp",
            ("[fd00::1]:8080",),
        ),
    ],
)
def test_hosts_and_metadata_follow_from_the_public_address(
    url: str, resource: str, metadata: str, hosts: tuple[str, ...]
) -> None:
    public = Public(url=url, issuers=())
    assert (public.resource, public.metadata, public.hosts) == (resource, metadata, hosts)
