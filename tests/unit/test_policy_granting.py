"""Over what a grant may be given, and everything that must hold again for the Permit of each use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import typer

from cli.people import voting
from core.audit.unit import check_given
from core.errors import Drifted, IllegalMove
from core.model import (
    Allow,
    Ask,
    CallId,
    Caps,
    Column,
    Decision,
    Digest,
    Fact,
    Grant,
    GrantId,
    Likeness,
    Mask,
    Permit,
    Person,
    Reading,
    ReviewId,
    Seat,
    State,
    Use,
    Verb,
    Vote,
)
from core.policy.bounding.granting import BOUNDED, caps
from core.policy.changing.widen import widenings
from core.policy.facts import MEANINGS, VERBS, Weight
from core.policy.force import enact
from core.policy.judge import InForce
from core.policy.rules import ALLOWABLE, Effects, Terms, Then
from tests import granting
from tests.doubles import MemoryMacs
from tests.granted import GIVING, GROUPS, UPDATES
from tests.policies import NOON, SHOP, Still, call, pair, person, reading, rule

ALIKE = Likeness(shape=Digest("1" * 64), chosen=True, opened=(("integer",),))
OTHER = replace(ALIKE, shape=Digest("2" * 64))
TAGGED = Mask(column=Column(relation="public.t", name="x"), tag="pii", kind="hide")
MOST = Caps(uses=3, rows=5, total=8, time=timedelta(minutes=20))


def asked(*verbs: Verb, facts: frozenset[Fact] = frozenset()) -> Reading:
    return replace(reading(*(pair("public.t", verb) for verb in verbs or (Verb.UPDATE,)), facts=facts), likened=ALIKE)


def test_the_least_of_every_rule_that_asks_counts() -> None:
    less = replace(UPDATES, effects=replace(GIVING, grant_total=7, grant_uses=2))
    assert caps((UPDATES, less), asked(), frozenset()) == replace(MOST, total=7, uses=2)
    assert caps((UPDATES, rule("other", Then.ASK)), asked(), frozenset()) is None
    assert caps((), asked(), frozenset()) is None


def test_what_a_rule_leaves_out_has_the_houses_own_bounds() -> None:
    bare = replace(UPDATES, effects=Effects(grant_rows=1, grant_total=2))
    assert caps((bare,), asked(), frozenset()) == Caps(uses=20, rows=1, total=2, time=timedelta(minutes=30))
    wide = Effects(grant_rows=1, grant_total=2, grant_uses=99, grant_time=timedelta(days=1))
    found = caps((replace(UPDATES, effects=wide),), asked(), frozenset())
    assert found == Caps(uses=50, rows=1, total=2, time=timedelta(hours=1))


@pytest.mark.parametrize("verb", sorted(set(Verb) - ALLOWABLE))
def test_no_grant_is_given_over_what_defines_grants_or_runs(verb: Verb) -> None:
    assert caps((UPDATES,), asked(Verb.READ, verb), frozenset()) is None


def test_no_grant_is_given_over_an_unmasking() -> None:
    assert caps((UPDATES,), asked(), frozenset({TAGGED})) is None


def test_nothing_of_critical_risk_can_be_granted() -> None:
    assert all(MEANINGS[fact].weight < Weight.CRITICAL for fact in BOUNDED)
    assert all(VERBS[verb] < Weight.CRITICAL for verb in ALLOWABLE)


class Ground:
    """A grant of one update, and the Permit of its next use."""

    def __init__(self) -> None:
        self.judge = InForce(enact(Terms(rules=(UPDATES,), groups=GROUPS)), Still(), macs=MemoryMacs())
        self.reading, self.caller, self.call = asked(), person(), call()
        verdict = self.judge.decide(self.call, self.caller, SHOP, self.reading)
        assert isinstance(verdict, Ask)
        self.asked: Ask = verdict
        self.verdict: Ask | Allow = verdict
        covered = self.judge.coverage(self.call, self.caller, self.reading, role="writer")
        assert covered is not None
        grant = Grant(
            id=GrantId("gr_1"), review=ReviewId("rev_1"), call=CallId("call_1"), coverage=covered, caps=MOST,
            until=NOON + MOST.time,
        )  # fmt: skip
        vote = Vote(
            review=ReviewId("rev_1"), person=Person(directory="acme", id="dora"), name="dora", seat="dba",
            decision=Decision.APPROVE, digest=Digest("d" * 64), via="terminal", at=NOON, grant=MOST,
        )  # fmt: skip
        self.use = Use(grant=grant, number=1, votes=(vote,))

    def permit(self, use: Use | None = None, role: str = "writer") -> Permit:
        return self.judge.permit(
            self.call, self.caller, self.reading, self.verdict, role=role, attempt=1, deadline=NOON, use=use or self.use
        )


def test_a_use_has_a_permit_within_the_least_of_everything() -> None:
    ground = Ground()
    limits = ground.permit().limits
    assert (limits.affected_rows, limits.returned_rows, limits.target_rows) == (5, 5, None)
    half = replace(ground.use, grant=replace(ground.use.grant, rows=6))
    assert ground.permit(half).limits.affected_rows == 2
    narrow = replace(ground.use, grant=replace(ground.use.grant, caps=replace(MOST, rows=1)))
    assert ground.permit(narrow).limits.affected_rows == 1
    assert ground.permit().use == ground.use


def vote(use: Use, **changed: object) -> Use:
    return replace(use, votes=(replace(use.votes[0], **changed),))  # type: ignore[arg-type]


BROKEN: dict[str, Callable[[Use], Use]] = {
    "another shape": lambda use: replace(
        use, grant=replace(use.grant, coverage=replace(use.grant.coverage, fingerprint="0"))
    ),
    "another policy": lambda use: replace(
        use, grant=replace(use.grant, coverage=replace(use.grant.coverage, policy="p"))
    ),
    "another number": lambda use: replace(use, number=2),
    "one use too many": lambda use: replace(use, number=4, grant=replace(use.grant, uses=3)),
    "no row left": lambda use: replace(use, grant=replace(use.grant, rows=8)),
    "no vote": lambda use: replace(use, votes=()),
    "a vote of another review": lambda use: vote(use, review=ReviewId("rev_2")),
    "a vote that gave none": lambda use: vote(use, grant=None),
    "a denial": lambda use: vote(use, decision=Decision.DENY),
    "another seat": lambda use: vote(use, seat="security"),
    "the requester's vote": lambda use: vote(use, person=person().person),
    "one person twice": lambda use: replace(use, votes=use.votes * 2),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_no_permit_comes_of_a_grant_that_does_not_hold(broken: str) -> None:
    ground = Ground()
    with pytest.raises(Drifted):
        ground.permit(BROKEN[broken](ground.use))


def test_a_grant_is_of_one_caller_agent_source_role_and_text_as_masked() -> None:
    changes: tuple[Callable[[Ground], None], ...] = (
        lambda ground: setattr(ground, "caller", person(client="cursor")),
        lambda ground: setattr(ground, "caller", replace(person(), subject="other")),
        lambda ground: setattr(ground, "reading", replace(ground.reading, masks=frozenset({TAGGED}))),
        lambda ground: setattr(
            ground, "reading", replace(ground.reading, likened=replace(ALIKE, shape=Digest("2" * 64)))
        ),
        lambda ground: setattr(ground, "verdict", replace(ground.asked, grant=None)),
        lambda ground: setattr(ground, "verdict", replace(ground.asked, seats=(Seat(group="dba", count=2),))),
    )
    for change in changes:
        ground = Ground()
        change(ground)
        with pytest.raises(Drifted):
            ground.permit()
    with pytest.raises(Drifted):
        Ground().permit(role="reader")


def test_no_grant_stands_where_nobody_is_asked_or_beside_an_approval() -> None:
    ground = Ground()
    ground.verdict = Allow(reasons=(), limits=ground.verdict.limits)
    with pytest.raises(Drifted):
        ground.permit()


def test_without_keyed_macs_there_is_no_grant() -> None:
    ground = Ground()
    blind = InForce(ground.judge.policy, Still())
    assert blind.coverage(ground.call, ground.caller, ground.reading, role="writer") is None


@pytest.mark.parametrize(
    ("effects", "wider"),
    [
        (GIVING, False),
        (replace(GIVING, grant_rows=None, grant_total=None), False),
        (replace(GIVING, grant_rows=4), False),
        (replace(GIVING, grant_rows=6), True),
        (replace(GIVING, grant_total=9), True),
        (replace(GIVING, grant_uses=4), True),
        (replace(GIVING, grant_time=timedelta(minutes=21)), True),
    ],
)
def test_a_policy_that_lets_more_be_granted_widens(effects: Effects, wider: bool) -> None:
    old, new = (Terms(rules=(replace(UPDATES, effects=one),)) for one in (GIVING, effects))
    assert bool(widenings(old, new)) is wider
    none = Terms(rules=(replace(UPDATES, effects=replace(GIVING, grant_rows=None, grant_total=None)),))
    assert bool(widenings(none, new)) is (effects.grant_rows is not None)


def test_a_rule_that_gave_no_grant_and_is_gone_widens_where_another_gives_one() -> None:
    closed = rule("closed", Then.ASK, Verb.UPDATE, effects=replace(GIVING, grant_rows=None, grant_total=None))
    assert widenings(Terms(rules=(UPDATES, closed)), Terms(rules=(UPDATES,)))


def test_no_grant_comes_of_an_answer_that_somebody_gave_alone() -> None:
    review = replace(granting.asked(NOON), state=State.APPROVED)
    grant, vote = granting.of(review, NOON), granting.chosen(review, NOON)
    check_given(grant, review, (vote,))
    with pytest.raises(IllegalMove):
        check_given(grant, review, (replace(vote, glass=True),))


class Said:
    """The people's side as the command line reaches it."""

    def __init__(self, **answers: dict[str, Any]) -> None:
        self.answers, self.posted = answers, list[tuple[tuple[str, ...], object]]()

    def get(self, *path: str) -> dict[str, Any]:
        return self.answers[path[0]]

    def post(self, *path: str, body: object) -> dict[str, Any]:
        self.posted.append((path, body))
        return {"said": "revoked", "message": "Revoked: it will not run."}


def test_the_command_line_lists_gives_and_ends_grants(capsys: pytest.CaptureFixture[str]) -> None:
    caps = {"uses": 3, "rows": 5, "total": 8, "seconds": 1200}
    one = {"id": "gr_1", "does": "update orders", "source": "shop", "agent": "Claude", "requester": "dana",
           "used": {"uses": 1, "rows": 2}, "caps": caps, "until": "2026-11-28T12:00Z", "givers": ["bob"]}  # fmt: skip
    people: Any = Said(grants={"grants": [one]}, reviews={"grant": caps})
    voting.grants(people, as_json=False)
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("gr_1", "update orders", "1/3", "2/8", "Claude for dana")), printed
    voting.approve(people, "rev_1", "d" * 64, None, grant=True, as_json=False)
    voting.end(people, "gr_1", as_json=False)
    assert people.posted == [
        (("reviews", "rev_1", "votes"), {"decision": "approve", "digest": "d" * 64, "grant": caps}),
        (("grants", "gr_1", "revocation"), {}),
    ]
    none: Any = Said(grants={"grants": []}, reviews={"grant": None})
    with pytest.raises(typer.Exit):
        voting.approve(none, "rev_1", "d" * 64, None, grant=True, as_json=False)
    assert none.posted == []
