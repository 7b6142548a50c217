from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client

from core.model import Decision
from core.ports import Said
from demo.world import CLIENT
from tests.e2e.conftest import Place
from tests.waiting import until

PURPOSE = "a test of the line"


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    if tool in {"query", "execute"}:
        arguments = {"source": "shop", "purpose": PURPOSE, **arguments}
    result = await client.call_tool(tool, arguments)
    return dict(result.structured_content or {"status": "none", "text": str(result.content)})


async def query(place: Place, sql: str, name: str = "ana", **more: Any) -> dict[str, Any]:
    async with place.agent(name) as client:
        return await call(client, "query", sql=sql, **more)


async def settled(client: Client, answer: dict[str, Any]) -> dict[str, Any]:
    while answer["status"] in {"pending_approval", "running"}:
        answer = await call(client, "collect", call=answer["call"])
    return answer


# ---------------------------------------------------------------- reads


async def test_an_untagged_read_is_answered_as_postgresql_answers_it(place: Place) -> None:
    sql = "SELECT status, count(*), round(avg(total), 2) FROM orders GROUP BY 1 ORDER BY 1"
    answer = await query(place, sql)
    raw = await place.fetch(sql)
    assert answer["status"] == "answered"
    assert answer["rows"] == [[row[0], row[1], str(row[2])] for row in raw]
    assert [column.get("mask") for column in answer["columns"]] == [None] * 3
    assert await place.kinds(answer["call"]) == ["call.intent", "call.outcome"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM customers WHERE id = 1",
        "SELECT upper(c.email) FROM customers c WHERE id = 1",
        "SELECT c::text FROM customers c WHERE id = 1",
        "SELECT to_jsonb(c) FROM customers c WHERE id = 1",
        "SELECT * FROM customer_contacts WHERE id = 1",
        "SELECT (SELECT national_id FROM customers WHERE id = 1)",
        "WITH x AS (SELECT * FROM customers) SELECT email, name, national_id FROM x WHERE id = 1",
        "SELECT string_agg(email, ',') FROM customers WHERE id < 3",
        "SELECT card_number FROM payments WHERE card_number IS NOT NULL ORDER BY id LIMIT 2",
        "SELECT street FROM addresses a JOIN customers c ON c.id = a.customer_id WHERE c.id = 1",
    ],
)
async def test_no_raw_value_of_a_tagged_column_comes_out(place: Place, sql: str) -> None:
    answer = await query(place, sql)
    secret = await place.fetch(
        "SELECT name, email, national_id, street, (SELECT card_number FROM payments WHERE id = c.id) AS card "
        "FROM customers c JOIN addresses a ON a.customer_id = c.id WHERE c.id < 6"
    )
    shown = str(answer)
    for row in secret:
        for value in row.values():
            assert value is None or value not in shown, (value, answer)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT * FROM hr.payroll", "refused_by_rule"),
        ("DELETE FROM tickets", "no_rule"),  # nor would execute for her
        ("SELECT 1; DELETE FROM tickets", "several"),
        ("SELECT pg_sleep(1)", "function"),
        ("SELECT pg_read_file('/etc/passwd')", "function"),
        ("COPY customers TO '/tmp/x'", None),
        ("SET ROLE postgres", None),
        ("SELECT * FROM pg_stats", None),
        ("SELECT ctid FROM customers", None),
        ("selekt", "syntax"),
        ("", None),
        ("SELECT '" + "x" * 65_600 + "'", None),
        ("SELECT 1 FROM nowhere", "missing"),
    ],
)
async def test_what_is_no_plain_read_is_refused_with_an_entry(place: Place, sql: str, code: str | None) -> None:
    before = await place.fetch("SELECT count(*) FROM tickets")
    answer = await query(place, sql)
    assert answer["status"] in {"refused", "failed"}, answer
    assert code is None or answer["code"] == code, answer
    assert await place.fetch("SELECT count(*) FROM tickets") == before
    if answer.get("call"):
        assert "call.outcome" in await place.kinds(answer["call"])


async def test_truncation_is_said(place: Place) -> None:
    answer = await query(place, "SELECT id FROM orders ORDER BY id")
    assert answer["truncated"] is True
    assert 0 < len(answer["rows"]) == answer["row_count"] <= 1000
    assert answer["message"]


