"""Everything the file says, before it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from core.identity.issuer import Agent, Issuer
from core.model import Person
from core.policy.rules import Budget, Rule
from core.settings.nouns import (
    ConsoleSettings,
    Emergency,
    GatewaySettings,
    KeySettings,
    MetricsSettings,
    PlaceSettings,
    SinkSettings,
    SlackSettings,
    SourceSettings,
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything the file says, before it is believed."""

    gateway: GatewaySettings
    keys: KeySettings
    issuers: tuple[Issuer, ...]
    groups: Mapping[str, frozenset[str]]
    following: Mapping[str, str]
    glass: Emergency | None
    humans: tuple[tuple[Person, ...], ...]  # the accounts of each, who has several
    agents: tuple[Agent, ...]
    console: ConsoleSettings
    slack: SlackSettings | None
    sinks: tuple[SinkSettings, ...]
    places: tuple[PlaceSettings, ...]
    sources: tuple[SourceSettings, ...]
    masks: Mapping[str, str]
    owners: Mapping[str, str]
    rules: tuple[Rule, ...]
    budgets: tuple[Budget, ...]
    retention: Mapping[str, int]
    metrics: MetricsSettings | None = None

    @property
    def tags(self) -> frozenset[str]:
        """Every tag that a Source gives a column."""
        return frozenset(tag for one in self.sources for tag in one.source.tags.values())

    @property
    def several(self) -> bool:
        """More than one directory: bare names would be anybody's."""
        return len({issuer.directory for issuer in self.issuers}) > 1
