"""Definitions: what they reach beyond what they name is listed, exactly that goes, and nothing else is committed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from core.classify.postgres import Fallen, Reach, Reaches
from core.connectors.postgres import Options, PostgresConnector
from core.connectors.postgres.catalog.extent import kept
from core.connectors.postgres.connection.link import Link
from core.connectors.postgres.rooms import remembering
from core.errors import Drifted
from core.model import Dialect, Doubt, Fact, Reading, Source, Unreadable, Verb
from core.ports import Statement
from tests.generate.cases import SCHEMA
from tests.integration.connecting import READER, ROLES, Now, as_role, done, permit, told, untagged

Database = Callable[..., Coroutine[Any, Any, str]]
VERSIONS: Final = pytest.mark.parametrize("version", [15, 16, 17, 18])
PATH: Final = ("care", "shop", "hr", "app", "public")
DROPS: Final = Path(__file__).parents[1] / "security/postgres_drops.sql"
# Everything in the database that is not the server's own, by catalog: what is missing afterwards went.
OBJECTS: Final = """
SELECT i.type, i.identity, CASE WHEN o.part > 0 THEN (pg_identify_object(o.class, o.id, 0)).identity END AS whole FROM (
  SELECT 'pg_class'::regclass, oid, 0 FROM pg_class UNION ALL SELECT 'pg_type'::regclass, oid, 0 FROM pg_type
  UNION ALL SELECT 'pg_proc'::regclass, oid, 0 FROM pg_proc
  UNION ALL SELECT 'pg_constraint'::regclass, oid, 0 FROM pg_constraint
  UNION ALL SELECT 'pg_trigger'::regclass, oid, 0 FROM pg_trigger
  UNION ALL SELECT 'pg_rewrite'::regclass, oid, 0 FROM pg_rewrite
  UNION ALL SELECT 'pg_policy'::regclass, oid, 0 FROM pg_policy
  UNION ALL SELECT 'pg_attrdef'::regclass, oid, 0 FROM pg_attrdef
  UNION ALL SELECT 'pg_operator'::regclass, oid, 0 FROM pg_operator
  UNION ALL SELECT 'pg_cast'::regclass, oid, 0 FROM pg_cast
  UNION ALL SELECT 'pg_namespace'::regclass, oid, 0 FROM pg_namespace
  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, 0 FROM pg_statistic_ext
  UNION ALL SELECT 'pg_class'::regclass, attrelid, attnum FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
) AS o(class, id, part) CROSS JOIN LATERAL pg_identify_object(o.class, o.id, o.part) AS i WHERE o.id >= 16384
"""


@asynccontextmanager
async def world(database: Database, version: int = 18) -> AsyncIterator[tuple[PostgresConnector, str]]:
    """The corpus's schema, untagged, behind a connector whose write role owns all of it."""
    url = await database(SCHEMA.read_text("utf-8") + ROLES, version=version)
    await done(url, f"GRANT USAGE ON SCHEMA care, shop, hr, app TO {READER}")
    async with connected(url) as connector:
        yield connector, url


@asynccontextmanager
async def connected(url: str, tags: Mapping[str, str] | None = None) -> AsyncIterator[PostgresConnector]:
    connector = PostgresConnector(
        Source(name="corpus", dialect=Dialect.POSTGRES, tags=tags or {}, enforced=False),
        read_url=as_role(url, READER),
        write_url=url,
        masks={},
        clock=Now(),
        options=Options(search_path=PATH),
        rooms=remembering(),
        protect=untagged if tags is None else None,
    )
    await connector.open()
    try:
        yield connector
    finally:
        await connector.close()


async def seen(connector: PostgresConnector, text: str) -> tuple[Reading | Unreadable, tuple[Fallen, ...]]:
    async with connector.visit(Statement(text=text), name="assent:drops:1") as visit:
        found = await visit.read()
        held = getattr(visit, "_witnessing").held  # noqa: B009 - what the visit keeps to itself
        return found, () if held is None else held.witnessed.listed


async def ran(connector: PostgresConnector, text: str, *, commit: bool = False) -> None:
    async with connector.visit(Statement(text=text), name="assent:drops:2") as visit:
        found = await visit.read()
        assert isinstance(found, Reading), text
        await visit.run(permit(found))
        if commit:
            await visit.commit()


async def gone(owner: Any, text: str) -> frozenset[tuple[str, str]]:
    """Run a statement, see what is missing, and undo it."""
    await owner.execute(f"BEGIN; SET LOCAL search_path = {', '.join(PATH)}")
    try:
        before = await owner.fetch(OBJECTS)
        await owner.execute(text)
        after = {tuple(row[:2]) for row in await owner.fetch(OBJECTS)}
        missing = [row for row in before if tuple(row[:2]) not in after]
        wholes = {row["identity"] for row in missing}
        return frozenset((row["type"], row["identity"]) for row in missing if row["whole"] not in wholes)
    finally:
        await owner.execute("ROLLBACK")


def drops() -> list[str]:
    lines = DROPS.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("--")]


