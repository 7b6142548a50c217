"""What an agent is told when something fails: our own sentence by SQLSTATE, whatever the database or its code says."""

from __future__ import annotations

from typing import Final

import pytest

from core.connectors.postgres import PostgresConnector
from core.connectors.postgres.rooms import remembering
from core.errors import SourceError, StatementFailed
from core.model import Reading, Scalar, Unreadable
from core.ports import Statement
from tests.databases import Make
from tests.integration.connecting import READER, SHOP, WRITER, connected, permit

CANARY: Final = "kqzwjxgv"
WORLD: Final = (
    SHOP
    + f"""
CREATE FUNCTION shouted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE NOTICE '{CANARY}'; RAISE WARNING '{CANARY}';
  RAISE EXCEPTION '{CANARY}' USING ERRCODE = NEW.code, DETAIL = '{CANARY}', HINT = '{CANARY}', COLUMN = '{CANARY}',
    CONSTRAINT = '{CANARY}', DATATYPE = '{CANARY}', TABLE = '{CANARY}', SCHEMA = '{CANARY}'; END $$;
CREATE TABLE shouting (code text); CREATE TRIGGER t BEFORE INSERT ON shouting FOR EACH ROW EXECUTE FUNCTION shouted();
CREATE TABLE strict (id int PRIMARY KEY, word text CONSTRAINT {CANARY}_check CHECK (word <> 'bad'), mood text NOT NULL,
  EXCLUDE USING btree (word WITH =));
INSERT INTO strict VALUES (1, '{CANARY}', 'x');
CREATE TABLE ranged (id int) PARTITION BY RANGE (id);
CREATE TABLE ranged_{CANARY} PARTITION OF ranged FOR VALUES FROM (0) TO (10);
CREATE VIEW checked AS SELECT id, name FROM customers WHERE name <> '{CANARY}' WITH CHECK OPTION;
CREATE TABLE {CANARY}_hidden (id int, {CANARY}_column int);
REVOKE ALL ON {CANARY}_hidden FROM PUBLIC;
GRANT SELECT ON shouting, strict, ranged, checked TO {READER}, {WRITER};
GRANT INSERT, UPDATE, DELETE ON shouting, strict, ranged, checked TO {WRITER};
"""
)


async def said(connector: PostgresConnector, text: str, parameters: tuple[Scalar, ...] = ()) -> str:
    """Give every word that leaves: of the reading, of the error, and of what caused it."""
    async with connector.visit(Statement(text=text, parameters=parameters), name="assent:test:1") as visit:
        reading = await visit.read()
        if isinstance(reading, Unreadable):
            return f"{reading.sentence} {reading.detail} {reading.hints}"
        assert isinstance(reading, Reading)
        with pytest.raises(SourceError) as caught:
            await visit.run(permit(reading, parameters))
        error: BaseException | None = caught.value
        words = [caught.value.public]
        while error is not None:
            words.append(repr(error))
            error = error.__cause__ or error.__context__
        return " ".join(words)


async def test_no_word_of_the_database_reaches_an_agent(database: Make) -> None:
    cases: list[tuple[str, tuple[Scalar, ...]]] = [
        *((f"INSERT INTO shouting VALUES ('{code}')", ()) for code in ("P0001", "ZZ123", "22P02", "XX000", "42501")),
        *((f"INSERT INTO shouting VALUES ('{code}')", ()) for code in ("57014", "08006", "0A000", "42P01", "23505")),
        (f"INSERT INTO strict VALUES (1, 'a {CANARY}', 'x')", ()),
        (f"INSERT INTO strict VALUES (2, '{CANARY}', 'x')", ()),
        ("INSERT INTO strict VALUES (3, 'bad', 'x')", ()),
        ("INSERT INTO strict (id) VALUES (4)", ()),
        ("INSERT INTO ranged VALUES (50)", ()),
        ("UPDATE checked SET name = $1 WHERE id = 1", (CANARY,)),
        ("INSERT INTO orders (customer_id, note) VALUES (4242, $1)", (CANARY,)),
        ("SELECT id FROM customers WHERE id = $1", (CANARY,)),
        ("SELECT name::int FROM customers", ()),
        ("SELECT email::date FROM customers", ()),
        ("SELECT ('{\"a\": ' || email)::json FROM customers", ()),
        ("SELECT regexp_replace(name, '(' || email, '') FROM customers", ()),
        ("SELECT to_date(email, 'YYYY') FROM customers", ()),
        ("SELECT 1 / (length(email) - length(email)) FROM customers", ()),
        ("SELECT (SELECT email FROM customers)", ()),
    ]
    async with connected(await database(WORLD), rooms=remembering()) as connector:
        for text, parameters in cases:
            words = await said(connector, text, parameters)
            assert CANARY not in words.replace(text, ""), (text, words)
            assert "canary-7731" not in words, (text, words)


async def test_code_of_the_database_that_says_a_right_is_missing_raises_no_alert(database: Make) -> None:
    """Whoever may write to a table with such a trigger could ring the alert of a wrong reading at will."""
    async with (
        connected(await database(WORLD), rooms=remembering()) as connector,
        connector.visit(Statement(text="INSERT INTO shouting VALUES ('42501')"), name="assent:test:1") as visit,
    ):
        reading = await visit.read()
        assert isinstance(reading, Reading)
        with pytest.raises(StatementFailed) as caught:
            await visit.run(permit(reading))
        assert caught.value.sqlstate == "42501"


async def test_nothing_that_a_role_may_not_see_is_offered_as_what_was_meant(database: Make) -> None:
    """A name nearly right, of a table, column, constraint or type that is there and not for this role."""
    cases = (
        f"SELECT * FROM {CANARY}_hiden",
        f"SELECT {CANARY}_colum FROM customers",
        f"SELECT id FROM strict WHERE {CANARY}_chek > 1",
        f"INSERT INTO strict VALUES (5, 'a', 'b') ON CONFLICT ON CONSTRAINT {CANARY}_chec DO NOTHING",
        f"SELECT '{CANARY}'::ranged_{CANARY[:-1]}",
    )
    async with connected(await database(WORLD), rooms=remembering()) as connector:
        for text in cases:
            words = await said(connector, text)
            for hidden in (f"{CANARY}_hidden", f"{CANARY}_column", f"{CANARY}_check", f"ranged_{CANARY}"):
                assert hidden not in words, words
