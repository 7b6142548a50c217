"""Every noun of the line, in the order a call meets them: frozen, without I/O, made only where its docstring says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final, NewType, TypeAlias, final

CallId = NewType("CallId", str)  # call_ and 26 letters of RFC 4648 base32: 130 random bits
ReviewId = NewType("ReviewId", str)  # rev_…
SessionId = NewType("SessionId", str)  # ses_…
PayloadId = NewType("PayloadId", str)  # pay_…
ActId = NewType("ActId", str)  # act_…
GrantId = NewType("GrantId", str)  # gr_…
Digest = NewType("Digest", str)  # SHA-256, 64 lower-case hex digits
Door = NewType("Door", str)  # where a Call came in: a word of that door's own code

Scalar: TypeAlias = "str | int | float | bool | None"
Parameters: TypeAlias = "tuple[Scalar, ...] | Mapping[str, Scalar]"
Cell: TypeAlias = "None | bool | int | float | str | tuple[Cell, ...]"
Json: TypeAlias = "None | bool | int | str | Sequence[Json] | Mapping[str, Json]"

AGGREGATE: Final = "aggregate"  # told of many people together only: the kind that stands on such a result column
FREE_TEXT: Final = "free_text"  # the kind of mask that is none at the source: detectors look at the values
WEAKER: Final = "masks are put into the text: the database would show raw values if our reading were wrong"
TIB: Final = 2**40  # bytes
MILLIONTHS: Final = 10**6  # of a price: the unit in which budgets count it
STATEMENT_BYTES: Final = 65_536  # UTF-8; the parser's crash rules were measured up to here


# ---------------------------------------------------------------- Call


class Tool(StrEnum):
    """What the agent asked for: the eight tools of the MCP door."""

    LIST_SOURCES = "list_sources"
    SEARCH_SCHEMA = "search_schema"
    DESCRIBE_TABLE = "describe_table"
    QUERY = "query"
    EXECUTE = "execute"
    CHECK = "check"
    COLLECT = "collect"
    CANCEL = "cancel"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the client says about itself: for grouping and display, never identity, never policy."""

    conversation: tuple[str, str] | None = None  # (name of the key, value), at most 200 characters
    client: str | None = None  # self-given name and version
    agent: str | None = None  # User-Agent
    address: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What arrived; nothing of it is trusted. Made only by a door."""

    id: CallId
    door: Door
    tool: Tool
    source: str
    received_at: datetime
    statement: str = field(default="", repr=False)
    parameters: Parameters = field(default=(), repr=False)
    purpose: str = field(default="", repr=False)
    bearer: str | None = field(default=None, repr=False)
    hints: Hints = field(default_factory=Hints)


# ---------------------------------------------------------------- Caller


class Kind(StrEnum):
    """What the issuer's `person_when` proved; all that is not proven is a machine."""

    PERSON = "person"
    MACHINE = "machine"


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Person:
    """One human: comparable only within one directory."""

    directory: str
    id: str

    def __str__(self) -> str:
        return f"{self.directory}:{self.id}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as a verified token says. Made only by `core.identity`."""

    issuer: str
    subject: str
    client: str  # the agent's client id; "" when the token names none
    kind: Kind
    person: Person | None  # of a machine: None
    owner: Person | None  # of a configured machine: who answers for it
    email: str | None  # only when the issuer says verified
    groups: frozenset[str]
    scopes: frozenset[str]
    authenticated_at: datetime | None  # auth_time
    expires_at: datetime
    actor: str = ""  # `act.sub` (RFC 8693 4.1): who acts for the subject, when the token says so; recorded only
    accounts: frozenset[Person] = frozenset()  # of that human, where several are joined: the token's among them

    @property
    def principal(self) -> tuple[str, str, str]:
        """What makes two Calls come from the same party: issuer, subject, client."""
        return (self.issuer, self.subject, self.client)

    @property
    def name(self) -> str:
        """For people; never compared."""
        return self.email or self.subject


# ---------------------------------------------------------------- Source and Session


class Dialect(StrEnum):
    """The SQL that a Source speaks."""

    POSTGRES = "postgres"
    BIGQUERY = "bigquery"


