"""Data keys: one per scope, made once, wrapped by one of [keys], destroyed once; the same over every kind of store."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Final, LiteralString, final

from core.errors import AuditUnavailable, NotFound
from core.ports import EVER, KeyKind, KeyScope, LiveKey, Owned, Rewrapped, Wrapping
from core.stores.encryption.vault import KEY, DataKey
from core.stores.steps import Reads, Row, Steps, Value, Writes, ask, one

HELD: Final = 4096  # data keys in memory
RESULTS: Final = "results"
QUESTIONS: Final = "questions"
STORE: Final = KeyScope(kind=KeyKind.STORE, purpose=QUESTIONS)

TRIES: Final = 3  # keys that take each other's place while one data key is made
PAGE: Final = 2_000  # data keys that are read at once, while Calls wait
BATCH: Final = 500  # data keys that go over to another key in one transaction

ROW: Final[LiteralString] = "SELECT id, purpose, wrapped, wrapping, origin FROM dek "
LIVE: Final[LiteralString] = ROW + (
    "WHERE kind = $1 AND purpose = $2 AND session = $3 AND source = $4 AND call = $5 AND person = $6 AND day = $7"
    " AND origin = $8 AND wrapped IS NOT NULL"
)
ADD: Final[LiteralString] = (
    "INSERT INTO dek (kind, purpose, session, source, call, person, day, origin, wrapped, wrapping)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"
)
# Whoever makes a data key and whoever turns the purpose to another key touch one row first.
BEGIN: Final[LiteralString] = "INSERT INTO kek (purpose, name) VALUES ($1, $2) ON CONFLICT DO NOTHING"
TOUCH: Final[LiteralString] = "UPDATE kek SET name = name WHERE purpose = $1 RETURNING name"
WRAPS: Final[LiteralString] = "SELECT name FROM kek WHERE purpose = $1"
TURN: Final[LiteralString] = "UPDATE kek SET name = $2 WHERE purpose = $1"
OLD: Final[LiteralString] = (
    "SELECT id, wrapped FROM dek WHERE purpose = $1 AND wrapping = $2 AND wrapped IS NOT NULL AND id > $3"
    " ORDER BY id LIMIT $4"
)
# A data key that was destroyed meanwhile stays so.
ANEW: Final[LiteralString] = (
    "UPDATE dek SET wrapped = $1, wrapping = $2 WHERE id = $3 AND wrapping = $4 AND wrapped IS NOT NULL"
)
COUNT: Final[LiteralString] = (
    "SELECT purpose, wrapping, count(*) FROM dek WHERE wrapped IS NOT NULL GROUP BY purpose, wrapping"
)
KEYS: Final[LiteralString] = "SELECT id, kind, purpose, session, source, call, person, day FROM dek "
ALIVE: Final[LiteralString] = (
    KEYS + "WHERE kind = $1 AND day < $2 AND (day, id) > ($3, $4) AND wrapped IS NOT NULL ORDER BY day, id LIMIT $5"
)
# Each begins with the columns of dek_scope: whose a key is, is found by its index, however many others there are.
OF_SESSION: Final[LiteralString] = (
    KEYS + "WHERE kind IN ('session', 'call', 'passing') AND purpose IN ('questions', 'results') AND session = $1"
    " AND wrapped IS NOT NULL"
)
OF_PERSON: Final[LiteralString] = (
    KEYS + "WHERE kind = 'person' AND purpose IN ('questions', 'results') AND session = '' AND source = ''"
    " AND call = '' AND person = $1 AND wrapped IS NOT NULL"
)
BETWEEN: Final[LiteralString] = (
    "SELECT 1 FROM dek WHERE kind IN ('session', 'call', 'passing') AND day BETWEEN $1 AND $2 AND wrapped IS NOT NULL"
    " LIMIT 1"
)
LIVES: Final[LiteralString] = "SELECT 1 FROM dek WHERE id = $1 AND wrapped IS NOT NULL"
OF_SOURCE: Final[LiteralString] = KEYS + "WHERE source = $1 AND wrapped IS NOT NULL"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A data key as it is stored; `wrapped` is None once it was destroyed."""

    number: int
    purpose: str
    wrapped: bytes | None = field(repr=False)
    wrapping: str  # id of the key that wraps it
    origin: str  # the log it was made under: payloads are bound to it


