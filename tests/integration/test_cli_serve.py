"""`assent serve` as a process: open when it says so, closed where that would be unsafe, gone when told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import sqlite3
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import Any

import asyncpg
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from core.settings import load
from core.telemetry import stages
from core.telemetry.lines import FIELDS
from demo.slack import Slack
from demo.slack.world import Member
from demo.world import World, free, world
from tests.collector import Collector, collecting
from tests.commands import PROGRAM, ROOT, assent
from tests.integration.provider import PEOPLE, started
from tests.integration.test_serve_sinks import certified
from tests.integration.test_sign_in import asked as wanted
from tests.integration.test_sign_in import field, sent_back, trade
from tests.replicas.life import said as told
from tests.waiting import until

PIPE = asyncio.subprocess.PIPE
MANY = 24  # answers before the stop
DRAIN = 30  # seconds, of which the drain may take 25


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with world(tmp_path_factory.mktemp("place"), say=lambda _: None) as made:
        yield made


@pytest.fixture
def traces() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@asynccontextmanager
async def serving(place: World, **environ: str) -> AsyncIterator[asyncio.subprocess.Process]:
    command, environ = (*PROGRAM, "serve", "--config", str(place.config)), {**os.environ, **environ}
    running = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, cwd=ROOT, env=environ)
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


async def said(running: asyncio.subprocess.Process) -> str:
    assert running.stderr is not None
    async with asyncio.timeout(60):
        return (await running.stderr.readline()).decode()


async def served(running: asyncio.subprocess.Process) -> None:
    """Read on until it serves; it may first say that its file's policy lets somebody do more than the last one."""
    while "assent serves" not in (line := await said(running)):
        assert line, "it ended"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_says_where_it_serves_and_ends_when_told(place: World, number: signal.Signals) -> None:
    async with serving(place) as running:
        assert f"assent serves {place.url}/mcp" in await said(running)
        healthy = await asyncio.to_thread(assent, "health", "--config", place.config)
        assert (healthy.exit_code, "is ready" in healthy.stdout) == (0, True)
        running.send_signal(number)
        async with asyncio.timeout(60):
            assert await running.wait() == 0
    assert (await asyncio.to_thread(assent, "health", "--config", place.config)).exit_code == 4


async def test_a_stop_under_load_answers_nothing_without_its_outcome_and_ends_in_time(place: World) -> None:
    answers: list[dict[str, Any]] = []
    enough = asyncio.Event()

    async def agent(number: int) -> None:
        """Read on until the process is gone."""
        given = {"source": "shop", "sql": f"SELECT count(*) FROM orders WHERE id > {number}", "purpose": "load"}
        with contextlib.suppress(httpx2.HTTPError):
            while True:
                answers.append(await told(place.url, place.token("ana"), "query", given))
                if len(answers) >= MANY:
                    enough.set()

    async with serving(place) as running:
        await served(running)
        bearer = place.mint.person("sam", ["support", "analysts"], f"{place.url}/mcp", client="demo-agent")
        change = {"source": "shop", "sql": "UPDATE orders SET total = total + 1 WHERE id = 1", "purpose": "held"}
        asking = asyncio.create_task(told(place.url, bearer, "execute", change))
        agents = [asyncio.create_task(agent(number)) for number in range(8)]
        async with asyncio.timeout(60):
            await enough.wait()
        running.send_signal(signal.SIGTERM)
        async with asyncio.timeout(DRAIN):
            assert await running.wait() == 0
        await asyncio.gather(*agents)
        held = await asking
    with closing(sqlite3.connect(f"file:{place.config.parent / 'assent.db'}?mode=ro", uri=True)) as store:
        ended = {of for (of,) in store.execute("SELECT scope FROM log_entry WHERE kind = 'call.outcome'")}
        begun = {of for (of,) in store.execute("SELECT scope FROM log_entry WHERE kind = 'call.intent'")}
        left = {of for (of,) in store.execute("SELECT call_id FROM open_calls")}
        (last,) = store.execute("SELECT kind FROM log_entry ORDER BY seq DESC LIMIT 1").fetchone()
    assert {str(one["call"]) for one in answers if one.get("call")} <= ended
    assert held["status"] == "pending_approval"  # who waits for people is answered, and the question stays
    assert left == begun - ended == {held["call"]}
    assert last == "system.stop"


