"""The shape of a statement: what stays in it is the grammar's or the schema's, whatever a text hides and wherever."""

from __future__ import annotations

import pytest

from core.classify.postgres.text.outline import LONGEST, outline
from core.model import Column, Dialect, Pair, Reading, Thing, Verb

ORDERS = Pair(thing=Thing(kind="table", name="public.orders"), verb=Verb.READ)
READING = Reading(
    dialect=Dialect.POSTGRES,
    statement="",
    text="",
    pairs=frozenset({ORDERS}),
    columns=frozenset({Column(relation="public.orders", name="id"), Column(relation="public.orders", name="Ship To")}),
    functions=frozenset({"pg_catalog.lower(text)"}),
)
SECRET = "4111s"
HIDDEN = [
    f"SELECT '{SECRET}'",
    f"SELECT E'{SECRET}\\n', U&'{SECRET}', $q${SECRET}$q$, n'{SECRET}', b'0', x'41115'",
    f'SELECT id AS {SECRET[::-1]}a{SECRET.replace("4", "q")}, id AS "{SECRET}" FROM orders "{SECRET}"',
    f"SELECT id /* {SECRET} */ FROM orders -- {SECRET}",
    f'WITH "{SECRET}" AS (SELECT 1) SELECT * FROM "{SECRET}"',
    f'SELECT U&"{SECRET}" FROM orders',
    f'SELECT "{SECRET}"(\'x\'), "{SECRET}".id FROM orders',
    f"SELECT id FROM orders WHERE id IN (4111, 41.11, 4111e1, $4111) AND '{SECRET}' = \"Ship To\"",
    f'PREPARE "{SECRET}" AS SELECT 1',
    f"SELECT '{SECRET}'::\"{SECRET}\"",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_no_value_comment_alias_or_unknown_name_stays_in_a_shape(text: str) -> None:
    shape = outline(text, READING)
    assert shape
    assert not any(part in shape for part in (SECRET, "4111", "41", "s1114", "q111s"))


def test_names_of_the_schema_and_keywords_stay() -> None:
    text = 'select o.id, lower("Ship To") x from public.ORDERS o where id = 7 order by 1'
    assert outline(text, READING) == "select _.id, lower (Ship To) _ from public.orders _ where id = ? order by ?"


def test_a_longer_list_of_values_is_no_other_shape() -> None:
    assert outline("select id from orders where id in (1)", READING) == outline(
        "SELECT id FROM orders WHERE id IN (1, 2, $3)", READING
    )
    assert outline("insert into orders values (1), (2), (3)", READING) == "insert into orders values (?)"


def test_names_that_a_definition_only_makes_are_not_the_schemas() -> None:
    made = Pair(thing=Thing(kind="table", name=f"public.{SECRET}"), verb=Verb.DEFINE)
    reading = Reading(
        dialect=Dialect.POSTGRES, statement="", text="", pairs=frozenset({made}), functions=frozenset({SECRET})
    )
    assert SECRET not in outline(f'CREATE TABLE "{SECRET}" (id int)', reading)


def test_a_shape_has_an_end_and_what_has_no_tokens_has_none() -> None:
    long = outline("select " + " + ".join(["id"] * 5000) + " from orders", READING)
    assert len(long) == LONGEST
    assert long.endswith("…")
    assert outline("select 'open", READING) == ""
    assert outline("select '\ud800'", READING) == ""
