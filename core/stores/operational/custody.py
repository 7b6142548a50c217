"""Rows of holds, of keys that end, and of Acts, within a unit's transaction and read back: the same for every store.

Whoever sets a hold and whoever shreds first touch one row, so that of two at once the later sees the earlier.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, LiteralString, final

from pydantic import TypeAdapter

from core.errors import Held, Lost
from core.model import ActId, Entry, Json, Person, ReviewId
from core.ports import (
    Act,
    DecideAct,
    Extent,
    ExtentKind,
    Forget,
    Keeping,
    LiveKey,
    Owned,
    ProposeAct,
    ReleaseHold,
    SetHold,
    SetTerms,
    Shred,
    Shredded,
)
from core.stores import rows
from core.stores.operational import forgetting
from core.stores.steps import Reads, Steps, ask, one

BATCH: Final = 1000  # keys that are judged while Calls wait
TOUCH: Final[LiteralString] = (
    "INSERT INTO custody (id, version) VALUES (0, 1) ON CONFLICT (id) DO UPDATE SET version = custody.version + 1"
)
TERMS: Final[LiteralString] = (
    "INSERT INTO custody (id, version, terms) VALUES (0, 1, $1) ON CONFLICT (id) DO UPDATE SET terms = excluded.terms"
)
HOLD: Final[LiteralString] = "INSERT INTO holds (kind, id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING kind"
RELEASE: Final[LiteralString] = "DELETE FROM holds WHERE kind = $1 AND id = $2 RETURNING kind"
# A key is of its Session's people and of its Source; a name's key is of the person, or of whoever's principal it is.
OWNERS: Final[LiteralString] = (
    "SELECT ps, person FROM sessions WHERE id = $1 UNION SELECT ps, person FROM sessions WHERE ps = $2"
)
THEIRS: Final[LiteralString] = "SELECT id, ps, person FROM sessions WHERE ps = $1 OR person = $1"
NEEDED: Final[LiteralString] = (
    "SELECT r.id FROM reviews r JOIN shown s ON s.review = r.id WHERE s.dek = $1"
    " AND r.state IN ('pending', 'approved', 'executing', 'indeterminate') LIMIT 1"
)
REDRAW: Final[LiteralString] = (
    "UPDATE reviews SET version = version + 1 WHERE id IN"
    " (SELECT s.review FROM shown s JOIN cards c ON c.review = s.review WHERE s.dek = $1)"
)
END: Final[LiteralString] = "INSERT INTO shredding (dek) VALUES ($1) ON CONFLICT DO NOTHING"
PROPOSE: Final[LiteralString] = "INSERT INTO acts (id, at, row) VALUES ($1, $2, $3)"
DECIDE: Final[LiteralString] = "DELETE FROM acts WHERE id = $1 RETURNING id"
VOTERS: Final[LiteralString] = (
    "SELECT DISTINCT v.directory, v.person FROM votes v JOIN shown s ON s.review = v.review WHERE s.dek = $1"
)
TOLD: Final[LiteralString] = "INSERT INTO shown (dek, review) VALUES ($1, $2) ON CONFLICT DO NOTHING"

_ACT: Final = TypeAdapter(Act)


def keep(change: Keeping, now: datetime) -> Steps[None]:
    """Apply one Change of custody.

    Raises: Lost, Held.
    """
    match change:
        case SetHold() | ReleaseHold():
            yield from _hold(change)
        case Shred(keys=keys):
            yield from _shred(keys)
        case Shredded(numbers=numbers):
            for number in numbers:
                yield from ask("DELETE FROM shredding WHERE dek = $1", number)
        case Forget():
            yield from forgetting.forget(change, now)
        case ProposeAct() | DecideAct():
            yield from _act(change)
        case SetTerms(terms=terms):
            yield from ask(TERMS, json.dumps(dict(terms), sort_keys=True))


def _act(change: ProposeAct | DecideAct) -> Steps[None]:
    if isinstance(change, ProposeAct):
        yield from ask(PROPOSE, change.act.id, rows.micros(change.act.at), _ACT.dump_json(change.act).decode())
    elif (yield from one(DECIDE, change.act)) is None:
        raise Lost(f"{change.act} is decided already")


def _hold(change: SetHold | ReleaseHold) -> Steps[None]:
    yield from ask(TOUCH)
    sql = HOLD if isinstance(change, SetHold) else RELEASE
    if (yield from one(sql, change.extent.kind.value, change.extent.id)) is None:
        raise Lost("it is held already" if isinstance(change, SetHold) else "there is no such hold")


def _shred(keys: Sequence[LiveKey]) -> Steps[None]:
    """Decide the end of keys, in the transaction that looks at holds."""
    yield from ask(TOUCH)
    held = frozenset((kind, name) for kind, name in (yield from ask("SELECT kind, id FROM holds")))
    for key in keys:
        if held and not held.isdisjoint((yield from extents(key))):
            raise Held(f"data key {key.number}")
        if (yield from one(NEEDED, key.number)) is not None:
            raise Lost(f"a Review still needs data key {key.number}")
        yield from ask(END, key.number)
        yield from ask(REDRAW, key.number)


def extents(key: LiveKey) -> Steps[frozenset[tuple[str, str]]]:
    """Give everything by which a key can be held or erased."""
    scope = key.scope
    people = {scope.person} if scope.person else set[str]()
    for principal, person in (yield from ask(OWNERS, scope.session, scope.person)):
        people |= {principal, person}
    named = {(ExtentKind.PERSON.value, one) for one in people if one}
    named |= {(ExtentKind.SESSION.value, scope.session)} if scope.session else set()
    return frozenset(named | ({(ExtentKind.SOURCE.value, scope.source)} if scope.source else set()))


def told(review: ReviewId, entries: Sequence[Entry]) -> Steps[None]:
    """Remember which keys a Review's words are under: its cards are redrawn when one of them ends."""
    for entry in entries:
        named = entry.body.get("payloads")
        for kept in named if isinstance(named, list | tuple) else ():
            number = kept.get("dek") if isinstance(kept, Mapping) else None
            if isinstance(number, int):
                yield from ask(TOLD, number, review)


