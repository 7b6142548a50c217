"""What a view that keeps its own body lets through: each column that shows a protected one carries a tag of its own.

Such a view (trusted, a barrier, past row security) is masked by its own tags alone (masking.md 1): a column that came
later, or that nobody tagged, would show what its body reads.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.catalog import Oid, Protection, Snapshot
from core.classify.postgres.nouns import Doubted
from core.classify.postgres.tree.census import ruled
from core.classify.postgres.tree.lineage import Base, Lineage, queries
from core.classify.postgres.tree.protected import Used
from core.classify.postgres.tree.read import Tree
from core.model import FREE_TEXT, Doubt


def untagged(trees: Iterable[Tree], used: Used, snapshot: Snapshot, protection: Protection) -> None:
    """Refuse a column in use that shows a protected one and has no tag.

    Raises: Doubted.
    """
    if not protection.raw_views & used.numbers.keys():
        return
    lineage = Lineage()
    for scope in (scope for tree in trees for scope in queries(tree)):
        for entry in scope.query.nodes("rtable"):
            view, body = expanded(entry)
            if body is None or view not in protection.raw_views:
                continue
            for number, shown in enumerate(lineage.outputs(body, scope), start=1):
                tagged = number in protection.tags.get(view, {})
                if used.has(view, number) and not tagged and any(hot(base, protection) for base in shown):
                    relation = snapshot.relations[view]
                    name = f"{relation.qualified}.{relation.attributes[number].name}"
                    raise Doubted(
                        Doubt.PROTECTED,
                        f"{name} shows a protected column and has no tag of its own; leave it out, or ask an operator.",
                    )


def expanded(entry: Tree) -> tuple[Oid, Tree | None]:
    """Give the view that an entry was expanded from, and its body; on 15 the body's own first entries name it."""
    body = entry.node("subquery")
    if body is None or entry.number("relid"):
        return Oid(entry.number("relid")), body
    first = body.nodes("rtable")[:1]
    return (Oid(first[0].number("relid")), body) if first and ruled(first[0]) else (Oid(0), None)


def hot(base: Base, protection: Protection) -> bool:
    """Whether a stored column, or any of a whole row, is masked."""
    oid, number = base
    return any(t.mask != FREE_TEXT and number in {0, n} for n, t in protection.tags.get(oid, {}).items())
