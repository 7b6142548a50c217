"""What grants came to: their uses and rows held against the database's rows, their givers and their ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from core.model import Decision, EntryKind, GrantId, Json, State
from core.ports import Sealed
from tests.torture.places import Opened, log

CHANGED: Final = "SELECT what, sum(CASE WHEN times > 0 THEN 1 ELSE 0 END)::int FROM granted GROUP BY what"


@dataclass
class Used:
    """A grant as its Entries tell it."""

    given: Mapping[str, Json]
    uses: list[tuple[int, int, str]] = field(default_factory=list)  # sequence, number, Call
    ended: int | None = None


@dataclass
class Told:
    """What the log says of grants."""

    grants: dict[str, Used] = field(default_factory=dict)
    under: dict[str, str] = field(default_factory=dict)  # Call -> the grant that its INTENT names
    prepared: dict[str, int] = field(default_factory=dict)  # Call -> sequence

    def take(self, entry: Sealed) -> None:
        """Take one Entry, in order."""
        body = entry.body
        match body["kind"]:
            case EntryKind.PERMIT_GIVEN:
                self.grants[str(body["grant"])] = Used(body)
            case EntryKind.PERMIT_USED:
                use = (entry.sequence, int(str(body["attempt"])), str(body["call"]))
                self.grants[str(body["grant"])].uses.append(use)
            case EntryKind.PERMIT_REVOKED:
                self.grants[str(body["grant"])].ended = entry.sequence
            case EntryKind.INTENT:
                verdict = body.get("verdict")
                if isinstance(verdict, Mapping) and isinstance(under := verdict.get("grant"), Mapping):
                    self.under[str(body["call"])] = str(under["id"])
            case EntryKind.PREPARED if body.get("prepared") == "prepared":
                self.prepared[str(body["call"])] = entry.sequence
            case _:
                return


async def grants(store: Opened, url: str, told: Sequence[str]) -> list[str]:
    """Return everything that is wrong with grants, a sentence each."""
    said = Told()
    async for entry in log(store):
        said.take(entry)
    rows = await changed(url)
    found = [f"{name}: {what}" for name, one in said.grants.items() for what in wrong(name, one, said, rows)]
    found += [f"{call} ran under {name} without its use" for call, name in sorted(unused(said))]
    found += [f"{name} was told to be ended" for name in told if said.grants[name].ended is None]
    for name, one in said.grants.items():
        found += [f"{name}: {what}" for what in await kept(store, name, one, rows)]
    return found + await ungiven(store, said)


def wrong(name: str, one: Used, said: Told, rows: Mapping[str, int]) -> Iterator[str]:
    """Hold one grant's uses against its bounds, as the database's rows tell of them."""
    most = {key: int(str(one.given[key])) for key in ("uses", "rows", "total")}
    calls = [call for _, _, call in one.uses]
    ran = [rows.get(call, 0) for call in calls]
    if [number for _, number, _ in one.uses] != list(range(1, len(calls) + 1)) or len(set(calls)) != len(calls):
        yield f"its uses are {one.uses}"
    if len(calls) > most["uses"] or sum(number > 0 for number in ran) > most["uses"]:
        yield f"used {len(calls)} times of {most['uses']}"
    if sum(ran) > most["total"] or max(ran, default=0) > most["rows"]:
        yield f"changed {ran} rows of {most['rows']} and {most['total']}"
    yield from (f"{call} began under it and is nowhere" for call in calls if said.under.get(call) != name)
    if one.ended is not None:
        late = [call for at, _, call in one.uses if max(at, said.prepared.get(call, 0)) > one.ended]
        yield from (f"{call} went on after its end" for call in late)


def unused(said: Told) -> set[tuple[str, str]]:
    """Which Calls say that they ran under a grant whose use they are not."""
    uses = {(call, name) for name, one in said.grants.items() for _, _, call in one.uses}
    return set(said.under.items()) - uses


async def kept(store: Opened, name: str, one: Used, rows: Mapping[str, int]) -> list[str]:
    """Hold the row of a grant against all this."""
    row = await store.grants.grant(GrantId(name))
    if row is None:
        return ["its row is gone"]
    ran = sum(rows.get(call, 0) for _, _, call in one.uses)
    found = (
        [] if (row.uses, row.rows) == (len(one.uses), ran) else [f"its row: {row.uses} uses, {row.rows} rows of {ran}"]
    )
    return found if (row.ended_at is None) is (one.ended is None) else [*found, f"its row says ended {row.ended_at}"]


async def ungiven(store: Opened, said: Told) -> list[str]:
    """Name Reviews whose every Vote gave a grant that is not there, and those that gave one against a Vote."""
    givers = {str(one.given["review"]) for one in said.grants.values()}
    found = []
    for row in await store.reviews.in_state(*(set(State) - {State.PENDING, State.DENIED})):
        votes = [vote for vote in await store.reviews.votes(row.id) if vote.decision is Decision.APPROVE]
        seats = sum(seat.count for seat in row.seats)
        gives = len(votes) >= seats and all(vote.grant is not None for vote in votes)
        found += [] if gives is (row.id in givers) else [f"{row.id} with {len(votes)} votes: grant {row.id in givers}"]
    return found


async def changed(url: str) -> dict[str, int]:
    """Count the rows that each Call changed under the eyes of nobody but the database."""
    connection = await asyncpg.connect(url)
    try:
        return {str(what): int(rows) for what, rows in await connection.fetch(CHANGED)}
    finally:
        await connection.close()
