"""Which listener takes what Slack sends: each by its name, and whatever else there is by a last one."""

from __future__ import annotations

import re
from typing import Final

from slack_bolt.async_app import AsyncApp

from slackbot.clicks.braking import Braking
from slackbot.clicks.emergency import Emergency
from slackbot.clicks.listeners import PAGES, Listeners
from slackbot.views import audit, glass, granting, modals
from slackbot.views import cards as rendering

ANY: Final = re.compile(r".*", re.DOTALL)


def register(app: AsyncApp, on: Listeners) -> None:
    """Bind the listeners, the catch-alls last: Bolt takes the first that matches."""
    app.action(rendering.APPROVE)(on.approve)
    app.action(rendering.DENY)(on.deny)
    app.action(rendering.OPEN)(on.open)
    stops = Braking(on)
    app.action(rendering.REVOKE)(stops.revoke)
    app.action(rendering.BLOCK)(stops.block)
    app.action(granting.END)(stops.ended)
    alone = Emergency(on)
    app.action(glass.BREAK)(alone.ask)
    app.action(glass.LOOK)(alone.look)
    app.view(glass.BROKEN)(alone.broken)
    app.view(glass.LOOKED)(alone.looked)
    for page in PAGES:
        app.action(page)(on.turned)
    app.view(modals.APPROVED)(on.approved)
    app.view(modals.DENIED)(on.denied)
    app.command("/audit")(on.command)
    app.action(audit.SIGN_IN)(on.closed)
    app.action(ANY)(on.unknown)
    app.view(ANY)(on.closed)
    app.view_closed(ANY)(on.closed)
    app.shortcut(ANY)(on.closed)
    app.options(ANY)(on.closed)
    app.event("app_home_opened")(on.home)
    app.event(ANY)(on.closed)
