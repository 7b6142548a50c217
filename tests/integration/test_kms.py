"""A key that never leaves a KMS, behind the port Wrapping: it wraps and unwraps, and where it is away nothing opens."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.errors import AuditUnavailable, NotFound
from core.ports import KeyKind, KeyScope
from core.stores.encryption.keyring import KeyRing
from core.stores.sqlite.store import SqliteStore
from tests.contract.conftest import KEYS
from tests.doubles import ORIGIN, ManualClock


@dataclass
class Kms:
    """A service that holds the key: it gives tickets for what it wrapped, and forgets nothing."""

    name: str
    held: dict[bytes, bytes] = field(default_factory=dict)
    away: bool = False
    asked: int = 0

    async def wrap(self, raw: bytes) -> bytes:
        self._reached()
        wrapped = os.urandom(len(raw))
        self.held[wrapped] = raw
        return wrapped

    async def unwrap(self, wrapped: bytes) -> bytes:
        self._reached()
        if wrapped not in self.held:
            raise NotFound("not wrapped by this key")
        return self.held[wrapped]

    def _reached(self) -> None:
        self.asked += 1
        if self.away:
            raise AuditUnavailable("the KMS does not answer")


def ring(store: SqliteStore, kms: Kms) -> KeyRing:
    """A process whose questions key is the KMS's."""
    return KeyRing(
        writer=store.ring._writer,
        readers=store.ring._readers,
        wrapping={"questions": {kms.name: kms}},
        origin=ORIGIN,
        emptied=store.ring._emptied,
    )


def scope(session: str) -> KeyScope:
    return KeyScope(kind=KeyKind.SESSION, purpose="questions", session=session, source="shop", day=1)


async def test_data_keys_are_wrapped_and_opened_by_a_kms_alone_and_stay_shut_while_it_is_away(tmp_path: Path) -> None:
    kms = Kms(dict(KEYS.named())["questions"])
    async with SqliteStore.open(tmp_path / "assent.db", keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        made = await ring(store, kms).key(scope("ses_1"))
        again = await ring(store, kms).numbered(made.id)  # another process
        assert again.mac(b"x") == made.mac(b"x")
        kms.away = True
        for work in (ring(store, kms).numbered(made.id), ring(store, kms).key(scope("ses_2"))):
            with pytest.raises(AuditUnavailable, match="does not answer"):
                await work
        kms.away = False
        with pytest.raises(NotFound):  # by the key of a file it opens no more
            await store.ring.numbered(made.id)
        files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert kms.asked > 2
    assert all(wrapped in files and raw not in files for wrapped, raw in kms.held.items())
