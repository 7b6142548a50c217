"""How far each sink is, and which Entries it rejected for good: in the log's own database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, LiteralString, final

from core.ports import Cursor
from core.stores.steps import Reads, Steps, Writes, ask

LONGEST: Final = 300  # characters of what keeps a sink
FORWARD: Final[LiteralString] = (
    "INSERT INTO sink_cursor (sink, next, delivered_ms, trouble) VALUES ($1, $2, $3, '') ON CONFLICT (sink) DO UPDATE"
    " SET next = excluded.next, delivered_ms = excluded.delivered_ms, trouble = ''"
    " WHERE sink_cursor.next <= excluded.next"
)
TROUBLED: Final[LiteralString] = (
    "INSERT INTO sink_cursor (sink, next, delivered_ms, trouble) VALUES ($1, 0, 0, $2)"
    " ON CONFLICT (sink) DO UPDATE SET trouble = excluded.trouble"
)
REJECTED: Final[LiteralString] = "INSERT INTO sink_rejected (sink, seq) VALUES ($1, $2) ON CONFLICT DO NOTHING"


@final
class StoredCursors:
    """The port Cursors."""

    def __init__(self, *, writer: Writes, readers: Reads) -> None:
        self._writer = writer
        self._readers = readers

    async def cursor(self, sink: str) -> Cursor:
        """Where a sink is."""
        row = await self._readers.row("SELECT next, delivered_ms, trouble FROM sink_cursor WHERE sink = $1", sink)
        return Cursor() if row is None else Cursor(next=row[0], delivered_ms=row[1], trouble=row[2])

    async def delivered(self, sink: str, following: int, at_ms: int, rejected: Sequence[int] = ()) -> None:
        """Move forward, never back: what another process delivered meanwhile stays delivered."""

        def steps() -> Steps[None]:
            for sequence in rejected:
                yield from ask(REJECTED, sink, sequence)
            yield from ask(FORWARD, sink, following, at_ms)

        await self._writer.perform(steps)

    async def troubled(self, sink: str, trouble: str) -> None:
        """Say what keeps a sink."""
        said = "".join(one if one.isprintable() else "?" for one in trouble[:LONGEST])
        await self._writer.perform(lambda: ask(TROUBLED, sink, said))
