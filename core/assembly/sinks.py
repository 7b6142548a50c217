"""Settings -> the pumps of every `[[sink]]`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from urllib.parse import urlsplit

from core.assembly.stores import Roles, Store
from core.ports import Clock
from core.settings import Role, Settings, SinkSettings
from core.sinks.pump import Alone, House, Pump
from core.sinks.wanted import Wanted, pump
from core.stores.postgres.store import PostgresStore


@asynccontextmanager
async def exporting(settings: Settings, store: Store, clock: Clock, roles: Roles) -> AsyncIterator[None]:
    """Follow the log with every sink until the block ends; nothing waits for what is not delivered by then.

    Raises: SettingsError.
    """
    tasks = [asyncio.create_task(pump.serve()) for pump in pumps(settings, store, clock, roles)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def pumps(settings: Settings, store: Store, clock: Clock, roles: Roles) -> tuple[Pump, ...]:
    """Make the pump of every `[[sink]]`.

    The people's side holds their secrets and sends; of several such processes one at a time sends to each.
    Raises: SettingsError.
    """
    if Role.PEOPLE not in roles:
        return ()
    shared = House(
        origin=store.origin,
        version=version("assent"),
        tail=store.journal,
        journal=store.journal,
        cursors=store.cursors,
        payloads=store.payloads,
        clock=clock,
        leads=store.elected if isinstance(store, PostgresStore) else Alone(),
    )
    host = urlsplit(settings.gateway.url).hostname or "-"
    return tuple(pump(sunk(one), shared, host) for one in settings.sinks)


def sunk(one: SinkSettings) -> Wanted:
    """Give a sink its secret."""
    return Wanted(
        name=one.name,
        kind=one.kind,
        path=one.path,
        url=one.url,
        secret="" if one.secret is None else one.secret.text(),
        cef=one.cef,
        ca=one.ca,
        statements=one.statements,
        acknowledged=one.acknowledged,
    )
