"""Carries messages between standard input and output and the gateway: one POST each, every answer as it comes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final, Protocol, final

import httpx2

from cli.relay.frames import FRAME_BYTES, Message, events, failure, framed, member, mirrored

CONNECT: Final = 10.0  # seconds
SILENCE: Final = 90.0  # seconds without a byte: the gateway sends a frame every five while it holds a call
AT_ONCE: Final = 64  # messages on their way; further ones wait
ACCEPT: Final = {"content-type": "application/json", "accept": "application/json, text/event-stream"}

LEFT: Final = 0  # the answer ended before it was one
LOST: Final = (
    "The connection to the gateway was lost. A statement may have run: ask collect or a person, do not repeat it."
)
REFUSED: Final = {
    LEFT: LOST,
    401: "The gateway did not accept the token; nothing ran. Get a new one and start the relay again.",
    403: "The token does not open this; nothing ran.",
    404: "There is no gateway at this address.",
    413: "The message is too large for the gateway; nothing ran.",
    421: "The gateway does not answer to this address.",
    429: "The gateway is busy; nothing ran. Try again later.",
    503: "The gateway cannot answer now; nothing ran. Try again later.",
}
UNKNOWN: Final = "The gateway answered in a way that is not the protocol's."
AWAY: Final = "The gateway cannot be reached; nothing was sent."


class Bearer(Protocol):
    """Who gives the token of the person; it is asked before each message and kept nowhere else."""

    async def token(self, *, needed: frozenset[str] = frozenset(), refused: str | None = None) -> str:
        """Give a token with at least these scopes, and not the one that was refused.

        Raises: NoToken.
        """
        ...


class NoToken(Exception):
    """There is no token to be had; its text is for the agent."""


@final
class Given:
    """A token out of ASSENT_TOKEN: there is no other when it is refused."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self, *, needed: frozenset[str] = frozenset(), refused: str | None = None) -> str:
        """Give it.

        Raises: NoToken when it was refused.
        """
        if refused is not None:
            lacks = f"The token lacks the scope {' and '.join(sorted(needed))}; nothing ran."
            raise NoToken(lacks if needed else REFUSED[401])
        return self._token


@final
class Relay:
    """One client, one gateway. `say` writes a line to the client; lines never mix."""

    def __init__(
        self, url: str, http: httpx2.AsyncClient, bearer: Bearer, say: Callable[[bytes], Awaitable[None]]
    ) -> None:
        self._url = url
        self._http = http
        self._bearer = bearer
        self._say = say
        self._negotiated: str | None = None
        self._under_way: dict[object, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)

    async def run(self, lines: asyncio.StreamReader) -> None:
        """Carry every line until the client closes its side; what is still on its way is then cancelled."""
        try:
            while line := await lines.readline():
                await self._begin(line)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _begin(self, line: bytes) -> None:
        try:
            message: object = json.loads(line)
        except (ValueError, RecursionError):
            await self._say(failure(None, -32700, "This is not JSON."))
            return
        if isinstance(message, dict) and message.get("method") == "notifications/cancelled":
            self._cancel(member(message, "params", "requestId"))
            return
        await self._places.acquire()
        task = asyncio.create_task(self._carry(line.strip(), message if isinstance(message, dict) else {}))
        self._tasks.add(task)
        of = _id(message)
        if of is not None:
            self._under_way[of] = task
        task.add_done_callback(lambda done: self._ended(done, of))

    def _cancel(self, of: object) -> None:
        """Close a request's stream: to the gateway that is its cancellation, in every generation of the protocol."""
        task = self._under_way.pop(of, None) if isinstance(of, str | int) else None
        if task is not None:
            task.cancel()

    def _ended(self, task: asyncio.Task[None], of: object) -> None:
        self._places.release()
        self._tasks.discard(task)
        if self._under_way.get(of) is task:
            del self._under_way[of]

    async def _carry(self, body: bytes, message: Message) -> None:
        """Send one message, and answer it ourselves where the gateway did not."""
        try:
            status = await self._sent(body, message)
            said = (status, REFUSED.get(status, UNKNOWN))
        except NoToken as error:
            said = (HTTPStatus.UNAUTHORIZED, str(error))
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            said = (0, AWAY)
        except (httpx2.HTTPError, ValueError):
            said = (0, LOST)
        of = _id(message)
        if said[0] != HTTPStatus.OK and of is not None:
            await self._say(failure(of, *said))

    async def _sent(self, body: bytes, message: Message) -> int:
        """Send it; a refused token is replaced once, for then nothing ran, and nothing else is ever sent twice."""
        token = await self._bearer.token()
        status, challenge = await self._post(body, message, token)
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            needed = _scopes(challenge) if status == HTTPStatus.FORBIDDEN else frozenset[str]()
            token = await self._bearer.token(needed=needed, refused=token)
            status, _ = await self._post(body, message, token)
        return status

    async def _post(self, body: bytes, message: Message, token: str) -> tuple[int, str]:
        """Send it and pass its answers on; return 200 once it is answered, else the status, and its challenge."""
        headers = ACCEPT | mirrored(message, self._negotiated) | {"authorization": f"Bearer {token}"}
        async with self._http.stream("POST", self._url, content=body, headers=headers) as response:
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            answered = False
            if kind == "text/event-stream":
                async for event in events(response.aiter_lines()):
                    answered = await self._pass(event, message) or answered
            elif kind == "application/json":
                answered = await self._pass(await _text(response), message)
            status = HTTPStatus.OK if answered else LEFT if response.is_success else response.status_code
            return status, response.headers.get("www-authenticate", "")

    async def _pass(self, text: str, message: Message) -> bool:
        """Pass frames on; whether the answer was among them, for progress is none."""
        frames = framed(text)
        if frames is None:
            return False
        if message.get("method") == "initialize":
            version = member(frames.whole[0], "result", "protocolVersion")
            self._negotiated = version if isinstance(version, str) else None
        await self._say(frames.line)
        return any("method" not in one and one.get("id") == message.get("id") for one in frames.whole)


def _id(message: object) -> str | int | None:
    """Return the id of a request; None of a notification, a response, a batch."""
    if not isinstance(message, Mapping) or "method" not in message:
        return None
    of = message.get("id")
    return of if isinstance(of, str | int) and not isinstance(of, bool) else None


def _scopes(challenge: str) -> frozenset[str]:
    """Read the scopes that a challenge names (RFC 6750 section 3)."""
    _, found, rest = challenge.partition('scope="')
    return frozenset(rest.partition('"')[0].split()) if found else frozenset()


async def _text(response: httpx2.Response) -> str:
    held = bytearray()
    async for chunk in response.aiter_bytes():
        held += chunk
        if len(held) > FRAME_BYTES:
            raise ValueError("an answer beyond the bound")
    return held.decode()
