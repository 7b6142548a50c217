"""Whether a difference is storage's alone: order and statistics of what lies behind a mask (masking 11).

A difference is set aside only when it is shown to go away: both twins are laid out alike within a transaction that is
rolled back, the very text that ran runs there again as the read role, and its rows or its SQLSTATE must now be equal.
It happens in copies of the twins: in the twins a hunt's own questions hold locks, and what is rolled back leaves
catalogs of another size behind, which plans over catalogs follow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final, final

import asyncpg

from core.connectors.postgres.connection.session import NO_INDEX_ORDER
from tests.fuzz.observe import CELLS, COUNT, ERROR, ORDER, ROWS, Seen, differing
from tests.fuzz.twins import PATH, READER, Twins

FOLLOWS: Final = frozenset({CELLS, ORDER, COUNT, ERROR})  # what another order may change; COUNT: bytes cut elsewhere
CLUSTERED: Final = "care.filed"
LEVEL: Final = "CLUSTER care.filed USING filed_pkey"
BARE: Final = "SET LOCAL allow_system_table_mods = on; DELETE FROM pg_statistic; DELETE FROM pg_statistic_ext_data"
ROLE: Final = f"SET LOCAL search_path = {', '.join(PATH)}; SET LOCAL ROLE {READER}; SET LOCAL statement_timeout = '10s'"
# Who waits for a lock on the server's side goes on waiting when its client has left, and everybody behind it.
GIVE_UP: Final = {"lock_timeout": "5s", "statement_timeout": "20s"}
PATIENCE: Final = 60.0
TRIES: Final = 3
KEY: Final = b"6" * 64


@final
class Storage:
    """A connection to each twin, as its owner; `kept`: masks show a part, so that statistics may follow it."""

    def __init__(self, twins: Twins) -> None:
        self._twins: Final = twins
        self._kept: Final = twins.config.kept
        self._turn: Final = asyncio.Lock()

    async def excuse(self, one: Seen, two: Seen) -> str:
        """Name what has to be laid out alike for this text to answer alike; "" where nothing of storage helps."""
        if not one.runs or one.runs != two.runs or not differing(one, two) <= FOLLOWS:
            return ""
        level = (LEVEL,) if CLUSTERED in one.things else ()
        if level and await self._alike(one, level):
            return "order of a clustered table"
        if self._kept and await self._alike(one, (*level, BARE)):
            return "statistics under masks that show a part"
        return ""

    async def _alike(self, seen: Seen, prelude: Sequence[str]) -> bool:
        """Try more than once: others hold locks, and a busy machine is slow."""
        for _ in range(TRIES):
            if await self._equal(seen, prelude):
                return True
        return False

    async def _equal(self, seen: Seen, prelude: Sequence[str]) -> bool:
        try:
            async with self._turn, asyncio.timeout(PATIENCE):
                one, two = [await answered(twin.copy, seen, prelude) for twin in (self._twins.one, self._twins.two)]
        except (TimeoutError, Uneven):
            return False
        return one == two


# Rows of no named type: the driver does not know the types in them, the server writes them out.
RECORDS: Final = ((2249, "record"), (2287, "_record"))


class Uneven(Exception):
    """A twin could not be laid out like the other: nothing is shown by that."""


async def laid(link: Any, prelude: Sequence[str]) -> None:
    """Lay a copy out, in a transaction.

    Raises: Uneven.
    """
    try:
        for text in ("BEGIN", *prelude):
            await link.execute(text)
    except asyncpg.PostgresError as error:
        raise Uneven from error


async def answered(url: str, seen: Seen, prelude: Sequence[str]) -> str:
    """Run what ran, over the other layout; the parameters of a permitted text are mask keys, any will do here.

    Nothing is committed: the connection ends with its transaction open.
    """
    link: Any = await asyncpg.connect(url, statement_cache_size=0, server_settings=GIVE_UP)
    try:
        for oid, name in RECORDS:
            link._protocol.get_settings().add_python_codec(oid, name, "pg_catalog", [], "scalar", str, str, "text")
        await laid(link, (*prelude, ROLE, *([NO_INDEX_ORDER] if seen.unordered else [])))
        statement = await link.prepare(seen.runs)
        cursor = await statement.cursor(*[KEY] * len(statement.get_parameters()))
        return repr([tuple(row) for row in await cursor.fetch(ROWS + 1)])
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    finally:
        link.terminate()
