"""What is left of somebody after erasure, and what retention tells before it acts: on every real store, by bytes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from core import subject
from core.custody.acts import Bench
from core.custody.effects import effects
from core.custody.keeper import HOUR, Keeper
from core.custody.notes import Notes
from core.errors import BadCall, NotFound
from core.model import Decision, Entry, EntryKind, Identity, Json, Outcome, PayloadId, Person, Review, Slot, State
from core.ports import KeyKind, Payload, PostCard, Role, Said, SetLink, SlackLink, TicketKind, Unit, moved
from core.stores.postgres.rights import GRANTS, Part
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.files import Place
from core.stores.sqlite.store import SqliteStore
from tests import entries, granting
from tests.contract.conftest import Clock
from tests.pgstore import Ground
from tests.policies import silent, unruled

pytestmark = pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)

Real = SqliteStore | PostgresStore
DAY = timedelta(days=1)
WORDS = {Role.STATEMENT: b"select zanzibar", Role.PURPOSE: b"because quokka", Role.RESULT: b'{}\n["wombat"]\n'}
TRACES = (b"zanzibar", b"quokka", b"wombat", b"annabel")


def keeper(store: Real, clock: Clock, terms: Mapping[str, int]) -> Keeper:
    return Keeper(
        journal=store.journal,
        keys=store.ring,
        custody=store.custody,
        months=store.payloads,
        results=store.reviews,
        clock=clock,
        configured=terms,
    )


def bench(store: Real, clock: Clock) -> Bench:
    return Bench(
        journal=store.journal,
        acts=store.custody,
        custody=store.custody,
        ruling=unruled(store.standing),
        tell=silent,
        standing=store.standing,
        sources=frozenset(),
        subjects=store.subjects,
        macs=store.macs,
        clock=clock,
        notes=Notes(journal=store.journal, payloads=store.payloads),
        effects=effects(keys=store.ring, custody=store.custody, keeper=keeper(store, clock, {}), macs=store.macs),
        is_operator=lambda _: True,
        alone=False,
    )


def operator(name: str) -> Identity:
    return Identity(person=Person(directory="acme", id=name), name=name, email=None, via="terminal")


async def asked(store: Real, clock: Clock, name: str) -> list[PayloadId]:
    """A Call of somebody that ended, all its words kept, and looked up once so that every index has it."""
    call = entries.call(clock.now(), conversation=("c", f"{name} hint"))
    session = await store.sessions.join(entries.caller(name), call)
    kept = await store.payloads.keep(
        call.id, session.id, "shop", [Payload(role=role, content=text) for role, text in WORDS.items()]
    )
    named: list[Json] = [dict(one.reference) for one in kept]
    intent = entries.intent(call.id, session=session.id, payloads=named)
    await store.journal.commit(Unit(entries=(intent, entries.outcome(call.id))))
    await store.history.sessions()
    return [one.id for one in kept]


async def everything(place: Path | Ground) -> bytes:
    """Every file of a store, write-ahead logs with them; of a database every row of every table."""
    if isinstance(place, Path):
        return b"".join(one.read_bytes() for one in sorted(place.parent.rglob("*")) if one.is_file())
    dba = await place.dba()
    rows = [await dba.fetch(f"SELECT * FROM assent.{table}") for table in GRANTS]
    await dba.close()
    return b"\n".join(
        value if isinstance(value, bytes) else str(value).encode()
        for found in rows
        for row in found
        for value in row.values()
    )


async def wrapped(place: Path | Ground, numbers: set[int]) -> list[bytes]:
    if isinstance(place, Path):
        held = sqlite3.connect(f"file:{Place(place).keys}?mode=ro", uri=True)
        found = held.execute("SELECT id, wrapped FROM dek").fetchall()
        held.close()
    else:
        dba = await place.dba()
        found = [tuple(row) for row in await dba.fetch("SELECT id, wrapped FROM dek")]
        await dba.close()
    return [bytes(raw) for number, raw in found if number in numbers]


async def sealed(place: Path | Ground, store: Real) -> list[bytes]:
    if isinstance(place, Path):
        return []  # goes with the month's file; nobody opens it
    assert isinstance(store, PostgresStore)
    return [bytes(row[0]) for row in await store.log.reads.rows("SELECT ct FROM payload")]


async def test_after_an_erasure_nothing_in_the_store_holds_the_words_the_name_or_a_key_to_them(
    place: Path | Ground, store: Real, clock: Clock
) -> None:
    await asked(store, clock, "annabel")
    before = await sealed(place, store)
    others = await asked(store, clock, "bob")
    mine = {key.number for key in await store.ring.alive() if key.scope.kind is KeyKind.PERSON or key.scope.session}
    people = bench(store, clock)
    act = await people.propose(operator("dan"), "erase", {"kind": "person", "id": "acme:annabel"})
    keys = await wrapped(place, mine)
    alive = {key.number for key in await store.ring.alive()}
    assert await people.decide(operator("erin"), act.id, Decision.APPROVE) is Said.APPROVED
    gone = alive - {key.number for key in await store.ring.alive()}
    assert len(gone) == 3  # questions, results, name
    raw = await everything(place)
    for trace in TRACES:
        assert trace not in raw
    assert sum(key in raw for key in keys) == len(keys) - len(gone)
    for cipher in before:
        assert cipher not in raw
    assert [await store.payloads.open(one) for one in others] == list(WORDS.values())


async def judged(store: Real, clock: Clock, *, asker: str, voter: str, over: bool = True) -> Review:
    """A Review of somebody's on which somebody else voted; `over`: it was denied."""
    made = entries.review(clock.now())
    made = replace(made, requester=ids(asker), owner=ids(asker), principal=("https://id.example", asker, "claude"))
    await store.journal.commit(entries.opening(made))
    vote = entries.vote(made, clock.now(), person=voter, decision=Decision.DENY if over else Decision.APPROVE)
    unit = entries.casting(made, replace(vote, via=f"slack:T1:{voter}"), decides=over)
    known = subject.of_person(store.macs, ids(voter))
    cast = replace(unit.entries[0], body={**unit.entries[0].body, "person": known})
    await store.journal.commit(replace(unit, entries=(cast, *unit.entries[1:])))
    await store.journal.commit(Unit(changes=(PostCard(review=made.id, channel="C", ts="1", shown=3),)))
    return made


