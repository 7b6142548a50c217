"""Keyed MACs under a key of the store's own, wrapped like data keys, so that pseudonyms outlive a change of [keys]."""

from __future__ import annotations

import hmac
from typing import final

from core.stores.encryption.keyring import STORE, KeyRing
from core.stores.encryption.vault import DataKey


@final
class KeyedMacs:
    """The port Macs."""

    def __init__(self, key: DataKey) -> None:
        self._key = key
        self._derived: dict[str, bytes] = {}

    @classmethod
    async def of(cls, ring: KeyRing) -> KeyedMacs:
        """Take the store's own key from its ring; a new store makes it.

        Raises: NotFound when this process does not hold what wraps it; AuditUnavailable.
        """
        return cls(await ring.key(STORE))

    def mac(self, label: str, content: bytes) -> str:
        """HMAC-SHA256 under this label's own key, hex."""
        if label not in self._derived:
            self._derived[label] = self._key.subkey(b"assent/mac/v1/" + label.encode())
        return hmac.digest(self._derived[label], content, "sha256").hex()
