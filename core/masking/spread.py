"""Effective tags: where declared tags spread in a schema, what that taints, and what it closes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, final

from core.catalog import Oid, Relation, Snapshot, Tagged
from core.masking.declared import Accepted, Bound, kind
from core.masking.masks import FREE_TEXT, effective, shape
from core.masking.shared import Shared, join

SYSTEM_SCHEMAS: Final = frozenset({"pg_catalog", "information_schema", "pg_toast"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Effective tags and their consequences, whatever the form of masking."""

    tags: Mapping[Oid, Mapping[int, Tagged]]  # free_text included
    tainted: frozenset[Oid]
    closed: Mapping[Oid, str]
    shut: str
    raw_views: frozenset[Oid]  # tainted views that keep their own body: masked by tags of their own
    policied: frozenset[Oid] = frozenset()  # tables under an accepted policy: never granted as they are
    conflicts: tuple[str, ...] = ()  # columns that two Sources of this database tag differently

    def masked(self, oid: Oid) -> frozenset[int]:
        """Attnums of a relation that carry a mask in SQL."""
        return frozenset(n for n, tagged in self.tags.get(oid, {}).items() if tagged.mask != FREE_TEXT)


def spread(
    snapshot: Snapshot,
    tags: Mapping[str, str],
    masks: Mapping[str, str],
    accepted: Accepted | None = None,
    shared: Shared | None = None,
) -> Spread:
    """Spread declared tags over children, generated columns, views, policies and partitions.

    `shared` are the tags of other Sources, which hold here as well where they reach this database.

    Raises: SettingsError for a mask that does not exist.
    """
    work = _Work(snapshot, masks, accepted or Accepted())
    bound = join(snapshot, tags, shared or Shared())
    work.declare(bound)
    work.settle()
    work.storage()
    work.views()
    work.closures()
    return Spread(
        tags=work.tags,
        tainted=frozenset(work.tainted),
        closed=work.closed,
        shut=work.shut,
        raw_views=frozenset(work.raw_views),
        policied=frozenset(work.policied),
        conflicts=bound.conflicts,
    )


