"""Looking back: whose Sessions one sees, and that every look is recorded before it is answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core import subject
from core.audit.archive import NOT_A_READER, UNMASKED, Looking
from core.audit.opening import Giving, digest
from core.errors import AuditUnavailable
from core.model import CallId, Entry, EntryKind, Identity, Json, Masked, MaskedColumn, Person, ReviewId, Session
from core.packing import pack_result
from core.ports import Payload, Role, Search, Unit
from tests import entries
from tests.doubles import MemoryAnchors, MemoryStore


def person(name: str) -> Identity:
    return Identity(person=Person(directory="acme", id=name), name=name.title(), email=None, via="terminal")


ANN, BOB, SUE = person("ann"), person("bob"), person("sue")


def looking(store: MemoryStore, reader: Identity | None = None) -> Looking:
    return Looking(
        history=store.history,
        journal=store.journal,
        reviews=store.reviews,
        payloads=store.payloads,
        subjects=store.subjects,
        macs=store.macs,
        anchors=MemoryAnchors(store.journal),
        is_auditor=lambda who: who == SUE,
        giving=giving(store, reader),
    )


def giving(store: MemoryStore, reader: Identity | None) -> Giving:
    return Giving(
        journal=store.journal,
        subjects=store.subjects,
        macs=store.macs,
        clock=store.clock,
        member=lambda who: str(who.person) if who == reader else "",
    )


async def asked(store: MemoryStore, name: str = "ann", **more: Any) -> tuple[Session, CallId]:
    """A write with its words; `more` stands in its INTENT."""
    caller, call = entries.caller(name), entries.call(store.clock.now())
    session = await store.sessions.join(caller, call)
    words = (Payload(role=Role.STATEMENT, content=b"update x"), Payload(role=Role.PURPOSE, content=b"because"))
    kept = await store.payloads.keep(call.id, session.id, "shop", words)
    named: list[Json] = [{"id": one.id, "role": one.role.value} for one in kept]
    ps = subject.of_caller(store.macs, caller)
    said: dict[str, Json] = {"ps": ps, "iss": caller.issuer, "client": "claude", "kind": "person"}
    intent = entries.intent(call.id, action="allow", session=session.id, caller=said, payloads=named, **more)
    ended = entries.outcome(call.id, affected=7, rows=5, masked=3)
    await store.journal.commit(Unit(entries=(intent, ended)))
    return session, call.id


def reads(store: MemoryStore) -> list[dict[str, Json]]:
    return said(store, EntryKind.AUDIT_READ)


def said(store: MemoryStore, kind: EntryKind) -> list[dict[str, Json]]:
    return [dict(one.body) for _, one in store.journal.tables.log if one.body["kind"] == kind.value]


async def test_people_see_their_own_sessions_and_auditors_all() -> None:
    store = MemoryStore()
    (ann, _), (bob, _) = await asked(store, "ann"), await asked(store, "bob")
    archive = looking(store)
    assert [line.session for line in await archive.sessions(ANN)] == [ann.id]
    assert [line.session for line in await archive.sessions(BOB)] == [bob.id]
    assert {line.session for line in await archive.sessions(SUE)} == {ann.id, bob.id}
    assert await archive.sessions(person("eve")) == ()


async def test_anothers_session_or_call_is_as_unknown_as_none() -> None:
    store = MemoryStore()
    session, call = await asked(store)
    archive = looking(store)
    assert await archive.session(BOB, session.id) is None
    assert await archive.call(BOB, call) is None
    assert await archive.session(BOB, entries.NOBODY) is None
    assert await archive.call(BOB, entries.call_id()) is None


async def test_the_same_id_in_another_directory_is_another_person() -> None:
    store = MemoryStore()
    session, _ = await asked(store)
    twin = Identity(person=Person(directory="evil", id="ann"), name="Ann", email="ann@acme.example", via="terminal")
    assert await looking(store).session(twin, session.id) is None


async def test_a_story_has_its_words_and_an_auditor_all_of_its_entries() -> None:
    store = MemoryStore()
    session, call = await asked(store)
    found = await looking(store).session(SUE, session.id)
    assert found is not None
    (story,) = found[1]
    assert (story.statement, story.purpose) == ("update x", "because")
    assert [one.body["kind"] for one in story.entries] == ["call.intent", "call.outcome"]
    assert story.entries[1].body["affected"] == 7
    own = await looking(store).call(ANN, call)
    assert own is not None
    assert own.statement == "update x"
    assert "affected" not in own.entries[1].body


PROTECTED: list[dict[str, Any]] = [
    {"verdict": {"action": "allow", "policy": "p1", "masked": ["public.customers.email"]}},
    {"verdict": {"action": "allow", "policy": "p1", "masked": [], "searched": ["public.tickets.body"]}},
    {"reading": {"verbs": ["update"], "facts": ["predicate_on_protected"]}},
    {"reading": {"verbs": ["update"], "facts": ["assigns_protected", "no_where"]}},
    {"reading": {"verbs": ["update"], "facts": ["x" * 4000] * 3}},  # cut short: what was lost may be the one that says
]


@pytest.mark.parametrize("more", PROTECTED)
async def test_who_is_no_auditor_sees_no_count_and_no_literal_where_a_protected_column_was_read(
    more: dict[str, Any],
) -> None:
    store = MemoryStore()
    session, call = await asked(store, **more)
    archive = looking(store)
    own, audited = await archive.call(ANN, call), await archive.call(SUE, call)
    assert own is not None
    assert audited is not None
    assert (own.line.rows, own.line.masked, own.statement, own.purpose) == (None, 0, None, "because")
    assert not {"rows", "masked", "affected"} & {key for one in own.entries for key in one.body}
    assert (audited.line.rows, audited.line.masked, audited.statement) == (5, 3, "update x")
    found, seen = await archive.session(ANN, session.id), await archive.session(SUE, session.id)
    assert found is not None
    assert seen is not None
    assert (found[0].rows, found[1][0].line.rows, seen[0].rows) == (0, None, 5)
    assert [line.rows for line in await archive.sessions(ANN)] == [0]
    assert [line.rows for line in await archive.sessions(SUE)] == [5]


async def test_a_count_of_what_is_not_protected_is_ones_own_to_see() -> None:
    store = MemoryStore()
    session, call = await asked(store)
    own = await looking(store).call(ANN, call)
    found = await looking(store).session(ANN, session.id)
    assert own is not None
    assert found is not None
    assert (own.line.rows, own.line.masked, own.statement, found[0].rows) == (5, 3, "update x", 5)


async def test_erased_words_are_none() -> None:
    store = MemoryStore()
    _, call = await asked(store)
    store.payloads.held.clear()
    story = await looking(store).call(SUE, call)
    assert story is not None
    assert story.statement is None


async def test_every_look_is_an_entry_also_one_that_finds_nothing() -> None:
    store = MemoryStore()
    session, call = await asked(store)
    archive = looking(store)
    await archive.sessions(SUE)
    await archive.session(BOB, session.id)
    await archive.call(ANN, call)
    assert [(one["query"], one["n"]) for one in reads(store)] == [("sessions", 1), ("session", 0), ("call", 1)]
    by = subject.of_identity(store.macs, SUE)
    assert reads(store)[0]["by"] == by
    assert await store.subjects.name(by) == "Sue"


async def test_a_look_that_cannot_be_recorded_shows_nothing() -> None:
    store = MemoryStore()
    session, call = await asked(store)
    store.journal.failure = AuditUnavailable("disk")
    archive = looking(store)
    with pytest.raises(AuditUnavailable):
        await archive.sessions(SUE)
    with pytest.raises(AuditUnavailable):
        await archive.session(SUE, session.id)
    with pytest.raises(AuditUnavailable):
        await archive.call(SUE, call)


async def test_who_is_no_auditor_finds_own_calls_alone_and_every_look_is_an_entry() -> None:
    store = MemoryStore()
    (_, ann), (_, bob) = await asked(store, "ann"), await asked(store, "bob")
    archive = looking(store)
    assert [line.call for line in (await archive.find(ANN, Search())).lines] == [ann]
    assert (await archive.find(ANN, Search(), person="acme:bob")).lines == ()
    assert (await archive.find(ANN, Search(own=subject.of_person(store.macs, BOB.person)))).lines[0].call == ann
    assert {line.call for line in (await archive.find(SUE, Search())).lines} == {ann, bob}
    assert [line.call for line in (await archive.find(SUE, Search(), person="bob@ACME.example")).lines] == [bob]
    assert [line.call for line in (await archive.find(SUE, Search(), person="acme:bob")).lines] == [bob]
    pseudonym = subject.of_person(store.macs, BOB.person)
    assert [line.call for line in (await archive.find(SUE, Search(), person=pseudonym)).lines] == [bob]
    assert (await archive.find(ANN, Search(), person=pseudonym)).lines == ()
    assert [(one["query"], one["n"]) for one in reads(store)] == [
        ("find", 1), ("find", 0), ("find", 1), ("find", 2), ("find", 1), ("find", 1), ("find", 1), ("find", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("more", PROTECTED)
async def test_no_count_finds_what_read_a_protected_column_but_for_an_auditor(more: dict[str, Any]) -> None:
    """Asking "at least n" for every n would read the count off whether the Call is found."""
    store = MemoryStore()
    _, call = await asked(store, **more)
    archive = looking(store)
    for rows in (0, 5, 6):
        assert (await archive.find(ANN, Search(rows=rows, countable=True))).lines == ()
    (own,) = (await archive.find(ANN, Search())).lines
    assert (own.call, own.rows, own.masked) == (call, None, 0)
    (seen,) = (await archive.find(SUE, Search(rows=5))).lines
    assert (seen.call, seen.rows) == (call, 5)


async def test_a_search_that_cannot_be_recorded_shows_nothing() -> None:
    store = MemoryStore()
    await asked(store)
    store.journal.failure = AuditUnavailable("disk")
    with pytest.raises(AuditUnavailable):
        await looking(store).find(SUE, Search())


async def delivered(store: MemoryStore, role: Role = Role.RESULT) -> tuple[Session, CallId]:
    """A read whose result is kept."""
    caller, call = entries.caller("ann"), entries.call(store.clock.now())
    session = await store.sessions.join(caller, call)
    masked = Masked(columns=(MaskedColumn(name="id", type="int8"),), rows=((7,),))
    recorded = await store.payloads.keep(
        call.id, session.id, "shop", (Payload(role=role, content=pack_result(masked)),)
    )
    named: list[Json] = [{"id": one.id, "role": one.role.value} for one in recorded]
    ps = subject.of_caller(store.macs, caller)
    said: dict[str, Json] = {"ps": ps, "iss": caller.issuer, "client": "claude", "kind": "person"}
    intent = entries.intent(call.id, session=session.id, caller=said)
    await store.journal.commit(Unit(entries=(intent, entries.outcome(call.id, rows=1, payloads=named))))
    return session, call.id


async def test_a_ticket_for_a_result_is_for_its_readers_alone_and_each_is_an_entry() -> None:
    store = MemoryStore()
    session, call = await delivered(store)
    for who in (SUE, ANN):
        found = await looking(store).replay(who, session.id)
        assert found is not None
        assert (found[1][0].ticket, found[1][0].withheld) == ("", NOT_A_READER)
    assert said(store, EntryKind.TICKET_GIVEN) == []
    opened = await looking(store, SUE).replay(SUE, session.id)
    assert opened is not None
    (given,) = said(store, EntryKind.TICKET_GIVEN)
    assert (given["of"], given["by"], given["proof"]) == (call, subject.of_identity(store.macs, SUE), False)
    assert given["ticket"] == digest(opened[1][0].ticket)
    assert opened[1][0].ticket not in str(store.journal.tables.log)
    assert await looking(store, BOB).replay(BOB, session.id) is None
    store.journal.failure = AuditUnavailable("down")
    with pytest.raises(AuditUnavailable):
        await looking(store, SUE).replay(SUE, session.id)


async def test_an_unmasked_result_is_never_replayed() -> None:
    store = MemoryStore()
    session, call = await delivered(store, Role.UNMASKED)
    found = await looking(store, SUE).replay(SUE, session.id)
    assert found is not None
    assert (found[1][0].ticket, found[1][0].withheld) == ("", UNMASKED)
    words = await looking(store, SUE).openings(SUE, call)
    assert words is not None
    assert words.ticket == ""
    assert said(store, EntryKind.TICKET_GIVEN) == []


async def test_words_are_given_with_their_keys_to_auditors_alone_and_it_is_an_entry_before() -> None:
    store = MemoryStore()
    call = entries.call(store.clock.now())
    session = (await store.sessions.join(entries.caller("ann"), call)).id
    roles = (Role.STATEMENT, Role.PURPOSE, Role.FACTS, Role.RESULT, Role.UNMASKED)
    kept = await store.payloads.keep(call.id, session, "shop", [Payload(role=one, content=b"x") for one in roles])
    intended: list[Json] = [dict(one.reference) for one in kept]
    intent = entries.intent(call.id, session=session, payloads=intended)
    named = [dict(one.reference) for one in kept if one.role is Role.RESULT]
    await store.journal.commit(Unit(entries=(intent, entries.outcome(call.id, payloads=named))))
    names = [one.id for one in kept]
    assert await looking(store).openings(ANN, call.id) is None
    assert reads(store) == []
    for reader, given in ((None, []), (SUE, [names[3]])):  # nobody is given what was shown unmasked
        found = await looking(store, reader).openings(SUE, call.id)
        assert found is not None
        assert [one.id for one in found.opened] == (ids := names[:2])
        tickets = said(store, EntryKind.TICKET_GIVEN)
        assert [(one["payload"], one["proof"], one["ticket"]) for one in tickets] == [
            (name, True, digest(found.ticket)) for name in given
        ]
        assert reads(store)[-1]["query"] == "opening"
        assert (reads(store)[-1]["of"], reads(store)[-1]["n"]) == (call.id, len(ids))
    assert await looking(store).openings(SUE, entries.call_id()) is None
    store.journal.failure = AuditUnavailable("down")
    with pytest.raises(AuditUnavailable):
        await looking(store).openings(SUE, call.id)


async def test_ones_own_sessions_are_ones_own_for_an_auditor_too_and_the_look_is_on_record() -> None:
    store = MemoryStore()
    (ann, _) = await asked(store, "ann")
    assert [line.session for line in await looking(store).mine(ANN)] == [ann.id]
    assert await looking(store).mine(SUE) == ()
    assert [(body["query"], body["n"]) for body in reads(store)] == [("mine", 1), ("mine", 0)]


async def test_a_review_is_told_to_auditors_and_to_whose_call_it_is_about_alone_and_each_look_is_on_record() -> None:
    store = MemoryStore()
    session, call = await asked(store, "ann")
    row = replace(entries.review(store.clock.now()), call=call)
    vote: dict[str, Json] = {"call": call, "person": "p-bob", "seat": "dba", "decision": "approve", "digest": "0" * 64}
    await store.subjects.know("p-bob", "bob@acme.example")
    store.journal.tables.reviews[row.id] = row
    await store.journal.commit(Unit(entries=(Entry(kind=EntryKind.VOTE, scope=row.id, body=vote),)))
    told = await looking(store).review(SUE, row.id)
    assert told is not None
    assert (told.line.session, told.names) == (session.id, {"p-bob": "bob@acme.example"})
    own = await looking(store).review(ANN, row.id)
    assert own is not None
    assert own.names == {}
    assert await looking(store).review(BOB, row.id) is None
    assert await looking(store).review(SUE, ReviewId("rev_none")) is None
    assert [(body["query"], body["n"]) for body in reads(store)] == [("review", n) for n in (1, 1, 0, 0)]