@VERSIONS
async def test_what_a_drop_takes_along_is_listed_and_is_what_goes(database: Database, version: int) -> None:
    """The server is the oracle: all that was there before and is missing afterwards."""
    async with world(database, version) as (connector, url):
        owner = await asyncpg.connect(url)
        for text in drops() if version == 18 else drops()[version % 6 :: 6]:
            found, listed = await seen(connector, text)
            assert isinstance(found, Reading), text
            cascades = "cascade" in text.lower()
            went = {(each.kind, each.identity) for each in listed if cascades or each.named or not each.apart}
            told_of = {(each.kind, each.identity) for each in listed if each.named or (cascades and each.apart)}
            missing = await gone(owner, text)
            assert missing <= went, (text, missing - went)
            assert told_of <= missing, (text, told_of - missing)
            assert bool(told_of - {(e.kind, e.identity) for e in listed if e.named}) == (Fact.CASCADES in found.facts)
            await ran(connector, text)
        await owner.close()
    assert len(drops()) >= 40


async def test_what_came_between_is_not_taken_along(database: Database) -> None:
    """What comes to depend on a table after people approved its drop: nothing runs, the question is another."""
    async with world(database) as (connector, url):
        text = "DROP TABLE shop.region CASCADE"
        async with connector.visit(Statement(text=text), name="assent:drops:3") as visit:
            found = await visit.read()
            assert isinstance(found, Reading)
            asked = permit(found)
        await done(url, "CREATE FUNCTION public.later(shop.region) RETURNS int LANGUAGE sql AS 'SELECT 1'")
        async with connector.visit(Statement(text=text), name="assent:drops:4") as visit:
            with pytest.raises(Drifted):
                await visit.run(asked)
        assert len(await told(url, "SELECT 1 FROM pg_class WHERE relname = 'region'")) == 1


async def test_nothing_that_was_not_listed_may_have_gone(database: Database) -> None:
    """The look after the run, alone: a list that lacks one thing that went is not kept."""
    async with world(database) as (connector, url):
        text = "DROP VIEW care.busy CASCADE"
        _, listed = await seen(connector, text)
        owner: Link = await asyncpg.connect(url, statement_cache_size=0, connection_class=Link)
        reaches = Reaches(kind=Reach.FALLS, objects=(("view", ("care", "busy"), ()),), cascades=True)
        await owner.tell("begin")
        assert await kept(owner, reaches, listed)
        await owner.tell(text)
        assert await kept(owner, reaches, listed)
        for each in listed:
            if each.kind in {"view", "rule", "type"}:
                assert not await kept(owner, reaches, tuple(one for one in listed if one is not each)), each
        await owner.tell("rollback")
        await owner.close()


async def test_more_than_fifty_objects_are_not_taken_along(database: Database) -> None:
    async with world(database) as (connector, url):
        made = "; ".join(f"CREATE VIEW public.v{n} AS SELECT code FROM shop.region" for n in range(51))
        await done(url, made)
        found, _ = await seen(connector, "DROP TABLE shop.region CASCADE")
        assert isinstance(found, Unreadable)
        assert "more than 50" in found.sentence


@VERSIONS
async def test_rights_on_all_of_a_schema_name_each_thing_and_reach_nothing_new(
    database: Database, version: int
) -> None:
    async with world(database, version) as (connector, url):
        text = "GRANT SELECT ON ALL TABLES IN SCHEMA hr TO pg_monitor"
        found, listed = await seen(connector, text)
        assert isinstance(found, Reading)
        assert found.verbs == {Verb.GRANT}
        names = {pair.thing.name for pair in found.pairs}
        assert names == {"hr", "hr.department", "hr.employee", "hr.absence", "hr.Odd name", "hr.tree"}
        reaches = Reaches(kind=Reach.SCHEMA, objects=(("table", ("hr",), ()),))
        owner: Link = await asyncpg.connect(url, statement_cache_size=0, connection_class=Link)
        assert await kept(owner, reaches, listed)
        await owner.tell("CREATE TABLE hr.later (a int)")
        assert not await kept(owner, reaches, listed)
        await owner.close()
        again, _ = await seen(connector, text)
        assert not isinstance(again, Reading) or again.tree != found.tree
        await connector.renew()
        await ran(connector, text, commit=True)
        granted = "SELECT has_table_privilege('pg_monitor', 'hr.later', 'SELECT')"
        assert (await told(url, granted))[0][0]


@pytest.mark.parametrize("version", [17, 18])
async def test_merge_action_tells_nothing_of_protected_conditions(database: Database, version: int) -> None:
    """Which rows match is as protected as the condition: no row comes back by it, nothing keeps `merge_action()`."""
    schema = "CREATE TABLE member (id int, plan text, mail text); CREATE TABLE line (words text);"
    url = await database(schema + ROLES + f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER};", version=version)
    async with connected(url, tags={"public.member.mail": "pii"}) as connector:
        merge = "MERGE INTO member m USING (VALUES (1, 'x')) s(id, t) ON {} WHEN MATCHED THEN UPDATE SET plan = 'seen'"
        for condition, returned, expected in (
            ("m.id = s.id", "merge_action(), m.id", None),
            ("m.mail = s.t", "m.id", Doubt.PROTECTED),
            ("m.mail = s.t", "merge_action()", Doubt.PROTECTED),
            ("m.mail = s.t", "(SELECT merge_action())", Doubt.PROTECTED),
        ):
            found, _ = await seen(connector, f"{merge.format(condition)} RETURNING {returned}")
            assert (found.doubt if isinstance(found, Unreadable) else None) is expected, (condition, returned)
        copied = (
            f"WITH m AS ({merge.format('m.mail = s.t')} RETURNING merge_action() a) INSERT INTO line SELECT a FROM m"
        )
        found, _ = await seen(connector, copied)
        assert isinstance(found, Unreadable)
        assert found.doubt is Doubt.LAUNDERS
