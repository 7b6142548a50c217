"""Word between processes that something was committed: NOTIFY after COMMIT, and one connection that listens.

Inside the transaction NOTIFY would take a lock that serialises all commits of the database (docs, NOTIFY, Notes).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Final, LiteralString

import asyncpg

from core.errors import AuditUnavailable, UnsafeStart
from core.execution.turns import REVIEWS, STANDING
from core.stores.postgres.links import Address, Link, translated

LOGGER: Final = logging.getLogger("assent.store")
CHANNEL: Final = "assent"
NOTIFY: Final[LiteralString] = "SELECT pg_catalog.pg_notify('assent', $1)"
AGAIN: Final = 2.0  # seconds until a listener that was cut off is back

Wake = Callable[..., None]
Heard = Callable[[object, int, str, object], None]


async def notify(link: Link, scopes: tuple[str, ...]) -> None:
    """Send word to every process of the store.

    Raises: AuditUnavailable.
    """
    if scopes:
        await translated(lambda: link.execute(NOTIFY, json.dumps(scopes)))


def scopes(payload: str) -> tuple[str, ...]:
    """Read what was sent; anybody with a login may send anything, and all it can do is wake."""
    try:
        said = json.loads(payload)
    except ValueError:
        return ()
    return tuple(one for one in said if isinstance(one, str)) if isinstance(said, list) else ()


async def follow(address: Address, wake: Wake) -> None:
    """Wake whoever waits here for what other processes commit, until cancelled; a lost connection is made again."""

    def heard(_: object, __: int, ___: str, payload: object) -> None:
        wake(*scopes(str(payload)))

    while True:
        try:
            await _listen(await address.connect(), heard, wake)
        except (AuditUnavailable, UnsafeStart) as error:
            LOGGER.info("no word from other processes for now: %s", error)
        await asyncio.sleep(AGAIN)


async def _listen(link: asyncpg.Connection[asyncpg.Record], heard: Heard, wake: Wake) -> None:
    """Listen until the connection ends.

    Raises: AuditUnavailable.
    """
    gone = asyncio.Event()
    try:
        link.add_termination_listener(lambda _: gone.set())
        await translated(lambda: link.add_listener(CHANNEL, heard))
        wake(REVIEWS, STANDING)  # what was missed while nobody listened
        await gone.wait()
    finally:
        link.terminate()
