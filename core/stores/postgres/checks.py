"""What a store must be before this process uses it: of our version and log, under our keys, with our rights only."""

from __future__ import annotations

from typing import Final, LiteralString

import asyncpg

from core.audit.transparency.origins import within
from core.errors import AuditUnavailable, UnsafeStart
from core.stores.encryption import naming
from core.stores.encryption.vault import Keys
from core.stores.postgres import schema
from core.stores.postgres.links import LOST, Address, Link, drive, named, translated
from core.stores.postgres.rights import EVERY, PURPOSES, Part

SETUP: Final = "a DBA makes it by assent store setup"
VERSION: Final[LiteralString] = "SELECT version, digest FROM assent.store_version"
LOGIN: Final[LiteralString] = (
    "SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole"
    " OR pg_catalog.pg_has_role(session_user, 'assent_owner', 'MEMBER') AS over,"
    " pg_catalog.pg_has_role(session_user, 'assent_gateway', 'MEMBER') AS gateway,"
    " pg_catalog.pg_has_role(session_user, 'assent_people', 'MEMBER') AS people,"
    " pg_catalog.pg_has_role(session_user, 'assent_signer', 'MEMBER') AS signer"
    " FROM pg_catalog.pg_roles r WHERE r.rolname = session_user"
)
ORIGIN: Final[LiteralString] = "SELECT origin FROM log_coord"


async def checked(address: Address, *, parts: frozenset[Part], origin: str, keys: Keys) -> str:
    """Check a store for a process that plays these parts, and return the log's name now.

    The first one of each key's holders names the key.

    Raises: UnsafeStart, AuditUnavailable.
    """
    link = await address.connect()
    try:
        name = await _looked(link, parts, origin)
        await _keys(link, parts, keys, name)
    finally:
        link.terminate()
    return name


async def looked(address: Address, *, parts: frozenset[Part], origin: str) -> None:
    """Check a store as `checked` does, but for its keys: nothing is written.

    Raises: UnsafeStart, AuditUnavailable.
    """
    link = await address.connect()
    try:
        await _looked(link, parts, origin)
    finally:
        link.terminate()


async def _looked(link: Link, parts: frozenset[Part], origin: str) -> str:
    await versioned(link)
    await _rights(link, parts)
    found = str(await translated(lambda: link.fetchval(ORIGIN)))
    if not within(found, origin):
        raise UnsafeStart(f"the store holds the log {found}, not {origin}: set its own address again")
    return found


async def versioned(link: Link) -> None:
    """Check that a store of our version is there.

    Raises: UnsafeStart, AuditUnavailable.
    """
    try:
        row = await link.fetchrow(VERSION)
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError) as error:
        raise UnsafeStart(f"there is no store in this database: {SETUP}") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise UnsafeStart("this login has no right to the store: grant it its role, assent_gateway …") from error
    except (asyncpg.PostgresError, *LOST) as error:
        raise AuditUnavailable(f"the store cannot be read: {named(error)}") from error
    if row is None:
        raise UnsafeStart(f"the store names no version: {SETUP}")
    if row["version"] != schema.VERSION:
        newer = row["version"] > schema.VERSION
        age, remedy = ("newer", "") if newer else ("older", ": assent store migrate brings it forward")
        raise UnsafeStart(
            f"the store's schema is {age} than this program: version {row['version']}, not {schema.VERSION}{remedy}"
        )
    if row["digest"] != schema.digest():
        raise UnsafeStart(
            f"the store's schema has other content than version {schema.VERSION} of this program: {row['digest']}"
        )


async def _rights(link: Link, parts: frozenset[Part]) -> None:
    """A login that could do more than its process plays would undo the parting of roles."""
    row = await translated(lambda: link.fetchrow(LOGIN))
    if row is None or row["over"]:
        raise UnsafeStart("this login owns the store or is above its rules: give the process a login of its role alone")
    for part in sorted(EVERY):
        if part in parts and not row[part.value]:
            raise UnsafeStart(f"this login is no member of {part.role}: GRANT {part.role} to it")
        if part not in parts and row[part.value]:
            raise UnsafeStart(f"this login is a member of {part.role} as well: give each role a login of its own")


async def _keys(link: Link, parts: frozenset[Part], keys: Keys, origin: str) -> None:
    purposes = frozenset(purpose for part in parts for purpose in PURPOSES[part])
    await drive(link, naming.held(keys, purposes, origin))
