"""Which own functions only compute, asked of the server: each body Parsed by name under the witness, none run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import asyncpg

from core.catalog import Oid, Snapshot
from core.classify.postgres import Body, bodies, pure
from core.connectors.postgres.connection.session import Prepared, Session, begin, path_of

if TYPE_CHECKING:
    from core.connectors.postgres.connection.link import Link

READING: Final = timedelta(seconds=10)


async def expressions(connection: Link, snapshot: Snapshot, path: tuple[str, ...]) -> Mapping[Oid, frozenset[Oid]]:
    """Give the snapshot's pure functions and those whose bodies read as pure under the Source's search path."""
    asked = bodies(snapshot)
    if not asked:
        return snapshot.pure
    session = Session(connection)
    try:
        heard = [(body, dump) for body in asked if (dump := await hear(session, body, path_of(path)))]
        return await asyncio.to_thread(pure, heard, snapshot)
    finally:
        await session.rollback()


async def hear(session: Session, body: Body, path: str) -> str:
    """Hear the server's tree of one body; "" where it has none."""
    if not session.connection.is_in_transaction():
        session.begin(begin(path=path, name="assent:bodies", timeout=READING, writes=False))
    try:
        prepared = await session.parse(body.parsed.text)
    except asyncpg.PostgresError:
        await session.rollback()
        return ""
    return prepared.dump if isinstance(prepared, Prepared) else ""
