"""Entries made into events: each beside its Call's INTENT, with the statement only where it was opted in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final, final

from core.audit.export.event import ABOUT_CALLS, Event, said
from core.errors import NotFound
from core.model import EntryKind, Json, PayloadId
from core.ports import Payloads, Role, Sealed, Tail

HELD: Final = 4096  # INTENTs in memory: most OUTCOMEs follow soon


@final
class Events:
    """Makes events of one log; `payloads` None: no statement leaves."""

    def __init__(self, *, tail: Tail, payloads: Payloads | None, origin: str, version: str) -> None:
        self._tail = tail
        self._payloads = payloads
        self._origin = origin
        self._version = version
        self._intents: OrderedDict[str, Sealed] = OrderedDict()

    async def of(self, sealed: Sealed) -> Event:
        """Make the event of one Entry."""
        intent = await self._intent(sealed)
        return Event(
            sealed=sealed,
            origin=said(sealed.body, "log") or self._origin,  # a restored log has Entries of earlier names
            version=self._version,
            intent={} if intent is None else intent.body,
            statement=None if intent is None else await self._statement(intent),
        )

    async def _intent(self, sealed: Sealed) -> Sealed | None:
        """Find the first INTENT of the Call that an Entry is about."""
        call, kind = said(sealed.body, "call"), said(sealed.body, "kind")
        if kind not in ABOUT_CALLS or not call:
            return None
        if kind == EntryKind.INTENT.value and sealed.body.get("attempt") == 1:
            self._intents[call] = sealed
            if len(self._intents) > HELD:
                self._intents.popitem(last=False)
            return sealed
        held = self._intents.get(call)
        return held if held is not None else next(iter(await self._tail.entries(call)), None)

    async def _statement(self, intent: Sealed) -> str | None:
        """Open the statement; an erased one is not there."""
        for payload in _payloads(intent.body) if self._payloads is not None else ():
            if self._payloads is not None and payload.get("role") == Role.STATEMENT.value:
                try:
                    return (await self._payloads.open(PayloadId(said(payload, "id")))).decode("utf-8", "replace")
                except NotFound:
                    return None
        return None


def _payloads(body: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    named = body.get("payloads")
    listed = named if isinstance(named, Sequence) and not isinstance(named, str) else ()
    return [one for one in listed if isinstance(one, Mapping)]
