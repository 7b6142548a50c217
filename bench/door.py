"""What the agents' door itself costs: a token that is known, a new one, an answer, a thousand Calls that wait."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Final, final

from bench.servers import Served, spawned, usage
from bench.speech import ACCEPT, RAW, Protocol, Target
from bench.wire import LIMIT, BadAnswer, request
from core.assembly import SystemClock
from core.identity.issuer import Issuer
from core.identity.jwk import Key, keyset
from core.identity.verifier import Verifier
from core.model import Answered, CallId, Limits, Masked, MaskedColumn
from demo.issuer import Mint
from demo.world import free
from mcp_server.render import render

CALLS: Final = 1_000
HELD: Final = 8  # of one agent, as the door allows
FIRST: Final = 32  # held before anything is counted: what the first Calls load is no cost of a thousandth
AUDIENCE: Final = "https://assent.example.com/mcp"
GOALS: Final = {"known": 100.0, "held": 150.0, "rendered": 2.0}  # us a call; MiB for all; million cells a second
ROWS: Final = 5_000  # of six columns, of an answer that is rendered
TIMES: Final = 20
PATIENCE: Final = 120.0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One run."""

    known: float  # microseconds to name the caller of a token that was verified before
    unknown: Mapping[str, float]  # by algorithm: of one that was not
    rendered: float  # million cells a second of one core, from masked rows to a result of the protocol
    held: Mapping[Protocol, float]  # MiB that a thousand Calls add

    @property
    def met(self) -> bool:
        """Whether every goal was."""
        quick = self.known <= GOALS["known"] and self.rendered >= GOALS["rendered"]
        return quick and max(self.held.values()) <= GOALS["held"]


@final
class Published:
    """An issuer's keys, without a network."""

    def __init__(self, mint: Mint) -> None:
        self._keys = keyset(mint.jwks())

    async def key(self, issuer: Issuer, kid: str) -> Key | None:
        """Find a key."""
        del issuer
        return self._keys.get(kid)


async def seen(say: Callable[[str], None], *, calls: int = CALLS, tokens: int = 200) -> Seen:
    """Measure everything once."""
    say("tokens")
    known, unknown = await authenticated(tokens)
    say("an answer")
    rendered = rendering()
    held = {}
    for protocol in RAW:
        say(f"{calls:,} held calls, {protocol}")
        held[protocol] = await holding(protocol, calls)
    return Seen(known=known, unknown=unknown, rendered=rendered, held=held)


# ---------------------------------------------------------------- tokens


async def authenticated(tokens: int) -> tuple[float, dict[str, float]]:
    """Time the verifier on tokens that it has not seen, then again on the same ones."""
    mint = Mint("https://login.example.com")
    door = Verifier([mint.trust([AUDIENCE], groups=["analysts"])], [], Published(mint), SystemClock())
    unknown = {}
    again: list[float] = []
    for algorithm in ("RS256", "ES256"):
        made = [mint.mint(f"s{number}", ["analysts"], AUDIENCE, algorithm=algorithm) for number in range(tokens)]
        unknown[algorithm] = median([await timed(door, token) for token in made])
        again += [await timed(door, token) for token in made]
    return median(again), unknown


async def timed(door: Verifier, token: str) -> float:
    """Microseconds of one look at a token."""
    began = time.perf_counter_ns()
    await door.caller(token)
    return (time.perf_counter_ns() - began) / 1_000


# ---------------------------------------------------------------- an answer


def answer() -> Answered:
    """Make an answer of ROWS rows of six columns, as those of `make bench`."""
    names = {
        "id": "integer",
        "name": "text",
        "email": "text",
        "amount": "numeric",
        "at": "timestamptz",
        "on": "boolean",
    }
    rows = tuple(
        (
            number,
            f"item {number}",
            f"a{number}@example.com",
            f"{number}.50",
            "2026-11-27T10:00:00+00:00",
            number % 2 == 0,
        )
        for number in range(ROWS)
    )
    return Answered(
        call=CallId("call_0"),
        masked=Masked(
            columns=tuple(MaskedColumn(name=name, type=kind, mask=None) for name, kind in names.items()), rows=rows
        ),
        limits=Limits(timeout=timedelta(seconds=20), returned_rows=ROWS, returned_bytes=1 << 20),
        elapsed=timedelta(milliseconds=4),
    )


