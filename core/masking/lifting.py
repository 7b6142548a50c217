"""A reviewed unmasking: for one statement, named columns as they are; all else about their relations is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from core.catalog import Oid, Protection, Relation, Snapshot, Tagged
from core.errors import UnsafeStart
from core.masking import names
from core.masking.masks import FREE_TEXT
from core.masking.replacement import body, mirror, select, text_keys, topological

GONE: Final = "What was to be unmasked is not there as it was; ask again."
POLICIED: Final = "Nothing of {} can be unmasked: which of its rows are seen depends on protected columns."
VIEW_DEPTH: Final = 8  # views inlined in one another


def lift(protection: Protection, snapshot: Snapshot, wanted: frozenset[str]) -> Protection:
    """Show the named columns (`schema.table.column`) raw, every other tagged column of their relations as a constant.

    Every replacement is a subquery, to be proven: over the raw table for the relations of these columns, else over the
    masking view, or the masked subquery where masks stand in the text. Views above are inlined. A name that is not
    exactly one tagged column closes everything, and so does one of a table whose rows a policy over protected columns
    shows: no role is granted it.
    """
    lifted = frozenset(
        (oid, number)
        for oid, columns in protection.tags.items()
        for number, tagged in columns.items()
        if tagged.mask != FREE_TEXT and _name(snapshot, oid, number) in wanted
    )
    if not wanted or {_name(snapshot, *one) for one in lifted} != wanted or len(lifted) != len(wanted):
        return replace(protection, shut=protection.shut or GONE)
    barred = sorted(snapshot.relations[oid].qualified for oid, _ in lifted if oid in protection.policied)
    if barred:
        return replace(protection, shut=protection.shut or POLICIED.format(barred[0]))
    work = _Lifting(protection, snapshot, lifted)
    for oid in topological(protection.tainted, snapshot):
        work.place(snapshot.relations[oid])
    return replace(
        protection,
        tags=work.tags,
        lifted=lifted,
        replacement=work.plain,
        replacement_only=work.only,
        enforced=False,
    )


def _name(snapshot: Snapshot, oid: Oid, number: int) -> str:
    relation = snapshot.relations[oid]
    return f"{relation.qualified}.{relation.attributes[number].name}"


class _Lifting:
    """Replacements, each view after what it reads."""

    def __init__(self, protection: Protection, snapshot: Snapshot, lifted: frozenset[tuple[Oid, int]]) -> None:
        self._before: Final = protection
        self._snapshot: Final = snapshot
        self._lifted: Final = lifted
        self._raw: set[Oid] = {oid for oid, _ in lifted}  # and the views above them
        self._depth: dict[Oid, int] = {}
        self.plain: dict[Oid, str] = {}
        self.only: dict[Oid, str] = {}
        self.tags: Mapping[Oid, Mapping[int, Tagged]] = {
            oid: {number: self._hidden(oid, number, tagged) for number, tagged in columns.items()}
            for oid, columns in protection.tags.items()
        }

    def _hidden(self, oid: Oid, number: int, tagged: Tagged) -> Tagged:
        return tagged if oid not in self._raw or (oid, number) in self._lifted else replace(tagged, mask="hide")

    def place(self, relation: Relation) -> None:
        """Write what takes one relation's place; nothing where it is closed or cannot be inlined."""
        oid = relation.oid
        inlined = relation.kind == "v" and oid not in self._before.raw_views
        above = inlined and bool(relation.depends & self._raw)
        if oid in self._before.closed:
            return
        if above:
            self._raw.add(oid)
            self._inline(relation)
        elif oid in self._raw:
            tags = self._shown(oid)
            self.plain[oid] = f"({select(relation, self._snapshot, tags, text_keys)})"
            self.only[oid] = f"({select(relation, self._snapshot, tags, text_keys, only=relation.kind != 'v')})"
        elif oid in self._before.replacement:
            self.plain[oid] = self._covered(relation, self._before.replacement[oid])
            self.only[oid] = self._covered(relation, self._before.replacement_only[oid])

    def _shown(self, oid: Oid) -> Mapping[int, Tagged]:
        """Tags that still mask."""
        return {n: tagged for n, tagged in self.tags.get(oid, {}).items() if (oid, n) not in self._lifted}

    def _covered(self, relation: Relation, text: str) -> str:
        """Put a masking view into a subquery of all its columns, so that it can be proven like any other."""
        if not self._before.enforced:
            return text
        listed = ", ".join(names.quote(relation.attributes[number].name) for number in sorted(relation.attributes))
        return f"(SELECT {listed} FROM {text})"

    def _inline(self, view: Relation) -> None:
        self._depth[view.oid] = 1 + max((self._depth.get(below, 0) for below in view.depends), default=0)
        if self._depth[view.oid] > VIEW_DEPTH:
            return
        relations = self._snapshot.relations
        placed = {(relations[oid].schema, relations[oid].name): (self.plain[oid], self.only[oid]) for oid in self.plain}
        try:
            inner = body(view, placed)
        except UnsafeStart:
            return
        text = f"({mirror(view, self._snapshot, self._shown(view.oid), inner, text_keys)})"
        self.plain[view.oid] = self.only[view.oid] = text
