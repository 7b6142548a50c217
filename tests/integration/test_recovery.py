"""A process killed at every named point of the line, then another over the same store: at most once, and truly told."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from core.execution.slots import project
from core.model import Outcome, State
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.store import SqliteStore
from tests.integration.connecting import READER, SHOP, WRITER, Now, as_role, told
from tests.integration.recovering import CALL, KEYS, ORIGIN
from tests.slices import today

Database = Callable[..., Coroutine[Any, Any, str]]
ROOT = Path(__file__).parents[2]

INSERT = "insert into log (what) values ('ran')"  # allowed
READ = "select count(*) from log"
UPDATE = "update orders set note = note || '!' where id = 1"  # asked

# Where the process dies -> what the next one finds or does, of an allowed and an asked change; None: no Call, or it
# is still open. What was claimed runs again under its claim. `make torture` kills at every other point too.
ALLOWED = {
    "before_intent": (0, None),
    "after_intent": (0, Outcome.NOT_EXECUTED),
    "after_run": (0, Outcome.NOT_EXECUTED),
    "after_prepared": (0, Outcome.ABORTED),
    "after_commit": (1, Outcome.COMMITTED),
    "after_outcome": (1, Outcome.COMMITTED),
}
ASKED = {"before_intent": (0, None), "after_intent": (0, None)} | dict.fromkeys(
    ("before_claim", "after_claim", "after_run", "after_prepared", "after_commit", "after_outcome"),
    (1, Outcome.COMMITTED),
)
READS = {"after_intent": (0, Outcome.NOT_DELIVERED), "after_outcome": (0, Outcome.DELIVERED)}
CASES: list[tuple[str, str, int, Outcome | None]] = [(READ, point, *end) for point, end in READS.items()]
CASES += [(INSERT, point, *end) for point, end in ALLOWED.items()] + [
    (UPDATE, point, *end) for point, end in ASKED.items()
]


async def process(store: Path, url: str, statement: str, point: str) -> int:
    """Run one process to its end; a negative number is the signal that ended it."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.recovering",
        str(store),
        as_role(url, READER),
        as_role(url, WRITER),
        statement,
        point,
        cwd=ROOT,
    )
    async with asyncio.timeout(60):
        return await child.wait()


async def changes(url: str) -> int:
    """How often the statement took effect."""
    (row,) = await told(
        url, "SELECT (SELECT count(*) FROM log) + (SELECT length(note) - 1 FROM orders WHERE id = 1) AS n"
    )
    return int(row["n"])


@pytest.mark.parametrize(
    ("statement", "point", "times", "outcome"), today(CASES, repr, 2), ids=lambda value: str(value).split(maxsplit=1)[0]
)
async def test_a_process_killed_here_changes_at_most_once_and_the_next_one_says_what_happened(
    database: Database, tmp_path: Path, statement: str, point: str, times: int, outcome: Outcome | None
) -> None:
    tmp_path.chmod(0o700)
    url, store = await database(SHOP), tmp_path / "assent.db"
    assert await process(store, url, statement, point) == -9
    assert await process(store, url, statement, "recover") == 0
    assert await changes(url) == times
    async with SqliteStore.open(store, keys=KEYS, origin=ORIGIN, clock=Now()) as opened:
        review = await opened.reviews.review(CALL)
        entries = await opened.journal.entries(CALL)
        slots = project(entries + (await opened.journal.entries(review.id) if review else ()))
        key = opened.verifier
    if outcome is None:
        assert not slots.attempts or slots.state is State.PENDING
    else:
        assert slots.ended is outcome
    assert review is None or review.state is slots.state
    report = await asyncio.to_thread(verify_store, store, key)
    assert report.findings == ()
    busy = await told(
        url, "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'assent:%' AND xact_start < now()"
    )
    assert busy == []


async def test_an_unbroken_run_changes_once(database: Database, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    url = await database(SHOP)
    assert await process(tmp_path / "assent.db", url, UPDATE, "") == 0
    assert await changes(url) == 1
