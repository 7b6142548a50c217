"""Rows of Slack accounts that people made theirs: one account, one person, one e-mail a workspace, or none."""

from __future__ import annotations

from typing import Final, LiteralString, final

from core.errors import Lost
from core.model import Person
from core.ports import EndLink, SetLink, SlackLink
from core.stores import rows
from core.stores.steps import Reads, Row, Steps, one

COLUMNS: Final[LiteralString] = "team, slack_user, directory, person, email, linked_at"
MAKE: Final[LiteralString] = (
    f"INSERT INTO slack_links ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING team"
)
END: Final[LiteralString] = (
    "DELETE FROM slack_links WHERE team = $1 AND slack_user = $2 AND directory = $3 AND person = $4 AND linked_at = $5"
    " RETURNING team"
)
FIND: Final[LiteralString] = f"SELECT {COLUMNS} FROM slack_links WHERE team = $1 AND slack_user = $2"
BESIDE: Final[LiteralString] = (
    f"SELECT {COLUMNS} FROM slack_links WHERE team = $1 AND (slack_user = $2 OR (directory = $3"
    " AND (person = $4 OR (email = $5 AND email <> '')))) ORDER BY slack_user"
)

USERS: Final[LiteralString] = "SELECT slack_user FROM slack_links WHERE team = $1 ORDER BY slack_user"


def put(change: SetLink | EndLink) -> Steps[None]:
    """Apply one Change.

    Raises: Lost.
    """
    link = change.link
    named = (link.team, link.user, link.person.directory, link.person.id)
    if isinstance(change, SetLink):
        steps = one(MAKE, *named, link.email, rows.micros(link.at))
    else:
        steps = one(END, *named, rows.micros(link.at))
    if (yield from steps) is None:
        raise Lost(f"the links of {link.team}:{link.user} are others by now")


@final
class StoredLinks:
    """The port SlackLinks."""

    def __init__(self, readers: Reads) -> None:
        self._readers = readers

    async def link(self, team: str, user: str) -> SlackLink | None:
        """Read an account's link."""
        row = await self._readers.row(FIND, team, user)
        return None if row is None else _link(row)

    async def beside(self, link: SlackLink) -> tuple[SlackLink, ...]:
        """Read what stands in the way of one."""
        asked = (link.team, link.user, link.person.directory, link.person.id, link.email)
        return tuple(_link(row) for row in await self._readers.rows(BESIDE, *asked))

    async def users(self, team: str) -> tuple[str, ...]:
        """Name the accounts of a workspace that are linked."""
        return tuple(str(user) for (user,) in await self._readers.rows(USERS, team))


def _link(row: Row) -> SlackLink:
    team, user, directory, person, email, at = row
    return SlackLink(
        team=team,
        user=user,
        person=Person(directory=directory, id=person),
        email=email,
        at=rows.instant(at),
    )
