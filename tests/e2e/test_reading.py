"""EXPLAIN, SHOW and free text through the whole line: an agent's call, an Entry, an answer."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Place
from tests.e2e.test_line import query

HIT = "write to anna@example.test or pay 4111 1111 1111 1111"


async def test_explain_and_show_are_answered_as_queries(place: Place) -> None:
    answer = await query(place, "EXPLAIN (COSTS off) SELECT status FROM orders WHERE total > 100")
    assert answer["status"] == "answered", answer
    assert [column["name"] for column in answer["columns"]] == ["plan"]
    assert "orders" in str(answer["rows"])
    assert await place.kinds(answer["call"]) == ["call.intent", "call.outcome"]
    answer = await query(place, "EXPLAIN ANALYZE SELECT count(*) FROM orders")
    assert "actual" in str(answer["rows"])
    answer = await query(place, "SHOW transaction_read_only")
    assert answer["rows"] == [["on"]]


@pytest.mark.parametrize(
    "sql",
    [
        "EXPLAIN SELECT email FROM customers",
        "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
        "EXPLAIN DELETE FROM tickets",
        "EXPLAIN SELECT * FROM hr.payroll",
        "SHOW data_directory",
    ],
)
async def test_other_forms_of_them_are_refused(place: Place, sql: str) -> None:
    answer = await query(place, sql)
    assert answer["status"] == "refused", answer
    assert await place.fetch("SELECT to_regclass('public.x') AS made") == [(None,)]


async def test_free_text_is_searched_and_the_texts_beside_it_are_not(place: Place) -> None:
    before = (await place.fetch("SELECT body, subject FROM tickets WHERE id = 3"))[0]
    notes = (await place.fetch("SELECT notes, city FROM customers WHERE id = 3"))[0]
    try:
        await place.fetch("UPDATE tickets SET body = $1, subject = $1 WHERE id = 3", HIT)
        await place.fetch("UPDATE customers SET notes = $1, city = $1 WHERE id = 3", HIT)
        for sql in ("SELECT body, subject FROM tickets WHERE id = 3", "SELECT notes, city FROM customers WHERE id = 3"):
            answer = await query(place, sql)
            assert answer["status"] == "answered", answer
            assert "example.test" not in answer["rows"][0][0]
            assert "4111" not in answer["rows"][0][0]
            assert answer["rows"][0][1] == HIT
            assert [column.get("mask") for column in answer["columns"]] == ["free_text", None]
    finally:
        await place.fetch("UPDATE tickets SET body = $1, subject = $2 WHERE id = 3", *before)
        await place.fetch("UPDATE customers SET notes = $1, city = $2 WHERE id = 3", *notes)