JOBS: Final = frozenset({Dialect.BIGQUERY})  # what runs there is a job, which commits by itself and costs


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregation:
    """How a protected number may be told over many people; an operator's word per column."""

    people: int  # least number of distinct subjects in each group
    functions: frozenset[str]  # of count, avg, sum
    subject: str  # column of the same table that tells people apart
    round: int  # avg and sum are rounded to multiples of this; counts down to multiples of `people`
    per_day: int  # statements of one Caller


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A configured database, without its secrets. Made only by `core.settings`."""

    name: str
    dialect: Dialect
    tags: Mapping[str, str]  # "schema.table.column" or "schema.table.*" -> tag
    enforced: bool  # masks by the database itself; False is the acknowledged weaker form
    description: str = ""
    looked_up: frozenset[str] = frozenset()  # columns open to look-ups by token
    looks_per_day: int = 0  # values that one Caller may look up in a day, found or not
    phone_regions: tuple[str, ...] = ("US", "GB", "DE", "FR")  # whose numbers its free text may hold without "+"
    findings: bool = False  # whether detectors look at untagged text and tell an operator
    aggregated: Mapping[str, Aggregation] = field(default_factory=dict)  # columns open to aggregates over many people
    price_per_tib: Decimal | None = None  # of what it bills by the byte; None: it does not, or nobody said
    currency: str = "USD"
    channel: str | None = None  # conversation of its cards, where no rule names another

    def price(self, billed: int | None) -> Decimal | None:
        """What so many bytes cost; None: nobody can tell."""
        return None if billed is None or self.price_per_tib is None else self.price_per_tib * billed / TIB


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The run of Calls by one Caller and one agent client that belong together."""

    id: SessionId
    principal: tuple[str, str, str]
    began_at: datetime


# ---------------------------------------------------------------- Reading


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
    likeness: Likeness | None = None  # None: nothing else counts as alike
    witnessed: bool = False
    form: Form = Form.ROWS
    bytes: int | None = None  # that its Source would bill for `text`, as billed; None: it bills none, or cannot say

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


# ---------------------------------------------------------------- Verdict


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A rule and one sentence; rule "" is the house's own (closed by default, never allowed)."""

    rule: str
    sentence: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The smallest of all rules that matched."""

    returned_rows: int = 200
    returned_bytes: int = 65_536  # of the answer's JSON text
    affected_rows: int | None = None  # all tables together, cascades and triggers included
    target_rows: int | None = None  # of the statement's own target: the number that was counted before deciding
    timeout: timedelta = timedelta(seconds=30)
    billed_bytes: int | None = None


class Measure(StrEnum):
    """What a budget counts; of each a whole number of the unit that stands behind it."""

    ROWS = "rows"  # shown or changed, whichever is more
    RETURNED_BYTES = "returned_bytes"  # of the answer's JSON text
    BYTES = "bytes"  # billed by the Source
    PRICE = "price"  # millionths of the Source's currency
    TIME = "time"  # milliseconds that the Source took
    LOOKUPS = "lookups"  # values looked up by their token
    AGGREGATES = "aggregates"  # statements of totals over protected columns


def millionths(price: Decimal) -> int:
    """Count a price in whole millionths, rounded up."""
    return int((price * MILLIONTHS).to_integral_value(rounding=ROUND_CEILING))


class Period(StrEnum):
    """For how long a budget is: from each full hour, or from each midnight, UTC."""

    HOUR = "hour"
    DAY = "day"


class Per(StrEnum):
    """Who has one account of a budget, apart from all others."""

    CALLER = "caller"  # a person, through whatever agent; a machine by itself
    GROUP = "group"
    AGENT = "agent"
    SOURCE = "source"


class OnApproval(StrEnum):
    """Who begins an approved statement: the executor at once, or the requester's next request."""

    RUN = "run"
    HOLD = "hold"


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Seat:
    """Votes needed from one group of the configuration."""

    group: str
    count: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Allow:
    """Every pair is covered by a rule and none asks. Made only by `core.policy`."""

    reasons: tuple[Reason, ...]
    limits: Limits


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How far a grant reaches at most; rows are those shown or those changed, whichever are more."""

    uses: int
    rows: int  # of one use
    total: int  # rows of all uses together
    time: timedelta

    def least(self, *others: Caps) -> Caps:
        """Return the smallest of each."""
        every = (self, *others)
        return Caps(
            uses=min(one.uses for one in every),
            rows=min(one.rows for one in every),
            total=min(one.total for one in every),
            time=min(one.time for one in every),
        )

    def within(self, most: Caps) -> bool:
        """Whether it reaches somewhere, and nowhere further than another."""
        return min(self.uses, self.rows, self.total) > 0 and self.time > timedelta(0) and self.least(most) == self


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """People decide. Made only by `core.policy`."""

    reasons: tuple[Reason, ...]
    limits: Limits
    seats: tuple[Seat, ...]
    on_approval: OnApproval = OnApproval.RUN
    expires: timedelta = timedelta(minutes=15)
    unmask: frozenset[str] = frozenset()
    channel: str | None = None
    grant: Caps | None = None  # how far people may let its shape run without being asked again; None: not at all


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Nothing runs. Made only by `core.policy`; `code` is stable and public."""

    reasons: tuple[Reason, ...]
    code: str
    advice: str = ""  # what would be allowed instead


