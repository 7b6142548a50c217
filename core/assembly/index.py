"""The index of look-ups: followed in the background by the people's side, and begun anew at an operator's word."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from core.assembly.stores import Roles, Store, located
from core.settings import Role, Settings, Sqlite
from core.stores.lookups import projection
from core.stores.postgres.links import Address, Links
from core.stores.postgres.words import EMPTIED
from core.stores.sqlite import files

LOGGER: Final = logging.getLogger("assent.index")


@asynccontextmanager
async def indexing(store: Store, roles: Roles) -> AsyncIterator[None]:
    """Follow the log until the block ends, where people look things up; no look-up has to catch up then."""
    if Role.PEOPLE not in roles:
        yield
        return
    task = asyncio.create_task(store.history.follow())
    task.add_done_callback(ended)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def ended(task: asyncio.Task[None]) -> None:
    """Say when following ends by itself: then every look-up catches up first, and says so where it cannot."""
    if not task.cancelled() and (error := task.exception()) is not None:
        LOGGER.error("the index of look-ups is followed no more: %s", type(error).__name__)


async def forget(settings: Settings) -> None:
    """Begin the index anew; the people's side makes it, as far as the log goes.

    Raises: UnsafeStart while a process uses a file, AuditUnavailable, AuditBusy.
    """
    place = settings.gateway.store
    if isinstance(place, Sqlite):
        files.forget(files.Place(place.path))
        return
    site = located(settings, frozenset({Role.PEOPLE}))
    async with Links.open(Address(url=site.url, name="assent store reindex"), 1) as links:
        await links.perform(lambda: projection.anew(EMPTIED))
