"""A unit as it is sent: its Entries as bytes with a hole for the store's own time, its guards; and what came of it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias, final

from core.audit.entry import Malformed, seal
from core.audit.transparency.tree import leaf
from core.errors import Blocked, Lost, SlotTaken, Superseded
from core.ports import Committed, Unit
from core.stores import rows
from core.stores.postgres.schema import STAMP
from core.stores.steps import Row

Slot: TypeAlias = tuple[str | None, int | None, int]
Said: TypeAlias = Committed | Lost | SlotTaken | Blocked | Superseded
Seen: TypeAlias = tuple[int, bytes]  # number and leaf of the last Entry that a process knows to be durable
Arguments: TypeAlias = tuple[
    list[int],
    list[bytes],
    list[int],
    list[int | None],
    list[int | None],
    list[int],
    list[str],
    list[str],
    int | None,
    bytes | None,
]

# Thirteen digits that no one who writes into a body can know: where they stand, the stamp goes.
HOLE: Final = 10 ** (STAMP - 1) + secrets.randbelow(9 * 10 ** (STAMP - 1))
NEEDLE: Final = b'"ts":%d' % HOLE


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A unit's Entries before they have their numbers and their time."""

    name: str
    bodies: tuple[bytes, ...]
    holes: tuple[int, ...]
    slots: frozenset[Slot]
    before: int | None
    after: int | None
    parties: tuple[str, ...] = ()
    policy: str = ""

    @classmethod
    def of(cls, unit: Unit, *, log: str, boot: str) -> Draft:
        """Seal a unit's Entries.

        Raises: Malformed, SlotTaken for a unit that names one slot twice.
        """
        name = secrets.token_hex(8)
        bodies = tuple(seal(entry, ts_ms=HOLE, log=log, boot=boot, unit=name) for entry in unit.entries)
        slots = [(one.scope, one.attempt, int(one.slot)) for one in unit.entries if one.slot is not None]
        if len(set(slots)) != len(slots):
            raise SlotTaken(f"one unit names a slot twice: {slots}")
        return cls(
            name=name,
            bodies=bodies,
            holes=tuple(_hole(body) for body in bodies),
            slots=frozenset(slots),
            before=None if unit.before is None else rows.micros(unit.before),
            after=None if unit.after is None else rows.micros(unit.after),
            parties=tuple(sorted(map(str, unit.unblocked))),
            policy=unit.policy,
        )

    def committed(self, first: int, at: datetime, stamp: bytes) -> Committed:
        """Say what became of it: numbered from `first` on, at the store's time, which its bodies say as `stamp`."""
        filled = [
            body[: hole - 1] + stamp + body[hole - 1 + STAMP :]
            for body, hole in zip(self.bodies, self.holes, strict=True)
        ]
        return Committed(
            at=at,
            unit=self.name,
            sequences=tuple(range(first, first + len(filled))),
            leaves=tuple([leaf(body).hex() for body in filled]),
        )


def _hole(body: bytes) -> int:
    """Return where the stamp goes, counted from 1 as `overlay` does.

    Raises: Malformed when it does not stand there once.
    """
    if body.count(NEEDLE) != 1:
        raise Malformed("a body without one place for its time")
    return body.index(NEEDLE) + len(b'"ts":') + 1


def arguments(drafts: Sequence[Draft], seen: Seen | None = None) -> Arguments:
    """Lay drafts out as `append` takes them; units are numbered from 1. `seen`: what must stand in the log by then."""
    units: list[int] = []
    bodies: list[bytes] = []
    holes: list[int] = []
    guarded: list[int] = []
    parties: list[str] = []
    for number, draft in enumerate(drafts, 1):
        units += [number] * len(draft.bodies)
        bodies += draft.bodies
        holes += draft.holes
        guarded += [number] * len(draft.parties)
        parties += draft.parties
    befores, afters = [draft.before for draft in drafts], [draft.after for draft in drafts]
    policies = [draft.policy for draft in drafts]
    return units, bodies, holes, befores, afters, guarded, parties, policies, *(seen or (None, None))


def answers(drafts: Sequence[Draft], reply: Row) -> list[Said]:
    """Say for each draft what `append` answered."""
    first, at_us, lost, taken, blocked, superseded = reply
    at, stamp = rows.instant(at_us), b"%d" % (at_us // 1000)
    said: list[Said] = []
    for number, draft in enumerate(drafts, 1):
        if number in blocked:
            said.append(Blocked(f"one of {', '.join(draft.parties)} is blocked"))
        elif number in superseded:
            said.append(Superseded(f"{draft.policy} is not in force"))
        elif number in lost:
            said.append(Lost("its time is over, or has not come"))
        elif number in taken:
            said.append(SlotTaken(f"one of {sorted(map(str, draft.slots))} is taken"))
        else:
            said.append(draft.committed(first, at, stamp))
            first += len(draft.bodies)
    return said
