"""What a tree leads to that it does not show: members of operator families, run by sorting, hashing and index scans.

PostgreSQL docs 36.16 (interfacing extensions to indexes) and 11.10. A family is reached by its operators, by indexes
and partition keys of what is read, and by types whose default it is, where something compares values of any type:
arrays, rows and ranges by their parts, GREATEST and LEAST (src/backend/utils/cache/typcache.c).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.catalog import MEMBERS, Oid, Snapshot
from core.classify.postgres.tree.agree import kin
from core.classify.postgres.tree.census import FIRST_OWN, Census

PSEUDO: Final = "p"  # typtype of anyelement, anyarray, record and their kin


def leads(census: Census, snapshot: Snapshot) -> frozenset[Oid]:
    """Give operators, types and relations that may lead to a family of others than the server's."""
    if not snapshot.methods:
        return frozenset()
    relations = kin((*census.entries, *(record.relation for record in census.records)), snapshot)
    compared = parts(census.types, snapshot) if compares(census, snapshot) else frozenset()
    return frozenset(census.operators) | compared | relations


def compares(census: Census, snapshot: Snapshot) -> bool:
    """Whether something in a tree may compare values by what their type says at run time."""
    codes = census.called | {snapshot.operators.get(operator, operator) for operator in census.operators}
    routines = (snapshot.routines[code] for code in codes if code in snapshot.routines)
    taken = {oid for routine in routines for oid in routine.types[:-1] if oid in snapshot.types}
    return bool(census.nodes["MINMAXEXPR"]) or any(snapshot.types[oid].kind == PSEUDO for oid in taken)


def parts(types: Iterable[Oid], snapshot: Snapshot) -> frozenset[Oid]:
    """Close types over what they are made of."""
    seen: set[Oid] = set()
    waiting = list(types)
    while waiting:
        oid = waiting.pop()
        known = snapshot.types.get(oid)
        if oid in seen or known is None:
            continue
        seen.add(oid)
        waiting += [part for part in (known.element, known.base, *known.fields) if part is not None]
    return frozenset(seen)


def stands(census: Census, methods: frozenset[Oid]) -> frozenset[Oid]:
    """Give what the stamp must cover: the members, and where own types or operators are used, that none is added."""
    own = methods or any(oid >= FIRST_OWN for oid in (*census.operators, *census.types))
    return methods | (MEMBERS if own else frozenset())