Verdict: TypeAlias = Allow | Ask | Refuse


# ---------------------------------------------------------------- Review


class State(StrEnum):
    """Where a Review stands: a projection of the Journal's slots, cached in its row."""

    PENDING = "pending"
    APPROVED = "approved"
    EXECUTING = "executing"
    EXECUTED = "executed"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"
    DENIED = "denied"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVOKED = "revoked"


# From each state of a Review, the states it may move to; what has no row is terminal.
MOVES: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.PENDING: frozenset({State.APPROVED, State.DENIED, State.EXPIRED, State.CANCELLED}),
        State.APPROVED: frozenset({State.EXECUTING, State.EXPIRED, State.REVOKED, State.CANCELLED}),
        State.EXECUTING: frozenset({State.EXECUTED, State.FAILED, State.INDETERMINATE, State.CANCELLED, State.EXPIRED}),
        State.INDETERMINATE: frozenset({State.EXECUTED, State.FAILED}),
    }
)


class Decision(StrEnum):
    """What one Vote says."""

    APPROVE = "approve"
    DENY = "deny"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person who acts on the people's side, as proven there; never read from an agent's token."""

    person: Person
    name: str  # for display
    email: str | None  # verified; members of a group may be listed by it
    via: str  # "console:<client>", "slack:T…:U…", "terminal"
    account: Person | None = None  # which of that human's accounts they came with, where several are joined

    @property
    def listed(self) -> str:
        """By what a group's list names them: the account itself, which is no stronger for a human's other ones."""
        return str(self.account or self.person)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One person's decision on one digest. Made only by `core.reviews`, on the people's side."""

    review: ReviewId
    person: Person
    name: str
    seat: str
    decision: Decision
    digest: Digest
    via: str
    at: datetime
    member: str = ""  # the entry of the group's list that made them eligible: compared again at the claim
    reason: PayloadId | None = None
    affected_rows: int | None = None  # may only lower the cap
    grant: Caps | None = None  # of an approval: how far its shape may run without being asked again
    glass: bool = False  # of who answers alone in an emergency: `reason` holds the ticket and why


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything an approval binds; what a card shows and what runs. Kept encrypted, compared by digest."""

    call: CallId
    source: str
    role: str  # the database role it would run as
    statement: str = field(repr=False)
    text: str = field(repr=False)
    parameters: Parameters = field(repr=False)
    masks: frozenset[Mask]
    unmasked: frozenset[Mask] = frozenset()  # shown as they are, by this approval alone
    limits: Limits
    policy: str  # version (hash) of the policy in force
    tree: Digest
    caller: Caller
    tool: Tool
    digest: Digest
    bytes: int | None = None  # that its Source said it would bill, as people saw it; `limits` hold its bound


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A few rows of an UPDATE before and after, through the masks: for reviewers only."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What helps people decide and is not part of the digest. Kept encrypted beside the Question."""

    purpose: str = field(repr=False)
    verbs: tuple[str, ...]
    things: tuple[str, ...]
    facts: tuple[Fact, ...]
    risk: str  # low, medium, high, critical
    reasons: tuple[Reason, ...]
    counted: int | None = None  # rows of the target table, counted
    estimated: int | None = None  # by the planner, and said to be
    protected: bool = False  # no number in the channel
    also: tuple[str, ...] = ()  # what runs besides: triggers, cascades
    locks: tuple[str, ...] = ()  # what it locks, how, and what others may do meanwhile
    undo: str = ""
    sample: Sample | None = None
    agent: str = ""  # configured name of the verified client, or "calls itself …"
    denied: int = 0  # questions about the same things that people denied within a day, whoever asked them


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a grant is of: one shape of statement, who asks through which agent, where, and under which rules."""

    fingerprint: str  # keyed MAC of the shape, of its Source and of every object in it
    principal: tuple[str, str, str]
    source: str
    role: str  # of the database
    masking: str  # hash of the mask plan
    policy: str  # version


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a grant given with a Review would be of, and how far it may reach at most."""

    coverage: Coverage
    most: Caps


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A question to people about one digest: its row, without words. Moved only by `core.reviews`."""

    id: ReviewId
    call: CallId
    request_key: str
    digest: Digest
    state: State
    version: int
    seats: tuple[Seat, ...]
    requester: Person | None
    owner: Person | None
    principal: tuple[str, str, str]
    question: PayloadId
    facts: PayloadId
    risk: str
    on_approval: OnApproval
    channel: str | None
    opened_at: datetime
    expires_at: datetime
    use_by: datetime | None = None
    offer: Offer | None = None  # None: no grant can be given with it


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A standing approval, given with a decided Review: statements of its coverage run without being asked again."""

    id: GrantId
    review: ReviewId
    call: CallId  # of the Review
    coverage: Coverage
    caps: Caps  # the smallest of all approving Votes
    until: datetime
    uses: int = 0
    rows: int = 0  # that its uses have shown or changed
    ended_at: datetime | None = None  # revoked, or ended by a block or a change of policy

    @property
    def left(self) -> int:
        """Rows that a use may still show or change."""
        return min(self.caps.rows, self.caps.total - self.rows)

    def live(self, now: datetime) -> bool:
        """Whether it may be used once more."""
        return self.ended_at is None and now < self.until and self.uses < self.caps.uses and self.left > 0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of a Grant, on the word of those who gave it."""

    grant: Grant
    number: int  # from 1
    votes: tuple[Vote, ...]  # that gave it, of people who may still vote


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a decided Review gives a Permit. Made only by `core.reviews`."""

    review: ReviewId
    digest: Digest
    votes: tuple[Vote, ...]
    use_by: datetime
    affected_rows: int | None = None  # the smallest of all approving Votes


