"""Which Session a Call belongs to: the client's own key bound to its Caller, or thirty minutes of silence."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, LiteralString, final

from core import subject
from core.audit.entry import session_open
from core.errors import AuditUnavailable, Lost
from core.model import Call, Caller, Json, Session, SessionId, letters
from core.ports import Clock, Macs, Subjects, Unit
from core.stores import rows
from core.stores.steps import Ledger, Reads, Steps, Writes, ask, one

SILENCE: Final = timedelta(minutes=30)
TOUCH: Final = timedelta(minutes=1)  # how often a Session's last Call is written down: a crash forgets no more
HELD: Final = 4096
TRIES: Final = 8

SILENT: Final[LiteralString] = "UPDATE sessions SET live = 0 WHERE key = $1 AND live = 1 AND last_at <= $2"
OPEN: Final[LiteralString] = (
    "INSERT INTO sessions (id, key, began_at, last_at, ps, person, manifest_at) VALUES ($1, $2, $3, $3, $4, $5, $3)"
    " ON CONFLICT DO NOTHING RETURNING id"
)


@dataclass(slots=True)
class _Open:
    session: Session
    last: datetime
    written: datetime

    def spoke(self, now: datetime) -> bool:
        """Whether it was not silent for so long that it has ended."""
        return now - self.last < SILENCE


@final
class StoredSessions:
    """The port Sessions."""

    def __init__(
        self,
        *,
        journal: Ledger,
        writer: Writes,
        readers: Reads,
        macs: Macs,
        subjects: Subjects,
        clock: Clock,
    ) -> None:
        self._journal = journal
        self._writer = writer
        self._readers = readers
        self._macs = macs
        self._subjects = subjects
        self._clock = clock
        self._held: OrderedDict[str, _Open] = OrderedDict()
        self._joining = asyncio.Lock()

    async def join(self, caller: Caller, call: Call) -> Session:
        """Find or open the Session; a new one is an Entry before this returns.

        Raises: AuditBusy, AuditUnavailable.
        """
        hinted = call.hints.conversation is not None
        key = self._macs.mac("session", json.dumps([*caller.principal, call.hints.conversation]).encode())
        async with self._joining:
            now = self._clock.now()
            held = self._held.get(key)
            if held is None or not held.spoke(now):  # another replica may have heard it since, or ended it
                held = await self._found(key, caller, now, hinted=hinted)
            held.last = max(held.last, now)
            await self._touch(held)
            self._held[key] = held
            self._held.move_to_end(key)
            if len(self._held) > HELD:
                self._held.popitem(last=False)
            return held.session

    async def _found(self, key: str, caller: Caller, now: datetime, *, hinted: bool) -> _Open:
        """Find the live Session of a key, or open one; of two replicas that open one at once the store takes one."""
        for _ in range(TRIES):
            held = await self._stored(key, caller)
            if held is not None and (held.spoke(now) or (hinted and await self._revived(held, now))):
                return held
            try:
                return await self._open(key, caller, hinted=hinted)
            except Lost:
                now = self._clock.now()
        raise AuditUnavailable("sessions of one key come and go too fast")

    async def _stored(self, key: str, caller: Caller) -> _Open | None:
        row = await self._readers.row("SELECT id, began_at, last_at FROM sessions WHERE key = $1 AND live = 1", key)
        if row is None:
            return None
        name, began, last = row
        session = Session(id=SessionId(name), principal=caller.principal, began_at=rows.instant(began))
        return _Open(session, rows.instant(last), rows.instant(last))

    async def _revived(self, held: _Open, now: datetime) -> bool:
        """Go on with a conversation that was silent, unless it was ended this moment."""
        sql: Final = "UPDATE sessions SET last_at = $1 WHERE id = $2 AND live = 1 RETURNING id"
        name = held.session.id
        revived = await self._writer.perform(lambda: one(sql, rows.micros(now), name))
        held.written = now
        return revived is not None

    async def _open(self, key: str, caller: Caller, *, hinted: bool) -> _Open:
        """Open a Session; one of the same key that fell silent is live no longer.

        Raises: Lost when there is a live one.
        """
        pseudonym, person = subject.of_caller(self._macs, caller), subject.behind(self._macs, caller)
        await self._subjects.know(pseudonym, caller.name)
        name = f"ses_{letters().lower()}"
        said: dict[str, Json] = {
            "ps": pseudonym,
            "iss": caller.issuer,
            "client": caller.client,
            "kind": caller.kind.value,
        }

        began = self._clock.now()

        def beside(at: datetime) -> Steps[None]:
            nonlocal began
            began = at  # the store's own time
            if not hinted:
                yield from ask(SILENT, key, rows.micros(at - SILENCE))
            opened = yield from one(OPEN, name, key, rows.micros(at), pseudonym, person or "")
            if opened is None:
                raise Lost("a Session of this key is live")

        await self._journal.write(Unit(entries=(session_open(name, said, person=person),)), beside)
        return _Open(Session(id=SessionId(name), principal=caller.principal, began_at=began), began, began)

    async def _touch(self, held: _Open) -> None:
        if held.last - held.written < TOUCH:
            return
        last, name = rows.micros(held.last), held.session.id
        await self._writer.perform(lambda: ask("UPDATE sessions SET last_at = $1 WHERE id = $2", last, name))
        held.written = held.last
