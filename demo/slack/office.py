"""The demo's people in a fake Slack workspace of their own, linked to who they are in the demo's directory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from demo.slack.platform import CHANNEL, Slack
from demo.slack.socket import ACK_SECONDS
from demo.slack.world import Member
from demo.world import DIRECTORY, Chat

RITA, DORA, OTTO, SAM, ANA = "U0RITA", "U0DORA", "U0OTTO", "U0SAM", "U0ANA"
STAFF: Final[Mapping[str, tuple[str, str]]] = {
    RITA: ("rita", "DBA and auditor"),
    DORA: ("dora", "DBA"),
    OTTO: ("otto", "auditor"),
    SAM: ("sam", "support: the agent over stdio is sam's"),
    ANA: ("ana", "analyst"),
}


@asynccontextmanager
async def office(*, ack_seconds: float = ACK_SECONDS) -> AsyncIterator[Slack]:
    """Run the platform with everybody in it while the block runs."""
    async with Slack.start(ack_seconds=ack_seconds) as slack:
        for user, (name, _) in STAFF.items():
            slack.member(Member(id=user, name=name))
        yield slack


def chat(slack: Slack) -> Chat:
    """Say what `[slack]` has to name."""
    return Chat(
        bot_token=slack.api.bot_token,
        app_token=slack.api.app_token,
        channel=CHANNEL,
        api=f"{slack.base}/api/",
        hooks=slack.base,
        people={user: f"{DIRECTORY}:{name}" for user, (name, _) in STAFF.items()},
    )
