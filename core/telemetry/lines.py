"""Logs as one JSON object a line, of closed field names; of an exception its types and places, never its text."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

# What a line may say besides; a maker gives it by `extra`, and what is not here is not written.
FIELDS: Final = ("call", "source", "outcome", "code", "rows", "affected", "dur_ms", "issuer", "times", "step", "cause")
FRAMES: Final = 8  # innermost


class Line(logging.Formatter):
    """Writes a record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Say when, how grave, where, what; an exception by types and places alone."""
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        known = vars(record)
        said |= {name: known[name] for name in FIELDS if name in known}
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = list(places(record.exc_info[1]))
        return json.dumps(said, ensure_ascii=True, default=str)


def places(error: BaseException | None) -> Iterator[str]:
    """Name the types of an exception and its causes, and where each was raised: its text may quote a value."""
    while error is not None:
        yield type(error).__qualname__
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        yield from (f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        error = error.__cause__
