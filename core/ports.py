"""What the line needs from the world: Protocols of a few methods, each with a double and a real adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, Protocol, TypeAlias, final

from core.model import (
    ActId,
    Allow,
    Approval,
    Ask,
    Bill,
    Call,
    Caller,
    CallId,
    Checked,
    Decision,
    Digest,
    Entry,
    Facts,
    Identity,
    Json,
    Limits,
    Masked,
    Measure,
    Outcome,
    Parameters,
    PayloadId,
    Per,
    Period,
    Permit,
    Person,
    Question,
    Reading,
    Review,
    ReviewId,
    Rows,
    Sample,
    Session,
    SessionId,
    Source,
    State,
    Unreadable,
    Verdict,
    Vote,
    Work,
)

# ---------------------------------------------------------------- time and identity


class Clock(Protocol):
    """UTC now; the line never asks the operating system itself."""

    def now(self) -> datetime:
        """Return an aware instant in UTC."""
        ...


class Identities(Protocol):
    """bearer -> Caller."""

    async def caller(self, bearer: str | None) -> Caller:
        """Verify a bearer token for the agents' audience.

        Raises: Unauthenticated for anything wrong with it, IdentityUnavailable when keys cannot be had.
        """
        ...


PeopleScope: TypeAlias = Literal["assent:review", "assent:audit", "assent:operate"]


class Reviewers(Protocol):
    """bearer -> Identity, of the people's side."""

    async def reviewer(self, bearer: str | None, *, scope: PeopleScope) -> Identity:
        """Verify a token of a person who reviews, audits or operates; never one that an agent could use.

        Raises: Unauthenticated, InsufficientScope, StaleSignIn (review and operate want a sign-in of the last five
        minutes), IdentityUnavailable.
        """
        ...


# ---------------------------------------------------------------- sources


class Visit(Protocol):
    """One transaction at a Source, as the role the statement needs; it ends in ROLLBACK but for `commit`."""

    async def read(self) -> Reading | Unreadable:
        """Read the statement by both witnesses; runs nothing of it."""
        ...

    async def run(self, permit: Permit) -> Rows:
        """Run `permit.text` within its limits and take the last look; a write stays uncommitted.

        Raises: Drifted, StatementFailed, DeniedByEngine, TimedOut, CapExceeded, SourceUnavailable.
        """
        ...

    async def plan(self) -> str | None:
        """Show the planner's plan of a read in our own form; None where a tagged relation is named or it is no read."""
        ...

    async def commit(self) -> None:
        """COMMIT a write whose PREPARED is durable.

        Raises: StatementFailed when the engine proves that it rolled back, OutcomeUnknown when no reply came.
        """
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A text and its parameters, as the connector reads them."""

    text: str = field(repr=False)
    parameters: Parameters = field(default=(), repr=False)
    unmask: frozenset[str] = frozenset()  # columns (`Mask.name`) to be shown as they are, if people approve


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column as `describe_table` shows it; `tag` and `mask` say what will be masked."""

    name: str
    type: str
    comment: str = ""
    tag: str | None = None
    mask: str | None = None
    looked_up: bool = False  # rows may be found by `assent_token('…')`


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table or view as the catalogue tools show it."""

    name: str  # qualified
    kind: str
    fields: tuple[Field, ...]
    comment: str = ""
    closed: str = ""  # why reads of it are refused
    keys: tuple[str, ...] = ()  # primary key columns
    references: tuple[str, ...] = ()  # "customer_id -> public.customers.id"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A Source as `list_sources` shows it; `masking` says which form holds, `note` why it is the weaker one."""

    name: str
    dialect: str
    description: str
    masking: str  # enforced, spliced
    tables: int
    note: str = ""


class Fate(StrEnum):
    """What a Source says became of prepared work."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    IN_PROGRESS = "in_progress"
    UNKNOWN = "unknown"  # it can never tell any more: another cluster, too old
    SILENT = "silent"  # unreachable now; ask again


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Rows a write would touch: counted, or estimated by the planner; neither when it cannot be said."""

    counted: int | None = None
    estimated: int | None = None
    sample: Sample | None = None


class Connector(Protocol):
    """One configured Source."""

    @property
    def source(self) -> Source:
        """The Source without its secrets."""
        ...

    @property
    def role(self) -> tuple[str, ...]:
        """Names of the read role, the write role, and the role of reviewed unmasks ("" when there is none)."""
        ...

    def job(self, permit: Permit) -> Work | None:
        """Name the job that a Permit starts, where running it commits; None: nothing lasts before COMMIT."""
        ...

    def visit(self, statement: Statement, *, name: str) -> AbstractAsyncContextManager[Visit]:
        """Open one transaction; `name` is shown in the database ("assent:<call>:<attempt>", at most 63 bytes).

        Raises: SourceUnavailable, Busy.
        """
        ...

    async def tables(self) -> tuple[Table, ...]:
        """Everything a statement may name, with effective tags; the policy narrows it per Caller."""
        ...

    async def fate(self, work: Work) -> Fate:
        """Ask what became of prepared work; ends its backend first when it still runs past its deadline."""
        ...

    async def bill(self, work: Work) -> Bill | None:
        """Ask what a job was billed that is over or never began; None: nothing is billed here, or nobody can tell."""
        ...

    async def end(self, names: frozenset[str]) -> None:
        """End our own transactions of these names, if any is left: they were given up, and only hold locks."""
        ...

    async def impact(self, statement: Statement) -> Impact:
        """Count what a write would touch, where cheap and no protected column is read."""
        ...

    async def sample(self, statement: Statement) -> Sample | None:
        """Show a few rows of an UPDATE before and after, through the masks; None where it cannot be told truly."""
        ...


