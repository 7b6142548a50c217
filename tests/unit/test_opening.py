"""Tickets: what the people's side gives, a gateway opens once, while all that let it be given still holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, final

import pytest

from core import subject
from core.audit.opening import LASTS, Giving, Redeeming, digest
from core.errors import AuditUnavailable, NotFound
from core.model import CallId, Entry, EntryKind, Identity, Json, PayloadId, Person, Slot
from core.ports import Block, Opening, Party, PartyKind, Payload, Role, SetBlock, Unit
from tests import entries
from tests.doubles import MemoryStore

SUE = Identity(person=Person(directory="acme", id="sue"), name="Sue", email=None, via="console:assent-cli")
CONTENT = b"rows"


@final
@dataclass
class Sides:
    """Both sides of one store; `readers` is what the group's list says now."""

    store: MemoryStore = field(default_factory=MemoryStore)
    readers: set[str] = field(default_factory=lambda: {"acme:sue"})

    @property
    def giving(self) -> Giving:
        store = self.store
        return Giving(
            journal=store.journal,
            subjects=store.subjects,
            macs=store.macs,
            clock=store.clock,
            member=lambda who: str(who.person) if str(who.person) in self.readers else "",
        )

    @property
    def redeeming(self) -> Redeeming:
        store = self.store
        return Redeeming(
            journal=store.journal,
            payloads=store.payloads,
            macs=store.macs,
            closure=store.closure,
            readers=lambda: frozenset(self.readers),
        )

    async def delivered(self, role: Role = Role.RESULT) -> tuple[CallId, PayloadId]:
        call = entries.call_id()
        (kept,) = await self.store.payloads.keep(call, entries.NOBODY, "shop", (Payload(role=role, content=CONTENT),))
        named: list[Json] = [dict(kept.reference)]
        said = (entries.intent(call), entries.outcome(call, rows=1, payloads=named))
        await self.store.journal.commit(Unit(entries=said))
        return call, kept.id

    async def given(self, *, proof: bool = False, role: Role = Role.RESULT) -> str:
        return await self.giving.give(SUE, *(await self.delivered(role)), proof=proof)

    def bodies(self, kind: EntryKind) -> list[dict[str, Json]]:
        return [dict(one.body) for _, one in self.store.journal.tables.log if one.body["kind"] == kind.value]

    async def shut(self, ticket: str) -> None:
        """It opens nothing, and nothing says that it did."""
        before = self.bodies(EntryKind.TICKET_USED)
        with pytest.raises(NotFound):
            await self.redeeming.redeem(ticket)
        assert self.bodies(EntryKind.TICKET_USED) == before


async def test_a_ticket_opens_one_result_once_and_its_entry_is_durable_before() -> None:
    at = Sides()
    ticket = await at.given()
    at.store.journal.failure = AuditUnavailable("down")
    with pytest.raises(AuditUnavailable):
        await at.redeeming.redeem(ticket)
    at.store.journal.failure = None
    opened = await at.redeeming.redeem(ticket)
    assert (opened.content, opened.role, opened.key) == (CONTENT, Role.RESULT, b"")
    (used,) = at.bodies(EntryKind.TICKET_USED)
    (given,) = at.bodies(EntryKind.TICKET_GIVEN)
    assert {name: used[name] for name in ("by", "of", "payload", "ticket")} == {
        name: given[name] for name in ("by", "of", "payload", "ticket")
    }
    await at.shut(ticket)


async def test_the_key_of_a_mac_goes_with_a_ticket_for_a_proof_alone() -> None:
    at = Sides()
    assert (await at.redeeming.redeem(await at.given(proof=True))).key
    assert not (await at.redeeming.redeem(await at.given())).key


async def test_nobody_who_reads_the_record_can_take_a_ticket() -> None:
    at = Sides()
    ticket = await at.given()
    assert ticket not in str(at.store.journal.tables.log)
    await at.shut(digest(ticket))
    await at.shut("")
    await at.shut(f"tkt_{'a' * 32}")
    await at.shut(f"{ticket}\n")


