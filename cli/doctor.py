"""`assent doctor`: settings, files, store, sources, clocks and identity providers, a line and a remedy for each."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, final
from urllib.parse import urlsplit

import asyncpg
import httpx2

from cli.alerts import SINCE, told
from cli.outside import Said
from cli.outside import looked as places
from cli.show import print_json, rows, say, working
from cli.stopped import REMEDY, stopped
from core.assembly import SystemClock
from core.assembly.databases import Reached, reach
from core.assembly.stores import located, origin
from core.connectors.postgres.second import second
from core.errors import Busy, GatewayError, IdentityUnavailable, SettingsError, SourceUnavailable
from core.identity.fetch import HttpFetch
from core.identity.issuer import Issuer
from core.identity.keys import JwksKeys
from core.masking.checks import Finding
from core.settings import Postgres, PostgresSource, Role, Settings, SourceSettings, Sqlite, load
from core.stores.postgres import checks
from core.stores.postgres.links import Address
from core.stores.sqlite.alerts import alerts
from core.stores.sqlite.files import Place, refuse_shared
from core.stores.sqlite.standing import standing

SKEW: Final = timedelta(seconds=30)  # tokens are read with a minute's leeway; half of it is left for the network
SHOWN: Final = 20  # Calls that are named; the rest are counted
BEHIND: Final = 10_000  # Entries, above which a sink is late
SPACE: Final = 512 * 2**20  # bytes: some hours of a busy Journal
DOUBTED: Final = "close the source, run assent harden --check, and report what it shows"
CONNECT_SECONDS: Final = 10.0


class State(StrEnum):
    """How bad a line is."""

    OK = "ok"
    WARNS = "warns"
    CLOSES = "closes"  # a table; the source serves the others
    REFUSES = "refuses"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was looked at, what was found, and what to do about it."""

    area: str
    state: State
    says: str
    remedy: str = ""


def run(config: Path, *, as_json: bool) -> bool:
    """Look at everything and print it; answer whether something would refuse a start."""
    with working("looking"):
        lines = asyncio.run(looked(config))
    if as_json:
        print_json({"findings": [asdict(line) for line in lines]})
    else:
        rows(("", "", ""), ((line.state.value, line.area, phrase(line)) for line in lines))
        bad = sum(line.state is State.REFUSES for line in lines)
        say(f"{bad} of {len(lines)} would refuse a start" if bad else "nothing refuses a start")
    return any(line.state is State.REFUSES for line in lines)


def phrase(line: Line) -> str:
    """Say a line in one sentence."""
    return f"{line.says}: {line.remedy}" if line.remedy else line.says


async def looked(config: Path) -> tuple[Line, ...]:
    """Run every look; what the settings refuse ends it, since nothing else could be known."""
    try:
        settings = load(config, os.environ)
    except SettingsError as error:
        return tuple(Line(area="settings", state=State.REFUSES, says=one) for one in str(error).splitlines())
    lines = [Line(area="settings", state=State.OK, says=f"{config} is read and complete")]
    lines += [Line(area="settings", state=State.WARNS, says=one) for one in settings.warnings]
    lines += stored(settings)
    lines += alerted(settings)
    lines += opened(settings)
    lines += [line async for line in database(settings)]
    lines += [line async for line in blocked(settings)]
    lines += [outside(said) for said in await places(settings)]
    lines += sinks(settings)
    async with AsyncExitStack() as stack:
        found = await reach(stack, settings, SystemClock())
        for configured in settings.sources:
            lines += [line async for line in source(configured, settings, found.get(configured.source.name))]
    lines += [line async for line in providers(settings)]
    return tuple(lines)


# ---------------------------------------------------------------- the store


def stored(settings: Settings) -> Iterator[Line]:
    """Look at the store's files without opening one: modes, owner, room."""
    place = settings.gateway.store
    if not isinstance(place, Sqlite):
        return
    found = Place(place.path)
    yield from (Line(area="store", state=State.REFUSES, says=one) for one in shared(found))
    if not os.access(place.path.parent, os.W_OK):
        remedy = f"let this process's user write {place.path.parent}"
        yield Line(area="store", state=State.REFUSES, says="nothing can be written there", remedy=remedy)
    free = shutil.disk_usage(place.path.parent).free
    if free < SPACE:
        says = f"{free // 2**20} MiB are free beside {place.path}"
        yield Line(area="store", state=State.WARNS, says=says, remedy="what cannot be recorded does not run: make room")
    says = f"{place.path}" if place.path.exists() else f"{place.path} is made at the first start"
    yield Line(area="store", state=State.OK, says=says)


