"""Who is measured: a literal table, and how each one's server is started; another contestant is one more row here."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, final

from bench.answers import Check, parsed, statement
from bench.ground import HOST, MASKED, PLAIN, SOURCE, Ground
from bench.load import Load
from bench.measure import CEILING, Goal
from bench.servers import Served, spawned
from bench.speech import Protocol, Talk, Target
from bench.wire import Connection
from demo.world import free

PURPOSE: Final = "measure a point query"
NUMBER: Final = 7  # of the answer that the echo repeats


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """One row of the table for each protocol and number of callers."""

    name: str
    server: str  # a key of SERVERS; who shares one shares its process
    tool: str
    table: str
    check: Check
    does: str  # for each call, as documented
    protocols: tuple[Protocol, ...] = tuple(Protocol)
    fixed: int | None = None  # the row that it answers whatever is asked

    def arguments(self, number: int) -> Mapping[str, object]:
        """Word a call."""
        return {"source": SOURCE, "sql": statement(self.table, number), "purpose": PURPOSE}


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
        yield served


@asynccontextmanager
async def echo(ground: Ground, load: Load) -> AsyncIterator[Served]:
    """Start the echo with the very answer that Assent gives to the point SELECT; Assent must be up."""
    place = ground.folder / "echo.json"
    place.write_text(json.dumps(await sample(ground, load)))
    port = free()
    command = [sys.executable, "-m", "bench.echo", str(port), str(place)]
    async with spawned(command, Target(url=f"http://{HOST}:{port}/mcp"), ground.folder / "echo.log") as served:
        yield served


async def sample(ground: Ground, load: Load) -> Mapping[str, object]:
    """Ask Assent once for the finished result that the echo will repeat."""
    contestant = next(each for each in CONTESTANTS if each.name == "assent")
    target = Target(url=f"{ground.url}/mcp", token=ground.token())
    async with await Connection.open(*target.place) as connection:
        talk = Talk(connection=connection, target=target, protocol=Protocol.LEGACY)
        await talk.begin()
        reply = await talk.call(contestant.tool, contestant.arguments(NUMBER))
        load.sent[contestant.server] += 1
    contestant.check.first(reply, NUMBER)
    return parsed(reply)


Starter: TypeAlias = Callable[[Ground, Load], AbstractAsyncContextManager[Served]]
SERVERS: Final[Mapping[str, Starter]] = {"assent": assent, "echo": echo}  # in the order in which they start
