"""What the record's alerts say to an operator: what detectors saw in untagged text, and what the databases refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

SINCE: Final = timedelta(days=30)
TAG: Final = "tag the column, or declare in the file what it holds"
DENIED: Final = "the reading was wrong there: look at it with assent audit call ID, and report the statement"
LOOK: Final = "look the record up: assent audit"


def told(bodies: tuple[Mapping[str, object], ...]) -> Iterator[tuple[str, str, str]]:
    """Word alerts, a line for each thing seen: area, what it says, what to do; values are in none of them."""
    cells: Counter[tuple[str, str, str]] = Counter()
    others: Counter[str] = Counter()
    calls: list[str] = []
    for body in bodies:
        kind = str(body.get("alert"))
        if kind == "personal_data":
            count = body.get("cells")
            cells[str(body["source"]), str(body["column"]), str(body["holds"])] += (
                count if isinstance(count, int) else 0
            )
        elif kind == "denied_by_engine":
            calls.append(str(body.get("of")))
        else:
            others[kind] += 1
    for (source, column, detector), count in sorted(cells.items()):
        yield f"source.{source}", f"{column} holds {detector}: {count} cells in {SINCE.days} days", TAG
    if calls:
        says = f"databases refused {len(calls)} statements that our reading let through, the last of call {calls[-1]}"
        yield "alerts", says, DENIED
    for kind, count in sorted(others.items()):
        yield "alerts", f"{count} of {kind} in {SINCE.days} days", LOOK
