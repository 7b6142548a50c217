"""One run: the ground once, every server beside the others, then all contestants in turn, round after round."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, final

import psutil

from bench.contestants import CONTESTANTS, SERVERS, Contestant
from bench.facts import Facts, facts
from bench.floor import appending, fetching
from bench.ground import Ground, ground
from bench.load import Ask, Load, press
from bench.measure import Cell, Round
from bench.record import Record, recorded
from bench.servers import Served
from bench.speech import Protocol, Talk
from bench.wire import Connection

Say: TypeAlias = Callable[[str], None]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How long a server took to listen, in seconds, and what it held then, in MiB."""

    seconds: float
    idle: float


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that one run saw."""

    facts: Facts
    rounds: tuple[Round, ...]
    starts: Mapping[str, Start]
    record: Record


async def measured(load: Load, folder: Path, say: Say) -> Run:
    """Measure everything.

    Raises: BadAnswer, Miscounted, Unfair, GatewayError, PostgresUnavailable.
    """
    before = facts(folder)
    async with ground(folder, load.rows, say=say) as made:
        async with serving(made, load, say) as served:
            starts = {name: Start(seconds=each.started, idle=each.idle) for name, each in served.items()}
            rounds = tuple([await turn(number, made, served, load, say) for number in range(1, load.rounds + 1)])
        say("the record: every Entry against the calls that were sent")
        record = await asyncio.to_thread(recorded, made, load.sent["assent"])
    return Run(facts=before.until(folder), rounds=rounds, starts=starts, record=record)


@asynccontextmanager
async def serving(made: Ground, load: Load, say: Say) -> AsyncIterator[Mapping[str, Served]]:
    """Start every server, in the order of the table."""
    async with AsyncExitStack() as stack:
        served: dict[str, Served] = {}
        for name, start in SERVERS.items():
            say(f"starting {name}")
            served[name] = await stack.enter_async_context(start(made, load))
        yield served


async def turn(number: int, made: Ground, served: Mapping[str, Served], load: Load, say: Say) -> Round:
    """Measure the floors and then every contestant once, at every protocol and number of callers."""
    say(f"round {number} of {load.rounds}: floors")
    append = await appending(made.folder, load.appends)
    cells = list(await fetching(made, load))
    for contestant in CONTESTANTS:
        for protocol in contestant.protocols:
            say(f"round {number} of {load.rounds}: {contestant.name} {protocol}")
            server = served[contestant.server]
            cells += [await pressed(contestant, protocol, callers, made, server, load) for callers in load.callers]
    return Round(cells=tuple(cells), append=append)


async def pressed(
    contestant: Contestant, protocol: Protocol, callers: int, made: Ground, served: Served, load: Load
) -> Cell:
    """Measure one cell, each caller on a connection of its own."""
    async with AsyncExitStack() as stack:
        talks = [await talking(stack, served, protocol) for _ in range(callers)]
        size = await first(talks[0], contestant, load)
        asks = [caller(talk, contestant, load, size) for talk in talks]
        window = await press(load, asks, server=served.process, database=psutil.Process(made.server.process.pid))
    return window.cell(contestant.name, protocol.value, size=size)(callers)


async def talking(stack: AsyncExitStack, served: Served, protocol: Protocol) -> Talk:
    """Connect one caller and say what comes before its first call."""
    connection = await stack.enter_async_context(await Connection.open(*served.target.place))
    talk = Talk(connection=connection, target=served.target, protocol=protocol)
    await talk.begin()
    return talk


async def first(talk: Talk, contestant: Contestant, load: Load) -> int:
    """Verify one answer as a whole and return its size."""
    number = contestant.fixed or load.rows
    load.sent[contestant.server] += 1
    return contestant.check.first(await talk.call(contestant.tool, contestant.arguments(number)), number)


def caller(talk: Talk, contestant: Contestant, load: Load, size: int) -> Ask:
    """Make what one caller does for each number."""

    async def ask(number: int) -> None:
        load.sent[contestant.server] += 1
        reply = await talk.call(contestant.tool, contestant.arguments(number))
        contestant.check.later(reply, contestant.fixed or number, size)

    return ask
