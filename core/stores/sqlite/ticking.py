"""The signer at work in the writing thread, between its batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from core.stores.log import signing
from core.stores.log.signing import Signer
from core.stores.sqlite.drive import drive
from core.stores.steps import Steps

T = TypeVar("T")


def tick(signer: Signer, connection: sqlite3.Connection) -> float | None:
    """Integrate a slice and sign when it is time; say in how many seconds there is more to do."""
    due = drive(connection, signer.due())
    if due is None or due > 0:
        return due
    more = transact(connection, signer.integrate)
    if not more or signer.overdue:
        transact(connection, signer.sign)
    return 0.0 if more else signing.BEAT


def transact(connection: sqlite3.Connection, steps: Callable[[], Steps[T]]) -> T:
    """Run steps in a transaction of their own; the writer undoes one that raised."""
    connection.execute("BEGIN IMMEDIATE")
    said = drive(connection, steps())
    connection.execute("COMMIT")
    return said
