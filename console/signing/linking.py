"""The console's half of linking a Slack account: both accounts are named, and a code shown to who says it is theirs."""

from __future__ import annotations

from typing import Final, final

from starlette.responses import Response

from console.signing import pages
from console.signing.sessions import BrowserSession
from core.errors import BadCall
from core.identity.linking import Linking

TITLE: Final = "Not linked"
OVER: Final = "Nothing waits under this address any more. Type /audit link in Slack again."


@final
class LinkPages:
    """Two pages; none links anything, for that is done by the code's being typed in Slack."""

    def __init__(self, linking: Linking) -> None:
        self._linking = linking

    async def open(self, session: BrowserSession | None, name: str) -> Response | None:
        """Show the question to who signed in just now, and change nothing; None: somebody has yet to sign in.

        Raises: AuditUnavailable.
        """
        if session is None or not self._linking.fresh(session.who):
            return None
        account = await self._linking.asked(name)
        if account is None:
            return pages.trouble(OVER, 400, title=TITLE)
        return pages.linking(session, account, name)

    async def let(self, session: BrowserSession, name: str) -> Response:
        """Show the code.

        Raises: AuditUnavailable.
        """
        try:
            account, letters = await self._linking.code(name, session.who)
        except BadCall:
            return pages.trouble(OVER, 400, title=TITLE)
        return pages.code(account, letters)
