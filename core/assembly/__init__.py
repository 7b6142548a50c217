"""Settings -> Gateway and the people's side; the only module that names an adapter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Final, final

from core.admission import Admission
from core.assembly.databases import sources
from core.assembly.index import indexing
from core.assembly.people import belongs, decided, directories
from core.assembly.policy import Notices, begin, reading
from core.assembly.publishing import publishing
from core.assembly.sinks import exporting
from core.assembly.stores import Roles, Store, followed, opened, verified
from core.audit.archive import Looking
from core.audit.export.taking import Taking
from core.custody.acts import Bench
from core.custody.blocking import Unblocking
from core.custody.effects import effects
from core.custody.keeper import Keeper
from core.custody.notes import Notes
from core.custody.restored import effects as opening
from core.custody.revoking import effects as revoking
from core.custody.rotation import Rotation
from core.custody.rotation import effects as rotating
from core.custody.ruling import DOES, Ruling
from core.enquiry import Enquiry
from core.errors import SettingsError
from core.execution.approved import Approved
from core.execution.asking import Asking
from core.execution.attempts import Attempts
from core.execution.barrier import Barrier
from core.execution.closing import Closing
from core.execution.collect import Collection
from core.execution.courses import Courses
from core.execution.denials import Denials
from core.execution.findings import Findings
from core.execution.patience import Patience
from core.execution.resolving import Word
from core.execution.sweep import Sweeper
from core.execution.turns import Announced, Turns
from core.execution.vigil import Vigil
from core.execution.watch import Watch
from core.execution.weighing import Weighing
from core.gateway import Gateway
from core.identity.fetch import HttpFetch
from core.identity.keys import Fetch, JwksKeys
from core.identity.verifier import Verifier
from core.masking import Masking
from core.model import Json
from core.policy.judge import InForce
from core.ports import Clock, Connector, Journal
from core.reviews.brakes import Brakes
from core.reviews.desk import Desk
from core.settings import Role, Settings
from core.settings.safety import SINGLE
from core.sinks.required import Required
from core.stores.told import Told

EVERY: Final = frozenset(Role)


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
    roles: Roles
    gateway: Gateway
    desk: Desk
    brakes: Brakes
    archive: Looking
    exports: Taking
    bench: Bench
    keeper: Keeper
    rotation: Rotation
    ruling: Ruling
    notices: Notices
    ready: Callable[[], bool]
    verifier: Verifier
    keys: JwksKeys
    journal: Journal
    store: Store
    connectors: Mapping[str, Connector]
    clock: Clock
    verify: Callable[[], Awaitable[Mapping[str, Json]]]


@asynccontextmanager
async def assemble(
    settings: Settings,
    *,
    roles: Roles = EVERY,
    clock: Clock | None = None,
    fetch: Fetch | None = None,
    adopt: bool = False,
) -> AsyncIterator[House]:
    """Open the store, the Sources and the keys, recover what an earlier process left, and serve until the block ends.

    A process without the gateway's role opens no Source, recovers nothing and runs nothing.
    Raises: UnsafeStart, SettingsError, SourceUnavailable, AuditUnavailable.
    """
    time = clock or SystemClock()
    if settings.gateway.trusted_stdio:
        raise SettingsError("[gateway] stdio: only the demo serves stdio in this version; take it out")
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened(settings, time, roles, adopt=adopt))
        runs = Role.GATEWAY in roles
        connectors = await sources(stack, settings, time) if runs else {}
        fetching = fetch if fetch is not None else await stack.enter_async_context(HttpFetch())
        keys = JwksKeys(fetching, time)
        works = furnish(settings, store, connectors, keys, time, roles)
        await stack.enter_async_context(followed(store, works.house.gateway.turns.wake))
        await stack.enter_async_context(serving(works) if runs else counting(works))
        await stack.enter_async_context(exporting(settings, store, time, roles))
        if Role.SIGNER in roles:
            await stack.enter_async_context(publishing(settings, store, time))
        await stack.enter_async_context(indexing(store, roles))
        yield works.house


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
    vigil: Vigil


def furnish(
    settings: Settings,
    store: Store,
    connectors: Mapping[str, Connector],
    keys: JwksKeys,
    clock: Clock,
    roles: Roles = EVERY,
) -> Works:
    """Put the rooms together; nothing runs yet. The people's side sees every data key of the store."""
    turns, courses = Turns(), Courses()
    judge = InForce(settings.policy, clock)
    journal = Announced(Told(store.journal), turns)
    reviews, payloads = store.reviews, store.payloads
    verifier = Verifier(
        settings.issuers, settings.agents, keys, clock, clients=settings.console.clients, same=settings.same
    )
    findings = Findings(journal, clock)
    masking = Masking({one.source.name: one.source for one in settings.sources}, findings.count)
    barrier = Barrier(store.standing, clock)
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
        macs=store.macs,
        barrier=barrier,
    )
    sweeper = Sweeper(
        connectors=connectors,
        journal=journal,
        reviews=reviews,
        results=reviews,
        approved=approved,
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
        kept=settings.gateway.result_ttl,
    )
    closing, denials = Closing(journal=journal, payloads=payloads), Denials(journal)
    patience = Patience(journal=journal, reviews=reviews, payloads=payloads, closing=closing, clock=clock)
    weighing = Weighing(journal=journal, payloads=payloads, judge=judge, reviews=reviews)
    gateway = Gateway(
        admission=Admission(
            identities=verifier,
            denials=denials,
            sessions=store.sessions,
            macs=store.macs,
            judge=judge,
            closing=closing,
            closure=store.closure,
            connectors=connectors,
            barrier=barrier,
        ),
        connectors=connectors,
        judge=judge,
        journal=journal,
        payloads=payloads,
        asking=Asking(journal=journal, reviews=reviews, payloads=payloads, judge=judge, clock=clock, patience=patience),
        weighing=weighing,
        attempts=attempts,
        closing=closing,
        collection=collection,
        enquiry=Enquiry(connectors=connectors, judge=judge, journal=journal, payloads=payloads),
        courses=courses,
        turns=turns,
        barrier=barrier,
    )
    vigil = Vigil(
        barrier=barrier,
        journal=journal,
        reviews=reviews,
        macs=store.macs,
        turns=turns,
        watch=Watch(journal, clock),
        standing=store.standing,
        policies=judge,
        gateway=Role.GATEWAY in roles,
    )
    desk, brakes = decided(store, journal, judge, clock)
    keeper = Keeper(
        journal=journal,
        keys=store.ring,
        custody=store.custody,
        months=payloads,
        results=reviews,
        clock=clock,
        configured=settings.retention,
        waited=Required([one.name for one in settings.sinks if one.required], store.cursors, store.journal),
    )
    rotation = Rotation(journal=journal, names=store.names, wraps=store.ring, retires=Role.PEOPLE in roles)
    notices = Notices()
    ruling = Ruling(standing=store.standing, policies=judge, read=reading(settings.path))
    bench = Bench(
        journal=journal,
        acts=store.custody,
        custody=store.custody,
        subjects=store.subjects,
        macs=store.macs,
        clock=clock,
        notes=Notes(journal=journal, payloads=payloads),
        effects={
            **effects(keys=store.ring, custody=store.custody, keeper=keeper, macs=store.macs),
            **rotating(names=store.names, rotation=rotation, clock=clock),
            **revoking(store.names),
            "block.release": Unblocking(store.standing),
            **opening(closure=store.closure, policy=lambda: judge.version),
            DOES: ruling,
            "resolve": Word(
                journal=journal,
                reviews=reviews,
                custody=store.custody,
                macs=store.macs,
                directories=partial(directories, settings),
            ),
        },
        ruling=ruling,
        tell=notices.tell,
        standing=store.standing,
        sources=frozenset(one.source.name for one in settings.sources),
        is_operator=lambda who: belongs(who, settings.console.operators, judge),
        same=settings.same.person,
        alone=SINGLE in settings.gateway.acknowledged,
    )
    archive = Looking(
        history=store.history,
        journal=journal,
        reviews=reviews,
        payloads=payloads,
        subjects=store.subjects,
        macs=store.macs,
        is_auditor=lambda who: belongs(who, settings.console.auditors, judge),
        reads_results=lambda who: belongs(who, settings.console.result_readers, judge),
        same=settings.same.person,
    )
    house = House(
        settings=settings,
        roles=roles,
        gateway=gateway,
        desk=desk,
        brakes=brakes,
        archive=archive,
        exports=Taking(
            tail=store.journal,
            journal=journal,
            subjects=store.subjects,
            macs=store.macs,
            origin=store.origin,
            version=version("assent"),
            is_auditor=lambda who: belongs(who, settings.console.auditors, judge),
        ),
        bench=bench,
        keeper=keeper,
        rotation=rotation,
        ruling=ruling,
        notices=notices,
        ready=lambda: judge.fits,
        verifier=verifier,
        keys=keys,
        journal=journal,
        store=store,
        connectors=connectors,
        clock=clock,
        verify=lambda: verified(settings, store, journal),
    )
    return Works(
        house=house,
        sweeper=sweeper,
        courses=courses,
        weighing=weighing,
        denials=denials,
        findings=findings,
        vigil=vigil,
    )


