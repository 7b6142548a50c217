"""Rows that a change answers with: which of them come, and in which order, may not follow protected values.

A count of what was changed is withheld where protected values decide it (`core.masking.net`), and RETURNING, a locking
clause or a query beside the change would tell more than that: `SELECT id … ORDER BY income FOR UPDATE` every rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from core.classify.postgres.nouns import Doubted
from core.classify.postgres.tree.checks import SELECT
from core.classify.postgres.tree.lineage import queries
from core.classify.postgres.tree.read import Tree
from core.model import Doubt

CHOSEN: Final = (
    "Which rows come back, or in which order, would follow protected values; leave out RETURNING, or what chooses or "
    "orders rows by them."
)


def unchosen(trees: Iterable[Tree], *, chooses: bool, told: bool) -> None:
    """Refuse rows that come back by protected values: those choose rows, or are `told` of by keys that rows meet.

    Raises: Doubted.
    """
    trees = tuple(trees)
    if answers(trees) and (chooses or (told and skips(trees))):
        raise Doubted(Doubt.PROTECTED, CHOSEN)


def answers(trees: Iterable[Tree]) -> bool:
    """Whether a statement answers with rows: those that it returns, locks, or reads beside its change."""
    return any(tree.nodes("targetList" if tree.number("commandType") == SELECT else "returningList") for tree in trees)


def skips(trees: Iterable[Tree]) -> bool:
    """Whether ON CONFLICT passes over rows by keys that it does not name: what comes back tells which were there."""
    met = (conflict for tree in trees for scope in queries(tree) for conflict in conflicts(scope.query))
    return any(not conflict.nodes("arbiterElems") for conflict in met)


def conflicts(query: Tree) -> Iterator[Tree]:
    """Yield a query's ON CONFLICT clause."""
    conflict = query.node("onConflict")
    if conflict is not None:
        yield conflict
