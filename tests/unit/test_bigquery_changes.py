"""Changes of a BigQuery Source before anything is sent: what never runs, and where protected values would go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest

from core.classify.bigquery import Account, Counting, Ground, Used, account, allowed, changed, closed, used
from core.masking.warehouse.fields import Wanted, guard
from core.model import Column, Doubt, Fact, Reading, Unreadable, Verb
from core.warehouse import STRUCT, Dry, Field, Relation, Warehouse
from tests.unit.test_bigquery_corpus import parameters

EXAMPLES: Final = Path(__file__).parent.parent / "security" / "bigquery_changes.sql"
ORDERS: Final = (
    Field(name="id", type="INT64"),
    Field(name="email", type="STRING"),
    Field(name="customer", type=STRUCT, fields=(Field(name="name", type="STRING"), Field(name="phone", type="STRING"))),
    Field(
        name="items",
        type=STRUCT,
        repeated=True,
        fields=(Field(name="sku", type="STRING"), Field(name="price", type="NUMERIC")),
    ),
    Field(name="spent", type="INT64"),
)
VISITS: Final = (Field(name="country", type="STRING"), Field(name="n", type="INT64"))
TAGS: Final = {
    "sales.orders.email": "pii.email",
    "sales.orders.customer.phone": "pii.phone",
    "sales.orders.items.price": "money",
    "sales.orders.spent": "money",
}
MASKS: Final = {"pii.email": "hide", "pii.phone": "last4", "money": "bucket"}


def ground(tags: Mapping[str, str] = MappingProxyType(TAGS)) -> Ground:
    relations = {
        "acme.sales.orders": Relation(name="acme.sales.orders", kind="TABLE", fields=ORDERS, etag="1"),
        "acme.stats.visits": Relation(name="acme.stats.visits", kind="TABLE", fields=VISITS, etag="1"),
    }
    warehouse = Warehouse(project="acme", relations=relations)
    return Ground(warehouse=warehouse, guard=guard(warehouse, Wanted(tags=tags, masks=MASKS)))


HERE: Final = ground()


def examples() -> list[tuple[str, str]]:
    blocks = EXAMPLES.read_text("utf-8").split("\n\n")[1:]
    return [(text, wanted.strip()) for text, _, wanted in (block.strip("\n").rpartition("\n") for block in blocks)]


def read(text: str) -> Account:
    told = account(text, parameters(text))
    assert isinstance(told, Account), told
    return told


def met(text: str) -> str:
    told = account(text, parameters(text))
    found: Account | Unreadable | Used | None = told
    if isinstance(told, Account):
        found = closed(told) or allowed(told, HERE) or used(told, HERE)
    if isinstance(found, Used):
        return f"= {', '.join(sorted(found.facts))}".strip()
    assert isinstance(found, Unreadable)
    return f"! {found.doubt.value}"


def test_every_change_meets_what_is_written_beside_it() -> None:
    told = examples()
    assert len(told) > 120
    assert [(text, wanted, got) for text, wanted in told if (got := met(text)) != wanted] == []


def test_no_example_that_changes_something_is_a_read() -> None:
    for text, _ in examples():
        told = account(text, parameters(text))
        if isinstance(told, Account) and not text.startswith("SELECT"):
            assert told.reading.verbs != {Verb.READ}
            assert told.kind != "SELECT"


def dry(text: str) -> Dry:
    """What an honest service says of an example."""
    told = read(text)
    names = {
        one.canonical(HERE.warehouse): any(
            pair.verb is Verb.DEFINE and pair.thing.name == one.name for pair in told.reading.pairs
        )
        for one in told.references
    }
    return Dry(
        kind=told.kind,
        tables=frozenset(name for name, defined in names.items() if not defined),
        targets=frozenset(name for name, defined in names.items() if defined),
        whole=True,
        routines=frozenset(),
        fields=None,
        bytes=0,
        exact=True,
    )


def agreed(text: str, said: Dry) -> Reading | Unreadable:
    told = read(text)
    of = used(told, HERE)
    assert isinstance(of, Used)
    return changed(told, said, of, HERE)


RUNNING: Final = [text for text, wanted in examples() if wanted.startswith("=")]


def test_what_both_witnesses_say_alike_is_a_reading_of_the_agents_own_text() -> None:
    for text in RUNNING:
        found = agreed(text, dry(text))
        assert isinstance(found, Reading), (text, found)
        assert (found.text, found.witnessed, found.masks, found.writes) == (text, True, frozenset(), True)
        assert all(pair.thing.name.startswith("acme.") for pair in found.pairs)


def test_any_single_lie_about_a_change_is_a_refusal() -> None:
    for text in RUNNING:
        honest = dry(text)
        lies = [
            replace(honest, kind="SELECT"),
            replace(honest, kind="SCRIPT"),
            replace(honest, kind=""),
            replace(honest, tables=honest.tables | {"acme.other.t"}),
            replace(honest, targets=honest.targets | {"acme.other.t"}),
            replace(honest, tables=frozenset(), targets=frozenset()),
            replace(honest, whole=False),
            replace(honest, undeclared=("x",)),
            replace(honest, routines=frozenset({"acme.code.f"})),
        ]
        for lie in lies:
            found = agreed(text, lie)
            assert isinstance(found, Unreadable), (text, lie)
            assert found.doubt in {Doubt.DISAGREE, Doubt.FUNCTION, Doubt.PARAMETERS}


def test_a_change_names_the_tags_of_what_it_assigns_or_compares() -> None:
    text = "UPDATE sales.orders SET id = 5 WHERE email = 'a@acme.test'"
    found = agreed(text, dry(text))
    assert isinstance(found, Reading)
    assert found.tags == {"acme.sales.orders": frozenset({"pii.email", "pii.phone", "money"})}
    assert Column(relation="acme.sales.orders", name="email") in found.columns
    assert found.protected
    plain = agreed("DELETE FROM sales.orders WHERE id = 1", dry("DELETE FROM sales.orders WHERE id = 1"))
    assert isinstance(plain, Reading)
    assert not plain.protected


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("INSERT INTO stats.visits (n) VALUES (1), (2), (3)", 3),
        ("INSERT stats.visits (n) SELECT ? FROM stats.visits", ("(\nSELECT ? FROM stats.visits\n)", 0)),
        ("UPDATE stats.visits v SET n = ? WHERE n = ?;", ("stats.visits v \nWHERE n = ?", 1)),
        ("UPDATE stats.visits SET n = (SELECT 1 FROM d.t WHERE TRUE) WHERE n = 1", ("stats.visits \nWHERE n = 1", 0)),
        ("DELETE stats.visits WHERE TRUE", ("stats.visits \nWHERE TRUE", 0)),
        ("DELETE FROM stats.visits AS v WHERE v.n IN (1)", ("stats.visits AS v \nWHERE v.n IN (1)", 0)),
        ("TRUNCATE TABLE stats.visits", ("stats.visits", 0)),
        ("UPDATE stats.visits v SET n = 1 FROM d.t WHERE t.n = v.n", None),
        ("MERGE stats.visits t USING d.t s ON FALSE WHEN NOT MATCHED THEN INSERT ROW", None),
        ("DROP TABLE stats.visits", None),
    ],
)
def test_a_count_is_made_of_the_changes_own_bytes_or_not_at_all(
    text: str, wanted: int | tuple[str, int] | None
) -> None:
    found = read(text).counting
    if isinstance(found, Counting):
        assert wanted == (found.text.removeprefix("SELECT COUNT(*) AS n FROM "), found.left)
    else:
        assert found == wanted


def test_a_change_whose_rows_nobody_can_count_says_so() -> None:
    text = "MERGE stats.visits t USING (SELECT 1 AS k) s ON t.n = s.k WHEN MATCHED THEN DELETE"
    found = agreed(text, dry(text))
    assert isinstance(found, Reading)
    assert found.notes
    assert Fact.NO_WHERE not in found.facts
