"""A short hunt at the agents' door, what earlier ones found, and that the judge sees what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from mcp_server.worded import WORDS, worded
from tests.fuzz.door.judge import faults
from tests.fuzz.door.place import HOST, SECRET, Place, Reply, Request, opened
from tests.fuzz.door.run import Tally, hunt
from tests.fuzz.door.shapes import MODERN, Case, case, headers

REQUESTS = 1_500
QUERY = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {
        "name": "query",
        "arguments": {"source": "shop", "sql": "SELECT 1", "purpose": "to see"},
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {},
        },
    },
}


async def test_no_request_of_a_short_hunt_gets_what_a_door_may_not_answer() -> None:
    tally = Tally()
    await hunt(7, lambda seen: seen.asked < REQUESTS, tally)
    assert tally.found == []
    assert tally.calls > REQUESTS / 20, str(tally)
    assert {200, 400, 401, 403, 404, 405, 413} <= set(tally.statuses)


async def test_a_query_that_is_no_text_is_refused_and_no_crash() -> None:
    """Found: a path with a slash at its end was redirected, and the query decoded on the way."""
    async with opened() as place:
        for method in ("GET", "POST", "HEAD"):
            reply = await place.ask(
                Request(
                    method=method, path="/mcp/", query=b"a=%00&a=\xff", headers=[(b"host", HOST.encode())], body=b""
                )
            )
            assert reply.status == 404
            assert reply.values("location") == []


async def test_no_word_of_the_checker_of_types_reaches_a_client() -> None:
    """Found: what is no message at all was told in pydantic's words, with the input repeated."""
    async with opened() as place:
        reply = await place.ask(
            Request(headers=headers({}, "2025-11-25", place.tokens["ana"]), body=b'{"jsonrpc":"2.0","a":"mine"}')
        )
    assert reply.status == 400
    assert json.loads(bytes(reply.body))["error"] == {"code": -32602, "message": "Validation error"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"no json", b"no json"),
        (b'{"error":"busy"}', b'{"error":"busy"}'),
        (b'{"id":1,"error":{"code":1,"message":"a\\nb"}}', b'{"id":1,"error":{"code":1,"message":"a"}}'),
        (b'{"error":{"code":1,"message":""}}', b'{"error":{"code":1,"message":""}}'),
    ],
)
def test_an_error_keeps_its_first_line(body: bytes, told: bytes) -> None:
    assert worded(body) == told
    assert len(json.loads(worded(json.dumps({"error": {"message": "x" * 999}}).encode()))["error"]["message"]) == WORDS


# ---------------------------------------------------------------- the judge itself


async def asked(place: Place, kind: str = "ana") -> tuple[Case, Reply]:
    """Ask one right query and take its answer."""
    request = Request(
        headers=headers({"method": "tools/call", "params": {"name": "query"}}, MODERN, place.tokens[kind]),
        body=json.dumps(QUERY).encode(),
    )
    made = Case(request=request, token=kind)
    return made, await place.ask(request)


def rewritten(change: Callable[[dict[str, object]], object]) -> Callable[[Reply], Reply]:
    def made(reply: Reply) -> Reply:
        message = json.loads(bytes(reply.body))
        change(message)
        return replace(reply, body=bytearray(json.dumps(message).encode()))

    return made


WRONG: dict[str, Callable[[Reply], Reply]] = {
    "a crash": lambda reply: replace(reply, status=500),
    "no end": lambda reply: replace(reply, ended=False),
    "a challenge that is none": lambda reply: replace(reply, status=401),
    "a secret": lambda reply: replace(reply, body=reply.body + SECRET.encode()),
    "a traceback": lambda reply: replace(reply, body=reply.body + b"Traceback (most recent call last)"),
    "no JSON": lambda reply: replace(reply, body=bytearray(b'{"a": NaN}')),
    "half a body": lambda reply: replace(reply, body=reply.body[:-5]),
    "no result": rewritten(lambda message: message.pop("result")),
    "no id": rewritten(lambda message: message.pop("id")),
    "another text": rewritten(lambda message: message["result"]["content"][0].update(text="{}")),  # type: ignore[index]
    "a page": lambda reply: replace(reply, headers=[(b"content-type", b"text/html")]),
}


@pytest.mark.parametrize("name", WRONG)
async def test_the_judge_sees_what_is_wrong(name: str) -> None:
    async with opened() as place:
        made, reply = await asked(place)
        calls = place.line.calls
        assert faults(place, made, reply, calls) == []
        assert faults(place, made, WRONG[name](reply), calls) != []


async def test_the_judge_sees_a_token_that_is_repeated_and_a_call_that_should_not_be() -> None:
    async with opened() as place:
        made, reply = await asked(place)
        calls = place.line.calls
        echo = replace(reply, body=reply.body + made.request.headers[4][1])
        assert "a token" in faults(place, made, echo, calls)
        assert "query without a good token" in faults(place, replace(made, token=""), reply, calls)
        assert "query as another caller" in faults(place, replace(made, token="bob"), reply, calls)
        (call, caller) = calls[0]
        unscoped = [(call, replace(caller, scopes=frozenset()))]
        assert "query without its scope" in faults(place, made, reply, unscoped)
        assert "query with text that is none" in faults(place, made, reply, [(replace(call, statement="\0"), caller)])


async def test_one_seed_is_one_request() -> None:
    async with opened() as place:
        assert case(Random("1.2"), place.tokens) == case(Random("1.2"), place.tokens)
        assert case(Random("1.2"), place.tokens) != case(Random("1.3"), place.tokens)
