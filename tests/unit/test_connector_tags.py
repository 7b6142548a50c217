"""Tags over one load of the catalogs after another: a change of names alone takes no tag away."""

from __future__ import annotations

from dataclasses import replace

from core.catalog import Oid, Snapshot
from core.connectors.postgres import Options, PostgresConnector
from core.model import Dialect, Source
from tests.integration.connecting import Now
from tests.unit.catalogs import snapshot, table


def connector() -> PostgresConnector:
    """Make one that is never opened."""
    return PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags={"public.people.mail": "pii.email"}, enforced=False),
        read_url="postgresql://nobody@127.0.0.1/none",
        write_url=None,
        masks={"pii.email": "hide"},
        clock=Now(),
        options=Options(search_path=("public",)),
    )


def swapped(before: Snapshot) -> Snapshot:
    names = {Oid(1): "others", Oid(2): "people"}
    relations = {oid: replace(one, name=names[oid]) for oid, one in before.relations.items()}
    return replace(before, relations=relations, names={(one.schema, one.name): oid for oid, one in relations.items()})


def test_a_tag_stays_with_its_column_when_two_tables_change_names() -> None:
    before = snapshot(table(1, "public.people", "id int, mail text"), table(2, "public.others", "id int, mail text"))
    one = connector()
    first, second = one._protect(before), one._protect(swapped(before))
    assert set(first.tags) == {Oid(1)}
    assert {Oid(1), Oid(2)} <= set(second.tags)
    assert Oid(1) in second.closed
    assert set(one._protect(before).tags) == {Oid(1)}  # as they were: nothing strays
