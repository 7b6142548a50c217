"""Growing the tree from stored bodies and signing checkpoints of it, never backwards: steps for the signer's driver.

What was signed last is kept outside the database, so that a restored backup or a lost tail is seen before it is signed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final, LiteralString, TypeVar, final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.transparency import checkpoint, note
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import BadNote, VerifierKey
from core.audit.transparency.tree import Edge, Read, edge, edge_root, grow, leaf, span
from core.audit.transparency.trust import Pin, Trust
from core.errors import AuditUnavailable, UnsafeStart
from core.ports import Clock, KeyState
from core.stores import files, rows
from core.stores.encryption import vault
from core.stores.encryption.vault import Keys
from core.stores.steps import Steps, ask, many, one

SLICE: Final = 1000  # Entries in one transaction: about 4 ms
EVERY: Final = 1.0  # seconds between checkpoints while there is news
OVERLAP: Final = timedelta(days=7)  # in which both keys sign
BEAT: Final = 300.0  # seconds after which a log that stands still says so: absence is evidence, too
MANY: Final = 5000  # Entries after which a checkpoint does not wait
LEVEL: Final = 48  # id of a tile = level << 48 | index

PUT: Final[LiteralString] = "INSERT INTO log_tile (id, d) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET d = excluded.d"
SIGNED: Final[LiteralString] = (
    "INSERT INTO log_checkpoint (size, root, ts_ms, note) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
)

NAMED: Final[LiteralString] = "SELECT name, state, turned_at FROM key_named WHERE purpose = 'signing'"
BEATS: Final[LiteralString] = "UPDATE log_checkpoint SET ts_ms = $1 WHERE size = $2"

T = TypeVar("T")


def compared(*, keys: Keys, state: Path, clock: Clock) -> Steps[None]:
    """Compare a log with what was signed last, as a start does; nothing is written.

    Raises: UnsafeStart.
    """
    name = yield from one("SELECT origin FROM log_coord")
    if name is not None:
        yield from Signer(origin=str(name[0]), keys=keys, state=state, clock=clock).start(adopt=True)


class _Missing(Exception):
    """A tile that a pure function asks for and that was not read yet."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def over_tiles(work: Callable[[Read], T]) -> Steps[T]:
    """Run a pure function over the stored tiles: what it lacks is read, and it begins again; a handful of tiles."""
    held: dict[int, bytes] = {}

    def read(level: int, index: int) -> bytes:
        number = level << LEVEL | index
        if number not in held:
            raise _Missing(number)
        return held[number]

    while True:
        try:
            return work(read)
        except _Missing as missing:
            row = yield from one("SELECT d FROM log_tile WHERE id = $1", missing.number)
            held[missing.number] = b"" if row is None else bytes(row[0])


def length() -> Steps[int]:
    """Return how many Entries the log holds."""
    row = yield from one("SELECT next FROM log_coord")
    return int(row[0]) if row else 0


def integrated() -> Steps[int]:
    """Return how many Entries stand in the tree."""
    row = yield from one("SELECT integrated FROM log_coord")
    return int(row[0]) if row else 0


