"""What a store holds when it is copied, and what must be left of it in the store that is made from the copy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from core import subject
from core.custody import restored
from core.custody.acts import Bench
from core.custody.notes import Notes
from core.execution.slots import project
from core.model import (
    ActId,
    CallId,
    Decision,
    Entry,
    EntryKind,
    Identity,
    Json,
    Outcome,
    PayloadId,
    Person,
    Review,
    ReviewId,
    State,
)
from core.ports import (
    Act,
    Extent,
    ExtentKind,
    Forget,
    Payload,
    ProposeAct,
    Role,
    SetLink,
    Shred,
    Shredded,
    SlackLink,
    StoreResult,
    TicketKind,
    Unit,
    moved,
)
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.doubles import ManualClock
from tests.policies import silent, unruled

Store: TypeAlias = SqliteStore | PostgresStore
HOUR = timedelta(hours=1)


async def kept(store: Store, clock: ManualClock, name: str = "ann") -> tuple[str, list[PayloadId]]:
    """A Call that ended, with its statement and its result; its Session."""
    call = entries.call(clock.now(), conversation=("c", name))
    session = await store.sessions.join(entries.caller(name), call)
    words = [Payload(role=Role.STATEMENT, content=b"select 1"), Payload(role=Role.RESULT, content=b"{}\n")]
    found = await store.payloads.keep(call.id, session.id, "shop", words)
    named: list[Json] = [dict(one.reference) for one in found]
    intent = entries.intent(call.id, session=session.id, payloads=named)
    await store.journal.commit(Unit(entries=(intent, entries.outcome(call.id))))
    return session.id, [one.id for one in found]


async def shredded(store: Store, session: str) -> None:
    found = tuple([key for key in await store.ring.alive() if key.scope.session == session])
    said = Entry(kind=EntryKind.SHRED, body={"reason": "erasure", "deks": [key.number for key in found]})
    await store.journal.commit(Unit(entries=(said,), changes=(Shred(keys=found),)))
    await store.ring.destroy([key.number for key in found])
    await store.journal.commit(Unit(changes=(Shredded(numbers=tuple(key.number for key in found)),)))


async def voted(store: Store, clock: ManualClock, name: str) -> ReviewId:
    """A Review that somebody denied."""
    review = await asked(store, clock)
    vote = entries.vote(review, clock.now(), person=name, decision=Decision.DENY)
    unit = entries.casting(review, vote)
    known = subject.of_person(store.macs, vote.person)
    cast = replace(unit.entries[0], body={**unit.entries[0].body, "person": known})
    await store.journal.commit(replace(unit, entries=(cast, *unit.entries[1:])))
    return review.id


async def erased(store: Store, name: str) -> None:
    """Erase a person, as operators decide it."""
    person = Person(directory="acme", id=name)
    known = subject.of_person(store.macs, person)
    extent = Extent(kind=ExtentKind.PERSON, id=known)
    found = await store.ring.owned(await store.custody.owned(extent))
    body: dict[str, Json] = {
        "reason": "erasure",
        "deks": [key.number for key in found],
        "of": {"kind": "person", "id": known},
    }
    said = Entry(kind=EntryKind.SHRED, body=body)
    await store.journal.commit(Unit(entries=(said,), changes=(Shred(keys=found), Forget(person=person, known=known))))
    await store.ring.destroy([key.number for key in found])


async def asked(store: Store, clock: ManualClock) -> Review:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    return review


async def approved(store: Store, clock: ManualClock) -> Review:
    review = await asked(store, clock)
    (intent,) = [one for one in await store.journal.entries(review.call) if one.body["kind"] == "call.intent"]
    until = clock.now() + HOUR
    await store.journal.commit(
        entries.casting(review, entries.vote(review, clock.now()), use_by=until, leaf=intent.leaf)
    )
    found = await store.reviews.review(review.id)
    assert found is not None
    return found


async def executing(store: Store, clock: ManualClock) -> Review:
    review = await approved(store, clock)
    until = int((clock.now() + HOUR).timestamp() * 1000)
    move = moved(review, State.EXECUTING)
    await store.journal.commit(Unit(entries=(entries.claimed(review, until),), changes=(move,)))
    return review


def bench(store: Store, clock: ManualClock, policy: str = "p1") -> Bench:
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
        effects=restored.effects(closure=store.closure, policy=lambda: policy),
        is_operator=lambda _: True,
        alone=False,
    )


def operator(name: str) -> Identity:
    return Identity(person=Person(directory="acme", id=name), name=name, email=None, via="terminal")


@dataclass(frozen=True)
class Left:
    """What was on its way when the copy was made."""

    open: tuple[Review, ...]
    begun: tuple[Review, ...]
    read: CallId


async def leave(store: Store, clock: ManualClock, *, older: bool = False) -> Left:
    """A Review that is pending, one that is approved, three that run, a result that waits, a proposal, a link.

    `older`: the store is of a version that knows no links.
    """
    pending, granted = await asked(store, clock), await approved(store, clock)
    claimed, prepared = await executing(store, clock), await executing(store, clock)
    await store.journal.commit(Unit(entries=(entries.prepared(prepared.call),)))
    waiting = await executing(store, clock)
    nothing = entries.outcome(waiting.call, Outcome.NOT_EXECUTED, final=False)
    given_up = (entries.prepared(waiting.call, "abandoned"), nothing)
    await store.journal.commit(Unit(entries=given_up))
    read = entries.call_id()
    result = StoreResult(call=read, result=PayloadId("pay_1"), until=clock.now() + HOUR)
    await store.journal.commit(Unit(entries=(entries.intent(read),), changes=(result,)))
    by = Person(directory="acme", id="dan")
    act = Act(id=ActId("act_1"), does="erase", of={}, by=by, at=clock.now(), until=clock.now() + HOUR)
    said = Entry(kind=EntryKind.ACT_PROPOSED, scope=act.id, body={"does": "erase", "of": {}, "by": "p"})
    await store.journal.commit(Unit(entries=(said,), changes=(ProposeAct(act=act),)))
    assert await store.tickets.put(TicketKind.SESSION, "ann", "ann", clock.now() + HOUR)
    if not older:
        await linked(store, clock, by)
    return Left(open=(pending, granted), begun=(claimed, prepared, waiting), read=read)


async def linked(store: Store, clock: ManualClock, by: Person) -> None:
    link = SlackLink(team="T1", user="U1", person=by, email="", at=clock.now())
    made = Entry(kind=EntryKind.LINK_MADE, body={"by": "p", "via": "slack:T1:U1"})
    await store.journal.commit(Unit(entries=(made,), changes=(SetLink(link=link),)))


async def void(store: Store, left: Left) -> None:
    """Nothing of it can be used, run, repeated or shown."""
    states = {one.id: one.state for one in await store.reviews.in_state(*State)}
    assert [states[one.id] for one in left.open] == [State.CANCELLED] * len(left.open)
    assert [states[one.id] for one in left.begun] == [State.INDETERMINATE] * len(left.begun)
    assert await store.journal.open_calls() == ()
    unknown = {*(one.call for one in left.begun), left.read}
    assert set(await store.journal.indeterminate()) == unknown
    for call in unknown:
        assert project(await store.journal.entries(call)).attempts[-1].result is Outcome.UNKNOWN
    assert await store.reviews.result(left.read) is None
    assert await store.custody.acts() == ()
    assert await store.tickets.take(TicketKind.SESSION, "ann") is None
    assert await store.links.link("T1", "U1") is None
