"""One run: the ground once, every server beside the others, then all contestants in turn, round after round."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, final

import psutil

from bench.alternatives import missing
from bench.client import Hosted, hosted
from bench.contestants import everyone, starters
from bench.facts import Facts, facts
from bench.floor import appending, fetching
from bench.ground import Ground, ground
from bench.load import Ask, Load, press
from bench.measure import Cell, Key, Round
from bench.nouns import Contestant
from bench.record import Record, recorded
from bench.servers import Served, Unfair, peak
from bench.shapes import Shape
from bench.speech import Protocol, Talk, Target
from bench.wire import BadAnswer, Connection

Say: TypeAlias = Callable[[str], None]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How long a server took to listen, in seconds, and what it held then and at most, in MiB."""

    seconds: float
    idle: float
    peak: float = 0.0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that one run saw."""

    facts: Facts
    rounds: tuple[Round, ...]
    starts: Mapping[str, Start]
    record: Record
    missing: Mapping[str, str] = field(default_factory=dict)  # alternatives that were not measured, and why


async def measured(load: Load, folder: Path, say: Say) -> Run:
    """Measure everything.

    Raises: BadAnswer, Miscounted, Unfair, GatewayError, PostgresUnavailable.
    """
    before = facts(folder)
    async with ground(folder, load.rows, say=say) as made:
        async with serving(made, load, say) as served:
            rounds = tuple([await turn(number, made, served, load, say) for number in range(1, load.rounds + 1)])
            starts = {
                name: Start(seconds=each.started, idle=each.idle, peak=peak(each.process))
                for name, each in served.items()
            }
        say("the record: every Entry against the calls that were sent")
        record = await asyncio.to_thread(recorded, made, load.sent["assent"])
    absent = missing() if load.beside else {}
    return Run(facts=before.until(folder), rounds=rounds, starts=starts, record=record, missing=absent)


@asynccontextmanager
async def serving(made: Ground, load: Load, say: Say) -> AsyncIterator[Mapping[str, Served]]:
    """Start every server, in the order of the table."""
    async with AsyncExitStack() as stack:
        served: dict[str, Served] = {}
        for name, start in starters(load).items():
            say(f"starting {name}")
            served[name] = await stack.enter_async_context(start(made, load))
            await barred(name, served[name])
        yield served


async def barred(name: str, served: Served) -> None:
    """Look whether who is said to check tokens turns away who brings none.

    Raises: Unfair.
    """
    if served.target.token is None:
        return
    async with await Connection.open(*served.target.place) as connection:
        try:
            await Talk(connection=connection, target=Target(url=served.target.url), protocol=Protocol.LEGACY).begin()
        except BadAnswer:
            return
    raise Unfair(f"{name} takes calls without a token")


async def turn(number: int, made: Ground, served: Mapping[str, Served], load: Load, say: Say) -> Round:
    """Measure the floors and then every contestant once, at every shape, protocol and number of callers."""
    say(f"round {number} of {load.rounds}: floors")
    append = await appending(made.folder, load.appends)
    cells = list(await fetching(made, load))
    for shape in load.shapes:
        for contestant in everyone(load):
            server = served[contestant.server]
            for protocol in contestant.lanes(shape, load.protocols):
                say(f"round {number} of {load.rounds}: {shape.name}, {contestant.name} {protocol}")
                lane = Lane(contestant=contestant, served=server, protocol=protocol, shape=shape)
                cells += [await pressed(lane, callers, made, load) for callers in load.callers]
    return Round(cells=tuple(cells), append=append)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What is asked of whom, and how."""

    contestant: Contestant
    served: Served
    protocol: Protocol
    shape: Shape


async def pressed(lane: Lane, callers: int, made: Ground, load: Load) -> Cell:
    """Measure one cell, each caller on a connection of its own."""
    async with AsyncExitStack() as stack:
        talks = [await talking(stack, lane) for _ in range(callers)]
        size = await first(talks[0], lane, load)
        asks = [caller(talk, lane, load, size) for talk in talks]
        database = psutil.Process(made.server.process.pid)
        window = await press(load, asks, server=lane.served.process, database=database, rows=lane.shape.rows)
    return window.cell(Key(lane.contestant.name, lane.protocol.value, callers, lane.shape.name), size=size)


async def talking(stack: AsyncExitStack, lane: Lane) -> Talk | Hosted:
    """Connect one caller and say what comes before its first call."""
    target = lane.served.of(lane.shape)
    if lane.protocol is Protocol.CLIENT:
        return await stack.enter_async_context(hosted(target))
    connection = await stack.enter_async_context(await Connection.open(*target.place))
    talk = Talk(connection=connection, target=target, protocol=lane.protocol)
    await talk.begin()
    return talk


async def first(talk: Talk | Hosted, lane: Lane, load: Load) -> int:
    """Verify one answer as a whole and return its size."""
    number = lane.contestant.fixed or load.rows - lane.shape.rows + 1
    load.sent[lane.contestant.server] += 1
    reply = await talk.call(*lane.contestant.call(number, lane.shape))
    return lane.contestant.check.first(reply, number, lane.shape.rows)


def caller(talk: Talk | Hosted, lane: Lane, load: Load, size: int) -> Ask:
    """Make what one caller does for each number."""
    contestant = lane.contestant

    async def ask(number: int) -> None:
        load.sent[contestant.server] += 1
        reply = await talk.call(*contestant.call(number, lane.shape))
        contestant.check.later(reply, contestant.fixed or number, size)

    return ask
