"""A PostgreSQL store for tests: a database of its own on a durable server, logins by role, a clock that tests move."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from core.stores import rows
from core.stores.encryption.vault import Keys
from core.stores.postgres import schema
from core.stores.postgres.log import Site
from core.stores.postgres.rights import EVERY, GRANTS, Part
from core.stores.postgres.store import PostgresStore
from demo.postgres import Postgres
from tests.doubles import ORIGIN, ManualClock

NUMBER = itertools.count()
T = TypeVar("T")
PASSWORD = "not-a-secret"
KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
SHARED: dict[int, str] = {}  # port of a server -> database
EMPTIED = sorted(set(GRANTS) - {"store_version", "log_coord", "applied"})
FIRST = (
    "UPDATE log_coord SET next = 0, last_us = 0, integrated = 0; UPDATE applied SET next = 0, leaf = '';"
    "DROP TABLE IF EXISTS test_clock; CREATE OR REPLACE FUNCTION clock_us() RETURNS bigint LANGUAGE sql VOLATILE"
    " AS $$ SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint $$"
)

# The clock as a table: the store's own function reads it instead of the server's, so that tests can move the time.
CLOCK = """
CREATE TABLE assent.test_clock (us bigint NOT NULL);
INSERT INTO assent.test_clock VALUES ({us});
GRANT SELECT ON assent.test_clock TO PUBLIC;
CREATE OR REPLACE FUNCTION assent.clock_us() RETURNS bigint LANGUAGE sql VOLATILE
  AS $$ SELECT us FROM assent.test_clock $$;
"""


@dataclass(frozen=True)
class Ground:
    """One store's database, before anyone has opened it."""

    server: Postgres
    database: str
    folder: Path

    def url(self, *parts: Part) -> str:
        """The login of one role, or of all.

        It asks for no TLS, which this server has not: a driver that is cancelled while it asks leaves a failed future
        that nobody awaits, for which the next test would be blamed.
        """
        return self.server.url(self.database, login(*parts), PASSWORD) + "?sslmode=disable"

    def site(self, *parts: Part) -> Site:
        """Where a process of these roles finds the store."""
        played = frozenset(parts) or EVERY
        signed = self.folder / "signed" if Part.SIGNER in played else None
        return Site(url=self.url(*parts), parts=played, signed=signed)

    async def dba(self) -> asyncpg.Connection:
        """A superuser's own connection."""
        return await asyncpg.connect(self.server.url(self.database), server_settings={"search_path": "assent"})


def login(*parts: Part) -> str:
    return "_".join(["login", *sorted(part.value for part in parts or EVERY)])


async def make(server: Postgres, origin: str = ORIGIN) -> str:
    """Make a store in a database of its own, as a DBA does; return the database's name."""
    name = f"s{next(NUMBER)}"
    owner = await asyncpg.connect(server.url())
    await owner.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
    await owner.close()
    dba = await asyncpg.connect(server.url(name))
    await dba.execute(schema.text(origin))
    for parts in ((), *((part,) for part in Part)):
        member = ", ".join(part.role for part in parts or Part)
        if not await dba.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", login(*parts)):
            await dba.execute(f"CREATE ROLE {login(*parts)} LOGIN PASSWORD '{PASSWORD}' IN ROLE {member}")
    await dba.close()
    return name


@asynccontextmanager
async def ground(server: Postgres, folder: Path, *, origin: str = ORIGIN) -> AsyncIterator[Ground]:
    """A store's database that no other test has, taken away again."""
    name = await make(server, origin)
    try:
        yield Ground(server, name, folder)
    finally:
        owner = await asyncpg.connect(server.url())
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await owner.close()


async def emptied(server: Postgres, folder: Path) -> Ground:
    """The one store that tests share, as it was when it was made: a new database takes two seconds."""
    if server.port not in SHARED:
        SHARED[server.port] = await make(server)
    found = Ground(server, SHARED[server.port], folder)
    dba = await found.dba()
    await dba.execute("".join(f"DELETE FROM {table};" for table in EMPTIED) + FIRST)
    await dba.close()
    return found


def opened(
    place: Ground, *parts: Part, keys: Keys = KEYS, origin: str = ORIGIN
) -> AbstractAsyncContextManager[PostgresStore]:
    return PostgresStore.open(place.site(*parts), keys=keys, origin=origin, clock=ManualClock(datetime.now(UTC)))


class ServerClock:
    """The store's clock and the program's, moved together; the server reads it from its own table."""

    def __init__(self, ground: Ground, start: datetime) -> None:
        self.at = start
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="server clock", daemon=True)
        self._thread.start()
        self._dba = self._run(self._begin(ground))

    async def _begin(self, ground: Ground) -> asyncpg.Connection:
        dba = await ground.dba()
        await dba.execute(CLOCK.format(us=rows.micros(self.at)))
        return dba

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by
        self._run(self._dba.execute("UPDATE assent.test_clock SET us = $1", rows.micros(self.at)))

    def close(self) -> None:
        self._run(self._dba.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
