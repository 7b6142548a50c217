"""What ends, what a hold keeps, and what takes two people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from core import subject
from core.custody.acts import Bench
from core.custody.blocking import Unblocking
from core.custody.effects import effects
from core.custody.keeper import EPOCH, GRACE, HOUR, Keeper, Waited
from core.custody.notes import Notes
from core.custody.ruling import DOES, Ruling
from core.custody.terms import aged, longer
from core.errors import BadCall, Held, NotFound
from core.execution.recovery.resolving import Word
from core.identity import claims
from core.identity.same import APART, Same
from core.model import ActId, Call, CallId, Decision, EntryKind, Identity, Json, PayloadId, Person, Session
from core.policy.force import enact
from core.policy.judge import InForce
from core.policy.rules import Terms
from core.ports import (
    DropResult,
    Extent,
    ExtentKind,
    KeyKind,
    KeyScope,
    LiveKey,
    Payload,
    Recorded,
    Recording,
    Role,
    Said,
    StoreResult,
    Unit,
)
from tests import entries
from tests.doubles import ManualClock, MemoryMacs, MemoryStore

DAY = timedelta(days=1)
ISSUER = "https://id.example"
QUIET = {"quiet": Recording(statement=Recorded.NONE, result=Recorded.HASHED)}


def person(name: str, directory: str = "acme") -> Identity:
    return Identity(person=Person(directory=directory, id=name), name=name, email=None, via="terminal")


DAN, ERIN, ANN, EVE = person("dan"), person("erin"), person("ann"), person("eve")
OPERATORS = {DAN.person, ERIN.person, ANN.person, Person(directory="other", id="erin")}


class World:
    """A store, who keeps it, and the operators' bench."""

    def __init__(self, terms: Mapping[str, int] | None = None, *, alone: bool = False, same: Same = APART) -> None:
        self.same = same
        self.store = MemoryStore(ManualClock(), recorded=QUIET)
        self.clock = self.store.clock
        self.keeper = self.keeping(terms or {})
        self.file = enact(Terms())  # the configuration's policy, as its file says now
        self.judge, self.told = InForce(self.file, self.clock), list[str]()
        self.bench = self.sitting(self.keeper, alone=alone)

    def keeping(self, terms: Mapping[str, int], waited: Waited | None = None) -> Keeper:
        store = self.store
        return Keeper(
            journal=store.journal,
            keys=store.ring,
            custody=store.custody,
            months=store.ring,
            results=store.reviews,
            clock=store.clock,
            configured=terms,
            waited=waited,
        )

    def sitting(self, keeper: Keeper, *, alone: bool = False) -> Bench:
        store = self.store
        ruling = Ruling(standing=store.standing, policies=self.judge, read=lambda: (self.file.version, self.file.text))
        return Bench(
            journal=store.journal,
            acts=store.custody,
            custody=store.custody,
            subjects=store.subjects,
            macs=store.macs,
            clock=store.clock,
            notes=Notes(journal=store.journal, payloads=store.payloads),
            effects={
                **effects(keys=store.ring, custody=store.custody, keeper=keeper, macs=store.macs),
                "block.release": Unblocking(store.standing),
                DOES: ruling,
                "resolve": Word(
                    journal=store.journal,
                    reviews=store.reviews,
                    custody=store.custody,
                    macs=store.macs,
                    directories=lambda issuer, _: frozenset({"acme"} if issuer == ISSUER else ()),
                ),
            },
            ruling=ruling,
            tell=self.tell,
            standing=store.standing,
            sources=frozenset({"shop"}),
            is_operator=lambda who: who.person in OPERATORS,
            alone=alone,
            same=self.same.person,
        )

    async def tell(self, text: str) -> None:
        self.told.append(text)

    async def asked(self, name: str = "ann", source: str = "shop", **more: Any) -> tuple[Session, Call, PayloadId]:
        """A Call that ended, with its statement."""
        call = entries.call(self.clock.now(), conversation=("c", name))
        session = await self.store.sessions.join(entries.caller(name), call)
        said = [Payload(role=Role.STATEMENT, content=b"select 1")]
        (kept,) = await self.store.payloads.keep(call.id, session.id, source, said)
        named: list[Json] = [dict(kept.reference)]
        intent = entries.intent(call.id, session=session.id, payloads=named, **more)
        await self.store.journal.commit(Unit(entries=(intent, entries.outcome(call.id))))
        return session, call, kept.id

    async def opens(self, payload: PayloadId) -> bool:
        try:
            await self.store.payloads.open(payload)
        except NotFound:
            return False
        return True

    async def over(self) -> None:
        """Let the next sweep look at ages again."""
        self.clock.advance(HOUR)
        await self.keeper.sweep()

    def said(self, kind: EntryKind) -> list[Mapping[str, Json]]:
        return [one.body for _, one in self.store.journal.tables.log if one.body["kind"] == kind.value]


