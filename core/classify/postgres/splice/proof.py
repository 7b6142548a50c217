"""The second tree, of a text with masked subqueries: every occurrence of a tainted relation lies in a known template.

A template is the tree of the masked subselect, analysed alone. Equality is on trees without locations, mask keys
compared as (tag, pad): so a splicer that went wrong, or names that hide something from it, end in a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, final

from core.catalog import Oid, Protection, Relation, Snapshot
from core.classify.postgres.nouns import Doubted, Model, Named, Pad, Parsed, Spliced, Witnessed
from core.classify.postgres.splice.aggregates import enclosed
from core.classify.postgres.tree.agree import agree, closure, disagree, listed
from core.classify.postgres.tree.census import ORIGINS, count
from core.classify.postgres.tree.checks import check
from core.classify.postgres.tree.functions import Judge
from core.classify.postgres.tree.protected import unseen, use
from core.classify.postgres.tree.read import Tree, Value, digest, identity, read
from core.model import Doubt, Json, Unreadable

EXTERNAL: Final = 0  # nodes/primnodes.h: PARAM_EXTERN


def learn(dump: str, snapshot: Snapshot) -> Tree | Unreadable:
    """Read the tree of a masked subselect that was analysed alone."""
    try:
        queries = read(dump, snapshot.version)
        if len(queries) != 1:
            raise disagree(f"{len(queries)} queries in a template")
    except Doubted as doubted:
        return doubted.unreadable
    return queries[0]


def confirm(
    witnessed: Witnessed, dump: str, templates: Mapping[Model, Tree], snapshot: Snapshot, protection: Protection
) -> Witnessed | Unreadable:
    """Hold the server's tree of the spliced text against the templates; only then the Reading counts as witnessed.

    All else is judged anew as well: masked columns may have other types than raw ones, and choose other functions.
    """
    spliced = witnessed.owes
    if spliced is None:
        return witnessed
    try:
        return _confirmed(witnessed, spliced, dump, templates, snapshot, protection)
    except Doubted as doubted:
        return doubted.unreadable
    except RecursionError:
        return Unreadable(
            doubt=Doubt.LIMITS, sentence="The statement is nested too deeply; write it with fewer levels."
        )


def _confirmed(
    witnessed: Witnessed,
    spliced: Spliced,
    dump: str,
    templates: Mapping[Model, Tree],
    snapshot: Snapshot,
    protection: Protection,
) -> Witnessed:
    queries = read(dump, snapshot.version)
    census = count(queries, snapshot, listed(snapshot))
    check(queries, census, spliced.parsed, snapshot)
    pairs = placed(spliced.parsed, snapshot)
    agree(pairs, census, snapshot)
    used = use(census, snapshot, protection)
    unseen(census, used, snapshot, protection)
    judge = Judge(snapshot, protection, writes=False)
    judge.functions(census)
    types = judge.types(census)
    proof = Proof(spliced, templates, protection.tainted)
    for query in queries:
        proof.visit(query)
    if witnessed.reading.aggregated:
        (relation,) = (snapshot.relations[oid] for oid in spliced.replaced)
        enclosed(queries, spliced.uses, relation, protection)
    stands = witnessed.closure | closure(census, pairs, types, snapshot)
    stamp: dict[str, Json] = {str(oid): snapshot.stamp.get(oid, "") for oid in sorted(stands)}
    tree = digest({"first": witnessed.reading.tree, "second": identity(dump), "stamp": stamp})
    reading = replace(witnessed.reading, tree=tree, witnessed=True)
    return replace(witnessed, reading=reading, closure=stands, owes=None, pads=spliced.pads)


def placed(parsed: Parsed, snapshot: Snapshot) -> tuple[tuple[Named, Relation], ...]:
    """Resolve the names of a text of ours: unlike an agent's, it may name masking views.

    Raises: Doubted.
    """
    found = [(named, snapshot.find(named.schema, named.name)) for named in parsed.names]
    if any(relation is None for _, relation in found):
        raise Doubted(Doubt.CLOSED, "A masking view is missing: an operator runs assent harden.")
    return tuple((named, relation) for named, relation in found if relation is not None)


@final
class Proof:
    """One walk over the second tree; what equals a template is not looked into."""

    def __init__(self, spliced: Spliced, templates: Mapping[Model, Tree], tainted: frozenset[Oid]) -> None:
        self._own: Final = spliced.parsed.parameters - len(spliced.pads)
        self._pads: Final = numbers(spliced.pads, self._own)
        self._templates: Final = [(tree, numbers(model.pads, 0)) for model, tree in templates.items()]
        self._tainted: Final = tainted

    def visit(self, tree: Tree) -> None:
        """Visit a node and all below it that lies in no template.

        Raises: Doubted for a tainted relation, or a parameter that is not the Call's own.
        """
        if tree.name == "QUERY" and any(self._alike(tree, known, pads) for known, pads in self._templates):
            return
        if external(tree) and not 1 <= tree.number("paramid") <= self._own:
            raise disagree("a parameter outside the templates")
        for field, kind in tree.kinds.items():
            if kind == "r" and field not in ORIGINS and tree.number(field) in self._tainted:
                raise disagree(f"{tree.name}.{field} names a protected relation outside the templates")
        for _, below in tree.below():
            self.visit(below)

    def _alike(self, one: Value, other: Value, pads: Mapping[int, Pad]) -> bool:
        """Whether a value equals a template's, locations left out and keys compared by meaning."""
        if isinstance(one, Tree):
            return isinstance(other, Tree) and self._same(one, other, pads)
        if isinstance(one, list):
            return (
                isinstance(other, list)
                and len(one) == len(other)
                and all(self._alike(mine, its, pads) for mine, its in zip(one, other, strict=True))
            )
        return one == other

    def _same(self, one: Tree, other: Tree, pads: Mapping[int, Pad]) -> bool:
        if one.name != other.name or one.fields.keys() != other.fields.keys():
            return False
        compared = [field for field in one.fields if one.kinds[field] != "L"]
        if external(one):
            mine, its = self._pads.get(one.number("paramid")), pads.get(other.number("paramid"))
            compared.remove("paramid")
            if mine is None or mine != its:
                return False
        return all(self._alike(one.fields[field], other.fields[field], pads) for field in compared)


def external(tree: Tree) -> bool:
    """Whether a node is a parameter of the text; others are results of subqueries."""
    return tree.name == "PARAM" and tree.number("paramkind") == EXTERNAL


def numbers(pads: tuple[Pad, ...], above: int) -> Mapping[int, Pad]:
    """Give the parameters that are mask keys."""
    return dict(enumerate(pads, start=above + 1))
