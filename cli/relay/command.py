"""`assent relay`: confirm a gateway at a terminal, once; then serve the MCP client that started us."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import sys
import webbrowser
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2
import typer

from cli.relay.carrying import AT_ONCE, CONNECT, SILENCE, Bearer, Given, Relay
from cli.relay.signing import SignedIn
from cli.relay.trusted import NAME, Gateway, address, home, known, metadata, remember
from cli.show import ERR
from core.errors import SettingsError

LINE_BYTES: Final = 8 * 1_048_576
TOKEN: Final = "ASSENT_TOKEN"  # noqa: S105 -- the variable's name


def confirm(wanted: Gateway) -> None:
    """Ask the person at the terminal whether tokens of theirs may go to this gateway, and remember it.

    Raises: SettingsError without a terminal, without a gateway there, or without a yes.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise SettingsError("Only a person at a terminal confirms a gateway.")
    named = asyncio.run(_issuers(wanted))
    issuer = wanted.issuer or (named[0] if len(named) == 1 else None)
    if issuer is not None and issuer not in named:
        raise SettingsError(f"{wanted.url} does not name the issuer {issuer}; it names {', '.join(named) or 'none'}.")
    if wanted.client is not None and issuer is None:
        raise SettingsError(f"Say which signs you in, by --issuer: {', '.join(named)}.")
    host = urlsplit(wanted.url).netloc
    typer.echo(f"Gateway    {wanted.url}")
    typer.echo(f"Signs in   {issuer} as client {wanted.client}" if wanted.client else f"Token      from {TOKEN}")
    typer.echo("Every agent of yours that names this gateway may from now on act there as you.")
    if typer.prompt(f"Type {host} to confirm", default="", show_default=False) != host:
        raise SettingsError("Not confirmed.")
    remember(replace(wanted, issuer=issuer if wanted.client else None), home() / NAME)


async def _issuers(gateway: Gateway) -> list[str]:
    where = metadata(address(gateway.url))
    try:
        async with client(gateway) as http:
            found: object = (await http.get(where)).raise_for_status().json()
    except (httpx2.HTTPError, ValueError) as error:
        raise SettingsError(f"{gateway.url}: no gateway answers there ({type(error).__name__}).") from error
    named = found.get("authorization_servers") if isinstance(found, dict) else None
    if not isinstance(found, dict) or found.get("resource") != gateway.url or not isinstance(named, list):
        raise SettingsError(f"{gateway.url}: what answers there is another resource.")
    return [str(one) for one in named]


def run(url: str, environment: Mapping[str, str]) -> None:
    """Serve standard input and output until the client closes them, or a signal comes.

    Raises: SettingsError for a gateway that nobody confirmed, or no way to a token.
    """
    gateway = known(url, home() / NAME)
    if gateway.audience is not None:
        raise SettingsError(f"{url} is a people's side: no agent goes there. Yourself: assent login")
    token = environment.get(TOKEN, "").strip()
    if not token and gateway.client is None:
        raise SettingsError(f"Set {TOKEN}, or confirm the gateway again with --client-id to sign in by browser.")
    asyncio.run(_serve(gateway, token))


async def _serve(gateway: Gateway, token: str) -> None:
    loop, carrying = asyncio.get_running_loop(), asyncio.ensure_future(_carry(gateway, token))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, carrying.cancel)
    try:
        await carrying
    except (asyncio.CancelledError, BrokenPipeError):
        return
    except ValueError as error:  # a line beyond the bound: what follows it cannot be told from it
        raise SettingsError("A message of the client is larger than the relay carries.") from error


async def _carry(gateway: Gateway, token: str) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LINE_BYTES)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(0, "rb", closefd=False))
    one = asyncio.Lock()

    async def say(line: bytes) -> None:
        async with one:
            await asyncio.to_thread(_write, line)

    async with client(gateway) as http:
        bearer: Bearer = Given(token) if token else SignedIn(gateway, http, browse)
        await Relay(gateway.url, http, bearer, say).run(reader)


def browse(url: str) -> None:
    """Open the person's browser; the address is shown as well, for browsers that cannot be opened from here."""
    ERR.print(f"assent: sign in at {url}", markup=False)
    webbrowser.open(url)


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def trusting(gateway: Gateway) -> ssl.SSLContext | None:
    """Trust the confirmed authority's certificates; None: those that this machine trusts.

    Raises: SettingsError.
    """
    if gateway.authority is None:
        return None
    if not Path(gateway.authority).is_file():
        raise SettingsError(f"{gateway.authority}: no file of certificates")
    return ssl.create_default_context(cafile=gateway.authority)


def client(gateway: Gateway) -> httpx2.AsyncClient:
    """Make a client that neither proxy variables nor redirects lead elsewhere."""
    return httpx2.AsyncClient(
        verify=trusting(gateway) or True,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(SILENCE, connect=CONNECT),
        limits=httpx2.Limits(max_connections=AT_ONCE),
    )
