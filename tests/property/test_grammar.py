"""Statements that Hypothesis makes by the fuzzer's grammar and mutators: reading a text is total, whatever the text."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.classify.postgres import Access, Parsed, parse
from core.model import Unreadable
from tests.fuzz import texts
from tests.fuzz.grammar import Grammar
from tests.fuzz.mutate import Unfit
from tests.fuzz.words import Named, Words

WORDS = Words(
    {
        "care.member": (
            Named("id", "integer", tagged=False),
            Named("mail", "text", tagged=True),
            Named('"päss  wort"', "text", tagged=True),
        ),
        "care.visit": (Named("id", "integer", tagged=False), Named("memo", "text", tagged=False)),
    },
    ("care.member",),
)
CHANCES = st.randoms(use_true_random=False)


@given(CHANCES)
def test_a_statement_of_the_grammar_is_one_read(chance: Random) -> None:
    parsed = parse(Grammar(WORDS, chance).statement())
    assert isinstance(parsed, Parsed)
    assert parsed.access is Access.READ


@given(CHANCES, st.integers(1, 6))
def test_whatever_becomes_of_it_there_is_a_reading_or_a_doubt(chance: Random, times: int) -> None:
    text = Grammar(WORDS, chance).statement()
    for _ in range(times):
        try:
            text = chance.choice((*texts.ACTS, texts.wrap))(text, WORDS, chance)
        except Unfit:
            continue
        found = parse(text)
        assert isinstance(found, Parsed | Unreadable)
        if isinstance(found, Unreadable):
            assert "\n" not in found.sentence
            assert text not in found.sentence


@given(st.text() | CHANCES.map(lambda chance: Grammar(WORDS, chance).statement()))
def test_tokens_joined_are_the_text_again(text: str) -> None:
    assert "".join(texts.tokens(text)) == text
