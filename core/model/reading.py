"""What a statement would do, or why it was not understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, final

from core.model.ids import Digest
from core.model.source import Dialect

AGGREGATE: Final = "aggregate"  # told of many people together only: the kind that stands on such a result column
FREE_TEXT: Final = "free_text"  # the kind of mask that is none at the source: detectors look at the values


class Verb(StrEnum):
    """What a statement does to a Thing, from harmless to never."""

    READ = "read"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    DEFINE = "define"
    GRANT = "grant"
    RUN = "run"
    CONTROL = "control"


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Thing:
    """What is touched: kind (table, view, catalog, function, schema, role, setting, …) and qualified name."""

    kind: str
    name: str


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Pair:
    """One thing and one verb: what a policy rule covers."""

    thing: Thing
    verb: Verb


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Column:
    """A stored column by its relation's qualified name ("public.customers") and its own."""

    relation: str
    name: str


class Fact(StrEnum):
    """What reading found besides things and verbs; weights and sentences stand in `core.policy.facts`."""

    NO_WHERE = "no_where"
    ALL_ROWS = "all_rows"
    PREDICATE_ON_PROTECTED = "predicate_on_protected"
    ASSIGNS_PROTECTED = "assigns_protected"
    COPIES_PROTECTED = "copies_protected"
    TELLS_OF_PROTECTED = "tells_of_protected"
    CASCADES = "cascades"
    FIRES_TRIGGERS = "fires_triggers"
    FIRES_RULES = "fires_rules"
    VIA_VIEW = "via_view"
    LOCKS_ROWS = "locks_rows"
    LOCKS_TABLE = "locks_table"
    NOT_TRANSACTIONAL = "not_transactional"
    UNCOUNTED = "uncounted"
    UNREGISTERED_CODE = "unregistered_code"
    REPLACES_CODE = "replaces_code"
    LOOKS_UP = "looks_up"
    TAGS_MUST_BE_REVIEWED = "tags_must_be_reviewed"
    ROW_POLICY = "row_policy"
    AS_IT_WAS = "as_it_was"


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mask:
    """A stored column whose values are not shown as they are: its tag and the kind of mask (hide, token, last4, …)."""

    column: Column
    tag: str
    kind: str

    @property
    def name(self) -> str:
        """The column's qualified name, as rules, cards and the Journal write it."""
        return f"{self.column.relation}.{self.column.name}"

    @property
    def at_source(self) -> bool:
        """The source itself masks it; free text comes as it is, and detectors look at it afterwards."""
        return self.kind != FREE_TEXT


class Form(StrEnum):
    """How a read is answered."""

    ROWS = "rows"
    PLAN = "plan"  # EXPLAIN: the planner's plan in our own words
    SETTING = "setting"  # SHOW: by a constant text of ours


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Copy:
    """Values of one protected column written into another one of the same tag."""

    source: Column
    target: Column

    @property
    def name(self) -> str:
        """Both columns, as a rule names them."""
        return f"{self.source.relation}.{self.source.name} -> {self.target.relation}.{self.target.name}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What a statement shares with others of its shape, which differ in the values of plain equalities alone."""

    shape: Digest  # of the parser's tree with such values left open, and of all that it stands on
    chosen: bool = False  # its own WHERE says which rows
    values: tuple[int, ...] = ()  # parameters, from 1, that stand elsewhere: their values belong to the shape
    opened: tuple[tuple[str | int, ...], ...] = ()  # per place left open: the literals' type, or the parameters there


