"""The second witness: the server's tree, checked, agreed with the parser's, and made into a Reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, final

from core.catalog import Oid, Protection, Relation, Snapshot
from core.classify.postgres.nouns import Access, Doubted, Lookup, Parsed, Spliced, Witnessed
from core.classify.postgres.splice.aggregates import wrap
from core.classify.postgres.splice.splice import splice
from core.classify.postgres.text.outline import outline
from core.classify.postgres.tree.agree import agree, below, closure, kin, listed, objects, reach, resolved, system
from core.classify.postgres.tree.census import count
from core.classify.postgres.tree.checks import check, through
from core.classify.postgres.tree.define import define
from core.classify.postgres.tree.denials import own, resolves
from core.classify.postgres.tree.explain import explain
from core.classify.postgres.tree.functions import Judge
from core.classify.postgres.tree.likeness import likeness
from core.classify.postgres.tree.lineage import Base, Lineage, queries
from core.classify.postgres.tree.locks import locks, worded
from core.classify.postgres.tree.lookup import lookups
from core.classify.postgres.tree.methods import leads, stands
from core.classify.postgres.tree.needs import rows
from core.classify.postgres.tree.nothing import EMPTY, nothing
from core.classify.postgres.tree.protected import Used, masks, tags, unmasked, unseen, use
from core.classify.postgres.tree.read import digest, identity, read
from core.classify.postgres.tree.settings import show
from core.classify.postgres.tree.through import untagged
from core.classify.postgres.tree.writes import Written, write
from core.model import (
    AGGREGATE,
    Column,
    Dialect,
    Doubt,
    Fact,
    Json,
    Mask,
    Pair,
    Reading,
    Thing,
    Unreadable,
    Verb,
)

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"r": "table", "p": "table", "v": "view", "m": "view", "f": "table", "S": "sequence"}
)

CHOOSES: Final = "chooses its rows by protected values"
FILTERS: Final = "filters on masked values; rows may be missing"


def witness(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
    """Read the server's dump of `parsed.text` ("" where there is none) against Snapshot and effective tags."""
    found = _witness(parsed, dump, snapshot, protection)
    if isinstance(found, Unreadable):
        return found
    reading = replace(found.reading, shape=outline(parsed.written, found.reading))
    if reading.writes:
        reading = replace(reading, locks=worded(locks(parsed, reading.pairs, reading.facts, snapshot)))
    return replace(found, reading=reading)


