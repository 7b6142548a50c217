"""Verification of answers: a server that fails fast, or shows what it should mask, must not win."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast, final

from bench.wire import BadAnswer, Reply

LEAST: Final = 0.7  # of the first answer's bytes: later ones may be shorter by digits, not by rows
SHOWN: Final = 300  # bytes of a bad answer that its message repeats
COLUMNS: Final = ("id", "name", "email", "amount", "created_at", "active")

Result: TypeAlias = Mapping[str, object]
Rows: TypeAlias = Sequence[Sequence[object]]


def name(number: int) -> str:
    """The known cell of row `number`."""
    return f"i{number}"


def email(number: int) -> str:
    """The personal data of row `number`; no other column holds an @."""
    return f"p{number}@ex.org"


def statement(table: str, number: int, rows: int = 1) -> str:
    """Word the SELECT of rows from `number` on, in the text as agents write it: no cache of texts gets a hit."""
    which = f"= {number}" if rows == 1 else f"BETWEEN {number} AND {number + rows - 1} ORDER BY id"
    return f"SELECT {', '.join(COLUMNS)} FROM {table} WHERE id {which}"


def structured(result: Result) -> Rows:
    """Take the rows out of a result with columns and rows as Assent writes it.

    Raises: BadAnswer.
    """
    match result:
        case {"structuredContent": {"rows": list(rows)}}:
            return cast("list[list[object]]", rows)
        case _:
            raise BadAnswer(f"no rows in {str(result)[:SHOWN]}")


def objects(result: Result) -> Rows:
    """Take the rows out of texts that hold one JSON object each.

    Raises: BadAnswer.
    """
    return [_cells(json.loads(text)) for text in _texts(result)]


def statements(result: Result) -> Rows:
    """Take the rows of objects out of a text whose JSON holds what each statement gave.

    Raises: BadAnswer.
    """
    match [json.loads(text) for text in _texts(result)]:
        case [{"data": {"statements": [{"rows": list(rows)}]}}]:
            return [_cells(row) for row in rows]
        case _:
            raise BadAnswer(f"no rows in {str(result)[:SHOWN]}")


def reprs(result: Result) -> Rows:
    """Take the rows out of a text that holds a list of Python's dictionaries as Python writes them.

    Raises: BadAnswer.
    """
    (text,) = _texts(result)
    found = re.findall(r"\{'id': (\d+), 'name': '([^']*)', 'email': '([^']*)', ([^{}]*)\}", text)
    return [[int(number), name, email, *rest.split(", '", 2)] for number, name, email, rest in found]


def _texts(result: Result) -> Sequence[str]:
    match result:
        case {"content": list(blocks)}:
            return [str(block["text"]) for block in blocks]
        case _:
            raise BadAnswer(f"no content in {str(result)[:SHOWN]}")


def _cells(row: object) -> Sequence[object]:
    match row:
        case dict():
            return [row.get(name) for name in COLUMNS]
        case _:
            raise BadAnswer(f"no row: {str(row)[:SHOWN]}")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How one contestant's answers are read and what they must hold."""

    rows: Callable[[Result], Rows] = structured
    masked: bool = False

    def first(self, reply: Reply, number: int, rows: int = 1) -> int:
        """Read one whole answer: every row, its known cell, its e-mail plain or masked; return its body's length.

        Raises: BadAnswer.
        """
        found = self.rows(parsed(reply))
        if len(found) != rows or any(len(row) != len(COLUMNS) for row in found):
            raise BadAnswer(f"{len(found)} rows instead of {rows} of {len(COLUMNS)} cells: {str(found)[:SHOWN]}")
        for at, row in enumerate(found, start=number):
            self._row(dict(zip(COLUMNS, row, strict=True)), at)
        if self.masked and b"@" in reply.body:
            raise BadAnswer(f"an e-mail from {name(number)} on is not masked")
        return len(reply.body)

    def _row(self, row: Mapping[str, object], number: int) -> None:
        if row["id"] != number or row["name"] != name(number):
            raise BadAnswer(f"asked for {name(number)}, got {str(row)[:SHOWN]}")
        if not self.masked and row["email"] != email(number):
            raise BadAnswer(f"the e-mail of {name(number)} is {row['email']!r}")
        if self.masked and not row["email"]:
            raise BadAnswer(f"the e-mail of {name(number)} is not masked but missing")

    def later(self, reply: Reply, number: int, size: int) -> None:
        """Look at each answer under load, cheaply: status, error flag, length, the known cell, no e-mail if masked.

        Raises: BadAnswer.
        """
        body = reply.body
        if reply.status != 200 or failed(body) or len(body) < LEAST * size or not known(body, number):
            raise BadAnswer(f"HTTP {reply.status} {body[:SHOWN]!r} for {name(number)}")
        if self.masked and b"@" in body:
            raise BadAnswer(f"the e-mail of {name(number)} is not masked")


def known(body: bytes, number: int) -> bool:
    """Whether the known cell of a row stands in a body: as a string of JSON, of a JSON text within it, or of Python."""
    return any(f"{quote}{name(number)}{quote}".encode() in body for quote in ('"', '\\"', "'"))


def failed(body: bytes) -> bool:
    """Whether a body says that the tool failed, however its JSON is spaced."""
    return b'"isError":true' in body or b'"isError": true' in body or b'"error":{' in body


def parsed(reply: Reply) -> Result:
    """Take the result out of a JSON-RPC answer that is none of an error.

    Raises: BadAnswer.
    """
    if reply.status != 200:
        raise BadAnswer(f"HTTP {reply.status} {reply.body[:SHOWN]!r}")
    match json.loads(reply.message):
        case {"result": {"isError": True}}:
            raise BadAnswer(f"a tool error: {reply.message[:SHOWN]!r}")
        case {"result": dict(result)}:
            return cast("dict[str, object]", result)
        case _:
            raise BadAnswer(f"no result: {reply.message[:SHOWN]!r}")
