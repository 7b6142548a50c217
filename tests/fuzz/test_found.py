"""What an adversary with this source found, each a named case over the twins."""

from __future__ import annotations

import pytest

from tests.fuzz.grounds import Ground
from tests.fuzz.observe import ERROR, REFUSAL, Watched

STORAGE = (
    "select ctid, id from care.parent",
    "select p.ctid from care.parent p where id > 5",
    "select xmin::text from care.parent",
    "select tableoid::regclass from care.parent group by 1",
    "select id from care.parent tablesample system (50)",
    "select id from care.parent tablesample bernoulli (50) repeatable (1)",
    "select * from (select ctid, id from only care.parent union all select ctid, id from care.visit) z",
)


@pytest.mark.parametrize("text", STORAGE)
async def test_no_parent_shows_how_its_protected_children_are_stored(hidden: Ground, text: str) -> None:
    """A page holds as many rows as the protected values leave room for: `ctid` and SYSTEM samples tell their sizes."""
    seen = await Watched(hidden.twins.one.connector)(text)
    assert seen.channels[REFUSAL].startswith("protected: ")
    assert (await Watched(hidden.twins.one.connector)("select id, kind from care.parent")).answered


async def test_a_catalog_that_looks_into_each_sequence_is_answered(hidden: Ground) -> None:
    """Its reader locks them, which is not another relation coming between."""
    seen = await Watched(hidden.twins.one.connector)("select schemaname, sequencename from pg_sequences")
    assert ERROR not in seen.channels
    assert seen.answered or seen.channels["count"].startswith("0 ")
