"""The door's port: what the gateway offers to agents, and nothing by which anyone could approve."""

from __future__ import annotations

from typing import Protocol

from core.model import Answer, Call, Caller, CallId, Checked, Span, Tool
from core.ports import SourceView, Table


class Turn(Protocol):
    """One wake-up, taken before the state is read so that no change falls between."""

    async def wait(self) -> None:
        """Return when something about the Call changed after this turn was taken."""
        ...


class Line(Protocol):
    """The gateway, as this door sees it; every method identifies, decides and records by itself."""

    async def answer(self, call: Call) -> Answer:
        """Take a `query` or `execute` to its Answer; `Waiting` when people decide or it still runs."""
        ...

    async def state(self, call: Call, of: CallId) -> Answer:
        """Say where a Call stands; hands out its result when it has one.

        Raises: NotFound when `of` is unknown or not this Caller's.
        """
        ...

    async def cancel(self, call: Call, of: CallId) -> Answer:
        """Withdraw a Call of this Caller, or say that it is too late.

        Raises: NotFound when `of` is unknown or not this Caller's.
        """
        ...

    async def span(self, call: Call, of: CallId) -> Span:
        """Say from when to when a Call can be asked about; hands out nothing.

        Raises: NotFound when `of` is unknown or not this Caller's.
        """
        ...

    def turn(self, of: CallId) -> Turn:
        """Take the next wake-up of a Call; take it before reading the state."""
        ...

    async def check(self, call: Call, *, plan: bool) -> Checked:
        """Say what would happen, without running or asking."""
        ...

    async def sources(self, call: Call) -> tuple[SourceView, ...]:
        """Sources that this Caller may touch."""
        ...

    async def search(self, call: Call, words: str, detail: str) -> tuple[Table, ...]:
        """Tables that match and that this Caller may touch; `detail` is names, summary or full."""
        ...

    async def describe(self, call: Call, table: str) -> Table:
        """One table.

        Raises: NotFound when it is unknown or not visible.
        """
        ...

    def tools(self, caller: Caller) -> frozenset[Tool]:
        """Name the tools that this Caller may use, by scope."""
        ...

    async def identify(self, bearer: str | None) -> Caller:
        """Verify a bearer token.

        Raises: Unauthenticated, IdentityUnavailable.
        """
        ...
