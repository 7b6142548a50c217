"""The roots of PostgreSQL's grammar that the server shows no analysed tree of: literal tables, closed by default.

PostgreSQL's command list: https://www.postgresql.org/docs/18/sql-commands.html. A root that stands in no table is
unreadable; `control` is never allowed by any policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.model import Verb

# root: verb, kind of thing, fields that name it
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
# Session and transaction control, server acts, roles, extensions and what reaches other servers: never allowed, yet
# read, so that a refusal and its Entry say what was asked. Root: kind of thing, fields that name it ("": nothing does).
CONTROL: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "AlterCollationStmt": ("collation", "collname"),
        "AlterDatabaseRefreshCollStmt": ("database", "dbname"),
        "AlterDatabaseSetStmt": ("database", "dbname"),
        "AlterDatabaseStmt": ("database", "dbname"),
        "AlterDefaultPrivilegesStmt": ("default privileges", ""),
        "AlterEventTrigStmt": ("event trigger", "trigname"),
        "AlterExtensionContentsStmt": ("extension", "extname"),
        "AlterExtensionStmt": ("extension", "extname"),
        "AlterFdwStmt": ("foreign data wrapper", "fdwname"),
        "AlterForeignServerStmt": ("server", "servername"),
        "AlterObjectDependsStmt": ("object", "relation object"),
        "AlterOpFamilyStmt": ("operator family", "opfamilyname"),
        "AlterOperatorStmt": ("operator", "opername"),
        "AlterOwnerStmt": ("object", "relation object"),
        "AlterPublicationStmt": ("publication", "pubname"),
        "AlterRoleSetStmt": ("role", "role"),
        "AlterRoleStmt": ("role", "role"),
        "AlterSubscriptionStmt": ("subscription", "subname"),
        "AlterSystemStmt": ("setting", "setstmt"),
        "AlterTSConfigurationStmt": ("text search", "cfgname"),
        "AlterTSDictionaryStmt": ("text search", "dictname"),
        "AlterTableMoveAllStmt": ("tablespace", "orig_tablespacename"),
        "AlterTableSpaceOptionsStmt": ("tablespace", "tablespacename"),
        "AlterTypeStmt": ("type", "typeName"),
        "AlterUserMappingStmt": ("server", "servername"),
        "CheckPointStmt": ("server", ""),
        "ClosePortalStmt": ("cursor", "portalname"),
        "ClusterStmt": ("table", "relation"),
        "ConstraintsSetStmt": ("constraint", "constraints"),
        "CopyStmt": ("table", "relation"),
        "CreateAmStmt": ("access method", "amname"),
        "CreateCastStmt": ("cast", "sourcetype targettype"),
        "CreateConversionStmt": ("conversion", "conversion_name"),
        "CreateEventTrigStmt": ("event trigger", "trigname"),
        "CreateExtensionStmt": ("extension", "extname"),
        "CreateFdwStmt": ("foreign data wrapper", "fdwname"),
        "CreateForeignServerStmt": ("server", "servername"),
        "CreateForeignTableStmt": ("server", "servername"),
        "CreateOpClassStmt": ("operator class", "opclassname"),
        "CreateOpFamilyStmt": ("operator family", "opfamilyname"),
        "CreatePLangStmt": ("language", "plname"),
        "CreatePublicationStmt": ("publication", "pubname"),
        "CreateRoleStmt": ("role", "role"),
        "CreateSubscriptionStmt": ("subscription", "subname"),
        "CreateTableSpaceStmt": ("tablespace", "tablespacename"),
        "CreateTransformStmt": ("transform", "type_name"),
        "CreateUserMappingStmt": ("server", "servername"),
        "CreatedbStmt": ("database", "dbname"),
        "DeallocateStmt": ("prepared statement", "name"),
        "DeclareCursorStmt": ("cursor", "portalname"),
        "DefineStmt": ("object", "defnames"),
        "DiscardStmt": ("session", ""),
        "DoStmt": ("code", ""),
        "DropOwnedStmt": ("role", "roles"),
        "DropRoleStmt": ("role", "roles"),
        "DropSubscriptionStmt": ("subscription", "subname"),
        "DropTableSpaceStmt": ("tablespace", "tablespacename"),
        "DropUserMappingStmt": ("server", "servername"),
        "DropdbStmt": ("database", "dbname"),
        "ExecuteStmt": ("prepared statement", "name"),
        "ExplainStmt": ("statement", ""),
        "FetchStmt": ("cursor", "portalname"),
        "GrantRoleStmt": ("role", "granted_roles grantee_roles"),
        "ImportForeignSchemaStmt": ("server", "server_name"),
        "ListenStmt": ("channel", "conditionname"),
        "LoadStmt": ("library", "filename"),
        "LockStmt": ("table", "relations"),
        "NotifyStmt": ("channel", "conditionname"),
        "PrepareStmt": ("prepared statement", "name"),
        "ReassignOwnedStmt": ("role", "roles newrole"),
        "ReindexStmt": ("table", "relation"),
        "SecLabelStmt": ("object", "object"),
        "TransactionStmt": ("transaction", ""),
        "UnlistenStmt": ("channel", "conditionname"),
        "VacuumStmt": ("table", "rels"),
        "VariableSetStmt": ("setting", "name"),
    }
)
# What stays of a statement when its transaction is rolled back, or what refuses to run inside one: PostgreSQL docs,
# the commands' own pages ("cannot be executed inside a transaction block"), and what a session keeps.
LASTING: Final = frozenset(
    {
        "AlterSystemStmt", "CheckPointStmt", "CreateSubscriptionStmt", "CreateTableSpaceStmt", "CreatedbStmt",
        "DeallocateStmt", "DiscardStmt", "DoStmt", "DropSubscriptionStmt", "DropTableSpaceStmt", "DropdbStmt",
        "ExecuteStmt", "LoadStmt", "PrepareStmt", "ReindexStmt", "TransactionStmt", "VacuumStmt",
    }
)  # fmt: skip
# ALTER TABLE: what changes structure; the rest (owner, triggers, row security, rules, tablespace, options) is control.
ALTERS: Final = frozenset(
    {
        "AT_AddColumn", "AT_ColumnDefault", "AT_DropNotNull", "AT_SetNotNull", "AT_SetExpression", "AT_DropExpression",
        "AT_SetStatistics", "AT_SetStorage", "AT_SetCompression", "AT_DropColumn", "AT_AddConstraint",
        "AT_ValidateConstraint", "AT_DropConstraint", "AT_AlterConstraint", "AT_AlterColumnType", "AT_AttachPartition",
        "AT_DetachPartition", "AT_AddInherit", "AT_DropInherit", "AT_AddIdentity", "AT_SetIdentity", "AT_DropIdentity",
    }
)  # fmt: skip
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
PARTS: Final = frozenset({"trigger", "rule", "policy"})  # named by their table and their own name
LOCKING: Final = frozenset(
    {"AlterTableStmt", "TruncateStmt", "IndexStmt", "DropStmt", "RenameStmt", "AlterObjectSchemaStmt", "CreateTrigStmt"}
)
CODED: Final = frozenset({"function", *PARTS})
