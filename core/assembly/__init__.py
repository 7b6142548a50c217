"""Settings -> Gateway and the people's side; the only module that names an adapter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final, final
from urllib.parse import unquote, urlsplit

from core.admission import Admission
from core.assembly.sinks import exporting
from core.assembly.stores import Roles, Store, followed, opened, origin, verified
from core.audit.archive import Looking
from core.audit.entry import policy_change
from core.audit.export.taking import Taking
from core.connectors.postgres import Options, PostgresConnector
from core.connectors.postgres.checks import inspector
from core.connectors.postgres.places import Claim, Place, Places
from core.enquiry import Enquiry
from core.errors import GatewayError, SettingsError, SourceUnavailable, UnsafeStart
from core.execution.approved import Approved
from core.execution.asking import Asking
from core.execution.attempts import Attempts
from core.execution.closing import Closing
from core.execution.collect import Collection
from core.execution.courses import Courses
from core.execution.denials import Denials
from core.execution.findings import Findings
from core.execution.sweep import Sweeper
from core.execution.turns import Announced, Turns
from core.execution.weighing import Weighing
from core.gateway import Gateway
from core.identity.fetch import HttpFetch
from core.identity.keys import Fetch, JwksKeys
from core.identity.verifier import Verifier
from core.masking import Masking, Wish
from core.model import Identity, Json
from core.policy.judge import InForce
from core.ports import Clock, Journal, Unit
from core.reviews.desk import Desk
from core.reviews.votes import listed
from core.settings import PostgresSource, Role, Secret, Settings
from core.stores.told import Told

EVERY: Final = frozenset(Role)

LOGGER: Final = logging.getLogger("assent.sources")


@final
class SystemClock:
    """The operating system's clock, in UTC."""

    def now(self) -> datetime:
        """Return an aware instant in UTC."""
        return datetime.now(UTC)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One process's side of everything: what its doors are built from."""

    settings: Settings
    gateway: Gateway
    desk: Desk
    archive: Looking
    exports: Taking
    verifier: Verifier
    journal: Journal
    store: Store
    connectors: Mapping[str, PostgresConnector]
    clock: Clock
    verify: Callable[[], Awaitable[Mapping[str, Json]]]


@asynccontextmanager
async def assemble(
    settings: Settings, *, roles: Roles = EVERY, clock: Clock | None = None, fetch: Fetch | None = None
) -> AsyncIterator[House]:
    """Open the store, the Sources and the keys, recover what an earlier process left, and serve until the block ends.

    A process without the gateway's role opens no Source, recovers nothing and runs nothing.
    Raises: UnsafeStart, SettingsError, SourceUnavailable, AuditUnavailable.
    """
    time = clock or SystemClock()
    if settings.gateway.trusted_stdio:
        raise SettingsError("[gateway] stdio: only the demo serves stdio in this version; take it out")
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened(settings, time, roles))
        runs = Role.GATEWAY in roles
        connectors = await sources(stack, settings, time) if runs else {}
        fetching = fetch if fetch is not None else await stack.enter_async_context(HttpFetch())
        keys = JwksKeys(fetching, time)
        works = furnish(settings, store, connectors, keys, time)
        await stack.enter_async_context(followed(store, works.house.gateway.turns.wake))
        await stack.enter_async_context(serving(works) if runs else counting(works))
        await stack.enter_async_context(exporting(settings, store, time, roles))
        yield works.house


async def sources(stack: AsyncExitStack, settings: Settings, clock: Clock) -> dict[str, PostgresConnector]:
    """Open every Source and run its start-up checks; one that is away is closed until it is reached.

    Raises: UnsafeStart naming each check that refuses, SettingsError.
    """
    for configured in settings.sources:
        name = configured.source.name
        if not isinstance(configured, PostgresSource):
            raise SettingsError(f"[source.{name}] kind: only postgres is carried by this version")
    found = await reach(stack, settings, clock)
    refused: list[str] = []
    for name, one in found.items():
        if isinstance(one.trouble, SourceUnavailable):
            LOGGER.warning("[source.%s] is closed until it can be reached: %s", name, one.trouble)
        elif one.trouble is not None:
            raise one.trouble
        else:
            refused += await refusals(name, one.connector, settings)
    if refused:
        raise UnsafeStart("\n".join(refused))
    return {name: one.connector for name, one in found.items()}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A Source's connector, and why it is not open if it is not."""

    connector: PostgresConnector
    trouble: GatewayError | None = None


