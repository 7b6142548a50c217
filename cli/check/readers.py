"""The two ways in which `assent check` reads a text: by its parser alone, or by the source itself as well."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, Protocol, TypeAlias

from cli.check.jsonl import Line
from core.classify import postgres
from core.errors import Busy, CallerError, SourceError
from core.model import Dialect, Doubt, Parameters, Reading, Unreadable
from core.ports import Connector, Statement
from core.settings import BigQuerySource, PlainSource, Settings, SourceSettings

Read: TypeAlias = Callable[[Line], Awaitable[Reading | Unreadable]]

UNHEARD: Final = "The source could not be asked; try again."
ASKED: Final = "A source of this kind reads its statements itself, so it has to be asked."


class Offline(Protocol):
    """A dialect's reading by its parser alone."""

    def __call__(self, text: str, parameters: Parameters) -> Reading | Unreadable:
        """Read a text."""
        ...


def by_postgres(text: str, parameters: Parameters) -> Reading | Unreadable:
    """Read PostgreSQL by libpg_query."""
    parsed = postgres.parse(text, parameters)
    return parsed if isinstance(parsed, Unreadable) else postgres.offline(parsed)


def by_bigquery(text: str, parameters: Parameters) -> Reading | Unreadable:
    """Read GoogleSQL by sqlglot, in a child process."""
    from core.classify.bigquery import offline  # noqa: PLC0415 - only for those who ask for it

    return offline(text, parameters)


READERS: Final[Mapping[Dialect, Offline]] = {Dialect.POSTGRES: by_postgres, Dialect.BIGQUERY: by_bigquery}


def alone(dialect: Dialect) -> Read:
    """Read by the parser's word alone."""
    reader = READERS.get(dialect)

    async def read(line: Line) -> Reading | Unreadable:
        if reader is None:
            return Unreadable(doubt=Doubt.UNAVAILABLE, sentence=ASKED)
        return reader(line.sql, line.parameters)

    return read


@asynccontextmanager
async def witnessed(configured: SourceSettings, settings: Settings) -> AsyncIterator[Read]:
    """Read by both witnesses over the source's own roles; nothing of a statement runs."""
    from core.assembly import SystemClock  # noqa: PLC0415 - every adapter comes with it
    from core.assembly.databases import reach  # noqa: PLC0415
    from core.assembly.sources import alone as opened  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        if isinstance(configured, BigQuerySource | PlainSource):
            yield reader(await opened(stack, configured, settings, SystemClock()))
            return
        found = (await reach(stack, settings, SystemClock()))[configured.source.name]
        if found.trouble is not None:
            raise found.trouble
        yield reader(found.connector)


def reader(connector: Connector) -> Read:
    """Read at one source; whatever goes wrong is unreadable."""

    async def read(line: Line) -> Reading | Unreadable:
        statement = Statement(text=line.sql, parameters=line.parameters)
        try:
            async with connector.visit(statement, name="assent:check") as visit:
                return await visit.read()
        except (SourceError, Busy):
            return Unreadable(doubt=Doubt.UNAVAILABLE, sentence=UNHEARD)
        except CallerError as error:
            return Unreadable(doubt=Doubt.PARAMETERS, sentence=error.public)

    return read
