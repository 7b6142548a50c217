"""What the store says is in force, with this process's own floor beneath it: no row of a database lifts that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from core.policy import written
from core.policy.force import Policy, enact
from core.policy.rules import Budget, Rule, Terms


def floored(own: Policy, version: str, text: str) -> tuple[Policy, bool]:
    """Make the Policy of a stored text; and whether this process was built for it.

    Rules, budgets, groups, who follows them, who breaks glass, and owners come from the store. What the process
    itself is made of, masks, tags, Sources, identity, agents and the console's lists, must be what its own file says.
    Raises: ValueError when the text is no policy's, or not the one of this version.
    """
    if sha256(text.encode()).hexdigest() != version:
        raise ValueError("the policy's text is not the one of its version")
    terms, mine = written.read(text), written.read(own.text)
    rules = (*terms.rules, *_missing(terms.rules, mine.rules))
    budgets = (*terms.budgets, *_missing(terms.budgets, mine.budgets))
    made = enact(replace(terms, rules=rules, budgets=budgets))
    return replace(made, version=version, text=text), built(terms) == built(mine)


def built(terms: Terms) -> Terms:
    """Keep what a process takes at its start alone; owners by the tags that have one."""
    owners = dict.fromkeys(terms.owners, "")
    return replace(terms, rules=(), budgets=(), groups={}, following={}, glass=None, owners=owners)


Part = TypeVar("Part", Rule, Budget)


def _missing(stored: Iterable[Part], own: Iterable[Part]) -> Iterator[Part]:
    """Give the own floor's rules or budgets that the store does not have word for word, under names that are free."""
    held = {one.name: one for one in stored}
    for one in own:
        if one.floor and held.get(one.name) != one:
            name = one.name
            while name in held:
                name += " (floor)"
            held[name] = replace(one, name=name)
            yield held[name]
