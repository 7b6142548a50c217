"""`/audit list | user | review | pending | verify`, and a session as a story: for whom, and each look on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.model import CallId, Outcome, SessionId
from core.ports import CallLine, Sealed, SessionLine, Story
from demo.slack import Slack
from demo.slack.world import Whisper
from slackbot import samples
from slackbot.bot import Bot
from slackbot.invented import Invented
from slackbot.kit import blocks
from slackbot.views import owed
from tests.slack.doubles import NOW, Desk, facts, question, review, shown
from tests.slack.flow import ALICE, BOB, DANA, MALLORY, posted

HOSTILE = "<!channel> ``` <@U0ALICE> \u202eevil"


def line(number: int, **changed: object) -> SessionLine:
    made = SessionLine(
        session=SessionId(f"ses_{number:04d}"),
        began_at=NOW - timedelta(minutes=number),
        last_at=NOW,
        person="dana",
        agent="Claude Code",
        calls=14,
        refused=2,
        rows=1_322,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def told() -> Story:
    """One write that two people decided and that ran."""
    bodies = (
        {"kind": "call.intent", "ts": 1, "verdict": {"action": "ask", "rules": ["prod-writes"]}},
        {"kind": "review.vote", "ts": 1_795_176_133_000, "decision": "approve", "seat": "dba", "person": "p1"},
        {"kind": "review.decided", "ts": 1_795_176_133_000, "decision": "approved"},
        {"kind": "call.outcome", "ts": 1_795_176_134_000, "outcome": "committed", "affected": 1_204, "dur_ms": 84},
    )
    return Story(
        line=CallLine(
            call=CallId("call_AAAA"),
            session=SessionId("ses_0000"),
            at=NOW,
            person="dana",
            agent="Claude Code",
            source="shop",
            tool="execute",
            verdict="ask",
            outcome=Outcome.COMMITTED,
            rows=None,
            masked=0,
            sequence=48_202,
        ),
        statement="DELETE FROM orders WHERE status = 'abandoned'",
        purpose="clean carts",
        entries=tuple(Sealed(sequence=48_202 + n, body=body, leaf="0" * 64) for n, body in enumerate(bodies)),  # type: ignore[arg-type]
        names={"p1": "alice@acme.example"},
    )


@pytest.fixture
def kept(desk: Desk) -> Desk:
    desk.sessions_kept = {each.session: each for each in map(line, range(45))}
    desk.stories = {CallId("call_AAAA"): told()}
    return desk


async def answered(slack: Slack, user: str, text: str) -> Whisper:
    """Type, and wait for what comes by the response URL."""
    before = len(slack.world.whispers)
    await slack.slash(user, text)
    await slack.world.until(lambda: len(slack.world.whispers) > before + (text == "verify"), f"an answer to {text}")
    return slack.world.whispers[-1]


async def turned(slack: Slack, user: str, answer: Whisper, action: str) -> Whisper:
    before = len(slack.world.whispers)
    assert await slack.click(user, answer, action) is not None
    await slack.world.until(lambda: len(slack.world.whispers) > before, "the next page")
    return slack.world.whispers[-1]


async def test_sessions_are_listed_page_by_page_until_the_time_asked(slack: Slack, kept: Desk, door: Bot) -> None:
    answer = await answered(slack, ALICE, "list")
    pages = [answer.words]
    while answer.button("audit.list"):
        answer = await turned(slack, ALICE, answer, "audit.list")
        pages.append(answer.words)
    assert [number for number in range(45) if f"ses_{number:04d}" not in "\n".join(pages)] == []
    assert [f"page {number}" in said for number, said in enumerate(pages, 1)] == [True] * 5
    hour = await answered(slack, ALICE, "list 1h")
    assert "ses_0000" in hour.words
    assert await answered(slack, BOB, "list") is not None
    assert "Nothing here" in slack.world.whispers[-1].words
    assert slack.world.rejected == []


async def test_a_list_ends_at_the_time_asked(slack: Slack, kept: Desk, door: Bot) -> None:
    kept.sessions_kept = {each.session: each for each in (line(1), line(2, began_at=NOW - timedelta(hours=3)))}
    answer = await answered(slack, ALICE, "list 2h")
    assert "ses_0001" in answer.words
    assert "ses_0002" not in answer.words


async def test_a_session_is_opened_from_the_list_and_reads_as_a_story(slack: Slack, kept: Desk, door: Bot) -> None:
    answer = await answered(slack, ALICE, "list")
    select = answer.button("audit.session")
    assert select is not None
    chosen = select | {"selected_option": {"value": "ses_0000"}}
    assert await slack.press(ALICE, answer, chosen) is not None
    await slack.world.until(lambda: "Session ses_0000" in answer.words, "the story")
    said = answer.words
    parts = (
        "Caller\ndana",
        "🔒 4 Entries proven in the signed Journal · #48202–#48205 · head abababababababab",
        "🙋 #48202",
        "rule prod-writes",
        "Agent says: clean carts",
        "DELETE FROM orders WHERE status = 'abandoned'",
        "#48203 12:02:13 🗳️ approve by alice@acme.example (dba)",
        "⚖️ approved",
        "▶️ committed · 1,204 changed · 84 ms",
    )
    assert [part for part in parts if part not in said] == []
    assert sorted(parts, key=said.index) == list(parts)  # told in the order it happened


async def test_a_session_whose_entries_are_not_as_signed_says_so(slack: Slack, kept: Desk, door: Bot) -> None:
    kept.astray = (48_203,)
    answer = await slack.slash(ALICE, "session ses_0000")
    assert answer is not None
    assert "⚠️ Not as signed: #48203" in answer.words
    assert "🔒" not in answer.words


async def test_where_slack_has_no_tables_a_list_comes_as_sections(slack: Slack, kept: Desk, door: Bot) -> None:
    slack.hooks.tables = False
    answer = await answered(slack, ALICE, "list")
    assert "ses_0000" in answer.words
    assert all(block["type"] != "table" for block in answer.blocks)
    assert door.tally["lookup.plain"] == 1
    slack.world.rejected.clear()  # refused on purpose


async def test_a_person_is_found_by_their_slack_name_or_any_other(slack: Slack, kept: Desk, door: Bot) -> None:
    mentioned = await slack.slash(ALICE, f"person <@{DANA}|dana> 48h")
    assert mentioned is not None
    assert "find" in kept.looked_up[-1][1]
    assert "acme:dana" in kept.looked_up[-1][1]
    assert kept.wanted[-1].since == NOW - timedelta(hours=48)
    await slack.slash(ALICE, "user dana@acme.example")
    assert "dana@acme.example" in kept.looked_up[-1][1]
    unknown = await slack.slash(ALICE, "person <@U0NOBODY>")
    assert unknown is not None
    assert "Nobody is linked" in unknown.words


async def test_a_review_is_told_to_who_may_see_it(slack: Slack, kept: Desk, door: Bot) -> None:
    row = shown()
    await posted(slack, kept, door, row)
    told_to = {user: await slack.slash(user, f"review {row.review.id}") for user in (ALICE, BOB, DANA)}
    for answer in told_to.values():
        assert answer is not None
        assert "DELETE FROM orders" in answer.words
        assert not any(block["type"] == "actions" for block in answer.blocks)
    auditor = told_to[ALICE]
    assert auditor is not None
    assert "approve by alice@acme.example" in auditor.words
    missing = await slack.slash(MALLORY, "review rev_NONE")
    assert missing is not None
    assert "no such Review" in missing.words
    assert [what for _, what in kept.looked_up] == [row.review.id] * 3 + ["rev_NONE"]


async def test_what_waits_is_listed_and_opened_in_full(slack: Slack, kept: Desk, door: Bot) -> None:
    nasty = shown(
        review=review("rev_NASTY"), question=question(statement=HOSTILE), facts=facts(agent=HOSTILE, things=(HOSTILE,))
    )
    await posted(slack, kept, door, nasty)
    answer = await slack.slash(BOB, "pending")
    assert answer is not None
    assert "1 waiting" in answer.words
    assert await slack.click(BOB, answer, "review.open") is not None
    await slack.world.until(lambda: slack.view(BOB) is not None, "the full view")
    assert kept.looked_up[-1][1] == "pending 1"
    assert slack.pinged() == []
    own = await slack.slash(DANA, "pending")
    assert own is not None
    assert "not yours to decide" in own.words


async def test_an_auditor_verifies_the_journal_and_nobody_else(slack: Slack, kept: Desk, door: Bot) -> None:
    answer = await answered(slack, ALICE, "verify")
    assert "🔒 Journal: ok" in answer.words
    assert "entries 12 · signed 12 · checkpoints 2" in answer.words
    before = len(kept.looked_up)
    refused = await answered(slack, BOB, "verify")
    assert "for auditors" in refused.words
    assert len(kept.looked_up) == before


async def test_who_is_nobody_here_is_told_how_to_be_linked_and_nothing_is_looked_up(
    slack: Slack, kept: Desk, door: Bot
) -> None:
    slack.member(replace(slack.world.members[BOB], id="U0NEW"))
    answer = await slack.slash("U0NEW", "link")
    assert answer is not None
    assert 'U0NEW = "directory:person id"' in answer.words
    assert kept.looked_up == []


@pytest.mark.parametrize("text", ["list", "verify"])
async def test_what_comes_later_is_not_shown_without_a_record_and_whoever_asked_is_told(
    slack: Slack, kept: Desk, door: Bot, text: str
) -> None:
    kept.down = True
    await slack.slash(ALICE, text)
    await slack.world.until(lambda: "could not be recorded" in slack.whispered(ALICE), "the word")
    assert "ses_" not in slack.whispered(ALICE)
    assert "🔒" not in slack.whispered(ALICE)


async def test_all_that_is_owed_is_listed_and_home_shows_the_same_each_with_its_button(
    slack: Slack, kept: Desk, door: Bot
) -> None:
    house = Invented()
    kept.ask(house.broken(overdue=True))
    kept.grants = [house.grant()]
    said = await slack.slash(ALICE, "pending")
    assert said is not None
    await slack.open_home(ALICE)
    await slack.world.until(lambda: ALICE in slack.world.homes, "the Home")
    for words in (said.words, slack.world.homes[ALICE].words):
        for part in ("OVERDUE", "Answered alone by bren@example.com", "3/20 used, 9/200 rows"):
            assert part in words
    assert kept.looked_up[0][1] == "pending 2"
    assert await slack.click(ALICE, said, "grant.revoke") is not None
    assert [name for _, name in kept.ended] == ["gr_EXAMPLE1"]
    await slack.world.until(lambda: "Revoked" in slack.whispered(ALICE), "what became of it")
    assert await slack.click(ALICE, said, "glass.look") is not None
    await slack.world.until(lambda: slack.view(ALICE) is not None, "what somebody saw")
    assert not door.tally["unmatched.action"]


def test_however_much_is_owed_the_answer_fits_and_says_how_much_more() -> None:
    many = owed.message(samples.debts(Invented(words=HOSTILE * 90)))
    assert blocks.message(many.text, many.blocks) == ()
    said = str(many.blocks)
    assert [f"{name}0" in said for name in "wkl"] == [True] * 3
    assert said.count(" more") >= 3
