"""How much a message holds, pure: what is too long is said in fewer words, what is too many is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from slackbot.kit import blocks as checker
from slackbot.kit.blocks import Blocks
from slackbot.kit.parts import section
from slackbot.kit.text import count

BUDGET: Final = 10_000  # characters of JSON; Slack refuses near 13,200 (slackapi/bolt-js issue 2509)
MOST: Final = 15  # of a list on one page


def tightest(render: Callable[[int], Blocks], *sizes: int) -> Blocks:
    """Render with the largest of these sizes, largest first, that a message holds; with the last one where none is."""
    for size in sizes[:-1]:
        if checker.size(made := render(size)) <= BUDGET:
            return made
    return render(sizes[-1])


def listed(items: Blocks, name: str, *, room: int | None = None, where: str = "") -> Blocks:
    """Keep as many as a page holds, one at least; how many more there are is said, and where they stand."""
    kept: Blocks = []
    for each in items[:MOST]:
        if kept and room is not None and checker.size([*kept, each]) > room:
            break
        kept.append(each)
    if more := len(items) - len(kept):
        said = f"+{count(more)} more" + (f": {where}" if where else "")
        kept.append(section(f"{name}m", said))
    return kept