async def test_a_process_tells_operators_of_itself_and_nobody_of_what_was_asked(
    place: World, traces: Collector
) -> None:
    port = free()
    before = place.config.read_text()
    place.config.write_text(f'{before}\n[metrics]\nlisten = "127.0.0.1:{port}"\n')
    try:
        async with (
            serving(place, OTEL_EXPORTER_OTLP_ENDPOINT=traces.url) as running,
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
        ):
            await served(running)
            call = await asked(place, "SELECT id FROM orders WHERE status = 'canary-4242'")
            line = json.loads(await said(running))
            assert (line["call"], line["source"], line["outcome"]) == (call, "shop", "delivered")
            assert (await http.get("/readyz")).json() == {
                "serving": True,
                "policy": True,
                "journal": True,
                "keys": True,
            }
            assert (await http.get("/sources")).json() == {"shop": "reached"}
            numbers = (await http.get("/metrics")).text
            assert 'assent_calls_total{source="shop",verdict="allow"} 1.0' in numbers
            assert (
                'mcp_server_operation_duration_seconds_count{method="tools/call",outcome="answered",tool="query"}'
                in (numbers)
            )
            assert "assent_journal_lag_entries" in numbers
            for tool, sql in (("query", "SELECT 'canary-4242'::int"), ("query", "canary-4242"), ("canary-4242", "")):
                given = {"source": "shop", "sql": sql, "purpose": "canary-4242"}
                with contextlib.suppress(httpx2.RemoteProtocolError):  # of no tool there is no result
                    assert (await told(place.url, place.token("ana"), tool, given))["status"] in {"refused", "failed"}
            assert 'assent_blocks{kind="agent"} 0.0' in numbers
            running.send_signal(signal.SIGTERM)
            assert running.stderr is not None
            lines = (await running.stderr.read()).decode().splitlines()
            assert all(set(json.loads(one)) <= {"at", "level", "logger", "event", "error", *FIELDS} for one in lines)
            assert "canary" not in numbers + "".join(lines)
        spans = list(traces.spans())
        assert {name for name, _ in spans} >= {"tools/call query", *stages.NAMES.values()} - {"assent.commit"}
        assert {said["assent.call"] for name, said in spans if name == "assent.run"} >= {call}
        sent = b"".join(traces.kept)
        for word in (b"canary", b"SELECT", b"orders", b"ana@", place.token("ana").encode()[:40]):
            assert word not in sent
    finally:
        place.config.write_text(before)


async def test_it_serves_agents_by_tls_with_the_key_of_the_configuration(place: World) -> None:
    folder, before = place.config.parent, place.config.read_text()
    _, trusted = certified(folder)
    pair = (folder / "collector.pem").read_text()
    (folder / "tls.key").write_text(pair[: pair.index("-----BEGIN CERTIFICATE")])
    (folder / "tls.key").chmod(0o600)
    tls = f'[gateway]\ncertificate = "{trusted.name}"\nkey = "file:tls.key"\n'
    place.config.write_text(
        before.replace("[gateway]\n", tls, 1).replace(f'"{place.url}"', f'"https{place.url[4:]}"', 1)
    )
    try:
        async with serving(place) as running:
            assert "assent serves https://" in await said(running)
            async with httpx2.AsyncClient(verify=ssl.create_default_context(cafile=trusted), trust_env=False) as http:
                assert (await http.get(f"https{place.url[4:]}/healthz")).status_code == 200
            healthy = await asyncio.to_thread(assent, "health", "--config", place.config)  # of no public authority
            assert (healthy.exit_code, healthy.stdout.startswith("https://")) == (0, True)
            trusted.unlink()
            unread = await asyncio.to_thread(assent, "health", "--config", place.config)
            assert unread.exit_code == 4
            assert "[gateway] certificate cannot be read (FileNotFoundError)" in unread.stderr
    finally:
        place.config.write_text(before)