def alerted(settings: Settings) -> Iterator[Line]:
    """Tell what the record's alerts say; where it cannot be read, that."""
    place = settings.gateway.store
    if not isinstance(place, Sqlite):
        return
    try:
        found = alerts(place.path, datetime.now(UTC) - SINCE)
    except GatewayError as error:
        yield Line(area="alerts", state=State.WARNS, says=str(error))
        return
    yield from (Line(area=area, state=State.WARNS, says=says, remedy=remedy) for area, says, remedy in told(found))


def opened(settings: Settings) -> Iterator[Line]:
    """Say how many Calls are open, and name those that nobody can tell about."""
    place = settings.gateway.store
    if not isinstance(place, Sqlite):
        return
    try:
        yield from left(standing(place.path))
    except GatewayError as error:
        yield Line(area="calls", state=State.WARNS, says=str(error))


def left(calls: Sequence[tuple[str, bool]]) -> Iterator[Line]:
    """Word open Calls."""
    unknown = [call for call, indeterminate in calls if indeterminate]
    waiting = len(calls) - len(unknown)
    yield Line(area="calls", state=State.OK, says=f"{waiting} open" if waiting else "none is open")
    for call in unknown[:SHOWN]:
        says = f"whether {call} was executed is unknown"
        remedy = f"nothing repeats it, a later proof closes it, or two people do: assent audit resolve {call}"
        yield Line(area="calls", state=State.WARNS, says=says, remedy=remedy)
    if len(unknown) > SHOWN:
        yield Line(area="calls", state=State.WARNS, says=f"so it is of {len(unknown) - SHOWN} more")


async def database(settings: Settings) -> AsyncIterator[Line]:
    """Look at a PostgreSQL store as the start of a process of all roles does, but for its keys: nothing is written."""
    if not isinstance(settings.gateway.store, Postgres):
        return
    site = located(settings, frozenset(Role))
    try:
        await checks.looked(Address(url=site.url, name="assent doctor"), parts=site.parts, origin=origin(settings))
    except GatewayError as error:
        yield Line(area="store", state=State.REFUSES, says=str(error))
    else:
        yield Line(area="store", state=State.OK, says=f"the log {origin(settings)}, in a database, of this version")


async def blocked(settings: Settings) -> AsyncIterator[Line]:
    """Say who is stopped by a block."""
    try:
        for says in await stopped(settings):
            yield Line(area="blocks", state=State.WARNS, says=says, remedy=REMEDY)
    except GatewayError as error:
        yield Line(area="blocks", state=State.WARNS, says=str(error))


def outside(said: Said) -> Line:
    """Say what became of checkpoints; a place that is required refuses."""
    state = State.REFUSES if said.refuses else State.WARNS if said.bad else State.OK
    return Line(area=said.area, state=state, says=said.says, remedy=said.remedy)


def sinks(settings: Settings) -> Iterator[Line]:
    """Say how far each sink is behind, from the store as it stands; nothing of it is written."""
    place = settings.gateway.store
    if not settings.sinks or not isinstance(place, Sqlite) or not place.path.exists():
        return
    try:
        with closing(sqlite3.connect(f"{place.path.absolute().as_uri()}?mode=ro", uri=True)) as log:
            (last,) = log.execute("SELECT next FROM log_coord").fetchone()
            held = {name: rest for name, *rest in log.execute("SELECT sink, next, trouble FROM sink_cursor")}
            lost = dict(log.execute("SELECT sink, count(*) FROM sink_rejected GROUP BY sink"))
    except (sqlite3.Error, TypeError):
        yield Line(area="sinks", state=State.WARNS, says="how far they are cannot be read")
        return
    for one in settings.sinks:
        following, trouble = held.get(one.name, (0, ""))
        yield lag(one.name, last - following, str(trouble), lost.get(one.name, 0))


def lag(name: str, behind: int, trouble: str, rejected: int) -> Line:
    """Say where one sink stands."""
    says = f"{behind} Entries behind" + (f", {rejected} rejected for good" if rejected else "")
    if not trouble and behind < BEHIND and not rejected:
        return Line(area=f"sink.{name}", state=State.OK, says=says)
    remedy = (
        trouble or "assent audit export sends what is missing" if rejected or trouble else "is assent serve running?"
    )
    return Line(area=f"sink.{name}", state=State.WARNS, says=says, remedy=remedy)


def shared(place: Place) -> Iterator[str]:
    """Say which files of the store others could read."""
    for path in (place.database, place.folder, *sorted(place.folder.glob("*"))):
        if path.exists():
            try:
                refuse_shared(path)
            except GatewayError as error:
                yield str(error)