def acting(connector: Connector, reading: Reading) -> str:
    """Name the role that a Reading runs as."""
    return connector.role[2 if reading.unmasked or reading.aggregated else int(reading.writes)]


# ---------------------------------------------------------------- what the rooms offer each other through the line


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a statement may use at most of one account of a budget."""

    budget: str  # its name
    measure: Measure
    period: Period
    per: Per
    of: str  # group, agent or Source; "" of a caller, whom a pseudonym names
    amount: int
    cap: int


class Judge(Protocol):
    """The policy in force: decides, words the question, and alone makes Permits."""

    @property
    def version(self) -> str:
        """Hash of the policy in force."""
        ...

    def decide(
        self, call: Call, caller: Caller, source: Source, reading: Reading | Unreadable, *, affected: int | None = None
    ) -> Verdict:
        """Decide by the policy in force; what is unreadable is refused."""
        ...

    def charges(self, caller: Caller, source: Source, reading: Reading, limits: Limits) -> tuple[Charge, ...]:
        """Say what a statement may use at most of each budget that it counts against."""
        ...

    def question(self, call: Call, caller: Caller, reading: Reading, verdict: Ask, *, role: str) -> Question:
        """Word what an approval would bind, with its digest."""
        ...

    def facts(
        self, call: Call, caller: Caller, reading: Reading, verdict: Ask, impact: Impact, *, late: bool = False
    ) -> Facts:
        """Gather what helps people decide; no number where a protected column is read, but `late`, once it is asked."""
        ...

    def permit(
        self,
        call: Call,
        caller: Caller,
        reading: Reading,
        verdict: Allow | Ask,
        *,
        role: str,
        attempt: int,
        deadline: datetime,
        approval: Approval | None = None,
    ) -> Permit:
        """Make the one thing a connector runs.

        Raises: Drifted when the approval is for another digest than the one that would run now.
        """
        ...

    def key(self, call: Call, caller: Caller) -> str:
        """Hash of principal, tool, Source, text and parameters: what makes two Calls identical."""
        ...

    def visible(self, caller: Caller, source: Source, tables: Sequence[Table]) -> tuple[Table, ...]:
        """Return the tables this Caller may touch."""
        ...

    def checked(self, call: CallId | None, reading: Reading | Unreadable, verdict: Verdict | None) -> Checked:
        """Word what would happen, without a number that a protected column could influence."""
        ...

    def members(self) -> Mapping[str, frozenset[str]]:
        """Members of every configured group, as of now: verified e-mails or "directory:person id"."""
        ...


class Policies(Protocol):
    """The policy in force in one process, as what follows the store and what changes it see it."""

    @property
    def version(self) -> str:
        """Hash of the policy in force here."""
        ...

    def adopt(self, version: str, text: str) -> None:
        """Put what the store holds in force, at once and whole, and this process's own floor beneath it.

        Raises: ValueError when the text is no policy's, or not the one of this version.
        """
        ...

    def widened(self, text: str) -> tuple[str, ...]:
        """Say by what a policy would let anybody do more than the one in force; sentences that name no person.

        Raises: ValueError.
        """
        ...


class Masker(Protocol):
    """Rows -> Masked."""

    def finish(self, rows: Rows, reading: Reading, source: str) -> Masked:
        """Label what was masked at the source and run the second net for free text."""
        ...


# ---------------------------------------------------------------- data keys


class KeyKind(StrEnum):
    """What a data key is for, and with what it ends."""

    SESSION = "session"  # words or results of one Session at one Source on one day
    CALL = "call"  # an unmasked result that a setting keeps
    PASSING = "passing"  # what one Call needs until it is over, and no setting keeps
    PERSON = "person"  # somebody's name
    STORE = "store"  # pseudonyms: of the store itself, never destroyed


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class KeyScope:
    """What one data key covers; two scopes share no key."""

    kind: KeyKind
    purpose: str  # questions, results: which of [keys] wraps it
    session: str = ""
    source: str = ""
    call: str = ""
    person: str = ""  # pseudonym
    day: int = 0  # days since the epoch, UTC: of its first use


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKey:
    """A data key that has not been destroyed."""

    number: int
    scope: KeyScope


# ---------------------------------------------------------------- the store: one unit of work


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReview:
    """Insert a Review; a request key that is attached already makes the unit `Lost`."""

    review: Review


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MoveReview:
    """Move a Review's cached state if it is still at `version`; else the unit is `Lost`. Queues a redraw."""

    review: ReviewId
    version: int
    to: State
    use_by: datetime | None = None
    attach: bool = True  # an identical Call still attaches


