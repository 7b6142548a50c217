"""Looking back at size, in its short form: the real projection over thousands of Entries, and no look-up scans them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import AsyncIterator, Sequence
from itertools import islice
from pathlib import Path
from typing import LiteralString

import pytest

from bench import past
from core.model import SessionId
from core.ports import Search
from core.stores.lookups.find import LINE, Finding
from core.stores.sqlite.files import Place
from core.stores.sqlite.words import Fts
from core.stores.steps import Row, Value

CALLS = 2_000


class Explained:
    """Reads that keep how SQLite would run each of them."""

    def __init__(self, file: Path) -> None:
        self._file = sqlite3.connect(file)
        self.plans: list[str] = []
        self.steps = 0
        self._file.set_progress_handler(self._stepped, 1)

    def _stepped(self) -> int:
        """Count what SQLite's machine does, instruction by instruction."""
        self.steps += 1
        return 0

    async def rows(self, sql: LiteralString, *values: Value) -> Sequence[Row]:
        text = sql.replace("$", "?")
        self.plans += [str(row[3]) for row in self._file.execute(f"EXPLAIN QUERY PLAN {text}", values)]
        return self._file.execute(text, values).fetchall()

    async def row(self, sql: LiteralString, *values: Value) -> Row | None:
        found = await self.rows(sql, *values)
        return found[0] if found else None


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[past.Site]:
    made = past.rows(CALLS)
    folder = tmp_path / "store"
    folder.mkdir()
    async with past.file(folder) as opened:
        while chunk := list(islice(made, past.CHUNK)):
            await opened.lay(chunk)
        assert await opened.history.catch_up()
        yield opened


FIRST = f"{random.Random(7).randrange(past.PEOPLE) + past.PEOPLE:064x}"  # noqa: S311 - who has the first Session
ASKED = {
    "a session": Search(session=SessionId(f"ses_{20:026d}")),
    "a person": Search(own=FIRST),
    "people": Search(people=frozenset({FIRST})),
    "newest": Search(),
    "a word": Search(words="c1"),
    "a table": Search(table="t2"),
    "a column": Search(column="id", verdict="refuse"),
    "many rows": Search(rows=50_000, countable=True),
}


async def test_no_look_up_scans_the_calls(site: past.Site, tmp_path: Path) -> None:
    await past.both(site.history, SessionId(f"ses_{20:026d}"))
    reads = Explained(Place(tmp_path / "store" / "assent.db").history)
    for name, wanted in ASKED.items():
        reads.plans.clear()
        found, _ = await Finding(reads, Fts(), wanted).page(None, 51)
        assert found, name
        scans = [plan for plan in reads.plans if plan.startswith("SCAN call") and "INDEX" not in plan]
        assert scans == [], name


async def test_a_look_up_is_the_same_work_however_long_the_log_is(tmp_path: Path) -> None:
    """Counted in steps of SQLite's machine: of a Session, of its Calls, and of the newest."""
    folder, made, counts = tmp_path / "store", past.rows(CALLS), dict[str, list[int]]()
    folder.mkdir()
    async with past.file(folder) as site:
        for share in (CALLS // 2, 2 * CALLS):  # Entries, of 2.05 a Call
            await site.lay(list(islice(made, share)))
            assert await site.history.catch_up()
            reads = Explained(Place(folder / "assent.db").history)
            for name in ("a session", "newest"):
                before = reads.steps
                await Finding(reads, Fts(), ASKED[name]).page(None, 51)
                counts.setdefault(name, []).append(reads.steps - before)
            before = reads.steps
            await reads.rows(
                LINE + "c.session = (SELECT pk FROM session WHERE id = $1) ORDER BY c.seq", f"ses_{20:026d}"
            )
            counts.setdefault("its calls", []).append(reads.steps - before)
    for name, (short, long) in counts.items():
        assert 0 < long <= short * 1.05, name  # a tree's depth is no step; a page of the machine's own may be
