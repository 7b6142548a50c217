"""What the role of changes has no right to do is refused before people are asked: the server itself is the oracle.

Each statement of `rights.sql` is read by the connector, and run by the same role, to be rolled back. What the server
denies is refused, what it does not deny is not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import asyncpg
import pytest

from core.connectors.postgres import PostgresConnector
from core.connectors.postgres.rooms import remembering
from core.model import Doubt, Reading, Unreadable
from core.ports import Statement
from tests.databases import Make
from tests.integration.connecting import READER, ROLES, WRITER, as_role, connected

DENIED: Final = frozenset({"42501", "3F000"})  # and a schema that is not there
NOTHING: Final = frozenset({"01007", "01006"})  # a warning alone: no right was granted, or revoked
WORLD: Final = (
    ROLES
    + f"""
DO $$ BEGIN CREATE ROLE somebody; EXCEPTION WHEN duplicate_object THEN END $$;
CREATE SCHEMA own AUTHORIZATION {WRITER}; CREATE SCHEMA other; CREATE SCHEMA lent AUTHORIZATION {WRITER};
CREATE SCHEMA roomy; GRANT CREATE ON SCHEMA roomy TO {WRITER};
GRANT USAGE ON SCHEMA own, other, lent, roomy TO {READER}, {WRITER};
CREATE TABLE own.t (id int PRIMARY KEY, word text); CREATE TABLE own.parent (id int PRIMARY KEY);
ALTER TABLE own.t OWNER TO {WRITER}; ALTER TABLE own.parent OWNER TO {WRITER};
CREATE TABLE other.t (id int PRIMARY KEY, word text); GRANT SELECT ON other.t TO {WRITER};
CREATE TABLE other.child (id int REFERENCES own.parent);
CREATE TABLE other.emptied (id serial PRIMARY KEY); GRANT TRUNCATE ON other.emptied TO {WRITER};
CREATE TABLE other.heir_of (id int); CREATE TABLE other.heir () INHERITS (other.heir_of);
GRANT TRUNCATE ON other.heir_of TO {WRITER};
CREATE TABLE other.some (a int UNIQUE, b int, c int);
GRANT SELECT (a), INSERT (a), UPDATE (b) ON other.some TO {WRITER};
CREATE TABLE other.unread (id int, word text);
CREATE TABLE other.seen (id int PRIMARY KEY);
GRANT SELECT ON other.seen TO {WRITER} WITH GRANT OPTION; GRANT REFERENCES (id) ON other.seen TO {WRITER};
CREATE VIEW other.through AS SELECT id FROM other.seen; GRANT UPDATE ON other.through TO {WRITER};
CREATE VIEW other.asked WITH (security_invoker) AS SELECT id FROM other.seen; GRANT UPDATE ON other.asked TO {WRITER};
CREATE VIEW other.stuck AS SELECT id FROM other.seen; GRANT UPDATE ON other.stuck TO {WRITER};
ALTER VIEW other.stuck OWNER TO somebody; GRANT USAGE ON SCHEMA other TO somebody;
CREATE TABLE other.numbered (id serial, word text); GRANT INSERT ON other.numbered TO {WRITER};
CREATE TABLE other.drawn (id serial, word text); GRANT INSERT ON other.drawn TO {WRITER};
GRANT USAGE ON SEQUENCE other.drawn_id_seq TO {WRITER};
CREATE TABLE other.identified (id int GENERATED ALWAYS AS IDENTITY, word text);
GRANT INSERT ON other.identified TO {WRITER};
CREATE TABLE other.parted (id int) PARTITION BY LIST (id);
CREATE TYPE other.mood AS ENUM ('old'); CREATE DOMAIN other.small AS int; CREATE SEQUENCE other.alone;
CREATE MATERIALIZED VIEW other.kept AS SELECT 1 AS one;
CREATE FUNCTION other.fires() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION other.hidden() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
REVOKE EXECUTE ON FUNCTION other.hidden() FROM PUBLIC;
CREATE TABLE other.watched (id int);
CREATE TRIGGER fires AFTER INSERT ON other.watched FOR EACH ROW EXECUTE FUNCTION other.fires();
CREATE TABLE lent.t (id int);
CREATE TRIGGER fires AFTER INSERT ON lent.t FOR EACH ROW EXECUTE FUNCTION other.fires();
CREATE FUNCTION roomy.theirs() RETURNS int LANGUAGE sql RETURN 1;
CREATE FUNCTION roomy.both(word text) RETURNS int LANGUAGE sql RETURN 1;
CREATE FUNCTION roomy.both(int[]) RETURNS int LANGUAGE sql RETURN 1; ALTER FUNCTION roomy.both(int[]) OWNER TO {WRITER};
CREATE FUNCTION roomy.mine(int) RETURNS int LANGUAGE sql RETURN 1; ALTER FUNCTION roomy.mine(int) OWNER TO {WRITER};
CREATE FUNCTION roomy.felt(other.mood) RETURNS int LANGUAGE sql RETURN 1;
CREATE PROCEDURE roomy.done(int) LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
CREATE VIEW roomy.theirs AS SELECT 1 AS one;
CREATE VIEW roomy.mine AS SELECT 1 AS one; ALTER VIEW roomy.mine OWNER TO {WRITER};
CREATE SEQUENCE roomy.numbers; CREATE TYPE roomy.mood AS ENUM ('old'); CREATE DOMAIN roomy.small AS int;
CREATE TYPE roomy.pair AS (a int);
CREATE STATISTICS roomy.kept ON id, word FROM other.t;
CREATE STATISTICS own.kept ON id, word FROM own.t; ALTER STATISTICS own.kept OWNER TO {WRITER};
CREATE FUNCTION other.passed() RETURNS int LANGUAGE sql RETURN 1;
GRANT EXECUTE ON FUNCTION other.passed() TO {WRITER} WITH GRANT OPTION;
CREATE DOMAIN other.passed AS int; GRANT USAGE ON DOMAIN other.passed TO {WRITER} WITH GRANT OPTION;
CREATE SEQUENCE other.passed_numbers; GRANT USAGE ON SEQUENCE other.passed_numbers TO {WRITER} WITH GRANT OPTION;
CREATE SCHEMA passed; GRANT USAGE ON SCHEMA passed TO {WRITER} WITH GRANT OPTION;
CREATE TABLE other.parts (a int, b int); GRANT SELECT (a) ON other.parts TO {WRITER} WITH GRANT OPTION;
CREATE DOMAIN other.shut AS int; REVOKE USAGE ON DOMAIN other.shut FROM PUBLIC;
CREATE TABLE other.holding (id other.shut); GRANT SELECT ON other.holding TO {WRITER};
CREATE FUNCTION other.checks(int) RETURNS bool IMMUTABLE LANGUAGE sql RETURN true;
REVOKE EXECUTE ON FUNCTION other.checks(int) FROM PUBLIC;
CREATE TABLE own.checked (id int CHECK (other.checks(id))); INSERT INTO own.checked VALUES (1);
ALTER TABLE own.checked OWNER TO {WRITER};
CREATE SCHEMA every AUTHORIZATION {WRITER};
CREATE TABLE every.t (id int); ALTER TABLE every.t OWNER TO {WRITER};
CREATE SEQUENCE every.numbers; ALTER SEQUENCE every.numbers OWNER TO {WRITER};
CREATE FUNCTION every.one() RETURNS int LANGUAGE sql RETURN 1; ALTER FUNCTION every.one() OWNER TO {WRITER};
CREATE SCHEMA hidden; CREATE TABLE hidden.t (id int PRIMARY KEY); ALTER TABLE hidden.t OWNER TO {WRITER};
CREATE TYPE hidden.mood AS ENUM ('old'); CREATE FUNCTION hidden.fires() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RETURN NEW; END $$;
"""
)
STATEMENTS: Final = Path(__file__).with_name("rights.sql").read_text("utf-8").strip().split("\n\n")


async def read(connector: PostgresConnector, text: str) -> Reading | Unreadable:
    async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
        return await visit.read()


async def denied(raw: asyncpg.Connection, text: str) -> bool:
    """Whether the server denies a statement to the role: no other error hides it, for nothing else is wrong."""
    warned: list[str] = []
    raw.add_log_listener(lambda _, message: warned.append(str(message.sqlstate)))
    await raw.execute("BEGIN")
    try:
        await raw.execute(text)
    except asyncpg.PostgresError as error:
        return error.sqlstate in DENIED
    finally:
        await raw.execute("ROLLBACK")
    return bool(NOTHING & {*warned})


@pytest.mark.parametrize("version", [15, 18])
async def test_what_the_server_would_deny_is_refused_before_anybody_is_asked(database: Make, version: int) -> None:
    url = await database(WORLD, version=version)
    raw = await asyncpg.connect(as_role(url, WRITER))
    wrong, refused = [], 0
    async with connected(url, rooms=remembering()) as connector:
        for text in STATEMENTS:
            found = await read(connector, text)
            closed = isinstance(found, Unreadable) and found.doubt is Doubt.CLOSED and "may not" in found.sentence
            shut = closed or (isinstance(found, Unreadable) and found.doubt is Doubt.MISSING)
            refused += shut
            if shut != await denied(raw, text):
                wrong.append((text, found if isinstance(found, Unreadable) else "read"))
    await raw.close()
    assert wrong == []
    assert 50 < refused < len(STATEMENTS) - 30
