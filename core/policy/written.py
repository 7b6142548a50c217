"""A policy's canonical text -> its Terms: what the store holds is read back exactly, or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from core.model import Fact, Json, Measure, OnApproval, Per, Period, Seat, Verb
from core.policy.conditions.hours import window
from core.policy.force import FORMAT, MICROSECOND, canonical
from core.policy.rules import Agent, Budget, Conditions, Effects, Glass, Rule, Terms, Then

RULE: Final = frozenset({"name", "then", "floor", "when", "unless", "effects"})
BUDGET: Final = frozenset({"name", "per", "period", "amounts", "when", "unless"})
Said = Mapping[str, Json]


def read(text: str) -> Terms:
    """Read what `core.policy.force` wrote.

    Raises: ValueError for any other text, also one that says the same in other words.
    """
    try:
        terms = _terms(_table(json.loads(text)))
    except (KeyError, TypeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"no policy's text: {type(error).__name__}") from error
    if canonical(terms) != text:
        raise ValueError("no policy's canonical text")
    return terms


def _terms(said: Said) -> Terms:
    if said["format"] != FORMAT:
        raise ValueError("a policy of another format")
    agents = {client: _table(one) for client, one in _table(said["agents"]).items()}
    return Terms(
        rules=tuple(_rule(_table(one)) for one in _list(said["rules"])),
        budgets=tuple(_budget(_table(one)) for one in _list(said.get("budgets", []))),
        groups={name: frozenset(map(str, _list(members))) for name, members in _table(said["groups"]).items()},
        following=_texts(said.get("following", {})),
        glass=_glass(_table(said["break_glass"])) if "break_glass" in said else None,
        masks=_texts(said["masks"]),
        owners=_texts(said["owners"]),
        agents={client: Agent(owner=str(one["owner"]), name=str(one["name"])) for client, one in agents.items()},
        directories=_texts(said["directories"]),
        also=_table(said["also"]),
    )


def _glass(said: Said) -> Glass:
    return Glass(members=_words(said, "members") or frozenset(), ways=_words(said, "via") or frozenset())


def _rule(said: Said) -> Rule:
    if said.keys() != RULE:
        raise ValueError("a rule with other parts")
    return Rule(
        name=str(said["name"]),
        then=Then(str(said["then"])),
        when=_conditions(_table(said["when"])),
        unless=_conditions(_table(said["unless"])),
        effects=_effects(_table(said["effects"])),
        floor=said["floor"] is True,
    )


def _budget(said: Said) -> Budget:
    if said.keys() - {"floor"} != BUDGET:
        raise ValueError("a budget with other parts")
    amounts = {Measure(name): _number(_table(said["amounts"]), name) for name in _table(said["amounts"])}
    return Budget(
        name=str(said["name"]),
        per=Per(str(said["per"])),
        period=Period(str(said["period"])),
        amounts={measure: amount for measure, amount in amounts.items() if amount is not None},
        when=_conditions(_table(said["when"])),
        unless=_conditions(_table(said["unless"])),
        floor=said.get("floor") is True,
    )


def _conditions(said: Said) -> Conditions:
    verbs, facts, hours = (_words(said, name) for name in ("verbs", "facts", "hours"))
    price = said.get("price_over")
    return Conditions(
        groups=_words(said, "groups"),
        callers=_words(said, "callers"),
        agents=_words(said, "agents"),
        sources=_words(said, "sources"),
        tables=_words(said, "tables"),
        tags=_words(said, "tags"),
        verbs=None if verbs is None else frozenset(map(Verb, verbs)),
        facts=None if facts is None else frozenset(map(Fact, facts)),
        affected_over=_number(said, "affected_over"),
        bytes_over=_number(said, "bytes_over"),
        price_over=None if price is None else Decimal(str(price)),
        hours=None if hours is None else tuple(window(text) for text in sorted(hours)),
    )


def _effects(said: Said) -> Effects:
    on_approval, channel = said.get("on_approval"), said.get("channel")
    return Effects(
        reviewers=frozenset(_seat(one) for one in _words(said, "reviewers") or ()),
        returned_rows=_number(said, "returned_rows"),
        returned_bytes=_number(said, "returned_bytes"),
        affected_rows=_number(said, "affected_rows"),
        max_bytes=_number(said, "max_bytes"),
        timeout=_span(said, "timeout"),
        unmask=_words(said, "unmask") or frozenset(),
        copies=_words(said, "copies") or frozenset(),
        on_approval=None if on_approval is None else OnApproval(str(on_approval)),
        expires=_span(said, "expires"),
        channel=None if channel is None else str(channel),
        grant_rows=_number(said, "grant_rows"),
        grant_total=_number(said, "grant_total"),
        grant_uses=_number(said, "grant_uses"),
        grant_time=_span(said, "grant_time"),
    )


def _seat(text: str) -> Seat:
    count, _, group = text.partition(" ")
    return Seat(group=group, count=int(count))


def _span(said: Said, name: str) -> timedelta | None:
    found = _number(said, name)
    return None if found is None else found * MICROSECOND


def _number(said: Said, name: str) -> int | None:
    found = said.get(name)
    if found is not None and (not isinstance(found, int) or isinstance(found, bool)):
        raise ValueError(f"{name} is no number")
    return found


def _words(said: Said, name: str) -> frozenset[str] | None:
    return frozenset(map(str, _list(said[name]))) if name in said else None


def _table(said: Json) -> Said:
    if not isinstance(said, Mapping):
        raise TypeError("not a table")
    return said


def _list(said: Json) -> list[Json]:
    if not isinstance(said, list):
        raise TypeError("not a list")
    return said


def _texts(said: Json) -> Mapping[str, str]:
    return {name: str(value) for name, value in _table(said).items()}
