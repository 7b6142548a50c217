"""Statements that the server shows no analysed tree of: what each root does to which things, closed by default.

PostgreSQL's command list: https://www.postgresql.org/docs/18/sql-commands.html. A root that is not in the table is
unreadable; `control` is never allowed by any policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, final

from core.classify.postgres.nouns import Doubted, Fields, Node
from core.classify.postgres.text.scope import Found, words
from core.classify.postgres.text.shape import children, grammar, unfold
from core.model import Doubt, Fact, Pair, Thing, Verb


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Utility:
    """Verbs, things and facts that a statement's own words show."""

    verbs: frozenset[Verb]
    pairs: frozenset[Pair]
    facts: frozenset[Fact]


# root: verb, kind of thing, field that names it
TABLE: Final[Mapping[str, tuple[Verb, str, str]]] = MappingProxyType(
    {
        "CreateStmt": (Verb.DEFINE, "table", "relation"),
        "CreateTableAsStmt": (Verb.DEFINE, "table", "into"),
        "IntoClause": (Verb.DEFINE, "table", "intoClause"),
        "ViewStmt": (Verb.DEFINE, "view", "view"),
        "RefreshMatViewStmt": (Verb.DEFINE, "view", "relation"),
        "IndexStmt": (Verb.DEFINE, "table", "relation"),
        "AlterTableStmt": (Verb.DEFINE, "table", "relation"),
        "TruncateStmt": (Verb.DELETE, "table", "relations"),
        "CreateSeqStmt": (Verb.DEFINE, "sequence", "sequence"),
        "AlterSeqStmt": (Verb.DEFINE, "sequence", "sequence"),
        "CreateDomainStmt": (Verb.DEFINE, "type", "domainname"),
        "AlterDomainStmt": (Verb.DEFINE, "type", "typeName"),
        "CompositeTypeStmt": (Verb.DEFINE, "type", "typevar"),
        "CreateEnumStmt": (Verb.DEFINE, "type", "typeName"),
        "AlterEnumStmt": (Verb.DEFINE, "type", "typeName"),
        "CreateRangeStmt": (Verb.DEFINE, "type", "typeName"),
        "CreateStatsStmt": (Verb.DEFINE, "statistics", "defnames"),
        "AlterStatsStmt": (Verb.DEFINE, "statistics", "defnames"),
        "CreateSchemaStmt": (Verb.DEFINE, "schema", "schemaname"),
        "RenameStmt": (Verb.DEFINE, "object", "relation object"),
        "AlterObjectSchemaStmt": (Verb.DEFINE, "object", "relation object"),
        "CommentStmt": (Verb.DEFINE, "object", "object"),
        "DropStmt": (Verb.DEFINE, "object", "objects"),
        "CreateFunctionStmt": (Verb.DEFINE, "function", "funcname"),
        "AlterFunctionStmt": (Verb.DEFINE, "function", "func"),
        "CreateTrigStmt": (Verb.DEFINE, "table", "relation"),
        "RuleStmt": (Verb.DEFINE, "table", "relation"),
        "CreatePolicyStmt": (Verb.DEFINE, "table", "table"),
        "AlterPolicyStmt": (Verb.DEFINE, "table", "table"),
        "GrantStmt": (Verb.GRANT, "object", "objects"),
        "CallStmt": (Verb.RUN, "function", "funccall"),
    }
)
# Code that runs later as someone else.
CODE: Final = frozenset(
    {"CreateFunctionStmt", "AlterFunctionStmt", "CreateTrigStmt", "RuleStmt", "CreatePolicyStmt", "AlterPolicyStmt"}
)
# Session and transaction control, server acts, roles, extensions and what reaches other servers: never allowed.
CONTROL: Final = frozenset(
    """
    AlterCollationStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt AlterDatabaseStmt AlterDefaultPrivilegesStmt
    AlterEventTrigStmt AlterExtensionContentsStmt AlterExtensionStmt AlterFdwStmt AlterForeignServerStmt
    AlterObjectDependsStmt AlterOpFamilyStmt AlterOperatorStmt AlterOwnerStmt AlterPublicationStmt AlterRoleSetStmt
    AlterRoleStmt AlterSubscriptionStmt AlterSystemStmt AlterTSConfigurationStmt AlterTSDictionaryStmt
    AlterTableMoveAllStmt AlterTableSpaceOptionsStmt AlterTypeStmt AlterUserMappingStmt CheckPointStmt ClosePortalStmt
    ClusterStmt ConstraintsSetStmt CopyStmt CreateAmStmt CreateCastStmt CreateConversionStmt CreateEventTrigStmt
    CreateExtensionStmt CreateFdwStmt CreateForeignServerStmt CreateForeignTableStmt CreateOpClassStmt
    CreateOpFamilyStmt CreatePLangStmt CreatePublicationStmt CreateRoleStmt CreateSubscriptionStmt
    CreateTableSpaceStmt CreateTransformStmt CreateUserMappingStmt CreatedbStmt DeallocateStmt DeclareCursorStmt
    DefineStmt DiscardStmt DoStmt DropOwnedStmt DropRoleStmt DropSubscriptionStmt DropTableSpaceStmt
    DropUserMappingStmt DropdbStmt ExecuteStmt ExplainStmt FetchStmt GrantRoleStmt ImportForeignSchemaStmt ListenStmt
    LoadStmt LockStmt NotifyStmt PrepareStmt ReassignOwnedStmt ReindexStmt SecLabelStmt TransactionStmt UnlistenStmt
    VacuumStmt VariableSetStmt
    """.split()  # noqa: SIM905 - a table of names reads as one
)
# ALTER TABLE: what changes structure; the rest (owner, triggers, row security, rules, tablespace, options) is control.
ALTERS: Final = frozenset(
    """
    AT_AddColumn AT_ColumnDefault AT_DropNotNull AT_SetNotNull AT_SetExpression AT_DropExpression AT_SetStatistics
    AT_SetStorage AT_SetCompression AT_DropColumn AT_AddConstraint AT_ValidateConstraint AT_DropConstraint
    AT_AlterConstraint AT_AlterColumnType AT_AttachPartition AT_DetachPartition AT_AddInherit AT_DropInherit
    AT_AddIdentity AT_SetIdentity AT_DropIdentity
    """.split()  # noqa: SIM905
)
OBJECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "OBJECT_TABLE": "table", "OBJECT_VIEW": "view", "OBJECT_MATVIEW": "view", "OBJECT_INDEX": "index",
        "OBJECT_SEQUENCE": "sequence", "OBJECT_SCHEMA": "schema", "OBJECT_TYPE": "type", "OBJECT_DOMAIN": "type",
        "OBJECT_STATISTIC_EXT": "statistics", "OBJECT_COLUMN": "table", "OBJECT_TABCONSTRAINT": "table",
        "OBJECT_ATTRIBUTE": "type", "OBJECT_DOMCONSTRAINT": "type", "OBJECT_FUNCTION": "function",
        "OBJECT_PROCEDURE": "function", "OBJECT_ROUTINE": "function", "OBJECT_TRIGGER": "trigger",
        "OBJECT_RULE": "rule", "OBJECT_POLICY": "policy",
    }
)  # fmt: skip
LOCKING: Final = frozenset({"AlterTableStmt", "TruncateStmt", "IndexStmt", "DropStmt", "RenameStmt", "CreateTrigStmt"})
CODED: Final = frozenset({"function", "trigger", "rule", "policy"})


