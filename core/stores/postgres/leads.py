"""Who of several processes does what only one needs to: an advisory lock per name, on a connection of its own.

The server frees the locks with the connection, however its process ends. One whose connection was cut and that does not
know yet may go on beside the next: what is led this way must bear being done twice.
"""

from __future__ import annotations

import asyncio
from typing import Final, LiteralString, final
from zlib import crc32

from core.stores.postgres.links import Address, Gone, Link, translated

# Keys of advisory locks, in one database: the first is this room's (the signer has its own), the second a name's.
TAKE: Final[LiteralString] = "SELECT pg_catalog.pg_try_advisory_lock(1634956134, $1)"


@final
class Elected:
    """The port Leads over several processes."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._link: Link | None = None
        self._held: set[str] = set()
        self._taking = asyncio.Lock()

    async def leads(self, name: str) -> bool:
        """Whether this process does the work of a name; it takes it where nobody has it.

        Raises: AuditUnavailable.
        """
        async with self._taking:
            link = await self._open()
            try:
                if name not in self._held and await translated(lambda: link.fetchval(TAKE, key(name))):
                    self._held.add(name)
            except Gone:
                link.terminate()  # after a silence it may still look open
                raise
            return name in self._held

    async def _open(self) -> Link:
        if self._link is None or self._link.is_closed():
            self._held.clear()
            self._link = await self._address.connect()
        return self._link

    def close(self) -> None:
        """Let others lead."""
        if self._link is not None:
            self._link.terminate()


def key(name: str) -> int:
    """Make a name a number of 32 bits; two names of one number are led by one process, which harms nothing."""
    found = crc32(name.encode())
    return found - 2**32 if found >= 2**31 else found
