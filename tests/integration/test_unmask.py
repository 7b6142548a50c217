"""A reviewed unmasking at real servers: exactly the named columns as they are, their relations hidden otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.connectors.postgres import PostgresConnector, harden
from core.errors import DeniedByEngine
from core.masking import Accepted
from core.model import Doubt, Reading, Rows, Unreadable
from core.ports import Statement, acting
from tests.integration.connecting import done, permit, told
from tests.integration.modes import SCHEMA, SECRET, modes
from tests.integration.shop import Make

VERSIONS = (15, 16, 18)
MAIL = "care.member.mail"

CASES = (
    # statement, columns to show, what the first row is
    ("SELECT id, mail FROM care.member ORDER BY id", {MAIL}, (1, "m1@x.test")),
    ("SELECT mail, note, passport, plan FROM care.member WHERE id = 2", {MAIL}, ("m2@x.test", "***", "***", "b")),
    ("SELECT m.mail, m.card, m.born FROM care.member m WHERE id = 1", {MAIL}, ("m1@x.test", None, None)),
    ("SELECT id FROM care.member WHERE mail = 'm3@x.test' ORDER BY id", {MAIL}, (3,)),
    (
        "SELECT mail, passport FROM care.member WHERE id = 3",
        {MAIL, "care.member.passport"},
        ("m3@x.test", "P000000003"),
    ),
    ("SELECT c.mail FROM care.contact c WHERE c.id = 4", {MAIL}, ("m4@x.test",)),
    ("SELECT mail, fee FROM care.totals ORDER BY mail LIMIT 1", {MAIL}, None),
    ("SELECT m.mail, p.mail FROM care.member m JOIN care.person p ON p.id = m.id WHERE m.id = 1", {MAIL}, None),
    ("SELECT (m).mail, (m).note FROM care.member m WHERE id = 1", {MAIL}, ("m1@x.test", "***")),
    ("WITH x AS (SELECT * FROM care.member) SELECT mail, pin FROM x WHERE id = 5", {MAIL}, ("m5@x.test", None)),
    ("SELECT kind, mail FROM care.event_24 ORDER BY at LIMIT 1", {"care.event_24.mail"}, None),
    ("SELECT id, mail FROM ONLY care.person ORDER BY id", {"care.person.mail"}, (1, "m1@x.test")),
)


async def shown(connector: PostgresConnector, text: str, unmask: set[str]) -> tuple[Reading, Rows]:
    async with connector.visit(Statement(text=text, unmask=frozenset(unmask)), name="assent:raw:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading), (text, reading)
        return reading, await visit.run(permit(reading))


@pytest.mark.parametrize("version", VERSIONS)
async def test_exactly_the_named_columns_are_shown_and_all_else_of_their_relations_is_hidden(
    database: Make, version: int
) -> None:
    async with modes(database, version=version) as both:
        for text, unmask, first in CASES:
            answers = []
            for connector in (both.enforced, both.spliced):
                reading, rows = await shown(connector, text, unmask)
                assert {mask.name for mask in reading.unmasked} == unmask, text
                assert not {mask.name for mask in reading.masks} & unmask
                answers.append(rows.rows)
                assert first is None or rows.rows[0] == first, (text, rows.rows[0])
            assert sorted(map(repr, answers[0])) == sorted(map(repr, answers[1])), text


async def test_a_name_that_is_no_tagged_column_closes_the_statement(database: Make) -> None:
    async with modes(database, version=18) as both:
        for name in ("care.member.nothing", "care.member.plan", "care.visit.memo"):
            for connector in (both.enforced, both.spliced):
                asked = Statement(text="SELECT mail FROM care.member", unmask=frozenset({MAIL, name}))
                async with connector.visit(asked, name="assent:raw:1") as visit:
                    found = await visit.read()
                assert isinstance(found, Unreadable), found
                assert found.doubt is Doubt.CLOSED


async def test_only_reads_are_unmasked_and_only_where_a_role_is_configured(database: Make) -> None:
    async with modes(database, version=18) as both:
        for connector, text in (
            (both.without, "SELECT mail FROM care.member"),
            (both.enforced, "UPDATE care.member SET plan = mail"),
            (both.enforced, "EXPLAIN SELECT mail FROM care.member"),
        ):
            asked = Statement(text=text, unmask=frozenset({MAIL}))
            async with connector.visit(asked, name="assent:raw:1") as visit:
                assert isinstance(await visit.read(), Unreadable)


async def test_an_unmasking_runs_as_a_role_of_its_own_that_reads_what_has_an_owner(database: Make) -> None:
    async with modes(database, version=18) as both:
        reader, _, role = both.enforced.role
        assert role not in {"", reader}
        held = await told(
            both.url,
            f"SELECT a.attname AS name, has_column_privilege('{reader}', a.attrelid, a.attnum, 'SELECT') AS reads,"
            f" has_column_privilege('{role}', a.attrelid, a.attnum, 'SELECT') AS lifts"
            " FROM pg_attribute a WHERE a.attrelid = 'care.member'::regclass AND a.attnum > 0",
        )
        rights = {row["name"]: (row["reads"], row["lifts"]) for row in held}
        assert rights["mail"] == rights["mail_low"] == rights["income"] == (False, True)
        assert rights["note"] == rights["card"] == rights["born"] == (False, False)
        assert rights["plan"] == (True, True)
        reading, _ = await shown(both.enforced, "SELECT mail FROM care.member", {MAIL})
        assert acting(both.enforced, reading) == role
        wrong = Statement(text="SELECT note FROM care.member", unmask=frozenset({"care.member.note"}))
        async with both.enforced.visit(wrong, name="assent:raw:1") as visit:
            found = await visit.read()
            assert isinstance(found, Reading)
            with pytest.raises(DeniedByEngine):
                await visit.run(permit(found))


async def test_the_role_of_unmaskings_is_checked_as_the_read_role_is(database: Make) -> None:
    async with modes(database, version=18) as both:
        before = [finding.name for finding in await both.enforced.findings(SECRET) if finding.refuses]
        assert before == []
        await done(both.url, f"ALTER ROLE {both.enforced.role[2]} CREATEDB")
        await done(both.url, f"GRANT INSERT ON care.visit TO {both.enforced.role[2]}")
        after = {finding.name for finding in await both.enforced.findings(SECRET) if finding.refuses}
        assert after == {"role-attributes", "read-role-writes"}


async def test_a_role_of_unmaskings_that_may_do_more_since_the_start_shows_nothing(database: Make) -> None:
    async with modes(database, version=18) as both:
        asked = Statement(text="SELECT mail FROM care.member", unmask=frozenset({MAIL}))
        await done(both.url, f"GRANT INSERT ON care.visit TO {both.enforced.role[2]}")
        for change, shown_ in (
            ("SELECT 1", Unreadable),
            (f"REVOKE INSERT ON care.visit FROM {both.enforced.role[2]}", Reading),
        ):
            await done(both.url, change)
            await both.enforced.renew()
            async with both.enforced.visit(asked, name="assent:raw:1") as visit:
                assert isinstance(await visit.read(), shown_)


async def test_nothing_is_unmasked_of_a_table_whose_policy_reads_protected_columns(database: Make) -> None:
    policy = """;ALTER TABLE care.person ENABLE ROW LEVEL SECURITY;
    CREATE POLICY p ON care.person USING (mail LIKE '%')"""
    accepted = Accepted(policies=frozenset({"care.person"}))
    async with modes(database, version=18, sql=SCHEMA + policy, accepted=accepted) as both:
        asked = Statement(text="SELECT mail FROM care.person", unmask=frozenset({"care.person.mail"}))
        for connector in (both.enforced, both.spliced):
            async with connector.visit(asked, name="assent:raw:1") as visit:
                found = await visit.read()
            assert isinstance(found, Unreadable), found
            assert "care.person" in found.sentence
            async with connector.visit(replace(asked, unmask=frozenset()), name="assent:raw:1") as visit:
                assert isinstance(await visit.read(), Reading)


async def test_a_harden_run_again_finds_nothing_to_do_for_this_role(database: Make) -> None:
    async with modes(database, version=18) as both:
        assert await harden.show(both.url, both.wish, SECRET) == ()
        await done(both.url, f"GRANT SELECT ON care.member TO {both.enforced.role[2]}")
        drift = " ".join(step.sql for step in await harden.show(both.url, both.wish, SECRET))
        assert f'REVOKE SELECT ON TABLE "care"."member" FROM "{both.enforced.role[2]}"' in drift
        await harden.apply(both.url, both.wish, SECRET)
        assert await harden.show(both.url, both.wish, SECRET) == ()
