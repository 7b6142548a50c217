"""The PostgreSQL store put together for one process of one role, or of all three: checked before it writes."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Final, LiteralString, final

import anyio

from core.audit.entry import system_start, system_stop
from core.audit.note import VerifierKey
from core.errors import StoreError, UnsafeStart
from core.ports import Clock, KeyState, Recording, Unit
from core.stores.checkpoints import StoredCheckpoints
from core.stores.closure import StoredClosure
from core.stores.cursors import StoredCursors
from core.stores.custody import StoredCustody
from core.stores.endings import Endings
from core.stores.glass import StoredBreaks
from core.stores.grants import StoredGrants
from core.stores.history import StoredHistory
from core.stores.keyring import QUESTIONS, RESULTS, KeyRing
from core.stores.linked import StoredLinks
from core.stores.macs import KeyedMacs
from core.stores.naming import StoredNames
from core.stores.payloads import Shelf, StoredPayloads, deleted
from core.stores.postgres.appender import Appender
from core.stores.postgres.checks import checked
from core.stores.postgres.integrator import Integrator
from core.stores.postgres.journal import PostgresJournal
from core.stores.postgres.leads import Elected
from core.stores.postgres.links import PATIENCE, Address, Links
from core.stores.postgres.lost import Resolver
from core.stores.postgres.nudges import Wake, follow
from core.stores.postgres.outage import Noticed
from core.stores.postgres.rights import EVERY, Part
from core.stores.postgres.words import EMPTIED, Lexemes
from core.stores.reviews import StoredReviews
from core.stores.sealing import Sealer
from core.stores.sessions import StoredSessions
from core.stores.signing import Signer
from core.stores.standing import StoredStanding
from core.stores.steps import Reads, Writes
from core.stores.subjects import StoredSubjects
from core.stores.succession import Succession
from core.stores.tickets import StoredTickets
from core.stores.vault import Keys

READS: Final = 4  # connections
WRITES: Final = 5
NOTHING_LESS: Final[Mapping[str, Recording]] = MappingProxyType({})
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
class Common:
    """What every part of a store is made with."""

    keys: Keys
    origin: str
    clock: Clock
    recorded: Mapping[str, Recording] = field(default_factory=dict)
    adopt: bool = False


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


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresStore:
    """The store's ports under their names; made by `PostgresStore.open` alone."""

    boot: str
    origin: str
    verifier: VerifierKey | None  # what checks its checkpoints, where this process signs
    log: Log
    journal: PostgresJournal
    reviews: StoredReviews  # Reviews, Cards and Results
    grants: StoredGrants
    breaks: StoredBreaks
    payloads: StoredPayloads
    sessions: StoredSessions
    endings: Endings
    history: StoredHistory
    cursors: StoredCursors
    tickets: StoredTickets
    subjects: StoredSubjects
    custody: StoredCustody  # Custody and Acts
    standing: StoredStanding  # blocks and the policy in force
    links: StoredLinks
    closure: StoredClosure
    macs: KeyedMacs
    ring: KeyRing  # DataKeys and Wraps
    names: StoredNames
    elected: Elected

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        site: Site,
        *,
        keys: Keys,
        origin: str,
        clock: Clock,
        recorded: Mapping[str, Recording] = NOTHING_LESS,
        adopt: bool = False,
    ) -> AsyncIterator[PostgresStore]:
        """Open a store that `assent store setup` made; many processes may.

        `recorded`: what less than everything a Source has recorded.
        `adopt`: the operator's word that a log whose signer's state file is gone is the right one.
        Raises: UnsafeStart naming what is wrong and the remedy, AuditUnavailable when it cannot be reached.
        """
        common = Common(keys=keys, origin=origin, clock=clock, recorded=recorded, adopt=adopt)
        async with Log.open(site, common) as log:
            store = await _store(log, replace(common, origin=log.origin))
            try:
                yield store
            finally:
                store.elected.close()

    @property
    def succession(self) -> Succession | None:
        """What ends a former signing key, where this process signs."""
        return self.log.succession

    @property
    def checkpoints(self) -> StoredCheckpoints:
        """What leaves the store of its checkpoints."""
        return self.log.checkpoints

    @property
    def leads(self) -> bool:
        """This process signs, and no other does."""
        return self.log.leads

    async def checkpoint(self) -> None:
        """Integrate and sign everything that is durable now; does nothing where this process does not sign.

        Raises: AuditUnavailable, also when the log would go backwards.
        """
        await self.log.checkpoint()

    @asynccontextmanager
    async def following(self, wake: Wake) -> AsyncIterator[None]:
        """Wake whoever waits here for what other processes commit."""
        task = asyncio.create_task(follow(self.log.address, wake))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


