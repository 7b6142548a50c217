"""Names of a log: the first, and those under which it goes on after it was restored from a copy. Pure.

What came after the copy was made is lost to a restored log, but may be signed and known elsewhere. So it goes on under
another name, "…/2", and says in its first Entry there how far it has come and what it was called (C2SP tlog-checkpoint:
an origin is never used for two histories).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, final

from core.audit.body import Body
from core.model import Entry, EntryKind, Json

LATER: Final = re.compile(r"/([1-9][0-9]{0,5})", re.ASCII)


def within(origin: str, base: str) -> bool:
    """Say whether an origin is a log's first name, or one of its later ones."""
    if not origin.startswith(base):
        return False
    rest = origin[len(base) :]
    later = LATER.fullmatch(rest)
    return not rest or (later is not None and int(later[1]) > 1)


def following(origin: str, base: str) -> str:
    """Name the log that goes on after `origin`."""
    later = LATER.fullmatch(origin[len(base) :])
    return f"{base}/{int(later[1]) + 1 if later else 2}"


def restored(was: str, size: int, root: bytes, known: dict[str, Json]) -> Entry:
    """Say that the log goes on under another name; `known`: the last checkpoint before, perhaps of what is lost."""
    body: dict[str, Json] = {"was": was, "size": size, "root": root.hex(), "known": known}
    return Entry(kind=EntryKind.RESTORED, body=body)


@final
class Names:
    """Reads Entries in order; each is of the name that is in force, and each change of it is said and true."""

    def __init__(self) -> None:
        self.now = ""  # "": nothing was read yet

    def take(self, sequence: int, body: Body, root: bytes) -> Iterator[tuple[str, str]]:
        """Take one Entry; `root` is of the tree before it where it says that the log was restored."""
        log = str(body["log"])
        if body["kind"] == EntryKind.RESTORED:
            said = (body.get("was"), body.get("size"), body.get("root"))
            if said != (self.now or body.get("was"), sequence, root.hex()) or log == self.now:
                yield "restored", f"it goes on from {said[0]} at {said[1]}, not from {self.now} at {sequence}"
            self.now = log
        self.now = self.now or log
        if log != self.now:
            yield "origin", f"{log}, not {self.now}"

    def end(self, log: str) -> Iterator[str]:
        """Say what is wrong with a log that was read to its end."""
        if self.now and self.now != log:
            yield f"its last Entries are of {self.now}, the log is {log}"
