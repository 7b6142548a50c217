"""What Acts do: erase an extent, release a hold, shorten retention; each worded as one unit with its decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, final

from core import subject
from core.custody.keeper import ENTRY, Keeper, shred
from core.errors import Held, UnfitAct
from core.model import Entry, EntryKind, Json
from core.ports import (
    Act,
    Custody,
    DataKeys,
    Effect,
    Extent,
    ExtentKind,
    Forget,
    Involved,
    LiveKey,
    Macs,
    ReleaseHold,
    SetTerms,
    Shred,
    Unit,
)

LONGEST: Final = 128  # characters of an id


def extent(of: Mapping[str, str]) -> Extent:
    """Read what an Act, or a hold, is about.

    Raises: UnfitAct.
    """
    kind, name = of.get("kind", ""), of.get("id", "")
    if kind not in tuple(ExtentKind) or not 0 < len(name) <= LONGEST or len(of) > 2:  # noqa: PLR2004  # kind and id
        raise UnfitAct("an extent is a session, a person or a source, by its id")
    return Extent(kind=ExtentKind(kind), id=name)


def about(one: Extent) -> dict[str, Json]:
    """Say an extent in an Entry."""
    return {"kind": one.kind.value, "id": one.id}


async def concerned(one: Extent, keys: Sequence[LiveKey], custody: Custody, macs: Macs) -> Involved:
    """Say who may not decide about words: whoever is behind them, and who voted on them."""
    named = {one.id} if one.kind is ExtentKind.PERSON else set[str]()
    sessions = {one.id} if one.kind is ExtentKind.SESSION else {key.scope.session for key in keys}
    voters = await custody.voters(keys)
    behind = await custody.people(sorted(sessions))
    return Involved(
        people=frozenset(named | behind | {subject.of_person(macs, voter) for voter in voters}),
        directories=frozenset(voter.directory for voter in voters),
    )


async def forgotten(pseudonyms: frozenset[str], custody: Custody, macs: Macs) -> tuple[Forget, ...]:
    """Word that rows know people by pseudonym alone, for all whom one still names."""
    named = [(subject.of_person(macs, one), one) for one in await custody.persons()] if pseudonyms else []
    return tuple(
        Forget(person=person, known=known)
        for known, person in sorted(named, key=lambda pair: pair[0])
        if known in pseudonyms and subject.erased(person, known) != person
    )


@final
class Erasing:
    """The Effect `erase`: destroy every key of an extent, whatever its age."""

    def __init__(self, *, keys: DataKeys, custody: Custody, keeper: Keeper, macs: Macs) -> None:
        self._keys = keys
        self._custody = custody
        self._keeper = keeper
        self._macs = macs

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Nobody decides to erase what is about themselves, or what they voted on.

        Raises: UnfitAct when nothing of it is there.
        """
        return await concerned(extent(of), await self._found(extent(of)), self._custody, self._macs)

    async def _found(self, one: Extent) -> tuple[LiveKey, ...]:
        found = await self._keys.owned(await self._custody.owned(one))
        if not found and not await self._forgotten(one):
            raise UnfitAct("there is nothing to erase")
        return found

    async def unit(self, act: Act, by: str) -> Unit:
        """Word the end of all keys.

        Raises: UnfitAct, Held when a hold covers any of them.
        """
        found = await self._found(extent(act.of))
        if await self._custody.held(found):
            raise Held(f"{act.id}: a hold covers it")
        parts = [found[at : at + ENTRY] for at in range(0, len(found), ENTRY)] or [()]
        more: dict[str, Json] = {"of": about(extent(act.of)), "act": act.id, "by": by}
        return Unit(
            entries=tuple(shred(part, "erasure", more) for part in parts),
            changes=(*(Shred(keys=part) for part in parts), *await self._forgotten(extent(act.of))),
        )

    async def _forgotten(self, one: Extent) -> tuple[Forget, ...]:
        """Word that rows know a person by pseudonym alone from here on."""
        return await forgotten(frozenset({one.id} if one.kind is ExtentKind.PERSON else ()), self._custody, self._macs)

    async def done(self) -> None:
        """Destroy the keys, and what files still hold of rows."""
        await self._keeper.finish()
        await self._custody.cleared()


@final
class Releasing:
    """The Effect `hold.release`."""

    def __init__(self, *, keys: DataKeys, custody: Custody, macs: Macs) -> None:
        self._keys = keys
        self._custody = custody
        self._macs = macs

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Nobody decides to release what is held of themselves, or what they voted on.

        Raises: UnfitAct when there is no such hold.
        """
        one = extent(of)
        if one not in await self._custody.holds():
            raise UnfitAct("there is no such hold")
        kept = await self._keys.owned(await self._custody.owned(one))
        return await concerned(one, kept, self._custody, self._macs)

    async def unit(self, act: Act, by: str) -> Unit:
        """Word the release."""
        one = extent(act.of)
        said: dict[str, Json] = {"of": about(one), "by": by, "act": act.id}
        entry = Entry(kind=EntryKind.HOLD_RELEASE, body=said)
        return Unit(entries=(entry,), changes=(ReleaseHold(extent=one),))

    async def done(self) -> None:
        """Nothing is left to do."""


@final
class Shortening:
    """The Effect `retention`: what is configured holds, also where it is shorter than what was in force."""

    def __init__(self, *, custody: Custody, configured: Mapping[str, int]) -> None:
        self._custody = custody
        self._configured = configured

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Nobody in particular.

        Raises: UnfitAct when what is configured holds already.
        """
        if of or dict(await self._custody.terms() or {}) == dict(self._configured):
            raise UnfitAct("the configured retention is in force")
        return Involved()

    async def unit(self, act: Act, by: str) -> Unit:
        """Word the change, as it is configured now."""
        said: dict[str, Json] = {"retention": dict(self._configured), "by": by, "act": act.id}
        entry = Entry(kind=EntryKind.CONFIG_CHANGE, body=said)
        return Unit(entries=(entry,), changes=(SetTerms(terms=self._configured),))

    async def done(self) -> None:
        """The next sweep ends what is too old now."""


def effects(*, keys: DataKeys, custody: Custody, keeper: Keeper, macs: Macs) -> Mapping[str, Effect]:
    """Name what operators can do together to what is kept: one table."""
    return {
        "erase": Erasing(keys=keys, custody=custody, keeper=keeper, macs=macs),
        "hold.release": Releasing(keys=keys, custody=custody, macs=macs),
        "retention": Shortening(custody=custody, configured=keeper.configured),
    }
