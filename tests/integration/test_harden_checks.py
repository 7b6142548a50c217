from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import asyncpg
import pytest

from cli.source.drift import required
from core.catalog import Protection
from core.connectors.postgres import harden
from core.connectors.postgres.catalog.checks import inspector
from core.connectors.postgres.catalog.known import Known
from core.connectors.postgres.connection.link import Link
from core.masking import Wish, protect
from core.masking.hardening import settings
from core.masking.hardening.checks import CHECKS, HARDEN, RoleKind, Severity
from demo.postgres import Postgres
from tests.databases import fresh
from tests.integration.shop import MASKS, SECRET, TAGS, Hardened, Make, hardened
from tests.slices import today, versions


@dataclass(frozen=True)
class Broken:
    """What a DBA, an application or an accident does, the check that must name it, and what mends it.

    `{read}`, `{write}` and `{database}` are this shop's; the role `app` is another's.
    """

    sql: str
    name: str
    undo: str = ""  # harden mends it
    since: int = 15  # PostgreSQL


SERVER = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
BROKEN: tuple[Broken, ...] = (
    Broken("ALTER ROLE {read} SUPERUSER", "role-attributes", "ALTER ROLE {read} NOSUPERUSER"),
    Broken("ALTER ROLE {read} BYPASSRLS", "role-attributes", "ALTER ROLE {read} NOBYPASSRLS"),
    Broken("ALTER ROLE {read} CREATEROLE CREATEDB REPLICATION", "role-attributes", "ALTER ROLE {read} NOCREATEROLE "
        "NOCREATEDB NOREPLICATION"),
    Broken("ALTER ROLE {read} INHERIT", "role-inherits"),
    Broken("CREATE TABLE public.own (x int); ALTER TABLE public.own OWNER TO {read}", "role-owns",
        "DROP TABLE public.own"),
    Broken("CREATE SCHEMA own AUTHORIZATION {read}", "role-owns", "DROP SCHEMA own"),
    Broken("GRANT pg_read_all_data TO {read}", "role-memberships", "REVOKE pg_read_all_data FROM {read}"),
    Broken("GRANT pg_monitor TO {read}", "role-memberships", "REVOKE pg_monitor FROM {read}"),
    Broken("GRANT app TO {read} WITH INHERIT FALSE, SET TRUE", "role-memberships", "REVOKE app FROM {read}", 16),
    Broken("GRANT app TO {read} WITH INHERIT FALSE, SET FALSE, ADMIN TRUE", "role-memberships",
        "REVOKE app FROM {read}", 16),
    Broken("GRANT INSERT ON public.orders TO {read}", "read-role-writes"),
    Broken("GRANT UPDATE (total) ON public.orders TO {read}", "read-role-writes"),
    Broken("GRANT REFERENCES (id) ON public.orders TO {read}", "read-role-writes"),
    Broken("GRANT TRIGGER, TRUNCATE ON public.orders TO {read}", "read-role-writes"),
    Broken("GRANT MAINTAIN ON public.orders TO {read}", "read-role-writes", since=17),
    Broken("GRANT TEMPORARY ON DATABASE {database} TO PUBLIC", "read-role-writes"),
    Broken("GRANT CREATE ON DATABASE {database} TO {read}", "read-role-writes"),
    Broken("GRANT CREATE ON SCHEMA public TO {read}", "read-role-writes"),
    Broken("GRANT CREATE ON SCHEMA public TO PUBLIC", "read-role-writes"),
    Broken("GRANT USAGE ON SEQUENCE public.numbers TO {read}", "read-role-writes"),
    Broken("GRANT SELECT (ssn) ON public.customers TO {read}", "tagged-columns-readable"),
    Broken("GRANT SELECT ON public.customers TO PUBLIC", "tagged-columns-readable"),
    Broken("GRANT SELECT ON public.events_1 TO {read}", "tagged-columns-readable"),
    Broken("GRANT SELECT (mail_low) ON public.customers TO PUBLIC", "tagged-columns-readable"),
    Broken("""GRANT SELECT ON public.customers TO app WITH GRANT OPTION; SET ROLE app;
        GRANT SELECT ON public.customers TO {read}; RESET ROLE""", "tagged-columns-readable"),
    Broken("GRANT SELECT ON public.buyers TO {read}", "copies-readable"),
    Broken("GRANT SELECT ON public.mails TO {read}", "copies-readable"),
    Broken("GRANT SELECT ON public.activity TO {read}", "copies-readable"),
    Broken("CREATE SEQUENCE hr.cards OWNED BY hr.pay.card; GRANT SELECT ON SEQUENCE hr.cards TO {read}",
        "copies-readable"),
    Broken("GRANT EXECUTE ON FUNCTION hr.card_of(int) TO PUBLIC", "definer-functions"),
    Broken("CREATE FUNCTION hr.n() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", "definer-functions"),
    Broken("CREATE FUNCTION hr.c() RETURNS int LANGUAGE internal AS 'pg_backend_pid'", "untrusted-functions"),
    Broken("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {read}", "server-functions",
        "REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM {read}"),
    Broken("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO PUBLIC", "server-functions",
        "REVOKE EXECUTE ON FUNCTION pg_read_file(text) FROM PUBLIC"),
    Broken("GRANT SELECT (rolpassword) ON pg_authid TO {read}", "server-functions",
        "REVOKE SELECT (rolpassword) ON pg_authid FROM {read}"),
    Broken("GRANT SELECT ON pg_statistic TO PUBLIC", "server-functions", "REVOKE SELECT ON pg_statistic FROM PUBLIC"),
    Broken("GRANT SET ON PARAMETER session_preload_libraries TO {read}", "server-functions",
        "REVOKE SET ON PARAMETER session_preload_libraries FROM {read}"),
    Broken("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {read}", "default-privileges"),
    Broken("ALTER DEFAULT PRIVILEGES IN SCHEMA hr GRANT SELECT ON TABLES TO PUBLIC", "default-privileges"),
    Broken("""CREATE FUNCTION public.fine(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
        CREATE DOMAIN public.word AS text CHECK (public.fine(VALUE))""", "functions-at-parse"),
    Broken("ALTER TABLE assent.key OWNER TO postgres; GRANT SELECT ON assent.key TO {read}", "masking-owner"),
    Broken("GRANT SELECT ON assent.key TO {write}", "masking-owner"),
    Broken("GRANT SELECT (tag) ON assent.key TO PUBLIC", "masking-owner"),
    Broken("GRANT USAGE ON SCHEMA assent TO PUBLIC", "masking-owner"),
    Broken("GRANT assent_views TO {write}", "masking-owner"),
    Broken("GRANT app TO assent_views", "masking-owner"),
    Broken("ALTER ROLE assent_views LOGIN", "masking-owner"),
    Broken("GRANT SELECT ON public.orders TO assent_views", "masking-owner"),
    Broken("ALTER VIEW public__masked.customers OWNER TO postgres", "masking-owner"),
    Broken("CREATE OR REPLACE VIEW hr__masked.pay AS SELECT id, income, card FROM hr.pay", "masking-views"),
    Broken("DROP VIEW hr__masked.pay", "masking-views"),
    Broken("ALTER VIEW public__masked.buyers RESET (security_invoker)", "masking-views"),
    Broken("ALTER TABLE public.customers ADD COLUMN more text", "masking-views"),
    Broken("CREATE VIEW public__masked.m AS SELECT 1 AS x; ALTER VIEW public__masked.m OWNER TO assent_views",
        "masking-views-left"),
    Broken("UPDATE assent.key SET ipad = opad", "masking-keys"),
    Broken("DELETE FROM assent.key", "masking-keys"),
    Broken("DROP VIEW assent_check.token", "masking-keys"),
    Broken("REVOKE SELECT ON assent_check.token FROM {read}", "masking-keys"),
    Broken("DROP VIEW assent_check.binding", "masking-bindings"),
    Broken("CREATE TABLE public.later (id int)", "columns-not-granted"),
    Broken("REVOKE SELECT ON public.orders FROM {read}", "columns-not-granted"),
    Broken("CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO PUBLIC", "reaches-outside",
        "DROP FOREIGN DATA WRAPPER w"),
    Broken(f"{SERVER} CREATE USER MAPPING FOR {{read}} SERVER s",
        "reaches-outside", "DROP FOREIGN DATA WRAPPER w CASCADE"),
    Broken(f"{SERVER} CREATE USER MAPPING FOR PUBLIC SERVER s",
        "reaches-outside", "DROP FOREIGN DATA WRAPPER w CASCADE"),
    Broken("SELECT lo_from_bytea(77, 'x'); GRANT SELECT ON LARGE OBJECT 77 TO PUBLIC", "reaches-outside",
        "SELECT lo_unlink(77)"),
    Broken("""ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON public.customers TO {read} USING (true)""", "policies-differ",
        "DROP POLICY p ON public.customers; ALTER TABLE public.customers DISABLE ROW LEVEL SECURITY"),
    Broken("CLUSTER public.customers USING customers_ssn_id_idx", "order-by-protected",
        "ALTER TABLE public.customers SET WITHOUT CLUSTER"),
    Broken("ALTER TABLE public.customers ALTER ssn SET DEFAULT '000-00-0000'", "defaults-on-protected",
        "ALTER TABLE public.customers ALTER ssn DROP DEFAULT"),
    Broken("ALTER TABLE hr.pay RENAME TO wages", "tag-names-nothing", "ALTER TABLE hr.wages RENAME TO pay"),
    Broken("DROP TABLE hr.pay CASCADE", "tag-names-nothing",
        "CREATE TABLE hr.pay (id int PRIMARY KEY, income int, card bigint)"),
)  # fmt: skip
LOGIN = 17  # the first version with event triggers on login
GONE = "ALTER ROLE assent_views NOLOGIN; ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC"