# ---------------------------------------------------------------- by age


async def test_words_end_when_their_day_is_as_old_as_their_term_and_not_before() -> None:
    world = World({"questions": 30})
    await world.keeper.start()
    _, _, payload = await world.asked()
    world.clock.at = world.clock.at.replace(hour=0) + 30 * DAY
    await world.keeper.sweep()
    assert await world.opens(payload)
    world.clock.advance(DAY)
    await world.keeper.sweep()
    assert not await world.opens(payload)
    (entry,) = world.said(EntryKind.SHRED)
    assert entry["reason"] == "age"


async def test_a_source_may_have_a_term_of_its_own_and_without_one_nothing_ends() -> None:
    world = World({"questions": 90, "questions shop": 1, "questions till": 1000})
    await world.keeper.start()
    payloads = [(await world.asked(source=source))[2] for source in ("shop", "till", "bank")]
    world.clock.advance(95 * DAY)
    await world.keeper.sweep()
    assert [await world.opens(one) for one in payloads] == [False, True, False]
    silent = World()
    await silent.keeper.start()
    _, _, kept = await silent.asked()
    silent.clock.advance(5000 * DAY)
    await silent.over()
    assert await silent.opens(kept)


async def test_a_hold_keeps_what_age_would_end_until_it_is_released() -> None:
    world = World({"questions": 1})
    await world.keeper.start()
    (session, _, mine), (_, _, other) = await world.asked(), await world.asked("bob")
    await world.bench.hold(DAN, Extent(kind=ExtentKind.SESSION, id=session.id))
    world.clock.advance(5 * DAY)
    (due,) = await world.keeper.due()
    assert (due.purpose, due.source, due.keys, due.held) == ("questions", "shop", 2, 1)
    await world.over()
    assert [await world.opens(one) for one in (mine, other)] == [True, False]
    act = await world.bench.propose(DAN, "hold.release", {"kind": "session", "id": session.id})
    assert await world.bench.decide(ERIN, act.id, Decision.APPROVE) is Said.APPROVED
    await world.over()
    assert not await world.opens(mine)


class Slow:
    """A required sink that has taken nothing since a day."""

    def __init__(self) -> None:
        self.since: int | None = None

    async def day(self) -> int | None:
        return self.since


async def test_what_a_required_sink_has_not_taken_does_not_end_by_age() -> None:
    world, slow = World(), Slow()
    world.keeper = world.keeping({"questions": 1}, waited=slow)
    await world.keeper.start()
    _, _, payload = await world.asked()
    today = (world.clock.now() - EPOCH).days
    world.clock.advance(timedelta(days=9))
    for since in (today, today + 1):  # an Entry may stand on the day after its key's
        slow.since = since
        await world.keeper.sweep()
        assert (await world.keeper.due(), await world.opens(payload)) == ((), True)
        world.clock.advance(timedelta(hours=2))
    slow.since = today + 2
    await world.keeper.sweep()
    assert not await world.opens(payload)


async def test_a_dry_run_changes_nothing() -> None:
    world = World({"questions": 1})
    await world.keeper.start()
    _, _, payload = await world.asked()
    world.clock.advance(5 * DAY)
    before = len(world.store.journal.tables.log)
    assert len(await world.keeper.due()) == 1
    assert len(world.store.journal.tables.log) == before
    assert await world.opens(payload)


@pytest.mark.parametrize(
    ("configured", "held", "now"),
    [
        ({"questions": 30}, None, {"questions": 30}),
        ({"questions": 30}, {"questions": 90}, {"questions": 90}),
        ({"questions": 90}, {"questions": 30}, {"questions": 90}),
        ({}, {"questions": 30}, {"questions": 0}),
        ({"questions": 30}, {}, {"questions": 0}),
        ({"questions": 90, "questions shop": 7}, {"questions": 90}, {"questions": 90, "questions shop": 90}),
        ({"questions": 90}, {"questions": 90, "questions shop": 400}, {"questions": 90, "questions shop": 400}),
    ],
)
def test_a_configuration_alone_shortens_nothing(
    configured: dict[str, int], held: dict[str, int] | None, now: dict[str, int]
) -> None:
    assert longer(configured, held) == now


