"""Reminders: who alone keeps a Review waiting is told so once, by day, and nobody else is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import pytest

from core.errors import AuditUnavailable
from core.model import State
from core.ports import SlackLink
from demo.slack import Slack
from demo.slack.world import TEAM, Member
from slackbot.home.reminders import Reminders
from slackbot.links import Listed, Signed
from slackbot.people import People
from slackbot.transport.web import SlackRefused
from slackbot.views.cards import Message
from tests.doubles import ManualClock, MemoryJournal, MemoryLinks, MemoryTickets
from tests.slack.doubles import NOW, Desk, review, shown
from tests.slack.flow import ALICE, BOB, LINKED, opened, person, workspace

RITA, OTTO, SAM, GUEST = "U0RITA", "U0OTTO", "U0SAM", "U0GUEST"
PEOPLE: Final = {RITA: "acme:rita", OTTO: "acme:otto", SAM: "acme:sam", GUEST: "acme:gus"}
FIVE: Final = timedelta(minutes=5)  # a third of a Review's quarter of an hour


@dataclass
class Writing:
    """What was written to whom; it may be told to refuse."""

    told: list[tuple[str, Message]] = field(default_factory=list)
    refuses: bool = False

    async def direct(self, user: str, message: Message) -> None:
        if self.refuses:
            raise SlackRefused("chat.postMessage", "cannot_dm_bot")
        self.told.append((user, message))

    @property
    def users(self) -> list[str]:
        return [user for user, _ in self.told]


@dataclass
class Users:
    """Slack's word about users."""

    ahead: int = 0

    async def user(self, user: str) -> Mapping[str, object]:
        return Member(id=user, name=user).shown() | {"is_restricted": user == GUEST, "tz_offset": self.ahead}


class World:
    """A desk where Rita, Otto and a guest may vote, and Sam may not."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        dbas = frozenset({person("rita"), person("otto"), person("gus")})
        self.desk = Desk(groups={"dba": dbas}, clock=self.clock)
        self.tickets, self.writing, self.slack = MemoryTickets(self.clock), Writing(), Users()
        self.links = MemoryLinks(MemoryJournal(self.clock))

    def reminders(self) -> Reminders:
        """One replica's."""
        signed, tally = Signed(Listed(PEOPLE), self.links, self.clock), Counter[str]()
        people = People(users=self.slack, links=signed, teams=frozenset({TEAM}), now=lambda: 0.0)
        return Reminders(
            web=self.writing, people=people, desk=self.desk, tickets=self.tickets, clock=self.clock, team=TEAM,
            users=signed.users, tally=tally,
        )  # fmt: skip


@pytest.fixture
def world() -> World:
    world = World()
    world.desk.ask(shown())
    return world


async def test_who_may_vote_is_told_at_a_third_of_the_time_and_not_before(world: World) -> None:
    world.clock.advance(FIVE - timedelta(seconds=1))
    await world.reminders().round()
    assert world.writing.users == []
    world.clock.advance(timedelta(seconds=1))
    await world.reminders().round()
    assert world.writing.users == [OTTO, RITA]


async def test_each_is_told_once_by_whichever_replica_and_after_a_start(world: World) -> None:
    world.clock.advance(FIVE)
    one = world.reminders()
    await one.round()
    await one.round()
    await world.reminders().round()
    assert Counter(world.writing.users) == {OTTO: 1, RITA: 1}


async def test_what_slack_refused_is_not_tried_again_and_keeps_nobody_else_waiting(world: World) -> None:
    world.clock.advance(FIVE)
    world.writing.refuses = True
    one = world.reminders()
    await one.round()
    assert one.tally["reminder.failed"] == 2
    world.writing.refuses = False
    await one.round()
    assert world.writing.users == []