class _Work:
    """The mutable middle of `spread`; never leaves it."""

    def __init__(self, snapshot: Snapshot, masks: Mapping[str, str], accepted: Accepted) -> None:
        self.snapshot = snapshot
        self.masks = masks
        self.accepted = accepted
        self.tags: dict[Oid, dict[int, Tagged]] = {}
        self.tainted: set[Oid] = set()
        self.raw_views: set[Oid] = set()
        self.policied: set[Oid] = set()
        self.closed: dict[Oid, str] = {}
        self.shut = ""
        self.waiting: deque[tuple[Oid, int]] = deque()

    # ------------------------------------------------------------ columns

    def declare(self, bound: Bound) -> None:
        """Take the declared tags."""
        self.shut = bound.shut
        self.closed.update(bound.lost)
        for oid, columns in bound.tags.items():
            for number, tag in columns.items():
                self.put(oid, number, tag, kind(tag, self.masks), "declared")

    def put(self, oid: Oid, number: int, tag: str, mask: str, why: str) -> None:
        """Tag one column; a second, different tag closes its table."""
        relation = self.snapshot.relations[oid]
        attribute = relation.attributes[number]
        before = self.tags.get(oid, {}).get(number)
        if before is not None and before.tag != tag:
            self.close(oid, f"{relation.qualified} carries two tags on {attribute.name}; an operator decides.")
            return
        real = effective(mask, shape(attribute, self.snapshot.types).base)
        if real == "hide" and f"{relation.qualified}.{attribute.name}" in self.accepted.hide_null:
            real = effective("hide_null", shape(attribute, self.snapshot.types).base)
        if before is not None and before.mask in {real, "hide"}:
            return
        self.tags.setdefault(oid, {})[number] = Tagged(tag=tag, mask=real, why=why)
        self.waiting.append((oid, number))

    def settle(self) -> None:
        """Spread along inheritance, both ways by name, and into generated columns, until nothing moves."""
        while self.waiting:
            oid, number = self.waiting.popleft()
            relation = self.snapshot.relations[oid]
            tagged = self.tags[oid][number]
            name = relation.attributes[number].name
            for other in self.relatives(relation):
                twin = other.column.get(name)
                if twin is not None:
                    self.put(other.oid, twin.number, tagged.tag, tagged.mask, f"inherited with {relation.qualified}")
            for target, sources in relation.generated_from.items():
                if target in relation.attributes and (number in sources or 0 in sources):
                    self.generate(oid, target, tagged.tag, name)

    def generate(self, oid: Oid, target: int, tag: str, source: str) -> None:
        """Hide a generated column whatever its source's mask is."""
        before = self.tags.get(oid, {}).get(target)
        if before is not None and before.mask == "hide":
            return
        if before is not None:
            tag = before.tag
            del self.tags[oid][target]
        self.put(oid, target, tag, "hide", f"generated from {source}")

    def relatives(self, relation: Relation) -> Iterator[Relation]:
        """Parents and children (pg_inherits), partitions among them."""
        for oid in sorted(relation.parents | relation.children):
            if oid in self.snapshot.relations:
                yield self.snapshot.relations[oid]

    def hot(self, columns: frozenset[tuple[Oid, int]]) -> bool:
        """Whether any of these columns is masked, or belongs to a tainted view."""
        return any(
            (oid in self.tainted and self.snapshot.relations[oid].kind == "v")
            or any(t.mask != FREE_TEXT and number in {0, n} for n, t in self.tags.get(oid, {}).items())
            for oid, number in columns
        )

    # ------------------------------------------------------------ relations

    def storage(self) -> None:
        """Close copies and partitions by tagged keys; taint the tables that hold masked columns."""
        for relation in self.snapshot.relations.values():
            if relation.schema in SYSTEM_SCHEMAS or relation.schema in self.snapshot.owned_schemas:
                continue
            columns = self.tags.get(relation.oid, {})
            masked = {n for n, tagged in columns.items() if tagged.mask != FREE_TEXT}
            if masked:
                self.tainted.add(relation.oid)
            if relation.kind in {"m", "f"} and not columns and relation.qualified not in self.accepted.untagged:
                self.close(
                    relation.oid,
                    f"{relation.qualified} may copy protected columns and has no own tags; ask what it is made from.",
                )
            if lacks := sorted(self.beyond(relation) - {tagged.tag for tagged in columns.values()}):
                reason = f"reads columns tagged {', '.join(lacks)} and has no such tags; an operator tags its columns."
                self.close(relation.oid, f"{relation.qualified} {reason}")
            if relation.partition_key & masked and relation.qualified not in self.accepted.grains:
                reason = "is partitioned by a protected column; an operator can accept it."
                self.close(relation.oid, f"{relation.qualified} {reason}")

    def beyond(self, copy: Relation) -> frozenset[str]:
        """Give the tags of what a materialised view that has tags itself was made from: one of them is not all."""
        if copy.kind != "m" or not self.tags.get(copy.oid) or copy.qualified in self.accepted.untagged:
            return frozenset()
        made = {copy.oid, *(oid for oid in self.below(copy) if self.snapshot.relations[oid].kind in {"v", "m"})}
        read = frozenset(base for oid in made for base in reads(self.snapshot.relations[oid]))
        return frozenset(
            tagged.tag
            for oid, number in read
            for other, tagged in self.tags.get(oid, {}).items()
            if tagged.mask != FREE_TEXT and number in {0, other}
        )

    def views(self) -> None:
        """Taint views and policy tables until nothing moves: each pass only adds."""
        moved = True
        while moved:
            before = (len(self.tainted), len(self.closed))
            for relation in self.snapshot.relations.values():
                self.policy(relation)
                self.view(relation)
            moved = before != (len(self.tainted), len(self.closed))

    def policy(self, relation: Relation) -> None:
        """Rows that a policy shows by raw values: refused, or masked whenever named."""
        if not relation.row_security or not self.hot(relation.policies):
            return
        if relation.qualified in self.accepted.policies:
            self.tainted.add(relation.oid)
            self.policied.add(relation.oid)
        else:
            reason = "is shown by a policy that reads protected columns; an operator can accept it."
            self.close(relation.oid, f"{relation.qualified} {reason}")

    def view(self, relation: Relation) -> None:
        """A view over masked columns is masked at its base tables, or by tags of its own."""
        if relation.kind != "v" or relation.schema in self.snapshot.owned_schemas:
            return
        own = any(tagged.mask != FREE_TEXT for tagged in self.tags.get(relation.oid, {}).values())
        hot = self.hot(reads(relation)) or bool(self.policied & relation.depends)
        if not (own or hot):
            return
        self.tainted.add(relation.oid)
        if not hot or self.raw(relation):
            self.raw_views.add(relation.oid)
        if hot and self.raw(relation) and not own:
            reason = "keeps its own view of protected columns and has no tags of its own; an operator can tag it."
            self.close(relation.oid, f"{relation.qualified} {reason}")

    def raw(self, relation: Relation) -> bool:
        """Whether a view's body must stay: trusted, a barrier, or its owner passes row security that ours may not."""
        if relation.qualified in self.accepted.trusted or option(relation, "security_barrier"):
            return True
        return not option(relation, "security_invoker") and any(
            self.snapshot.relations[oid].row_security for oid in self.below(relation)
        )

    def below(self, relation: Relation) -> Iterator[Oid]:
        """Everything a relation depends on, transitively."""
        seen: set[Oid] = set()
        stack = list(relation.depends)
        while stack:
            oid = stack.pop()
            if oid in seen or oid not in self.snapshot.relations:
                continue
            seen.add(oid)
            yield oid
            stack.extend(self.snapshot.relations[oid].depends)

    # ------------------------------------------------------------ what is closed

    def close(self, oid: Oid, sentence: str) -> None:
        """Refuse a relation; the first reason stays."""
        self.closed.setdefault(oid, sentence)

    def closures(self) -> None:
        """Close what shows the rows of a closed relation: its family, and the views over it."""
        stack = list(self.closed)
        readers: dict[Oid, set[Oid]] = {}
        for relation in self.snapshot.relations.values():
            for oid in relation.depends:
                readers.setdefault(oid, set()).add(relation.oid)
        while stack:
            oid = stack.pop()
            origin = self.snapshot.relations[oid]
            family = {relative.oid for relative in self.relatives(origin)}
            for other in sorted((family | readers.get(oid, set())) - self.closed.keys()):
                name = self.snapshot.relations[other].qualified
                self.closed[other] = f"{name} stands on {origin.qualified}, which is closed: {self.closed[oid]}"
                stack.append(other)


def reads(view: Relation) -> frozenset[tuple[Oid, int]]:
    """Give the columns that a view's query reads; 0: the whole row.

    pg_depend drops a whole-row reference beside column references; pg_get_viewdef prints each as "alias.*".
    """
    return view.depends_columns | {(oid, 0) for oid in view.depends if ".*" in view.definition}


def option(relation: Relation, name: str) -> bool:
    """Whether a boolean storage option (pg_class.reloptions) is on."""
    off = {"false", "off", "no", "0", "f", "n"}
    for text in relation.options:
        key, _, value = text.partition("=")
        if key == name:
            return value.lower() not in off
    return False
