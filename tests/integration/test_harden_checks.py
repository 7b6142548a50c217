from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from core.catalog import Protection
from core.connectors.postgres import harden
from core.connectors.postgres.checks import inspector
from core.connectors.postgres.known import Known
from core.connectors.postgres.link import Link
from core.masking import Wish, protect
from core.masking.checks import CHECKS, RoleKind, Severity
from tests.integration.shop import MASKS, SECRET, TAGS, Make, hardened

# What a DBA, an application or an accident does; the checks that must name it; {read} is the read role.
BROKEN: tuple[tuple[str, str], ...] = (
    ("ALTER ROLE {read} SUPERUSER", "role-attributes"),
    ("ALTER ROLE {read} BYPASSRLS", "role-attributes"),
    ("ALTER ROLE {read} INHERIT", "role-inherits"),
    ("CREATE TABLE public.own (x int); ALTER TABLE public.own OWNER TO {read}", "role-owns"),
    ("GRANT pg_read_all_data TO {read}", "role-memberships"),
    ("GRANT INSERT ON public.orders TO {read}", "read-role-writes"),
    ("GRANT UPDATE (total) ON public.orders TO {read}", "read-role-writes"),
    ("GRANT TEMPORARY ON DATABASE {database} TO PUBLIC", "read-role-writes"),
    ("GRANT CREATE ON SCHEMA public TO {read}", "read-role-writes"),
    ("GRANT SELECT (ssn) ON public.customers TO {read}", "tagged-columns-readable"),
    ("GRANT SELECT ON public.customers TO PUBLIC", "tagged-columns-readable"),
    ("GRANT SELECT ON public.events_1 TO {read}", "tagged-columns-readable"),
    ("GRANT SELECT ON public.buyers TO {read}", "copies-readable"),
    ("GRANT SELECT ON public.mails TO {read}", "copies-readable"),
    ("GRANT SELECT ON public.activity TO {read}", "copies-readable"),
    ("GRANT EXECUTE ON FUNCTION hr.card_of(int) TO PUBLIC", "definer-functions"),
    ("CREATE FUNCTION hr.n() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", "definer-functions"),
    ("GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {read}", "server-functions"),
    ("GRANT SET ON PARAMETER session_preload_libraries TO {read}", "server-functions"),
    ("GRANT MAINTAIN ON public.orders TO {read}", "read-role-writes"),
    ("CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO PUBLIC", "reaches-outside"),
    ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {read}", "default-privileges"),
    (
        """CREATE FUNCTION public.fine(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
        CREATE DOMAIN public.word AS text CHECK (public.fine(VALUE))""",
        "functions-at-parse",
    ),
    ("ALTER TABLE assent.key OWNER TO postgres; GRANT SELECT ON assent.key TO {read}", "masking-owner"),
    ("GRANT SELECT ON assent.key TO {write}", "masking-owner"),
    ("GRANT assent_views TO {write}", "masking-owner"),
    ("ALTER ROLE assent_views LOGIN", "masking-owner"),
    ("GRANT SELECT ON public.orders TO assent_views", "masking-owner"),
    ("ALTER VIEW public__masked.customers OWNER TO postgres", "masking-owner"),
    (
        "CREATE OR REPLACE VIEW hr__masked.pay AS SELECT id, income, card FROM hr.pay",
        "masking-views",
    ),
    ("DROP VIEW hr__masked.pay", "masking-views"),
    ("ALTER TABLE public.customers ADD COLUMN more text", "masking-views"),
    ("UPDATE assent.key SET ipad = opad", "masking-keys"),
    ("DELETE FROM assent.key", "masking-keys"),
    ("DROP VIEW assent_check.token", "masking-keys"),
    ("DROP VIEW assent_check.binding", "masking-bindings"),
    ("CREATE TABLE public.later (id int)", "columns-not-granted"),
    ("SELECT lo_from_bytea(77, 'x'); GRANT SELECT ON LARGE OBJECT 77 TO PUBLIC", "reaches-outside"),
    (
        """ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON public.customers TO {read} USING (true)""",
        "policies-differ",
    ),
    ("CLUSTER public.customers USING customers_ssn_id_idx", "order-by-protected"),
    ("ALTER TABLE public.customers ALTER ssn SET DEFAULT '000-00-0000'", "defaults-on-protected"),
    ("DROP TABLE hr.pay CASCADE", "tag-names-nothing"),
)


@pytest.mark.parametrize(("broken", "name"), BROKEN, ids=[f"{name}-{at}" for at, (_, name) in enumerate(BROKEN)])
async def test_each_check_names_what_breaks_it(database: Make, broken: str, name: str) -> None:
    async with hardened(database) as shop:
        assert await shop.names() == set()
        where = await shop.dba.fetchval("SELECT current_database()")
        try:
            await shop.dba.execute(broken.format(read=shop.wish.read_role, write=shop.wish.write_role, database=where))
            assert name in await shop.names()
        finally:
            await shop.dba.execute(
                "ALTER ROLE assent_views NOLOGIN; ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC"
            )


@pytest.mark.parametrize("version", [15, 16])
@pytest.mark.parametrize(("broken", "name"), [BROKEN[at] for at in (0, 5, 9, 16, 18, 29)])
async def test_older_servers_are_checked_alike(database: Make, version: int, broken: str, name: str) -> None:
    async with hardened(database, version=version) as shop:
        where = await shop.dba.fetchval("SELECT current_database()")
        await shop.dba.execute(broken.format(read=shop.wish.read_role, write=shop.wish.write_role, database=where))
        assert name in await shop.names()


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


async def test_a_read_role_that_can_write_may_be_acknowledged_and_no_other_may(database: Make) -> None:
    async with hardened(database) as shop:
        await shop.dba.execute(f"GRANT DELETE ON public.orders TO {shop.wish.read_role}")
        (finding,) = await shop.check()
        assert finding.acknowledge
        assert finding.severity is Severity.SOURCE
        assert "DELETE on public.orders" in finding.line
        assert [row.name for row in CHECKS if row.acknowledge] == ["read-role-writes"]


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