@pytest.mark.parametrize("error", [AuditUnavailable("the store is away"), RuntimeError("a fault of ours")])
async def test_who_cannot_be_looked_at_keeps_nobody_else_waiting_and_is_named_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    world.clock.advance(FIVE)
    world.desk.unseen[person("otto")] = error
    one = world.reminders()
    await one.round()
    assert world.writing.users == [RITA]
    assert [record.message for record in caplog.records if OTTO in record.message] != []
    world.desk.unseen.clear()
    await one.round()
    assert world.writing.users == [RITA, OTTO]


@pytest.mark.parametrize("state", [State.APPROVED, State.DENIED, State.EXPIRED, State.CANCELLED])
async def test_nobody_is_told_of_what_is_decided(world: World, state: State) -> None:
    world.clock.advance(FIVE)
    world.desk.moved(review().id, state)
    await world.reminders().round()
    assert world.writing.users == []


async def test_nobody_is_told_of_what_is_over(world: World) -> None:
    world.clock.advance(timedelta(minutes=15))
    await world.reminders().round()
    assert world.writing.users == []


async def test_a_group_that_may_vote_later_is_told_then(world: World) -> None:
    world.clock.advance(FIVE)
    await world.reminders().round()
    assert world.writing.users == [OTTO, RITA]
    world.clock.advance(FIVE)
    world.desk.groups = {"dba": frozenset({person("rita"), person("otto"), person("sam")})}
    await world.reminders().round()
    assert world.writing.users == [OTTO, RITA, SAM]


@pytest.mark.parametrize(("ahead", "told"), [(0, True), (-5 * 3600, False), (9 * 3600, False), (-4 * 3600, True)])
async def test_at_night_by_their_own_clock_nobody_is_told(world: World, ahead: int, *, told: bool) -> None:
    world.slack.ahead = ahead
    world.clock.advance(FIVE)
    assert world.clock.now().hour == 12
    await world.reminders().round()
    assert (world.writing.users == [OTTO, RITA]) is told


async def test_an_account_that_its_person_linked_is_told_too(world: World) -> None:
    world.desk.groups = {"dba": frozenset({person("lena")})}
    made = SlackLink(team=TEAM, user="U0LENA", person=person("lena"), email="", at=NOW - timedelta(hours=2))
    world.links._journal.tables.links[TEAM, "U0LENA"] = made
    world.clock.advance(FIVE)
    await world.reminders().round()
    assert world.writing.users == ["U0LENA"]


async def test_a_reminder_has_no_statement_no_number_no_button_and_pings_nobody(world: World) -> None:
    hostile = "<!channel> <@U0RITA> *approve* `rm` \u202e"
    asked = shown()
    caller = replace(asked.question.caller, email=hostile, subject=hostile)
    facts = replace(asked.facts, agent=hostile, things=(hostile,), counted=4711)
    question = replace(asked.question, caller=caller, statement="DELETE FROM secret_words")
    world.desk.ask(replace(asked, facts=facts, question=question))
    world.clock.advance(FIVE)
    await world.reminders().round()
    for _, message in world.writing.told:
        words = json.dumps(message.blocks, ensure_ascii=False)
        assert [block["text"]["type"] for block in message.blocks] == ["plain_text"]  # type: ignore[index]
        assert not any(word in words for word in ("secret_words", "4711", "4,711", "action_id", "\u202e"))
        assert "<!" not in message.text


async def test_the_door_writes_to_each_in_their_own_conversation(slack: Slack, desk: Desk) -> None:
    desk.ask(shown())
    desk.clock.at = NOW + FIVE
    links = Listed(LINKED)

    async def users(_team: str) -> frozenset[str]:
        return links.users

    async with opened(workspace(slack), desk, links, users=users):
        rooms = {f"D{user[1:]}" for user in (ALICE, BOB)}
        await slack.world.until(lambda: {each.channel for each in slack.world.messages} >= rooms, "both reminders")
    told = [each for each in slack.world.messages if each.channel.startswith("D")]
    assert {each.channel for each in told} == rooms
    assert all("waits for you" in each.words for each in told)
