"""Sources of every further kind: a connector that needs addresses alone is a folder, and a line in the table here."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import MappingProxyType
from typing import Final, Protocol

from core.errors import SettingsError, SourceUnavailable
from core.model import Dialect, Source
from core.ports import Clock, Connector
from core.settings import PlainSource, Settings

LOGGER: Final = logging.getLogger("assent.sources")


class Plain(Connector, Protocol):
    """A connector of this process, which opens and closes it."""

    async def open(self) -> None:
        """Reach the Source and look whether it may be served.

        Raises: SourceUnavailable: it is closed until it is reached; UnsafeStart.
        """
        ...

    async def close(self) -> None:
        """Let go of it."""
        ...


class Make(Protocol):
    """How the connector of one kind is made; nothing is reached yet."""

    def __call__(
        self, source: Source, *, read_url: str, write_url: str | None, masks: Mapping[str, str], clock: Clock
    ) -> Plain:
        """Make it; `masks` says of each tag in use how it is masked.

        Raises: SettingsError for what this kind cannot do.
        """
        ...


# Kind -> its connector: nothing is served because it is installed.
CONNECTORS: Final[Mapping[Dialect, Make]] = MappingProxyType(
    {
    }
)  # fmt: skip


async def plain(stack: AsyncExitStack, settings: Settings, clock: Clock) -> dict[str, Connector]:
    """Open every Source of a further kind.

    Raises: UnsafeStart, SettingsError.
    """
    mine = [one for one in settings.sources if isinstance(one, PlainSource)]
    return {one.source.name: await reached(stack, one, settings, clock) for one in mine}


async def reached(stack: AsyncExitStack, one: PlainSource, settings: Settings, clock: Clock) -> Connector:
    """Open one Source.

    Raises: UnsafeStart, SettingsError.
    """
    make = CONNECTORS.get(one.source.dialect)
    if make is None:
        raise SettingsError(f"[source.{one.source.name}] kind: this version has no connector for {one.source.dialect}")
    write = None if one.write_url is None else one.write_url.text().strip()
    connector = make(
        one.source, read_url=one.read_url.text().strip(), write_url=write, masks=settings.masks, clock=clock
    )
    stack.push_async_callback(connector.close)
    try:
        await connector.open()
    except SourceUnavailable as error:
        LOGGER.warning("[source.%s] is closed until it can be reached: %s", one.source.name, error)
    return connector
