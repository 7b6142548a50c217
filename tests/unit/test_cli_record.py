"""What the terminal says of a Call: no heading over nothing, no place that is none."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from cli.audit.record import tell
from cli.audit.replay import head

CALL: Mapping[str, object] = {
    "id": "call_A", "at": "2026-11-28T00:34:58Z", "tool": "query", "source": "shop", "person": "ana", "agent": "claude",
    "verdict": "allow", "outcome": "delivered", "purpose": "to see", "statement": "SELECT 1", "entries": [],
}  # fmt: skip


def test_a_call_is_told_with_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    tell(dict(CALL))
    assert capsys.readouterr().out.splitlines() == [
        "2026-11-28 00:34:58 UTC  call_A  query at shop",
        "  ana by claude: allow, delivered",
        "  purpose:", "  | to see", "  statement:", "  | SELECT 1",
    ]  # fmt: skip


def test_a_call_about_another_call_has_no_empty_statement_and_no_empty_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = {**CALL, "tool": "cancel", "source": "", "purpose": None, "statement": ""}
    tell(one)
    told = capsys.readouterr().out.splitlines()
    assert told == ["2026-11-28 00:34:58 UTC  call_A  cancel", "  ana by claude: allow, delivered"]
    assert head(one) == "cancel: allow, delivered"
