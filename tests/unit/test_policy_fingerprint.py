"""Which statements a grant takes for one shape: those that differ in values of plain equalities, and no neighbour."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from pathlib import Path

import pytest
from postgast.native import lib

from core.classify.postgres import Parsed, parse
from core.classify.postgres.tree.likeness import GRAMMAR, likeness
from core.model import Column, Dialect, Fact, Form, Mask, Pair, Parameters, Reading, Scalar, Thing, Verb
from core.policy.bounding.fingerprint import NEVER, fingerprint

CASES = Path(__file__).parents[1] / "security" / "fingerprints.sql"


class Keyed:
    def __init__(self, key: bytes = b"k") -> None:
        self._key = key

    def mac(self, label: str, content: bytes) -> str:
        return hmac.new(self._key + label.encode(), content, hashlib.sha256).hexdigest()


MACS = Keyed()


def reading(text: str, parameters: Parameters = (), *, objects: tuple[int, ...] = (1,), stamp: str = "s") -> Reading:
    parsed = parse(text, parameters)
    assert isinstance(parsed, Parsed), (text, parsed)
    return Reading(
        dialect=Dialect.POSTGRES,
        statement=text,
        text=text,
        pairs=frozenset({Pair(thing=Thing(kind="table", name="public.t"), verb=Verb.UPDATE)}),
        likened=likeness(parsed, objects, {"stamp": stamp}),  # type: ignore[arg-type]
        witnessed=True,
    )


def of(text: str, *parameters: Scalar) -> str:
    found = fingerprint(MACS, "shop", reading(text, parameters), parameters)
    assert found is not None
    return found


def pairs(section: str) -> list[tuple[str, str]]:
    """Two texts on lines that follow one another, below a heading."""
    _, _, rest = CASES.read_text("utf-8").partition(f"-- {section}\n")
    lines = [line for line in rest.partition("\n-- ")[0].splitlines() if line]
    return list(zip(lines[::2], lines[1::2], strict=True))


@pytest.mark.parametrize("pair", pairs("alike"), ids=lambda pair: pair[1])
def test_statements_that_differ_in_values_of_plain_equalities_are_of_one_shape(pair: tuple[str, str]) -> None:
    assert of(pair[0]) == of(pair[1])


@pytest.mark.parametrize("pair", pairs("apart"), ids=lambda pair: pair[1])
def test_no_neighbour_of_a_statement_is_of_its_shape(pair: tuple[str, str]) -> None:
    assert of(pair[0]) != of(pair[1])


def test_a_bound_value_counts_as_the_literal_at_its_place() -> None:
    text = "UPDATE t SET a = $2 WHERE id = $1"
    assert of(text, 5, "x") == of(text, 6, "x")
    assert of(text, 5, "x") != of(text, 5, "y")  # where a literal would stay, the value belongs to the shape
    assert of(text, 5, "x") != of(text, "5", "x")
    assert of(text, 5, 1) != of(text, 5, True)
    assert of("DELETE FROM t WHERE id = $1", 7) == of("DELETE FROM t WHERE id = 8")


def test_a_value_that_also_stands_elsewhere_belongs_to_the_shape() -> None:
    text = "UPDATE t SET a = $1 WHERE id = $1"
    assert of(text, 5) != of(text, 6)


def test_a_list_of_bound_values_is_open_where_they_are_of_one_type() -> None:
    text = "DELETE FROM t WHERE id IN ($1, $2)"
    assert of(text, 1, 2) == of(text, 3, 4) == of("DELETE FROM t WHERE id IN (9)")
    assert of(text, 1, "2") != of(text, 1, "3")
    assert of(text, 1, "2") != of(text, 1, 2)


def test_what_a_statement_stands_on_is_part_of_its_shape() -> None:
    text = "DELETE FROM t WHERE id = 1"
    first = fingerprint(MACS, "shop", reading(text), ())
    for other in (
        fingerprint(MACS, "other", reading(text), ()),
        fingerprint(MACS, "shop", reading(text, objects=(1, 2)), ()),  # another overload, a table earlier in the path
        fingerprint(MACS, "shop", reading(text, stamp="t"), ()),  # a view made anew, a tag
        fingerprint(Keyed(b"other"), "shop", reading(text), ()),
    ):
        assert other not in {first, None}


@pytest.mark.parametrize(
    "change",
    [
        *({"facts": frozenset({fact})} for fact in sorted(NEVER)),
        {"witnessed": False},
        {"likened": None},
        {"form": Form.PLAN},
        {"unmasked": frozenset({Mask(column=Column(relation="public.t", name="a"), tag="pii", kind="hide")})},
        {"aggregated": frozenset({Column(relation="public.t", name="a")})},
    ],
    ids=str,
)
def test_no_grant_holds_where_a_protected_value_decides_or_nothing_was_witnessed(change: dict[str, object]) -> None:
    found = replace(reading("DELETE FROM t WHERE id = 1"), **change)  # type: ignore[arg-type]
    assert fingerprint(MACS, "shop", found, ()) is None
    assert Fact.PREDICATE_ON_PROTECTED in NEVER


def test_a_value_that_is_looked_up_by_has_no_shape() -> None:
    parsed = parse("SELECT id FROM t WHERE mail = assent_token('anna@x.test')")
    assert isinstance(parsed, Parsed)
    assert likeness(parsed, (), {}) is None


def test_the_grammar_is_the_one_that_is_named() -> None:
    result = lib.pg_query_parse(b"SELECT 1")
    assert result.parse_tree.startswith(b'{"version":%d,' % GRAMMAR)
    lib.pg_query_free_parse_result(result)
