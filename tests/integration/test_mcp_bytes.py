"""Bytes that are no text, and numbers that are none: the door refuses them, reads nothing out of them, and lives on."""

from __future__ import annotations

import json
import sys

import anyio
import pytest
from anyio.streams.buffered import BufferedByteReceiveStream

from tests.integration.door import GOOD, SQL, calling, gateway, structure_of, wire
from tests.integration.test_mcp_stdio import PROGRAM, ROOT

MARK = "MARK"
BYTES = {
    "no UTF-8": b"\xff\xfe",
    "an overlong blank": b"\xc0\xa0",
    "half a surrogate pair": b"\xed\xa0\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80",
    "a character cut short": b"\xe2\x82",
    "a NUL": b"\x00",
    "half a surrogate pair, escaped": b"\\ud800",
    "a NUL, escaped": b"\\u0000",
}
NUMBERS = ("1" * 5_000, "-" + "9" * 4_301, "1e400", "NaN", "-Infinity", "1" * 400_000)


def body(arguments: dict[str, object], mark: str, raw: bytes, *, modern: bool = True) -> bytes:
    return json.dumps(calling("query", SQL | arguments, modern=modern)).encode().replace(mark.encode(), raw)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *((name, "sql") for name in BYTES),
        ("no UTF-8", "purpose"),
        ("no UTF-8", "source"),
        ("a NUL, escaped", "parameters"),
    ],
)
async def test_bytes_that_are_no_text_are_refused_and_harm_nothing(name: str, field: str) -> None:
    value: object = [MARK] if field == "parameters" else f"SELECT '{MARK}'"
    async with gateway() as made:
        sent = body({field: value}, MARK, BYTES[name])
        response = await made.post(sent, GOOD | wire(calling("query", SQL), modern=True))
        after = await made.post(calling("query", SQL))
    assert response.status_code in {200, 400}
    assert "answered" not in response.text
    assert len(response.text) < 2_000
    assert structure_of(after)["status"] == "answered"
    assert len(made.line.calls) == 1


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:9])
async def test_numbers_that_are_none_harm_nothing(number: str) -> None:
    async with gateway() as made:
        sent = body({"parameters": [0]}, '"parameters": [0]', f'"parameters": [{number}]'.encode())
        response = await made.post(sent, GOOD | wire(calling("query", SQL), modern=True))
        after = await made.post(calling("query", SQL))
    assert response.status_code in {200, 400}
    assert len(response.text) < 2_000
    assert structure_of(after)["status"] == "answered"


# What two readers may read differently, or a request that the SDK takes for a notification and never answers.
UNSOUND = {
    "a tool named twice": ('"name": "query"', '"name": "list_sources", "name": "query"'),
    "a statement named twice": ('"sql": ', '"sql": "DELETE FROM t", "sql": '),
    "a name twice, once escaped": ('"sql": ', '"\\u0073ql": "DELETE FROM t", "sql": '),
    "a method named twice": ('"method": ', '"method": "ping", "method": '),
    "an id of null": ('"id": 1', '"id": null'),
    "an id with a fraction": ('"id": 1', '"id": 1.5'),
    "an id of truth": ('"id": 1', '"id": true'),
    "an id of a list": ('"id": 1', '"id": [1]'),
}


@pytest.mark.parametrize("modern", [True, False], ids=["2026-07-28", "legacy"])
async def test_what_readers_may_read_differently_is_refused_and_makes_no_call(modern: bool) -> None:
    async with gateway() as made:
        for old, new in UNSOUND.values():
            sent = json.dumps(calling("query", SQL, modern=modern))
            assert sent.count(old) == 1
            response = await made.post(
                sent.replace(old, new).encode(), GOOD | wire(calling("query", SQL), modern=modern)
            )
            assert (response.status_code, response.json()["error"]["code"]) == (400, -32600)
        wide = json.dumps(calling("query", SQL, modern=modern)).encode("utf-16")
        response = await made.post(wide, GOOD | wire(calling("query", SQL), modern=modern))
        assert (response.status_code, response.json()["error"]["code"]) == (400, -32700)
        scalar = await made.post(b"7", GOOD | wire(calling("query", SQL), modern=modern))
        assert (scalar.status_code, scalar.json()["error"]["code"]) == (400, -32600)
        assert made.line.calls == []


async def test_bytes_that_are_no_text_end_no_door_on_standard_input() -> None:
    """Lines of them, then a call: it is answered."""
    opening = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": opening},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    strange = [*BYTES.values(), b'{"jsonrpc": "2.0", "id": 9, "method": "\xff\xfe"}', b"[" * 100_000]
    lines = [*strange, *(json.dumps(message).encode() for message in messages), b""]
    async with await anyio.open_process([sys.executable, "-c", PROGRAM], cwd=ROOT) as door:
        assert door.stdin is not None
        assert door.stdout is not None
        heard = BufferedByteReceiveStream(door.stdout)
        with anyio.fail_after(60):
            await door.stdin.send(b"\n".join(lines))
            answer: dict[str, object] = {}
            while answer.get("id") != len(messages) - 1:
                answer = json.loads(await heard.receive_until(b"\n", 1_000_000))
        await door.stdin.aclose()
    assert "result" in answer
