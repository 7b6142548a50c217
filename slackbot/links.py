"""Which person a Slack user is: as an operator listed them, or as they linked themselves by signing in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, final

from core.errors import SettingsError
from core.identity.matching import Matching
from core.identity.same import Same
from core.model import Identity, Person
from core.ports import Clock, SlackLink, SlackLinks
from slackbot.people import Links, Stranger

NEW: Final = timedelta(hours=1)  # a new link is nobody's until then: whoever it was made behind the back of can say so


@final
class Listed:
    """`[slack.people]`: Slack user id -> "directory:person id"; which workspace counts is the door's to check."""

    def __init__(self, people: Mapping[str, str]) -> None:
        """Read the table.

        Raises: SettingsError when a value names no directory, or two users are one person.
        """
        self._people = {user: listed(user, text) for user, text in people.items()}
        if len(set(self._people.values())) != len(self._people):
            raise SettingsError("[slack.people]: two Slack users are linked to one person")

    async def identity(self, team: str, user: str) -> Identity | None:
        """Find the listed person; None: nobody is listed for this user."""
        who = self._people.get(user)
        return who and Identity(person=who, name=who.id, email=None, via=via(team, user))

    @property
    def users(self) -> frozenset[str]:
        """Return the Slack users that are listed."""
        return frozenset(self._people)

    @property
    def persons(self) -> frozenset[Person]:
        """Return the persons that are listed."""
        return frozenset(self._people.values())

    def lists(self, user: str, person: Person) -> bool:
        """Whether an operator linked this user or this person already."""
        return user in self._people or person in self._people.values()


@final
class Signed:
    """Links that people made themselves, for who is not listed: an operator's word comes first, and counts at once."""

    def __init__(self, listed: Listed, links: SlackLinks, clock: Clock) -> None:
        self._listed = listed
        self._links = links
        self._clock = clock

    async def users(self, team: str) -> frozenset[str]:
        """Name the accounts of a workspace that are somebody's, the listed ones among them.

        Raises: AuditUnavailable.
        """
        return self._listed.users | frozenset(await self._links.users(team))

    async def identity(self, team: str, user: str) -> Identity | Stranger | None:
        """Find the linked person; None: not linked. A new link is a Stranger's, and so is one beside an operator's.

        Raises: AuditUnavailable.
        """
        if (known := await self._listed.identity(team, user)) is not None:
            return known
        link = await self._links.link(team, user)
        if link is None or self._listed.lists(user, link.person):
            return None
        if self._clock.now() < link.at + NEW:
            return Stranger(sentence=waiting(link.at + NEW))
        return Identity(person=link.person, name=link.person.id, email=link.email or None, via=via(team, user))


@final
class Joined:
    """Links whose every person is the human they are, by `[[same_person]]`."""

    def __init__(self, links: Links, same: Same) -> None:
        self._links = links
        self._same = same

    async def identity(self, team: str, user: str) -> Identity | Stranger | None:
        """Find the linked person; None: not linked."""
        found = await self._links.identity(team, user)
        return self._same.identity(found) if isinstance(found, Identity) else found


@final
class Matched:
    """Who is linked by nothing but the e-mail of their Slack account; a person who is linked is matched nowhere."""

    def __init__(self, matching: Matching, listed: Listed, links: SlackLinks, clock: Clock, same: Same) -> None:
        self._matching = matching
        self._listed = listed
        self._links = links
        self._clock = clock
        self._same = same

    async def identity(self, team: str, user: str, email: str) -> Identity | None:
        """Find the person; None: nobody.

        Raises: AuditUnavailable.
        """
        found = await self._matching.person(email)
        if found is None or self._listed.lists(user, found):
            return None
        like = SlackLink(team=team, user=user, person=found, email=email.casefold(), at=self._clock.now())
        if await self._links.beside(like):
            return None
        return self._same.identity(Identity(person=found, name=found.id, email=like.email, via=via(team, user)))


def via(team: str, user: str) -> str:
    """Name an account as Votes and Entries do."""
    return f"slack:{team}:{user}"


def waiting(until: datetime) -> str:
    """Say from when on a new link counts."""
    return f"Your Slack account was linked a short while ago; it acts here from {until:%H:%M} UTC on."


def listed(user: str, text: str) -> Person:
    """Read one entry.

    Raises: SettingsError when it names no directory or no person.
    """
    directory, _, person = text.partition(":")
    if not directory or not person:
        raise SettingsError(f'[slack.people] {user}: write "directory:person"')
    return Person(directory=directory, id=person)
