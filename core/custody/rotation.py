"""Going over to another of [keys]: decided by two operators, then data keys are wrapped anew in batches, each an Entry.

Meanwhile both keys are needed; a crash at any step leaves what the next sweep goes on with. The former key is retired
when nothing is wrapped by it and no file of the store holds anything that was: destroying it completes every erasure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, final

from core.custody.keeper import PERIOD, Watching
from core.errors import Lost, NotFound, UnfitAct
from core.model import Entry, EntryKind, Json
from core.ports import (
    Act,
    Clock,
    Effect,
    Involved,
    Journal,
    KeyNames,
    KeyState,
    NamedKey,
    RetireKey,
    TurnKey,
    Unit,
    Wraps,
)

SIGNING: Final = "signing"  # wraps nothing: its former key signs beside it for a while, and the signer retires it
MINTING: Final = "minting"  # wraps nothing: its former key is published until the last token that it signed has ended
PLACES: Final = frozenset({"purpose", "id"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A purpose that went over to another key, and the former one that is not retired yet."""

    purpose: str
    former: str
    current: str


@final
class Rotation:
    """One per process; of several at work each finds what is left."""

    def __init__(
        self,
        *,
        journal: Journal,
        names: KeyNames,
        wraps: Wraps,
        clock: Clock,
        tokens: timedelta,
        retires: bool = True,
    ) -> None:
        """`retires`: whether this process sees every data key, and so may say that none is wrapped by a key.

        `tokens`: how long what a former minting key signed may still count.
        """
        self._journal = journal
        self._names = names
        self._wraps = wraps
        self._clock = clock
        self._tokens = tokens
        self._retires = retires

    async def listed(self) -> tuple[tuple[NamedKey, int], ...]:
        """All keys that the store was ever under, each with how many data keys it wraps."""
        counts = await self._wraps.wrapped()
        return tuple((one, counts.get((one.purpose, one.name), 0)) for one in await self._names.named())

    async def serve(self, watch: Watching) -> None:
        """Sweep every few seconds, until cancelled; what it raises is an alert."""
        while True:
            await watch.over("rotation", self.sweep())
            await asyncio.sleep(PERIOD)

    async def sweep(self) -> None:
        """Go on with every rotation that was decided.

        Raises: StoreError; NotFound for a data key that does not open, once all others are wrapped anew.
        """
        for turned in turns(await self._names.named()):
            over = await self._wraps.turn(turned.purpose, turned.current)
            try:
                failed = await self._rewrap(turned)
            except NotFound:  # another process holds this key
                failed = ()
            if failed:
                raise NotFound(f"data keys {failed[:20]} do not open under {turned.purpose} {turned.former}")
            if over and self._retires:
                await self._retire(turned)
        if self._retires:
            await self._ended()

    async def _rewrap(self, turned: Turned) -> tuple[int, ...]:
        last, failed = 0, list[int]()
        while True:
            done = await self._wraps.rewrap(turned.purpose, turned.former, turned.current, after=last)
            failed += done.failed
            if done.keys:
                await self._journal.commit(Unit(entries=(rewrapped(turned, done.keys),)))
            last = done.last
            if not last:
                return tuple(failed)

    async def _retire(self, turned: Turned) -> None:
        """Retire the former key once nothing is wrapped by it: no new data key ever is, since the purpose turned."""
        if (await self._wraps.wrapped()).get((turned.purpose, turned.former), 0):
            return
        await self._wraps.emptied()
        await self._journal.commit(retired(turned.purpose, turned.former, "nothing is wrapped by it"))

    async def _ended(self) -> None:
        """Retire the former minting key once its last token has ended; of several processes one says so."""
        for one in await self._names.named():
            at = one.turned_at if (one.purpose, one.state) == (MINTING, KeyState.FORMER) else None
            if at is not None and self._clock.now() >= at + self._tokens:
                with suppress(Lost):
                    await self._journal.commit(retired(MINTING, one.name, "its last token has ended"))


def turns(named: tuple[NamedKey, ...]) -> tuple[Turned, ...]:
    """Find the rotations that are not at their end."""
    current = {one.purpose: one.name for one in named if one.state is KeyState.CURRENT}
    former = [one for one in named if one.state is KeyState.FORMER and one.purpose not in {SIGNING, MINTING}]
    return tuple(Turned(purpose=one.purpose, former=one.name, current=current[one.purpose]) for one in former)


def retired(purpose: str, name: str, reason: str) -> Unit:
    """Say that a former key ended."""
    entry = Entry(kind=EntryKind.KEY_REVOKE, body={"purpose": purpose, "id": name, "reason": reason})
    return Unit(entries=(entry,), changes=(RetireKey(purpose=purpose, name=name),))


def rewrapped(turned: Turned, keys: int) -> Entry:
    """Say that a batch of data keys went over."""
    said: dict[str, Json] = {"purpose": turned.purpose, "old_id": turned.former, "new_id": turned.current, "n": keys}
    return Entry(kind=EntryKind.KEY_REWRAP, body=said)


@final
class Rotating:
    """The Effect `keys.rotate`: a key that was offered takes the place of the current one."""

    def __init__(self, *, names: KeyNames, rotation: Rotation, clock: Clock) -> None:
        self._names = names
        self._clock = clock
        self._rotation = rotation

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Nobody in particular.

        Raises: UnfitAct when no such key was offered, or the last rotation of its purpose is not at its end.
        """
        await self._current(of)
        return Involved()

    async def _current(self, of: Mapping[str, str]) -> tuple[NamedKey, NamedKey]:
        if of.keys() != PLACES:
            raise UnfitAct("a rotation names a purpose and the id of the key that was offered")
        mine = [one for one in await self._names.named() if one.purpose == of["purpose"]]
        following = next((one for one in mine if one.name == of["id"] and one.state is KeyState.NEXT), None)
        if following is None:
            raise UnfitAct("no such key was offered: name it in [keys.next] and restart")
        if any(one.state is KeyState.FORMER for one in mine):
            raise UnfitAct("the last rotation is not at its end: assent keys list shows how far it is")
        return next(one for one in mine if one.state is KeyState.CURRENT), following

    async def unit(self, act: Act, by: str) -> Unit:
        """Word the turn.

        Raises: UnfitAct.
        """
        old, new = await self._current(act.of)
        said: dict[str, Json] = {"purpose": old.purpose, "old_id": old.name, "new_id": new.name}
        if old.purpose == SIGNING:  # as verifiers know keys, and from which size on the new one counts
            size = await self._names.size()
            said |= {"old_id": vkey_id(old), "new_id": vkey_id(new), "new_vkey": new.public, "from_size": size}
        entry = Entry(kind=EntryKind.KEY_ROTATE, body={**said, "by": by, "act": act.id})
        turn = TurnKey(purpose=old.purpose, old=old.name, new=new.name, at=self._clock.now())
        return Unit(entries=(entry,), changes=(turn,))

    async def done(self) -> None:
        """Wrap anew what this process can; the sweep does the rest."""
        await self._rotation.sweep()


def vkey_id(key: NamedKey) -> str:
    """Return the id by which signatures name a key: the middle of NAME+ID+KEY."""
    return key.public.split("+")[1]


def effects(*, names: KeyNames, rotation: Rotation, clock: Clock) -> Mapping[str, Effect]:
    """Name what operators can do with [keys]."""
    return {"keys.rotate": Rotating(names=names, rotation=rotation, clock=clock)}
