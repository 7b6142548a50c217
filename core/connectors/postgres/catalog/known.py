"""What is known of a Source's catalogs right now: loaded whole, replaced whole, never trusted past a failed look."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias, final

import asyncpg

from core.catalog import BESIDES, Oid, Protection, Relation, Snapshot
from core.classify.postgres import Parsed, Witnessed
from core.connectors.postgres.catalog import queries, snapshot
from core.connectors.postgres.catalog.bodies import expressions
from core.connectors.postgres.catalog.stamps import Locks
from core.connectors.postgres.connection.away import cause
from core.connectors.postgres.connection.meter import WITHOUT
from core.connectors.postgres.connection.pool import BROKEN
from core.connectors.postgres.connection.values import Forms
from core.connectors.postgres.connection.waiting import answered
from core.connectors.postgres.looks import Expected, Look, Questions, look
from core.errors import Busy, SourceUnavailable
from core.model import Digest

if TYPE_CHECKING:
    from core.connectors.postgres.catalog.places import Place
    from core.connectors.postgres.connection.link import Link
    from core.connectors.postgres.connection.pool import Pool

Protect: TypeAlias = Callable[[Snapshot], Protection]
Inspect: TypeAlias = "Callable[[Link, Known], Awaitable[Protection]]"

LOAD: Final = (
    "begin isolation level repeatable read read only; set local search_path = ''; "
    "set local statement_timeout = '60s'; set local lock_timeout = '5s'; set local row_security = on"
)
LOADING: Final = timedelta(seconds=65)  # after the database's own 60
MAX_AGE: Final = 60.0  # seconds; a stale snapshot is caught by the last look, the timer only spares the repeat
SUSPECT_AGE: Final = 2.0  # seconds; texts with wrong names must not make us load at their own rate
SERIAL: Final = itertools.count(1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One load: the same catalogs as each role sees them, and the effective tags over them."""

    serial: int
    read: Snapshot
    write: Snapshot
    protection: Protection
    era: int = 0  # of the other Sources' tags that hold here: `places.Places`
    loaded: float = field(default_factory=time.monotonic)

    @property
    def age(self) -> float:
        """Seconds since it was loaded."""
        return time.monotonic() - self.loaded


class Knowledge:
    """Holds the current load; concurrent wishes for a new one share it."""

    def __init__(
        self,
        pool: Pool,
        shape: Callable[[], snapshot.Shape],
        protect: Protect,
        inspect: Inspect | None,
        place: Place,
    ) -> None:
        """`pool` is the read role's and nobody else's: who waits for a load holds a connection of another pool."""
        self._pool = pool
        self._shape = shape
        self._protect = protect
        self._inspect = inspect
        self._place = place
        self._current: Known | None = None
        self._lock = asyncio.Lock()
        self.expected: Final = Expected()
        self.questions: Final = Questions()
        self.forms: Final = Forms()
        self._task: asyncio.Task[Known] | None = None

    async def current(self) -> Known:
        """Give what is known; load when nothing is, or other tags hold, and in the background when it is old.

        Raises: SourceUnavailable.
        """
        known = self._current
        if known is None or known.era != self._place.era:
            return await self.renew(known)
        if known.age > MAX_AGE and (self._task is None or self._task.done()):
            self._task = asyncio.ensure_future(self.renew(known))
            self._task.add_done_callback(forget)
        return known

    async def renew(self, stale: Known | None) -> Known:
        """Load again, unless someone else has since `stale`.

        Raises: SourceUnavailable.
        """
        async with self._lock:
            known = self._current
            if known is not None and known is not stale:
                return known
            self._current = await self._load()
            return self._current

    async def suspect(self, known: Known) -> Known | None:
        """Load again after a text named what is not known; None when the load is fresh enough to be believed.

        Raises: SourceUnavailable.
        """
        if self._current is known and known.age < SUSPECT_AGE:
            return None
        return await self.renew(known)

    async def look(self, closure: frozenset[Oid], known: Snapshot) -> Look:
        """Take the last look over a connection of our own, where a visit has lost its own.

        Raises: SourceUnavailable.
        """
        try:
            async with self._pool.lend() as connection:
                return await look(connection, closure, known, locks=Locks.UNASKED)
        except (asyncpg.PostgresError, *BROKEN, Busy) as error:
            raise SourceUnavailable("the catalogs cannot be read", cause(error)) from error

    def drop(self) -> None:
        """Forget everything: after a schema change of our own the next visit loads first."""
        self._current = None

    async def close(self) -> None:
        """End a load in the background."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _load(self) -> Known:
        try:
            async with self._pool.lend() as connection:
                raw = await self._ask(connection)
                known = await self._read(connection, await asyncio.to_thread(self._build, raw))
                return await self._inspected(connection, known)
        except (asyncpg.PostgresError, *BROKEN, Busy) as error:
            raise SourceUnavailable("the catalogs cannot be read", cause(error)) from error

    async def _read(self, connection: Link, known: Known) -> Known:
        """Read the bodies of own functions; what names mean in them follows the search path."""
        pure = await expressions(connection, known.read, self._shape().search_path)
        same = known.write.search_path == known.read.search_path
        return replace(
            known, read=replace(known.read, pure=pure), write=replace(known.write, pure=pure) if same else known.write
        )

    async def _inspected(self, connection: Link, known: Known) -> Known:
        """Let the start-up checks close what does not hold; a check that cannot run closes everything."""
        if self._inspect is None:
            return known
        return replace(known, protection=await self._inspect(connection, known))

    async def _ask(self, connection: Link) -> asyncpg.Record | None:
        shape = self._shape()
        connection.allow(WITHOUT)
        await answered(connection, connection.execute(LOAD))
        raw = await answered(connection, connection.fetchrow(queries.SNAPSHOT, shape.reader, shape.writer), LOADING)
        await answered(connection, connection.execute("rollback"))
        return raw

    def _build(self, raw: asyncpg.Record | None) -> Known:
        document, shape = snapshot.read(raw), self._shape()
        read = snapshot.build(document, shape)
        write = read if shape.writer == shape.reader else snapshot.build(document, shape, writer=True)
        era = self._place.seen(read)  # first: what moves it meanwhile makes this load stale, never wrong
        return Known(serial=next(SERIAL), read=read, write=write, protection=self._protect(read), era=era)


def forget(task: asyncio.Task[Known]) -> None:
    """Look at a background load's error: the next visit meets it again, or the last look does."""
    if not task.cancelled():
        task.exception()


