"""How both stores find what an erasure or a hold asks of a person: by an index, however long the record is."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from core.stores.operational import custody, forgetting
from core.stores.postgres.links import Address
from core.stores.sqlite import schema
from demo.postgres import Postgres
from tests.pgstore import Ground, emptied

LOOKS = {
    "a person's Sessions": custody.THEIRS,
    "whose a key is": custody.OWNERS,
    "who voted under a key": custody.VOTERS,
    "Reviews that need a key": custody.NEEDED,
    "a person's Votes": forgetting.VOTED,
    "a person's Reviews": forgetting.ASKED,
    "answers that a person gave alone": forgetting.BROKEN,
    **{
        f"who stands in {where}": sql
        for where, sql in zip(("votes", "breaks", "asker", "owner"), forgetting.NAMED, strict=False)
    },
}
COPIED = {
    "votes": ("review", "directory", "person", "row"),
    "breaks": ("review", "directory", "person", "at", "due"),
    "reviews": (
        *("id", "call_id", "request_key", "attach", "state", "version", "opened_at", "expires_at", "digest", "row"),
        *("asker_directory", "asker", "owner_directory", "owner"),
    ),
}
COUNTED = ("CONSTANT", "directories", "people")  # a row, and what an index gave of each name once
FILLED = """
SET session_replication_role = replica;
SET search_path = assent;
INSERT INTO sessions (id, key, began_at, last_at, ps, person, manifest_at)
  SELECT 's' || g, 'k' || g, g, g, 'a' || g % 400, 'b' || g % 400, g FROM generate_series(1, 4000) g;
INSERT INTO reviews (id, call_id, request_key, attach, state, version, opened_at, expires_at, digest, row,
  asker_directory, asker, owner_directory, owner)
  SELECT 'r' || g, 'c' || g, 'q' || g, 0, 'executed', 1, g, g, 'd', format('{"requester": {"directory": "d%s",'
    ' "id": "p%s"}, "owner": %s}', g % 3, g % 400, CASE WHEN g % 7 > 0 THEN 'null' ELSE
    format('{"directory": "d%s", "id": "o%s"}', g % 3, g % 300) END), 'd' || g % 3, 'p' || g % 400,
    CASE WHEN g % 7 = 0 THEN 'd' || g % 3 END, CASE WHEN g % 7 = 0 THEN 'o' || g % 300 END
  FROM generate_series(1, 4000) g;
INSERT INTO breaks (review, directory, person, at, due)
  SELECT 'r' || g, 'd' || g % 3, 'p' || g % 400, g, g FROM generate_series(1, 4000) g;
INSERT INTO votes (review, directory, person, row)
  SELECT 'r' || g, 'd' || g % 3, 'p' || g % 400, '{}' FROM generate_series(1, 4000) g;
INSERT INTO shown (dek, review) SELECT g, 'r' || g FROM generate_series(1, 4000) g;
ANALYZE sessions, reviews, breaks, votes, shown;
"""
USED = re.compile(r"(?:Index Scan|Index Only Scan)(?: Backward)? using (\w+)|Bitmap Index Scan on (\w+)")


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_that_is_asked_of_a_person_walks_a_file(look: str) -> None:
    with closing(sqlite3.connect(":memory:")) as store:
        for statement in (*schema.LOG, *schema.ROWS):
            store.execute(statement)
        sql = LOOKS[look].replace("$", "?")
        values = ["x"] * len(set(re.findall(r"\?\d", sql)))
        plan = [row[3] for row in store.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert plan
    assert [step for step in plan if step.startswith("SCAN") and step.split()[1] not in COUNTED] == []


async def test_nothing_that_is_asked_of_a_person_walks_a_table(durable: Callable[[], Postgres], tmp_path: Path) -> None:
    place = await emptied(await asyncio.to_thread(durable), tmp_path)
    await filled(place)
    link = await Address(url=place.url(), name="assent plans").connect()
    try:
        for look, sql in LOOKS.items():
            first = "1" if ".dek = $1" in sql else "'x'"
            plan = await link.fetch("EXPLAIN " + sql.replace("$1", first).replace("$2", "'x'"))
            steps = [row[0] for row in plan]
            assert steps
            assert [step for step in steps if "Seq Scan" in step] == [], look
            for over, step, under in zip(["", *steps], steps, [*steps[1:], ""], strict=False):
                if (
                    index := USED.search(step)
                ) is not None and "Limit" not in over:  # the first row, or those of a name
                    leading = await link.fetchval(
                        "SELECT pg_get_indexdef($1::text::regclass, 1, true)", index[1] or index[2]
                    )
                    assert re.search(rf"Index Cond: .*\b{leading}\b", under), f"{look}: {step}"
    finally:
        link.terminate()


PEOPLE = {  # what each of them says, by a look at every row
    forgetting.NAMED[0]: "SELECT DISTINCT directory, person FROM votes",
    forgetting.NAMED[1]: "SELECT DISTINCT directory, person FROM breaks",
    forgetting.NAMED[2]: "SELECT DISTINCT asker_directory, asker FROM reviews WHERE asker IS NOT NULL",
    forgetting.NAMED[3]: "SELECT DISTINCT owner_directory, owner FROM reviews WHERE owner IS NOT NULL",
}


async def test_everyone_whom_rows_name_is_named_once(durable: Callable[[], Postgres], tmp_path: Path) -> None:
    place = await emptied(await asyncio.to_thread(durable), tmp_path)
    await filled(place)
    link = await Address(url=place.url(), name="assent plans").connect()
    try:
        with closing(sqlite3.connect(":memory:")) as store:
            for statement in (*schema.LOG, *schema.ROWS):
                store.execute(statement)
            for table, columns in COPIED.items():
                found = [tuple(row) for row in await link.fetch(f"SELECT {', '.join(columns)} FROM {table}")]
                marks = ", ".join("?" for _ in columns)
                store.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", found)
            for once, every in PEOPLE.items():
                there, here = [tuple(row) for row in await link.fetch(once)], store.execute(once).fetchall()
                assert sorted(there) == sorted(tuple(row) for row in await link.fetch(every))
                assert sorted(here) == sorted(store.execute(every).fetchall()) == sorted(there)
                assert len(there) > len({directory for directory, _ in there}) > 1
    finally:
        link.terminate()


async def filled(place: Ground) -> None:
    """Fill the tables, so that what the planner chooses is no accident of empty ones."""
    owner = await asyncpg.connect(place.server.url(place.database))
    try:
        await owner.execute(FILLED)
    finally:
        await owner.close()
