"""Payloads by month and their data keys, each file with its own writing thread; durable before any Entry names them."""

from __future__ import annotations

import asyncio
import re
import secrets
import sqlite3
from base64 import b32encode
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Final, final

from core.errors import AuditUnavailable, NotFound, UnsafeStart
from core.model import CallId, PayloadId, SessionId
from core.ports import Clock, Kept, Payload, Role
from core.stores import vault
from core.stores.sqlite import schema
from core.stores.sqlite.files import Place, private
from core.stores.sqlite.readers import Readers
from core.stores.sqlite.writer import Writer
from core.stores.vault import DataKey, Keys

ID: Final = re.compile(r"pay_(\d{6})_[a-z2-7]{26}", re.ASCII)
HELD: Final = 4096  # data keys in memory
RESULTS: Final = frozenset({Role.RESULT, Role.UNMASKED})
EPOCH: Final = 1  # of the wrapping key


@final
class KeyRing:
    """Data keys: one per scope and purpose, wrapped by the purpose's secret, in a file of their own."""

    def __init__(self, writer: Writer, readers: Readers, keys: Keys) -> None:
        self._writer = writer
        self._readers = readers
        self._wrapping = {"questions": keys.questions, "results": keys.results}
        self._held: OrderedDict[tuple[str, str], DataKey] = OrderedDict()

    async def key(self, scope: str, purpose: str) -> DataKey:
        """Return the data key of a scope, made and made durable when it is the first time."""
        held = self._held.get((scope, purpose))
        if held is None:
            held = await self._writer.run(partial(self._make, scope=scope, purpose=purpose))
            self._held[scope, purpose] = held
            if len(self._held) > HELD:
                self._held.popitem(last=False)
        return held

    async def destroy(self, scope: str, purpose: str) -> None:
        """Destroy the data key of a scope, if there is one: the file is opened with secure_delete."""
        self._held.pop((scope, purpose), None)
        await self._writer.run(
            lambda connection: (
                connection.execute(
                    "UPDATE dek SET wrapped = NULL WHERE scope = ? AND purpose = ?", (scope, purpose)
                ).rowcount
            )
        )

    def _make(self, connection: sqlite3.Connection, scope: str, purpose: str) -> DataKey:
        row = connection.execute(
            "SELECT id, wrapped FROM dek WHERE scope = ? AND purpose = ?", (scope, purpose)
        ).fetchone()
        if row is not None:
            return self._open(row[0], row[1], purpose)
        (number,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM dek").fetchone()
        made = vault.fresh(number)
        connection.execute(
            "INSERT INTO dek (id, scope, purpose, epoch, wrapped) VALUES (?, ?, ?, ?, ?)",
            (number, scope, purpose, EPOCH, made.wrapped(self._wrapping[purpose])),
        )
        return made

    async def numbered(self, number: int) -> DataKey:
        """Return a data key by its id.

        Raises: NotFound when it was destroyed or this process cannot unwrap it.
        """
        row = await self._readers.row("SELECT wrapped, purpose FROM dek WHERE id = ?", number)
        if row is None:
            raise NotFound(f"no data key {number}")
        wrapped, purpose = row
        return self._open(number, wrapped, purpose)

    def _open(self, number: int, wrapped: bytes | None, purpose: str) -> DataKey:
        if wrapped is None:
            raise NotFound(f"data key {number} was destroyed")
        return vault.unwrap(number, wrapped, self._wrapping[purpose])


@final
class Month:
    """One month's payload file."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        self.writer = writer
        self.readers = readers

    @classmethod
    async def open(cls, place: Place, month: str) -> Month:
        """Open, or make, the file of a month."""
        path = place.payloads(month)
        private(path)
        writer = Writer(lambda: schema.writable(path, schema.PAYLOADS), name=f"assent payloads {month}")
        try:
            return cls(writer, await Readers.open(path, 2))
        except BaseException:
            await writer.close()
            raise

    async def close(self) -> None:
        """Close both sides."""
        await self.readers.close()
        await self.writer.close()


@final
class SqlitePayloads:
    """The port Payloads."""

    def __init__(self, *, place: Place, ring: KeyRing, origin: str, clock: Clock) -> None:
        self._place = place
        self._ring = ring
        self._origin = origin
        self._clock = clock
        self._months: dict[str, Month] = {}
        self._opening = asyncio.Lock()

    async def keep(
        self, call: CallId, session: SessionId, source: str, payloads: Sequence[Payload]
    ) -> tuple[Kept, ...]:
        """Encrypt and make durable, before any Entry names them.

        Raises: AuditBusy, AuditUnavailable.
        """
        if not payloads:
            return ()
        name = f"{self._clock.now():%Y%m}"
        month = await self._month(name)
        made = [await self._seal(call, f"{session}|{source}", name, payload) for payload in payloads]
        await month.writer.run(
            lambda connection: (
                connection.executemany(
                    "INSERT INTO payload (id, call_id, role, dek, nonce, ct) VALUES (?, ?, ?, ?, ?, ?)",
                    [(kept.id, call, kept.role.value, kept.key, nonce, cipher) for kept, nonce, cipher in made],
                ).rowcount
            )
        )
        return tuple(kept for kept, _, _ in made)

    async def _seal(self, call: CallId, scope: str, month: str, payload: Payload) -> tuple[Kept, bytes, bytes]:
        if payload.role is Role.UNMASKED:
            scope = unmasked(call)
        key = await self._ring.key(scope, "results" if payload.role in RESULTS else "questions")
        name = PayloadId(f"pay_{month}_{b32encode(secrets.token_bytes(17)).decode().lower()[:26]}")
        return await asyncio.to_thread(self._encrypt, key, call, name, payload)

    def _encrypt(self, key: DataKey, call: CallId, name: PayloadId, payload: Payload) -> tuple[Kept, bytes, bytes]:
        bound = bind(self._origin, name, call, payload.role.value)
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
        month = await self._known(payload)
        row = await month.readers.row("SELECT call_id, role, dek, nonce, ct FROM payload WHERE id = ?", payload)
        if row is None:
            raise NotFound(f"no payload {payload}")
        call, role, number, nonce, cipher = row
        key = await self._ring.numbered(number)
        packed = key.decrypt(nonce, cipher, bind(self._origin, payload, call, role))
        return await asyncio.to_thread(vault.unpack, packed)

    async def erase(self, call: CallId) -> None:
        """Destroy the key of a Call's unmasked result, if it has one."""
        await self._ring.destroy(unmasked(call), "results")

    async def _known(self, payload: PayloadId) -> Month:
        found = ID.fullmatch(payload)
        if found is None or not self._place.payloads(found[1]).exists():
            raise NotFound(f"no payload {payload}")
        return await self._month(found[1])

    async def _month(self, name: str) -> Month:
        async with self._opening:
            if name not in self._months:
                try:
                    self._months[name] = await Month.open(self._place, name)
                except (OSError, UnsafeStart) as error:
                    raise AuditUnavailable(f"the payloads of {name} cannot be opened: {error}") from error
            return self._months[name]

    async def close(self) -> None:
        """Close all files."""
        for month in self._months.values():
            await month.close()


def unmasked(call: CallId) -> str:
    """Name the scope of an unmasked result's key: of its own, so that it alone is erased."""
    return f"unmasked|{call}"


def bind(origin: str, name: str, call: str, role: str) -> bytes:
    """Return what is authenticated beside a payload: it opens at its own place only."""
    return f"{origin}|{name}|{call}|{role}".encode()
