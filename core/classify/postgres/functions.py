"""Which functions, operators and types a read may use: by object id from the tree, never by name from the text.

`provolatile` is no label of safety (`table_to_xml`, `txid_current`, `current_setting` are STABLE): built-in functions
come from lists made of each version's pg_proc and reviewed; what is not listed is refused. Own functions are refused,
extension functions only where the extension's C code declares them IMMUTABLE.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, TypeAlias, final

from core.catalog import Oid, Protection, Routine, Snapshot
from core.classify.postgres.census import FIRST_OWN, Census
from core.classify.postgres.nouns import Doubted
from core.model import Doubt

HANDLES: Final = frozenset({Oid(2275), Oid(2281)})  # cstring, internal
SEQUENCES: Final = frozenset({Oid(1574), Oid(1575), Oid(2559)})  # nextval, currval, lastval: defaults of keys in writes
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
class Judge:
    """Judges what a tree calls against the lists and the snapshot."""

    def __init__(self, snapshot: Snapshot, protection: Protection, *, writes: bool) -> None:
        self._snapshot: Final = snapshot
        self._writes: Final = writes
        self._builtin: Final = builtin(snapshot.version // 10_000)
        self._tagged: Final = any(
            tagged.mask != "free_text" for tags in protection.tags.values() for tagged in tags.values()
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
        called = frozenset(self.function(oid, direct=True) for oid in sorted(census.called))
        self._callable(census)
        return called

    def _callable(self, census: Census) -> None:
        """Refuse what the role may not call: 42501 is never control flow.

        Raises: Doubted.
        """
        codes = {self._snapshot.operators.get(operator, operator) for operator in census.operators}
        for oid in sorted(codes | census.called):
            routine = self._snapshot.routines.get(oid)
            if routine is not None and not routine.executable:
                raise Doubted(Doubt.FUNCTION, f"This source's role may not call the function {routine.identity}.")

    def function(self, oid: Oid, *, direct: bool) -> str:
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
            return self._listed(*listed)
        if routine is None:
            raise missing("function", oid)
        if oid >= FIRST_OWN and extension(routine, direct=direct):
            for support in routine.support:
                self.function(support, direct=False)
            return routine.identity
        raise refused(routine)

    def _listed(self, mark: str, identity: str) -> str:
        name = identity.removeprefix("pg_catalog.")
        if mark == "d" or (mark == "s" and not self._tagged):
            return identity
        if mark == "s":
            raise Doubted(
                Doubt.PROTECTED, f"The function {name} is not shown: sizes follow protected values.", identity
            )
        raise Doubted(Doubt.FUNCTION, f"The function {name} is not allowed in a read.", identity)

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
            raise Doubted(Doubt.FUNCTION, f"The type {known.schema}.{known.name} is not among those that can be read.")
        for called in sorted(known.functions):
            self.function(called, direct=False)
        yield from known.fields
        yield from (part for part in (known.element, known.base) if part is not None)


def extension(routine: Routine, *, direct: bool) -> bool:
    """Whether an extension's function may be used: C code that it declares IMMUTABLE, and no handle passed by hand."""
    if routine.extension is None or routine.language != "c" or routine.definer:
        return bool(routine.extension) and routine.kind == "a" and bool(routine.support)
    return routine.volatility == "i" and not (direct and HANDLES & set(routine.types))


def refused(routine: Routine) -> Doubted:
    """Make the refusal of a function."""
    if routine.oid < FIRST_OWN:
        name = routine.identity.removeprefix("pg_catalog.")
        return Doubted(Doubt.FUNCTION, f"The function {name} is not allowed in a read.", routine.identity)
    return Doubted(
        Doubt.FUNCTION,
        f"The function {routine.identity} is not registered as pure. An operator can register it.",
        routine.identity,
    )


def missing(kind: str, oid: Oid) -> Doubted:
    """Make the refusal of an object that the snapshot does not have: unknown is never allowed."""
    return Doubted(Doubt.MISSING, f"A {kind} that this statement uses is new; ask again.", f"{kind} {oid}")
