"""A line for an MCP client that starts the demo: standard input carries no token, so the demo's own stands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import final

from core.model import Answer, Call, Caller, CallId, Checked, Span, State, Tool, Waiting
from core.ports import SourceView, Table
from mcp_server.line import Line, Turn


@final
class Signed:
    """The gateway with a demo person's token on every Call; only the demo may do this.

    `note` says to who waits where people decide in this demo, or that nobody does.
    """

    def __init__(self, line: Line, token: Callable[[], str], *, note: str) -> None:
        self._line = line
        self._token = token
        self._note = note

    async def answer(self, call: Call) -> Answer:
        """As the line's."""
        return self._noted(await self._line.answer(self._signed(call)))

    async def state(self, call: Call, of: CallId) -> Answer:
        """As the line's."""
        return self._noted(await self._line.state(self._signed(call), of))

    async def span(self, call: Call, of: CallId) -> Span:
        """As the line's."""
        return await self._line.span(self._signed(call), of)

    async def cancel(self, call: Call, of: CallId) -> Answer:
        """As the line's."""
        return self._noted(await self._line.cancel(self._signed(call), of))

    def turn(self, of: CallId) -> Turn:
        """As the line's."""
        return self._line.turn(of)

    async def check(self, call: Call, *, plan: bool) -> Checked:
        """As the line's."""
        return await self._line.check(self._signed(call), plan=plan)

    async def sources(self, call: Call) -> tuple[SourceView, ...]:
        """As the line's."""
        return await self._line.sources(self._signed(call))

    async def search(self, call: Call, words: str, detail: str) -> tuple[Table, ...]:
        """As the line's."""
        return await self._line.search(self._signed(call), words, detail)

    async def describe(self, call: Call, table: str) -> Table:
        """As the line's."""
        return await self._line.describe(self._signed(call), table)

    def tools(self, caller: Caller) -> frozenset[Tool]:
        """As the line's."""
        return self._line.tools(caller)

    async def identify(self, bearer: str | None) -> Caller:
        """As the line's, for the demo's person."""
        return await self._line.identify(bearer or self._token())

    def _noted(self, answer: Answer) -> Answer:
        if isinstance(answer, Waiting) and answer.state is State.PENDING:
            return replace(answer, sentence=f"{answer.sentence} {self._note}")
        return answer

    def _signed(self, call: Call) -> Call:
        return replace(call, bearer=self._token())
