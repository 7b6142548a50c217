"""The fake workspace on a local page: messages, modals and `/audit` for whoever one says to be; no script, no account.

It is no boundary: who reaches it can act as anybody in the demo. So it listens on loopback alone, under a path that is
new for each run, and takes acts only from its own page (Host and Origin, RFC 6454).
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import Final, final
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from demo.slack import drawing
from demo.slack.manifest import array
from demo.slack.office import STAFF
from demo.slack.platform import NotPossible, Slack
from demo.slack.sight import COMMAND, HEADERS, Sight
from demo.slack.world import Json, Posted, View, Whisper
from demo.world import HOST
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening

BODY_BYTES: Final = 65_536
SOON: Final = 1.0  # seconds to wait for what an act changes, before the page is shown again


@asynccontextmanager
async def page(slack: Slack) -> AsyncIterator[str]:
    """Serve the page on a free port of loopback while the block runs; gives its address, the one way to it."""
    taken = bound(Address(host=HOST))
    origin = f"http://{HOST}:{taken.getsockname()[1]}"
    desk = Page(slack=slack, origin=origin, secret=secrets.token_urlsafe(32))
    async with listening(desk.app(), taken, address=Address(host=HOST), drain=Drain()):
        yield desk.url


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a person sees and does."""

    slack: Slack
    origin: str
    secret: str

    @property
    def url(self) -> str:
        """The page's address."""
        return f"{self.origin}/{self.secret}/"

    def app(self) -> Starlette:
        """Build the application."""
        acts = {
            "click": self.click,
            "submit": self.submit,
            "close": self.close,
            "type": self.typed,
            "home": self.home,
            "home_click": self.pressed,
        }
        routes = [Route("/{secret}/", self.guarded(self.look), methods=["GET"])]
        routes += [
            Route(f"/{{secret}}/{name}", self.guarded(self.acting(act, name)), methods=["POST"])
            for name, act in acts.items()
        ]
        app = Starlette(routes=routes, exception_handlers={HTTPException: refused})
        app.router.redirect_slashes = False
        return app

    def guarded(self, act: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Let in only who names this very host and path and, to act, comes from this very page."""

        async def endpoint(request: Request) -> Response:
            if request.headers.getlist("host") != [self.origin.removeprefix("http://")]:
                raise HTTPException(HTTPStatus.FORBIDDEN)
            if not hmac.compare_digest(str(request.path_params["secret"]).encode(), self.secret.encode()):
                raise HTTPException(HTTPStatus.NOT_FOUND)
            if request.method == "POST" and request.headers.getlist("origin") != [self.origin]:
                raise HTTPException(HTTPStatus.FORBIDDEN)
            return await act(request)

        return endpoint

    def acting(
        self, act: Callable[[str, dict[str, str]], Awaitable[None]], name: str
    ) -> Callable[[Request], Awaitable[Response]]:
        """Read the form, do it as the person it names, wait a moment for what it changes, show the page again."""

        async def endpoint(request: Request) -> Response:
            form = await filled(request)
            user = self.member(form.pop("as", ""))
            before = self.marks()
            try:
                await act(user, form)
            except NotPossible as error:
                raise HTTPException(HTTPStatus.CONFLICT, str(error)) from error
            with suppress(TimeoutError):
                async with asyncio.timeout(SOON):
                    await self.slack.world.until(lambda: self.marks() != before)
            where = {"as": user, **({"home": "1"} if name.startswith("home") else {})}
            return RedirectResponse(f"{self.url}?{urlencode(where)}", HTTPStatus.SEE_OTHER, HEADERS)

        return endpoint

    def marks(self) -> tuple[int, ...]:
        """Give what changes when something new is to be seen."""
        world = self.slack.world
        versions = sum(len(each.versions) for each in world.messages)
        homes = (id(each) for each in world.homes.values())
        return versions, len(world.whispers), sum(each.open for each in world.views), *homes

    def member(self, user: str) -> str:
        """Take a person of the demo; the bot is none.

        Raises: HTTPException.
        """
        if user not in STAFF:
            raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such person here.")
        return user

    # ------------------------------------------------------------ acts

    async def click(self, user: str, form: dict[str, str]) -> None:
        """Press a button as it was shown: one that changed since is not pressed.

        Raises: NotPossible.
        """
        message = self.found(user, form)
        try:
            element = self.slack.visible(user, message, form.get("action", ""), form.get("value", ""))
        except NotPossible as error:
            raise NotPossible("The message has changed since you saw it. Nothing was pressed.") from error
        await self.slack.press(user, message, element)

    async def home(self, user: str, _: dict[str, str]) -> None:
        """Open App Home.

        Raises: NotPossible.
        """
        await self.slack.open_home(user)

    async def pressed(self, user: str, form: dict[str, str]) -> None:
        """Press a button of App Home as it was shown.

        Raises: NotPossible.
        """
        await self.slack.press_home(user, form.get("action", ""), form.get("value", ""))

    def found(self, user: str, form: dict[str, str]) -> Posted | Whisper:
        """Find a message by its place, or one that only this person sees.

        Raises: NotPossible.
        """
        place = (form.get("channel", ""), form.get("ts", ""))
        own = (each for each in self.slack.world.whispers if each.user == user and (each.channel, each.ts) == place)
        message = next(
            (each for each in self.slack.readable(user) if (each.channel, each.ts) == place), next(own, None)
        )
        if message is None:
            raise NotPossible("There is no such message.")
        return message

    async def submit(self, user: str, form: dict[str, str]) -> None:
        """Submit the modal that is open before this person.

        Raises: NotPossible.
        """
        view = self.opened(user, form)
        values: dict[str, Json] = {}
        for each in array(view.payload.get("blocks")):
            if isinstance(each, dict) and each.get("type") == "input":
                given = form.get(f"{drawing.FIELD}{each.get('block_id')}", "").replace("\r\n", "\n")
                state = drawing.filled(each, given)
                if state is None or not (given or each.get("optional")):
                    raise NotPossible("An input was left out or holds what it cannot. Nothing was sent.")
                values[str(each.get("block_id"))] = state
        await self.slack.submit(user, view, values)

    async def close(self, user: str, form: dict[str, str]) -> None:
        """Close the modal without submitting it.

        Raises: NotPossible.
        """
        self.opened(user, form).open = False
        self.slack.world.changed()

    def opened(self, user: str, form: dict[str, str]) -> View:
        """Find the modal that was shown.

        Raises: NotPossible.
        """
        view = self.slack.view(user)
        if view is None or view.id != form.get("view"):
            raise NotPossible("That dialog is no longer open. Nothing was sent.")
        return view

    async def typed(self, user: str, form: dict[str, str]) -> None:
        """Send a slash command; nothing else is understood here.

        Raises: NotPossible.
        """
        command, _, rest = form.get("text", "").strip().partition(" ")
        if command != COMMAND:
            raise NotPossible(f"This page sends {COMMAND} commands and nothing else.")
        await self.slack.slash(user, rest)

    async def look(self, request: Request) -> Response:
        """Show everything to one person."""
        user = self.member(request.query_params.get("as", next(iter(STAFF))))
        seen = Sight(slack=self.slack, secret=self.secret)
        asked = request.query_params
        return HTMLResponse(seen.page(user, writing="write" in asked, home="home" in asked), headers=dict(HEADERS))


async def filled(request: Request) -> dict[str, str]:
    """Read a form, each name once.

    Raises: HTTPException.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error
    if len(dict(pairs)) != len(pairs):
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    return dict(pairs)


async def refused(request: Request, error: Exception) -> Response:
    """Say why nothing was done, and offer the page again to who is on it."""
    said = error if isinstance(error, HTTPException) else HTTPException(HTTPStatus.INTERNAL_SERVER_ERROR)
    back = '<p><a href="./">Back</a></p>' if said.status_code == HTTPStatus.CONFLICT else ""
    del request
    return HTMLResponse(f"<p>{escape(str(said.detail))}</p>{back}", said.status_code, dict(HEADERS))
