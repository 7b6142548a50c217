"""Where a profiled server's own time went: seconds spent in each part of the house and in each library."""

from __future__ import annotations

import pstats
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias, cast

ROOT: Final = str(Path(__file__).parent.parent)
OURS: Final = frozenset({"core", "mcp_server", "console", "slackbot", "cli"})
SHOWN: Final = 24

Place: TypeAlias = tuple[str, int, str]  # file, line, function
Told: TypeAlias = tuple[int, int, float, float, object]  # calls without and with recursion, own and whole seconds


def read(path: Path) -> Mapping[Place, float]:
    """Read a cProfile file: own seconds of each function."""
    stats = cast("dict[Place, Told]", vars(pstats.Stats(str(path)))["stats"])
    return {place: told[2] for place, told in stats.items()}


def part(place: Place) -> str:
    """Name the part that a function belongs to: a room of ours, a library, or what is built in."""
    file, _, function = place
    if file == "~":
        return (
            "waiting" if "run_until_complete" in function or "select." in function else f"built in: {builtin(function)}"
        )
    if "site-packages" in file:
        return file.split("site-packages/")[1].split("/")[0].removesuffix(".py")
    if file.startswith(ROOT):
        parts = Path(file).relative_to(ROOT).with_suffix("").parts
        if parts[0] in OURS:
            return ".".join(parts[:2])
    return "standard library"


def builtin(function: str) -> str:
    """Shorten the name of a function in C to its type or module."""
    words = function.strip("<>").removeprefix("built-in method ").removeprefix("method ")
    return words.split(" of ")[-1].split(".")[0].strip("'") if " of " in words else words.split(".")[0]


def grouped(own: Mapping[Place, float]) -> list[tuple[str, float]]:
    """Add up own seconds by part, most first."""
    total: dict[str, float] = defaultdict(float)
    for place, seconds in own.items():
        total[part(place)] += seconds
    return sorted(total.items(), key=lambda each: -each[1])


def shown(path: Path) -> str:
    """Word the profile as shares of the CPU time of the server's main thread, its start included."""
    listed = grouped(read(path))
    whole = sum(seconds for _, seconds in listed) or 1.0
    return "\n".join(f"{seconds / whole:6.1%}  {name}" for name, seconds in listed[:SHOWN])
