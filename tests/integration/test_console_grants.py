"""Grants over the console's API: chosen with a vote, listed, ended; by a reviewer's own fresh token alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.errors import AuditUnavailable
from core.model import CallId, Caps, Grant, GrantId, Identity, Offer, ReviewId
from core.ports import Lasting, Said
from tests.granting import COVERAGE
from tests.identities import DOOR
from tests.integration.test_console import CLOCK, DIGEST, REVIEW_ID, Room, rita, shown

MOST = Caps(uses=20, rows=50, total=200, time=timedelta(minutes=30))
SAID = {"uses": 20, "rows": 50, "total": 200, "seconds": 1800}
VOTE: Mapping[str, Any] = {"decision": "approve", "digest": DIGEST}


class Grantors:
    """One grant that lasts, and who ended what."""

    def __init__(self) -> None:
        self.word, self.fails = Said.REVOKED, False
        self.ended: list[tuple[str, str]] = []

    async def lasting(self, who: Identity) -> tuple[Lasting, ...]:
        given = Grant(
            id=GrantId("gr_1"), review=ReviewId(REVIEW_ID), call=CallId("call_1"), coverage=COVERAGE, caps=MOST,
            until=CLOCK.now(), uses=3, rows=9,
        )  # fmt: skip
        return (
            Lasting(
                grant=given, agent="Claude", requester="dana", does="delete public.orders", givers=("rita",),
                yours=who.person.id == "rita", may_end=True,
            ),
        )  # fmt: skip

    async def end(self, who: Identity, name: GrantId) -> Said:
        if self.fails:
            raise AuditUnavailable("down")
        self.ended.append((who.person.id, name))
        return self.word


@pytest.fixture
async def grantors() -> Grantors:
    return Grantors()


@pytest.fixture
async def room(grantors: Grantors) -> Room:
    return Room(grantors=grantors)


async def test_grants_are_listed_with_what_is_left_of_them(room: Room) -> None:
    (one,) = (await room.get("/api/grants")).json()["grants"]
    assert one["caps"] == SAID
    assert one["used"] == {"uses": 3, "rows": 9}
    assert (one["id"], one["does"], one["givers"], one["yours"]) == ("gr_1", "delete public.orders", ["rita"], True)


async def test_one_request_ends_a_grant_and_says_so(room: Room, grantors: Grantors) -> None:
    path = "/api/grants/gr_1/revocation"
    reply = await room.http.post(path, json={}, headers=room.bearing(None))
    assert (reply.status_code, reply.json()["said"], reply.json()["changed"]) == (200, "revoked", True)
    assert grantors.ended == [("rita", "gr_1")]
    for word, status in ((Said.UNKNOWN, 404), (Said.SELF, 403), (Said.CLOSED, 409)):
        grantors.word = word
        assert (await room.http.post(path, json={}, headers=room.bearing(None))).status_code == status
    grantors.fails = True
    assert (await room.http.post(path, json={}, headers=room.bearing(None))).status_code == 503


@pytest.mark.parametrize("body", [[], {"digest": DIGEST}, "x"])
async def test_what_is_no_plain_request_ends_nothing(room: Room, grantors: Grantors, body: object) -> None:
    reply = await room.http.post("/api/grants/gr_1/revocation", json=body, headers=room.bearing(None))
    assert reply.status_code == 400
    assert grantors.ended == []


async def test_an_agents_token_a_stale_sign_in_and_the_demo_see_and_end_none(grantors: Grantors) -> None:
    for room, token, status in (
        (Room(grantors=grantors), rita(audience=DOOR), 401),
        (Room(grantors=grantors), rita(auth_time=CLOCK.seconds(ago=301)), 401),
        (Room(grantors=grantors), rita(scope="assent:audit"), 403),
        (Room(grantors=grantors, votes=False), rita(), 404),
    ):
        reply = await room.http.post("/api/grants/gr_1/revocation", json={}, headers=room.bearing(token))
        assert reply.status_code == status
    assert grantors.ended == []


async def test_a_vote_chooses_a_grant_and_the_review_says_how_far_one_may_reach(room: Room) -> None:
    assert (await room.get(f"/api/reviews/{REVIEW_ID}")).json()["grant"] is None
    offered = replace(shown().review, offer=Offer(coverage=COVERAGE, most=MOST))
    room.desk.shown = replace(shown(), review=offered)
    assert (await room.get(f"/api/reviews/{REVIEW_ID}")).json()["grant"] == SAID
    assert (await room.vote({**VOTE, "grant": SAID})).status_code == 200
    assert room.desk.ballots[0][1].grant == MOST


@pytest.mark.parametrize(
    "grant",
    [
        True,
        {},
        "all",
        {**SAID, "more": 1},
        {**SAID, "uses": 0},
        {**SAID, "rows": -1},
        {**SAID, "total": True},
        {**SAID, "seconds": 3_601},
        {**SAID, "seconds": 1.5},
        {**SAID, "uses": "20"},
        {**SAID, "total": 2**63},
        {name: SAID[name] for name in ("uses", "rows", "total")},
    ],
)
async def test_a_grant_that_is_not_said_whole_is_refused(room: Room, grant: object) -> None:
    reply = await room.vote({**VOTE, "grant": grant})
    assert (reply.status_code, reply.json()["error"]) == (400, "bad_request")
    assert room.desk.ballots == []
