from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from core.errors import GatewayError
from core.masking import finish
from core.masking.detectors import EFFORT
from core.masking.detectors.checks import luhn, mod97
from core.model import (
    Cell,
    Column,
    Cut,
    Dialect,
    Mask,
    Pair,
    Reading,
    ResultColumn,
    Rows,
    Thing,
    Verb,
    Work,
)

NOTE = Column(relation="public.visit", name="note")
MAIL = Column(relation="public.visit", name="mail")
PLAN = Column(relation="public.visit", name="plan")


def reading(
    *outputs: frozenset[Column],
    witnessed: bool = True,
    named: bool = True,
    tags: Mapping[str, frozenset[str]] | None = None,
) -> Reading:
    return Reading(
        dialect=Dialect.POSTGRES,
        statement="",
        text="",
        pairs=frozenset({Pair(thing=Thing(kind="table", name="public.visit"), verb=Verb.READ)}),
        columns=frozenset({NOTE, MAIL, PLAN}),
        masks=frozenset(
            {
                Mask(column=MAIL, tag="pii.email", kind="token"),
                *([Mask(column=NOTE, tag="words", kind="free_text")] if named else []),
            }
        ),
        tags=tags or {},
        outputs=outputs,
        notes=("Rows were filtered on masked values of mail.",),
        witnessed=witnessed,
    )


def rows(*cells: tuple[Cell, ...], types: tuple[str, ...] = ("text",), work: Work | None = None) -> Rows:
    columns = tuple(ResultColumn(name=f"c{at}", type=name) for at, name in enumerate(types))
    return Rows(columns=columns, rows=cells, cut=Cut.ROWS, work=work, elapsed=timedelta(seconds=1))


def shown(text: Cell, kind: str = "text") -> Cell:
    return finish(rows((text,), types=(kind,)), reading(frozenset({NOTE}))).rows[0][0]


SECRETS = (
    "anna@example.test",
    "a.b+c@mail.example.co.uk",
    "ａｎｎａ＠example.test",
    "anna\u200b@exam\u00adple.test",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111111111111111",
    "٤١١١١١١١١١١١١١١١".translate({0x660 + digit: 0xFF10 + digit for digit in range(10)}),
    "378282246310005",
    "4111 1111 1111 1111 12/27",
    "DE89 3704 0044 0532 0130 00",
    "gb29nwbk60161331926819",
    "+49 (151) 2345-6789",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nAAAA\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r",
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_" + "a1" * 18,
    "xoxb-" + "1" * 12,
    "sk_live_" + "a" * 24,
)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", "call {} now", "<{}>", "a\n{}\nb", "mail:{};"])
def test_the_net_masks_what_it_knows_in_free_text(secret: str, around: str) -> None:
    result = shown(around.format(secret))
    assert isinstance(result, str)
    assert "***" in result
    for part in (
        "example.test",
        "1111",
        "３",
        "3704",
        "331926",
        "2345",
        "eyJzdWI",
        "MIIE",
        "b3Blb",
        "IOSFO",
        "a1a1",
        "aaaa",
    ):
        assert part not in result


@pytest.mark.parametrize(
    "harmless",
    [
        "",
        "order 12345 of 2024-05-06",
        "4111 1111 1111 1112",
        "GB28 NWBK 6016 1331 9268 19",
        "a @ b",
        "eyJ.x",
        "v1.2.3.4",
    ],
)
def test_the_net_leaves_other_text_byte_for_byte(harmless: str) -> None:
    assert shown(harmless) == harmless
    assert shown("ﬁne ｔext\u200b") == "ﬁne ｔext\u200b"


def test_the_net_looks_into_arrays_and_the_strings_of_json() -> None:
    assert shown(("x", ("anna@example.test", None))) == ("x", ("***", None))
    assert shown('{"a": ["anna\\u0040example.test", 1]}', "jsonb") == '{"a": ["***", 1]}'
    assert shown('{"anna@example.test": 1.50}', "json") == '{"***": 1.50}'
    assert shown('{"a":  1.50}', "json") == '{"a":  1.50}'
    assert shown("[" * 100_000 + "anna@example.test", "json") == "[" * 100_000 + "***"


def test_numbers_and_other_columns_are_left_alone() -> None:
    found = finish(
        rows((4111111111111111, "anna@example.test"), types=("int8", "text")),
        reading(frozenset({NOTE}), frozenset({PLAN})),
    )
    assert found.rows == ((4111111111111111, "anna@example.test"),)
    assert found.hidden == 0


def test_each_column_names_its_mask_and_what_was_hidden_is_counted() -> None:
    found = finish(
        rows(("abc", "x", "anna@example.test"), ("abc", "x", "none"), types=("text",) * 3),
        reading(frozenset({MAIL}), frozenset({PLAN}), frozenset({NOTE, MAIL})),
    )
    assert [column.mask for column in found.columns] == ["token", None, "free_text, token"]
    assert found.hidden == 1
    assert found.cut is Cut.ROWS
    assert found.notes[0] == "Rows were filtered on masked values of mail."
    assert "e-mail address" in found.notes[1]


def test_without_lineage_every_column_counts_as_free_text() -> None:
    found = finish(rows(("anna@example.test",)), reading())
    assert found.rows == (("***",),)


def test_beyond_the_budget_cells_are_hidden_whole() -> None:
    big = "x" * (EFFORT - 100)
    found = finish(rows((big,), ("y" * 100,), ("z",)), reading(frozenset({NOTE})))
    assert found.rows[0] == (big,)
    assert found.rows[1:] == (("***",), ("***",))
    assert any("fewer rows" in note for note in found.notes)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "a@" * 100_000,
        "1 " * 100_000,
        "4" * 200_000,
        "eyJ" * 60_000,
        "AA00" * 50_000,
        "+1" * 100_000,
        "a." * 100_000 + "@",
        "-----BEGIN " * 20_000 + "PRIVATE KEY-----",
        "DE89" + " 1" * 100_000,
        "sk-" * 60_000,
    ],
)
def test_the_detectors_are_linear_in_hostile_text(text: str) -> None:
    shown(text)


def test_rows_of_an_unwitnessed_reading_are_never_shown() -> None:
    with pytest.raises(GatewayError):
        finish(rows(("x",)), reading(frozenset({PLAN}), witnessed=False))


def test_touched_rows_are_told_only_where_no_protected_column_was_used() -> None:
    work = Work(xid="1", system="2", timeline="1", backend="3", affected=7)
    assert finish(Rows(work=work), reading()).affected == 7
    assert finish(Rows(work=work), reading(tags={"public.visit": frozenset({"pii.email"})})).affected is None
    assert finish(Rows(), reading()).affected is None


def test_check_digits() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert mod97("GB82WEST12345698765432")
    assert not mod97("GB83WEST12345698765432")


def test_a_tag_that_no_mask_carries_is_free_text_in_every_unmasked_column_of_its_table() -> None:
    unclear = reading(
        frozenset({PLAN}),
        frozenset({MAIL}),
        frozenset({Column(relation="public.other", name="x")}),
        named=False,
        tags={"public.visit": frozenset({"pii.email", "words"})},
    )
    found = finish(rows(("anna@example.test",) * 3, types=("text",) * 3), unclear)
    assert found.rows == (("***", "anna@example.test", "anna@example.test"),)
    assert [column.mask for column in found.columns] == ["free_text", "token", None]
