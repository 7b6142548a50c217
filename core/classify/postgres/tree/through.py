"""What a view that keeps its own body lets through: each column that shows a protected one carries a tag of its own.

Such a view (trusted, a barrier, past row security) is masked by its own tags alone (masking.md 1): a column that came
later, or that nobody tagged, would show what its body reads; so would a rank or a count by protected values, what is
compared with one, the order of its rows, and how often each of them comes. Which rows it has is its owner's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.catalog import Oid, Protection, Relation, Snapshot
from core.classify.postgres.nouns import Doubted
from core.classify.postgres.tree.amount import repeats, sources
from core.classify.postgres.tree.census import ruled
from core.classify.postgres.tree.lineage import Base, Lineage, Scope, queries
from core.classify.postgres.tree.protected import Used
from core.classify.postgres.tree.read import Tree, Value
from core.classify.postgres.tree.ties import tied
from core.model import FREE_TEXT, Doubt


def untagged(trees: Iterable[Tree], used: Used, snapshot: Snapshot, protection: Protection) -> None:
    """Refuse a column in use that shows a protected one and has no tag.

    Raises: Doubted.
    """
    if not protection.raw_views & used.numbers.keys():
        return
    lineage, masked = Lineage(strict=True), protected(protection)
    for scope in (scope for tree in trees for scope in queries(tree)):
        for entry in scope.query.nodes("rtable"):
            view, body = expanded(entry)
            if body is None or view not in protection.raw_views:
                continue
            arranged(snapshot.relations[view], Scope(body, scope), lineage, masked)
            bound = tied(queries(body, scope), lineage, masked)
            partners = {oid for oid, _ in bound} - protection.tags.keys()
            for number, shown in enumerate(lineage.outputs(body, scope), start=1):
                tagged = number in protection.tags.get(view, {})
                if used.has(view, number) and not tagged and opens(shown, masked | bound, partners):
                    relation = snapshot.relations[view]
                    name = f"{relation.qualified}.{relation.attributes[number].name}"
                    raise Doubted(
                        Doubt.PROTECTED,
                        f"{name} shows a protected column and has no tag of its own; leave it out, or ask an operator.",
                    )


def opens(shown: frozenset[Base], secret: frozenset[Base], partners: set[Oid]) -> bool:
    """Whether a column shows a secret, or a row that was found by one: its key would lead there."""
    return bool(shown & secret) or any(oid in partners for oid, _ in shown)


def arranged(view: Relation, body: Scope, lineage: Lineage, masked: frozenset[Base]) -> None:
    """Refuse a view whose rows come in the order, or as often, as protected values say.

    Raises: Doubted.
    """
    for scope in sources(body):
        for value in (*sorts(scope.query), *repeats(scope.query)):
            if lineage.of(value, scope) & masked:
                raise Doubted(
                    Doubt.PROTECTED,
                    f"{view.qualified} sorts, cuts or repeats its rows by protected values; leave it out, or ask an "
                    "operator.",
                )


def sorts(query: Tree) -> Iterator[Value]:
    """Yield what a query sorts its rows by."""
    keys = {key.number("tleSortGroupRef") for key in query.nodes("sortClause")}
    for target in query.nodes("targetList"):
        if target.number("ressortgroupref") in keys:
            yield target.fields.get("expr", [])


def expanded(entry: Tree) -> tuple[Oid, Tree | None]:
    """Give the view that an entry was expanded from, and its body; on 15 the body's own first entries name it."""
    body = entry.node("subquery")
    if body is None or entry.number("relid"):
        return Oid(entry.number("relid")), body
    first = body.nodes("rtable")[:1]
    return (Oid(first[0].number("relid")), body) if first and ruled(first[0]) else (Oid(0), None)


def protected(protection: Protection) -> frozenset[Base]:
    """Give every stored column that is masked, and the whole row of its relation."""
    return frozenset(
        (oid, number)
        for oid, columns in protection.tags.items()
        for number in (0, *(each for each, tagged in columns.items() if tagged.mask != FREE_TEXT))
        if number or any(tagged.mask != FREE_TEXT for tagged in columns.values())
    )
