"""Names behind pseudonyms, encrypted per person."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, LiteralString, final

from core.errors import NotFound
from core.ports import KeyKind, KeyScope, Macs
from core.stores.encryption.keyring import QUESTIONS, KeyRing
from core.stores.encryption.vault import bind
from core.stores.steps import Reads, Writes, ask

HELD: Final = 4096

KEEP: Final[LiteralString] = (
    "INSERT INTO subject (pseudonym, dek, nonce, ct, look) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (pseudonym) DO UPDATE SET dek = excluded.dek, nonce = excluded.nonce, ct = excluded.ct,"
    " look = excluded.look"
)


@final
class StoredSubjects:
    """The port Subjects."""

    def __init__(self, *, writer: Writes, readers: Reads, ring: KeyRing, macs: Macs) -> None:
        self._writer = writer
        self._readers = readers
        self._ring = ring
        self._macs = macs
        self._known: OrderedDict[str, str] = OrderedDict()

    async def know(self, pseudonym: str, name: str) -> None:
        """Keep a name durably.

        Raises: AuditBusy, AuditUnavailable.
        """
        if self._known.get(pseudonym) == name:
            return
        key = await self._ring.key(KeyScope(kind=KeyKind.PERSON, purpose=QUESTIONS, person=pseudonym))
        plain = name.encode("utf-8", "replace")
        nonce, cipher = key.encrypt(plain, bind(key.origin, pseudonym, "", "subject"))
        await self._writer.perform(lambda: ask(KEEP, pseudonym, key.id, nonce, cipher, self._look(name)))
        self._known[pseudonym] = name
        if len(self._known) > HELD:
            self._known.popitem(last=False)

    async def name(self, pseudonym: str) -> str:
        """Return the name, or the pseudonym where it was erased or never known."""
        row = await self._readers.row("SELECT dek, nonce, ct FROM subject WHERE pseudonym = $1", pseudonym)
        if row is None:
            return pseudonym
        number, nonce, cipher = row
        try:
            key = await self._ring.numbered(number)
            return key.decrypt(nonce, cipher, bind(key.origin, pseudonym, "", "subject")).decode()
        except NotFound:
            return pseudonym

    async def named(self, name: str) -> frozenset[str]:
        """Return every pseudonym that this name stands for, whatever its case; none once its key is gone."""
        found = await self._readers.rows("SELECT pseudonym FROM subject WHERE look = $1", self._look(name))
        return frozenset([row[0] for row in found if await self.name(row[0]) != row[0]])

    def _look(self, name: str) -> str:
        return self._macs.mac("look", name.strip().casefold().encode("utf-8", "replace"))
