"""Which openings of stored results are legal: each with a ticket that was given for it, once, before its end.

Fed in sequence order, as `core.audit.protocol.shapes` is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from core.audit.body import Body, stamp
from core.model import Json


@final
class Taken:
    """Tickets as their Entries tell them; every method yields what an Entry breaks."""

    def __init__(self, *, whole: bool = True) -> None:
        """Begin; not `whole`: a ticket given before the first Entry read is not judged."""
        self._whole = whole
        self._given: dict[str, tuple[Json, ...]] = {}  # who, Call, payload, end
        self._known: set[str] = set()

    def given(self, _: str, body: Body, __: str) -> Iterator[tuple[str, str]]:
        """Take a ticket that is given."""
        name = str(body["ticket"])
        if name in self._known:
            yield "slot_twice", f"{name} was given twice"
        self._known.add(name)
        self._given[name] = (body["by"], body["of"], body["payload"], body["until"])

    def used(self, _: str, body: Body, __: str) -> Iterator[tuple[str, str]]:
        """Take one that is used up."""
        name = str(body["ticket"])
        given = self._given.pop(name, None)
        if given is None:
            if self._whole or name in self._known:
                yield "ticket_ungiven", f"{name} was never given, or was used before"
            return
        until = given[3]
        if given[:3] != (body["by"], body["of"], body["payload"]):
            yield "ticket_ungiven", f"{name} was given for something else"
        elif not isinstance(until, int) or stamp(body) >= until:
            yield "ticket_ungiven", f"{name} was over"
