"""What `assent doctor` says of a BigQuery Source, or one of a further kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from cli.lines import Line, State
from core.assembly import SystemClock
from core.assembly.sources import alone
from core.errors import GatewayError, SourceUnavailable
from core.settings import BigQuerySource, PlainSource, Settings


async def warehouse(area: str, configured: BigQuerySource | PlainSource, settings: Settings) -> AsyncIterator[Line]:
    """Load its catalogue as a start would; say what is closed."""
    try:
        async with AsyncExitStack() as stack:
            connector = await alone(stack, configured, settings, SystemClock())
            tables = await connector.tables()
    except SourceUnavailable as error:
        remedy = "a start leaves it closed until it is reached; check its address, and the account's rights there"
        yield Line(area=area, state=State.WARNS, says=str(error), remedy=remedy)
        return
    except GatewayError as error:
        yield Line(area=area, state=State.REFUSES, says=str(error))
        return
    masked = sum(any(field.mask for field in table.fields) for table in tables)
    says = f"reached; {len(tables)} tables are seen, {masked} of them with masked fields; reads only"
    yield Line(area=area, state=State.OK, says=says)
    for table in tables:
        if table.closed:
            yield Line(area=area, state=State.CLOSES, says=f"{table.name}: {table.closed}")
