"""Logging of the door's process, set before the SDK can: stderr, warnings, and no exception's own text."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Final, TypeAlias

from core.telemetry.lines import Line, places

Raised: TypeAlias = "tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]"

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Bare(logging.Formatter):
    """Shows an exception by type and place: its text may quote a statement, a value or a token."""

    def formatException(self, ei: Raised) -> str:  # noqa: N802 -- the standard library's name
        """Name the types of the exception and its causes, and where each was raised."""
        return "\n".join(places(ei[1]))


def configure(level: int = logging.WARNING) -> None:
    """Give the root logger our handler, unless the program has set one already.

    `MCPServer(...)` calls `logging.basicConfig` at INFO, which does nothing once a handler is there.
    """
    root = logging.getLogger()
    if not root.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(Bare(FORMAT))
        root.addHandler(handler)
        root.setLevel(level)


def lines() -> None:
    """Write one JSON object a line from here on, what happens in order included: for a process without a terminal."""
    configure()
    logging.getLogger("assent").setLevel(logging.INFO)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Line())


def place(error: BaseException) -> str:
    """Say what was raised and where, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__qualname__}{where}"
