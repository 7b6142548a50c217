"""The people's side as `assent review` and `assent audit` reach it: one address, one token, one sentence back."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, TypeAlias, final
from urllib.parse import quote, urlsplit

import httpx2

from cli.show import Exit, fail
from core.settings import file, load, tls

TOKEN: Final = "ASSENT_TOKEN"  # noqa: S105 - the name of a variable
LOCAL: Final = "http://127.0.0.1:8081"  # [console] listen, as it is when nothing is written
SECONDS: Final = 30.0
VERIFYING: Final = 600.0  # a log of a million Entries takes minutes
CHALLENGES: Final = frozenset({401, 403})
GONE: Final = 404  # also of what is somebody else's
OPERATED: Final = frozenset({"acts", "holds", "policy", "blocks", "retention", "keys"})  # operators' part of the API
UNHEARD: Final = 500  # from here on the server failed, RFC 9110 15.6
LARGEST: Final = 64 * 2**20  # bytes of one answer: a session of thousands of Calls

Answer: TypeAlias = Mapping[str, object]


class Bearer(Protocol):
    """Where a reviewer's token comes from."""

    def token(self) -> str:
        """Give the one that is held; "": none yet."""
        ...

    def another(self, challenge: str) -> str | None:
        """Give one that answers a challenge (RFC 6750 3, RFC 9470 3); None: this one is all there is."""
        ...


@final
@dataclass(frozen=True, slots=True)
class Given:
    """A token that the person brought."""

    given: str = field(repr=False)

    def token(self) -> str:
        """Give it."""
        return self.given

    def another(self, challenge: str) -> str | None:
        """There is no other."""


@final
@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    address: str
    query: Mapping[str, str] | None
    body: Mapping[str, object] | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Where the people's side listens, and who asks."""

    url: str
    bearer: Bearer = field(repr=False)
    tls: ssl.SSLContext | bool = field(default=True, repr=False)

    def get(self, *path: str, query: Mapping[str, str] | None = None, seconds: float = SECONDS) -> Answer:
        """Ask for one thing; what is refused ends the command."""
        return self._answer("GET", path, seconds=seconds, query=query)

    def post(self, *path: str, body: Mapping[str, object]) -> Answer:
        """Say one thing."""
        return self._answer("POST", path, seconds=SECONDS, body=body)

    def redeem(self, address: str, ticket: str) -> Answer | None:
        """Take a ticket where the people's side says, without a token; None: it opens nothing any more."""
        if not _safe(address) or (not address.startswith("https:") and not self.url.startswith("http:")):
            fail(f"{address} is not https: a result would travel in the clear, or what is here be asked from afar")
        reply = asyncio.run(self._ask(_Request("POST", address, None, {"ticket": ticket}), "", SECONDS))
        return None if reply.status_code == GONE else answered(reply)

    def _answer(
        self,
        method: str,
        path: tuple[str, ...],
        *,
        seconds: float,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Answer:
        """Ask; once more with the token that a challenge asks for, since what was challenged was not done."""
        address = "/".join((self.url, "api", *(quote(part, safe="") for part in path)))
        request = _Request(method, address, query or None, body)
        reply = asyncio.run(self._ask(request, self.bearer.token(), seconds))
        if reply.status_code in CHALLENGES:
            token = self.bearer.another(reply.headers.get("www-authenticate", ""))
            if token is not None:
                reply = asyncio.run(self._ask(request, token, seconds))
        return answered(reply, path[0])

    async def _ask(self, request: _Request, token: str, seconds: float) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        try:
            async with httpx2.AsyncClient(
                headers=headers, verify=self.tls, trust_env=False, follow_redirects=False, timeout=seconds
            ) as http:
                return await http.request(request.method, request.address, params=request.query, json=request.body)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            fail(f"{request.address}: cannot be reached ({type(error).__name__}): is assent serve running?")


SIGNED_IN: Final[ContextVar[People | None]] = ContextVar("SIGNED_IN", default=None)  # within assent login


def answered(reply: httpx2.Response, of: str = "") -> Answer:
    """Take the JSON object of an answer; end the command with the sentence of a refusal.

    `of`: the part of the API that was asked. Who is no operator is told what they would be told if nothing were there.
    """
    try:
        found = json.loads(reply.content) if len(reply.content) <= LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        fail(f"status {reply.status_code} and no JSON object: this is not Assent's people's side")
    if not reply.is_success:
        sentence = str(found.get("message") or found.get("error") or f"status {reply.status_code}")
        if reply.status_code == GONE and of in OPERATED and "said" not in found:  # an answer is for operators alone
            sentence += "\nthis is for people of a group that [console] operators names"
        fail(sentence, Exit.CANNOT if reply.status_code >= UNHEARD else Exit.FINDINGS)
    return found


def people(config: Path, url: str | None, token_file: Path | None) -> People:
    """Find address and token; a token never travels in the clear. Whoever signed in here asks where they did.

    Raises: SettingsError.
    """
    here = SIGNED_IN.get()
    if here is not None:
        if token_file is not None or (url is not None and url.rstrip("/") != here.url):
            fail("you are signed in at " + here.url + ": no other address, and no other token", Exit.USAGE)
        return here
    address = (url or listening(config)).rstrip("/")
    if not _safe(address):
        fail(f"{address} is off this machine and not https: a token would travel in the clear")
    return People(url=address, bearer=Given(token(token_file)))


def _safe(address: str) -> bool:
    """Whether what is said there is heard there alone."""
    try:
        _ = urlsplit(address).port
        return tls.verified(address)
    except ValueError:
        fail("--url is an http or https address", Exit.USAGE)


def listening(config: Path) -> str:
    """Say where the configuration lets people in; no secret of it is read."""
    if not config.exists():
        return LOCAL
    listen = load(config, os.environ, roles=frozenset()).console.listen
    host = f"[{listen.host}]" if ":" in listen.host else listen.host
    return f"http://{host}:{listen.port}"


def token(path: Path | None) -> str:
    """Read the reviewer's token from its file or the environment."""
    missing = f"no token: sign in with assent login, put a token into {TOKEN}, or name its file with --token-file"
    return held(path, os.environ.get(TOKEN, ""), missing)


def held(path: Path | None, given: str, missing: str) -> str:
    """Read a token from its file, or take the one that is given."""
    if path is not None:
        try:
            given = file.secret(path).decode()
        except OSError as error:
            fail(f"{path}: cannot be read: {error.strerror}")
        except ValueError as error:
            fail(f"{path}: {error}")
    if not given.strip():
        fail(missing)
    if not given.strip().isascii() or not given.strip().isprintable():
        fail("the token holds characters that no token holds")
    return given.strip()


def objects(answer: Answer, name: str) -> list[Answer]:
    """Return one of an answer's lists of objects."""
    items = answer.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def part(answer: Answer, name: str) -> Answer:
    """Return one of an answer's objects, empty when it is none."""
    found = answer.get(name)
    return found if isinstance(found, dict) else {}


def word(answer: Answer, name: str) -> str:
    """Return one of an answer's values as text, "" for null."""
    found = answer.get(name)
    return "" if found is None else str(found)


def moment(answer: Answer, name: str) -> str:
    """Return one of an answer's instants for people, to the second in UTC; "" for null."""
    found = word(answer, name)
    return f"{datetime.fromisoformat(found).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if found else ""


def words(answer: Answer, name: str) -> str:
    """Return one of an answer's lists as text."""
    found = answer.get(name)
    return ", ".join(map(str, found)) if isinstance(found, list) else ""
