"""Reads what one person still sees owed, from the desk and the grants: the one place that App Home and `/audit` ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from core.model import Identity
from core.ports import Desk, Grantors
from slackbot.views.owed import Owed


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Debts:
    """Where it stands."""

    desk: Desk
    grantors: Grantors | None

    async def of(self, who: Identity) -> Owed:
        """Read all of it.

        Raises: StoreError.
        """
        return Owed(
            reviews=await self.desk.pending(who),
            alone=await self.desk.unclosed(who),
            grants=() if self.grantors is None else await self.grantors.lasting(who),
        )