# ---------------------------------------------------------------- sources


async def source(configured: SourceSettings, settings: Settings, reached: Reached | None) -> AsyncIterator[Line]:
    """Run the start-up checks of one source, as both roles."""
    area = f"source.{configured.source.name}"
    if not isinstance(configured, PostgresSource) or reached is None:
        yield Line(area=area, state=State.REFUSES, says="only kind postgres is carried by this version")
        return
    if isinstance(reached.trouble, SourceUnavailable):
        remedy = "a start leaves it closed until it is reached; check its host, port and certificate"
        yield Line(area=area, state=State.WARNS, says=str(reached.trouble), remedy=remedy)
        return
    try:
        if reached.trouble is not None:
            raise reached.trouble
        reader, writer, _ = reached.connector.role
        found = await reached.connector.findings(settings.keys.mask.key())
        twice = await second(reached.connector)
    except (GatewayError, Busy) as error:
        yield Line(area=area, state=State.REFUSES, says=str(error))
        return
    says = f"reached; reads as {reader}, " + (f"changes as {writer}" if writer else "changes nothing")
    yield Line(area=area, state=State.OK, says=says)
    for finding in found:
        yield judged(area, finding, configured.source.name, settings.gateway.acknowledged)
    for doubt in twice.doubts:
        yield Line(area=area, state=State.REFUSES, says=f"a second tree does not hold: {doubt}", remedy=DOUBTED)
    if not twice.doubts:
        says = f"{twice.statements} statements over protected tables were read twice, and the second trees hold"
        yield Line(area=area, state=State.OK, says=says)
    yield await ticking(area, configured)


def judged(area: str, finding: Finding, name: str, acknowledged: frozenset[str]) -> Line:
    """Say what a check found, as start-up would take it."""
    refuses = finding.refuses and not finding.passes(name, acknowledged)
    says, remedy = f"{finding.name}: {finding.line}", finding.remedy
    if finding.acknowledge and refuses:
        remedy += f', or acknowledge = ["{finding.name}:{name}"]'
    if refuses:
        return Line(area=area, state=State.REFUSES, says=says, remedy=remedy)
    state = State.WARNS if finding.passes(name, acknowledged) else State.CLOSES
    return Line(area=area, state=state, says=says, remedy=remedy)


async def ticking(area: str, configured: PostgresSource) -> Line:
    """Compare this machine's clock with the database's."""
    try:
        connection = await asyncpg.connect(configured.read_url.text(), timeout=CONNECT_SECONDS, statement_cache_size=0)
        try:
            there: datetime = await connection.fetchval("SELECT pg_catalog.clock_timestamp()")
        finally:
            await connection.close()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return Line(area=area, state=State.WARNS, says="its clock could not be read")
    return clock(area, there)


def clock(area: str, there: datetime) -> Line:
    """Say how far two clocks are apart."""
    apart = abs(datetime.now(UTC) - there)
    if apart <= SKEW:
        return Line(area=area, state=State.OK, says="its clock and ours agree")
    remedy = "run NTP on both: tokens and Reviews end by the clock"
    return Line(area=area, state=State.WARNS, says=f"clocks are {apart.total_seconds():.0f} s apart", remedy=remedy)


# ---------------------------------------------------------------- identity providers


async def providers(settings: Settings) -> AsyncIterator[Line]:
    """Fetch each issuer's keys as the gateway would, and compare clocks by its Date header."""
    async with HttpFetch() as fetch:
        keys = JwksKeys(fetch, SystemClock())
        for issuer in settings.issuers:
            area = f"identity.{issuer.directory}"
            try:
                await keys.key(issuer, "")
            except IdentityUnavailable as error:
                remedy = f"check that {issuer.issuer} can be reached from here and is written as its tokens write it"
                yield Line(area=area, state=State.WARNS, says=str(error), remedy=remedy)
                continue
            yield Line(area=area, state=State.OK, says=f"keys of {issuer.issuer} are here")
            if (there := await dated(issuer)) is not None:
                yield clock(area, there)


async def dated(issuer: Issuer) -> datetime | None:
    """Read the Date of any answer of the issuer's host (RFC 9110 6.6.1); None where it says none."""
    parts = urlsplit(issuer.issuer)
    try:
        async with httpx2.AsyncClient(trust_env=False, timeout=CONNECT_SECONDS) as http:
            answer = await http.head(f"{parts.scheme}://{parts.netloc}/")
        return datetime.strptime(answer.headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except (httpx2.HTTPError, httpx2.InvalidURL, KeyError, ValueError):
        return None
