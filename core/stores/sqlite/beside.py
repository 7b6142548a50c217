"""A look into a store's file from another process: read alone, nothing is written beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from core.errors import StoreError
from core.stores.sqlite.drive import drive
from core.stores.steps import Steps

T = TypeVar("T")


def perform(path: Path, steps: Steps[T]) -> T | None:
    """Run steps that read; None where there is no store yet.

    Raises: StoreError.
    """
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(address(path), uri=True)) as log:
            return drive(log, steps)
    except (sqlite3.Error, ValueError) as error:
        raise StoreError(f"the record cannot be read: {error}") from error


def address(path: Path) -> str:
    """Word the database's address: a store that was closed in order has no log beside it, and nobody writes it."""
    running = path.with_name(path.name + "-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro" + ("" if running else "&immutable=1")