async def reach(stack: AsyncExitStack, settings: Settings, clock: Clock) -> dict[str, Reached]:
    """Open every PostgreSQL Source; each then knows which others reach its database, and what they tag."""
    mine = [one for one in settings.sources if isinstance(one, PostgresSource)]
    places = Places({one.source.name: Claim(tags=one.source.tags, accepted=one.accepted) for one in mine})
    found: dict[str, Reached] = {}
    for configured in mine:
        connector = connect(configured, settings, clock, places.of(configured.source.name))
        stack.push_async_callback(connector.close)
        found[configured.source.name] = await opened_source(connector)
    return found


async def opened_source(connector: PostgresConnector) -> Reached:
    """Open one Source, or say why not."""
    try:
        await connector.open()
    except GatewayError as error:
        return Reached(connector=connector, trouble=error)
    return Reached(connector=connector)


async def refusals(name: str, connector: PostgresConnector, settings: Settings) -> list[str]:
    """Run the start-up checks of a Source, once every other was asked which database it is."""
    return [
        f"[source.{name}] {finding}"
        for finding in await connector.findings(settings.keys.mask.key())
        if finding.refuses and not finding.passes(name, settings.gateway.acknowledged)
    ]


def connect(configured: PostgresSource, settings: Settings, clock: Clock, place: Place) -> PostgresConnector:
    """Make the connector of one `[source.NAME]` of kind postgres; its checks run again over each load."""
    source, acknowledged = configured.source, settings.gateway.acknowledged
    wish = Wish(
        tags=source.tags,
        masks=settings.masks,
        read_role=user(configured.read_url),
        write_role=user(configured.write_url) if configured.write_url else None,
        unmask_role=user(configured.unmask_url) if configured.unmask_url else None,
        owned=settings.owned,
        accepted=configured.accepted,
    )
    return PostgresConnector(
        source,
        read_url=configured.read_url.text(),
        write_url=configured.write_url.text() if configured.write_url else None,
        unmask_url=configured.unmask_url.text() if configured.unmask_url else None,
        masks=settings.masks,
        clock=clock,
        options=Options(
            plain=f"no-tls:{source.name}" in acknowledged,
            accepted=configured.accepted,
            place=place,
            owned=settings.owned,
            mask_key=settings.keys.mask.key(),
            functions=configured.functions,
        ),
        inspect=inspector(
            wish,
            source=source.name,
            acknowledged=acknowledged,
            enforced=source.enforced,
            secret=settings.keys.mask.key(),
            place=place,
        ),
    )


def user(url: Secret) -> str:
    """Name the role of a connection URL."""
    return unquote(urlsplit(url.text().strip()).username or "")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """A House and what runs in it unseen."""

    house: House
    sweeper: Sweeper
    courses: Courses
    weighing: Weighing
    denials: Denials
    findings: Findings


