"""What reading a PostgreSQL text passes from step to step; nothing here decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias, final

from core.catalog import Oid
from core.model import Column, Doubt, Fact, Pair, Reading, Unreadable, Verb

Node: TypeAlias = "Mapping[str, Node] | list[Node] | str | int | float | bool | None"  # libpg_query's JSON tree

Fields: TypeAlias = "Mapping[str, Node]"

TREES: Final = frozenset({"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"})
IDLE: Final = frozenset({Verb.UPDATE})  # a MERGE whose every action is DO NOTHING: it locks its target as a change does


class Doubted(Exception):
    """A text is not understood completely; becomes `Unreadable` where the room is left."""

    def __init__(self, doubt: Doubt, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.unreadable: Final = Unreadable(doubt=doubt, sentence=sentence, detail=detail)


class Access(StrEnum):
    """Which role and transaction a text needs."""

    READ = "read"  # read role, READ ONLY; witnessed
    WRITE = "write"  # write role; witnessed inside READ ONLY, runs READ WRITE
    UTILITY = "utility"  # write role; the server shows no analysed tree


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A relation as the text names it (a range variable that is no CTE); offsets are bytes of the UTF-8 text."""

    schema: str | None
    name: str
    alias: str | None
    start: int
    only: bool  # ONLY: children are left out
    columns: bool = False  # the alias renames columns
    sampled: bool = False  # TABLESAMPLE
    target: bool = False  # of INSERT, UPDATE, DELETE, MERGE
    verbs: frozenset[Verb] = frozenset()  # what the text does to it; empty where a utility names it


