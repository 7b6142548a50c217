"""What a BigQuery Source's schema is known to be, and what its service says of a statement that it does not run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias, final

from core.model import Mask

Path: TypeAlias = tuple[str, ...]  # of a field: a column, then fields of records

STRUCT: Final = "STRUCT"
MIB: Final = 2**20
LEAST: Final = 10 * MIB
# Names of the API's first version -> GoogleSQL's:
# https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL", "RECORD": STRUCT}
)
SCALARS: Final = frozenset(
    {"BIGNUMERIC", "BOOL", "BYTES", "DATE", "DATETIME", "FLOAT64", "GEOGRAPHY", "INT64", "INTERVAL", "JSON", "NUMERIC",
     "STRING", "TIME", "TIMESTAMP"}
)  # fmt: skip


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column, or a field of a record. Equal when name, type, nesting and REPEATED are: REQUIRED is NULLABLE."""

    name: str
    type: str  # GoogleSQL's name; another than SCALARS and STRUCT is unknown
    repeated: bool = False
    fields: tuple[Field, ...] = ()
    comment: str = field(default="", compare=False)

    @property
    def known(self) -> bool:
        """Whether all of its type is."""
        inner = self.type == STRUCT and bool(self.fields) and all(one.known for one in self.fields)
        return self.type in SCALARS or inner

    @property
    def written(self) -> str:
        """Its type as GoogleSQL writes it."""
        inner = ", ".join(f"{quoted(one.name)} {one.written}" for one in self.fields)
        made = f"{STRUCT}<{inner}>" if self.type == STRUCT else self.type
        return f"ARRAY<{made}>" if self.repeated else made

    def leaves(self, above: Path = ()) -> Iterator[Path]:
        """Yield the paths of itself and of all below."""
        here = (*above, self.name)
        yield here
        for one in self.fields:
            yield from one.leaves(here)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A table or view; names are case-sensitive."""

    name: str  # project.dataset.table
    kind: str  # TABLE, VIEW, MATERIALIZED_VIEW, EXTERNAL, SNAPSHOT, CLONE
    fields: tuple[Field, ...]
    etag: str
    comment: str = ""
    base: str = ""  # of a snapshot or clone: what it was made of

    @property
    def dataset(self) -> str:
        """Its project and dataset."""
        return self.name.rsplit(".", 1)[0]

    @property
    def views(self) -> bool:
        """Whether a dry run lists other relations below it."""
        return self.kind in {"VIEW", "MATERIALIZED_VIEW"}

    @property
    def path(self) -> str:
        """Its name as GoogleSQL reads it wherever it stands: part by part, in backticks."""
        return ".".join(map(quoted, self.name.split(".")))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """One snapshot of the catalogue, as the read principal sees it."""

    project: str
    relations: Mapping[str, Relation]
    serial: int = 0

    def like(self, name: str) -> str | None:
        """Give the relation whose name a name is but for case: a dataset may be made to take either."""
        folded = name.casefold()
        return next((one for one in self.relations if one.casefold() == folded), None)

    def canonical(self, written: str) -> str:
        """Give a name as written its project; without a dataset it is none of ours."""
        dots = written.count(".")
        return f"{self.project}.{written}" if dots == 1 else written


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A table with tagged fields."""

    relation: Relation
    tags: Mapping[Path, str]  # as declared: a record's tag covers all below
    masks: frozenset[Mask]  # of each scalar field that carries one, by its dotted path
    masked: str  # the SELECT that shows it masked
    hollow: str  # the SELECT of the same shape that names no table
    body: str = ""  # the SELECT with the masks in it; of the enforced form, of its view
    view: str = ""  # its masking view, by canonical name; "": the masks stand in the text
    trusted: bool = False  # a view that may read protected tables: its own tags say what of them is hidden


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """Code that somebody looked at, as it was then: another etag is other code."""

    etag: str
    masked: bool = False  # it may be called over protected tables, whose masked values it sees


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """The dataset of masking views, as it stands."""

    dataset: str  # project.dataset
    views: Mapping[str, str] = field(default_factory=dict)  # canonical name -> its query
    there: bool = True


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What the tags of a Source mean for one snapshot."""

    tables: Mapping[str, Guarded]  # canonical name -> what is hidden
    closed: Mapping[str, str]  # canonical name, of a table or a dataset -> why nobody reads it
    patterns: tuple[str, ...]  # all that tags name, as globs of canonical names, for wildcards
    routines: Mapping[str, Registered] = field(default_factory=dict)  # canonical name -> code that is what it was

    def reason(self, name: str) -> str:
        """Say why a table is closed; "" when it is not."""
        return self.closed.get(name) or self.closed.get(name.rsplit(".", 1)[0], "")

    @property
    def hidden(self) -> tuple[str, ...]:
        """All that a wildcard may not meet, as globs of canonical names: what tags name, and what nobody reads."""
        shut = (f"{name}.*" if name.count(".") == 1 else name for name in self.closed)
        return (*self.patterns, *shut)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Dry:
    """What a dry run says (JobStatistics2)."""

    kind: str  # statementType
    tables: frozenset[str]
    whole: bool  # every referenced table is listed
    routines: frozenset[str]
    fields: tuple[Field, ...] | None  # of the result; None: nothing was said of it
    bytes: int
    exact: bool  # not a lower bound
    undeclared: tuple[str, ...] = ()
    targets: frozenset[str] = frozenset()  # what a change is aimed at, where it is said

    @property
    def billed(self) -> int | None:
        """Bytes as they are billed on demand, whole MiB and at least ten; None: nobody knows how many more.

        https://cloud.google.com/bigquery/pricing#on_demand_pricing
        """
        if not self.exact:
            return None
        return max(LEAST, -(-self.bytes // MIB) * MIB) if self.bytes else 0


def quoted(name: str) -> str:
    """Quote one part of a name."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