async def broken(shop: Hardened, case: Broken) -> str:
    """Break it, hear the check, mend it as the check says; the answer is what went wrong."""
    names = {
        "read": shop.wish.read_role,
        "write": shop.wish.write_role,
        "database": await shop.dba.fetchval("SELECT current_database()"),
    }
    await shop.dba.execute(case.sql.format(**names))
    found = {finding.name: finding for finding in await shop.check()}
    if case.name not in found:
        return f"not seen, but {sorted(found)}"
    line = str(found[case.name])
    if "\n" in line or not found[case.name].remedy:
        return f"not one line with a remedy: {line}"
    if case.undo and found[case.name].remedy == HARDEN:
        return f"another remedy: {line}"
    if not case.undo and not any(required(step) for step in await harden.show(shop.url, shop.wish, SECRET)):
        return "harden shows no drift"
    await shop.dba.execute(case.undo.format(**names) or "SELECT 1")
    if not case.undo or case.name == "tag-names-nothing":
        await harden.apply(shop.url, shop.wish, SECRET)
    left = await shop.names()
    return f"left behind: {left}" if left else ""


@asynccontextmanager
async def breakable(database: Make, version: int) -> AsyncIterator[Hardened]:
    """Make a shop beside which there is another's role."""
    more = "CREATE SEQUENCE public.numbers; CREATE ROLE app NOLOGIN;"
    async with hardened(database, version=version, more=more) as made:
        try:
            yield made
        finally:
            await made.dba.execute(f"{GONE}; DROP OWNED BY app; DROP ROLE app")