async def test_a_ticket_ends_by_the_stores_clock() -> None:
    at = Sides()
    ticket = await at.given()
    at.store.clock.advance(LASTS - timedelta(milliseconds=1))
    soon = await at.given()
    at.store.clock.advance(timedelta(milliseconds=1))
    await at.shut(ticket)
    assert (await at.redeeming.redeem(soon)).content == CONTENT


async def test_who_reads_no_results_any_more_opens_nothing_with_a_ticket_given_before() -> None:
    at = Sides()
    ticket = await at.given()
    at.readers = {"acme:bob", "acme:su", "evil:sue"}
    await at.shut(ticket)
    with pytest.raises(NotFound):
        await at.given()
    at.readers.add("acme:sue")
    assert (await at.redeeming.redeem(ticket)).content == CONTENT


async def test_who_is_blocked_opens_nothing_with_a_ticket_given_before() -> None:
    at = Sides()
    ticket = await at.given()
    person = Party(kind=PartyKind.PERSON, id=subject.of_identity(at.store.macs, SUE))
    said = Entry(kind=EntryKind.BLOCK_SET, body={"by": "p", "of": str(person)})
    await at.store.journal.commit(Unit(entries=(said,), changes=(SetBlock(block=Block(party=person)),)))
    await at.shut(ticket)


async def test_a_restored_store_opens_nothing() -> None:
    at = Sides()
    ticket = await at.given()
    at.store.closure.shut = True
    await at.shut(ticket)


FORGED: list[tuple[str, dict[str, Any]]] = [
    ("another Call's result", {"call": "another"}),
    ("other words", {"payload": "words"}),
    ("what was shown unmasked", {"role": Role.UNMASKED}),
]


@pytest.mark.parametrize(("what", "change"), FORGED, ids=[name for name, _ in FORGED])
async def test_a_people_side_that_was_taken_over_has_nothing_but_masked_results_opened(
    what: str, change: dict[str, Any]
) -> None:
    """It words tickets as it likes; the gateway looks at the record itself."""
    at = Sides()
    call, payload = await at.delivered(change.get("role", Role.RESULT))
    (words,) = await at.store.payloads.keep(
        call, entries.NOBODY, "shop", (Payload(role=Role.STATEMENT, content=b"select 1"),)
    )
    of = (await at.delivered())[0] if change.get("call") else call
    which = words.id if change.get("payload") else payload
    await at.shut(await at.giving.give(SUE, of, which))


async def test_a_ticket_whose_words_are_wrong_is_none() -> None:
    at = Sides()
    call, payload = await at.delivered()
    by = subject.of_identity(at.store.macs, SUE)
    good: dict[str, Json] = {"by": by, "of": call, "payload": payload, "proof": True, "until": "later"}
    for number, member in enumerate(("acme:sue", at.store.macs.mac("ticket.member", b"acme:sue"))):
        ticket = f"tkt_{'ab'[number] * 32}"
        said = {**good, "member": member}
        entry = Entry(kind=EntryKind.TICKET_GIVEN, scope=digest(ticket), attempt=0, slot=Slot.DECISION, body=said)
        await at.store.journal.commit(Unit(entries=(entry,)))
        await at.shut(ticket)


async def test_an_erased_result_is_gone_though_its_ticket_was_good() -> None:
    at = Sides()
    ticket = await at.given()
    await at.store.ring.destroy([key.number for key in await at.store.ring.alive()])
    with pytest.raises(NotFound):
        await at.redeeming.redeem(ticket)


def test_an_opening_shows_nothing_in_its_repr() -> None:
    opening = Opening(id=PayloadId("pay_1"), role=Role.RESULT, content=CONTENT, key=b"key!")
    assert "rows" not in repr(opening)
    assert "key!" not in repr(opening)