@asynccontextmanager
async def serving(works: Works) -> AsyncIterator[None]:
    """Recover, then sweep until the block ends; what runs then ends by its own limits."""
    house = works.house
    await begin(house.settings, house.store, house.journal)
    await works.vigil.look()
    await works.sweeper.sweep()
    watch = Watch(works.house.journal, works.house.clock)
    tasks = [
        asyncio.create_task(works.sweeper.serve()),
        asyncio.create_task(works.house.store.endings.serve(watch)),
    ]
    async with counting(works):
        try:
            yield
        finally:
            await works.courses.drain()
            await works.weighing.drain()
            await works.sweeper.drain()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


@asynccontextmanager
async def counting(works: Works) -> AsyncIterator[None]:
    """Count what is told once a minute, and end what is due, until the block ends."""
    keeper, rotation = works.house.keeper, works.house.rotation
    await keeper.start()
    await works.vigil.look()
    watch = Watch(works.house.journal, works.house.clock)
    tasks = [asyncio.create_task(works.denials.serve()), asyncio.create_task(works.findings.serve())]
    tasks += [asyncio.create_task(keeper.serve(watch)), asyncio.create_task(rotation.serve(watch))]
    tasks.append(asyncio.create_task(works.vigil.serve()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await works.denials.flush()
        await works.findings.flush()
