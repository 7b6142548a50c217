"""`assent login`: a reviewer, auditor or operator signs in by browser, and asks from this one process while it lives.

Tokens stand in its memory alone: what lies on a disk, an agent with a shell there would find. The people's side asks a
sign-in of the last five minutes for each act, so the browser opens again when the last one is older.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, final
from urllib.parse import urlsplit

import typer

from cli.reach import SIGNED_IN, People
from cli.relay.carrying import NoToken
from cli.relay.command import browse, client, trusting
from cli.relay.signing import Ask, SignedIn
from cli.relay.trusted import NAME, Gateway, address, home, read, remember
from cli.show import ERR, fail, visible
from core.errors import GatewayError, SettingsError
from core.identity.fetch import HttpFetch
from core.identity.issuer import Issuer
from core.identity.keys import JwksKeys
from core.identity.signin import IdTokens

SCOPE: Final = re.compile(r'scope="([a-z: ]{1,100})"', re.ASCII)
STALE: Final = 'error="insufficient_user_authentication"'  # RFC 9470 3
SCOPES: Final = frozenset({"assent:review", "assent:audit", "assent:operate"})  # the people's side can ask for
PROMPT: Final = "assent> "


@final
class Wall:
    """This machine's clock."""

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return datetime.now(UTC)


@final
@dataclass(frozen=True, slots=True)
class AsPerson:
    """For the person themselves: a fresh sign-in, and an ID token that says so of this one."""

    gateway: Gateway
    tokens: IdTokens
    base: frozenset[str] = frozenset({"openid"})

    @property
    def resource(self) -> str:
        """The people's side."""
        return self.gateway.audience or ""

    def draw(self) -> Ask:
        """Draw a nonce."""
        return Fresh(self, secrets.token_urlsafe(32), Wall().now())


@final
@dataclass(frozen=True, slots=True)
class Fresh:
    """One sign-in, begun then."""

    asks: AsPerson
    nonce: str = field(repr=False)
    begun: datetime

    @property
    def parameters(self) -> Mapping[str, str]:
        """Single sign-on proves nobody at a keyboard (OpenID Connect Core 3.1.2.1)."""
        return {"nonce": self.nonce, "prompt": "login", "max_age": "300"}

    async def check(self, answer: Mapping[str, object]) -> None:
        """The ID token is ours, of this sign-in, and fresh.

        Raises: NoToken.
        """
        gateway, text = self.asks.gateway, answer.get("id_token")
        issuer = Issuer(
            issuer=gateway.issuer or "", directory="", audiences=frozenset({self.asks.resource}), domains=None
        )
        try:
            await self.asks.tokens.read(
                text if isinstance(text, str) else "",
                issuer,
                client=gateway.client or "",
                nonce=self.nonce,
                begun=self.begun,
            )
        except GatewayError as error:
            raise NoToken(f"The sign-in answered wrongly ({error}); nothing was asked.") from error


@final
class Signed:
    """The bearer of this process: what the people's side challenges is signed in for, in the person's browser."""

    def __init__(self, gateway: Gateway, runner: asyncio.Runner, browse: Callable[[str], None]) -> None:
        self._runner = runner
        self._fetch = HttpFetch(tls=trusting(gateway))
        self._http = client(gateway)
        asks = AsPerson(gateway, IdTokens(JwksKeys(self._fetch, Wall()), Wall()))
        self._signed = SignedIn(gateway, self._http, browse, asks)
        self._held = ""

    def token(self) -> str:
        """Give the one that is held; one that ended is challenged."""
        return self._held

    def another(self, challenge: str) -> str | None:
        """Sign in for what a challenge names; only what a people's side can ask for is asked of a provider."""
        named = SCOPE.search(challenge)
        needed = frozenset(named[1].split()) if named else frozenset[str]()
        if not needed or not needed <= SCOPES:
            return None
        try:
            if STALE in challenge:
                self._held = self._runner.run(self._signed.again(needed=needed))
            else:
                self._held = self._runner.run(self._signed.token(needed=needed, refused=self._held or None))
        except NoToken as error:
            fail(str(error))
        return self._held

    def close(self) -> None:
        """Forget it."""
        self._held = ""
        self._runner.run(self._http.aclose())
        self._runner.run(self._fetch.close())


def confirm(wanted: Gateway) -> None:
    """Ask the person at the terminal whether their own token may go to this people's side, and remember it.

    Raises: SettingsError without a terminal, a whole answer, or a yes.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise SettingsError("Only a person at a terminal confirms where their tokens go.")
    if not (wanted.issuer and wanted.client and wanted.audience):
        raise SettingsError("Say who signs you in, as which client, and for whom: --issuer, --client-id, --audience.")
    host = urlsplit(address(wanted.url)).netloc
    address(wanted.issuer)
    typer.echo(f"People     {wanted.url}")
    typer.echo(f"Signs in   {wanted.issuer} as client {wanted.client}, for {wanted.audience}")
    typer.echo("Votes and looks of yours go there; nothing that is signed in is kept on this machine.")
    if typer.prompt(f"Type {host} to confirm", default="", show_default=False) != host:
        raise SettingsError("Not confirmed.")
    remember(wanted, home() / NAME)


def chosen(url: str | None) -> Gateway:
    """Find the people's side that was confirmed: the named one, or the only one.

    Raises: SettingsError.
    """
    sides = {name: one for name, one in read(home() / NAME).items() if one.audience is not None}
    if url is not None:
        sides = {name: one for name, one in sides.items() if name == address(url.rstrip("/"))}
    if len(sides) > 1:
        raise SettingsError(f"Several were confirmed; name one by --url: {', '.join(sorted(sides))}")
    if not sides:
        raise SettingsError(
            f"{url or 'No people’s side'} was never confirmed on this machine.\nAt a terminal: assent login --confirm "
            "--url URL --issuer URL --client-id ID --audience NAME"
        )
    return next(iter(sides.values()))


@contextmanager
def signed_in(gateway: Gateway, browse: Callable[[str], None] = browse) -> Iterator[People]:
    """Have every command of this process ask the people's side as whoever signs in; until the block ends."""
    with asyncio.Runner() as runner:
        bearer = Signed(gateway, runner, browse)
        here = People(url=gateway.url, bearer=bearer, tls=trusting(gateway) or True)
        mark = SIGNED_IN.set(here)
        try:
            yield here
        finally:
            SIGNED_IN.reset(mark)
            bearer.close()


def run(gateway: Gateway, command: Sequence[str], obey: Callable[[list[str]], int]) -> int:
    """Run one command, or ask for one after another until the person leaves; return the last one's exit code."""
    with signed_in(gateway):
        if command:
            return obey(list(command))
        ERR.print(visible(f"{gateway.url}: review, audit, act … as without assent; end with exit"), markup=False)
        return _ask(obey)


def _ask(obey: Callable[[list[str]], int]) -> int:
    last = 0
    while True:
        try:
            words = shlex.split(input(PROMPT))
        except ValueError as error:
            ERR.print(visible(f"assent: {error}"), markup=False)
            continue
        except (EOFError, KeyboardInterrupt):
            return last
        if words[:1] in (["exit"], ["quit"]):
            return last
        if words:
            last = obey(words[1:] if words[0] == "assent" else words)
