"""The SQLite store put together: opened for one process, checked before it writes, drained when it closes."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final, final

import anyio

from core.audit.entry import system_start, system_stop
from core.audit.transparency.note import VerifierKey
from core.audit.transparency.origins import within
from core.errors import StoreError, UnsafeStart
from core.ports import Clock, KeyState, Recording, Unit
from core.stores.encryption import naming
from core.stores.encryption.keyring import QUESTIONS, RESULTS, KeyRing
from core.stores.encryption.macs import KeyedMacs
from core.stores.encryption.naming import StoredNames
from core.stores.encryption.payloads import StoredPayloads
from core.stores.encryption.sealing import Sealer
from core.stores.encryption.subjects import StoredSubjects
from core.stores.encryption.vault import Keys
from core.stores.given import NOTHING_LESS, Common
from core.stores.log.checkpoints import StoredCheckpoints
from core.stores.log.cursors import StoredCursors
from core.stores.log.signing import Signer
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
from core.stores.sqlite import files, schema
from core.stores.sqlite.ballast import Ballast, Room
from core.stores.sqlite.drive import drive
from core.stores.sqlite.files import Place
from core.stores.sqlite.journal import SqliteJournal
from core.stores.sqlite.months import Full, Months
from core.stores.sqlite.readers import Readers
from core.stores.sqlite.ticking import tick, transact
from core.stores.sqlite.words import Fts
from core.stores.sqlite.writer import Writer

READERS: Final = 3
EVERY: Final = frozenset({QUESTIONS, RESULTS, "signing", "mask", "minting"})  # purposes of keys


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteStore:
    """The store's ports under their names; made by `SqliteStore.open` alone."""

    boot: str
    origin: str
    verifier: VerifierKey  # what checks its checkpoints: the public half of [keys] signing
    journal: SqliteJournal
    reviews: StoredReviews  # Reviews, Cards and Results
    grants: StoredGrants
    breaks: StoredBreaks
    payloads: StoredPayloads
    sessions: StoredSessions
    endings: Endings
    history: StoredHistory
    cursors: StoredCursors
    tickets: StoredTickets
    checkpoints: StoredCheckpoints
    subjects: StoredSubjects
    custody: StoredCustody  # Custody and Acts
    standing: StoredStanding  # blocks and the policy in force
    links: StoredLinks
    closure: StoredClosure
    macs: KeyedMacs
    ring: KeyRing  # DataKeys and Wraps
    names: StoredNames
    writer: Writer
    signer: Signer
    succession: Succession

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        path: Path,
        *,
        keys: Keys,
        origin: str,
        clock: Clock,
        recorded: Mapping[str, Recording] = NOTHING_LESS,
        adopt: bool = False,
    ) -> AsyncIterator[SqliteStore]:
        """Open a store, or make a new one where there is none; one process at a time.

        `recorded`: what less than everything a Source has recorded.
        `adopt`: the operator's word that a log whose signer's state file is gone is the right one.
        Raises: UnsafeStart naming the file and the remedy, AuditUnavailable when it cannot be written.
        """
        stack = AsyncExitStack()
        try:
            common = Common(keys=keys, origin=origin, clock=clock, recorded=recorded, adopt=adopt)
            store = await _build(stack, Place(path), common)
            start = system_start(version("assent"), sqlite=sqlite3.sqlite_version)
            await store.journal.commit(Unit(entries=(start,)))
            stack.push_async_callback(store.drain)
            yield store
        finally:
            with anyio.CancelScope(shield=True):  # a cancelled server still drains, and leaves no thread behind
                await stack.aclose()

    @property
    def leads(self) -> bool:
        """This process signs."""
        return True

    async def reach(self) -> None:
        """Read something of a store that takes Entries, as far as it knows without a try.

        Raises: AuditUnavailable.
        """
        self.writer.reach()
        await self.standing.version()

    async def checkpoint(self) -> None:
        """Integrate and sign everything that is durable now, without waiting for its time.

        Raises: AuditUnavailable, also when the log would go backwards.
        """
        while await self.writer.perform(self.signer.integrate):
            pass
        await self.writer.perform(self.signer.sign)

    async def drain(self) -> None:
        """End the Sessions, say that this process leaves in order, sign the end; what cannot write closes without."""
        with contextlib.suppress(StoreError):
            await self.endings.close()
            await self.journal.commit(Unit(entries=(system_stop(),)))
            await self.checkpoint()


