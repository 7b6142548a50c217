"""Payloads: compressed, encrypted, durable before any Entry names them; kept by the month in which they came."""

from __future__ import annotations

import asyncio
import re
import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, LiteralString, Protocol, final

from core.errors import NotFound
from core.model import CallId, PayloadId, SessionId
from core.ports import Clock, Kept, Payload, Role
from core.stores import vault
from core.stores.keyring import KeyRing
from core.stores.steps import Reads, Steps, Writes, ask
from core.stores.vault import DataKey

ID: Final = re.compile(r"pay_(\d{6})_[a-z2-7]{26}", re.ASCII)
RESULTS: Final = frozenset({Role.RESULT, Role.UNMASKED})

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

    async def found(self, month: str) -> Shelf | None:
        """Return a month's shelf if there is one.

        Raises: AuditUnavailable.
        """
        ...


@final
class StoredPayloads:
    """The port Payloads."""

    def __init__(self, *, shelves: Shelves, ring: KeyRing, origin: str, clock: Clock) -> None:
        self._shelves = shelves
        self._ring = ring
        self._origin = origin
        self._clock = clock

    async def keep(
        self, call: CallId, session: SessionId, source: str, payloads: Sequence[Payload]
    ) -> tuple[Kept, ...]:
        """Encrypt and make durable, before any Entry names them.

        Raises: AuditBusy, AuditUnavailable.
        """
        if not payloads:
            return ()
        name = f"{self._clock.now():%Y%m}"
        shelf = await self._shelves.made(name)
        made = [await self._seal(call, f"{session}|{source}", name, payload) for payload in payloads]
        await shelf.writes.perform(lambda: _put(call, made))
        return tuple(kept for kept, _, _ in made)

    async def _seal(self, call: CallId, scope: str, month: str, payload: Payload) -> tuple[Kept, bytes, bytes]:
        if payload.role is Role.UNMASKED:
            scope = unmasked(call)
        key = await self._ring.key(scope, "results" if payload.role in RESULTS else "questions")
        name = PayloadId(f"pay_{month}_{b32encode(secrets.token_bytes(17)).decode().lower()[:26]}")
        return await asyncio.to_thread(self._encrypt, key, call, name, payload)

    def _encrypt(self, key: DataKey, call: CallId, name: PayloadId, payload: Payload) -> tuple[Kept, bytes, bytes]:
        bound = vault.bind(self._origin, name, call, payload.role.value)
        nonce, cipher = key.encrypt(vault.pack(payload.content), bound)
        kept = Kept(
            id=name,
            role=payload.role,
            size=len(payload.content),
            ciphertext=sha256(nonce + cipher).hexdigest(),
            mac=key.mac(payload.content),
            key=key.id,
        )
        return kept, nonce, cipher

    async def open(self, payload: PayloadId) -> bytes:
        """Decrypt.

        Raises: NotFound for what is unknown, erased, or under a key this process does not hold.
        """
        named = ID.fullmatch(payload)
        shelf = None if named is None else await self._shelves.found(named[1])
        sql: Final = "SELECT call_id, role, dek, nonce, ct FROM payload WHERE id = $1"
        row = None if shelf is None else await shelf.reads.row(sql, payload)
        if row is None:
            raise NotFound(f"no payload {payload}")
        call, role, number, nonce, cipher = row
        key = await self._ring.numbered(number)
        packed = key.decrypt(nonce, cipher, vault.bind(self._origin, payload, call, role))
        return await asyncio.to_thread(vault.unpack, packed)

    async def erase(self, call: CallId) -> None:
        """Destroy the key of a Call's unmasked result, if it has one."""
        await self._ring.destroy(unmasked(call), "results")


def _put(call: CallId, made: Sequence[tuple[Kept, bytes, bytes]]) -> Steps[None]:
    for kept, nonce, cipher in made:
        yield from ask(PUT, kept.id, call, kept.role.value, kept.key, nonce, cipher)


def unmasked(call: CallId) -> str:
    """Name the scope of an unmasked result's key: of its own, so that it alone is erased."""
    return f"unmasked|{call}"
