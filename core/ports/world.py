"""Time and identity: what the line asks of the world outside."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from core.model import Caller, Identity


class Clock(Protocol):
    """UTC now; the line never asks the operating system itself."""

    def now(self) -> datetime:
        """Return an aware instant in UTC."""
        ...


class Identities(Protocol):
    """bearer -> Caller."""

    async def caller(self, bearer: str | None) -> Caller:
        """Verify a bearer token for the agents' audience.

        Raises: Unauthenticated for anything wrong with it, IdentityUnavailable when keys cannot be had.
        """
        ...


PeopleScope: TypeAlias = Literal["assent:review", "assent:audit", "assent:operate"]


class Reviewers(Protocol):
    """bearer -> Identity, of the people's side."""

    async def reviewer(self, bearer: str | None, *, scope: PeopleScope) -> Identity:
        """Verify a token of a person who reviews, audits or operates; never one that an agent could use.

        Raises: Unauthenticated, InsufficientScope, StaleSignIn (review and operate want a sign-in of the last five
        minutes), IdentityUnavailable.
        """
        ...
