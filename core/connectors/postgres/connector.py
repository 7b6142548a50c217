"""A configured PostgreSQL: two roles, two pools, one knowledge of the catalogs, one visit a statement."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, final

import asyncpg

from core import masking
from core.classify.postgres import Access
from core.connectors.postgres import fate
from core.connectors.postgres.catalog.checks import Finding, RoleKind, check, unmasking
from core.connectors.postgres.catalog.known import Inspect, Knowledge, Known, Protect
from core.connectors.postgres.catalog.places import Place, alone
from core.connectors.postgres.catalog.snapshot import Shape
from core.connectors.postgres.catalog.tables import tables
from core.connectors.postgres.catalog.templates import Templates
from core.connectors.postgres.connection.pool import BROKEN, Bounds, Pool, translated
from core.connectors.postgres.connection.session import path_of
from core.connectors.postgres.impact import counted, estimate, sampled
from core.connectors.postgres.rooms import Rooms, remembering
from core.connectors.postgres.visit import PostgresVisit, Unheard
from core.connectors.postgres.witnessing import Ground
from core.errors import Away, BadCall, Busy, SettingsError, SourceError, SourceUnavailable, UnsafeStart
from core.model import Doubt, Unreadable, Work
from core.ports import Fate, Impact

if TYPE_CHECKING:
    from core.catalog import Protection, Snapshot
    from core.classify.postgres import Parsed
    from core.model import Permit, Sample, Source
    from core.ports import Clock, Outlay, Statement, Table, Visit

READ_ONLY: Final = Unreadable(
    doubt=Doubt.CLOSED, sentence="This source takes reads only; no role for changes is configured."
)
RETRY_SECONDS: Final = 2.0  # between two attempts to reach a Source that was away
NO_UNMASK: Final = Unreadable(
    doubt=Doubt.CLOSED, sentence="Nothing can be unmasked in this statement; no role for it is configured."
)
UNSAFE_UNMASK: Final = Unreadable(
    doubt=Doubt.CLOSED, sentence="Nothing can be unmasked now: the role for it may do more than it should."
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What configuration says about a Source besides its URLs and tags."""

    search_path: tuple[str, ...] = ("public",)
    bounds: Bounds = field(default_factory=Bounds)
    plain: bool = False  # acknowledged: off loopback without verified TLS
    views_role: str = "assent_views"  # owner of the masking schemas
    accepted: masking.Accepted = field(default_factory=masking.Accepted)
    functions: Mapping[str, str] = field(default_factory=dict)  # registered as pure: identity -> md5 of the body
    procedures: Mapping[str, str] = field(default_factory=dict)  # registered for CALL, likewise
    place: Place | None = None  # among the other Sources, whose tags may hold here
    owned: frozenset[str] = frozenset()  # tags that have an owner: what a reviewed unmasking may show
    mask_key: bytes | None = field(default=None, repr=False)  # [keys] mask: tokens of look-ups, of masks in the text


