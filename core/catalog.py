"""What a PostgreSQL Source's schema is known to be: one frozen snapshot, shared by reading, masking and connector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import md5
from typing import Final, NewType, final

from core.model import Aggregation

Oid = NewType("Oid", int)

# Catalogs whose own rows a reading stands on as a whole, by their oids: pg_proc, pg_operator, pg_cast, pg_type,
# pg_namespace give names a meaning; pg_amop, pg_amproc, pg_opclass say what sorting and scanning run; pg_event_trigger,
# pg_publication with its tables and schemas, and pg_subscription what else happens with a change.
MEANINGS: Final = frozenset(map(Oid, (1255, 2617, 2605, 1247, 2615)))
MEMBERS: Final = frozenset(map(Oid, (2602, 2603, 2616)))
BESIDES: Final = frozenset(map(Oid, (3466, 6104, 6106, 6237, 6100)))
WHOLE: Final = MEANINGS | MEMBERS | BESIDES


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A column (pg_attribute), attnum >= 1, not dropped."""

    number: int
    name: str
    type: Oid
    modifier: int  # atttypmod
    type_name: str  # format_type under an empty path
    generated: bool
    granted: bool  # the role of this snapshot may SELECT it
    comment: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A pg_index row: which columns of its table it holds."""

    oid: Oid
    keys: frozenset[int]  # attnums among keys, expressions and INCLUDE; 0 is the whole row
    predicate: frozenset[int]  # attnums in a partial index's predicate
    unique: bool  # or by exclusion: rows are compared by it
    clustered: bool
    name: str = ""

    def holds(self, columns: frozenset[int]) -> bool:
        """Whether it holds any of these columns, by themselves or in a whole row."""
        return bool(columns) and bool(self.keys & (columns | {0}))

    def within(self, columns: frozenset[int]) -> bool:
        """Whether its predicate looks at any of them."""
        return bool(columns) and bool(self.predicate & (columns | {0}))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger that fires: pg_trigger, internal and disabled ones left out."""

    name: str
    function: Oid
    definer: bool
    events: int  # tgtype bits: 4 insert, 8 delete, 16 update, 32 truncate, 64 instead


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """An event trigger that is enabled: it runs with definitions."""

    name: str
    event: str
    function: Oid


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A foreign key seen from the referenced table: what a delete or update of it does to `child`."""

    child: Oid
    name: str
    on_delete: str  # a no action, r restrict, c cascade, n set null, d set default
    on_update: str
    columns: frozenset[int]  # referenced attnums of the parent


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A foreign key seen from the referencing table, column by column in the key's order."""

    name: str
    columns: tuple[int, ...]
    target: Oid
    target_columns: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A pg_class row that a statement can name: r, p, v, m, f and catalogs; others are here only as kinds."""

    oid: Oid
    schema: str
    name: str
    kind: str  # relkind
    owner: str
    attributes: Mapping[int, Attribute]
    granted: bool  # table-wide SELECT for the role of this snapshot
    children: frozenset[Oid] = frozenset()  # direct: pg_inherits
    parents: frozenset[Oid] = frozenset()
    depends: frozenset[Oid] = frozenset()  # relations read by its view rule and its row-security policies
    named: Mapping[Oid, int] = field(default_factory=dict)  # how often a view's rule names each relation
    depends_columns: frozenset[tuple[Oid, int]] = frozenset()  # columns those read; attnum 0 = whole row
    policies: frozenset[tuple[Oid, int]] = frozenset()  # columns that row-security policies on it read
    row_security: bool = False
    rules: bool = False  # rewrite rules beside a view's own
    triggers: tuple[Trigger, ...] = ()
    references: tuple[Reference, ...] = ()  # foreign keys that point here
    links: tuple[Link, ...] = ()  # foreign keys that start here
    key: tuple[int, ...] = ()  # attnums of the primary key, in its order
    sequences: frozenset[Oid] = frozenset()  # owned by its columns: serial and identity
    numbered: frozenset[int] = frozenset()  # attnums that a sequence numbers: those, and by a default
    indexes: tuple[Index, ...] = ()
    checks: tuple[frozenset[int], ...] = ()  # attnums in each CHECK; 0 is the whole row
    partition_key: frozenset[int] = frozenset()
    published: tuple[str, ...] = ()  # publications by which its changes leave the database
    code: frozenset[Oid] = frozenset()  # own functions that its CHECKs, indexes, defaults, WHEN clauses, keys call
    options: frozenset[str] = frozenset()  # reloptions: security_barrier, security_invoker
    generated_from: Mapping[int, frozenset[int]] = field(default_factory=dict)
    definition: str = field(default="", repr=False)  # pg_get_viewdef under an empty path
    weight: int = 0  # octets its expansion adds to a dump
    comment: str = ""

    @property
    def qualified(self) -> str:
        """Schema and name with a dot, unquoted: the Thing's name."""
        return f"{self.schema}.{self.name}"

    @property
    def column(self) -> Mapping[str, Attribute]:
        """Attributes by name."""
        return {attribute.name: attribute for attribute in self.attributes.values()}


