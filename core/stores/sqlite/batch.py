"""Entries of one transaction on their way into the log: numbered and sealed as they come, written at once."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType
from typing import Final, LiteralString, TypeAlias, final

from core.audit.entry import seal
from core.audit.transparency.tree import leaf
from core.errors import SlotTaken
from core.model import Entry, EntryKind, Json, Outcome
from core.ports import Committed, Unit
from core.stores import rows

END: Final[LiteralString] = "SELECT next, last_us FROM log_coord"
MOVE: Final[LiteralString] = "UPDATE log_coord SET next = ?, last_us = ?"
APPEND: Final[LiteralString] = (
    "INSERT INTO log_entry (seq, ts_ms, kind, scope, attempt, slot, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
FOLLOWED: Final = frozenset({EntryKind.INTENT, EntryKind.OUTCOME, EntryKind.RESOLVED, EntryKind.SESSION_OPEN})
MEMBER: Final[LiteralString] = (
    "INSERT INTO session_calls (call_id, seq, session) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
)
FIRST: Final[LiteralString] = "UPDATE sessions SET opened = ? WHERE id = ?"

Row: TypeAlias = tuple[int, int, str, str | None, int | None, int | None, bytes]


class Turn(Enum):
    """What an Entry makes of its Call."""

    BEGUN = auto()
    UNKNOWN = auto()  # nobody can tell what became of it
    ENDED = auto()


# Among the Calls that recovery looks at.
TURNS: Final[Mapping[Turn, LiteralString]] = MappingProxyType(
    {
        Turn.BEGUN: "INSERT INTO open_calls (call_id, seq) VALUES (?, ?) ON CONFLICT DO NOTHING",
        Turn.UNKNOWN: (
            "INSERT INTO open_calls (call_id, seq, unknown) VALUES (?, ?, 1)"
            " ON CONFLICT (call_id) DO UPDATE SET unknown = 1"
        ),
        Turn.ENDED: "DELETE FROM open_calls WHERE call_id = ?",
    }
)


@final
class Batch:
    """What the units of one transaction append, from the log's end on, at one time that never goes back."""

    def __init__(self, connection: sqlite3.Connection, *, now: datetime, log: str, boot: str) -> None:
        """Read where the log ends; time never goes back: a clock set back would prolong an approval."""
        self._connection = connection
        self._next, last = connection.execute(END).fetchone()
        self._us = max(rows.micros(now), last)
        self._log = log
        self._boot = boot
        self._rows: list[Row] = []
        self._told: list[tuple[int, Entry]] = []
        self.now = rows.instant(self._us)

    def add(self, unit: Unit) -> Committed:
        """Number and seal a unit's Entries; nothing is written yet.

        Raises: Malformed, and then nothing of the unit is in the batch.
        """
        name, stamp, first = secrets.token_hex(8), self._us // 1000, self._next
        bodies = [seal(one, ts_ms=stamp, log=self._log, boot=self._boot, unit=name) for one in unit.entries]
        for sequence, (entry, body) in enumerate(zip(unit.entries, bodies, strict=True), first):
            slot = None if entry.slot is None else int(entry.slot)
            self._rows.append((sequence, stamp, entry.kind.value, entry.scope, entry.attempt, slot, body))
            if entry.kind in FOLLOWED:
                self._told.append((sequence, entry))
        self._next += len(bodies)
        return Committed(
            at=self.now,
            unit=name,
            sequences=tuple(range(first, self._next)),
            leaves=tuple([leaf(body).hex() for body in bodies]),
        )

    def write(self) -> None:
        """Write what was added.

        Raises: SlotTaken when one of its slots is, sqlite3.Error; then part of it may be written.
        """
        try:
            self._connection.executemany(APPEND, self._rows)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise
            taken = sorted(f"{row[3]} {row[4]} {row[5]}" for row in self._rows if row[5] is not None)
            raise SlotTaken(f"one of {', '.join(taken)} is taken") from error
        if self._told:
            self._follow()
        self._connection.execute(MOVE, (self._next, self._us))

    def _follow(self) -> None:
        """Keep the lists of Calls that are open or unknown, and of each Session's; of a Call its last Entry counts."""
        turns: dict[str | None, tuple[Turn, int]] = {}
        members: list[tuple[str | None, int, Json]] = []
        for sequence, entry in self._told:
            if entry.kind is EntryKind.SESSION_OPEN:
                self._connection.execute(FIRST, (sequence, entry.body["session"]))
            if entry.kind is EntryKind.INTENT:
                members.append((entry.scope, sequence, entry.body["session"]))
            if (turn := _turn(entry)) is not None:
                turns[entry.scope] = turn, turns.get(entry.scope, (turn, sequence))[1]
        for turn, sql in TURNS.items():
            due = [(scope, since) for scope, (came, since) in turns.items() if came is turn]
            self._connection.executemany(sql, due if turn is not Turn.ENDED else [row[:1] for row in due])
        self._connection.executemany(MEMBER, members)


def _turn(entry: Entry) -> Turn | None:
    """Say what an Entry makes of its Call; None where that goes on as it was."""
    if entry.kind is EntryKind.INTENT:
        return Turn.BEGUN
    if entry.kind is EntryKind.OUTCOME and entry.body["outcome"] == Outcome.UNKNOWN.value:
        return Turn.UNKNOWN
    ends = entry.kind is EntryKind.OUTCOME and entry.body.get("final") is not False
    return Turn.ENDED if ends or entry.kind is EntryKind.RESOLVED else None