def rendering() -> float:
    """Million cells that this process renders in a second of its CPU."""
    given = answer()
    cells = len(given.masked.rows) * len(given.masked.columns)
    spent = []
    for _ in range(TIMES):
        began = time.process_time_ns()
        render(given)
        spent.append(time.process_time_ns() - began)
    return cells / median(spent) * 1_000


# ---------------------------------------------------------------- held Calls


async def holding(protocol: Protocol, calls: int) -> float:
    """MiB that so many open Calls add to a door's process."""
    port = free()
    target = Target(url=f"http://127.0.0.1:{port}/mcp")
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as folder:
        command = (sys.executable, "-m", "bench.holding", str(port))
        async with spawned(command, target, Path(folder) / "log") as served:
            return await filled(served, protocol, calls)


async def filled(served: Served, protocol: Protocol, calls: int) -> float:
    """Open the Calls, and weigh the process before and after."""
    opened: list[asyncio.StreamWriter] = []
    try:
        async with asyncio.timeout(PATIENCE):
            for number in range(FIRST):
                opened.append(await waiting(served, protocol, f"first{number // HELD}"))  # noqa: PERF401 - closed if the next one fails
            before = usage(served.process).rss
            for number in range(calls):
                opened.append(await waiting(served, protocol, f"agent{number // HELD}"))  # noqa: PERF401
            return usage(served.process).rss - before
    finally:
        for writer in opened:
            writer.close()


async def waiting(served: Served, protocol: Protocol, agent: str) -> asyncio.StreamWriter:
    """Ask for a change, and return once the door has said that people decide.

    Raises: BadAnswer when it says anything else.
    """
    host, port = served.target.place
    reader, writer = await asyncio.open_connection(host, port, limit=LIMIT)
    writer.write(asking(protocol, f"{host}:{port}", agent))
    await writer.drain()
    said = await reader.readuntil(b"\r\n\r\n")
    while b"notifications/progress" not in said:
        said = await reader.readline()
        if not said or b'"result"' in said or b'"error"' in said:
            raise BadAnswer(f"not held: {said[:200]!r}")
    return writer


def asking(protocol: Protocol, host: str, agent: str) -> bytes:
    """Word a change that people decide, which wants to hear of progress."""
    meta: dict[str, object] = {"progressToken": 1}
    headers = {**ACCEPT, "Authorization": f"Bearer {agent}", "MCP-Protocol-Version": protocol.value}
    if protocol is Protocol.MODERN:
        meta["io.modelcontextprotocol/protocolVersion"] = protocol.value
        meta["io.modelcontextprotocol/clientCapabilities"] = {}
        headers |= {"Mcp-Method": "tools/call", "Mcp-Name": "execute"}
    arguments = {"source": "shop", "sql": "UPDATE items SET active = false WHERE id = 1", "purpose": "a benchmark"}
    params = {"name": "execute", "arguments": arguments, "_meta": meta}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return request("/mcp", host, headers, json.dumps(message).encode())


# ---------------------------------------------------------------- told


def told(run: Seen, calls: int = CALLS) -> str:
    """Word a run as one table, with what it should reach."""
    lines = [
        "| what | seen | goal |",
        "| --- | ---: | ---: |",
        f"| a token that is known, us | {run.known:.1f} | {GOALS['known']:.0f} |",
        *(f"| a token that is new, {name}, us | {cost:.0f} | - |" for name, cost in run.unknown.items()),
        f"| cells rendered, million/s | {run.rendered:.1f} | {GOALS['rendered']:.0f} |",
        *(
            f"| {calls:,} held calls, {protocol}, MiB | {added:.0f} | {GOALS['held']:.0f} |"
            for protocol, added in run.held.items()
        ),
    ]
    return "\n".join([*lines, "", "met" if run.met else "MISSED"])


async def shown(say: Callable[[str], None]) -> str:
    """Measure, and word it."""
    return told(await seen(say))
