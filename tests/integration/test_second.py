"""Enforced mode's second tree (masking 4): read by `assent doctor` and here, never while a call waits."""

from __future__ import annotations

import asyncpg
import pytest

from core.classify.postgres import Lenders, Parsed, parse, vouch
from core.connectors.postgres.catalog.second import second
from core.connectors.postgres.visit import PostgresVisit
from core.masking.names import VIEWS_ROLE
from core.model import Reading, Unreadable
from core.ports import Statement
from tests.generate.record import dump
from tests.integration.connecting import told
from tests.integration.modes import Modes, modes
from tests.integration.shop import Make
from tests.integration.test_modes import statements
from tests.slices import today

VERSIONS = pytest.mark.parametrize("version", [15, 16, 17, 18])


async def vouched(both: Modes, text: str) -> Unreadable | None:
    async with both.enforced.visit(Statement(text=text), name="assent:second:1") as visit:
        assert isinstance(await visit.read(), Reading)
        assert isinstance(visit, PostgresVisit)
        return await visit.vouched()


async def judged(both: Modes, permitted: str, *changes: str) -> str:
    """Change the database under a permitted text, and say what its tree is then doubted for."""
    known = await both.enforced.known()
    names = {row["oid"]: row["rolname"] for row in await told(both.url, "SELECT oid::int8, rolname FROM pg_roles")}
    owner = await asyncpg.connect(both.url, statement_cache_size=0)
    try:
        await owner.execute("SET search_path = care, public")
        for change in changes:
            await owner.execute(change)
        heard = await dump(owner, permitted)
        parsed = parse(permitted, ())
        assert isinstance(parsed, Parsed)
        found = vouch(parsed, heard or "", known.read, known.protection, Lenders(names=names, views=VIEWS_ROLE))
        return "" if found is None else found.detail
    finally:
        await owner.close()


@VERSIONS
async def test_the_second_tree_of_every_masked_statement_holds(database: Make, version: int) -> None:
    async with modes(database, version=version) as both:
        for text in today(statements(), str, 4):
            assert await vouched(both, text) is None, text
        found = await second(both.enforced)
        assert found.statements >= 5
        assert found.doubts == ()


@VERSIONS
async def test_a_second_tree_that_reads_past_the_masks_is_refused(database: Make, version: int) -> None:
    """By the caller's own rights, beside a masking view, or by the rights of another owner than theirs."""
    async with modes(database, version=version) as both:
        masked = "SELECT m.mail FROM care__masked.member m"
        assert await judged(both, masked) == ""
        assert await judged(both, "SELECT id, plan FROM care.member") == ""
        for raw in ("SELECT mail FROM care.member", "SELECT m FROM care.member m", "SELECT ctid FROM care.member"):
            assert "caller's own rights" in await judged(both, raw), raw
        assert "caller's own rights" in await judged(both, f"{masked} JOIN care.member r ON r.mail = m.mail")
        assert "another owner" in await judged(both, masked, "ALTER VIEW care__masked.member OWNER TO postgres")
