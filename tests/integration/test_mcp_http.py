"""The door over real HTTP: challenges, Host and Origin, both wires, disconnects, bursts, a stop with a held Call."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import anyio
import anyio.abc
import pytest

from core.errors import SettingsError
from core.model import Answer, Call, Door, Tool
from mcp_server.bounds import Bounds
from mcp_server.challenge import BODY_BYTES
from mcp_server.listen import Address, bound
from tests.integration.door import GOOD, ISSUER, SQL, Gateway, agent, calling, gateway, structure_of, wire
from tests.mcp_double import Double, answered, caller, shown


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["modern", "legacy"])
def modern(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


# ---------------------------------------------------------------- the main path


async def test_a_real_client_lists_asks_and_reads(era: str) -> None:
    async with gateway() as made, agent(made, era) as client:
        assert len((await client.list_tools()).tools) == len(Tool)
        result = await client.call_tool("query", SQL)
    assert shown(result)["rows"] == [[1, "tok_9f"]]
    call = made.line.calls[0]
    assert (call.door, call.bearer) == (Door("mcp-http"), "good")
    assert call.hints.address == "127.0.0.1"
    assert "good" not in repr(call)


async def test_a_call_is_held_until_people_approve_it(era: str) -> None:
    async with gateway() as made:
        made.line.answers = made.line.asks
        async with agent(made, era) as client, anyio.create_task_group() as group:

            async def approve() -> None:
                await made.line.asked.wait()
                made.line.decide(made.line.calls[0].id, answered(made.line.calls[0].id))

            group.start_soon(approve)
            with anyio.fail_after(15):
                assert shown(await client.call_tool("execute", SQL))["status"] == "answered"


async def test_one_callers_handle_is_worth_nothing_to_another(era: str) -> None:
    async with gateway(hold=timedelta(0)) as made:
        made.line.answers = made.line.asks
        async with agent(made, era) as client:
            of = str(shown(await client.call_tool("execute", SQL))["call"])
        async with agent(made, era, "bob") as bob:
            foreign = await bob.call_tool("collect", {"call": of})
            unknown = await bob.call_tool("collect", {"call": "call_" + "A" * 26})
    assert shown(foreign) == shown(unknown)
    assert shown(foreign)["code"] == "not_found"


# ---------------------------------------------------------------- tokens


async def test_challenges_byte_for_byte(modern: bool) -> None:
    reading, nothing = caller(scopes=frozenset({"assent:read"})), caller(scopes=frozenset())
    async with gateway(Double(callers={"good": caller(), "reader": reading, "none": nothing})) as made:
        root = made.url.removesuffix("/mcp")
        metadata = f'resource_metadata="{root}/.well-known/oauth-protected-resource/mcp"'
        message = calling("execute", SQL, modern=modern)
        absent = await made.post(message, {}, modern=modern)
        wrong = await made.post(message, {"authorization": "Bearer forged"}, modern=modern)
        basic = await made.post(message, {"authorization": "Basic Zm9v"}, modern=modern)
        unscoped = await made.post(
            calling("query", SQL, modern=modern), {"authorization": "Bearer none"}, modern=modern
        )
        reader = await made.post(message, {"authorization": "Bearer reader"}, modern=modern)
        reads = await made.post(calling("query", SQL, modern=modern), {"authorization": "Bearer reader"}, modern=modern)
    assert absent.status_code == 401
    assert absent.headers["www-authenticate"] == f'Bearer {metadata}, scope="assent:read"'
    for response in (wrong, basic):
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == f'Bearer error="invalid_token", {metadata}, scope="assent:read"'
    assert unscoped.status_code == 403
    assert unscoped.headers["www-authenticate"] == f'Bearer error="insufficient_scope", {metadata}, scope="assent:read"'
    assert reader.status_code == 403
    assert (
        reader.headers["www-authenticate"]
        == f'Bearer error="insufficient_scope", {metadata}, scope="assent:read assent:write"'
    )
    assert structure_of(reads)["status"] == "answered"
    assert [call.tool for call in made.line.calls] == [Tool.QUERY]
    assert made.room.tally.sums == {"unauthenticated": 2, "insufficient_scope": 2}  # a wrong one is the line's


async def test_without_a_token_the_line_is_not_even_asked() -> None:
    """A line that knows a local Caller without a token (direct stdio) must not lend it to HTTP."""
    async with gateway(Double()) as made:
        assert (await made.post(calling("query", SQL), {})).status_code == 401
    assert made.line.calls == []


async def test_a_lying_name_header_opens_nothing(modern: bool) -> None:
    async with gateway(Double(callers={"reader": caller(scopes=frozenset({"assent:read"}))})) as made:
        response = await made.post(
            calling("execute", SQL, modern=modern),
            {"authorization": "Bearer reader", "mcp-name": "list_sources", "mcp-method": "tools/list"},
            modern=modern,
        )
    assert response.status_code == 403
    assert made.line.calls == []


async def test_a_lying_name_header_with_every_scope_is_a_mismatch_on_the_modern_wire() -> None:
    async with gateway() as made:
        response = await made.post(calling("execute", SQL), GOOD | {"mcp-name": "query"})
    assert response.status_code == 400
    assert made.line.calls == []


async def test_keys_that_cannot_be_had_are_503_and_no_sign_in() -> None:
    async with gateway(Double(identity_down=True)) as made:
        response = await made.post(calling("query", SQL))
    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert "www-authenticate" not in response.headers


@pytest.mark.parametrize("prefix", ["", "/assent"])
async def test_metadata_stand_at_both_paths_public_and_exact(prefix: str) -> None:
    async with gateway(prefix=prefix) as made:
        root = made.url.removesuffix(f"{prefix}/mcp")
        for path in (f"/.well-known/oauth-protected-resource{prefix}/mcp", "/.well-known/oauth-protected-resource"):
            response = await made.http.get(root + path, headers={"origin": "https://claude.ai"})
            assert response.json() == {
                "resource": f"{root}{prefix}/mcp",
                "authorization_servers": [ISSUER],
                "scopes_supported": ["assent:read"],
                "bearer_methods_supported": ["header"],
                "resource_name": "Assent",
            }
            assert response.headers["access-control-allow-origin"] == "*"


# ---------------------------------------------------------------- what is not for us


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
async def test_foreign_hosts_and_origins_are_refused_before_the_token(headers: dict[str, str], status: int) -> None:
    async with gateway() as made:
        with_token = await made.post(calling("query", SQL), GOOD | headers)
        without = await made.post(calling("query", SQL), headers)
    assert (with_token.status_code, without.status_code) == (status, status)
    assert made.line.calls == []


async def test_our_own_origin_and_the_other_names_of_loopback_pass() -> None:
    async with gateway() as made:
        root = made.url.removesuffix("/mcp")
        port = root.rpartition(":")[2]
        own = await made.post(calling("query", SQL), GOOD | {"origin": root})
        other = await made.post(calling("query", SQL), GOOD | {"host": f"localhost:{port}"})
        wrong_port = await made.post(calling("query", SQL), GOOD | {"host": "localhost:1"})
    assert (own.status_code, other.status_code, wrong_port.status_code) == (200, 200, 421)


async def test_a_foreign_host_gets_nothing_from_any_route_but_the_probes() -> None:
    async with gateway() as made:
        root = made.url.removesuffix("/mcp")
        seen = {
            path: (await made.http.get(root + path, headers={"host": "evil.example"})).status_code
            for path in ("/mcp", "/.well-known/oauth-protected-resource", "/nothing", "/healthz", "/readyz")
        }
    assert seen == {
        "/mcp": 421,
        "/.well-known/oauth-protected-resource": 421,
        "/nothing": 421,
        "/healthz": 200,
        "/readyz": 200,
    }


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_there_is_no_session_to_get_or_delete(method: str) -> None:
    async with gateway() as made:
        assert (await made.http.request(method, made.url, headers=GOOD)).status_code == 405


async def raw(made: Gateway, head: Mapping[str, str], body: bytes) -> bytes:
    """Send a request as bytes, for what a well-behaved client will not send; return the status line."""
    host, port = made.url.removeprefix("http://").removesuffix("/mcp").split(":")
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    async with await anyio.connect_tcp(host, int(port)) as stream:
        await stream.send(f"POST /mcp HTTP/1.1\r\nHost: {host}:{port}\r\n{lines}\r\n".encode() + body)
        return (await stream.receive()).split(b"\r\n")[0]


async def test_blanks_around_header_values_are_no_part_of_them() -> None:
    message = calling("query", SQL)
    body = json.dumps(message).encode()
    head = wire(message, modern=True) | GOOD | {"mcp-name": "query \t", "content-length": str(len(body))}
    async with gateway() as made:
        assert await raw(made, head, body) == b"HTTP/1.1 200 OK"


async def test_a_body_that_does_not_come_is_given_up() -> None:
    head = wire(None, modern=True) | GOOD | {"content-length": "1000"}
    async with gateway(bounds=Bounds(body=timedelta(milliseconds=50))) as made:
        with anyio.fail_after(10):
            assert await raw(made, head, b"{") == b"HTTP/1.1 408 Request Timeout"


HEADS = {
    "one field without end": b"x: " + b"a" * 1_000_000,
    "fields without end": b"x: a\r\n" * 100_000,
    "a field that is too large": b"x: " + b"a" * 100_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("case", HEADS)
async def test_a_head_without_end_ends_the_connection_before_anybody_is_asked(case: str) -> None:
    async with gateway() as made:
        place = urlsplit(made.url)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nhost: " + place.netloc.encode() + b"\r\n" + HEADS[case])
        with anyio.fail_after(20), suppress(ConnectionError):
            await writer.drain()
            got = await reader.read()
            assert got.startswith(b"HTTP/1.1 400 "), got[:80]
            assert got.count(b"HTTP/1.1") == 1
        writer.close()
        assert (await made.http.get(made.url.replace("/mcp", "/healthz"))).status_code == 200


async def test_two_authorization_headers_are_none() -> None:
    message = calling("query", SQL)
    body = json.dumps(message).encode()
    head = wire(message, modern=True) | GOOD | {"Authorization": "Bearer good", "content-length": str(len(body))}
    async with gateway() as made:
        assert await raw(made, head, body) == b"HTTP/1.1 401 Unauthorized"
    assert made.line.calls == []


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize("bad", ["\0", "\ud800"])
async def test_nul_and_lone_surrogates_reach_no_call_on_either_wire(bad: str, modern: bool) -> None:
    async with gateway() as made:
        response = await made.post(calling("query", SQL | {"sql": f"SELECT '{bad}'"}, modern=modern), modern=modern)
    assert made.line.calls == []
    if bad == "\0" or modern:
        assert structure_of(response)["code"] == "bad_call"
    else:
        assert response.status_code == 400  # the older wire refuses it while parsing


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"{", b"[]", b"null", b"[" * 50_000, b'{"jsonrpc":"2.0","id":1,"method":"no/such"}']
)
async def test_garbage_is_a_client_error_and_harms_nothing(body: bytes, modern: bool) -> None:
    async with gateway() as made:
        response = await made.post(body, GOOD | {"mcp-method": "no/such"}, modern=modern)
        after = await made.post(calling("query", SQL))
    assert response.status_code in {200, 400, 404}
    assert "result" not in response.text
    assert structure_of(after)["status"] == "answered"


@pytest.mark.parametrize("depth", [150, 900, 20_000])
async def test_deep_arguments_are_refused_and_harm_nothing(depth: int, modern: bool) -> None:
    deep = "[" * depth + "]" * depth
    body = json.dumps(calling("query", SQL | {"parameters": 0}, modern=modern)).replace(
        '"parameters": 0', f'"parameters": {deep}'
    )
    async with gateway() as made:
        response = await made.post(body.encode(), GOOD | wire(calling("query", SQL), modern=modern), modern=modern)
        after = await made.post(calling("query", SQL))
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert "answered" not in response.text
    assert structure_of(after)["status"] == "answered"
    assert len(made.line.calls) == 1


async def test_a_body_beyond_the_limit_is_refused_whether_or_not_its_length_is_said() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(2 * BODY_BYTES // 65_536):
            yield b"x" * 65_536

    async with gateway() as made:
        said = await made.post(b"x" * (BODY_BYTES + 1))
        unsaid = await made.http.post(made.url, content=chunks(), headers=wire(None, modern=True) | GOOD)
    assert (said.status_code, unsaid.status_code) == (413, 413)
    assert "larger than 1 MiB" in said.json()["error"]["message"]
    assert made.room.tally.sums == {"too_large": 2}


async def test_no_token_and_no_statement_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    async def answers(_: Call) -> Answer:
        raise RuntimeError("canary-value")

    with caplog.at_level(logging.INFO):
        async with gateway(Double(callers={"canary-token": caller()}, answers=answers)) as made:
            for token in ("canary-token", "canary-wrong"):
                await made.post(
                    calling("query", SQL | {"sql": "SELECT 'canary-literal'"}), {"authorization": f"Bearer {token}"}
                )
    assert "RuntimeError at" in caplog.text
    assert "canary" not in caplog.text


# ---------------------------------------------------------------- load and endings


async def test_a_disconnect_cancels_the_running_statement(modern: bool) -> None:
    async with gateway() as made:
        made.line.answers = made.line.runs
        async with anyio.create_task_group() as group:

            async def ask() -> None:
                await made.post(calling("query", SQL, modern=modern), modern=modern)

            group.start_soon(ask)
            await made.line.asked.wait()
            group.cancel_scope.cancel()
        with anyio.fail_after(2):
            await made.line.ended.wait()
        assert made.room.limiter.inside == 0


async def test_a_burst_is_bounded_and_told_when_to_retry(modern: bool) -> None:
    seen: Counter[object] = Counter()
    go = anyio.Event()

    async def answers(call: Call) -> Answer:
        await go.wait()
        return answered(call.id)

    async with gateway(Double(callers={"good": caller()}, answers=answers), bounds=Bounds(running=4, each=10)) as made:

        async def ask() -> None:
            structure = structure_of(await made.post(calling("query", SQL, modern=modern), modern=modern))
            seen[structure.get("code", structure["status"])] += 1
            if structure.get("code") == "busy":
                assert structure["retry_after_seconds"] == 2
                if seen["busy"] == 50:
                    go.set()

        with anyio.fail_after(60):
            async with anyio.create_task_group() as group:
                for _ in range(60):
                    group.start_soon(ask)
    assert seen == {"answered": 10, "busy": 50}
    assert len(made.line.calls) == 10


async def test_a_runaways_open_requests_are_refused_and_another_agent_is_answered(modern: bool) -> None:
    async with gateway(bounds=Bounds(open=2)) as made:
        made.line.answers = made.line.runs
        async with anyio.create_task_group() as group:
            for _ in range(2):
                made.line.asked = anyio.Event()
                group.start_soon(lambda: made.post(calling("query", SQL, modern=modern), modern=modern))
                await made.line.asked.wait()
            refused = await made.post(calling("query", SQL, modern=modern), modern=modern)
            made.line.answers = None
            other = await made.post(
                calling("query", SQL, modern=modern), {"authorization": "Bearer bob"}, modern=modern
            )
            group.cancel_scope.cancel()
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
    assert refused.json()["error"] == "busy"
    assert structure_of(other)["status"] == "answered"


async def test_a_stop_answers_the_held_call_and_lets_the_running_one_finish(modern: bool) -> None:
    """As on SIGTERM: one Call waits for people, one statement runs; both get an answer, in this order."""
    order: list[object] = []
    finish = anyio.Event()
    running = anyio.Event()

    async with gateway() as made:

        async def answers(call: Call) -> Answer:
            if call.tool is Tool.EXECUTE:
                return await made.line.asks(call)
            running.set()
            await finish.wait()
            return answered(call.id)

        async def ask(tool: str) -> None:
            structure = structure_of(await made.post(calling(tool, SQL, modern=modern), modern=modern))
            order.append(structure["status"])
            finish.set()

        made.line.answers = answers
        with anyio.fail_after(30):
            async with anyio.create_task_group() as group:
                group.start_soon(ask, "execute")
                group.start_soon(ask, "query")
                await made.line.asked.wait()
                await running.wait()
                made.stop.set()
            await made.stopped.wait()
    assert order == ["pending_approval", "answered"]


async def test_readiness_ends_when_the_drain_begins_and_liveness_does_not() -> None:
    async with gateway() as made:
        root = made.url.removesuffix("/mcp")
        before = (await made.http.get(root + "/readyz")).status_code
        made.room.drain.begin()
        after = (await made.http.get(root + "/readyz")).status_code
        alive = (await made.http.get(root + "/healthz")).status_code
    assert (before, after, alive) == (200, 503, 200)


async def test_frames_are_not_to_be_buffered(modern: bool) -> None:
    async with gateway() as made:
        response = await made.post(calling("query", SQL, modern=modern), modern=modern)
    assert response.headers["x-accel-buffering"] == "no"


def test_a_taken_port_is_one_sentence() -> None:
    taken = bound(Address())
    with pytest.raises(SettingsError, match=r"cannot listen on 127\.0\.0\.1:"):
        bound(Address(port=taken.getsockname()[1]))
    taken.close()
