"""Write core/classify/postgres/data/grammar.txt from the parser's protobuf descriptor; run by hand, reviewed.

One line per raw-tree node: `Name field:type field:type* …`, in the words of libpg_query's JSON. A node or field that
begins with "-" may not stand in a read; a node that is left out may stand nowhere.
"""

# ruff: noqa: SIM905 - a table of names reads as one

from __future__ import annotations

from pathlib import Path
from typing import Any

from postgast import pg_query_pb2

TARGET = Path(__file__).parents[2] / "core/classify/postgres/data/grammar.txt"

READS = set(
    """
    SelectStmt ResTarget ColumnRef ColumnDef A_Star A_Const String Integer Float Boolean BitString ParamRef A_Expr
    BoolExpr NullTest BooleanTest CaseExpr CaseWhen CoalesceExpr MinMaxExpr SubLink TypeCast TypeName A_ArrayExpr
    RowExpr A_Indirection A_Indices FuncCall NamedArgExpr RangeVar RangeSubselect RangeFunction RangeTableFunc
    RangeTableFuncCol RangeTableSample JoinExpr Alias SortBy WindowDef WithClause CommonTableExpr CTESearchClause
    CTECycleClause GroupingSet GroupingFunc CollateClause SQLValueFunction List XmlExpr XmlSerialize
    JsonReturning JsonFormat JsonOutput JsonValueExpr JsonKeyValue JsonObjectConstructor JsonArrayConstructor
    JsonArrayQueryConstructor JsonAggConstructor JsonObjectAgg JsonArrayAgg JsonIsPredicate JsonParseExpr
    JsonScalarExpr JsonSerializeExpr JsonFuncExpr JsonBehavior JsonArgument JsonTable JsonTableColumn JsonTablePathSpec
    """.split()
)
# Inside a read these change something, reach another database, or belong to definitions.
NOT_READ = {
    "SelectStmt": {"intoClause", "lockingClause"},
    "RangeVar": {"catalogname"},
    "TypeName": {"typeOid", "setof", "pct_type"},
    "ColumnDef": set(
        """
        compression inhcount is_not_null is_from_type storage storage_name raw_default cooked_default identity
        identitySequence generated collOid constraints fdwoptions
        """.split()
    ),
}
# What the analysis, not the grammar, makes: no raw tree holds these.
ANALYSED = set(
    """
    Var Param Aggref WindowFunc WindowFuncRunCondition SubscriptingRef FuncExpr OpExpr DistinctExpr
    NullIfExpr ScalarArrayOpExpr SubPlan AlternativeSubPlan FieldSelect FieldStore RelabelType CoerceViaIO
    ArrayCoerceExpr ConvertRowtypeExpr CaseTestExpr ArrayExpr RowCompareExpr JsonConstructorExpr JsonExpr JsonTablePath
    JsonTablePathScan JsonTableSiblingJoin CoerceToDomain CoerceToDomainValue NextValueExpr InferenceElem ReturningExpr
    TargetEntry RangeTblRef FromExpr OnConflictExpr Query RangeTblEntry RTEPermissionInfo RangeTblFunction
    TableSampleClause WithCheckOption SortGroupClause WindowClause RowMarkClause SetOperationStmt MergeAction TableFunc
    CallContext InlineCodeBlock PLAssignStmt OidList
    """.split()
)
HIDDEN = {"ParseResult", "ScanResult", "ScanToken", "Node", "SummaryResult"}
MARKED = {11: "message", 14: "enum", 8: "bool", 9: "str"}


def kind(field: Any) -> str:
    message = field.message_type
    name = MARKED.get(field.type, "int") if message is None else str(message.name)
    return name + ("*" if field.is_repeated else "")


def main() -> None:
    lines = []
    for name, message in sorted(pg_query_pb2.DESCRIPTOR.message_types_by_name.items()):
        if name in HIDDEN | ANALYSED or name.startswith("SummaryResult"):
            continue
        read = name in READS
        fields = []
        for field in message.fields:
            barred = not read or field.json_name in NOT_READ.get(name, set())
            fields.append(f"{'-' if barred else ''}{field.json_name}:{kind(field)}")
        lines.append(" ".join([name if read else f"-{name}", *fields]))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
