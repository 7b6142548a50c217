"""Whom another policy lets decide: members, groups that follow, people who answer alone; no person is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from core.policy.changing.whom import quoted
from core.policy.rules import Glass

Said: TypeAlias = tuple[str, str]  # a sentence, and whom it is about


def groups(old: Mapping[str, frozenset[str]], new: Mapping[str, frozenset[str]]) -> Iterator[Said]:
    """Say which groups gain members."""
    for name, members in sorted(new.items()):
        added = len(members - old.get(name, frozenset()))
        if added:
            yield f'group "{name}" gains {added}', "whoever joins it"


def following(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Said]:
    """Say which groups another one follows now."""
    for name, later in sorted(new.items()):
        if old.get(name) != later:
            yield (
                f'seats of group "{name}" may be filled by another group late',
                f"people in group {quoted([later])}",
            )


def glass(old: Glass | None, new: Glass | None) -> Iterator[Said]:
    """Say who may answer alone in an emergency, and did not, or from where."""
    if new is None:
        return
    none = frozenset[str]()
    added = len(new.members - (old.members if old else none))
    if added:
        yield f"{added} more may answer alone in an emergency", "whoever is among them"
    elif old is not None and not new.ways <= old.ways:
        yield "an emergency may be answered alone from another door", "whoever may answer alone"
