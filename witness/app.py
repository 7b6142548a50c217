"""The witness's HTTP door (C2SP tlog-witness): one request to sign, nothing to read, nobody signed in.

    POST /add-checkpoint    200 and signature lines; 400, 403, 404, 409 with the size it signed last, 422
    GET  /healthz           ok

What is compared and what is stored is one step under a lock, durable before the answer: of two requests at once the
later sees what the earlier stored, and no answer takes back a larger one (the standard's race).
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from core.audit.transparency import note, witnessing
from core.audit.transparency.note import BadNote, VerifierKey
from core.audit.transparency.trust import Trust
from core.audit.transparency.witnessing import Reply
from core.errors import UnsafeStart
from witness.memory import Memory

LOG: Final = logging.getLogger("assent.witness")
LARGEST: Final = 128 * 1024  # bytes of a request: 63 hashes and a note of at most 64 KiB
SECONDS: Final = 10.0  # for a request to arrive


@final
class Witness:
    """Signs what follows."""

    def __init__(
        self,
        *,
        name: str,
        key: Ed25519PrivateKey,
        logs: Sequence[Trust],
        memory: Memory,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._name = name
        self._key = key
        self._logs = tuple(logs)
        self._memory = memory
        self._now = now
        self._turn = threading.Lock()

    @property
    def verifier(self) -> VerifierKey:
        """What checks its signatures."""
        return note.cosigner(self._name, self._key)

    def add(self, raw: bytes) -> Reply:
        """Answer one request; blocks on the disk, so call it in a thread."""
        try:
            request = witnessing.read(raw)
            with self._turn:
                said = witnessing.judge(request, self._logs, self._memory.last)
                if isinstance(said, Reply):
                    return said
                self._memory.keep(said.origin, request.note)
            line = note.cosign(said.text, self._name, self._key, at=int(self._now()))
        except BadNote as error:
            return Reply(status=400, body=f"{error}\n")
        except (OSError, UnsafeStart):
            LOG.exception("nothing is signed")
            return Reply(status=500, body="the witness cannot remember\n")
        return Reply(status=200, body=line)


def build(witness: Witness, hosts: Sequence[str]) -> Starlette:
    """Make the application; `hosts` are the names it answers to."""

    async def add(request: Request) -> Response:
        if "origin" in request.headers:
            return Response("a browser has no business here\n", 403)
        try:
            async with asyncio.timeout(SECONDS):
                raw = await body(request)
        except (TimeoutError, ClientDisconnect):
            return Response("too slow\n", 408)
        said = Reply(status=400, body="too long\n") if raw is None else await asyncio.to_thread(witness.add, raw)
        return Response(said.body, said.status, headers={"content-type": said.kind})

    async def healthy(_request: Request) -> Response:
        return Response("ok\n", media_type=witnessing.TEXT)

    return Starlette(
        routes=[Route("/add-checkpoint", add, methods=["POST"]), Route("/healthz", healthy)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)],
    )


async def body(request: Request) -> bytes | None:
    """Read a request's body; None when it is too long."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST:
            return None
    return raw
