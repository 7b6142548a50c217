"""SQL-language functions that are nothing but an expression: their bodies, Parsed under the witness like a read.

Of a body the server shows no tree unless it runs; so the body itself is put to the witness, each argument as a cast of
a parameter to its type, and must be one read that names no relation and calls only what a read may call. What the body
says depends on names: it stands on all routines, operators, casts, types and schemas, beside those it calls.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, final

from core.catalog import MEANINGS, Oid, Routine, Snapshot
from core.classify.postgres.nouns import Doubted, Fields, Parsed
from core.classify.postgres.text.parse import WORKER, encode, parse
from core.classify.postgres.text.scope import offset, words
from core.classify.postgres.text.shape import children
from core.classify.postgres.text.statement import single
from core.classify.postgres.tree.agree import agree
from core.classify.postgres.tree.census import FIRST_OWN, Census, count
from core.classify.postgres.tree.checks import check
from core.classify.postgres.tree.functions import Judge
from core.classify.postgres.tree.methods import leads, stands
from core.classify.postgres.tree.read import read

PSEUDO: Final = "p"  # typtype: anyelement and its kin
MOST: Final = 256  # bodies read at one load of the catalogs; what is beyond is not known to be pure
BODY_BYTES: Final = 4_096
BARE: Final = frozenset({"targetList", "limitOption", "op"})  # a query without FROM: any name in it is an argument
NAME: Final = r'(?:"(?:[^"]|"")+"|[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*)'
REFERENCE: Final = re.compile(rf"\$[0-9]+|{NAME}(?:\.{NAME})?", re.ASCII)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A function and its body as a statement that the server can analyse."""

    function: Oid
    parsed: Parsed


def bodies(snapshot: Snapshot) -> tuple[Body, ...]:
    """Word the bodies that may turn out to be pure."""
    found: list[Body] = []
    for routine in sorted(filter(plausible, snapshot.routines.values()), key=lambda routine: routine.oid):
        parsed = worded(routine, snapshot) if len(found) < MOST else None
        if parsed is not None:
            found.append(Body(function=routine.oid, parsed=parsed))
    return tuple(found)


def plausible(routine: Routine) -> bool:
    """Whether a function could be pure by what is declared of it."""
    declared = routine.language == "sql" and routine.volatility == "i" and routine.scalar and not routine.definer
    return declared and routine.oid >= FIRST_OWN and len(routine.body) <= BODY_BYTES


def worded(routine: Routine, snapshot: Snapshot) -> Parsed | None:
    """Word a body as one SELECT of its result, arguments as casts of parameters; None where that cannot be done.

    A polymorphic body calls other functions for each type it is called with: none of it is known.
    """
    types = [snapshot.types.get(oid) for oid in routine.types]
    *arguments, result = ("" if kind is None or kind.kind == PSEUDO else kind.label for kind in types)
    if not all((*arguments, result)):
        return None
    try:
        text, used = substituted(query(routine.body), routine, arguments)
    except (Doubted, RecursionError, ValueError, TypeError, KeyError):
        return None
    parsed = parse(f"SELECT CAST(({text}\n) AS {result})", (None,) * used)
    return parsed if isinstance(parsed, Parsed) and parsed.root == "SelectStmt" and not parsed.names else None


def query(body: str) -> str:
    """Take the query out of a body of the SQL-standard form."""
    if body.startswith("RETURN "):
        return f"SELECT {body.removeprefix('RETURN ')}"
    if body.startswith("BEGIN ATOMIC"):
        return body.removeprefix("BEGIN ATOMIC").strip().removesuffix("END").strip().removesuffix(";")
    return body.strip().removesuffix(";")


