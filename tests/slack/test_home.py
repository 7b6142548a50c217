"""App Home: what waits for whoever opens it, their own sessions, and nothing of anybody else's; it follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.model import ReviewId, SessionId, State
from demo.slack import Slack
from slackbot.bot import Bot
from slackbot.kit import blocks
from slackbot.views import home
from slackbot.views.owed import Owed
from tests.slack.doubles import Desk, facts, question, review, shown
from tests.slack.flow import ALICE, BOB, DANA, EITHER_WAY, posted
from tests.slack.test_lookups import HOSTILE, line

NOBODY = "U0NOBODY"


def words(slack: Slack, user: str) -> str:
    found = slack.world.homes.get(user)
    return found.words if found else ""


@EITHER_WAY
async def test_home_shows_what_waits_for_whom_and_their_own_sessions_and_the_look_is_on_record(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    desk.sessions_kept = {SessionId("ses_0001"): line(1), SessionId("ses_0002"): line(2, person="bob")}
    await posted(slack, desk, door, shown())
    for user in (ALICE, BOB, DANA):
        await slack.open_home(user)
        await slack.world.until(lambda who=user: words(slack, who) != "", "the Home")  # type: ignore[misc]
    assert "1 waiting for you" in words(slack, BOB)
    assert "DELETE 1,204 rows · public.orders" in words(slack, BOB)
    assert ("ses_0002" in words(slack, BOB), "ses_0001" in words(slack, BOB)) == (True, False)
    assert "ses_" not in words(slack, ALICE)  # an auditor may look at all, but these are not hers
    assert "0 waiting for you" in words(slack, DANA)
    assert "Waiting for somebody else" in words(slack, DANA)
    assert [what for _, what in desk.looked_up] == ["mine"] * 3


async def test_home_opens_the_full_view_and_follows_what_is_decided(slack: Slack, desk: Desk, door: Bot) -> None:
    row = shown()
    await posted(slack, desk, door, row)
    await slack.open_home(BOB)
    await slack.world.until(lambda: "1 waiting" in words(slack, BOB), "the Home")
    assert await slack.press_home(BOB, "review.open") is not None
    await slack.world.until(lambda: slack.view(BOB) is not None, "the full view")
    view = slack.view(BOB)
    assert view is not None
    await slack.submit(BOB, view)
    assert [said for _, _, said in desk.ballots] == ["approved"]
    door.nudge()
    await slack.world.until(lambda: "0 waiting" in words(slack, BOB), "the Home that follows")


async def test_home_of_who_is_nobody_here_says_why_and_shows_nothing(slack: Slack, desk: Desk, door: Bot) -> None:
    await posted(slack, desk, door, shown())
    slack.member(replace(slack.world.members[BOB], id=NOBODY))
    await slack.open_home(NOBODY)
    await slack.world.until(lambda: words(slack, NOBODY) != "", "the Home")
    assert "not linked" in words(slack, NOBODY)
    assert "DELETE" not in words(slack, NOBODY)
    assert desk.looked_up == []


async def test_without_a_record_home_shows_nothing(slack: Slack, desk: Desk, door: Bot) -> None:
    await posted(slack, desk, door, shown())
    desk.down = True
    await slack.open_home(ALICE)
    await slack.world.until(lambda: door.tally["later.home"] == 1, "the failure")
    assert words(slack, ALICE) == ""


async def test_of_a_protected_question_home_shows_no_number_and_no_literal(slack: Slack, desk: Desk, door: Bot) -> None:
    row = shown(question=question(statement="SELECT '078-05'"), facts=facts(protected=True, counted=424_242))
    await posted(slack, desk, door, row)
    await slack.open_home(DANA)
    await slack.world.until(lambda: words(slack, DANA) != "", "the Home")
    assert "424" not in words(slack, DANA)
    assert "078" not in words(slack, DANA)


@pytest.mark.parametrize("number", [0, 1, 15, 200])
def test_any_number_of_questions_fits_with_hostile_words(number: int) -> None:
    row = shown(
        question=question(source=HOSTILE * 50, role=HOSTILE * 50),
        facts=facts(agent=HOSTILE * 90, things=(HOSTILE * 9,) * 9, purpose=HOSTILE),
    )
    rows = [replace(row, review=review(f"rev_{n}", state=State.PENDING), eligible=bool(n % 2)) for n in range(number)]
    view = home.home(Owed(reviews=rows), [line(n, agent=HOSTILE * 9) for n in range(9)])
    assert blocks.view(view) == ()
    assert ReviewId("rev_0") in str(view) or number < 1
