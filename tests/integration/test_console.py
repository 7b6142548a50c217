"""The people's HTTP door as `assent review` and `assent audit` use it, and as others try to."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, final

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from console.app import build
from console.door import BODY_BYTES, HEADERS
from console.wire import SENTENCES, STATUS
from core.errors import AuditUnavailable, IdentityUnavailable
from core.model import (
    Caller,
    CallId,
    Column,
    Cut,
    Decision,
    Digest,
    Fact,
    Facts,
    Identity,
    Json,
    Kind,
    Limits,
    Mask,
    Masked,
    MaskedColumn,
    Outcome,
    PayloadId,
    Person,
    Question,
    Reason,
    ReviewId,
    SessionId,
    State,
    Tool,
    Vote,
)
from core.packing import pack_result
from core.ports import (
    Ballot,
    CallLine,
    Found,
    Grantors,
    Hindsight,
    Mark,
    Opening,
    PeopleScope,
    Role,
    Said,
    Scene,
    Sealed,
    Search,
    SessionLine,
    Shown,
    Story,
    Words,
)
from demo.issuer import Mint
from demo.signer import Claim
from mcp_server.http import Gate
from mcp_server.results import Redeem, taking
from mcp_server.tally import Tally
from slackbot import invented
from tests.identities import DOOR, REVIEW, Network, Still, trust, verifier

HOST = "console.example:8443"
CLOCK = Still()
MINT = Mint("http://127.0.0.1:1", clock=CLOCK)
AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
DIGEST = Digest("ab" * 32)
REVIEW_ID, CALL, SESSION = ReviewId("rev_one"), CallId("call_one"), SessionId("ses_one")
ANA = Person(directory="demo", id="ana")
HOSTILE = "SELECT '\u202e<script>alert(1)</script>\u200b' -- \u0000"


def caller() -> Caller:
    return Caller(
        issuer=MINT.url,
        subject="s",
        client="claude",
        kind=Kind.PERSON,
        person=ANA,
        owner=None,
        email="ana@demo.example",
        groups=frozenset({"analysts"}),
        scopes=frozenset(),
        authenticated_at=None,
        expires_at=AT,
    )


def shown() -> Shown:
    row = replace(
        invented.review(State.PENDING),
        id=REVIEW_ID,
        call=CALL,
        digest=DIGEST,
        requester=ANA,
        principal=("i", "s", "c"),
        risk="high",
        opened_at=AT,
        expires_at=AT + timedelta(minutes=15),
    )
    question = Question(
        call=CALL,
        source="shop",
        role="writer",
        statement=HOSTILE,
        text=HOSTILE,
        parameters=(1, float("inf"), "x", None, True),
        masks=frozenset({Mask(column=Column(relation="public.customers", name="ssn"), tag="pii", kind="hide")}),
        limits=Limits(affected_rows=10),
        policy="v1",
        tree=DIGEST,
        caller=caller(),
        tool=Tool.EXECUTE,
        digest=DIGEST,
    )
    facts = Facts(
        purpose="because",
        verbs=("update",),
        things=("public.customers",),
        facts=(Fact.NO_WHERE,),
        risk="high",
        reasons=(Reason(rule="r", sentence="s"),),
        counted=7,
        estimated=8,
        protected=True,
    )
    cast = Vote(
        review=REVIEW_ID,
        person=Person(directory="demo", id="rita"),
        name="rita",
        seat="dba",
        decision=Decision.APPROVE,
        digest=DIGEST,
        via="terminal",
        at=AT,
        affected_rows=7,
    )
    return Shown(review=row, question=question, facts=facts, votes=(cast,), eligible=True)


@final
class DeskDouble:
    """Shows one Review to Rita alone and says what it is told to say."""

    def __init__(self) -> None:
        self.ballots: list[tuple[Identity, Ballot]] = []
        self.brakes: list[tuple[str, str, str]] = []
        self.closed: list[tuple[Identity, Hindsight]] = []
        self.word = Said.APPROVED
        self.fails = False
        self.shown = shown()

    async def pending(self, who: Identity) -> tuple[Shown, ...]:
        return (self.shown,) if who.person.id == "rita" else ()

    async def show(self, who: Identity | None, review: ReviewId) -> Shown | None:
        return self.shown if who is not None and who.person.id == "rita" and review == REVIEW_ID else None

    async def vote(self, who: Identity, ballot: Ballot) -> Said:
        if self.fails:
            raise AuditUnavailable("disk full at /secret/path")
        self.ballots.append((who, ballot))
        return self.word if ballot.review == REVIEW_ID else Said.UNKNOWN

    async def unclosed(self, who: Identity) -> tuple[Shown, ...]:
        return await self.pending(who)

    async def close(self, who: Identity, said: Hindsight) -> Said:
        if self.fails:
            raise AuditUnavailable("disk full at /secret/path")
        self.closed.append((who, said))
        return Said.LOOKED if said.review == REVIEW_ID else Said.UNKNOWN

    async def revoke(self, who: Identity, review: ReviewId, digest: Digest) -> Said:
        return self.brake("revoke", who, review, digest)

    async def block(self, who: Identity, review: ReviewId, digest: Digest) -> Said:
        return self.brake("block", who, review, digest)

    def brake(self, act: str, who: Identity, review: ReviewId, digest: Digest) -> Said:
        if self.fails:
            raise AuditUnavailable("disk full at /secret/path")
        self.brakes.append((act, who.person.id, digest))
        return self.word if review == REVIEW_ID else Said.UNKNOWN


LINE = CallLine(
    call=CALL,
    session=SESSION,
    at=AT,
    person="ana",
    agent="claude",
    source="shop",
    tool="query",
    verdict="allow",
    outcome=Outcome.DELIVERED,
    rows=3,
    masked=1,
    sequence=9,
)
STORY = Story(
    line=LINE,
    statement=HOSTILE,
    purpose=None,
    entries=(Sealed(sequence=9, body=MappingProxyType({"kind": "call.intent"}), leaf="ff"),),
)
SESSION_LINE = SessionLine(
    session=SESSION, began_at=AT, last_at=AT, person="ana", agent="claude", calls=1, refused=0, rows=3
)


LATER = replace(STORY, line=replace(STORY.line, at=STORY.line.at + timedelta(hours=2)))
TICKET = f"tkt_{'a' * 32}"
RESULT = pack_result(
    Masked(
        columns=(MaskedColumn(name="a<b>", type="text"), MaskedColumn(name="email", type="text", mask="token")),
        rows=tuple((f"{n} \u202e<script>", (1, None)) for n in range(25)),
        cut=Cut.ROWS,
    )
)


def gate(redeem: Redeem) -> Starlette:
    """A gateway that takes tickets, and nothing else."""
    return Starlette(routes=[Route("/results", Gate(taking(redeem, Tally()), Tally()))])


@final
class ArchiveDouble:
    """One Session, Rita's to see."""

    def __init__(self) -> None:
        self.before: list[datetime | None] = []
        self.wanted: list[tuple[Search, str, Mark | None]] = []

    async def sessions(self, who: Identity, *, before: datetime | None = None) -> tuple[SessionLine, ...]:
        assert who.via.startswith("console:")
        self.before.append(before)
        return (SESSION_LINE,) * (20 if before is None else 1)

    async def session(self, who: Identity, session: SessionId) -> tuple[SessionLine, tuple[Story, ...]] | None:
        return (SESSION_LINE, (STORY,)) if who.person.id == "rita" and session == SESSION else None

    async def call(self, who: Identity, call: CallId) -> Story | None:
        return STORY if who.person.id == "rita" and call == CALL else None

    async def find(self, who: Identity, wanted: Search, *, person: str = "", after: Mark | None = None) -> Found:
        assert who.via.startswith("console:")
        self.wanted.append((wanted, person, after))
        return Found(lines=(STORY.line,), next=Mark(at_ms=5, sequence=7), reached=STORY.line.at)

    async def replay(self, who: Identity, session: SessionId) -> tuple[SessionLine, tuple[Scene, ...]] | None:
        if who.person.id != "rita" or session != SESSION:
            return None
        scenes = (Scene(story=STORY, parameters="[1]", ticket=TICKET), Scene(story=LATER, withheld="its key is gone"))
        return SESSION_LINE, scenes

    async def openings(self, who: Identity, call: CallId) -> Words | None:
        words = Opening(id=PayloadId("pay_1"), role=Role.STATEMENT, content=b"select 1", key=b"k" * 32)
        return Words(opened=(words,), ticket=TICKET) if who.person.id == "rita" and call == CALL else None


