"""A Policy in force: its Terms, their hash, and the index that keeps large ones fast."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Final, TypeAlias, final

from core.model import Json, Seat
from core.policy.conditions import globs
from core.policy.conditions.hours import Window
from core.policy.conditions.index import Index, index
from core.policy.rules import Agent, Budget, Conditions, Effects, Glass, Rule, Terms

FORMAT: Final = 1
MICROSECOND: Final = timedelta(microseconds=1)

Value: TypeAlias = (
    "frozenset[str] | frozenset[Seat] | tuple[Window, ...] | str | int | bool | Decimal | timedelta | None"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules, groups, masks, owners and agents under one version. Made only by `enact`."""

    rules: tuple[Rule, ...]  # by name: the order of a file has no meaning
    budgets: tuple[Budget, ...]  # likewise
    groups: Mapping[str, frozenset[str]]
    following: Mapping[str, str]
    glass: Glass | None
    masks: Mapping[str, str]
    owners: Mapping[str, str]
    agents: Mapping[str, Agent]
    directories: Mapping[str, str]
    version: str  # SHA-256 of `text`
    text: str  # canonical JSON: what an auditor holds against the hash in a Verdict
    index: Index

    def mask(self, tag: str) -> str | None:
        """Return the kind of mask of a tag: by its own name, else by the longest pattern; None when there is none."""
        return _closest(self.masks, tag)

    def owner(self, tag: str) -> str | None:
        """Return the group whose seat an unmasking of a tag needs; None: impossible."""
        return _closest(self.owners, tag)


def enact(terms: Terms) -> Policy:
    """Make the Policy of checked Terms; the version is SHA-256 of their canonical JSON, in hex.

    Raises: ValueError when two rules, or two budgets, have one name: every decision names its rules.
    """
    rules = tuple(sorted(terms.rules, key=lambda rule: rule.name))
    budgets = tuple(sorted(terms.budgets, key=lambda budget: budget.name))
    for listed in (rules, budgets):
        if len({one.name for one in listed}) != len(listed):
            raise ValueError("two rules, or two budgets, have one name")
    text = canonical(terms)
    return Policy(
        rules=rules,
        budgets=budgets,
        groups=MappingProxyType(dict(terms.groups)),
        following=MappingProxyType(dict(terms.following)),
        glass=terms.glass,
        masks=MappingProxyType(dict(terms.masks)),
        owners=MappingProxyType(dict(terms.owners)),
        agents=MappingProxyType(dict(terms.agents)),
        directories=MappingProxyType(dict(terms.directories)),
        version=sha256(text.encode()).hexdigest(),
        text=text,
        index=index(rules),
    )


def _closest(table: Mapping[str, str], tag: str) -> str | None:
    if tag in table:
        return table[tag]
    patterns = sorted((pattern for pattern in table if globs.matches(pattern, tag)), key=lambda one: (-len(one), one))
    return table[patterns[0]] if patterns else None


def canonical(terms: Terms) -> str:
    """Write Terms as the one text that their hash is of; `core.policy.written` reads it."""
    rules = sorted(terms.rules, key=lambda rule: rule.name)
    everything: dict[str, Json] = {
        "format": FORMAT,
        "rules": [_rule(rule) for rule in rules],
        "groups": {name: sorted(members) for name, members in terms.groups.items()},
        "masks": dict(terms.masks),
        "owners": dict(terms.owners),
        "agents": {client: {"owner": agent.owner, "name": agent.name} for client, agent in terms.agents.items()},
        "directories": dict(terms.directories),
        "also": dict(terms.also),
    }
    # a policy without any of these has the text, and the hash, that it had before they were
    if terms.following:
        everything["following"] = dict(terms.following)
    if terms.glass is not None:
        everything["break_glass"] = {"members": sorted(terms.glass.members), "via": sorted(terms.glass.ways)}
    if terms.budgets:
        everything["budgets"] = [_budget(one) for one in sorted(terms.budgets, key=lambda budget: budget.name)]
    return json.dumps(everything, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _rule(rule: Rule) -> dict[str, Json]:
    parts: dict[str, Json] = {"name": rule.name, "then": rule.then.value, "floor": rule.floor}
    return parts | {"when": _stated(rule.when), "unless": _stated(rule.unless), "effects": _stated(rule.effects)}


def _budget(one: Budget) -> dict[str, Json]:
    parts: dict[str, Json] = {"name": one.name, "per": one.per.value, "period": one.period.value}
    amounts: dict[str, Json] = {measure.value: amount for measure, amount in one.amounts.items()}
    floor: dict[str, Json] = {"floor": True} if one.floor else {}
    return parts | {"amounts": amounts, "when": _stated(one.when), "unless": _stated(one.unless)} | floor


def _stated(noun: Conditions | Effects) -> dict[str, Json]:
    values: dict[str, Value] = {part.name: getattr(noun, part.name) for part in fields(noun)}
    return {name: _json(value) for name, value in values.items() if value is not None}


def _json(value: Value) -> Json:
    match value:
        case frozenset() | tuple():
            return sorted(_item(item) for item in value)
        case Decimal():
            return str(value)
        case timedelta():
            return value // MICROSECOND
        case StrEnum():
            return value.value
        case _:
            return value


def _item(item: str | Seat | Window) -> str:
    match item:
        case Seat():
            return f"{item.count} {item.group}"
        case Window():
            return item.text
        case StrEnum():
            return item.value
        case _:
            return item