async def wrong(shop: Hardened, version: int, cases: Iterable[Broken]) -> list[str]:
    """Break one after the other in one shop; what went wrong ends it."""
    assert await shop.names() == set()
    for case in cases:
        if version >= case.since and (said := await broken(shop, case)):
            return [f"{case.sql}: {case.name}: {said}"]
    return []


@pytest.fixture(scope="module")
async def shop(clusters: Callable[[int], Postgres]) -> AsyncIterator[Hardened]:
    """One shop for all that is broken and mended again."""
    async with fresh(clusters) as make, breakable(make, 18) as made:
        yield made


@pytest.mark.parametrize("name", sorted({case.name for case in BROKEN}))
async def test_each_check_names_what_breaks_it_and_its_remedy_mends_it(shop: Hardened, name: str) -> None:
    first, *others = (case for case in BROKEN if case.name == name)
    assert await wrong(shop, 18, [first, *today(others, lambda case: case.sql, 3)]) == []


@pytest.mark.parametrize("version", versions()[:-1])
async def test_older_servers_are_checked_alike(database: Make, version: int) -> None:
    async with breakable(database, version) as older:
        last = {case.name: case for case in BROKEN}.values()
        assert await wrong(older, version, today(last, lambda case: case.name, 3)) == []


@asynccontextmanager
async def logged_in(shop: Hardened) -> AsyncIterator[None]:
    """Let the read role log in anew, as its settings are now."""
    before, shop.reader = shop.reader, await asyncpg.connect(shop.url, user=shop.wish.read_role, password="r")
    try:
        yield
    finally:
        await shop.reader.close()
        shop.reader = before


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("ALTER ROLE {read} RESET log_min_messages", "texts-in-log"),
        ("ALTER ROLE {read} RESET statement_timeout", "session-unbounded"),
        ("ALTER ROLE {read} SET lock_timeout = 0", "session-unbounded"),
        ("ALTER ROLE {read} SET temp_file_limit = -1", "session-unbounded"),
        ("ALTER ROLE {read} RESET log_parameter_max_length", "session-unbounded"),
        ("ALTER ROLE {read} SET log_parameter_max_length_on_error = -1", "session-unbounded"),
        ("ALTER ROLE {read} SET row_security = off", "session-settings"),
        ("ALTER ROLE {read} SET standard_conforming_strings = off", "session-settings"),
        ("ALTER ROLE {read} SET lo_compat_privileges = on", "reaches-outside"),
    ],
)
async def test_what_a_role_brings_into_each_session_is_checked(database: Make, sql: str, name: str) -> None:
    async with hardened(database) as shop:
        await shop.dba.execute(sql.format(read=shop.wish.read_role))
        async with logged_in(shop):
            assert await shop.names() == {name}


