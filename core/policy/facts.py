"""What every fact and verb of a Reading means to people, and how much it weighs: two literal tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final, final

from core.model import Fact, Reading, Verb


class Weight(IntEnum):
    """How much a fact or verb weighs on a card."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One row of the table: the sentence for people, the weight, and whether an `allow` is not enough."""

    sentence: str
    weight: Weight
    asks: bool = False


MEANINGS: Final[Mapping[Fact, Meaning]] = MappingProxyType(
    {
        Fact.NO_WHERE: Meaning(sentence="It has no WHERE: it changes every row.", weight=Weight.CRITICAL),
        Fact.ALL_ROWS: Meaning(
            sentence="Its WHERE is true for every row: it changes every row.", weight=Weight.CRITICAL
        ),
        Fact.PREDICATE_ON_PROTECTED: Meaning(
            sentence="Which rows it changes depends on protected values, so their number tells something of them.",
            weight=Weight.HIGH,
            asks=True,
        ),
        Fact.ASSIGNS_PROTECTED: Meaning(sentence="It writes a protected column.", weight=Weight.HIGH, asks=True),
        Fact.COPIES_PROTECTED: Meaning(
            sentence="It copies protected values into another protected column of the same tag.",
            weight=Weight.HIGH,
            asks=True,
        ),
        Fact.TELLS_OF_PROTECTED: Meaning(
            sentence="Whether it succeeds, or how far it is carried, depends on protected values: keys or checks "
            "compare them.",
            weight=Weight.HIGH,
            asks=True,
        ),
        Fact.CASCADES: Meaning(sentence="Foreign keys carry the change into other tables.", weight=Weight.HIGH),
        Fact.FIRES_TRIGGERS: Meaning(sentence="Triggers run besides.", weight=Weight.MEDIUM),
        Fact.FIRES_RULES: Meaning(sentence="Rewrite rules add statements of their own.", weight=Weight.HIGH),
        Fact.VIA_VIEW: Meaning(sentence="It reaches its tables through a view.", weight=Weight.LOW),
        Fact.LOCKS_ROWS: Meaning(
            sentence="It locks rows that others may be waiting for.", weight=Weight.MEDIUM, asks=True
        ),
        Fact.LOCKS_TABLE: Meaning(sentence="It locks a whole table while it runs.", weight=Weight.HIGH, asks=True),
        Fact.NOT_TRANSACTIONAL: Meaning(
            sentence="Part of what it does stays even when it is rolled back.", weight=Weight.HIGH
        ),
        Fact.UNREGISTERED_CODE: Meaning(
            sentence="It runs code in the database that nobody has registered.", weight=Weight.HIGH, asks=True
        ),
        Fact.REPLACES_CODE: Meaning(
            sentence="It replaces code that later runs on behalf of others.", weight=Weight.CRITICAL, asks=True
        ),
        Fact.TAGS_MUST_BE_REVIEWED: Meaning(
            sentence="It changes what tags are bound to; they must be reviewed afterwards.",
            weight=Weight.HIGH,
            asks=True,
        ),
        Fact.LOOKS_UP: Meaning(
            sentence="It finds rows by the exact value of a protected column.", weight=Weight.MEDIUM
        ),
        Fact.ROW_POLICY: Meaning(sentence="Row policies of the database filter what it sees.", weight=Weight.LOW),
    }
)

VERBS: Final[Mapping[Verb, Weight]] = MappingProxyType(
    {
        Verb.READ: Weight.LOW,
        Verb.INSERT: Weight.MEDIUM,
        Verb.UPDATE: Weight.MEDIUM,
        Verb.DELETE: Weight.MEDIUM,
        Verb.DEFINE: Weight.HIGH,
        Verb.GRANT: Weight.CRITICAL,
        Verb.RUN: Weight.HIGH,
        Verb.CONTROL: Weight.CRITICAL,
    }
)


def risk(reading: Reading) -> str:
    """Return low, medium, high or critical: the largest weight of its facts and verbs."""
    weights = [MEANINGS[fact].weight for fact in reading.facts] + [VERBS[verb] for verb in reading.verbs]
    return max(weights, default=Weight.LOW).name.lower()