async def test_shorter_retention_holds_once_another_operator_said_so() -> None:
    world = World({"questions": 90})
    await world.keeper.start()
    _, _, payload = await world.asked()
    later = world.keeping({"questions": 7})
    await later.start()
    bench = world.sitting(later)
    world.clock.advance(30 * DAY)
    await later.sweep()
    assert await world.opens(payload)
    act = await bench.propose(DAN, "retention", {})
    assert await bench.decide(DAN, act.id, Decision.APPROVE) is Said.SELF
    assert await bench.decide(ERIN, act.id, Decision.APPROVE) is Said.APPROVED
    world.clock.advance(HOUR)
    await later.sweep()
    assert not await world.opens(payload)
    with pytest.raises(BadCall):
        await bench.propose(DAN, "retention", {})


# ---------------------------------------------------------------- what only lasts until a Call's end


async def test_what_is_not_recorded_ends_when_its_call_is_over_and_its_result_is_collected_no_more() -> None:
    world = World()
    call = entries.call(world.clock.now())
    session = await world.store.sessions.join(entries.caller(), call)
    said = [Payload(role=Role.STATEMENT, content=b"x"), Payload(role=Role.PURPOSE, content=b"why")]
    statement, purpose = await world.store.payloads.keep(call.id, session.id, "quiet", said)
    (result,) = await world.store.payloads.keep(
        call.id, session.id, "quiet", [Payload(role=Role.UNMASKED, content=b"r")]
    )
    await world.keeper.sweep()
    world.clock.advance(GRACE)
    await world.store.journal.commit(Unit(entries=(entries.intent(call.id, session=session.id),)))
    await world.keeper.sweep()
    assert await world.opens(statement.id)  # it runs
    stored = StoreResult(call=call.id, result=result.id, until=world.clock.now() + HOUR)
    await world.store.journal.commit(Unit(entries=(entries.outcome(call.id),), changes=(stored,)))
    await world.keeper.sweep()
    assert await world.opens(result.id)  # it can be collected
    await world.store.journal.commit(Unit(changes=(DropResult(call=call.id),)))
    await world.keeper.sweep()
    assert [await world.opens(one.id) for one in (statement, result, purpose)] == [False, False, True]
    assert world.said(EntryKind.SHRED)[-1]["reason"] == "over"


async def test_a_payload_whose_entry_is_still_on_its_way_is_left_alone() -> None:
    world = World()
    said = [Payload(role=Role.STATEMENT, content=b"x")]
    session = await world.store.sessions.join(entries.caller(), entries.call(world.clock.now()))
    (kept,) = await world.store.payloads.keep(CallId("call_new"), session.id, "quiet", said)
    await world.keeper.sweep()
    world.clock.advance(GRACE / 2)
    await world.keeper.sweep()
    assert await world.opens(kept.id)


async def test_an_end_that_a_crash_cut_short_is_finished_at_the_next_start() -> None:
    world = World({"questions": 1})
    await world.keeper.start()
    _, _, payload = await world.asked()
    world.store.journal.tables.shredding = {number for _, number in world.store.ring.live.items()}
    assert await world.opens(payload)
    await world.keeping({"questions": 1}).start()
    assert not await world.opens(payload)
    assert await world.store.custody.shredding() == ()


# ---------------------------------------------------------------- what takes two people


async def test_erasure_is_proposed_by_one_operator_and_decided_by_another() -> None:
    world = World()
    (session, _, payload), (_, _, other) = await world.asked(), await world.asked("bob")
    act = await world.bench.propose(DAN, "erase", {"kind": "session", "id": session.id})
    assert await world.bench.pending(ERIN) == (act,)
    assert await world.opens(payload)
    for who, said in (
        (DAN, Said.SELF),
        (ANN, Said.SELF),  # it is her own session
        (person("erin", "other"), Said.NOT_COMPARABLE),
    ):
        assert await world.bench.decide(who, act.id, Decision.APPROVE) is said
    assert await world.opens(payload)
    assert await world.bench.decide(ERIN, act.id, Decision.APPROVE) is Said.APPROVED
    assert [await world.opens(one) for one in (payload, other)] == [False, True]
    assert await world.bench.decide(ERIN, act.id, Decision.APPROVE) is Said.UNKNOWN
    (entry,) = world.said(EntryKind.SHRED)
    assert (entry["reason"], entry["act"], entry["of"]) == (
        "erasure",
        act.id,
        {"kind": "session", "id": session.id},
    )
    (decided,) = world.said(EntryKind.ACT_DECIDED)
    assert decided["unit"] == entry["unit"]


