from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from core.connectors.postgres import harden
from core.errors import SourceError, UnsafeStart
from core.masking import Accepted, pads, token
from core.masking.masks import INT8
from demo.postgres import Postgres
from tests.databases import fresh
from tests.integration.shop import SECRET, SHOP, TAGS, Hardened, Make, hardened, wish
from tests.slices import NEWEST, OLDER, whole
from tests.slices import version as todays

VERSIONS = pytest.mark.parametrize("version", [15, 16, 17, 18])


@pytest.fixture(scope="module", params=[15, 16, 17, 18])
async def shop(request: pytest.FixtureRequest, clusters: Callable[[int], Postgres]) -> AsyncIterator[Hardened]:
    """A shop of each version that nobody changes."""
    async with fresh(clusters) as make, hardened(make, version=request.param) as made:
        yield made


async def test_a_hardened_database_refuses_raw_columns(shop: Hardened) -> None:
    for text in (
        "SELECT email FROM public.customers",
        "SELECT c FROM public.customers c",
        "SELECT mail_low FROM public.customers",
        "SELECT count(*) FROM public.customers WHERE ssn > '1'",
        "SELECT id FROM public.customers ORDER BY born",
        "SELECT email FROM public.events_1",
        "SELECT income FROM hr.pay",
        "SELECT * FROM public.buyers",
        "SELECT * FROM public.whole",
        "SELECT * FROM public.mails",
        "SELECT * FROM public.activity",
        "SELECT hr.card_of(1)",
        "SELECT * FROM assent.key",
        "CREATE TEMPORARY TABLE t (x int)",
        "UPDATE public.orders SET total = 0",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await shop.reader.fetch(text)


async def test_masking_views_answer_with_masks(shop: Hardened) -> None:
    seen = await shop.seen()
    keys = pads(SECRET, "pii.email", seen.system, seen.database)
    anna = token(keys, "anna@example.test")
    first = (await shop.reader.fetch("SELECT * FROM public__masked.customers ORDER BY id"))[0]
    assert (first["email"], first["ssn"], first["mail_low"]) == (anna, "***", "***")
    assert str(first["born"]) == "1980-01-01"
    assert first["note"] == "call anna@example.test"  # free text: the second net's, not the database's
    pay = await shop.reader.fetchrow("SELECT * FROM hr__masked.pay")
    card = token(pads(SECRET, "pci", seen.system, seen.database), "4111111111111111", INT8)
    assert pay["income"] == 51000
    assert pay["card"] == card
    assert {r["email"] for r in await shop.reader.fetch("SELECT email FROM public__masked.top_buyers")} >= {anna}
    whole = await shop.reader.fetchval("SELECT document::text FROM public__masked.whole WHERE id = 1")
    assert "078-05-1120" not in whole
    assert "anna@example.test" not in whole.replace("call anna@example.test", "")
    assert await shop.reader.fetch("SELECT * FROM public__only.events") == []
    assert len(await shop.reader.fetch("SELECT * FROM public__masked.events")) == 1
    assert len(await shop.reader.fetch("SELECT id, plan FROM public.plans")) == 3


async def test_a_second_run_finds_nothing_to_do(shop: Hardened) -> None:
    assert await harden.show(shop.url, shop.wish, SECRET) == ()
    assert await harden.apply(shop.url, shop.wish, SECRET) == ()


async def test_all_checks_hold_after_harden(shop: Hardened) -> None:
    assert await shop.check() == ()
    protection = await shop.protection()
    assert protection.shut == ""
    closed = {(await shop.seen()).relations[oid].qualified for oid in protection.closed}
    assert closed == {"public.mails", "public.activity"}


async def test_a_new_column_is_closed_until_harden_runs_again(database: Make) -> None:
    async with hardened(database) as shop:
        await shop.dba.execute("ALTER TABLE public.customers ADD COLUMN score int")
        customers = next(r.oid for r in (await shop.seen()).relations.values() if r.qualified == "public.customers")
        assert "assent harden" in (await shop.protection()).closed[customers]
        assert await shop.names() == {"masking-views", "columns-not-granted"}
        steps = await harden.show(shop.url, shop.wish, SECRET)
        assert any("score" in step.sql for step in steps)
        await harden.apply(shop.url, shop.wish, SECRET)
        assert await shop.names() == set()
        assert customers not in (await shop.protection()).closed
        assert "score" in (await shop.reader.fetch("SELECT * FROM public__masked.customers"))[0]


async def test_new_tables_partitions_views_and_functions_are_found(database: Make) -> None:
    async with hardened(database) as shop:
        await shop.dba.execute(
            "CREATE TABLE public.events_2 PARTITION OF public.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');"
            "CREATE TABLE public.fresh (id int); CREATE VIEW public.again AS SELECT ssn FROM public.customers;"
            "CREATE FUNCTION public.definer() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"
        )
        assert await shop.names() == {"masking-views", "columns-not-granted", "definer-functions"}
        await harden.apply(shop.url, shop.wish, SECRET)
        assert await shop.names() == set()
        assert (await shop.reader.fetchval("SELECT ssn FROM public__masked.again LIMIT 1")) == "***"


async def test_a_renamed_column_is_no_unmasking(database: Make) -> None:
    async with hardened(database) as shop:
        await shop.dba.execute(
            "ALTER TABLE public.customers RENAME COLUMN ssn TO x;"
            "ALTER TABLE public.customers RENAME COLUMN plan TO ssn;"
            "ALTER TABLE public.customers RENAME COLUMN x TO plan"
        )
        with pytest.raises(UnsafeStart, match=r"public\.customers\.ssn was tagged pii\.national_id"):
            await harden.apply(shop.url, shop.wish, SECRET)
        assert "tags-moved" in await shop.names()
        assert "tagged-columns-readable" in await shop.names()


async def test_a_check_that_only_computes_is_left_to_everybody(database: Make) -> None:
    """What a domain calls is taken from PUBLIC only where it may do more than compute; one registered is left too."""
    more = """
    CREATE FUNCTION public.short(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length($1) < 9';
    CREATE FUNCTION public.looked(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END';
    CREATE FUNCTION public.opaque(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END';
    CREATE DOMAIN public.word AS text
      CHECK (public.short(VALUE)) CHECK (public.looked(VALUE)) CHECK (public.opaque(VALUE));
    """
    async with hardened(database) as shop:
        await shop.dba.execute(more)
        body = await shop.dba.fetchval("SELECT md5(prosrc) FROM pg_proc WHERE proname = 'looked'")
        shop.wish = replace(shop.wish, functions={"public.looked(text)": body})
        await harden.apply(shop.url, shop.wish, SECRET)
        callable_ = await shop.dba.fetch(
            f"""SELECT proname FROM pg_proc WHERE proname IN ('short', 'looked', 'opaque')
                AND has_function_privilege('{shop.wish.read_role}', oid, 'EXECUTE') ORDER BY 1"""
        )
        assert [row["proname"] for row in callable_] == ["looked", "short"]
        assert await harden.show(shop.url, shop.wish, SECRET) == ()


async def test_a_schema_name_that_is_taken_stops_harden(database: Make) -> None:
    url = await database(SHOP + "CREATE SCHEMA public__masked;")
    with pytest.raises(UnsafeStart, match="public__masked belongs to postgres"):
        await harden.show(url, wish("nobody_yet"))


async def test_a_tag_whose_table_is_gone_stops_harden(database: Make) -> None:
    url = await database(SHOP)
    with pytest.raises(UnsafeStart, match=r"public\.gone\.x"):
        await harden.show(url, wish("nobody_yet", tags={**TAGS, "public.gone.x": "pii.x"}))


async def second(database: Make, name: str) -> tuple[str, str]:
    """Make a shop with a login that is no superuser; the owner's address and that login's."""
    url = await database(SHOP + f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'p'")
    parts = urlsplit(url)
    return url, urlunsplit(parts._replace(netloc=f"{name}:p@{parts.hostname}:{parts.port}"))


async def test_whoever_lacks_a_right_is_told_which_and_changes_nothing(database: Make) -> None:
    url, plain = await second(database, "plain_dba")
    dba = await asyncpg.connect(url)
    try:
        with pytest.raises(SourceError, match="nothing was changed: this login lacks the right to"):
            await harden.apply(plain, wish("nobody_yet"), SECRET)
        assert await dba.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = 'nobody_yet'") == 0
    finally:
        await dba.execute("DROP ROLE plain_dba")
        await dba.close()


async def test_what_the_server_refuses_to_show_is_a_sentence_and_no_error_of_the_drivers(database: Make) -> None:
    url, plain = await second(database, "second_dba")
    dba = await asyncpg.connect(url)
    try:
        await harden.apply(url, wish("read_second"), SECRET)
        with pytest.raises(SourceError, match="sqlstate 42501 where schema, rights or mask keys are looked at"):
            await harden.show(plain, wish("read_second"), SECRET)
    finally:
        await dba.execute("DROP OWNED BY second_dba; DROP ROLE second_dba")
        await dba.close()


@VERSIONS
async def test_other_roles_lose_nothing(database: Make, version: int) -> None:
    url = await database(
        SHOP
        + """
        CREATE ROLE app_other LOGIN PASSWORD 'a';
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC; GRANT USAGE ON SCHEMA hr TO PUBLIC;
        GRANT INSERT ON public.orders TO PUBLIC; GRANT SELECT (income) ON hr.pay TO PUBLIC;
        GRANT CREATE ON SCHEMA public TO PUBLIC;
        """,
        version=version,
    )
    dba = await asyncpg.connect(url)
    other = await asyncpg.connect(url, user="app_other", password="a")
    statements = (
        "SELECT email FROM public.customers",
        "SELECT income FROM hr.pay",
        "SELECT * FROM public.buyers",
        "SELECT * FROM public.mails",
        "SELECT hr.card_of(1)",
        "INSERT INTO public.orders VALUES (999, 1, 1, 'new')",
        "CREATE TEMPORARY TABLE scratch (x int)",
        "CREATE TABLE public.mine (x int)",
    )
    want = wish("read_others")
    try:
        await harden.apply(url, want, SECRET)
        for statement in statements:
            await other.execute(statement)
        await dba.execute("ALTER ROLE read_others PASSWORD 'r'")
        reader = await asyncpg.connect(url, user="read_others", password="r")
        for statement in statements:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await reader.execute(statement)
        await reader.close()
    finally:
        await other.close()
        await dba.execute("DROP OWNED BY read_others, app_other")
        await dba.execute("DROP ROLE read_others, app_other")
        await dba.close()


async def test_a_view_that_cannot_be_mirrored_stays_closed_alone(database: Make) -> None:
    more = """
    CREATE FUNCTION public.host(public.mail) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT split_part($1, '@', 2)$$;
    CREATE FUNCTION public.only_rows(public.customers) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1.id';
    CREATE VIEW public.typed AS SELECT id, public.only_rows(c.*) AS n FROM public.customers c;
    CREATE VIEW public.over_typed AS SELECT n FROM public.typed;
    """
    async with hardened(database, more=more) as shop:
        findings = await shop.check()
        assert {finding.name for finding in findings} == {"masking-views"}
        seen = await shop.seen()
        assert {seen.relations[f.relation].qualified for f in findings if f.relation} == {
            "public.typed",
            "public.over_typed",
        }
        left = await harden.show(shop.url, shop.wish, SECRET)
        assert [step.optional for step in left] == [False, True, True]
        closed = {seen.relations[oid].qualified for oid in (await shop.protection()).closed}
        assert closed == {"public.mails", "public.activity", "public.typed", "public.over_typed"}
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await shop.reader.fetch("SELECT * FROM public.typed")


@VERSIONS
async def test_hostile_names_are_names_and_nothing_else(database: Make, version: int) -> None:
    """Names as an application with CREATE rights could choose them, in the hope that a DBA runs them as SQL."""
    name = "x$assent$; '\\\n\" -- "
    table = '"' + name.replace('"', '""') + '"'
    more = f"""
    CREATE SCHEMA {table};
    CREATE TABLE {table}.{table} ({table} text, other int, mail text);
    INSERT INTO {table}.{table} VALUES ('secret', 1, 'm');
    CREATE VIEW {table}."v" AS SELECT {table}, t.* AS whole FROM {table}.{table} t;
    CREATE FUNCTION {table}.{table}(text) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
    """.replace("t.* AS whole", "to_jsonb(t) AS whole")
    tags = {**TAGS, f"{table}.{table}.{table}": "pii.'; \\ $assent$ --"}
    async with hardened(database, version=version, more=more, tags=tags) as shop:
        assert await shop.names() == set()
        seen = await shop.seen()
        protection = await shop.protection()
        relation = next(r for r in seen.relations.values() if r.schema == name and r.name == "v")
        rows = await shop.reader.fetch(f"SELECT * FROM {protection.replacement[relation.oid]}")
        assert len(rows) == 1
        assert "secret" not in str(rows)
        assert all("\n" not in step.why for step in await harden.show(shop.url, shop.wish, b"other" * 9))


@VERSIONS
async def test_policies_barriers_and_long_names_hold_in_the_database(database: Make, version: int) -> None:
    long = "x" * 60
    more = f"""
    CREATE TABLE public.visit (id int, customer int, memo text);
    INSERT INTO public.visit SELECT n, n, 'm' FROM generate_series(1, 3) n;
    ALTER TABLE public.visit ENABLE ROW LEVEL SECURITY;
    CREATE POLICY p ON public.visit USING (
      EXISTS (SELECT FROM public.customers c WHERE c.id = visit.customer AND c.ssn < '1'));
    CREATE VIEW public.visits WITH (security_invoker = true) AS SELECT v.id FROM public.visit v;
    CREATE VIEW public.walled WITH (security_barrier = true) AS SELECT id, ssn AS s FROM public.customers WHERE id < 3;
    CREATE VIEW public.trusted AS SELECT id, ssn AS s FROM public.customers WHERE ssn > '1';
    CREATE SCHEMA {long}; CREATE TABLE {long}.t (id int, mail text); INSERT INTO {long}.t VALUES (1, 'raw');
    """
    tags = {**TAGS, "public.walled.s": "pii.s", "public.trusted.s": "pii.s", f"{long}.t.mail": "pii.email"}
    accepted = Accepted(policies=frozenset({"public.visit"}), trusted=frozenset({"public.trusted"}))
    async with hardened(database, version=version, more=more, tags=tags, accepted=accepted) as shop:
        assert await shop.check() == ()
        seen = await shop.seen()
        protection = await shop.protection()
        names = {seen.relations[oid].qualified: text for oid, text in protection.replacement.items()}
        assert len(await shop.reader.fetch(f"SELECT * FROM {names['public.visit']}")) == 1
        assert len(await shop.reader.fetch(f"SELECT * FROM {names['public.visits']}")) == 1
        assert {row["s"] for row in await shop.reader.fetch(f"SELECT * FROM {names['public.walled']}")} == {"***"}
        assert [row["id"] for row in await shop.reader.fetch(f"SELECT * FROM {names['public.trusted']}")] == [2]
        assert (await shop.reader.fetchval(f"SELECT mail FROM {names[long + '.t']}")) != "raw"
        for raw in ("public.visit", "public.visits", "public.walled", "public.trusted"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await shop.reader.fetch(f"SELECT id FROM {raw}")


@VERSIONS
async def test_whole_rows_in_policies_and_indexes_are_rows_of_protected_columns(database: Make, version: int) -> None:
    """pg_depend records no column for them."""
    more = """
    CREATE TABLE public.diary (id int, customer int, memo text);
    ALTER TABLE public.diary ENABLE ROW LEVEL SECURITY;
    CREATE POLICY p ON public.diary USING (EXISTS (
      SELECT FROM public.customers c WHERE c.id = diary.customer AND c IS NOT NULL AND to_jsonb(c)::text LIKE '%078%'));
    CREATE TABLE public.own (id int, secret text);
    ALTER TABLE public.own ENABLE ROW LEVEL SECURITY;
    CREATE POLICY p ON public.own USING (id > 0 AND to_jsonb(own)::text LIKE '%x%');
    CREATE TABLE public.rows (id int, secret text);
    CREATE FUNCTION public.flat(public.rows) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1.secret';
    CREATE INDEX ON public.rows (id, public.flat(rows));
    """
    tags = {**TAGS, "public.own.secret": "pii.s", "public.rows.secret": "pii.s"}
    async with hardened(database, version=version, more=more, tags=tags) as shop:
        seen, protection = await shop.seen(), await shop.protection()
        closed = {seen.relations[oid].qualified: why for oid, why in protection.closed.items()}
        assert "policy" in closed["public.diary"]
        assert "policy" in closed["public.own"]
        assert seen.names["public", "rows"] in protection.index_order
        for table in ("diary", "own"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await shop.reader.fetch(f"SELECT id FROM public.{table}")


MIGRATION = {
    "a column's other type": ("DROP VIEW hr__masked.pay; ALTER TABLE hr.pay ALTER card TYPE numeric", "card"),
    "a column": ("ALTER TABLE customers ADD COLUMN score int", "score"),
    "a partition": (
        "CREATE TABLE events_9 PARTITION OF events FOR VALUES FROM ('2029-01-01') TO ('2030-01-01')", "events_9",
    ),
    "a view": ("CREATE VIEW contacts AS SELECT id, email FROM customers", "contacts"),
    "a view on a view": ("CREATE VIEW contacted AS SELECT email FROM contacts", "contacted"),
    "a function": ("CREATE FUNCTION hr.cards() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", "cards"),
    "a schema": ("CREATE SCHEMA fresh; CREATE TABLE fresh.thing (id int)", "fresh"),
    "a child": ("CREATE TABLE pay_old () INHERITS (hr.pay)", "pay_old"),
    "a role with rights of the reader": ("GRANT app TO {read}", "app"),
    "a dropped column": ("ALTER TABLE customers DROP COLUMN plan CASCADE", "customers"),
    "a renamed column": ("ALTER TABLE orders RENAME total TO amount", "amount"),
    "a renamed table": ("ALTER TABLE orders RENAME TO purchases", "purchases"),
    "a dropped view": ("DROP VIEW whole", "whole"),
    "a dropped table": ("DROP TABLE fresh.thing", ""),
    "row security": ("ALTER TABLE customers ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON customers USING (true)", ""),
    "a generated column": ("ALTER TABLE hr.pay ADD COLUMN twice int GENERATED ALWAYS AS (income * 2) STORED", "twice"),
}  # fmt: skip


@pytest.mark.parametrize("version", [*OLDER, NEWEST] if whole() else [todays()])
async def test_a_migration_shows_as_drift_and_harden_mends_it_while_others_lose_nothing(
    database: Make, version: int
) -> None:
    """Apply, check, DDL, check shows it by name, apply, check clean; another role's statements hold throughout."""
    more = """
    CREATE ROLE app LOGIN PASSWORD 'a';
    GRANT USAGE ON SCHEMA hr TO app; GRANT SELECT ON ALL TABLES IN SCHEMA public, hr TO app;
    """
    async with hardened(database, version=version, more=more) as shop:
        other = await asyncpg.connect(shop.url, user="app", password="a", server_settings={"search_path": "public"})
        try:
            for what, (ddl, name) in MIGRATION.items():
                await shop.dba.execute(ddl.format(read=shop.wish.read_role))
                steps = await harden.show(shop.url, shop.wish, SECRET)
                assert not name or any(name in step.sql for step in steps), what
                await harden.apply(shop.url, shop.wish, SECRET)
                assert await shop.names() == set(), what
                assert await harden.show(shop.url, shop.wish, SECRET) == (), what
                for text in (
                    "SELECT email, ssn FROM customers",
                    "SELECT hr.card_of(1)",
                    "SELECT income FROM hr.pay",
                    "SELECT email FROM mails",
                    "CREATE TEMPORARY TABLE IF NOT EXISTS scratch (x int)",
                ):
                    await other.execute(text)
                for text in (
                    "SELECT email FROM customers",
                    "SELECT income FROM hr.pay",
                    "SELECT hr.card_of(1)",
                    "SELECT email FROM mails",
                ):
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        await shop.reader.execute(f"SET search_path = public; {text}")
        finally:
            await other.close()
            await shop.dba.execute("DROP OWNED BY app; DROP ROLE app")
