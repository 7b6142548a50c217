"""A session's statements asked again: which of them call a tool, and which."""

from __future__ import annotations

from typing import Any

import pytest

from cli.audit.against import Again, Now, ask, chosen


class Line:
    """The tools, with scripted answers; keeps what was called."""

    def __init__(self, **answers: dict[str, Any]) -> None:
        self._answers = answers
        self.called: list[tuple[str, dict[str, object]]] = []

    async def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        self.called.append((tool, arguments))
        return self._answers[tool]

    @property
    def tools(self) -> list[str]:
        return [tool for tool, _ in self.called]


RESULT: dict[str, Any] = {"columns": [{"name": "id", "type": "int8", "mask": None}], "rows": [[1]], "cut": None}
ALLOWED: dict[str, Any] = {"call": "call_new", "class": "read", "verdict": "allow", "reasons": []}
ANSWER: dict[str, Any] = {"status": "answered", "call": "call_newer", **RESULT, "truncated": False}


def made(**more: Any) -> dict[str, Any]:
    usual = {"id": "call_old", "tool": "query", "source": "shop", "outcome": "delivered", "statement": "SELECT 1"}
    return {**usual, "result": RESULT, "entries": [], **more}


def executed(verbs: list[str]) -> dict[str, Any]:
    return made(tool="execute", entries=[{"body": {"reading": {"verbs": verbs}}}])


async def told(one: dict[str, Any], **answers: dict[str, Any]) -> tuple[Again, Line]:
    line = Line(**{"check": ALLOWED, "query": ANSWER, **answers})
    return await ask(line, "shop", one), line


@pytest.mark.parametrize(
    "one", [executed(["update"]), executed(["read", "update"]), executed([]), made(tool="execute")]
)
async def test_nothing_is_called_for_a_change(one: dict[str, Any]) -> None:
    found, line = await told(one)
    assert (found.state, line.called) == (Now.CHANGE, [])


async def test_a_read_is_looked_at_and_asked_again_as_it_was() -> None:
    for one in (made(parameters="[7]"), executed(["read"]) | {"parameters": "[7]"}):
        found, line = await told(one)
        assert (found.state, found.call, line.tools) == (Now.SAME, "call_newer", ["check", "query"])
        given = line.called[1][1]
        assert (given["sql"], given["source"], given["parameters"]) == ("SELECT 1", "shop", [7])
        assert "call_old" in str(given["purpose"])


@pytest.mark.parametrize(
    ("looked", "state"),
    [
        ({"class": "write", "verdict": "allow"}, Now.DIFFERS),
        ({"class": "unreadable", "verdict": "allow"}, Now.DIFFERS),
        ({"verdict": "ask"}, Now.DIFFERS),
        ({"verdict": "refuse"}, Now.DIFFERS),
        ({"verdict": None}, Now.DIFFERS),
    ],
)
async def test_what_is_no_read_now_or_not_allowed_is_looked_at_and_does_not_run(
    looked: dict[str, Any], state: Now
) -> None:
    found, line = await told(made(), check=ALLOWED | looked)
    assert (found.state, line.tools) == (state, ["check"])


async def test_what_was_refused_then_is_only_looked_at() -> None:
    refused = made(outcome="refused", result=None)
    for verdict, state in (("refuse", Now.SAME), ("allow", Now.DIFFERS), ("ask", Now.DIFFERS)):
        found, line = await told(refused, check=ALLOWED | {"verdict": verdict})
        assert (found.state, line.tools) == (state, ["check"])


@pytest.mark.parametrize(
    "one",
    [
        made(statement=None),
        made(result=None, withheld="opening results is for [console] result_readers"),
        made(outcome="error"),
        made(outcome=None),
    ],
)
async def test_what_cannot_be_compared_is_not_asked(one: dict[str, Any]) -> None:
    found, line = await told(one)
    assert (found.state, bool(found.why), line.called) == (Now.NOT_COMPARED, True, [])


async def test_people_who_are_asked_all_the_same_are_not_kept_waiting() -> None:
    waiting = {"status": "pending_approval", "call": "call_newer", "message": "wait"}
    found, line = await told(made(), query=waiting, cancel={})
    assert (found.state, line.tools[-1], line.called[-1][1]) == (Now.DIFFERS, "cancel", {"call": "call_newer"})


async def test_a_source_that_does_not_answer_is_no_difference() -> None:
    found, _ = await told(made(), check={"status": "failed", "message": "The source is away."})
    assert (found.state, found.why) == (Now.NOT_COMPARED, "could not be asked: The source is away.")


def test_a_session_over_two_sources_is_asked_at_one_of_them() -> None:
    both = [made(source="shop"), made(source="warehouse"), made(tool="check")]
    assert chosen(both, "shop") == both[:1]
    assert chosen(both[:1], "copy") == both[:1]
    with pytest.raises(BaseException, match="2"):
        chosen(both, "copy")