async def report() -> Mapping[str, Json]:
    return {"ok": True, "entries": 9}


@final
class Room:
    """The console with its doubles, and a client that sends what it is told."""

    def __init__(self, *, votes: bool = True, grantors: Grantors | None = None) -> None:
        self.desk, self.archive, self.network = DeskDouble(), ArchiveDouble(), Network(MINT)
        self.door, self.denied = verifier(self.network, CLOCK, trust(MINT)), list[tuple[str, str]]()
        app = build(
            desk=self.desk,
            archive=self.archive,
            verifier=self.door,
            verify=report,
            hosts=frozenset({HOST}),
            votes=votes,
            brakes=self.desk,
            grantors=grantors,
            deny=lambda reason, issuer: self.denied.append((reason, issuer)),
        )
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        self.http = httpx2.AsyncClient(transport=transport, base_url=f"https://{HOST}")

    async def get(self, path: str, token: str | None = None, **headers: str) -> httpx2.Response:
        return await self.http.get(path, headers=self.bearing(token) | headers)

    async def vote(self, body: object, token: str | None = None, **headers: str) -> httpx2.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        usual = self.bearing(token) | {"content-type": "application/json"}
        return await self.http.post(f"/api/reviews/{REVIEW_ID}/votes", content=content, headers=usual | headers)

    async def stop(self, what: str, body: object, token: str | None = None, of: str = REVIEW_ID) -> httpx2.Response:
        return await self.http.post(f"/api/reviews/{of}/{what}", json=body, headers=self.bearing(token))

    @staticmethod
    def bearing(token: str | None) -> dict[str, str]:
        return {"authorization": f"Bearer {token or rita()}"}


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    room = Room()
    async with room.http:
        yield room


