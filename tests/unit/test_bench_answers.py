from __future__ import annotations

import asyncio
import json
from collections import Counter
from decimal import Decimal

import pytest

from bench import answers
from bench.answers import Check
from bench.ground import items
from bench.record import Miscounted, count
from bench.wire import BadAnswer, Reply, last_event, read, request

ROW: list[object] = [7, "i7", "p7@ex.org", "2.59", "2026-01-01 00:00:07+00", False]


def reply(*rows: list[object], status: int = 200, error: bool = False, sse: bool = False) -> Reply:
    structure = {"columns": [], "rows": list(rows)}
    result = {
        "content": [{"type": "text", "text": json.dumps(structure)}],
        "structuredContent": structure,
        "isError": error,
    }
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}, separators=(",", ":")).encode()
    kind = "text/event-stream" if sse else "application/json"
    return Reply(
        status=status, headers={"content-type": kind}, body=b"event: message\ndata: " + body + b"\n\n" if sse else body
    )


def masked(mask: object) -> list[object]:
    return [mask if cell == ROW[2] else cell for cell in ROW]


@pytest.mark.parametrize("sse", [False, True])
def test_a_right_answer_is_verified_whole_and_measured(sse: bool) -> None:
    good = reply(ROW, sse=sse)
    assert Check().first(good, 7) == len(good.body)
    Check().later(good, 7, len(good.body))


@pytest.mark.parametrize(
    "bad",
    [
        reply(),
        reply(ROW, ROW),
        reply(ROW[:5]),
        reply([8, *ROW[1:]]),
        reply([7, "i8", *ROW[2:]]),
        reply(masked("tok_1")),
        reply(ROW, error=True),
        reply(ROW, status=503),
        Reply(status=200, headers={}, body=b'{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"i7"}}'),
        Reply(status=200, headers={}, body=b'{"jsonrpc":"2.0","id":1,"result":{"content":[]}}'),
    ],
)
def test_a_wrong_first_answer_ends_the_run(bad: Reply) -> None:
    with pytest.raises(BadAnswer):
        Check().first(bad, 7)


def page(first: int, rows: int) -> list[list[object]]:
    rest = ["1.00", "2026-01-01 00:00:00+00", True]
    return [[n, answers.name(n), answers.email(n), *rest] for n in range(first, first + rows)]


def test_every_row_of_a_page_is_verified() -> None:
    good = reply(*page(7, 3))
    assert Check().first(good, 7, 3) == len(good.body)
    for bad in (reply(*page(7, 2)), reply(*page(7, 2), page(8, 1)[0]), reply(*page(8, 3))):
        with pytest.raises(BadAnswer):
            Check().first(bad, 7, 3)


def said(*texts: str) -> dict[str, object]:
    return {"content": [{"type": "text", "text": text} for text in texts]}


def test_rows_are_read_however_a_server_writes_them() -> None:
    row = dict(zip(answers.COLUMNS, page(7, 1)[0], strict=True))
    assert answers.objects(said(json.dumps(row), json.dumps(row))) == page(7, 1) * 2
    whole = {"success": True, "data": {"statements": [{"sql": "SELECT", "rows": [row]}]}}
    assert answers.statements(said(json.dumps(whole, indent=2))) == page(7, 1)
    (found,) = answers.reprs(said(str([row | {"amount": Decimal("1.00")}])))
    assert (found[:3], len(found)) == (page(7, 1)[0][:3], len(answers.COLUMNS))
    for reader in (answers.objects, answers.statements):
        with pytest.raises(BadAnswer):
            reader({"content": [{"type": "text", "text": "[]"}]})


@pytest.mark.parametrize("body", [b'["i7"]', b'{"text": "[\\"i7\\"]"}', b"[{'name': 'i7'}]"])
def test_the_known_cell_is_found_in_any_quotes(body: bytes) -> None:
    assert answers.known(body, 7)
    assert not answers.known(body, 77)


