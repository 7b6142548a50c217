"""How many rows a change would touch: the number that people are shown is the number that comes true."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from core.connectors.postgres import Options, PostgresConnector, harden
from core.errors import CapExceeded
from core.masking.hardening.wanted import Wish
from core.model import Dialect, Source
from core.ports import Impact, Statement
from tests.integration.connecting import Now, change, told
from tests.integration.shop import NUMBER, SECRET, Make

VERSIONS: Final = pytest.mark.parametrize("version", [15, 16, 17, 18])
CASES: Final = Path(__file__).parents[1] / "security/postgres_counts.sql"
TAGS: Final = {"public.customers.email": "pii.email", "public.papers.ssn": "pii.ssn"}
MASKS: Final = {"pii.email": "token", "pii.ssn": "hide"}
SCHEMA: Final = """
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, plan text, email text);
CREATE TABLE papers (id int, ssn text);
CREATE TABLE orders (id serial PRIMARY KEY, customer_id int, note text);
CREATE TABLE log (what text);
CREATE TABLE policed (id int PRIMARY KEY, owner text);
CREATE VIEW named AS SELECT name FROM customers;
CREATE FUNCTION own_volatile() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
INSERT INTO customers SELECT n, 'name ' || n, 'a', 'anna@example.test' FROM generate_series(1, 30) n;
INSERT INTO orders (customer_id, note) SELECT 1 + (n - 1) % 30, 'x' FROM generate_series(1, 300) n;
CREATE TABLE parted (id int, part int) PARTITION BY LIST (part);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2);
INSERT INTO parted SELECT n, 1 FROM generate_series(1, 6) n;
CREATE TABLE people (id int PRIMARY KEY);
CREATE TABLE visits (id int, person int REFERENCES people ON DELETE CASCADE);
INSERT INTO people SELECT generate_series(1, 3);
INSERT INTO visits SELECT n, 1 + n % 3 FROM generate_series(1, 30) n;
INSERT INTO policed SELECT n, 'them' FROM generate_series(1, 10) n;
ALTER TABLE policed ENABLE ROW LEVEL SECURITY;
CREATE POLICY theirs ON policed USING (owner = 'us');
"""


def cases() -> list[tuple[str, str]]:
    """Statement and expectation."""
    blocks = re.split(r"\n\s*\n", CASES.read_text())
    lines = [[line for line in block.strip().splitlines() if not line.startswith("--")] for block in blocks]
    return [("\n".join(block[:-1]), block[-1]) for block in lines if block]


@asynccontextmanager
async def shop(database: Make, version: int, *, enforced: bool = True) -> AsyncIterator[tuple[PostgresConnector, str]]:
    url = await database(SCHEMA, version=version)
    number = next(NUMBER)
    wish = Wish(tags=TAGS, masks=MASKS, read_role=f"count_read_{number}", write_role=f"count_write_{number}")
    await harden.apply(url, wish, SECRET)
    owner = await asyncpg.connect(url)
    await owner.execute(
        f"ALTER ROLE {wish.read_role} LOGIN PASSWORD 'r'; ALTER ROLE {wish.write_role} LOGIN PASSWORD 'w';"
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {wish.write_role};"
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {wish.write_role}; ANALYZE"
    )
    if not enforced:
        await owner.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {wish.read_role}")
    host = url.rpartition("@")[2]
    connector = PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags=TAGS, enforced=enforced),
        read_url=f"postgresql://{wish.read_role}:r@{host}",
        write_url=f"postgresql://{wish.write_role}:w@{host}",
        masks=MASKS,
        clock=Now(),
        options=Options(mask_key=SECRET),
    )
    await connector.open()
    try:
        yield connector, url
    finally:
        await connector.close()
        await owner.execute(f"DROP OWNED BY {wish.read_role}, {wish.write_role}")
        await owner.execute(f"DROP ROLE {wish.read_role}, {wish.write_role}")
        await owner.close()


async def changed(url: str, text: str) -> int:
    """Run a change as the owner, undo it, and give the rows that it said it touched."""
    owner = await asyncpg.connect(url)
    try:
        transaction = owner.transaction()
        await transaction.start()
        tag = await owner.execute(text)
        await transaction.rollback()
    finally:
        await owner.close()
    return int(tag.rpartition(" ")[2])


@VERSIONS
async def test_a_counted_number_is_what_the_change_touches(database: Make, version: int) -> None:
    wrong = []
    async with shop(database, version) as (connector, url):
        for text, expected in cases():
            impact = await connector.impact(Statement(text=text))
            said = "~" if impact.counted is None else f"= {impact.counted}"
            if said != expected:
                wrong.append((text, expected, impact))
            elif impact.counted is not None:
                assert await changed(url, text) == impact.counted, text
    assert wrong == []


async def test_parameters_are_those_that_the_question_still_has(database: Make) -> None:
    async with shop(database, 18) as (connector, _):
        text = "UPDATE customers SET plan = $1 WHERE id <= $3 AND name <> $2"
        assert await connector.impact(Statement(text=text, parameters=("gold", "name 2", 5))) == Impact(counted=4)


async def test_counting_changes_nothing_and_leaves_no_lock(database: Make) -> None:
    async with shop(database, 18) as (connector, url):
        for text, _ in cases():
            await connector.impact(Statement(text=text))
        owner = await asyncpg.connect(url)
        assert await owner.fetchval("SELECT count(*) FROM orders") == 300
        assert await owner.fetchval("SELECT last_value FROM orders_id_seq") == 300
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'relation' AND relation = 'orders'::regclass"
        assert await owner.fetchval(held) == 0
        await owner.close()


async def test_no_number_tells_of_a_protected_column_even_where_the_role_could_count(database: Make) -> None:
    async with shop(database, 18, enforced=False) as (connector, _):
        for text in (
            "DELETE FROM customers WHERE email = 'anna@example.test'",
            "UPDATE orders SET note = 'y' FROM customers c WHERE c.id = customer_id AND c.email LIKE 'a%'",
            "INSERT INTO log SELECT plan FROM customers WHERE email > 'a'",
            "DELETE FROM papers WHERE ssn = '078-05-1120'",
        ):
            assert (await connector.impact(Statement(text=text))).counted is None, text


@VERSIONS
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("DELETE FROM orders WHERE customer_id = 3", 10),
        ("UPDATE customers SET plan = 'x' WHERE id <= 4", 4),
        ("INSERT INTO log SELECT note FROM orders WHERE id <= 12", 12),
        ("UPDATE parted SET part = 2 WHERE id <= 5", 5),  # each is deleted in one partition and inserted in the other
        ("DELETE FROM people WHERE id = 1", 1),  # ten visits go with it, which are another table's
    ],
)
async def test_more_rows_of_the_target_than_were_counted_are_rolled_back(
    database: Make, version: int, text: str, rows: int
) -> None:
    async with shop(database, version) as (connector, url):
        assert (await connector.impact(Statement(text=text))).counted == rows
        before = await told(url, "SELECT sum(hashtext(t::text)) FROM (TABLE orders UNION ALL TABLE orders) t")
        with pytest.raises(CapExceeded):
            await change(connector, text, target_rows=rows - 1)
        assert await told(url, "SELECT sum(hashtext(t::text)) FROM (TABLE orders UNION ALL TABLE orders) t") == before
        assert await changed(url, text) == rows  # nothing of it stayed
        done = await change(connector, text, target_rows=rows)
        assert done.work is not None


PLAN: Final = ("id", "plan before", "plan after")
SAMPLES: Final[tuple[tuple[str, tuple[str, ...] | None, tuple[str, ...] | None], ...]] = (
    # statement, columns, first row; None: nothing is shown
    ("UPDATE customers SET plan = 'gold' WHERE id = 3", ("id", "plan before", "plan after"), ("3", "a", "gold")),
    (
        "UPDATE customers AS c SET name = c.name || '!', plan = upper(plan) WHERE id = 2",
        ("id", "name before", "name after", "plan before", "plan after"),
        ("2", "name 2", "name 2!", "a", "A"),
    ),
    (
        "UPDATE ONLY customers SET plan = 'b, c' WHERE name = 'name 4' RETURNING id",
        ("id", "plan before", "plan after"),
        ("4", "a", "b, c"),
    ),
    (
        "UPDATE customers SET plan = coalesce(plan, 'x') || ('(' || id || ')') WHERE id = 1",
        ("id", "plan before", "plan after"),
        ("1", "a", "a(1)"),
    ),
    (
        "UPDATE customers SET email = 'new@example.test', plan = 'p' WHERE id = 5",
        ("id", "plan before", "plan after"),
        ("5", "a", "p"),
    ),
    ("UPDATE customers SET email = 'new@example.test' WHERE id = 5", None, None),
    ("UPDATE customers SET plan = 'p' WHERE email = 'anna@example.test'", None, None),
    ("UPDATE customers SET plan = 'p' WHERE id IN (SELECT id FROM papers WHERE ssn > '1')", None, None),
    ("UPDATE customers SET (name, plan) = ('a', 'b') WHERE id = 1", None, None),
    ("UPDATE customers SET plan = DEFAULT WHERE id = 1", None, None),
    ("UPDATE policed SET owner = 'us' WHERE id = 1", None, None),
    ("UPDATE log SET what = 'x'", None, None),
    ("DELETE FROM customers WHERE id = 1", None, None),
)


@VERSIONS
async def test_a_sample_shows_rows_before_and_after_and_nothing_that_a_mask_would_hide(
    database: Make, version: int
) -> None:
    async with shop(database, version) as (connector, _):
        for text, columns, first in SAMPLES:
            found = await connector.sample(Statement(text=text))
            assert (None if found is None else found.columns) == columns, text
            if found is not None:
                assert found.rows[0] == first, text
                assert "@" not in str(found.rows), text
        many = await connector.sample(
            Statement(text="UPDATE customers SET plan = $1 WHERE id > $2", parameters=("z", 10))
        )
        assert many is not None
        assert [row[2] for row in many.rows] == ["z"] * 5


@pytest.mark.parametrize("enforced", [True, False])
async def test_a_sample_is_never_of_raw_values_even_where_the_role_could_read_them(
    database: Make, *, enforced: bool
) -> None:
    async with shop(database, 18, enforced=enforced) as (connector, _):
        copied = "UPDATE customers SET plan = 'p', name = (SELECT max(x.email) FROM customers x) WHERE id = 1"
        found = await connector.sample(Statement(text=copied))
        assert found is not None
        assert "anna" not in str(found.rows)
        assert re.fullmatch("[0-9a-f]{20}", found.rows[0][4])
