"""What a process tells on its own port: its numbers as they are now, what it is ready for, each Source by name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, final

from core.errors import GatewayError
from core.ports import Connector
from core.telemetry.meters import Meters
from core.telemetry.readiness import Readiness

PATIENCE: Final = 3.0  # seconds for each Source
REACHED: Final = "reached"
SILENT: Final = "silent"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One process, as operators see it."""

    meters: Meters
    readiness: Readiness
    look: Callable[[], Awaitable[None]]  # brings the gauges up to now
    connectors: Mapping[str, Connector]

    async def numbers(self) -> bytes:
        """Write everything in Prometheus' text format."""
        await self.readiness.parts()
        await self.look()
        return self.meters.text()

    async def sources(self) -> Mapping[str, str]:
        """Each Source by name: reached, or the code of what is wrong."""
        found = await asyncio.gather(*(state(one) for one in self.connectors.values()))
        return dict(zip(self.connectors, found, strict=True))


async def state(connector: Connector) -> str:
    """Ask a Source for its tables, which it knows or looks up; the code of what is wrong and nothing of its text."""
    try:
        async with asyncio.timeout(PATIENCE):
            await connector.tables()
    except GatewayError as error:
        return error.code
    except TimeoutError:
        return SILENT
    return REACHED
