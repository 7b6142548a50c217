"""The cap on rows holds what the whole transaction did, whoever did it; what no statistics count ends in a rollback."""

from __future__ import annotations

from typing import Final

import pytest

from core.connectors.postgres.rooms import remembering
from core.errors import CapExceeded, Drifted
from core.model import Reading
from core.ports import Statement
from tests.databases import Make
from tests.integration.connecting import READER, SHOP, WRITER, change, connected, done, permit, read, told

VERSIONS: Final = pytest.mark.parametrize("version", [15, 18])
RIGHTS: Final = f"""
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}, {WRITER};
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WRITER};
"""
CODE: Final = (
    SHOP
    + """
CREATE TABLE parts (id int, size int) PARTITION BY RANGE (size);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (10);
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (10) TO (100);
INSERT INTO parts SELECT n, n FROM generate_series(1, 9) n;
CREATE TABLE stock (id int PRIMARY KEY, n int);
CREATE TABLE held (stock int REFERENCES stock ON DELETE SET NULL ON UPDATE CASCADE);
INSERT INTO stock SELECT n, n FROM generate_series(1, 10) n;
INSERT INTO held SELECT 1 FROM generate_series(1, 20);
CREATE TABLE ruled (id int);
CREATE RULE also AS ON INSERT TO ruled DO ALSO INSERT INTO log SELECT 'r' FROM generate_series(1, 4);
CREATE TABLE kept (id int);
INSERT INTO kept SELECT generate_series(1, 50);
CREATE FUNCTION emptied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
  $$ BEGIN TRUNCATE kept; RETURN NEW; END $$;
CREATE TABLE emptying (id int); CREATE TRIGGER t BEFORE INSERT ON emptying FOR EACH ROW EXECUTE FUNCTION emptied();
CREATE FUNCTION dropped() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
  $$ BEGIN DROP TABLE kept; RETURN NEW; END $$;
CREATE TABLE dropping (id int); CREATE TRIGGER t BEFORE INSERT ON dropping FOR EACH ROW EXECUTE FUNCTION dropped();
CREATE FUNCTION refilled() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
  $$ BEGIN INSERT INTO kept SELECT generate_series(1, 500); TRUNCATE kept; RETURN NEW; END $$;
CREATE TABLE refilling (id int); CREATE TRIGGER t BEFORE INSERT ON refilling FOR EACH ROW EXECUTE FUNCTION refilled();
CREATE FUNCTION scratched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
  $$ BEGIN CREATE TEMP TABLE scratch (id int) ON COMMIT DROP; INSERT INTO scratch VALUES (1); RETURN NEW; END $$;
CREATE TABLE scratching (id int);
CREATE TRIGGER t BEFORE INSERT ON scratching FOR EACH ROW EXECUTE FUNCTION scratched();
CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO log SELECT 'late' FROM generate_series(1, 30); RETURN NULL; END $$;
CREATE TABLE waiting (id int);
CREATE CONSTRAINT TRIGGER t AFTER INSERT ON waiting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION later();
"""
    + RIGHTS
)


@VERSIONS
async def test_rows_count_wherever_they_changed(database: Make, version: int) -> None:
    """Partitions that rows move between, keys that carry changes on, rules, triggers that wait for COMMIT."""
    async with connected(await database(CODE, version=version), rooms=remembering()) as connector:
        for text, rows in (
            ("UPDATE parts SET size = 50 WHERE id = 1", 2),
            ("DELETE FROM stock WHERE id = 1", 21),
            ("UPDATE stock SET id = 99 WHERE id = 1", 21),
            ("INSERT INTO ruled VALUES (1)", 5),
            ("INSERT INTO waiting VALUES (1)", 31),
            ("INSERT INTO scratching VALUES (1)", 2),
        ):
            with pytest.raises(CapExceeded):
                await change(connector, text, affected_rows=rows - 1)
            done_ = await change(connector, text, commit=False, affected_rows=rows)
            assert done_.work is not None
            assert done_.work.affected == rows, text


@VERSIONS
async def test_code_that_empties_or_drops_a_table_is_rolled_back_under_a_cap(database: Make, version: int) -> None:
    url = await database(CODE, version=version)
    async with connected(url, rooms=remembering()) as connector:
        for table in ("emptying", "dropping", "refilling"):
            with pytest.raises(CapExceeded):
                await change(connector, f"INSERT INTO {table} VALUES (1)", affected_rows=1000)
            assert (await told(url, "SELECT count(*) FROM kept"))[0][0] == 50


async def test_rows_of_a_foreign_table_are_rolled_back_under_a_cap(database: Make) -> None:
    url = await database(CODE)
    await done(
        url,
        f"""CREATE FOREIGN DATA WRAPPER far; CREATE SERVER far FOREIGN DATA WRAPPER far;
        CREATE FOREIGN TABLE elsewhere (id int) SERVER far;
        CREATE FUNCTION sent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
          $$ BEGIN COMMENT ON FOREIGN TABLE elsewhere IS 'used'; RETURN NEW; END $$;
        CREATE TABLE sending (id int); CREATE TRIGGER t BEFORE INSERT ON sending FOR EACH ROW EXECUTE FUNCTION sent();
        {RIGHTS}""",
    )
    async with connected(url, rooms=remembering()) as connector:
        with pytest.raises(CapExceeded):
            await change(connector, "INSERT INTO sending VALUES (1)", affected_rows=1000)


NOISE: Final = """CREATE FUNCTION noise() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION noise()"""
FIRED: Final = "CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION later()"


@pytest.mark.parametrize(
    ("text", "act", "said"),
    [
        ("INSERT INTO log VALUES ('a')", "CREATE PUBLICATION all_of_it FOR ALL TABLES", "all_of_it"),
        ("INSERT INTO log VALUES ('a')", "CREATE PUBLICATION of_log FOR TABLE log", "of_log"),
        ("INSERT INTO log VALUES ('a')", "CREATE PUBLICATION of_space FOR TABLES IN SCHEMA public", "of_space"),
        ("ALTER TABLE log ADD x int", NOISE, "event trigger e"),
        ("INSERT INTO orders (customer_id) VALUES (1)", FIRED, "trigger t"),
    ],
)
async def test_what_came_to_happen_besides_is_seen_before_anything_runs(
    database: Make, text: str, act: str, said: str
) -> None:
    """Within one load of the catalogs: the look before the run differs, and what is read anew is another question."""
    url = await database(CODE)
    await done(url, f"ALTER TABLE log OWNER TO {WRITER}")
    async with connected(url, rooms=remembering()) as connector:
        before = await read(connector, text)
        await done(url, act)
        async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
            rows = None
            with pytest.raises(Drifted):
                rows = await visit.run(permit(before))
            assert rows is None
        after = await read(connector, text)
        assert isinstance(after, Reading)
        assert any(said in one for one in set(after.also) - set(before.also))


async def test_what_came_to_happen_elsewhere_is_no_other_question(database: Make) -> None:
    url = await database(CODE)
    async with connected(url, rooms=remembering()) as connector:
        before = await read(connector, "INSERT INTO log VALUES ('a')")
        await done(url, "CREATE PUBLICATION of_parts FOR TABLE parts; CREATE TABLE other (id int)")
        async with connector.visit(Statement(text="INSERT INTO log VALUES ('a')"), name="assent:test:1") as visit:
            assert (await visit.run(permit(before))).work is not None
