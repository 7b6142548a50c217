"""What the service holds: datasets, tables and views in DuckDB, who may see them, and what goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, final

import duckdb

from demo.bigquery.faults import Faults, Wrong
from demo.bigquery.names import CATALOG
from demo.bigquery.types import Field, duck, quoted
from demo.bigquery.types import field as described

PROJECT: Final = "acme"
LOCATION: Final = "EU"
MACROS: Final = (
    # Stand-ins: that values are joined by them is tested here, the cryptography is not.
    "CREATE SCHEMA keys",
    "CREATE MACRO keys.keyset_chain(a, b) AS concat(a, hex(b))",
    "CREATE MACRO deterministic_encrypt(k, x, t) AS encode(concat(k, '|', t, '|', x))",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A table, or a view with its query."""

    name: str  # project.dataset.table
    fields: tuple[Field, ...]
    query: str = ""
    etag: int = 1
    kind: str = "TABLE"

    @property
    def parts(self) -> tuple[str, str, str]:
        """Project, dataset, table."""
        project, dataset, name = self.name.split(".")
        return project, dataset, name

    @property
    def place(self) -> str:
        """Where it is in DuckDB."""
        return located(self.name)


@final
@dataclass(slots=True)
class World:
    """The service's state; DuckDB serves each thread by a cursor of its own."""

    project: str = PROJECT
    location: str = LOCATION
    datasets: set[str] = field(default_factory=set)  # project.dataset
    relations: dict[str, Relation] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)  # canonical name -> what it is a clone of
    scale: dict[str, int] = field(default_factory=dict)  # canonical name -> pretend that it is so much larger
    principals: dict[str, str] = field(default_factory=dict)  # access token -> e-mail
    # e-mail -> datasets and relations that it may read; who is not in it sees all
    access: dict[str, frozenset[str]] = field(default_factory=dict)
    authorised: set[tuple[str, str]] = field(default_factory=set)  # (dataset, view that reads it for whoever reads it)
    routines: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # canonical name -> its resource
    viewers: set[str] = field(default_factory=set)  # e-mails that change nothing
    require_auth: bool = False
    faults: Faults = field(default_factory=Faults)
    log: list[str] = field(default_factory=list)  # every request: method and path
    lock: threading.Lock = field(default_factory=threading.Lock)
    _base: duckdb.DuckDBPyConnection = field(init=False)

    def __post_init__(self) -> None:
        closed: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        self._base = duckdb.connect(config=closed)
        self._base.execute("SET TimeZone='UTC'")
        for macro in MACROS:
            self._base.execute(macro)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Open a cursor for one thread."""
        cursor = self._base.cursor()
        cursor.execute("SET TimeZone='UTC'")
        return cursor

    def close(self) -> None:
        """Forget everything."""
        self._base.close()

    # ------------------------------------------------------------ catalogue

    def dataset(self, name: str) -> str:
        """Make a dataset of this project, or of another by `project.dataset`; give its canonical name."""
        canonical = name if "." in name else f"{self.project}.{name}"
        self.datasets.add(canonical)
        self._base.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(canonical.replace('.', ':'))}")
        return canonical

    def table(self, name: str, fields: Iterable[Field], rows: Sequence[Mapping[str, Any]] = ()) -> Relation:
        """Make a table of `project.dataset.table`, with rows as Python values."""
        made = Relation(name=name, fields=tuple(fields))
        self.dataset(".".join(made.parts[:2]))
        columns = ", ".join(f"{quoted(one['name'])} {duck(one)}" for one in made.fields)
        self._base.execute(f"CREATE OR REPLACE TABLE {made.place} ({columns})")
        for row in rows:
            marks = ", ".join("?" for _ in row)
            named = ", ".join(map(quoted, row))
            self._base.execute(f"INSERT INTO {made.place} ({named}) VALUES ({marks})", list(row.values()))
        self.relations[name] = made
        return made

    def routine(self, name: str, arguments: str, body: str, **said: object) -> None:
        """Make a scalar function in SQL; `said` is what else its resource says."""
        project, dataset, last = name.split(".")
        self.dataset(f"{project}.{dataset}")
        self._base.execute(f"CREATE OR REPLACE MACRO {coded(name)}({arguments}) AS {body}")
        reference = {"projectId": project, "datasetId": dataset, "routineId": last}
        made = {"routineReference": reference, "routineType": "SCALAR_FUNCTION", "language": "SQL", "etag": "e1"}
        self.routines[name] = made | said

    def note(self, name: str, *, query: str = "", kind: str = "TABLE") -> None:
        """Take over what DDL made of a relation; declared types stay where DuckDB's are the same."""
        found = self.cursor().sql(f"SELECT * FROM {located(name)}")
        before = self.relations.get(name)
        declared = {(one["name"], duck(one)): one for one in before.fields} if before else {}
        fields = (described(column, kind) for column, kind in zip(found.columns, found.types, strict=True))
        kept = tuple(declared.get((one["name"], duck(one)), one) for one in fields)
        made = Relation(name=name, fields=kept, query=query, kind=kind)
        self.relations[name] = replace(made, etag=before.etag + 1) if before else made

    def known(self, name: str) -> bool:
        """Whether a canonical name is a relation, a wildcard that meets one, or a view of the catalogue."""
        if name.endswith("*"):
            return any(self.members(name))
        project, dataset, last = name.split(".", 2)
        if last.upper().startswith(f"{CATALOG}."):
            return f"{project}.{dataset}" in self.datasets
        return name in self.relations

    def members(self, pattern: str) -> list[Relation]:
        """Tables that a wildcard meets."""
        return [one for name, one in sorted(self.relations.items()) if name.startswith(pattern[:-1])]

    # ------------------------------------------------------------ identity

    def principal(self, bearer: str) -> str:
        """Name who asks.

        Raises: Wrong (401).
        """
        if bearer in self.principals or not self.require_auth:
            return self.principals.get(bearer, "anyone@example.test")
        raise Wrong("authError", "Request had invalid authentication credentials.")

    def allowed(self, who: str, name: str) -> bool:
        """Whether somebody may see a relation or a dataset."""
        mine = self.access.get(who)
        return mine is None or name in mine or ".".join(name.split(".")[:2]) in mine

    def through(self, view: str, name: str) -> bool:
        """Whether a view reads a relation by an entry in the access list of its dataset, whoever reads the view."""
        return (".".join(name.split(".")[:2]), view) in self.authorised


def coded(name: str) -> str:
    """Name the macro of a routine."""
    return "routine_" + "".join(one if one.isalnum() else "_" for one in name)


def located(name: str) -> str:
    """Write a canonical name as DuckDB knows it."""
    project, dataset, last = name.split(".")
    return f"{quoted(f'{project}:{dataset}')}.{quoted(last)}"