def ids(name: str) -> Person:
    return Person(directory="acme", id=name)


async def erase(people: Bench, name: str) -> Said:
    act = await people.propose(operator("dan"), "erase", {"kind": "person", "id": f"acme:{name}"})
    return await people.decide(operator("erin"), act.id, Decision.APPROVE)


async def test_after_an_erasure_no_row_names_who_asked_who_voted_who_is_linked_and_who_proposed(
    place: Path | Ground, store: Real, clock: Clock
) -> None:
    await asked(store, clock, "annabel")
    own = await judged(store, clock, asker="annabel", voter="carol")
    others = await judged(store, clock, asker="bob", voter="annabel")
    link = SlackLink(team="T1", user="annabel", person=ids("annabel"), email="annabel@acme.example", at=clock.now())
    made = Entry(kind=EntryKind.LINK_MADE, body={"by": "p", "via": "slack"})
    await store.journal.commit(Unit(entries=(made,), changes=(SetLink(link=link),)))
    said = json.dumps({"who": json.dumps({"directory": "acme", "id": "annabel"})})
    await store.tickets.put(TicketKind.CODE, "code", said, clock.now() + DAY)
    people = bench(store, clock)
    await people.propose(operator("annabel"), "erase", {"kind": "person", "id": "acme:annabel"})
    known = subject.of_person(store.macs, ids("annabel"))
    assert await erase(people, "annabel") is Said.APPROVED
    raw = await everything(place)
    for trace in TRACES:
        assert trace not in raw
    assert await store.custody.acts() == ()
    mine, theirs = await store.reviews.review(own.id), await store.reviews.review(others.id)
    assert mine is not None
    assert theirs is not None
    assert {mine.requester, mine.owner} == {subject.erased(ids("annabel"), known)}
    assert (theirs.requester, theirs.principal) == (ids("bob"), others.principal)
    (vote,) = await store.reviews.votes(others.id)
    assert subject.of_person(store.macs, vote.person) == known  # who is still barred from what they voted on
    assert [one.person for one in await store.reviews.votes(own.id)] == [ids("carol")]
    assert {one.id for one in await store.reviews.stale()} == {own.id, others.id}