@pytest.mark.parametrize(
    ("sql", "parameters", "rows"),
    [
        ("SELECT id FROM customers WHERE id = $1", [7], [[7]]),
        ("SELECT $1::text || '!'", ["o'hara"], [["o'hara!"]]),
        ("SELECT count(*) FROM orders WHERE ordered_at > $1", ["2100-01-01"], [[0]]),
        ("SELECT $1::numeric + 1", ["1.10"], [["2.10"]]),
        ("SELECT $1::boolean, $2::int", [True, None], [[True, None]]),
    ],
)
async def test_parameters_are_bound(place: Place, sql: str, parameters: list[Any], rows: list[Any]) -> None:
    assert (await query(place, sql, parameters=parameters))["rows"] == rows


@pytest.mark.parametrize("parameters", [[], [1, 2], ["x"], [{"a": 1}]])
async def test_wrong_parameters_are_a_clear_error(place: Place, parameters: list[Any]) -> None:
    answer = await query(place, "SELECT id FROM customers WHERE id = $1", parameters=parameters)
    assert answer["status"] in {"refused", "failed", "none"}, answer


async def test_an_error_names_no_value(place: Place) -> None:
    answer = await query(place, "SELECT email::int FROM customers WHERE id = 1")
    assert answer["status"] == "failed"
    mail = (await place.fetch("SELECT email FROM customers WHERE id = 1"))[0]["email"]
    assert mail not in str(answer)


async def test_a_client_that_goes_away_leaves_nothing_running(place: Place) -> None:
    slow = "SELECT count(*) FROM orders a, orders b, orders c WHERE a.total + b.total > c.total"

    async def running() -> bool:
        found = await place.fetch(
            "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'assent:call_%' AND state = 'active'"
        )
        return bool(found)

    async def gone() -> bool:
        return not await running()

    with anyio.move_on_after(10):
        async with place.agent("ana") as client, anyio.create_task_group() as group:
            group.start_soon(lambda: call(client, "query", sql=slow))
            await until(running)
            group.cancel_scope.cancel()
    await until(gone, seconds=4)


# ---------------------------------------------------------------- writes that people decide


async def test_an_approved_change_runs_once_and_its_record_is_whole(place: Place) -> None:
    sql = "UPDATE tickets SET closed_at = now() WHERE id = 3 RETURNING id"
    async with place.agent("sam") as client:
        work = asyncio.create_task(call(client, "execute", sql=sql))
        assert await place.decide(Decision.APPROVE) is Said.APPROVED
        answer = await settled(client, await work)
    assert answer["status"] == "answered", answer
    assert answer["rows"] == [[3]]
    # What it would touch is weighed beside the course, for who decides: before the decision, or after all.
    assert [kind for kind in await place.kinds(answer["call"]) if kind != "call.weighed"] == [
        "call.intent",
        "call.prepared",
        "call.outcome",
        "disclosure.begin",
    ]


async def test_the_requester_cannot_approve_their_own(place: Place) -> None:
    from core.model import Identity, Person

    dora = Identity(person=Person(directory="demo", id="dora"), name="dora", email="dora@demo.example", via="terminal")
    async with place.agent("dora") as client:
        work = asyncio.create_task(call(client, "execute", sql="UPDATE tickets SET subject = 'x' WHERE id = 9"))
        assert await place.decide(Decision.APPROVE, who=dora) is Said.SELF
        assert await place.decide(Decision.DENY, reason="not needed") is Said.DENIED
        answer = await settled(client, await work)
    assert answer["status"] == "refused"
    assert answer["reviewer_note"] == "not needed"


async def test_a_change_can_be_withdrawn(place: Place) -> None:
    async with place.agent("sam") as client:
        work = asyncio.create_task(call(client, "execute", sql="UPDATE tickets SET subject = 'y' WHERE id = 10"))
        shown = (await until(place.pending))[0]
        withdrawn = await call(client, "cancel", call=shown.review.call)
        assert withdrawn["status"] == "refused"
        assert withdrawn["code"] == "cancelled"
        assert (await work)["status"] == "refused"
    assert await place.pending() == ()


async def test_a_write_that_counts_over_its_cap_is_refused_before_anyone_is_asked(place: Place) -> None:
    async with place.agent("sam") as client:
        answer = await call(client, "execute", sql="UPDATE tickets SET subject = subject WHERE id > 0")
    assert answer["status"] == "refused"
    assert answer["code"] == "too_many_rows"
    assert "3000 rows" in str(answer["message"])


async def test_a_write_over_its_cap_is_rolled_back(place: Place) -> None:
    async with place.agent("sam") as client:
        sql = "WITH e AS (SELECT id FROM tickets) UPDATE tickets SET subject = subject FROM e WHERE e.id = tickets.id"
        work = asyncio.create_task(call(client, "execute", sql=sql))  # a form that is not counted beforehand
        await place.decide(Decision.APPROVE)
        answer = await settled(client, await work)
    assert answer["status"] == "failed"
    assert answer["code"] == "over_cap"


