"""Runs steps on SQLite's own connection, within whatever transaction is open."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TypeVar

from core.stores.steps import Many, Row, Statement, Steps

T = TypeVar("T")


def drive(connection: sqlite3.Connection, steps: Steps[T]) -> T:
    """Run steps to their end and return what they said.

    Raises: what they raise, sqlite3.Error.
    """
    try:
        statement = next(steps)
        while True:
            statement = steps.send(_run(connection, statement))
    except StopIteration as done:
        value: T = done.value
        return value


def _run(connection: sqlite3.Connection, statement: Statement | Many) -> Sequence[Row]:
    text = statement.sql.replace("$", "?")
    if isinstance(statement, Many):
        connection.executemany(text, statement.rows)
        return ()
    found: Sequence[Row] = connection.execute(text, statement.values).fetchall()
    return found
