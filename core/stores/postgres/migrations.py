"""From an older schema of this store to the one that this program obeys: forward alone, in one transaction.

Tables are changed by hand-written steps, one list for each schema that was; whatever is made from the program's own
tables (functions, triggers, row security, rights, the forms of Entries) is dropped and made anew. Killed before its
COMMIT it leaves the store as it was; no row of the log is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, LiteralString

from core.errors import UnsafeStart
from core.stores.postgres import schema
from core.stores.postgres.checks import SETUP
from core.stores.postgres.links import Link

# An account was "lookups SOURCE PERSON" of a day; what was used of it stays used.
BUDGETS: Final[tuple[LiteralString, ...]] = (
    "ALTER TABLE budgets RENAME TO used_by_day",
    "ALTER INDEX budgets_pkey RENAME TO used_by_day_pkey",
    (
        "CREATE TABLE budgets (account text NOT NULL, since bigint NOT NULL, spent bigint NOT NULL,"
        " PRIMARY KEY (account, since))"
    ),
    (
        'INSERT INTO budgets SELECT format(\'["", "%s", "day", "caller", "%s", "%s"]\','
        " split_part(account, ' ', 1), split_part(account, ' ', 3), split_part(account, ' ', 2)),"
        " extract(epoch FROM (day::timestamp AT TIME ZONE 'UTC'))::bigint * 1000000, spent FROM used_by_day"
    ),
    "DROP TABLE used_by_day",
    (
        "CREATE TABLE reserved (call_id text NOT NULL, attempt integer NOT NULL, account text NOT NULL,"
        " since bigint NOT NULL, measure text NOT NULL, amount bigint NOT NULL,"
        " PRIMARY KEY (call_id, attempt, account))"
    ),
    "CREATE INDEX reserved_account ON reserved (account, since)",
)
LINKS: Final[tuple[LiteralString, ...]] = (
    (
        "CREATE TABLE slack_links (team text NOT NULL, slack_user text NOT NULL, directory text NOT NULL,"
        " person text NOT NULL, email text NOT NULL, linked_at bigint NOT NULL, PRIMARY KEY (team, slack_user),"
        " UNIQUE (team, directory, person))"
    ),
    "CREATE UNIQUE INDEX slack_links_email ON slack_links (team, directory, email) WHERE email <> ''",
)
GRANTS: Final[tuple[LiteralString, ...]] = (
    (
        "CREATE TABLE grants (id text PRIMARY KEY, review text NOT NULL UNIQUE, fingerprint text NOT NULL,"
        " most integer NOT NULL, total bigint NOT NULL, until bigint NOT NULL, uses integer NOT NULL DEFAULT 0,"
        " rows bigint NOT NULL DEFAULT 0, ended_at bigint, row text NOT NULL)"
    ),
    "CREATE INDEX grants_fingerprint ON grants (fingerprint) WHERE ended_at IS NULL",
    "CREATE INDEX grants_until ON grants (until) WHERE ended_at IS NULL",
    (
        "CREATE TABLE granted (call_id text PRIMARY KEY, of text NOT NULL, number integer NOT NULL,"
        " rows bigint NOT NULL DEFAULT 0)"
    ),
    "CREATE INDEX granted_of ON granted (of)",
)
BREAKS: Final[tuple[LiteralString, ...]] = (
    (
        "CREATE TABLE breaks (review text PRIMARY KEY, directory text NOT NULL, person text NOT NULL,"
        " at bigint NOT NULL, due bigint NOT NULL, closed integer NOT NULL DEFAULT 0,"
        " told integer NOT NULL DEFAULT 0)"
    ),
    "CREATE INDEX breaks_open ON breaks (directory, person) WHERE closed = 0",
)
SCOPES: Final[tuple[LiteralString, ...]] = (
    "DROP INDEX log_scope",
    "CREATE INDEX log_scope ON log_entry (scope, seq) WHERE scope IS NOT NULL AND slot IS NULL",
)
PEOPLE: Final[tuple[LiteralString, ...]] = (
    "CREATE INDEX sessions_person ON sessions (person)",
    "CREATE INDEX votes_person ON votes (directory, person)",
)
ASKERS: Final[tuple[LiteralString, ...]] = (
    (
        "ALTER TABLE reviews ADD COLUMN asker_directory text, ADD COLUMN asker text,"
        " ADD COLUMN owner_directory text, ADD COLUMN owner text"
    ),
    (
        "UPDATE reviews SET asker_directory = row::json #>> '{requester,directory}',"
        " asker = row::json #>> '{requester,id}', owner_directory = row::json #>> '{owner,directory}',"
        " owner = row::json #>> '{owner,id}'"
    ),
    (
        "ALTER TABLE reviews ADD CONSTRAINT reviews_named CHECK ("
        "ROW (asker_directory, asker, owner_directory, owner) IS NOT DISTINCT FROM"
        " ROW (row::json #>> '{requester,directory}', row::json #>> '{requester,id}',"
        " row::json #>> '{owner,directory}', row::json #>> '{owner,id}'))"
    ),
    "CREATE INDEX reviews_asker ON reviews (asker_directory, asker)",
    "CREATE INDEX reviews_owner ON reviews (owner_directory, owner)",
    "CREATE INDEX breaks_person ON breaks (directory, person)",
)
# Version and digest of each schema that was -> what leads from it to the next one, in order; () where only what is
# derived differs.
STEPS: Final[Mapping[tuple[int, str], tuple[LiteralString, ...]]] = MappingProxyType(
    {
        (1, "1129ae42a8ff34b3"): (
            "ALTER TABLE key_named ADD COLUMN public text NOT NULL DEFAULT '', ADD COLUMN turned_at bigint",
            "CREATE TABLE ticket (name text PRIMARY KEY, row text NOT NULL, ends bigint NOT NULL)",
            "CREATE INDEX ticket_ends ON ticket (ends)",
        ),
        (2, "c929f877e1796ae8"): BUDGETS,
        (3, "5b1608b41f23afae"): LINKS,
        (4, "e7f9497f0e08a66d"): (),
        (5, "29e007a096c4ed3c"): GRANTS,
        (6, "f24951f061da6052"): (),
        (7, "b84f0a50081ee319"): (),
        (8, "3ffab77a826f00e0"): BREAKS,
        (9, "d2c7f2ff9a65f149"): (),
        (10, "7cd799bf42aa91e0"): SCOPES,
        (11, "749bdb916f505d66"): PEOPLE,
        (12, "5510fcad7d986502"): ASKERS,
    }
)
THERE: Final[LiteralString] = "SELECT pg_catalog.to_regclass('assent.store_version') IS NOT NULL"
FOUND: Final[LiteralString] = "SELECT version, digest FROM assent.store_version"
# Every process of ours names itself; one of the older program would go on by what it knew when it started.
USED: Final[LiteralString] = (
    "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()"
    " AND pid <> pg_catalog.pg_backend_pid() AND application_name ~ '^assent [0-9a-f]{16}$'"
)
DERIVED: Final[LiteralString] = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'assent' LOOP
    EXECUTE format('DROP POLICY %I ON %I', one.policyname, one.tablename);
  END LOOP;
  FOR one IN SELECT oid::regprocedure AS named FROM pg_proc WHERE pronamespace = 'assent'::regnamespace LOOP
    EXECUTE format('DROP FUNCTION %s CASCADE', one.named);
  END LOOP;
END $$;
REVOKE ALL ON ALL TABLES IN SCHEMA assent FROM assent_gateway, assent_people, assent_signer;
ALTER TABLE log_entry DROP CONSTRAINT log_entry_form;
"""


