"""Making the store, once, as a DBA: everything in one transaction, nothing over a store that stands."""

from __future__ import annotations

import asyncpg

from core.errors import AuditUnavailable, UnsafeStart
from core.stores.postgres.links import CONNECT, LOST, named
from core.stores.postgres.schema import text

__all__ = ["apply", "text"]


async def apply(url: str, origin: str) -> None:
    """Make schema, roles and rights for a log of this origin.

    Raises: UnsafeStart when there is a store already, or this login may not; AuditUnavailable.
    """
    try:
        link = await asyncpg.connect(url, timeout=CONNECT)
    except (asyncpg.PostgresError, *LOST) as error:
        raise AuditUnavailable(f"the database cannot be reached: {named(error)}") from error
    try:
        await link.execute(text(origin))
    except asyncpg.DuplicateSchemaError as error:
        raise UnsafeStart("there is a schema assent in this database already: nothing was changed") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise UnsafeStart("this login may not make roles and a schema: a DBA's is needed") from error
    except (asyncpg.PostgresError, *LOST) as error:
        raise AuditUnavailable(f"the store was not made: {named(error)}") from error
    finally:
        link.terminate()
