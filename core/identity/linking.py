"""A Slack account becomes a person's: begun in Slack, asked at the console, finished by a code typed in Slack.

The code is shown to whoever signed in and serves in the account that their page named, in no other. So who sends
somebody else the address of their own linking links nothing: the other person's code is worth nothing where they type
it, and is not known to who could type it. No GET changes anything here; names and codes are kept as digests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import choice, token_urlsafe
from typing import Final, final

from core import subject
from core.errors import AuditBusy, BadCall, Busy, Lost
from core.identity.same import APART, Same
from core.identity.signin import SignedIn
from core.model import Entry, EntryKind, Json, Person
from core.ports import (
    Clock,
    EndLink,
    Journal,
    Macs,
    Party,
    PartyKind,
    SetLink,
    SlackLink,
    SlackLinks,
    TicketKind,
    Tickets,
    Unit,
)

HOUR: Final = timedelta(hours=1)
MOST: Final = 5  # linkings that an account may begin in an hour
ASKED: Final = timedelta(minutes=10)  # from the command in Slack to the page's answer
FRESH: Final = timedelta(minutes=5)  # age of a sign-in by which somebody links
CODE: Final = timedelta(minutes=5)
TRIES: Final = 5
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: none is taken for another
LETTER: Final = 15  # of 5 bits: 75
OVERTAKEN: Final = 16  # tries of a unit that others overtook


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A Slack account: ids count, names are for the person who looks."""

    team: str
    user: str
    workspace: str
    name: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new link, and those that ended for it."""

    link: SlackLink
    ended: tuple[SlackLink, ...]


@final
class Linking:
    """Links and unlinks, over every process of the store."""

    def __init__(
        self,
        *,
        links: SlackLinks,
        tickets: Tickets,
        journal: Journal,
        macs: Macs,
        clock: Clock,
        same: Same = APART,
        listed: frozenset[Person] = frozenset(),
    ) -> None:
        """Take who is linked by an operator's hand, and so by no other."""
        self._links = links
        self._tickets = tickets
        self._journal = journal
        self._macs = macs
        self._same = same
        self._listed = {same.person(one) for one in listed}
        self._clock = clock

    async def begin(self, account: Account) -> str:
        """Take note of who asks in Slack; return the secret name under which the console finds it.

        Raises: Busy above five an hour, AuditUnavailable.
        """
        now = self._clock.now()
        for number in range(MOST):
            if await self._tickets.put(TicketKind.LINKINGS, f"{_place(account)} {number}", "", now + HOUR):
                break
        else:
            raise Busy("linking: more than five an hour", retry_after=HOUR)
        name = token_urlsafe(32)
        row = json.dumps({**asdict(account), "until": int((now + ASKED).timestamp())})
        await self._tickets.put(TicketKind.LINKING, name, row, now + ASKED)
        return name

    async def asked(self, name: str) -> Account | None:
        """Find what was begun under a name, and change nothing; None: nothing, or it is over.

        Raises: AuditUnavailable.
        """
        now = self._clock.now()
        row = await self._tickets.look(TicketKind.LINKING, name, now + ASKED) if name else None
        return None if row is None else _account(json.loads(row), now)

    def fresh(self, who: SignedIn) -> bool:
        """Whether a sign-in is so new that its person sits there now."""
        return self._clock.now() < who.at + FRESH

    async def code(self, name: str, who: SignedIn) -> tuple[Account, str]:
        """Let what was begun go on as this person; return the code that its Slack user has yet to type.

        Raises: BadCall when nothing was begun under that name or the sign-in is old, AuditUnavailable.
        """
        now = self._clock.now()
        if not self.fresh(who) or self._same.person(who.person) in self._listed:
            raise BadCall("linking: an old sign-in, or somebody whom an operator linked")
        row = await self._tickets.take(TicketKind.LINKING, name)
        account = None if row is None else _account(json.loads(row), now)
        if account is None:
            raise BadCall("linking: nothing begun under that name")
        letters = "".join(choice(LETTERS) for _ in range(LETTER))
        said: dict[str, Json] = {
            "directory": who.person.directory,
            "id": who.person.id,
            "email": (who.email or "").casefold(),
            "code": _digest(letters),
            "left": TRIES,
            "until": int((now + CODE).timestamp()),
        }
        await self._tickets.take(TicketKind.LINK_CODE, _place(account))
        await self._tickets.put(TicketKind.LINK_CODE, _place(account), json.dumps(said), now + CODE)
        return account, "-".join(letters[at : at + 5] for at in range(0, LETTER, 5))

    async def finish(self, account: Account, code: str) -> Made:
        """Link the account in which a code was typed, if it is its own code; an old link ends with it.

        Raises: BadCall for another code, or one that is over; Blocked when operators stopped the person,
        AuditUnavailable.
        """
        said = await self._taken(_place(account), code)
        person = Person(directory=said["directory"], id=said["id"])
        link = SlackLink(
            team=account.team,
            user=account.user,
            person=person,
            email=said["email"],
            at=self._clock.now(),
        )
        for _ in range(OVERTAKEN):
            ended = await self._links.beside(link)
            try:
                await self._journal.commit(self._unit(link, ended))
            except Lost:
                continue
            return Made(link=link, ended=ended)
        raise AuditBusy("linking: overtaken by others")

    async def end(self, team: str, user: str) -> SlackLink | None:
        """End an account's link by its user's word; None: there is none.

        Raises: AuditUnavailable.
        """
        for _ in range(OVERTAKEN):
            link = await self._links.link(team, user)
            if link is None:
                return None
            by = self._pseudonym(link.person)
            try:
                await self._journal.commit(
                    Unit(entries=(self._ended(link, by, "asked"),), changes=(EndLink(link=link),))
                )
            except Lost:
                continue
            return link
        raise AuditBusy("linking: overtaken by others")

    async def _taken(self, place: str, code: str) -> Mapping[str, str]:
        """Take a code; a wrong one costs a try, and the fifth of them the code."""
        row = await self._tickets.take(TicketKind.LINK_CODE, place)
        if row is None:
            raise BadCall("linking: no code waits for this account")
        said = json.loads(row)
        if not compare_digest(_digest(_letters(code)), said["code"]):
            said["left"] -= 1
            if said["left"] > 0:
                until = datetime.fromtimestamp(said["until"], UTC)
                await self._tickets.put(TicketKind.LINK_CODE, place, json.dumps(said), until)
            raise BadCall("linking: another code")
        return {key: said[key] for key in ("directory", "id", "email")}

    def _unit(self, link: SlackLink, ended: tuple[SlackLink, ...]) -> Unit:
        by = self._pseudonym(link.person)
        made = Entry(kind=EntryKind.LINK_MADE, body={"by": by, "via": _via(link)})
        return Unit(
            entries=(*(self._ended(one, by, "replaced") for one in ended), made),
            changes=(*(EndLink(link=one) for one in ended), SetLink(link=link)),
            unblocked=frozenset({Party(kind=PartyKind.PERSON, id=by)}),
        )

    def _ended(self, link: SlackLink, by: str, why: str) -> Entry:
        said = {"by": by, "person": self._pseudonym(link.person), "via": _via(link), "why": why}
        return Entry(kind=EntryKind.LINK_ENDED, body=said)

    def _pseudonym(self, account: Person) -> str:
        return subject.of_person(self._macs, self._same.person(account))


def _place(account: Account) -> str:
    return f"{account.team} {account.user}"


def _via(link: SlackLink) -> str:
    return f"slack:{link.team}:{link.user}"


def _account(said: Mapping[str, str | int], now: datetime) -> Account | None:
    if now.timestamp() >= int(said["until"]):
        return None
    team, user, workspace, name = (str(said[key]) for key in ("team", "user", "workspace", "name"))
    return Account(team=team, user=user, workspace=workspace, name=name)


def _letters(code: str) -> str:
    return code.upper().replace("-", "").replace(" ", "")


def _digest(letters: str) -> str:
    return sha256(f"link {letters}".encode()).hexdigest()