def utility(root: str, fields: Fields, found: Found) -> Utility:
    """Read a utility statement's own words.

    Raises: Doubted for a root that is in no table.
    """
    if root == "VariableShowStmt":
        return made(Verb.READ, [Thing(kind="setting", name=str(fields.get("name", "")).lower())])
    if root in CONTROL or (root in TABLE and controls(root, fields)):
        return made(Verb.CONTROL, [Thing(kind="statement", name=title(root))])
    if root == "CreateSchemaStmt" and fields.get("schemaElts"):
        raise Doubted(Doubt.UNKNOWN, "Make the schema alone; what stands in it comes as statements of its own.")
    if root == "GrantStmt" and fields.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA":
        raise Doubted(Doubt.UNKNOWN, "Rights on all things of a schema are not read; name each thing.")
    if root not in TABLE or root not in grammar():
        raise Doubted(Doubt.UNKNOWN, "Statements of this kind are not read.", root)
    verb, kind, _ = TABLE[root]
    things = [Thing(kind=kind_of(fields, kind), name=".".join(name)) for name in targets(root, fields)]
    if not things:
        raise Doubted(Doubt.UNKNOWN, f"It could not be told what this {title(root)} names.", root)
    return made(verb, things, facts(root, fields, found))


def made(verb: Verb, things: list[Thing], shown: frozenset[Fact] = frozenset()) -> Utility:
    """Put a reading of words together."""
    pairs = frozenset(Pair(thing=thing, verb=verb) for thing in things)
    return Utility(verbs=frozenset({verb}), pairs=pairs, facts=shown)


