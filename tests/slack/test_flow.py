"""From a question to a decided card, by the real Bolt app over Socket Mode."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from weakref import WeakValueDictionary

import aiohttp

from core.model import Decision, ReviewId, Seat, State
from core.ports import Said, TicketKind
from demo.slack import Slack
from demo.slack.platform import CHANNEL
from demo.slack.world import Channel, Posted, Trouble
from slackbot.bot import Bot
from slackbot.redraw import TURN
from tests.slack.doubles import DIGEST, Desk, facts, question, review, shown
from tests.slack.flow import ALICE, BOB, DANA, EITHER_WAY, opened, posted, settled, unacknowledged, workspace

WRONG: dict[str, dict[str, object]] = {"kind": {"type": "static_select", "selected_option": {"value": "scope"}}}


@EITHER_WAY
async def test_one_click_approves_the_exact_question_and_the_card_says_so(slack: Slack, desk: Desk, door: Bot) -> None:
    row = shown()
    card = await posted(slack, desk, door, row)
    assert "DELETE 1,204 rows" in card.words
    assert "DELETE FROM orders\nWHERE status = 'abandoned'" in card.words
    assert await slack.click(ALICE, card, "review.approve") is not None
    await slack.world.until(lambda: "Approved" in card.words, "the redraw")
    ((who, ballot, _),) = desk.ballots
    assert (str(who.person), who.via) == ("acme:alice", "slack:T0ASSENT1:U0ALICE")
    assert (ballot.review, ballot.digest, ballot.decision) == ("rev_7Q2K9", DIGEST, Decision.APPROVE)
    assert card.button("review.approve") is None
    assert slack.count("chat.postMessage") == 1
    assert slack.world.user_errors == []


async def test_the_card_follows_the_run_to_its_end(slack: Slack, desk: Desk, door: Bot) -> None:
    row = shown()
    card = await posted(slack, desk, door, row)
    await slack.click(ALICE, card, "review.approve")
    desk.moved(row.review.id, State.EXECUTING)
    desk.moved(row.review.id, State.EXECUTED, outcome={"affected": 1204, "dur_ms": 84, "outcome": "committed"})
    door.nudge()
    await slack.world.until(lambda: "Executed" in card.words, "the end")
    assert "1,204 rows changed in all · 84 ms" in card.words
    await settled(slack, desk, row)


@EITHER_WAY
async def test_a_denial_asks_why_and_its_reason_reaches_the_desk(slack: Slack, desk: Desk, door: Bot) -> None:
    row = shown()
    card = await posted(slack, desk, door, row)
    await slack.click(BOB, card, "review.deny")
    await slack.world.until(lambda: slack.view(BOB) is not None, "the modal")
    view = slack.view(BOB)
    assert view is not None
    note: dict[str, object] = {"type": "plain_text_input", "value": "only rows older\nthan a year <!here>"}
    await slack.submit(BOB, view, {**WRONG, "note": note})
    ((_, ballot, _),) = desk.ballots
    assert ballot.decision is Decision.DENY
    assert ballot.reason == "Too broad: narrow it. only rows older than a year <!here>"
    await slack.world.until(lambda: "Denied" in card.words, "the redraw")
    assert "only rows older than a year" in card.words
    assert slack.pinged() == []
    assert slack.view(BOB) is None


async def test_a_click_is_acknowledged_though_slack_is_slow(slack: Slack, desk: Desk, door: Bot) -> None:
    held = asyncio.Event()
    slack.fail("views.open", Trouble(held=held))
    card = await posted(slack, desk, door, shown())
    assert await slack.click(BOB, card, "review.deny") is not None
    assert slack.view(BOB) is None
    held.set()
    await slack.world.until(lambda: slack.view(BOB) is not None, "the modal")


async def test_a_denial_without_a_reason_is_not_sent(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    await slack.click(BOB, card, "review.deny")
    await slack.world.until(lambda: slack.view(BOB) is not None, "the modal")
    view = slack.view(BOB)
    assert view is not None
    await slack.submit(BOB, view, {"kind": {"type": "static_select", "selected_option": None}})
    assert view.errors.keys() == {"kind"}
    assert desk.ballots == []


async def test_a_duplicate_envelope_is_one_vote(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    await slack.click(ALICE, card, "review.approve", copies=3)
    await slack.world.until(lambda: sum(map(len, slack.sockets.acks.values())) == 3, "three acknowledgements")
    assert sorted(said for _, _, said in desk.ballots) == ["approved", "repeat", "repeat"]
    assert len(desk.rows[review().id].votes) == 1


async def test_ten_clicks_at_once_are_one_decision_and_one_look_at_slack_per_person(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    card = await posted(slack, desk, door, shown())
    clicks = [slack.click(user, card, "review.approve") for user in (ALICE, BOB) * 5]
    acks = await asyncio.gather(*clicks)
    assert None not in acks
    assert [said for _, _, said in desk.ballots].count(Said.APPROVED) == 1
    assert slack.count("users.info") == 2
    assert slack.count("auth.test") == 1
    await slack.world.until(lambda: "Approved" in card.words, "the redraw")


@EITHER_WAY
async def test_with_a_quorum_of_two_the_second_reviewer_clicks_an_older_card(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    row = shown(review=review(seats=(Seat(group="dba", count=2),)))
    card = await posted(slack, desk, door, row)
    stale = replace(card)
    await slack.click(ALICE, card, "review.approve")
    await slack.world.until(lambda: "voted: alice" in card.words, "the first Vote")
    assert await slack.click(BOB, stale, "review.approve") is not None
    assert [said for _, _, said in desk.ballots] == ["counted", "approved"]


@EITHER_WAY
async def test_a_stale_digest_decides_nothing(slack: Slack, desk: Desk, door: Bot) -> None:
    row = shown()
    card = await posted(slack, desk, door, row)
    button = slack.visible(ALICE, card, "review.approve")
    value = str(button["value"]).replace(DIGEST, "f" * 64)
    await slack.press(ALICE, card, button | {"value": value})
    assert [said for _, _, said in desk.ballots] == ["mismatch"]
    await slack.world.until(lambda: "not what is asked now" in slack.whispered(ALICE), "the whisper")
    assert desk.rows[row.review.id].review.state is State.PENDING


@EITHER_WAY
async def test_decided_elsewhere_the_click_says_closed_and_redraws(slack: Slack, desk: Desk, door: Bot) -> None:
    row = shown()
    card = await posted(slack, desk, door, row)
    old = replace(card)
    desk.moved(row.review.id, State.CANCELLED)
    await slack.click(ALICE, old, "review.approve")
    await slack.world.until(lambda: "Cancelled" in card.words, "the redraw")
    await slack.world.until(lambda: "decided before your click" in slack.whispered(ALICE), "the whisper")


@EITHER_WAY
async def test_the_requester_may_not_approve_and_is_told_alone(slack: Slack, desk: Desk, door: Bot) -> None:
    row = shown()
    card = await posted(slack, desk, door, row)
    await slack.click(DANA, card, "review.approve")
    await slack.world.until(lambda: "your own request" in slack.whispered(DANA), "the whisper")
    assert desk.rows[row.review.id].review.state is State.PENDING
    await slack.click(DANA, card, "review.deny")
    await slack.world.until(lambda: "cannot decide this" in slack.whispered(DANA), "the second whisper")
    assert slack.view(DANA) is None


@EITHER_WAY
async def test_a_store_that_fails_leaves_the_click_unacknowledged_and_it_may_be_repeated(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    card = await posted(slack, desk, door, shown())
    desk.down = True
    assert await unacknowledged(slack, ALICE, card, "review.approve")
    assert slack.world.user_errors == ["U0ALICE: This app did not respond. Try again."]
    desk.down = False
    assert await slack.click(ALICE, card, "review.approve") is not None
    assert [said for _, _, said in desk.ballots] == ["approved"]


async def test_a_long_statement_is_approved_only_where_all_of_it_is_shown(slack: Slack, desk: Desk, door: Bot) -> None:
    long = "SELECT 1;" + "\n" * 60 + "DELETE FROM orders -- " + "x" * 5000 + " THE END"
    card = await posted(slack, desk, door, shown(question=question(statement=long)))
    assert card.button("review.approve") is None
    assert "characters are not shown here" in card.words
    await slack.click(ALICE, card, "review.open")
    await slack.world.until(lambda: slack.view(ALICE) is not None, "the full view")
    view = slack.view(ALICE)
    assert view is not None
    assert "THE END" in view.words
    assert "".join(text for text in pieces_of(view.payload)) == long
    await slack.submit(ALICE, view, {"cap": {"type": "number_input", "value": "100"}})
    ((_, ballot, said),) = desk.ballots
    assert (said, ballot.affected_rows) == ("approved", 100)


def pieces_of(view: dict[str, object]) -> list[str]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    rich = [block for block in blocks if block["type"] == "rich_text"]
    return [block["elements"][0]["elements"][0]["text"] for block in rich]


async def test_a_cap_can_only_be_lowered(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown(facts=facts(risk="high")))
    await slack.click(ALICE, card, "review.open")
    await slack.world.until(lambda: slack.view(ALICE) is not None, "the full view")
    view = slack.view(ALICE)
    assert view is not None
    for wrong in ("5001", "-1", "1e3", "٣"):
        await slack.submit(ALICE, view, {"cap": {"type": "number_input", "value": wrong}})
        assert view.errors.keys() == {"cap"}
    assert desk.ballots == []


async def test_grave_questions_carry_no_approve_on_the_card_and_a_forged_button_gets_nothing(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    card = await posted(slack, desk, door, shown(facts=facts(verbs=("define",), risk="medium")))
    assert card.button("review.approve") is None
    button = slack.visible(ALICE, card, "review.open") | {"action_id": "review.approve"}
    await slack.press(ALICE, card, button)
    await slack.world.until(lambda: "full view only" in slack.whispered(ALICE), "the whisper")
    assert desk.ballots == []


@EITHER_WAY
async def test_an_unknown_button_is_acknowledged_as_out_of_date(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    button = slack.visible(ALICE, card, "review.approve") | {"action_id": "review.gone"}
    assert await slack.press(ALICE, card, button) is not None
    await slack.world.until(lambda: "out of date" in slack.whispered(ALICE), "the whisper")
    assert desk.ballots == []


async def test_clicks_arrive_over_fresh_connections_after_slack_refreshes_them(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    card = await posted(slack, desk, door, shown())
    before = slack.sockets.opened
    await slack.sockets.refresh()
    await slack.world.until(lambda: slack.sockets.opened == before + 2 and len(slack.sockets.open) == 2, "reconnection")
    assert await slack.click(ALICE, card, "review.approve") is not None
    assert [said for _, _, said in desk.ballots] == ["approved"]


async def test_a_connection_of_somebody_else_is_an_alert_at_the_next_hello(slack: Slack, desk: Desk, door: Bot) -> None:
    await slack.sockets.refresh()
    await slack.world.until(lambda: slack.sockets.opened == 4 and len(slack.sockets.open) == 2, "reconnection")
    async with aiohttp.ClientSession() as http, http.ws_connect(slack.sockets.ticket()):
        await slack.world.until(lambda: len(slack.sockets.open) == 3, "the foreign one")
        assert door.tally["alert.slack.foreign_socket"] == 0
        await slack.sockets.refresh()
        await slack.world.until(lambda: door.tally["alert.slack.foreign_socket"] > 0, "the alert")
    assert [entry.body["alert"] for entry in desk.entries_written] == ["slack.foreign_socket"]


async def test_connections_of_every_replica_are_our_own(slack: Slack, desk: Desk, door: Bot) -> None:
    async with opened(workspace(slack), desk) as other:
        await slack.sockets.refresh()
        await slack.world.until(lambda: slack.sockets.opened == 8 and len(slack.sockets.open) == 4, "reconnection")
        desk.clock.advance(timedelta(minutes=1))
        await slack.sockets.refresh()
        await slack.world.until(lambda: slack.sockets.opened == 12 and len(slack.sockets.open) == 4, "reconnection")
        assert {each.tally["alert.slack.foreign_socket"] for each in (door, other)} == {0}


async def test_connections_cut_without_a_word_come_back(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    before = slack.sockets.opened
    slack.sockets.cut()
    await slack.world.until(lambda: slack.sockets.opened >= before + 2 and len(slack.sockets.open) == 2, "new ones")
    assert await slack.click(ALICE, card, "review.approve") is not None


async def test_a_connection_that_fails_with_its_ticket_spent_asks_for_another(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    card = await posted(slack, desk, door, shown())
    before = slack.sockets.opened
    slack.sockets.refuse = 2
    await slack.sockets.refresh()
    await slack.world.until(lambda: slack.sockets.opened >= before + 2 and len(slack.sockets.open) == 2, "new ones")
    assert await slack.click(ALICE, card, "review.approve") is not None


async def test_a_rate_limit_delays_the_card_but_loses_nothing(slack: Slack, desk: Desk, door: Bot) -> None:
    slack.fail("chat.postMessage", Trouble(status=429, error="ratelimited", retry_after=0))
    await posted(slack, desk, door, shown())
    assert slack.count("chat.postMessage") == 2
    assert door.tally["redraw.limited"] == 1


async def test_blocks_that_slack_refuses_are_sent_once_more_plainly_and_without_approve(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    slack.fail("chat.postMessage", Trouble(error="invalid_blocks"))
    card = await posted(slack, desk, door, shown())
    assert card.button("review.approve") is None
    assert card.button("review.open") is not None


async def test_a_card_that_was_posted_but_not_recorded_is_not_posted_again(slack: Slack, desk: Desk, door: Bot) -> None:
    desk.down = True
    row = desk.ask(shown())
    door.nudge()
    await slack.world.until(lambda: bool(slack.world.messages), "the card")
    await slack.world.until(lambda: desk.refused > 0, "the failed record")
    door.nudge()
    await slack.world.until(lambda: desk.refused > 1, "the next failed record")
    desk.down = False
    door.nudge()
    await settled(slack, desk, row)
    assert slack.count("chat.postMessage") == 1


async def test_a_card_posted_unrecorded_is_redrawn_although_it_was_decided_meanwhile(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    desk.down = True
    row = desk.ask(shown())
    door.nudge()
    await slack.world.until(lambda: desk.refused > 0, "the failed record")
    desk.moved(row.review.id, State.DENIED, note="no")
    desk.down = False
    door.nudge()
    await slack.world.until(lambda: "Denied" in slack.message().words, "the redraw")
    assert slack.count("chat.postMessage") == 1


async def test_what_was_decided_before_it_had_a_card_gets_none(slack: Slack, desk: Desk, door: Bot) -> None:
    desk.ask(shown(state=State.DENIED, review=review("rev_0LD", state=State.DENIED)))
    await posted(slack, desk, door, shown())
    assert slack.count("chat.postMessage") == 1


async def test_only_one_card_in_the_configured_channel(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    assert card.channel == CHANNEL
    for _ in range(3):
        await door.screen.round()
        await door.screen.draw(desk.rows[review().id].review)
    assert slack.count("chat.postMessage") == 1
    assert slack.count("chat.update") == 0


async def test_a_channel_of_a_rule_that_others_can_see_gets_no_card_but_an_alert(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    slack.world.channels["C0SHARED"] = Channel(id="C0SHARED", name="shared", shared=True)
    desk.ask(shown(review=review("rev_SHARED", channel="C0SHARED")))
    await posted(slack, desk, door, shown())
    assert [card.channel for card in slack.world.messages] == [CHANNEL]
    assert [entry.body["alert"] for entry in desk.entries_written] == ["slack.channel"]
    assert door.tally["redraw.refused"] == 1


async def test_a_channel_is_looked_at_again_after_an_hour(slack: Slack, desk: Desk, door: Bot) -> None:
    await posted(slack, desk, door, shown())
    slack.world.channels[CHANNEL].shared = True
    await posted(slack, desk, door, shown(review=review("rev_2")))
    now = door.screen.audience.now()
    door.screen.audience.now = lambda: now + 3601.0
    desk.ask(shown(review=review("rev_3")))
    door.nudge()
    await slack.world.until(lambda: bool(desk.entries_written), "the alert")
    assert slack.count("chat.postMessage") == 2


async def test_bolt_leaves_the_levels_of_our_loggers_alone(slack: Slack, desk: Desk, door: Bot) -> None:
    logging.getLogger("assent").setLevel(logging.NOTSET)
    message = await posted(slack, desk, door, shown())
    await slack.click(ALICE, message, "review.approve")
    assert logging.getLogger("assent").level == logging.NOTSET


async def test_a_card_whose_words_were_erased_shows_none_of_them(slack: Slack, desk: Desk, door: Bot) -> None:
    row, other = shown(), shown(review=review(id=ReviewId("rev_other")))
    card = await posted(slack, desk, door, row)
    await posted(slack, desk, door, other)
    await slack.click(ALICE, card, "review.approve")
    await slack.world.until(lambda: "Approved" in card.words, "the redraw")
    desk.moved(row.review.id, State.EXECUTING)
    desk.moved(row.review.id, State.EXECUTED)
    desk.erased.add(row.review.id)
    desk.moved(row.review.id, State.EXECUTED)
    door.nudge()
    await slack.world.until(lambda: "erased" in card.words, "the words off the screen")
    assert row.review.id in card.words
    for word in ("orders", "abandoned", "1,204", row.facts.purpose or "none"):
        assert word not in card.words
    assert card.button("review.open") is None
    await settled(slack, desk, row)
    assert slack.world.user_errors == []


async def test_what_another_replica_is_drawing_is_left_to_it_until_its_turn_is_over(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    row = desk.ask(shown())
    assert await desk.turns.put(TicketKind.CARD, row.review.id, "", desk.clock.now() + TURN)
    await door.screen.round()
    assert slack.count("chat.postMessage") == 0  # a second card would stand beside the other's
    desk.clock.advance(TURN)  # it died
    await door.screen.round()
    assert slack.count("chat.postMessage") == 1
    card = slack.message()
    desk.moved(row.review.id, State.DENIED)
    assert await desk.turns.put(TicketKind.CARD, row.review.id, "", desk.clock.now() + TURN)
    await door.screen.clicked(row.review.id, channel=card.channel, ts=card.ts, url=slack.hooks.make(ALICE, *at(card)))
    assert "Denied" not in card.words
    assert await desk.turns.take(TicketKind.CARD, row.review.id) is not None
    await door.screen.round()
    assert "Denied" in card.words


async def test_two_replicas_post_one_card(slack: Slack, desk: Desk, door: Bot) -> None:
    made = replace(door.screen, _unrecorded={}, _quiet={}, _locks=WeakValueDictionary())  # another process's
    for number in range(5):
        desk.ask(shown(review=review(f"rev_{number}")))
        await asyncio.gather(door.screen.round(), made.round())
    await slack.world.until(lambda: len(desk.places) == 5, "all cards")
    assert slack.count("chat.postMessage") == 5


def at(card: Posted) -> tuple[str, str, None]:
    return card.channel, card.ts, None
