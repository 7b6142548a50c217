"""Who asks, as a verified token says; who is a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import final


class Kind(StrEnum):
    """What the issuer's `person_when` proved; all that is not proven is a machine."""

    PERSON = "person"
    MACHINE = "machine"


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Person:
    """One human: comparable only within one directory."""

    directory: str
    id: str

    def __str__(self) -> str:
        return f"{self.directory}:{self.id}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as a verified token says. Made only by `core.identity`."""

    issuer: str
    subject: str
    client: str  # the agent's client id; "" when the token names none
    kind: Kind
    person: Person | None  # of a machine: None
    owner: Person | None  # of a configured machine: who answers for it
    email: str | None  # only when the issuer says verified
    groups: frozenset[str]
    scopes: frozenset[str]
    authenticated_at: datetime | None  # auth_time
    expires_at: datetime
    actor: str = ""  # `act.sub` (RFC 8693 4.1): who acts for the subject, when the token says so; recorded only
    accounts: frozenset[Person] = frozenset()  # of that human, where several are joined: the token's among them

    @property
    def principal(self) -> tuple[str, str, str]:
        """What makes two Calls come from the same party: issuer, subject, client."""
        return (self.issuer, self.subject, self.client)

    @property
    def name(self) -> str:
        """For people; never compared."""
        return self.email or self.subject
