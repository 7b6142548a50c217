"""`python -m bench --reading`: what reading, masking and the last look add to a statement on bare asyncpg, paired.

No HTTP, no policy, no Journal: one connector over a hardened database, one visit a call, and beside each call the same
statement on the driver alone, in one process on one machine. Only differences and ratios within the run mean anything.
"""

from __future__ import annotations

import gc
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final, TypeAlias, final

import asyncpg
import psutil

from bench.ground import MASK, MASKED, PLAIN, SOURCE, TAG, database
from bench.measure import percentile
from bench.memory import grown
from bench.subjects import SUBJECTS, Form, Subject
from bench.table import aligned
from bench.wire import BadAnswer
from core.assembly import SystemClock
from core.connectors.postgres import Options, PostgresConnector
from core.masking import finish
from core.model import Call, Caller, CallId, Dialect, Digest, Door, Kind, Limits, Permit, Reading, Source, Tool
from core.ports import Statement

if TYPE_CHECKING:
    from bench.ground import Database

Timed: TypeAlias = Callable[[str], Awaitable[int]]  # of a text; returns how many rows came
Say: TypeAlias = Callable[[str], None]

SECRET: Final = b"m" * 32
BLOCK: Final = 10  # calls of one contestant in turn: short beside what a machine's load takes to change
WHOLE: Final = f"SELECT * FROM {PLAIN}"
LIMITS: Final = Limits(timeout=timedelta(seconds=20), returned_rows=1_000, returned_bytes=1 << 20)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What Assent added to one statement; times in milliseconds a call."""

    subject: str
    form: str  # of subjects.Form
    calls: int
    raw: float  # median of the driver alone
    median: float  # of the paired differences
    p95: float
    ratio: float  # of the medians
    cpu: float  # of this process, beyond the driver's
    server: float  # of the database, beyond the driver's

    @property
    def met(self) -> bool:
        """Whether the bar is reached."""
        median, p95 = Form[self.form].value
        return self.median <= median and self.p95 <= p95


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """By how much this process grew at most while a whole table was asked for; MiB."""

    rows: int
    ours: float
    raw: float  # the driver alone


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One run."""

    added: tuple[Added, ...]
    memory: Memory
    token: float  # microseconds of the server for one token


# ---------------------------------------------------------------- the contestants


