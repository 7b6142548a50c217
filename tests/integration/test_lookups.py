"""Look-ups by token: which rows have a value, without the value, a token or anything else that was masked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from core.connectors.postgres import Options, PostgresConnector
from core.errors import StatementFailed
from core.model import Column, Dialect, Fact, Reading, Source, Unreadable
from core.ports import Statement
from tests.integration.connecting import Now, permit, query
from tests.integration.shop import MASKS, SECRET, TAGS, Hardened, Make, hardened

VERSIONS: Final = pytest.mark.parametrize("version", [15, 16, 17, 18])
CASES: Final = Path(__file__).parents[1] / "security/postgres_lookups.sql"
OPENED: Final = frozenset({"public.customers.email", "hr.pay.card"})
EMAIL: Final = Column(relation="public.customers", name="email")


def cases() -> list[tuple[str, str]]:
    """Statement and expectation."""
    blocks = re.split(r"\n\s*\n", CASES.read_text())
    lines = [[line for line in block.strip().splitlines() if not line.startswith("--")] for block in blocks]
    return [(block[0], block[1]) for block in lines if block]


@asynccontextmanager
async def looked(
    database: Make,
    version: int = 18,
    *,
    opened: frozenset[str] = OPENED,
    tags: dict[str, str] | None = None,
    more: str = "",
    settings: tuple[str, ...] = (),
) -> AsyncIterator[tuple[PostgresConnector, Hardened]]:
    async with hardened(database, version=version, more=more, tags=tags) as shop:
        for setting in settings:
            await shop.dba.execute(f"ALTER ROLE {shop.wish.read_role} SET {setting}")
        host = shop.url.rpartition("@")[2]
        connector = PostgresConnector(
            Source(name="shop", dialect=Dialect.POSTGRES, tags=shop.wish.tags, enforced=True, looked_up=opened),
            read_url=f"postgresql://{shop.wish.read_role}:r@{host}",
            write_url=f"postgresql://{shop.wish.read_role}:r@{host}",
            masks=MASKS,
            clock=Now(),
            options=Options(mask_key=SECRET),
        )
        await connector.open()
        try:
            yield connector, shop
        finally:
            await connector.close()


async def read(connector: PostgresConnector, text: str) -> Reading | Unreadable:
    async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
        return await visit.read()


@VERSIONS
async def test_a_lookup_finds_rows_and_everything_else_about_the_column_refuses(database: Make, version: int) -> None:
    wrong = []
    async with looked(database, version) as (connector, _):
        for text, expected in cases():
            reading = await read(connector, text)
            if isinstance(reading, Unreadable):
                said = f"! {reading.doubt.value}"
            else:
                rows = await query(connector, text)
                said = " ".join(["=", *(str(row[0]) for row in rows.rows)])
            if said != expected:
                wrong.append(f"{text}\n{expected}\n{said} {reading if isinstance(reading, Unreadable) else ''}")
    assert wrong == []


async def test_the_value_reaches_neither_the_server_nor_the_reading(database: Make) -> None:
    value = "canary-9f31@example.test"
    loud = ("log_min_messages = log", "log_min_duration_statement = 0", "log_statement = 'all'")
    async with looked(database, settings=loud) as (connector, shop):
        text = f"SELECT id FROM customers WHERE email = assent_token('{value}')"
        async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
            reading = await visit.read()
            assert isinstance(reading, Reading)
            assert (await visit.run(permit(reading))).rows == ()
        folder = await shop.dba.fetchval("SELECT pg_catalog.current_setting('data_directory')")
    log = (Path(folder).parent / "log").read_text(errors="replace")
    assert "customers__masked" in log or "public__masked" in log  # this very statement was logged
    assert value not in log
    assert value not in reading.text
    assert reading.statement == text
    assert reading.lookups == (EMAIL,)
    assert Fact.LOOKS_UP in reading.facts


async def test_parameters_of_the_call_come_before_the_tokens(database: Make) -> None:
    async with looked(database) as (connector, _):
        text = (
            "SELECT id FROM customers WHERE email IN (assent_token('x'), assent_token('ben@example.test')) AND id > $1"
        )
        assert (await query(connector, text, (1,))).rows == ((2,),)
        assert (await query(connector, text, (2,))).rows == ()


async def test_a_value_that_is_none_of_the_columns_type_is_said_to_be_none(database: Make) -> None:
    async with looked(database) as (connector, _):
        with pytest.raises(StatementFailed) as failed:
            await query(connector, "SELECT id FROM hr.pay WHERE card = assent_token('4111 1111')")
    assert "none of its type" in failed.value.public


@pytest.mark.parametrize(
    ("opened", "sentence"),
    [
        ("public.customers.ssn", "no token mask"),
        ("public.customers.plan", "no token mask"),
        ("public.customers.missing", "no token mask"),
        ("public.missing.email", "not there"),
    ],
)
async def test_a_column_that_cannot_be_looked_up_by_closes_what_it_names(
    database: Make, opened: str, sentence: str
) -> None:
    async with looked(database, opened=frozenset({opened})) as (connector, _):
        reading = await read(connector, "SELECT id FROM customers")
    assert isinstance(reading, Unreadable)
    assert sentence in reading.sentence


async def test_a_column_whose_tokens_would_be_cut_is_never_looked_up_by(database: Make) -> None:
    """Sixteen bits of a token find the rows of others."""
    codes = "public.codes.email"
    more = "CREATE TABLE public.codes (id int, email varchar(4), mail varchar(20));"
    tags = {**TAGS, codes: "pii.email", "public.codes.mail": "pii.email"}
    async with looked(database, more=more, tags=tags, opened=frozenset({codes})) as (connector, _):
        reading = await read(connector, "SELECT id FROM codes WHERE email = assent_token('1234')")
    assert isinstance(reading, Unreadable)
    assert "too few values" in reading.sentence
    async with looked(database, more=more, tags=tags, opened=frozenset({"public.codes.mail"})) as (connector, shop):
        await shop.dba.execute("INSERT INTO public.codes VALUES (1, 'x', 'a'), (2, 'y', 'b')")
        assert (await query(connector, "SELECT id FROM codes WHERE mail = assent_token('b')")).rows == ((2,),)


@pytest.mark.parametrize("settings", [(), ("enable_seqscan = off", "enable_bitmapscan = off")])
async def test_rows_never_come_in_the_order_of_a_partial_index_over_protected_values(
    database: Make, settings: tuple[str, ...]
) -> None:
    """The planner scans it for its predicate alone: the first three rows would be the three least protected values."""
    more = """
    CREATE TABLE public.wages (id int PRIMARY KEY, plan text, email int, pad text);
    INSERT INTO public.wages
      SELECT n, CASE WHEN n % 500 = 0 THEN 'gold' ELSE 'x' END, (n * 7919) % 10007, repeat('p', 200)
      FROM generate_series(1, 5000) n;
    CREATE INDEX ON public.wages (email) WHERE plan = 'gold';
    ANALYZE public.wages;
    """
    text = "SELECT id FROM wages WHERE plan = 'gold' LIMIT 3"
    async with looked(database, more=more, tags={**TAGS, "public.wages.email": "pii.email"}, settings=settings) as (
        connector,
        shop,
    ):
        assert [row["id"] for row in await shop.dba.fetch(text)] == [1500, 3000, 4500]  # by its values
        assert (await query(connector, text)).rows == ((500,), (1000,), (1500,))


async def test_a_column_of_few_values_is_never_looked_up_by(database: Make) -> None:
    pins = "public.pins.email"
    more = "CREATE TABLE public.pins (id int, email int);"
    async with looked(database, more=more, tags={**TAGS, pins: "pii.email"}, opened=frozenset({pins})) as (
        connector,
        _,
    ):
        reading = await read(connector, "SELECT id FROM pins WHERE email = assent_token('1234')")
    assert isinstance(reading, Unreadable)
    assert "too few values" in reading.sentence