# ---------------------------------------------------------------- Permit


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """The only thing a connector runs. Made only by `core.policy.permit`."""

    call: Call
    caller: Caller
    reading: Reading
    limits: Limits
    text: str = field(repr=False)
    parameters: Parameters = field(repr=False)
    digest: Digest
    attempt: int
    deadline: datetime
    approval: Approval | None = None
    use: Use | None = None  # of a grant, in an Approval's place


# ---------------------------------------------------------------- Rows


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ResultColumn:
    """Name and type of a result column, by position: two may carry one name."""

    name: str
    type: str


class Cut(StrEnum):
    """Why a result holds less than there is."""

    ROWS = "rows"
    BYTES = "bytes"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A transaction or job in the target: what recovery asks for. All as decimal or plain text."""

    xid: str
    system: str  # system_identifier; BigQuery: project
    timeline: str
    backend: str
    affected: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a job was billed, as its Source says once it is over."""

    bytes: int
    slot_milliseconds: int = 0
    cached: bool = False  # the answer was kept from before, and cost nothing


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the source returned; never leaves `core`. Made only by a connector."""

    columns: tuple[ResultColumn, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)
    cut: Cut | None = None
    work: Work | None = None  # of a write: not committed yet
    elapsed: timedelta = timedelta(0)
    bill: Bill | None = None  # of a job; None: its Source has not said


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedColumn:
    """A result column as the agent sees it; `mask` names the kind, None: as the source has it."""

    name: str
    type: str
    mask: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """The only rows a door can render. Made only by `core.masking`."""

    columns: tuple[MaskedColumn, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)
    cut: Cut | None = None
    affected: int | None = None
    hidden: int = 0  # cells that the second net changed
    notes: tuple[str, ...] = ()


# ---------------------------------------------------------------- Answer


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The statement ran; its OUTCOME is durable."""

    call: CallId
    masked: Masked
    limits: Limits
    elapsed: timedelta


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """People have not decided, or an approved statement is still running."""

    call: CallId
    review: ReviewId | None
    state: State  # pending, approved or executing
    sentence: str
    until: datetime | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when to when a Call can be asked about."""

    asked: datetime
    changed: datetime  # when the newest Entry that moved it was written
    until: datetime  # a decision, or a result, is not waited for beyond; later ones may lie further ahead


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing ran; `code` is stable, `sentence` says why and what would be allowed."""

    call: CallId
    code: str
    sentence: str
    reviewer_note: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It ran or tried to; `sentence` says what is known, without database text."""

    call: CallId
    code: str
    sentence: str
    retry_after: timedelta | None = None


Answer: TypeAlias = Answered | Waiting | Refused | Failed


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What would happen, without running or asking: the `check` tool's and `assent check`'s one shape."""

    call: CallId | None
    kind: str  # class: read, write, schema, rights, run, control, unreadable
    verbs: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    verdict: str | None = None  # allow, ask, refuse
    reasons: tuple[Reason, ...] = ()
    plan: str | None = None


