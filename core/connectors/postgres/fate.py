"""What became of a prepared transaction: the source's own word, and only where it is still the same source."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final, LiteralString

from core.connectors.postgres.connection.waiting import answered
from core.model import Work
from core.ports import Fate

if TYPE_CHECKING:
    from core.connectors.postgres.connection.link import Link

ENDING_TRIES: Final = 50
ENDING_SECONDS: Final = 0.05

WHERE: Final[LiteralString] = """
SELECT pg_catalog.json_build_object(
  'system', (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
  'checkpoint', (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()),
  'standby', pg_catalog.pg_is_in_recovery(),
  'timeline', CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN
     pg_catalog."left"(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8) END)::text
"""
# NULL: too old to be known. An id from the future raises 22023: another cluster, or one that was restored.
STATUS: Final[LiteralString] = "SELECT pg_catalog.pg_xact_status($1::text::xid8)::text"
# Ours, by name and by the transaction itself: a backend's number may have been given to another session since.
END: Final[LiteralString] = """
SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(a.pid)) FROM pg_catalog.pg_stat_activity a
 WHERE a.pid = $1::text::int AND a.usename = current_user AND a.application_name LIKE 'assent:%'
   AND a.backend_xid = $2::text::xid8::xid
"""
# By name alone: an attempt that lost its right to COMMIT has no number on record.
NAMED: Final[LiteralString] = """
SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(a.pid)) FROM pg_catalog.pg_stat_activity a
 WHERE a.usename = current_user AND a.application_name = ANY ($1::text[]) AND a.pid <> pg_catalog.pg_backend_pid()
"""
STATUSES: Final = {"committed": Fate.COMMITTED, "aborted": Fate.ABORTED, "in progress": Fate.IN_PROGRESS}


async def ask(connection: Link, work: Work) -> Fate:
    """Ask this connection's server; a transaction still open is ended first, then asked about again."""
    place = await same(connection, work)
    if place is not None:
        return place
    found = await status(connection, work)
    if found is not Fate.IN_PROGRESS:
        return found
    await answered(connection, connection.fetchval(END, work.backend, work.xid))
    for _ in range(ENDING_TRIES):
        found = await status(connection, work)
        if found is not Fate.IN_PROGRESS:
            return found
        await asyncio.sleep(ENDING_SECONDS)
    return found


async def same(connection: Link, work: Work) -> Fate | None:
    """Say why this server cannot answer: another cluster or timeline never can, a standby cannot now."""
    seen = json.loads(str(await answered(connection, connection.fetchval(WHERE))))
    if seen["system"] != work.system:
        return Fate.UNKNOWN
    if seen["standby"]:
        return Fate.SILENT
    timelines = {str(int(seen["timeline"], 16)), work.timeline}
    if len(timelines) > 1 or int(seen["checkpoint"]) > int(work.timeline):
        return Fate.UNKNOWN
    return None


async def status(connection: Link, work: Work) -> Fate:
    """Ask for one transaction's status; the caller translates 22023."""
    said = await answered(connection, connection.fetchval(STATUS, work.xid))
    return STATUSES.get(str(said), Fate.UNKNOWN)


async def end(connection: Link, names: frozenset[str]) -> None:
    """End this role's backends that show one of these names."""
    await answered(connection, connection.fetchval(NAMED, sorted(names)))
