"""How payloads become stored bytes and back: which key, how much, bound to which place; the same over every store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Final, final

from core.errors import AuditUnavailable, BadCall
from core.model import CallId, PayloadId, SessionId, letters
from core.ports import Clock, Kept, KeyKind, KeyScope, Payload, Recorded, Recording, Role
from core.stores.encryption import vault
from core.stores.encryption.keyring import QUESTIONS, RESULTS, KeyRing
from core.stores.encryption.vault import DataKey, Packed

OF_RESULTS: Final = frozenset({Role.RESULT, Role.UNMASKED})
CUT: Final = OF_RESULTS | {Role.STATEMENT, Role.TEXT, Role.PARAMETERS, Role.PURPOSE, Role.REASON}
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SMALL: Final = 16 << 10  # bytes that are sealed on the loop: in a tenth of the time that a thread takes to hear of them
TRIES: Final = 3  # keys of one scope that are destroyed while a payload is sealed under them


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A payload as it is stored."""

    kept: Kept
    call: CallId
    nonce: bytes
    cipher: bytes = field(repr=False)


@final
class Sealer:
    """Seals and opens payloads; what a Source has recorded says which key, and so how long."""

    def __init__(self, *, ring: KeyRing, clock: Clock, recorded: Mapping[str, Recording]) -> None:
        self._ring = ring
        self._clock = clock
        self._recorded = recorded

    async def seal(self, call: CallId, session: SessionId, source: str, payload: Payload, *, month: str) -> Blob:
        """Encrypt one payload under the key of its scope.

        Raises: BadCall for what cannot be cut and is too large; AuditBusy, AuditUnavailable.
        """
        mode = self._recorded.get(source, Recording()).of(payload.role)
        passing, now = mode is not Recorded.RECORDED, self._clock.now()
        for _ in range(TRIES):
            place = partial(scope, call, session, source, payload.role, now)
            key = await self._ring.key(place(passing=passing))
            told = await self._told(key, mode, lambda: place(passing=False))  # noqa: B023 - asked at once
            name = PayloadId(f"pay_{month}_{letters().lower()}")
            given = (key, told, call, name, payload)
            blob = _sealed(*given) if len(payload.content) <= SMALL else await asyncio.to_thread(_sealed, *given)
            if self._ring.usable(key):
                return blob
        raise AuditUnavailable("the keys of this session are being destroyed")

    async def _told(self, key: DataKey, mode: Recorded, stays: Callable[[], KeyScope]) -> DataKey | None:
        """Choose the key of the MAC: of what is hashed alone, one that stays; of what is not recorded, none."""
        match mode:
            case Recorded.RECORDED:
                return key
            case Recorded.HASHED:
                return await self._ring.key(stays())
            case Recorded.NONE:
                return None

    async def open(self, payload: PayloadId, blob: tuple[str, str, int, bytes, bytes]) -> tuple[bytes, bytes]:
        """Decrypt a stored row (call, role, key, nonce, ciphertext); give the key of its MAC beside it.

        Raises: NotFound.
        """
        call, role, number, nonce, cipher = blob
        key = await self._ring.numbered(number)
        return await asyncio.to_thread(_opened, key, payload, call, role, nonce, cipher), key.witness


def scope(call: CallId, session: SessionId, source: str, role: Role, now: datetime, *, passing: bool) -> KeyScope:
    """Say which key a payload has: of its Session, Source and day, or its Call's own."""
    own = passing or role is Role.UNMASKED
    return KeyScope(
        kind=KeyKind.PASSING if passing else KeyKind.CALL if own else KeyKind.SESSION,
        purpose=RESULTS if role in OF_RESULTS else QUESTIONS,
        session=session,
        source=source,
        call=call if own else "",
        day=(now - EPOCH).days,
    )


def _sealed(key: DataKey, told: DataKey | None, call: CallId, name: PayloadId, payload: Payload) -> Blob:
    packed = fitted(payload)
    whole = memoryview(payload.content)
    stored = whole[: packed.kept]
    nonce, cipher = key.seal(packed.content, vault.bind(key.origin, name, call, payload.role.value))
    cut = packed.kept < len(whole)
    kept = Kept(
        id=name,
        role=payload.role,
        size=len(whole) if told else 0,
        ciphertext=sha256(nonce + cipher).hexdigest(),
        mac=told.mac(stored) if told else "",
        key=key.id,
        mac_key=told.id if told and told is not key else 0,
        kept=packed.kept if cut else None,
        whole=told.mac(whole) if told and cut else "",
    )
    return Blob(kept=kept, call=call, nonce=nonce, cipher=cipher)


def _opened(key: DataKey, name: PayloadId, call: str, role: str, nonce: bytes, cipher: bytes) -> bytes:
    return vault.unpack(key.unseal(nonce, cipher, vault.bind(key.origin, name, call, role)))


def fitted(payload: Payload) -> Packed:
    """Compress what is kept of a payload: of a result what the cap holds, of words what any door could let in.

    Raises: BadCall where a part would mean something else than the whole.
    """
    if payload.role in OF_RESULTS:
        return vault.fit(payload.content)
    if len(payload.content) <= vault.WORDS:
        return Packed(content=vault.pack(payload.content), kept=len(payload.content))
    if payload.role not in CUT:
        raise BadCall(f"{payload.role.value}: {len(payload.content)} bytes")
    part = memoryview(payload.content)[: vault.WORDS]
    return Packed(content=vault.pack(part), kept=len(part))
