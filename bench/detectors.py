"""What each detector costs, and how it does on its corpus: seconds per megabyte, precision, recall, as one table."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from core.masking.detectors import DETECTORS, Detector, Search, found, plain
from tests.detectors import cases, scores

SIZE: Final = 1_000_000  # characters
PLENTY: Final = 10**9  # the budget is measured, not met
ROUNDS: Final = 3


def texts() -> dict[str, str]:
    """Make a megabyte of words, one of notes with numbers and finds, and one of phone numbers, the dearest kind."""
    notes = [case.text for name in (*DETECTORS, "nothing") for case in cases(name)]
    words = "The customer called about the delivery and asked for a refund; we agreed to look at it again on Monday. "
    return {
        "words": filled(words),
        "notes": filled("\n".join(one + " " + words for one in notes) + "\n"),
        "phones": filled("030 1234567 "),
    }


def filled(text: str) -> str:
    """Repeat a text to the size."""
    return (text * (SIZE // len(text) + 1))[:SIZE]


def report() -> str:
    """Measure and word the table; the best of some rounds, on this machine."""
    measured, made = scores(), texts()
    lines = ["| detector | precision | recall | " + " | ".join(f"s/MB {name}" for name in made) + " |"]
    lines.append("|" + "---|" * (len(made) + 3))
    for name, row in DETECTORS.items():
        costs = " | ".join(f"{best(partial(alone, row), text):.3f}" for text in made.values())
        lines.append(f"| {name} | {measured[name].precision:.2f} | {measured[name].recall:.2f} | {costs} |")
    whole = " | ".join(f"{best(together, text):.3f}" for text in made.values())
    return "\n".join([*lines, f"| all, with NFKC | | | {whole} |"])


def alone(row: Detector, text: str) -> None:
    """Run one detector to its end."""
    deque(row.find(text, Search(left=PLENTY)), maxlen=0)


def together(text: str) -> None:
    """Run them all, as a cell is searched."""
    found(plain(text), Search(left=PLENTY))


def best(work: Callable[[str], None], text: str) -> float:
    """Time some work on a text."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work(text)
        taken.append(time.perf_counter() - began)
    return min(taken) * 1_000_000 / len(text)
