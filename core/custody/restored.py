"""A restored store opens when two operators confirm it, and the policy in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import final

from core.errors import UnfitAct
from core.model import Entry, EntryKind, Json
from core.ports import Act, Closure, Effect, Involved, OpenStore, Unit


@final
class Opening:
    """The Effect `store.open`: two operators confirm the restored store and the policy in force."""

    def __init__(self, *, closure: Closure, policy: Callable[[], str]) -> None:
        self._closure = closure
        self._policy = policy

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Nobody in particular.

        Raises: UnfitAct when it is open, or another policy was meant.
        """
        if not await self._closure.closed():
            raise UnfitAct("the store is open")
        if dict(of) != {"policy": self._policy()}:
            raise UnfitAct(f"it is opened under the policy in force, {self._policy()}")
        return Involved()

    async def unit(self, act: Act, by: str) -> Unit:
        """Word the opening."""
        said: dict[str, Json] = {"store": "open", "policy": act.of["policy"], "by": by, "act": act.id}
        return Unit(entries=(Entry(kind=EntryKind.CONFIG_CHANGE, body=said),), changes=(OpenStore(),))

    async def done(self) -> None:
        """Nothing is left to do."""


def effects(*, closure: Closure, policy: Callable[[], str]) -> Mapping[str, Effect]:
    """Name what operators can do with a restored store."""
    return {"store.open": Opening(closure=closure, policy=policy)}
