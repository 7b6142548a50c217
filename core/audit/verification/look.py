"""What can be said of an Entry's row without any other: its hash, and whether bytes and columns are in order. Pure.

Looks at different rows need nothing of each other, so that several processes may share them; what Entries say together
(`core.audit.verification.verify`) is read in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

import orjson

from core.audit.body import Body, conform, parse
from core.audit.verification.log import Stored

LEAF: Final = b"\x00"  # RFC 6962 2.1
MANY: Final = 256  # rows of one stretch
Fault: TypeAlias = tuple[str, str]  # rule, detail


class Looked(NamedTuple):
    """A stretch of rows in their order; of each its leaf hash, and whether it is known to be in order by itself.

    Bodies are not kept: hundreds at once do not fit into a core's cache, and cost more than reading them again.
    """

    rows: Sequence[Stored]
    leaves: Sequence[bytes]
    sound: Sequence[bool]


Looks: TypeAlias = Callable[[int], Iterable[Looked]]  # all rows from a sequence number on, each of them once


def hashed(rows: Iterable[Stored]) -> Iterator[Looked]:
    """Hash rows as they come; whether they are in order is for `read` to say."""
    coming = iter(rows)
    while stretch := list(islice(coming, MANY)):
        yield Looked(stretch, leaves(stretch), [False] * len(stretch))


def look(rows: Sequence[Stored]) -> Looked:
    """Look at each row alone."""
    return Looked(rows, leaves(rows), [not read(row, sound=False)[1] for row in rows])


def leaves(rows: Sequence[Stored]) -> list[bytes]:
    """Return the leaf hashes of rows."""
    return [sha256(LEAF + row.body).digest() for row in rows]


def read(row: Stored, *, sound: bool) -> tuple[Body | None, tuple[Fault, ...]]:
    """Return what a row's body says, and what is wrong with the row; nothing is with one that is known to be sound."""
    if sound:
        return orjson.loads(row.body), ()
    try:
        body = parse(row.body)
        scope = conform(body)
    except (ValueError, RecursionError) as error:
        return None, (("body", str(error)),)
    said = (body["ts"], body["kind"], scope, body.get("attempt"), body.get("slot"))
    return body, () if row[1:6] == said else (("columns", f"{row[1:6]} is not {said}"),)
