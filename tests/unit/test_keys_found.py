"""Data keys are found by whose they are: no question of custody reads all of them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from core.stores.encryption.keyring import ALIVE, BETWEEN, LIVES, OF_PERSON, OF_SESSION
from core.stores.encryption.payloads import days
from core.stores.sqlite.schema import KEYS


@pytest.fixture
def held() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in KEYS:
            made.execute(statement)
        yield made


@pytest.mark.parametrize("sql", [ALIVE, BETWEEN, LIVES, OF_PERSON, OF_SESSION])
def test_an_extents_keys_are_found_by_their_index(held: sqlite3.Connection, sql: str) -> None:
    values = [1] * len(set(re.findall(r"\$[0-9]", sql)))
    plan = [row[3] for row in held.execute("EXPLAIN QUERY PLAN " + sql.replace("$", "?"), values)]
    assert all("SEARCH" in step for step in plan if "dek" in step), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan  # a page is as long as it is, whatever is behind it
    if "session = $1" in sql or "person = $1" in sql:
        wanted = "session=?" if "session = $1" in sql else "person=?"
        assert any("dek_scope" in step and wanted in step for step in plan), plan


def test_a_months_keys_began_from_the_day_before_it_to_the_day_after() -> None:
    for month, first, last in (
        ("202611", date(2026, 10, 31), date(2026, 12, 1)),
        ("202612", date(2026, 11, 30), date(2027, 1, 1)),
        ("202802", date(2028, 1, 31), date(2028, 3, 1)),
    ):
        began = date(1970, 1, 1)
        assert days(month) == ((first - began).days, (last - began).days)
