"""The one signer among several processes: elected by an advisory lock that its own connection holds, never pooled.

A leader that lost its connection may go on for a moment: signing is one transaction under a second lock, after the tree
was compared with what this process signed last, so two leaders over the same bytes write the same roots.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, LiteralString, TypeVar, final

from core.audit.transparency.note import VerifierKey
from core.errors import AuditBusy, AuditUnavailable, StoreError
from core.stores.log.signing import EVERY, Signer
from core.stores.postgres.links import Address, Gone, Link, again, commit, drive, translated
from core.stores.steps import Steps

T = TypeVar("T")

LOGGER: Final = logging.getLogger("assent.signer")
# Keys of advisory locks, in one database: who leads, and whose turn it is to write.
LEAD: Final[LiteralString] = "SELECT pg_catalog.pg_try_advisory_lock(1634956133, 1)"
TURN: Final[LiteralString] = "SELECT pg_catalog.pg_advisory_xact_lock(1634956133, 2)"


@final
class Integrator:
    """Grows the tree and signs it, while this process leads."""

    def __init__(self, address: Address, signer: Signer) -> None:
        self._address = address
        self._signer = signer
        self._link: Link | None = None
        self._working = asyncio.Lock()
        self._stopped: StoreError | None = None  # the log went backwards: nothing is signed any more

    @property
    def public(self) -> VerifierKey:
        """What verifies the log's checkpoints."""
        return self._signer.public

    @property
    def leads(self) -> bool:
        """This process holds the lock, as far as it knows."""
        return self._link is not None and not self._link.is_closed()

    @property
    def stopped(self) -> StoreError | None:
        """Why nothing is signed any more."""
        return self._stopped

    @asynccontextmanager
    async def running(self, *, adopt: bool) -> AsyncIterator[None]:
        """Compare the log with what was signed last, then sign in the background.

        Raises: UnsafeStart, AuditUnavailable.
        """
        link = await self._address.connect()
        try:
            await drive(link, self._signer.start(adopt=adopt))
        finally:
            link.terminate()
        task = asyncio.create_task(self._serve())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            if self._link is not None:
                self._link.terminate()

    async def checkpoint(self) -> None:
        """Integrate and sign what is durable now, if this process leads.

        Raises: AuditUnavailable.
        """
        async with self._working:
            if await self._lead():
                while await self._transact(self._signer.integrate):
                    pass
                await self._transact(self._signer.sign)

    async def _serve(self) -> None:
        while self._stopped is None:
            wait: float | None = EVERY
            try:
                async with self._working:
                    wait = await self._tick() if await self._lead() else EVERY
            except AuditBusy as busy:
                LOGGER.info("the signer waits: %s", busy)
            except AuditUnavailable as error:
                if "log_regressed" in str(error):
                    self._stopped = error
                LOGGER.error("nothing is signed: %s", error)  # noqa: TRY400  # a sentence, not a traceback
            await asyncio.sleep(EVERY if wait is None else min(EVERY, wait))

    async def _lead(self) -> bool:
        """Take the lead if nobody has it, with a connection of our own."""
        if self._stopped is not None:
            raise self._stopped
        if self.leads:
            return True
        link = await self._address.connect()
        try:
            if await translated(lambda: link.fetchval(LEAD)):
                self._link = link
        finally:
            if self._link is not link:
                link.terminate()
        return self._link is link

    async def _tick(self) -> float | None:
        link = self._held()
        try:
            due = await drive(link, self._signer.due())
        except Gone:
            link.terminate()  # after a silence it may still look open, and leading
            raise
        if due is None or due > 0:
            return due
        more = await self._transact(self._signer.integrate)
        if not more or self._signer.overdue:
            await self._transact(self._signer.sign)
        return 0.0 if more else None

    def _held(self) -> Link:
        if self._link is None:
            raise AuditUnavailable("this process does not lead")
        return self._link

    async def _transact(self, steps: Callable[[], Steps[T]]) -> T:
        return await again(lambda: self._once(steps))

    async def _once(self, steps: Callable[[], Steps[T]]) -> T:
        link = self._held()
        try:
            await translated(lambda: link.execute("BEGIN"))
            await translated(lambda: link.execute(TURN))
            said = await drive(link, steps())
            await commit(link)
        except BaseException:
            if not link.is_closed():
                link.terminate()  # and with it the lead: whoever takes it begins from what is stored
            self._link = None
            raise
        return said