async def asked(place: World, sql: str) -> str:
    """Ask once, and return the Call's id."""
    headers = {"authorization": f"Bearer {place.token('ana')}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{place.url}/mcp", http_client=http)) as agent,
    ):
        result = await agent.call_tool("query", {"source": "shop", "sql": sql, "purpose": "canary-4242"})
    assert result.structured_content is not None
    assert result.structured_content["status"] == "answered", result.structured_content
    return str(result.structured_content["call"])


SIGN_IN = """
[sign_in.corp]
issuer = "{issuer}"
client_id = "assent-people"
client_secret = "env:PEOPLE_SECRET"

[[identity]]
issuer = "{issuer}"
audiences = ["api://nobody"]
directory = "demo"
domains = ["example.test"]
person_when = {{ email_verified = true }}
person_claim = "oid"

[[identity]]
issuer = "{people}"
audiences = ["{url}/mcp"]
directory = "demo"
groups = ["support"]
domains = ["example.test"]
clients = ["assent-relay"]
person_when = {{ kind = "person" }}
person_claim = "oid"
ignored = ["kind"]
"""


SLACK = """
[slack]
bot_token = "env:SLACK_BOT"
app_token = "env:SLACK_APP"
channel = "C0REVIEWS1"
api = "{base}/api/"
hooks = "{base}"
email_domains = ["example.test"]
"""


