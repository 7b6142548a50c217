"""Which Session a Call belongs to: the client's own key bound to its Caller, or thirty minutes of silence."""

from __future__ import annotations

import asyncio
import json
import secrets
from base64 import b32encode
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, final

from core import subject
from core.audit.entry import session_open
from core.model import Call, Caller, Json, Session, SessionId
from core.ports import Clock, Macs, Subjects, Unit
from core.stores import rows
from core.stores.steps import Ledger, Reads, Steps, Writes, ask

SILENCE: Final = timedelta(minutes=30)
TOUCH: Final = timedelta(minutes=1)  # how often a Session's last Call is written down: a crash forgets no more
HELD: Final = 4096


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
            if held is None or not (hinted or held.spoke(now)):
                held = await self._stored(key, caller)  # another replica may have heard it since
            if held is None or not (hinted or held.spoke(now)):
                held = await self._open(key, caller)
            held.last = max(held.last, now)
            await self._touch(held)
            self._held[key] = held
            self._held.move_to_end(key)
            if len(self._held) > HELD:
                self._held.popitem(last=False)
            return held.session

    async def _stored(self, key: str, caller: Caller) -> _Open | None:
        row = await self._readers.row(
            "SELECT id, began_at, last_at FROM sessions WHERE key = $1 ORDER BY began_at DESC LIMIT 1", key
        )
        if row is None:
            return None
        name, began, last = row
        session = Session(id=SessionId(name), principal=caller.principal, began_at=rows.instant(began))
        return _Open(session, rows.instant(last), rows.instant(last))

    async def _open(self, key: str, caller: Caller) -> _Open:
        pseudonym, person = subject.of_caller(self._macs, caller), subject.behind(self._macs, caller)
        await self._subjects.know(pseudonym, caller.name)
        name = f"ses_{b32encode(secrets.token_bytes(17)).decode().lower()[:26]}"
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
            sql: Final = "INSERT INTO sessions (id, key, began_at, last_at, ps, person) VALUES ($1, $2, $3, $3, $4, $5)"
            yield from ask(sql, name, key, rows.micros(at), pseudonym, person or "")

        await self._journal.write(Unit(entries=(session_open(name, said, person=person),)), beside)
        return _Open(Session(id=SessionId(name), principal=caller.principal, began_at=began), began, began)

    async def _touch(self, held: _Open) -> None:
        if held.last - held.written < TOUCH:
            return
        last, name = rows.micros(held.last), held.session.id
        await self._writer.perform(lambda: ask("UPDATE sessions SET last_at = $1 WHERE id = $2", last, name))
        held.written = held.last