async def _nothing() -> None:
    """Do nothing: what a row was is the server's to keep or clear."""


@final
class StoredCustody:
    """The ports Custody and Acts."""

    def __init__(self, readers: Reads, emptied: Callable[[], Awaitable[None]] = _nothing) -> None:
        """`emptied`: what leaves no file of a store with rows as they were, where there are files."""
        self._readers = readers
        self._emptied = emptied

    async def holds(self) -> tuple[Extent, ...]:
        """All holds."""
        found = await self._readers.rows("SELECT kind, id FROM holds ORDER BY kind, id")
        return tuple(Extent(kind=ExtentKind(kind), id=name) for kind, name in found)

    async def held(self, keys: Sequence[LiveKey]) -> frozenset[int]:
        """Which of these keys a hold covers."""
        holds, found = [await self.owned(one) for one in await self.holds()], set[int]()
        for at in range(0, len(keys) if holds else 0, BATCH):
            found |= {key.number for key in keys[at : at + BATCH] if any(one.covers(key.scope) for one in holds)}
            await asyncio.sleep(0)
        return frozenset(found)

    async def owned(self, extent: Extent) -> Owned:
        """What data keys' scopes name of an extent; what names nobody belongs to nobody."""
        if not extent.id:
            return Owned()
        match extent.kind:
            case ExtentKind.SESSION:
                return Owned(sessions=frozenset({extent.id}))
            case ExtentKind.SOURCE:
                return Owned(source=extent.id)
            case ExtentKind.PERSON:
                theirs = await self._readers.rows(THEIRS, extent.id)
                principals = {principal for _, principal, person in theirs if person == extent.id}
                names = frozenset({extent.id, *principals})
                return Owned(sessions=frozenset([name for name, _, _ in theirs]), people=names)

    async def people(self, sessions: Sequence[str]) -> frozenset[str]:
        """Pseudonyms of who is behind Sessions."""
        sql: Final = "SELECT person FROM sessions WHERE id = $1 AND person <> ''"
        return frozenset([person for one in set(sessions) for (person,) in await self._readers.rows(sql, one)])

    async def voters(self, keys: Sequence[LiveKey]) -> frozenset[Person]:
        """Who voted on a Review whose words are under one of these keys."""
        found = [row for key in keys for row in await self._readers.rows(VOTERS, key.number)]
        return frozenset(Person(directory=directory, id=person) for directory, person in found)

    async def persons(self) -> frozenset[Person]:
        """Whom rows name otherwise than by pseudonym."""
        return await forgetting.persons(self._readers)

    async def cleared(self) -> None:
        """Leave no file of the store with rows as they stood before the last units.

        Raises: AuditUnavailable while a reader needs it.
        """
        await self._emptied()

    async def shredding(self) -> tuple[int, ...]:
        """Keys that are decided to end and are not known to be destroyed."""
        return tuple([number for (number,) in await self._readers.rows("SELECT dek FROM shredding ORDER BY dek")])

    async def terms(self) -> Mapping[str, int] | None:
        """The retention in force; None: none was ever set."""
        row = await self._readers.row("SELECT terms FROM custody WHERE id = 0")
        if row is None or row[0] is None:
            return None
        said: dict[str, Json] = json.loads(row[0])
        return {name: days for name, days in said.items() if isinstance(days, int)}

    async def act(self, act: ActId) -> Act | None:
        """Find one that is not decided."""
        row = await self._readers.row("SELECT row FROM acts WHERE id = $1", act)
        return None if row is None else _ACT.validate_json(row[0])

    async def acts(self) -> tuple[Act, ...]:
        """All that are not decided, oldest first."""
        found = await self._readers.rows("SELECT row FROM acts ORDER BY at, id")
        return tuple(_ACT.validate_json(text) for (text,) in found)
