"""Alerts of a store's record, for whoever looks from another process: read alone, nothing is written beside it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from core.errors import StoreError


def alerts(path: Path, since: datetime) -> tuple[Mapping[str, object], ...]:
    """Read the bodies of all alerts since then, oldest first; none where there is no store yet.

    Raises: StoreError.
    """
    if not path.is_file():
        return ()
    try:
        with closing(sqlite3.connect(address(path), uri=True)) as log:
            found = log.execute(
                "SELECT body FROM log_entry WHERE kind = 'alert.raised' AND ts_ms >= ? ORDER BY seq",
                (int(since.timestamp() * 1000),),
            ).fetchall()
        return tuple(json.loads(body) for (body,) in found)
    except (sqlite3.Error, ValueError) as error:
        raise StoreError(f"the record's alerts cannot be read: {error}") from error


def address(path: Path) -> str:
    """Word the database's address: a store that was closed in order has no log beside it, and nobody writes it."""
    running = path.with_name(path.name + "-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro" + ("" if running else "&immutable=1")
