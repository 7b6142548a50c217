"""All that an agent could be shown of one statement, by channel, as text; and where two of them differ."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol, final

import orjson

from core.connectors.postgres.visit import PostgresVisit
from core.errors import GatewayError
from core.masking import finish
from core.model import Cell, Form, Masked, Reading, Unreadable
from core.ports import Connector, Statement, Visit
from tests.integration.connecting import permit

TIMES: Final = re.compile(
    r"(?<=, )[0-9.e+-]+ ms(?=\])|(?<=^Planned in )[0-9.e+-]+ ms, ran in [0-9.e+-]+ ms$", re.MULTILINE
)  # where a plan in our own form tells what ANALYZE measured, and nowhere else
SECONDS: Final = 1.0
PATIENCE: Final = timedelta(seconds=60)  # of the harness itself: what takes longer hangs
ROWS: Final = 200

CELLS, ORDER, COLUMNS, ERROR, REFUSAL, READING, PLAN, COUNT, NOTES = (
    "cells",
    "order",
    "columns",
    "error",
    "refusal",
    "reading",
    "plan",
    "count",
    "notes",
)


@final
@dataclass(frozen=True, slots=True)
class Seen:
    """One statement's outcome: texts by channel, the rows apart, and what the harness itself counts."""

    channels: Mapping[str, str]
    rows: tuple[tuple[Cell, ...], ...] = ()
    touches: bool = False  # a tagged column is used
    functions: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    runs: str = ""  # the text that ran
    unordered: bool = False  # index scans were off
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Everything that was shown, for whoever looks for a value in it."""
        return "\n".join([*self.channels.values(), *self.extra.values()])

    @property
    def answered(self) -> bool:
        """Whether rows came out."""
        return bool(self.rows)


class Watch(Protocol):
    """Whatever can be asked a statement: a connector, the whole line, or one with a leak planted in it."""

    async def __call__(self, text: str) -> Seen:
        """Ask, and tell all that came back."""
        ...


def cells(rows: tuple[tuple[Cell, ...], ...]) -> str:
    """Write rows as JSON, in order."""
    return orjson.dumps(rows).decode("utf-8", "surrogatepass")


def bag(rows: tuple[tuple[Cell, ...], ...]) -> list[bytes]:
    """Write rows without their order."""
    return sorted(orjson.dumps(row) for row in rows)


def differing(one: Seen, two: Seen) -> frozenset[str]:
    """Name the channels in which two outcomes differ; rows that differ in order alone are the channel `order`."""
    found = {
        name for name in one.channels.keys() | two.channels.keys() if one.channels.get(name) != two.channels.get(name)
    }
    if one.rows != two.rows:
        found.add(ORDER if bag(one.rows) == bag(two.rows) else CELLS)
    return frozenset(found)


def described(reading: Reading) -> str:
    """Write what `check` may tell of a reading; its digest covers oids and stamps and leaves with no answer."""
    told = {
        "pairs": sorted(f"{pair.verb} {pair.thing.kind} {pair.thing.name}" for pair in reading.pairs),
        "columns": sorted(f"{column.relation}.{column.name}" for column in reading.columns),
        "functions": sorted(reading.functions),
        "facts": sorted(reading.facts),
        "masks": sorted(f"{mask.column} {mask.tag} {mask.kind}" for mask in reading.masks),
        "outputs": [sorted(map(str, output)) for output in reading.outputs],
    }
    return orjson.dumps(told).decode()


@final
class Watched:
    """A connector as `query` uses it: read, run, mask; a plan where there is one. Nothing is committed."""

    def __init__(self, connector: Connector, *, seconds: float = SECONDS) -> None:
        self._connector: Final = connector
        self._seconds: Final = seconds

    async def __call__(self, text: str) -> Seen:
        """Ask one statement."""
        try:
            async with (
                asyncio.timeout(PATIENCE.total_seconds()),
                self._connector.visit(Statement(text=text), name="assent:fuzz:1") as visit,
            ):
                reading = await visit.read()
                if isinstance(reading, Unreadable):
                    return Seen({REFUSAL: f"{reading.doubt}: {reading.sentence}"})
                return await self._run(visit, reading)
        except GatewayError as error:
            return Seen({ERROR: f"{error.code}: {error.public}"})

    async def _run(self, visit: Visit, reading: Reading) -> Seen:
        channels = {READING: described(reading), NOTES: "\n".join(reading.notes)}
        plain = (
            reading.protected,
            reading.functions,
            frozenset(pair.thing.name for pair in reading.pairs),
            reading.text,
        )
        plan = "" if reading.writes else await visit.plan() or ""
        channels[PLAN] = plan
        if reading.writes:
            return Seen(channels, (), *plain)
        try:
            rows = await visit.run(permit(reading, seconds=self._seconds, returned_rows=ROWS))
        except GatewayError as error:
            return Seen(channels | {ERROR: f"{error.code}: {error.public}"}, (), *plain)
        masked = finish(rows, reading)
        told = timeless(masked.rows) if reading.form is Form.PLAN else masked.rows
        return Seen(channels | shown(masked), told, *plain, unordered=unordered(visit))


def unordered(visit: Visit) -> bool:
    """Whether index scans were off, which no answer says."""
    held = visit._witnessing.held if isinstance(visit, PostgresVisit) else None
    return held is not None and held.witnessed.index_scans_off


def timeless(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Take the measured times out of a plan: below ten milliseconds they are outside the promise."""
    return tuple(tuple(TIMES.sub("…", cell) if isinstance(cell, str) else cell for cell in row) for row in rows)


def shown(masked: Masked) -> dict[str, str]:
    """Write an answer's channels beside its rows."""
    columns = [[column.name, column.type, column.mask] for column in masked.columns]
    return {
        COLUMNS: orjson.dumps(columns).decode(),
        COUNT: f"{len(masked.rows)} {masked.cut} {masked.affected} {masked.hidden}",
        NOTES: "\n".join(masked.notes),
    }
