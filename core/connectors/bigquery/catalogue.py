"""The catalogue as a snapshot, loaded anew when it is old or when a witness found it wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, final

from core.connectors.bigquery import values
from core.connectors.bigquery.fence import Fenced
from core.connectors.bigquery.service import Service
from core.masking.warehouse.fence import UNFENCED
from core.masking.warehouse.fields import Wanted, guard
from core.ports import Field as Shown
from core.ports import Table
from core.warehouse import Fence, Field, Guard, Guarded, Registered, Relation, Warehouse

OLD_SECONDS: Final = 300.0
KINDS: Final = {"MATERIALIZED_VIEW": "materialised view", "EXTERNAL": "external table"}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One load, and what the tags mean for it."""

    warehouse: Warehouse
    guard: Guard
    fence: Fence | None = None  # of the enforced form


@final
class Catalogue:
    """What is known of the schema; one load at a time."""

    def __init__(self, service: Service, wanted: Wanted, fenced: Fenced | None = None) -> None:
        """With `fenced` masks stand in views, and who reads is asked what it could read."""
        self._service: Final = service
        self._fenced: Final = fenced
        self._wanted: Final = wanted
        self._lock: Final = asyncio.Lock()
        self._known: Known | None = None
        self._at = 0.0

    async def current(self) -> Known:
        """Give the last load, unless it is old.

        Raises: SourceError.
        """
        known = self._known
        return known if known is not None and time.monotonic() - self._at < OLD_SECONDS else await self.load(known)

    @property
    def registers(self) -> bool:
        """Whether any code is registered."""
        return bool(self._wanted.routines)

    def forget(self) -> None:
        """Load again when somebody asks: a change of ours may have changed it."""
        self._at = float("-inf")

    async def load(self, before: Known | None = None) -> Known:
        """Load again, unless somebody else has since `before`.

        Raises: SourceError.
        """
        async with self._lock:
            if self._known is not None and self._known is not before:
                return self._known
            serial = 1 if self._known is None else self._known.warehouse.serial + 1
            found = {named(one["tableReference"]): one for one in await self._service.tables()}
            known = await self._bound(found, serial)
            self._known, self._at = known, time.monotonic()
            return known

    async def _bound(self, found: Mapping[str, Mapping[str, Any]], serial: int) -> Known:
        """Bind the tags, and close what the masking views do not hold.

        Raises: SourceError.
        """
        project, fenced = self._service.place.project, self._fenced
        fence = None if fenced is None else fencing(f"{project}.{fenced.dataset}", found)
        mine = {name: relation(one) for name, one in found.items() if fence is None or name not in fence.views}
        warehouse = Warehouse(project=project, relations=MappingProxyType(mine), serial=serial)
        bound = replace(guard(warehouse, self._wanted, fence), routines=await self._code(project))
        if fenced is not None and fence is not None:
            shut = dict.fromkeys(await fenced.troubles(bound, fence), UNFENCED)
            bound = replace(bound, closed=MappingProxyType({**shut, **bound.closed}))
        return Known(warehouse=warehouse, guard=bound, fence=fence)

    async def _code(self, project: str) -> Mapping[str, Registered]:
        """Give the registered code that is still what was looked at.

        Raises: SourceError.
        """
        found = {}
        for written, wanted in sorted(self._wanted.routines.items()):
            name = written if written.count(".") > 1 else f"{project}.{written}"
            told = await self._service.routine(name)
            if told is not None and pure(told) and str(told.get("etag", "")) == wanted.etag:
                found[name] = wanted
        return MappingProxyType(found)


def pure(routine: Mapping[str, Any]) -> bool:
    """Whether code is SQL that computes: no program, no function elsewhere, no procedure.

    https://cloud.google.com/bigquery/docs/reference/rest/v2/routines#Routine
    """
    kinds = {"SCALAR_FUNCTION", "TABLE_VALUED_FUNCTION"}
    return (
        routine.get("language") == "SQL"
        and routine.get("routineType") in kinds
        and not {"remoteFunctionOptions", "sparkOptions", "pythonOptions", "externalRuntimeOptions"} & routine.keys()
    )


def fencing(dataset: str, found: Mapping[str, Mapping[str, Any]]) -> Fence:
    """Read the masking views; one in legacy SQL, or that is no view, has no query."""
    held = {name: one.get("view", {}) for name, one in found.items() if name.startswith(f"{dataset}.")}
    views = {name: "" if one.get("useLegacySql", True) else str(one.get("query", "")) for name, one in held.items()}
    return Fence(dataset=dataset, views=MappingProxyType(views), there=bool(held))


def relation(table: Mapping[str, Any]) -> Relation:
    """Read a Table resource."""
    made_of = table.get("snapshotDefinition") or table.get("cloneDefinition") or {}
    base = made_of.get("baseTableReference")
    return Relation(
        name=named(table["tableReference"]),
        base="" if base is None else named(base),
        kind=str(table.get("type", "")),
        fields=values.fields(table.get("schema", {}).get("fields", [])),
        etag=str(table.get("etag", "")),
        comment=str(table.get("description", "")),
    )


def named(reference: Mapping[str, Any]) -> str:
    """Write a TableReference as a canonical name."""
    return f"{reference['projectId']}.{reference['datasetId']}.{reference['tableId']}"


def tables(known: Known) -> tuple[Table, ...]:
    """Give everything that a statement may name, as the catalogue tools show it; records by their paths."""
    return tuple(
        Table(
            name=one.name,
            kind=KINDS.get(one.kind, one.kind.lower()),
            fields=tuple(shown(one.fields, known.guard.tables.get(one.name))),
            comment=one.comment,
            closed=known.guard.reason(one.name),
        )
        for _, one in sorted(known.warehouse.relations.items())
    )


def shown(fields: tuple[Field, ...], guarded: Guarded | None, above: str = "") -> Iterator[Shown]:
    """Describe columns, and below records their fields."""
    masks = {} if guarded is None else {mask.column.name: mask for mask in guarded.masks}
    for one in fields:
        name = f"{above}{one.name}"
        mask = masks.get(name)
        yield Shown(
            name=name,
            type=one.written.replace("`", ""),
            comment=one.comment,
            tag=mask.tag if mask else None,
            mask=mask.kind if mask else None,
        )
        yield from shown(one.fields, guarded, f"{name}.")
