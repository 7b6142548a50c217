"""What the account that reads can reach, asked as that account: dry runs say what its rights are, and cost nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final, final

from core.connectors.bigquery.service import Service
from core.errors import StatementFailed
from core.masking.warehouse import fence as form
from core.masking.warehouse.fence import Standing
from core.warehouse import Dry, Fence, Guard, Guarded, Warehouse, quoted

DENIED: Final = frozenset({"accessDenied", "notFound"})
HOUR_SECONDS: Final = 3600.0  # what holds is not asked again so long: an agent's mistake begins a reload, too
NAME: Final = "assent_probe"


@final
class Fenced:
    """The enforced form of one Source."""

    def __init__(self, dataset: str, reader: Service) -> None:
        """`dataset` holds the masking views, `reader` is the service as the account that reads."""
        self.dataset: Final = dataset
        self._reader: Final = reader
        self._held: Final[dict[tuple[str, str, str], float]] = {}

    async def troubles(self, guard: Guard, fence: Fence) -> Mapping[str, tuple[str, ...]]:
        """Say of each protected table what makes the form none; nothing of those for which it holds.

        Raises: SourceError.
        """
        found = {name: await self._troubles(one, fence) for name, one in sorted(guard.tables.items())}
        return {name: told for name, told in found.items() if told}

    async def _troubles(self, one: Guarded, fence: Fence) -> tuple[str, ...]:
        key, now = (one.relation.name, one.relation.etag, fence.views.get(one.view, "")), time.monotonic()
        if now - self._held.get(key, float("-inf")) < HOUR_SECONDS:
            return ()
        told = tuple(form.troubles(one, fence, await probed(self._reader, one)))
        if not told:
            self._held[key] = now
        return told


async def probed(reader: Service, one: Guarded) -> Standing:
    """Ask what the account that reads can do with a protected table and its view; in doubt it can.

    Raises: SourceError.
    """
    raw, view = one.relation.name, one.view
    path = ".".join(map(quoted, view.split(".")))
    shown = await dried(reader, one.masked)
    below = shown.tables if shown is not None and one.relation.views else frozenset[str]()  # what a view reads itself
    fits = shown is not None and shown.fields == one.relation.fields and shown.tables == {raw, view} | below
    reads = not await denied(reader, f"SELECT 1 AS a FROM {one.relation.path}")
    writes = not await denied(reader, f"CREATE OR REPLACE VIEW {path} AS SELECT 1 AS a")
    return Standing(
        raw=frozenset({raw} if reads else ()),
        shown=frozenset({view} if fits else ()),
        writes=frozenset({view} if writes else ()),
    )


async def standing(reader: Service, warehouse: Warehouse, guard: Guard) -> Standing:
    """Ask the same of everything, plain tables included: for the plan of what has to be done.

    Raises: SourceError.
    """
    found = [await probed(reader, one) for _, one in sorted(guard.tables.items())]
    others = [one for name, one in sorted(warehouse.relations.items()) if name not in guard.tables]
    plain = {one.name for one in others if not await denied(reader, f"SELECT 1 AS a FROM {one.path}")}
    return Standing(
        raw=frozenset().union(*(one.raw for one in found)),
        shown=frozenset().union(*(one.shown for one in found)),
        writes=frozenset().union(*(one.writes for one in found)),
        plain=frozenset(plain),
    )


async def denied(reader: Service, text: str) -> bool:
    """Whether the service refuses a text for want of a right; another mistake is none.

    Raises: SourceError where it does not answer.
    """
    try:
        await reader.dry(text, (), NAME)
    except StatementFailed as error:
        return error.sqlstate in DENIED
    return False


async def dried(reader: Service, text: str) -> Dry | None:
    """Dry-run a text; None where that fails.

    Raises: SourceError where it does not answer.
    """
    try:
        return await reader.dry(text, (), NAME)
    except StatementFailed:
        return None
