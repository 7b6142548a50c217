"""What analysts ask is answered exactly as PostgreSQL answers it, and what is unusual is refused by its construct."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.connectors.postgres import PostgresConnector, harden
from core.connectors.postgres.catalog.checks import inspector
from core.connectors.postgres.connection import values
from core.connectors.postgres.connector import Options
from core.masking.hardening.wanted import Wish
from core.model import Dialect, Reading, Source, Unreadable
from core.ports import Statement
from tests.integration.connecting import Now, done, permit, teach
from tests.integration.shop import Make

SECURITY = Path(__file__).parents[1] / "security"
TAGS = {"shop.contact.mail": "pii.email", "shop.contact.phone": "pii.phone"}
MASKS = {"pii.*": "hide", "pii.email": "token"}
NUMBER = itertools.count()
VERSIONS = pytest.mark.parametrize("version", [15, 16, 17, 18])


def statements(name: str, version: int) -> list[str]:
    """Statements of a data file that this version knows."""
    found = []
    for block in (SECURITY / name).read_text("utf-8").split("\n\n"):
        text = "\n".join(line for line in block.splitlines() if not line.startswith("-- "))
        known, _, absent = text.rpartition("; not on ")
        if text.strip() and not (known and str(version) in absent.split(",")):
            found.append((known or text).strip())
    return found


@asynccontextmanager
async def hardened(database: Make, version: int, schema: str) -> AsyncIterator[tuple[PostgresConnector, str]]:
    """Give a connector to a hardened database and its owner's URL."""
    url = await database((SECURITY / schema).read_text("utf-8"), version=version)
    read_role = f"analyst_{next(NUMBER)}"
    wish = Wish(tags=TAGS, masks=MASKS, read_role=read_role)
    await harden.apply(url, wish, b"a" * 32)
    await done(url, f"ALTER ROLE {read_role} LOGIN PASSWORD 'r'; ANALYZE")
    connector = PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags=TAGS, enforced=True),
        read_url=f"postgresql://{read_role}:r@{url.rpartition('@')[2]}",
        write_url=None,
        masks=MASKS,
        clock=Now(),
        options=Options(search_path=("shop", "ext", "public")),
        inspect=inspector(wish, source="shop", secret=b"a" * 32, acknowledged=frozenset()),
    )
    await connector.open()
    try:
        yield connector, url
    finally:
        await connector.close()
        await done(url, f"DROP OWNED BY {read_role}")
        await done(url, f"DROP ROLE {read_role}")


async def raw(connector: PostgresConnector, url: str, role: str) -> Any:
    """Connect as the role itself, without anything of Assent in between but how values are printed."""
    connection = await asyncpg.connect(
        f"postgresql://{role}:r@{url.rpartition('@')[2]}", server_settings=dict(values.SETTINGS)
    )
    await connection.execute("SET search_path = shop, ext, public")
    teach(connection.get_settings(), (await connector.known()).read.types)
    return connection


async def answer(connector: PostgresConnector, text: str) -> tuple[list[str], list[tuple[Any, ...]]] | Unreadable:
    async with connector.visit(Statement(text=text), name="assent:analyst:1") as visit:
        reading = await visit.read()
        if isinstance(reading, Unreadable):
            return reading
        assert isinstance(reading, Reading)
        assert not reading.writes
        assert reading.text == text, text
        rows = await visit.run(permit(reading, returned_rows=5_000, returned_bytes=1 << 22))
    assert rows.cut is None, text
    return [column.name for column in rows.columns], [tuple(row) for row in rows.rows]