@final
class PostgresConnector:
    """One configured Source; `open` before use, `close` after.

    One that could not be reached opens at its first use: until then its database is unknown, and so it is closed.
    """

    def __init__(
        self,
        source: Source,
        *,
        read_url: str,
        write_url: str | None,
        masks: Mapping[str, str],
        clock: Clock,
        unmask_url: str | None = None,
        options: Options | None = None,
        rooms: Rooms | None = None,
        protect: Protect | None = None,
        inspect: Inspect | None = None,
    ) -> None:
        """`masks` maps tags to kinds of mask; `options.place` knows the tags of others that reach this database.

        `inspect` runs the start-up checks over each load of the catalogs and closes what does not hold.
        Raises: SettingsError.
        """
        self._source: Final = source
        self._masks: Final = dict(masks)
        self._options: Final = options or Options()
        self._rooms: Final = rooms or remembering()
        self._clock: Final = clock
        self._templates: Final = Templates()
        self._path: Final = path_of(self._options.search_path)
        bounds = self._options.bounds
        self._reads: Final = self._pool(read_url, bounds, writes=False)
        self._writes: Final = None if write_url is None else self._pool(write_url, bounds, writes=True)
        self._unmasks: Final = None if unmask_url is None else self._pool(unmask_url, bounds, writes=False)
        self._looks: Final = self._pool(read_url, replace(bounds, connections=1), writes=False)
        self._place: Final = self._options.place or alone(source.name)
        self._knowledge: Final = Knowledge(self._looks, self._shape, protect or self._protect, inspect, self._place)
        self._lifts = 0  # the load of the catalogs that the role of reviewed unmasks was last found in order with
        self._kept: masking.Kept = {}  # tags by column, of the last load in which none strayed
        self._ready = False
        self._tried = -RETRY_SECONDS
        self._opening: Final = asyncio.Lock()

    def _pool(self, url: str, bounds: Bounds, *, writes: bool) -> Pool:
        return Pool(
            url=url,
            bounds=bounds,
            supported=self._rooms.supported,
            plain=self._options.plain,
            writes=writes,
        )

    def _shape(self) -> Shape:
        return Shape(
            search_path=self._options.search_path,
            reader=self._reads.role,
            writer=self._writes.role if self._writes else self._reads.role,
            views_role=self._options.views_role,
            functions=self._options.functions,
            procedures=self._options.procedures,
        )

    def _protect(self, snapshot: Snapshot) -> Protection:
        """Bind tags by name, and by what they were bound to: a change of names alone takes no tag away."""
        found = self._bound(snapshot, {})
        strays = masking.strays(self._kept, snapshot, found)
        if strays:
            return self._bound(snapshot, strays)
        self._kept = masking.bound(found)
        return found

    def _bound(self, snapshot: Snapshot, strays: masking.Kept) -> Protection:
        wish = self._wish()
        return masking.protect(
            snapshot,
            wish.tags,
            wish.masks,
            enforced=self._source.enforced,
            accepted=wish.accepted,
            shared=replace(wish.shared, strays=strays),
            looked_up=self._source.looked_up,
            aggregated=self._source.aggregated,
        )

    def _wish(self) -> masking.Wish:
        reader, writer, unmask = self.role
        wish = masking.Wish(
            tags=self._source.tags,
            masks=self._masks,
            read_role=reader,
            write_role=writer or None,
            unmask_role=unmask if self._unmasks else None,
            owned=self._options.owned,
            accepted=self._options.accepted,
            functions=self._options.functions,
            search_path=self._options.search_path,
        )
        return self._place.wish(wish)

    async def open(self) -> None:
        """Connect, check every connection, load the catalogs.

        Raises: SettingsError, UnsafeStart, SourceUnavailable.
        """
        self._tried = time.monotonic()
        await self._reads.open()
        try:
            if self._writes is not None:
                await self._writes.open()
            if self._unmasks is not None:
                await self._unmasks.open()
            await self._looks.open()
            await self._knowledge.current()
        except BaseException:
            await self.close()
            raise
        self._ready = True

    async def _reached(self) -> None:
        """Open what could not be reached before, tried again at most every few seconds.

        Raises: SourceUnavailable.
        """
        if not self._ready:
            async with self._opening:
                await self._retry()

    async def _retry(self) -> None:
        if self._ready:
            return
        if time.monotonic() - self._tried < RETRY_SECONDS:
            raise SourceUnavailable("the source was not reached a moment ago", Away.RECENT)
        try:
            await self.open()
        except (UnsafeStart, SettingsError) as error:
            raise SourceUnavailable(f"the source does not open: {error}", Away.UNSAFE) from error

    async def close(self) -> None:
        """Close all connections; what still runs is cancelled and rolled back."""
        self._ready = False
        await self._knowledge.close()
        await self._looks.close()
        await self._reads.close()
        for pool in (self._writes, self._unmasks):
            if pool is not None:
                await pool.close()

    async def known(self) -> Known:
        """Snapshots of both roles and the effective tags, as loaded last.

        Raises: SourceUnavailable.
        """
        await self._reached()
        return await self._knowledge.current()

    async def renew(self) -> Known:
        """Load the catalogs again: after `assent harden`, or when asked to.

        Raises: SourceUnavailable.
        """
        self._knowledge.drop()
        return await self.known()

    async def findings(self, secret: bytes | None = None) -> tuple[Finding, ...]:
        """Run the start-up checks as the read role, and as the write role where there is one; empty: all holds.

        `secret` is `[keys] mask`; without it the keys in the database are not compared.

        Raises: SourceUnavailable, Busy.
        """
        known = await self.known()
        wish = self._wish()
        enforced = self._source.enforced
        with translated():
            async with self._reads.lend() as link:
                found = await check(link, known.read, wish, enforced=enforced, secret=secret)
            if self._writes is not None:
                async with self._writes.lend() as link:
                    found += await check(link, known.write, wish, kind=RoleKind.WRITE, enforced=enforced)
            if self._unmasks is not None and enforced:
                async with self._unmasks.lend() as link:
                    found += await unmasking(link, wish)
        return found

    # ------------------------------------------------------------ the port

    @property
    def source(self) -> Source:
        """The Source without its secrets."""
        return self._source

    @property
    def role(self) -> tuple[str, str, str]:
        """Names of the read role, the write role and the role of reviewed unmasks, known once open."""
        unmasks = self._unmasking
        return (self._reads.role, self._writes.role if self._writes else "", unmasks.role if unmasks else "")

    def job(self, permit: Permit) -> None:
        """Name none: what runs here lasts by COMMIT alone."""

    @property
    def _unmasking(self) -> Pool | None:
        """Who reads protected columns under an approval: a role of its own where the read role may not."""
        return self._unmasks if self._source.enforced else self._reads

    @contextlib.asynccontextmanager
    async def visit(self, statement: Statement, *, name: str) -> AsyncIterator[Visit]:
        """Open one transaction as the role the statement needs; for an unreadable text no connection is taken.

        Raises: SourceUnavailable, Busy.
        """
        parsed = await self._rooms.parsed(statement.text, statement.parameters)
        if isinstance(parsed, Unreadable):
            yield Unheard(parsed)
            return
        reads = parsed.access is Access.READ
        if reads and self._source.aggregated and not statement.unmask and self._unmasking is not None:
            known = await self.known()
            parsed = self._rooms.told(parsed, known.read, known.protection)
        if statement.unmask and (self._unmasking is None or not reads):
            yield Unheard(NO_UNMASK)
            return
        raw = bool(statement.unmask or parsed.told)
        if raw and not await self._lifts_safely():
            yield Unheard(UNSAFE_UNMASK)
            return
        pool = (self._unmasking if raw else self._reads) if reads else self._writes
        if pool is None:
            yield Unheard(READ_ONLY)
            return
        async with self._visited(pool, parsed, statement, name) as visited:
            yield visited

    async def _lifts_safely(self) -> bool:
        """Whether the role of reviewed unmasks may do no more than it should, looked at anew with each load.

        Raises: SourceUnavailable, Busy.
        """
        known = await self.known()
        if self._unmasks is None or not self._source.enforced or self._lifts == known.serial:
            return True
        with translated():
            async with self._unmasks.lend() as link:
                found = await unmasking(link, self._wish())
        self._lifts = 0 if any(finding.refuses for finding in found) else known.serial
        return bool(self._lifts)

    @contextlib.asynccontextmanager
    async def _visited(
        self, pool: Pool, parsed: Parsed, statement: Statement, name: str
    ) -> AsyncIterator[PostgresVisit]:
        await self._reached()
        ground = Ground(
            rooms=self._rooms,
            knowledge=self._knowledge,
            pool=pool,
            path=self._path,
            clock=self._clock,
            templates=self._templates,
            key=self._options.mask_key,
        )
        async with pool.lend() as connection:
            known = await self._knowledge.current()
            visited = PostgresVisit(ground, connection, known, parsed, statement, name=name)
            try:
                yield visited
            finally:
                await visited.close()

    async def tables(self) -> tuple[Table, ...]:
        """Everything a statement may name, with effective tags."""
        known = await self.known()
        return tables(known.read, known.protection)

    async def fate(self, work: Work) -> Fate:
        """Ask what became of prepared work, as the role that began it."""
        pool = self._writes or self._reads
        try:
            await self._reached()
            async with pool.lend() as connection:
                return await fate.ask(connection, work)
        except asyncpg.InvalidParameterValueError:
            return Fate.UNKNOWN  # 22023: the id is in this server's future, so another or a restored cluster
        except (asyncpg.PostgresError, *BROKEN, SourceError, Busy):
            return Fate.SILENT

    async def bill(self, work: Work) -> None:
        """Give none: nothing is billed here."""
        del work

    async def end(self, names: frozenset[str]) -> None:
        """End our own transactions of these names, as each role that may have begun one; what is away is let be."""
        for pool in (self._writes, self._unmasks, self._reads):
            if pool is not None:
                with contextlib.suppress(asyncpg.PostgresError, *BROKEN, SourceError, Busy):
                    await self._reached()
                    async with pool.lend() as connection:
                        await fate.end(connection, names)

    async def impact(self, statement: Statement, _: Outlay | None = None) -> Impact:
        """Count what a write would touch, as the read role; else estimate it by the planner, as the write role.

        The statement itself does not run. Where it reads a protected column the read role has no right to count.
        """
        parsed = await self._rooms.parsed(statement.text, statement.parameters)
        if isinstance(parsed, Unreadable) or parsed.access is not Access.WRITE or self._writes is None:
            return Impact()
        try:
            found = await counted(self._rooms, parsed, statement, self._looking)
            if found is not None:
                return Impact(counted=found)
            async with self._visited(self._writes, parsed, statement, "assent:impact") as visited:
                return await estimate(visited)
        except (SourceError, Busy):
            return Impact()

    async def sample(self, statement: Statement) -> Sample | None:
        """Show a few rows of an UPDATE before and after: read by the read role, READ ONLY, through the masks."""
        parsed = await self._rooms.parsed(statement.text, statement.parameters)
        if isinstance(parsed, Unreadable) or not parsed.names:
            return None
        try:
            return await sampled(self._rooms, await self.known(), parsed, statement, self._looking)
        except (SourceError, Busy, BadCall):
            return None

    def _looking(self, parsed: Parsed, statement: Statement) -> AbstractAsyncContextManager[PostgresVisit]:
        """Visit as the read role, to look at what a change would find."""
        return self._visited(self._reads, parsed, statement, "assent:look")
