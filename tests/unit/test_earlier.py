"""How long statements like it took: for who may decide on a Review, in its full view, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from core.errors import AuditBusy
from core.model import CallId
from slackbot.kit import words
from slackbot.views import cards, modals
from tests.line import DORA, line
from tests.slack.doubles import shown
from tests.unit.test_execution_reviews import DELETE, UPDATE, approved, asked


class Alike:
    """The Calls that are like any other."""

    def __init__(self, *calls: CallId) -> None:
        self.calls = calls

    async def similar(self, call: CallId) -> tuple[CallId, ...]:
        return tuple(one for one in self.calls if one != call)


class Busy:
    """An index that is being made."""

    async def similar(self, call: CallId) -> tuple[CallId, ...]:
        raise AuditBusy(call)


async def test_only_who_may_decide_is_told_what_calls_like_it_took() -> None:
    room = line()
    first = await approved(room, UPDATE)
    await room.sweep()
    waiting = await asked(room, DELETE)
    review = await room.store.reviews.review(waiting.call)
    assert review is not None
    room.desk._past = Alike(first.call, waiting.call)
    told = await room.desk.show(DORA, review.id)
    assert told is not None
    assert told.eligible
    assert told.earlier is not None
    assert len(told.earlier) == 1
    everybody = await room.desk.show(None, review.id)
    assert everybody is not None
    assert everybody.earlier is None
    room.desk._past = Busy()
    busy = await room.desk.show(DORA, review.id)
    assert busy is not None
    assert busy.earlier is None


def test_the_full_view_says_it_and_the_card_does_not() -> None:
    row = replace(shown(), eligible=True, earlier=(4711, 4711, 9))
    assert words.took(row) == "4,711 ms, in the middle of the last 3"
    assert words.took(replace(row, earlier=())) == "no earlier run"
    assert words.took(replace(row, earlier=None)) == "not known"
    assert "4,711 ms" in str(modals.full(row).view)
    assert "4,711" not in str(cards.card(row))
    assert "4,711" not in cards.notification(row)
