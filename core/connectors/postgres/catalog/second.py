"""A handful of statements over protected tables, read twice (masking 4): whether the second trees hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from core.connectors.postgres.visit import PostgresVisit
from core.masking.names import qualified, quote
from core.model import Doubt, Unreadable
from core.ports import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.connectors.postgres.catalog.known import Known
    from core.connectors.postgres.connector import PostgresConnector

HANDFUL: Final = 8
DOUBTS: Final = frozenset({Doubt.DISAGREE, Doubt.UNAVAILABLE})  # all else refuses a table that is closed anyway


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """How many statements were read, and what was wrong with each that did not hold."""

    statements: int
    doubts: tuple[str, ...]


async def second(connector: PostgresConnector) -> Second:
    """Read a handful of statements over protected tables as an agent would send them, and then what would run.

    Raises: SourceUnavailable, Busy.
    """
    texts = tuple(samples(await connector.known()))
    doubts = []
    for text in texts:
        async with connector.visit(Statement(text=text), name="assent:doctor:1") as visit:
            found = await visit.read()
            if not isinstance(found, Unreadable) and isinstance(visit, PostgresVisit):
                found = await visit.vouched() or found
            if isinstance(found, Unreadable) and found.doubt in DOUBTS:
                doubts.append(f"{text}: {found.detail or found.sentence}")
    return Second(statements=len(texts), doubts=tuple(doubts))


def samples(known: Known) -> Iterator[str]:
    """Word them: every column, the whole row, and a filter on one that is protected; closed tables are left out."""
    protection, relations = known.protection, known.read.relations
    for oid in sorted(protection.replacement)[:HANDFUL]:
        relation = relations[oid]
        column = next((relation.attributes[n] for n in protection.touched(oid, frozenset({0}))), None)
        tested = f" WHERE {quote(column.name)} IS NOT NULL" if column is not None else ""
        yield f"SELECT t.*, t::text FROM {qualified(relation)} t{tested}"
