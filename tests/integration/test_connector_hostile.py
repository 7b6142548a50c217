"""Hostile statements against the hardened demo shop: masks, a refusal or a sentence of ours; nothing is changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.connectors.postgres import PostgresConnector
from core.errors import DeniedByEngine, SourceError
from core.model import Masked, Reading, Unreadable
from core.ports import Statement
from tests.integration.connecting import permit, told, until
from tests.integration.demo_shop import answered, demo_shop
from tests.integration.shop import Make

HOSTILE = Path(__file__).parents[1] / "security" / "postgres_hostile.sql"
UNCHANGED = (
    "SELECT (SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM tickets t), (SELECT count(*) FROM order_events), "
    "(SELECT md5(string_agg(o::text, ',' ORDER BY id)) FROM orders o), to_regclass('public.stolen'), "
    "(SELECT count(*) FROM pg_largeobject_metadata), (SELECT last_value FROM order_events_id_seq)"
)
SECRETS = (
    "SELECT unnest(ARRAY[name, email, national_id]) FROM customers WHERE id < 6 UNION ALL SELECT unnest(ARRAY["
    "reverse(name), lower(name), upper(email), initcap(email), encode(convert_to(email, 'UTF8'), 'base64'), "
    "encode(convert_to(name, 'UTF8'), 'hex')]) FROM customers WHERE id < 6"
)
LEFT = (  # our own cleaning says UNLISTEN
    "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'demo_%' AND (state <> 'idle' OR query ~* '\\mlisten')"
)


def statements() -> list[str]:
    blocks = HOSTILE.read_text("utf-8").split("\n\n")
    found = ["\n".join(line for line in block.splitlines() if not line.startswith("-- ")) for block in blocks]
    return [text for text in found if text.strip()]


@pytest.fixture(params=[15, 16, 17, 18])
async def shop(request: pytest.FixtureRequest, database: Make) -> AsyncIterator[tuple[PostgresConnector, str]]:
    async with demo_shop(database, request.param) as made:
        yield made


async def clean(url: str) -> bool:
    return bool((await told(url, LEFT))[0][0] == 0)


async def outcome(connector: PostgresConnector, text: str) -> str:
    """Tell all that an agent could be shown of a statement, by `query`."""
    try:
        async with asyncio.timeout(15), connector.visit(Statement(text=text), name="assent:hostile:1") as visit:
            reading = await visit.read()
            if isinstance(reading, Unreadable):
                return f"unreadable {reading.doubt}: {reading.sentence}"
            if reading.writes:
                return f"use execute: {sorted(reading.verbs)}"
        found = await answered(connector, text, seconds=1)
        return shown(found)
    except DeniedByEngine:
        raise
    except SourceError as error:
        return f"failed: {error.public}"


def shown(found: tuple[Reading, Masked] | Unreadable) -> str:
    return str(found) if isinstance(found, Unreadable) else repr((found[1], found[0].notes))


async def test_no_hostile_statement_shows_changes_or_stops_anything(shop: tuple[PostgresConnector, str]) -> None:
    connector, url = shop
    secrets = [str(row[0]) for row in await told(url, SECRETS) if row[0]]
    before = await told(url, UNCHANGED)
    assert len(statements()) >= 60
    for text in statements():
        said = await outcome(connector, text)
        assert not [secret for secret in secrets if secret in said], (text, said)
    assert await told(url, UNCHANGED) == before
    assert await until(lambda: clean(url)), await told(url, LEFT)  # a connection is cleaned after its answer left
    assert isinstance(await answered(connector, "SELECT 1"), tuple)


async def test_guessing_finds_nothing(shop: tuple[PostgresConnector, str]) -> None:
    """Predicates, orders and errors see masks: true guesses answer as false ones do."""
    connector, url = shop
    row = (await told(url, "SELECT name, email, national_id FROM customers WHERE id = 1"))[0]
    for column, value in (("name", row[0]), ("email", row[1]), ("national_id", row[2])):
        for form in (
            f"SELECT count(*) FROM customers WHERE id = 1 AND {column} = '{{}}'",
            f"SELECT count(*) FROM customers WHERE id = 1 AND {column} LIKE left('{{}}', 2) || '%'",
            f"SELECT 1 / (CASE WHEN {column} = '{{}}' THEN 0 ELSE 1 END) FROM customers WHERE id = 1",
            f"SELECT id FROM customers WHERE id < 9 ORDER BY {column} = '{{}}', id",
        ):
            guesses = [form.format(str(guess).replace("'", "''")) for guess in (value, "zz" + str(value)[::-1])]
            true, false = [await outcome(connector, text) for text in guesses]
            assert same(true) == same(false), form


def same(said: str) -> str:
    """Leave out what a time could change."""
    return said.split("elapsed", maxsplit=1)[0]


async def test_a_permit_for_masks_does_not_run_the_raw_text(shop: tuple[PostgresConnector, str]) -> None:
    connector, _ = shop
    text = "SELECT email FROM customers WHERE id = 1"
    async with connector.visit(Statement(text=text), name="assent:hostile:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        honest = permit(reading)
        forged: Any = type(honest)(**{**{name: getattr(honest, name) for name in honest.__slots__}, "text": text})
        with pytest.raises(SourceError, match="differs"):
            await visit.run(forged)