@final
class KeyRing:
    """Data keys in use, unwrapped; a destroyed one is never used again in this process."""

    def __init__(
        self,
        *,
        writer: Writes,
        readers: Reads,
        wrapping: Mapping[str, Mapping[str, Wrapping]],
        origin: str,
        emptied: Callable[[], Awaitable[None]],
    ) -> None:
        """`wrapping`: by purpose and id; `emptied`: so that no file of the store still holds a row as it was."""
        self._writer = writer
        self._readers = readers
        self._wrapping = wrapping
        self._origin = origin
        self._emptied = emptied
        self._held: OrderedDict[KeyScope, DataKey] = OrderedDict()
        self._gone: set[int] = set()

    async def key(self, scope: KeyScope) -> DataKey:
        """Return the data key of a scope, made and made durable when it is the first time, or when the last is gone.

        Raises: NotFound when this process does not hold what wraps it; AuditUnavailable.
        """
        held = self._held.get(scope)
        if held is None:
            row = await self._readers.row(LIVE, *columns(scope), self._log(scope))
            held = await (self._make(scope) if row is None else self._open(stored(row)))
            self._held[scope] = held
            if len(self._held) > HELD:
                self._held.popitem(last=False)
        return held

    async def begin(self, current: Mapping[str, str]) -> None:
        """Wrap by the current key of each purpose, where nothing was wrapped before.

        Raises: AuditUnavailable.
        """
        mine = [(purpose, name) for purpose, name in current.items() if purpose in self._wrapping]
        await self._writer.perform(lambda: begun(mine))

    async def _make(self, scope: KeyScope) -> DataKey:
        place, raw = (*columns(scope), self._log(scope)), os.urandom(KEY)
        for _ in range(TRIES):
            row = await self._readers.row(WRAPS, scope.purpose)
            wrapping = self._wraps(scope.purpose, "" if row is None else row[0])
            wrapped = await wrapping.wrap(raw)
            made = await self._writer.perform(lambda: added(scope.purpose, place, wrapped, wrapping.name))  # noqa: B023
            if made is not None:
                return await self._open(made)
        raise AuditUnavailable("the keys of this store are being replaced")

    def _log(self, scope: KeyScope) -> str:
        """Name the log that a key belongs to; pseudonyms stay the same when a restored log goes on under another."""
        return "" if scope.kind is KeyKind.STORE else self._origin

    async def numbered(self, number: int) -> DataKey:
        """Return a data key by its number.

        Raises: NotFound when it was destroyed or this process cannot unwrap it.
        """
        row = await self._readers.row(ROW + "WHERE id = $1", number)
        if row is None:
            raise NotFound(f"no data key {number}")
        return await self._open(stored(row))

    async def _open(self, row: Stored) -> DataKey:
        if row.wrapped is None:
            raise NotFound(f"data key {row.number} was destroyed")
        return DataKey(row.number, await self._wraps(row.purpose, row.wrapping).unwrap(row.wrapped), row.origin)

    def _wraps(self, purpose: str, name: str) -> Wrapping:
        if name not in self._wrapping.get(purpose, {}):
            raise NotFound(f"this process holds no {purpose} key {name}")
        return self._wrapping[purpose][name]

    # ------------------------------------------------------------ the port Wraps

    async def turn(self, purpose: str, name: str) -> bool:
        """Wrap every new data key by this one, in all processes from here on; False where that is another's to do.

        Raises: AuditUnavailable.
        """
        await self._writer.perform(lambda: ask(TURN, purpose, name))
        row = await self._readers.row(WRAPS, purpose)
        return row is not None and row[0] == name

    async def rewrap(self, purpose: str, old: str, new: str, *, after: int) -> Rewrapped:
        """Wrap a batch anew; one that does not open is left and told.

        Raises: NotFound when this process holds not both keys, AuditBusy, AuditUnavailable.
        """
        opens, wraps = self._wraps(purpose, old), self._wraps(purpose, new)
        found = await self._readers.rows(OLD, purpose, old, after, BATCH)
        made: list[tuple[bytes, int]] = []
        failed: list[int] = []
        for number, wrapped in found:
            try:
                made.append((await wraps.wrap(await opens.unwrap(wrapped)), number))
            except NotFound:
                failed.append(number)
        await self._writer.perform(lambda: anew(made, new, old))
        last = found[-1][0] if len(found) == BATCH else 0
        return Rewrapped(keys=len(made), last=last, failed=tuple(failed))

    async def wrapped(self) -> Mapping[tuple[str, str], int]:
        """How many data keys are wrapped by each key, by purpose and id."""
        return {(purpose, name): count for purpose, name, count in await self._readers.rows(COUNT)}

    async def emptied(self) -> None:
        """Leave no file of the store with a data key as it was wrapped before.

        Raises: AuditUnavailable while a reader needs it.
        """
        await self._emptied()

    # ------------------------------------------------------------ the port DataKeys

    def usable(self, key: DataKey) -> bool:
        """Say whether a key still stands: what was sealed while it was being destroyed is sealed anew."""
        return key.id not in self._gone

    async def alive(self, kind: KeyKind | None = None, *, before: int = EVER) -> tuple[LiveKey, ...]:
        """Keys that were not destroyed, of one kind or all, of days before one."""
        kinds = tuple(KeyKind) if kind is None else (kind,)
        return tuple([key for each in kinds async for page in self.pages(each, before=before) for key in page])

    async def pages(self, kind: KeyKind, *, before: int = EVER) -> AsyncIterator[tuple[LiveKey, ...]]:
        """The same, oldest first and some at a time: of hundreds of thousands nobody holds all."""
        day, number = -1, 0
        while found := await self._readers.rows(ALIVE, kind.value, before, day, number, PAGE):
            page = tuple(live(row) for row in found)
            yield page
            day, number = page[-1].scope.day, page[-1].number
            await asyncio.sleep(0)

    async def owned(self, owned: Owned) -> tuple[LiveKey, ...]:
        """Keys of an extent that were not destroyed, found without a look at any other's; a Source's by one."""
        asked = [(OF_SESSION, one) for one in owned.sessions] + [(OF_PERSON, one) for one in owned.people]
        asked += [(OF_SOURCE, owned.source)] if owned.source else []
        found = [live(row) for sql, name in asked if name for row in await self._readers.rows(sql, name)]
        return tuple(sorted({one.number: one for one in found}.values(), key=lambda one: one.number))

    async def between(self, first: int, last: int) -> bool:
        """Whether a key of Calls' words or results of these days was not destroyed."""
        return await self._readers.row(BETWEEN, first, last) is not None

    async def lives(self, number: int) -> bool:
        """Whether a key was not destroyed."""
        return await self._readers.row(LIVES, number) is not None

    async def destroy(self, numbers: Sequence[int]) -> tuple[int, ...]:
        """Destroy data keys: what they sealed opens no more; say which, for the store lets each role end its own.

        Raises: AuditBusy, AuditUnavailable, then it is to be done once more.
        """
        self._gone.update(numbers)
        for scope in [scope for scope, key in self._held.items() if key.id in self._gone]:
            del self._held[scope]
        destroyed = await self._writer.perform(lambda: forgotten(numbers))
        await self._emptied()
        return destroyed


