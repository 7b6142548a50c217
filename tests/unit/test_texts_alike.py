"""Texts that differ in plain constants alone are read as one that was read before: just as each is read alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog import Protection
from core.classify.postgres import Memory, Parsed, Witnessed, parse, witness
from core.classify.postgres.agreed import Agreed, Likes
from core.classify.postgres.kept import Kept
from core.classify.postgres.nouns import Doubted, Told
from core.classify.postgres.text.alike import LONGEST, Later, Skeletons, molded
from core.model import Doubt, Parameters, Unreadable
from tests.generate.cases import cases
from tests.slices import today
from tests.unit.catalogs import snapshot
from tests.unit.test_classify_postgres import DUMP

SLICES: Final = 12  # of the corpus, one a day
PLAIN: Final = re.compile(r"[0-9]|(?<=')[A-Za-z](?=[A-Za-z]*')")
SNAPSHOT = snapshot()
PROTECTION = Protection(tags={}, tainted=frozenset(), closed={}, version="1")

# Texts with a place, and what stands there, much of it of one width: one text to a careless eye.
ROWS: Final = (
    ("SELECT a FROM t WHERE id = ?", "10|25|$1|x1|id|-1|+1|.5|5.|''|0x|(1"),
    ("SELECT a::float(?) FROM t", "24|25|10|53|99"),
    ("SELECT a::numeric(?) FROM t", "3,2|4,3|9,9|100"),
    ("SELECT a::int[?] FROM t", "3|4"),
    ("SELECT a::bit(?), b::varchar(?) FROM t", "3|4"),
    ("SELECT b::interval second(?) FROM t", "3|4"),
    ("SELECT interval ? year, a FROM t", "'1'|'2'|$$|E''"),
    ("SELECT interval(?) '1', a FROM t", "1|2|6"),
    ("SELECT extract(? FROM b), a FROM t", "'year'|'days'|months|\"days\""),
    ("SELECT ? , a FROM t", "'ab'|'cd'|'a''|N'b'|E'b'|B'1'|X'1'|$$b$$|null|true|1234|12.4|1e10|1_00|0x1f|U&''"),
    ("SELECT ? AS b, a FROM t", "'''a'|'a'''|''''''|'\\''a|'abc'|'a\nb'|'-- '|'/* '|'\u00e9a'"),
    ("SELECT 1?2 FROM t", "+|-|,| |.|e|_|/|a"),
    ("SELECT 'a'?'b' FROM t", "\n|,| |'"),
    ("SELECT U&'d?0061' UESCAPE '?', a FROM t", "!|\\|#|+"),
    ("SELECT 1 AS ?, a FROM t", 'a|b|"a"'),
    ("SELECT a /* ? */ FROM t WHERE a = 1", "1|2|'"),
    ("SELECT a FROM t WHERE a = 1 -- ?", "1|2|'"),
    ("SELECT a FROM ? WHERE b = 1", 't|u|"t"'),
    ("SELECT a FROM t WHERE b = ? ORDER BY 1 LIMIT ? OFFSET ?", "1|2|0"),
    ("SELECT a FROM t FETCH FIRST ? ROWS WITH TIES", "1|2"),
    ("SELECT a FROM t ORDER BY a FETCH FIRST ? ROWS ONLY", "1|2|0"),
    ("SELECT a FROM t TABLESAMPLE system (?) REPEATABLE (?)", "1|2"),
    ("SELECT sum(a) OVER (ROWS ? PRECEDING) FROM t", "1|2|0"),
    ("SELECT a FROM t GROUP BY GROUPING SETS ((?), (a))", "1|2"),
    ("SELECT a FROM t WHERE a LIKE '%?' ESCAPE '?'", "a|b|!"),
    ("SELECT b AT TIME ZONE 'a?', a FROM t", "a|b"),
    ("SELECT a, -? FROM t WHERE b IN (-1, ?, ?)", "1|2|0"),
    ("SELECT * FROM json_table('{}', '$.?' COLUMNS (a int PATH '$.?')) j", "a|b"),
    ("SELECT * FROM xmltable('/?' PASSING b COLUMNS a text PATH '?' DEFAULT '?') x", "a|b"),
    ("WITH RECURSIVE c AS (SELECT 1 AS a) CYCLE a SET m TO '?' DEFAULT '?' USING p SELECT a FROM c", "y|n"),
    ("SELECT a FROM t WHERE m = assent_token('?')", "a|b"),
    ("SELECT a FROM t WHERE b = '?'", "x|\0|\ud800"),
    ("SELECT a FROM t WHERE b = '?'", "x" * 1_500 + "|" + "+" * 1_500),
    ("SELECT a INTO u FROM t WHERE b = ?", "1|2"),
    ("EXPLAIN SELECT a FROM t WHERE b = ?", "1|2"),
    ("UPDATE t SET a = ? WHERE b = ?", "1|2"),
    ("UPDATE t SET a = 1 WHERE ? = ?", "1|2"),
    ("SELECT a FROM t WHERE b = ? FOR UPDATE", "1|2"),
    ("CREATE TABLE u AS SELECT ? AS a FROM t", "1|2"),
    ("SELECT a FROM t WHERE b = ?; SELECT 1", "1|2"),
    ("SHOW timezone", ""),
    ("SELECT '?'::regclass, a FROM t", "t|u"),
    ("VALUES (?, ?)", "1|2"),
)  # fmt: skip


def texts(text: str, places: str) -> Iterator[str]:
    for place in places.split("|"):
        yield text.replace("?", place)


def learned(*known: str) -> Memory:
    """Give a memory in which texts came as often as they must to be kept."""
    memory = Memory()
    for text in known:
        memory.parse(text)
    return memory


def alone(text: str) -> Parsed | Unreadable:
    return parse(text)


@pytest.mark.parametrize(("text", "places"), ROWS, ids=[f"{at} {row[0]}" for at, row in enumerate(ROWS)])
def test_whatever_was_read_before_a_text_is_read_as_it_is_alone(text: str, places: str) -> None:
    every = [*texts(text, places), *texts(text.replace("?", "?   "), places)]
    memory = learned(*every, *reversed(every))
    for each in every:
        found = memory.parse(each)
        assert found == alone(each)
        if isinstance(found, Parsed):
            assert found.written == each
            assert dict(found.tree) == dict(found.tree.items())


NUMBERS: Final = st.integers(0, 10**6).map(str) | st.decimals(0, 10**6, places=2, allow_nan=False).map(str)
STRINGS: Final = st.text(st.sampled_from("ab'\\é\n$-*/ "), max_size=4).map(
    lambda text: "'" + text.replace("'", "''") + "'"
)
OTHERS: Final = st.sampled_from(["E'a'", "$$a$$", "NULL", "-1", "1e3", "0x1F", "1_0", "X'1'", "a", "f(1)", "'a'::text"])
VALUES: Final = st.one_of(NUMBERS, STRINGS, OTHERS)
FORMS: Final = st.sampled_from(
    ["SELECT a, {} FROM t WHERE b = {} AND t.c IN ({}, {})", "SELECT {}::numeric({}), t.a FROM t LIMIT {} OFFSET {}",
     "SELECT {} a,{}b FROM u.t WHERE a BETWEEN {}AND{}", "SELECT f({}, {}) FROM t x GROUP BY {}, x.a HAVING {} = x.a",
     "SELECT {}-{}, a FROM t WHERE{}=-{}or a.b"]
)  # fmt: skip


@settings(deadline=None)
@given(FORMS, st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES), min_size=3, max_size=3))
def test_texts_of_one_form_are_each_read_as_alone(form: str, drawn: list[tuple[str, ...]]) -> None:
    every = [form.format(*values) for values in drawn]
    every += [PLAIN.sub(other, text) for text in every]
    memory = learned(*every, *every)
    assert [memory.parse(text) for text in every] == [alone(text) for text in every]


def other(found: re.Match[str]) -> str:
    """Give another digit or letter."""
    return {"9": "1", "z": "a", "Z": "A"}.get(found[0], chr(ord(found[0]) + 1))


def test_each_text_of_the_corpus_is_read_by_its_like_as_alone() -> None:
    texts_, held = today([*dict.fromkeys(case.text for case in cases())], str, SLICES), 0
    for text in texts_:
        one = PLAIN.sub(other, text)
        memory = learned(one, PLAIN.sub(other, one))
        found = memory.parse(text)
        assert found == alone(text), text
        held += isinstance(found, Parsed) and found.like is not None
    assert 4 * held > len(texts_)


# ---------------------------------------------------------------- what is held, and what is not


def test_a_text_that_differs_in_constants_alone_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = learned("SELECT a FROM t WHERE id = 11 AND b = 'x'", "SELECT a FROM t WHERE id = 22 AND b = 'y'")
    monkeypatch.setattr("core.classify.postgres.memory.parse", None)
    found = memory.parse("SELECT a FROM t WHERE id = 33 AND b = 'z'")
    assert isinstance(found, Parsed)
    assert found.text == "SELECT a FROM t WHERE id = 33 AND b = 'z'"
    assert found == alone(found.text)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("SELECT E'a'", "SELECT E'b'"),
        ("SELECT 1e1", "SELECT 1e2"),
        ("SELECT 0x1", "SELECT 0x2"),
        ("SELECT -1", "SELECT -2"),
        ("SELECT '\\a'", "SELECT '\\b'"),
        ("SELECT 'a'\n'b'", "SELECT 'a'\n'c'"),
        ("SELECT 1 AS a", "SELECT 1 AS b"),
        ("SELECT 1, a", "SELECT 22, a"),
        ("SELECT 1, a", "SELECT 1 , a"),
        ("SELECT 1 -- a", "SELECT 1 -- b"),
        ("SELECT $1, 1", "SELECT $2, 1"),
        ("SELECT 'a'", "SELECT 123"),
        ("SELECT 1.5", "SELECT 125"),
    ],
)
def test_what_is_no_plain_constant_of_the_same_width_stands_in_the_skeleton(one: str, two: str) -> None:
    first, second = (Skeletons().of(text) for text in (one, two))
    assert first is None or second is None or (first.answer, first.rest) != (second.answer, second.rest)


@pytest.mark.parametrize(
    "text", ["SELECT a", "SELECT 'a", "SELECT 1\0", "SELECT '\ud800', 1", f"SELECT 1{' ' * LONGEST}"]
)
def test_what_has_no_plain_constant_or_cannot_be_scanned_has_no_skeleton(text: str) -> None:
    assert Skeletons().of(text) is None


@pytest.mark.parametrize("parameters", [(), ("x",), ("x", "y")])
def test_the_number_of_parameters_belongs_to_what_is_alike(parameters: Parameters) -> None:
    memory = Memory()
    for value in (1, 2):
        memory.parse(f"SELECT {value}, $1 FROM t", ("x",))
    assert memory.parse("SELECT 3, $1 FROM t", parameters) == parse("SELECT 3, $1 FROM t", parameters)
    assert isinstance(memory.parse("SELECT 3, $1 FROM t", {"a": 1}), Unreadable)


def test_a_tree_that_is_no_single_read_a_second_time_is_doubted() -> None:
    with pytest.raises(Doubted) as raised:
        len(Later("SELECT 1; SELECT 2"))
    assert raised.value.unreadable.doubt is Doubt.DISAGREE


# ---------------------------------------------------------------- texts in which relations were replaced


def known(text: str) -> Parsed:
    """Give a text as it is read by its like."""
    found = learned(text, PLAIN.sub(other, text)).parse(text.replace("11", "33"))
    assert isinstance(found, Parsed)
    assert found.constants
    return found


def test_a_text_with_replaced_relations_is_filled_with_the_constants_of_each_like() -> None:
    mold = molded(known("SELECT a, 11 FROM s.t WHERE b = 'x'"), "SELECT a, 33 FROM s__m.t AS t WHERE b = 'x'")
    assert mold is not None
    assert mold.filled((b"44", b"'y'")) == "SELECT a, 44 FROM s__m.t AS t WHERE b = 'y'"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 'x', b FROM v WHERE a = 33",
        "SELECT a, 34 FROM v WHERE b = 'x'",
        "SELECT a, 33 FROM v WHERE b = 'x' AND c = 1",
        "SELECT a, 33 FROM v",
        "SELECT a FROM v",
        "SELECT a::float(33) FROM v WHERE b = 'x'",
        "SELECT a, 33 FROM v WHERE",
    ],
)
def test_a_text_with_other_constants_stands_for_no_likes(text: str) -> None:
    assert molded(known("SELECT a, 11 FROM t WHERE b = 'x'"), text) is None


@pytest.mark.parametrize(
    "constants", [(b"444", b"'y'"), (b"'4", b"'y'"), (b"44",), (b"44", b"'y'", b"1"), (b"a1", b"'y'")]
)
def test_a_text_is_filled_with_constants_only_where_its_tokens_stay(constants: tuple[bytes, ...]) -> None:
    mold = molded(known("SELECT a, 11 FROM t WHERE b = 'x'"), "SELECT a, 33 FROM v AS t WHERE b = 'x'")
    assert mold is not None
    assert mold.filled(constants) is None


# ---------------------------------------------------------------- the second witness


def dumped(value: int) -> str:
    """Give the dump of `SELECT <value> AS a`."""
    return DUMP.replace("[ 1 0 0 0 0 0 0 0 ]", f"[ {value} 0 0 0 0 0 0 0 ]")


def read(memory: Memory, likes: Likes, text: str, value: int) -> Witnessed:
    parsed = memory.parse(text)
    assert isinstance(parsed, Parsed)
    found = witness(parsed, dumped(value), SNAPSHOT, PROTECTION, likes)
    assert isinstance(found, Witnessed)
    assert found == witness(parse(text), dumped(value), SNAPSHOT, PROTECTION)  # type: ignore[arg-type]
    return found


def test_a_reading_is_made_of_its_likes_and_says_what_its_own_says(monkeypatch: pytest.MonkeyPatch) -> None:
    memory, likes = Memory(), Likes(Kept[Agreed](1 << 24))
    for value in range(1, 6):
        read(memory, likes, f"SELECT {value} AS a", value)
    parsed, alone_ = memory.parse("SELECT 7 AS a"), witness(parse("SELECT 7 AS a"), dumped(7), SNAPSHOT, PROTECTION)  # type: ignore[arg-type]
    monkeypatch.setattr(import_module("core.classify.postgres.witness"), "Witness", None)
    assert isinstance(parsed, Parsed)
    assert witness(parsed, dumped(7), SNAPSHOT, PROTECTION, likes) == alone_


def test_another_text_over_the_same_tree_is_judged_by_itself() -> None:
    memory, likes = Memory(), Likes(Kept[Agreed](1 << 24))
    for value in range(1, 6):
        read(memory, likes, f"SELECT {value} AS a", value)
    for value in range(1, 6):  # the same places in the tree, another shape
        read(memory, likes, f"SELECT {value} a", value)
        read(memory, likes, f"SELECT {value} AS a", value)


def test_what_is_told_of_aggregates_is_made_of_no_other_reading() -> None:
    memory, likes = Memory(), Likes(Kept[Agreed](1 << 24))
    for value in range(1, 6):
        read(memory, likes, f"SELECT {value} AS a", value)
    parsed = memory.parse("SELECT 7 AS a")
    assert isinstance(parsed, Parsed)
    assert parsed.like is not None
    mark = Told(start=7, end=8, column="a", text="1", name=None)
    known = next(iter(likes._kept._found.values()))[0]  # type: ignore[union-attr]
    assert known.again(parsed, dumped(7)) is not None
    assert known.again(replace(parsed, told=(mark,)), dumped(7)) is None


def test_constants_of_other_widths_are_other_likes_over_one_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    memory, likes, values = Memory(), Likes(Kept[Agreed](1 << 24)), (1, 11, 111)
    for shift in range(6):
        for value in values:
            read(memory, likes, f"SELECT {value + shift} AS a", value + shift)
    found = [memory.parse(f"SELECT {value + 7} AS a") for value in values]
    alone_ = [witness(parse(f"SELECT {value + 7} AS a"), dumped(value + 7), SNAPSHOT, PROTECTION) for value in values]  # type: ignore[arg-type]
    monkeypatch.setattr(import_module("core.classify.postgres.witness"), "Witness", None)
    for parsed, value, expected in zip(found, values, alone_, strict=True):
        assert isinstance(parsed, Parsed)
        assert witness(parsed, dumped(value + 7), SNAPSHOT, PROTECTION, likes) == expected
