"""What runs on rows though no statement names it: changed between reading and running, nothing runs (sql 1, 12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import asyncpg
import pytest

from core.connectors.postgres import PostgresConnector
from core.connectors.postgres.rooms import ROOMS
from core.errors import Drifted
from core.model import Reading
from core.ports import Statement
from tests.databases import Make
from tests.integration.connecting import SHOP, WRITER, connected, permit
from tests.slices import versions

WORLD: Final = (
    SHOP
    + f"""
CREATE FUNCTION deep(n int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT n < 1000';
CREATE FUNCTION holds(n int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT public.deep(n)';
CREATE FUNCTION fired() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE DOMAIN small AS int CHECK (holds(VALUE));
CREATE TABLE made (id int PRIMARY KEY DEFAULT 7, n int CHECK (holds(n)), twice int GENERATED ALWAYS AS (n * 2) STORED,
  tiny small GENERATED ALWAYS AS (n) STORED, word text);
CREATE INDEX made_word ON made (lower(word));
CREATE TRIGGER t BEFORE UPDATE ON made FOR EACH ROW WHEN (NEW.n > 5) EXECUTE FUNCTION fired();
INSERT INTO made VALUES (1, 1, DEFAULT, DEFAULT, 'a');
GRANT SELECT, INSERT, UPDATE, DELETE ON made TO {WRITER};
"""
)


@dataclass(frozen=True)
class Act:
    """What a second session does, and how it is undone."""

    sql: str
    undo: str


DEEP: Final = "CREATE OR REPLACE FUNCTION deep(n int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT n < {}'"
TRIGGER: Final = (
    "CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON made FOR EACH ROW WHEN (NEW.n > {}) EXECUTE FUNCTION fired()"
)
ACTS: Final = {
    "a CHECK is added": Act("ALTER TABLE made ADD CONSTRAINT c CHECK (n < 900)", "ALTER TABLE made DROP CONSTRAINT c"),
    "a default changes": Act("ALTER TABLE made ALTER id SET DEFAULT 8", "ALTER TABLE made ALTER id SET DEFAULT 7"),
    "a generated column is another": Act(
        "ALTER TABLE made DROP twice; ALTER TABLE made ADD twice int GENERATED ALWAYS AS (n * 3) STORED", "SELECT 1"
    ),
    "a trigger's WHEN changes": Act(TRIGGER.format(3), TRIGGER.format(5)),
    "an expression is indexed": Act("CREATE INDEX i ON made (upper(word))", "DROP INDEX i"),
    "a domain's CHECK is added": Act(
        "ALTER DOMAIN small ADD CONSTRAINT c CHECK (VALUE < 900)", "ALTER DOMAIN small DROP CONSTRAINT c"
    ),
    "what a CHECK's function calls is another": Act(DEEP.format(900), DEEP.format(1000)),
    "a foreign key points here": Act(
        "CREATE TABLE later (id int REFERENCES made ON DELETE CASCADE)", "DROP TABLE later"
    ),
    "a rule is added": Act(
        "CREATE RULE r AS ON UPDATE TO made DO ALSO INSERT INTO log VALUES ('x')", "DROP RULE r ON made"
    ),
    "a policy is added": Act("CREATE POLICY p ON made", "DROP POLICY p ON made"),
}
WRITES: Final = ("UPDATE made SET n = 2 WHERE id = 1", "INSERT INTO made (n, word) VALUES (3, 'b')")


async def runs(connector: PostgresConnector, text: str, reading: Reading) -> bool:
    """Whether what was permitted hours ago still runs."""
    async with connector.visit(Statement(text=text), name="assent:test:2") as visit:
        try:
            await visit.run(permit(reading))
        except Drifted:
            return False
    return True


@pytest.mark.parametrize("version", versions())
async def test_code_on_rows_that_changes_between_reading_and_running_lets_nothing_run(
    database: Make, version: int
) -> None:
    url = await database(WORLD, version=version)
    second, ran = await asyncpg.connect(url), []
    try:
        async with connected(url, rooms=ROOMS) as connector:
            for name, act in ACTS.items():
                for text in WRITES:
                    await connector.renew()
                    async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
                        reading = await visit.read()
                        assert isinstance(reading, Reading), (name, text, reading)
                    await second.execute(act.sql)
                    ran.append((name, text, await runs(connector, text, reading)))
                    await second.execute(act.undo)
        assert [(name, text) for name, text, done in ran if done] == []
        assert len(ran) == len(ACTS) * len(WRITES)
    finally:
        await second.close()
