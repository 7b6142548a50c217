"""Clicks at any replica, sent twice, after a restart and past the end: what people do is done once, or not at all."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.model import EntryKind, State
from demo.slack import Slack
from slackbot.views import cards
from tests.slack.acting import EVE, ends, made, presses, sends, somebody, staffed
from tests.slack.test_votes import DORA

EITHER = pytest.mark.parametrize("transport", ["socket", "http"])
DECIDED = (EntryKind.VOTE, EntryKind.DECIDED)


@EITHER
async def test_of_many_at_any_replica_one_gives_a_grant_answers_alone_and_ends_what_was_given(
    slack: Slack, transport: str
) -> None:
    async with staffed(slack, transport, replicas=2) as on:
        row, _ = await on.asked()
        alone = sends(on, row, "answer alone", copies=5)
        await somebody(on, lambda user: asyncio.gather(alone(user), alone(user)), DORA.id, *DECIDED)
        assert on.room.alerts().count("breakglass.used") == 1
        await on.room.sweep()
        looks = sends(on, await on.row(row.id), "look at it", copies=5)
        await somebody(on, lambda user: asyncio.gather(looks(user), looks(user)), EVE.id, EntryKind.GLASS_CLOSED)
        row, _ = await on.asked()
        gives = sends(on, row, "grant", copies=5)
        many = lambda user: asyncio.gather(gives(user), gives(EVE.id))  # noqa: E731
        await somebody(on, many, DORA.id, *DECIDED, EntryKind.PERMIT_GIVEN)
        await on.room.sweep()
        assert len(on.room.source.committed) == 2
        ending = await ends(on, copies=5)
        await somebody(on, lambda user: asyncio.gather(ending(user), ending(EVE.id)), DORA.id, EntryKind.PERMIT_REVOKED)
        assert on.room.faults() == []


@EITHER
async def test_what_was_opened_before_a_restart_decides_after_it(slack: Slack, transport: str) -> None:
    async with staffed(slack, transport) as on:
        row, card = await on.asked()
        line = on.room
    slack.requests.urls.clear()  # that process is gone
    async with staffed(slack, transport, replicas=2, line=line) as on:
        await somebody(on, sends(on, row, "answer alone"), DORA.id, *DECIDED)
        await slack.world.until(lambda: card.button(cards.REVOKE) is not None, "the card, drawn by whose turn it is")
        stops = presses(on, card, cards.REVOKE, copies=3)
        await somebody(on, stops, DORA.id, EntryKind.REVOKED)
        await slack.world.until(lambda: "Revoked" in card.words, "the card, drawn again")


@EITHER
async def test_past_its_end_nothing_is_decided_granted_or_answered_alone(slack: Slack, transport: str) -> None:
    async with staffed(slack, transport, replicas=2) as on:
        row, card = await on.asked()
        acts = [presses(on, card, cards.APPROVE), *(sends(on, row, name) for name in ("grant", "deny", "answer alone"))]
        on.room.clock.advance(timedelta(minutes=15))
        for act in acts:
            await somebody(on, act, DORA.id)
        await on.room.sweep()
        assert (await on.row(row.id)).state is State.EXPIRED
        assert made(on).keys() == {EntryKind.BLOCK_SET}
        assert on.room.source.committed == []


@EITHER
async def test_of_a_click_and_the_end_of_its_time_one_comes_first(slack: Slack, transport: str) -> None:
    async with staffed(slack, transport, replicas=2) as on:
        for name in ("approve", "grant", "answer alone"):
            row, _ = await on.asked()
            on.room.clock.advance(row.expires_at - on.room.clock.now() - timedelta(microseconds=1))
            act = sends(on, row, name, copies=2)

            async def over() -> None:
                on.room.clock.advance(timedelta(microseconds=1))
                await on.room.sweep()

            await asyncio.gather(act(DORA.id), over())
            state = (await on.row(row.id)).state
            assert state in {State.EXPIRED, State.APPROVED, State.EXECUTED}
            assert bool(await on.room.store.reviews.votes(row.id)) is (state is not State.EXPIRED)
        assert on.room.faults() == []
