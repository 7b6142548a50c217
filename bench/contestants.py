"""Who is measured: a literal table, and how each one's server is started; another contestant is one more row here."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench import alternatives
from bench.alternatives import Starter
from bench.answers import Check, parsed
from bench.ground import HOST, MASKED, PLAIN, USUAL, WIDE, Ground
from bench.load import Load
from bench.measure import CEILING, Goal
from bench.nouns import Contestant
from bench.servers import Served, spawned
from bench.shapes import BULK, Shape
from bench.speech import Protocol, Talk, Target
from bench.wire import Connection
from demo.world import free

NUMBER: Final = 7  # of the answer that the echo repeats


CONTESTANTS: Final[tuple[Contestant, ...]] = (
    Contestant(
        name=CEILING,
        server="echo",
        tool="query",
        table=PLAIN,
        check=Check(),
        does="answers what it holds: no token, no database, no record",
        fixed=NUMBER,
    ),
    Contestant(
        name="assent",
        server="assent",
        tool="query",
        table=PLAIN,
        check=Check(),
        does="token, two witnesses, policy, two durable Entries",
    ),
    Contestant(
        name="assent masked",
        server="assent",
        tool="query",
        table=MASKED,
        check=Check(masked=True),
        does="the same, and one masked column",
    ),
)

GOALS: Final = (
    Goal(contestant="assent", slack=1.0, share=0.25),
    Goal(contestant="assent masked", slack=3.0, share=0.15),
)


@asynccontextmanager
async def assent(ground: Ground, load: Load) -> AsyncIterator[Served]:
    """Start the product's own command; `load.profile` runs it under the profiler."""
    plain = [str(Path(sys.executable).with_name("assent"))]
    program = [sys.executable, "-m", "bench.profiled", str(load.profile)] if load.profile else plain
    command = [*program, "serve", "--config", str(ground.config)]
    target = Target(url=f"{ground.url}/mcp", token=ground.token())
    async with spawned(command, target, ground.folder / "assent.log") as served:
        yield replace(served, wide=replace(target, token=ground.token(WIDE)))


@asynccontextmanager
async def echo(ground: Ground, load: Load) -> AsyncIterator[Served]:
    """Start the echo with the very answers that Assent gives; Assent must be up."""
    place = ground.folder / "echo.json"
    samples = {shape: await sample(ground, load, shape) for shape in load.shapes}
    repeater = next(each for each in CONTESTANTS if each.name == CEILING)
    place.write_text(json.dumps({repeater.call(NUMBER, shape)[0]: held for shape, held in samples.items()}))
    port = free()
    command = [sys.executable, "-m", "bench.echo", str(port), str(place)]
    async with spawned(command, Target(url=f"http://{HOST}:{port}/mcp"), ground.folder / "echo.log") as served:
        yield served


async def sample(ground: Ground, load: Load, shape: Shape) -> Mapping[str, object]:
    """Ask Assent once for the finished result that the echo will repeat."""
    contestant = next(each for each in CONTESTANTS if each.name == "assent")
    target = Target(url=f"{ground.url}/mcp", token=ground.token(WIDE if shape is BULK else USUAL))
    async with await Connection.open(*target.place) as connection:
        talk = Talk(connection=connection, target=target, protocol=Protocol.LEGACY)
        await talk.begin()
        reply = await talk.call(*contestant.call(NUMBER, shape))
        load.sent[contestant.server] += 1
    contestant.check.first(reply, NUMBER, shape.rows)
    return parsed(reply)


SERVERS: Final[Mapping[str, Starter]] = {"assent": assent, "echo": echo}  # in the order in which they start


def everyone(load: Load) -> tuple[Contestant, ...]:
    """Name who is measured: the alternatives that can be started stand behind us."""
    absent = alternatives.missing()
    beside = [one for one in alternatives.CONTESTANTS if load.beside and one.server not in absent]
    return (*CONTESTANTS, *beside)


def starters(load: Load) -> Mapping[str, Starter]:
    """Name how each one's server is started, in that order."""
    wanted = {one.server for one in everyone(load)}
    return {name: start for name, start in {**SERVERS, **alternatives.STARTERS}.items() if name in wanted}
