"""What people's acts came to: what was taken back, answered alone, decided late, reminded of, and shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from core.entitled import FOLLOW, mark
from core.model import CallId, EntryKind, Review, State
from core.ports import Sealed
from tests.torture.places import Opened, log
from tests.torture.plans import Asked
from tests.torture.screens import drawn

MILLISECOND = 1000


@dataclass
class Acts:
    """What the log says that people did to one Review."""

    kinds: Counter[str] = field(default_factory=Counter)
    votes: list[datetime] = field(default_factory=list)
    decided: datetime | None = None
    expired: datetime | None = None

    def take(self, entry: Sealed) -> None:
        """Take one Entry of a Review, or an alert that names it."""
        body, at = entry.body, datetime.fromtimestamp(int(str(entry.body["ts"])) / MILLISECOND, UTC)
        kind = f"{body['kind']} {body.get('alert', '')}".strip() + (" glass" if body.get("glass") else "")
        self.kinds[kind] += 1
        if body["kind"] == EntryKind.VOTE:
            self.votes.append(at)
        if body["kind"] == EntryKind.DECIDED:
            self.decided = at
        if body["kind"] == EntryKind.REVIEW_EXPIRED:
            self.expired = at


async def acted(store: Opened) -> Mapping[str, Acts]:
    """Read what was done to each Review."""
    found: dict[str, Acts] = defaultdict(Acts)
    async for entry in log(store):
        if "review" in entry.body:
            found[str(entry.body["review"])].take(entry)
    return found


async def people(store: Opened, calls: Sequence[Asked], told: Mapping[str, Sequence[str]]) -> list[str]:
    """Return all that is wrong with what people did, a sentence each; `told`: word -> the Calls it was said of."""
    acts, found = await acted(store), list[str]()
    for call in calls:
        row = await store.reviews.review(call.id)
        if row is not None:
            found += [f"{call.id}: {what}" for what in in_time(row, acts[row.id])]
            found += [f"{call.id}: {what}" for what in await alone(store, row, acts[row.id], told)]
    return found + await revoked(store, told.get("revoked", ()))


def in_time(row: Review, acts: Acts) -> Iterator[str]:
    """Hold Votes and the decision against the Review's clocks, all by the store's own."""
    early = [at for at in acts.votes if at < mark(row, FOLLOW)] if row.seats[0].group == "late" else []
    yield from (f"a vote at {at}, before its group may" for at in early)
    if acts.decided is not None and acts.decided >= row.expires_at:
        yield f"decided at {acts.decided}, past its end"
    if acts.expired is not None and acts.expired < row.expires_at.replace(microsecond=0):
        yield f"expired at {acts.expired}, before its end"


async def alone(store: Opened, row: Review, acts: Acts, told: Mapping[str, Sequence[str]]) -> list[str]:
    """Hold an answer given alone against its alerts, its row, and what was said of it."""
    broken = await store.breaks.broken(row.id)
    glass, kinds = acts.kinds["review.vote glass"], acts.kinds
    found = [f"answered alone {glass} times"] if glass > 1 else []
    found += (
        [f"told to be answered alone, and is not: {row.call}"]
        if row.call in told.get("alone", ()) and not glass
        else []
    )
    found += (
        [f"told to be looked at, and is not: {row.call}"]
        if (row.call in told.get("looked", ()) and not kinds["breakglass.closed"])
        else []
    )
    if (broken is None) is bool(glass) or kinds["alert.raised breakglass.used"] != glass:
        found.append(f"{glass} answers alone, {kinds} and {broken}")
    if broken is not None:
        said = (kinds["breakglass.closed"], kinds["alert.raised breakglass.unclosed"])
        found += [] if said[0] == broken.closed and said[1] == broken.told else [f"{said} and {broken}"]
    return found


async def revoked(store: Opened, calls: Sequence[str]) -> list[str]:
    """Say what was told to be taken back and was not."""
    found = []
    for call in calls:
        row = await store.reviews.review(CallId(call))
        if row is None or row.state is not State.REVOKED:
            found.append(f"{call} was told to be revoked: {row and row.state.value}")
    return found


async def shown(store: Opened, calls: Sequence[Asked], wall: Path) -> list[str]:
    """Say what cards do not show, who was reminded twice, and what nobody was shown that was answered alone."""
    lines = list(drawn(wall))
    screen = {line["ts"]: line["version"] for line in lines if "ts" in line}
    told = Counter((line["user"], line["review"]) for line in lines if "user" in line)
    found = [f"{user} was reminded of {review} {times} times" for (user, review), times in told.items() if times > 1]
    for call in calls:
        row = await store.reviews.review(call.id)
        cards = [] if row is None else await store.reviews.cards(row.id)
        channels = Counter(card.channel for card in cards)
        found += [f"{call.id} has {times} cards in {name}" for name, times in channels.items() if times > 1]
        stands = row is not None and all(row.version == card.shown == int(screen[card.ts]) for card in cards)
        found += [] if stands or not cards else [f"{call.id} is at {row and row.version}: {cards}, {screen}"]
    return found
