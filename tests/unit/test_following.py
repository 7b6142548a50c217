"""A group that follows another: late in a Review's time its members may fill that seat, and not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.entitled import members
from core.errors import Drifted, SettingsError
from core.execution.resumed import Resumed, approval
from core.execution.slots import Slots
from core.model import Caps, Offer, State
from core.policy.changing.widen import widenings
from core.policy.rules import Glass, Terms
from core.ports import Roll, Said
from core.reviews.votes import Standing, bar, cast
from tests.granting import COVERAGE
from tests.settings_files import loaded
from tests.slack.doubles import question
from tests.unit.test_votes import ALICE, CAROL, INTENT, MEMBERS, NOW, ballot, review, vote

ROLL = Roll(groups=MEMBERS, following={"dba": "security"})
OPENED = NOW - timedelta(minutes=10)
ROW = review(opened_at=OPENED, expires_at=OPENED + timedelta(minutes=15))


def at(minutes: int, roll: Roll = ROLL) -> Standing:
    return Standing(review=ROW, votes=(), intent=INTENT, roll=roll, now=OPENED + timedelta(minutes=minutes))


def test_who_follows_fills_the_seat_from_two_thirds_of_the_time_on_and_not_before() -> None:
    assert bar(at(9), CAROL, ballot()) is Said.NOT_ELIGIBLE
    assert bar(at(10), CAROL, ballot()) is None
    assert bar(at(10, replace(ROLL, following={})), CAROL, ballot()) is Said.NOT_ELIGIBLE


def test_who_follows_approves_this_once_and_gives_no_grant() -> None:
    most = Caps(uses=3, rows=5, total=8, time=timedelta(minutes=5))
    row = replace(ROW, offer=Offer(coverage=COVERAGE, most=most))
    late, choosing = replace(at(10), review=row), replace(ballot(), grant=most)
    assert bar(late, CAROL, choosing) is Said.NO_GRANT
    assert bar(late, CAROL, replace(choosing, grant=None)) is None
    assert bar(late, ALICE, choosing) is None


def test_the_stores_own_clock_says_that_it_is_late() -> None:
    said, unit = cast(at(10), CAROL, ballot(), None, pseudonym="ps")
    assert said is Said.APPROVED
    assert unit.after == OPENED + timedelta(minutes=10)


def test_a_claim_counts_them_for_a_vote_that_was_cast_late_alone() -> None:
    late, early = (replace(vote(CAROL), at=OPENED + timedelta(minutes=n)) for n in (10, 9))
    held = Resumed(
        review=replace(ROW, state=State.APPROVED), question=question(), slots=Slots(), votes=(late,), attempt=1
    )
    assert approval(held, ROLL).votes == (late,)
    with pytest.raises(Drifted):
        approval(replace(held, votes=(early,)), ROLL)


def test_nobody_follows_who_follows() -> None:
    chain = replace(ROLL, groups={"dba": frozenset(), "a": frozenset({"x"}), "b": frozenset({"y"})})
    chain = replace(chain, following={"dba": "a", "a": "b"})
    assert members(chain, ROW, "dba", ROW.expires_at) == {"x"}


def test_that_another_group_follows_or_more_answer_alone_is_a_wider_policy() -> None:
    glass = Glass(members=frozenset({"a@acme.example"}), ways=frozenset({"console"}))
    assert [one.part for one in widenings(Terms(), Terms(following={"dba": "security"}))] == ["group"]
    assert [one.part for one in widenings(Terms(), Terms(glass=glass))] == ["break_glass"]
    more = replace(glass, ways=frozenset({"console", "slack"}))
    assert [one.part for one in widenings(Terms(glass=glass), Terms(glass=more))] == ["break_glass"]
    assert widenings(Terms(glass=glass, following={"dba": "security"}), Terms()) == ()


NEXT = {
    "privacy": ("[group.privacy]\n", '[group.privacy]\nnext = "dba"\n', "tag owner's seat"),
    "itself": ("[group.dba]\n", '[group.dba]\nnext = "dba"\n', "does not follow itself"),
    "nobody": ("[group.dba]\n", '[group.dba]\nnext = "dbas"\n', "there is no"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), NEXT.values(), ids=NEXT.keys())
def test_a_group_that_nobody_may_follow_so_refuses_the_start(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        loaded(tmp_path, (old, new))


GLASS = '[break_glass]\nmembers = ["alice@acme.example"]\nchannel = "C0987654321"\n'
WRONG = {
    "the cards' own channel": (GLASS.replace("C0987654321", "C0123456789"), "name a second channel"),
    "a channel's name": (GLASS.replace("C0987654321", "emergencies"), "conversation id"),
    "nobody": (GLASS.replace('"alice@acme.example"', ""), "nobody is in it"),
    "no person": (GLASS.replace("alice@acme.example", "elsewhere:x"), "neither an e-mail nor"),
    "no door": (GLASS + "via = []\n", "no door is left"),
}


@pytest.mark.parametrize(("text", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_an_emergency_that_could_not_be_kept_in_bounds_refuses_the_start(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        loaded(tmp_path, more=text)


def test_an_emergency_as_it_should_be_is_policy_and_its_channel_is_looked_at(tmp_path: Path) -> None:
    made = loaded(tmp_path, more=GLASS)
    assert made.policy.glass == Glass(members=frozenset({"alice@acme.example"}), ways=frozenset({"console", "slack"}))
    assert made.glass in made.channels
    assert made.policy.version != loaded(tmp_path).policy.version
