"""Which functions, operators and types a read may use: by object id from the tree, never by name from the text.

`provolatile` is no label of safety (`table_to_xml`, `txid_current`, `current_setting` are STABLE): built-in functions
come from lists made of each version's pg_proc and reviewed; what is not listed is refused. Of own functions those are
allowed whose body was read (`bodies`) or that an operator registered, of an extension's those that its C code declares
IMMUTABLE and those of a reviewed list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, TypeAlias, final

from core.catalog import Oid, Protection, Routine, Snapshot
from core.classify.postgres.nouns import Doubted
from core.classify.postgres.tree.census import FIRST_OWN, SYSTEM, Census, constant
from core.classify.postgres.tree.protected import hidden
from core.classify.postgres.tree.read import Tree
from core.model import FREE_TEXT, Doubt

HANDLES: Final = frozenset({Oid(2275), Oid(2281)})  # cstring, internal
NEXTVAL: Final = Oid(1574)
CURRVAL: Final = Oid(1575)
SEQUENCES: Final = frozenset({NEXTVAL, CURRVAL, Oid(2559)})  # and lastval: defaults of keys in writes
KINDS: Final = frozenset("bcdemr")  # of types; pseudo-types (p) are the server's own

Listed: TypeAlias = Mapping[Oid, tuple[str, str]]  # oid -> class, identity


@final
@dataclass(frozen=True, slots=True)
class Builtin:
    """The reviewed list of one major version."""

    known: Listed
    named: Mapping[str, str]  # schema and name of those without a fixed id -> class


@cache
def builtin(major: int) -> Builtin:
    """Load the list of a major version."""
    known: dict[Oid, tuple[str, str]] = {}
    named: dict[str, str] = {}
    text = files("core.classify.postgres").joinpath(f"data/functions.{major}.txt").read_text("utf-8")
    for line in text.splitlines():
        number, mark, identity = line.split(" ", 2)
        if number == "0":
            named[identity.partition("(")[0]] = mark
        else:
            known[Oid(int(number))] = (mark, identity)
    return Builtin(MappingProxyType(known), MappingProxyType(named))


@cache
def harmless() -> frozenset[str]:
    """Names whose every built-in form is allowed in every version."""
    text = files("core.classify.postgres").joinpath("data/harmless.txt").read_text("utf-8")
    return frozenset(text.split())


@final
@dataclass(frozen=True, slots=True)
class Extensions:
    """The reviewed list of extensions, whatever their version."""

    never: frozenset[str]
    alias: frozenset[str]
    also: frozenset[tuple[str, str]]  # extension, name and argument types


@cache
def extensions() -> Extensions:
    """Load the list."""
    words: dict[str, list[str]] = {"never": [], "alias": [], "also": []}
    text = files("core.classify.postgres").joinpath("data/extensions.txt").read_text("utf-8")
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        if mark != "#":
            words[mark].append(rest)
    also = (line.partition(" ") for line in words["also"])
    return Extensions(
        frozenset(words["never"]), frozenset(words["alias"]), frozenset((name, sign) for name, _, sign in also)
    )


@final
class Judge:
    """Judges what a tree calls against the lists and the snapshot; without Protection no size is shown."""

    def __init__(self, snapshot: Snapshot, protection: Protection | None, *, writes: bool) -> None:
        self._snapshot: Final = snapshot
        self._protection: Final = protection
        self._writes: Final = writes
        self._builtin: Final = builtin(snapshot.version // 10_000)
        self._tagged: Final = protection is None or any(
            tagged.mask != FREE_TEXT for tags in protection.tags.values() for tagged in tags.values()
        )

    def functions(self, census: Census) -> frozenset[str]:
        """Check every function and operator; return identities of what is called by name.

        Raises: Doubted, naming the function.
        """
        for operator in sorted(census.operators):
            code = self._snapshot.operators.get(operator)
            if code is None:
                raise missing("operator", operator)
            self.function(code, direct=False)
        for sampler in census.samplers:
            if self._builtin.known.get(sampler, ("", ""))[0] != "t":
                raise Doubted(Doubt.FUNCTION, "This sampling method is not among those that can be read: use SYSTEM.")
        measured = self._measured(census)
        called = frozenset(self.function(oid, direct=True, measured=measured) for oid in sorted(census.called))
        self._callable(census)
        self._drawn(census)
        return called

    def _drawn(self, census: Census) -> None:
        """Refuse to draw from a sequence that only the run would name: no rule could cover it.

        Raises: Doubted.
        """
        for call in census.invoked:
            if Oid(call.number("funcid")) in SEQUENCES and any(each.name != "CONST" for each in call.nodes("args")):
                raise Doubted(Doubt.FUNCTION, "Name the sequence plainly: nextval('schema.sequence').")

    def _callable(self, census: Census) -> None:
        """Refuse what the role may not call: 42501 is never control flow.

        Raises: Doubted.
        """
        codes = {self._snapshot.operators.get(operator, operator) for operator in census.operators}
        codes |= {code for oid in census.coerced & self._snapshot.types.keys() for code in self._checks(oid)}
        for oid in sorted(codes | census.called):
            routine = self._snapshot.routines.get(oid)
            if routine is not None and not routine.executable:
                raise Doubted(
                    Doubt.FUNCTION,
                    f"This source's role may not call the function {routine.identity}; an operator grants it.",
                )

    def methods(self, keys: Iterable[Oid]) -> frozenset[Oid]:
        """Check what sorting, hashing and scanning run by these operators, types and relations; return it.

        No tree shows it, and the server asks for no right to call it (src/backend/utils/fmgr/fmgr.c).

        Raises: Doubted, naming the function.
        """
        known = self._snapshot.methods
        found = frozenset(code for key in keys if key in known for code in known[key])
        for oid in sorted(found):
            self.method(oid)
        return found

    def method(self, oid: Oid) -> None:
        """Check one member of an operator family: an extension's C code is made for nothing else.

        Raises: Doubted.
        """
        routine = self._snapshot.routines.get(oid)
        if routine is None or not compiled(routine):
            self.function(oid, direct=False)

    def runs(self, oid: Oid) -> bool:
        """Whether code that the server runs on rows by itself is known to compute and nothing else."""
        routine = self._snapshot.routines.get(oid)
        return (routine is not None and compiled(routine)) or self.allows(oid)

    def allows(self, oid: Oid) -> bool:
        """Whether a function may be called from within."""
        try:
            self.function(oid, direct=False)
        except Doubted:
            return False
        return True

    def _measured(self, census: Census) -> frozenset[Oid]:
        """Size functions whose every call names, by a constant, a relation that shows nothing protected."""
        good: dict[Oid, bool] = {}
        for call in census.invoked:
            oid = Oid(call.number("funcid"))
            if self._builtin.known.get(oid, ("", ""))[0] == "s":
                good[oid] = good.get(oid, True) and self._plain(call)
        return frozenset(oid for oid, held in good.items() if held)

    def _plain(self, call: Tree) -> bool:
        """Whether the first argument is a constant relation without tags, and all others are constants."""
        arguments = call.nodes("args")
        if not arguments or self._protection is None or any(argument.name != "CONST" for argument in arguments):
            return False
        relation = self._snapshot.relations.get(constant(arguments[0]))
        if relation is None or relation.schema in SYSTEM or relation.oid in self._protection.closed:
            return False  # sizes of statistics, and of copies that nobody declared, follow protected values as well
        return not hidden(relation.oid, self._protection)

    def function(self, oid: Oid, *, direct: bool, measured: frozenset[Oid] = frozenset()) -> str:
        """Check one function; return its identity.

        Raises: Doubted.
        """
        routine = self._snapshot.routines.get(oid)
        listed = self._builtin.known.get(oid)
        if listed is None and routine is not None and oid < FIRST_OWN:
            name = f"{routine.schema}.{routine.name}"
            listed = (self._builtin.named[name], routine.identity) if name in self._builtin.named else None
        if routine is not None and self._writes and oid in SEQUENCES:
            return f"{routine.schema}.{routine.name}"
        if listed is not None:
            return self._listed(*listed, measured=oid in measured)
        if routine is None:
            raise missing("function", oid)
        if oid < FIRST_OWN or (direct and HANDLES & set(routine.types)):
            raise refused(routine)
        return self._own(routine)

    def _own(self, routine: Routine) -> str:
        """Check a function that is not the server's own.

        Raises: Doubted.
        """
        if routine.oid in self._snapshot.pure or routine.constructs or extension(routine):
            return routine.identity
        if routine.identity in self._snapshot.changed:
            raise Doubted(
                Doubt.FUNCTION,
                f"The function {routine.identity} is not the one that was registered as pure. An operator looks at it.",
                routine.identity,
            )
        if routine.kind != "a" or not routine.support or routine.extension in extensions().never:
            raise refused(routine)
        for part in sorted(routine.support):
            self.function(part, direct=False)
        return routine.identity

    def _listed(self, mark: str, identity: str, *, measured: bool) -> str:
        name = identity.removeprefix("pg_catalog.")
        if mark == "d" or (mark == "s" and (measured or not self._tagged)):
            return identity
        if mark == "s":
            raise Doubted(
                Doubt.PROTECTED,
                f"The function {name} is not shown: sizes follow protected values; leave it out.",
                identity,
            )
        raise barred(name, identity)

    def _checks(self, oid: Oid) -> Iterator[Oid]:
        """Yield what a domain's CHECKs call, and those of the domains below it."""
        known = self._snapshot.types.get(oid)
        while known is not None:
            yield from known.functions
            known = None if known.base is None else self._snapshot.types.get(known.base)

    def types(self, census: Census) -> frozenset[Oid]:
        """Check every type, closed over elements, fields and base types; return the closure's own types.

        Raises: Doubted.
        """
        seen: set[Oid] = set()
        waiting = [oid for oid in census.types if oid >= FIRST_OWN]
        while waiting:
            oid = waiting.pop()
            if oid in seen:
                continue
            seen.add(oid)
            waiting += [below for below in self._parts(oid) if below >= FIRST_OWN]
        return frozenset(seen)

    def _parts(self, oid: Oid) -> Iterator[Oid]:
        """Yield what a type is made of, its functions checked."""
        known = self._snapshot.types.get(oid)
        if known is None:
            raise missing("type", oid)
        if known.kind not in KINDS or (known.kind == "b" and known.element is None and known.extension is None):
            raise Doubted(
                Doubt.FUNCTION,
                f"The type {known.schema}.{known.name} is not among those that can be read; leave columns of it out.",
            )
        for called in sorted(known.functions):
            self.function(called, direct=False)
        yield from known.fields
        yield from (part for part in (known.element, known.base) if part is not None)


