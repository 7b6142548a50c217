"""What doctor says of the store: its files or its database, alerts, open Calls, blocks, sinks; nothing is written."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from cli.doctor.alerts import SINCE, told
from cli.doctor.outside import Said
from cli.doctor.outside import looked as places
from cli.doctor.stopped import APPLY, REMEDY, SEEN, asked, contradicted, differs, stopped
from cli.lines import Line, State
from core.assembly import SystemClock
from core.assembly.stores import keys, located, origin
from core.errors import GatewayError, UnsafeStart
from core.settings import Postgres, Role, Settings, Sqlite
from core.stores import beside
from core.stores.encryption import naming
from core.stores.log import signing
from core.stores.operational import closure
from core.stores.postgres import checks
from core.stores.postgres.links import Address
from core.stores.sqlite import schema
from core.stores.sqlite.files import Place, refuse_half, refuse_shared
from core.stores.steps import ask

CLOSED: Final = Line(
    area="store",
    state=State.WARNS,
    says="it was restored from a copy and is closed: every Call is refused",
    remedy="two operators open it, under the policy in force: assent store open",
)
AGAIN: Final = 1.0  # seconds: what a signer at work was about to store is there then
SHOWN: Final = 20  # Calls that are named; the rest are counted
BEHIND: Final = 10_000  # Entries, above which a sink is late
SPACE: Final = 512 * 2**20  # bytes: some hours of a busy Journal


async def looked(settings: Settings) -> AsyncIterator[Line]:
    """Look at everything of the store."""
    for line in files(settings):
        yield line
    async for line in database(settings):
        yield line
    looks = (
        ("store", aged),
        ("keys", keyed),
        ("record", regressed),
        ("closure", closed),
        ("alerts", alerted),
        ("calls", opened),
        ("blocks", blocked),
        ("checkpoints", outside),
        ("sinks", sinks),
    )
    for area, look in looks:
        try:
            for one in await look(settings):
                yield one
        except GatewayError as error:
            yield Line(area=area, state=State.WARNS, says=f"{area} cannot be read: {error}")


def files(settings: Settings) -> Iterator[Line]:
    """Look at the store's files without opening one: modes, owner, room."""
    place = settings.gateway.store
    if not isinstance(place, Sqlite):
        return
    found = Place(place.path)
    yield from (Line(area="store", state=State.REFUSES, says=one) for one in (*half(found), *shared(found)))
    if not os.access(place.path.parent, os.W_OK):
        remedy = f"let this process's user write {place.path.parent}"
        yield Line(area="store", state=State.REFUSES, says="nothing can be written there", remedy=remedy)
    free = shutil.disk_usage(place.path.parent).free
    if free < SPACE:
        says = f"{free // 2**20} MiB are free beside {place.path}"
        yield Line(area="store", state=State.WARNS, says=says, remedy="what cannot be recorded does not run: make room")
    says = f"{place.path}" if place.path.exists() else f"{place.path} is made at the first start"
    yield Line(area="store", state=State.OK, says=says)


async def aged(settings: Settings) -> Sequence[Line]:
    """Hold the version of a log in a file to this program's; a database is looked at whole."""
    place = settings.gateway.store
    if not isinstance(place, Sqlite):
        return []
    for (version,) in await asked(settings, lambda: ask("PRAGMA user_version")) or ():
        if version not in {0, schema.VERSION}:  # 0: made at the first start
            return [Line(area="store", state=State.REFUSES, says=schema.other(place.path, version))]
    return []


async def keyed(settings: Settings) -> Sequence[Line]:
    """Hold [keys] to those that the store is under."""
    try:
        await asked(settings, lambda: naming.suited(keys(settings, frozenset(Role))))
    except UnsafeStart as error:
        return [Line(area="keys", state=State.REFUSES, says=str(error))]
    return []


