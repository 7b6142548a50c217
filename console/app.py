"""The people's HTTP door: reviewers decide and auditors look, each with a token of their own; no cookie opens it.

    GET  /api/reviews                   {"reviews": [Review]}: what waits and this person may see, oldest first
    GET  /api/reviews/{id}              Review
    POST /api/reviews/{id}/votes        {"decision": "approve"|"deny", "digest", "reason"?, "affected_rows"?} -> Said
                                        "ticket" besides: an answer alone in an emergency, with its reason
    GET  /api/breaks                    {"reviews": [Review]}: answered alone, and nobody else has looked, oldest first
    POST /api/reviews/{id}/hindsight    {"digest", "finding": "justified"|"unjustified", "note"} -> Said
    POST /api/reviews/{id}/revocation   {"digest"} -> Said: an approval is taken back, or what it began is stopped
    POST /api/reviews/{id}/block        {"digest"} -> Said: the agent that asks is blocked for an hour
    GET  /api/grants                    {"grants": [...]} that still let something run
    POST /api/grants/{id}/revocation    -> Said: nothing more runs under it
    GET  /api/audit/sessions?before=    {"sessions": [Session], "next": time|null}, newest first, 20 a page
    GET  /api/audit/sessions/{id}       {"session": Session, "calls": [Call]}
    GET  /api/audit/replays/{id}        {"session": Session, "calls": [Call + parameters, ticket], "results": URL}
    GET  /api/audit/calls?words=&…      {"calls": [Line], "next": mark|null, "reached": time|null}: `console.search`
    GET  /api/audit/calls/{id}          Call
    GET  /api/audit/openings/{id}       {"payloads": [{id, role, content (base64), key}], "ticket", "results"}: a Call's
                                        words, for auditors; a ticket is taken once, at `results` (`mcp_server.results`)
    GET  /api/audit/events?from=&cef=   {"lines": [text], "next": number|null}: the log as OCSF or CEF, for auditors
    GET|POST /api/audit/verify          the verifier's own report
    GET  /api/acts                      {"acts": [Act]}: what waits; the operators' part, scope assent:operate
    POST /api/acts                      {"does", "of"} -> Act; POST /api/acts/{id}/decision {"decision"} -> Said
    GET|POST /api/holds                 {"holds": [{kind, id}]}; {"kind", "id"} sets one
    POST /api/policy                    {"policy", "dry"} -> {"policy", "widens", "in_force", "act": Act|null}
    GET|POST /api/blocks                {"blocks": [{kind, id, name, until}]}; {"kind", "id", "until"} stops somebody
    GET  /api/retention                 {"due": […], "in_force", "configured"}: what would go; changes nothing
    GET  /healthz                       {"status": "ok"}: this process answers, no more
    …                                   `console.signing.routes`: people sign in by browser, for agents of theirs

`console.wire` writes the shapes. An error is `{"error": code, "message": sentence}`: 401 and 403 with a challenge
(RFC 6750, RFC 9470), 404 for what is not there and what is not yours alike, 503 with Retry-After when keys or store
are away. A refused vote is `{"error", "said", "changed": false, "message"}` under 403, 404, 409 or 422.
"""

from __future__ import annotations

import logging
import re
from asyncio import Lock
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias, final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import wire
from console.ballot import ballot, bare, hindsight, seen
from console.door import Bad, Deny, Threshold, answer, bearer, body, nothing, refusal, unheard
from console.operating import Operating
from console.search import asked
from console.signing.routes import Ways, crossing, routes
from core.errors import Busy, GatewayError, TokenRefused
from core.model import CallId, Digest, GrantId, Identity, Json, ReviewId, SessionId
from core.ports import Archive, Brakes, Desk, Exports, Grantors, PeopleScope, Reviewers, Said

LOG: Final = logging.getLogger("assent.console")
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
DIGITS: Final = 15  # of an Entry's number
VERIFYING: Final = timedelta(seconds=10)

Verify: TypeAlias = Callable[[], Awaitable[Mapping[str, Json]]]
Act: TypeAlias = Callable[[Request, Identity], Awaitable[Response]]
Brake: TypeAlias = Callable[[Identity, ReviewId, Digest], Awaitable[Said]]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


