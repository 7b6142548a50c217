"""The log of one process over a PostgreSQL store: its connections, its Journal, and the signer where it signs."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Final, LiteralString, final

import anyio

from core.audit.entry import system_start, system_stop
from core.audit.transparency.note import VerifierKey
from core.errors import StoreError, UnsafeStart
from core.ports import Unit
from core.stores.given import Common
from core.stores.log.checkpoints import StoredCheckpoints
from core.stores.log.signing import Signer
from core.stores.log.succession import Succession
from core.stores.postgres.appender import Appender
from core.stores.postgres.checks import checked
from core.stores.postgres.integrator import Integrator
from core.stores.postgres.journal import PostgresJournal
from core.stores.postgres.links import PATIENCE, Address, Links
from core.stores.postgres.lost import Resolver
from core.stores.postgres.rights import EVERY, Part

READS: Final = 4  # connections
WRITES: Final = 5
NEXT: Final[LiteralString] = "SELECT next FROM log_coord"
SIZE: Final[LiteralString] = "SELECT max(size) FROM log_checkpoint"
LOOK: Final = 0.1  # seconds


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where one process's store is: the database, which parts of it this process plays, its signer's state."""

    url: str
    parts: frozenset[Part] = EVERY
    patience: float = PATIENCE  # seconds until a silent server counts as gone
    signed: Path | None = None  # size and root of the last checkpoint signed here; only the signer has one


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The log of one process: its connections, its Journal, and the signer where this process signs."""

    address: Address
    reads: Links
    writes: Links
    journal: PostgresJournal
    integrator: Integrator | None
    checkpoints: StoredCheckpoints
    succession: Succession | None  # where this process signs
    boot: str
    origin: str  # the log's name now
    began: int = 0  # the Entry of this process's start

    @property
    def verifier(self) -> VerifierKey | None:
        """What checks its checkpoints, where this process signs."""
        return self.integrator.public if self.integrator else None

    @property
    def leads(self) -> bool:
        """This process signs, and no other does."""
        return self.integrator is not None and self.integrator.leads

    @classmethod
    @asynccontextmanager
    async def open(cls, site: Site, common: Common) -> AsyncIterator[Log]:
        """Open the log that `assent store setup` made; start and stop are Entries.

        Raises: UnsafeStart naming what is wrong and the remedy, AuditUnavailable when it cannot be reached.
        """
        stack = AsyncExitStack()
        try:
            log = await _log(stack, site, common)
            done = await log.journal.commit(Unit(entries=(system_start(version("assent")),)))
            stack.push_async_callback(log.drain)
            yield replace(log, began=done.sequences[0])
        finally:
            with anyio.CancelScope(shield=True):  # a cancelled server still drains
                await stack.aclose()

    async def checkpoint(self) -> None:
        """Integrate and sign everything that is durable now; does nothing where this process does not sign.

        Raises: AuditUnavailable, also when the log would go backwards.
        """
        if self.integrator is not None:
            await self.integrator.checkpoint()

    async def vouched(self, patience: float) -> None:
        """Return once a tree is signed that holds this process's start.

        A process that starts knows no better than the store; the signer does, and signs no log that went back.
        Raises: UnsafeStart when nobody signs it in time.
        """
        for _ in range(round(patience / LOOK)):
            if await self._covered():
                return
            await asyncio.sleep(LOOK)
        raise UnsafeStart(
            f"no signer signed this log past Entry {self.began}: start assent serve --role signer;"
            " if one runs, see whether it says that the log regressed"
        )

    async def _covered(self) -> bool:
        row = await self.reads.row(SIZE)
        return row is not None and row[0] is not None and int(row[0]) > self.began

    async def drain(self) -> None:
        """Say that this process leaves in order; a store that cannot write closes without."""
        with contextlib.suppress(StoreError):
            await self.journal.commit(Unit(entries=(system_stop(),)))
            await self.checkpoint()
        await self.journal.drain()


async def _log(stack: AsyncExitStack, site: Site, common: Common) -> Log:
    """Connect, in the order in which something may refuse."""
    boot = secrets.token_hex(8)
    address = Address(url=site.url, name=f"assent {boot}", patience=site.patience)
    origin = await checked(address, parts=site.parts, origin=common.origin, keys=common.keys)
    common = replace(common, origin=origin)
    signer = _signer(site, common)
    integrator = Integrator(address, signer) if signer else None
    reads = await stack.enter_async_context(Links.open(address, READS))
    writes = await stack.enter_async_context(Links.open(address, WRITES))
    start = await reads.row(NEXT)
    resolver = Resolver(address, int(start[0]) if start else 0)
    journal = PostgresJournal(
        reads=reads,
        writes=writes,
        appender=Appender(writes, resolver),
        resolver=resolver,
        origin=common.origin,
        boot=boot,
    )
    if integrator is not None:
        await stack.enter_async_context(integrator.running(adopt=common.adopt))
    return Log(
        address=address,
        reads=reads,
        writes=writes,
        journal=journal,
        integrator=integrator,
        checkpoints=StoredCheckpoints(writer=writes, readers=reads),
        succession=Succession(signer=signer, journal=journal, readers=reads) if signer else None,
        boot=boot,
        origin=common.origin,
    )


def _signer(site: Site, common: Common) -> Signer | None:
    if Part.SIGNER not in site.parts:
        return None
    if site.signed is None:
        raise UnsafeStart("the signer needs a place for its state outside the database")
    return Signer(origin=common.origin, keys=common.keys, state=site.signed, clock=common.clock)
