"""Matching by e-mail, a setting: whom the provider verified an e-mail for at a sign-in here is whom Slack shows it for.

It makes Slack's directory an identity provider: whoever may change e-mails there decides here, from then on and without
a word to anybody. So it is off by default, for listed domains alone, acknowledged by name, and behind every link.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final, final

from core.identity.signin import SignedIn
from core.model import Json, Person
from core.ports import Clock, TicketKind, Tickets

KEPT: Final = timedelta(days=30)  # from a sign-in on; a person of whom nothing is heard is matched no more
TRIES: Final = 8


@final
class Matching:
    """Who signed in with which e-mail; two persons with one are nobody, until both are forgotten."""

    def __init__(self, tickets: Tickets, clock: Clock, domains: frozenset[str]) -> None:
        self._tickets = tickets
        self._clock = clock
        self._domains = domains

    async def heard(self, who: SignedIn) -> None:
        """Take note of a sign-in.

        Raises: AuditUnavailable.
        """
        email = self._listed(who.email or "")
        if not email:
            return
        ends = self._clock.now() + KEPT
        mine: dict[str, Json] = {"directory": who.person.directory, "id": who.person.id}
        for _ in range(TRIES):
            row = await self._tickets.take(TicketKind.EMAIL, email)
            said = mine if row is None or _who(row) == mine else {}
            text = json.dumps({"who": said, "until": int(ends.timestamp())})
            if await self._tickets.put(TicketKind.EMAIL, email, text, ends):
                return

    async def person(self, email: str) -> Person | None:
        """Find who signed in with an e-mail; None: nobody, or more than one.

        Raises: AuditUnavailable.
        """
        now, listed = self._clock.now(), self._listed(email)
        row = await self._tickets.look(TicketKind.EMAIL, listed, now + KEPT) if listed else None
        if row is None or now.timestamp() >= json.loads(row)["until"]:
            return None
        who = _who(row)
        return Person(directory=who["directory"], id=who["id"]) if who else None

    def _listed(self, email: str) -> str:
        """Return an e-mail of a listed domain in lower case, "" for any other."""
        text = email.casefold()
        name, _, domain = text.rpartition("@")
        return text if name and domain in self._domains else ""


def _who(row: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(row)["who"]
    return found
