"""`/audit`: what a session and a call look like, for whom, and what is not understood."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.model import CallId, Outcome, SessionId
from core.ports import CallLine, Sealed, SessionLine, Story
from demo.slack import Slack
from slackbot.bot import Bot
from tests.slack.doubles import NOW, Desk
from tests.slack.flow import ALICE, BOB, DANA, EITHER_WAY

HOSTILE = "<!channel> ``` <@U0ALICE> \u202eevil"


def story(number: int, *, statement: str | None = None, purpose: str = "monthly numbers") -> Story:
    line = CallLine(
        call=CallId(f"call_{number:04d}"),
        session=SessionId("ses_00A1"),
        at=NOW + timedelta(seconds=number),
        person="dana",
        agent="Claude Code",
        source="shop",
        tool="query",
        verdict="allow",
        outcome=Outcome.DELIVERED,
        rows=20,
        masked=3,
        sequence=100 + number,
    )
    entries = (Sealed(sequence=100 + number, body={"kind": "call.intent", "attempt": 1}, leaf="0" * 64),)
    return Story(line=line, statement=statement or f"SELECT {number}", purpose=purpose, entries=entries)


@pytest.fixture
def kept(desk: Desk) -> Desk:
    calls = [story(number) for number in range(40)]
    calls[1] = story(1, statement=HOSTILE * 50, purpose=HOSTILE)
    desk.stories = {each.line.call: each for each in calls}
    line = SessionLine(
        session=SessionId("ses_00A1"),
        began_at=NOW,
        last_at=NOW + timedelta(minutes=5),
        person="dana",
        agent=HOSTILE,
        calls=40,
        refused=2,
        rows=1322,
    )
    desk.sessions_kept = {line.session: line}
    return desk


@EITHER_WAY
async def test_an_auditor_reads_a_session_page_by_page(slack: Slack, kept: Desk, door: Bot) -> None:
    answer = await slack.slash(ALICE, "session ses_00A1")
    assert answer is not None
    assert "Session ses_00A1" in answer.words
    assert "SELECT 0" in answer.words
    assert "20 rows · 3 masked" in answer.words
    seen = [answer.words]
    for _ in range(10):
        if "audit.next" not in str(answer.blocks):
            break
        before = answer.words
        assert await slack.click(ALICE, answer, "audit.next") is not None
        await slack.world.until(lambda old=before: answer.words != old, "the next page")  # type: ignore[misc]
        seen.append(answer.words)
    pages = "\n".join(seen)
    assert [n for n in range(40) if f"call_{n:04d}" not in pages] == []
    assert len(kept.looked_up) == len(seen) > 1
    assert max(kept.proven) <= 12  # of an Entry each: no page proves a whole session
    assert slack.pinged() == []
    assert "⟨U+202E⟩" in pages
    assert "\u202e" not in pages
    assert "more characters" not in pages
    assert "characters)" in pages


async def test_a_call_shows_its_words_and_its_entries(slack: Slack, kept: Desk, door: Bot) -> None:
    answer = await slack.slash(ALICE, "call call_0003")
    assert answer is not None
    assert "SELECT 3" in answer.words
    assert "#103 call.intent attempt 1" in answer.words
    assert kept.looked_up[0][1] == "call_0003"
    assert slack.pinged() == []


async def test_others_sessions_and_unknown_ones_look_the_same(slack: Slack, kept: Desk, door: Bot) -> None:
    hidden = await slack.slash(BOB, "session ses_00A1")
    missing = await slack.slash(BOB, "session ses_NONE")
    assert hidden is not None
    assert missing is not None
    assert hidden.words == missing.words
    own = await slack.slash(DANA, "session ses_00A1")
    assert own is not None
    assert "SELECT 0" in own.words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "help",
        "list x",
        "list 24h 2",
        "list 0h",
        "list 10000d",
        "person",
        "person @rita 2x",
        'person "',
        "user",
        "review",
        "review call_1",
        "pending now",
        "verify 1-2",
        "session",
        "session x",
        "session ses_1 2",
        "call ses_00A1",
        "drop table",
        "session ses_00A1; call x",
        "'" * 500,
    ],
)
async def test_what_is_not_in_the_grammar_gets_help_and_looks_nothing_up(
    slack: Slack, kept: Desk, door: Bot, text: str
) -> None:
    answer = await slack.slash(ALICE, text)
    assert answer is not None
    assert "/audit session <id>" in answer.words
    assert kept.looked_up == []


async def test_without_a_record_nothing_is_shown(slack: Slack, kept: Desk, door: Bot) -> None:
    kept.down = True
    slack.sockets.ack_seconds = 0.5
    assert await slack.slash(ALICE, "session ses_00A1") is None
    assert len(slack.world.user_errors) == 1


async def test_look_ups_are_bounded_per_person(slack: Slack, kept: Desk, door: Bot) -> None:
    for _ in range(30):
        await slack.slash(ALICE, "call call_0003")
    answer = await slack.slash(ALICE, "call call_0003")
    assert answer is not None
    assert "More than 30 look-ups a minute" in answer.words
    assert len(kept.looked_up) == 30
    other = await slack.slash(DANA, "call call_0003")
    assert other is not None
    assert "SELECT 3" in other.words


async def test_calls_are_found_by_words_and_terms_page_by_page(slack: Slack, kept: Desk, door: Bot) -> None:
    answer = await slack.slash(ALICE, 'find orders rule:"analysts read" rows:10 since:2026-11-01 outcome:delivered')
    assert answer is not None
    (wanted,) = kept.wanted
    assert (wanted.words, wanted.rule, wanted.rows, wanted.outcome) == (
        "orders",
        "analysts read",
        10,
        Outcome.DELIVERED,
    )
    assert wanted.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert "Looked back to" in answer.words
    before = answer.words
    assert await slack.click(ALICE, answer, "audit.older") is not None
    await slack.world.until(lambda: answer.words != before, "the older page")
    assert kept.wanted[1] == wanted
    pages = before + answer.words
    assert [n for n in range(40) if f"call_{n:04d}" not in pages] == []
    assert slack.pinged() == []


async def test_a_search_shows_hostile_shapes_as_they_are_and_others_calls_not_at_all(
    slack: Slack, kept: Desk, door: Bot
) -> None:
    kept.stories = {call: replace(one, line=replace(one.line, shape=HOSTILE)) for call, one in kept.stories.items()}
    answer = await slack.slash(ALICE, f"find {HOSTILE}")
    assert answer is not None
    assert slack.pinged() == []
    assert "\u202e" not in answer.words
    nothing = await slack.slash(BOB, "find orders")
    assert nothing is not None
    assert "Nothing found" in nothing.words