def substituted(text: str, routine: Routine, arguments: list[str]) -> tuple[str, int]:
    """Put casts of parameters in place of arguments, from the last to the first; say how many parameters there are.

    Raises: Doubted, ValueError for a body that is no single query, or whose names may mean something else.
    """
    encoded = encode(text)
    root, fields = single(WORKER.statements(encoded))
    found = sorted(references(root, fields, {*routine.names, routine.name}))
    if root != "SelectStmt" or (any(parts for _, parts in found) and not bare(root, fields)):
        raise ValueError("names that may be columns")
    numbers: dict[int, int] = {}
    places = [(at, argument(parts, encoded[at:], routine)) for at, parts in found]
    for _, number in places:
        numbers.setdefault(number, len(numbers) + 1)
    for at, number in reversed(places):
        token = REFERENCE.match(encoded[at:].decode())
        length = len(token.group().encode()) if token else 0
        put = f"(CAST(${numbers[number]} AS {arguments[number - 1]}))".encode()
        encoded = encoded[:at] + put + encoded[at + length :]
    return encoded.decode(), len(numbers)


def references(root: str, fields: Fields, names: Collection[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield where arguments stand, by offset: those by number without a name, those by name with its parts."""
    for name, inner in below(root, fields):
        parts = words(inner.get("fields")) if name == "ColumnRef" else ()
        if name == "ParamRef" or any(part in names for part in parts):
            yield offset(inner), parts


def bare(root: str, fields: Fields) -> bool:
    """Whether a query has no FROM, no order and no other query inside: then a name in it can only be an argument."""
    return not set(fields) - BARE and sum(name == "SelectStmt" for name, _ in below(root, fields)) == 1


def below(root: str, fields: Fields) -> Iterator[tuple[str, Fields]]:
    """Yield a node and all below it."""
    stack = [(root, fields)]
    while stack:
        name, inner = stack.pop()
        yield name, inner
        stack.extend((kind, under) for _, kind, under in children(name, inner))


def argument(parts: tuple[str, ...], rest: bytes, routine: Routine) -> int:
    """Tell which argument a reference means, from 1 on.

    Raises: ValueError.
    """
    if len(parts) > 1 and parts[:-1] != (routine.name,):
        raise ValueError("a field of an argument")
    number = routine.names.index(parts[-1]) + 1 if parts else numeral(rest)
    if not 1 <= number < len(routine.types):
        raise ValueError("no such argument")
    return number


def numeral(rest: bytes) -> int:
    """Read the number of `$1`.

    Raises: ValueError.
    """
    token = REFERENCE.match(rest.decode())
    return int(token.group()[1:]) if token is not None else 0


def pure(heard: Iterable[tuple[Body, str]], snapshot: Snapshot) -> Mapping[Oid, frozenset[Oid]]:
    """Tell which of the bodies a read may run, and what each stands on, beside what the snapshot holds registered.

    A body that calls another own function waits until that one is known to be pure: so no circle ever is.
    """
    waiting = {body.function: census for body, dump in heard if (census := counted(body, dump, snapshot))}
    found = dict(snapshot.pure)
    while True:
        known = replace(snapshot, pure=found)
        fresh = {
            oid: stands
            for oid, census in waiting.items()
            if oid not in found and (stands := stands_on(oid, census, known)) is not None
        }
        if not fresh:
            return found
        found |= fresh


def counted(body: Body, dump: str, snapshot: Snapshot) -> Census | None:
    """Walk a body's tree; None unless it is one read without any relation."""
    try:
        queries = read(dump, snapshot.version)
        census = count(queries, snapshot, frozenset())
        check(queries, census, body.parsed, snapshot)
        agree((), census, snapshot)
    except (Doubted, RecursionError):
        return None
    named = census.entries or census.records or census.sequences or census.samplers
    return None if named else census


def stands_on(oid: Oid, census: Census, snapshot: Snapshot) -> frozenset[Oid] | None:
    """Give what a pure body stands on: own functions and types, and what gives names a meaning; None if not pure."""
    judge = Judge(snapshot, None, writes=False)
    try:
        judge.functions(census)
        types = judge.types(census)
        methods = stands(census, judge.methods(leads(census, snapshot)))
    except Doubted:
        return None
    codes = {snapshot.operators[operator] for operator in census.operators} | census.called
    found = {oid, *MEANINGS, *types, *methods, *(code for code in codes if code >= FIRST_OWN)}
    for code in codes:
        found |= snapshot.pure.get(code, frozenset())
    return frozenset(found)
