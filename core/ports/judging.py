"""Policy and masks, as the line asks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, final

from core.model import (
    Allow,
    Approval,
    Ask,
    Call,
    Caller,
    CallId,
    Checked,
    Coverage,
    Facts,
    Limits,
    Masked,
    Measure,
    Per,
    Period,
    Permit,
    Question,
    Reading,
    Rows,
    Source,
    Unreadable,
    Use,
    Verdict,
)
from core.ports.sources import Bars, Impact, Table


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a statement may use at most of one account of a budget."""

    budget: str  # its name
    measure: Measure
    period: Period
    per: Per
    of: str  # group, agent or Source; "" of a caller, whom a pseudonym names
    amount: int
    cap: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """Who may decide, by the policy in force; people are verified e-mails or "directory:person id"."""

    groups: Mapping[str, frozenset[str]]  # every configured group's members
    following: Mapping[str, str] = field(default_factory=dict)  # group -> the one that follows it
    breakers: frozenset[str] = frozenset()  # who may answer alone in an emergency
    ways: frozenset[str] = frozenset()  # where from: console, slack
    owners: frozenset[str] = frozenset()  # groups whose seat is a tag owner's


class Judge(Protocol):
    """The policy in force: decides, words the question, and alone makes Permits."""

    @property
    def version(self) -> str:
        """Hash of the policy in force."""
        ...

    def decide(
        self, call: Call, caller: Caller, source: Source, reading: Reading | Unreadable, *, affected: int | None = None
    ) -> Verdict:
        """Decide by the policy in force; what is unreadable is refused."""
        ...

    def bars(self, call: Call, caller: Caller, source: Source) -> Bars:
        """Give what tells of a text's own Reading that it is refused whatever its Source would say."""
        ...

    def charges(self, caller: Caller, source: Source, reading: Reading, limits: Limits) -> tuple[Charge, ...]:
        """Say what a statement may use at most of each budget that it counts against."""
        ...

    def question(self, call: Call, caller: Caller, reading: Reading, verdict: Ask, *, role: str) -> Question:
        """Word what an approval would bind, with its digest."""
        ...

    def facts(
        self, call: Call, caller: Caller, reading: Reading, verdict: Ask, impact: Impact, *, late: bool = False
    ) -> Facts:
        """Gather what helps people decide; no number where a protected column is read, but `late`, once it is asked."""
        ...

    def permit(
        self,
        call: Call,
        caller: Caller,
        reading: Reading,
        verdict: Allow | Ask,
        *,
        role: str,
        attempt: int,
        deadline: datetime,
        approval: Approval | None = None,
        use: Use | None = None,
    ) -> Permit:
        """Make the one thing a connector runs.

        Raises: Drifted when the approval is for another digest than the one that would run now, or the grant that is
        used of something else.
        """
        ...

    def coverage(self, call: Call, caller: Caller, reading: Reading, *, role: str) -> Coverage | None:
        """Say what a grant over a statement would be of; None: of nothing."""
        ...

    def key(self, call: Call, caller: Caller) -> str:
        """Hash of principal, tool, Source, text and parameters: what makes two Calls identical."""
        ...

    def visible(self, caller: Caller, source: Source, tables: Sequence[Table]) -> tuple[Table, ...]:
        """Return the tables this Caller may touch."""
        ...

    def checked(self, call: CallId | None, reading: Reading | Unreadable, verdict: Verdict | None) -> Checked:
        """Word what would happen, without a number that a protected column could influence."""
        ...

    def members(self) -> Mapping[str, frozenset[str]]:
        """Members of every configured group, as of now: verified e-mails or "directory:person id"."""
        ...

    def roll(self) -> Roll:
        """Say who may decide, as of now."""
        ...


class Policies(Protocol):
    """The policy in force in one process, as what follows the store and what changes it see it."""

    @property
    def version(self) -> str:
        """Hash of the policy in force here."""
        ...

    def adopt(self, version: str, text: str) -> None:
        """Put what the store holds in force, at once and whole, and this process's own floor beneath it.

        Raises: ValueError when the text is no policy's, or not the one of this version.
        """
        ...

    def widened(self, text: str) -> tuple[str, ...]:
        """Say by what a policy would let anybody do more than the one in force; sentences that name no person.

        Raises: ValueError.
        """
        ...


class Masker(Protocol):
    """Rows -> Masked."""

    def finish(self, rows: Rows, reading: Reading, source: str) -> Masked:
        """Label what was masked at the source and run the second net for free text."""
        ...