async def test_masked_text_and_other_callers_ids_open_nothing(place: Place) -> None:
    mine = await query(place, "SELECT 1 FROM orders LIMIT 1")
    async with place.agent("sam") as client:
        foreign = await call(client, "collect", call=mine["call"])
        unknown = await call(client, "collect", call="call_" + "A" * 26)
    assert foreign["code"] == unknown["code"] == "not_found"
    assert {**foreign, "call": None} == {**unknown, "call": None}


async def test_a_result_can_be_collected_again_and_each_time_is_recorded(place: Place) -> None:
    async with place.agent("ana") as client:
        first = await call(client, "query", sql="SELECT id, email FROM customers WHERE id = 1")
        again = await call(client, "collect", call=first["call"])
    assert again["rows"] == first["rows"]
    assert (await place.kinds(first["call"])).count("disclosure.begin") == 1


# ---------------------------------------------------------------- who is asking


async def test_the_wrong_tokens_are_nobody(place: Place) -> None:
    from mcp.shared.exceptions import MCPError

    mint, audience = place.world.mint, f"{place.world.url}/mcp"
    expired = mint.person("ana", ["analysts"], audience, client=CLIENT, exp=1)
    stranger = mint.person("ana", ["analysts"], audience, client="other-client")
    for token in (expired, stranger, "garbage", "e30.e30.e30"):
        with pytest.raises((MCPError, Exception)):
            async with asyncio.timeout(10), place.agent("ana", token=token) as client:
                await client.list_tools()


async def test_no_token_is_logged_stored_or_echoed(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    good, wrong = place.world.token("ana"), place.world.token("ana") + "A"
    with caplog.at_level(logging.DEBUG):
        async with place.agent("ana", token=good) as client:
            answers = [await call(client, "query", sql=sql) for sql in ("SELECT 1", "SELEC 1", "DELETE FROM orders")]
            answers.append(await call(client, "collect", call="call_x"))
        async with httpx2.AsyncClient(timeout=60) as http:
            refused = await http.post(place.house.mcp, content=b"{}", headers={"authorization": f"Bearer {wrong}"})
    assert refused.status_code == 401
    logged = " ".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    files = [one for one in place.world.folder.rglob("*") if one.is_file()]
    assert files
    for piece in {*good.split(".")[1:], *wrong.split(".")[1:]}:
        assert piece not in logged
        assert piece not in json.dumps(answers) + refused.text + str(refused.headers)
        assert [one.name for one in files if piece.encode() in one.read_bytes()] == []


async def test_scopes_narrow_what_a_caller_sees(place: Place) -> None:
    token = place.world.mint.person("sam", ["support"], f"{place.world.url}/mcp", client=CLIENT, scope="assent:read")
    async with place.agent("sam", token=token) as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
    assert "execute" not in tools
    assert "query" in tools


async def test_check_runs_nothing_and_says_what_would_happen(place: Place) -> None:
    async with place.agent("sam") as client:
        would = await call(client, "check", source="shop", sql="DELETE FROM tickets WHERE id = 1")
        read = await call(client, "check", source="shop", sql="SELECT email FROM customers")
    assert (would["verdict"], would["class"]) == ("ask", "write")
    assert (read["verdict"], read["class"]) == ("allow", "read")
    assert read["masked"]
    assert await place.fetch("SELECT 1 FROM tickets WHERE id = 1")


async def test_the_console_is_closed_for_votes_in_the_demo_and_for_agents_always(place: Place) -> None:
    import httpx2

    headers = {"authorization": f"Bearer {place.world.token('dora')}"}
    async with httpx2.AsyncClient(base_url=place.house.console, headers=headers) as http:
        assert (await http.get("/api/reviews")).status_code == 401
        assert (await http.post("/api/reviews/rev_x/votes", json={})).status_code == 401


async def test_a_session_groups_the_calls_of_one_agent(place: Place) -> None:
    from demo.world import REVIEWER

    await query(place, "SELECT 1 FROM orders LIMIT 1")
    archive = place.house.house.archive
    lines = await archive.sessions(REVIEWER)
    assert lines
    found = await archive.session(REVIEWER, lines[0].session)
    assert found is not None
    assert len(found[1]) == found[0].calls
    verified = await place.house.house.verify()
    assert verified["findings"] == []
    assert timedelta(0) <= lines[0].last_at - lines[0].began_at
