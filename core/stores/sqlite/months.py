"""One payload file for each month, each with its own writing thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias, final

from core.errors import AuditUnavailable, UnsafeStart
from core.stores.encryption.payloads import Shelf
from core.stores.sqlite import schema
from core.stores.sqlite.files import Place, private
from core.stores.sqlite.readers import Readers
from core.stores.sqlite.writer import Writer

Full: TypeAlias = Callable[[], Awaitable[None]]


@final
class Month:
    """One month's payload file."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        self._writer = writer
        self._readers = readers
        self.shelf = Shelf(reads=readers, writes=writer)

    @classmethod
    async def open(cls, place: Place, month: str, full: Full) -> Month:
        """Open, or make, the file of a month; `full` hears of a full disk."""
        path = place.payloads(month)
        private(path)
        writer = Writer(lambda: schema.writable(path, schema.PAYLOADS), name=f"assent payloads {month}", full=full)
        try:
            return cls(writer, await Readers.open(path, 2))
        except BaseException:
            await writer.close()
            raise

    async def close(self) -> None:
        """Close both sides."""
        await self._readers.close()
        await self._writer.close()


@final
class Months:
    """The payload files of one store."""

    def __init__(self, place: Place, full: Full) -> None:
        self._place = place
        self._full = full
        self._open: dict[str, Month] = {}
        self._opening = asyncio.Lock()

    async def made(self, month: str) -> Shelf:
        """Return a month's shelf, made when it is the first time.

        Raises: AuditUnavailable.
        """
        if (known := self._open.get(month)) is not None:
            return known.shelf
        async with self._opening:
            if month not in self._open:
                try:
                    self._open[month] = await Month.open(self._place, month, self._full)
                except (OSError, UnsafeStart) as error:
                    raise AuditUnavailable(f"the payloads of {month} cannot be opened: {error}") from error
            return self._open[month].shelf

    async def found(self, month: str) -> Shelf | None:
        """Return a month's shelf if its file is there.

        Raises: AuditUnavailable.
        """
        return await self.made(month) if self._place.payloads(month).exists() else None

    async def months(self) -> tuple[str, ...]:
        """All months that have a file, oldest first."""
        return tuple(sorted(path.stem.removeprefix("payloads-") for path in self._place.months()))

    async def drop(self, month: str) -> None:
        """Unlink a month's file; one that is gone already is no matter.

        Raises: AuditUnavailable.
        """
        async with self._opening:
            opened = self._open.pop(month, None)
            if opened is not None:
                await opened.close()
            path = self._place.payloads(month)
            try:
                for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
                    path.with_name(name).unlink(missing_ok=True)
            except OSError as error:
                raise AuditUnavailable(f"the payloads of {month} cannot be dropped: {error}") from error

    async def ended(self, numbers: Sequence[int]) -> None:
        """Leave bytes that nobody opens: they go with their month's file."""

    async def close(self) -> None:
        """Close all files."""
        for month in self._open.values():
            await month.close()