def at_parse(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """Types whose CHECKs or range functions run code that no read may run and this role may: it runs at Parse already.

    Each with the function: no tree can show such a call before it happens (sql.md 6).
    """
    judge = Judge(snapshot, None, writes=False)
    found = []
    for kind in snapshot.types.values():
        for oid in sorted(kind.functions if kind.oid >= FIRST_OWN else ()):
            routine = snapshot.routines.get(oid)
            if routine is not None and routine.executable and not judge.allows(oid):
                found.append((kind.label or f"{kind.schema}.{kind.name}", routine.identity))
    return tuple(found)


def compiled(routine: Routine) -> bool:
    """Whether a function is C code of an extension that may be used, run as its caller."""
    known = routine.extension is not None and routine.extension not in extensions().never
    return known and routine.language == "c" and not routine.definer


def extension(routine: Routine) -> bool:
    """Whether an extension's function may be used."""
    known = extensions()
    if routine.extension is None or routine.definer or routine.extension in known.never:
        return False
    if (routine.extension, routine.signature) in known.also:
        return True
    return routine.volatility == "i" and (
        routine.language == "c" or (routine.language == "internal" and routine.extension in known.alias)
    )


def refused(routine: Routine) -> Doubted:
    """Make the refusal of a function."""
    if routine.oid < FIRST_OWN:
        name = routine.identity.removeprefix("pg_catalog.")
        return barred(name, routine.identity)
    return Doubted(
        Doubt.FUNCTION,
        f"The function {routine.identity} is not registered as pure. An operator can register it.",
        routine.identity,
    )


def barred(name: str, identity: str) -> Doubted:
    """Make the refusal of a function of the server itself."""
    return Doubted(
        Doubt.FUNCTION,
        f"The function {name} is not allowed; leave it out, or use one that only computes from what it is given.",
        identity,
    )


def missing(kind: str, oid: Oid) -> Doubted:
    """Make the refusal of an object that the snapshot does not have: unknown is never allowed."""
    return Doubted(Doubt.MISSING, f"A {kind} that this statement uses is new; ask again.", f"{kind} {oid}")
