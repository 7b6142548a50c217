"""What may answer 42501 as a statement runs though the reading was right: by object id, never by its name.

Two kinds do: built-in code that looks a name up (in a schema that is not for the role), and own code, which may raise
what it likes. Without this an agent could raise the alert of a wrong reading as often as it wants to.
"""

from __future__ import annotations

from typing import Final

from core.catalog import Oid, Snapshot
from core.classify.postgres.tree.census import FIRST_OWN, Census

# Of the functions that a read may call: those that answer so when asked for a name in a schema without USAGE. Found by
# asking each of them on 15 to 18; tests/integration/test_denials.py asks again.
RESOLVERS: Final = frozenset(
    map(
        Oid,
        (
            *(1079, 3492, 3493, 3494, 3495, 3476, 3479, 4195, 6317),  # regclass(text), to_reg…
            *(
                1922,
                1924,
                1926,
                3012,
                3013,
                3016,
                3017,
                3020,
                3021,
                3024,
                3026,
                3028,
            ),  # has_table_privilege, of columns
            *(2256, 2258, 2260, 3138, 3140, 3142),  # has_function_privilege, has_type_privilege
            *(
                2181,
                2183,
                2185,
                3299,
                3714,
                3716,
            ),  # has_sequence_privilege, row_security_active, ts_token_type, ts_parse
        ),
    )
)
# Types whose input looks a name up, and their arrays (pg_type.dat): regproc … regcollation, regconfig, regdictionary.
NAMED: Final = frozenset(
    map(
        Oid,
        (
            *(24, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191),
            *(1008, 2207, 2208, 2209, 2210, 2211, 3735, 3770, 4090, 4097, 4192),
        ),
    )
)


def resolves(census: Census, types: frozenset[Oid], snapshot: Snapshot) -> bool:
    """Whether a statement may look names up as it runs; `types` are the own ones in use, closed over their parts."""
    parts = {part for oid in types for part in made_of(oid, snapshot)}
    return bool(census.called & RESOLVERS or (census.types | parts) & NAMED)


def made_of(oid: Oid, snapshot: Snapshot) -> frozenset[Oid]:
    """Give the types that an own type is made of."""
    known = snapshot.types.get(oid)
    if known is None:
        return frozenset()
    return frozenset((*known.fields, *(part for part in (known.element, known.base) if part is not None)))


def own(census: Census) -> bool:
    """Whether code that is not the server's own runs by name."""
    return any(oid >= FIRST_OWN for oid in census.called)
