"""Which of [keys] a store is under: checked at start, changed by units alone; the same for every store.

Of each purpose one key is current. Another takes its place only by an Act of operators; the former one must stay until
nothing is wrapped by it, and none that was retired ever comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, LiteralString, final

from core.audit.transparency import note
from core.audit.transparency.note import BadNote, VerifierKey
from core.errors import Lost, UnsafeStart
from core.ports import KeyState, NamedKey, RetireKey, Signed, TurnKey
from core.stores import rows
from core.stores.encryption.keyring import QUESTIONS, RESULTS
from core.stores.encryption.vault import MINTING, Keys
from core.stores.steps import Reads, Steps, ask, one

WRAP: Final = frozenset({QUESTIONS, RESULTS})  # purposes whose keys wrap data keys
SIGNING: Final = "signing"
OVERLAPS: Final = WRAP | {SIGNING, MINTING}  # the former key counts for a while
NEEDED: Final = WRAP | {SIGNING}  # and whoever held it still must

ADD: Final[LiteralString] = (
    "INSERT INTO key_named (purpose, name, state, public) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
)
NAMED: Final[LiteralString] = "SELECT name, state FROM key_named WHERE purpose = $1"
TELL: Final[LiteralString] = "UPDATE key_named SET public = $1 WHERE name = $2 AND public = '' AND state = 'current'"
OWNER: Final[LiteralString] = "SELECT purpose FROM key_named WHERE name = $1"
MOVE: Final[LiteralString] = (
    "UPDATE key_named SET state = $1, turned_at = $5 WHERE purpose = $2 AND name = $3 AND state = $4 RETURNING name"
)


def held(keys: Keys, purposes: frozenset[str], origin: str) -> Steps[Mapping[str, str]]:
    """Check that a process holds what the store is under, and return the current key of each purpose it holds.

    The first process names a purpose's key; a key of [keys.next] is offered by its name.
    Raises: UnsafeStart naming the key and the remedy.
    """
    current: dict[str, str] = {}
    public = keys.told(origin)
    for purpose, name in keys.named():
        if purpose in purposes:
            following = dict(keys.offered()).get(purpose)
            yield from _first(purpose, name, public.get(name, ""))
            if following is not None:
                yield from _own(purpose, following, f"[keys.next] {purpose}")
            known = {one: state for one, state in (yield from ask(NAMED, purpose))}  # noqa: C416  # rows
            current[purpose] = _checked(purpose, name, following, known)
            if following is not None and following not in known:
                yield from ask(ADD, purpose, following, KeyState.NEXT.value, public.get(following, ""))
    return current


def suited(keys: Keys) -> Steps[None]:
    """Check as a start does, without naming or offering any: what no process named yet suits.

    Raises: UnsafeStart.
    """
    for purpose, name in keys.named():
        yield from _own(purpose, name, placed(purpose))
        known = {one: state for one, state in (yield from ask(NAMED, purpose))}  # noqa: C416  # rows
        if KeyState.CURRENT.value in known.values():
            _checked(purpose, name, dict(keys.offered()).get(purpose), known)


def _first(purpose: str, name: str, public: str) -> Steps[None]:
    yield from _own(purpose, name, placed(purpose))
    known = yield from ask(NAMED, purpose)
    if not any(state == KeyState.CURRENT.value for _, state in known):
        yield from ask(ADD, purpose, name, KeyState.CURRENT.value, public)
    elif public and purpose == SIGNING:
        yield from ask(TELL, public, name)


def _own(purpose: str, name: str, place: str) -> Steps[None]:
    """Check that no other purpose has these bytes, in whichever process.

    Raises: UnsafeStart.
    """
    row = yield from one(OWNER, name)
    if row is not None and row[0] != purpose:
        raise UnsafeStart(f"{place} holds the bytes of {row[0]}: give each purpose its own secret")


def _checked(purpose: str, name: str, following: str | None, known: Mapping[str, str]) -> str:
    """Compare what is held with what the store is under; return the current key.

    Raises: UnsafeStart.
    """
    states = {one: KeyState(state) for one, state in known.items()}
    if states.get(name) is KeyState.RETIRED and KeyState.CURRENT not in states.values():
        raise UnsafeStart(f"{placed(purpose)} was replaced before the store was restored: make a new key")
    current = next(one for one, state in states.items() if state is KeyState.CURRENT)
    if name not in states:
        raise UnsafeStart(
            f"{placed(purpose)} is not the key of this store: give it the one it was made with, {current}"
        )
    if following is not None and states.get(following) is KeyState.RETIRED:
        raise UnsafeStart(f"[keys.next] {purpose} was replaced before and never comes back: make a new key")
    if purpose not in OVERLAPS and name != current:
        raise UnsafeStart(f"[keys] {purpose} was replaced by {current}: write that key in its place")
    needed = [current, *(one for one, state in states.items() if state is KeyState.FORMER and purpose in NEEDED)]
    missing = [one for one in needed if one not in {name, following}] if purpose in OVERLAPS else []
    if missing:
        raise UnsafeStart(
            f"{placed(purpose)}: the store needs {missing[0]} as well ({states[missing[0]].value}): name both, there"
            " and in [keys.next], until assent keys list shows the former one as retired"
        )
    return current


def placed(purpose: str) -> str:
    """Say where the configuration names a key."""
    return f"[console] {purpose}" if purpose == MINTING else f"[keys] {purpose}"


def turn(change: TurnKey | RetireKey) -> Steps[None]:
    """Apply one Change of keys.

    Raises: Lost.
    """
    if isinstance(change, RetireKey):
        yield from _moved(change.purpose, change.name, KeyState.FORMER, KeyState.RETIRED)
        return
    # By a key that does not overlap nothing is wrapped, and nothing is signed.
    former = KeyState.FORMER if change.purpose in OVERLAPS else KeyState.RETIRED
    at = None if change.at is None else rows.micros(change.at)
    yield from _moved(change.purpose, change.old, KeyState.CURRENT, former, at)
    yield from _moved(change.purpose, change.new, KeyState.NEXT, KeyState.CURRENT, at)


def _moved(purpose: str, name: str, was: KeyState, to: KeyState, at: int | None = None) -> Steps[None]:
    if (yield from one(MOVE, to.value, purpose, name, was.value, at)) is None:
        raise Lost(f"{name} is not the {was.value} key of {purpose}")


@final
class StoredNames:
    """The port KeyNames."""

    def __init__(self, readers: Reads) -> None:
        self._readers = readers

    async def named(self) -> tuple[NamedKey, ...]:
        """All of them, by purpose and in the order of their lives."""
        found = await self._readers.rows(
            "SELECT purpose, name, state, public, turned_at FROM key_named ORDER BY purpose, n"
        )
        return tuple(
            NamedKey(
                purpose=purpose,
                name=name,
                state=KeyState(state),
                public=public,
                turned_at=None if at is None else rows.instant(at),
            )
            for purpose, name, state, public, at in found
        )

    async def size(self) -> int:
        """How many Entries the log holds."""
        row = await self._readers.row("SELECT next FROM log_coord")
        return int(row[0]) if row else 0

    async def signed(self) -> Signed | None:
        """What was signed last."""
        row = await self._readers.row("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1")
        witnessed = await self._readers.row("SELECT max(size) FROM log_cosig")
        if row is None:
            return None
        keys = [note.verifier(one.public) for one in await self.named() if one.public and one.purpose == SIGNING]
        by = frozenset(str(key) for key in keys if _bears(bytes(row[1]), key))
        return Signed(size=row[0], by=by, witnessed=(witnessed[0] or 0) if witnessed else 0)


def _bears(raw: bytes, key: VerifierKey) -> bool:
    """Say whether a checkpoint is signed by a key."""
    try:
        return key in note.check(note.parse(raw), (key,))
    except BadNote:
        return False
