"""Names in SQL text: quoting, the schemas that `assent harden` makes, and names as an operator writes them."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from core.catalog import Relation

VIEWS_ROLE: Final = "assent_views"  # owns the masking views and the keys; NOLOGIN
KEY_SCHEMA: Final = "assent"
CHECK_SCHEMA: Final = "assent_check"
NAME_BYTES: Final = 63  # NAMEDATALEN - 1 (PostgreSQL, "Identifiers and Key Words")
PART: Final = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')


def quote(identifier: str) -> str:
    """Quote an identifier, always: no list of keywords to keep."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a string constant so that it means the same with standard_conforming_strings on or off."""
    doubled = text.replace("'", "''")
    return " E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in text else f"'{doubled}'"


def qualified(relation: Relation) -> str:
    """Schema and name, both quoted."""
    return f"{quote(relation.schema)}.{quote(relation.name)}"


def derived(schema: str, suffix: str) -> str:
    """Name the schema beside `schema`: `<schema>__masked`, or by a digest where that is longer than a name may be."""
    name = f"{schema}__{suffix}"
    if len(name.encode()) <= NAME_BYTES:
        return name
    return f"assent_{hashlib.sha256(schema.encode()).hexdigest()[:16]}__{suffix}"


def masked(relation: Relation) -> tuple[str, str]:
    """Schema and name of the view that masks a relation."""
    return derived(relation.schema, "masked"), relation.name


def only(relation: Relation) -> tuple[str, str]:
    """Schema and name of the view that masks a relation without its children."""
    return derived(relation.schema, "only"), relation.name


def dotted(pair: tuple[str, str]) -> str:
    """Quote a pair of schema and name."""
    return f"{quote(pair[0])}.{quote(pair[1])}"


def parts(name: str) -> tuple[str, ...] | None:
    """Split `schema.table.column` at its dots; a part with a dot stands in double quotes. None: not a name."""
    found: list[str] = []
    at = 0
    while True:
        match = PART.match(name, at)
        if match is None:
            return None
        found.append(match[1].replace('""', '"') if match[1] is not None else match[2])
        at = match.end()
        if at == len(name):
            return tuple(found)
        if name[at] != ".":
            return None
        at += 1
