"""Cells and parameters: what has an exact equal in JSON, and what stays the server's text."""

from __future__ import annotations

import math

import pytest

from core.connectors.postgres.connection.sqlstates import CLASSES, SENTENCES, sentence
from core.connectors.postgres.connection.values import SAFE, array, bound, integer, octets, plain, real, written
from core.errors import BadCall


@pytest.mark.parametrize(
    ("text", "cell"),
    [("1", 1), (str(SAFE), SAFE), (str(-SAFE), -SAFE), (str(SAFE + 1), str(SAFE + 1)), ("-9007199254740993",) * 2],
)
def test_integers_beyond_a_double_stay_text(text: str, cell: int | str) -> None:
    assert integer(text) == cell


def test_what_json_has_no_number_for_stays_text() -> None:
    assert [real("Infinity"), real("-Infinity"), real("NaN")] == ["Infinity", "-Infinity", "NaN"]
    assert real("0.1") == 0.1
    zero = real("-0")
    assert isinstance(zero, float)
    assert math.copysign(1, zero) == -1


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("{}", ()),
        ("{a,NULL,b}", ("a", None, "b")),
        ('{"NULL",""}', ("NULL", "")),
        ('{"a,b","{}","\\"","\\\\"}', ("a,b", "{}", '"', "\\")),
        ("{{1,2},{3,4}}", (("1", "2"), ("3", "4"))),
        ("[2:3]={7,8}", ("7", "8")),
        ("[1:1][0:1]={{7,8}}", (("7", "8"),)),
    ],
)
def test_arrays_are_read_as_they_are_printed(text: str, cell: object) -> None:
    assert array(text, decode=plain, delimiter=",") == cell


def test_boxes_are_parted_by_semicolons() -> None:
    assert array("{(1,1),(0,0);(2,2),(1,1)}", decode=plain, delimiter=";") == ("(1,1),(0,0)", "(2,2),(1,1)")


def test_the_byte_count_is_that_of_the_json_text() -> None:
    assert octets([("é", None, True, 1), (2,)]) == len('["é",null,true,1],[2],'.encode())


def test_parameters_are_written_for_the_server_to_parse() -> None:
    assert bound(("a", 5, True, False, None, 1.5), 6) == ("a", "5", "true", "false", None, "1.5")


@pytest.mark.parametrize("given", [(1,), (1, 2, 3), {"name": 1}])
def test_parameters_that_do_not_fit_are_the_callers_fault(given: tuple[int, ...] | dict[str, int]) -> None:
    with pytest.raises(BadCall):
        bound(given, 2)


@pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
def test_what_no_text_can_hold_never_nears_the_wire(value: str) -> None:
    with pytest.raises(BadCall):
        written(value)


@pytest.mark.parametrize("code", [*SENTENCES, *(f"{prefix}999" for prefix in CLASSES), "99999"])
def test_every_sqlstate_has_one_fixed_sentence(code: str) -> None:
    assert sentence(code).endswith(".")
    assert code not in sentence(code)
