"""Sessions of people's browsers: rows of the store under a name that the cookie alone holds, new at each sign-in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as mac
from secrets import token_urlsafe
from typing import Final, final

from console.signing.stopped import Stopped
from core.errors import Unauthenticated
from core.identity.signin import SignedIn
from core.model import Person
from core.ports import Clock, TicketKind, Tickets

IDLE: Final = timedelta(minutes=15)
WHOLE: Final = timedelta(hours=1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSession:
    """One person's browser; `name` is the secret of its cookie."""

    name: str = field(repr=False)
    who: SignedIn

    @property
    def stamp(self) -> str:
        """What a form of ours must bring back: bound to the session, and worth nothing with another."""
        return mac(self.name.encode(), b"form", sha256).hexdigest()

    def stamped(self, given: str) -> bool:
        """Say whether a form is this session's."""
        return compare_digest(given.encode(), self.stamp.encode())


@final
class Sessions:
    """Begins, finds and ends them; every one ends after an hour, or a quarter of one without a request."""

    def __init__(self, tickets: Tickets, stopped: Stopped, clock: Clock) -> None:
        self._tickets = tickets
        self._stopped = stopped
        self._clock = clock

    async def begin(self, who: SignedIn, *, former: str = "") -> BrowserSession:
        """Begin one under a new name; the browser's former one ends.

        Raises: Unauthenticated for who is stopped, AuditUnavailable.
        """
        if former:
            await self.end(former)
        if await self._stopped.stops(who.person):
            raise Unauthenticated("sign-in: operators stopped this person")
        made = BrowserSession(name=token_urlsafe(32), who=who)
        now = self._clock.now()
        await self._tickets.put(TicketKind.SESSION, made.name, written(who, now + WHOLE), now + IDLE)
        return made

    async def find(self, name: str) -> BrowserSession | None:
        """Find the session of a cookie, and keep it for another while; that of who is stopped ends.

        Raises: AuditUnavailable.
        """
        now = self._clock.now()
        row = await self._tickets.look(TicketKind.SESSION, name, now + IDLE) if name else None
        if row is None:
            return None
        who, ends = read(row)
        if now >= ends or await self._stopped.stops(who.person):
            await self.end(name)
            return None
        return BrowserSession(name=name, who=who)

    async def end(self, name: str) -> None:
        """End it.

        Raises: AuditUnavailable.
        """
        await self._tickets.take(TicketKind.SESSION, name)


def written(who: SignedIn, ends: datetime) -> str:
    """Write a row: who, and when it is over whatever happens."""
    return json.dumps(
        {
            "directory": who.person.directory,
            "id": who.person.id,
            "email": who.email,
            "groups": sorted(who.groups),
            "at": who.at.timestamp(),
            "issuer": who.issuer,
            "ends": ends.timestamp(),
        }
    )


def read(row: str) -> tuple[SignedIn, datetime]:
    """Read a row that `written` wrote."""
    said = json.loads(row)
    who = SignedIn(
        person=Person(directory=said["directory"], id=said["id"]),
        email=said["email"],
        groups=frozenset(said["groups"]),
        at=datetime.fromtimestamp(said["at"], UTC),
        issuer=said["issuer"],
    )
    return who, datetime.fromtimestamp(said["ends"], UTC)
