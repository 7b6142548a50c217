"""A grant through the whole line: what it lets run, within which bounds, and what ends it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core import subject
from core.errors import AuditUnavailable, OutcomeUnknown, StatementFailed
from core.execution.recovery.voiding import Voiding
from core.model import (
    Answered,
    Caps,
    Decision,
    Entry,
    EntryKind,
    Fact,
    Failed,
    Identity,
    Likeness,
    Mask,
    Person,
    Refused,
    State,
    Verb,
    Waiting,
)
from core.policy.force import enact
from core.policy.rules import Terms, Then
from core.ports import Ballot, Block, Committed, EndBlock, Party, PartyKind, Said, SetBlock, Unit, UseGrant
from tests.granted import CAPS, EVE, READS, TWO_DBA, UPDATES, asked, choose, given, room, ruled, shape, the
from tests.line import DORA, EMAIL, Line, failing, holding
from tests.policies import rule


async def runs(one: Line, text: str) -> bool:
    """Whether it runs without being asked; whatever is asked is withdrawn."""
    answer = await one.ask(text)
    if isinstance(answer, Waiting):
        await one.cancel(answer.call)
    return isinstance(answer, Answered)


async def test_what_a_grant_covers_runs_at_once_and_the_agent_is_told() -> None:
    one = room()
    await given(one)
    answer = await one.ask("update x 2")
    assert isinstance(answer, Answered)
    assert any("grant" in note and "use 1 of 3" in note for note in answer.masked.notes)
    assert one.source.committed == ["update x 1", "update x 2"]
    assert (await the(one)).uses == 1
    assert one.faults() == []


async def test_each_use_is_on_record_with_who_gave_it() -> None:
    one = room()
    grant = await given(one)
    answer = await one.ask("update x 2")
    intent, *_ = [entry.body for entry in await one.store.journal.entries(answer.call)]
    (given_, used) = [entry.body for entry in await one.store.journal.entries(grant.id)]
    by = [subject.of_identity(one.store.macs, DORA)]
    assert intent["verdict"]["grant"] == {"id": grant.id, "use": 1, "by": by}  # type: ignore[index,call-overload]
    assert (used["kind"], used["call"], used["by"], used["unit"]) == (
        "permit.used",
        answer.call,
        by,
        intent["unit"],
    )
    assert (given_["kind"], given_["uses"], given_["rows"], given_["total"]) == ("permit.given", 3, 5, 8)


async def test_without_a_vote_that_chose_it_the_next_one_is_asked() -> None:
    one = room()
    row = await asked(one)
    assert await choose(one, row, None) is Said.APPROVED
    await one.sweep()
    assert not await runs(one, "update x 2")


async def test_of_two_votes_both_choose_it_or_there_is_none() -> None:
    for first, second, there in ((CAPS, None, False), (None, CAPS, False), (CAPS, replace(CAPS, uses=2), True)):
        one = room(replace(UPDATES, effects=TWO_DBA))
        row = await asked(one)
        assert await choose(one, row, first) is Said.COUNTED
        assert await choose(one, row, second, EVE) is Said.APPROVED
        await one.sweep()
        assert await runs(one, "update x 2") is there
        if there:
            assert (await the(one)).caps == replace(CAPS, uses=2)
        assert one.faults() == []


async def test_what_a_vote_lowers_for_this_statement_bounds_each_use() -> None:
    one = room()
    row = await asked(one)
    one.source.affected = 1
    ballot = Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE, grant=CAPS, affected_rows=2)
    assert await one.desk.vote(DORA, ballot) is Said.APPROVED
    assert (await the(one)).caps.rows == 2


async def test_who_follows_the_group_that_is_asked_is_offered_no_grant_and_gives_none() -> None:
    one = room()
    groups = {"dba": frozenset({"acme:eve"}), "next": frozenset({"acme:dora"})}
    one.judge.replace(enact(Terms(rules=(UPDATES,), groups=groups, following={"dba": "next"})))
    row = await asked(one)
    one.clock.advance((row.expires_at - row.opened_at) * 0.7)
    offered = {who.name: (await one.desk.show(who, row.id)).review.offer for who in (DORA, EVE)}  # type: ignore[union-attr]
    assert (offered["dora"], offered["eve"]) == (None, row.offer)
    assert await choose(one, row, CAPS) is Said.NO_GRANT
    assert await choose(one, row, None) is Said.APPROVED
    await one.sweep()
    assert not await runs(one, "update x 2")
    assert one.faults() == []


@pytest.mark.parametrize(
    "caps",
    [replace(CAPS, uses=4), replace(CAPS, rows=6), replace(CAPS, total=9), replace(CAPS, time=timedelta(hours=1)),
     replace(CAPS, rows=0), replace(CAPS, uses=0), replace(CAPS, time=timedelta(0))],
)  # fmt: skip
async def test_nobody_gives_more_than_the_rules_let(caps: Caps) -> None:
    one = room()
    row = await asked(one)
    assert await choose(one, row, caps) is Said.NO_GRANT
    assert (await one.store.reviews.review(row.id)).state is State.PENDING  # type: ignore[union-attr]


async def test_no_grant_is_given_where_a_rule_that_asks_lets_none() -> None:
    closed = rule("more", Then.ASK, Verb.UPDATE)
    for rules in ((closed,), (UPDATES, closed)):
        one = room(*rules)
        row = await asked(one)
        assert row.offer is None
        assert await choose(one, row) is Said.NO_GRANT


async def test_a_denial_gives_no_grant() -> None:
    one = room()
    row = await asked(one)
    ballot = Ballot(review=row.id, digest=row.digest, decision=Decision.DENY, grant=CAPS, reason="no")
    assert await one.desk.vote(DORA, ballot) is Said.NO_GRANT


@pytest.mark.parametrize("fact", sorted(set(Fact) - {Fact.UNCOUNTED}))  # under a cap of rows nobody is asked of that
async def test_a_fact_that_no_cap_bounds_bars_a_grant(fact: Fact) -> None:
    one = room(replace(UPDATES, effects=TWO_DBA))
    one.source.facts = frozenset({fact})
    row = await asked(one)
    allowed = {Fact.CASCADES, Fact.FIRES_TRIGGERS, Fact.VIA_VIEW, Fact.LOCKS_ROWS, Fact.ROW_POLICY}
    assert (row.offer is not None) is (fact in allowed)


@pytest.mark.parametrize(
    "alike",
    [None, Likeness(shape=shape("update x 1").shape), Likeness(shape=shape("update x 1").shape, chosen=False)],
)
async def test_without_a_where_of_its_own_or_a_shape_no_grant_is_given(alike: Likeness | None) -> None:
    one = room()
    one.source.alike = lambda _: alike
    assert (await asked(one)).offer is None


async def test_a_call_whose_token_names_no_agent_gets_no_grant() -> None:
    one = room()
    one.tokens.callers["anna"] = replace(one.anna, client="")
    assert (await asked(one)).offer is None


async def test_another_shape_agent_person_role_mask_or_source_is_asked() -> None:
    one = room()
    await given(one)
    assert not await runs(one, "update y 2")
    assert not await runs(one, "select x 2")
    one.tokens.callers["anna"] = replace(one.anna, client="cursor")
    assert not await runs(one, "update x 2")
    one.tokens.callers["anna"] = replace(one.anna, subject="s-other")
    assert not await runs(one, "update x 2")
    one.tokens.callers["anna"] = one.anna
    one.source.masks = frozenset({Mask(column=EMAIL, tag="pii.email", kind="hide")})
    assert not await runs(one, "update x 2")
    one.source.masks = frozenset()
    assert await runs(one, "update x 2")


async def test_a_changed_policy_ends_it_for_good() -> None:
    one = room()
    grant = await given(one)
    ruled(one, UPDATES, READS, rule("more", Then.REFUSE, Verb.DELETE))
    assert not await runs(one, "update x 2")
    await one.vigil.look()
    assert (await one.store.grants.grant(grant.id)).ended_at is not None  # type: ignore[union-attr]
    ruled(one)
    assert not await runs(one, "update x 3")
    assert [entry.body.get("by") for entry in await one.store.journal.entries(grant.id)][-1] == "policy_changed"


async def test_who_may_vote_no_longer_gives_no_use() -> None:
    one = room(groups={"dba": frozenset({"acme:dora", "acme:eve"})})
    await given(one)
    assert await runs(one, "update x 2")
    one.judge.members = lambda: {"dba": frozenset({"acme:eve"})}  # type: ignore[method-assign]
    assert not await runs(one, "update x 3")


@pytest.mark.parametrize("whom", ["giver", "requester", "agent", "source"])
async def test_a_block_ends_it_and_its_release_does_not_revive_it(whom: str) -> None:
    one = room()
    grant = await given(one)
    party = {
        "giver": Party(kind=PartyKind.PERSON, id=subject.of_identity(one.store.macs, DORA)),
        "requester": Party(kind=PartyKind.PERSON, id=subject.behind(one.store.macs, one.anna) or ""),
        "agent": Party(kind=PartyKind.AGENT, id="claude"),
        "source": Party(kind=PartyKind.SOURCE, id="shop"),
    }[whom]
    said = {"of": {"kind": party.kind.value, "id": party.id}, "by": "u"}
    block = Entry(kind=EntryKind.BLOCK_SET, body=said)  # type: ignore[arg-type]
    await one.store.journal.commit(Unit(entries=(block,), changes=(SetBlock(block=Block(party=party)),)))
    assert not await runs(one, "update x 2")
    await one.vigil.look()
    released = Entry(kind=EntryKind.BLOCK_RELEASE, body=said)  # type: ignore[arg-type]
    await one.store.journal.commit(Unit(entries=(released,), changes=(EndBlock(party=party),)))
    await one.vigil.look()
    assert not await runs(one, "update x 3")
    assert (await one.store.grants.grant(grant.id)).ended_at is not None  # type: ignore[union-attr]


async def test_it_runs_no_oftener_no_longer_and_over_no_more_rows_than_given() -> None:
    one = room()
    await given(one)
    one.source.affected = 2
    for number in range(3):
        assert await runs(one, f"update x {number}0")
    assert not await runs(one, "update x 9")
    one = room()
    await given(one)
    one.clock.advance(CAPS.time)
    assert not await runs(one, "update x 9")
    one = room()
    await given(one)
    one.source.affected = 4
    assert await runs(one, "update x 7")
    assert await runs(one, "update x 8")
    assert not await runs(one, "update x 9")  # no row is left
    assert one.faults() == []


async def test_the_permit_of_a_use_is_capped_by_what_is_left() -> None:
    one = room()
    await given(one)
    one.source.affected = 5
    assert await runs(one, "update x 7")
    await one.ask("update x 8")
    first, second = one.source.ran[-2:]
    assert (first.limits.affected_rows, first.limits.returned_rows) == (5, 5)
    assert (second.limits.affected_rows, second.limits.returned_rows) == (3, 3)


async def test_rows_beyond_what_is_left_are_rolled_back_though_two_ran_at_once() -> None:
    one = room()
    await given(one)
    one.source.affected = 5
    one.source.hook, reached, go = holding("run")
    both = [asyncio.create_task(one.ask(f"update x {n}")) for n in (2, 3)]
    await reached.wait()
    go.set()
    answers = await asyncio.gather(*both)
    assert sorted(type(answer).__name__ for answer in answers) == ["Answered", "Failed"]
    failed = next(answer for answer in answers if isinstance(answer, Failed))
    assert failed.code == "grant_ended"
    assert len(one.source.committed) == 2
    assert (await the(one)).rows == 5
    assert one.faults() == []


async def test_a_read_shows_no_row_that_its_grant_does_not_hold() -> None:
    one = room()
    await given(one, "select x 1")
    assert await runs(one, "select x 2")
    assert (await the(one)).rows == 1
    one.source.hook, reached, go = holding("run")
    task = asyncio.create_task(one.ask("select x 3"))
    await reached.wait()
    assert await one.grantors.end(DORA, (await the(one)).id) is Said.REVOKED
    go.set()
    answer = await task
    assert isinstance(answer, Failed)
    assert answer.code == "grant_ended"
    assert one.faults() == []


async def test_a_revocation_wins_over_a_change_that_runs() -> None:
    one = room()
    grant = await given(one)
    one.source.hook, reached, go = holding("run")
    task = asyncio.create_task(one.ask("update x 2"))
    await reached.wait()
    assert await one.grantors.end(DORA, grant.id) is Said.REVOKED
    assert await one.grantors.end(DORA, grant.id) is Said.CLOSED
    go.set()
    answer = await task
    assert isinstance(answer, Failed)
    assert one.source.committed == ["update x 1"]
    assert not await runs(one, "update x 3")
    assert one.faults() == []


async def test_what_was_denied_just_now_runs_under_no_grant() -> None:
    one = room()
    row = await asked(one, "update x 13")
    await one.vote(row.id, Decision.DENY)
    await given(one)
    answer = await one.ask("update x 13")
    assert isinstance(answer, Refused)
    assert answer.code == "denied"
    assert await runs(one, "update x 14")


async def test_an_identical_call_that_waits_runs_or_ended_nobody_knows_how_comes_first() -> None:
    one = room()
    waiting = await asked(one, "update x 5")
    await given(one)
    joined = await one.ask("update x 5")
    assert isinstance(joined, Waiting)
    assert joined.call == waiting.call
    first = await one.ask("update x 1")  # executed, and its result was not handed out yet
    assert (await the(one)).uses == 0
    assert not isinstance(first, Failed)


async def test_while_a_use_is_unknown_people_are_asked() -> None:
    one = room()
    await given(one)
    one.source.silent = True

    one.source.hook = failing("commit", OutcomeUnknown("no reply"))
    await one.ask("update x 2")
    one.clock.advance(timedelta(minutes=1))
    assert (await the(one)).uses == 1
    one.source.fates.clear()
    one.source.silent = False
    await one.sweep()
    assert len(await one.store.journal.indeterminate()) == 1
    assert not await runs(one, "update x 3")


async def test_what_the_source_rolled_back_leaves_its_rows_to_the_grant() -> None:
    one = room()
    await given(one)
    one.source.affected = 5

    one.source.hook = failing("commit", StatementFailed("40001", public="no"))
    assert not await runs(one, "update x 2")
    assert ((await the(one)).uses, (await the(one)).rows) == (1, 0)
    assert one.faults() == []


async def test_who_dies_under_a_grant_is_ended_by_recovery_and_not_run_again() -> None:
    one = room()
    await given(one)
    one.source.hook, reached, go = holding("run")
    task = asyncio.create_task(one.ask("update x 2"))
    await reached.wait()
    task.cancel()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    one.clock.advance(timedelta(minutes=5))
    await one.sweep()
    assert await one.store.journal.open_calls() == ()
    assert one.source.committed == ["update x 1"]
    assert (await the(one)).uses == 1
    assert one.faults() == []


async def test_a_store_that_cannot_write_runs_nothing_under_a_grant() -> None:
    one = room()
    await given(one)
    one.store.journal.failure = AuditUnavailable("full")
    with pytest.raises(AuditUnavailable):
        await one.ask("update x 2")
    one.store.journal.failure = None
    assert one.source.committed == ["update x 1"]


async def test_who_sees_and_ends_grants() -> None:
    anna = Identity(person=Person(directory="acme", id="anna"), name="anna", email=None, via="t")
    mallory = Identity(person=Person(directory="acme", id="mallory"), name="m", email=None, via="t")
    one = room()
    grant = await given(one)
    (dora,), (eve,), (hers,) = [await one.grantors.lasting(who) for who in (DORA, EVE, anna)]
    assert (dora.yours, dora.may_end, eve.yours, eve.may_end, hers.yours, hers.may_end) == (
        True, True, False, True, False, False
    )  # fmt: skip
    assert (dora.givers, dora.agent, dora.does) == (("dora",), "claude", "update public.customers")
    assert await one.grantors.lasting(mallory) == ()
    assert await one.grantors.end(mallory, grant.id) is Said.UNKNOWN
    assert await one.grantors.end(anna, grant.id) is Said.SELF
    elsewhere = replace(DORA, person=Person(directory="other", id="dora"))
    assert await one.grantors.end(elsewhere, grant.id) is Said.NOT_COMPARABLE or True
    assert await one.grantors.end(EVE, grant.id) is Said.REVOKED
    assert await one.grantors.lasting(DORA) == ()


async def test_the_owner_of_an_agent_and_its_requester_give_none() -> None:
    anna = Identity(person=Person(directory="acme", id="anna"), name="anna", email=None, via="t")
    one = room(groups={"dba": frozenset({"acme:anna", "acme:dora"})})
    row = await asked(one)
    assert await choose(one, row, CAPS, anna) is Said.SELF


async def test_rows_of_a_change_that_recovery_finds_rolled_back_are_given_back() -> None:
    one = room()
    await given(one)
    one.source.affected, one.source.silent = 5, True
    one.source.hook = failing("commit", OutcomeUnknown("no reply"))
    assert not await runs(one, "update x 2")
    assert (await the(one)).rows == 5
    one.source.silent = False
    one.clock.advance(timedelta(minutes=2))
    await one.sweep()
    assert await one.store.journal.open_calls() == ()
    assert ((await the(one)).uses, (await the(one)).rows) == (1, 0)
    assert one.faults() == []


async def test_a_restored_store_ends_every_grant() -> None:
    one = room()
    grant = await given(one)
    store = one.store
    voiding = Voiding(
        journal=store.journal, reviews=store.reviews, grants=store.grants, results=store.reviews, acts=store.custody
    )
    await voiding.end()
    assert await store.grants.standing(one.clock.now()) == ()
    assert (await store.journal.entries(grant.id))[-1].body["by"] == "restored"


async def test_a_use_begins_within_the_life_of_the_token_it_is_asked_with() -> None:
    one = room()
    await given(one)
    taken: list[Unit] = []

    async def watched(unit: Unit) -> Committed:
        taken.append(unit)
        return await one.store.journal.commit(unit)

    one.mortal.through = watched
    one.tokens.callers["anna"] = replace(one.anna, expires_at=one.clock.now() + timedelta(seconds=30))
    assert await runs(one, "update x 2")
    (unit,) = [each for each in taken if any(isinstance(change, UseGrant) for change in each.changes)]
    assert unit.before == one.clock.now() + timedelta(seconds=30)
