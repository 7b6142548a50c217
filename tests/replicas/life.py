"""Agents and a reviewer at work while processes are killed and drained; then what became of it is held to the record.

Each change marks a row of its own, so that how often it ran can be read from the data: never oftener than the record
says that it was committed, and never more than once.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx2

from core.model import Outcome
from tests.integration.test_cli_approval import REVIEW
from tests.replicas.cluster import Cluster
from tests.waiting import until

MODERN = "2026-07-28"
META = "io.modelcontextprotocol/"
MARK = 1_000_000  # more than any order comes to
CHANGE = f"UPDATE orders SET total = total + {MARK} WHERE id = {{row}}"
ENDED = {outcome.value for outcome in Outcome} - {Outcome.UNKNOWN.value}
NUMBER = itertools.count(1)


@dataclass
class Life:
    """What agents were told."""

    cluster: Cluster
    rows: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    answers: Counter[str] = field(default_factory=Counter)
    told: dict[str, tuple[int, str]] = field(default_factory=dict)  # Call -> row, last status
    broken: int = 0  # requests whose connection went
    over: bool = False

    async def work(self, agent: str, *, changes: int, reads: int) -> None:
        """One agent: so many changes at once, each collected until it ends, and reads between."""
        asked = [asyncio.create_task(self.change(agent)) for _ in range(changes)]
        for _ in range(reads):
            await self.say(agent, "query", {"source": "shop", "sql": "SELECT count(*) FROM orders", "purpose": "load"})
        await asyncio.gather(*asked)

    async def change(self, agent: str) -> None:
        """Ask for a change; whatever breaks, follow the Call where its id is known."""
        row = next(self.rows)
        given = {"source": "shop", "sql": CHANGE.format(row=row), "purpose": "to be counted"}
        found = await self.say(agent, "execute", given)
        while found is not None and found["status"] in {"pending_approval", "running"}:
            self.told[found["call"]] = (row, found["status"])
            following = await self.say(agent, "collect", {"call": found["call"], "wait_seconds": 5})
            found = found if following is None else following  # who broke off is asked again
        if found is not None and found.get("call"):
            self.told[found["call"]] = (row, found["status"])

    async def say(self, agent: str, tool: str, arguments: Mapping[str, object]) -> dict[str, Any] | None:
        """Call a tool over a connection of its own; None: the connection went, or nobody was ready."""
        try:
            found = await said(self.cluster.world.url, self.token(agent), tool, arguments)
        except httpx2.HTTPError as error:
            self.broken += 1
            self.answers[f"{type(error).__name__} {str(error)[:60]}"] += 1
            await asyncio.sleep(0.2)  # as a client does before it tries again
            return None
        self.answers[f"{found.get('status')} {found.get('code') or ''}".strip()] += 1
        return found

    def token(self, agent: str) -> str:
        world = self.cluster.world
        return world.mint.person(agent, ["support", "analysts"], f"{world.url}/mcp", client="demo-agent")

    async def review(self) -> None:
        """Approve what waits, at each people's process in turn, until told that it is over."""
        for number in itertools.count():
            if self.over:
                return
            members = [one for one in self.cluster.people if one.process is not None and one.process.returncode is None]
            if members:
                with contextlib.suppress(httpx2.HTTPError):
                    await self.approve(members[number % len(members)].port)
            await asyncio.sleep(0.1)

    async def approve(self, port: int) -> None:
        now = int(time.time())
        claims: dict[str, Any] = {"scope": "assent:review assent:audit", "auth_time": now, "exp": now + 300}
        token = self.cluster.world.mint.person("rita", [], REVIEW, client="assent-cli", **claims)
        headers = {"authorization": f"Bearer {token}"}
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20) as http:
            for one in (await http.get("/api/reviews")).json().get("reviews", ()):
                vote = {"decision": "approve", "digest": one["digest"]}
                await http.post(f"/api/reviews/{one['id']}/votes", json=vote)

    # ------------------------------------------------------------ afterwards

    async def settled(self, seconds: float = 120) -> None:
        """Wait until every Call of the record has ended."""

        async def none_open() -> bool:
            async with self.cluster.dba() as dba:
                return not await dba.fetchval("SELECT count(*) FROM open_calls")

        await until(none_open, seconds)

    async def faults(self) -> list[str]:
        """What the record, the data and the agents' answers say of each other that cannot be."""
        async with self.cluster.dba() as dba:
            found = await dba.fetch("SELECT kind, convert_from(body, 'UTF8')::json AS body FROM log_entry ORDER BY seq")
        bodies = [(row["kind"], json.loads(row["body"])) for row in found]
        begun = {body["call"] for kind, body in bodies if kind == "call.intent"}
        outcomes: dict[str, list[str]] = {}
        for kind, body in bodies:
            if kind in {"call.outcome", "call.resolved"}:
                outcomes.setdefault(body["call"], []).append(body["outcome"])
        marks = await self.marks()
        faults = [f"{call} has no end" for call in begun if not ENDED & set(outcomes.get(call, ()))]
        faults += [f"{call} was told and is not on record" for call in self.told if call not in begun]
        faults += [f"row {row} was changed {times} times" for row, times in marks.items() if times > 1]
        committed = sum(said.count("committed") for said in outcomes.values())
        if not committed:
            faults.append("nothing was changed at all, so nothing was shown")
        if sum(marks.values()) != committed:
            faults.append(f"{sum(marks.values())} changes in the data, {committed} on record")
        for call, (row, status) in self.told.items():
            done = "committed" in outcomes.get(call, ())
            if done != bool(marks[row]) or (status == "answered" and not done):
                faults.append(
                    f"{call} was told {status}, is {outcomes.get(call)}, row {row} changed {marks[row]} times"
                )
        return faults

    async def marks(self) -> Counter[int]:
        """How often each row was changed."""
        owner = await asyncpg.connect(self.cluster.world.owner)
        try:
            rows = await owner.fetch("SELECT id, floor(total / $1)::int AS n FROM orders", MARK)
        finally:
            await owner.close()
        return Counter({row["id"]: row["n"] for row in rows})


async def said(url: str, bearer: str, tool: str, arguments: Mapping[str, object]) -> dict[str, Any]:
    """Call a tool over a connection of its own; what is no answer is an error of the connection."""
    meta = {"protocolVersion": MODERN, "clientInfo": {"name": "load", "version": "1"}, "clientCapabilities": {}}
    params = {"name": tool, "arguments": arguments, "_meta": {META + key: value for key, value in meta.items()}}
    headers = {
        "authorization": f"Bearer {bearer}",
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": MODERN,
        "mcp-method": "tools/call",
        "mcp-name": tool,
        "connection": "close",
    }
    body = {"jsonrpc": "2.0", "id": next(NUMBER), "method": "tools/call", "params": params}
    async with httpx2.AsyncClient(timeout=90, trust_env=False) as http:
        return result(await http.post(f"{url}/mcp", json=body, headers=headers))


def result(reply: httpx2.Response) -> dict[str, Any]:
    """Read an answer, as JSON or as the last event of a stream; what is none is a connection that went."""
    text = reply.text
    if "text/event-stream" in reply.headers.get("content-type", ""):
        events = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: {")]
        text = events[-1] if events else ""
    try:
        said = json.loads(text)
    except ValueError as error:
        raise httpx2.RemoteProtocolError(f"no answer: {reply.status_code} {text[:100]}") from error
    found = said.get("result", {}).get("structuredContent") if isinstance(said, dict) else None
    if not isinstance(found, dict):
        raise httpx2.RemoteProtocolError(f"no result: {reply.status_code} {text[:200]}")
    return found
