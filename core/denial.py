"""Why people denied what was asked, in their own words: for whoever asked it, and for who looks at it."""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import NotFound
from core.model import Decision, Vote
from core.ports import Payloads


async def note(votes: Iterable[Vote], payloads: Payloads) -> str | None:
    """Read the words of the first denial that has some; what was erased is not said again.

    Raises: StoreError.
    """
    for vote in votes:
        if vote.decision is Decision.DENY and vote.reason is not None:
            try:
                return (await payloads.open(vote.reason)).decode()
            except NotFound:
                return None
    return None
