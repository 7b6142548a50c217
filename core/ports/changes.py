"""What one unit of work may change beside the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias, final

from core.model import ActId, CallId, Measure, PayloadId, Period, Person, Review, ReviewId, State, Vote
from core.ports.breaking import Broken
from core.ports.granting import Granted


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


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Name a person by pseudonym in every row that stays; while a Review that is not over needs them, it is `Lost`."""

    person: Person
    known: str  # the pseudonym


Keeping: TypeAlias = SetHold | ReleaseHold | Shred | Shredded | Forget | ProposeAct | DecideAct | SetTerms


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStore:
    """Open a store that was restored from a copy; an open one is `Lost`."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SlackLink:
    """A Slack account that a person made theirs by signing in at the console."""

    team: str
    user: str
    person: Person  # the account they signed in with
    email: str  # as verified then; "": none. Members of a group may be listed by it
    at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SetLink:
    """Make a link; where one of that account, person or e-mail stands in the workspace, the unit is `Lost`."""

    link: SlackLink


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EndLink:
    """End a link; where it does not stand as it was read, the unit is `Lost`."""

    link: SlackLink


Standard: TypeAlias = SetBlock | EndBlock | SetPolicy
Linked: TypeAlias = SetLink | EndLink
Budgeted: TypeAlias = Reserve | Settle
Keyed: TypeAlias = TurnKey | RetireKey | OpenStore
Asked: TypeAlias = OpenReview | MoveReview | CastVote | PostCard | StoreResult | HandResult | DropResult | WantStop

Change: TypeAlias = Asked | Broken | Budgeted | Granted | Keeping | Keyed | Linked | Standard
