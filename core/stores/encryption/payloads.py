"""Payloads: compressed, encrypted, durable before any Entry names them; kept by the month in which they came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, LiteralString, Protocol, final

from core.errors import NotFound
from core.model import CallId, PayloadId, SessionId
from core.ports import Clock, Kept, Opening, Payload, Role
from core.stores.encryption.keyring import KeyRing
from core.stores.encryption.sealing import Blob, Sealer
from core.stores.rows import EPOCH
from core.stores.steps import Reads, Steps, Writes, ask

ID: Final = re.compile(r"pay_(\d{6})_[a-z2-7]{26}", re.ASCII)

PUT: Final[LiteralString] = "INSERT INTO payload (id, call_id, role, dek, nonce, ct) VALUES ($1, $2, $3, $4, $5, $6)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where one month's payloads stand."""

    reads: Reads
    writes: Writes


class Shelves(Protocol):
    """Payloads by month ("202611"), so that expiry drops a whole one."""

    async def made(self, month: str) -> Shelf:
        """Return a month's shelf, made when it is the first time.

        Raises: AuditUnavailable.
        """
        ...

    async def months(self) -> tuple[str, ...]:
        """All months that have a shelf, oldest first."""
        ...

    async def drop(self, month: str) -> None:
        """Drop a month's shelf with all that stands there.

        Raises: AuditUnavailable.
        """
        ...

    async def found(self, month: str) -> Shelf | None:
        """Return a month's shelf if there is one.

        Raises: AuditUnavailable.
        """
        ...

    async def ended(self, numbers: Sequence[int]) -> None:
        """Delete what was sealed under destroyed keys, where no month is dropped.

        Raises: AuditUnavailable.
        """
        ...


@final
class StoredPayloads:
    """The port Payloads."""

    def __init__(self, *, shelves: Shelves, ring: KeyRing, sealer: Sealer, clock: Clock) -> None:
        self._shelves = shelves
        self._ring = ring
        self._sealer = sealer
        self._clock = clock

    async def keep(
        self, call: CallId, session: SessionId, source: str, payloads: Sequence[Payload]
    ) -> tuple[Kept, ...]:
        """Encrypt and make durable, before any Entry names them.

        Raises: BadCall for what is too large to be kept, AuditBusy, AuditUnavailable.
        """
        if not payloads:
            return ()
        name = f"{self._clock.now():%Y%m}"
        shelf = await self._shelves.made(name)
        made = [await self._sealer.seal(call, session, source, payload, month=name) for payload in payloads]
        await shelf.writes.perform(lambda: _put(made))
        return tuple(blob.kept for blob in made)

    async def open(self, payload: PayloadId) -> bytes:
        """Decrypt.

        Raises: NotFound for what is unknown, erased, or under a key this process does not hold.
        """
        return (await self.opening(payload)).content

    async def opening(self, payload: PayloadId) -> Opening:
        """Decrypt, and give the key of the MAC beside it.

        Raises: as `open`.
        """
        named = ID.fullmatch(payload)
        shelf = None if named is None else await self._shelves.found(named[1])
        sql: Final = "SELECT call_id, role, dek, nonce, ct FROM payload WHERE id = $1"
        row = None if shelf is None else await shelf.reads.row(sql, payload)
        if row is None:
            raise NotFound(f"no payload {payload}")
        call, role, number, nonce, cipher = row
        content, key = await self._sealer.open(payload, (call, role, number, nonce, cipher))
        return Opening(id=payload, role=Role(role), content=content, key=key)

    async def months(self) -> tuple[str, ...]:
        """Months that are there and have no key left, but for the one that runs."""
        past = [month for month in await self._shelves.months() if month < f"{self._clock.now():%Y%m}"]
        return tuple([month for month in past if await self._ended(month)])

    async def _ended(self, month: str) -> bool:
        """Say whether nothing of a month opens any more; its file is read only once no key of its days is left."""
        if await self._ring.between(*days(month)):
            return False
        shelf = await self._shelves.made(month)
        numbers = await shelf.reads.rows("SELECT DISTINCT dek FROM payload")
        return not any([await self._ring.lives(number) for (number,) in numbers])

    async def drop(self, month: str) -> None:
        """Drop a month's payloads, whole.

        Raises: AuditUnavailable.
        """
        await self._shelves.drop(month)

    async def ended(self, numbers: Sequence[int]) -> None:
        """Delete what was sealed under destroyed keys, where no month is dropped.

        Raises: AuditUnavailable.
        """
        await self._shelves.ended(numbers)


def days(month: str) -> tuple[int, int]:
    """Return the days since the epoch in which keys of a month's payloads began: a midnight apart at most."""
    first = datetime(int(month[:4]), int(month[4:]), 1, tzinfo=UTC)
    after = (first + timedelta(days=31)).replace(day=1)
    return (first - EPOCH).days - 1, (after - EPOCH).days


def deleted(numbers: Sequence[int]) -> Steps[None]:
    """Delete the bytes of payloads that nobody can open any more."""
    for number in numbers:
        yield from ask("DELETE FROM payload WHERE dek = $1", number)


def _put(made: Sequence[Blob]) -> Steps[None]:
    for one in made:
        yield from ask(PUT, one.kept.id, one.call, one.kept.role.value, one.kept.key, one.nonce, one.cipher)