def rita(name: str = "rita", audience: str = REVIEW, client: str = "assent-cli", **claims: Claim) -> str:
    usual: dict[str, Claim] = {
        "scope": "assent:review assent:audit",
        "auth_time": CLOCK.seconds(ago=60),
        "exp": CLOCK.seconds() + 300,
    }
    return MINT.person(name, ["analysts"], audience, client=client, **usual | claims)


VOTE: Mapping[str, Any] = {"decision": "approve", "digest": DIGEST}
ALL = [
    "/api/reviews",
    f"/api/reviews/{REVIEW_ID}",
    "/api/audit/sessions",
    f"/api/audit/sessions/{SESSION}",
    "/api/audit/calls",
    "/api/audit/events",
    f"/api/audit/replays/{SESSION}",
    f"/api/audit/openings/{CALL}",
    f"/api/audit/calls/{CALL}",
    "/api/audit/verify",
]

# ---------------------------------------------------------------- what it serves


async def test_a_reviewer_sees_the_exact_statement_and_all_that_an_approval_binds(room: Room) -> None:
    reply = await room.get(f"/api/reviews/{REVIEW_ID}")
    assert reply.status_code == 200
    review = reply.json()
    assert review["question"]["statement"] == HOSTILE
    assert review["question"]["parameters"] == [1, "inf", "x", None, True]
    assert review["question"]["masks"] == [{"column": "public.customers.ssn", "tag": "pii", "kind": "hide"}]
    assert review["question"]["limits"]["affected_rows"] == 10
    assert review["question"]["caller"]["person"] == "demo:ana"
    assert (review["digest"], review["state"], review["eligible"]) == (DIGEST, "pending", True)
    assert review["seats"] == [{"group": "dba", "count": 1}]
    assert review["opened_at"] == "2026-05-01T12:00:00Z"
    assert review["facts"]["counted"] == 7
    assert reply.text.isascii()
    assert (await room.get("/api/reviews")).json() == {"reviews": [review]}


