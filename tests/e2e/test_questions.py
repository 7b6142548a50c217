"""Thirty questions of people about the shop: who reads only what the door says reaches each answer in four calls."""

from __future__ import annotations

import asyncio
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from mcp import Client

from core.model import Decision
from core.ports import Said
from tests.e2e.conftest import Place

PLACE: Final = Path(__file__).parent / "questions.toml"
QUESTIONS: Final[list[dict[str, Any]]] = tomllib.loads(PLACE.read_text())["question"]
MOST: Final = 4
PURPOSE: Final = "somebody asked"
WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PIECE: Final = re.compile(r"[\w:.-]+")  # dates and numbers
LITERAL: Final = re.compile(r"'([^']*)'")
NAMED_HERE: Final = re.compile(r"\bAS\s+([a-z_]+)", re.IGNORECASE)
ALIAS: Final = re.compile(r"(?:FROM|JOIN)\s+[\w.]+\s+([a-z])\b")

# What a name in SQL may be without anybody having said it: the language's own words, and the server's own functions.
OWN: Final = """
    SELECT word FROM pg_get_keywords()
    UNION SELECT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
"""
# Fields of dates, and the words in which a mean over dates is told: a date's own language.
FIELDS: Final = frozenset({"epoch", "isodow", "month"})


@pytest.fixture(scope="module")
async def own(place: Place) -> frozenset[str]:
    return frozenset(str(row[0]) for row in await place.fetch(OWN))


def test_there_are_thirty_and_none_takes_more_than_four_calls() -> None:
    assert len(QUESTIONS) == 30
    assert len({question["asks"] for question in QUESTIONS}) == 30
    assert all(2 <= len(question["calls"]) <= MOST for question in QUESTIONS)


def worded(question: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Word each call as an agent sends it."""
    for tool, arguments in question["calls"]:
        more: dict[str, Any] = {} if tool == "list_sources" else {"source": "shop"}
        more |= {"purpose": PURPOSE} if tool in {"query", "execute"} else {}
        yield tool, more | arguments


def unheard(said: dict[str, Any], heard: str, own: frozenset[str]) -> set[str]:
    """Names and literals of a call that stand in nothing its agent has read."""
    known = {word.lower() for word in WORD.findall(heard)} | {word.lower() for word in PIECE.findall(heard)}
    sql = str(said.get("sql", ""))
    literals = {word for text in LITERAL.findall(sql) for word in text.lower().split()}
    bare = LITERAL.sub("''", sql)
    here = {name.lower() for name in NAMED_HERE.findall(bare)} | {name.lower() for name in ALIAS.findall(bare)}
    names = {word.lower() for word in WORD.findall(bare)} - own - here - FIELDS
    words = {word.lower() for key in ("source", "table", "words") for word in WORD.findall(str(said.get(key, "")))}
    return (names | words | (literals - FIELDS)) - known - {word for each in known for word in _stems(each)}


def _stems(word: str) -> tuple[str, ...]:
    """A word of a question in the other number, or of an order as one of many: people say `tickets`, and `ticket`."""
    return (word.removesuffix("s"), word + "s", word.removesuffix("ies") + "y", word.removesuffix("y") + "ies")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["asks"])
async def test_the_answer_is_reached_by_what_was_said_before(
    question: dict[str, Any], place: Place, own: frozenset[str]
) -> None:
    async with place.agent(question.get("who", "ana")) as client:
        tools = [tool.model_dump(mode="json", by_alias=True) for tool in (await client.list_tools()).tools]
        heard = f"{json.dumps(tools)} {question['asks']}"
        answer: dict[str, Any] = {}
        for tool, arguments in worded(question):
            assert unheard(arguments, heard, own) == set()
            answer = await asked(place, client, tool, arguments, approve=question.get("ends") == "approved")
            heard += " " + json.dumps(answer)
    await reached(question, answer, place)


async def asked(place: Place, client: Client, tool: str, arguments: dict[str, Any], *, approve: bool) -> dict[str, Any]:
    """Call a tool; where people decide they say yes meanwhile."""
    deciding: asyncio.Task[Said] | None = None
    if approve and tool == "execute":
        deciding = asyncio.create_task(place.decide(Decision.APPROVE))
    result = await client.call_tool(tool, arguments)
    if deciding is not None:
        await deciding
    return dict(result.structured_content or {})


async def reached(question: dict[str, Any], answer: dict[str, Any], place: Place) -> None:
    """Hold the last answer to what the question is there for."""
    match question.get("ends", "answered"):
        case "refused":
            assert answer["status"] == "refused"
            assert question["says"] in answer["message"]
        case "ask":
            assert answer["verdict"] == "ask"
            assert answer["reasons"]
        case "approved":
            assert (answer["status"], answer.get("affected")) == ("answered", question.get("affected", 1))
        case _:
            assert answer["status"] == "answered", answer
            masked = {column["name"]: column["mask"] for column in answer["columns"] if "mask" in column}
            assert masked == question.get("masked", {})
            assert answer["rows"]
            if "masked" not in question:
                rows = await place.fetch(question["calls"][-1][1]["sql"])
                assert [list(map(str, row)) for row in answer["rows"]] == [list(map(str, row)) for row in rows]


def test_the_look_for_names_sees_one_that_nobody_said() -> None:
    heard, own = "orders country status cancelled", frozenset({"select", "from", "where", "count"})
    sql = "SELECT country, count(*) FROM orders WHERE status = 'cancelled'"
    assert unheard({"sql": sql}, heard, own) == set()
    assert unheard({"sql": sql.replace("country", "land")}, heard, own) == {"land"}
    assert unheard({"sql": sql.replace("cancelled", "returned")}, heard, own) == {"returned"}
    assert unheard({"source": "warehouse"}, heard, own) == {"warehouse"}
