"""Questions of ours within a visit: a count and a few rows, told only as they may be shown."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from core.connectors.postgres.catalog.stamps import Locks
from core.connectors.postgres.connection import values
from core.connectors.postgres.connection.session import NO_INDEX_ORDER
from core.connectors.postgres.witnessing import Held, Witnessing, guarded
from core.model import Fact, Reading, Unreadable

if TYPE_CHECKING:
    from core.classify.postgres import Parsed
    from core.model import Cell

SAMPLED: Final = 5  # rows of a sample


def plain(held: Held, parsed: Parsed) -> bool:
    """Whether what is witnessed counts the rows that a change would find: nothing masked, nothing filtered unseen."""
    reading = held.reading
    shown = reading.text == parsed.text and not reading.protected and not reading.writes
    return shown and Fact.ROW_POLICY not in reading.facts


def showable(reading: Reading) -> bool:
    """Whether a sample is of the rows that would change, and each cell masked: no protected condition, no free text."""
    return not reading.writes and not (
        reading.facts & {Fact.PREDICATE_ON_PROTECTED, Fact.ROW_POLICY}
        or any(not mask.at_source for mask in reading.masks)
    )


async def answer(witnessing: Witnessing, limit: timedelta) -> int | None:
    """Answer a question of ours that counts: a read of unprotected columns, shown as it is; None when it is not."""
    held = await guarded(witnessing.witness(limit))
    if isinstance(held, Unreadable) or held.prepared is None or not plain(held, witnessing.parsed):
        return None
    arguments = values.bound(witnessing.statement.parameters, len(held.prepared.shape.parameters))
    session = witnessing.session
    portal = session.bind(held.prepared, arguments, limit)
    found = await session.few(portal, 1, limit)
    if portal.analysed_again:
        return None
    with session.connection.undeviating():
        counted = next((values.row(body, (int,))[0] for body in found), None)
    clean = (await witnessing.look(held.witnessed, Locks.TRACED)).clean
    return counted if clean and isinstance(counted, int) else None


async def rows(witnessing: Witnessing, limit: timedelta) -> tuple[tuple[Cell, ...], ...] | None:
    """Read a few rows as they may be shown: masked at the source, and no row chosen by a protected value."""
    held = await guarded(witnessing.witness(limit))
    if isinstance(held, Unreadable) or held.prepared is None or not showable(held.reading):
        return None
    text = held.reading.text
    session = witnessing.session
    prepared = held.prepared if text == held.prepared.text else session.prepare(text)
    if held.witnessed.index_scans_off:
        session.set(NO_INDEX_ORDER)
    arguments = witnessing.arguments(held.witnessed, witnessing.statement.parameters)
    portal = session.bind(prepared, arguments, limit)
    found = await session.few(portal, SAMPLED, limit)
    types = witnessing.snapshot.types
    if portal.analysed_again or not types.keys() >= {oid for _, oid in prepared.shape.columns}:
        return None
    readers = values.readers(prepared.shape, types)
    with session.connection.undeviating():
        rows = values.rows(found, readers)
    clean = (await witnessing.look(held.witnessed, Locks.TRACED)).clean
    return tuple(tuple(row) for row in rows) if clean else None
