"""Untrusted text: what is invisible becomes visible, what imitates is named, what is cut says so."""

from __future__ import annotations

import unicodedata

import pytest

from core import revealing
from core.reviews import misleading
from slackbot.kit import text


@pytest.mark.parametrize(
    "character",
    tuple(
        "\x00\x07\r\x1b\x7f\x85\xa0\xad\u034f\u061c\u115f\u1680\u180e\u2000\u200b\u200e\u200f\u2028\u2029"
        "\u202a\u202e\u202f\u2060\u2066\u2069\u2800\u3000\u3164\ufe0f\ufeff\uffa0\ue000\ud800\U000e0041\U000e0100"
    ),
)
def test_a_character_that_is_not_seen_is_shown_and_counted(character: str) -> None:
    seen = revealing.reveal(f"a{character}b{character}")
    assert seen.text == f"a⟨U+{ord(character):04X}⟩b⟨U+{ord(character):04X}⟩"
    assert seen.invisible == 2


def test_line_ends_tabs_and_letters_stay_as_they_are() -> None:
    plain = "SELECT 'é ü 中 🟡'\n\t; x"
    assert revealing.reveal(plain) == revealing.Seen(text=plain, invisible=0)


def test_every_control_format_private_and_unassigned_character_is_hidden_from_nobody() -> None:
    for number in range(0x110000):
        character = chr(number)
        if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Zs"}:
            assert revealing.hidden(character) == (character not in "\n\t ")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("SELECT * FROM ord\u0435rs", ("\u0435 U+0435",)),
        ("SELECT 'Gr\u00fc\u00dfe' FROM t", ()),
        ("SELECT 'it''s \u00e9' FROM t", ()),
        ("SELECT E'\\'' , \u0435 , ''", ("\u0435 U+0435",)),
        ("SELECT $$'$$, \u0435, $$'$$", ("\u0435 U+0435",)),
        ('SELECT "\'", \u0435, "\'"', ("\u0435 U+0435",)),
        ("SELECT 1 -- '\n, \u0435 --'", ("\u0435 U+0435",)),
        ("SELECT 1 /* ' */ + \u0435 /* ' */", ("\u0435 U+0435",)),
        ("a \u0338= b \uff11", ("\u0338 U+0338", "\uff11 U+FF11")),
    ],
)
def test_letters_that_could_imitate_are_named_unless_surely_inside_a_literal(
    statement: str, named: tuple[str, ...]
) -> None:
    assert misleading.lookalikes(statement) == named


def test_nothing_is_cut_silently_and_pieces_lose_nothing() -> None:
    long = "x" * 1000
    assert text.clip(long, 1000) == long
    cut = text.clip(long, 100)
    assert len(cut) <= 100
    kept = cut.split(" … ")[0]
    assert f"(+{1000 - len(kept)} characters)" in cut
    assert "".join(text.pieces(long, 300)) == long
    assert text.pieces("", 300) == ()


def test_escaping_leaves_no_control_sequence_and_is_undone() -> None:
    raw = "<!channel> & <@U1> &lt;"
    assert "<" not in text.escape(raw)
    assert text.unescape(text.escape(raw)) == raw


def test_a_line_is_one_line() -> None:
    assert revealing.line("a\n b\t\u2028c\u202e") == "a b c⟨U+202E⟩"


@pytest.mark.parametrize(
    ("statement", "has"),
    [
        ("DELETE FROM orders -- WHERE id = 5", True),
        ("UPDATE t SET a = 1 /* approved by the CISO: safe */", True),
        ("DELETE FROM d.t WHERE true # and id = 5", True),
        ("SELECT 'it''s' -- it's", True),
        ("SELECT '''a' # '''", True),
        ("SELECT \"'\" # '", True),
        ("SELECT '\\' # '", True),
        ("UPDATE t SET a = 'order #5'", False),
        ("UPDATE t SET a = 5 - -1", False),
        ("DELETE FROM t WHERE a = 'x'", False),
    ],
)
def test_comments_are_warned_of_for_nobody_checks_what_they_say(statement: str, has: bool) -> None:
    assert misleading.commented(statement) is has
    assert (misleading.COMMENTED in misleading.warnings(statement)) is has
