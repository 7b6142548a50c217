"""How often one address may try to sign in; what is above is counted with the refusals."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final, final

from core.errors import Busy
from core.ports import Clock

TRIES: Final = 30
WINDOW: Final = timedelta(minutes=1)
ADDRESSES: Final = 10_000


@final
class Tries:
    """Counts tries by address, over a window that begins with the first."""

    def __init__(self, clock: Clock, *, tries: int = TRIES) -> None:
        self._clock = clock
        self._tries = tries
        self._seen: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def count(self, address: str) -> None:
        """Count one.

        Raises: Busy, above the limit.
        """
        now = self._clock.now()
        began, count = self._seen.pop(address, (now, 0))
        if not timedelta(0) <= now - began < WINDOW:
            began, count = now, 0
        self._seen[address] = (began, count + 1)
        if len(self._seen) > ADDRESSES:
            self._seen.popitem(last=False)
        if count >= self._tries:
            raise Busy("sign-in: too many tries from one address", retry_after=WINDOW)
