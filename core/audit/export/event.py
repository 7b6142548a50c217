"""What of an Entry leaves the house: the Entry, its Call's INTENT beside it, and the statement only where opted in.

By default a statement is its literal-free shape; a result leaves in no form at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from core.model import EntryKind, Json, Outcome
from core.ports import Sealed

UNPARSED: Final = "<unparsed>"
# Keys of an Entry's body that leave under their own names; what is not here stays: payload names, MACs, hashes of keys.
TOLD: Final = (
    "affected", "alert", "attempt", "by", "code", "counts", "cut", "deadline", "decision", "dur_ms", "findings",
    "first", "from_size", "last_seq", "first_seq", "masked", "n", "new_vkey", "of", "old_id", "outcome", "person",
    "policy", "prepared", "query", "reason", "review", "risk", "root", "rows", "scope", "seat", "seats", "sink",
    "size", "slot", "sqlstate", "to_size", "total", "until", "version", "via",
)  # fmt: skip


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One Entry on its way out; `intent` is the body of its Call's first INTENT, empty where it is about no Call."""

    sealed: Sealed
    origin: str
    intent: Mapping[str, Json] = field(default_factory=dict)
    statement: str | None = field(default=None, repr=False)  # the agent's own text, where a sink opted in
    version: str = ""  # of this program

    @property
    def uid(self) -> str:
        """What a receiver tells repeats by: the log and the Entry's number."""
        return f"{self.origin}:{self.sealed.sequence}"

    @property
    def body(self) -> Mapping[str, Json]:
        """The Entry's body."""
        return self.sealed.body

    @property
    def kind(self) -> str:
        """The Entry's kind."""
        return said(self.body, "kind")

    @property
    def at(self) -> int:
        """Milliseconds since the Unix epoch, UTC."""
        return number(self.body, "ts") or 0

    @property
    def call(self) -> str:
        """The Call it is about."""
        return said(self.body, "call")

    @property
    def session(self) -> str:
        """The Session it is about."""
        return said(self.body, "session") or said(self.intent, "session")

    @property
    def caller(self) -> Mapping[str, Json]:
        """Who asked, under a pseudonym."""
        return part(self.body, "caller") or part(self.intent, "caller")

    @property
    def reading(self) -> Mapping[str, Json]:
        """What the statement would do."""
        return part(self.body, "reading") or part(self.intent, "reading")

    @property
    def verdict(self) -> Mapping[str, Json]:
        """What was decided; votes say theirs elsewhere."""
        return part(self.body, "verdict") or part(self.intent, "verdict")

    @property
    def source(self) -> str:
        """Name of the Source."""
        return said(part(self.body, "source") or part(self.intent, "source"), "name")

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the things that are touched."""
        return tuple(name.partition(" ")[2] or name for name in texts(self.reading, "things"))

    @property
    def query(self) -> str:
        """The statement as it may leave."""
        return self.statement or said(self.reading, "shape") or UNPARSED

    @property
    def outcome(self) -> Outcome | None:
        """What became of it, if this Entry says so."""
        word = said(self.body, "outcome")
        return Outcome(word) if word in OUTCOMES else None

    @property
    def extra(self) -> dict[str, Json]:
        """Small facts that no format has a place for."""
        return {key: self.body[key] for key in TOLD if key in self.body}


OUTCOMES: Final = frozenset(one.value for one in Outcome)
ABOUT_CALLS: Final = frozenset(kind.value for kind in EntryKind if kind.value.startswith(("call.", "disclosure.")))


def part(body: Mapping[str, Json], key: str) -> Mapping[str, Json]:
    """Return an object within a body, empty when it is none."""
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def said(body: Mapping[str, Json], key: str) -> str:
    """Return a text within a body, empty when it is none."""
    value = body.get(key)
    return value if isinstance(value, str) else ""


def number(body: Mapping[str, Json], key: str) -> int | None:
    """Return a number within a body."""
    value = body.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def texts(body: Mapping[str, Json], key: str) -> tuple[str, ...]:
    """Return a list of texts within a body."""
    value = body.get(key)
    listed = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return tuple(one for one in listed if isinstance(one, str))