async def test_a_person_signs_in_at_the_served_console_their_agent_lists_its_tools_and_their_slack_account_is_linked(
    place: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole of it as configured: provider, console, minted token, gateway, Slack, over sockets alone."""
    before = place.config.read_text()
    people = re.search(r'\[console\]\nlisten = "([^"]+)"', before)
    assert people is not None
    monkeypatch.setenv("PEOPLE_SECRET", PEOPLE)
    monkeypatch.setenv("MINTING", "6d" * 32)
    async with Slack.start(ack_seconds=10.0) as slack, AsyncExitStack() as stack:
        corp = stack.enter_context(started(f"{place.url}/mcp"))
        slack.member(Member(id="U0ALICE", name="alice"))
        monkeypatch.setenv("SLACK_BOT", slack.api.bot_token)
        monkeypatch.setenv("SLACK_APP", slack.api.app_token)
        more = SIGN_IN.format(issuer=corp.issuer, people=f"http://{people[1]}", url=place.url)
        known = before.replace("[gateway]\n", '[gateway]\nacknowledge = ["slack-by-email"]\n', 1)
        known = known.replace("[console]\n", '[console]\nminting = "env:MINTING"\n', 1)
        place.config.write_text(known + more + SLACK.format(base=slack.base))
        try:
            async with serving(place) as running:
                await served(running)
                token = await handed(f"http://{people[1]}", f"{place.url}/mcp")
                headers = {"authorization": f"Bearer {token}", "accept": "application/json, text/event-stream"}
                listed = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
                async with httpx2.AsyncClient(trust_env=False) as http:
                    reply = await http.post(f"{place.url}/mcp", json=listed, headers=headers)
                assert (reply.status_code, '"list_sources"' in reply.text) == (200, True), reply.text
                assert "linked to alice@example.test, demo:alice" in await linked(f"http://{people[1]}", slack)
        finally:
            place.config.write_text(before)


def browsing(people: str) -> httpx2.AsyncClient:
    """Be alice's browser."""
    return httpx2.AsyncClient(
        base_url=people,
        trust_env=False,
        follow_redirects=True,
        headers={"x-test-user": "alice", "sec-fetch-site": "same-origin"},
    )


async def linked(people: str, slack: Slack) -> str:
    """Be alice in Slack and in her browser; return what Slack says at the end."""
    begun = await slack.slash("U0ALICE", "link")
    button = begun.button("link.open") if begun is not None else None
    assert button is not None
    async with browsing(people) as browser:
        await browser.get(str(button["url"]))
        page = await browser.get("/oidc/corp/login")
        shown = await browser.post("/link", data={name: field(page, name) for name in ("stamp", "of")})
    code = re.search(r"/audit (link [0-9A-Z-]+)<", shown.text)
    assert code is not None, shown.text
    said = await slack.slash("U0ALICE", code[1])
    assert said is not None
    return said.words


async def handed(people: str, resource: str) -> str:
    """Be alice's browser and her agent's client; return the token."""
    async with browsing(people) as browser:
        await browser.get("/oidc/corp/login")
        page = await browser.get("/agent", params=wanted(resource=resource))
        form = {"stamp": field(page, "stamp"), "asked": field(page, "asked")}
        given = sent_back(await browser.post("/agent", data=form))
        reply = await browser.post("/token", data=trade(given["code"]))
    return str(reply.json()["access_token"])


async def test_a_second_gateway_on_one_store_is_refused_in_a_line(place: World) -> None:
    async with serving(place) as running:
        await served(running)
        async with serving(place) as second:
            line = await said(second)
            async with asyncio.timeout(60):
                assert await second.wait() == 4
            assert second.stderr is not None
            assert (await second.stderr.read(), line.startswith("assent: ")) == (b"", True)
        assert running.returncode is None


async def test_a_role_that_reads_what_is_protected_keeps_it_closed(place: World) -> None:
    owner = await asyncpg.connect(place.owner)
    try:
        await owner.execute("GRANT SELECT (email) ON customers TO shop_read")
        async with serving(place) as running:
            line = await said(running)
            async with asyncio.timeout(60):
                assert await running.wait() == 4
        assert "tagged-columns-readable" in line
        doctor = await asyncio.to_thread(assent, "doctor", "--config", place.config)
        assert (doctor.exit_code, "tagged-columns-readable" in doctor.stdout) == (1, True)
    finally:
        await owner.execute("REVOKE SELECT (email) ON customers FROM shop_read")
        await owner.close()


async def test_a_signal_takes_a_policy_that_narrows_and_a_broken_file_keeps_the_old_one(place: World) -> None:
    def version() -> str:
        with closing(sqlite3.connect(f"file:{place.config.parent / 'assent.db'}?mode=ro", uri=True)) as log:
            return str(log.execute("SELECT version FROM in_force").fetchone()[0])

    async def changed() -> bool:
        return version() != began

    before = place.config.read_text()
    async with serving(place) as running:
        await served(running)
        began = version()
        assert began == load(place.config, {}, roles=frozenset()).policy.version
        try:
            place.config.write_text(before + '\n[[rule]]\nname = "closed"\ntables = ["hr.*"]\nthen = "refuse"\n')
            running.send_signal(signal.SIGHUP)
            await until(changed)
            narrowed = version()
            assert narrowed == load(place.config, {}, roles=frozenset()).policy.version
            place.config.write_text("[[rule]")
            running.send_signal(signal.SIGHUP)
            assert running.stderr is not None
            async with asyncio.timeout(60):
                while b"cannot be read" not in await running.stderr.readline():
                    pass
            assert version() == narrowed
            shown = await asyncio.to_thread(assent, "doctor", "--config", place.config)
            assert shown.exit_code == 1
        finally:
            place.config.write_text(before)
        shown = await asyncio.to_thread(assent, "doctor", "--config", place.config)
        assert f"and {narrowed[:12]} is in force" in shown.stdout
        assert running.returncode is None
