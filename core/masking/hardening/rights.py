"""Who holds which right in a database: the facts that `assent harden` compares with what should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, final

from core.catalog import Oid, Routine, Snapshot
from core.masking.spread import SYSTEM_SCHEMAS

PUBLIC: Final = ""
DANGEROUS: Final = ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION")
FIRST_USER_OID: Final = 16_384  # FirstNormalObjectId (src/include/access/transam.h)

# Functions of extensions that take SQL text or a connection string, by extension; () means all of them.
SQL_TEXT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"dblink": (), "tablefunc": ("crosstab", "connectby", "normal_rand"), "xml2": ("xpath_table",), "adminpack": ()}
    | dict.fromkeys(("postgres_fdw", "http", "pg_net", "pg_cron", "pg_background", "plproxy", "pgrouting"), ())
    | dict.fromkeys(("aws_s3", "aws_lambda"), ())
)
COMPILED: Final = frozenset({"c", "internal"})  # what extensions are made of; their functions are read one by one

# Catalogs and views whose rows tell other sessions' texts, statistics of raw values, secrets or definitions.
FORBIDDEN: Final = frozenset(
    {"pg_authid", "pg_shadow", "pg_user_mapping", "pg_user_mappings", "pg_settings", "pg_file_settings", "pg_attrdef"}
    | {"pg_hba_file_rules", "pg_ident_file_mappings", "pg_largeobject", "pg_largeobject_metadata", "pg_proc"}
    | {"pg_prepared_statements", "pg_cursors", "pg_subscription", "pg_foreign_server", "pg_views", "pg_rules"}
)


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Grant:
    """One right: object kind as GRANT names it, object and column as SQL, grantee's name; PUBLIC is ""."""

    kind: str  # DATABASE, SCHEMA, TABLE, ROUTINE, SEQUENCE
    target: str
    privilege: str
    grantee: str
    column: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Default:
    """A right that objects yet to be made will carry: ALTER DEFAULT PRIVILEGES."""

    maker: str
    schema: str  # "" is every schema
    kind: str  # TABLES, SEQUENCES, FUNCTIONS, TYPES, SCHEMAS, LARGE OBJECTS
    privilege: str
    grantee: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFacts:
    """A row of pg_roles, the roles it belongs to and the roles that belong to it."""

    name: str
    attributes: frozenset[str]  # SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB, REPLICATION, INHERIT, LOGIN
    member_of: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()  # "log_min_messages=panic"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MaskView:
    """A view in one of our schemas: the hash of what was emitted, of its definition when made, and of it now."""

    schema: str
    name: str
    owner: str
    emitted: str
    made: str
    now: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Roles, rights and our own objects as the DBA sees them."""

    roles: Mapping[str, RoleFacts]
    schemas: Mapping[str, str]  # name -> owner
    grants: frozenset[Grant]
    routines: Mapping[Oid, str]  # user functions as regprocedure prints them under an empty path
    untrusted: frozenset[str]  # languages
    views: tuple[MaskView, ...] = ()
    relations: Mapping[tuple[str, str], str] = field(default_factory=dict)  # in our schemas -> owner
    bindings: Mapping[tuple[Oid, int], tuple[str, str]] = field(default_factory=dict)  # -> (qualified name, tag)
    sequences: tuple[str, ...] = ()  # of application schemas, as SQL
    grantors: Mapping[Grant, frozenset[str]] = field(default_factory=dict)  # other than the object's owner
    defaults: frozenset[Default] = frozenset()

    @property
    def others(self) -> tuple[str, ...]:
        """Roles that must not lose what they had through PUBLIC: superusers need no rights, `pg_…` are no one's."""
        return tuple(
            sorted(
                n for n, role in self.roles.items() if "SUPERUSER" not in role.attributes and not n.startswith("pg_")
            )
        )


def risky(snapshot: Snapshot, untrusted: frozenset[str]) -> Mapping[Oid, str]:
    """Functions that would act beyond the caller's own rights, or at Parse, and why."""
    checked = {
        function
        for kind in snapshot.types.values()
        if kind.extension is None and kind.schema not in SYSTEM_SCHEMAS
        for function in kind.functions
        if function not in snapshot.pure  # it computes and nothing else: whoever parses a text may run it
    }
    found = {}
    for oid, routine in snapshot.routines.items():
        if oid < FIRST_USER_OID:
            continue
        # The parts of an aggregate run by rights of its owner (PostgreSQL docs, CREATE AGGREGATE, Notes).
        parts = [snapshot.routines[part] for part in routine.support if part >= FIRST_USER_OID] or [routine]
        reasons = (_risk(part, untrusted, checked=oid in checked) for part in parts)
        reason = next(filter(None, reasons), "")
        if reason:
            found[oid] = reason
    return found


def _risk(routine: Routine, untrusted: frozenset[str], *, checked: bool) -> str:
    if routine.definer:
        return "runs with its owner's rights"
    written = untrusted if routine.extension is None else untrusted - COMPILED
    if routine.language in written and routine.kind != "a" and not routine.constructs:
        return f"is written in the untrusted language {routine.language}"
    if routine.extension is None:
        return "runs while a statement is only parsed, through a domain or range" if checked else ""
    names = SQL_TEXT.get(routine.extension)
    if names is not None and (not names or routine.name.startswith(names)):
        return "takes SQL text or a connection string"
    return ""


def revealing(snapshot: Snapshot, oid: Oid) -> bool:
    """Whether a view's closure holds a catalog that no agent may read."""
    seen: set[Oid] = set()
    stack = [oid]
    while stack:
        relation = snapshot.relations.get(stack.pop())
        if relation is None or relation.oid in seen:
            continue
        seen.add(relation.oid)
        if relation.schema == "pg_catalog" and (relation.name in FORBIDDEN or relation.name.startswith("pg_stat")):
            return True
        stack.extend(relation.depends)
    return False