# What a range or multirange type brings along, by md5(prosrc): src/backend/catalog/pg_type.c, typecmds.c of PostgreSQL.
CONSTRUCTORS: Final = frozenset(
    md5(name.encode(), usedforsecurity=False).hexdigest()
    for name in (
        "range_constructor2",
        "range_constructor3",
        "multirange_constructor0",
        "multirange_constructor1",
        "multirange_constructor2",
    )
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """A pg_proc row."""

    oid: Oid
    schema: str
    name: str
    arguments: str  # types of its arguments, as format_type prints them under an empty path
    kind: str  # prokind: f, p, a, w
    volatility: str  # i, s, v
    language: str
    definer: bool
    extension: str | None
    owner: str
    source: str  # md5(prosrc)
    types: tuple[Oid, ...]  # argument types, then the result type
    support: frozenset[Oid] = frozenset()  # of an aggregate: its transition, final, combine … functions
    executable: bool = True  # by the role of this snapshot
    body: str = field(default="", repr=False)  # of SQL-language functions only: prosrc, or its SQL-standard form
    names: tuple[str, ...] = ()  # of its arguments, "" without one
    scalar: bool = False  # one value from IN arguments alone, under the caller's own settings
    silent: bool = False  # IN arguments alone: nothing is handed back by others

    @property
    def constructs(self) -> bool:
        """Whether it is the constructor of a range type, which the server itself made beside the type."""
        return self.language == "internal" and self.source in CONSTRUCTORS

    @property
    def signature(self) -> str:
        """Name and argument types, no schema."""
        return f"{self.name}({self.arguments})"

    @property
    def identity(self) -> str:
        """Schema, name and argument types: "care.age_band(date)"."""
        return f"{self.schema}.{self.signature}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A pg_type row and what it is made of."""

    oid: Oid
    schema: str
    name: str
    kind: str  # typtype: b, c, d, e, m, p, r
    category: str
    element: Oid | None  # of an array; of a range its subtype, of a multirange its range
    base: Oid | None
    fields: tuple[Oid, ...]  # of a composite
    functions: frozenset[Oid]  # called by a domain's CHECKs, a range's canonical and subtype functions
    extension: str | None
    relation: Oid | None = None  # typrelid
    label: str = ""  # format_type under an empty path: "integer", "care.mood", "text[]"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One load of the catalogs under one role; immutable, replaced whole."""

    system: str  # system_identifier
    database: str
    version: int  # server_version_num
    role: str
    search_path: tuple[str, ...]  # effective for relations, pg_catalog first, pg_temp never
    relations: Mapping[Oid, Relation]
    routines: Mapping[Oid, Routine]
    operators: Mapping[Oid, Oid]  # pg_operator.oid -> oprcode
    types: Mapping[Oid, Type]
    stamp: Mapping[Oid, str]  # relation, routine, type -> digest of the catalog rows it stands on (sql.md 1.1)
    owned_schemas: frozenset[str] = frozenset()  # schemas that `assent harden` made, by their owner
    names: Mapping[tuple[str, str], Oid] = field(default_factory=dict)  # (schema, name) -> relation
    roles: frozenset[str] = frozenset()  # Assent's own: of reads, of changes, the owner of the masking views
    pure: Mapping[Oid, frozenset[Oid]] = field(
        default_factory=dict
    )  # own routines a read may use -> what they stand on
    callable: frozenset[Oid] = frozenset()  # procedures that an operator registered, with the body looked at
    hooks: tuple[Hook, ...] = ()
    methods: Mapping[Oid, frozenset[Oid]] = field(
        default_factory=dict
    )  # operator, type, relation -> own functions that sorting, hashing and scanning by it run
    changed: Mapping[str, str] = field(default_factory=dict)  # registered, but not so -> what it is now

    def find(self, schema: str | None, name: str) -> Relation | None:
        """Resolve a name as the server does: by its schema, else along the search path."""
        for candidate in (schema,) if schema is not None else self.search_path:
            oid = self.names.get((candidate, name))
            if oid is not None:
                return self.relations[oid]
        return None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """An effective tag of one column: declared, or spread to it."""

    tag: str
    mask: str  # kind of mask, "free_text" for columns that only detectors look at
    why: str  # "declared", "child of public.customers", "generated from email" …


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregable:
    """A column whose raw values may enter aggregates over many people, bound to one Snapshot."""

    word: Aggregation
    subject: int  # attnum of what tells people apart


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """Effective tags over one Snapshot, and what takes a tainted relation's place. Made only by `core.masking`."""

    tags: Mapping[Oid, Mapping[int, Tagged]]  # free_text included
    tainted: frozenset[Oid]  # replaced when named and touched
    closed: Mapping[Oid, str]  # refused, and the sentence why
    shut: str = ""  # the whole Source is closed, and why
    replacement: Mapping[Oid, str] = field(default_factory=dict)  # SQL name of the masking view, or "(SELECT …)"
    replacement_only: Mapping[Oid, str] = field(default_factory=dict)  # the same under ONLY
    raw_views: frozenset[Oid] = frozenset()  # tainted views that keep their own body: masked by tags of their own
    lifted: frozenset[tuple[Oid, int]] = frozenset()  # tagged columns that a reviewed unmasking shows as they are
    policied: frozenset[Oid] = frozenset()  # rows shown by a policy over protected columns: nothing of them is unmasked
    enforced: bool = False  # the database withholds raw columns itself; else a spliced text must be proven
    index_order: frozenset[Oid] = frozenset()  # index scans off when these are read (masking.md 8)
    aggregated: Mapping[tuple[Oid, int], Aggregable] = field(default_factory=dict)  # columns open to aggregates
    looked_up: frozenset[tuple[Oid, int]] = frozenset()  # columns that an operator opened to look-ups by token
    version: str = ""  # hash of the effective tags and masks: part of every tree digest

    def touched(self, relation: Oid, numbers: frozenset[int]) -> Mapping[int, Tagged]:
        """Masked tags among the given attnums (0: the whole row)."""
        tags = self.tags.get(relation, {})
        return {
            number: tagged
            for number, tagged in tags.items()
            if tagged.mask != "free_text" and (0 in numbers or number in numbers)
        }
