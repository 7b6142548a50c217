"""Runs steps on SQLite's own connection, within whatever transaction is open."""

from __future__ import annotations

import sqlite3
from typing import TypeVar

from core.stores.steps import Steps

T = TypeVar("T")


def drive(connection: sqlite3.Connection, steps: Steps[T]) -> T:
    """Run steps to their end and return what they said.

    Raises: what they raise, sqlite3.Error.
    """
    try:
        statement = next(steps)
        while True:
            found = connection.execute(statement.sql.replace("$", "?"), statement.values).fetchall()
            statement = steps.send(found)
    except StopIteration as done:
        value: T = done.value
        return value