async def plain(connection: Any, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    prepared = await connection.prepare(text)
    rows = await prepared.fetch()
    return [attribute.name for attribute in prepared.get_attributes()], [tuple(row) for row in rows]


@VERSIONS
async def test_what_analysts_ask_is_answered_byte_for_byte(database: Make, version: int) -> None:
    asked = statements("analyst_statements.sql", version)
    wrong = []
    async with hardened(database, version, "analyst_schema.sql") as (connector, url):
        assert not (await connector.known()).protection.shut
        bare = await raw(connector, url, connector.role[0])
        for text in asked:
            found = await answer(connector, text)
            if isinstance(found, Unreadable):
                wrong.append((text, f"{found.doubt}: {found.sentence} {found.detail}"))
            elif repr(found) != repr(await plain(bare, text)):
                wrong.append((text, f"{found} is not {await plain(bare, text)}"))
        await bare.close()
    assert not wrong, "\n".join(f"{text}\n    {why}" for text, why in wrong)
    assert len(asked) >= 140


@VERSIONS
async def test_of_unfriendly_reads_a_fifth_at_most_is_refused_and_each_names_why(database: Make, version: int) -> None:
    wrong, refused = [], 0
    asked = [text.partition("\n; refused ") for text in statements("unfriendly_statements.sql", version)]
    async with hardened(database, version, "unfriendly_schema.sql") as (connector, url):
        assert not (await connector.known()).protection.shut
        bare = await raw(connector, url, connector.role[0])
        for text, _, named in asked:
            found = await answer(connector, text)
            refused += isinstance(found, Unreadable)
            if isinstance(found, Unreadable):
                if not named or named not in found.sentence:
                    wrong.append((text, f"{found.doubt}: {found.sentence} {found.detail}"))
            elif named or repr(found) != repr(await plain(bare, text)):
                wrong.append((text, f"{found} is not {'refused' if named else await plain(bare, text)}"))
        await bare.close()
    assert not wrong, "\n".join(f"{text}\n    {why}" for text, why in wrong)
    assert refused / len(asked) <= 0.19, f"{refused} of {len(asked)}"


# A mistake in the agent's own text -> what is said of it, and what may have been meant.
MISTAKES = (
    (
        "SELECT id,\n  nam FROM customer",
        "it up with describe_table. SQLSTATE 42703, line 2, column 3, at “nam”.",
        ("shop.customer has no column nam; did you mean name?",),
    ),
    (
        "SELECT c.contry FROM customer c JOIN orders o ON true",
        "at “c.contry”",
        ("shop.customer has no column contry; did you mean country?",),
    ),
    ("SELECT o.contry FROM customer c JOIN orders o ON true", "at “o.contry”", ()),
    ("SELECT emial FROM contact", "at “emial”", ("shop.contact has no column emial; did you mean mail?",)),
    ("SELECT 1 FROM custmer", "SQLSTATE 42P01, line 1, column 15, at “custmer”", ("Did you mean shop.customer?",)),
    ("SELECT 1 FROM public.customer", "at “public.customer”", ("Did you mean shop.customer?",)),
    ("SELECT odr.id FROM orders ord", "at “odr.id”", ("FROM has no odr; did you mean ord?",)),
    ("SELECT lenght(name) FROM customer", "at “lenght”", ("Did you mean the function length?",)),
    ("SELECT 'é', x.* FROM (SELECT 1) y", "SQLSTATE 42P01, line 1, column 13, at “x”", ()),
    (
        "EXPLAIN SELECT nam FROM customer",
        "line 1, column 16, at “nam”",
        ("shop.customer has no column nam; did you mean name?",),
    ),
    ("SELECT '2025-13-45'::date", "SQLSTATE 22008, line 1, column 8, at “'”", ()),
    ("SELECT id, count(*) FROM orders", "SQLSTATE 42803, line 1, column 8, at “id”", ()),
    (
        "SELECT id FROM orders o JOIN line l ON true JOIN customer ON true",
        "SQLSTATE 42702, line 1, column 8, at “id”",
        (),
    ),
    (
        "SELECT FROM WHERE 1",
        "This is not valid PostgreSQL; check the statement's syntax (line 1, column 13, at “WHERE”).",
        (),
    ),
    ("SELECT roel FROM pg_roles", "SQLSTATE 42703", ()),
    ("SELECT 1 FROM shop__masked.contac", "SQLSTATE 42P01", ("Did you mean shop.contact?",)),
)


@VERSIONS
async def test_a_mistake_is_told_with_its_place_and_what_may_have_been_meant(database: Make, version: int) -> None:
    async with hardened(database, version, "analyst_schema.sql") as (connector, _):
        for text, said, hinted in MISTAKES:
            found = await answer(connector, text)
            assert isinstance(found, Unreadable), text
            assert said in found.sentence, (text, found.sentence)
            assert tuple(hint.sentence for hint in found.hints) == hinted, text
            assert all(hint.table in hint.sentence for hint in found.hints)


async def test_a_mistake_is_told_in_no_word_of_the_database_and_without_values(database: Make) -> None:
    """The server's own messages quote values and names: of them only code and place are used."""
    async with hardened(database, 18, "analyst_schema.sql") as (connector, url):
        await done(url, "CREATE TABLE shop.secret (codename text); REVOKE ALL ON shop.secret FROM PUBLIC")
        for text in (
            "SELECT 'tops3cret'::int",
            "SELECT '{\"tops3cret\": x}'::json",
            "SELECT 'tops3cret'::shop.nothing",
            "SELECT 1 FROM shop.secre",
            "SELECT codenam FROM shop.customer",
            "SELECT codenam FROM shop.secret",
        ):
            found = await answer(connector, text)
            assert isinstance(found, Unreadable), text
            told = repr((found.sentence, found.hints))
            assert "tops3cret" not in told, told
            assert "codename" not in told, told
            assert "secret" not in told.replace("“shop.secre”", ""), told
