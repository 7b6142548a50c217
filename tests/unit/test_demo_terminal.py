from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from core.reviews.misleading import COMMENTED
from demo.terminal import card, reading, visible
from tests.slack import doubles

STATEMENT = "UPDATE orders SET status = 'x' WHERE " + " OR ".join(f"id={n}" for n in range(400)) + "\n" * 60 + "DROP"


def test_every_character_of_a_statement_is_on_the_card() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, soft_wrap=True, highlight=False)
    shown = doubles.shown(question=doubles.question(statement=STATEMENT, text=STATEMENT))
    console.print(card(shown), soft_wrap=False)
    drawn = "".join("".join(line.strip("│╭╮╰╯─ ").split()) for line in out.getvalue().splitlines())
    assert "".join(STATEMENT.split()) in drawn


def test_what_would_not_show_is_shown_by_its_code_point() -> None:
    assert visible("a\u202eb\u200bc\x00") == "a⟨U+202E⟩b⟨U+200B⟩c⟨U+0000⟩"


async def test_nobody_approves_in_the_demo_but_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n" * 9))  # an agent's pipe
    async with reading() as lines:
        assert lines.empty()


FORGED = "rows: at most 1, counted"


def test_words_of_an_agent_stay_in_a_box_of_theirs_however_they_are_folded() -> None:
    out = io.StringIO()
    hostile = f"DELETE FROM orders -- ok\n{FORGED}\n" + " " * 300 + FORGED + "\n╰───╯\n" + FORGED
    shown = doubles.shown(
        question=doubles.question(statement=hostile, text=hostile, parameters=(hostile,)),
        facts=doubles.facts(purpose=hostile, agent=hostile, counted=7),
    )
    Console(file=out, width=80, highlight=False).print(card(shown))
    own = [line[1:-1].strip() for line in out.getvalue().splitlines() if line.startswith("│") and "│" not in line[1:-1]]
    assert "rows: at most 7, counted" in own
    assert COMMENTED in " ".join(own)
    assert not any(line.startswith(FORGED) for line in own)
