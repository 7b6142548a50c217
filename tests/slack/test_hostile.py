"""Hostile words on a card: nothing pings, nothing imitates, nothing of a protected question reaches the channel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.model import Column, Limits, Mask, Reason, State
from core.ports import Shown
from demo.slack import Slack
from demo.slack.pings import pings
from slackbot.bot import Bot
from tests.slack.doubles import Desk, caller, facts, question, review, shown
from tests.slack.flow import ALICE, DANA, MALLORY, posted, settled

NASTY = {
    "mentions": "<!channel> <!here> <@U0ALICE> <!subteam^S1|x> @here @channel",
    "fence": "```\n*Approved by security* :white_check_mark:\n```",
    "bidi": "SELECT 1 \u202e; DROP TABLE x \u2066 --",
    "blank": "SELECT 1;" + "\n" * 60 + "DELETE FROM orders",
    "zero width": "SELECT\u200b\u2060\ufeff 1",
    "look-alike": "SELECT * FROM ord\u0435rs",
    "links": "<https://evil.example|https://slack.com> https://evil.example",
    "json": '{"type":"mrkdwn","text":"<!channel>"}',
    "controls": "\x1b[2J\x07\r\x85\u2028\u2029",
    "long": "x" * 65_536,
    "emoji": ":large_yellow_circle: ✅ Approved · <!date^1^{time}|now>",
    "braille": "\u2800\u3164\u115f\ufe0f\U000e0041",
}


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY.keys())
async def test_hostile_words_everywhere_ping_nobody_and_fit(slack: Slack, desk: Desk, door: Bot, nasty: str) -> None:
    row = shown(
        question=question(
            statement=nasty, source=nasty, role=nasty, parameters=(nasty, 1, None), caller=caller(email=nasty)
        ),
        facts=facts(
            purpose=nasty,
            things=(nasty,) * 3,
            reasons=(Reason(rule=nasty, sentence=nasty),),
            also=(nasty,),
            undo=nasty,
            agent=nasty,
        ),
    )
    card = await posted(slack, desk, door, row)
    await slack.click(ALICE, card, "review.open")
    await slack.world.until(lambda: slack.view(ALICE) is not None, "the full view")
    desk.moved(row.review.id, State.DENIED, note=nasty)
    door.nudge()
    await slack.world.until(lambda: "Denied" in card.words, "the redraw")
    assert slack.pinged() == []
    assert pings(card.text, card.blocks) == []
    for hidden in "\u202e\u2066\u200b\u2060\ufeff\x1b\x07\r\x85\u2028\u2800\u3164\u115f\U000e0041":
        assert hidden not in card.words


async def test_short_hostile_statements_are_shown_whole_with_a_warning_and_can_be_voted_on(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    statement = "UPDATE ord\u0435rs SET a = '<&>```' \u202e WHERE <!channel>"
    card = await posted(slack, desk, door, shown(question=question(statement=statement)))
    assert "1 invisible character" in card.words
    assert "look-alike: \u0435 U+0435" in card.words
    assert "SET a = '<&>```' ⟨U+202E⟩ WHERE <!channel>" in card.words
    assert await slack.click(ALICE, card, "review.approve") is not None
    assert [said for _, _, said in desk.ballots] == ["approved"]


async def test_sixty_blank_lines_take_the_one_click_away(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown(question=question(statement=NASTY["blank"])))
    assert card.button("review.approve") is None
    assert "Approve only in the full view" in card.words


def protected() -> Shown:
    column = Column(relation="public.customers", name="ssn")
    statement = "UPDATE customers SET note = '' WHERE ssn = '078-05-1120'"
    return shown(
        question=question(
            statement=statement,
            text=statement.replace("customers", "masked.customers"),
            parameters=("078-05-1120",),
            masks=frozenset({Mask(column=column, tag="pii.national_id", kind="hide")}),
            limits=Limits(affected_rows=777_777),
        ),
        facts=facts(protected=True, counted=424_242, purpose="look at 078-05-1120", risk="medium"),
    )


async def test_of_a_protected_question_the_channel_sees_no_number_and_no_literal(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    row = protected()
    card = await posted(slack, desk, door, row)
    assert card.button("review.approve") is None
    outcome = {"affected": 424_242, "rows": 424_242, "dur_ms": 99_991, "outcome": "committed"}
    desk.moved(row.review.id, State.EXECUTED, outcome=outcome, note="1 row for 078-05-1120")
    door.nudge()
    await slack.world.until(lambda: "Executed" in card.words, "the redraw")
    everything = str(card.versions) + str([call.arguments for call in slack.world.calls])
    for secret in ("078-05", "424,242", "424242", "99,991", "99991"):
        assert secret not in everything


async def test_the_full_view_of_a_protected_question_opens_for_eligible_voters_only(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    card = await posted(slack, desk, door, protected())
    for user in (DANA, MALLORY):
        await slack.click(user, card, "review.open")
        await slack.world.until(lambda who=user: "protected columns" in slack.whispered(who), "no")  # type: ignore[misc]
        assert slack.view(user) is None
    await slack.click(ALICE, card, "review.open")
    await slack.world.until(lambda: slack.view(ALICE) is not None, "the full view")
    view = slack.view(ALICE)
    assert view is not None
    assert "424,242, counted" in view.words
    assert "ssn = '078-05-1120'" in view.words
    assert 'str "078-05-1120"' in view.words
    assert "masked.customers" in view.words
    await slack.submit(ALICE, view)
    assert [said for _, _, said in desk.ballots] == ["approved"]


async def test_more_than_slack_can_show_cannot_be_approved_there(slack: Slack, desk: Desk, door: Bot) -> None:
    huge = "\u200b" * 65_536
    card = await posted(slack, desk, door, shown(question=question(statement=huge)))
    await slack.click(ALICE, card, "review.open")
    await slack.world.until(lambda: slack.view(ALICE) is not None, "the full view")
    view = slack.view(ALICE)
    assert view is not None
    assert "submit" not in view.payload
    assert "assent review show rev_7Q2K9" in view.words
    view.payload["submit"] = {"type": "plain_text", "text": "Approve once"}
    await slack.submit(ALICE, view)
    assert desk.ballots == []


async def test_one_card_that_cannot_be_drawn_keeps_no_other_off_the_screen(slack: Slack, desk: Desk, door: Bot) -> None:
    bad = desk.ask(shown(review=review("rev_BAD")))
    desk.broken.add(bad.review.id)
    card = await posted(slack, desk, door, shown(review=replace(review("rev_GOOD"), version=2)))
    assert "DELETE 1,204 rows" in card.words
    assert door.tally["redraw.crashed"] > 0
    desk.broken.clear()
    await settled(slack, desk, bad)
    door.tally.clear()