def begun(current: Sequence[tuple[str, str]]) -> Steps[None]:
    """Say what wraps, where nothing does yet."""
    for purpose, name in current:
        yield from ask(BEGIN, purpose, name)


def anew(made: Sequence[tuple[bytes, int]], wrapping: str, old: str) -> Steps[None]:
    """Store data keys as they are wrapped now."""
    for wrapped, number in made:
        yield from ask(ANEW, wrapped, wrapping, number, old)


def added(purpose: str, place: Sequence[Value], wrapped: bytes, wrapping: str) -> Steps[Stored | None]:
    """Make a key durable; where another was first, return that one, and none where it is wrapped otherwise by now."""
    turned = yield from one(TOUCH, purpose)
    if turned is None or turned[0] != wrapping:
        return None
    row = yield from one(LIVE, *place)
    while row is None:
        yield from ask(ADD, *place, wrapped, wrapping)  # numbered by the store: not every process sees every key
        row = yield from one(LIVE, *place)  # ours, or one that another process made meanwhile
    return stored(row)


def forgotten(numbers: Sequence[int]) -> Steps[tuple[int, ...]]:
    """Forget wrapped keys; their numbers stay, so that none is given twice."""
    gone: list[int] = []
    for number in numbers:
        found = yield from ask("UPDATE dek SET wrapped = NULL WHERE id = $1 RETURNING id", number)
        yield from ask("UPDATE subject SET look = NULL WHERE dek = $1", number)  # nobody is found by what was erased
        gone += [one for (one,) in found]
    return tuple(gone)


def columns(scope: KeyScope) -> tuple[Value, ...]:
    """Give a scope as its columns, in the order of its fields."""
    return tuple(astuple(scope))


def stored(row: Row) -> Stored:
    """Decode a row selected by ROW."""
    number, purpose, wrapped, wrapping, origin = row
    return Stored(number=number, purpose=purpose, wrapped=wrapped, wrapping=wrapping, origin=origin)


def live(row: Row) -> LiveKey:
    """Decode a row selected by ALIVE."""
    number, kind, purpose, session, source, call, person, day = row
    scope = KeyScope(
        kind=KeyKind(kind), purpose=purpose, session=session, source=source, call=call, person=person, day=day
    )
    return LiveKey(number=number, scope=scope)
