"""The demo's shop, hardened, behind a connector of its own with the real rooms: what hostile statements are sent to."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.connectors.postgres import PostgresConnector, harden
from core.connectors.postgres.catalog.checks import inspector
from core.masking import finish
from core.masking.hardening.wanted import Wish
from core.model import Dialect, Masked, Reading, Source, Unreadable
from core.ports import Statement
from demo.shop.load import load
from demo.shop.tags import MASKS, TAGS
from tests.integration.connecting import Now, done, permit
from tests.integration.shop import Make

NUMBER = itertools.count()
SECRET = b"d" * 32


@asynccontextmanager
async def demo_shop(database: Make, version: int) -> AsyncIterator[tuple[PostgresConnector, str]]:
    """Give a connector to a hardened shop and its owner's URL; the roles end with it."""
    url = await database("", version=version)
    await load(url)
    number = next(NUMBER)
    wish = Wish(tags=TAGS, masks=MASKS, read_role=f"demo_read_{number}", write_role=f"demo_write_{number}")
    await harden.apply(url, wish, SECRET)
    await done(url, f"ALTER ROLE {wish.read_role} LOGIN PASSWORD 'r'; ALTER ROLE {wish.write_role} LOGIN PASSWORD 'w'")
    host = url.rpartition("@")[2]
    connector = PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags=TAGS, enforced=True),
        read_url=f"postgresql://{wish.read_role}:r@{host}",
        write_url=f"postgresql://{wish.write_role}:w@{host}",
        masks=MASKS,
        clock=Now(),
        inspect=inspector(wish, source="shop", secret=SECRET, acknowledged=frozenset()),
    )
    await connector.open()
    try:
        yield connector, url
    finally:
        await connector.close()
        await done(url, f"DROP OWNED BY {wish.read_role}, {wish.write_role}")
        await done(url, f"DROP ROLE {wish.read_role}, {wish.write_role}")


async def answered(
    connector: PostgresConnector, text: str, *, seconds: float = 20, returned_rows: int = 200
) -> tuple[Reading, Masked] | Unreadable:
    """Read and, where it is a read, run and finish, as an allowed `query` does; raises what the line would record."""
    async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
        reading = await visit.read()
        if isinstance(reading, Unreadable):
            return reading
        assert not reading.writes, text
        rows = await visit.run(permit(reading, seconds=seconds, returned_rows=returned_rows))
        return reading, finish(rows, reading)
