"""A changed policy in force: at once where it lets nobody do more, by two operators where it does, everywhere whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import pytest

from core.assembly.policy import reload, wider
from core.custody.ruling import Proposal, Ruling, difference
from core.errors import BadCall, NotFound, SettingsError, Superseded
from core.model import Answered, Decision, Entry, EntryKind, Json, Outcome, Refused, State, Verb, Waiting
from core.policy.changing.widen import CLOSELY, widenings
from core.policy.floor import floored
from core.policy.force import Policy, enact
from core.policy.judge import InForce
from core.policy.rules import Agent, Conditions, Effects, Rule, Terms, Then
from core.policy.written import read
from core.ports import Extent, ExtentKind, Said, SetPolicy, Unit
from slackbot.views.notices import NEWS
from tests.line import RULES, Line, line
from tests.policies import ONE_DBA, TWO, Still, rule
from tests.unit.test_custody import ANN, DAN, ERIN, EVE, World

READS, UPDATES = RULES[0], RULES[2]
SHOP: Mapping[str, Json] = {"tags": {"public.customers.email": "pii"}, "enforced": True, "read": "env:X"}
OLD = Terms(
    rules=RULES,
    groups={"dba": frozenset({"dora@acme.example"})},
    masks={"pii": "token", "pci": "last4"},
    owners={"pii": "privacy"},
    agents={"bot": Agent(owner="acme:anna")},
    directories={"https://login.example.com": "acme"},
    also={
        "console": {"operators": ["dba"], "auditors": ["dba"]},
        "linked": {"U1": "acme:dora"},
        "sources": {"shop": SHOP},
    },
)


def changed(**parts: object) -> Terms:
    return replace(OLD, **parts)  # type: ignore[arg-type]  # parts of Terms, by name


def source(**parts: Json) -> Terms:
    return replace(OLD, also={**OLD.also, "sources": {"shop": {**SHOP, **parts}}})


STRICTER = replace(READS, effects=replace(READS.effects, returned_rows=10))
ONLY_ORDERS = replace(READS, when=replace(READS.when, tables=frozenset({"public.orders"})))
CLOSED = rule("closed", Then.REFUSE, when=Conditions(tables=frozenset({"hr.*"})))
WIDER = {
    "a rule that asked is gone": changed(rules=RULES[:4]),
    "a rule that asks about what was refused": changed(
        rules=(*RULES, rule("defines", Then.ASK, Verb.DEFINE, effects=TWO))
    ),
    "more rows": changed(rules=(replace(READS, effects=Effects(returned_rows=5_000)), *RULES[1:])),
    "no cap any more": changed(rules=tuple(replace(one, effects=ONE_DBA) if one is UPDATES else one for one in RULES)),
    "a copy that may be asked about": changed(
        rules=tuple(
            replace(one, effects=replace(one.effects, copies=frozenset({"a.b.c -> d.e.f"}))) if one is UPDATES else one
            for one in RULES
        )
    ),
    "an allow that asks now": changed(rules=(replace(READS, then=Then.ASK, effects=ONE_DBA), *RULES[1:])),
    "an ask that allows now": changed(
        rules=tuple(replace(one, then=Then.ALLOW) if one is UPDATES else one for one in RULES)
    ),
    "an added member": changed(groups={"dba": frozenset({"dora@acme.example", "eve@acme.example"})}),
    "a weaker mask": changed(masks={**OLD.masks, "pci": "token"}),
    "a mask that is gone": changed(masks={"pii": "token"}),
    "another owner": changed(owners={"pii": "dba"}),
    "a new owner": changed(owners={**OLD.owners, "pci": "privacy"}),
    "another answers for an agent": changed(agents={"bot": Agent(owner="acme:eve")}),
    "a new agent": changed(agents={**OLD.agents, "other": Agent(owner="acme:anna")}),
    "another issuer": changed(directories={**OLD.directories, "https://other.example": "other"}),
    "an added operator": changed(also={**OLD.also, "console": {"operators": ["dba", "x"], "auditors": ["dba"]}}),
    "another speaks from Slack": changed(also={**OLD.also, "linked": {"U1": "acme:eve"}}),
    "a removed tag": source(tags={}),
    "a changed tag": source(tags={"public.customers.email": "pci"}),
    "a tag over a tag": source(tags={"public.customers.email": "pii", "public.customers.*": "pci"}),
    "masks in the text": source(enforced=False),
    "another login": source(read="env:Y"),
    "a new source": changed(also={**OLD.also, "sources": {"shop": SHOP, "till": {}}}),
    "a weakness acknowledged": changed(also={**OLD.also, "acknowledged": ["single-operator"]}),
    "fewer countries' phone numbers": source(phone_regions=["US"]),
    "what a byte costs": source(price_per_tib="0.01"),
    "what nobody thought of": changed(also={**OLD.also, "surprise": 1}),
}
NARROWER = {
    "nothing": OLD,
    "fewer rows": changed(rules=(STRICTER, *RULES[1:])),
    "a rule less": changed(rules=RULES[1:]),
    "fewer tables, where no other rule reads": changed(rules=(ONLY_ORDERS, *RULES[1:4])),
    "a refusal more": changed(rules=(*RULES, CLOSED)),
    "an allow that refuses now": changed(rules=(replace(READS, then=Then.REFUSE), *RULES[1:])),
    "more reviewers": changed(
        rules=tuple(replace(one, effects=replace(TWO, affected_rows=10)) if one is UPDATES else one for one in RULES)
    ),
    "another name": changed(rules=(replace(READS, name="reading"), *RULES[1:])),
    "a member less": changed(groups={"dba": frozenset()}),
    "a mask that hides": changed(masks={**OLD.masks, "pci": "hide"}),
    "an agent less": changed(agents={}),
    "an operator less": changed(also={**OLD.also, "console": {"operators": [], "auditors": ["dba"]}}),
    "a source less": changed(also={**OLD.also, "sources": {}}),
    "a tag more": source(tags={"public.customers.email": "pii", "public.orders.card": "pci"}),
}


@pytest.mark.parametrize("name", WIDER)
def test_what_lets_anybody_do_more_is_found(name: str) -> None:
    (found,) = ({one.sentence for one in widenings(OLD, WIDER[name])} or {""},)
    assert found != {""}
    assert not any("@" in sentence for sentence in found)  # no person is named


def read_by(*groups: str, **parts: frozenset[str] | None) -> Rule:
    when = Conditions(groups=frozenset(groups) or None, verbs=frozenset({Verb.READ}), **parts)  # type: ignore[arg-type]  # lists of names
    return Rule(name="reads", then=Then.ALLOW, when=when)


def callers_of(*names: str) -> frozenset[str]:
    return frozenset(names)


BARRED = replace(CLOSED, when=replace(CLOSED.when, groups=callers_of("interns", "guests")))
CROWD = [f"acme:{n}" for n in range(CLOSELY)]
FOR_WHOM: dict[str, tuple[Terms, Terms, str]] = {
    "a group more": (Terms(rules=(read_by("a"),)), Terms(rules=(read_by("a", "b"),)), 'callers in group "b"'),
    "an agent more": (
        Terms(rules=(read_by("a", agents=callers_of("bot")),)),
        Terms(rules=(read_by("a", agents=callers_of("bot", "cat")),)),
        'callers in group "a", through agent "cat"',
    ),
    "a person more": (
        Terms(rules=(read_by(callers=callers_of("acme:eve", "acme:zoe")),)),
        Terms(rules=(read_by(callers=callers_of("acme:eve", "acme:zoe", "dan@acme.example")),)),
        "callers of the 1 whom it names",
    ),
    "a machine that is named now": (
        Terms(rules=(read_by("a"),)),
        Terms(rules=(read_by("a"), replace(read_by("a", agents=callers_of("bot")), name="bot reads"))),
        'callers in group "a", through agent "bot"',
    ),
    "a person more among more than are looked at": (
        Terms(rules=(read_by(callers=callers_of(*CROWD)),)),
        Terms(rules=(read_by(callers=callers_of(*CROWD, "dan@acme.example")),)),
        f"callers of the {CLOSELY + 1} whom it names",
    ),
    "nobody left out": (
        Terms(rules=(replace(read_by("a"), unless=Conditions(groups=callers_of("x"))),)),
        Terms(rules=(read_by("a"),)),
        'callers in group "a"',
    ),
    "a group that a refusal leaves": (
        Terms(rules=(BARRED,)),
        Terms(rules=(replace(BARRED, when=replace(CLOSED.when, groups=callers_of("guests"))),)),
        'callers in group "interns"',
    ),
    "everyone": (Terms(), Terms(rules=(read_by(),)), "every caller"),
    "many groups": (
        Terms(),
        Terms(rules=(read_by(*(f"g{n}" for n in range(6))),)),
        'callers in group "g0", "g1", "g2", "g3", 2 more',
    ),
    "a group of a long name": (Terms(), Terms(rules=(read_by("g" * 200),)), f'callers in group "{"g" * 59}…"'),
    "a mask that is gone": (
        Terms(rules=(read_by("a"), rule("closed", Then.REFUSE)), masks={"pii": "token"}),
        Terms(rules=(read_by("a"), rule("closed", Then.REFUSE))),
        'callers in group "a"',
    ),
    "an owner": (OLD, WIDER["another owner"], 'people in group "dba"'),
    "an operator": (OLD, WIDER["an added operator"], 'people in group "x"'),
    "a source": (
        Terms(rules=(read_by("a", sources=callers_of("shop")), replace(read_by("b"), name="other"))),
        Terms(
            rules=(read_by("a", sources=callers_of("shop")), replace(read_by("b"), name="other")),
            also={"sources": {"till": {}}},
        ),
        'callers in group "b"',
    ),
}


@pytest.mark.parametrize("name", FOR_WHOM)
def test_what_widens_is_said_with_whom_it_concerns(name: str) -> None:
    old, new, whom = FOR_WHOM[name]
    (found,) = widenings(old, new)
    assert found.whom == whom
    assert found.said == f"{found.sentence}; for {whom}"


@pytest.mark.parametrize("name", WIDER)
def test_whom_a_widening_concerns_is_always_said_and_no_person_is_named(name: str) -> None:
    for found in widenings(OLD, WIDER[name]):
        assert found.whom
        assert not any(person in found.said for person in ("@", "acme:"))


def test_a_difference_of_any_length_fits_a_message_and_counts_what_it_leaves_out() -> None:
    many = tuple(f"sentence {n} {'x' * 90}; for every caller" for n in range(100))
    said = difference(Proposal(version="v", text="", widens=many), "act_1")
    shown = said.count("• sentence")
    assert len(said) <= NEWS
    assert f"and {100 - shown} more" in said.splitlines()[-1]
    assert difference(Proposal(version="v", text="", widens=many[:2]), "act_1").endswith(many[1])


@pytest.mark.parametrize("name", NARROWER)
def test_what_lets_nobody_do_more_waits_for_nobody(name: str) -> None:
    assert (
        widenings(
            OLD if name != "fewer tables, where no other rule reads" else replace(OLD, rules=RULES[:4]), NARROWER[name]
        )
        == ()
    )


def test_a_refusal_replaced_by_a_pattern_that_no_schema_meets_is_gone() -> None:
    """DROP SCHEMA hr is closed by tables that are written in it."""
    narrow, wide = (
        replace(CLOSED, when=Conditions(tables=frozenset({table}))) for table in ("hr.payroll", "*.payroll")
    )
    assert widenings(Terms(rules=(narrow,)), Terms(rules=(wide,)))
    assert not widenings(Terms(rules=(narrow,)), Terms(rules=(narrow, wide)))


def test_so_many_changes_that_nobody_can_compare_them_widen() -> None:
    old = tuple(rule(f"r{n}", Then.REFUSE, when=Conditions(tables=frozenset({f"a.t{n}"}))) for n in range(700))
    new = tuple(replace(one, floor=True) for one in old)
    (said,) = widenings(Terms(rules=old), Terms(rules=new))
    assert "too many" in said.sentence


# ---------------------------------------------------------------- operators


def world() -> World:
    room = World()
    room.file = enact(OLD)
    room.judge.replace(room.file)
    return room


async def in_force(room: World) -> str:
    return await room.store.standing.version()


async def started(room: World) -> None:
    said = Entry(kind=EntryKind.POLICY_CHANGE, body={"policy": room.file.version, "at": "start"})
    change = SetPolicy(version=room.file.version, text=room.file.text, was="")
    await room.store.journal.commit(Unit(entries=(said,), changes=(change,)))


async def test_what_narrows_is_in_force_at_once_with_its_entry() -> None:
    room = world()
    await started(room)
    room.file = enact(NARROWER["fewer rows"])
    found, act = await room.bench.apply(DAN, room.file.version)
    assert (found.widens, act, await in_force(room)) == ((), None, room.file.version)
    assert room.said(EntryKind.POLICY_CHANGE)[-1]["policy"] == room.file.version
    with pytest.raises(BadCall):
        await room.bench.apply(DAN, room.file.version)
    with pytest.raises(NotFound):
        await room.bench.apply(EVE, room.file.version)


async def test_what_widens_waits_for_a_second_operator_and_is_told() -> None:
    room = world()
    await started(room)
    before = room.file.version
    room.file = enact(WIDER["more rows"])
    dry, _ = await room.bench.apply(DAN, room.file.version, dry=True)
    assert dry.widens
    assert not room.told
    found, act = await room.bench.apply(DAN, room.file.version)
    assert act is not None
    assert (await in_force(room), len(found.widens)) == (before, 1)
    (told,) = room.told
    assert found.widens[0] in told
    assert "; for every caller" in told
    assert await room.bench.decide(DAN, act.id, Decision.APPROVE) is Said.SELF
    assert await in_force(room) == before
    assert await room.bench.decide(ERIN, act.id, Decision.APPROVE) is Said.APPROVED
    assert await in_force(room) == room.file.version


async def test_only_what_was_proposed_comes_into_force() -> None:
    room = world()
    await started(room)
    before = room.file.version
    room.file = enact(WIDER["more rows"])
    with pytest.raises(BadCall):
        await room.bench.apply(DAN, "another")
    _, act = await room.bench.apply(DAN, room.file.version)
    assert act is not None
    room.file = enact(WIDER["a new agent"])  # the file was changed after it was shown
    with pytest.raises(BadCall):
        await room.bench.decide(ANN, act.id, Decision.APPROVE)
    assert await in_force(room) == before


async def test_who_was_an_operator_by_the_policy_of_before_proposes_and_decides_nothing() -> None:
    """A replica that has not followed yet knows the operators of before."""
    room = world()
    await started(room)
    of = {"kind": "source", "id": "shop"}
    await room.bench.hold(DAN, Extent(kind=ExtentKind.SOURCE, id="shop"))
    act = await room.bench.propose(DAN, "hold.release", of)
    narrower = enact(NARROWER["fewer rows"])
    was = await in_force(room)
    said = Entry(kind=EntryKind.POLICY_CHANGE, body={"policy": narrower.version})
    await room.store.journal.commit(
        Unit(entries=(said,), changes=(SetPolicy(version=narrower.version, text=narrower.text, was=was),))
    )
    with pytest.raises(Superseded):
        await room.bench.propose(DAN, "hold.release", of)
    for decision in Decision:
        with pytest.raises(Superseded):
            await room.bench.decide(ERIN, act.id, decision)
    room.judge.adopt(narrower.version, narrower.text)
    assert await room.bench.decide(ERIN, act.id, Decision.APPROVE) is Said.APPROVED


# ---------------------------------------------------------------- the gateway


async def enacted(room: Line, policy: Policy) -> None:
    was = await room.store.standing.version()
    said = Entry(kind=EntryKind.POLICY_CHANGE, body={"policy": policy.version})
    change = SetPolicy(version=policy.version, text=policy.text, was=was)
    await room.store.journal.commit(Unit(entries=(said,), changes=(change,)))


def rules(*more: Rule) -> Policy:
    return enact(Terms(rules=more))


async def test_from_the_entry_on_nothing_runs_by_the_old_policy_and_then_all_by_the_new() -> None:
    room = line()
    policy = rules(CLOSED)
    await enacted(room, policy)
    refused = await room.ask("select 1")
    assert isinstance(refused, Refused)
    assert (refused.code, room.source.ran) == ("policy_changed", [])
    await room.vigil.look()
    assert room.judge.version == policy.version
    refused = await room.ask("select 1")
    assert isinstance(refused, Refused)
    assert refused.code == "no_rule"
    await enacted(room, rules(*RULES))
    await room.vigil.look()
    assert isinstance(await room.ask("select 1"), Answered)
    assert room.faults() == []


@pytest.mark.parametrize("approved", [False, True])
async def test_open_reviews_of_another_policy_are_cancelled_and_asked_anew(approved: bool) -> None:
    room = line()
    waiting = await room.ask("delete 1")
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    if approved:
        assert await room.vote(waiting.review) is Said.APPROVED
    await enacted(room, rules(*RULES, CLOSED))
    await room.vigil.look()
    row = await room.store.reviews.review(waiting.review)
    assert row is not None
    assert row.state is State.CANCELLED
    assert (await room.slots(waiting.call)).ended is Outcome.CANCELLED
    told = await room.collect(waiting.call)
    assert isinstance(told, Refused)
    assert told.code == "policy_changed"
    again = await room.ask("delete 1")
    assert isinstance(again, Waiting)
    assert again.review != waiting.review
    assert room.faults() == []


async def test_a_policy_that_nobody_can_read_closes_and_is_an_alert() -> None:
    room = line()
    said = Entry(kind=EntryKind.POLICY_CHANGE, body={"policy": "x"})
    for was, text in (("", "{}"), ("x", rules(*RULES).text)):
        change = SetPolicy(version=f"x{was}", text=text, was=was and "x")
        await room.store.journal.commit(Unit(entries=(said,), changes=(change,)))
        await room.watch.over("standing", room.vigil.look())
        assert room.alerts() == ["standing_failed"]
        refused = await room.ask("select 1")
        assert isinstance(refused, Refused)
        assert refused.code == "policy_changed"
    assert room.source.ran == []


def test_the_own_floor_holds_whatever_the_store_says() -> None:
    floor = replace(CLOSED, name="reads", floor=True)
    own = enact(Terms(rules=(*RULES[1:], floor)))
    stored = enact(Terms(rules=RULES))
    policy, fits = floored(own, stored.version, stored.text)
    assert fits
    assert [one.floor for one in policy.rules if one.name == "reads (floor)"] == [True]
    assert policy.version == stored.version


@pytest.mark.parametrize("part", ["masks", "agents", "directories", "also"])
async def test_a_process_that_was_built_for_another_configuration_runs_nothing(part: str) -> None:
    room = line()
    empty: dict[str, object] = {one: {} for one in ("masks", "agents", "directories", "also") if one != part}
    other = enact(changed(groups={}, owners={}, **empty))
    await enacted(room, other)
    await room.vigil.look()
    assert not room.judge.fits
    refused = await room.ask("select 1")
    assert isinstance(refused, Refused)
    assert (refused.code, room.source.ran) == ("policy_differs", [])


# ---------------------------------------------------------------- SIGHUP


async def test_a_signal_takes_what_narrows_and_keeps_the_old_policy_at_all_else() -> None:
    room = world()
    await started(room)
    before, file = room.file.version, [enact(WIDER["more rows"])]
    broken = [False]

    def reading() -> tuple[str, str]:
        if broken[0]:
            raise SettingsError("assent.toml:1: wrong\nassent.toml:2: wrong")
        return file[0].version, file[0].text

    ruling = Ruling(standing=room.store.standing, policies=room.judge, read=reading)
    await reload(ruling, room.store.journal)
    assert await in_force(room) == before
    broken[0] = True
    await reload(ruling, room.store.journal)
    assert await in_force(room) == before
    assert [one["alert"] for one in room.said(EntryKind.ALERT)] == ["policy_widens", "policy_broken"]
    broken[0], file[0] = False, enact(NARROWER["fewer rows"])
    await reload(ruling, room.store.journal)
    assert await in_force(room) == file[0].version
    await reload(ruling, room.store.journal)  # once more is nothing


def test_how_much_wider_a_start_is_is_counted() -> None:
    assert wider(enact(OLD).text, enact(WIDER["more rows"]).text) == 1
    assert wider(enact(OLD).text, enact(NARROWER["fewer rows"]).text) == 0
    assert wider("{}", enact(OLD).text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        enact(OLD).text + " ",
        enact(OLD).text.replace('"format":1', '"format":2'),
        enact(OLD).text.replace('"then":"allow"', '"then":"permit"'),
        enact(OLD).text.replace('"floor":false', '"floor":0'),
        "[" * 100_000,
    ],
)
def test_no_other_text_is_read_as_a_policy(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)
    judge = InForce(enact(OLD), Still())
    with pytest.raises(ValueError, match=r"."):
        judge.adopt(hashlib.sha256(text.encode()).hexdigest(), text)
    with pytest.raises(ValueError, match="version"):
        judge.adopt("0" * 64, enact(OLD).text)
    assert judge.version == enact(OLD).version
