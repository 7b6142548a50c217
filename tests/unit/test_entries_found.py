"""Entries of a Call, and of a Session's Calls, are found by their scope: no question of one reads the log of all."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from core.stores.operational.endings import MEMBERS
from core.stores.rows import SCOPED
from core.stores.sqlite.schema import LOG, ROWS


@pytest.mark.parametrize("sql", [SCOPED, MEMBERS])
def test_entries_are_found_by_an_index_of_their_scope(sql: str) -> None:
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in (*LOG, *ROWS):
            made.execute(statement)
        values = [1] * len(set(re.findall(r"\$[0-9]", sql)))
        plan = [row[3] for row in made.execute("EXPLAIN QUERY PLAN " + sql.replace("$", "?"), values)]
    entries = [step for step in plan if re.search(r"\b(log_entry|e|log_slot|log_scope)\b", step)]
    assert len(entries) == 2, plan
    assert all(re.search(r"USING (COVERING )?INDEX log_(slot|scope) \(scope=\?", step) for step in entries), plan
