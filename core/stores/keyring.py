"""Data keys: one per scope and purpose, wrapped by the purpose's secret; a destroyed one opens nothing any more."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, LiteralString, final

from core.errors import NotFound
from core.stores import vault
from core.stores.steps import Reads, Steps, Writes, ask, one
from core.stores.vault import DataKey, Keys

HELD: Final = 4096  # data keys in memory
EPOCH: Final = 1  # of the wrapping key

ADD: Final[LiteralString] = (
    "INSERT INTO dek (id, scope, purpose, epoch, wrapped) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT DO NOTHING RETURNING id"
)


@final
class KeyRing:
    """Data keys: one per scope and purpose, wrapped by the purpose's secret, in a file of their own."""

    def __init__(self, writer: Writes, readers: Reads, keys: Keys) -> None:
        self._writer = writer
        self._readers = readers
        self._wrapping = {"questions": keys.questions, "results": keys.results}
        self._held: OrderedDict[tuple[str, str], DataKey] = OrderedDict()

    async def key(self, scope: str, purpose: str) -> DataKey:
        """Return the data key of a scope, made and made durable when it is the first time."""
        held = self._held.get((scope, purpose))
        if held is None:
            held = await self._writer.perform(lambda: self._make(scope, purpose))
            self._held[scope, purpose] = held
            if len(self._held) > HELD:
                self._held.popitem(last=False)
        return held

    async def destroy(self, scope: str, purpose: str) -> None:
        """Destroy the data key of a scope, if there is one."""
        self._held.pop((scope, purpose), None)
        sql: Final = "UPDATE dek SET wrapped = NULL WHERE scope = $1 AND purpose = $2"
        await self._writer.perform(lambda: ask(sql, scope, purpose))

    def _make(self, scope: str, purpose: str) -> Steps[DataKey]:
        found: Final = "SELECT id, wrapped FROM dek WHERE scope = $1 AND purpose = $2"
        row = yield from one(found, scope, purpose)
        while row is None:
            (last,) = (yield from ask("SELECT coalesce(max(id), 0) FROM dek"))[0]
            made = vault.fresh(last + 1)
            wrapped = made.wrapped(self._wrapping[purpose])
            if (yield from one(ADD, made.id, scope, purpose, EPOCH, wrapped)) is not None:
                return made
            row = yield from one(found, scope, purpose)  # another process made one meanwhile
        return self._open(row[0], row[1], purpose)

    async def numbered(self, number: int) -> DataKey:
        """Return a data key by its id.

        Raises: NotFound when it was destroyed or this process cannot unwrap it.
        """
        row = await self._readers.row("SELECT wrapped, purpose FROM dek WHERE id = $1", number)
        if row is None:
            raise NotFound(f"no data key {number}")
        wrapped, purpose = row
        return self._open(number, wrapped, purpose)

    def _open(self, number: int, wrapped: bytes | None, purpose: str) -> DataKey:
        if wrapped is None:
            raise NotFound(f"data key {number} was destroyed")
        return vault.unwrap(number, wrapped, self._wrapping[purpose])