async def test_what_harden_gives_a_role_is_drift_once_it_is_gone_and_a_bound_of_the_dbas_own_is_none(
    database: Make,
) -> None:
    async with hardened(database) as shop:
        read = shop.wish.read_role
        for setting in settings.READS:
            await shop.dba.execute(f"ALTER ROLE {read} RESET {setting.name}")
            drift = [step.sql for step in (await harden.show(shop.url, shop.wish, SECRET))[1:]]
            assert len(drift) == 1
            assert setting.name in drift[0]
            await harden.apply(shop.url, shop.wish, SECRET)
        await shop.dba.execute(f"ALTER ROLE {read} SET statement_timeout = '7s'")
        assert await harden.show(shop.url, shop.wish, SECRET) == ()
        async with logged_in(shop):
            assert await shop.names() == set()


async def test_code_that_runs_as_a_role_logs_in_closes_the_source_until_it_is_acknowledged(database: Make) -> None:
    """It runs before any of our settings, as whoever logs in; servers know it from 17 on."""
    for version in sorted((version for version in versions() if version >= LOGIN), reverse=True):
        async with hardened(database, version=version) as shop:
            await shop.dba.execute(
                "CREATE FUNCTION public.at_login() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'"
            )
            await shop.dba.execute("CREATE EVENT TRIGGER inward ON login EXECUTE FUNCTION public.at_login()")
            try:
                for kind in (RoleKind.READ, RoleKind.WRITE, RoleKind.UNMASK):
                    (one,) = [one for one in await shop.check(kind=kind) if one.name == "login-code"]
                    assert one.refuses
                    assert "inward runs public.at_login()" in str(one)
                    assert not one.passes("shop", frozenset())
                    assert one.passes("shop", frozenset({"login-code:shop"}))
                await shop.dba.execute("ALTER EVENT TRIGGER inward DISABLE")
                assert "login-code" not in await shop.names()
            finally:
                await shop.dba.execute("DROP EVENT TRIGGER inward")


async def test_functions_that_take_a_connection_string_or_sql_text_are_taken_away(database: Make) -> None:
    async with hardened(database, version=15) as shop:
        if not await shop.dba.fetchval("SELECT count(*) FROM pg_available_extensions WHERE name = 'dblink'"):
            pytest.skip("no contrib modules here: apt-get install postgresql-15")
        await shop.dba.execute("CREATE EXTENSION dblink; CREATE EXTENSION tablefunc")
        assert "sql-text-functions" in await shop.names()
        await harden.apply(shop.url, shop.wish, SECRET)
        assert await shop.names() == set()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await shop.reader.fetch("SELECT dblink_connect('host=127.0.0.1')")


async def test_partitions_by_a_protected_column_close_their_table(database: Make) -> None:
    more = """
    CREATE TABLE public.ages (id int, born date) PARTITION BY RANGE (born);
    CREATE TABLE public.ages_1 PARTITION OF public.ages FOR VALUES FROM ('1980-01-01') TO ('1990-01-01');
    """
    async with hardened(database, more=more, tags={**TAGS, "public.ages.born": "pii.birth"}) as shop:
        (finding,) = await shop.check()
        assert (finding.name, finding.severity) == ("partitions-by-protected", Severity.TABLE)
        seen, closed = await shop.seen(), (await shop.protection()).closed
        assert {"public.ages", "public.ages_1"} <= {seen.relations[oid].qualified for oid in closed}


async def test_a_standby_is_told_of(database: Make) -> None:
    """Whoever streams from the server stands in pg_stat_replication."""
    async with hardened(database) as shop:
        sender = await asyncpg.connect(shop.url, server_settings={"replication": "database"})
        assert await shop.names() == {"on-primary"}
        await sender.close()


async def test_a_session_with_other_settings_is_refused(database: Make) -> None:
    async with hardened(database) as shop:
        await shop.reader.execute("SET standard_conforming_strings = off")
        assert await shop.names() == {"session-settings"}


