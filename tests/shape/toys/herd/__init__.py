"""A toy connector: a herd of animals, asked by the name of a table; tagged columns are hidden at the source."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final, final

from core.errors import SettingsError
from core.model import Bill, Permit, Reading, ResultColumn, Rows, Sample, Source, Unreadable, Work
from core.ports import Bars, Clock, Fate, Field, Impact, Outlay, Statement, Table

from .reading import HERD, read

HIDDEN: Final = "***"


@final
class HerdConnector:
    """One herd."""

    def __init__(
        self, source: Source, *, read_url: str, write_url: str | None, masks: Mapping[str, str], clock: Clock
    ) -> None:
        if write_url or any(masks[tag] != "hide" for tag in source.tags.values()):
            raise SettingsError(f"[source.{source.name}]: a herd is only read, and only hidden")
        self._source = source

    @property
    def source(self) -> Source:
        return self._source

    @property
    def role(self) -> tuple[str, ...]:
        return ("shepherd", "", "")

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def job(self, permit: Permit) -> Work | None:
        return None

    @asynccontextmanager
    async def visit(self, statement: Statement, *, name: str) -> AsyncIterator[HerdVisit]:
        yield HerdVisit(self._source, statement)

    async def tables(self) -> tuple[Table, ...]:
        tags = self._source.tags
        return tuple(
            Table(
                name=name,
                kind="table",
                fields=tuple(Field(name=key, type="text", tag=tags.get(f"{name}.{key}")) for key in rows[0]),
            )
            for name, rows in HERD.items()
        )

    async def fate(self, work: Work) -> Fate:
        return Fate.UNKNOWN

    async def bill(self, work: Work) -> Bill | None:
        return None

    async def end(self, names: frozenset[str]) -> None:
        pass

    async def impact(self, statement: Statement, outlay: Outlay | None = None) -> Impact:
        return Impact()

    async def sample(self, statement: Statement) -> Sample | None:
        return None


@final
class HerdVisit:
    """One look at the herd."""

    def __init__(self, source: Source, statement: Statement) -> None:
        self._source, self._statement = source, statement

    async def read(self, bars: Bars | None = None) -> Reading | Unreadable:
        return read(self._source, self._statement)

    async def run(self, permit: Permit) -> Rows:
        rows = HERD[permit.text.strip()]
        hidden = {mask.column.name for mask in permit.reading.masks}
        return Rows(
            columns=tuple(ResultColumn(name=key, type="text") for key in rows[0]),
            rows=tuple(tuple(HIDDEN if key in hidden else row[key] for key in row) for row in rows),
        )

    async def plan(self) -> str | None:
        return None

    async def commit(self) -> None:
        pass
