"""What a trial came to: the record held against the database's rows and against what was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg

from core.execution.slots import ATTEMPTS, READS, Slots
from core.model import OnApproval, Outcome, State
from tests.torture.places import Opened, shapes, slots
from tests.torture.plans import TABLES, Asked, Trial

DONE = frozenset({Outcome.COMMITTED, Outcome.DELIVERED})
NOT_DONE = frozenset({"denied", "expired", "revoked", "cancelled", "aborted", "not_executed", "not_delivered"})


@dataclass(frozen=True)
class Seen:
    """One Call after everything was recovered."""

    asked: Asked
    slots: Slots
    state: State | None
    hold: bool
    rows: int
    answered: tuple[str, ...]


async def look(store: Opened, url: str, trial: Trial, told: list[str]) -> list[str]:
    """Return everything that is wrong, a sentence each."""
    rows, busy = await database(url)
    words = [line.split() for line in told if line.startswith("answered ")]
    found = [f"{one} is still open in the database" for one in busy] + await shapes(store)
    for asked in trial.calls:
        row = await store.reviews.review(asked.id)
        seen = Seen(
            asked=asked,
            slots=await slots(store, asked.id),
            state=None if row is None else row.state,
            hold=row is not None and row.on_approval is OnApproval.HOLD,
            rows=rows[asked.id],
            answered=tuple(word for _, call, word in words if call == asked.id),
        )
        found += [f"{asked.kind} {asked.id}: {what}" for what in wrong(seen)]
    return found


def wrong(seen: Seen) -> Iterator[str]:
    """Say what is wrong with one Call."""
    if seen.rows > 1:
        yield f"executed {seen.rows} times"
    if not seen.slots.attempts:
        if seen.rows or seen.answered:
            yield "executed or answered without a record"
        return
    if seen.slots.state is not seen.state:
        yield f"its row says {seen.state}, its slots {seen.slots.state}"
    if seen.rows and seen.slots.asked and (seen.slots.decided, seen.slots.used) != ("approved", "claimed"):
        yield "executed without assent"
    yield from ended(seen)
    yield from answered(seen)
    yield from given_up(seen)


def ended(seen: Seen) -> Iterator[str]:
    """Hold what the record says of the end against the rows."""
    outcome = seen.slots.ended
    if outcome is None:
        if seen.slots.state is not State.PENDING:
            yield "open for ever"
    elif outcome is Outcome.UNKNOWN:
        yield "unknown without a failover"
    elif seen.asked.kind != "read" and (outcome is Outcome.COMMITTED) != (seen.rows == 1):
        yield f"OUTCOME {outcome} and {seen.rows} rows"


def answered(seen: Seen) -> Iterator[str]:
    """Hold what was answered against the record."""
    for word in seen.answered:
        if word == "executed" and seen.slots.ended not in DONE:
            yield f"answered executed, OUTCOME {seen.slots.ended}"
        if word in NOT_DONE and seen.rows:
            yield f"answered {word} and executed"


def given_up(seen: Seen) -> Iterator[str]:
    """Say whether a claim was given up although another attempt could have followed."""
    last = seen.slots.latest.number
    most = ATTEMPTS if seen.slots.wrote else READS
    repeatable = seen.slots.ended in {Outcome.NOT_EXECUTED, Outcome.NOT_DELIVERED}
    if repeatable and seen.slots.used == "claimed" and not seen.hold and last < most:
        yield f"given up after attempt {last}"


async def database(url: str) -> tuple[Counter[str], list[str]]:
    """Count the rows that each Call left, and name transactions of ours that are still open."""
    connection = await asyncpg.connect(url)
    try:
        counted: Counter[str] = Counter()
        for table in sorted(set(TABLES.values()) - {"granted"}):
            counted.update(what for (what,) in await connection.fetch(f"SELECT what FROM {table}"))
        # all rows of one statement, or none: half of it is two of them at least
        often = "SELECT what, CASE WHEN min(times) = max(times) THEN max(times) ELSE 2 END FROM granted GROUP BY what"
        counted.update({str(what): int(times) for what, times in await connection.fetch(often)})
        busy = await connection.fetch(
            "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name LIKE 'assent:%' AND xact_start < now()"
        )
    finally:
        await connection.close()
    return counted, [str(name) for (name,) in busy]
