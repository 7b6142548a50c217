"""Writes under both witnesses: every pair and fact, laundering refused, and reads that change nothing when they run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.classify.postgres import Witnessed, weigh, witness
from core.classify.postgres.text.parse import parse
from core.classify.postgres.tree.agree import catalogs
from core.masking.declared import Accepted
from core.masking.protection import protect
from core.model import Doubt, Fact, Unreadable, Verb
from tests.generate.record import dump
from tests.integration.test_witness_postgres import SCHEMA, SECURITY, TAGS, VERSIONS, Ground, cases, load, used

HELD = {f"care.holder.{name}": tag for name, tag in (("pass", "pii.id"), ("pay", "pii.income"), ("born", "pii.born"))}
WRITES = (SECURITY / "postgres_writes_schema.sql").read_text("utf-8")


@pytest.fixture(params=VERSIONS)
async def ground(request: pytest.FixtureRequest, database: Callable[..., Any]) -> Any:
    url = await database(SCHEMA + WRITES, version=request.param)
    connection = await asyncpg.connect(url, statement_cache_size=0)
    known = await load(connection)
    await connection.execute("SET search_path = care, public")
    yield Ground(connection, known, protect(known, TAGS | HELD, {"pii.email": "last4"}, enforced=False))
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
    assert wrong == []
    assert len(writes()) >= 400


async def test_no_write_of_the_corpus_is_called_a_read(ground: Ground) -> None:
    for text, _ in writes():
        found = await ground.read(text, used(text))
        assert not isinstance(found, Witnessed) or found.reading.writes, text


async def test_a_domain_held_against_rows_tells_of_their_protected_values(ground: Ground) -> None:
    await ground.connection.execute("CREATE DOMAIN care.pid AS text; CREATE TABLE care.domed (id int, p care.pid[])")
    known = await load(ground.connection)
    tagged = protect(known, TAGS | {"care.domed.p": "pii.id"}, {}, enforced=False)
    again = replace(ground, snapshot=known, protection=tagged)
    for act in ("ADD CHECK (VALUE < 'M')", "VALIDATE CONSTRAINT c", "SET NOT NULL"):
        reading = (await again.must(f"ALTER DOMAIN care.pid {act}")).reading
        assert Fact.PREDICATE_ON_PROTECTED in reading.facts
        assert reading.tags["care.domed"] == {"pii.id"}
        assert {pair.thing.name for pair in reading.pairs} == {"care.pid", "care.domed"}
    for act in ("DROP NOT NULL", "ADD CHECK (VALUE < 'M') NOT VALID"):
        assert (await again.must(f"ALTER DOMAIN care.pid {act}")).reading.facts == frozenset()


async def test_a_shape_ends_with_the_objects_it_was_read_with(ground: Ground) -> None:
    """By identity: a view made anew, another table of that name, another overload are other shapes."""

    async def shape(text: str) -> object:
        again = replace(ground, snapshot=await load(ground.connection))
        likeness = (await again.must(text)).reading.likeness
        assert likeness is not None
        return likeness.shape

    texts = ("DELETE FROM visit WHERE id IN (SELECT id FROM plain) AND id = 1", "UPDATE log SET line = upper('x')")
    first = [await shape(text) for text in texts]
    assert await shape(texts[0].replace("= 1", "= 2")) == first[0]
    assert (await ground.must("CREATE TABLE care.new (id int)")).reading.likeness is None
    await ground.connection.execute(
        "CREATE OR REPLACE VIEW care.plain AS SELECT id, fee FROM care.visit WHERE id > 0; "
        "ALTER TABLE care.log RENAME TO older; CREATE TABLE care.log (id int, line text)"
    )
    assert not {await shape(text) for text in texts} & set(first)


async def test_a_write_that_is_not_refused_carries_no_protected_value_into_another_column(ground: Ground) -> None:
    """The server is the oracle: two runs over different protected values leave every other column the same."""
    texts = [text for text, expected in writes() if expected.startswith("=") and "care." in text and not used(text)]
    ran = 0
    for text in texts:
        said = dict(writes())[text]
        if "predicate_on_protected" in said or "nextval" in text or said.startswith("= control"):
            continue  # sequences do not roll back; which rows change is the one bit that people decide on
        left = [await after(ground.connection, text, twin) for twin in ("AAA", "ZZZZZZ")]
        ran += left[0] is not None
        assert left[0] == left[1], text
    assert ran > 40


async def test_no_table_is_made_of_the_rows_that_come_first_by_an_index_over_protected_values(ground: Ground) -> None:
    """`UNIQUE (plan, pass)` holds both: a scan along it gives the first plans in the order of what is protected."""
    for text in (
        "create table care.first as select plan from care.holder limit 1",
        "select plan into care.first from care.holder limit 1",
        "insert into care.log (line) select plan from care.holder limit 1",
        "insert into care.log (line) select plan from care.member where passport > 'a'",  # by an index on it alone
    ):
        assert (await ground.must(text)).index_scans_off, text
    assert not (await ground.must("create table care.first as select id from care.visit limit 1")).index_scans_off


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


async def test_a_second_rename_unmasks_no_column(ground: Ground) -> None:
    """`passport` becomes `plain`, then `plan` would become `passport`: the tag would stand on another column."""
    await ground.connection.execute("ALTER TABLE care.member RENAME COLUMN passport TO plain")
    known = await load(ground.connection)
    renamed = replace(ground, snapshot=known, protection=protect(known, TAGS | HELD, {}, enforced=False))
    for text in (
        "alter table care.member rename column plan to passport",
        "alter table care.member drop column plain",
        "drop table care.member",
        "comment on column care.member.plan is 'which plan'",
    ):
        found = await renamed.read(text)
        assert isinstance(found, Unreadable), text
        assert found.doubt is Doubt.CLOSED


async def test_no_table_leaves_its_parent_with_the_tags_that_it_has_from_there(ground: Ground) -> None:
    tags = {**TAGS, "care.event.kind": "pii.kind", "care.parent.kind": "pii.kind"}
    tagged = replace(ground, protection=protect(ground.snapshot, tags, {}, enforced=False))
    for text in (
        "alter table care.event detach partition care.event_1",
        "alter table care.child no inherit care.parent",
        "alter table care.event_1 add column x int, alter column kind drop not null",
    ):
        found = await tagged.read(text)
        if "drop not null" in text:
            assert isinstance(found, Witnessed)
            continue
        assert isinstance(found, Unreadable), text
        assert found.doubt is Doubt.LAUNDERS


async def test_free_text_is_copied_only_to_where_detectors_look(ground: Ground) -> None:
    tags = {"care.member.note": "free", "care.log.line": "free"}
    free = replace(ground, protection=protect(ground.snapshot, tags, {"free": "free_text"}, enforced=False))
    copied = await free.read("insert into care.visit (id, memo) select id, note from care.member")
    assert isinstance(copied, Unreadable)
    assert copied.doubt is Doubt.LAUNDERS
    for text in (
        "insert into care.log (line) select note from care.member",
        "update care.member set note = note || '.' where note like 'x%' returning note",
        "insert into care.visit (id, memo) select id, plan from care.member where note = 'x'",
    ):
        assert isinstance(await free.read(text), Witnessed), text


async def test_a_definition_whose_inside_another_tree_answers_for_disagrees(ground: Ground) -> None:
    parsed = parse("create table care.taken as select id from care.visit")
    assert not isinstance(parsed, Unreadable)
    heard = await dump(ground.connection, "select id from care.log")
    assert heard is not None
    found = witness(parsed, heard, ground.snapshot, ground.protection)
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.DISAGREE


TABLES = (
    "SELECT schemaname || '.' || relname AS name, n_tup_ins AS insert, n_tup_upd AS update, n_tup_del AS delete "
    "FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
)


async def test_each_write_changes_no_other_table_and_in_no_other_way_than_it_was_read(ground: Ground) -> None:
    """The server is the oracle: what its statistics of the transaction count stands among the pairs of the Reading."""
    ran = 0
    for text, expected in writes():
        found = await ground.read(text, used(text)) if expected.startswith("=") and not used(text) else None
        if not isinstance(found, Witnessed) or found.reading.verbs & {Verb.CONTROL, Verb.GRANT, Verb.DEFINE}:
            continue
        done = await counted(ground.connection, text)
        read = {(pair.thing.name, pair.verb.value) for pair in found.reading.pairs}
        if done is not None and Fact.FIRES_RULES not in found.reading.facts:
            ran += bool(done)
            assert done <= read, text
    assert ran > 30


async def counted(connection: Any, text: str) -> set[tuple[str, str]] | None:
    """Run a write over three rows of everything and undo it; None: the server refused it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute("SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '1s'")
        await connection.execute(ROWS)
        before = {(row["name"], verb): row[verb] for row in await connection.fetch(TABLES) for verb in VERBS}
        await connection.execute(text)
        after = {(row["name"], verb): row[verb] for row in await connection.fetch(TABLES) for verb in VERBS}
        return {key for key, number in after.items() if number > before.get(key, 0)}
    except asyncpg.PostgresError:
        return None
    finally:
        await transaction.rollback()


