"""A run as people and programs read it: one table in Markdown, one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from statistics import median
from typing import Final

from bench.alternatives import CONTESTANTS as ALTERNATIVES
from bench.contestants import CONTESTANTS, GOALS
from bench.measure import CEILING, FLOOR, Cell, Key, Outcome, Spread, outcomes, ratio, unfit
from bench.run import Run
from bench.speech import RAW

HEADERS: Final = (
    "contestant",
    "asked for",
    "MCP",
    "callers",
    "calls/s",
    "p50 ms",
    "p99 ms",
    "% of asyncpg",
    "% of echo",
    "CPU s / 1,000",
    "database",
    "RSS MiB",
    "bytes",
)


def table(run: Run) -> str:
    """Lay the run out: medians over the rounds, ratios with their least and greatest."""
    grid = [HEADERS, *(row(run, key) for key in keys(run))]
    return "\n".join(aligned(grid))


def keys(run: Run) -> list[Key]:
    """List the table's rows, in the order of the first round."""
    return [cell.key for cell in run.rounds[0].cells]


def row(run: Run, key: Key) -> tuple[str, ...]:
    """Word one row."""
    name, protocol, callers, shape = key
    cells = [cell for each in run.rounds if (cell := each.cell(*key)) is not None]
    return (
        name,
        shape,
        protocol or "-",
        str(callers),
        f"{middle(cells, 'rate'):,.0f}",
        f"{middle(cells, 'p50'):.2f}",
        f"{middle(cells, 'p99'):.2f}",
        share(ratio(run.rounds, key, FLOOR)),
        share(ratio(run.rounds, key, CEILING)) if protocol else "-",
        f"{middle(cells, 'server_cpu'):.2f}",
        f"{middle(cells, 'database_cpu'):.2f}",
        f"{max(cell.rss for cell in cells):.0f}",
        str(cells[0].size or "-"),
    )


def middle(cells: Sequence[Cell], name: str) -> float:
    """Take the median of one figure over the rounds."""
    return median(float(getattr(cell, name)) for cell in cells)


def share(spread: Spread | None) -> str:
    """Word a ratio with the range over the rounds."""
    if spread is None:
        return "-"
    return f"{spread.median:.1%} ({spread.low * 100:.1f}-{spread.high * 100:.1f})"


def aligned(grid: Sequence[Sequence[str]]) -> Iterable[str]:
    """Write Markdown whose columns also stand straight in a terminal: words left, numbers right."""
    widths = [max(len(line[column]) for line in grid) for column in range(len(grid[0]))]
    for number, line in enumerate(grid):
        cells = [
            word.ljust(width) if column < 3 else word.rjust(width)
            for column, (word, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            rules = ["-" * width if column < 3 else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
            yield f"| {' | '.join(rules)} |"


def goals(run: Run) -> list[Outcome]:
    """Hold every contestant that has a goal against it."""
    return [each for goal in GOALS for protocol in RAW for each in outcomes(run.rounds, goal, protocol.value)]


def report(run: Run) -> str:
    """Write everything for a person: machine, table, what each contestant did, goals, whether it may be published."""
    facts, appends = run.facts, Spread.of(each.append for each in run.rounds)
    measured = {cell.contestant for each in run.rounds for cell in each.cells}
    lines = [
        f"{facts.date}; {facts.system}, {facts.cores} cores, {facts.memory:,} MiB, store on {facts.disk}",
        f"load average {facts.load[0]:.1f} before, {facts.load[1]:.1f} after",
        f"Python {facts.python}, " + ", ".join(f"{name} {number}" for name, number in facts.versions),
        f"one durable append of the Journal: {appends.median:.2f} ms ({appends.low:.2f}-{appends.high:.2f})",
        *(
            f"{name}: listened after {each.seconds:.1f} s, {each.idle:.0f} MiB idle, {each.peak:.0f} at most"
            for name, each in run.starts.items()
        ),
        f"record: {run.record.calls:,} calls sent to Assent, two Entries each, {run.record.entries:,} verified in all",
        "",
        table(run),
        "",
        *(f"{each.name}: {each.does}" for each in (*CONTESTANTS, *ALTERNATIVES) if each.name in measured),
        *(f"{name}: not measured, {why}" for name, why in run.missing.items()),
        "",
        *(
            f"{'met   ' if each.met else 'missed'} {each.what}: {each.seen:.2f} against {each.bound:.2f}"
            for each in goals(run)
        ),
    ]
    reason = unfit(run.rounds)
    if reason is not None:
        lines += ["", f"NOT FOR PUBLICATION: {reason}"]
    return "\n".join(lines)


def document(run: Run) -> dict[str, object]:
    """Give everything to a program; a run that must not be published says so first."""
    reason = unfit(run.rounds)
    return {
        "publishable": reason is None,
        "reason": reason,
        "facts": asdict(run.facts),
        "starts": {name: asdict(each) for name, each in run.starts.items()},
        "record": asdict(run.record),
        "missing": dict(run.missing),
        "rounds": [asdict(each) for each in run.rounds],
        "ratios": [
            key._asdict()
            | {name: asdict(found) for name in (FLOOR, CEILING) if (found := ratio(run.rounds, key, name)) is not None}
            for key in keys(run)
        ],
        "goals": [asdict(each) for each in goals(run)],
    }
