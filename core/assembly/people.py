"""The people's side put together; who somebody is by the configuration: where they are known, in which groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import final

from core.assembly.stores import Store
from core.model import Identity
from core.policy.judge import InForce
from core.ports import Clock, Journal, Roll
from core.reviews.brakes import Brakes
from core.reviews.desk import Desk
from core.reviews.grantors import Grantors
from core.reviews.hindsight import Hindsights
from core.reviews.votes import listed
from core.settings import Settings


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Where people decide, stop what was decided, and look at what one of them decided alone."""

    desk: Desk
    brakes: Brakes
    hindsights: Hindsights
    grantors: Grantors


def decided(settings: Settings, store: Store, journal: Journal, judge: InForce, clock: Clock) -> Side:
    """Put the people's side together."""
    roll = partial(called, settings, judge)
    hindsights = Hindsights(
        journal=journal,
        reviews=store.reviews,
        breaks=store.breaks,
        payloads=store.payloads,
        macs=store.macs,
        subjects=store.subjects,
        roll=roll,
        auditors=settings.console.auditors,
        clock=clock,
        policy=lambda: judge.version,
    )
    desk = Desk(
        journal=journal,
        reviews=store.reviews,
        payloads=store.payloads,
        macs=store.macs,
        subjects=store.subjects,
        roll=roll,
        emergencies=hindsights,
        clock=clock,
        past=store.history,
        policy=lambda: judge.version,
    )
    brakes = Brakes(
        journal=journal,
        reviews=store.reviews,
        macs=store.macs,
        subjects=store.subjects,
        roll=roll,
        clock=clock,
    )
    grantors = Grantors(
        journal=journal,
        reviews=store.reviews,
        grants=store.grants,
        payloads=store.payloads,
        macs=store.macs,
        subjects=store.subjects,
        roll=roll,
        clock=clock,
    )
    return Side(desk=desk, brakes=brakes, hindsights=hindsights, grantors=grantors)


def called(settings: Settings, judge: InForce) -> Roll:
    """Say who may decide; nobody alone where this process knows no second channel to post it to."""
    roll = judge.roll()
    return roll if settings.glass else replace(roll, breakers=frozenset())


def directories(settings: Settings, issuer: str, client: str) -> frozenset[str]:
    """Where the people behind an issuer's client are known: the issuer's directory, and the owner's of a machine."""
    known = {one.directory for one in settings.issuers if one.issuer == issuer}
    owners = {one.owner.directory for one in settings.agents if client in {one.client, one.client.partition(":")[2]}}
    return frozenset(known | owners) if known else frozenset()


def belongs(who: Identity, groups: frozenset[str], judge: InForce) -> bool:
    """Whether a person is in one of some `[group.*]` tables, as the configuration lists it now."""
    return bool(member(who, groups, judge))


def member(who: Identity, groups: frozenset[str], judge: InForce) -> str:
    """By which entry of some `[group.*]` tables a person is in one of them, "" for none."""
    return listed(who, entries(groups, judge))


def entries(groups: frozenset[str], judge: InForce) -> frozenset[str]:
    """All entries of some `[group.*]` tables, as the configuration lists them now."""
    members = judge.members()
    return frozenset[str]().union(*(members.get(group, frozenset()) for group in groups))
