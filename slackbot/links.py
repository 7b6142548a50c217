"""Links of Slack users to persons as the configuration lists them: a literal table, written by an operator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from core.model import Identity, Person


@final
class Listed:
    """`[slack.people]`: Slack user id -> "directory:person id"."""

    def __init__(self, people: Mapping[str, str]) -> None:
        self._people = dict(people)

    async def identity(self, team: str, user: str) -> Identity | None:
        """Find the listed person; None: nobody is listed for this user."""
        named = self._people.get(user)
        if named is None:
            return None
        directory, _, person = named.partition(":")
        who = Person(directory=directory, id=person)
        return Identity(person=who, name=person, email=None, via=f"slack:{team}:{user}")