def furnish(
    settings: Settings,
    store: Store,
    connectors: Mapping[str, PostgresConnector],
    keys: JwksKeys,
    clock: Clock,
) -> Works:
    """Put the rooms together; nothing runs yet."""
    turns, courses = Turns(), Courses()
    judge = InForce(settings.policy, clock)
    journal = Announced(Told(store.journal), turns)
    reviews, payloads = store.reviews, store.payloads
    verifier = Verifier(settings.issuers, settings.agents, keys, clock, clients=settings.console.clients)
    findings = Findings(journal, clock)
    masking = Masking({one.source.name: one.source for one in settings.sources}, findings.count)
    attempts = Attempts(
        journal=journal,
        reviews=reviews,
        payloads=payloads,
        masker=masking,
        clock=clock,
        kept=settings.gateway.result_ttl,
    )
    approved = Approved(
        connectors=connectors,
        journal=journal,
        reviews=reviews,
        payloads=payloads,
        judge=judge,
        attempts=attempts,
        clock=clock,
    )
    sweeper = Sweeper(
        connectors=connectors,
        journal=journal,
        reviews=reviews,
        results=reviews,
        approved=approved,
        payloads=payloads,
        turns=turns,
        clock=clock,
        boot=store.boot,
    )
    collection = Collection(
        connectors=connectors,
        journal=journal,
        reviews=reviews,
        results=reviews,
        payloads=payloads,
        macs=store.macs,
        judge=judge,
        sweeper=sweeper,
        courses=courses,
        clock=clock,
    )
    closing, denials = Closing(journal=journal, payloads=payloads), Denials(journal)
    weighing = Weighing(journal=journal, payloads=payloads, judge=judge, reviews=reviews)
    gateway = Gateway(
        admission=Admission(
            identities=verifier,
            denials=denials,
            sessions=store.sessions,
            macs=store.macs,
            judge=judge,
            closing=closing,
            connectors=connectors,
        ),
        connectors=connectors,
        judge=judge,
        journal=journal,
        payloads=payloads,
        asking=Asking(journal=journal, reviews=reviews, payloads=payloads, judge=judge, clock=clock),
        weighing=weighing,
        attempts=attempts,
        closing=closing,
        collection=collection,
        enquiry=Enquiry(connectors=connectors, judge=judge, journal=journal, payloads=payloads),
        courses=courses,
        turns=turns,
    )
    desk = Desk(
        journal=journal,
        reviews=reviews,
        payloads=payloads,
        macs=store.macs,
        subjects=store.subjects,
        members=judge.members,
        clock=clock,
    )
    archive = Looking(
        history=store.history,
        journal=journal,
        reviews=reviews,
        payloads=payloads,
        subjects=store.subjects,
        macs=store.macs,
        is_auditor=lambda who: auditor(who, settings, judge),
        reads_results=lambda who: belongs(who, settings.console.result_readers, judge),
    )
    house = House(
        settings=settings,
        gateway=gateway,
        desk=desk,
        archive=archive,
        exports=Taking(
            tail=store.journal,
            journal=journal,
            subjects=store.subjects,
            macs=store.macs,
            origin=origin(settings),
            version=version("assent"),
            is_auditor=lambda who: auditor(who, settings, judge),
        ),
        verifier=verifier,
        journal=journal,
        store=store,
        connectors=connectors,
        clock=clock,
        verify=lambda: verified(settings, store, journal),
    )
    return Works(house=house, sweeper=sweeper, courses=courses, weighing=weighing, denials=denials, findings=findings)


def auditor(who: Identity, settings: Settings, judge: InForce) -> bool:
    """Whether a person is in a group of `[console] auditors`, as the configuration lists it now."""
    return belongs(who, settings.console.auditors, judge)


def belongs(who: Identity, groups: frozenset[str], judge: InForce) -> bool:
    """Whether a person is in one of some `[group.*]` tables, as the configuration lists it now."""
    members = judge.members()
    return any(listed(who, members.get(group, frozenset())) for group in groups)


@asynccontextmanager
async def serving(works: Works) -> AsyncIterator[None]:
    """Recover, then sweep until the block ends; what runs then ends by its own limits."""
    started = policy_change(works.house.settings.policy.version, at="start")
    await works.house.journal.commit(Unit(entries=(started,)))
    await works.sweeper.sweep()
    task = asyncio.create_task(works.sweeper.serve())
    async with counting(works):
        try:
            yield
        finally:
            await works.courses.drain()
            await works.weighing.drain()
            await works.sweeper.drain()
            task.cancel()
            await asyncio.wait([task])


@asynccontextmanager
async def counting(works: Works) -> AsyncIterator[None]:
    """Count what is told once a minute until the block ends."""
    tasks = [asyncio.create_task(works.denials.serve()), asyncio.create_task(works.findings.serve())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await works.denials.flush()
        await works.findings.flush()
