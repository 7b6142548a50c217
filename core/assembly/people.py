"""The people's side put together; who somebody is by the configuration: where they are known, in which groups."""

from __future__ import annotations

from core.assembly.stores import Store
from core.model import Identity
from core.policy.judge import InForce
from core.ports import Clock, Journal
from core.reviews.brakes import Brakes
from core.reviews.desk import Desk
from core.reviews.grantors import Grantors
from core.reviews.votes import listed
from core.settings import Settings


def decided(store: Store, journal: Journal, judge: InForce, clock: Clock) -> tuple[Desk, Brakes, Grantors]:
    """Put together where people decide, where they stop what was decided, and where they end grants."""
    desk = Desk(
        journal=journal,
        reviews=store.reviews,
        payloads=store.payloads,
        macs=store.macs,
        subjects=store.subjects,
        members=judge.members,
        clock=clock,
        past=store.history,
        policy=lambda: judge.version,
    )
    brakes = Brakes(
        journal=journal,
        reviews=store.reviews,
        macs=store.macs,
        subjects=store.subjects,
        members=judge.members,
        clock=clock,
    )
    grantors = Grantors(
        journal=journal,
        reviews=store.reviews,
        grants=store.grants,
        payloads=store.payloads,
        macs=store.macs,
        subjects=store.subjects,
        members=judge.members,
        clock=clock,
    )
    return desk, brakes, grantors


def directories(settings: Settings, issuer: str, client: str) -> frozenset[str]:
    """Where the people behind an issuer's client are known: the issuer's directory, and the owner's of a machine."""
    known = {one.directory for one in settings.issuers if one.issuer == issuer}
    owners = {one.owner.directory for one in settings.agents if client in {one.client, one.client.partition(":")[2]}}
    return frozenset(known | owners) if known else frozenset()


def belongs(who: Identity, groups: frozenset[str], judge: InForce) -> bool:
    """Whether a person is in one of some `[group.*]` tables, as the configuration lists it now."""
    members = judge.members()
    return any(listed(who, members.get(group, frozenset())) for group in groups)
