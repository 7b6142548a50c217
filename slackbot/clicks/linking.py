"""`/audit link` in Slack: begun by who types it, finished by the code that the console showed, ended by `off`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from core.errors import BadCall, Blocked, Busy
from core.identity.linking import Account, Linking, Made
from core.ports import SlackLink
from core.revealing import line
from slackbot.clicks.clicks import Command
from slackbot.kit.text import clip
from slackbot.links import NEW, Listed
from slackbot.transport.web import Web
from slackbot.views import audit
from slackbot.views.cards import Message

LISTED: Final = "An operator linked this account in [slack.people]; nothing else counts for it."
WRONG: Final = "This is no code for this account, or no longer. Begin again: /audit link. Five wrong ones end a code."
OFTEN: Final = "An account begins five linkings an hour; wait a little."
STOPPED: Final = "Operators stopped this person; nothing was linked."
NONE: Final = "This account is not linked."
ENDED: Final = "This account is not linked any more."
NAME: Final = 400  # characters of a person's; a directory's id has its own length


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Linker:
    """Answers one command; who types it is a full member of the workspace already."""

    linking: Linking
    listed: Listed
    web: Web
    url: str  # of the console
    workspace: str  # its name

    async def begin(self, sent: Command) -> Message:
        """Show the address at which the account's user signs in.

        Raises: SlackUnavailable, AuditUnavailable.
        """
        if sent.user in self.listed.users:
            return audit.told(LISTED)
        try:
            name = await self.linking.begin(self._account(sent, await self.web.user(sent.user) or {}))
        except Busy:
            return audit.told(OFTEN)
        return audit.begun(f"{self.url}/link?of={name}")

    async def finish(self, sent: Command, code: str) -> tuple[Message, Made | None]:
        """Link by the code; None: nothing was.

        Raises: AuditUnavailable.
        """
        if sent.user in self.listed.users:
            return audit.told(LISTED), None
        try:
            made = await self.linking.finish(self._account(sent, {}), code)
        except BadCall:
            return audit.told(WRONG), None
        except Blocked:
            return audit.told(STOPPED), None
        return audit.told(linked(made.link)), made

    async def end(self, sent: Command) -> Message:
        """Unlink.

        Raises: AuditUnavailable.
        """
        return audit.told(NONE if await self.linking.end(sent.team, sent.user) is None else ENDED)

    async def tell(self, made: Made) -> None:
        """Tell both accounts: whoever lost a link by this, and who has the new one.

        Raises: SlackRefused, SlackUnavailable.
        """
        for one in made.ended:
            if one.user != made.link.user:
                await self.web.direct(one.user, audit.told(lost(one, made.link)))
        await self.web.direct(made.link.user, audit.told(linked(made.link)))

    def _account(self, sent: Command, user: Mapping[str, object]) -> Account:
        named = f"{user.get('real_name', '')} @{user.get('name', '')}"
        return Account(team=sent.team, user=sent.user, workspace=self.workspace, name=named.strip())


def linked(link: SlackLink) -> str:
    """Say whom an account is linked to, from when on, and what to do about it."""
    named = clip(line(f"{link.email}, {link.person}" if link.email else str(link.person)), NAME)
    return (
        f"This Slack account is linked to {named}: its clicks count as theirs from {link.at + NEW:%H:%M} UTC on. "
        "If you did not do this yourself, type /audit link off and tell an operator."
    )


def lost(link: SlackLink, other: SlackLink) -> str:
    """Say why an account is linked no more."""
    return (
        f"This Slack account is not linked to {clip(line(str(link.person)), NAME)} any more: another one of this "
        f"workspace, {line(other.user)}, was linked instead. If that was not you, tell an operator."
    )