@final
class Signer:
    """The one signer of a log: its keys, the tree's edge, and what it signed last, kept outside the database.

    Another key that operators turned to signs from the first checkpoint on that covers its announcement; the former one
    signs beside it for the overlap, so that who has not pinned the new one yet still verifies.
    """

    def __init__(self, *, origin: str, keys: Keys, state: Path, clock: Clock) -> None:
        self.origin = origin
        self._key = Ed25519PrivateKey.from_private_bytes(keys.signing)
        held = [keys.signing, *([keys.next["signing"]] if "signing" in keys.next else [])]
        self._keys = {vault.name(seed): Ed25519PrivateKey.from_private_bytes(seed) for seed in held}
        self._turned: tuple[str, int] | None = None  # the current key, and a size that covers its announcement
        self._state = state
        self._clock = clock
        self._edge = Edge()
        self._signed: Checkpoint | None = None
        self._at = 0.0

    @property
    def public(self) -> VerifierKey:
        """What verifies the log's checkpoints."""
        return note.public(self.origin, self._key)

    def start(self, *, adopt: bool = False) -> Steps[None]:
        """Compare the log with what was signed last.

        `adopt` is the operator's word that a log without its state file is the right one.
        Raises: UnsafeStart when the log lost its tail or its past changed, or the state file is gone.
        """
        self._signed = self._last()  # before the log, which grows meanwhile where another process runs
        size = yield from integrated()
        held = yield from one("SELECT size FROM log_checkpoint LIMIT 1")
        if self._signed is None and held is not None and not adopt:
            raise UnsafeStart(
                f"{self._state} is missing: it holds the last signed state of this log; put it back beside the store"
            )
        if self._signed is not None:
            yield from self._compare(size)
        try:
            self._edge = yield from over_tiles(lambda read: edge(size, read))
        except ValueError as error:
            raise UnsafeStart(f"the log's tree is damaged: {error}; run assent audit verify") from error

    def _last(self) -> Checkpoint | None:
        if not self._state.exists():
            return None
        pins = tuple(Pin(key=note.public(self.origin, key)) for key in self._keys.values())
        try:
            return Trust(pins=pins).read(self._state.read_bytes())[0]
        except BadNote as error:
            raise UnsafeStart(f"{self._state} was not signed by this key for this log: {error}") from error

    def _compare(self, size: int) -> Steps[None]:
        """Check that the log still begins with what was signed.

        Raises: UnsafeStart.
        """
        signed = self._signed
        if signed is None:
            return
        if size < signed.size:
            raise UnsafeStart(
                f"the log regressed: {signed.size} Entries were signed, {size} are here: put the newer one back, or"
                " make a store from a copy, which goes on under a name of its own: assent store restore"
            )
        try:
            root = yield from over_tiles(lambda read: span(read, 0, signed.size))
        except ValueError as error:
            raise UnsafeStart(f"the log's tree is damaged: {error}; run assent audit verify") from error
        if root != signed.root:
            raise UnsafeStart(
                f"the log's past differs from the {signed.size} Entries that were signed: it was altered, or is another"
                " story signed anew: hold it against what was kept elsewhere: assent audit verify --copy FILE"
            )

    def due(self) -> Steps[float | None]:
        """Say in how many seconds there is something to do: 0 for now, None when nothing ever was."""
        held = yield from length()
        unsigned = held - (self._signed.size if self._signed else 0)
        if not unsigned:
            return max(0.0, BEAT - (time.monotonic() - self._at)) if held else None
        wait = self._wait()
        return wait if wait > 0 and held - self._edge.size < SLICE and unsigned < MANY else 0.0

    def _wait(self) -> float:
        return EVERY - (time.monotonic() - self._at)

    @property
    def overdue(self) -> bool:
        """A checkpoint does not wait until everything is integrated."""
        return self._wait() <= 0

    def integrate(self) -> Steps[bool]:
        """Hash the next stored bodies, as they stand in the database, into the tiles; say whether there are more.

        Raises: AuditUnavailable when a number is missing.
        """
        size = yield from integrated()
        if size != self._edge.size:  # a transaction that did not end well, or another signer's: what is stored counts
            self._edge = yield from over_tiles(lambda read: edge(size, read))
        bodies = yield from ask("SELECT seq, body FROM log_entry WHERE seq >= $1 ORDER BY seq LIMIT $2", size, SLICE)
        if [seq for seq, _ in bodies] != list(range(size, size + len(bodies))):
            raise AuditUnavailable(f"the log has a gap after {size}")
        grown, changed = grow(self._edge, (leaf(body) for _, body in bodies))
        yield from many(PUT, [(level << LEVEL | index, held) for (level, index), held in changed.items()])
        if bodies:
            yield from ask("UPDATE log_coord SET integrated = $1", grown.size)
        self._edge = grown
        return grown.size < (yield from length())

    def sign(self) -> Steps[None]:
        """Sign the integrated tree: consistency first, then the state outside the database, then the checkpoint.

        One that was signed already is said to stand still: places outside take it once more.

        Raises: AuditUnavailable when the log would go backwards; the signer stops on it.
        """
        size = yield from integrated()
        grown = yield from over_tiles(lambda read: edge(size, read))
        now = Checkpoint(origin=self.origin, size=size, root=edge_root(grown))
        signed = self._signed
        if now == signed:
            self._at = time.monotonic()
            yield from ask(BEATS, rows.micros(self._clock.now()) // 1000, size)
            return
        if signed is not None:
            yield from self._follows(size, signed)
        made = checkpoint.signed(now, *(yield from self._signing(size)))
        files.replace(self._state, made)
        self._signed = now
        self._at = time.monotonic()
        yield from ask(SIGNED, size, now.root, rows.micros(self._clock.now()) // 1000, made)

    def _signing(self, size: int) -> Steps[tuple[Ed25519PrivateKey, ...]]:
        """Choose who signs a checkpoint of this size.

        Raises: AuditUnavailable when operators turned to a key that this process does not hold.
        """
        named = {state: (name, at) for name, state, at in (yield from ask(NAMED))}
        current, _ = named.get(KeyState.CURRENT.value, (next(iter(self._keys)), None))
        if current not in self._keys:
            raise AuditUnavailable(
                f"[keys] signing was replaced by {current}: name that key in [keys.next], and restart"
            )
        former, at = named.get(KeyState.FORMER.value, ("", None))
        if former not in self._keys:
            return (self._keys[current],)
        if self._turned is None or self._turned[0] != current:
            self._turned = (current, (yield from length()))
        if size < self._turned[1]:  # its announcement may stand behind what is signed here
            return (self._keys[former],)
        over = self.over(at)
        return (self._keys[current],) if over else (self._keys[former], self._keys[current])

    def over(self, at: int | None) -> bool:
        """Whether the overlap of a turn is over."""
        return at is not None and self._clock.now() >= rows.instant(at) + OVERLAP

    def retiring(self) -> Steps[tuple[str, VerifierKey, int] | None]:
        """Say which former key signs no more: its id, what verifies it, and the first size that it does not sign."""
        for name, state, at in (yield from ask(NAMED)):
            if state == KeyState.FORMER.value and self.over(at) and name in self._keys and self._turned is not None:
                row = yield from one("SELECT max(size) FROM log_checkpoint")
                public = note.public(self.origin, self._keys[name])
                return name, public, (int(row[0]) if row and row[0] is not None else 0) + 1
        return None

    def _follows(self, size: int, signed: Checkpoint) -> Steps[None]:
        """Check that the tree of `size` begins with what was signed.

        Raises: AuditUnavailable.
        """
        root = b"" if size < signed.size else (yield from over_tiles(lambda read: span(read, 0, signed.size)))
        if root != signed.root:
            raise AuditUnavailable(f"log_regressed: {signed.size} Entries were signed, {size} are here")