# An identical Call attaches to a Review in one of these states; once its result is handed out, no longer.
ATTACHED: Final = frozenset({State.PENDING, State.APPROVED, State.EXECUTING, State.INDETERMINATE, State.EXECUTED})


def moved(review: Review, to: State, *, use_by: datetime | None = None, above: int = 0) -> MoveReview:
    """Return the move of a Review as it was read; `above` counts raises of its version earlier in the same unit."""
    return MoveReview(review=review.id, version=review.version + above, to=to, use_by=use_by, attach=to in ATTACHED)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """Insert a Vote and raise the Review's version; a second Vote of the person makes the unit `Lost`."""

    vote: Vote
    version: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard:
    """Remember where a card stands and which version it shows."""

    review: ReviewId
    channel: str
    ts: str
    shown: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StoreResult:
    """A masked result that waits for `collect`, until its end."""

    call: CallId
    result: PayloadId
    until: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HandResult:
    """A waiting result was handed to the transport: identical Calls no longer attach."""

    call: CallId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DropResult:
    """A result past its end is gone; an unmasked one was erased before."""

    call: CallId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WantStop:
    """The people's side wishes a claimed Call stopped; a gateway acts."""

    review: ReviewId
    by: str  # pseudonym


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """Take of a budget what an attempt may use at most, in the period in which the store's own clock stands.

    Above `cap` the unit is refused as `BudgetSpent` and nothing of it remains. It counts as used until it is settled.
    """

    call: CallId
    attempt: int = 1
    review: ReviewId | None = None  # whose claim begins the attempt; None: an INTENT does
    account: str  # whose budget of what: no person's name stands in it
    measure: Measure
    period: Period
    amount: int
    cap: int
    name: str = ""  # of the budget, for the sentence of a refusal


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """Give back what an attempt did not use; of what `used` does not name, all that was reserved counts as used.

    Once: a second one, and one without a reservation, change nothing.
    """

    call: CallId
    attempt: int
    used: Mapping[Measure, int]


