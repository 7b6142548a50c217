"""The oracle between modes: what masked subqueries answer is what the database's own masking views answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import pytest

from core.connectors.postgres import PostgresConnector
from core.connectors.postgres.rooms import ROOMS
from core.errors import Drifted
from core.model import Doubt, Reading, Unreadable
from core.ports import Statement
from tests.integration.connecting import done, permit, told
from tests.integration.modes import SECRET, SECURITY, modes
from tests.integration.shop import Make
from tests.slices import today

VERSIONS = (15, 16, 17, 18)
OLDER = 3  # parts, one a day; all of it on the newest version
Answer: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]


def statements() -> list[str]:
    blocks = (SECURITY / "masked_statements.sql").read_text("utf-8").split("\n\n")
    texts = ("\n".join(line for line in block.splitlines() if not line.startswith("--")).strip() for block in blocks)
    return [text for text in texts if text]


async def answer(connector: PostgresConnector, text: str) -> tuple[Reading, Answer]:
    async with connector.visit(Statement(text=text), name="assent:modes:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading), (text, reading)
        assert reading.masks, text
        rows = await visit.run(permit(reading, returned_rows=1000, returned_bytes=1 << 20))
    return reading, (tuple(column.name for column in rows.columns), tuple(sorted(map(repr, rows.rows))))


@pytest.mark.parametrize("version", VERSIONS)
async def test_both_modes_answer_alike_row_for_row(database: Make, version: int) -> None:
    assert len(statements()) >= 190
    async with modes(database, version=version) as both:
        for text in statements() if version == 18 else today(statements(), str, OLDER):
            enforced, rows = await answer(both.enforced, text)
            spliced, others = await answer(both.spliced, text)
            assert rows == others, text
            assert enforced.masks == spliced.masks, text
            assert enforced.text != spliced.text


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_token_in_the_text_is_that_of_the_masking_views_and_no_key_stands_in_a_text(
    database: Make, version: int
) -> None:
    async with modes(database, version=version) as both:
        text = "SELECT mail, passport FROM care.member m WHERE id = $1 OR mail = $2"
        seen, texts = [], []
        for connector in (both.enforced, both.spliced):
            async with connector.visit(Statement(text=text, parameters=(3, "x")), name="assent:modes:1") as visit:
                reading = await visit.read()
                assert isinstance(reading, Reading), reading
                texts.append(reading.text)
                seen.append((await visit.run(permit(reading, (3, "x")))).rows)
        assert seen[0] == seen[1]
        assert seen[0][0][1] == "***0003"
        assert "$3::pg_catalog.bytea" in texts[1]
        assert "$10::pg_catalog.bytea" in texts[1]
        assert "$11" not in texts[1]
        pads = await told(both.url, "SELECT encode(ipad, 'hex') AS pad FROM assent.key")
        assert not [row for row in pads if row["pad"] in texts[1] or SECRET.hex() in texts[1]]


async def test_with_no_proof_no_rows_come(database: Make) -> None:
    """The last witness is asked for in this mode whatever the text: a room that confirms nothing lets nothing run."""
    async with modes(database, version=18) as both:
        rooms = replace(ROOMS, confirm=lambda *_: Unreadable(doubt=Doubt.DISAGREE, sentence="no"))
        blind = both.blind(rooms)
        await blind.open()
        try:
            async with blind.visit(Statement(text="SELECT mail FROM care.member"), name="assent:modes:1") as visit:
                found = await visit.read()
            assert isinstance(found, Unreadable)
            async with blind.visit(Statement(text="SELECT id, plan FROM care.member"), name="assent:m:1") as visit:
                assert isinstance(await visit.read(), Reading)
        finally:
            await blind.close()


async def test_a_text_analysed_again_before_it_runs_is_withheld(database: Make) -> None:
    """INHERIT leaves the tree's bytes equal: that a second tree was heard is what counts."""
    async with modes(database, version=18) as both:
        text = "SELECT id, mail FROM care.person"
        async with both.spliced.visit(Statement(text=text), name="assent:modes:1") as visit:
            reading = await visit.read()
            assert isinstance(reading, Reading)
            await done(both.url, "CREATE TABLE care.late (LIKE care.person); ALTER TABLE care.late INHERIT care.person")
            await done(both.url, "INSERT INTO care.late (id, mail) VALUES (99, 'late@x.test')")
            with pytest.raises(Drifted):
                await visit.run(permit(reading))


async def test_mask_keys_reach_no_log(database: Make) -> None:
    """A role whose parameters are logged may not run texts that carry keys (masking.md 5, check 12)."""
    async with modes(database, version=18) as both:
        found = {finding.name: finding for finding in await both.spliced.findings(SECRET)}
        assert "keys-in-log" not in found
        assert found["masking-spliced"].passes("care", frozenset())
        await done(both.url, f"ALTER ROLE {both.raw} RESET log_min_messages")
        fresh = both.blind(ROOMS)
        await fresh.open()
        try:
            refusing = {finding.name for finding in await fresh.findings(SECRET) if finding.refuses}
            assert "keys-in-log" in refusing
        finally:
            await fresh.close()
        await done(both.url, f"ALTER ROLE {both.raw} SET log_parameter_max_length = 0")
        third = both.blind(ROOMS)
        await third.open()
        try:
            assert "keys-in-log" not in {finding.name for finding in await third.findings(SECRET)}
        finally:
            await third.close()
