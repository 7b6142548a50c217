"""Whatever the words are: the card fits, pings nobody, hides nothing, and shows all it lets one click approve."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import Reason, State
from core.revealing import hidden, reveal
from demo.slack.pings import pings
from slackbot.kit import blocks
from slackbot.kit.room import BUDGET
from slackbot.views import cards, modals
from tests.slack.doubles import caller, facts, question, shown

PARTS = st.sampled_from(
    [
        "<!channel>",
        "<@U0ALICE>",
        "```",
        "\u202e",
        "\n",
        "\n" * 50,
        "&lt;",
        "*b*",
        ":tick:",
        "x" * 900,
        "中" * 300,
        "'",
        "\\",
    ]
)
WORDS = st.lists(st.one_of(PARTS, st.text(max_size=40)), max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(statement=WORDS, other=WORDS, purpose=WORDS, state=st.sampled_from(State), protected=st.booleans())
def test_any_words_make_a_card_that_fits_and_pings_nobody(
    statement: str, other: str, purpose: str, state: State, protected: bool
) -> None:
    row = shown(
        state=state,
        question=question(statement=statement, source=other, parameters=(other,), caller=caller(email=other)),
        facts=facts(
            purpose=purpose,
            things=(other,),
            reasons=(Reason(rule=other, sentence=other),),
            agent=other,
            protected=protected,
        ),
        note=purpose,
    )
    made = cards.card(row)
    assert blocks.message(made.text, made.blocks) == ()
    assert blocks.size(made.blocks) <= BUDGET
    assert pings(made.text, made.blocks) == []
    said = "".join(cards.texts(made.blocks)).replace("⚠️", "").replace("↩️", "")  # our own icons
    assert not any(map(hidden, said))
    full = modals.full(row)
    assert blocks.view(full.view) == ()
    assert pings("", [full.view]) == []
    if "review.approve" in str(made.blocks[-2]):
        assert reveal(statement).text in "".join(cards.texts(made.blocks))
        assert cards.genuine(row, {"blocks": made.blocks})
