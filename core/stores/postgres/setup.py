"""What a DBA does to a store, each in one transaction: making it where none stands, bringing an older one forward."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from core.errors import AuditUnavailable, UnsafeStart
from core.stores.postgres import migrations
from core.stores.postgres.links import CONNECT, LOST, Link, named
from core.stores.postgres.schema import SCHEMA, text

__all__ = ["apply", "connected", "migrate", "text"]


async def apply(url: str, origin: str) -> None:
    """Make schema, roles and rights for a log of this origin.

    Raises: UnsafeStart when there is a store already, or this login may not; AuditUnavailable.
    """
    async with connected(url) as link:
        await link.execute(text(origin))


async def migrate(url: str) -> int | None:
    """Bring a store to this program's schema; return the version it had, None where it has this one.

    Raises: UnsafeStart when it is newer, of no known schema or in use, or this login may not; AuditUnavailable.
    """
    async with connected(url) as link:
        return await migrations.migrate(link)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Link]:
    """Connect as a DBA, for one act in one transaction.

    Raises: UnsafeStart, AuditUnavailable.
    """
    try:
        link = await asyncpg.connect(url, timeout=CONNECT, server_settings={"search_path": SCHEMA})
    except (asyncpg.PostgresError, *LOST) as error:
        raise AuditUnavailable(f"the database cannot be reached: {named(error)}") from error
    try:
        yield link
    except asyncpg.DuplicateSchemaError as error:
        raise UnsafeStart("there is a schema assent in this database already: nothing was changed") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise UnsafeStart("this login may not do that: a DBA's is needed") from error
    except asyncpg.IntegrityConstraintViolationError as error:
        raise UnsafeStart(f"there is what no store may hold: {named(error)}; nothing was changed") from error
    except (asyncpg.PostgresError, *LOST) as error:
        raise AuditUnavailable(f"the database gave up: {named(error)}; look with assent doctor") from error
    finally:
        link.terminate()
