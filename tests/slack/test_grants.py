"""Grants in Slack: chosen in the full view alone, with numbers that only go down; seen and ended in App Home."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.audit.archive import own_story
from core.model import CallId, Caps, Decision, Grant, GrantId, Offer, Person, ReviewId, State, Vote
from core.ports import Lasting, Sealed
from demo.slack import Slack
from demo.slack.world import Json
from slackbot.bot import Bot
from slackbot.kit import blocks
from slackbot.views import cards, granting, home, modals, stories
from slackbot.views.owed import Owed
from tests.granting import COVERAGE
from tests.slack.doubles import NOW, Desk, review, shown
from tests.slack.flow import ALICE, BOB, EITHER_WAY, posted
from tests.slack.test_lookups import HOSTILE, told

MOST = Caps(uses=20, rows=50, total=200, time=timedelta(minutes=30))
OFFERED = shown(review=replace(review(), offer=Offer(coverage=COVERAGE, most=MOST)))
SHAPE: Json = {"selected_option": {"value": "shape"}}
TWO: Json = {"value": "2"}


def grant(name: str = "gr_1", **changed: Any) -> Lasting:
    given = Grant(
        id=GrantId(name), review=ReviewId("rev_1"), call=CallId("call_1"), coverage=COVERAGE, caps=MOST,
        until=NOW + MOST.time, uses=3, rows=9,
    )  # fmt: skip
    one = Lasting(
        grant=given, agent="Claude Code", requester="dana", does="delete public.orders", givers=("alice",), yours=True,
        may_end=True,
    )  # fmt: skip
    return replace(one, **changed)


def values(**said: object) -> dict[str, Any]:
    return {block.replace("_", "."): {"v": value} for block, value in said.items()}


def test_the_full_view_offers_it_says_who_chooses_the_values_and_fits() -> None:
    view = modals.full(OFFERED).view
    assert not blocks.view(view)
    words = str(view)
    assert "The agent chooses the values" in words
    for most in ("at most 20", "at most 50", "at most 200", "30 min"):
        assert most in words
    assert "The agent chooses" not in str(modals.full(shown()).view)
    assert "The agent chooses" not in str(modals.full(replace(OFFERED, eligible=False)).view)


def test_a_card_has_no_button_that_gives_one() -> None:
    assert "shape" not in str([block for block in cards.card(OFFERED).blocks if block["type"] == "actions"])


@pytest.mark.parametrize(
    ("said", "caps"),
    [
        ({}, None),
        ({"grant": {"selected_option": {"value": "once"}}, "grant_rows": {"value": "1"}}, None),
        ({"grant": {"selected_option": {"value": "other"}}}, None),
        ({"grant": SHAPE}, MOST),
        (
            {
                "grant": SHAPE,
                "grant_uses": {"value": "2"},
                "grant_rows": {"value": " 7 "},
                "grant_total": {"value": "9"},
            },
            replace(MOST, uses=2, rows=7, total=9),
        ),
    ],
)
def test_what_is_chosen_is_read_as_it_was_said(said: dict[str, object], caps: Caps | None) -> None:
    assert granting.chosen(values(**said), OFFERED) == caps
    assert granting.chosen(values(**said), shown()) is None


@pytest.mark.parametrize("number", ["0", "51", "-1", "1.5", "x", "١", "9" * 30])
def test_no_number_is_raised_or_guessed(number: str) -> None:
    with pytest.raises(ValueError, match=r"grant\.rows"):
        granting.chosen(values(grant=SHAPE, grant_rows={"value": number}), OFFERED)


def test_cards_tell_who_chose_a_grant_and_that_the_agent_chooses_the_values() -> None:
    (vote,) = votes(("alice", MOST))
    half = replace(OFFERED, votes=(vote,))
    assert "alice (approve, grant)" in str(cards.card(half).blocks)
    done = replace(half, review=replace(half.review, state=State.EXECUTED))
    assert "20 uses, 50 rows each, 200 in all; the agent chooses the values" in str(cards.card(done).blocks)
    split = replace(done, votes=votes(("alice", MOST), ("bob", None)))
    assert "chooses the values" not in str(cards.card(split).blocks)


def votes(*said: tuple[str, Caps | None]) -> tuple[Vote, ...]:
    return tuple(
        Vote(
            review=OFFERED.review.id, person=Person(directory="acme", id=name), name=name, seat="dba",
            decision=Decision.APPROVE, digest=OFFERED.question.digest, via="terminal", at=NOW, grant=caps,
        )
        for name, caps in said
    )  # fmt: skip


@EITHER_WAY
async def test_a_vote_from_the_full_view_gives_a_grant_and_a_click_on_the_card_none(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    for user, chooses in ((ALICE, True), (BOB, False)):
        row = replace(OFFERED, review=replace(OFFERED.review, id=ReviewId(f"rev_{user}")))
        card = await posted(slack, desk, door, row)
        if not chooses:
            await slack.click(user, card, "review.approve")
        else:
            await slack.click(user, card, "review.open")
            await slack.world.until(lambda: slack.view(ALICE) is not None, "the full view")
            view = slack.view(user)
            assert view is not None
            wrong = await slack.submit(user, view, {"grant": SHAPE, "grant.uses": {"value": "21"}})
            assert wrong is not None
            assert "grant.uses" in str(wrong.payload)
            await slack.submit(user, view, {"grant": SHAPE, "grant.uses": {"value": "5"}})
    assert [ballot.grant for _, ballot, _ in desk.ballots] == [replace(MOST, uses=5), None]


async def test_home_shows_grants_and_one_click_ends_one(slack: Slack, desk: Desk, door: Bot) -> None:
    desk.grants = [grant(), grant("gr_2", may_end=False)]
    await slack.open_home(ALICE)
    await slack.world.until(lambda: ALICE in slack.world.homes, "the Home")
    words = slack.world.homes[ALICE].words
    for said in ("delete public.orders", "Claude Code for dana", "3/20 used, 9/200 rows", "given by alice"):
        assert said in words
    assert await slack.press_home(ALICE, "grant.revoke") is not None
    assert [(str(who.person), name) for who, name in desk.ended] == [("acme:alice", "gr_1")]
    door.nudge()
    await slack.world.until(
        lambda: slack.world.homes[ALICE].words.count("given by alice") == 1, "the Home that follows"
    )
    assert not door.tally["home.failed"]


async def test_an_end_that_cannot_be_recorded_is_not_acknowledged(slack: Slack, desk: Desk, door: Bot) -> None:
    desk.grants = [grant()]
    await slack.open_home(ALICE)
    await slack.world.until(lambda: ALICE in slack.world.homes, "the Home")
    desk.down, slack.sockets.ack_seconds = True, 0.5
    assert await slack.press_home(ALICE, "grant.revoke") is None
    assert desk.ended == []
    del door


def test_hostile_names_and_many_grants_fit_and_ping_nobody() -> None:
    hostile = [
        grant(f"gr_{n}", agent=HOSTILE, requester=HOSTILE, does=HOSTILE, givers=(HOSTILE,) * 9) for n in range(40)
    ]
    view = home.home(Owed(grants=hostile), [])
    assert not blocks.view(view)
    assert "+25 more" in str(view)


@pytest.mark.parametrize("value", [None, "", "rev_1", 7, "gr_" + "x" * 500])
def test_a_button_that_names_no_grant_ends_none(value: object) -> None:
    assert granting.named(value) is None


def test_a_look_up_names_the_grant_under_which_a_call_ran_and_who_gave_it_to_auditors_alone() -> None:
    verdict = {"action": "ask", "rules": ["prod"], "grant": {"id": "gr_1", "use": 2, "by": ["p1"]}}
    intent = Sealed(sequence=1, body={"kind": "call.intent", "ts": 1, "verdict": verdict}, leaf="0" * 64)  # type: ignore[dict-item]
    story = replace(told(), entries=(intent,))
    assert "under grant gr_1, use 2, given by alice@acme.example" in str(stories.call(story).blocks)
    theirs = own_story(replace(story, names={}))
    assert "p1" not in str(theirs.entries)
    assert "under grant gr_1, use 2" in str(stories.call(theirs).blocks)
    assert "given by" not in str(stories.call(theirs).blocks)
