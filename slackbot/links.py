"""Links of Slack users to persons as the configuration lists them: a literal table, written by an operator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from core.errors import SettingsError
from core.identity.same import Same
from core.model import Identity, Person
from slackbot.people import Links


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
        return who and Identity(person=who, name=who.id, email=None, via=f"slack:{team}:{user}")


@final
class Joined:
    """Links whose every person is the human they are, by `[[same_person]]`."""

    def __init__(self, links: Links, same: Same) -> None:
        self._links = links
        self._same = same

    async def identity(self, team: str, user: str) -> Identity | None:
        """Find the linked person; None: not linked."""
        found = await self._links.identity(team, user)
        return found and self._same.identity(found)


def listed(user: str, text: str) -> Person:
    """Read one entry.

    Raises: SettingsError when it names no directory or no person.
    """
    directory, _, person = text.partition(":")
    if not directory or not person:
        raise SettingsError(f'[slack.people] {user}: write "directory:person"')
    return Person(directory=directory, id=person)
