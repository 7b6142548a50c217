"""Group commit over the network: whatever waits when the last batch is done goes as one statement, without a timer.

Who waited for one batch is told while the next is on its way, so that the server and this process work at once.

The sequencer's row is locked for that statement and its flush, so the next batch, of whatever replica, takes its
numbers when this one's are visible: a reader never sees a gap.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, LiteralString, TypeAlias, final

from core.errors import AuditBusy, AuditUnavailable, SlotTaken
from core.ports import Committed
from core.stores.postgres.draft import Draft, Said, Seen, Slot, answers, arguments
from core.stores.postgres.links import Declined, Gone, Link, Links, again, alike, named, translated
from core.stores.postgres.lost import Resolver

APPEND: Final[LiteralString] = (
    "SELECT first, at_us, lost, taken, blocked, superseded FROM append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
)
QUEUE: Final = 4096
BATCH: Final = 256  # Entries
MANY: Final = 16  # Entries that go as one whatever else waits

Told: TypeAlias = tuple[asyncio.Future[Committed], Said | AuditBusy | AuditUnavailable]


async def append(link: Link, drafts: Sequence[Draft], seen: Seen | None) -> list[Said]:
    """Append drafts by the one function that moves the sequencer, to a log that holds what this process has seen.

    Raises: Gone, AuditBusy, AuditUnavailable, also when it is an older copy of that log.
    """
    reply = await translated(lambda: link.fetchrow(APPEND, *arguments(drafts, seen)))
    if reply is None:
        raise AuditUnavailable("the store answered nothing")
    return answers(drafts, tuple(reply))


@dataclass(frozen=True, slots=True)
class _Waiting:
    draft: Draft
    future: asyncio.Future[Committed]


@final
class Appender:
    """The units of Entries alone of one process, sent in batches, one at a time."""

    def __init__(self, links: Links, resolver: Resolver) -> None:
        self._links = links
        self._resolver = resolver
        self._queue: deque[_Waiting] = deque()
        self._sending: asyncio.Task[None] | None = None

    async def put(self, draft: Draft) -> Committed:
        """Append one unit and return when it is durable; a cancelled waiter does not undo it.

        Raises: Lost, SlotTaken, AuditBusy when the queue is full, AuditUnavailable.
        """
        if len(self._queue) >= QUEUE:
            raise AuditBusy("the log's queue is full")
        waiting = _Waiting(draft, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._serve())
        return await waiting.future

    async def drain(self) -> None:
        """Return when nothing waits any more."""
        if self._sending is not None:
            await asyncio.wait({self._sending})

    async def _serve(self) -> None:
        """Send batch after batch; the first takes half of many that wait, and the others go behind it."""
        told: list[Told] = []
        most = max(MANY, len(self._queue) // 2)
        while self._queue:
            sending = asyncio.create_task(self._send(self._take(most)))
            most = BATCH
            await asyncio.sleep(0)  # it is under way now
            _tell(told)
            told = await sending
        _tell(told)

    def _take(self, most: int) -> list[_Waiting]:
        """Take what waits, in order; of two units that want one slot the second waits for what becomes of the first."""
        batch: list[_Waiting] = []
        wanted: set[Slot] = set()
        later: list[_Waiting] = []
        size = 0
        while self._queue and (not batch or size + len(self._queue[0].draft.bodies) <= most):
            one = self._queue.popleft()
            if wanted & one.draft.slots:
                later.append(one)
                continue
            wanted |= one.draft.slots
            size += len(one.draft.bodies)
            batch.append(one)
        self._queue.extendleft(reversed(later))
        return batch

    async def _send(self, batch: list[_Waiting]) -> list[Told]:
        """Append a batch; return what is to be said to whom."""
        said: Sequence[Said | AuditBusy | AuditUnavailable]
        try:
            said = await again(lambda: self._once([one.draft for one in batch]))
        except Declined as error:
            if len(batch) > 1:  # one of them is what the store will not take: each finds out alone
                return [told for one in batch for told in await self._send([one])]
            said = [error]
        except (AuditBusy, AuditUnavailable) as error:
            said = [alike(error) for _ in batch]  # never sent again: some of it may be there
        except Exception as error:  # noqa: BLE001  # the loop's last line: whoever waits must learn, whatever it was
            said = [AuditUnavailable(named(error)) for _ in batch]
        if numbered := [one for one in said if isinstance(one, Committed) and one.sequences]:
            self._resolver.learn(numbered[-1])  # numbers rise with the batch
        won = (one.draft.slots for one, answer in zip(batch, said, strict=True) if isinstance(answer, Committed))
        self._overtake(frozenset().union(*won))
        return [(one.future, answer) for one, answer in zip(batch, said, strict=True)]

    async def _once(self, drafts: list[Draft]) -> Sequence[Said | AuditUnavailable]:
        since, pid = self._resolver.known, 0
        try:
            async with self._links.lent() as link:
                pid = link.get_server_pid()
                return await append(link, drafts, self._resolver.seen)
        except Gone as error:
            found = await self._resolver.resolve(pid, drafts, since)
            return [found.get(draft.name) or alike(error) for draft in drafts]

    def _overtake(self, slots: frozenset[Slot]) -> None:
        """Tell who waits for a slot that is taken now."""
        if not slots:
            return
        late = [one for one in self._queue if one.draft.slots & slots]
        for one in late:
            self._queue.remove(one)
            if not one.future.done():
                one.future.set_exception(SlotTaken(f"one of {sorted(map(str, one.draft.slots))} is taken"))


def _tell(told: Sequence[Told]) -> None:
    """Say it to who still waits."""
    for future, said in told:
        if future.done():
            continue
        if isinstance(said, Committed):
            future.set_result(said)
        else:
            future.set_exception(said)
