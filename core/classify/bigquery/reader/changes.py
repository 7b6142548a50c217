"""What a change assigns, compares and copies: all by name, where the service says nothing of columns.

Names are words of the text in one part of it, wherever they stand there: more than columns, never fewer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from sqlglot import exp

from .doubted import Node, Plain
from .scope import fold
from .shape import walk

Places: TypeAlias = "dict[str, list[Node]]"

CHANGES: Final = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create)


def change(root: Node, *, piped: bool) -> Plain:
    """Say of a change what stands where; None of a read.

    `sets`: per assignment the words assigned to and those of its value; `fills`: columns that are inserted; `compares`:
    words that choose rows; `copies`: all others. "*" stands among the words where a whole row may be meant; pipe syntax
    (`piped`) means one without a word for it.
    """
    if not isinstance(root, CHANGES):
        return None
    called, whole = ranged(root), ["*"] if piped else []
    pairs, chosen, named = list(assignments(root)), list(conditions(root)), list(filled(root))
    told = {id(node) for one in (*chosen, *named, *(one for pair in pairs for one in pair)) for node in walk(one)}
    rest = [node for node in walk(root) if id(node) not in told]
    return {
        "sets": [[uses(walk(left), frozenset()), [*uses(walk(right), called), *whole]] for left, right in pairs],
        "fills": fills(root, named),
        "compares": [*uses((node for one in chosen for node in walk(one)), called), *whole],
        "copies": [*uses(rest, called), *whole],
    }


def fills(root: Node, named: list[Node]) -> list[Plain]:
    """Give the columns that INSERT names; where one names none, it fills all."""
    inserts = [node for node in walk(root) if isinstance(node, exp.Insert)]
    every = any(not isinstance(one.this, exp.Schema | exp.Tuple) for one in inserts)
    return [*uses((node for one in named for node in walk(one)), frozenset()), *(["*"] if every else [])]


def assignments(root: Node) -> Iterator[tuple[Node, Node]]:
    """Yield what is assigned to what: in UPDATE, and in branches of MERGE that update."""
    for node in walk(root):
        if isinstance(node, exp.Update):
            for one in node.expressions:
                if isinstance(one, exp.EQ):
                    yield one.this, one.expression


def filled(root: Node) -> Iterator[Node]:
    """Yield the lists of columns that INSERT names, here and in branches of MERGE; the target is among them."""
    for node in walk(root):
        if isinstance(node, exp.Insert) and isinstance(node.this, Node):
            yield node.this


def conditions(root: Node) -> Iterator[Node]:
    """Yield what chooses rows: WHERE, ON, and what branches of MERGE want; a subquery's own belong to it."""
    if isinstance(root, exp.Update | exp.Delete) and isinstance(where := root.args.get("where"), Node):
        yield where
    if isinstance(root, exp.Merge):
        yield root.args["on"]
        for when in root.args["whens"].expressions:
            if isinstance(wanted := when.args.get("condition"), Node):
                yield wanted


def uses(nodes: Iterable[Node], called: frozenset[str]) -> list[Plain]:
    """Give the words that stand in some nodes, "*" first where a whole row may be meant."""
    found: set[str] = set()
    for node in nodes:
        if starred(node) or (isinstance(node, exp.Column) and fold(node.name) in called):
            found.add("*")
        if not isinstance(node, exp.Literal):
            found |= set(pieces(node))
    return [*sorted(found)]


def starred(node: Node) -> bool:
    """Whether this is a star that means columns: in COUNT(*) it means none."""
    return isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count)


def ranged(root: Node) -> frozenset[str]:
    """Give every name that a FROM clause, a WITH or a table makes, folded."""
    tables = (node for node in walk(root) if isinstance(node, exp.Table) and not isinstance(node.this, exp.Func))
    named = {fold(name) for node in walk(root) for name in called_in(node)}
    return frozenset(named | {fold(node.name) for node in tables})


def called_in(node: Node) -> list[str]:
    """Give the names that a FROM clause or a WITH makes here."""
    if not isinstance(node, exp.TableAlias):
        return []
    return [name for name in (node.name, *(column.name for column in node.args.get("columns") or [])) if name]


def pieces(node: Node) -> Iterator[str]:
    """Yield the words that a node holds."""
    for value in node.args.values():
        if isinstance(value, str):
            yield from split(value)


def split(name: str) -> list[str]:
    """Take a name apart at dots and dashes, folded."""
    return [piece for piece in re.split(r"[.-]", name.casefold()) if piece]