# ---------------------------------------------------------------- Evidence


class EntryKind(StrEnum):
    """Kinds of Entries; all are required: no setting filters one."""

    INTENT = "call.intent"
    PREPARED = "call.prepared"
    OUTCOME = "call.outcome"
    RESOLVED = "call.resolved"
    ATTACHED = "call.attached"
    WEIGHED = "call.weighed"
    DISCLOSURE = "disclosure.begin"
    OPENED = "review.opened"
    VOTE = "review.vote"
    DECIDED = "review.decided"
    REVIEW_EXPIRED = "review.expired"
    REVIEW_CANCELLED = "review.cancelled"
    CLAIMED = "review.claimed"
    REVOKED = "review.revoked"
    LAPSED = "review.lapsed"
    PERMIT_GIVEN = "permit.given"
    PERMIT_USED = "permit.used"
    PERMIT_REVOKED = "permit.revoked"
    STOP = "review.stop"
    GLASS_CLOSED = "breakglass.closed"
    SESSION_OPEN = "session.open"
    SESSION_CLOSE = "session.close"
    SESSION_MANIFEST = "session.manifest"
    AUTH_DENY = "auth.deny"
    MINTED = "token.minted"
    LINK_MADE = "link.made"
    LINK_ENDED = "link.ended"
    POLICY_CHANGE = "policy.change"
    CONFIG_CHANGE = "config.change"
    AUDIT_READ = "audit.read"
    AUDIT_EXPORT = "audit.export"
    TICKET_GIVEN = "ticket.given"
    TICKET_USED = "ticket.used"
    DEGRADED_ENTER = "audit.degraded.enter"
    DEGRADED_EXIT = "audit.degraded.exit"
    CLOCK_SKEW = "clock.skew"
    SYSTEM_START = "system.start"
    SYSTEM_STOP = "system.stop"
    RECOVERY = "recovery.run"
    VERIFY = "verify.run"
    ALERT = "alert.raised"
    KEY_ROTATE = "key.rotate"
    KEY_REVOKE = "key.revoke"
    KEY_REWRAP = "key.rewrap"
    RESTORED = "log.restored"
    SHRED = "payload.shred"
    PRUNE = "retention.prune"
    HOLD_SET = "hold.set"
    HOLD_RELEASE = "hold.release"
    BLOCK_SET = "block.set"
    BLOCK_RELEASE = "block.release"
    ACT_PROPOSED = "act.proposed"
    ACT_DECIDED = "act.decided"


class Slot(IntEnum):
    """The one arbiter of exactly-once: (scope, attempt, slot) is unique, first writer wins."""

    INTENT = 0
    PREPARED = 1  # of a Call
    DECISION = 1  # of a Review, of an Act, of a Grant or a ticket that is given (attempt 0)
    OUTCOME = 2  # of a Call
    USE = 2  # of a Review or a ticket (attempt 0), of a Grant: its n-th (attempt n), or its end (attempt 0)
    RESOLVED = 3


class Outcome(StrEnum):
    """What became of one attempt."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    DELIVERED = "delivered"
    PARTLY_DELIVERED = "partly_delivered"
    REFUSED = "refused"
    DENIED = "denied"
    EXPIRED = "expired"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    ERROR = "error"
    NOT_EXECUTED = "not_executed"
    NOT_DELIVERED = "not_delivered"
    UNKNOWN = "unknown"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record of the Journal before it is sealed; the store adds log, time, boot and unit. Made by `core.audit`."""

    kind: EntryKind
    scope: str | None = None  # id of a call, review, act or grant; of a ticket its digest
    attempt: int | None = None
    slot: Slot | None = None
    body: Mapping[str, Json] = field(default_factory=dict)