async def regressed(settings: Settings) -> Sequence[Line]:
    """Hold the log to what this machine's signer signed last, where it signs; a log that grows is looked at twice."""
    place = settings.gateway.store
    state = Place(place.path).signed if isinstance(place, Sqlite) else located(settings, frozenset(Role)).signed
    held = keys(settings, frozenset(Role))
    if state is None or not state.exists() or not held.signing:
        return []
    for last in (False, True):
        try:
            await asked(settings, lambda: signing.compared(keys=held, state=state, clock=SystemClock()))
        except UnsafeStart as error:
            if last:
                return [Line(area="record", state=State.REFUSES, says=str(error))]
            await asyncio.sleep(AGAIN)
        else:
            break
    return []


async def closed(settings: Settings) -> Sequence[Line]:
    """Say whether the store was restored and waits for its operators."""
    return [CLOSED] if await asked(settings, lambda: ask(closure.CLOSED)) else []


async def alerted(settings: Settings) -> Sequence[Line]:
    """Tell what the record's alerts say."""
    found = await asked(settings, lambda: beside.alerts(datetime.now(UTC) - SINCE))
    return [Line(area=area, state=State.WARNS, says=says, remedy=remedy) for area, says, remedy in told(found or ())]


async def opened(settings: Settings) -> Sequence[Line]:
    """Say how many Calls are open, and name those that nobody can tell about."""
    return list(left(await asked(settings, beside.standing) or ()))


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
    """Look at a PostgreSQL store as the start of a process of all roles does; its keys are a look of their own."""
    if not isinstance(settings.gateway.store, Postgres):
        return
    site = located(settings, frozenset(Role))
    try:
        await checks.looked(Address(url=site.url, name="assent doctor"), parts=site.parts, origin=origin(settings))
    except GatewayError as error:
        yield Line(area="store", state=State.REFUSES, says=str(error))
    else:
        yield Line(area="store", state=State.OK, says=f"the log {origin(settings)}, in a database, of this version")


async def blocked(settings: Settings) -> Sequence[Line]:
    """Say who is stopped by a block, or everything, and whether another policy is in force than the file's."""
    lines = [Line(area="blocks", state=State.WARNS, says=says, remedy=REMEDY) for says in await stopped(settings)]
    more = [Line(area="policy", state=State.WARNS, says=says, remedy=APPLY) for says in await differs(settings)]
    seen = [Line(area="record", state=State.REFUSES, says=says, remedy=SEEN) for says in await contradicted(settings)]
    return [*lines, *more, *seen]


async def outside(settings: Settings) -> Sequence[Line]:
    """Say what became of checkpoints outside of the store."""
    return [line(said) for said in await places(settings)]


def line(said: Said) -> Line:
    """Word one place; one that is required refuses."""
    state = State.REFUSES if said.refuses else State.WARNS if said.bad else State.OK
    return Line(area=said.area, state=state, says=said.says, remedy=said.remedy)


async def sinks(settings: Settings) -> Sequence[Line]:
    """Say how far each sink is behind, from the store as it stands."""
    names = [one.name for one in settings.sinks]
    found = await asked(settings, lambda: beside.lags(names)) if names else None
    return [lag(name, *stands) for name, stands in (found or {}).items()]


def lag(name: str, behind: int, trouble: str, rejected: int) -> Line:
    """Say where one sink stands."""
    says = f"{behind} Entries behind" + (f", {rejected} rejected for good" if rejected else "")
    if not trouble and behind < BEHIND and not rejected:
        return Line(area=f"sink.{name}", state=State.OK, says=says)
    remedy = (
        trouble or "assent audit export sends what is missing" if rejected or trouble else "is assent serve running?"
    )
    return Line(area=f"sink.{name}", state=State.WARNS, says=says, remedy=remedy)


def half(place: Place) -> Iterator[str]:
    """Say that a restore was cut off."""
    try:
        refuse_half(place)
    except GatewayError as error:
        yield str(error)


def shared(place: Place) -> Iterator[str]:
    """Say which files of the store others could read."""
    for path in (place.database, place.folder, *sorted(place.folder.glob("*"))):
        if path.exists():
            try:
                refuse_shared(path)
            except GatewayError as error:
                yield str(error)
