"""Who is clicking: a Slack user becomes an Identity only by a configured link, and never a bot, guest or stranger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol, final

from core.errors import GatewayError
from core.model import Identity

GOOD_SECONDS: Final = 600.0  # a person's flags may be this old
BAD_SECONDS: Final = 15.0
DAY: Final = 86_400
MOST: Final = 10_000  # remembered people
UNLINKED: Final = "Your Slack account is not linked to a person here: /audit link."


class SlackUnavailable(GatewayError):
    """Slack did not say who somebody is: try again, never a verdict about the person."""

    code = "slack_unavailable"


class Links(Protocol):
    """Which person a Slack user is; made once, by a configured table or the console's link."""

    async def identity(self, team: str, user: str) -> Identity | Stranger | None:
        """Find the linked person; `via` names both Slack ids. None: not linked; a Stranger: linked, and not to act."""
        ...


class Matches(Protocol):
    """Which person an e-mail is; a setting, and behind every link."""

    async def identity(self, team: str, user: str, email: str) -> Identity | None:
        """Find the person; None: nobody, or somebody who is linked otherwise."""
        ...


class Users(Protocol):
    """Slack's own word about a user."""

    async def user(self, user: str) -> Mapping[str, object] | None:
        """Return the user object of users.info; None when Slack knows no such user here.

        Raises: SlackUnavailable.
        """
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Somebody whose click does nothing, and the sentence that says why."""

    sentence: str


def refusal(user: Mapping[str, object] | None, *, asked: str, teams: frozenset[str]) -> str | None:
    """Say why Slack's word about a user makes them nobody here; None: a full member of our workspace.

    A flag that is missing counts against them: docs.slack.dev lists these for every live member
    (`is_stranger` only for people of other workspaces).
    """
    if user is None or user.get("id") != asked:
        return "Slack does not know you in this workspace."
    if user.get("team_id") not in teams:
        return "You belong to another workspace; only members of this one decide here."
    if user.get("deleted") is not False:
        return "This Slack account is deactivated."
    if user.get("is_bot") is not False or asked == "USLACKBOT":
        return "Bots do not decide."
    if user.get("is_restricted") is not False or user.get("is_ultra_restricted") is not False:
        return "Guests do not decide."
    return "People from other workspaces do not decide." if user.get("is_stranger") else None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What Slack says of a user: why they are nobody, "" for a full member; their e-mail, and their clock."""

    why: str
    email: str = ""
    ahead: int = 0  # seconds before UTC


def email(user: Mapping[str, object] | None) -> str:
    """Read the e-mail of a user object; "" where the app has no scope for it."""
    profile = user.get("profile") if user is not None else None
    found = profile.get("email") if isinstance(profile, Mapping) else None
    return found if isinstance(found, str) else ""


def ahead(user: Mapping[str, object] | None) -> int:
    """Read how far a user's clock is before UTC, in seconds; 0 where Slack does not say."""
    found = user.get("tz_offset") if user is not None else None
    return found if isinstance(found, int) and abs(found) <= DAY else 0


@final
@dataclass(slots=True, kw_only=True)
class People:
    """Decides who is clicking; one users.info per person however many clicks arrive at once."""

    users: Users
    links: Links
    teams: frozenset[str]
    now: Callable[[], float]  # seconds, monotonic
    matches: Matches | None = None  # None: no e-mail makes anybody somebody
    _asked: dict[str, asyncio.Future[Known]] = field(default_factory=dict)
    _known: dict[str, tuple[float, Known]] = field(default_factory=dict)

    async def of(self, team: str, user: str) -> Identity | Stranger:
        """Turn a Slack user into an Identity; the link is read anew at every click.

        Raises: SlackUnavailable when Slack cannot say; what `Links` raises when the store cannot.
        """
        if (stranger := await self.outside(team, user)) is not None:
            return stranger
        found = await self.links.identity(team, user)
        if found is None and self.matches is not None and (known := await self._looked(user)).email:
            found = await self.matches.identity(team, user, known.email)
        return found or Stranger(sentence=UNLINKED)

    async def outside(self, team: str, user: str) -> Stranger | None:
        """Say why a Slack user is no full member of our workspace; None: they are one, whoever they are here.

        Raises: SlackUnavailable when Slack cannot say.
        """
        if team not in self.teams:
            return Stranger(sentence="You belong to another workspace; only members of this one decide here.")
        why = (await self._looked(user)).why
        return Stranger(sentence=why) if why else None

    async def ahead(self, user: str) -> timedelta:
        """Say how far somebody's own clock is before UTC.

        Raises: SlackUnavailable when Slack cannot say.
        """
        return timedelta(seconds=(await self._looked(user)).ahead)

    async def _looked(self, user: str) -> Known:
        until, known = self._known.get(user, (0.0, Known(why="")))
        if self.now() < until:
            return known
        if (running := self._asked.get(user)) is None:
            running = self._asked[user] = asyncio.ensure_future(self._look(user))
            running.add_done_callback(lambda _: self._asked.pop(user, None))
        return await asyncio.shield(running)

    async def _look(self, user: str) -> Known:
        said = await self.users.user(user)
        known = Known(why=refusal(said, asked=user, teams=self.teams) or "", email=email(said), ahead=ahead(said))
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[user] = (self.now() + (BAD_SECONDS if known.why else GOOD_SECONDS), known)
        return known
