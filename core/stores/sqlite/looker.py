"""A process that looks at Entries of a copied log, each alone, for the one that verifies what they say together.

It is asked for stretches by sequence number and answers with their rows as it read them, so that whoever asked judges
the very bytes that were hashed here, whatever the file would say a second time.
"""

from __future__ import annotations

import marshal
import sqlite3
import struct
import sys
from contextlib import closing
from typing import Final, LiteralString

from core.audit.verification.log import Stored
from core.audit.verification.look import Looked, look

LENGTH: Final = struct.Struct(">Q")  # before each answer
SPAN: Final = struct.Struct(">qq")  # a request: from a sequence number to before another; to the end where that is OPEN
OPEN: Final = -1
# A body that is no blob is no body of ours: its text is looked at, so that verification can say what is wrong.
ENTRIES: Final[LiteralString] = (
    "SELECT seq, ts_ms, kind, scope, attempt, slot, CASE typeof(body) WHEN 'blob' THEN body ELSE CAST(body AS BLOB) END"
    " FROM log_entry WHERE seq >= ? "
)
ALL: Final[LiteralString] = ENTRIES + "ORDER BY seq"
SOME: Final[LiteralString] = ENTRIES + "AND seq < ? ORDER BY seq"


class Unreadable(ValueError):
    """Rows of another shape than ours."""


def main() -> None:
    """Answer until nobody asks any more."""
    with closing(sqlite3.connect(sys.argv[1])) as log:
        while asked := sys.stdin.buffer.read(SPAN.size):
            said = answer(log, *SPAN.unpack(asked))
            sys.stdout.buffer.write(LENGTH.pack(len(said)) + said)
            sys.stdout.buffer.flush()


def answer(log: sqlite3.Connection, start: int, end: int) -> bytes:
    """Look at a stretch; rows of another shape than ours are told in words."""
    try:
        rows = log.execute(ALL, (start,)) if end == OPEN else log.execute(SOME, (start, end))
        held = rows.fetchall()
        looked = look([Stored._make(row) for row in held])
        return marshal.dumps((held, list(looked.leaves), list(looked.sound)))
    except (sqlite3.Error, TypeError, ValueError) as error:
        return marshal.dumps(str(error))


def understood(said: bytes) -> Looked:
    """Read an answer.

    Raises: Unreadable.
    """
    found = marshal.loads(said)  # noqa: S302 - of our own program
    if isinstance(found, str):
        raise Unreadable(found)
    rows, leaves, sound = found
    return Looked([Stored._make(row) for row in rows], leaves, sound)
