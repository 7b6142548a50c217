"""Why a difference between twins may be none of a tagged value's: each excuse is shown to hold, or it is none."""

from __future__ import annotations

import asyncio
from typing import Final, final

from tests.fuzz import mutate
from tests.fuzz.corpora import RESTLESS
from tests.fuzz.observe import Seen, Watch, differing
from tests.fuzz.storage import Storage

AGAIN: Final = 8  # asks of one twin, until what is restless has shown that it differs from itself
TIMES: Final = range(1, 10)  # SQLValueFunctionOp of postgast: current_date … localtimestamp
MOMENTS: Final = frozenset({"now", "today", "tomorrow", "yesterday"})  # words that the input of dates knows
LATE: Final = ("timeout: ", '"code":"timeout"')

Asked = tuple[Seen, Seen]


@final
class Excuses:
    """What may explain a difference, and how each is proven; `patient` asks the same with far more time."""

    def __init__(self, watches: tuple[Watch, Watch], patient: tuple[Watch, Watch], storage: Storage | None) -> None:
        self._watches: Final = watches
        self._patient: Final = patient
        self._storage: Final = storage

    async def reason(self, text: str, first: Asked, second: Asked) -> str:
        """Say why what was asked twice differed, by the list of masking 11 and nothing else; "": it may not."""
        if timed(*first, *second):
            late = await both(self._patient, text)
            return "" if differing(*late) else "time limit"
        channels = differing(*first) | differing(*second)
        if restless(text, second[0].functions | second[1].functions) and channels <= await self._itself(text):
            return "clock or chance"
        if not differing(*second) or self._storage is None:
            return ""
        return await self._storage.excuse(*second)

    async def _itself(self, text: str) -> frozenset[str]:
        """Give the channels in which one twin differs from itself."""
        found: frozenset[str] = frozenset()
        seen = await both(self._watches, text)
        for _ in range(AGAIN):
            again = await both(self._watches, text)
            found |= differing(seen[0], again[0]) | differing(seen[1], again[1])
        return found


async def both(watches: tuple[Watch, Watch], text: str) -> Asked:
    """Ask both twins at once."""
    one, two = await asyncio.gather(watches[0](text), watches[1](text))
    return one, two


def timed(*seen: Seen) -> bool:
    """Whether a time limit, the database's or ours, ended any of them."""
    return any(late in text for one in seen for text in one.channels.values() for late in LATE)


def restless(text: str, functions: frozenset[str]) -> bool:
    """Whether a statement asks the clock or chance: by a function, by a word of the grammar, by a date's own word."""
    if any(name.rpartition(".")[2].partition("(")[0] in RESTLESS for name in functions):
        return True
    try:
        found = list(mutate.nodes(mutate.parsed(text)))
    except mutate.Unfit:
        return False
    return any(
        (mutate.kind(node) == "sqlvalue_function" and node.sqlvalue_function.op in TIMES)
        or (mutate.kind(node) == "a_const" and node.a_const.sval.sval.strip().lower() in MOMENTS)
        for node in found
    )
