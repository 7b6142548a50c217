"""The Effect `keys.revoke`: a key that is no longer secret signs nothing from the decision on, overlap or not.

It was replaced before. Of checkpoints the log must already be signed by the key that takes its place; whoever has the
revoked one can rewrite what nobody else saw, so its range ends with the last checkpoint that a witness signed. A key of
agents' tokens ends with all that it signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from core.custody.rotation import MINTING, PLACES, SIGNING, vkey_id
from core.errors import UnfitAct
from core.model import Entry, EntryKind, Json
from core.ports import Act, Effect, Involved, KeyNames, KeyState, NamedKey, RetireKey, Signed, Unit

REASON: Final = "it is no longer secret"
FIRST: Final = "go over to another key first: name it in [keys.next], restart, and assent keys rotate {}"


@final
class Revoking:
    """Ends the overlap of a former key that signs."""

    def __init__(self, names: KeyNames) -> None:
        self._names = names

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Nobody in particular.

        Raises: UnfitAct for what is no former key that signs, or whose follower signed nothing yet.
        """
        former, current = await self._former(of)
        if former.purpose == SIGNING:
            await self._followed(current)
        return Involved()

    async def _former(self, of: Mapping[str, str]) -> tuple[NamedKey, NamedKey]:
        """Find the key, and the one that took its place."""
        if of.keys() != PLACES or of["purpose"] not in {SIGNING, MINTING}:
            raise UnfitAct("only a key that signs is revoked, by its id")
        mine = {one.name: one for one in await self._names.named() if one.purpose == of["purpose"]}
        former = mine.get(of["id"])
        if former is None:
            raise UnfitAct("only a key that signs is revoked, by its id")
        if former.state is not KeyState.FORMER:
            raise UnfitAct(
                FIRST.format(of["purpose"]) if former.state is KeyState.CURRENT else "that key signs nothing"
            )
        return former, next(one for one in mine.values() if one.state is KeyState.CURRENT)

    async def _followed(self, current: NamedKey) -> Signed:
        signed = await self._names.signed()
        if signed is None or current.public not in signed.by:
            raise UnfitAct("the key that takes its place has not signed yet: try again in a minute")
        return signed

    async def unit(self, act: Act, by: str) -> Unit:
        """Word the end of the key.

        Raises: UnfitAct.
        """
        former, current = await self._former(act.of)
        change = RetireKey(purpose=former.purpose, name=former.name)
        if former.purpose == MINTING:
            body: dict[str, Json] = {"purpose": MINTING, "id": former.name, "reason": REASON, "by": by, "act": act.id}
            ended = Entry(kind=EntryKind.ALERT, body={"alert": "minting_key_revoked", "of": former.name})
            return Unit(entries=(Entry(kind=EntryKind.KEY_REVOKE, body=body), ended), changes=(change,))
        signed = await self._followed(current)
        end = (signed.witnessed or signed.size) + 1
        said: dict[str, Json] = {"purpose": SIGNING, "id": vkey_id(former), "to_size": end, "reason": REASON}
        entry = Entry(kind=EntryKind.KEY_REVOKE, body={**said, "by": by, "act": act.id})
        told = Entry(kind=EntryKind.ALERT, body={"alert": "signing_key_revoked", "of": former.name})
        return Unit(entries=(entry, told), changes=(change,))

    async def done(self) -> None:
        """Nothing is left to do: each signer looks before it signs, and whoever publishes keys before it does."""


def effects(names: KeyNames) -> Mapping[str, Effect]:
    """Name what operators can do about a key that was lost."""
    return {"keys.revoke": Revoking(names)}