@final
class OneShelf:
    """All months' payloads in one table; the month stands in each payload's name."""

    def __init__(self, reads: Reads, writes: Writes) -> None:
        self._shelf = Shelf(reads=reads, writes=writes)

    async def made(self, month: str) -> Shelf:
        """Return the shelf of any month."""
        del month
        return self._shelf

    async def found(self, month: str) -> Shelf | None:
        """Return the shelf of any month."""
        del month
        return self._shelf

    async def months(self) -> tuple[str, ...]:
        """Name no month: in one table none can be dropped; payloads go with their key."""
        return ()

    async def ended(self, numbers: Sequence[int]) -> None:
        """Delete what was sealed under destroyed keys.

        Raises: AuditUnavailable.
        """
        await self._shelf.writes.perform(lambda: deleted(numbers))

    async def drop(self, month: str) -> None:
        """Drop nothing."""
        del month


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


async def _store(log: Log, common: Common) -> PostgresStore:
    """Put the store's other rooms on a log's connections."""
    journal, reads, writes, clock = log.journal, log.reads, log.writes, common.clock
    ring = KeyRing(
        writer=writes,
        readers=reads,
        wrapping=common.keys.wrapping(QUESTIONS, RESULTS),
        origin=common.origin,
        emptied=_kept,
    )
    names = StoredNames(reads)
    mine = dict(common.keys.named())
    current = {one.purpose: one.name for one in await names.named() if one.state is KeyState.CURRENT}
    await ring.begin({purpose: name for purpose, name in current.items() if purpose in mine})
    macs = await KeyedMacs.of(ring)
    sealer = Sealer(ring=ring, clock=clock, recorded=common.recorded)
    subjects = StoredSubjects(writer=writes, readers=reads, ring=ring, macs=macs)
    return PostgresStore(
        boot=log.boot,
        origin=common.origin,
        verifier=log.verifier,
        log=log,
        journal=journal,
        reviews=StoredReviews(reads),
        grants=StoredGrants(reads),
        breaks=StoredBreaks(reads),
        payloads=StoredPayloads(
            shelves=OneShelf(reads, Noticed(writes, journal.outage)), ring=ring, sealer=sealer, clock=clock
        ),
        sessions=StoredSessions(
            journal=journal, writer=writes, readers=reads, macs=macs, subjects=subjects, clock=clock
        ),
        endings=Endings(journal=journal, writer=writes, readers=reads, clock=clock),
        history=StoredHistory(
            journal=journal,
            writer=writes,
            readers=reads,
            macs=macs,
            subjects=subjects,
            words=Lexemes(),
            emptied=EMPTIED,
        ),
        cursors=StoredCursors(writer=writes, readers=reads),
        tickets=StoredTickets(writer=writes, clock=clock),
        subjects=subjects,
        custody=StoredCustody(reads),
        links=StoredLinks(reads),
        standing=StoredStanding(reads),
        closure=StoredClosure(reads),
        macs=macs,
        ring=ring,
        names=names,
        elected=Elected(log.address),
    )


async def _kept() -> None:
    """Dead rows, WAL archives and standbys keep a destroyed key until the server drops them: docs say so."""