@final
class _Acts:
    """What a person can do here, once known."""

    def __init__(
        self,
        desk: Desk,
        brakes: Brakes | None,
        grantors: Grantors | None,
        archive: Archive,
        verify: Verify,
        exports: Exports | None,
        results: str,
    ) -> None:
        self._brakes = brakes
        self._grantors = grantors
        self._exports = exports
        self._results = results
        self._desk = desk
        self._archive = archive
        self._verify = verify
        self._verifying = Lock()

    async def reviews(self, _request: Request, who: Identity) -> Response:
        return answer({"reviews": [wire.review(shown) for shown in await self._desk.pending(who)]})

    async def review(self, request: Request, who: Identity) -> Response:
        shown = await self._desk.show(who, ReviewId(_id(request)))
        return nothing() if shown is None else answer(wire.review(shown))

    async def vote(self, request: Request, who: Identity) -> Response:
        cast = ballot(ReviewId(_id(request)), await body(request))
        word = await self._desk.vote(who, cast)
        return nothing() if word is Said.UNKNOWN else answer(wire.said(word), wire.STATUS[word])

    async def breaks(self, _request: Request, who: Identity) -> Response:
        return answer({"reviews": [wire.review(shown) for shown in await self._desk.unclosed(who)]})

    async def close(self, request: Request, who: Identity) -> Response:
        said = hindsight(ReviewId(_id(request)), await body(request))
        word = await self._desk.close(who, said)
        return nothing() if word is Said.UNKNOWN else answer(wire.said(word), wire.STATUS[word])

    async def revoke(self, request: Request, who: Identity) -> Response:
        return await self._braked(request, who, None if self._brakes is None else self._brakes.revoke)

    async def block(self, request: Request, who: Identity) -> Response:
        return await self._braked(request, who, None if self._brakes is None else self._brakes.block)

    async def grants(self, _request: Request, who: Identity) -> Response:
        found = () if self._grantors is None else await self._grantors.lasting(who)
        return answer({"grants": [wire.grant(each) for each in found]})

    async def end(self, request: Request, who: Identity) -> Response:
        bare(await body(request))
        word = Said.UNKNOWN if self._grantors is None else await self._grantors.end(who, GrantId(_id(request)))
        return nothing() if word is Said.UNKNOWN else answer(wire.said(word), wire.STATUS[word])

    async def _braked(self, request: Request, who: Identity, brake: Brake | None) -> Response:
        name, digest = ReviewId(_id(request)), seen(await body(request))
        word = Said.UNKNOWN if brake is None else await brake(who, name, digest)
        return nothing() if word is Said.UNKNOWN else answer(wire.said(word), wire.STATUS[word])

    async def sessions(self, request: Request, who: Identity) -> Response:
        lines = await self._archive.sessions(who, before=_before(request))
        more = lines[-1].began_at if len(lines) >= wire.PAGE else None
        return answer({"sessions": [wire.session(line) for line in lines], "next": wire.moment(more)})

    async def session(self, request: Request, who: Identity) -> Response:
        found = await self._archive.session(who, SessionId(_id(request)))
        if found is None:
            return nothing()
        return answer({"session": wire.session(found[0]), "calls": [wire.story(story) for story in found[1]]})

    async def replay(self, request: Request, who: Identity) -> Response:
        found = await self._archive.replay(who, SessionId(_id(request)))
        if found is None:
            return nothing()
        calls = [wire.scene(scene) for scene in found[1]]
        return answer({"session": wire.session(found[0]), "calls": calls, "results": self._results})

    async def call(self, request: Request, who: Identity) -> Response:
        found = await self._archive.call(who, CallId(_id(request)))
        return nothing() if found is None else answer(wire.story(found))

    async def openings(self, request: Request, who: Identity) -> Response:
        found = await self._archive.openings(who, CallId(_id(request)))
        if found is None:
            return nothing()
        payloads = [wire.opening(one) for one in found.opened]
        return answer({"payloads": payloads, "ticket": found.ticket or None, "results": self._results})

    async def find(self, request: Request, who: Identity) -> Response:
        wanted = asked(request.query_params)
        found = await self._archive.find(who, wanted.wanted, person=wanted.person, after=wanted.after)
        return answer(wire.found(found))

    async def events(self, request: Request, who: Identity) -> Response:
        start, cef = request.query_params.get("from", "0"), request.query_params.get("cef", "")
        if not (start.isascii() and start.isdigit() and len(start) <= DIGITS) or cef not in {"", "1"}:
            raise Bad("from is an Entry's number, cef is 1 or left out")
        found = None if self._exports is None else await self._exports.stretch(who, int(start), cef=cef == "1")
        return nothing() if found is None else answer({"lines": found.lines, "next": found.next})

    async def verify(self, _request: Request, _who: Identity) -> Response:
        """One at a time: it reads the whole log."""
        if self._verifying.locked():
            raise Busy("verify: one is running", retry_after=VERIFYING)
        async with self._verifying:
            return answer(await self._verify())


