"""Every wait for a server ends: a connection that stays silent past its deadline is ended and never lent again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from core.errors import Away, SourceError, SourceUnavailable, TimedOut

if TYPE_CHECKING:
    from core.connectors.postgres.connection.link import Link

Result = TypeVar("Result")

# Parse runs no plan and our own texts are short. Waiting for ever is possible on a healthy connection: asyncpg 0.32
# sends Flush, not Sync, after Parse, and after a message that it cannot decode (a tree folded inside a character) waits
# for a ReadyForQuery that only a Sync would bring (protocol/coreproto.pyx: PROTOCOL_ERROR_CONSUME).
ANSWER: Final = timedelta(seconds=10)
MARGIN: Final = timedelta(seconds=2)  # ours comes after the database's own statement_timeout


async def answered(
    connection: Link,
    work: Awaitable[Result],
    limit: timedelta | None = None,
    failure: type[SourceUnavailable | TimedOut] = SourceUnavailable,
) -> Result:
    """Wait for one answer of the server, at most so long (`ANSWER`); later the connection is ended.

    Raises: `failure`; what `work` raises.
    """
    said = "the server did not answer in time"
    late: SourceError = SourceUnavailable(said, Away.SILENT)
    try:
        async with asyncio.timeout((ANSWER if limit is None else limit).total_seconds()):
            return await work
    except TimeoutError:
        if failure is TimedOut:
            late = TimedOut(said)
    connection.terminate()
    raise late
