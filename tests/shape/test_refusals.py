"""Every refusal of the reading rooms says what would be allowed, or who can change it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.model import Doubt, Unreadable
from core.policy import decide

ROOMS: Final = (Path(__file__).parents[2] / "core/classify/postgres", Path(__file__).parents[2] / "core/masking")
MADE_BY: Final = {"Doubted": 1, "Unreadable": None, "close": 1}  # where each takes its sentence by position
# What a refusal tells its reader to do, or who does it.
ADVICE: Final = re.compile(
    r"(?<![{.])\b(leave|write|name|send|ask|use|remove|pass|query|make|check|an operator|answers only|takes no other|"
    r"may name|stands in|is on or off|must use|but none were given|no CALL|No plan)\b|"
    r"\{DIFFER|\{.*(INSTEAD|reason|advice)",
    re.IGNORECASE,
)


def sentences() -> Iterator[tuple[str, str]]:
    """Yield the words of each refusal that is written where it is made, formatted parts in braces."""
    for room in ROOMS:
        for path in sorted(room.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and (found := sentence(node)) is not None:
                    yield f"{path.name}:{node.lineno}", found


def sentence(call: ast.Call) -> str | None:
    """Give the sentence of a call that makes a refusal; None where it is none, or a constant of another place."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in MADE_BY or (call.args and advised(call.args[0])):
        return None
    place = MADE_BY[name]
    named = next((word.value for word in call.keywords if word.arg == "sentence"), None)
    value = call.args[place] if place is not None and len(call.args) > place else named
    return ast.unparse(value) if isinstance(value, ast.Constant | ast.JoinedStr) else None


def advised(doubt: ast.expr) -> bool:
    """Tell whether the policy's own advice for this doubt says it all, right behind the sentence."""
    return isinstance(doubt, ast.Attribute) and doubt.attr == Doubt.SEVERAL.name


def test_every_refusal_says_what_would_be_allowed_or_who_can_change_it() -> None:
    found = list(sentences())
    assert len(found) > 70
    assert [(where, words) for where, words in found if ADVICE.search(words) is None] == []
    several = decide.refusal(Unreadable(doubt=Doubt.SEVERAL, sentence="These are several statements."))
    assert ADVICE.search(several.advice or "")
