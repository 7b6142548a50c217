"""Detectors of free text: the corpus they are measured on, the numbers that authorities print, and hostile texts."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable

import pytest

from core.masking.detectors import DETECTORS, EFFORT, Search, europe, found, original, overseas, plain
from core.masking.detectors.checks import mod11_10
from core.masking.detectors.national import FORMS
from core.masking.detectors.registry import REGISTRY
from core.masking.net import _Net
from tests.detectors import HERE, cases, scores

PUBLISHED = tomllib.loads((HERE / "published.toml").read_text(encoding="utf-8"))
ENOUGH = 40  # texts with a find, or without one, per detector
FEWER = {"private key"}  # all its forms are fewer


def check(name: str) -> Callable[[str], bool]:
    if name == "mod11_10":
        return mod11_10
    rule: Callable[[str], bool] = getattr(europe, name, None) or getattr(overseas, name)
    return rule


def kinds(text: str) -> set[str]:
    return {hit.kind for hit in found(plain(text), Search())}


@pytest.mark.parametrize("name", DETECTORS)
def test_each_detector_is_measured_on_enough_texts(name: str) -> None:
    own = list(cases(name))
    assert len({case.text for case in own}) == len(own) or name == "password"
    assert len(own) >= ENOUGH
    assert sum(bool(case.wanted) for case in own) >= (20 if name in FEWER else ENOUGH - 5)


def test_on_the_corpus_every_detector_finds_all_and_nothing_else() -> None:
    for name, score in scores().items():
        assert (name, score.wrong, score.missed) == (name, 0, 0)


def test_every_national_id_has_a_printed_example_that_passes() -> None:
    assert {row.check.__name__ for row in REGISTRY} == set(PUBLISHED)
    for name, codes in PUBLISHED.items():
        assert [code for code in codes if not check(name)(code)] == [], name


UNCHECKED = {"us_ssn", "us_itin", "gb_nino", "in_pan", "kr_resident", "my_kad"}  # ranges, letters, dates; no digit


@pytest.mark.parametrize("name", sorted(set(PUBLISHED) - UNCHECKED))
def test_a_digit_mistyped_is_seen(name: str) -> None:
    for code in PUBLISHED[name]:
        wrong = [
            code[:at] + digit + code[at + 1 :]
            for at, one in enumerate(code)
            if one.isdigit()
            for digit in "0123456789"
            if digit != one
        ]
        passed = sum(check(name)(one) for one in wrong)
        assert passed <= len(wrong) // 8, code


def test_a_form_that_other_numbers_have_counts_only_after_its_name() -> None:
    assert kinds("111222333") == set()
    assert kinds("BSN 111222333") == {"national id (NL BSN)"}
    assert kinds("xbsn 111222333") == set()
    assert all(row.words for row in REGISTRY if row.named)
    assert sum(len(rows) for rows in FORMS.values()) > len(REGISTRY)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("ﬁne anna@example.test ｔext\u200b", "ﬁne *** ｔext\u200b"),
        ("x\u0301y ａｎｎａ＠example.test!", "x\u0301y ***!"),
        ("\u202eanna@example.test\u202c", "\u202e***\u202c"),
        ("a\u200dn\u200dn\u200da@example.test", "***"),
        ("a\x01nna@example.test", "***"),
        ("karte ４１１１\u3000１１１１\u3000１１１１\u3000１１１１.", "karte ***."),
        ("٤١١١١١١١١١١١١١١١", "***"),
        ("रु ४१११ ११११ ११११ ११११", "रु ***"),
        ("㎏ anna@example.test ㎏", "㎏ *** ㎏"),
    ],
)
def test_look_alikes_and_invisible_characters_hide_nothing_and_the_rest_stays_as_it_was(
    written: str, shown: str
) -> None:
    assert _Net(Search()).cell(written, True, False) == shown


def test_spans_come_back_to_the_characters_they_came_from() -> None:
    assert original("ﬁx", [(0, 1), (1, 2), (2, 3)]) == [(0, 1), (0, 1), (1, 2)]
    assert original("a\u200bb", [(1, 2)]) == [(2, 3)]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('{"a":"anna@example.test","a":"x"}', '{"a":"***","a":"x"}'),
        ('{"a": {"b": ["anna\\u0040example.test"]}, "n": 1.50}', '{"a": {"b": ["***"]}, "n": 1.50}'),
        ('{"bsn": "111222333", "order": "111222333"}', '{"bsn": "***", "order": "111222333"}'),
        ('{"a": 4111111111111111}', '{"a": 4111111111111111}'),
        ('"{\\"a\\": \\"anna\\\\u0040example.test\\"}"', '"{\\"a\\": \\"***\\"}"'),
        ('["\\ud800 anna@example.test"]', '["\\ud800 ***"]'),
        ('["\\ud800"]', '["\\ud800"]'),
    ],
)
def test_json_is_searched_string_by_string_and_nothing_else_of_it_changes(written: str, shown: str) -> None:
    after = _Net(Search()).cell(written, True, True)
    assert isinstance(after, str)
    assert json.loads(after) is not None
    assert after == shown
    assert after.encode()


def test_a_text_that_is_only_half_json_is_searched_whole() -> None:
    net = _Net(Search())
    assert net.cell('{\\ anna@example.test "x"', True, True) == '{\\ *** "x"'
    assert net.cell('{\\ anna@example.test "x"', True, False) == '{\\ *** "x"'
    assert net.cell('["\\n", "anna\\u0040example.test"]', True, False) == '["\\n", "***"]'
    assert net.cell('["\\n", 4111111111111111]', True, False) == '["\\n", ***]'


HOSTILE = {
    "one letter": "a" * 1_000_000,
    "at signs": "@" * 1_000_000,
    "letters and at signs": "a@" * 500_000,
    "dots": "a." * 500_000 + "@",
    "digits": "1 " * 500_000,
    "one number": "4" * 1_000_000,
    "phones": "030 1234567 " * 80_000,
    "cards": "4111 1111 1111 1112 " * 50_000,
    "versions": "1.2.3.4 " * 125_000,
    "colons": "a:" * 500_000,
    "dashes": "-----BEGIN " * 90_000 + "PRIVATE KEY-----",
    "tokens": "sk-" * 330_000,
    "web tokens": "eyJ" * 330_000,
    "dotted tokens": "eyJaaaaa.eyJaaaaa" * 60_000,
    "accounts": "DE89" + " 1" * 500_000,
    "many accounts": "AA00" * 250_000,
    "passwords": "pwd=x host=" * 90_000,
    "urls": "://a:b" * 160_000,
    "quotes": '"' * 1_000_000,
    "escapes": "{" + '\\"' * 500_000,
    "keys": "{" + '"\\u0041":' * 100_000,
    "nested": '"' + "\\" * 999_998 + '"',
    "brackets": "[" * 1_000_000,
    "zero width": "\u200b" * 1_000_000,
    "marks": "e\u0301" * 500_000,
    "right to left": "\u202e@" * 500_000,
    "ligatures": "\ufdfa" * 100_000,
    "surrogates": "\ud800@" * 500_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("name", "is_json"),
    [(name, False) for name in HOSTILE]
    + [(name, True) for name in ("quotes", "escapes", "keys", "nested", "brackets", "surrogates")],
)
def test_a_hostile_megabyte_ends_and_costs_what_the_budget_says(name: str, is_json: bool) -> None:
    search = Search()
    _Net(search).cell(HOSTILE[name], True, is_json)
    assert search.left > -EFFORT


def test_what_was_not_searched_to_its_end_is_hidden_whole() -> None:
    net = _Net(Search(left=20_000))
    assert net.cell("030 1234567 " * 1000 + "anna@example.test", True, False) == "***"
    assert net.search.spent()
    assert net.cell("x", True, False) == "***"
    assert any("fewer rows" in note for note in net.notes())


def test_numbers_without_a_country_are_those_of_the_named_regions() -> None:
    assert {hit.kind for hit in found("8-(913) 123 45 67", Search(regions=("RU",)))} == {"phone number"}
    assert found("06 12 34 56 78", Search(regions=())) == ()
    assert len(found("+33 6 12 34 56 78", Search(regions=()))) == 1
