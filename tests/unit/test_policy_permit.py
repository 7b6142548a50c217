"""An approval is for exactly one thing: digest, request key, and the one maker of Permits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TypedDict, Unpack

import pytest

from core.errors import BadCall, Drifted
from core.model import (
    Allow,
    Approval,
    Ask,
    Call,
    Caller,
    Column,
    Decision,
    Digest,
    Limits,
    Mask,
    Person,
    Reading,
    ReviewId,
    Scalar,
    Seat,
    Tool,
    Vote,
)
from core.policy.digest import question, request_key
from core.policy.force import Policy
from core.policy.permit import permit
from core.policy.rules import Then
from tests.policies import ANNA, NOON, call, machine, pair, person, policy, reading, rule

RULES = policy(rule("ask", Then.ASK))
READING = reading(pair("public.orders"))
ASK = Ask(reasons=(), limits=Limits(affected_rows=100), seats=(Seat(group="dba", count=1),))
ALLOW = Allow(reasons=(), limits=Limits())
DORA = Person(directory="acme", id="dora")
REVIEW = ReviewId("rev_a")


class Changed(TypedDict, total=False):
    call: Call
    caller: Caller
    reading: Reading
    verdict: Allow | Ask
    role: str
    policy: Policy


def digest(**changed: Unpack[Changed]) -> Digest:
    return question(
        changed.get("call", call()),
        changed.get("caller", person()),
        changed.get("reading", READING),
        changed.get("verdict", ASK),
        role=changed.get("role", "writer"),
        policy=changed.get("policy", RULES),
    ).digest


def vote(person: Person = DORA, seat: str = "dba", of: Digest | None = None, rows: int | None = None) -> Vote:
    return Vote(
        review=REVIEW,
        person=person,
        name=person.id,
        seat=seat,
        decision=Decision.APPROVE,
        digest=of or digest(),
        via="terminal",
        at=NOON,
        affected_rows=rows,
    )


def approval(*votes: Vote, of: Digest | None = None, rows: int | None = None) -> Approval:
    return Approval(review=REVIEW, digest=of or digest(), votes=votes, use_by=NOON, affected_rows=rows)


def permitted(verdict: Allow | Ask, given: Approval | None, read: Reading = READING) -> object:
    return permit(
        call=call(), caller=person(), reading=read, verdict=verdict, role="writer", policy=RULES, attempt=1,
        deadline=NOON, approval=given,
    )  # fmt: skip


MAIL = Mask(column=Column(relation="public.customers", name="email"), tag="pii.email", kind="token")


@pytest.mark.parametrize(
    "changed",
    [
        {"call": call(source="other")},
        {"call": call(parameters=(1,))},
        {"role": "owner"},
        {"reading": replace(READING, statement="SELECT 1 "), "call": call(statement="SELECT 1 ")},
        {"reading": replace(READING, statement="SELECT 1 -- x\n"), "call": call(statement="SELECT 1 -- x\n")},
        {"reading": replace(READING, text="SELECT 2")},
        {"reading": replace(READING, masks=frozenset({MAIL}))},
        {"reading": replace(READING, masks=frozenset({replace(MAIL, kind="hide")}))},
        {"reading": replace(READING, tree=Digest("1" * 64))},
        {"verdict": replace(ASK, limits=Limits(affected_rows=101))},
        {"verdict": replace(ASK, limits=Limits(affected_rows=100, timeout=timedelta(seconds=31)))},
        {"verdict": replace(ASK, limits=Limits(affected_rows=100, billed_bytes=1))},
        {"verdict": replace(ASK, limits=Limits(affected_rows=100, target_rows=1))},
        {"verdict": replace(ASK, limits=Limits(affected_rows=100, returned_rows=201))},
        {"verdict": replace(ASK, limits=Limits(affected_rows=100, returned_bytes=65_537))},
        {
            "verdict": replace(ASK, unmask=frozenset({MAIL.name})),
            "reading": replace(READING, unmasked=frozenset({MAIL})),
        },
        {"policy": policy(rule("ask", Then.ASK), rule("more", Then.REFUSE))},
        {"caller": replace(person(), subject="other")},
        {"caller": replace(person(), issuer="https://evil.example")},
        {"caller": replace(person(), person=DORA)},
        {"caller": replace(person(), person=None)},
        {"caller": person(client="cursor")},
    ],
)
def test_the_digest_changes_with_everything_that_an_approval_binds(changed: Changed) -> None:
    assert digest(**changed) != digest()


def test_no_permit_shows_a_column_that_the_verdict_does_not_unmask() -> None:
    """Not under an Allow, not under an Ask for other columns, and none less than what was asked."""
    raw = replace(READING, unmasked=frozenset({MAIL}))
    other = replace(ASK, unmask=frozenset({"public.customers.phone"}))
    for verdict, read in (
        (ALLOW, raw),
        (ASK, raw),
        (other, raw),
        (replace(ASK, unmask=frozenset({MAIL.name})), READING),
    ):
        with pytest.raises(Drifted, match="shows other columns"):
            digest(verdict=verdict, reading=read)


def test_the_digest_does_not_change_with_purpose_or_words_of_the_verdict() -> None:
    assert digest(call=call(purpose="other words")) == digest()
    assert digest(verdict=replace(ASK, expires=timedelta(minutes=1))) == digest()
    assert len(digest()) == 64


def test_parameters_of_other_types_never_have_one_digest() -> None:
    values: tuple[Scalar, ...] = (1, "1", 1.0, True, "true", None, "", "null", 0, -1, "1.0")
    seen = {digest(call=call(parameters=(value,))) for value in values}
    seen |= {digest(call=call(parameters={"1": value})) for value in values}
    assert len(seen) == 2 * len(values)


@pytest.mark.parametrize("value", ["\ud800", 1 << 9_000])
def test_words_without_a_form_in_utf8_are_the_callers_fault(value: Scalar) -> None:
    with pytest.raises(BadCall):
        digest(call=call(parameters=(value,)))


def test_the_request_key_joins_the_same_request_of_the_same_principal_only() -> None:
    def key(
        caller: Caller | None = None, tool: Tool = Tool.EXECUTE, text: str = "SELECT 1", source: str = "shop"
    ) -> str:
        return request_key(caller or person(), tool, source, text, (1,))

    assert key() == key(replace(person(), groups=frozenset(), authenticated_at=None))
    others = {
        key(person(client="cursor")),
        key(replace(person(), subject="x")),
        key(tool=Tool.QUERY),
        key(text="SELECT 1 "),
        key(source="other"),
        request_key(person(), Tool.EXECUTE, "shop", "SELECT 1", ("1",)),
    }
    assert key() not in others
    assert len(others) == 6


def test_an_allowance_needs_no_approval_and_runs_the_text_that_was_read() -> None:
    made = permit(
        call=call(), caller=person(), reading=replace(READING, text="SELECT 2"), verdict=ALLOW, role="reader",
        policy=RULES, attempt=1, deadline=NOON,
    )  # fmt: skip
    assert made.text == "SELECT 2"
    assert made.approval is None


def test_nothing_is_permitted_that_the_source_did_not_witness() -> None:
    for read in (replace(READING, witnessed=False), replace(READING, tree=None)):
        with pytest.raises(Drifted):
            permitted(ALLOW, None, read)


def test_a_reading_of_another_text_permits_nothing() -> None:
    with pytest.raises(Drifted):
        permitted(ALLOW, None, replace(READING, statement="SELECT 2"))


def test_what_asks_needs_an_approval_of_exactly_this() -> None:
    assert permitted(ASK, approval(vote()))
    with pytest.raises(Drifted):
        permitted(ASK, None)
    with pytest.raises(Drifted):
        permitted(ASK, approval(vote(), of=Digest("f" * 64)))
    with pytest.raises(Drifted):
        permitted(ASK, approval(vote(of=Digest("f" * 64))))
    with pytest.raises(Drifted):
        permitted(ALLOW, approval(vote()))  # allowed now, but approved under other limits


@pytest.mark.parametrize(
    "votes",
    [
        (),
        (vote(seat="security"),),
        (replace(vote(), decision=Decision.DENY),),
        (vote(ANNA),),
        (replace(vote(), review=ReviewId("rev_b")),),
    ],
)
def test_votes_that_do_not_fill_every_seat_permit_nothing(votes: tuple[Vote, ...]) -> None:
    with pytest.raises(Drifted):
        permitted(ASK, approval(*votes))


def test_one_person_fills_one_seat_and_an_owner_none() -> None:
    two = replace(ASK, seats=(Seat(group="dba", count=2),))
    with pytest.raises(Drifted):
        permitted(two, approval(vote(), vote()))
    assert permitted(two, approval(vote(), vote(Person(directory="acme", id="dan"))))
    nightly = machine(owner=DORA)
    of = digest(caller=nightly)
    with pytest.raises(Drifted):
        permit(
            call=call(), caller=nightly, reading=READING, verdict=ASK, role="writer", policy=RULES, attempt=1,
            deadline=NOON, approval=approval(vote(of=of), of=of),
        )  # fmt: skip


@pytest.mark.parametrize(("given", "voted", "cap"), [(None, None, 100), (7, None, 7), (500, None, 100), (50, 9, 9)])
def test_voters_may_only_lower_the_cap(given: int | None, voted: int | None, cap: int) -> None:
    made = permit(
        call=call(), caller=person(), reading=READING, verdict=ASK, role="writer", policy=RULES, attempt=1,
        deadline=NOON, approval=approval(vote(rows=voted), rows=given),
    )  # fmt: skip
    assert made.limits.affected_rows == cap
