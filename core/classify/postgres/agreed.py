"""What parser and server agree on of one read, and of every other that differs from it in constants alone.

Nothing here is a claim about what the readers below look at: constants and the text's own parse stand behind doors that
write down each look (`Constant`, `Watched`). What hangs on a look is not remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Final, cast, final

from core.catalog import Oid, Protection, Snapshot
from core.classify.postgres.kept import Kept
from core.classify.postgres.nouns import Access, Like, Parsed, Witnessed
from core.classify.postgres.text.alike import Mold, molded
from core.classify.postgres.tree.agree import agree, closure, listed, objects, resolved
from core.classify.postgres.tree.census import count
from core.classify.postgres.tree.checks import check
from core.classify.postgres.tree.constants import Looks
from core.classify.postgres.tree.functions import Judge
from core.classify.postgres.tree.likeness import likened
from core.classify.postgres.tree.lineage import Base, Lineage, queries
from core.classify.postgres.tree.methods import leads, stands
from core.classify.postgres.tree.protected import tags, unseen, use
from core.classify.postgres.tree.read import digest, identity, read
from core.classify.postgres.tree.through import untagged
from core.model import Column, Json

# Of a Parsed: what is compared where it was looked at. Text and tree hold the constants; what looks at them, or at a
# field that comes later, is not remembered.
COMPARED: Final = frozenset(
    {"access", "columns", "facts", "functions", "names", "pairs", "parameters", "references", "root", "verbs"}
)
LIKES: Final = 16  # that one statement is remembered for
TREE: Final = 24  # octets of memory for one of a dump


@final
class Watched:
    """A Parsed of which each look at a field is written down, with what was seen."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed: Final = parsed
        self.seen: Final[dict[str, object]] = {}

    def __getattr__(self, name: str) -> object:
        """Give the field."""
        self.seen[name] = value = getattr(self._parsed, name)
        return value


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A text's own Reading, of which each like it is made."""

    found: Witnessed
    ground: Mapping[str, Json]
    objects: frozenset[Oid]  # that the Reading stands on, and each that the tree holds
    mold: Mold | None  # of the text that runs; None: the text itself does


