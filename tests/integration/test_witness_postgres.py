"""The second witness against live servers: what each statement of the corpus is read as, and attacks on the witness."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

import asyncpg
import pytest

from core.catalog import Oid, Protection, Snapshot, Tagged
from core.classify.postgres import Access, Parsed, Witnessed, extend, parse, witness
from core.connectors.postgres.catalog import queries, snapshot
from core.connectors.postgres.catalog.extent import reached
from core.connectors.postgres.connection.link import Link
from core.masking.declared import Accepted
from core.masking.protection import protect
from core.model import Doubt, Fact, Form, Unreadable, Verb
from tests.generate.record import dump

SECURITY = Path(__file__).parents[1] / "security"
SCHEMA = (SECURITY / "postgres_schema.sql").read_text("utf-8")
TAGS = {
    "care.member.mail": "pii.email",
    "care.member.passport": "pii.id",
    "care.member.born": "pii.born",
    "care.member.income": "pii.income",
    "care.member.note": "pii.note",
    "care.member.prefs": "pii.prefs",
}
VERSIONS = (15, 16, 17, 18)
HOSTILE = ' (){}\\:"<>\n\t\u00a0\u3000ab1'


@dataclass(frozen=True)
class Driven:
    """What a link asks, asked by the driver alone."""

    connection: Any

    async def ask(self, text: str, *arguments: str) -> Any:
        return await self.connection.fetchval(text, *arguments)

    async def tell(self, text: str) -> None:
        await self.connection.execute(text)


@dataclass(frozen=True)
class Ground:
    """A live database, its snapshot and effective tags."""

    connection: Any
    snapshot: Snapshot
    protection: Protection

    async def read(self, text: str, parameters: int = 0) -> Witnessed | Unreadable | None:
        """Read a text by both witnesses; None: the server refused it."""
        parsed = parse(text, (None,) * parameters)
        if isinstance(parsed, Unreadable):
            return parsed
        heard = await dump(self.connection, parsed.heard) if parsed.witnessed else ""
        if heard is None:
            return None
        found = witness(parsed, heard, self.snapshot, self.protection)
        if isinstance(found, Unreadable) or found.reaches is None:
            return found
        async with self.connection.transaction():  # `reached` takes savepoints
            listed = await reached(cast("Link", Driven(self.connection)), found.reaches)
        return listed if isinstance(listed, Unreadable) else extend(found, listed, self.snapshot, self.protection)

    async def must(self, text: str) -> Witnessed:
        """Read a text that is readable."""
        found = await self.read(text)
        assert isinstance(found, Witnessed), (text, found)
        return found


async def load(connection: Any) -> Snapshot:
    me = await connection.fetchval("select current_user")
    document = snapshot.read(await connection.fetchrow(queries.SNAPSHOT, me, me))
    shape = snapshot.Shape(search_path=("care", "public"), reader=me, writer=me, views_role="assent_views")
    return snapshot.build(document, shape)


@asynccontextmanager
async def standing(database: Callable[..., Any], version: int) -> AsyncIterator[Ground]:
    """A server of this version with the schema, read and tagged, until the block ends."""
    connection = await asyncpg.connect(await database(SCHEMA, version=version), statement_cache_size=0)
    known = await load(connection)
    await connection.execute("SET search_path = care, public")
    yield Ground(connection, known, protect(known, TAGS, {"pii.email": "last4"}, enforced=False))
    await connection.close()


@pytest.fixture(params=VERSIONS)
async def ground(request: pytest.FixtureRequest, database: Callable[..., Any]) -> Any:
    async with standing(database, request.param) as made:
        yield made


def cases() -> list[tuple[str, str, str]]:
    text = (SECURITY / "postgres_statements.sql").read_text("utf-8")
    found = []
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("--")]
        if lines:
            expected, _, absent = lines[-1].partition(" ; not on ")
            found.append(("\n".join(lines[:-1]), expected, absent))
    return found


def outcome(found: Witnessed | Unreadable) -> str:
    if isinstance(found, Unreadable):
        return f"! {found.doubt}"
    reading = found.reading
    masked = ["masked"] if any(mask.at_source for mask in reading.masks) else []
    return " ".join(["=", ",".join(sorted(reading.verbs)), *masked, *sorted(reading.facts)])


def used(text: str) -> int:
    return max((number for number in (1, 2) if f"${number}" in text and "$$" not in text), default=0)


async def test_each_statement_of_the_corpus_is_read_as_it_says(ground: Ground) -> None:
    version = str(ground.snapshot.version // 10_000)
    wrong = []
    for text, expected, absent in cases():
        found = await ground.read(text, used(text))
        if found is None:
            if version not in absent.split(","):
                wrong.append((text, expected, "refused by the server"))
        elif outcome(found) != expected:
            wrong.append((text, expected, outcome(found) + str(found)[:200]))
        elif isinstance(found, Witnessed) and not found.reading.masks and found.reading.form is Form.ROWS:
            assert found.reading.text == text
    assert not wrong
    assert len(cases()) > 400


async def test_no_statement_that_the_server_calls_a_write_is_read_as_a_read(ground: Ground) -> None:
    """The server is the oracle: what needs more than SELECT, or changes inside READ ONLY, is never only `read`."""
    for text, _, _ in cases():
        found = await ground.read(text, used(text))
        if isinstance(found, Witnessed) and found.reading.verbs == {Verb.READ} and not used(text):
            transaction = ground.connection.transaction(readonly=True)
            await transaction.start()
            try:
                plan = await ground.connection.fetchval(f"EXPLAIN (FORMAT JSON) {text}")
                assert '"ModifyTable"' not in plan, text
                assert '"LockRows"' not in plan, text
            except asyncpg.PostgresSyntaxError:
                assert found.reading.form is not Form.ROWS, text
            finally:
                await transaction.rollback()


async def test_masked_text_shows_masks_and_nothing_else_of_a_protected_value(ground: Ground) -> None:
    await ground.connection.execute(
        "INSERT INTO care.member (id, plan, mail, passport, born, income, note, prefs) VALUES "
        "(1, 'gold', 'canary.mail@x.test', 'CANARYPASS', '1971-02-03', 987654, 'canary note', '{\"canary\": 1}')"
    )
    shown = 0
    for text, expected, _ in cases():
        if " masked" not in expected or not expected.startswith("= read"):
            continue
        found = await ground.read(text)
        if not isinstance(found, Witnessed):
            continue
        assert found.reading.text != text
        try:
            rows = str(await ground.connection.fetch(found.reading.text))
        except (asyncpg.PostgresError, asyncpg.exceptions.UnsupportedClientFeatureError):
            continue
        shown += 1
        for canary in ("canary", "CANARY", "1971", "987654"):
            assert canary not in rows, (text, found.reading.text, rows)
    assert shown > 30


async def test_in_enforced_form_the_name_of_the_masking_view_stands_in_the_agents_bytes(ground: Ground) -> None:
    await ground.connection.execute(
        "CREATE SCHEMA care__masked; CREATE SCHEMA care__only; CREATE VIEW care__masked.member AS SELECT id, plan, "
        "'***'::text AS mail, '***'::text AS passport, NULL::date AS born, NULL::numeric AS income, '***'::text AS "
        "note, NULL::jsonb AS prefs, '***'::text AS mail_low, mood FROM care.member"
    )
    known = replace(await load(ground.connection), owned_schemas=frozenset({"care__masked"}))
    member = known.names["care", "member"]
    enforced = replace(
        ground.protection,
        tainted=frozenset({member}),
        closed={},
        replacement={member: "care__masked.member"},
        replacement_only={member: "care__masked.member"},
    )
    there = Ground(ground.connection, known, enforced)
    for before, after in {
        "SELECT mail /* FROM care.member */ FROM care.member": 'care__masked.member AS "member"',
        "SELECT m.mail FROM Care.Member AS m": "care__masked.member AS m",
        "SELECT care.member.mail FROM ONLY (care.member)": "SELECT member.mail",
        'SELECT \'ü\', "member".mail, $$care.member$$ FROM "care" . "member"  , care.visit': "$$ FROM care__m",
    }.items():
        found = await there.must(before)
        assert after in found.reading.text
        assert known.names["care__masked", "member"] in found.closure
        await ground.connection.fetch(found.reading.text)
    refused = await there.read("SELECT mail FROM care__masked.member")
    assert isinstance(refused, Unreadable)
    assert refused.doubt is Doubt.CLOSED


async def test_a_replacement_that_reads_as_anything_else_is_refused(ground: Ground) -> None:
    """Whatever a replacement holds, the new tree is the old one with that relation in its place, or nothing runs."""
    member = ground.snapshot.names["care", "member"]
    for text in ("care.visit, care.member", "care.visit x, (SELECT * FROM care.member)"):
        wrong = replace(ground.protection, replacement={member: text}, replacement_only={member: text})
        there = replace(ground, protection=wrong)
        found = await there.read("SELECT plan, mail FROM care.member")
        assert isinstance(found, Unreadable)
        assert found.doubt is Doubt.PROTECTED


async def test_a_dump_of_another_statement_disagrees(ground: Ground) -> None:
    texts = (
        "SELECT 1",
        "SELECT id FROM care.visit",
        "SELECT mail FROM care.member",
        "SELECT a.id FROM care.visit a, care.visit b",
    )
    for written in texts:
        for heard in texts:
            parsed = parse(written)
            assert isinstance(parsed, Parsed)
            tree = await dump(ground.connection, heard)
            found = witness(parsed, tree or "", ground.snapshot, ground.protection)
            fewer = written == "SELECT id FROM care.visit" and heard == texts[3]
            if written != heard and not fewer:
                assert isinstance(found, Unreadable)
                assert found.doubt is Doubt.DISAGREE
    nothing = witness(cast("Parsed", parse("SELECT 1")), "", ground.snapshot, ground.protection)
    assert isinstance(nothing, Unreadable)
    assert nothing.doubt is Doubt.UNAVAILABLE


async def test_a_write_under_the_parsers_word_of_a_read_disagrees(ground: Ground) -> None:
    parsed = parse("SELECT id FROM care.visit")
    assert isinstance(parsed, Parsed)
    for text in (
        "DELETE FROM care.visit",
        "SELECT id FROM care.visit FOR UPDATE",
        "INSERT INTO care.visit(id) VALUES (1)",
    ):
        found = witness(parsed, await dump(ground.connection, text) or "", ground.snapshot, ground.protection)
        assert isinstance(found, Unreadable)
        assert found.doubt is Doubt.DISAGREE
    other = witness(
        replace(parsed, access=Access.WRITE),
        await dump(ground.connection, parsed.text) or "",
        ground.snapshot,
        ground.protection,
    )
    assert isinstance(other, Unreadable)


MORE_THAN_A_READ: Final = (
    (":commandType 1", ":commandType 4", "a command inside"),
    (":resultRelation 0", ":resultRelation 1", "a command inside"),
    (":hasModifyingCTE false", ":hasModifyingCTE true", "changes or locks inside"),
    (":hasForUpdate false", ":hasForUpdate true", "changes or locks inside"),
    (":requiredPerms 2", ":requiredPerms 10", "more than SELECT needed"),
)


async def test_each_word_of_the_tree_that_says_more_than_a_read_disagrees_alone(ground: Ground) -> None:
    parsed = parse("SELECT id FROM care.visit")
    assert isinstance(parsed, Parsed)
    heard = (await dump(ground.connection, parsed.text) or "").replace("\n", " ")  # the server's fold
    assert isinstance(witness(parsed, heard, ground.snapshot, ground.protection), Witnessed)
    for said, instead, detail in MORE_THAN_A_READ:
        assert heard.count(said) == 1
        found = witness(parsed, heard.replace(said, instead), ground.snapshot, ground.protection)
        assert isinstance(found, Unreadable)
        assert (found.doubt, found.detail) == (Doubt.DISAGREE, detail)


async def test_a_parameter_beyond_the_calls_own_disagrees(ground: Ground) -> None:
    parsed = parse("SELECT id FROM care.visit")
    assert isinstance(parsed, Parsed)
    heard = await dump(ground.connection, "SELECT id, $1::text FROM care.visit") or ""
    found = witness(parsed, heard, ground.snapshot, ground.protection)
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.DISAGREE


async def test_an_unknown_relation_or_column_is_never_taken_for_an_untagged_one(ground: Ground) -> None:
    text = "SELECT mail FROM care.member"
    parsed = parse(text)
    assert isinstance(parsed, Parsed)
    heard = await dump(ground.connection, text) or ""
    member = ground.snapshot.names["care", "member"]
    relation = ground.snapshot.relations[member]
    fewer = {number: found for number, found in relation.attributes.items() if found.name != "mail"}
    for known in (
        replace(
            ground.snapshot, relations={o: r for o, r in ground.snapshot.relations.items() if o != member}, names={}
        ),
        replace(
            ground.snapshot,
            relations={**ground.snapshot.relations, member: replace(relation, attributes=fewer)},
        ),
    ):
        found = witness(parsed, heard, known, Protection(tags={}, tainted=frozenset(), closed={}))
        assert isinstance(found, Unreadable)
        assert found.doubt is Doubt.MISSING


async def test_no_text_names_a_schema_that_is_ours(ground: Ground) -> None:
    ours = replace(ground, snapshot=replace(ground.snapshot, owned_schemas=frozenset({"care"})))
    found = await ours.read("SELECT id FROM care.visit")
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.CLOSED


async def test_each_listed_catalog_reads_by_its_listed_columns(ground: Ground) -> None:
    major = ground.snapshot.version // 10_000
    path = Path(__file__).parents[2] / f"core/classify/postgres/data/catalogs.{major}.txt"
    for line in path.read_text("utf-8").splitlines():
        name, *columns = line.split(" ")
        found = await ground.must(f"SELECT {', '.join(columns)} FROM {name}")
        assert found.reading.verbs == {Verb.READ}


async def test_last_values_of_sequences_are_not_shown_where_one_numbers_protected_values(ground: Ground) -> None:
    await ground.connection.execute(
        "CREATE TABLE care.account (id int, number int GENERATED ALWAYS AS IDENTITY);"
        "CREATE TABLE care.issue (id serial, number int DEFAULT nextval('care.numbers'));"
        "CREATE VIEW care.last AS SELECT sequencename, last_value FROM pg_sequences"
    )
    known = await load(ground.connection)
    telling = (
        "SELECT last_value FROM pg_sequences",
        "SELECT s FROM pg_sequences s",
        "SELECT * FROM care.last",
        "SELECT pg_sequence_last_value(oid) FROM pg_class WHERE relkind = 'S'",
    )
    for column, told in (("account.number", True), ("issue.number", True), ("issue.id", True), ("account.id", False)):
        tagged = protect(known, {f"care.{column}": "pii.id"}, {}, enforced=False)
        again = replace(ground, snapshot=known, protection=tagged)
        await again.must("SELECT schemaname, sequencename, max_value FROM pg_sequences")
        for text in telling:
            found = await again.read(text)
            assert (isinstance(found, Unreadable) and found.doubt is Doubt.PROTECTED) is told, (column, text, found)


async def test_a_users_view_over_statistics_shows_none_even_beside_a_listed_view(ground: Ground) -> None:
    await ground.connection.execute(
        "CREATE VIEW care.leak AS SELECT n_distinct, histogram_bounds::text AS bounds FROM pg_stats; "
        "CREATE VIEW care.defs AS SELECT adbin FROM pg_attrdef"
    )
    there = replace(ground, snapshot=await load(ground.connection))
    for text in (
        "SELECT bounds FROM care.leak",
        "SELECT * FROM care.leak, information_schema.columns",
        "SELECT * FROM information_schema.columns c, care.defs d",
    ):
        found = await there.read(text)
        assert isinstance(found, Unreadable)
        assert found.doubt is Doubt.CATALOG


async def test_hostile_names_never_move_a_column_to_another_relation(ground: Ground) -> None:
    chance = random.Random(7)  # noqa: S311 - the same names in every run
    read = 0
    for _ in range(400):
        drawn = ["".join(chance.choices(HOSTILE, k=chance.randint(1, 60))) for _ in range(3)]
        names = [name.encode()[:60].decode(errors="ignore") for name in drawn]
        alias, column, table = ('"' + (name or "x").replace('"', '""') + '"' for name in names)
        inner = f"WITH {table} AS (SELECT fee AS {column} FROM care.visit)"
        text = f"{inner} SELECT {alias}.id, {column} FROM care.empty, care.visit {alias}, {table}"
        found = await asyncio.wait_for(ground.read(text), 20)
        if isinstance(found, Witnessed):
            read += 1
            assert {(c.relation, c.name) for c in found.reading.columns} == {
                ("care.visit", "id"),
                ("care.visit", "fee"),
            }
            assert {pair.thing.name for pair in found.reading.pairs} == {"care.visit", "care.empty"}
    assert read > 20


async def test_the_digest_follows_tree_stamp_and_tags(ground: Ground) -> None:
    text = "SELECT id FROM care.visit WHERE fee > 1"
    first = (await ground.must(text)).reading.tree
    assert (await ground.must(text)).reading.tree == first
    assert (await ground.must(text.replace("1", "2"))).reading.tree != first
    visit = ground.snapshot.names["care", "visit"]
    moved = replace(ground.snapshot, stamp={**ground.snapshot.stamp, visit: "other"})
    assert (await replace(ground, snapshot=moved).must(text)).reading.tree != first
    retagged = replace(ground.protection, version="other")
    assert (await replace(ground, protection=retagged).must(text)).reading.tree != first


async def test_lineage_names_the_stored_columns_behind_each_output(ground: Ground) -> None:
    found = await ground.must(
        "WITH c AS (SELECT id, lower(mail) AS m FROM care.member) SELECT c.m, v.fee + 1, count(*), x.id "
        "FROM c JOIN care.visit v USING (id) JOIN care.members x ON x.id = c.id GROUP BY 1, 2, 4"
    )
    named = [{f"{c.relation}.{c.name}" for c in output} for output in found.reading.outputs]
    assert named[0] == {"care.member.mail"}
    assert named[1] == {"care.visit.fee"}
    assert named[2] == set()
    assert "care.member.id" in named[3]
    union = await ground.must("SELECT mail FROM care.member UNION SELECT memo FROM care.visit")
    assert {c.name for c in union.reading.outputs[0]} == {"mail", "memo"}


async def test_index_order_asks_for_plans_without_index_scans(ground: Ground) -> None:
    member = ground.snapshot.names["care", "member"]
    hot = replace(ground.protection, index_order=frozenset({member}))
    assert (await replace(ground, protection=hot).must("SELECT id FROM care.member")).index_scans_off
    assert not (await replace(ground, protection=hot).must("SELECT id FROM care.visit")).index_scans_off


async def test_a_closed_relation_and_a_shut_source_are_refused_with_their_sentences(ground: Ground) -> None:
    visit = ground.snapshot.names["care", "visit"]
    closed = replace(ground.protection, closed={visit: "Closed for a reason."})
    for shut in (closed, replace(ground.protection, shut="Shut for a reason.")):
        for text in ("SELECT id FROM care.visit", "UPDATE care.visit SET fee = 1", "SELECT id FROM care.visits"):
            found = await replace(ground, protection=shut).read(text)
            assert isinstance(found, Unreadable)
            assert found.doubt is Doubt.CLOSED
            assert "for a reason" in found.sentence


async def test_free_text_columns_stay_as_they_are_but_their_tag_is_told(ground: Ground) -> None:
    visit = ground.snapshot.names["care", "visit"]
    number = ground.snapshot.relations[visit].column["memo"].number
    tags = {**ground.protection.tags, visit: {number: Tagged(tag="free", mask="free_text", why="declared")}}
    found = await replace(ground, protection=replace(ground.protection, tags=tags)).must("SELECT memo FROM care.visit")
    assert found.reading.text == found.reading.statement
    assert found.reading.tags == {"care.visit": frozenset({"free"})}


async def test_cascades_reach_the_children_and_their_triggers(ground: Ground) -> None:
    found = await ground.must("DELETE FROM care.member WHERE id = 1")
    assert {(pair.thing.name, pair.verb) for pair in found.reading.pairs} == {
        ("care.member", Verb.DELETE),
        ("care.visit", Verb.DELETE),
    }
    assert {Fact.CASCADES, Fact.FIRES_TRIGGERS} <= found.reading.facts


async def test_a_version_without_a_field_table_is_refused(ground: Ground) -> None:
    text = "SELECT id FROM care.visit"
    heard = await dump(ground.connection, text) or ""
    for version in (140_000, 190_000, 200_000):
        found = witness(
            cast("Parsed", parse(text)), heard, replace(ground.snapshot, version=version), ground.protection
        )
        assert isinstance(found, Unreadable)
        assert found.doubt is Doubt.UNAVAILABLE


async def test_the_weight_of_a_dump_is_bounded(ground: Ground) -> None:
    huge = "({QUERY " + "a " * 600_000
    found = witness(cast("Parsed", parse("SELECT 1")), huge, ground.snapshot, ground.protection)
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.LIMITS


async def test_witnesses_may_be_asked_from_threads(ground: Ground) -> None:
    heard = await dump(ground.connection, "SELECT id FROM care.visit") or ""

    def once() -> Witnessed | Unreadable:
        return witness(cast("Parsed", parse("SELECT id FROM care.visit")), heard, ground.snapshot, ground.protection)

    found = await asyncio.gather(*(asyncio.to_thread(once) for _ in range(20)))
    assert all(isinstance(each, Witnessed) for each in found)
    assert Oid(0) not in cast("Witnessed", found[0]).closure


KEPT = {
    "ranked": ("SELECT id, mail, row_number() OVER (ORDER BY income) AS r FROM care.member", "r"),
    "behind": ("WITH m AS (SELECT id, mail, rank() OVER (ORDER BY income) AS r FROM care.member) TABLE m", "r"),
    "counted": (
        "SELECT plan, max(mail) AS mail, count(*) FILTER (WHERE income > 5) AS n FROM care.member GROUP BY 1",
        "n",
    ),
    "sorted": ("SELECT id, mail FROM care.member ORDER BY income", "id"),
    "chosen": ("SELECT DISTINCT ON (plan) plan, mail FROM care.member ORDER BY plan, income", "plan"),
    "cut": ("SELECT id, mail FROM care.member LIMIT (SELECT income::int FROM care.member WHERE id = 1)", "count(*)"),
    "repeated": ("SELECT id, mail FROM care.member, generate_series(1, income::int)", "id"),
    "series": ("SELECT id, mail, generate_series(1, income::int) AS g FROM care.member", "id"),
    "armed": (
        "SELECT id, mail, 1 AS k FROM care.member WHERE income > 5 UNION SELECT id, mail, 2 FROM care.member",
        "k",
    ),
    "paired": ("SELECT m.id, mail, fee FROM care.member m JOIN care.visit v ON v.fee = m.income", "fee"),
    "keyed": ("SELECT m.id, mail, v.id AS key FROM care.member m LEFT JOIN care.visit v ON v.fee = m.income", "key"),
    "asked": (
        "SELECT id, mail, (SELECT count(*) FROM care.member o WHERE o.income > m.income) AS n FROM care.member m",
        "n",
    ),
}


async def test_a_view_that_keeps_its_own_body_shows_no_order_count_or_partner_by_protected_values(
    ground: Ground,
) -> None:
    for name, (body, _) in KEPT.items():
        await ground.connection.execute(f"CREATE VIEW care.kept_{name} WITH (security_barrier) AS {body}")
    plain = "SELECT m.id, m.mail, v.fee FROM care.member m JOIN care.visit v ON v.member_id = m.id WHERE income > 5"
    await ground.connection.execute(f"CREATE VIEW care.kept_plain WITH (security_barrier) AS {plain}")
    known = await load(ground.connection)
    tags = TAGS | {f"care.kept_{name}.mail": "pii.email" for name in (*KEPT, "plain")}
    opened = replace(ground, snapshot=known, protection=protect(known, tags, {}, enforced=False))
    for name, (_, shown) in KEPT.items():
        found = await opened.read(f"SELECT {shown} FROM care.kept_{name}")
        assert isinstance(found, Unreadable), name
        assert found.doubt is Doubt.PROTECTED
    reading = (await opened.must("SELECT id, mail, fee FROM care.kept_plain")).reading
    assert reading.notes == ("The view care.kept_plain chooses its rows by protected values.",)


async def test_a_view_that_keeps_its_own_body_shows_no_protected_column_without_a_tag(ground: Ground) -> None:
    """A tag on one of its columns opens the view, and not what else its body reads."""
    for name, kept in (("barrier", "WITH (security_barrier)"), ("believed", "")):
        await ground.connection.execute(
            f"CREATE VIEW care.{name} {kept} AS "
            "SELECT id, plan, mail, passport, length(passport) AS size FROM care.member"
        )
    known = await load(ground.connection)
    tags = TAGS | {f"care.{name}.mail": "pii.email" for name in ("barrier", "believed")}
    accepted = Accepted(trusted=frozenset({"care.believed"}))
    opened = replace(ground, snapshot=known, protection=protect(known, tags, {}, enforced=False, accepted=accepted))
    for name in ("barrier", "believed"):
        for shown in ("passport", "size", "v", "to_jsonb(v)", "count(*) FILTER (WHERE passport > 'a')"):
            found = await opened.read(f"SELECT {shown} FROM care.{name} v")
            assert isinstance(found, Unreadable), (name, shown)
            assert found.doubt is Doubt.PROTECTED
        inside = await opened.read(f"SELECT s FROM (SELECT id, size AS s FROM care.{name}) v")
        assert isinstance(inside, Unreadable)
        assert (await opened.must(f"SELECT id, plan, mail FROM care.{name}")).reading.masks