async def test_a_number_that_could_answer_is_for_eligible_voters_alone(room: Room) -> None:
    outcome: Mapping[str, Json] = {"outcome": "committed", "rows": 7, "affected": 7, "dur_ms": 3}
    room.desk.shown = replace(room.desk.shown, eligible=False, outcome=outcome)
    review = (await room.get(f"/api/reviews/{REVIEW_ID}")).json()
    assert (review["facts"]["counted"], review["facts"]["estimated"]) == (None, None)
    assert review["votes"][0]["affected_rows"] is None
    assert review["outcome"] == {"outcome": "committed"}
    plain = replace(room.desk.shown, facts=replace(room.desk.shown.facts, protected=False))
    room.desk.shown = plain
    review = (await room.get(f"/api/reviews/{REVIEW_ID}")).json()
    assert (review["facts"]["counted"], review["outcome"]["rows"]) == (7, 7)


async def test_a_vote_reaches_the_desk_as_it_was_said(room: Room) -> None:
    reply = await room.vote({**VOTE, "affected_rows": 5})
    assert (reply.status_code, reply.json()["said"], reply.json()["changed"]) == (200, "approved", True)
    ((who, ballot),) = room.desk.ballots
    assert (who.person.id, who.via) == ("rita", "console:assent-cli")
    assert ballot == Ballot(review=REVIEW_ID, digest=DIGEST, decision=Decision.APPROVE, affected_rows=5)
    await room.vote({"decision": "deny", "digest": DIGEST, "reason": "  not today  "})
    assert room.desk.ballots[1][1].reason == "not today"


def test_every_word_has_a_sentence_and_a_status() -> None:
    assert set(SENTENCES) == set(STATUS) == set(Said)


@pytest.mark.parametrize("word", [word for word in Said if word is not Said.UNKNOWN])
async def test_what_became_of_a_vote_is_said_in_a_word_and_a_sentence(room: Room, word: Said) -> None:
    room.desk.word = word
    reply = await room.vote(VOTE)
    body = reply.json()
    assert (reply.status_code, body["said"], body["message"]) == (STATUS[word], word.value, SENTENCES[word])
    assert body["changed"] is (reply.status_code == 200 and word is not Said.REPEAT)
    assert ("error" in body) is (reply.status_code != 200)


async def test_an_auditor_looks_sessions_and_calls_up(room: Room) -> None:
    page = (await room.get("/api/audit/sessions")).json()
    assert (len(page["sessions"]), page["next"]) == (20, "2026-05-01T12:00:00Z")
    last = (await room.get("/api/audit/sessions?before=" + page["next"])).json()
    assert last["next"] is None
    assert room.archive.before == [None, AT]
    session = (await room.get(f"/api/audit/sessions/{SESSION}")).json()
    call = (await room.get(f"/api/audit/calls/{CALL}")).json()
    assert session["calls"] == [call]
    assert (call["statement"], call["purpose"], call["outcome"]) == (HOSTILE, None, "delivered")
    assert call["entries"] == [{"sequence": 9, "leaf": "ff", "body": {"kind": "call.intent"}}]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_record_is_verified_on_request(room: Room, method: str) -> None:
    reply = await room.http.request(method, "/api/audit/verify", headers=room.bearing(None))
    assert reply.json() == {"ok": True, "entries": 9}


async def test_the_record_is_verified_once_at_a_time() -> None:
    room, begun, end = Room(), asyncio.Event(), asyncio.Event()

    async def slow() -> Mapping[str, Json]:
        begun.set()
        await end.wait()
        return {"ok": True}

    app = build(desk=room.desk, archive=room.archive, verifier=room.door, verify=slow, hosts=frozenset({HOST}))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=f"https://{HOST}", headers=room.bearing(None)) as http:
        first = asyncio.create_task(http.post("/api/audit/verify"))
        async with asyncio.timeout(5):
            await begun.wait()
            second = await http.post("/api/audit/verify")
        end.set()
        assert (second.status_code, second.headers["retry-after"]) == (429, "10")
        assert (await first).status_code == 200
        assert (await http.post("/api/audit/verify")).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["before=x", "before=2026-05-01", "before=2026-05-01T12:00:00", "after=2026-05-01T12:00:00Z", "before=&before="],
)
async def test_a_query_that_is_not_understood_is_refused(room: Room, query: str) -> None:
    assert (await room.get(f"/api/audit/sessions?{query}")).status_code == 400