@final
class Agreed:
    """Both witnesses of one statement, compared; what follows from that alone is worked out once."""

    def __init__(self, parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> None:
        """Check and agree.

        Raises: Doubted.
        """
        self.lock: Final = Lock()  # lineages remember as they go: one reads at a time
        self._looks: Final = Looks()
        self._watched: Final = Watched(parsed)
        self.snapshot: Final = snapshot
        self.protection: Final = protection
        self.lineage: Final = Lineage()
        self._made: Final[dict[Like, Made | None]] = {}  # constants of other widths are other likes over one tree
        watched = cast("Parsed", self._watched)  # the one place where it stands for what it watches
        self.queries: Final = read(dump, snapshot.version, self._looks)
        self.census: Final = count(self.queries, snapshot, listed(snapshot))
        self.pairs: Final = resolved(watched, snapshot)
        check(self.queries, self.census, watched, snapshot)
        agree(self.pairs, self.census, snapshot)
        judge = Judge(snapshot, protection, writes=watched.access is Access.WRITE)
        self.used: Final = use(self.census, snapshot, protection)
        unseen(self.census, self.used, snapshot, protection)
        untagged(self.queries, self.used, snapshot, protection)
        self.methods: Final = stands(self.census, judge.methods(leads(self.census, snapshot)))
        self.functions: Final = judge.functions(self.census)
        self.types: Final = judge.types(self.census)

    def learn(self, parsed: Parsed, found: Witnessed) -> None:
        """Remember what a text was read as, for texts that differ in plain constants alone."""
        like = parsed.like
        if like is None or like in self._made or parsed.told or parsed.looked is not None or found.owes is not None:
            return
        if len(self._made) >= LIKES:
            self._made.clear()
        self._made[like] = None  # asked once, whatever comes of it
        mold = None if found.reading.text == parsed.text else molded(parsed, found.reading.text)
        if mold is not None or found.reading.text == parsed.text:
            self._made[like] = Made(
                found=found,
                ground=self.ground(found.closure),
                objects=found.closure | self.objects,
                mold=mold,
            )

    def again(self, parsed: Parsed, dump: str) -> Witnessed | None:
        """Read a text as its like was read, which differs in plain constants alone; None where none was.

        All that a Reading says of a text, or of what the parser made of it, is the same, but for that text, the
        server's tree of it and what counts as alike: nobody looked at anything else (`blind`).
        """
        made = None if parsed.like is None else self._made.get(parsed.like)
        if made is None or parsed.told:
            return None
        text = parsed.text if made.mold is None else made.mold.filled(parsed.constants)
        if text is None:
            return None
        reading = replace(
            made.found.reading,
            statement=parsed.text,
            text=text,
            tree=digest({"tree": identity(dump), **made.ground}),
            likened=likened(parsed, made.objects, made.ground),
        )
        return replace(made.found, reading=reading)

    def ground(self, closure: frozenset[Oid]) -> Mapping[str, Json]:
        """Name what a reading stands on: the tables it was read with, the stamp, the tags in force."""
        stamp: dict[str, Json] = {str(oid): self.snapshot.stamp.get(oid, "") for oid in sorted(closure)}
        return {"fields": self.snapshot.version // 10_000, "stamp": stamp, "tags": self.protection.version}

    @property
    def blind(self) -> bool:
        """Whether nothing of it, nor of what was read by it since, hangs on a constant or on the text's own words."""
        return not self._looks.taken and self._watched.seen.keys() <= COMPARED

    def holds(self, parsed: Parsed, snapshot: Snapshot, protection: Protection) -> bool:
        """Whether another text over the same catalogs and tags has all that was looked at."""
        same = self.snapshot is snapshot and self.protection is protection
        return same and all(getattr(parsed, name) == value for name, value in self._watched.seen.items())

    # ------------------------------------------------------------ what follows

    @cached_property
    def closed(self) -> frozenset[Oid]:
        """What the stamp must cover."""
        return closure(self.census, self.pairs, self.types, self.snapshot) | self.methods

    @cached_property
    def objects(self) -> frozenset[Oid]:
        """Each object that the tree holds."""
        return objects(self.census, self.snapshot)

    @cached_property
    def columns(self) -> frozenset[Column]:
        """Every column in use."""
        return self.used.columns(self.snapshot)

    @cached_property
    def tags(self) -> Mapping[str, frozenset[str]]:
        """Each thing's tags among its used columns."""
        return tags(self.used, self.snapshot, self.protection)

    @cached_property
    def conditions(self) -> frozenset[Base]:
        """Columns of conditions that the agent wrote; a view's own are the view's."""
        inside = {id(query) for query, place in self.census.queries if place.view is not None or place.trusted}
        found: frozenset[Base] = frozenset()
        for query in self.queries:
            for scope in queries(query):
                if id(scope.query) not in inside:
                    found |= self.lineage.conditions(scope.query, scope.outer)
        return found

    @cached_property
    def outputs(self) -> tuple[frozenset[Column], ...]:
        """The stored columns behind each result column."""
        return tuple(
            frozenset(column for base in output for column in self.named(base))
            for output in self.lineage.outputs(self.queries[0])
        )

    def named(self, base: Base) -> Iterable[Column]:
        """Name a stored column, or all of a whole row."""
        relation = self.snapshot.relations.get(base[0])
        for attribute in relation.attributes.values() if relation is not None else ():
            if base[1] in {0, attribute.number} and relation is not None:
                yield Column(relation=relation.qualified, name=attribute.name)


@final
class Likes:
    """What was agreed last, by the dump's skeleton; `kept` holds as much as fits."""

    def __init__(self, kept: Kept[Agreed] | None = None) -> None:
        """Without `kept` nothing is remembered."""
        self._kept: Final = kept

    def get(self, bones: str, parsed: Parsed, snapshot: Snapshot, protection: Protection) -> Agreed | None:
        """Give what was agreed on a statement of this skeleton over the same ground, where all that it saw is here."""
        found = None if self._kept is None else self._kept.get(bones)
        return found if found is not None and found.holds(parsed, snapshot, protection) else None

    def keep(self, bones: str, agreed: Agreed) -> None:
        """Remember."""
        if self._kept is not None:
            self._kept.keep(bones, agreed, TREE * len(bones))

    def forget(self, bones: str) -> None:
        """Let go of one."""
        if self._kept is not None:
            self._kept.forget(bones)

    def clear(self) -> None:
        """Let go of all."""
        if self._kept is not None:
            self._kept.clear()
