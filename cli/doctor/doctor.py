"""`assent doctor`: settings, files, store, sources, clocks and identity providers, a line and a remedy for each."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import asyncpg
import httpx2

from cli.doctor import stored
from cli.doctor.warehouses import warehouse
from cli.lines import Line, State
from cli.show import print_json, rows, say, working
from core.assembly import SystemClock
from core.assembly.databases import Reached, reach
from core.connectors.postgres.catalog.second import second
from core.errors import Busy, GatewayError, IdentityUnavailable, SettingsError, SourceUnavailable
from core.identity.fetch import HttpFetch
from core.identity.issuer import Issuer
from core.identity.keys import JwksKeys
from core.masking.hardening.checks import Finding
from core.settings import BigQuerySource, PlainSource, PostgresSource, Settings, SourceSettings, load

SKEW: Final = timedelta(seconds=30)  # tokens are read with a minute's leeway; half of it is left for the network
DOUBTED: Final = "close the source, run assent harden --check, and report what it shows"
CLOSED: Final = "as long as it is so, nobody reads it; see tags, untagged and grains of [source.NAME]"
CONNECT_SECONDS: Final = 10.0


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
    lines += [line async for line in stored.looked(settings)]
    async with AsyncExitStack() as stack:
        found = await reach(stack, settings, SystemClock())
        for configured in settings.sources:
            lines += [line async for line in source(configured, settings, found)]
    lines += [line async for line in providers(settings)]
    return tuple(lines)


# ---------------------------------------------------------------- sources


def source(configured: SourceSettings, settings: Settings, found: Mapping[str, Reached]) -> AsyncIterator[Line]:
    """Look at one source."""
    name = configured.source.name
    match configured:
        case BigQuerySource() | PlainSource():
            return warehouse(f"source.{name}", configured, settings)
        case PostgresSource():
            return database(f"source.{name}", configured, settings, found[name])


async def database(area: str, configured: PostgresSource, settings: Settings, reached: Reached) -> AsyncIterator[Line]:
    """Run the start-up checks of one database, as both roles."""
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
        closed = (await reached.connector.known()).protection.closed
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
    for reason in sorted(closed.values()):
        yield Line(area=area, state=State.CLOSES, says=reason.removesuffix("."), remedy=CLOSED)
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