async def test_calls_are_found_by_a_closed_list_of_parameters(room: Room) -> None:
    query = "words=orders%20id*&person=ann&table=orders&rows=10&outcome=delivered&since=2026-05-01T12:00:00Z&after=5.7"
    page = (await room.get(f"/api/audit/calls?{query}")).json()
    ((wanted, person, after),) = room.archive.wanted
    assert (wanted.words, wanted.table, wanted.rows, wanted.outcome) == ("orders id*", "orders", 10, Outcome.DELIVERED)
    assert (wanted.since, wanted.own, wanted.people, wanted.countable) == (AT, "", None, False)
    assert (person, after) == ("ann", Mark(at_ms=5, sequence=7))
    assert (page["next"], page["reached"]) == ("5.7", "2026-05-01T12:00:00Z")
    assert page["calls"][0]["id"] == CALL


UNREAD = [
    "own=x", "people=x", "countable=1", "limit=9", "rows=-1", "rows=1e3", "rows=٣", "rows=9999999999999999", "since=x",
    "since=2026-05-01", "outcome=done", "verdict=maybe", "tool=select", "verb=see", "after=1", "after=1.2.3",
    "after=-1.2", "words=a&words=b", f"words={'x' * 501}", "__class__=x",
]  # fmt: skip


@pytest.mark.parametrize("query", UNREAD)
async def test_a_search_that_is_not_understood_is_refused(room: Room, query: str) -> None:
    assert (await room.get(f"/api/audit/calls?{query}")).status_code == 400
    assert room.archive.wanted == []


async def test_health_needs_no_token_and_says_nothing(room: Room) -> None:
    reply = await room.http.get("/healthz")
    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})


# ---------------------------------------------------------------- who gets in


@pytest.mark.parametrize("path", ALL)
async def test_without_a_token_nothing_is_shown(room: Room, path: str) -> None:
    reply = await room.http.get(path)
    assert reply.status_code == 401
    challenge = reply.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm="assent", scope="assent:')
    assert "error" not in challenge


OTHERS: Mapping[str, Callable[[], str]] = {
    "an agent's": lambda: rita(audience=DOOR),
    "an agent's of one's own": lambda: MINT.person("rita", [], DOOR, client="claude"),
    "another client's": lambda: rita(client="claude"),
    "no client's": lambda: rita(client_id=None),
    "a machine's": lambda: rita(idtyp="app"),
    "expired": lambda: rita(exp=CLOCK.seconds(ago=31), iat=CLOCK.seconds(ago=100)),
    "long-lived": lambda: rita(exp=CLOCK.seconds() + 3_600),
    "garbage": lambda: "garbage",
}


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("whose", OTHERS)
async def test_another_token_gets_the_same_answer_whatever_is_wrong_with_it(room: Room, path: str, whose: str) -> None:
    reply = await room.get(path, OTHERS[whose]())
    assert reply.status_code == 401
    assert 'error="invalid_token"' in reply.headers["www-authenticate"]
    assert reply.json()["error"] == "unauthenticated"


async def test_tokens_that_are_refused_are_counted_for_the_record(room: Room) -> None:
    await room.get("/api/reviews", "garbage")
    await room.vote(VOTE, rita(auth_time=None))
    await room.vote(VOTE, rita(scope="assent:audit"))
    await room.get("/api/reviews")
    assert room.denied == [
        ("token: not three parts of base64url", ""),
        ("claim auth_time: older than five minutes, or missing", trust(MINT).issuer),
        ("scope: lacks assent:review", trust(MINT).issuer),
    ]