async def test_another_mask_key_closes_the_source(database: Make) -> None:
    async with hardened(database) as shop:
        await harden.apply(shop.url, shop.wish, b"t" * 32)
        assert await shop.names() == {"masking-keys"}
        await harden.apply(shop.url, shop.wish, SECRET)
        assert await shop.names() == set()


async def test_a_read_role_that_can_write_and_code_at_login_may_be_acknowledged_nothing_else(
    database: Make,
) -> None:
    async with hardened(database) as shop:
        await shop.dba.execute(f"GRANT DELETE ON public.orders TO {shop.wish.read_role}")
        (finding,) = await shop.check()
        assert finding.acknowledge
        assert finding.severity is Severity.SOURCE
        assert "DELETE on public.orders" in finding.line
        assert [row.name for row in CHECKS if row.acknowledge] == ["read-role-writes", "login-code"]


async def test_a_changed_mask_closes_its_table_until_harden_runs(database: Make) -> None:
    async with hardened(database) as shop:
        shop.wish = Wish(
            tags=TAGS,
            masks={**MASKS, "pii.email": "hide"},
            read_role=shop.wish.read_role,
            write_role=shop.wish.write_role,
        )
        findings = await shop.check()
        assert {finding.name for finding in findings} == {"masking-views"}
        assert all(finding.severity is Severity.TABLE and finding.relation for finding in findings)
        await harden.apply(shop.url, shop.wish, SECRET)
        assert await shop.check() == ()


async def test_a_write_role_may_write_but_not_pass_rights_by(database: Make) -> None:
    async with hardened(database) as shop:
        await shop.dba.execute(f"GRANT INSERT ON public.orders TO {shop.wish.read_role}")
        assert await shop.check(RoleKind.WRITE) == ()
        await shop.dba.execute(f"ALTER ROLE {shop.wish.read_role} CREATEROLE")
        assert {finding.name for finding in await shop.check(RoleKind.WRITE)} == {"role-attributes"}


async def test_a_superuser_is_refused_in_spliced_mode_too(database: Make) -> None:
    async with hardened(database) as shop:
        assert [f for f in await shop.check(enforced=False) if f.severity is Severity.SOURCE] == []
        await shop.dba.execute(f"ALTER ROLE {shop.wish.read_role} SUPERUSER")
        assert "role-attributes" in {f.name for f in await shop.check(enforced=False)}
        seen = await shop.seen()
        closed = protect(seen, shop.wish.tags, shop.wish.masks, enforced=True).closed
        assert {seen.relations[oid].qualified for oid in closed} >= {"public.customers", "hr.pay", "public.events"}


async def test_a_changed_masking_view_closes_its_table_at_the_next_load(database: Make) -> None:
    async with hardened(database) as shop:
        inspect = inspector(shop.wish, source="shop", acknowledged=frozenset({"read-role-writes:shop"}), secret=SECRET)
        link = await asyncpg.connect(
            shop.url, user=shop.wish.read_role, password="r", statement_cache_size=0, connection_class=Link
        )

        async def load() -> Protection:
            seen = await shop.seen()
            known = Known(serial=1, read=seen, write=seen, protection=await shop.protection())
            return await inspect(link, known)

        before = await load()
        await shop.dba.execute("CREATE OR REPLACE VIEW hr__masked.pay AS SELECT id, income, card FROM hr.pay")
        await shop.dba.execute(f"GRANT INSERT ON public.orders TO {shop.wish.read_role}")
        after = await load()
        names = {relation.oid: relation.qualified for relation in (await shop.seen()).relations.values()}
        assert {names[oid] for oid in after.closed.keys() - before.closed.keys()} == {"hr.pay"}
        assert not after.shut  # that the read role writes was acknowledged
        await shop.dba.execute(f"GRANT SELECT ON hr.pay TO {shop.wish.read_role}")
        assert "tagged-columns-readable" in (await load()).shut
        await link.close()


async def test_a_tag_taken_away_leaves_its_table_closed_until_harden_runs(database: Make) -> None:
    async with hardened(database) as shop:
        tags = {name: tag for name, tag in TAGS.items() if not name.startswith("hr.")}
        shop.wish = replace(shop.wish, tags=tags)
        found = await shop.check()
        assert {finding.name for finding in found} == {"masking-views-left", "columns-not-granted", "masking-owner"}
        await harden.apply(shop.url, shop.wish, SECRET)
        assert await shop.check() == ()
        assert await shop.reader.fetchval("SELECT income FROM hr.pay") == 51234
