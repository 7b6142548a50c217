"""Two results held beside each other: what counts as the same, and that nothing is passed over in silence."""

from __future__ import annotations

from typing import Any

import pytest

from cli.audit.sameness import compare, document, read, sentences


def result(*rows: list[Any], columns: str = "id int8,mail text token", cut: bool = False) -> dict[str, Any]:
    named = [one.split(" ") for one in columns.split(",")]
    heads = [{"name": one[0], "type": one[1], "mask": one[2] if len(one) > 2 else None} for one in named]
    return {"columns": heads, "rows": list(rows), "cut": cut}


def differ(then: dict[str, Any], now: dict[str, Any], **more: bool) -> tuple[bool, str]:
    found = compare(read(then, "cut"), read(now, "cut"), **more)
    document(found)
    return found.differs, "\n".join(sentences(found))


BASE = result([1, "a"], [2, "b"])


@pytest.mark.parametrize(
    ("now", "differs", "says"),
    [
        (result([1, "a"], [2, "b"]), False, "rows: 2 as before, 0 gone, 0 new"),
        (result([2, "b"], [1, "a"]), False, "the same rows in another order"),
        (result([1, "a"], [2, "c"]), True, "rows: 1 as before, 1 gone, 1 new"),
        (result([1, "a"], [2, "b"], [2, "b"]), True, "rows: 2 as before, 0 gone, 1 new"),
        (result([1, "a"]), True, "rows: 1 as before, 1 gone, 0 new"),
        (result([1, "a"], ["2", "b"]), True, "rows: 1 as before"),
        (result([1, "a"], [2, "b"], columns="id int8,mail text"), True, "column mail was text token, is text"),
        (result([1, "***"], [2, "***"], columns="id int8,mail text hide"), True, "was text token, is text hide"),
        (result([1], [2], columns="id int8"), True, "column mail is gone"),
        (result([1, "a", 0], [2, "b", 0], columns="id int8,mail text token,n int4"), True, "column n is new"),
        (result(["a", 1], ["b", 2], columns="mail text token,id int8"), True, "the columns are in another order"),
        (result([1, "a"], cut=True), False, "of the first 1: one of the two was cut"),
        (result([1, "b"], cut=True), True, "rows: 0 as before, 1 gone, 1 new of the first 1"),
    ],
)
def test_what_is_not_the_same_is_told(now: dict[str, Any], differs: bool, says: str) -> None:
    found = differ(BASE, now)
    assert (found[0], says in found[1]) == (differs, True), found[1]


def test_rows_are_compared_over_what_both_show_alike() -> None:
    now = result([1, "***"], [2, "***"], columns="id int8,mail text hide")
    assert "rows: 2 as before, 0 gone, 0 new" in differ(BASE, now)[1]


def test_two_columns_of_one_name_are_told_apart() -> None:
    then = result([1, 2], columns="n int4,n int4")
    assert differ(then, result([1, 2], columns="n int4,n int4"))[0] is False
    assert differ(then, result([2, 1], columns="n int4,n int4"))[0] is True
    assert "column n is gone" in differ(then, result([1], columns="n int4"))[1]


def test_tokens_of_another_database_are_counted_and_not_compared() -> None:
    assert differ(BASE, result([1, "x"], [2, "y"]), foreign=True)[0] is False
    assert differ(BASE, result([1, "x"], [2, "x"]), foreign=True)[0] is True
    assert differ(BASE, result([1, "x"], [3, "y"]), foreign=True)[0] is True
    assert differ(BASE, result([1, "x"], [2, "y"]))[0] is True


def test_few_rows_are_shown_and_the_rest_is_counted() -> None:
    says = differ(BASE, result(*[[n, "z"] for n in range(30)]))[1]
    assert says.count("  + | ") == 10
    assert "  + and 20 more rows" in says
