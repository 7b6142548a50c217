"""What watching a call costs: the stopwatches, spans and counters around the line's ports, in microseconds."""

from __future__ import annotations

import time
from statistics import median
from typing import Final

from core.telemetry.meters import Meters, Number
from core.telemetry.stages import Stages, Step

# What a read that a rule allows goes through: who, read, decide, two units of the record, run, mask.
STEPS: Final = (Step.IDENTIFY, Step.READ, Step.DECIDE, Step.JOURNAL, Step.RUN, Step.MASK, Step.JOURNAL)
CALLS: Final = 2_000
ROUNDS: Final = 7
MOST: Final = 100.0  # microseconds of a call that nobody traces: a thousandth of what it may take


def watched(meters: Meters, of: Stages) -> None:
    """Go through the watching of one call."""
    for step in STEPS:
        with of.of(step, "call_bench"):
            pass
    for number in (Number.QUEUE, Number.IN_USE):
        meters.move(number, 1, "bench")
        meters.move(number, -1, "bench")
    meters.count(Number.CALLS, "bench", "allow")
    meters.count(Number.VERDICTS, "bench", "allow", "analysts read")
    meters.count(Number.EXECUTIONS, "bench", "delivered")
    of.operation("query", "answered", 0.001)


def cost() -> float:
    """Measure one call's, in microseconds of this process."""
    meters = Meters()
    of = Stages(meters)
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(CALLS):
            watched(meters, of)
        found.append((time.process_time() - began) / CALLS * 1e6)
    return median(found)


def report() -> str:
    """Say it for a person."""
    return f"watching one call, where nobody keeps spans: {cost():.0f} us of the gateway's CPU, at most {MOST:.0f}"