async def test_a_sign_in_that_is_not_fresh_is_asked_for_again(room: Room) -> None:
    for auth_time in (None, CLOCK.seconds(ago=301)):
        reply = await room.vote(VOTE, rita(auth_time=auth_time))
        assert reply.status_code == 401
        assert 'error="insufficient_user_authentication"' in reply.headers["www-authenticate"]
        assert 'max_age="300"' in reply.headers["www-authenticate"]
    assert room.desk.ballots == []
    assert (await room.get("/api/audit/sessions", rita(auth_time=None))).status_code == 200


async def test_a_scope_that_lacks_is_named(room: Room) -> None:
    reply = await room.vote(VOTE, rita(scope="assent:audit"))
    assert reply.status_code == 403
    assert reply.headers["www-authenticate"].endswith('scope="assent:review", error="insufficient_scope"')
    reply = await room.get("/api/audit/sessions", rita(scope="assent:review"))
    assert (reply.status_code, reply.json()["message"]) == (403, "The access token lacks the scope assent:audit.")
    assert room.desk.ballots == []


@pytest.mark.parametrize("value", ["Basic cml0YTpyaXRh", "Bearer", "Bearer ", "bearer x y", "Token {token}", "{token}"])
async def test_only_one_bearer_token_in_the_header_counts(room: Room, value: str) -> None:
    headers = {"authorization": value.format(token=rita())}
    assert (await room.http.get("/api/reviews", headers=headers)).status_code == 401


async def test_a_token_elsewhere_is_no_token(room: Room) -> None:
    assert (await room.http.get(f"/api/reviews?access_token={rita()}")).status_code == 401
    assert (await room.http.get("/api/reviews", headers={"cookie": f"access_token={rita()}"})).status_code == 401
    twice = [("authorization", f"Bearer {rita()}"), ("authorization", f"Bearer {rita()}")]
    assert (await room.http.get("/api/reviews", headers=twice)).status_code == 401


async def test_what_is_not_there_and_what_is_not_yours_look_alike(room: Room) -> None:
    replies = [
        await room.get("/api/reviews/rev_other"),
        await room.get("/api/reviews/..%2f..%2fetc"),
        await room.get("/api/reviews/" + "x" * 65),
        await room.get(f"/api/reviews/{REVIEW_ID}", rita("mallory")),
        await room.get(f"/api/audit/sessions/{SESSION}", rita("mallory")),
        await room.get(f"/api/audit/calls/{CALL}", rita("mallory")),
        await room.get("/api/audit/calls/call_other"),
        await room.get("/api/nothing"),
        await room.http.post("/api/reviews/rev_x/votes", json=dict(VOTE), headers=room.bearing(None)),
    ]
    assert {reply.status_code for reply in replies} == {404}
    assert len({reply.content for reply in replies}) == 1


# ---------------------------------------------------------------- the threshold


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8443", "console.example", "", "console.example:8443@x"])
@pytest.mark.parametrize("path", ["/healthz", "/api/reviews"])
async def test_a_foreign_host_reaches_nothing(room: Room, host: str, path: str) -> None:
    assert (await room.get(path, host=host)).status_code == 421