@final
class Like:
    """What texts share that differ in plain constants alone: nothing but that they do."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """One statement by the parser's word alone: closed shape, resolved scope, nothing from the database."""

    text: str = field(repr=False)
    parameters: int  # $1..$n, each used
    root: str  # node name of the grammar: "SelectStmt", "ExplainStmt", "VariableShowStmt", …
    access: Access
    verbs: frozenset[Verb]
    names: tuple[Named, ...]
    functions: tuple[tuple[str, ...], ...] = ()  # name parts as written, in text order
    facts: frozenset[Fact] = frozenset()
    pairs: frozenset[Pair] = frozenset()  # things as written, beside those of `names` and `functions`
    columns: tuple[tuple[str, ...], ...] = ()  # column references as written
    references: tuple[tuple[int, tuple[str, ...]], ...] = ()  # column references by byte offset
    tree: Mapping[str, Node] = field(default_factory=dict, repr=False)  # fields of the root node
    explains: Explained | None = None  # an EXPLAIN of a read
    told: tuple[Told, ...] = ()  # aggregates of protected numbers over many people, where that is all it asks of them
    inside: Parsed | None = None  # the query of CREATE TABLE AS, SELECT INTO, CREATE VIEW: witnessed as a read
    looked: Looked | None = None  # a text in which parameters stand for look-ups; `parameters` counts them
    like: Like | None = field(default=None, compare=False, repr=False)  # shared with texts of other plain constants
    constants: tuple[bytes, ...] = field(default=(), compare=False, repr=False)  # these, where it was read by its like

    @property
    def witnessed(self) -> bool:
        """The server answers Parse of this text with a rewritten tree that `witness` reads; else pass dump ""."""
        if self.explains is not None or self.inside is not None:
            return True
        return self.root in TREES and self.access is not Access.UTILITY

    @property
    def heard(self) -> str:
        """The text that the server is asked to analyse."""
        if self.inside is not None:
            return self.inside.text
        return self.text if self.explains is None else self.explains.inner.text

    @property
    def written(self) -> str:
        """The agent's own text."""
        return self.text if self.looked is None else self.looked.text


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The text that asked for look-ups, and the values it looks up by: they go into no text and no log."""

    text: str = field(repr=False)
    values: tuple[str, ...] = field(repr=False)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One call of an aggregate over a protected column: its bytes, the column, and what stands instead."""

    start: int
    end: int
    column: str
    text: str
    name: str | None  # of the result column, where the call is all of it and the text gives none


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A value compared with a column: what its token must be made for."""

    column: Column
    base: Oid  # type of the column under its domains
    tag: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What an EXPLAIN explains, and how."""

    inner: Parsed
    analyze: bool
    ignored: bool  # other options are written


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Pad:
    """One mask key that a spliced text takes as a parameter: of a tag, the inner or the outer pad (RFC 2104)."""

    tag: str
    outer: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A masked subselect as the server is asked to analyse it alone: what may stand for one tainted relation."""

    text: str = field(repr=False)
    pads: tuple[Pad, ...]  # what its $1, $2, … are


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Spliced:
    """The text that would run, and its own parse."""

    text: str = field(repr=False)
    parsed: Parsed
    replaced: frozenset[Oid]
    pads: tuple[Pad, ...] = ()  # its parameters after the Call's own
    models: tuple[Model, ...] = ()  # what each replaced relation must be analysed as
    uses: int = 0  # aggregates of protected numbers that its text holds


class Reach(StrEnum):
    """How the catalogs extend what a definition names."""

    FALLS = "falls"  # CASCADE: all that depends on it
    SCHEMA = "schema"  # ON ALL … IN SCHEMA


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reaches:
    """What the catalogs must be asked before a definition is read: objects as `pg_get_object_address` takes them."""

    kind: Reach
    objects: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]  # type, names, arguments
    optional: bool = False  # IF EXISTS: one that is not there is passed over
    cascades: bool = False  # what depends on them goes as well; else the server refuses
    rights: tuple[str, ...] = ()  # of a GRANT: what it hands on; none: ALL


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Fallen:
    """One object that a definition reaches, as the catalogs list it (`pg_identify_object`)."""

    kind: str  # "table", "view", "table constraint", "function", …
    identity: str
    oid: Oid
    relation: Oid  # the relation that it is, or is a part of; 0: none
    described: Oid  # the relation that statistics are of, which stays; 0: none
    named: bool  # the statement itself names it
    apart: bool  # goes by CASCADE alone; else it is a part of something that goes
    part: bool = False  # a column, constraint, trigger … of `relation`


class Right(StrEnum):
    """How the server is asked whether a role may: by its own functions, or by who owns."""

    TABLE = "table"  # of the whole table
    COLUMNS = "columns"  # of the whole table, or of each of these columns
    ANY = "any"  # of the table, or of any column
    SEQUENCE = "sequence"
    SCHEMA = "schema"
    DATABASE = "database"
    ROUTINE = "routine"
    TYPE = "type"
    LANGUAGE = "language"  # by its name; only trusted ones are for others than superusers
    SETTING = "setting"  # by its name: to set it for a function
    SUPERUSER = "superuser"
    RELATION_OWNER = "owner"
    ROUTINE_OWNER = "routine owner"
    TYPE_OWNER = "type owner"
    SCHEMA_OWNER = "schema owner"
    STATISTICS_OWNER = "statistics owner"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A right that a change needs of the role that it runs as; else the server would refuse, after people said yes.

    Of what is owned `privilege` is one that does in the owner's place; `drops`: that of its schema may as well.
    """

    right: Right
    on: Oid | str  # object id; a name of what has none in the Snapshot
    privilege: str = ""
    columns: tuple[int, ...] = ()
    drops: bool = False
    role: Oid | None = None  # the owner of a view that was expanded; None: the role of changes itself
    what: str = field(default="", compare=False)  # what it may not, in words


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """A Reading that parser and server agree on, and what it stands on."""

    reading: Reading
    closure: frozenset[Oid]  # relations, functions, types whose catalog rows must stay as they were
    index_scans_off: bool  # an index could order rows by protected values: plan without index scans
    lookups: tuple[Lookup, ...] = ()  # their tokens are bound behind the Call's parameters
    owes: Spliced | None = None  # masked in the text alone and not proven yet: the Reading is not witnessed until then
    pads: tuple[Pad, ...] = ()  # parameters of `reading.text` after the Call's own
    targets: frozenset[Oid] = frozenset()  # relations whose rows a change is about, children included
    masks: frozenset[str] = frozenset()  # kinds of mask of the columns that a write assigns
    resolves: bool = False  # looks names up as it runs, so that a name may be denied though the reading was right
    runs_own: bool = False  # runs code of the database's own, which may raise any error
    reaches: Reaches | None = None  # to be asked of the catalogs: not witnessed until then
    listed: tuple[Fallen, ...] = ()  # what they said
    needs: frozenset[Need] = (
        frozenset()
    )  # rights that a change takes, to be asked of the server before people are asked