async def migrate(link: Link) -> int | None:
    """Bring a store to this program's schema as a DBA; return the version it had, None where it has this one.

    Raises: UnsafeStart naming a store that is newer, of no known schema, or in use.
    """
    async with link.transaction():
        if not await link.fetchval(THERE):
            raise UnsafeStart(f"there is no store in this database: {SETUP}")
        await link.execute(schema.owned())
        await link.execute("LOCK TABLE store_version, log_coord IN ACCESS EXCLUSIVE MODE")
        was, digest = await link.fetchrow(FOUND) or (0, "")
        if (was, digest) == (schema.VERSION, schema.digest()):
            await link.execute(schema.disowned())
            return None
        steps = known(was, digest)
        if used := await link.fetchval(USED):
            raise UnsafeStart(f"{used} connections of ours use this store: stop every process first")
        for step in steps:
            await link.execute(step)
        await link.execute(DERIVED)
        await link.execute(schema.derived())
        await link.execute("UPDATE store_version SET version = $1, digest = $2", schema.VERSION, schema.digest())
        await link.execute(schema.disowned())
    return int(was)


def known(version: int, digest: str) -> tuple[LiteralString, ...]:
    """Return what leads from a schema to today's.

    Raises: UnsafeStart.
    """
    if version > schema.VERSION:
        raise UnsafeStart(
            f"the store's schema is newer than this program: version {version}, not {schema.VERSION}; nothing goes back"
        )
    if (version, digest) not in STEPS:
        raise UnsafeStart(
            f"no way is known from the store's schema: version {version}, {digest}; restore it from a copy"
        )
    return tuple(step for (number, _), steps in STEPS.items() if number >= version for step in steps)