async def test_a_name_without_a_port_stands_for_every_port(room: Room) -> None:
    names = frozenset({"console.example", "[::1]"})
    app = build(desk=room.desk, archive=room.archive, verifier=room.door, verify=report, hosts=names)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="https://x") as http:
        for host in ("console.example", "CONSOLE.example:1", "[::1]:8081", "[::1]"):
            assert (await http.get("/healthz", headers={"host": host})).status_code == 200
        for host in ("x@console.example", "console.example/x", "console.example.evil.example", "console.example:x"):
            assert (await http.get("/healthz", headers={"host": host})).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://console.example"},
        {"origin": "file://console.example:8443"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_foreign_page_cannot_vote(room: Room, headers: dict[str, str]) -> None:
    assert (await room.vote(VOTE, **headers)).status_code == 403
    assert room.desk.ballots == []


async def test_our_own_origin_and_none_may_vote(room: Room) -> None:
    own = {"origin": f"https://{HOST}", "sec-fetch-site": "same-origin"}
    assert (await room.vote(VOTE, **own)).status_code == 200
    assert (await room.vote(VOTE)).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_form_cannot_vote(room: Room, kind: str) -> None:
    assert (await room.vote(VOTE, **{"content-type": kind})).status_code == 415


HOSTILE_BODIES: list[object] = [
    b"",
    b"null",
    b"[]",
    b'"approve"',
    b"{",
    b"\xff\xfe",
    b"[" * 8_000,
    b'{"decision": "deny", "decision": "approve", "digest": "' + DIGEST.encode() + b'"}',
    b'{"decision": "approve", "digest": "' + DIGEST.encode() + b'", "affected_rows": NaN}',
    b'{"decision": "approve", "digest": "' + DIGEST.encode() + b'", "affected_rows": 1' + b"0" * 5_000 + b"}",
    {"decision": "approve"},
    {"digest": DIGEST},
    {**VOTE, "decision": "APPROVE"},
    {**VOTE, "decision": ["approve"]},
    {**VOTE, "decision": True},
    {**VOTE, "digest": DIGEST.upper()},
    {**VOTE, "digest": DIGEST[:-1]},
    {**VOTE, "digest": DIGEST + "\n"},
    {**VOTE, "digest": 7},
    {**VOTE, "affected_rows": -1},
    {**VOTE, "affected_rows": True},
    {**VOTE, "affected_rows": 1.5},
    {**VOTE, "affected_rows": "5"},
    {**VOTE, "affected_rows": 2**63},
    {**VOTE, "reason": "x" * 501},
    {**VOTE, "reason": "one\ntwo"},
    {**VOTE, "reason": "nul\u0000"},
    {**VOTE, "reason": "\ud800"},
    {**VOTE, "reason": ["x"]},
    {**VOTE, "person": "demo:bob"},
    {**VOTE, "seat": "dba"},
]


@pytest.mark.parametrize("body", HOSTILE_BODIES, ids=range(len(HOSTILE_BODIES)))
async def test_a_body_that_is_not_exactly_a_vote_is_refused(room: Room, body: object) -> None:
    reply = await room.vote(body)
    assert (reply.status_code, reply.json()["error"]) == (400, "bad_request")
    assert room.desk.ballots == []


async def test_a_large_body_is_refused_with_and_without_its_length(room: Room) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 1_000

    assert (await room.vote(b" " * (BODY_BYTES + 1))).status_code == 413
    headers = room.bearing(None) | {"content-type": "application/json"}
    reply = await room.http.post(f"/api/reviews/{REVIEW_ID}/votes", content=endless(), headers=headers)
    assert reply.status_code == 413


async def test_a_token_is_looked_at_before_a_body(room: Room) -> None:
    assert (await room.vote(b" " * (BODY_BYTES + 1), "garbage")).status_code == 401


async def test_the_demos_door_takes_no_votes() -> None:
    room = Room(votes=False)
    reply = await room.vote(VOTE)
    assert (reply.status_code, reply.json()["error"]) == (403, "votes_off")
    assert room.desk.ballots == []
    assert (await room.get("/api/reviews")).status_code == 200


# ---------------------------------------------------------------- trouble


async def test_an_issuer_that_is_away_is_not_a_wrong_token(room: Room) -> None:
    room.network.down = True
    reply = await room.get("/api/reviews")
    assert (reply.status_code, reply.json()["error"]) == (503, "identity_unavailable")
    assert "retry-after" in reply.headers
    assert "www-authenticate" not in reply.headers


async def test_a_vote_that_was_not_recorded_is_not_said_to_be(room: Room) -> None:
    room.desk.fails = True
    reply = await room.vote(VOTE)
    assert (reply.status_code, reply.json()["error"]) == (503, "audit_unavailable")
    assert "secret" not in reply.text


@final
class Broken:
    """A verifier that fails as nobody foresaw."""

    async def reviewer(self, bearer: str | None, *, scope: PeopleScope) -> Identity:
        raise RuntimeError(f"unforeseen, with {bearer} for {scope}")


async def every_kind(room: Room) -> list[httpx2.Response]:
    """One answer of each kind, a failure included."""
    broken = build(
        desk=room.desk, archive=room.archive, verifier=Broken(), verify=report, hosts=frozenset({"console.example"})
    )
    transport = httpx2.ASGITransport(app=broken, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=f"https://{HOST}") as failing:
        failed = await failing.get("/api/reviews", headers=room.bearing(None))
    return [
        failed,
        await room.get("/api/reviews"),
        await room.get("/nothing"),
        await room.get("/api/reviews", "garbage"),
        await room.get("/api/reviews/", follow="no"),
        await room.get("/healthz", host="evil.example"),
        await room.vote(VOTE, origin="null"),
        await room.vote(b"{"),
        await room.http.delete("/api/reviews", headers=room.bearing(None)),
        await room.http.options("/api/reviews", headers={"origin": "https://evil.example"}),
        await room.http.head("/healthz"),
    ]


async def test_every_answer_carries_the_headers_and_none_opens_to_other_origins(room: Room) -> None:
    replies = await every_kind(room)
    assert [reply.status_code for reply in replies] == [500, 200, 404, 401, 404, 421, 403, 400, 405, 403, 200]
    for reply in replies:
        assert HEADERS.items() <= dict(reply.headers).items()
        assert not any(name.startswith("access-control") for name in reply.headers)
        assert "set-cookie" not in reply.headers
        assert "server" not in reply.headers
        assert reply.headers["content-type"] == "application/json"
        assert "unforeseen" not in reply.text


async def test_no_log_holds_a_token_or_a_name(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = rita(exp=CLOCK.seconds() + 3_600)
    assert (await room.get("/api/reviews", token)).status_code == 401
    await room.vote({"decision": "deny", "digest": DIGEST, "reason": "canary"})
    await room.get("/api/reviews", rita(auth_time=None))
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("assent"))
    assert "claim exp: longer" in ours
    assert not any(word in ours for word in (token[:30], "canary", "rita", "demo.example", "console:"))


async def test_keys_that_are_away_do_not_crash_the_door(room: Room) -> None:
    room.network.down = True
    with pytest.raises(IdentityUnavailable):
        await room.door.reviewer(rita(), scope="assent:review")


@pytest.mark.parametrize(("what", "act", "word"), [("revocation", "revoke", "revoked"), ("block", "block", "blocked")])
async def test_a_reviewer_stops_by_the_digest_that_was_seen(room: Room, what: str, act: str, word: str) -> None:
    room.desk.word = Said(word)
    reply = await room.stop(what, {"digest": DIGEST})
    assert (reply.status_code, reply.json()["said"], reply.json()["changed"]) == (200, word, True)
    assert room.desk.brakes == [(act, "rita", DIGEST)]
    room.desk.word = Said.SELF
    assert (await room.stop(what, {"digest": DIGEST})).status_code == 403
    assert (await room.stop(what, {"digest": DIGEST}, of="rev_other")).status_code == 404
    room.desk.fails = True
    assert (await room.stop(what, {"digest": DIGEST})).status_code == 503


@pytest.mark.parametrize("what", ["revocation", "block"])
@pytest.mark.parametrize("body", [{}, [], {"digest": "short"}, {"digest": DIGEST, "reason": "x"}, "text"])
async def test_what_names_no_digest_stops_nothing(room: Room, what: str, body: object) -> None:
    assert (await room.stop(what, body)).status_code == 400
    assert room.desk.brakes == []


@pytest.mark.parametrize("what", ["revocation", "block"])
async def test_an_agents_token_and_a_stale_sign_in_stop_nothing_and_the_demo_takes_none(what: str) -> None:
    room = Room()
    assert (await room.stop(what, {"digest": DIGEST}, token=rita(audience=DOOR))).status_code == 401
    stale = rita(auth_time=CLOCK.seconds(ago=301))
    assert (await room.stop(what, {"digest": DIGEST}, token=stale)).status_code == 401
    assert room.desk.brakes == []
    closed = Room(votes=False)
    assert (await closed.stop(what, {"digest": DIGEST})).status_code == 404
    assert closed.desk.brakes == []
