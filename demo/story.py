"""The demo's story told unattended by a real MCP client: each step says what it expects, and is held to it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, final

import asyncpg
import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from core.model import Decision, Digest, Identity, ReviewId, State
from core.ports import Ballot, Desk, Said

TOKEN: Final = re.compile(r"[0-9a-f]{20}")
READ: Final = "SELECT id, name, email, city, plan FROM customers ORDER BY id LIMIT 3"
UPDATE: Final = (
    "UPDATE orders SET status = 'cancelled' WHERE status = 'abandoned' AND ordered_at < '2026-01-15' RETURNING id"
)
BROAD: Final = "DELETE FROM tickets WHERE opened_at < '2026-07-01'"
PAYROLL: Final = "SELECT * FROM hr.payroll"
TABLES: Final = """
SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('public', 'hr') ORDER BY 1
"""
SUM: Final = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum FROM {} t"

SHOP: Final = frozenset({"shop"})

Structure = Mapping[str, object]
Step = Callable[[], Awaitable[None]]  # a method whose name says what it shows


class Broken(AssertionError):
    """A step did not do what it says."""


@final
@dataclass(slots=True, kw_only=True)
class Told:
    """What the story did, for the comparison afterwards."""

    intents: int = 0  # Calls that must have an INTENT: every tool call but `collect`
    passed: int = 0


@final
class Storyteller:
    """Agents by name, a reviewer, and the owner's own look at the database."""

    def __init__(
        self,
        *,
        mcp: str,
        tokens: Mapping[str, str],
        owner: str,
        desk: Desk,
        reviewer: Identity,
        say: Callable[[str], None],
        sources: frozenset[str] = SHOP,
    ) -> None:
        self._mcp = mcp
        self._tokens = tokens
        self._owner = owner
        self._desk = desk
        self._reviewer = reviewer
        self.say = say
        self._sources = sources
        self.told = Told()

    async def tell(self, *more: Step) -> Told:
        """Walk all steps and `more`, then look at every table of the shop as its owner.

        Raises: Broken, at the first that does not do what it says.
        """
        before = await self._sums()
        for step in (
            self.looks_around,
            self.reads_with_masks,
            self.cannot_guess,
            self.is_refused,
            self.asks_and_is_approved,
            self.asks_and_is_denied,
            self.cannot_write_by_query,
            self.without_a_token,
            *more,
        ):
            self.say(f"— {step.__name__.replace('_', ' ')}")
            try:
                await step()
            except* Broken as broken:
                raise innermost(broken) from None
            self.told.passed += 1
        after = await self._sums()
        changed = {table for table in before if before[table] != after[table]}
        expect(changed == {"public.orders", "public.order_events"}, f"only what was approved changed, not {changed}")
        return self.told

    # ------------------------------------------------------------ steps

    async def looks_around(self) -> None:
        """An analyst's agent finds sources, tables, columns; payroll is as unknown as if it did not exist."""
        async with self.agent("ana") as agent:
            sources = await self.call(agent, "list_sources")
            expect({one["name"] for one in listed(sources, "sources")} == self._sources, "all sources, and no other")
            found = await self.call(agent, "search_schema", source="shop", words="order")
            names = {one["name"] for one in listed(found, "tables")}
            expect({"public.orders", "public.order_items"} <= names, "orders are found")
            customers = await self.call(agent, "describe_table", source="shop", table="public.customers")
            masks = {one["name"]: one.get("mask") for one in listed(customers, "columns")}
            expect(masks["email"] == "token" and masks["city"] is None, "masks are announced")
            hidden = await self.call(agent, "describe_table", source="shop", table="hr.payroll")
            expect(hidden.get("code") == "not_found", f"payroll is unknown, not {dict(hidden)}")

    async def reads_with_masks(self) -> None:
        """Cells of tagged columns come masked, the rest exactly as the owner sees them."""
        async with self.agent("ana") as agent:
            answer = await self.call(agent, "query", source="shop", sql=READ, purpose="see who our first customers are")
        expect(answer["status"] == "answered", "the read is answered")
        raw = await self._fetch(READ)
        for shown, stored in zip(rows(answer), raw, strict=True):
            expect(
                (shown[0], shown[3], shown[4]) == (stored["id"], stored["city"], stored["plan"]), "the rest is exact"
            )
            expect(shown[1] == "***", "names are hidden")
            expect(bool(TOKEN.fullmatch(str(shown[2]))) and shown[2] != stored["email"], "e-mails are tokens")
        self.say(f"  {rows(answer)[0]}")

    async def cannot_guess(self) -> None:
        """A predicate on a masked column sees the mask: guessing a customer's e-mail finds nothing."""
        mail = (await self._fetch("SELECT email FROM customers WHERE id = 1"))[0]["email"]
        guess = f"SELECT count(*) FROM customers WHERE email = '{mail}'"
        async with self.agent("ana") as agent:
            answer = await self.call(agent, "query", source="shop", sql=guess, purpose="is this address a customer")
        expect(rows(answer) == [[0]], "a right guess looks like a wrong one")

    async def is_refused(self) -> None:
        """Payroll is refused, and the refusal says why."""
        async with self.agent("ana") as agent:
            answer = await self.call(agent, "query", source="shop", sql=PAYROLL, purpose="look at salaries")
        expect(answer["status"] == "refused", "payroll is refused")
        self.say(f"  {answer['message']}")

    async def asks_and_is_approved(self) -> None:
        """A support agent's change waits for a DBA, runs once when approved, and says how many rows it touched."""
        before = (await self._fetch("SELECT count(*) AS n FROM order_events"))[0]["n"]
        due = (await self._fetch(UPDATE.partition(" WHERE ")[2].partition(" RETURNING")[0], select=True))[0]["n"]
        async with self.agent("sam") as agent:
            work = asyncio.create_task(
                self.call(agent, "execute", source="shop", sql=UPDATE, purpose="clear abandoned orders of last winter")
            )
            await self.decide(Decision.APPROVE)
            answer = await self.settled(agent, await work)
        expect(answer["status"] == "answered", "the approved change is answered")
        events = (await self._fetch("SELECT count(*) AS n FROM order_events"))[0]["n"] - before
        expect(0 < due == events == len(rows(answer)), f"the trigger saw each of {due} rows once")
        self.say(f"  {due} rows, once")

    async def asks_and_is_denied(self) -> None:
        """A denial's reason reaches the agent, and nothing ran."""
        before = (await self._fetch("SELECT count(*) AS n FROM tickets"))[0]["n"]
        async with self.agent("dora") as agent:
            work = asyncio.create_task(self.call(agent, "execute", source="shop", sql=BROAD, purpose="tidy up"))
            await self.decide(Decision.DENY, "That is every ticket of spring. Name which ones.")
            answer = await self.settled(agent, await work)
        expect(answer["status"] == "refused", "the denied change is refused")
        expect("Name which ones" in str(answer.get("reviewer_note")), "the reason reaches the agent")
        expect((await self._fetch("SELECT count(*) AS n FROM tickets"))[0]["n"] == before, "nothing was deleted")

    async def cannot_write_by_query(self) -> None:
        """The tool that says it only reads refuses what would write."""
        async with self.agent("sam") as agent:
            answer = await self.call(agent, "query", source="shop", sql=BROAD, purpose="tidy up")
        expect(answer["status"] == "refused", "query does not write")

    async def without_a_token(self) -> None:
        """Nobody is nobody: no token, no tool."""
        async with httpx2.AsyncClient() as http:
            answer = await http.post(self._mcp, json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
        expect(answer.status_code == httpx2.codes.UNAUTHORIZED, "no token is 401")

    # ------------------------------------------------------------ parts

    @asynccontextmanager
    async def agent(self, name: str) -> AsyncIterator[Client]:
        """Connect as one person's agent."""
        headers = {"authorization": f"Bearer {self._tokens[name]}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(self._mcp, http_client=http)) as client,
        ):
            yield client

    async def call(self, agent: Client, tool: str, **arguments: object) -> Structure:
        """Call a tool; count what must be on record."""
        result = await agent.call_tool(tool, arguments)
        expect(isinstance(result, CallToolResult), "a tool answers with a result")
        self.told.intents += tool != "collect"
        return result.structured_content or {}

    async def settled(self, agent: Client, answer: Structure) -> Structure:
        """Collect until it is no longer pending: an agent's own loop."""
        while answer["status"] in {"pending_approval", "running"}:
            answer = await self.call(agent, "collect", call=answer["call"])
        return answer

    async def decide(self, decision: Decision, reason: str | None = None) -> None:
        """Have the reviewer decide on what waits, once it does."""
        shown = await patiently(self._waiting)
        self.say(f"  {self._reviewer.name} sees: {shown[1]}")
        ballot = Ballot(review=shown[0], digest=shown[2], decision=decision, reason=reason)
        said = await self._desk.vote(self._reviewer, ballot)
        expect(said in {Said.APPROVED, Said.DENIED}, f"the vote counts, not {said}")

    async def _waiting(self) -> tuple[ReviewId, str, Digest] | None:
        for shown in await self._desk.pending(self._reviewer):
            if shown.review.state is State.PENDING:
                return shown.review.id, shown.question.statement, shown.review.digest
        return None

    async def _sums(self) -> dict[str, str]:
        """A checksum of every table, as its owner sees it."""
        tables = await self._fetch(TABLES)
        return {table["name"]: (await self._fetch(SUM.format(table["name"])))[0]["sum"] for table in tables}

    async def _fetch(self, text: str, *, select: bool = False) -> list[asyncpg.Record]:
        """Look at the database as its owner, beside Assent."""
        connection = await asyncpg.connect(self._owner)
        try:
            return await connection.fetch(f"SELECT count(*) AS n FROM orders WHERE {text}" if select else text)
        finally:
            await connection.close()


def innermost(group: BaseExceptionGroup[Broken]) -> Broken:
    """Return what a step said, out of the groups that clients wrap it in."""
    first = group.exceptions[0]
    return innermost(first) if isinstance(first, BaseExceptionGroup) else first


def expect(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Hold a step to what it says.

    Raises: Broken.
    """
    if not holds:
        raise Broken(what)


def rows(answer: Structure) -> list[list[object]]:
    """Return the rows of an answer."""
    found = answer.get("rows")
    return list(found) if isinstance(found, list) else []


def listed(answer: Structure, key: str) -> list[Mapping[str, object]]:
    """Return a list of objects of an answer."""
    found = answer.get(key)
    return list(found) if isinstance(found, list) else []


async def patiently(
    look: Callable[[], Awaitable[tuple[ReviewId, str, Digest] | None]], seconds: float = 20
) -> tuple[ReviewId, str, Digest]:
    """Wait until something is there.

    Raises: Broken after `seconds`.
    """
    async with asyncio.timeout(seconds):
        while True:
            found = await look()
            if found is not None:
                return found
            await asyncio.sleep(0.05)