VERBS = ("insert", "update", "delete")
ROWS = """
INSERT INTO care.member (id, plan, mail, passport) SELECT n, 'gold', 'm' || n, 'p' || n FROM generate_series(1, 3) n;
INSERT INTO care.visit (id, member_id, memo, fee) SELECT n, n, 'm', n FROM generate_series(1, 3) n;
INSERT INTO care.empty SELECT n, 'b' || n FROM generate_series(1, 3) n;
INSERT INTO care.region (id, code) SELECT n, 'r' || n FROM generate_series(1, 3) n;
INSERT INTO care.office SELECT n, 'r' || n FROM generate_series(1, 3) n;
INSERT INTO care.sign SELECT n, 'R' || n FROM generate_series(1, 3) n;
INSERT INTO care.desk (id, office) SELECT n, n FROM generate_series(1, 3) n;
INSERT INTO care.chain SELECT n, 'r' || n FROM generate_series(1, 3) n;
INSERT INTO care.early SELECT n, n, n FROM generate_series(1, 3) n;
INSERT INTO care.late SELECT n, n FROM generate_series(1, 3) n;
INSERT INTO care.event VALUES ('2024-02-01', 'x'), ('2025-02-01', 'x');
INSERT INTO care.parent VALUES (1, 'x'); INSERT INTO care.child VALUES (1, 'x', 'y');
INSERT INTO care.copying VALUES (1, 'x'); INSERT INTO care.tenant VALUES (1, 'x', 'y');
INSERT INTO care.numbered (memo) VALUES ('x'); INSERT INTO care.log (line) VALUES ('x');
"""


async def test_rows_of_foreign_tables_are_said_to_be_counted_by_nobody(ground: Ground) -> None:
    await ground.connection.execute(
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER elsewhere FOREIGN DATA WRAPPER w; "
        "CREATE FOREIGN TABLE care.far (id int, line text) SERVER elsewhere; "
        "CREATE TABLE care.split (id int) PARTITION BY LIST (id); "
        "CREATE FOREIGN TABLE care.split_far PARTITION OF care.split FOR VALUES IN (1) SERVER elsewhere"
    )
    known = await load(ground.connection)
    free = Accepted(untagged=frozenset({"care.far", "care.split_far"}))
    again = replace(ground, snapshot=known, protection=protect(known, TAGS, {}, enforced=False, accepted=free))
    for text in ("insert into care.far values (1)", "insert into care.log (line) select line from care.far"):
        assert Fact.UNCOUNTED in (await again.must(text)).reading.facts, text
    assert Fact.UNCOUNTED in (await again.must("insert into care.split values (1)")).reading.facts
    assert Fact.UNCOUNTED not in (await again.must("insert into care.log (line) values ('x')")).reading.facts
