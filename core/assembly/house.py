"""One process's side of everything, put together: nouns of the assembly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, final

from core.assembly.policy import Notices
from core.assembly.stores import Roles, Store
from core.audit.archive import Looking
from core.audit.export.taking import Taking
from core.audit.opening import Redeeming
from core.custody.acts import Bench
from core.custody.keeper import Keeper
from core.custody.rotation import Rotation
from core.custody.ruling import Ruling
from core.execution.asking.weighing import Weighing
from core.execution.background.denials import Denials
from core.execution.background.findings import Findings
from core.execution.background.vigil import Vigil
from core.execution.courses import Courses
from core.execution.recovery.sweep import Sweeper
from core.gateway import Gateway
from core.identity.issuer import Issuer
from core.identity.keys import JwksKeys
from core.identity.verifier import Verifier
from core.model import Json
from core.ports import Clock, Connector, Journal, Opening
from core.reviews.brakes import Brakes
from core.reviews.desk import Desk
from core.reviews.grantors import Grantors
from core.reviews.hindsight import Hindsights
from core.settings import GatewaySettings, Role, Settings
from core.telemetry.stages import Stages
from core.telemetry.telling import Telling

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
    grantors: Grantors
    archive: Looking
    exports: Taking
    redeeming: Redeeming
    bench: Bench
    keeper: Keeper
    rotation: Rotation
    ruling: Ruling
    notices: Notices
    stages: Stages
    telling: Telling
    verifier: Verifier
    keys: JwksKeys
    journal: Journal
    store: Store
    connectors: Mapping[str, Connector]
    clock: Clock
    verify: Callable[[], Awaitable[Mapping[str, Json]]]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """What a door for agents is given: the line, and nothing by which anyone could approve."""

    line: Gateway
    settings: GatewaySettings
    issuers: tuple[Issuer, ...]
    clock: Clock
    ready: Callable[[], Awaitable[bool]]
    heard: Callable[[str, str, float], None]  # told of each request: tool, outcome, seconds
    redeem: Callable[[str], Awaitable[Opening]]  # what a ticket of the people's side opens, once

    @classmethod
    def of(cls, house: House) -> Hall:
        """Take it out of a house."""
        return cls(
            line=house.gateway,
            settings=house.settings.gateway,
            issuers=house.settings.issuers,
            clock=house.clock,
            ready=house.telling.readiness.ready,
            heard=house.stages.operation,
            redeem=house.redeeming.redeem,
        )


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
    hindsights: Hindsights
