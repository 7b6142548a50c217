"""Rows of what operators put in force, blocks and the policy, and the guards of a unit that look at them."""

from __future__ import annotations

from datetime import datetime
from typing import Final, LiteralString, final

from core.errors import Blocked, Lost, Superseded
from core.ports import Block, EndBlock, Party, PartyKind, SetBlock, SetPolicy, Unit
from core.stores import rows
from core.stores.steps import Reads, Steps, ask, one

# The later end holds, and none is later than any.
BLOCK: Final[LiteralString] = (
    "INSERT INTO blocks (party, until) VALUES ($1, $2) ON CONFLICT (party) DO UPDATE SET until ="
    " CASE WHEN blocks.until IS NULL OR excluded.until IS NULL THEN NULL"
    " WHEN blocks.until > excluded.until THEN blocks.until ELSE excluded.until END"
)
END: Final[LiteralString] = "DELETE FROM blocks WHERE party = $1 RETURNING party"
BEGIN: Final[LiteralString] = (
    "INSERT INTO in_force (id, version, text) VALUES (0, $1, $2) ON CONFLICT DO NOTHING RETURNING version"
)
REPLACE: Final[LiteralString] = (
    "UPDATE in_force SET version = $1, text = $2 WHERE id = 0 AND version = $3 RETURNING version"
)
BLOCKED: Final[LiteralString] = "SELECT party, until FROM blocks WHERE party IN ("
# What the process that signs writes of a place outside that saw another story, or more of it (`core.sinks.publishing`).
CONTRADICTED: Final[LiteralString] = "log_contradicted: %"
BLOCKS: Final[LiteralString] = (
    "SELECT party, until FROM blocks"
    " UNION ALL SELECT * FROM (SELECT 'all', CAST(NULL AS bigint) FROM log_place"
    f" WHERE trouble LIKE '{CONTRADICTED}' LIMIT 1) AS seen ORDER BY 1"
)
MARK: Final[LiteralString] = "?"
VERSION: Final[LiteralString] = "SELECT version FROM in_force WHERE id = 0"


def put(change: SetBlock | EndBlock | SetPolicy) -> Steps[None]:
    """Apply one Change.

    Raises: Lost.
    """
    match change:
        case SetBlock(block=block):
            yield from ask(BLOCK, str(block.party), None if block.until is None else rows.micros(block.until))
        case EndBlock(party=party):
            if (yield from one(END, str(party))) is None:
                raise Lost(f"{party} is not blocked")
        case SetPolicy(version=version, text=text, was=was):
            steps = one(REPLACE, version, text, was) if was else one(BEGIN, version, text)
            if (yield from steps) is None:
                raise Lost("another policy is in force")


def guarded(unit: Unit, now: datetime) -> Steps[None]:
    """Check a unit's guards, where one transaction after another writes.

    Raises: Blocked, Superseded.
    """
    named = sorted(map(str, unit.unblocked))
    for party, until in (yield from ask(BLOCKED + ", ".join([MARK] * len(named)) + ")", *named)) if named else ():
        if until is None or until > rows.micros(now):
            raise Blocked(f"{party} is blocked")
    if unit.policy:
        row = yield from one(VERSION)
        if row is not None and row[0] != unit.policy:
            raise Superseded(f"{unit.policy} is not in force")


@final
class StoredStanding:
    """The port Standing."""

    def __init__(self, readers: Reads) -> None:
        self._readers = readers

    async def blocks(self) -> tuple[Block, ...]:
        """All blocks, ended ones among them; everything is one while somebody outside contradicts the log."""
        found = await self._readers.rows(BLOCKS)
        return tuple(
            Block(party=party(name), until=None if until is None else rows.instant(until)) for name, until in found
        )

    async def policy(self) -> tuple[str, str] | None:
        """The policy in force: its version and its text."""
        row = await self._readers.row("SELECT version, text FROM in_force WHERE id = 0")
        return None if row is None else (row[0], row[1])

    async def version(self) -> str:
        """The version of the policy in force."""
        row = await self._readers.row(VERSION)
        return "" if row is None else str(row[0])


def party(text: str) -> Party:
    """Read a party as its row names it."""
    kind, _, name = text.partition(" ")
    return Party(kind=PartyKind(kind), id=name)
