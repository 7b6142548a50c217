"""Pairs of texts of one skeleton, analysed by a live server: what is remembered of one is what the other is read as."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

import pytest

from core.catalog import Protection, Snapshot
from core.classify.postgres import Memory, Parsed, Witnessed, parse, witness
from core.classify.postgres.agreed import Agreed, Likes
from core.classify.postgres.kept import Kept
from core.classify.postgres.nouns import Spliced
from core.classify.postgres.splice.splice import splice
from core.classify.postgres.tree.read import skeleton
from tests.generate.record import dump
from tests.integration.test_witness_postgres import VERSIONS, Ground, load, standing

# A text, and what may stand in it for `?`. Of each row the texts are of one skeleton, of several, or refused: nobody
# says which, for every one is read afresh as well.
PAIRS: Final = (
    (
        "SELECT plan FROM member WHERE id = ?",
        "1|2|7|10|-1|0|2147483647|2147483648|9223372036854775808|1.0|1e3|'1'|NULL",
    ),
    ("SELECT ?", "1|2|'a'|'b'|1.5|2.5|true|false|NULL|''|E'a\\n'|U&'\\0061'|B'01'|X'1f'|$$a$$"),
    ("SELECT ?::numeric(3,2)", "1.5|2.5|'1.5'|9.99|1"),
    ("SELECT fee::numeric(?) FROM visit", "3,2|4,2|4,3|9"),
    ("SELECT at + interval ? FROM visit", "'1 day'|'2 day'|'1 mon'|'90 s'"),
    ("SELECT interval '1' ?", "year|month|day"),
    ("SELECT id FROM visit LIMIT ?", "1|2|9|NULL|ALL|(1+1)|9223372036854775807"),
    ("SELECT id FROM visit OFFSET ?", "1|2|0"),
    ("SELECT id FROM visit FETCH FIRST ? ROWS ONLY", "1|2|9"),
    ("SELECT id FROM visit WHERE id IN (?)", "1|2|1,2|3,4|1,2,3|'1'|1,NULL"),
    ("VALUES (?)", "1|2|1),(2|3),(4|'a'|'b'|NULL"),
    ("SELECT mail FROM member WHERE mail = ?", "'a@x'|'b@x'|'aa@x'|NULL"),
    ("SELECT id FROM member WHERE mail LIKE ?", "'a%'|'b%'|'%_'"),
    ("SELECT id FROM member WHERE born < ?", "'2001-01-01'|'2002-01-01'|now()|'now'|'today'"),
    ("SELECT prefs->? FROM member", "'a'|'b'|1|2"),
    ("SELECT income > ? FROM member", "1|2|1000|1.5"),
    ("SELECT id FROM members WHERE plan = ?", "'a'|'b'|'c'"),
    ("SELECT fee FROM visits WHERE id = ?", "1|2|3"),
    ("SELECT secret FROM tenant WHERE id = ?", "1|2|3"),
    ("SELECT ?::regclass", "'care.visit'|'care.empty'|'care.member'|'care.log'"),
    ("SELECT pg_total_relation_size(?)", "'care.visit'|'care.empty'|'care.member'"),
    ("SELECT currval(?)", "'care.numbers'|'care.log_id_seq'"),
    ("SELECT id FROM visit WHERE tableoid = ?::regclass", "'care.visit'|'care.empty'"),
    ("SELECT current_setting(?)", "'TimeZone'|'DateStyle'|'data_directory'|'search_path'"),
    ("SELECT to_tsvector(?, 'x')", "'english'|'simple'"),
    ("SELECT ?::regtype", "'int4'|'text'|'care.mood'"),
    ("SELECT mood = ? FROM member", "'sad'|'glad'|'bad'|'ok'"),
    ("SELECT 1 AS ?", 'a|b|"1"|"2"|":constvalue"|":constvalue_4_[_1_]"'),
    ('SELECT "?" FROM "Odd name"', "id|a\xa0b"),
    ("SELECT id /* ? */ FROM visit", "1|2|x"),
    ("SELECT id -- ?", "1|2"),
    ("SELECT * FROM generate_series(1, ?)", "1|2|9|1000000"),
    ("SELECT plan FROM member ORDER BY ?", "1|2|id|mail"),
    ("SELECT count(*) FROM visit GROUP BY ? || memo", "'a'|'b'"),
    ("SELECT coalesce(memo, ?), CASE WHEN id = 1 THEN ? END FROM visit", "'a'|'b'|'c'"),
    ("SELECT codes[?] FROM visit", "1|2|1:2"),
    ("SELECT repeat(memo, ?) FROM visit", "1|2|9"),
    ("SELECT assent_token(?)", "'a'|'b'"),
    ("SELECT id FROM visit TABLESAMPLE system (?)", "1|2|50"),
    ("WITH a AS (SELECT id FROM member WHERE plan = ?) SELECT id FROM a", "'a'|'b'|'c'"),
    ("SELECT EXISTS (SELECT FROM member m WHERE m.id = v.id AND m.plan = ?) FROM visit v", "'a'|'b'|'c'"),
    ("SELECT id FROM visit WHERE memo = ? UNION SELECT id FROM empty_ WHERE false", "'a'|'b'"),
)
ROUNDS: Final = 3  # kept from the second time on


@pytest.fixture(params=VERSIONS)
async def ground(request: pytest.FixtureRequest, database: Callable[..., Any]) -> Any:
    async with standing(database, request.param) as made:
        yield made


def texts() -> Iterator[str]:
    for text, constants in PAIRS:
        for constant in constants.split("|"):
            yield text.replace("?", constant)


async def heard(ground: Ground) -> list[tuple[Parsed, str]]:
    """Have each text analysed that both grammars take."""
    found = []
    for text in texts():
        parsed = parse(text)
        said = await dump(ground.connection, parsed.heard) if isinstance(parsed, Parsed) and parsed.witnessed else None
        if isinstance(parsed, Parsed) and said is not None:
            found.append((parsed, said))
    return found


async def test_whatever_was_read_before_a_text_is_read_as_it_is_alone(ground: Ground) -> None:
    order = random.Random(10)  # noqa: S311 - an order, no secret
    likes, known = Likes(Kept[Agreed](1 << 28)), await heard(ground)
    alone = {parsed.text: witness(parsed, said, ground.snapshot, ground.protection) for parsed, said in known}
    held, wrong = 0, []
    for _ in range(ROUNDS):
        order.shuffle(known)
        for parsed, said in known:
            bones = skeleton(said)
            held += bones is not None and likes.get(bones, parsed, ground.snapshot, ground.protection) is not None
            if witness(parsed, said, ground.snapshot, ground.protection, likes) != alone[parsed.text]:
                wrong.append(parsed.text)
    assert not wrong
    assert len(known) > 100
    assert held > 100


async def test_a_text_that_came_by_its_like_is_read_as_it_is_alone(ground: Ground) -> None:
    order = random.Random(10)  # noqa: S311 - an order, no secret
    memory, likes, known = Memory(), Likes(Kept[Agreed](1 << 28)), await heard(ground)
    alone = {parsed.text: witness(parsed, said, ground.snapshot, ground.protection) for parsed, said in known}
    held, wrong = 0, []
    for _ in range(ROUNDS + 1):
        order.shuffle(known)
        for parsed, said in known:
            again = memory.parse(parsed.text)
            if again != parsed:
                wrong.append(parsed.text)
            if isinstance(again, Parsed):
                held += again.like is not None
                if witness(again, said, ground.snapshot, ground.protection, likes) != alone[parsed.text]:
                    wrong.append(parsed.text)
    assert not wrong
    assert held > 100


MASKED: Final = (
    ("SELECT mail, ? FROM care.member WHERE id = ?", "11|22|33|44|55"),
    ("SELECT care.member.mail FROM ONLY (care.member) WHERE care.member.id = ? LIMIT ?", "11|22|33|44"),
    (
        "SELECT m.mail FROM care.member m JOIN care.visit v ON v.id = m.id WHERE v.memo = 'a?' AND m.plan <> '?'",
        "1|2|3|4",
    ),
    ("SELECT mail /* ? */, ? FROM Care . Member", "1|2|3|4"),
    ("SELECT -?, mail FROM care.member WHERE plan LIKE '%?'", "1|2|3|4"),
    ("SELECT mail FROM (SELECT mail, ? AS one FROM care.member) x WHERE x.one = ?", "1|2|3|4"),
)


async def test_a_text_with_masks_is_made_of_its_likes_just_as_it_is_spliced_alone(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ground.connection.execute(
        "CREATE SCHEMA care__masked; CREATE VIEW care__masked.member AS SELECT id, plan, '***'::text AS mail, "
        "'***'::text AS passport, NULL::date AS born, NULL::numeric AS income, '***'::text AS note, "
        "NULL::jsonb AS prefs, '***'::text AS mail_low, mood FROM care.member"
    )
    known = replace(await load(ground.connection), owned_schemas=frozenset({"care__masked"}))
    member, spliced = known.names["care", "member"], []
    enforced = replace(
        ground.protection,
        tainted=frozenset({member}),
        closed={},
        enforced=True,
        replacement={member: "care__masked.member"},
        replacement_only={member: "care__masked.member"},
    )

    def counted(parsed: Parsed, snapshot: Snapshot, protection: Protection) -> Spliced:
        spliced.append(parsed.text)
        return splice(parsed, snapshot, protection)

    memory, likes, wrong, asked = Memory(), Likes(Kept[Agreed](1 << 28)), [], 0
    for _ in range(ROUNDS):
        for text, values in MASKED:
            for value in values.split("|"):
                parsed = memory.parse(text.replace("?", value))
                assert isinstance(parsed, Parsed)
                said = await dump(ground.connection, parsed.heard)
                assert said is not None
                alone = witness(parsed, said, known, enforced)
                assert isinstance(alone, Witnessed)
                assert "care__masked.member" in alone.reading.text
                with monkeypatch.context() as patch:
                    patch.setattr(import_module("core.classify.postgres.witness"), "splice", counted)
                    found = witness(parsed, said, known, enforced, likes)
                asked += 1
                if found != alone:
                    wrong.append(parsed.text)
    assert not wrong
    assert 2 * len(spliced) < asked