def _witness(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
    try:
        if parsed.root == "VariableShowStmt":
            return show(parsed)
        if parsed.explains is not None:
            inner = Witness(parsed.explains.inner, dump, snapshot, protection).judge()
            return explain(parsed, parsed.explains, inner, snapshot, protection)
        if parsed.inside is not None:
            return define(parsed, snapshot, protection, Witness(parsed.inside, dump, snapshot, protection).inside())
        if not parsed.witnessed:
            return define(parsed, snapshot, protection)
        if dump.strip() == EMPTY:
            return nothing(parsed, snapshot, protection)
        return Witness(parsed, dump, snapshot, protection).judge()
    except Doubted as doubted:
        return doubted.unreadable
    except RecursionError:
        return Unreadable(
            doubt=Doubt.LIMITS, sentence="The statement is nested too deeply; write it with fewer levels."
        )


@final
@dataclass(frozen=True, slots=True)
class Shown:
    """What a read touches of protected columns, and what runs instead."""

    text: str
    replaced: frozenset[Oid]
    stands_on: frozenset[Oid]  # masking views and what they read
    owes: Spliced | None = None  # the masks stand in the text alone: its tree is still to be proven


@final
class Witness:
    """One statement under both witnesses."""

    def __init__(self, parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> None:
        self._parsed: Final = parsed
        self._snapshot: Final = snapshot
        self._protection: Final = protection
        self._identity: Final = identity(dump)
        self._queries: Final = read(dump, snapshot.version)
        self._census: Final = count(self._queries, snapshot, listed(snapshot))
        self._pairs: Final = resolved(parsed, snapshot)
        self._lineage: Final = Lineage()
        self._looks: tuple[Lookup, ...] = ()
        self._methods: frozenset[Oid] = frozenset()

    def judge(self) -> Witnessed:
        """Check, agree, and make the Reading.

        Raises: Doubted.
        """
        used, functions, types = self._judged()
        if self._parsed.access is Access.READ:
            self._looks = lookups(self._queries, self._parsed, self._snapshot, self._protection)
            return self._reading(used, functions, types, self._shown(used), None)
        written = write(self._queries, self._census, used, self._snapshot, self._protection)
        found = self._reading(used.also(written.tells), functions, types, self._raw(), written)
        return replace(found, needs=rows(self._census, self._parsed, self._snapshot))

    def inside(self) -> Witnessed:
        """Read the query inside a definition: as it is, for it runs as the role that defines.

        Raises: Doubted.
        """
        found = self._reading(*self._judged(), self._raw(), None)
        return replace(found, needs=rows(self._census, self._parsed, self._snapshot))

    def _judged(self) -> tuple[Used, frozenset[str], frozenset[Oid]]:
        """Give what is used, called by name, and of which types.

        Raises: Doubted.
        """
        check(self._queries, self._census, self._parsed, self._snapshot)
        agree(self._pairs, self._census, self._snapshot)
        judge = Judge(self._snapshot, self._protection, writes=self._parsed.access is Access.WRITE)
        used = use(self._census, self._snapshot, self._protection)
        unseen(self._census, used, self._snapshot, self._protection)
        untagged(self._queries, used, self._snapshot, self._protection)
        self._methods = stands(self._census, judge.methods(leads(self._census, self._snapshot)))
        return used, judge.functions(self._census), judge.types(self._census)

    def _raw(self) -> Shown:
        return Shown(self._parsed.text, frozenset(), frozenset())

    def _shown(self, used: Used) -> Shown:
        """Leave the text as it is, or put masked relations in place.

        Raises: Doubted.
        """
        named = {relation.oid for _, relation in self._pairs}
        tainted = named & self._protection.tainted
        policed = any(self._snapshot.relations[oid].policies for oid in tainted)
        if not used.touched and not policed:
            self._granted(used)
            return self._raw()
        covered = reach(tainted, self._snapshot)
        bare = sorted(self._snapshot.relations[oid].name for oid in used.touched if oid not in covered)
        if bare:
            raise Doubted(
                Doubt.PROTECTED, f"{bare[0]} holds protected columns that cannot be masked here; leave it out."
            )
        spliced = replace(splice(self._wrapped(used), self._snapshot, self._protection), uses=len(self._parsed.told))
        self._granted(used, covered)
        owes = None if self._protection.enforced else spliced
        return Shown(spliced.text, spliced.replaced, self._stands_on(spliced), owes)

    def _wrapped(self, used: Used) -> Parsed:
        """Give the text whose relations are replaced: the agent's, or with its aggregates of protected numbers wrapped.

        Raises: Doubted where such a statement uses another protected column.
        """
        if not self._parsed.told:
            return self._parsed
        touched = {(oid, number) for oid, numbers in used.touched.items() for number in numbers}
        if touched != self._protection.lifted or not touched <= self._protection.aggregated.keys():
            raise Doubted(Doubt.PROTECTED, "Beside aggregates of a protected number leave other protected columns out.")
        return wrap(self._parsed)

    def _stands_on(self, spliced: Spliced) -> frozenset[Oid]:
        """Find what the new text names instead.

        Raises: Doubted for one that is not there.
        """
        found = {}
        for named in spliced.parsed.names:
            relation = self._snapshot.find(named.schema, named.name)
            if relation is None:
                raise Doubted(Doubt.CLOSED, "A masking view is missing: an operator runs assent harden.")
            found[relation.oid] = relation
        return kin(found, self._snapshot)

    def _granted(self, used: Used, covered: frozenset[Oid] = frozenset()) -> None:
        """Refuse what the role could not read anyway: 42501 is never control flow.

        Raises: Doubted.
        """
        for record in self._census.records:
            relation = self._snapshot.relations[record.relation]
            if record.as_user or not record.selected or relation.oid in covered or system(relation):
                continue
            for number, attribute in sorted(relation.attributes.items()):
                if (0 in used.numbers[relation.oid] or number in record.selected) and not attribute.granted:
                    raise Doubted(
                        Doubt.CLOSED, f"{relation.name}.{attribute.name} is new: an operator runs assent harden."
                    )

    # ------------------------------------------------------------ the Reading

    def _reading(
        self, used: Used, functions: frozenset[str], types: frozenset[Oid], shown: Shown, written: Written | None
    ) -> Witnessed:
        closed = closure(self._census, self._pairs, types, self._snapshot)
        stands_on = closed | shown.stands_on | self._methods
        facts = self._facts(used, written)
        reading = Reading(
            dialect=Dialect.POSTGRES,
            statement=self._parsed.written,
            text=shown.text,
            pairs=self._things(written),
            columns=used.columns(self._snapshot),
            functions=functions,
            facts=facts,
            masks=masks(used, shown.replaced, self._snapshot, self._protection) | self._told(used),
            unmasked=frozenset() if self._parsed.told else unmasked(used, self._snapshot, self._protection),
            aggregated=frozenset(mask.column for mask in self._told(used)),
            tags=tags(used, self._snapshot, self._protection),
            outputs=self._outputs(),
            lookups=tuple(look.column for look in self._looks),
            also=() if written is None else tuple(sorted(written.also)),
            copies=frozenset() if written is None else written.copies,
            notes=self._notes(used, shown),
            tree=digest({"tree": self._identity, **self._ground(stands_on)}),
            likeness=likeness(self._parsed, stands_on | objects(self._census, self._snapshot), self._ground(stands_on)),
            witnessed=shown.owes is None,
        )
        order = reach((relation.oid for _, relation in self._pairs), self._snapshot) & self._protection.index_order
        return Witnessed(
            masks=frozenset() if written is None else written.masks,
            reading=reading,
            closure=stands_on,
            index_scans_off=bool(order) or (written is not None and Fact.PREDICATE_ON_PROTECTED in facts),
            lookups=self._looks,
            owes=shown.owes,
            targets=below(self._census.targets, self._snapshot),
            resolves=resolves(self._census, types, self._snapshot),
            runs_own=own(self._census) or Fact.UNREGISTERED_CODE in facts,
        )

    def _things(self, written: Written | None) -> frozenset[Pair]:
        """Give every relation with what is done to it."""
        pairs = set() if written is None else set(written.pairs)
        changed = set() if written is None else written.changed
        for named, relation in self._pairs:
            if named.target:
                pairs |= {Pair(thing=thing(relation), verb=verb) for verb in named.verbs}
            else:
                pairs.add(Pair(thing=thing(relation), verb=Verb.READ))
        pairs |= {
            Pair(thing=thing(self._snapshot.relations[oid]), verb=Verb.UPDATE)
            for oid in self._census.sequences - self._owned()
        }
        for oid in self._census.entries:
            relation = self._snapshot.relations[oid]
            if oid not in changed and not system(relation):
                pairs.add(Pair(thing=thing(relation), verb=Verb.READ))
        if Fact.LOCKS_ROWS in self._parsed.facts:
            pairs |= {Pair(thing=pair.thing, verb=Verb.UPDATE) for pair in pairs if pair.verb is Verb.READ}
        return frozenset(pairs) or frozenset({Pair(thing=Thing(kind="expression", name="constants"), verb=Verb.READ)})

    def _owned(self) -> frozenset[Oid]:
        """Sequences that belong to what the statement changes, and what is no sequence."""
        owned = {
            oid
            for target in self._census.targets
            for oid in (self._snapshot.relations[target].sequences if target in self._snapshot.relations else ())
        }
        others = {oid for oid in self._census.sequences if self._snapshot.relations[oid].kind != "S"}
        return frozenset(owned | others)

    def _facts(self, used: Used, written: Written | None) -> frozenset[Fact]:
        facts = set(self._parsed.facts) if written is None else set(self._parsed.facts | written.facts)
        if self._conditions() & protected(used):
            facts.add(Fact.PREDICATE_ON_PROTECTED)
        if self._looks:
            facts.add(Fact.LOOKS_UP)
        if through(self._census, self._snapshot):
            facts.add(Fact.VIA_VIEW)
        if written is not None and any(map(self._foreign, reach(self._census.entries, self._snapshot) | written.seen)):
            facts.add(Fact.UNCOUNTED)
        if any(query.flag("hasRowSecurity") for query, _ in self._census.queries):
            facts.add(Fact.ROW_POLICY)
        return frozenset(facts)

    def _foreign(self, oid: Oid) -> bool:
        """Whether another server holds the rows: no statistics of the transaction count them."""
        relation = self._snapshot.relations.get(oid)
        return relation is not None and relation.kind == "f"

    def _conditions(self) -> frozenset[Base]:
        """Columns of conditions that the agent wrote; a view's own are the view's."""
        inside = {id(query) for query, place in self._census.queries if place.view is not None or place.trusted}
        found: frozenset[Base] = frozenset()
        for query in self._queries:
            for scope in queries(query):
                if id(scope.query) not in inside:
                    found |= self._lineage.conditions(scope.query, scope.outer)
        return found

    def _outputs(self) -> tuple[frozenset[Column], ...]:
        """Name the stored columns behind each result column."""
        return tuple(
            frozenset(column for base in output for column in self._columns(base))
            for output in self._lineage.outputs(self._queries[0])
        )

    def _columns(self, base: Base) -> Iterable[Column]:
        relation = self._snapshot.relations.get(base[0])
        for attribute in relation.attributes.values() if relation is not None else ():
            if base[1] in {0, attribute.number} and relation is not None:
                yield Column(relation=relation.qualified, name=attribute.name)

    def _notes(self, used: Used, shown: Shown) -> tuple[str, ...]:
        """Say what masks did to the answer."""
        if not shown.replaced:
            return ()
        raw = sorted(mask.name for mask in unmasked(used, self._snapshot, self._protection))
        notes = [f"Shown as they are, by an approval for this statement: {', '.join(raw)}."] if raw else []
        if self._parsed.told:
            notes = [self._many(oid, number) for oid, number in sorted(self._protection.lifted)]
        masked = protected(used) - self._protection.lifted
        names = sorted({self._name(base) for base in self._conditions() & masked} - self._sought())
        if names:
            notes.append(
                f"Rows were filtered on masked values of {', '.join(names)}; the result may be empty. "
                "Filter on other columns, or ask for an unmasking."
            )
        for oid in sorted(shown.replaced):
            relation = self._snapshot.relations[oid]
            if relation.kind == "v" and self._filtered(relation, used):
                kept = oid in self._protection.raw_views
                said = CHOOSES if kept else FILTERS
                notes.append(f"The view {relation.qualified} {said}.")
        return tuple(notes)

    def _filtered(self, view: Relation, used: Used) -> bool:
        """Whether a view's own conditions look at protected columns."""
        inside = {id(query) for query, place in self._census.queries if place.view == view.oid}
        return any(
            self._lineage.conditions(scope.query, scope.outer) & protected(used)
            for query in self._queries
            for scope in queries(query)
            if id(scope.query) in inside
        )

    def _told(self, used: Used) -> frozenset[Mask]:
        """Columns of which aggregates alone are told."""
        if not self._parsed.told:
            return frozenset()
        return frozenset(replace(mask, kind=AGGREGATE) for mask in unmasked(used, self._snapshot, self._protection))

    def _sought(self) -> frozenset[str]:
        """Columns that are looked up by: compared with tokens on purpose."""
        return frozenset(look.column.name for look in self._looks)

    def _many(self, oid: Oid, number: int) -> str:
        """Say what an aggregate of a protected number is."""
        word = self._protection.aggregated[oid, number].word
        name = self._snapshot.relations[oid].attributes[number].name
        return (
            f"{name} is told of at least {word.people} people together, else NULL: sums and means in steps of "
            f"{word.round}, counts in steps of {word.people}."
        )

    def _name(self, base: Base) -> str:
        return next((column.name for column in self._columns(base) if base[1]), "a whole row")

    def _ground(self, closure: frozenset[Oid]) -> dict[str, Json]:
        """Name what the reading stands on: the tables it was read with, the stamp, the tags in force."""
        stamp: dict[str, Json] = {str(oid): self._snapshot.stamp.get(oid, "") for oid in sorted(closure)}
        return {"fields": self._snapshot.version // 10_000, "stamp": stamp, "tags": self._protection.version}


def protected(used: Used) -> frozenset[Base]:
    """Give the protected columns in use; the whole row of their relations counts as well."""
    return frozenset((oid, number) for oid, columns in used.touched.items() for number in (0, *columns))


def thing(relation: Relation) -> Thing:
    """Name a relation as a policy does."""
    return Thing(kind="catalog" if system(relation) else KINDS.get(relation.kind, "table"), name=relation.qualified)
