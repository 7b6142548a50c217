"""The loopback redirect of a sign-in (RFC 8252 section 7.3): one answer to one path, by its literal address."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event
from types import TracebackType
from typing import Final, Self, final
from urllib.parse import parse_qsl, urlsplit

PAGE: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark"><title>Assent</title><link rel="icon" href="data:,"><p>{}'
)
DONE: Final = "Signed in. You can close this page."
DECLINED: Final = "Not signed in. You can close this page; who asked for the sign-in can ask again."
TICK: Final = 0.2  # seconds
QUIET: Final = 2.0  # seconds that one connection may say nothing while others wait


def drawn() -> str:
    """Draw a path that nobody can guess."""
    return f"/{secrets.token_urlsafe(16)}"


@final
class Callback:
    """Listens on 127.0.0.1 at a port of the system's; the first request to the path is the answer, and the last."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._stop = Event()
        self._answer: Mapping[str, str] | None = None
        callback = self

        class Handler(BaseHTTPRequestHandler):
            timeout = QUIET  # browsers connect ahead, and say nothing

            def do_GET(self) -> None:
                callback._take(self)

            def log_message(self, *_: object) -> None:
                """Say nothing: the query holds a code."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._server.timeout = TICK
        self._authority = f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """The redirect URI."""
        return f"http://{self._authority}{self._path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._server.server_close()

    async def wait(self, seconds: float) -> Mapping[str, str] | None:
        """Return the parameters of the answer; None when none came in time."""
        serving = asyncio.create_task(asyncio.to_thread(self._serve))
        try:
            async with asyncio.timeout(seconds):
                await asyncio.shield(serving)
        except TimeoutError:
            return None
        finally:
            self._stop.set()
            await asyncio.shield(serving)
        return self._answer

    def _serve(self) -> None:
        while self._answer is None and not self._stop.is_set():
            self._server.handle_request()
        self._server.server_close()

    def _take(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        # A page elsewhere may reach this port by a name of its own: only the literal address is ours.
        if request.headers.get_all("host") != [self._authority] or parts.path != self._path or self._answer is not None:
            request.send_error(404)
            return
        self._answer = dict(parse_qsl(parts.query))
        request.send_response(200)
        for name, value in HEADERS.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(PAGE.format(DONE if "code" in self._answer else DECLINED).encode())


HEADERS: Final = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; img-src data:; frame-ancestors 'none'",
    "connection": "close",
}
