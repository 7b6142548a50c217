"""Answers given alone, over the console's API: given with a ticket, listed, looked at afterwards by somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from core.ports import Finding, Glass
from tests.identities import DOOR
from tests.integration.test_console import CLOCK, DIGEST, REVIEW_ID, Room, rita, shown

ALONE: Mapping[str, Any] = {"decision": "approve", "digest": DIGEST, "ticket": "INC-7", "reason": "the shop is down"}
SAID: Mapping[str, Any] = {"digest": DIGEST, "finding": "justified", "note": "it was"}
PATH = f"/api/reviews/{REVIEW_ID}/hindsight"
GIVEN = Glass(by="otto", why="INC-7\nthe shop is down", due=CLOCK.now(), overdue=True, closes=True)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    async with room.http:
        yield room


async def test_who_answers_alone_says_what_for(room: Room) -> None:
    assert (await room.vote(ALONE)).status_code == 200
    ((who, ballot),) = room.desk.ballots
    assert (who.person.id, ballot.ticket, ballot.reason) == ("rita", "INC-7", "the shop is down")


async def test_what_nobody_looked_at_is_listed_with_what_it_was_for(room: Room) -> None:
    room.desk.shown = replace(shown(), glass=GIVEN)
    (one,) = (await room.get("/api/breaks")).json()["reviews"]
    assert (one["glass"]["by"], one["glass"]["why"], one["glass"]["overdue"]) == ("otto", GIVEN.why, True)
    assert (await room.get("/api/breaks", rita("mallory"))).json()["reviews"] == []


async def test_somebody_else_says_what_it_was(room: Room) -> None:
    reply = await room.http.post(PATH, json=SAID, headers=room.bearing(None))
    assert (reply.status_code, reply.json()["said"]) == (200, "looked")
    ((who, said),) = room.desk.closed
    assert (who.person.id, said.digest, said.finding, said.note) == ("rita", DIGEST, Finding.JUSTIFIED, "it was")
    unknown = await room.http.post("/api/reviews/rev_other/hindsight", json=SAID, headers=room.bearing(None))
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {**SAID, "more": 1},
        {**SAID, "finding": "fine"},
        {**SAID, "finding": True},
        {**SAID, "digest": "0" * 63},
        {**SAID, "note": "two\nlines"},
        {**SAID, "note": "x" * 501},
        {name: SAID[name] for name in ("digest", "finding")},
    ],
)
async def test_what_is_not_said_whole_closes_nothing(room: Room, body: object) -> None:
    reply = await room.http.post(PATH, json=body, headers=room.bearing(None))
    assert (reply.status_code, reply.json()["error"]) == (400, "bad_request")
    assert room.desk.closed == []


async def test_what_was_not_recorded_is_not_said_to_be_closed(room: Room) -> None:
    room.desk.fails = True
    reply = await room.http.post(PATH, json=SAID, headers=room.bearing(None))
    assert reply.status_code == 503
    assert "secret" not in reply.text


async def test_an_agents_token_a_stale_sign_in_another_scope_and_the_demo_close_nothing() -> None:
    for room, token, status in (
        (Room(), rita(audience=DOOR), 401),
        (Room(), rita(auth_time=CLOCK.seconds(ago=301)), 401),
        (Room(), rita(scope="assent:audit"), 403),
        (Room(votes=False), rita(), 403),
    ):
        async with room.http:
            reply = await room.http.post(PATH, json=SAID, headers=room.bearing(token))
            assert reply.status_code == status
            assert (await room.vote(ALONE, token)).status_code == status
        assert (room.desk.closed, room.desk.ballots) == ([], [])
