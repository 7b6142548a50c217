"""Connections: made only where they are safe, lent within bounds, clean again before the next caller."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, final
from urllib.parse import parse_qs, unquote, urlsplit

import anyio
import asyncpg

from core.connectors.postgres.connection.away import cause
from core.connectors.postgres.connection.link import SERVER_SETTINGS, Link
from core.errors import Away, Busy, SettingsError, SourceUnavailable, UnsafeStart

# What asyncpg raises for a connection that is gone or confused, beside the server's own errors.
BROKEN: Final = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)  # TimeoutError is an OSError
# A server that answers so will not change its mind by itself: a role, password or database is wrong.
UNADMITTED: Final = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)
CONNECT_SECONDS: Final = 10.0
RELEASE_SECONDS: Final = 5.0
POLL_SECONDS: Final = 0.02
IDLE_SECONDS: Final = 300.0  # then a connection that nobody wants is closed
SHUT_SECONDS: Final = 1.0  # a full server is asked for one more at most so often for each place that it refused

CHECK: Final = """
SELECT pg_catalog.current_setting('server_version_num') AS version,
       pg_catalog.current_setting('standard_conforming_strings') AS strings,
       pg_catalog.current_setting('row_security') AS row_security,
       pg_catalog.current_setting('client_encoding') AS encoding,
       pg_catalog.current_setting('server_encoding') AS server_encoding,
       pg_catalog.current_setting('track_counts') AS counts,
       (SELECT ssl::text FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()) AS tls,
       current_user::text AS role
"""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many connections a role has, how many callers may wait for one, and how long."""

    connections: int = 8
    waiting: int = 64
    patience: timedelta = timedelta(seconds=5)


def loopback(url: str) -> bool:
    """Whether every host of a connection URL is this machine; a host that is not written is an error.

    Raises: SettingsError.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    listed = query.get("host", [])
    hosts = [host for entry in [*listed, *parts.netloc.rpartition("@")[2].split(",")] for host in entry.split(",")]
    names = [host.rpartition(":")[0] if host.count(":") == 1 else host for host in hosts]
    names = [name.strip("[]") for name in names if name]
    if parts.scheme not in {"postgres", "postgresql"} or not names or "service" in query:
        raise SettingsError("a source's URL is postgresql://user:password@host:port/database")
    return all(here(name) for name in names)


def here(name: str) -> bool:
    """Whether one host is this machine: a loopback address, localhost, or a Unix socket's directory."""
    if name == "localhost" or name.startswith(("/", "%2F")):
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(name.partition("]")[0]).is_loopback
    return False


def verified(url: str) -> bool:
    """Whether the URL asks for TLS with the server's name checked."""
    return parse_qs(urlsplit(url).query).get("sslmode", [""])[-1] == "verify-full"


