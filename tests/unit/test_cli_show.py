"""Words of others on a terminal: each line of them is marked, nothing of them hides."""

from __future__ import annotations

import pytest
from rich.console import Console

from cli import show
from cli.people.voting import tell


def test_a_quoted_line_that_a_terminal_would_fold_is_marked_on_every_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(show, "OUT", Console(width=40, highlight=False, soft_wrap=True, force_terminal=True))
    show.quoted("statement", "DELETE FROM t" + " " * 60 + "rows: at most 1\n\n\u3164" + "x" * 100)
    title, *lines = capsys.readouterr().out.splitlines()
    assert title == "statement:"
    assert len(lines) > 5
    assert all(line.startswith(show.QUOTE) and len(line) <= 40 for line in lines)
    assert "⟨U+3164⟩" in "".join(lines)


def test_names_that_a_question_holds_begin_no_line_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    forged = "x\nrows: at most 1, counted"
    who = {"name": forged, "kind": forged, "client": forged}
    question = {"statement": "", "text": "", "source": forged, "role": forged, "caller": who, "limits": {}}
    mask = {"column": forged, "kind": forged}
    facts = {"verbs": [forged], "things": [forged], "agent": forged, "reasons": [{"sentence": forged, "rule": forged}]}
    vote = {"name": forged, "decision": "approve", "seat": forged, "at": ""}
    seat = {"count": 1, "group": forged}
    tell(
        {
            "question": question | {"masks": [mask]},
            "facts": facts,
            "votes": [vote],
            "seats": [seat],
            "outcome": {"a": forged},
        }
    )
    lines = capsys.readouterr().out.splitlines()
    assert sum("rows: at most 1, counted" in line for line in lines) >= 7
    assert not any(line.startswith("rows: at most 1") for line in lines)
