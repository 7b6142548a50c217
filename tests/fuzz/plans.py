"""Whether both twins run the same plan: where masks show a part of a value, statistics may choose it (masking 11)."""

from __future__ import annotations

from typing import Any, Final

import asyncpg

from tests.fuzz.observe import CELLS, COUNT, ERROR, ORDER, Seen, differing
from tests.fuzz.twins import PATH, READER, Twins

ROLE: Final = f"SET search_path = {', '.join(PATH)}; SET ROLE {READER}"
FOLLOWS: Final = frozenset({CELLS, ORDER, COUNT, ERROR})  # what another plan may change; COUNT: bytes cut elsewhere


class Plans:
    """A connection to each twin, as the read role."""

    def __init__(self, one: Any, two: Any) -> None:
        self._both: Final = (one, two)

    @classmethod
    async def over(cls, twins: Twins) -> Plans:
        """Connect."""
        made = []
        for twin in (twins.one, twins.two):
            connection = await asyncpg.connect(twin.url, statement_cache_size=0)
            await connection.execute(ROLE)
            made.append(connection)
        return cls(*made)

    def close(self) -> None:
        """Leave, whatever the connections are at."""
        for connection in self._both:
            connection.terminate()

    async def excuse(self, one: Seen, two: Seen) -> str:
        """Say that the plans differ, where that may be the whole difference.

        Of rows that differ in order alone, the estimates count as well: hash tables are made as large as these say.
        """
        if not one.runs or one.runs != two.runs or not differing(one, two) <= FOLLOWS:
            return ""
        try:
            costs = "on" if differing(one, two) == {ORDER} else "off"
            first, second = [await link.fetch(f"EXPLAIN (COSTS {costs}) {one.runs}") for link in self._both]
        except asyncpg.PostgresError:
            return ""
        return "" if first == second else "another plan under masks that show a part"
