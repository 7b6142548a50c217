"""What each process tells of itself: the gauges that are looked up when somebody asks, and what readiness rests on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from core.assembly.stores import Roles, Store
from core.errors import StoreError
from core.identity.keys import JwksKeys
from core.model import Review, State
from core.ports import Clock, Connector, Cursor, Journal, KeyNames, PartyKind
from core.settings import Postgres, Role, Settings
from core.stores.encryption.naming import StoredNames
from core.stores.postgres.log import Log
from core.telemetry.counted import UNKNOWN, Counted, place
from core.telemetry.meters import Meters, Number
from core.telemetry.readiness import Readiness
from core.telemetry.stages import Stages
from core.telemetry.telling import Telling

POSTGRES: Final = "postgres"
SQLITE: Final = "sqlite"
CONSOLE: Final = "console"  # where Reviews are asked without Slack


def counted(settings: Settings, journal: Journal, stages: Stages) -> Counted:
    """Count what a process commits; Sources that are configured are labels, all others are one."""
    store = POSTGRES if isinstance(settings.gateway.store, Postgres) else SQLITE
    sources = frozenset(one.source.name for one in settings.sources)
    return Counted(journal, stages, store=store, sources=sources, channels=conversations(settings))


def conversations(settings: Settings) -> tuple[str, ...]:
    """Where people are asked; the first is of Reviews that name no conversation."""
    return settings.channels if settings.slack is not None else (CONSOLE, *settings.channels)


def told(
    settings: Settings,
    store: Store,
    journal: Counted,
    meters: Meters,
    *,
    keys: JwksKeys,
    fits: Callable[[], bool],
    blocked: Callable[[], Mapping[PartyKind, int]],
    connectors: Mapping[str, Connector],
    clock: Clock,
    roles: Roles,
) -> Telling:
    """Put together what a process with a house tells."""

    async def known() -> bool:
        return await keys.known(settings.issuers)

    async def look() -> None:
        stopped(meters, blocked())
        for issuer, age in keys.ages().items():
            meters.put(Number.KEYS, age, issuer)
        with contextlib.suppress(StoreError):  # the journal's part of readiness says so
            size = await sizes(meters, store.names)
            behind(meters, {sink: await store.cursors.cursor(sink) for sink in sinks}, size)
            waiting(meters, await store.reviews.in_state(State.PENDING), channels, clock.now())
            await unsure(meters, journal, clock)
            await alone(meters, store, clock)

    # who sends says how far they are; the other roles may not look
    sinks = tuple(one.name for one in settings.sinks) if Role.PEOPLE in roles else ()
    channels = conversations(settings)
    readiness = Readiness(journal, meters, fits=fits, reach=store.reach, keys=known)
    return Telling(meters=meters, readiness=readiness, look=look, connectors=connectors)


def told_by_signer(settings: Settings, log: Log) -> Telling:
    """Put together what the signer tells: it has no policy to fit, no keys of issuers and no Source."""
    meters = Meters()
    names = StoredNames(log.reads)

    async def look() -> None:
        with contextlib.suppress(StoreError):
            await sizes(meters, names)

    journal = counted(settings, log.journal, Stages(meters))
    readiness = Readiness(journal, meters, fits=yes, reach=names.size, keys=known)
    return Telling(meters=meters, readiness=readiness, look=look, connectors={})


def yes() -> bool:
    """Fit any policy: the signer reads none."""
    return True


async def known() -> bool:
    """Need no keys."""
    return True


def stopped(meters: Meters, blocked: Mapping[PartyKind, int]) -> None:
    """Say how many blocks hold, of each kind: one that is over leaves no number behind."""
    for kind in PartyKind:
        meters.put(Number.BLOCKS, blocked.get(kind, 0), kind.value)


async def sizes(meters: Meters, names: KeyNames) -> int:
    """Look at the log: how long it is, and how much of it is signed."""
    size, signed = await names.size(), await names.signed()
    under = signed.size if signed else 0
    meters.put(Number.SIZE, size)
    meters.put(Number.SIGNED, under)
    meters.put(Number.LAG, max(0, size - under))
    return size


def behind(meters: Meters, sinks: Mapping[str, Cursor], size: int) -> None:
    """Say how far each sink is behind a log of this size."""
    for sink, cursor in sinks.items():
        meters.put(Number.BEHIND, max(0, size - cursor.next), sink)


def waiting(meters: Meters, pending: Iterable[Review], channels: Sequence[str], now: datetime) -> None:
    """Say which Reviews wait, by the conversations of the configuration alone; the first is of those that name none."""
    asked: dict[str, list[datetime]] = {channel: [] for channel in (*channels, UNKNOWN)}
    for review in pending:
        asked[place(review.channel, channels)].append(review.opened_at)
    for channel, opened in asked.items():
        meters.put(Number.PENDING, len(opened), channel)
        meters.put(Number.OLDEST, max(0.0, (now - min(opened, default=now)).total_seconds()), channel)


async def unsure(meters: Meters, journal: Journal, clock: Clock) -> None:
    """Look at Calls whose outcome nobody knows."""
    calls = await journal.indeterminate()
    at = (await journal.entries(calls[0]))[-1].body.get("ts") if calls else None
    age = clock.now().timestamp() - at / 1_000 if isinstance(at, int) else 0.0
    meters.put(Number.INDETERMINATE, max(0.0, age))


async def alone(meters: Meters, store: Store, clock: Clock) -> None:
    """Look at answers that one person gave alone."""
    found = await store.breaks.unclosed()
    overdue = sum(one.due <= clock.now() for one in found)
    meters.put(Number.ALONE, len(found) - overdue, "open")
    meters.put(Number.ALONE, overdue, "overdue")
