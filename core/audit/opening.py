"""How a stored result is opened: the people's side gives a ticket, a gateway takes it, once; each is an Entry first.

Where roles are apart the people's side holds no key of results, and no person's token ever reaches a gateway, which
could cast a Vote with it. What goes between them is the ticket, in the hands of who asked, and what the record says of
it: by the digest of the ticket, so that nobody who reads the record can take it.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, final

from core import subject
from core.errors import Blocked, Lost, NotFound, SlotTaken
from core.model import CallId, Entry, EntryKind, Identity, Json, PayloadId, Slot
from core.ports import Clock, Closure, Journal, Macs, Opening, Party, PartyKind, Payloads, Role, Sealed, Subjects, Unit

LASTS: Final = timedelta(minutes=5)  # long enough for a session of thousands of results, each taken by itself
BYTES: Final = 20  # of chance in a ticket
TICKET: Final = re.compile(r"tkt_[a-z2-7]{32}", re.ASCII)
MEMBER: Final = "ticket.member"  # label of the MAC of a group list's entry


@final
class Giving:
    """The people's side: who may open a result is given a ticket for it."""

    def __init__(
        self, *, journal: Journal, subjects: Subjects, macs: Macs, clock: Clock, member: Callable[[Identity], str]
    ) -> None:
        """`member` says by which entry of a group's list somebody is a `[console] result_reader`, "" for none."""
        self._journal = journal
        self._subjects = subjects
        self._macs = macs
        self._clock = clock
        self._member = member

    def reads(self, who: Identity) -> bool:
        """Say whether somebody opens results."""
        return bool(self._member(who))

    async def give(self, who: Identity, call: CallId, payload: PayloadId, *, proof: bool = False) -> str:
        """Give a ticket; `proof`: the key of the payload's MAC goes with what it opens.

        Raises: NotFound for who reads no results, StoreError when it cannot be recorded: then there is none.
        """
        member = self._member(who)
        if not member:
            raise NotFound("not one of [console] result_readers")
        ticket = f"tkt_{base64.b32encode(secrets.token_bytes(BYTES)).decode().lower()}"
        by, until = subject.of_identity(self._macs, who), self._clock.now() + LASTS
        body: dict[str, Json] = {
            "by": by,
            "via": who.via,
            "of": call,
            "payload": payload,
            "member": self._macs.mac(MEMBER, member.encode()),
            "proof": proof,
            "until": int(until.timestamp() * 1000),
        }
        await self._subjects.know(by, who.name)
        await self._journal.commit(Unit(entries=(_entry(EntryKind.TICKET_GIVEN, ticket, Slot.DECISION, body),)))
        return ticket


@final
class Redeeming:
    """A gateway: what a ticket opens, looked at once more, once."""

    def __init__(
        self,
        *,
        journal: Journal,
        payloads: Payloads,
        macs: Macs,
        closure: Closure,
        readers: Callable[[], frozenset[str]],
    ) -> None:
        """`readers` are the entries of the lists of `[console] result_readers`, as they are now."""
        self._journal = journal
        self._payloads = payloads
        self._macs = macs
        self._closure = closure
        self._readers = readers

    async def redeem(self, ticket: str) -> Opening:
        """Open what it is for.

        Raises: NotFound alike for what is no ticket, was one, or opens nothing now; StoreError.
        """
        given = await self._given(ticket)
        body: dict[str, Json] = {name: given[name] for name in ("by", "of", "payload")}
        reader = Party(kind=PartyKind.PERSON, id=str(given["by"]))
        unit = Unit(
            entries=(_entry(EntryKind.TICKET_USED, ticket, Slot.USE, body),),
            before=_until(given),
            unblocked=frozenset({reader}),
        )
        try:
            await self._journal.commit(unit)
        except (SlotTaken, Lost, Blocked) as error:
            raise NotFound(f"a ticket that is over: {type(error).__name__}") from error
        opened = await self._payloads.opening(PayloadId(str(given["payload"])))
        return opened if given["proof"] is True else replace(opened, key=b"")

    async def _given(self, ticket: str) -> Mapping[str, Json]:
        """Read what the record says of a ticket, and whether that still holds."""
        if TICKET.fullmatch(ticket) is None or await self._closure.closed():
            raise NotFound("no ticket, or the store waits for its operators")
        entries = await self._journal.entries(digest(ticket))
        given = next((one.body for one in entries if one.body["kind"] == EntryKind.TICKET_GIVEN.value), None)
        if given is None:
            raise NotFound("no such ticket")
        if given["member"] not in {self._macs.mac(MEMBER, name.encode()) for name in self._readers()}:
            raise NotFound("its reader reads no results any more")
        result = delivered(await self._journal.entries(str(given["of"])))
        if result is None or (result.get("role"), result.get("id")) != (Role.RESULT.value, given["payload"]):
            raise NotFound("not the masked result of that Call")
        return given


def delivered(entries: Sequence[Sealed]) -> Mapping[str, Json] | None:
    """Find what the last OUTCOME names as its result."""
    for sealed in reversed(entries):
        named = sealed.body.get("payloads") if sealed.body.get("kind") == EntryKind.OUTCOME.value else ()
        for one in named if isinstance(named, Sequence) and not isinstance(named, str) else ():
            if isinstance(one, Mapping) and one.get("role") in {Role.RESULT.value, Role.UNMASKED.value}:
                return one
    return None


def digest(ticket: str) -> str:
    """Name a ticket as the record does."""
    return f"tkt_{base64.b32encode(sha256(ticket.encode()).digest()).decode().lower().rstrip('=')}"


def _entry(kind: EntryKind, ticket: str, slot: Slot, body: Mapping[str, Json]) -> Entry:
    return Entry(kind=kind, scope=digest(ticket), attempt=0, slot=slot, body=body)


def _until(given: Mapping[str, Json]) -> datetime:
    """Read its end; one without any is over."""
    until = given["until"]
    return datetime.fromtimestamp(until / 1000 if isinstance(until, int) else 0, UTC)