@dataclass(slots=True, kw_only=True)
class Pool:
    """Connections of one role to one Source; made by `Pool.open`."""

    url: str = field(repr=False)
    bounds: Bounds
    supported: Callable[[int], bool]
    plain: bool = False  # acknowledged: no verified TLS
    writes: bool = False
    role: str = ""
    version: int = 0
    _open: bool = False
    _idle: list[Link] = field(default_factory=list)  # clean; the one used last is lent first
    _lent: set[Link] = field(default_factory=set)
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    _waiting: int = 0
    _shut: int = 0  # places without a connection, because the server has no room for it
    _tails: set[asyncio.Task[None]] = field(default_factory=set)

    async def open(self) -> None:
        """Connect once, so that what is unsafe or unreachable shows now.

        Raises: SettingsError, UnsafeStart, SourceUnavailable.
        """
        near = loopback(self.url)
        if not near and not verified(self.url) and not self.plain:
            raise UnsafeStart("a source off loopback needs sslmode=verify-full in its URL, or an acknowledgement")
        self._places = asyncio.Semaphore(self.bounds.connections)
        self._open = True
        try:
            self._rest(await self._connected())
        except SourceUnavailable as error:
            self._open = False
            if isinstance(error.__cause__, UNADMITTED):
                role = unquote(urlsplit(self.url).username or "")
                hint = "does the role exist (assent harden), is the password of its URL set, the database's name right"
                raise SettingsError(f"the server does not let {role!r} in: {error}; {hint}?") from error
            raise
        except BaseException:
            self._open = False
            raise

    async def close(self) -> None:
        """Close all connections; those still lent are ended after a grace period."""
        if self._tails:
            await asyncio.wait(set(self._tails), timeout=2 * RELEASE_SECONDS)
        if not self._open:
            return
        self._open = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RELEASE_SECONDS):
                for _ in range(self.bounds.connections - self._shut):
                    await self._places.acquire()
        for link in {*self._lent, *self._idle}:
            link.terminate()
        self._idle.clear()

    @contextlib.asynccontextmanager
    async def lend(self) -> AsyncIterator[Link]:
        """Lend one clean connection: one that rests, a new one, or the next that comes back where there is no room.

        Raises: Busy when too many wait, SourceUnavailable.
        """
        began = time.monotonic()
        await self._place(self.bounds.patience.total_seconds())
        try:
            connection = await self._acquire()
        except SourceUnavailable as error:
            connection = await self._another(error, began)
        except BaseException:
            self._places.release()
            raise
        try:
            yield connection
        finally:
            tail = self._tail(self._give_back(connection))
            if self.writes:  # whoever is told that a change failed may rely on its being gone
                with anyio.CancelScope(shield=True):
                    await asyncio.shield(tail)

    async def _another(self, error: SourceUnavailable, began: float) -> Link:
        """Wait for a connection that this pool has, where the server lets in no further one.

        Its callers' patience bounds it from when this one came; the place stays shut for a while.

        Raises: SourceUnavailable, the server's word.
        """
        while error.cause is Away.CROWDED and (self._lent or self._idle):
            self._shut += 1
            asyncio.get_running_loop().call_later(SHUT_SECONDS, self._reopen)
            try:
                await self._place(self.bounds.patience.total_seconds() + began - time.monotonic())
            except Busy:
                raise error from error.__cause__
            try:
                return await self._acquire()
            except SourceUnavailable as again:
                error = again
            except BaseException:
                self._places.release()
                raise
        self._places.release()
        raise error

    def _reopen(self) -> None:
        self._shut -= 1
        self._places.release()

    async def _place(self, seconds: float) -> None:
        if not self._places.locked():
            await self._places.acquire()  # at once: it waits for nothing
            return
        if self._waiting >= self.bounds.waiting:
            raise Busy("every connection is lent and the queue is full")
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await self._places.acquire()
        except TimeoutError as error:
            raise Busy("no connection became free in time") from error
        finally:
            self._waiting -= 1

    async def _acquire(self) -> Link:
        if not self._open:
            raise SourceUnavailable("the source is not open", Away.CLOSED)
        kept = next((link for link in self._resting() if not link.is_closed()), None)
        link = kept or await self._connected()
        link.wanted()
        self._lent.add(link)
        return link

    def _resting(self) -> Iterator[Link]:
        while self._idle:
            yield self._idle.pop()

    async def _connected(self) -> Link:
        """Make a connection and check it.

        Raises: UnsafeStart, SourceUnavailable.
        """
        near = loopback(self.url)
        with translated():
            link = await asyncpg.connect(
                self.url,
                ssl=False if near and "sslmode" not in self.url else None,
                timeout=CONNECT_SECONDS,
                statement_cache_size=0,  # a cache would skip Parse, and keep texts of other callers
                server_settings=SERVER_SETTINGS,
                connection_class=Link,
            )
            try:
                await asyncio.wait_for(self._greet(link), CONNECT_SECONDS)
            except BaseException:
                link.terminate()
                raise
        return link

    async def _give_back(self, link: Link) -> None:
        try:
            async with asyncio.timeout(RELEASE_SECONDS):
                await self._end(link)
        except (*BROKEN, asyncpg.PostgresError):
            with contextlib.suppress(*BROKEN):
                link.terminate()  # what is unclean or silent is never lent again
        finally:
            self._lent.discard(link)
            self._rest(link)
            self._places.release()

    async def _end(self, link: Link) -> None:
        """Clean: a cancelled statement first has to be gone (asyncpg sends the CancelRequest itself)."""
        while not link.is_closed():
            try:
                await link.clean()
            except (asyncpg.InterfaceError, asyncpg.InternalClientError):
                await asyncio.sleep(POLL_SECONDS)  # bounded by the caller
            else:
                return

    def _rest(self, link: Link) -> None:
        """Keep a clean connection for the next caller, for a while."""
        if link.is_closed():
            return
        if not self._open:
            link.terminate()
            return
        self._idle.append(link)
        link.rest(IDLE_SECONDS)

    def _tail(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Let cleaning up finish whoever cancels: a task of its own; the next caller waits for it, not this one."""
        tail = asyncio.ensure_future(finish(work))
        self._tails.add(tail)
        tail.add_done_callback(self._tails.discard)
        return tail

    async def _greet(self, connection: Link) -> None:
        """Check one new connection as the session itself sees it.

        Raises: UnsafeStart.
        """
        row = await connection.fetchrow(CHECK)
        if row is None:
            raise UnsafeStart("the source answers nothing about itself")
        self.role, self.version = str(row["role"]), int(row["version"])
        wanted = [
            (self.supported(self.version), f"PostgreSQL {self.version // 10_000} is not supported: no reviewed lists"),
            (row["strings"] == "on", "standard_conforming_strings must be on"),
            (row["row_security"] == "on", "row_security must be on"),
            (row["encoding"] == "UTF8", "client_encoding must be UTF8"),
            (row["server_encoding"] == "UTF8", "only databases in UTF8 are supported"),
            (not self.writes or row["counts"] == "on", "track_counts must be on: changed rows are counted by it"),
            (self.plain or loopback(self.url) or row["tls"] == "true", "the connection must use TLS"),
        ]
        for held, remedy in wanted:
            if not held:
                raise UnsafeStart(remedy)


async def finish(work: Awaitable[None]) -> None:
    """Make a coroutine of an awaitable, for a task."""
    await work


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Translate what connecting may raise.

    Raises: SourceUnavailable.
    """
    try:
        yield
    except (asyncpg.PostgresError, *BROKEN) as error:
        code = getattr(error, "sqlstate", None) or type(error).__name__
        raise SourceUnavailable(f"cannot connect: {code}", cause(error)) from error