def test_an_email_that_is_not_masked_ends_the_run() -> None:
    with pytest.raises(BadAnswer, match="not masked"):
        Check(masked=True).first(reply(ROW), 7)
    with pytest.raises(BadAnswer, match="not masked"):
        Check(masked=True).first(reply(masked(None)), 7)
    with pytest.raises(BadAnswer, match="not masked"):
        Check(masked=True).later(reply(ROW), 7, 1)
    good = reply(masked("tok_1"))
    Check(masked=True).later(good, 7, Check(masked=True).first(good, 7))


@pytest.mark.parametrize(
    "bad",
    [
        reply(ROW, status=500),
        reply(ROW, error=True),
        reply([8, "i8", *ROW[2:]]),
        reply([77, "i77", *ROW[2:]]),
        Reply(status=200, headers={}, body=b'{"error":{"code":1,"message":"i7 is far too long to be short"}}'),
    ],
)
def test_a_wrong_answer_under_load_ends_the_run(bad: Reply) -> None:
    with pytest.raises(BadAnswer):
        Check().later(bad, 7, 10)


def test_an_answer_much_shorter_than_the_first_ends_the_run() -> None:
    good = reply(ROW)
    Check().later(good, 7, len(good.body))
    with pytest.raises(BadAnswer):
        Check().later(good, 7, len(good.body) * 2)


def test_the_items_are_the_same_every_time_and_only_the_email_holds_an_at() -> None:
    first, second = list(items(50)), list(items(50))
    assert first == second
    for number, name, email, *rest in first:
        assert (name, email) == (answers.name(number), answers.email(number))
        assert "@" in email
        assert not any("@" in str(cell) for cell in (name, *rest))


def test_the_number_stands_in_the_text_of_the_statement() -> None:
    assert answers.statement("items", 5).endswith(" FROM items WHERE id = 5")
    assert answers.statement("items", 5, 100).endswith(" WHERE id BETWEEN 5 AND 104 ORDER BY id")


@pytest.mark.parametrize(
    ("kinds", "right"),
    [
        ({"call.intent": 3, "call.outcome": 3, "system.start": 1}, True),
        ({"call.intent": 3, "call.outcome": 2}, False),
        ({"call.intent": 4, "call.outcome": 4}, False),
        ({"call.intent": 2, "call.outcome": 2}, False),
        ({}, False),
    ],
)
def test_every_call_that_was_sent_has_its_two_entries(kinds: dict[str, int], right: bool) -> None:
    if right:
        count(Counter(kinds), 3)
    else:
        with pytest.raises(Miscounted):
            count(Counter(kinds), 3)


# ---------------------------------------------------------------- the wire


async def received(content: bytes) -> Reply:
    reader = asyncio.StreamReader()
    reader.feed_data(content)
    reader.feed_eof()
    return await read(reader)


async def test_a_body_is_read_by_its_length_or_in_chunks() -> None:
    plain = await received(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhellorest")
    assert (plain.status, plain.message) == (200, b"hello")
    chunks = b"3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n"
    chunked = await received(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert chunked.body == b"hello"
    assert (await received(b"HTTP/1.1 204 No Content\r\n\r\n")).body == b""


async def test_a_response_without_a_length_or_cut_short_is_no_answer() -> None:
    with pytest.raises(BadAnswer):
        await received(b"HTTP/1.1 200 OK\r\n\r\nhello")
    with pytest.raises(asyncio.IncompleteReadError):
        await received(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")


@pytest.mark.parametrize(
    ("stream", "data"),
    [
        (b"event: message\r\ndata: {}\r\n\r\n", b"{}"),
        (b": ping\n\ndata: one\n\ndata: two\n\n", b"two"),
        (b"data: a\ndata: b\n\n", b"a\nb"),
        (b"data:tight", b"tight"),
    ],
)
def test_the_last_event_of_a_stream_is_the_message(stream: bytes, data: bytes) -> None:
    assert last_event(stream) == data


def test_a_stream_without_an_event_is_no_answer() -> None:
    with pytest.raises(BadAnswer):
        last_event(b": ping\n\n")


def test_a_request_names_its_host_and_the_length_of_its_body() -> None:
    written = request("/mcp", "127.0.0.1:80", {"Accept": "*/*"}, b"body")
    assert written == b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:80\r\nAccept: */*\r\nContent-Length: 4\r\n\r\nbody"
