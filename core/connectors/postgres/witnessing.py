"""Witnessing: one text analysed in one transaction, over catalogs that are equal to the snapshot's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, LiteralString, TypeVar, final

import asyncpg

from core import masking
from core.classify.postgres import (
    Access,
    Lenders,
    Model,
    Parsed,
    Reaches,
    Spliced,
    Tree,
    Witnessed,
    echoed,
    given,
)
from core.connectors.postgres.catalog.extent import reached
from core.connectors.postgres.catalog.known import Knowledge, Known, reaching, told, watched
from core.connectors.postgres.catalog.stamps import Locks
from core.connectors.postgres.catalog.templates import Templates
from core.connectors.postgres.connection import sqlstates, values
from core.connectors.postgres.connection.away import cause
from core.connectors.postgres.connection.pool import BROKEN
from core.connectors.postgres.connection.session import Opening, Prepared, Session, begin
from core.connectors.postgres.connection.waiting import answered
from core.connectors.postgres.entitled import unmet
from core.connectors.postgres.hints import hints
from core.connectors.postgres.keyed import bound, tokens
from core.connectors.postgres.looks import Early, Look, Question, look
from core.connectors.postgres.plan import plan
from core.errors import BadCall, SourceError, SourceUnavailable
from core.model import Doubt, Reading, Unreadable

if TYPE_CHECKING:
    from core.catalog import Oid, Protection, Snapshot
    from core.connectors.postgres.connection.link import Link
    from core.connectors.postgres.connection.pool import Pool
    from core.connectors.postgres.connection.wire import Step
    from core.connectors.postgres.rooms import Rooms
    from core.model import Parameters
    from core.ports import Clock, Statement

Result = TypeVar("Result")

READING: Final = timedelta(seconds=10)  # Parse runs no plan; what takes longer waits for a lock
LARGE: Final = 65_536  # characters of a dump from which on reading it would hold up other callers
RELOAD: Final = frozenset({Doubt.MISSING, Doubt.DISAGREE, Doubt.UNAVAILABLE, Doubt.CLOSED, Doubt.CATALOG})
ROLES: Final[LiteralString] = """
SELECT pg_catalog.json_agg(pg_catalog.json_build_array(r.oid::pg_catalog.int8, r.rolname, n.nspname))::text
  FROM pg_catalog.pg_roles r LEFT JOIN pg_catalog.pg_namespace n ON n.nspowner = r.oid
