"""The second tree of a spliced text: what a splicer did wrong, or names hide from it, ends in a refusal."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import pytest

from core.catalog import Protection, Snapshot
from core.classify.postgres import Model, Parsed, Spliced, Tree, Witnessed, confirm, learn, parse, witness
from core.classify.postgres.nouns import Doubted
from core.classify.postgres.splice.proof import Proof
from core.classify.postgres.tree.read import read
from core.masking import protect
from core.model import Doubt, Unreadable
from tests.generate.record import dump
from tests.integration.modes import MASKS, SCHEMA, TAGS
from tests.integration.shop import Make
from tests.integration.test_witness_postgres import load

TEXT = "SELECT m.mail, n.card FROM care.member m, care.member n WHERE m.id = n.id"


@dataclass(frozen=True)
class Ground:
    """A database that this role reads whole, its snapshot and its masked subselects."""

    connection: Any
    snapshot: Snapshot
    protection: Protection

    async def first(self, text: str, parameters: int = 0) -> tuple[Witnessed, Spliced]:
        parsed = parse(text, (None,) * parameters)
        assert isinstance(parsed, Parsed)
        found = witness(parsed, await dump(self.connection, text) or "", self.snapshot, self.protection)
        assert isinstance(found, Witnessed), found
        assert found.owes is not None
        return found, found.owes

    async def templates(self, spliced: Spliced) -> dict[Model, Tree]:
        found = {}
        for model in spliced.models:
            tree = learn(await dump(self.connection, model.text) or "", self.snapshot)
            assert isinstance(tree, Tree), tree
            found[model] = tree
        return found

    async def second(self, found: Witnessed, spliced: Spliced) -> Witnessed | Unreadable:
        heard = await dump(self.connection, spliced.text)
        assert heard is not None, spliced.text
        owing = replace(found, owes=spliced)
        return confirm(owing, heard, await self.templates(spliced), self.snapshot, self.protection)

    async def edited(self, text: str, old: str, new: str, parameters: int = 0) -> Witnessed | Unreadable:
        """Confirm a text whose splicing went wrong in one place."""
        found, spliced = await self.first(text, parameters)
        assert old in spliced.text, spliced.text
        wrong = spliced.text.replace(old, new, 1)
        parsed = parse(wrong, (None,) * spliced.parsed.parameters)
        assert isinstance(parsed, Parsed), parsed
        return await self.second(found, replace(spliced, text=wrong, parsed=parsed))


@pytest.fixture(params=(15, 16, 17, 18))
async def ground(request: pytest.FixtureRequest, database: Make) -> AsyncIterator[Ground]:
    url = await database(SCHEMA, version=request.param)
    connection = await asyncpg.connect(url, statement_cache_size=0)
    known = await load(connection)
    await connection.execute("SET search_path = care, public")
    yield Ground(connection, known, protect(known, TAGS, MASKS, enforced=False))
    await connection.close()


def refused(found: Witnessed | Unreadable, why: str) -> None:
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.DISAGREE
    assert why in found.detail


async def test_a_reading_masked_in_the_text_alone_is_not_witnessed_until_it_is_proven(ground: Ground) -> None:
    found, spliced = await ground.first(TEXT)
    assert not found.reading.witnessed
    proven = await ground.second(found, spliced)
    assert isinstance(proven, Witnessed), proven
    assert proven.reading.witnessed
    assert proven.owes is None
    assert [(pad.tag, pad.outer) for pad in proven.pads] == [
        ("pci.card", False), ("pci.card", True), ("pci.pin", False), ("pci.pin", True),
        ("pii.email", False), ("pii.email", True), ("pii.ref", False), ("pii.ref", True),
    ]  # fmt: skip
    assert proven.reading.tree != found.reading.tree


async def test_one_occurrence_left_raw_beside_a_masked_one_is_refused(ground: Ground) -> None:
    found, spliced = await ground.first(TEXT)
    masked = spliced.text[spliced.text.rindex("(SELECT") : spliced.text.rindex(") n") + 1]
    refused(await ground.edited(TEXT, masked + " n", "care.member n"), "names a protected relation")
    assert found.reading.masks


async def test_one_column_left_raw_in_a_masked_relation_is_refused(ground: Ground) -> None:
    text = "SELECT note, passport FROM care.member"
    refused(await ground.edited(text, "'***'::text AS \"note\"", '"note" AS "note"'), "names a protected relation")


async def test_another_filter_inside_a_masked_relation_is_refused(ground: Ground) -> None:
    raw = 'FROM "care"."member" WHERE "income" > 50000'
    refused(await ground.edited("SELECT id, note FROM care.member", 'FROM "care"."member"', raw), "protected relation")


async def test_a_mask_key_named_outside_a_masked_relation_is_refused(ground: Ground) -> None:
    wrong = await ground.edited("SELECT 'x', mail FROM care.member WHERE id = $1", "'x'", "$2::bytea", parameters=1)
    refused(wrong, "a parameter outside the templates")


async def test_keys_that_changed_places_are_refused(ground: Ground) -> None:
    text = "SELECT mail FROM care.event"
    found, spliced = await ground.first(text)
    wrong = spliced.text.replace("$1:", "$0:").replace("$2:", "$1:").replace("$0:", "$2:")
    parsed = parse(wrong, (None,) * 2)
    assert isinstance(parsed, Parsed)
    refused(await ground.second(found, replace(spliced, text=wrong, parsed=parsed)), "protected relation")


async def test_the_key_of_another_tag_is_refused(ground: Ground) -> None:
    text = "SELECT p.mail, m.id FROM care.person p, care.member m WHERE m.pin = 1"
    found, spliced = await ground.first(text)
    names = [pad.tag for pad in spliced.pads]
    assert names == sorted(names)
    wrong = spliced.text.replace("$6:", "$0:").replace("$8:", "$6:").replace("$0:", "$8:")
    parsed = parse(wrong, (None,) * len(names))
    assert isinstance(parsed, Parsed)
    refused(await ground.second(found, replace(spliced, text=wrong, parsed=parsed)), "protected relation")


async def test_a_permission_record_without_an_entry_is_an_occurrence(ground: Ground) -> None:
    """Names could hide an entry from the reader; on 15 the entry is the record."""
    member, visit = (ground.snapshot.names["care", name] for name in ("member", "visit"))
    heard = await dump(ground.connection, "SELECT id FROM care.member")
    assert heard is not None
    record = "RTEPERMISSIONINFO" if ground.snapshot.version >= 160_000 else "RANGETBLENTRY"
    at = heard.index(f"{{{record}")
    before = re.sub(rf":relid\s{member}\s", f":relid {visit} ", heard[:at])
    (query,) = read(before + heard[at:], ground.snapshot.version)
    _, spliced = await ground.first(TEXT)
    with pytest.raises(Doubted) as doubted:
        Proof(spliced, {}, ground.protection.tainted).visit(query)
    assert record in doubted.value.unreadable.detail


async def test_functions_that_a_masked_type_chooses_are_judged_as_well(ground: Ground) -> None:
    """A masked domain is its base type: another overload may be chosen, which the first tree did not show."""
    await ground.connection.execute(
        "CREATE FUNCTION care.told(care.mail) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1::text';"
        "CREATE FUNCTION care.told(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN $1; END'"
    )
    fresh = await load(ground.connection)
    known = replace(ground, snapshot=fresh, protection=protect(fresh, TAGS, MASKS, enforced=False))
    found, spliced = await known.first("SELECT lower(mail) FROM care.member")
    wrong = spliced.text.replace("lower(", "told(", 1)
    parsed = parse(wrong, (None,) * len(spliced.pads))
    assert isinstance(parsed, Parsed)
    second = await known.second(found, replace(spliced, text=wrong, parsed=parsed))
    assert isinstance(second, Unreadable)
    assert second.doubt is Doubt.FUNCTION
