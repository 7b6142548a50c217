"""What every tool of this door works with: the line, the time, the bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, TypeAlias, final

from core.model import Door
from core.ports import Clock
from mcp_server.bounds import Bounds, Drain
from mcp_server.line import Line
from mcp_server.sharing import Limiter
from mcp_server.tally import Tally

HTTP: Final = Door("mcp-http")
STDIO: Final = Door("mcp-stdio")

# Hosts give up at 60 s (TypeScript SDK default request timeout, which progress does not extend).
HOLD: Final = timedelta(seconds=45)

Heard: TypeAlias = Callable[[str, str, float], None]


def unheard(_tool: str, _outcome: str, _seconds: float) -> None:
    """Tell nobody."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One door's fixtures; the same for all of its requests."""

    line: Line
    clock: Clock
    door: Door
    bounds: Bounds = field(default_factory=Bounds)
    limiter: Limiter
    drain: Drain = field(default_factory=Drain)
    tally: Tally = field(default_factory=Tally)
    hold: timedelta = HOLD
    heard: Heard = unheard

    @classmethod
    def of(
        cls,
        line: Line,
        clock: Clock,
        door: Door,
        *,
        deny: Callable[[str], None] = lambda _: None,
        bounds: Bounds | None = None,
        hold: timedelta = HOLD,
        heard: Heard = unheard,
    ) -> Room:
        """Furnish a room for one door; `deny` counts towards the Journal what is refused before it is a Call.

        `heard` is told of each request: tool, outcome, seconds.
        """
        chosen = bounds or Bounds()
        limiter, tally = Limiter(chosen), Tally(deny)
        return cls(
            line=line, clock=clock, door=door, bounds=chosen, limiter=limiter, tally=tally, hold=hold, heard=heard
        )
