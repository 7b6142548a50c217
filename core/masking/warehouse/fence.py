"""The enforced form on BigQuery: masking views in a dataset of their own, which read what their reader may not.

https://cloud.google.com/bigquery/docs/authorized-views. A reading that went wrong then ends in the service's refusal,
not in a raw value. There is no statement that authorises a view: an entry of the other dataset's access list does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, final

from core.masking.hardening.harden import Step
from core.masking.warehouse import googlesql
from core.warehouse import Fence, Guard, Guarded, Relation, Warehouse, quoted

VIEWER: Final = "`roles/bigquery.dataViewer`"
UNFENCED: Final = "The masking view of this table is not what it should be; an operator has to run assent harden."
ELSEWHERE: Final = "This table is of another project, and its masks would not be enforced; an operator has to look."
KEPT: Final = "This dataset holds the masking views; read the tables that they show, by their own names."


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the account that reads can do, as its own dry runs say."""

    raw: frozenset[str] = frozenset()  # protected tables that it reads
    shown: frozenset[str] = frozenset()  # masking views that it reads
    plain: frozenset[str] = frozenset()  # other tables that it reads
    writes: frozenset[str] = frozenset()  # masking views that it could replace


def view(fence: Fence, relation: Relation) -> str:
    """Name the masking view of a table: datasets have no dash in their names, so that the first one splits it."""
    _, dataset, table = relation.name.split(".")
    return f"{fence.dataset}.{dataset}-{table}"


def fenced(one: Guarded, fence: Fence) -> Guarded:
    """Have a table be shown by its masking view."""
    name = view(fence, one.relation)
    return replace(one, view=name, masked=googlesql.template(replace(one.relation, name=name), {}))


def unfenced(one: Guarded, fence: Fence) -> str:
    """Say why nobody reads a table whose view does not stand; "" when it does."""
    if one.relation.name.split(".")[0] != fence.dataset.split(".")[0]:
        return ELSEWHERE
    return "" if fence.views.get(one.view) == one.body else UNFENCED


def plan(warehouse: Warehouse, guard: Guard, fence: Fence, standing: Standing, reader: str) -> tuple[Step, ...]:
    """Say what an administrator must do so that the account that reads sees no raw value; nothing when all stands.

    `reader` is that account's e-mail.
    """
    whom = f'"serviceAccount:{reader}"'
    tables = [one for one in guard.tables.values() if unfenced(one, fence) != ELSEWHERE]
    return tuple(
        step
        for part in (
            _views(tables, fence),
            _entries(tables, standing),
            _revoked(tables, standing, whom),
            _granted(warehouse, guard, fence, standing, whom),
        )
        for step in part
    )


def _views(tables: list[Guarded], fence: Fence) -> Iterator[Step]:
    if not fence.there:
        yield Step(f"CREATE SCHEMA IF NOT EXISTS {_path(fence.dataset)};", "masking views have a dataset of their own")
    for one in tables:
        if fence.views.get(one.view) != one.body:
            sql = f"CREATE OR REPLACE VIEW {_path(one.view)} AS {one.body};"
            yield Step(sql, f"shows {one.relation.name} masked")


def _entries(tables: list[Guarded], standing: Standing) -> Iterator[Step]:
    """Access lists: https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets#Dataset.FIELDS.access."""
    for dataset in sorted({one.relation.dataset for one in tables if one.view not in standing.shown}):
        views = sorted(one.view for one in tables if one.relation.dataset == dataset)
        keys = ("projectId", "datasetId", "tableId")
        listed = [{"view": dict(zip(keys, name.split("."), strict=True))} for name in views]
        sql = f'-- datasets.patch {dataset}: add to "access": {json.dumps(listed)}'
        yield Step(sql, f"lets the masking views read {dataset}, which who reads them may not")


def _revoked(tables: list[Guarded], standing: Standing, whom: str) -> Iterator[Step]:
    held = [one.relation for one in tables if one.relation.name in standing.raw]
    for dataset in sorted({one.dataset for one in held}):
        yield Step(f"REVOKE {VIEWER} ON SCHEMA {_path(dataset)} FROM {whom};", f"{dataset} holds protected tables")
    for one in sorted(held, key=lambda relation: relation.name):
        yield Step(f"REVOKE {VIEWER} ON TABLE {one.path} FROM {whom};", f"{one.name} is protected")


def _granted(warehouse: Warehouse, guard: Guard, fence: Fence, standing: Standing, whom: str) -> Iterator[Step]:
    if guard.tables and not {one.view for one in guard.tables.values()} <= standing.shown:
        yield Step(f"GRANT {VIEWER} ON SCHEMA {_path(fence.dataset)} TO {whom};", "the masking views are for reading")
    tagged = {one.relation.dataset for one in guard.tables.values()}
    taken = {name.rpartition(".")[0] for name in standing.raw}  # what a dataset's right gave goes with it
    open_ = {name for name in standing.plain if name.rpartition(".")[0] not in taken} | guard.tables.keys()
    left = [one for one in warehouse.relations.values() if one.name not in open_ and not guard.reason(one.name)]
    for dataset in sorted({one.dataset for one in left} - tagged):
        yield Step(f"GRANT {VIEWER} ON SCHEMA {_path(dataset)} TO {whom};", f"nothing in {dataset} is protected")
    for one in sorted(left, key=lambda relation: relation.name):
        if one.dataset in tagged:
            kind = "VIEW" if one.views else "TABLE"
            yield Step(f"GRANT {VIEWER} ON {kind} {one.path} TO {whom};", f"{one.name} is not protected")


def troubles(one: Guarded, fence: Fence, standing: Standing) -> Iterator[str]:
    """Yield what makes the enforced form none for a table."""
    if one.relation.name in standing.raw:
        yield f"the account that reads can read {one.relation.name}, which is protected"
    if one.view in standing.writes:
        yield f"the account that reads could replace {one.view}, which masks for it"
    if not unfenced(one, fence) and one.view not in standing.shown:
        yield f"the account that reads cannot read {one.view}: a right, or an entry in an access list, is missing"


def _path(name: str) -> str:
    return ".".join(map(quoted, name.split(".")))
