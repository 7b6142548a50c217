"""Settings -> Gateway and the people's side; the only module that names an adapter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version

from core.admission import Admission
from core.assembly.house import EVERY, Hall, House, SystemClock, Works
from core.assembly.index import indexing
from core.assembly.people import belongs, decided, directories, entries, member
from core.assembly.policy import Notices, reading
from core.assembly.publishing import publishing
from core.assembly.serving import counting, serving
from core.assembly.sinks import exporting
from core.assembly.sources import sources
from core.assembly.stores import Roles, Store, alone, followed, opened, verified
from core.assembly.telling import counted, told
from core.audit.archive import Looking
from core.audit.export.taking import Taking
from core.audit.opening import Giving, Redeeming
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
from core.execution.asking.opening import Asking
from core.execution.asking.patience import Patience
from core.execution.asking.weighing import Weighing
from core.execution.attempts import Attempts
from core.execution.background.denials import Denials
from core.execution.background.findings import Findings
from core.execution.background.vigil import Vigil
from core.execution.background.watch import Watch
from core.execution.barrier import Barrier
from core.execution.beginning import Beginning
from core.execution.closing import Closing
from core.execution.collect import Collection
from core.execution.courses import Courses
from core.execution.recovery.resolving import Word
from core.execution.recovery.sweep import Sweeper
from core.execution.turns import Announced, Turns
from core.gateway import Gateway
from core.identity.fetch import HttpFetch
from core.identity.keys import Fetch, JwksKeys
from core.identity.minted import OVERLAP
from core.identity.verifier import Verifier
from core.masking import Masking
from core.policy.judge import InForce
from core.ports import Clock, Connector
from core.settings import Role, Settings
from core.settings.safety import SINGLE
from core.sinks.required import Required
from core.stores.told import Told
from core.telemetry.meters import Meters
from core.telemetry.stages import Stages, Step, TimedConnector, TimedIdentities, TimedMasker

__all__ = ["EVERY", "Hall", "House", "SystemClock", "Works", "assemble", "furnish"]


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
        reached = await sources(stack, settings, time) if runs else {}
        fetching = fetch if fetch is not None else await stack.enter_async_context(HttpFetch())
        keys = JwksKeys(fetching, time)
        works = furnish(settings, store, reached, keys, time, roles)
        stack.push_async_callback(works.house.telling.readiness.drain)
        await stack.enter_async_context(followed(store, works.house.gateway.turns.wake))
        await stack.enter_async_context(serving(works) if runs else counting(works))
        await stack.enter_async_context(exporting(settings, store, time, roles))
        if Role.SIGNER in roles:
            await stack.enter_async_context(publishing(settings, store, time))
        await stack.enter_async_context(indexing(store, roles))
        yield works.house


def furnish(
    settings: Settings,
    store: Store,
    reached: Mapping[str, Connector],
    keys: JwksKeys,
    clock: Clock,
    roles: Roles = EVERY,
) -> Works:
    """Put the rooms together; nothing runs yet. The people's side sees every data key of the store."""
    turns, courses, stages = Turns(), Courses(), Stages(Meters())
    judge = InForce(settings.policy, clock, partial(stages.of, Step.DECIDE), store.macs)
    measured = counted(settings, Told(store.journal), stages)
    journal = Announced(measured, turns)
    connectors = {name: TimedConnector(one, stages) for name, one in reached.items()}
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
        masker=TimedMasker(masking, stages),
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
        boot=alone(store),
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
        cards=reviews if settings.slack is not None else None,
    )
    closing, denials = Closing(journal=journal, payloads=payloads), Denials(journal)
    patience = Patience(journal=journal, reviews=reviews, payloads=payloads, closing=closing, clock=clock)
    weighing = Weighing(journal=journal, payloads=payloads, judge=judge, reviews=reviews)
    gateway = Gateway(
        admission=Admission(
            identities=TimedIdentities(verifier, stages),
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
        beginning=Beginning(
            journal=journal,
            reviews=reviews,
            grants=store.grants,
            payloads=payloads,
            judge=judge,
            attempts=attempts,
            patience=patience,
            barrier=barrier,
            macs=store.macs,
            clock=clock,
        ),
        asking=Asking(journal=journal, reviews=reviews, payloads=payloads, judge=judge, clock=clock, patience=patience),
        weighing=weighing,
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
        grants=store.grants,
        clock=clock,
        macs=store.macs,
        turns=turns,
        watch=Watch(journal, clock),
        standing=store.standing,
        policies=judge,
        gateway=Role.GATEWAY in roles,
    )
    side = decided(settings, store, journal, judge, clock)
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
    rotation = Rotation(
        journal=journal,
        names=store.names,
        wraps=store.ring,
        clock=clock,
        tokens=OVERLAP,
        retires=Role.PEOPLE in roles,
    )
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
        anchors=store.checkpoints,
        is_auditor=lambda who: belongs(who, settings.console.auditors, judge),
        giving=Giving(
            journal=journal,
            subjects=store.subjects,
            macs=store.macs,
            clock=clock,
            member=lambda who: member(who, settings.console.result_readers, judge),
        ),
        same=settings.same.person,
    )
    house = House(
        settings=settings,
        roles=roles,
        gateway=gateway,
        desk=side.desk,
        brakes=side.brakes,
        grantors=side.grantors,
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
        redeeming=Redeeming(
            journal=journal,
            payloads=payloads,
            macs=store.macs,
            closure=store.closure,
            readers=lambda: entries(settings.console.result_readers, judge),
        ),
        bench=bench,
        keeper=keeper,
        rotation=rotation,
        ruling=ruling,
        notices=notices,
        stages=stages,
        telling=told(
            settings,
            store,
            measured,
            stages.meters,
            keys=keys,
            fits=lambda: judge.fits,
            blocked=lambda: barrier.counted,
            connectors=connectors,
            clock=clock,
            roles=roles,
        ),
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
        hindsights=side.hindsights,
    )
