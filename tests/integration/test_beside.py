"""What people are told of a change besides what it says: what runs, what goes, where it leaves, and what it locks."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Coroutine
from typing import Any, Final

import pytest

from core.model import Fact, Reading
from tests.generate.cases import SCHEMA, cases
from tests.integration.connecting import done
from tests.integration.corpus_world import reading, world
from tests.integration.test_definitions import world as owned

Database = Callable[..., Coroutine[Any, Any, str]]
# pg_locks' words for PostgreSQL's levels, weakest first (docs 13.3.1); two levels that we take for no more than reading
LEVELS: Final = {
    "AccessShare": "", "RowShare": "ROW SHARE", "RowExclusive": "ROW EXCLUSIVE",
    "ShareUpdateExclusive": "SHARE UPDATE EXCLUSIVE", "Share": "SHARE", "ShareRowExclusive": "SHARE ROW EXCLUSIVE",
    "Exclusive": "EXCLUSIVE", "AccessExclusive": "ACCESS EXCLUSIVE",
}  # fmt: skip
ORDER: Final = tuple(LEVELS.values())
HELD: Final = re.compile(r"locks:(\S+)")
ONE: Final = re.compile(r"([^,()]+)\(([A-Za-z]+)\)")


def held(label: str) -> list[tuple[str, str]]:
    """Give (relation, level) that a server showed to be locked."""
    found = HELD.search(label)
    return [(name, LEVELS[mode]) for name, mode in ONE.findall(found[1])] if found else []


@pytest.mark.slow
async def test_the_locks_told_are_no_weaker_than_those_that_a_server_showed(database: Database) -> None:
    """The oracle's labels, statement by statement: each table that others would wait for is told, as strongly."""
    async with world(await database(SCHEMA.read_text("utf-8"), version=18)) as connector:
        known = {relation.qualified: relation for relation in (await connector.known()).read.relations.values()}
        wrong, seen = [], 0
        for case in cases():
            locked = held(case.label(18)) if case.promise in {"writes", "defines", "grants"} else []
            if not locked or zlib.crc32(case.text.encode()) % 3:
                continue
            found = await reading(connector, case.text)
            if not isinstance(found, Reading) or Fact.UNREGISTERED_CODE in found.facts:
                continue  # what code locks that nobody has read, nobody can say
            parted = (one.split(", ")[0].rpartition(": ") for one in found.locks)
            told = {name: level for name, _, level in parted}
            for name, level in locked:
                if name in known and known[name].kind in "rp" and level not in {"", "ROW SHARE"}:
                    seen += 1
                    if ORDER.index(told.get(name, "")) < ORDER.index(level):
                        wrong.append((case.text, name, level, told.get(name)))
        assert not wrong
        assert seen > 100


async def test_statistics_made_or_dropped_keep_definitions_of_their_table_waiting(database: Database) -> None:
    """Of each statement of the corpus about statistics, what the server showed: nothing more, nothing less."""
    async with world(await database(SCHEMA.read_text("utf-8"), version=18)) as connector:
        seen = set()
        for case in cases():
            if re.match("(CREATE|ALTER|DROP) STATISTICS", case.text):
                found = await reading(connector, case.text)
                if isinstance(found, Reading):
                    told = [tuple(one.split(", ")[0].split(": ")) for one in found.locks]
                    assert told == held(case.label(18)), case.text
                    seen.add((case.text.split()[0], bool(told)))
        assert seen == {("CREATE", True), ("ALTER", False), ("DROP", True)}


async def test_what_runs_and_where_it_goes_is_told_by_name(database: Database) -> None:
    async with owned(database) as (connector, url):
        await done(
            url,
            "CREATE PUBLICATION out FOR TABLE shop.orders, care.visit;"
            "CREATE FUNCTION app.noted() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
            "CREATE EVENT TRIGGER noted ON ddl_command_end EXECUTE FUNCTION app.noted();",
        )
        await connector.renew()
        for text, expected in (
            (
                "UPDATE shop.customer SET active = true WHERE id = 1",
                {"trigger changed on shop.customer runs app.log_change() (plpgsql, SECURITY DEFINER)"},
            ),
            (
                "DELETE FROM shop.orders WHERE id = 1",
                {
                    "foreign key item_order_id_fkey deletes rows of shop.item",
                    "changes of shop.orders leave the database by publication out",
                },
            ),
            (
                "DELETE FROM care.member WHERE id = 1",
                {
                    "foreign key lab_visit_id_fkey deletes rows of care.lab",
                    "foreign key visit_member_id_fkey deletes rows of care.visit",
                    "trigger visited on care.visit runs app.log_change() (plpgsql, SECURITY DEFINER)",
                    "changes of care.visit leave the database by publication out",
                },
            ),
            (
                "INSERT INTO shop.import (raw) VALUES ('x')",
                {"rewrite rules of shop.import add statements of their own"},
            ),
            (
                "DROP VIEW care.busy CASCADE",
                {"event trigger noted (ddl_command_end) runs app.noted() (plpgsql)", "view care.busiest goes with it"},
            ),
            ("COMMENT ON TABLE care.log IS 'x'", {"event trigger noted (ddl_command_end) runs app.noted() (plpgsql)"}),
        ):
            found = await reading(connector, text)
            assert isinstance(found, Reading), text
            assert set(found.also) == expected, text
            if "event trigger" in str(expected):
                assert Fact.UNREGISTERED_CODE in found.facts


async def test_an_event_trigger_made_meanwhile_is_another_question(database: Database) -> None:
    async with owned(database) as (connector, url):
        before = await reading(connector, "COMMENT ON TABLE care.log IS 'x'")
        await done(
            url,
            "CREATE FUNCTION app.noted() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
            "CREATE EVENT TRIGGER noted ON ddl_command_end EXECUTE FUNCTION app.noted();",
        )
        await connector.renew()
        after = await reading(connector, "COMMENT ON TABLE care.log IS 'x'")
        assert isinstance(before, Reading)
        assert isinstance(after, Reading)
        assert before.tree != after.tree