async def test_who_may_use_a_grant_is_erased_once_it_ended_and_it_names_them_no_more(
    place: Path | Ground, store: Real, clock: Clock
) -> None:
    await asked(store, clock, "annabel")
    principal = ("https://id.example", "annabel", "claude")
    review = granting.asked(clock.now(), replace(granting.COVERAGE, principal=principal))
    review = replace(review, requester=ids("annabel"), principal=principal)
    await store.journal.commit(entries.opening(review))
    grant = granting.of(review, clock.now())
    await store.journal.commit(granting.giving(review, granting.chosen(review, clock.now()), grant))
    found = await store.reviews.review(review.id)
    assert found is not None
    ended = (
        entries.of_review(EntryKind.REVIEW_CANCELLED, review, Slot.USE),
        entries.outcome(review.call, Outcome.CANCELLED),
    )
    await store.journal.commit(Unit(entries=ended, changes=(moved(found, State.CANCELLED),)))
    people = bench(store, clock)
    with pytest.raises(BadCall, match="a grant of theirs may still be used"):
        await erase(people, "annabel")
    await store.journal.commit(granting.ending(grant, clock.now()))
    assert await erase(people, "annabel") is Said.APPROVED
    assert b"annabel" not in await everything(place)


@pytest.mark.parametrize("asks", [True, False])
async def test_who_asked_or_voted_is_not_erased_while_the_review_is_not_over(
    place: Path | Ground, store: Real, clock: Clock, *, asks: bool
) -> None:
    await asked(store, clock, "annabel")
    await judged(store, clock, asker="annabel" if asks else "bob", voter="carol" if asks else "annabel", over=False)
    alive = await store.ring.alive(KeyKind.PERSON)
    with pytest.raises(BadCall, match="a Review that is not over"):
        await erase(bench(store, clock), "annabel")
    assert set(alive) <= set(await store.ring.alive(KeyKind.PERSON))
    assert b"annabel" in await everything(place)


async def test_a_store_changes_no_more_of_a_vote_and_a_review_than_whom_they_name(
    place: Path | Ground, store: Real, clock: Clock
) -> None:
    if not isinstance(place, Ground):
        return  # one process holds such a store whole
    over = await judged(store, clock, asker="annabel", voter="carol")
    used = await judged(store, clock, asker="bob", voter="carol", over=False)
    grant = await granting.give(store.journal, clock.now())
    await store.journal.commit(granting.ending(grant, clock.now()))
    people = await asyncpg.connect(place.url(Part.PEOPLE), server_settings={"search_path": "assent"})
    for sql in (
        f"UPDATE votes SET row = replace(row, 'deny', 'approve') WHERE review = '{over.id}'",
        f"UPDATE votes SET row = replace(row, 'Carol', 'Dora') WHERE review = '{used.id}'",
        f"UPDATE reviews SET row = replace(row, '{entries.DIGEST}', 'other') WHERE id = '{over.id}'",
        f"UPDATE reviews SET row = replace(row, 'bob', 'dora') WHERE id = '{used.id}'",
        f"UPDATE grants SET row = replace(row, 'shop', 'till') WHERE id = '{grant.id}'",
    ):
        with pytest.raises(asyncpg.CheckViolationError, match="stays as it was"):
            await people.execute(sql)
    gateway = await asyncpg.connect(place.url(Part.GATEWAY), server_settings={"search_path": "assent"})
    for sql in ("UPDATE votes SET row = row", "UPDATE reviews SET row = row"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await gateway.execute(sql)
    for link in (people, gateway):
        await link.close()


async def test_a_dry_run_tells_what_the_next_sweep_ends_and_changes_nothing(
    place: Path | Ground, store: Real, clock: Clock
) -> None:
    payloads = await asked(store, clock, "annabel")
    keeping = keeper(store, clock, {"questions": 1, "results": 400})
    await keeping.start()
    clock.advance(5 * DAY)
    before = await store.journal.tail(0, 999), await store.ring.alive(), await sealed(place, store)
    told = await keeping.due()
    assert [(one.reason, one.purpose, one.source, one.keys, one.held) for one in told] == [
        ("age", "questions", "shop", 1, 0)
    ]
    assert (await store.journal.tail(0, 999), await store.ring.alive(), await sealed(place, store)) == before
    await keeping.sweep()
    opened = []
    for one in payloads:
        try:
            opened.append(await store.payloads.open(one))
        except NotFound:
            opened.append(b"")
    assert opened == [b"", b"", WORDS[Role.RESULT]]
    clock.advance(HOUR)
    assert await keeping.due() == ()
    assert len(await sealed(place, store)) in {0, 1}


async def test_no_role_deletes_a_payload_whose_key_is_alive(place: Path | Ground, store: Real, clock: Clock) -> None:
    payloads = await asked(store, clock, "annabel")
    if isinstance(place, Ground):
        for part in (Part.GATEWAY, Part.PEOPLE):
            link = await asyncpg.connect(place.url(part), server_settings={"search_path": "assent"})
            assert await link.execute("DELETE FROM payload") == "DELETE 0"
            await link.close()
    assert [await store.payloads.open(one) for one in payloads] == list(WORDS.values())
