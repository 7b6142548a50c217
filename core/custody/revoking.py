"""The Effect `keys.revoke`: a signing key that is no longer secret signs nothing from the decision on, overlap or not.

It was replaced before: the log must already be signed by the key that takes its place. Whoever has the revoked one can
rewrite what nobody else saw, so its range ends with the last checkpoint that a witness signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from core.custody.rotation import PLACES, SIGNING, vkey_id
from core.errors import BadCall
from core.model import Entry, EntryKind, Json
from core.ports import Act, Effect, Involved, KeyNames, KeyState, NamedKey, RetireKey, Signed, Unit

REASON: Final = "it is no longer secret"
FIRST: Final = "go over to another key first: name it in [keys.next], restart, and assent keys rotate signing"


@final
class Revoking:
    """Ends the overlap of a former signing key."""

    def __init__(self, names: KeyNames) -> None:
        self._names = names

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Nobody in particular.

        Raises: BadCall for what is no former signing key, or whose follower signed nothing yet.
        """
        await self._former(of)
        return Involved()

    async def _former(self, of: Mapping[str, str]) -> tuple[NamedKey, Signed]:
        mine = {one.name: one for one in await self._names.named() if one.purpose == SIGNING}
        former = mine.get(of.get("id", ""))
        if of.keys() != PLACES or of["purpose"] != SIGNING or former is None:
            raise BadCall("only a signing key is revoked, by its id")
        if former.state is not KeyState.FORMER:
            raise BadCall(FIRST if former.state is KeyState.CURRENT else "that key signs nothing")
        current = next(one for one in mine.values() if one.state is KeyState.CURRENT)
        signed = await self._names.signed()
        if signed is None or current.public not in signed.by:
            raise BadCall("the key that takes its place has not signed yet: try again in a minute")
        return former, signed

    async def unit(self, act: Act, by: str) -> Unit:
        """Word the end of the key.

        Raises: BadCall.
        """
        former, signed = await self._former(act.of)
        end = (signed.witnessed or signed.size) + 1
        said: dict[str, Json] = {"purpose": SIGNING, "id": vkey_id(former), "to_size": end, "reason": REASON}
        entry = Entry(kind=EntryKind.KEY_REVOKE, body={**said, "by": by, "act": act.id})
        told = Entry(kind=EntryKind.ALERT, body={"alert": "signing_key_revoked", "of": former.name})
        return Unit(entries=(entry, told), changes=(RetireKey(purpose=SIGNING, name=former.name),))

    async def done(self) -> None:
        """Nothing is left to do: each signer looks before it signs."""


def effects(names: KeyNames) -> Mapping[str, Effect]:
    """Name what operators can do about a key that was lost."""
    return {"keys.revoke": Revoking(names)}