async def _build(stack: AsyncExitStack, place: Place, common: Common) -> SqliteStore:
    """Open all files, in the order in which they may refuse."""
    keys, clock = common.keys, common.clock
    stack.callback(files.prepare(place).release)
    boot = secrets.token_hex(8)
    connection, signer = _log(place, common)
    origin = signer.origin
    room = Room(Ballast(place.ballast))
    log = _writer(stack, lambda: connection, "assent journal", partial(tick, signer), room=room)
    readers = await _readers(stack, place.database, READERS)
    ring_writer, ring_readers = await _beside(
        stack, place.keys, lambda: schema.writable(place.keys, schema.KEYS, erase=True), log.degrade
    )
    past_writer, past_readers = await _beside(stack, place.history, lambda: schema.projected(place.history))
    ring = KeyRing(
        writer=ring_writer,
        readers=ring_readers,
        wrapping=keys.wrapping(QUESTIONS, RESULTS),
        origin=origin,
        emptied=lambda: ring_writer.alone(schema.emptied),
    )
    names = StoredNames(readers)
    await ring.begin({one.purpose: one.name for one in await names.named() if one.state is KeyState.CURRENT})
    macs = await KeyedMacs.of(ring)
    sealer = Sealer(ring=ring, clock=clock, recorded=common.recorded)
    months = Months(place, log.degrade)
    stack.push_async_callback(months.close)
    payloads = StoredPayloads(shelves=months, ring=ring, sealer=sealer, clock=clock)
    subjects = StoredSubjects(writer=ring_writer, readers=ring_readers, ring=ring, macs=macs)
    journal = SqliteJournal(writer=log, readers=readers, clock=clock, origin=origin, boot=boot)
    room.bind(journal.record)
    return SqliteStore(
        boot=boot,
        origin=origin,
        verifier=signer.public,
        journal=journal,
        reviews=StoredReviews(readers),
        grants=StoredGrants(readers),
        breaks=StoredBreaks(readers),
        payloads=payloads,
        sessions=StoredSessions(
            journal=journal, writer=log, readers=readers, macs=macs, subjects=subjects, clock=clock
        ),
        endings=Endings(journal=journal, writer=log, readers=readers, clock=clock),
        history=StoredHistory(
            journal=journal, writer=past_writer, readers=past_readers, macs=macs, subjects=subjects, words=Fts()
        ),
        cursors=StoredCursors(writer=log, readers=readers),
        tickets=StoredTickets(writer=log, clock=clock),
        checkpoints=StoredCheckpoints(writer=log, readers=readers),
        subjects=subjects,
        custody=StoredCustody(readers, lambda: log.alone(schema.emptied)),
        links=StoredLinks(readers),
        standing=StoredStanding(readers),
        closure=StoredClosure(readers),
        macs=macs,
        ring=ring,
        names=names,
        writer=log,
        signer=signer,
        succession=Succession(signer=signer, journal=journal, readers=readers),
    )


def _writer(
    stack: AsyncExitStack,
    connect: Callable[[], sqlite3.Connection],
    name: str,
    idle: Callable[[sqlite3.Connection], float | None] | None = None,
    *,
    room: Room | None = None,
    full: Full | None = None,
) -> Writer:
    writer = Writer(connect, name=name, idle=idle, room=room, full=full)
    stack.push_async_callback(writer.close)
    return writer


async def _readers(stack: AsyncExitStack, path: Path, count: int) -> Readers:
    readers = await Readers.open(path, count)
    stack.push_async_callback(readers.close)
    return readers


async def _beside(
    stack: AsyncExitStack, path: Path, connect: Callable[[], sqlite3.Connection], full: Full | None = None
) -> tuple[Writer, Readers]:
    files.private(path)
    writer = _writer(stack, connect, f"assent {path.stem}", full=full)
    return writer, await _readers(stack, path, 1)


def _log(place: Place, common: Common) -> tuple[sqlite3.Connection, Signer]:
    """Open the log's database; a log belongs to one origin, one set of keys and one signed past.

    Raises: UnsafeStart.
    """
    connection = schema.writable(place.database, (*schema.LOG, *schema.ROWS), erase=True)
    try:
        origin = _same(connection, place, common)
        signer = Signer(origin=origin, keys=common.keys, state=place.signed, clock=common.clock)
        drive(connection, signer.start(adopt=common.adopt))
    except sqlite3.DatabaseError as error:
        connection.close()
        raise UnsafeStart(f"{place.database} is damaged: {error}; restore it from a backup") from error
    except UnsafeStart:
        connection.close()
        raise
    return connection, signer


def _first(connection: sqlite3.Connection, common: Common) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO log_coord (id, next, last_us, integrated, origin) VALUES (0, 0, 0, 0, ?)", (common.origin,)
    )
    connection.execute("COMMIT")


def _same(connection: sqlite3.Connection, place: Place, common: Common) -> str:
    """Check that origin and keys are those the store is under; a new one begins with these. Return its name now.

    Raises: UnsafeStart.
    """
    row = connection.execute("SELECT origin FROM log_coord").fetchone()
    if row is None:
        _first(connection, common)
    elif not within(row[0], common.origin):
        raise UnsafeStart(f"{place.database} is the log {row[0]}, not {common.origin}: set its own address again")
    name = common.origin if row is None else str(row[0])
    transact(connection, lambda: naming.held(common.keys, EVERY, name))
    return name
