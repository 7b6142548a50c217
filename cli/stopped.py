"""Who is stopped by a block, as `assent doctor` reads it beside a running gateway, from either store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

from core.assembly.stores import located
from core.errors import StoreError
from core.settings import Role, Settings, Sqlite
from core.stores import rows
from core.stores.postgres.links import Address, translated
from core.stores.sqlite.alerts import address
from core.stores.steps import Row

BLOCKS: Final = "SELECT party, until FROM blocks ORDER BY party"
REMEDY: Final = "assent block list names who; assent unblock proposes that it ends"


async def stopped(settings: Settings) -> tuple[str, ...]:
    """Say each block that stands.

    Raises: StoreError, UnsafeStart.
    """
    place = settings.gateway.store
    if not isinstance(place, Sqlite):
        link = await Address(url=located(settings, frozenset(Role)).url, name="assent doctor").connect()
        try:
            return tuple(said(tuple(map(tuple, await translated(link.fetch(BLOCKS))))))
        finally:
            link.terminate()
    if not place.path.is_file():
        return ()
    try:
        with closing(sqlite3.connect(address(place.path), uri=True)) as log:
            return tuple(said(tuple(log.execute(BLOCKS))))
    except sqlite3.Error as error:
        raise StoreError(f"the record's blocks cannot be read: {error}") from error


def said(found: tuple[Row, ...]) -> Iterator[str]:
    """Word blocks; a person's name is a pseudonym here."""
    now = rows.micros(datetime.now(UTC))
    for party, until in found:
        if until is None or until > now:
            end = "until it is released" if until is None else f"until {rows.instant(until):%Y-%m-%d %H:%M} UTC"
            yield ("everything" if party == "all" else str(party)) + f" is stopped {end}"