class ExtentKind(StrEnum):
    """By what evidence is held or erased."""

    SESSION = "session"
    PERSON = "person"
    SOURCE = "source"


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Extent:
    """One Session, one person (by pseudonym) or one Source, with everything of theirs."""

    kind: ExtentKind
    id: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SetHold:
    """Keep everything of an extent, whatever its age, until the hold is released."""

    extent: Extent


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """End a hold; without one the unit is `Lost`."""

    extent: Extent


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shred:
    """Decide that data keys end: `Held` under a hold, `Lost` while a Review needs one; queues the redraw of cards."""

    keys: tuple[LiveKey, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shredded:
    """The keys are destroyed."""

    numbers: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What loosens or destroys, proposed by one operator: `does` names an effect, `of` what it is about, by ids."""

    id: ActId
    does: str
    of: Mapping[str, str]  # ids alone: words are payloads, `note` one's id
    by: Person
    at: datetime
    until: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAct:
    """Insert an Act."""

    act: Act


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAct:
    """End an Act; one that ended, or whose time is over, makes the unit `Lost`."""

    act: ActId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SetTerms:
    """What the retention in force is: days by name ("questions", "results shop")."""

    terms: Mapping[str, int]


class PartyKind(StrEnum):
    """Whom a block stops."""

    ALL = "all"
    PERSON = "person"
    AGENT = "agent"
    SOURCE = "source"


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Party:
    """Everything, one person (by pseudonym, with all their agents), one agent (by client id) or one Source."""

    kind: PartyKind
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value} {self.id}".rstrip()


EVERYTHING: Final = Party(kind=PartyKind.ALL)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Who is stopped, and until when; None: until somebody releases it."""

    party: Party
    until: datetime | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SetBlock:
    """Stop a party from here on; of two ends the later holds, so that no second block shortens a first."""

    block: Block


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EndBlock:
    """Release a block; without one the unit is `Lost`."""

    party: Party


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SetPolicy:
    """Put a policy in force in place of `was` ("": none was); where another is, the unit is `Lost`."""

    version: str
    text: str = field(repr=False)  # canonical, of which `version` is the hash
    was: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TurnKey:
    """Go over to another of [keys]: it was offered and the old one is in use, else the unit is `Lost`."""

    purpose: str
    old: str  # ids in the store
    new: str
    at: datetime | None = None  # of a signing key: when its overlap begins


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RetireKey:
    """Nothing is wrapped by a former key any more; one that is not the former is `Lost`."""

    purpose: str
    name: str


Keeping: TypeAlias = SetHold | ReleaseHold | Shred | Shredded | ProposeAct | DecideAct | SetTerms


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStore:
    """Open a store that was restored from a copy; an open one is `Lost`."""


Standard: TypeAlias = SetBlock | EndBlock | SetPolicy
Budgeted: TypeAlias = Reserve | Settle
Keyed: TypeAlias = TurnKey | RetireKey | OpenStore
Asked: TypeAlias = OpenReview | MoveReview | CastVote | PostCard | StoreResult | HandResult | DropResult | WantStop

Change: TypeAlias = Asked | Budgeted | Keeping | Keyed | Standard


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Entries and operational rows that are durable together, or not at all."""

    entries: tuple[Entry, ...] = ()
    changes: tuple[Change, ...] = ()
    before: datetime | None = None  # guard: `Lost` when the store's clock is not before it
    after: datetime | None = None  # guard: `Lost` when the store's clock is not at or past it
    unblocked: frozenset[Party] = frozenset()  # guard: `Blocked` when one of them is
    policy: str = ""  # guard: `Superseded` when another policy is in force


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What the store made of a unit."""

    at: datetime
    unit: str
    sequences: tuple[int, ...]  # of its entries
    leaves: tuple[str, ...]  # RFC 6962 leaf hashes, hex


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An Entry as it stands in the log; `body` is the exact JSON that was hashed, decoded."""

    sequence: int
    body: Mapping[str, Json]
    leaf: str


class Journal(Protocol):
    """The append-only log, written by units and read back by scope."""

    async def commit(self, unit: Unit) -> Committed:
        """Make a unit durable.

        Raises: SlotTaken, Lost, Blocked, Superseded, BudgetSpent, AuditBusy, AuditUnavailable.
        """
        ...

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        """All Entries of a call or review, in sequence order."""
        ...

    async def open_calls(self) -> tuple[CallId, ...]:
        """Calls with an INTENT and no final OUTCOME: what recovery looks at."""
        ...

    async def indeterminate(self) -> tuple[CallId, ...]:
        """Calls whose OUTCOME is `unknown` and that nothing has resolved, oldest first."""
        ...


class Reviews(Protocol):
    """Operational rows of Reviews; written only by units."""

    async def review(self, review: ReviewId | CallId) -> Review | None:
        """Find by its own id or by its Call's."""
        ...

    async def attached(self, request_key: str) -> Review | None:
        """Find the Review that an identical Call joins."""
        ...

    async def votes(self, review: ReviewId) -> tuple[Vote, ...]:
        """Votes in the order they were cast."""
        ...

    async def in_state(self, *states: State) -> tuple[Review, ...]:
        """Reviews in the given states, oldest first."""
        ...

    async def opened(self, since: datetime, *states: State) -> tuple[Review, ...]:
        """Reviews opened at or after an instant that are in one of these states, in any where none is named."""
        ...


class Results(Protocol):
    """Results that wait for `collect`, and stops that people want; written only by units."""

    async def result(self, call: CallId) -> StoreResult | None:
        """Find the waiting result of a Call, handed out or not; its end is the reader's to check."""
        ...

    async def over(self, now: datetime) -> tuple[CallId, ...]:
        """Calls whose result is past its end."""
        ...

    async def stops(self) -> tuple[tuple[ReviewId, str], ...]:
        """Executing Reviews that somebody wants stopped, and who: their pseudonym."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Where a card stands in a chat."""

    review: ReviewId
    channel: str
    ts: str
    shown: int


class Cards(Protocol):
    """What the chat side keeps: cards on screen, and redraws that wait."""

    async def cards(self, review: ReviewId) -> tuple[Card, ...]:
        """Cards of one Review."""
        ...

    async def stale(self) -> tuple[Review, ...]:
        """Pending Reviews that have no card yet, and Reviews with a card behind their version, oldest first.

        What was decided before it had a card is not among them: nobody asks any more.
        """
        ...


# ---------------------------------------------------------------- payloads


class Role(StrEnum):
    """What a payload is; `result` and `unmasked` are wrapped by the results key, all else by the questions key."""

    STATEMENT = "statement"
    TEXT = "text"
    PARAMETERS = "parameters"
    PURPOSE = "purpose"
    QUESTION = "question"
    FACTS = "facts"
    REASON = "reason"
    RESULT = "result"
    UNMASKED = "unmasked"
    CALLER = "caller"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Bytes to keep encrypted, before the Entry that names them."""

    role: Role
    content: bytes = field(repr=False)


class Recorded(StrEnum):
    """How much of a payload stays when its Call is over; until then what the Call itself needs is kept, encrypted."""

    RECORDED = "recorded"
    HASHED = "hashed"  # a keyed MAC, by which words that somebody brings can be compared
    NONE = "none"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a Source has recorded of its Calls."""

    statement: Recorded = Recorded.RECORDED
    parameters: Recorded = Recorded.RECORDED
    purpose: Recorded = Recorded.RECORDED
    result: Recorded = Recorded.RECORDED
    unmasked: Recorded = Recorded.HASHED  # values that people approved to be shown raw

    def of(self, role: Role) -> Recorded:
        """Say how a role is recorded; what holds several kinds of words goes by the least recorded of them."""
        order = tuple(Recorded)
        match role:
            case Role.STATEMENT | Role.TEXT:
                return self.statement
            case Role.PARAMETERS:
                return self.parameters
            case Role.QUESTION:
                return max(self.statement, self.parameters, key=order.index)
            case Role.PURPOSE | Role.FACTS:
                return self.purpose
            case Role.RESULT:
                return self.result
            case Role.UNMASKED:
                return self.unmasked
            case Role.REASON | Role.CALLER:
                return Recorded.RECORDED


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What an Entry says of a payload: nothing that can be guessed from."""

    id: PayloadId
    role: Role
    size: int  # bytes in clear
    ciphertext: str  # SHA-256 of the stored bytes, hex
    mac: str  # keyed MAC of the plain bytes, hex; "" where not even that is recorded
    key: int  # data key id
    mac_key: int = 0  # of the MAC, where it outlives the payload's own
    kept: int | None = None  # bytes that are stored, where `size` was too large; `mac` is of these
    whole: str = ""  # then the MAC of all

    @property
    def reference(self) -> Mapping[str, Json]:
        """How an Entry names it: `kept` counts the bytes that stand there of what was cut."""
        said: dict[str, Json] = {"id": self.id, "role": self.role.value, "ct_sha256": self.ciphertext, "dek": self.key}
        if self.mac:
            said |= {"len": self.size, "pt_mac": self.mac}
        if self.mac_key:
            said["mac_dek"] = self.mac_key
        if self.kept is not None:
            said |= {"truncated": True, "kept": self.kept, "whole_mac": self.whole}
        return said


class KeyState(StrEnum):
    """Where one of [keys] stands in its life; it only ever goes on to the next."""

    NEXT = "next"  # offered by a process that holds it
    CURRENT = "current"
    FORMER = "former"  # replaced, and something may still be wrapped by it
    RETIRED = "retired"  # nothing is


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NamedKey:
    """One of [keys] as the store knows it: by an id that tells nothing of it."""

    purpose: str
    name: str
    state: KeyState
    public: str = ""  # of a signing key: what verifies its signatures


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The newest checkpoint, and the size of the last one that a witness signed: 0 where none did."""

    size: int
    by: frozenset[str]  # public keys, as `NamedKey.public`
    witnessed: int


class KeyNames(Protocol):
    """Which of [keys] the store was ever under; written by units and at start."""

    async def named(self) -> tuple[NamedKey, ...]:
        """All of them, by purpose and in the order of their lives."""
        ...

    async def size(self) -> int:
        """How many Entries the log holds: from which size on another key may sign."""
        ...

    async def signed(self) -> Signed | None:
        """What was signed last."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrapped:
    """A batch of data keys that went over to another key: how many, the last one looked at, what did not open."""

    keys: int
    last: int  # 0: none is left behind it
    failed: tuple[int, ...] = ()


class Wraps(Protocol):
    """Data keys as they are wrapped."""

    async def turn(self, purpose: str, name: str) -> bool:
        """Wrap every new data key by this one, in all processes from here on; False where that is another's to do."""
        ...

    async def rewrap(self, purpose: str, old: str, new: str, *, after: int) -> Rewrapped:
        """Wrap a batch anew, of numbers above one; a process that holds not both keys raises NotFound."""
        ...

    async def wrapped(self) -> Mapping[tuple[str, str], int]:
        """How many data keys are wrapped by each key, by purpose and id."""
        ...

    async def emptied(self) -> None:
        """Leave no file of the store with a data key as it was wrapped before."""
        ...


class Wrapping(Protocol):
    """One of [keys]: a secret of this process, or a key that never leaves a KMS."""

    @property
    def name(self) -> str:
        """Its id in the store."""
        ...

    async def wrap(self, raw: bytes) -> bytes:
        """Wrap a data key."""
        ...

    async def unwrap(self, wrapped: bytes) -> bytes:
        """Unwrap a data key; what another wrapped raises NotFound."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A payload as an outsider can check it: `HMAC-SHA256(key, content)` is the MAC that its Entry names.

    The key decrypts nothing. It is of every payload of its Session, Source, purpose and day: whoever has it can try
    guesses at those whose Entries they hold.
    """

    id: PayloadId
    role: Role
    content: bytes = field(repr=False)
    key: bytes = field(repr=False)


class Payloads(Protocol):
    """Encrypted payloads, keyed per session and Source, apart for questions and results."""

    async def keep(
        self, call: CallId, session: SessionId, source: str, payloads: Sequence[Payload]
    ) -> tuple[Kept, ...]:
        """Encrypt and make durable, before any Entry names them."""
        ...

    async def open(self, payload: PayloadId) -> bytes:
        """Decrypt; a key this process does not hold, or one destroyed, raises NotFound."""
        ...

    async def opening(self, payload: PayloadId) -> Opening:
        """Decrypt, with the key of its MAC, by which an outsider checks it; raises as `open`."""
        ...


EVER: Final = 2**31 - 1  # later than any day that a key may have


class DataKeys(Protocol):
    """The data keys in use, and their end."""

    async def alive(self, kind: KeyKind | None = None, *, before: int = EVER) -> tuple[LiveKey, ...]:
        """Keys that were not destroyed, of one kind or all, of days before one."""
        ...

    async def destroy(self, numbers: Sequence[int]) -> tuple[int, ...]:
        """Destroy data keys, and say which: a process ends those alone that it may."""
        ...


class Custody(Protocol):
    """What is held, what is being erased, what operators proposed; written only by units."""

    async def holds(self) -> tuple[Extent, ...]:
        """All holds."""
        ...

    async def held(self, keys: Sequence[LiveKey]) -> frozenset[int]:
        """Which of these keys a hold covers."""
        ...

    async def of(self, extent: Extent, keys: Sequence[LiveKey]) -> tuple[LiveKey, ...]:
        """Which of these keys belong to an extent."""
        ...

    async def people(self, sessions: Sequence[str]) -> frozenset[str]:
        """Pseudonyms of who is behind Sessions."""
        ...

    async def voters(self, keys: Sequence[LiveKey]) -> frozenset[Person]:
        """Who voted on a Review whose words are under one of these keys."""
        ...

    async def shredding(self) -> tuple[int, ...]:
        """Keys that are decided to end and are not known to be destroyed."""
        ...

    async def terms(self) -> Mapping[str, int] | None:
        """The retention in force; None: none was ever set."""
        ...


class Closure(Protocol):
    """Whether a store serves."""

    async def closed(self) -> bool:
        """Whether it was restored from a copy and waits for its operators."""
        ...


class Months(Protocol):
    """Payloads by the month in which they came."""

    async def months(self) -> tuple[str, ...]:
        """Months ("202611") that are there and have no key left, but for the one that runs."""
        ...

    async def drop(self, month: str) -> None:
        """Drop a month's payloads, whole."""
        ...

    async def ended(self, numbers: Sequence[int]) -> None:
        """Delete what was sealed under keys that were destroyed, where it does not go with its month."""
        ...


class Standing(Protocol):
    """What operators put in force for every process of the store; written only by units."""

    async def blocks(self) -> tuple[Block, ...]:
        """All blocks, ended ones among them: their end is the reader's to check."""
        ...

    async def policy(self) -> tuple[str, str] | None:
        """The policy in force: its version and its text; None: none was ever put in force."""
        ...

    async def version(self) -> str:
        """The version of the policy in force alone; "": none was ever put in force."""
        ...


class Acts(Protocol):
    """Acts that operators proposed."""

    async def act(self, act: ActId) -> Act | None:
        """Find one that is not decided."""
        ...

    async def acts(self) -> tuple[Act, ...]:
        """All that are not decided, oldest first."""
        ...


class Macs(Protocol):
    """Keyed MACs for what must not be guessable from a hash in the log."""

    def mac(self, label: str, content: bytes) -> str:
        """HMAC-SHA256 under a key derived from `[keys] questions` for this label, hex."""
        ...


class Subjects(Protocol):
    """Who a pseudonym is, kept encrypted apart from the log and destroyed with its key."""

    async def know(self, pseudonym: str, name: str) -> None:
        """Keep a name durably, before an Entry holds its pseudonym."""
        ...

    async def name(self, pseudonym: str) -> str:
        """Return the name, or the pseudonym itself where it was erased or never known."""
        ...

    async def named(self, name: str) -> frozenset[str]:
        """Return every pseudonym that this name stands for, whatever its case; none once it was erased."""
        ...


# ---------------------------------------------------------------- look-ups


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """One Call in a list: what `audit sessions|session` shows without opening payloads."""

    call: CallId
    session: SessionId
    at: datetime
    person: str
    agent: str
    source: str
    tool: str
    verdict: str
    outcome: Outcome | None
    rows: int | None
    masked: int
    sequence: int
    protected: bool = False  # a protected column was read: counts and literals are for auditors
    cut: bool = False  # its Entry held not every name: found by a table, column or rule that it may not have
    shape: str = ""  # of the statement, without values


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One Session in a list."""

    session: SessionId
    began_at: datetime
    last_at: datetime
    person: str
    agent: str
    calls: int
    refused: int
    rows: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which Calls are wanted: all that is said must hold; names are exact, words are of the statement's shape."""

    people: frozenset[str] | None = None  # pseudonyms, of principals or of the humans behind; None: anybody's
    own: str = ""  # pseudonym of the one human whose Calls may be found at all; "": everybody's
    session: SessionId | None = None
    agent: str = ""
    source: str = ""
    tool: str = ""
    table: str = ""  # "public.orders" or "orders"
    column: str = ""  # "public.orders.email", "orders.email" or "email"
    verdict: str = ""
    rule: str = ""
    verb: str = ""
    outcome: Outcome | None = None
    rows: int | None = None  # at least so many were returned
    countable: bool = False  # whether protected Calls are found by their rows: a count answers a question
    since: datetime | None = None
    until: datetime | None = None  # excluded
    words: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mark:
    """Where a page ends: a time in milliseconds and an Entry's number."""

    at_ms: int
    sequence: int

    def __str__(self) -> str:
        return f"{self.at_ms}.{self.sequence}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page, newest first. `next` is None at the end; `reached`: no further back than this was looked."""

    lines: tuple[CallLine, ...]
    next: Mark | None = None
    reached: datetime | None = None


class Past(Protocol):
    """Calls that asked the same before."""

    async def similar(self, call: CallId) -> tuple[CallId, ...]:
        """Find a few Calls of the same shape at the same Source that ran, newest first.

        Raises: AuditBusy.
        """
        ...


class History(Protocol):
    """Look-ups over the log's projection, newest first, keyset pages."""

    async def sessions(
        self,
        *,
        principal: tuple[str, str, str] | None = None,
        person: Person | None = None,
        before: datetime | None = None,
        limit: int = 20,
    ) -> tuple[SessionLine, ...]:
        """Sessions that began before an instant, of one principal, of one person and the machines they own, or all."""
        ...

    async def session(self, session: SessionId, *, person: Person | None = None) -> SessionLine | None:
        """One Session; with `person` only if it is theirs or of a machine they own."""
        ...

    async def calls(self, session: SessionId) -> tuple[CallLine, ...]:
        """Calls of one Session in order."""
        ...

    async def call(self, call: CallId) -> CallLine | None:
        """One Call."""
        ...

    async def find(self, wanted: Search, *, after: Mark | None = None, limit: int = 20) -> Found:
        """Calls that are wanted, newest first, from a mark on."""
        ...


class Sessions(Protocol):
    """Which Session a Call belongs to."""

    async def join(self, caller: Caller, call: Call) -> Session:
        """Find or open the Session: by the client's own key bound to the Caller, or within 30 minutes of silence."""
        ...


# ---------------------------------------------------------------- the people's side, as its doors see it


class Said(StrEnum):
    """What became of a person's act; only the first six changed anything."""

    APPROVED = "approved"
    DENIED = "denied"
    COUNTED = "counted"  # the quorum is not full yet
    REVOKED = "revoked"  # an approval that nobody had begun
    STOPPING = "stopping"  # it had begun: a gateway gives it up where it still can
    BLOCKED = "blocked"  # the agent that asks, for an hour
    REPEAT = "repeat"  # the same decision again
    ALREADY_VOTED = "already_voted"  # another decision by the same person
    CLOSED = "closed"
    EXPIRED = "expired"
    SELF = "self"  # the requester, its owner, or someone acting for the same person
    NOT_COMPARABLE = "not_comparable"  # another directory: nobody can say whether it is the requester
    NOT_ELIGIBLE = "not_eligible"  # in none of the groups that are asked, or that seat is filled
    MISMATCH = "mismatch"  # the digest shown is not the digest asked
    NO_REASON = "no_reason"  # a denial needs one
    UNKNOWN = "unknown"  # no such Review, or not for this person


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What a person says of one Review."""

    review: ReviewId
    digest: Digest
    decision: Decision
    reason: str | None = field(default=None, repr=False)  # of a denial: it reaches the agent
    affected_rows: int | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A Review with its words, for people; `eligible` says whether this person could fill a seat now."""

    review: Review
    question: Question
    facts: Facts
    votes: tuple[Vote, ...]
    eligible: bool
    outcome: Mapping[str, Json] | None = None  # rows, duration_ms, outcome of the last attempt
    note: str | None = field(default=None, repr=False)  # why it was denied
    earlier: tuple[int, ...] | None = None  # ms that the last Calls of its shape took; None: not known, or not for them


class Desk(Protocol):
    """Where people decide; every act is committed before it returns."""

    async def pending(self, who: Identity) -> tuple[Shown, ...]:
        """Reviews that wait and that this person may see, oldest first."""
        ...

    async def show(self, who: Identity | None, review: ReviewId) -> Shown | None:
        """One Review; `who` None is the gateway's own rendering of a card."""
        ...

    async def vote(self, who: Identity, ballot: Ballot) -> Said:
        """Cast a Vote; durable when this returns.

        Raises: StoreError, when nothing was recorded: the caller must not say otherwise.
        """
        ...


class Brakes(Protocol):
    """What anybody who may vote on a Review stops alone, without a reason: to stop needs one person."""

    async def revoke(self, who: Identity, review: ReviewId, digest: Digest) -> Said:
        """Take an approval back, or have what it began given up; durable when this returns.

        Raises: StoreError, when nothing was recorded.
        """
        ...

    async def block(self, who: Identity, review: ReviewId, digest: Digest) -> Said:
        """Block the agent that asks for an hour, for everybody; durable when this returns.

        Raises: StoreError, when nothing was recorded.
        """
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """Who may not decide an Act: those it is about, and whoever cannot be told apart from them."""

    people: frozenset[str] = frozenset()  # pseudonyms
    directories: frozenset[str] = frozenset()  # of them, as far as known; "": somebody of whom nothing is known


class Effect(Protocol):
    """What an Act does once two people said so."""

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Who may not decide it.

        Raises: BadCall when it is about nothing that there is.
        """
        ...

    async def unit(self, act: Act, by: str) -> Unit:
        """Word what stands in one unit with the decision; `by` is the decider's pseudonym.

        Raises: BadCall, Held.
        """
        ...

    async def done(self) -> None:
        """Finish what no unit of the log can; recovery does, where this does not come to its end."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A group of what retention would end: how many data keys of one kind, and how many of them a hold keeps."""

    reason: str  # age, over
    purpose: str
    source: str
    keys: int
    held: int
    oldest: int  # day of the oldest, days since the epoch


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One Call as it happened: its line, its words as far as payloads still open, and its Entries."""

    line: CallLine
    statement: str | None = field(repr=False)
    purpose: str | None = field(repr=False)
    entries: tuple[Sealed, ...]
    names: Mapping[str, str] = field(default_factory=dict, repr=False)  # of those who voted, by pseudonym; for auditors


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """How Entries stand in the newest signed tree: how many are under it, and which do not lead to its root."""

    size: int  # of that tree
    root: str
    signed: int
    astray: tuple[int, ...] = ()


class Anchors(Protocol):
    """The signed tree, as far as looks need it."""

    async def anchored(self, entries: Sequence[Sealed]) -> Anchored | None:
        """Prove Entries under the newest signed tree; None: nothing is signed yet."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One Call of a replay: its Story, its parameters as JSON, and its result as delivered, or why it is not here."""

    story: Story
    parameters: str | None = field(default=None, repr=False)
    result: Masked | None = field(default=None, repr=False)
    withheld: str = ""


class Archive(Protocol):
    """Where auditors look; each look-up is an Entry before its answer. A non-auditor sees only own Sessions."""

    async def sessions(self, who: Identity, *, before: datetime | None = None) -> tuple[SessionLine, ...]:
        """Sessions this person may see, newest first, 20 a page."""
        ...

    async def session(self, who: Identity, session: SessionId) -> tuple[SessionLine, tuple[Story, ...]] | None:
        """One Session with its Calls in order; None: unknown or not theirs."""
        ...

    async def call(self, who: Identity, call: CallId) -> Story | None:
        """One Call; None: unknown or not theirs."""
        ...

    async def find(self, who: Identity, wanted: Search, *, person: str = "", after: Mark | None = None) -> Found:
        """Calls that are wanted and this person may see; `person` is a name, an e-mail or "directory:id"."""
        ...

    async def replay(self, who: Identity, session: SessionId) -> tuple[SessionLine, tuple[Scene, ...]] | None:
        """One Session as it happened, results for `[console] result_readers` alone; None: unknown or not theirs."""
        ...

    async def openings(self, who: Identity, call: CallId) -> tuple[Opening, ...] | None:
        """A Call's words as an outsider can check them, for auditors alone; its result for who reads results."""
        ...


class Looks(Protocol):
    """What `/audit` asks beside the Archive; the same bounds hold."""

    async def review(self, who: Identity, review: ReviewId) -> Story | None:
        """The Call that a Review is about; None: unknown or not theirs."""
        ...

    async def mine(self, who: Identity) -> tuple[SessionLine, ...]:
        """A person's own last Sessions, auditor or not."""
        ...

    async def looked(self, who: Identity, query: str, found: int) -> None:
        """Record a look that another room answers; durable before that answer is shown."""
        ...

    async def anchored(self, entries: Sequence[Sealed]) -> Anchored | None:
        """Prove Entries under the newest signed tree; None: nothing is signed yet."""
        ...

    def audits(self, who: Identity) -> bool:
        """Say whether somebody is an auditor."""
        ...


# ---------------------------------------------------------------- export


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a sink is: the Entry it gets next, when it last took one (ms, 0: never), what keeps it ("": nothing)."""

    next: int = 0
    delivered_ms: int = 0
    trouble: str = ""


class Cursors(Protocol):
    """What sinks have acknowledged; written only after they did."""

    async def cursor(self, sink: str) -> Cursor:
        """Where a sink is; a new one begins at the first Entry."""
        ...

    async def delivered(self, sink: str, following: int, at_ms: int, rejected: Sequence[int] = ()) -> None:
        """All Entries before `following` are acknowledged, or among those rejected for good."""
        ...

    async def troubled(self, sink: str, trouble: str) -> None:
        """A sink takes nothing."""
        ...


class TicketKind(StrEnum):
    """What holds once, or for a while."""

    ANSWERED = "answered"  # a state, nonce or assertion that came back
    SESSION = "session"
    CODE = "code"
    CARD = "card"  # whose turn it is to draw a Review's cards


class Tickets(Protocol):
    """Names that hold once or for a while, over every process of the store; each raises AuditUnavailable."""

    async def put(self, kind: TicketKind, name: str, row: str, ends: datetime) -> bool:
        """Keep a name until then; False when it is kept already."""
        ...

    async def take(self, kind: TicketKind, name: str) -> str | None:
        """Take a row away: of all who try, one gets it; None when there is none."""
        ...

    async def look(self, kind: TicketKind, name: str, ends: datetime) -> str | None:
        """Look at a row that has not ended, and let it end then."""
        ...


class Tail(Protocol):
    """The log as what follows it reads it."""

    async def tail(self, start: int, limit: int) -> tuple[Sealed, ...]:
        """Entries from a sequence number on; no gap is ever seen."""
        ...

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        """All Entries of a call or review, in sequence order."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A stretch of the log in another system's words; `next` is None at its end."""

    lines: tuple[str, ...]
    next: int | None


class Exports(Protocol):
    """Where an auditor takes the log away; each stretch is an Entry before it is given."""

    async def stretch(self, who: Identity, start: int, *, cef: bool = False) -> Exported | None:
        """Entries from a sequence number on, by their shapes; None: not an auditor."""
        ...