def reach(closure: frozenset[Oid], known: Snapshot) -> frozenset[Oid]:
    """Add what a write may touch by itself: children, cascades, keys that are checked, sequences, trigger functions."""
    found = set(closure)
    todo = [known.relations[oid] for oid in closure if oid in known.relations]
    while todo:
        relation = todo.pop()
        for oid in {*relation.children, *relation.parents, *(each.child for each in relation.references)} - found:
            found.add(oid)
            todo.extend([known.relations[oid]] if oid in known.relations else [])
    for oid in tuple(found):
        if oid in known.relations:
            found.update(link.target for link in known.relations[oid].links)
            found.update(known.relations[oid].sequences)
            found.update(trigger.function for trigger in known.relations[oid].triggers)
            found.update(stored(known.relations[oid], known))
    return frozenset(found)


def stored(relation: Relation, known: Snapshot) -> frozenset[Oid]:
    """Give what code on a relation's rows stands on: own functions, what those call, domains of its columns."""
    types: set[Oid] = set()
    waiting = [attribute.type for attribute in relation.attributes.values()]
    while waiting:
        kind = known.types.get(waiting.pop())
        if kind is not None and kind.oid >= snapshot.FIRST_USER and kind.oid not in types:
            types.add(kind.oid)
            waiting += [*kind.fields, *(part for part in (kind.element, kind.base) if part is not None)]
    code = relation.code.union(*(known.types[oid].functions for oid in types))
    return code.union(types, *(known.pure.get(oid, ()) for oid in code))


def watched(closure: frozenset[Oid], known: Snapshot) -> frozenset[Oid]:
    """Add what must stay as it was until a write runs: all it reaches, and the catalogs that add to any change."""
    return reach(closure, known) | BESIDES


def reaching(witnessed: Witnessed, known: Snapshot) -> Witnessed:
    """Let a write's digest hold the catalog rows of all it reaches, and what happens besides, as people are told it.

    A trigger on a cascade's end, or a publication of what is changed, makes it another write.
    """
    reading = witnessed.reading
    if reading.tree is None:
        return witnessed
    reached = sorted(reach(witnessed.closure, known))
    content = [reading.tree, list(reading.also), [[oid, known.stamp.get(oid, "")] for oid in reached]]
    tree = Digest(hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest())
    return replace(witnessed, reading=replace(reading, tree=tree))


def told(parsed: Parsed, known: Snapshot) -> frozenset[str]:
    """Name the columns that a statement asks aggregates of."""
    named = parsed.names[0] if parsed.told else None
    relation = None if named is None else known.find(named.schema, named.name)
    return frozenset() if relation is None else frozenset(f"{relation.qualified}.{mark.column}" for mark in parsed.told)


def unread_code(closure: frozenset[Oid], known: Snapshot) -> bool:
    """Whether triggers, rules or stored expressions of the relations may run code that no witness read."""
    relations = (known.relations[oid] for oid in closure if oid in known.relations)
    return any(relation.triggers or relation.rules or relation.code for relation in relations)
