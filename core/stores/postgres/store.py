"""The PostgreSQL store put together for one process of one role, or of all three: checked before it writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import final

from core.audit.transparency.note import VerifierKey
from core.ports import Clock, KeyState, Recording
from core.stores.encryption.keyring import QUESTIONS, RESULTS, KeyRing
from core.stores.encryption.macs import KeyedMacs
from core.stores.encryption.naming import StoredNames
from core.stores.encryption.payloads import Shelf, StoredPayloads, deleted
from core.stores.encryption.sealing import Sealer
from core.stores.encryption.subjects import StoredSubjects
from core.stores.encryption.vault import Keys
from core.stores.given import NOTHING_LESS, Common
from core.stores.log.checkpoints import StoredCheckpoints
from core.stores.log.cursors import StoredCursors
from core.stores.log.succession import Succession
from core.stores.lookups.history import StoredHistory
from core.stores.operational.closure import StoredClosure
from core.stores.operational.custody import StoredCustody
from core.stores.operational.endings import Endings
from core.stores.operational.glass import StoredBreaks
from core.stores.operational.grants import StoredGrants
from core.stores.operational.linked import StoredLinks
from core.stores.operational.reviews import StoredReviews
from core.stores.operational.sessions import StoredSessions
from core.stores.operational.standing import StoredStanding
from core.stores.operational.tickets import StoredTickets
from core.stores.postgres.journal import PostgresJournal
from core.stores.postgres.leads import Elected
from core.stores.postgres.log import Log, Site
from core.stores.postgres.nudges import Wake, follow
from core.stores.postgres.outage import Noticed, spill
from core.stores.postgres.words import EMPTIED, Lexemes
from core.stores.steps import Reads, Writes


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

    async def reach(self) -> None:
        """Read something of a store whose server has room left: one that is full still answers what it is asked.

        Raises: AuditUnavailable, AuditBusy.
        """
        await self.standing.version()
        await self.log.reads.perform(spill)

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