"""
SERVER: Final = frozenset({Doubt.MISSING, Doubt.CLOSED})  # of these its own word is the last
CHANGED: Final = Unreadable(
    doubt=Doubt.DISAGREE, sentence="The schema changed while this was read; ask again.", detail="stamp differs"
)
NO_KEY: Final = Unreadable(
    doubt=Doubt.CLOSED, sentence="A column here is under a keyed mask, and this source was given no key for it."
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a visit stands on; all of it outlives the visit."""

    rooms: Rooms
    knowledge: Knowledge
    pool: Pool
    path: str  # search_path, worded
    clock: Clock
    templates: Templates
    key: bytes | None = field(default=None, repr=False)  # [keys] mask


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What this transaction witnessed."""

    witnessed: Witnessed
    prepared: Prepared | None  # None: a utility or a question of our own form, which the server shows no tree of

    @property
    def reading(self) -> Reading:
        """The agreed Reading."""
        return self.witnessed.reading


async def guarded(work: Awaitable[Result]) -> Result:
    """Translate what a connection raises; the original, with its words, stays behind.

    Raises: SourceError.
    """
    failure: SourceError
    try:
        return await work
    except asyncpg.PostgresError as error:
        failure = sqlstates.failure(error)
    except BROKEN as error:
        failure = SourceUnavailable(f"the connection failed: {type(error).__name__}", cause(error))
    raise failure


@final
class Witnessing:
    """The text, the connection, and what is known; `held` is what the open transaction witnessed, if anything."""

    def __init__(
        self, ground: Ground, connection: Link, known: Known, parsed: Parsed, statement: Statement, *, name: str
    ) -> None:
        self.ground: Final = ground
        self.session: Final = Session(connection)
        self.parsed: Final = parsed
        self.statement: Final = statement
        self.reads: Final = parsed.access is Access.READ  # the read role does it, READ ONLY
        self.held: Held | None = None
        self._known = known
        self._lifted: tuple[int, Protection] | None = None
        self._refused: Unreadable | None = None  # what the server itself said of the text
        self._name: Final = name
        self._early: Final = Early(connection)

    @property
    def snapshot(self) -> Snapshot:
        """The catalogs as the role sees them that this statement runs as."""
        return self._known.read if self.reads else self._known.write

    @property
    def protection(self) -> Protection:
        """Tags and masks in effect for this statement: as loaded, or with what is asked to be shown as it is."""
        known = self._known
        wanted = self.statement.unmask | told(self.parsed, self.snapshot)
        if not wanted:
            return known.protection
        if self._lifted is None or self._lifted[0] != known.serial:
            self._lifted = (known.serial, masking.lift(known.protection, self.snapshot, wanted))
        return self._lifted[1]

    @property
    def _looks(self) -> int:
        """How many parameters are ours: tokens of look-ups."""
        return 0 if self.parsed.looked is None else len(self.parsed.looked.values)

    def arguments(self, witnessed: Witnessed, parameters: Parameters) -> tuple[str | None, ...]:
        """Write the Call's parameters, behind them the tokens of its look-ups, and the mask keys of its text.

        Raises: BadCall for a value that is none of its column's type.
        """
        own = values.bound(parameters, self.parsed.parameters - self._looks)
        pads = bound(self.ground.key, witnessed.pads, self.snapshot)
        if self.parsed.looked is None:
            return own + pads
        return own + tokens(self.ground.key, self.snapshot, witnessed.lookups, self.parsed.looked.values) + pads

    @property
    def tainted(self) -> frozenset[Oid]:
        """Relations with protected columns."""
        return self.protection.tainted

    def closure(self, witnessed: Witnessed) -> frozenset[Oid]:
        """All that must stay as it was: of a write also what it reaches by itself."""
        return witnessed.closure if self.reads else watched(witnessed.closure, self.snapshot)

    async def read(self) -> Held | Unreadable:
        """Witness; load the catalogs again and repeat once where that may help."""
        for again in (True, False):
            found = await guarded(self.witness(READING))
            if isinstance(found, Held) or not again or not await self._reloaded(found):
                return found
        return CHANGED

    async def reload(self) -> None:
        """Roll back and load the catalogs again: they changed, or something else came between."""
        await self.session.rollback()
        self._known = await self.ground.knowledge.renew(self._known)

    async def _reloaded(self, found: Unreadable) -> bool:
        """Load again where that may help: the snapshot was stale, or the text names what it does not know."""
        if found is CHANGED:
            await self.reload()
            return True
        if found.doubt not in RELOAD or (found is self._refused and found.doubt in SERVER):
            return False  # what the server itself does not find in the agent's text no load of ours would show
        await self.session.rollback()
        fresh = await self.ground.knowledge.suspect(self._known)
        self._known = fresh or self._known
        return fresh is not None

    def opening(self, limit: timedelta, *, writes: bool = False) -> Opening:
        """Word the BEGIN batch of this visit."""
        return begin(path=self.ground.path, name=self._name, timeout=limit, writes=writes)

    async def witness(self, limit: timedelta, *, writes: bool = False) -> Held | Unreadable:
        """Witness the text in a transaction of its own, and compare the stamp in that same transaction."""
        self.held = None
        if self.protection.shut:
            return Unreadable(doubt=Doubt.CLOSED, sentence=self.protection.shut)
        self.session.begin(self.opening(limit, writes=writes))
        first = prepared = await self._prepared()
        if isinstance(prepared, Unreadable):
            return prepared
        witnessed = await self._judged(prepared)
        if isinstance(witnessed, Unreadable):
            return witnessed
        if witnessed.owes is not None:
            proven = await self._proven(witnessed, witnessed.owes)
            if isinstance(proven, Unreadable):
                return proven
            witnessed, prepared = proven
        if not self.reads:
            witnessed = reaching(witnessed, self.snapshot)
        refused = await self._stands(witnessed)
        if refused is not None:
            return refused
        self._expect(witnessed, owed=prepared is not first)
        self.held = Held(witnessed=witnessed, prepared=prepared)
        return self.held

    async def _stands(self, witnessed: Witnessed) -> Unreadable | None:
        """Refuse over other catalogs than the snapshot's, and what the role of changes has no right to do."""
        seen = self._early.seen(self.closure(witnessed)) or await self.look(witnessed, Locks.UNASKED)
        if not seen.clean:
            return CHANGED
        self._refused = await unmet(self.session.connection, witnessed.needs)
        return self._refused

    async def _prepared(self) -> Prepared | Unreadable | None:
        if not self.parsed.witnessed:
            return None
        heavy = self.ground.rooms.weigh(self.parsed, self.snapshot)
        prepared = heavy or await self._analysed(self.parsed.heard, self._ahead(owed=False))
        self._refused = prepared if isinstance(prepared, Unreadable) else None
        return prepared if isinstance(prepared, Unreadable) else self._counted(prepared)

    def _ahead(self, *, owed: bool) -> tuple[Step, ...]:
        """Word the look at the closure that is expected, so that it comes with the tree; `owed` of a spliced text."""
        if not self.reads:
            return ()
        closure = self.ground.knowledge.expected.of(self._known.serial, (self._names, owed))
        return self._early.ask(self.ground.knowledge.questions.of(closure, self.snapshot, Locks.UNASKED))

    def _expect(self, witnessed: Witnessed, *, owed: bool) -> None:
        if self.reads:
            self.ground.knowledge.expected.keep(self._known.serial, (self._names, owed), witnessed.closure)

    @cached_property
    def _names(self) -> frozenset[tuple[str | None, str]]:
        return frozenset((named.schema, named.name) for named in self.parsed.names)

    async def _analysed(self, text: str, behind: tuple[Step, ...] = ()) -> Prepared | Unreadable:
        """Have the server analyse a text that was weighed; `behind` is asked once it was."""
        try:
            return await self.session.parse(text, *behind)
        except asyncpg.PostgresError as error:
            refused = self._explained(error, text)
        if isinstance(refused, SourceError):
            raise refused
        await self.session.rollback()
        return refused

    def _explained(self, error: asyncpg.PostgresError, text: str) -> Unreadable | SourceError:
        """Say what is wrong with a text, where in the agent's own, and what may have been meant."""
        at = sqlstates.spotted(error, text, self.statement.text)
        refused = sqlstates.doubt(error, at)
        if isinstance(refused, SourceError):
            return refused
        guessed = hints(str(error.sqlstate), at, self.parsed, self._known.read, self._known.protection)
        return replace(refused, hints=guessed)

    def _counted(self, prepared: Prepared, pads: int = 0) -> Prepared | Unreadable:
        """Parameters that do not fit are no Reading."""
        try:
            values.bound(self.statement.parameters, len(prepared.shape.parameters) - self._looks - pads)
        except BadCall as error:
            return Unreadable(doubt=Doubt.PARAMETERS, sentence=error.public)
        return prepared

    async def _extended(self, witnessed: Witnessed, reaches: Reaches) -> Witnessed | Unreadable:
        """Ask the catalogs what a definition reaches beyond what it names."""
        listed = await reached(self.session.connection, reaches)
        if isinstance(listed, Unreadable):
            return listed
        return self.ground.rooms.extend(witnessed, listed, self.snapshot, self.protection)

    async def _proven(self, witnessed: Witnessed, spliced: Spliced) -> tuple[Witnessed, Prepared] | Unreadable:
        """Have the server analyse the spliced text, and hold its tree against those of the masked relations alone."""
        if spliced.pads and self.ground.key is None:
            return NO_KEY
        heavy = self.ground.rooms.weigh(spliced.parsed, self.snapshot)
        templates = heavy or await self._templates(spliced)
        if isinstance(templates, Unreadable):
            return templates
        prepared = await self._analysed(spliced.text, self._ahead(owed=True))
        if isinstance(prepared, Prepared):
            prepared = self._counted(prepared, len(spliced.pads))
        if isinstance(prepared, Unreadable):
            return prepared
        found = self.ground.rooms.confirm(witnessed, prepared.dump, templates, self.snapshot, self.protection)
        return found if isinstance(found, Unreadable) else (found, prepared)

    async def _templates(self, spliced: Spliced) -> Mapping[Model, Tree] | Unreadable:
        """Give the tree of each masked relation alone; analysed once a load."""
        shelf, serial = self.ground.templates, self._known.serial
        for model in spliced.models:
            if model in shelf.known(serial):
                continue
            prepared = await self._analysed(model.text)
            tree = (
                prepared if isinstance(prepared, Unreadable) else self.ground.rooms.learn(prepared.dump, self.snapshot)
            )
            if isinstance(tree, Unreadable):
                return tree
            shelf.keep(serial, {model: tree})
        return {model: shelf.known(serial)[model] for model in spliced.models}

    async def _judged(self, prepared: Prepared | None) -> Witnessed | Unreadable:
        dump = "" if prepared is None else prepared.dump
        arguments = (self.parsed, dump, self.snapshot, self.protection)
        if len(dump) < LARGE:
            found = self.ground.rooms.witness(*arguments)
        else:
            found = await asyncio.to_thread(self.ground.rooms.witness, *arguments)
        if isinstance(found, Unreadable):
            return found
        if found.reaches is not None:
            return await self._extended(found, found.reaches)
        return echoed(found.masks, given(self.statement.parameters)) or found

    async def vouched(self, held: Held) -> Unreadable | None:
        """Read the second tree of a text in which masking views stand; of a spliced one it was read already."""
        text, rooms = held.reading.text, self.ground.rooms
        if held.prepared is None or text == held.prepared.text:
            return None
        prepared, parsed = await self._analysed(text), await rooms.parsed(text, self.statement.parameters)
        if isinstance(prepared, Unreadable):
            return prepared
        if isinstance(parsed, Unreadable):
            return parsed
        self.session.quiet(READING)
        roles = json.loads(str(await answered(self.session.connection, self.session.connection.ask(ROLES))))
        ours = self.snapshot.owned_schemas
        views = next((str(name) for _, name, schema in roles if schema in ours), "")
        lenders = Lenders(names={int(oid): str(name) for oid, name, _ in roles}, views=views)
        return rooms.vouch(parsed, prepared.dump, self.snapshot, self.protection, lenders)

    async def look(self, witnessed: Witnessed, locks: Locks) -> Look:
        """Compare the closure, and the locks if asked, with the snapshot."""
        return await look(self.session.connection, self.closure(witnessed), self.snapshot, locks=locks)

    def question(self, witnessed: Witnessed) -> Question:
        """Word the last look, locks included, for whoever asks it behind something else."""
        return self.ground.knowledge.questions.of(self.closure(witnessed), self.snapshot, Locks.HELD)

    async def judged(self, witnessed: Witnessed, question: Question, answer: str | None) -> Look:
        """Judge the answer to the last look; a lock that it cannot place is asked about by itself."""
        seen = question.judge(answer)
        return await self.look(witnessed, Locks.TRACED) if seen.beyond and not seen.changed else seen

    async def look_again(self, held: Held, limit: timedelta) -> Look:
        """Look in a new transaction: a failed one answers nothing any more."""
        self.session.begin(self.opening(limit))
        self.session.quiet(limit)
        seen = await self.look(held.witnessed, Locks.UNASKED)
        await self.session.rollback()
        return seen

    async def look_elsewhere(self, held: Held) -> Look:
        """Look where this visit's connection is gone."""
        return await self.ground.knowledge.look(self.closure(held.witnessed), self.snapshot)

    async def planned(self) -> Mapping[str, Any] | None:
        """Plan the statement inside READ ONLY; the text is witnessed before and after, since EXPLAIN analyses anew."""
        held = await guarded(self.witness(READING))
        if isinstance(held, Unreadable) or held.prepared is None:
            return None
        try:
            self.session.quiet(READING)
            text = f"EXPLAIN (FORMAT JSON) {self.statement.text}"
            drawn = await plan(self.session, text, self.statement.parameters, READING)
        except (asyncpg.PostgresError, BadCall):
            await self.session.rollback()
            return None
        again = await guarded(self.witness(READING))
        same = isinstance(again, Held) and again.reading.tree == held.reading.tree
        return drawn["Plan"] if same else None