class Bare:
    """The driver alone, with its defaults, as the tables' owner: raw values, a cache of prepared texts."""

    def __init__(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        self._connection: Final = connection

    async def __call__(self, text: str) -> int:
        """Fetch."""
        return len(await self._connection.fetch(text))


class Ours:
    """A visit: read by both witnesses, run as permitted, the last look, masked."""

    def __init__(self, connector: PostgresConnector) -> None:
        self._connector: Final = connector
        self._numbers: Final = itertools.count(1)

    async def __call__(self, text: str) -> int:
        """Answer.

        Raises: BadAnswer when it is not readable.
        """
        name = f"assent:call_{next(self._numbers)}:1"
        async with self._connector.visit(Statement(text=text), name=name) as visit:
            reading = await visit.read()
            if not isinstance(reading, Reading):
                raise BadAnswer(f"unreadable: {reading.doubt}: {text}")
            rows = await visit.run(permit(reading))
        return len(finish(rows, reading).rows)


def permit(reading: Reading) -> Permit:
    """Permit a reading, as an Allow would."""
    now = datetime.now(UTC)
    call = Call(
        id=CallId("call_bench"), door=Door("mcp-http"), tool=Tool.QUERY, source=SOURCE, received_at=now,
        statement=reading.statement, parameters=(),
    )  # fmt: skip
    return Permit(
        call=call, caller=CALLER, reading=reading, limits=LIMITS, text=reading.text, parameters=(),
        digest=Digest("0" * 64), attempt=1, deadline=now + timedelta(seconds=60),
    )  # fmt: skip


CALLER: Final = Caller(
    issuer="bench", subject="bench", client="bench", kind=Kind.MACHINE, person=None, owner=None, email=None,
    groups=frozenset(), scopes=frozenset(), authenticated_at=None, expires_at=datetime(2100, 1, 1, tzinfo=UTC),
)  # fmt: skip


# ---------------------------------------------------------------- measuring


async def readings(seconds: float, rows: int, say: Say) -> Readings:
    """Measure every subject for about so many seconds.

    Raises: BadAnswer, GatewayError, PostgresUnavailable.
    """
    async with (
        database(rows, secret=SECRET, say=say) as made,
        opened(made, enforced=True) as enforced,
        opened(made, enforced=False) as spliced,
    ):
        bare = await asyncpg.connect(made.owner, ssl=False)
        try:
            server = psutil.Process(made.server.process.pid)
            held = await memory(Bare(bare), Ours(enforced), rows)
            added = []
            for subject in SUBJECTS:
                say(subject.name)
                ours = Ours(spliced if subject.form is Form.SPLICED else enforced)
                added.append(await compared(subject, Bare(bare), ours, server, seconds, rows))
            say("one token")
            return Readings(added=tuple(added), memory=held, token=await token(bare, rows))
        finally:
            await bare.close()


@asynccontextmanager
async def opened(made: Database, *, enforced: bool) -> AsyncIterator[PostgresConnector]:
    """Open a connector as a configuration without any wish of its own would, masks in views or in the text."""
    connector = PostgresConnector(
        Source(name=SOURCE, dialect=Dialect.POSTGRES, tags={f"public.{MASKED}.email": TAG}, enforced=enforced),
        read_url=made.urls["bench_read"] if enforced else made.owner,
        write_url=made.urls["bench_write"],
        masks={TAG: MASK},
        clock=SystemClock(),
        options=Options(mask_key=SECRET),
    )
    await connector.open()
    try:
        yield connector
    finally:
        await connector.close()


async def compared(
    subject: Subject, bare: Timed, ours: Timed, server: psutil.Process, seconds: float, rows: int
) -> Added:
    """Let both answer in turn, block by block, the same texts; pairs are the calls of one place in two blocks."""
    texts = subject.texts(itertools.cycle(range(100, max(101, rows - 100))))
    for text in itertools.islice(texts, BLOCK):
        for contestant in (bare, ours):
            if (came := await contestant(text)) != subject.rows:
                raise BadAnswer(f"{subject.name}: {came} rows instead of {subject.rows}")
    blocks: list[tuple[Block, Block]] = []
    end = time.monotonic() + seconds
    gc.collect()
    while time.monotonic() < end or not blocks:
        now = list(itertools.islice(texts, BLOCK))
        blocks.append((await block(bare, now, server), await block(ours, now, server)))
    raw = [took for one, _ in blocks for took in one.took]
    more = [took - base for one, other in blocks for base, took in zip(one.took, other.took, strict=True)]
    with_us = [took for _, other in blocks for took in other.took]
    return Added(
        subject=subject.name,
        form=subject.form.name,
        calls=len(raw),
        raw=median(raw),
        median=median(more),
        p95=percentile(more, 0.95),
        ratio=median(with_us) / median(raw),
        cpu=sum(other.cpu - one.cpu for one, other in blocks) / len(raw),
        server=sum(other.server - one.server for one, other in blocks) / len(raw),
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some calls of one contestant, one after the other; milliseconds."""

    took: tuple[float, ...]
    cpu: float
    server: float


async def block(contestant: Timed, texts: list[str], server: psutil.Process) -> Block:
    """Time one block."""
    took = []
    busy, before = spent(server), time.process_time()
    for text in texts:
        began = time.perf_counter()
        await contestant(text)
        took.append((time.perf_counter() - began) * 1000)
    used = time.process_time() - before
    return Block(took=tuple(took), cpu=used * 1000, server=(spent(server) - busy) * 1000)


def spent(server: psutil.Process) -> float:
    """CPU seconds of the database's processes; a kernel that counts in ticks needs many calls to be exact."""
    times = [each.cpu_times() for each in server.children()]
    return float(sum(each.user + each.system for each in times))


async def memory(bare: Timed, ours: Timed, rows: int) -> Memory:
    """Ask for a whole table.

    Raises: BadAnswer.
    """
    held, came = await grown(lambda: ours(WHOLE))
    if came != min(rows, LIMITS.returned_rows):
        raise BadAnswer(f"a whole table: {came} rows")
    return Memory(rows=rows, ours=held, raw=(await grown(lambda: bare(WHOLE)))[0])


async def token(owner: asyncpg.Connection[asyncpg.Record], rows: int) -> float:
    """What the server takes for one token, in microseconds: the masking view's column against the table's."""
    plain = await best(owner, f"SELECT count(email) FROM {MASKED}")
    masked = await best(owner, f"SELECT count(email) FROM public__masked.{MASKED}")
    return (masked - plain) * 1e6 / rows


async def best(owner: asyncpg.Connection[asyncpg.Record], text: str) -> float:
    """Take the shortest of three runs on one process of the server, in seconds: the others waited for the machine."""
    await owner.execute("SET max_parallel_workers_per_gather = 0")
    took = []
    for _ in range(3):
        began = time.perf_counter()
        await owner.fetchval(text)
        took.append(time.perf_counter() - began)
    return min(took)


# ---------------------------------------------------------------- telling

TOKEN: Final = 3.0  # microseconds (masking.md 13)
HEADERS: Final = ("statement", "bar", "calls", "raw ms", "added ms", "p95", "ratio", "our CPU", "database")


def told(run: Readings) -> Iterator[str]:
    """Write a run for a person."""
    yield from aligned([HEADERS, *(row(each) for each in run.added)])
    yield ""
    held = run.memory
    yield (
        f"SELECT * of {held.rows:,} rows: {held.ours:.1f} MiB more at most, cut at {LIMITS.returned_rows:,} rows; "
        f"the driver alone, all of them, {held.raw:.1f} MiB"
    )
    yield f"one token in the server: {run.token:.2f} us, at most {TOKEN:g}"


def row(each: Added) -> tuple[str, ...]:
    """Word one statement's row; milliseconds."""
    figures = (each.raw, each.median, each.p95, each.ratio, each.cpu, each.server)
    return (
        each.subject,
        "met" if each.met else "missed",
        f"{each.calls:,}",
        *(f"{figure:.2f}" for figure in figures),
    )
