"""What `assent doctor` says of checkpoints: when the last was signed, and when each place outside took one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, LiteralString, final

import asyncpg

from core.settings import PlaceSettings, Postgres, Settings

LATE: Final = timedelta(hours=1)
STILL: Final = timedelta(minutes=15)  # the signer says every five minutes that a log stands still
CONNECT: Final = 10.0
LAST: Final[LiteralString] = "SELECT max(ts_ms) FROM log_checkpoint"
PLACES: Final[LiteralString] = "SELECT name, size, at_ms, trouble FROM log_place"


@final
@dataclass(frozen=True, slots=True)
class Said:
    """One line: `bad` where something is late, `refuses` where that place is required."""

    area: str
    says: str
    remedy: str = ""
    bad: bool = False
    refuses: bool = False


@final
@dataclass(frozen=True, slots=True)
class Seen:
    """What the store holds of it: ms of the last checkpoint, and of each place size, ms and trouble."""

    last: int | None = None
    places: Mapping[str, tuple[int, int, str]] = field(default_factory=dict)


async def looked(settings: Settings) -> Iterator[Said]:
    """Look into the store, without writing, and word what is there."""
    place = settings.gateway.store
    try:
        seen = await _there(place) if isinstance(place, Postgres) else _here(place.path)
    except (sqlite3.Error, asyncpg.PostgresError, OSError, TypeError):
        return iter([Said("checkpoints", "when the log was signed last cannot be read", bad=True)])
    return worded(settings, seen, datetime.now(UTC))


def _here(path: Path) -> Seen:
    if not path.exists():
        return Seen()
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as log:
        (last,) = log.execute(LAST).fetchone()
        return Seen(last, {name: (size, at, trouble) for name, size, at, trouble in log.execute(PLACES)})


async def _there(place: Postgres) -> Seen:
    link = await asyncpg.connect(
        place.url.text().strip(), timeout=CONNECT, server_settings={"search_path": "assent"}, statement_cache_size=0
    )
    try:
        last = await link.fetchval(LAST)
        return Seen(last, {name: (size, at, trouble) for name, size, at, trouble in await link.fetch(PLACES)})
    finally:
        await link.close()


def worded(settings: Settings, seen: Seen, now: datetime) -> Iterator[Said]:
    """Say how old the last checkpoint is, and what each configured place took."""
    if seen.last is None:
        yield Said("checkpoints", "none is signed yet")
    else:
        age = now - _instant(seen.last)
        remedy = "" if age < STILL else "is assent serve, or its signer, running?"
        yield Said("checkpoints", f"the last was signed {_ago(age)}", remedy, bad=age >= STILL)
    if not settings.places:
        yield Said(
            "checkpoints",
            "none leaves the store",
            "who holds database and signing key could rewrite everything: name a [[witness]] or an [[anchor]]",
            bad=True,
        )
    for one in settings.places:
        yield _place(one, seen.places.get(one.name, (0, 0, "")), now)


def _place(one: PlaceSettings, seen: tuple[int, int, str], now: datetime) -> Said:
    size, at, trouble = seen
    area = f"{'witness' if one.kind == 'witness' else 'anchor'}.{one.name}"
    verb = "signed" if one.kind == "witness" else "took"
    age = now - _instant(at)
    late = not at or age >= max(LATE, 2 * one.every)
    says = f"{verb} {size} Entries, {_ago(age)}" if at else f"{verb} nothing yet"
    return Said(area, says, trouble, bad=late or bool(trouble), refuses=late and one.required)


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _ago(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    for size, word in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {word} ago"
    return f"{seconds} s ago"