def controls(root: str, fields: Fields) -> bool:
    """Whether a root that may be asked for has a form that never is."""
    if temporary("SelectStmt" if root == "IntoClause" else root, fields) or (
        root == "CreateSchemaStmt" and "authrole" in fields
    ):
        return True
    if fields.get("concurrent"):
        return root in {"IndexStmt", "DropStmt"}
    match root:
        case "AlterTableStmt":
            return any(
                below.get("subtype", "AT_AddColumn") not in ALTERS or "concurrent" in str(below.get("def", ""))
                for part, _, below in children(root, fields)
                if part == "cmds"
            )
        case "GrantStmt":
            public = any(
                below.get("roletype") == "ROLESPEC_PUBLIC"
                for part, _, below in children(root, fields)
                if part == "grantees"
            )
            return public or fields.get("objtype") not in OBJECTS or fields.get("targtype") == "ACL_TARGET_DEFAULTS"
        case "CreateTableAsStmt":  # of EXECUTE: what it would run stands in the session
            return any(name == "ExecuteStmt" for _, name, _ in children(root, fields))
        case "DropStmt" | "RenameStmt" | "AlterObjectSchemaStmt" | "CommentStmt":
            return kind_of(fields, "") not in set(OBJECTS.values())
        case _:
            return False


def temporary(root: str, fields: Fields) -> bool:
    """Whether a statement makes something for this session only: it would stand before others' names."""
    return any(
        below.get("relpersistence") == "t" or temporary(name, below)
        for _, name, below in children(root, fields)
        if name in {"RangeVar", "IntoClause"}
    )


def kind_of(fields: Fields, kind: str) -> str:
    """Name the kind of object of a statement that says it in a field."""
    for field in ("removeType", "renameType", "objectType", "objtype"):
        named = fields.get(field)
        if isinstance(named, str) and kind in {"object", ""}:
            return OBJECTS.get(named, "")
    return kind


def facts(root: str, fields: Fields, found: Found) -> frozenset[Fact]:
    """Tell what the words show besides things."""
    shown: set[Fact] = set()
    if root in LOCKING:
        shown.add(Fact.LOCKS_TABLE)
    if root == "TruncateStmt":
        shown |= {Fact.NO_WHERE}
    if root in CODE or kind_of(fields, "object") in CODED or "CreateFunctionStmt" in found.nodes:
        shown.add(Fact.REPLACES_CODE)
    return frozenset(shown)


def targets(root: str, fields: Fields) -> list[tuple[str, ...]]:
    """Give the name parts of each thing that a statement acts on."""
    known = grammar()[root if root != "IntoClause" else "SelectStmt"]
    named: list[tuple[str, ...]] = []
    for field in TABLE[root][2].split():
        if field in known and field in fields:
            plural = field in {"objects", "relations"}
            named += each(fields[field]) if plural else [parts(fields[field])]
    if root == "CreateSchemaStmt" and not fields.get("schemaname"):
        return []
    return [name for name in named if name and all(name)]


def each(value: Node) -> Iterator[tuple[str, ...]]:
    """Yield the names of a list of things."""
    for item in value if isinstance(value, list) else []:
        yield parts(item)


def parts(value: Node) -> tuple[str, ...]:
    """Read a name wherever the grammar puts it: a string, a list of strings, or a node that holds either."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return words(value)
    if not isinstance(value, Mapping):
        return ()
    for field in ("relname", "sval"):
        if field in value:
            return tuple(str(value[part]) for part in ("schemaname", field) if part in value)
    for field in ("rel", "objname", "names", "items", "funcname"):
        if field in value:
            return parts(value[field])
    node = unfold("Node", value) if len(value) == 1 else None
    return parts(node[1]) if node is not None else ()


def title(root: str) -> str:
    """Name a root for people: its node name without the grammar's suffix."""
    return root.removesuffix("Stmt")