async def test_nobody_but_an_operator_proposes_decides_or_learns_of_anything() -> None:
    world = World()
    session, _, _ = await world.asked()
    act = await world.bench.propose(DAN, "erase", {"kind": "session", "id": session.id})
    with pytest.raises(NotFound):
        await world.bench.pending(EVE)
    with pytest.raises(NotFound):
        await world.bench.decide(EVE, act.id, Decision.APPROVE)
    with pytest.raises(NotFound):
        await world.bench.propose(EVE, "erase", {"kind": "session", "id": session.id})
    with pytest.raises(NotFound):
        await world.bench.hold(EVE, Extent(kind=ExtentKind.SESSION, id=session.id))
    with pytest.raises(NotFound):
        await world.bench.holds(EVE)


async def test_a_hold_stops_an_erasure_that_is_decided_already() -> None:
    world = World()
    session, _, payload = await world.asked()
    act = await world.bench.propose(DAN, "erase", {"kind": "session", "id": session.id})
    await world.bench.hold(DAN, Extent(kind=ExtentKind.PERSON, id="acme:ann"))
    with pytest.raises(Held):
        await world.bench.decide(ERIN, act.id, Decision.APPROVE)
    assert await world.opens(payload)
    assert await world.bench.pending(ERIN) == (act,)
    ((held),) = await world.bench.holds(DAN)
    assert held.id == subject.of_person(world.store.macs, Person(directory="acme", id="ann"))


async def test_a_proposal_ends_with_its_day_and_may_be_taken_back() -> None:
    world = World()
    session, _, payload = await world.asked()
    of = {"kind": "session", "id": session.id}
    taken, late = await world.bench.propose(DAN, "erase", of), await world.bench.propose(DAN, "erase", of)
    assert await world.bench.decide(DAN, taken.id, Decision.DENY) is Said.DENIED
    world.clock.advance(DAY)
    assert await world.bench.decide(ERIN, late.id, Decision.APPROVE) is Said.EXPIRED
    assert await world.bench.pending(ERIN) == ()
    assert await world.opens(payload)


async def test_a_single_operator_who_is_acknowledged_decides_alone() -> None:
    world = World(alone=True)
    session, _, payload = await world.asked("bob")
    act = await world.bench.propose(DAN, "erase", {"kind": "session", "id": session.id})
    assert await world.bench.decide(DAN, act.id, Decision.APPROVE) is Said.APPROVED
    assert not await world.opens(payload)


@pytest.mark.parametrize(
    ("does", "of"),
    [
        ("nothing", {}),
        ("erase", {}),
        ("erase", {"kind": "table", "id": "x"}),
        ("erase", {"kind": "session", "id": "ses_unknown"}),
        ("erase", {"kind": "session", "id": ""}),
        ("erase", {"kind": "session", "id": "ses_1", "more": "x"}),
        ("hold.release", {"kind": "source", "id": "shop"}),
        ("retention", {}),
    ],
)
async def test_what_no_act_could_do_is_not_proposed(does: str, of: dict[str, str]) -> None:
    world = World()
    await world.keeper.start()
    with pytest.raises(BadCall):
        await world.bench.propose(DAN, does, of)
    assert await world.bench.decide(ERIN, ActId("act_none"), Decision.APPROVE) is Said.UNKNOWN


async def test_operators_read_the_name_of_who_only_ever_asked() -> None:
    world = World()
    await world.asked("ann")
    ann = subject.of_person(world.store.macs, Person(directory="acme", id="ann"))
    assert await world.bench.name(DAN, "person", ann) == entries.caller("ann").name
    assert await world.bench.name(DAN, "person", "0" * 64) == "0" * 64
    assert await world.bench.name(DAN, "session", ann) == ann
    with pytest.raises(NotFound):
        await world.bench.name(EVE, "person", ann)


async def test_the_record_of_an_act_names_no_person_of_a_directory() -> None:
    world = World()
    await world.asked()
    await world.bench.propose(DAN, "erase", {"kind": "person", "id": "acme:ann"})
    assert "acme:ann" not in str(world.store.journal.tables.log)


@pytest.mark.parametrize(("today", "old"), [(129, False), (130, False), (131, True)])
def test_a_key_is_old_when_its_whole_day_is_and_not_a_day_before(today: int, old: bool) -> None:
    scope = KeyScope(kind=KeyKind.SESSION, purpose="questions", session="ses_1", source="shop", day=100)
    assert aged(LiveKey(number=1, scope=scope), {"questions": 30}, today) is old


def test_no_token_can_name_who_was_erased() -> None:
    macs, ann = MemoryMacs(), Person(directory="acme", id="ann")
    mark = subject.erased(ann, subject.of_person(macs, ann))
    assert subject.of_person(macs, mark) == subject.of_person(macs, ann)
    assert claims.text(ann.id)
    assert not claims.text(mark.id)
