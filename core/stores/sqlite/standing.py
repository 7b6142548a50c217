"""Which Calls of a store are open, and of which nobody can tell whether they were executed, read beside a gateway."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from core.errors import StoreError
from core.stores.sqlite.alerts import address


def standing(path: Path) -> tuple[tuple[str, bool], ...]:
    """Return open Calls, oldest first, each with whether its outcome is unknown; none where there is no store yet.

    Raises: StoreError.
    """
    if not path.is_file():
        return ()
    try:
        with closing(sqlite3.connect(address(path), uri=True)) as log:
            found = log.execute("SELECT call_id, unknown FROM open_calls ORDER BY seq").fetchall()
    except sqlite3.Error as error:
        raise StoreError(f"the record's open calls cannot be read: {error}") from error
    return tuple((str(call), bool(unknown)) for call, unknown in found)
