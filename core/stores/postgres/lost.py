"""A connection was lost while a unit was on its way: end what may still run of it, then read whether it is there.

A unit's name stands in every one of its Entries, so after a lost reply a taken slot that names our own unit is ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, LiteralString, final

import asyncpg

from core.audit.transparency.tree import leaf
from core.errors import AuditBusy, AuditUnavailable
from core.ports import Committed
from core.stores import rows
from core.stores.postgres.draft import Draft, Seen
from core.stores.postgres.links import Address, Gone, Link, translated

ENDED: Final = 3000  # milliseconds that the old backend is given to end
TRIES: Final = 12  # a server that crashed is back within seconds: then what it made durable is there
PAUSE: Final = 0.5  # seconds

# Only a backend of this very process: its name is ours alone. docs 9.28.2: false when it did not end in time.
END: Final[LiteralString] = (
    "SELECT pg_catalog.pg_terminate_backend(pid, $3) FROM pg_catalog.pg_stat_activity"
    " WHERE pid = $1 AND application_name = $2"
)
FIND: Final[LiteralString] = (
    "SELECT convert_from(body, 'UTF8')::json ->> 'unit' AS unit, seq, ts_ms, body FROM log_entry"
    " WHERE seq >= $1 AND convert_from(body, 'UTF8')::json ->> 'unit' = ANY ($2) ORDER BY seq"
)
# A backend that was ended while it waited for a standby has committed all the same: what is read of it may stand on
# this server alone (docs 27.2.8). So a commit of nothing goes behind it, which waits as every append does.
SETTLED: Final[LiteralString] = "SELECT FROM append('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', NULL, NULL)"


@final
class Resolver:
    """Finds out what became of a unit whose answer was lost."""

    def __init__(self, address: Address, known: int) -> None:
        self._address = address
        self.known = known  # numbers below were taken before any unit that begins now
        self.seen: Seen | None = None  # a log without it is an older copy, and is told nothing more

    def learn(self, said: Committed) -> None:
        """Remember how far the log has come."""
        self.known = max(self.known, *said.sequences, 0)
        if said.sequences and (self.seen is None or self.seen[0] < said.sequences[-1]):
            self.seen = said.sequences[-1], bytes.fromhex(said.leaves[-1])

    async def resolve(self, pid: int, drafts: Sequence[Draft], since: int) -> Mapping[str, Committed]:
        """Return by its name what became durable of units that began at `since`; of the others nothing did, or will.

        Raises: AuditUnavailable when the store cannot be asked, or the old backend does not end.
        """
        link = await self._reach()
        try:
            ended = await translated(lambda: link.fetchval(END, pid, self._address.name, ENDED))
            if ended is False:
                raise AuditUnavailable("what was sent may still be done: its backend does not end")
            found = await translated(lambda: link.fetch(FIND, since, [draft.name for draft in drafts]))
            if found:
                await translated(lambda: link.execute(SETTLED))
        except (AuditBusy, Gone) as error:
            raise AuditUnavailable("the store cannot say what became of a unit") from error
        finally:
            link.terminate()
        units: dict[str, list[asyncpg.Record]] = {}
        for row in found:
            units.setdefault(row["unit"], []).append(row)
        return {name: _committed(name, entries) for name, entries in units.items()}

    async def _reach(self) -> Link:
        for _ in range(TRIES - 1):
            try:
                return await self._address.connect()
            except AuditUnavailable:
                await asyncio.sleep(PAUSE)
        return await self._address.connect()


def _committed(name: str, found: Sequence[asyncpg.Record]) -> Committed:
    return Committed(
        at=rows.instant(found[0]["ts_ms"] * 1000),
        unit=name,
        sequences=tuple(row["seq"] for row in found),
        leaves=tuple(leaf(row["body"]).hex() for row in found),
    )
