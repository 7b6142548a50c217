"""The second witness: the server's tree, checked, agreed with the parser's, and made into a Reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, final

from core.catalog import Oid, Protection, Relation, Snapshot
from core.classify.postgres.agreed import Agreed, Likes
from core.classify.postgres.nouns import Access, Doubted, Lookup, Parsed, Spliced, Witnessed
from core.classify.postgres.splice.aggregates import wrap
from core.classify.postgres.splice.splice import splice
from core.classify.postgres.text.outline import outline
from core.classify.postgres.tree.agree import below, kin, reach, system
from core.classify.postgres.tree.checks import through
from core.classify.postgres.tree.define import define
from core.classify.postgres.tree.denials import own, resolves
from core.classify.postgres.tree.explain import explain
from core.classify.postgres.tree.likeness import likened
from core.classify.postgres.tree.lineage import Base, queries
from core.classify.postgres.tree.locks import locks, worded
from core.classify.postgres.tree.lookup import lookups
from core.classify.postgres.tree.needs import rows
from core.classify.postgres.tree.nothing import EMPTY, nothing
from core.classify.postgres.tree.protected import Used, masks, tags, unmasked
from core.classify.postgres.tree.read import digest, identity, skeleton
from core.classify.postgres.tree.settings import show
from core.classify.postgres.tree.writes import Written, write
from core.model import (
    AGGREGATE,
    Dialect,
    Doubt,
    Fact,
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


def witness(
    parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection, likes: Likes | None = None
) -> Witnessed | Unreadable:
    """Read the server's dump of `parsed.text` ("" where there is none) against Snapshot and effective tags.

    `likes`: what was agreed on texts that differ in constants alone, and is to be remembered of this one.
    """
    found = _witness(parsed, dump, snapshot, protection, likes or Likes())
    return found if isinstance(found, Unreadable) or found.reading.shape else _shaped(parsed, found, snapshot)


def _shaped(parsed: Parsed, found: Witnessed, snapshot: Snapshot) -> Witnessed:
    """Give a Reading its shape, and what it locks."""
    reading = replace(found.reading, shape=outline(parsed.written, found.reading))
    if reading.writes:
        reading = replace(reading, locks=worded(locks(parsed, reading.pairs, reading.facts, snapshot)))
    return replace(found, reading=reading)


def _witness(
    parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection, likes: Likes
) -> Witnessed | Unreadable:
    try:
        if parsed.root == "VariableShowStmt":
            return show(parsed)
        if parsed.explains is not None:
            inner = _agreed(parsed.explains.inner, dump, snapshot, protection).judge()
            return explain(parsed, parsed.explains, inner, snapshot, protection)
        if parsed.inside is not None:
            return define(parsed, snapshot, protection, _agreed(parsed.inside, dump, snapshot, protection).inside())
        if not parsed.witnessed:
            return define(parsed, snapshot, protection)
        if dump.strip() == EMPTY:
            return nothing(parsed, snapshot, protection)
        return _alike(parsed, dump, likes, snapshot, protection)
    except Doubted as doubted:
        return doubted.unreadable
    except RecursionError:
        return Unreadable(
            doubt=Doubt.LIMITS, sentence="The statement is nested too deeply; write it with fewer levels."
        )


def _agreed(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witness:
    return Witness(parsed, dump, Agreed(parsed, dump, snapshot, protection))


def _alike(parsed: Parsed, dump: str, likes: Likes, snapshot: Snapshot, protection: Protection) -> Witnessed:
    """Make a Reading by what was agreed on its like; a write's, and where none is known or it was looked at, by itself.

    Raises: Doubted.
    """
    bones = skeleton(dump) if parsed.access is Access.READ else None
    known = None if bones is None else likes.get(bones, parsed, snapshot, protection)
    if bones is not None and known is not None and known.lock.acquire(blocking=False):
        try:
            if (again := known.again(parsed, dump)) is not None:
                return again
            found = _shaped(parsed, Witness(parsed, dump, known).judge(), snapshot)
            if known.blind:
                known.learn(parsed, found)
                return found
        except (Doubted, RecursionError):
            pass  # as it is refused below; a lineage may have been left half way
        finally:
            known.lock.release()
        likes.forget(bones)
    fresh = Agreed(parsed, dump, snapshot, protection)
    found = Witness(parsed, dump, fresh).judge()
    if bones is not None and fresh.blind:
        likes.keep(bones, fresh)
    return found


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

    def __init__(self, parsed: Parsed, dump: str, agreed: Agreed) -> None:
        """`agreed`: of this statement, or of one that differs in constants alone."""
        self._parsed: Final = parsed
        self._identity: Final = identity(dump)
        self._agreed: Final = agreed
        self._snapshot: Final = agreed.snapshot
        self._protection: Final = agreed.protection
        self._queries: Final = agreed.queries
        self._census: Final = agreed.census
        self._pairs: Final = agreed.pairs
        self._lineage: Final = agreed.lineage
        self._looks: tuple[Lookup, ...] = ()

    def judge(self) -> Witnessed:
        """Make the Reading.

        Raises: Doubted.
        """
        used = self._agreed.used
        if self._parsed.access is Access.READ:
            self._looks = lookups(self._queries, self._parsed, self._snapshot, self._protection)
            return self._reading(used, self._shown(used), None)
        written = write(self._queries, self._census, used, self._snapshot, self._protection)
        found = self._reading(used.also(written.tells), self._raw(), written)
        return replace(found, needs=rows(self._census, self._parsed, self._snapshot))

    def inside(self) -> Witnessed:
        """Read the query inside a definition: as it is, for it runs as the role that defines.

        Raises: Doubted.
        """
        found = self._reading(self._agreed.used, self._raw(), None)
        return replace(found, needs=rows(self._census, self._parsed, self._snapshot))

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

    def _reading(self, used: Used, shown: Shown, written: Written | None) -> Witnessed:
        stands_on = self._agreed.closed | shown.stands_on
        ground = self._agreed.ground(stands_on)
        facts = self._facts(used, written)
        reading = Reading(
            dialect=Dialect.POSTGRES,
            statement=self._parsed.written,
            text=shown.text,
            pairs=self._things(written),
            columns=self._agreed.columns if written is None else used.columns(self._snapshot),
            functions=self._agreed.functions,
            facts=facts,
            masks=masks(used, shown.replaced, self._snapshot, self._protection) | self._told(used),
            unmasked=frozenset() if self._parsed.told else unmasked(used, self._snapshot, self._protection),
            aggregated=frozenset(mask.column for mask in self._told(used)),
            tags=self._agreed.tags if written is None else tags(used, self._snapshot, self._protection),
            outputs=self._agreed.outputs,
            lookups=tuple(look.column for look in self._looks),
            also=() if written is None else tuple(sorted(written.also)),
            copies=frozenset() if written is None else written.copies,
            notes=self._notes(used, shown),
            tree=digest({"tree": self._identity, **ground}),
            likened=likened(self._parsed, stands_on | self._agreed.objects, ground),
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
            resolves=resolves(self._census, self._agreed.types, self._snapshot),
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
        if self._agreed.conditions & protected(used):
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

    def _notes(self, used: Used, shown: Shown) -> tuple[str, ...]:
        """Say what masks did to the answer."""
        if not shown.replaced:
            return ()
        raw = sorted(mask.name for mask in unmasked(used, self._snapshot, self._protection))
        notes = [f"Shown as they are, by an approval for this statement: {', '.join(raw)}."] if raw else []
        if self._parsed.told:
            notes = [self._many(oid, number) for oid, number in sorted(self._protection.lifted)]
        masked = protected(used) - self._protection.lifted
        names = sorted({self._name(base) for base in self._agreed.conditions & masked} - self._sought())
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
        return next((column.name for column in self._agreed.named(base) if base[1]), "a whole row")


def protected(used: Used) -> frozenset[Base]:
    """Give the protected columns in use; the whole row of their relations counts as well."""
    return frozenset((oid, number) for oid, columns in used.touched.items() for number in (0, *columns))


def thing(relation: Relation) -> Thing:
    """Name a relation as a policy does."""
    return Thing(kind="catalog" if system(relation) else KINDS.get(relation.kind, "table"), name=relation.qualified)
