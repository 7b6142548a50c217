"""The last look: do the catalog rows of a closure still say what the snapshot says, and is nothing beyond it locked."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, LiteralString, final

from core.catalog import WHOLE, Oid, Snapshot
from core.connectors.postgres.catalog import snapshot
from core.connectors.postgres.catalog.stamps import ALL, COMBINED, LOOKS, Locks
from core.connectors.postgres.connection.waiting import answered

if TYPE_CHECKING:
    from core.connectors.postgres.connection.link import Link
    from core.connectors.postgres.connection.wire import Step

TOLD: Final = tuple((kind, f"{kind.value}:") for kind in ALL)  # what stands before the digests of each kind
EXPECTED: Final = 512  # statements by the relations that they name


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What differs from the snapshot: catalog rows that changed, relations locked beyond the closure."""

    changed: frozenset[Oid] = frozenset()
    beyond: frozenset[Oid] = frozenset()

    @property
    def clean(self) -> bool:
        """Nothing differs."""
        return not self.changed and not self.beyond


@final
class Question:
    """The last look as it is asked: which rows of the catalogs, and whether the locks as well."""

    def __init__(self, *, closure: frozenset[Oid], known: Snapshot, locks: Locks) -> None:
        self.closure: Final = closure
        self.known: Final = known
        self.locks: Final = locks
        self._judged: tuple[str, Look] | None = None  # the answer that came last, and what it says

    @cached_property
    def ids(self) -> tuple[Oid, ...]:
        """What can change: nothing that the server itself brings, but for its catalogs of code."""
        return tuple(sorted(oid for oid in self.closure if oid >= snapshot.FIRST_USER or oid in WHOLE))

    @cached_property
    def words(self) -> tuple[LiteralString, str]:
        """The constant text, and its one parameter: each id as what the snapshot knows it as."""
        stamps = {oid: self.known.stamp.get(oid, "") for oid in self.ids}
        listed = {kind: ",".join([str(oid) for oid in stamps if told in stamps[oid]]) for kind, told in TOLD}
        wanted = {kind for kind, ids in listed.items() if ids}
        kinds = next(kinds for kinds in COMBINED if wanted <= {*kinds})
        return LOOKS[kinds, self.locks], ";".join([listed[kind] for kind in kinds])

    def judge(self, answer: str | None) -> Look:
        """Compare the closure's catalog rows, and the locks this backend holds, with the snapshot."""
        if self._judged is None or self._judged[0] != str(answer):
            self._judged = str(answer), self._compared(answer)
        return self._judged[1]

    def _compared(self, answer: str | None) -> Look:
        seen, ids, known = json.loads(str(answer)), self.ids, self.known
        stamps = snapshot.stamps_of(seen["stamp"])
        changed = {oid for oid in ids if stamps.get(oid) is None or stamps[oid] != known.stamp.get(oid)}
        beyond = {Oid(oid) for oid in seen.get("locked") or ()} - self.closure
        return Look(changed=frozenset(changed), beyond=frozenset(beyond) - self._indexes if beyond else frozenset())

    @property
    def _indexes(self) -> frozenset[Oid]:
        """Indexes of the closure's tables: which these are is in the stamps."""
        relations = self.known.relations
        return frozenset(index.oid for oid in self.closure if oid in relations for index in relations[oid].indexes)

    def about(self, closure: frozenset[Oid], answer: str | None) -> Look | None:
        """Take an answer for another closure's; None where it was not asked about all of that."""
        if answer is not None and closure == self.closure:
            return Look(changed=self.judge(answer).changed)
        other = Question(closure=closure, known=self.known, locks=self.locks)
        if answer is None or not {*other.ids} <= {*self.ids}:
            return None
        return Look(changed=self.judge(answer).changed & {*other.ids})


async def look(connection: Link, closure: frozenset[Oid], known: Snapshot, *, locks: Locks) -> Look:
    """Ask the last look alone."""
    question = Question(closure=closure, known=known, locks=locks)
    if not question.ids and locks is Locks.UNASKED:
        return Look()
    return question.judge(await answered(connection, connection.ask(*question.words)))


@final
class Questions:
    """Looks as they were worded before, within one snapshot: most statements ask what others asked."""

    def __init__(self) -> None:
        self._known: Snapshot | None = None
        self._worded: dict[tuple[frozenset[Oid], Locks], Question] = {}

    def of(self, closure: frozenset[Oid], known: Snapshot, locks: Locks) -> Question:
        """Word a look."""
        if self._known is not known or len(self._worded) >= EXPECTED:
            self._known = known
            self._worded.clear()
        found = self._worded.get((closure, locks))
        if found is None:
            found = self._worded[closure, locks] = Question(closure=closure, known=known, locks=locks)
        return found


@final
class Expected:
    """Closures of statements by the relations that they name, within one load of the catalogs.

    What is expected is asked about before it is known, in the round trip that brings the tree: a closure that turns out
    to be another is asked about again.
    """

    def __init__(self) -> None:
        self._serial = 0
        self._closures: dict[Hashable, frozenset[Oid]] = {}

    def of(self, serial: int, names: Hashable) -> frozenset[Oid]:
        """Give what a closure was the last time."""
        return self._closures.get(names, frozenset()) if serial == self._serial else frozenset()

    def keep(self, serial: int, names: Hashable, closure: frozenset[Oid]) -> None:
        """Expect it again."""
        if serial != self._serial or len(self._closures) >= EXPECTED:
            self._serial = serial
            self._closures.clear()
        self._closures[names] = closure


@final
class Early:
    """The look that is asked together with the tree, at what is expected."""

    def __init__(self, connection: Link) -> None:
        self._connection: Final = connection
        self._asked: tuple[Question, Step] | None = None

    def ask(self, question: Question) -> tuple[Step, ...]:
        """Word it for the same round trip; nothing where nothing is expected."""
        self._asked = None
        if not question.ids:
            return ()
        steps = self._connection.own(*question.words)
        self._asked = question, steps[-1]
        return steps

    def seen(self, closure: frozenset[Oid]) -> Look | None:
        """Judge the answer for the closure that the tree has; None where it was not asked about all of it."""
        if self._asked is None:
            return None
        question, step = self._asked
        return question.about(closure, self._connection.answer(step))
