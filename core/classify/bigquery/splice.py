"""The agent's own text with masked subqueries where tagged tables stand: bytes are moved, nothing is written anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from core.classify.bigquery.nouns import Account, Reference, Spliced
from core.classify.bigquery.offline import heard
from core.model import Doubt, Json, Unreadable
from core.warehouse import Guard, Guarded, Warehouse, quoted

TIMES: Final = "Protected tables are read as they are now, whole and by their own names: without TABLESAMPLE or times."
PIPES: Final = "Protected tables are not read in pipe syntax; write the statement with SELECT and FROM."
ADVICE: Final[Mapping[str, str]] = {
    "dotted": "Give protected tables an alias, and name their columns by it.",
    "pipe": PIPES,
    "pseudo": "Pseudo-columns of protected tables are not shown.",
}
CAPTURES: Final = 'Another alias than "{}" is needed here: it is the name of a project.'


def splice(account: Account, warehouse: Warehouse, guard: Guard) -> Spliced | Unreadable | None:
    """Put masks into a statement that reads tagged tables; None: it reads none."""
    tagged = [
        (one, guard.tables[one.canonical(warehouse)])
        for one in account.references
        if one.canonical(warehouse) in guard.tables
    ]
    if not tagged:
        return None
    trouble = hindered(account, tagged)
    if trouble:
        return Unreadable(doubt=Doubt.PROTECTED, sentence=trouble)
    text = account.reading.statement
    masked = [(one, table.masked) for one, table in tagged]
    new = put(text, masked)
    proof = proved(text, new, masked)
    if isinstance(proof, Unreadable):
        return proof
    names = frozenset(one.canonical(warehouse) for one in account.references if one.kind == "table" and not one.wild)
    hollow = put(text, [(one, table.hollow) for one, table in tagged])
    return Spliced(text=new, hollow=hollow, plain=names - guard.tables.keys())


def hindered(account: Account, tagged: Sequence[tuple[Reference, Guarded]]) -> str:
    """Say why no mask is put into a text; "" when one can be."""
    for mark in sorted(account.marks & ADVICE.keys()):
        return ADVICE[mark]
    for one, table in tagged:
        if one.place is None:
            return TIMES
        project = table.relation.name.split(".")[0]
        if project.casefold() in account.ranges:
            return CAPTURES.format(project)
    places = sorted(one.place for one, _ in tagged if one.place is not None)
    if any(before[1] > after[0] for before, after in pairwise(places)):
        return TIMES
    return ""


def put(text: str, replaced: Sequence[tuple[Reference, str]]) -> str:
    """Replace names, the last first; a table without an alias keeps its name as one."""
    for one, template in sorted(replaced, key=lambda pair: pair[0].place or (0, 0), reverse=True):
        if one.place is not None:
            start, end = one.place
            alias = "" if one.aliased else f" AS {quoted(one.name.rsplit('.', 1)[-1])}"
            text = f"{text[:start]}({template}){alias}{text[end:]}"
    return text


def proved(text: str, new: str, replaced: Sequence[tuple[Reference, str]]) -> Unreadable | None:
    """Have the parser hold the new text against the agent's: the same tree, but for the templates. None: it holds."""
    places: list[Json] = [[*(one.place or (-1, -1)), template] for one, template in replaced]
    found = heard({"text": text, "new": new, "replaced": places}, said)
    return found if isinstance(found, Unreadable) else None


def said(told: Json) -> Unreadable | bool:
    """Read the parser's word.

    Raises: ValueError, KeyError, TypeError.
    """
    if isinstance(told, Mapping) and told.get("proved") is True:
        return True
    if not isinstance(told, Mapping):
        raise TypeError("no word")
    return Unreadable(doubt=Doubt(str(told["doubt"])), sentence=str(told["sentence"]))
