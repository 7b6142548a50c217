"""Start-up checks over each load of the catalogs: what does not hold closes a table, or the whole Source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, final

from core.connectors.postgres.checks import Finding, Severity, check

if TYPE_CHECKING:
    from core.catalog import Protection
    from core.connectors.postgres.known import Known
    from core.connectors.postgres.pool import Link
    from core.masking.wanted import Wish


@final
class Inspection:
    """Runs the checks as the read role itself and closes what they find; callable as the connector's `inspect`."""

    def __init__(
        self, wish: Wish, *, source: str, enforced: bool, secret: bytes | None, acknowledged: frozenset[str]
    ) -> None:
        self._wish = wish
        self._source = source
        self._enforced = enforced
        self._secret = secret
        self._acknowledged = acknowledged

    async def __call__(self, connection: Link, known: Known) -> Protection:
        """Check and close.

        Raises: asyncpg.PostgresError; the load fails with it.
        """
        found = await check(connection, known.read, self._wish, enforced=self._enforced, secret=self._secret)
        return closing(known.protection, [finding for finding in found if not self._accepted(finding)])

    def _accepted(self, finding: Finding) -> bool:
        return finding.acknowledge and f"{finding.name}:{self._source}" in self._acknowledged


def closing(protection: Protection, findings: Iterable[Finding]) -> Protection:
    """Close by the findings; one about a table that it does not name closes the Source."""
    closed, shut = dict(protection.closed), protection.shut
    for finding in findings:
        if finding.severity is Severity.WARNING:
            continue
        if finding.severity is Severity.TABLE and finding.relation is not None:
            closed.setdefault(finding.relation, f"A start-up check does not hold ({finding.name}).")
        else:
            shut = shut or f"This source is closed until an operator acts: start-up check {finding.name}."
    return replace(protection, closed=closed, shut=shut)
