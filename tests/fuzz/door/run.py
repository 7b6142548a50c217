"""Asks the door one request after another, and tells what is wrong about the replies, each with the request's seed."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final, final

from tests.fuzz.door.judge import faults
from tests.fuzz.door.place import SECRET, Place, opened
from tests.fuzz.door.shapes import case

ENOUGH: Final = 20  # findings
AFRESH: Final = 20_000  # requests to one door; then another is opened, as a restart


@final
@dataclass(slots=True)
class Tally:
    """What a run saw."""

    asked: int = 0
    calls: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return f"{self.asked} requests, {self.calls} reached the line; {statuses}; {len(self.found)} findings"


class Heard(logging.Handler):
    """Keeps what would have been logged and must not be: secrets, tokens, exceptions' own text."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.secret = False

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage() + str(record.exc_info[1] if record.exc_info else "")
        self.secret |= SECRET in text or "eyJ" in text


async def one(place: Place, seed: str) -> tuple[list[str], int, int]:
    """Ask one request; its findings, the status, and how many Calls came of it."""
    made = case(Random(seed), place.tokens)
    before = len(place.line.calls)
    heard = Heard()
    logging.getLogger().addHandler(heard)
    try:
        reply = await place.ask(made.request)
    except Exception as error:  # noqa: BLE001 - what the application lets out is a finding
        return [f"let out {type(error).__name__}"], 0, 0
    finally:
        logging.getLogger().removeHandler(heard)
    calls = place.line.calls[before:]
    wrong = faults(place, made, reply, calls) + (["a secret in a log"] if heard.secret else [])
    return wrong, reply.status or 0, len(calls)


async def hunt(seed: int, more: Callable[[Tally], bool], tally: Tally) -> None:
    """Ask until told to stop; each request is known by its own seed, whatever came before."""
    while more(tally) and len(tally.found) < ENOUGH:
        async with opened() as place:
            for _ in range(AFRESH):
                if not more(tally) or len(tally.found) >= ENOUGH:
                    return
                name = f"{seed}.{tally.asked}"
                wrong, status, calls = await one(place, name)
                tally.asked += 1
                tally.calls += calls
                tally.statuses[status] += 1
                tally.found += [f"{name}: {each}" for each in wrong]
                place.line.calls.clear()


def replay(name: str) -> tuple[list[str], str]:
    """Ask one request again by its seed; its findings, and the request itself."""

    async def again() -> tuple[list[str], str]:
        async with opened() as place:
            return (await one(place, name))[0], repr(case(Random(name), place.tokens).request)

    return asyncio.run(again())
