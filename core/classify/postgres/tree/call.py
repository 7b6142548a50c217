"""CALL: which procedure it means, of those that an operator registered by their body.

Before 16 the server shows nothing of a CALL when it analyses it, so that there is no second witness of which overload
it takes: the name must mean one routine whatever the arguments are, and each argument is a plain value. The stamp over
all routines, types, casts and schemas keeps it so until it has run. What it handed back would be raw: it may not.
"""

from __future__ import annotations

from typing import Final

from core.catalog import Routine, Snapshot
from core.classify.postgres.nouns import Doubted, Fields, Parsed
from core.classify.postgres.text.scope import words
from core.classify.postgres.text.shape import children
from core.classify.postgres.text.utility import targets
from core.model import Doubt

PROCEDURE: Final = "p"  # prokind
PLAIN: Final = "A CALL takes plain values and parameters, cast to types of the server at most; compute them before."
CALL: Final = frozenset({"funcname", "args", "funcformat", "location"})
CAST: Final = frozenset({"arg", "typeName", "location"})
VALUES: Final = frozenset({"A_Const", "ParamRef"})


def procedure(parsed: Parsed, snapshot: Snapshot) -> Routine:
    """Give the one procedure that a CALL means.

    Raises: Doubted.
    """
    for part, _, fields in children(parsed.root, parsed.tree):
        if part != "funccall" or set(fields) - CALL:
            raise Doubted(Doubt.UNKNOWN, PLAIN)
        arguments(fields, snapshot)
    name = targets(parsed.root, parsed.tree)[0]
    written = ".".join(name)
    found = named(name, snapshot)
    if len(found) != 1 or found[0].kind != PROCEDURE or found[0].oid not in snapshot.callable:
        raise refused(written, found, snapshot)
    if not found[0].executable:
        raise Doubted(
            Doubt.FUNCTION, f"This source's role may not call the procedure {written}; an operator grants it."
        )
    if not found[0].silent:
        raise Doubted(
            Doubt.FUNCTION,
            f"The procedure {written} hands values back, which no mask could stand before; leave it out.",
        )
    return found[0]


def named(name: tuple[str, ...], snapshot: Snapshot) -> list[Routine]:
    """Find the routines of a name, of any kind and with any arguments, wherever the server would look."""
    *schema, own = name
    schemas = schema or snapshot.search_path
    return (
        []
        if len(schema) > 1
        else [each for each in snapshot.routines.values() if each.name == own and each.schema in schemas]
    )


def refused(written: str, found: list[Routine], snapshot: Snapshot) -> Doubted:
    """Say why a name is no procedure that may be called."""
    changed = [each.identity for each in found if each.identity in snapshot.changed]
    if len(found) > 1:
        return Doubted(Doubt.FUNCTION, f"{written} may mean several routines; no CALL of it is read.")
    if changed:
        said = f"The procedure {changed[0]} is not the one that was registered. An operator looks at it."
        return Doubted(Doubt.FUNCTION, said, changed[0])
    return Doubted(Doubt.FUNCTION, f"The procedure {written} is not registered. An operator can register it.")


def arguments(call: Fields, snapshot: Snapshot) -> None:
    """Check that every argument is a plain value.

    Raises: Doubted.
    """
    waiting = [(name, fields) for part, name, fields in children("FuncCall", call) if part == "args"]
    while waiting:
        name, fields = waiting.pop()
        if name == "TypeCast" and not set(fields) - CAST:
            below = children(name, fields)
            typed = [inner for part, _, inner in below if part == "typeName"]
            waiting += [(kind, inner) for part, kind, inner in below if part == "arg"]
            if not all(plain(inner, snapshot) for inner in typed):
                raise Doubted(Doubt.UNKNOWN, PLAIN)
        elif name in {"A_ArrayExpr", "NamedArgExpr"}:
            waiting += [(kind, inner) for _, kind, inner in children(name, fields)]
        elif name not in VALUES:
            raise Doubted(Doubt.UNKNOWN, PLAIN)


def plain(fields: Fields, snapshot: Snapshot) -> bool:
    """Whether a type is one of the server's own."""
    parts = words(fields.get("names"))
    known = {kind.name for kind in snapshot.types.values() if kind.schema == "pg_catalog"}
    return (len(parts) == 1 or parts[:-1] == ("pg_catalog",)) and parts[-1] in known
