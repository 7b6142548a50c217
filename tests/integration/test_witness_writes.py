"""Writes under both witnesses: every pair and fact, laundering refused, and reads that change nothing when they run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.classify.postgres import Witnessed, weigh
from core.classify.postgres.agree import catalogs
from core.classify.postgres.parse import parse
from core.masking.protection import protect
from core.model import Unreadable, Verb
from tests.integration.test_witness_postgres import SCHEMA, SECURITY, TAGS, VERSIONS, Ground, cases, load, used

WRITES = (SECURITY / "postgres_writes_schema.sql").read_text("utf-8")


@pytest.fixture(params=VERSIONS)
async def ground(request: pytest.FixtureRequest, database: Callable[..., Any]) -> Any:
    url = await database(SCHEMA + WRITES, version=request.param)
    connection = await asyncpg.connect(url, statement_cache_size=0)
    known = await load(connection)
    await connection.execute("SET search_path = care, public")
    yield Ground(connection, known, protect(known, TAGS, {"pii.email": "last4"}, enforced=False))
    await connection.close()


def writes(path: Path = SECURITY / "postgres_writes.sql") -> list[tuple[str, str]]:
    blocks = [
        [line for line in block.splitlines() if not line.startswith("--")]
        for block in path.read_text("utf-8").split("\n\n")
    ]
    return [("\n".join(lines[:-1]), lines[-1]) for lines in blocks if lines]


def worded(found: Witnessed | Unreadable | None) -> str:
    match found:
        case None:
            return "refused by the server"
        case Unreadable(doubt=doubt):
            return f"! {doubt}"
        case Witnessed(reading=reading):
            pairs = ", ".join(sorted(f"{pair.verb.value} {pair.thing.name}" for pair in reading.pairs))
            facts = " ".join(sorted(fact.value for fact in reading.facts))
            return f"= {pairs} | {facts}" if facts else f"= {pairs}"


async def test_each_write_is_read_as_the_corpus_says(ground: Ground) -> None:
    wrong = []
    for text, expected in writes():
        found = worded(await ground.read(text, used(text)))
        if found != expected:
            wrong.append((text, expected, found))
    assert not wrong
    assert len(writes()) >= 80


async def test_no_write_of_the_corpus_is_called_a_read(ground: Ground) -> None:
    for text, _ in writes():
        found = await ground.read(text, used(text))
        assert not isinstance(found, Witnessed) or found.reading.writes, text


async def test_a_write_that_is_not_refused_carries_no_protected_value_into_another_column(ground: Ground) -> None:
    """The server is the oracle: two runs over different protected values leave every other column the same."""
    texts = [text for text, expected in writes() if expected.startswith("=") and "care." in text and not used(text)]
    ran = 0
    for text in texts:
        if "predicate_on_protected" in dict(writes())[text] or "nextval" in text:
            continue  # sequences do not roll back; which rows change is the one bit that people decide on
        left = [await after(ground.connection, text, twin) for twin in ("AAA", "ZZZZZZ")]
        ran += left[0] is not None
        assert left[0] == left[1], text
    assert ran > 40


SEED = (
    "INSERT INTO care.member (id, plan, mail, passport, born, income, note, prefs) SELECT n, 'gold', $1 || n, $1 || n, "
    "date '1980-01-01' + length($1) + n, length($1) * n, $1, jsonb_build_object('a', $1) FROM generate_series(1, 3) n"
)
NUMBERED = frozenset({"log", "numbered"})
PUBLIC = ("visit", "log", "empty", "desk", "office", "region", "numbered", "copying", "event", "early", "late")


async def after(connection: Any, text: str, twin: str) -> list[Any] | None:
    """Run a write over one twin, give every column without a tag, and undo it; None: the server refused it."""
    try:
        return await changed(connection, text, twin)
    except asyncpg.PostgresError:
        return None


async def changed(connection: Any, text: str, twin: str) -> list[Any]:
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(SEED, twin)
        await connection.execute(
            "INSERT INTO care.visit (id, member_id, memo) SELECT n, n, 'm' FROM generate_series(1, 3) n"
        )
        await connection.execute(text)
        seen: list[Any] = [await connection.fetch("SELECT id, plan, mood FROM care.member ORDER BY id")]
        for name in PUBLIC:
            shown = "(to_jsonb(x) - 'id' - 'at')::text" if name in NUMBERED else "x::text"  # sequences do not roll back
            seen.append(await connection.fetch(f"SELECT {shown} FROM care.{name} x ORDER BY 1"))
        return seen
    finally:
        await transaction.rollback()


LEFT = (
    "SELECT pg_current_xact_id_if_assigned()::text AS xid, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
    "AND pid = pg_backend_pid()) AS advisory, (SELECT count(*) FROM pg_listening_channels()) AS channels, "
    "(SELECT count(*) FROM pg_cursors WHERE is_holdable) AS cursors, (SELECT count(*) FROM pg_settings WHERE source = "
    "'session' AND name NOT IN ('search_path', 'statement_timeout')) AS settings, current_user::text AS me"
)


async def test_every_statement_called_a_read_changes_nothing_even_where_it_could(ground: Ground) -> None:
    """Run READ WRITE as an owner: no transaction id, no locks, channels, cursors or settings are left behind."""
    heard: list[Any] = []
    connection = ground.connection
    for channel in ("a", "x", "care"):
        await connection.add_listener(channel, lambda *message: heard.append(message))
    before = dict(await connection.fetchrow(LEFT))
    ran = 0
    for text, expected, _ in cases():
        found = await ground.read(text, used(text)) if expected.startswith("= read") else None
        if not isinstance(found, Witnessed) or found.reading.verbs != {Verb.READ} or used(text):
            continue
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("SET LOCAL statement_timeout = '5s'")
        try:
            await connection.fetch(found.reading.text)
            now = dict(await connection.fetchrow(LEFT))
        except (asyncpg.PostgresError, asyncpg.exceptions.UnsupportedClientFeatureError):
            now = before
        finally:
            await transaction.rollback()
        ran += now is not before
        assert now == before, text
    assert not heard
    assert ran > 150


async def test_each_listed_catalog_is_light_enough_to_be_asked_about(ground: Ground) -> None:
    for name in catalogs(ground.snapshot.version // 10_000):
        parsed = parse(f"SELECT 1 FROM {name}")
        assert not isinstance(parsed, Unreadable)
        assert weigh(parsed, ground.snapshot) is None, name
