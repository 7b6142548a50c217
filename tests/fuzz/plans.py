"""Whether both twins run the same plan: where masks show a part of a value, statistics may choose it (masking 11)."""

from __future__ import annotations

import operator
from typing import Any, Final

import asyncpg

from tests.fuzz.observe import CELLS, COUNT, ERROR, ORDER, Seen, differing
from tests.fuzz.twins import PATH, READER, Twins

ROLE: Final = f"SET search_path = {', '.join(PATH)}; SET ROLE {READER}"
UNHASHED: Final = "SET enable_hashagg = off; SET enable_hashjoin = off"
KEY: Final = b"6" * 64
FOLLOWS: Final = frozenset({CELLS, ORDER, COUNT, ERROR})  # what another plan may change; COUNT: bytes cut elsewhere


class Plans:
    """A connection to each twin, as the read role."""

    def __init__(self, one: Any, two: Any) -> None:
        self._links: Final = (one, two)

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
        for connection in self._links:
            connection.terminate()

    async def excuse(self, one: Seen, two: Seen) -> str:
        """Say that the plans differ, where that may be the whole difference.

        Of rows that differ in order alone, the estimates count as well: hash tables are made as large as these say.
        """
        if not one.runs or one.runs != two.runs or not differing(one, two) <= FOLLOWS:
            return ""
        try:
            costs = "on" if differing(one, two) == {ORDER} else "off"
            first, second = await self._both(f"EXPLAIN (COSTS {costs}) {one.runs}")
            if first != second:
                return "another plan under masks that show a part"
            return await self._hashed(one, first)
        except asyncpg.PostgresError:
            return ""

    async def _hashed(self, one: Seen, plan: list[str]) -> str:
        """Say that a cut took its rows out of hash tables of other sizes; without such tables they must be equal."""
        text = "\n".join(plan)
        if "Hash" not in text or not ("Limit" in text or one.cut):
            return ""
        first, second = await self._both(f"EXPLAIN {one.runs}")
        for link in self._links:
            await link.execute(UNHASHED)
        try:
            alike = operator.eq(*await self._both(one.runs))
        finally:
            for link in self._links:
                await link.execute("RESET enable_hashagg; RESET enable_hashjoin")
        return "rows that a cut takes out of a hash" if alike and first != second else ""

    async def _both(self, text: str) -> list[list[str]]:
        """Ask both; the parameters of a permitted text are mask keys, and which ones does not matter here."""
        found = []
        for link in self._links:
            statement = await link.prepare(text)
            rows = await statement.fetch(*[KEY] * len(statement.get_parameters()))
            found.append([repr(tuple(row)) for row in rows])
        return found
