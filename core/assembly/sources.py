"""Every configured Source opened, kind by kind."""

from __future__ import annotations

from contextlib import AsyncExitStack

from core.assembly.databases import databases
from core.assembly.plain import plain, reached
from core.assembly.warehouses import opened, warehouses
from core.ports import Clock, Connector
from core.settings import BigQuerySource, PlainSource, Settings


async def sources(stack: AsyncExitStack, settings: Settings, clock: Clock) -> dict[str, Connector]:
    """Open every Source; one that is away is closed until it is reached.

    Raises: UnsafeStart naming each check that refuses, SettingsError.
    """
    found = await databases(stack, settings, clock)
    found |= await warehouses(stack, settings, clock)
    return found | await plain(stack, settings, clock)


async def alone(
    stack: AsyncExitStack, one: BigQuerySource | PlainSource, settings: Settings, clock: Clock
) -> Connector:
    """Open one Source that shares nothing with others.

    Raises: UnsafeStart, SettingsError.
    """
    if isinstance(one, BigQuerySource):
        return await opened(stack, one, settings, clock)
    return await reached(stack, one, settings, clock)
