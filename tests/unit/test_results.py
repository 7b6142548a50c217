"""Where a gateway takes tickets over HTTP: no token, one small body, and all that opens nothing is alike."""

from __future__ import annotations

import json
from base64 import b64decode

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from core.errors import AuditUnavailable, GatewayError, NotFound
from core.model import PayloadId
from core.ports import Opening, Role
from mcp_server.http import Gate
from mcp_server.results import taking
from mcp_server.tally import Tally

TICKET = f"tkt_{'a' * 32}"
JSON = "application/json"
SAID = json.dumps({"ticket": TICKET}).encode()


class Door:
    """The endpoint over what opens, or raises."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.denied: list[str] = []
        self.error: GatewayError | None = None
        tally = Tally(self.denied.append)
        app = Starlette(routes=[Route("/results", Gate(taking(self.redeem, tally), tally))])
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="https://assent.example")

    async def redeem(self, ticket: str) -> Opening:
        self.seen.append(ticket)
        if self.error is not None:
            raise self.error
        return Opening(id=PayloadId("pay_1"), role=Role.RESULT, content=b"\x00rows", key=b"k" * 32)

    async def post(self, body: bytes, kind: str = JSON) -> httpx2.Response:
        return await self.http.post("/results", content=body, headers={"content-type": kind})


async def test_a_ticket_is_answered_with_what_it_opens_and_no_cache_keeps_it() -> None:
    door = Door()
    reply = await door.post(SAID)
    found = reply.json()
    assert (found["id"], found["role"], found["key"]) == ("pay_1", "result", (b"k" * 32).hex())
    assert b64decode(found["content"]) == b"\x00rows"
    assert reply.headers["cache-control"] == "no-store"
    assert door.seen == [TICKET]


async def test_what_opens_nothing_is_alike_and_counted() -> None:
    door = Door()
    door.error = NotFound("its reader reads no results any more")
    reply = await door.post(SAID)
    assert (reply.status_code, "reader" in reply.text) == (404, False)
    assert door.denied == ["ticket"]


async def test_a_store_that_is_away_is_no_ticket_that_is_over() -> None:
    door = Door()
    door.error = AuditUnavailable("down")
    reply = await door.post(SAID)
    assert (reply.status_code, reply.headers["retry-after"], door.denied) == (503, "5", [])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (SAID, "text/plain"),  # what a page's form could send
        (SAID, ""),
        (b"", JSON),
        (b"[]", JSON),
        (b'{"ticket": 1}', JSON),
        (b'{"ticket": "a", "as": "b"}', JSON),
        (b"[" * 300, JSON),
        (SAID + b" " * 300, JSON),
        (b"\xff", JSON),
    ],
)
async def test_nothing_else_reaches_the_record(body: bytes, kind: str) -> None:
    door = Door()
    reply = await door.post(body, kind)
    assert (reply.status_code, door.seen) == (400, [])


async def test_no_address_holds_a_ticket() -> None:
    door = Door()
    assert (await door.http.get(f"/results?ticket={TICKET}")).status_code == 405
    assert door.seen == []
