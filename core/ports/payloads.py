"""Payloads, their data keys, and who has them in custody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, final

from core.model import ActId, CallId, Json, PayloadId, SessionId
from core.ports.changes import Act, Block


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
        match role:
            case Role.STATEMENT | Role.TEXT:
                return self.statement
            case Role.PARAMETERS:
                return self.parameters
            case Role.QUESTION:
                return max(self.statement, self.parameters, key=tuple(Recorded).index)
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
    public: str = ""  # of a key that signs: what verifies its signatures
    turned_at: datetime | None = None  # when it came or went last, of keys that overlap by time


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
    guesses at those whose Entries they hold; b"" for who looks alone.
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