@final
class Likened:
    """A Likeness that is worked out when it is first asked for: what is allowed without people needs none.

    It stands for what it gives: equal to it, and of its hash.
    """

    __slots__ = ("_made", "_work")

    def __init__(self, work: Callable[[], Likeness]) -> None:
        """`work` is pure, and raises nothing."""
        self._work: Final = work
        self._made: Likeness | None = None

    @property
    def made(self) -> Likeness:
        """The Likeness itself."""
        if self._made is None:
            self._made = self._work()
        return self._made

    def __eq__(self, other: object) -> bool:
        """Compare what is given."""
        return self.made == (other.made if isinstance(other, Likened) else other)

    def __hash__(self) -> int:
        """Hash what is given."""
        return hash(self.made)

    def __repr__(self) -> str:
        """Show what is given."""
        return repr(self.made)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the statement would do. Made only by `core.classify`; `witnessed` when the source itself agreed."""

    dialect: Dialect
    statement: str = field(repr=False)  # the agent's own text
    text: str = field(repr=False)  # what would run: that text byte for byte, or with masks at the source
    pairs: frozenset[Pair]
    columns: frozenset[Column] = frozenset()  # used anywhere in it; a whole row is every column
    functions: frozenset[str] = frozenset()  # identity: "pg_catalog.lower(text)"; offline: the name as written
    facts: frozenset[Fact] = frozenset()
    masks: frozenset[Mask] = frozenset()  # every tagged column of the replaced relations; free text in use
    unmasked: frozenset[Mask] = frozenset()  # columns in use that `text` shows as they are: a reviewed unmasking
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)  # thing's name -> tags of its used columns
    outputs: tuple[frozenset[Column], ...] = ()  # per result column: the stored columns it derives from
    lookups: tuple[Column, ...] = ()  # per value that is looked up by its token: the column
    copies: frozenset[Copy] = frozenset()  # of protected values: only a rule that names both columns asks about one
    aggregated: frozenset[Column] = frozenset()  # told as aggregates over many people, and in no other way
    also: tuple[str, ...] = ()  # for people: what runs, changes or goes besides, by name
    locks: tuple[str, ...] = ()  # for people: what it locks, how, and what others may do meanwhile
    notes: tuple[str, ...] = ()  # sentences the Answer must carry ("Rows were filtered on masked values of …")
    shape: str = ""  # keywords and names of the schema alone: no value, comment, alias or name that it does not have
    tree: Digest | None = None  # of the witness's tree; None: not witnessed
    likened: Likeness | Likened | None = None  # None: nothing else counts as alike
    witnessed: bool = False
    form: Form = Form.ROWS
    bytes: int | None = None  # that its Source would bill for `text`, as billed; None: it bills none, or cannot say

    @property
    def likeness(self) -> Likeness | None:
        """What else counts as alike; None: nothing does."""
        return self.likened.made if isinstance(self.likened, Likened) else self.likened

    @property
    def verbs(self) -> frozenset[Verb]:
        """All verbs of the statement."""
        return frozenset(pair.verb for pair in self.pairs)

    @property
    def writes(self) -> bool:
        """Anything beyond a read."""
        return self.verbs != {Verb.READ} and bool(self.verbs)

    @property
    def protected(self) -> bool:
        """A tagged column is used anywhere in it."""
        return any(self.tags.values())


class Doubt(StrEnum):
    """Why a text is unreadable; none of these is ever resolved in favour of running it."""

    SYNTAX = "syntax"
    UNKNOWN = "unknown"  # a construct outside the closed lists
    SEVERAL = "several"  # not exactly one statement
    LIMITS = "limits"  # bytes, depth, relations, weight
    TEXT = "text"  # NUL, lone surrogate, not UTF-8
    PARAMETERS = "parameters"
    FUNCTION = "function"
    CATALOG = "catalog"
    PROTECTED = "protected"  # what no mask can hide
    LAUNDERS = "launders"
    DISAGREE = "disagree"  # two witnesses differ
    MISSING = "missing"  # an object that is not there, or not for this role
    CLOSED = "closed"  # the table or the Source is closed until an operator acts
    UNAVAILABLE = "unavailable"  # no witness could be heard


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What a name that is not there may have meant; told only to a Caller who may see `table` ("": to anyone)."""

    sentence: str
    table: str = ""
    kind: str = "table"
    tags: frozenset[str] = frozenset()  # on the table's columns


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A text that was not understood completely: refused before policy."""

    doubt: Doubt
    sentence: str  # public: names the construct and what would be allowed; nothing from the database
    detail: str = ""  # for operators and the Journal: both accounts of a disagreement
    hints: tuple[Hint, ...] = ()  # best first