def build(
    *,
    desk: Desk,
    archive: Archive,
    verifier: Reviewers,
    verify: Verify,
    hosts: frozenset[str],
    votes: bool = True,
    exports: Exports | None = None,
    brakes: Brakes | None = None,
    grantors: Grantors | None = None,
    operating: Operating | None = None,
    ways: Ways | None = None,
    results: str = "",
    deny: Deny = unheard,
) -> Starlette:
    """Build the door; `hosts` are the names it answers to (with a port or without), `votes` False is the demo's.

    `operating`: what operators do; without it there is nothing of theirs. `ways`: how people sign in by browser.
    `results`: where a gateway takes tickets. `deny` counts tokens that were refused.
    """
    acts = _Acts(desk, brakes if votes else None, grantors if votes else None, archive, verify, exports, results)

    def needs(scope: PeopleScope, act: Act) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                who = await verifier.reviewer(bearer(request), scope=scope)
                return await act(request, who)
            except GatewayError as error:
                LOG.info("refused: %s: %s", error.code, error)
                if isinstance(error, TokenRefused):
                    deny(str(error), error.issuer)
                return refusal(error, scope=scope, presented="authorization" in request.headers)

        return endpoint

    app = Starlette(
        routes=[
            Route("/api/reviews", needs("assent:review", acts.reviews)),
            Route("/api/reviews/{id}", needs("assent:review", acts.review)),
            Route(
                "/api/reviews/{id}/votes",
                needs("assent:review", acts.vote if votes else _closed),
                methods=["POST"],
            ),
            Route("/api/breaks", needs("assent:review", acts.breaks)),
            Route(
                "/api/reviews/{id}/hindsight",
                needs("assent:review", acts.close if votes else _closed),
                methods=["POST"],
            ),
            Route("/api/reviews/{id}/revocation", needs("assent:review", acts.revoke), methods=["POST"]),
            Route("/api/reviews/{id}/block", needs("assent:review", acts.block), methods=["POST"]),
            Route("/api/grants", needs("assent:review", acts.grants)),
            Route("/api/grants/{id}/revocation", needs("assent:review", acts.end), methods=["POST"]),
            Route("/api/audit/sessions", needs("assent:audit", acts.sessions)),
            Route("/api/audit/sessions/{id}", needs("assent:audit", acts.session)),
            Route("/api/audit/openings/{id}", needs("assent:audit", acts.openings)),
            Route("/api/audit/replays/{id}", needs("assent:audit", acts.replay)),
            Route("/api/audit/calls", needs("assent:audit", acts.find)),
            Route("/api/audit/calls/{id}", needs("assent:audit", acts.call)),
            Route("/api/audit/events", needs("assent:audit", acts.events)),
            Route("/api/audit/verify", needs("assent:audit", acts.verify), methods=["GET", "POST"]),
            Route("/healthz", _healthy),
            *([] if operating is None else operators(operating, needs)),
            *([] if ways is None else routes(ways)),
        ],
        middleware=[
            Middleware(
                Threshold,
                hosts=hosts,
                crossing=frozenset() if ways is None else crossing(ways),
                secure=ways is not None and ways.cookies.secure,
            )
        ],
        exception_handlers={HTTPException: _http, Exception: _unexpected},
    )
    app.router.redirect_slashes = False  # one address a thing
    return app


def operators(operating: Operating, needs: Callable[[PeopleScope, Act], Endpoint]) -> list[Route]:
    """Give the operators' part; each of its acts wants a sign-in of the last minutes."""
    scope: PeopleScope = "assent:operate"
    return [
        Route("/api/acts", needs(scope, operating.acts)),
        Route("/api/acts", needs(scope, operating.propose), methods=["POST"]),
        Route("/api/acts/{id}/decision", needs(scope, operating.decide), methods=["POST"]),
        Route("/api/holds", needs(scope, operating.holds)),
        Route("/api/holds", needs(scope, operating.hold), methods=["POST"]),
        Route("/api/policy", needs(scope, operating.policy), methods=["POST"]),
        Route("/api/blocks", needs(scope, operating.blocks)),
        Route("/api/blocks", needs(scope, operating.block), methods=["POST"]),
        Route("/api/retention", needs(scope, operating.retention)),
        Route("/api/keys", needs(scope, operating.keys)),
    ]


async def _healthy(_request: Request) -> Response:
    return answer({"status": "ok"})


async def _closed(_request: Request, _who: Identity) -> Response:
    return answer({"error": "votes_off", "message": "Votes are not taken over HTTP here."}, 403)


async def _http(_request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:  # noqa: PLR2004 - RFC 9110 15.5.6
        return answer({"error": "method", "message": "That method is not for this address."}, 405, error.headers)
    return nothing()


async def _unexpected(_request: Request, error: Exception) -> Response:
    """The door's last line: Starlette raises the error again after this answer, so it is seen and not shown."""
    LOG.error("failed: %s", type(error).__name__)
    return answer({"error": "internal", "message": GatewayError.sentence}, 500)


def _id(request: Request) -> str:
    """Take an id from the path; what cannot be one names nothing."""
    name = str(request.path_params["id"])
    if ID.fullmatch(name) is None:
        raise HTTPException(404)
    return name


def _before(request: Request) -> datetime | None:
    """Read the page's end: an instant with its offset.

    Raises: Bad.
    """
    if not request.query_params:
        return None
    items = request.query_params.multi_items()
    try:
        ((name, value),) = items
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise Bad("the one parameter is before=<time>") from error
    if name != "before" or moment.tzinfo is None:
        raise Bad("before is a time with its offset")
    return moment
