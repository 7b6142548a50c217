"""Who can be stopped, and what ends a stop: one operator stops at once, two release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from core.errors import UnfitAct
from core.model import Entry, EntryKind, Json
from core.ports import Act, EndBlock, Involved, Party, PartyKind, Standing, Unit

LONGEST: Final = 256  # characters of a name


def party(of: Mapping[str, str]) -> Party:
    """Read whom a block is about; of everything nothing is named.

    Raises: UnfitAct.
    """
    kind, name = of.get("kind", ""), of.get("id", "")
    if kind not in tuple(PartyKind) or bool(name) is (kind == PartyKind.ALL) or len(name) > LONGEST:
        raise UnfitAct("a block is of a person, an agent or a source, by its name, or of all")
    return Party(kind=PartyKind(kind), id=name)


def about(one: Party) -> dict[str, Json]:
    """Say a party in an Entry."""
    return {"kind": one.kind.value, "id": one.id}


@final
class Unblocking:
    """The Effect `block.release`."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Nobody decides to release a block of themselves.

        Raises: UnfitAct when there is no such block.
        """
        one = party(of)
        if one not in {block.party for block in await self._standing.blocks()}:
            raise UnfitAct("there is no such block")
        return Involved(people=frozenset({one.id} if one.kind is PartyKind.PERSON else ()))

    async def unit(self, act: Act, by: str) -> Unit:
        """Word the release."""
        one = party(act.of)
        said: dict[str, Json] = {"of": about(one), "by": by, "act": act.id}
        return Unit(entries=(Entry(kind=EntryKind.BLOCK_RELEASE, body=said),), changes=(EndBlock(party=one),))

    async def done(self) -> None:
        """Nothing is left to do: the next unit of theirs is made."""
