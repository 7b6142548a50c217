"""Write core/classify/postgres/data/fields.<major>.txt: node -> its fields in the order that a server prints them.

16 and later: from the server's own headers (nodes/primnodes.h, nodes/parsenodes.h), whose attributes say what is
printed. 15 prints by hand-written code: the order is taken from dumps of a live server that hold every node, the kinds
from the headers of 16. Run by hand, reviewed, committed; integration tests hold live dumps of each version against it.

Kinds: p plain, b bool, i int, n node or list, l list, I list of ints, g list or list of ints, m bitmap, L location,
r relation, f function, o operator, t type, v a constant's bytes, O list of operators, T list of types.
"""

# ruff: noqa: SIM905 - a table of names reads as one

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from core.classify.postgres.tree import read as tree

TARGET = Path(__file__).parents[2] / "core/classify/postgres/data"

NODES = """
    Query Alias RangeTblEntry RTEPermissionInfo RangeTblFunction TableSampleClause TableFunc CommonTableExpr
    CTESearchClause CTECycleClause FromExpr JoinExpr RangeTblRef TargetEntry SortGroupClause GroupingSet WindowClause
    SetOperationStmt RowMarkClause WithCheckOption OnConflictExpr MergeAction MergeSupportFunc InferenceElem
    ReturningExpr
    Var Const Param Aggref GroupingFunc WindowFunc SubscriptingRef FuncExpr NamedArgExpr OpExpr DistinctExpr NullIfExpr
    ScalarArrayOpExpr BoolExpr SubLink FieldSelect FieldStore RelabelType CoerceViaIO ArrayCoerceExpr
    ConvertRowtypeExpr CollateExpr CaseExpr CaseWhen CaseTestExpr ArrayExpr RowExpr RowCompareExpr CoalesceExpr
    MinMaxExpr SQLValueFunction XmlExpr JsonFormat JsonReturning JsonValueExpr JsonConstructorExpr JsonIsPredicate
    JsonBehavior JsonExpr JsonTablePath JsonTablePathScan JsonTableSiblingJoin
    NullTest BooleanTest CoerceToDomain CoerceToDomainValue SetToDefault NextValueExpr
""".split()
ALIKE = {"DistinctExpr": "OpExpr", "NullIfExpr": "OpExpr"}
# Fields of the type Oid or List that hold ids, by name; what is missing here is a plain number.
OIDS = {
    **dict.fromkeys(["relid", "resorigtbl"], "r"),
    **dict.fromkeys("funcid opfuncid aggfnoid winfnoid tsmhandler elemfuncid jsonfuncid".split(), "f"),
    **dict.fromkeys("opno eqop sortop cycle_mark_neop startInRangeFunc endInRangeFunc".split(), "o"),
    **dict.fromkeys(
        """
        vartype consttype paramtype aggtype aggtranstype wintype refcontainertype refelemtype refrestype funcresulttype
        opresulttype resulttype casetype typeId array_typeid element_typeid row_typeid coalescetype minmaxtype type
        cycle_mark_type typid
        """.split(),
        "t",
    ),
    "startInRangeFunc": "f",
    "endInRangeFunc": "f",
    "seqid": "r",
}
LISTS = {
    **dict.fromkeys(["aggargtypes", "coltypes", "funccoltypes", "ctecoltypes", "colTypes"], "T"),
    "opnos": "O",
    "refs": "I",
    "content": "g",
    **dict.fromkeys(
        """
        joinleftcols joinrightcols coltypmods colcollations funccoltypmods funccolcollations ctecoltypmods
        ctecolcollations colTypmods colCollations opfamilies inputcollids fieldnums constraintDeps
        plan_colcollations updateColnos arbiterElemsIds
        """.split(),
        "I",
    ),
}
EMBEDDED = {"NodeTag", "Expr", "JsonTablePlan"}  # the node's own head: nothing of it is printed
LOCATIONS = {"location", "stmt_location", "stmt_len", "list_start", "list_end"}
INTS = {"int", "Index", "int16", "AttrNumber", "uint32", "bits32", "AclMode", "uint64", "int32", "long", "Oid"}
PLAIN = {"char", "char*", "const char*", "double", "Cardinality"}
FIELD = re.compile(
    r"^\s*(?:const\s+)?(?:struct\s+)?(\w+)\s+(\*?)\s*(\w+)\s*(pg_node_attr\(.*?\))?\s*;", re.MULTILINE | re.DOTALL
)
RTE = """
    relation subquery join function tablefunc values cte namedtuplestore result group
""".split()
OLD = {
    "requiredPerms": "i",
    "checkAsUser": "i",
    "selectedCols": "m",
    "insertedCols": "m",
    "updatedCols": "m",
    "extraUpdatedCols": "m",
}  # in 15 they stand in the entry itself
COMMON = ["alias", "eref", "rtekind"]
# RangeTblEntry is printed by hand-written code in every version: fields of each rtekind (0 …), then these.
TAIL = {
    15: "lateral inh inFromCl requiredPerms checkAsUser selectedCols insertedCols updatedCols extraUpdatedCols "
    "securityQuals",
    16: "lateral inh inFromCl securityQuals",
    17: "lateral inFromCl securityQuals",
    18: "lateral inFromCl securityQuals",
}
BODY = {
    15: {0: "relid relkind rellockmode tablesample", 1: "subquery security_barrier"},
    16: {
        0: "relid relkind rellockmode tablesample perminfoindex",
        1: "subquery security_barrier relid relkind rellockmode perminfoindex",
    },
    17: {
        0: "relid inh relkind rellockmode perminfoindex tablesample",
        1: "subquery security_barrier relid inh relkind rellockmode perminfoindex",
    },
    18: {
        0: "relid inh relkind rellockmode perminfoindex tablesample",
        1: "subquery security_barrier relid inh relkind rellockmode perminfoindex",
    },
}
SHARED = {
    2: "jointype joinmergedcols joinaliasvars joinleftcols joinrightcols join_using_alias",
    3: "functions funcordinality",
    4: "tablefunc",
    5: "values_lists coltypes coltypmods colcollations",
    6: "ctename ctelevelsup self_reference coltypes coltypmods colcollations",
    7: "enrname enrtuples relid coltypes coltypmods colcollations",
    8: "",
    9: "groupexprs",
}


def kind(word: str, star: str, name: str) -> str:
    """What a field holds, by its C type and name."""
    if name in LOCATIONS or word == "ParseLoc":
        return "L"
    if word == "List":
        return LISTS.get(name, "l")
    if word == "Oid":
        return OIDS.get(name, "i")
    if word == "Bitmapset":
        return "m"
    if word == "bool":
        return "b"
    if word == "char" or word in PLAIN:
        return "p"
    if star:
        return "n"
    return "i"


def structs(headers: Path) -> dict[str, list[tuple[str, str]]]:
    """Read every struct's printed fields."""
    found: dict[str, list[tuple[str, str]]] = {}
    for header in ("primnodes.h", "parsenodes.h"):
        text = re.sub(r"/\*.*?\*/", "", (headers / header).read_text(encoding="utf-8"), flags=re.DOTALL)
        for name, body in re.findall(r"typedef struct (\w+)\s*\{(.*?)\n\}\s*\w+;", text, re.DOTALL):
            fields = []
            for word, star, field, attribute in FIELD.findall(body):
                if (word in EMBEDDED and not star) or re.search(r"\bread_write_ignore\b", attribute):
                    continue
                fields.append((field, kind(word, star, field)))
            found[name] = fields
    return found


def lines(version: int, table: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Give the lines of one version whose server prints by its headers."""
    made = []
    for node in NODES:
        fields = table.get(ALIKE.get(node, node))
        if fields is None:
            continue
        if node == "RangeTblEntry":
            made += entries(version, dict(fields))
            continue
        if node == "Const":  # printed by hand: the value last
            by_hand = ["constbyval", "constisnull", "location", "constvalue"]
            fields = [field for field in fields if field[0] not in by_hand]
            fields += zip(by_hand, "bbLv", strict=True)
        if node == "BoolExpr":
            fields = [("boolop", "p"), *fields[1:]]
        made.append(" ".join([node.upper(), *(f"{name}:{what}" for name, what in fields)]))
    return made


def entries(version: int, kinds: dict[str, str]) -> list[str]:
    """Give one line per rtekind."""
    made = []
    for number, _ in enumerate(RTE if version >= 18 else RTE[:-1]):
        body = BODY[version].get(number, SHARED.get(number, ""))
        names = [*COMMON, *body.split(), *TAIL[version].split()]
        made.append(" ".join([f"RANGETBLENTRY/{number}", *(f"{name}:{(kinds)[name]}" for name in names)]))
    return made


def observed(dumps: list[str]) -> dict[str, tuple[str, ...]]:
    """Read the order of fields from recorded dumps, and that no two dumps differ in it."""
    order: dict[str, tuple[str, ...]] = {}
    for dump in dumps:
        for entry, *found in nodes(tree.TOKEN.findall(dump)):
            if order.setdefault(entry, tuple(found)) != tuple(found):
                raise SystemExit(f"two orders of {entry}")
    return order


def nodes(words: list[str]) -> Iterator[list[str]]:
    """Yield each node's name, of a range table entry with its rtekind, and its fields."""
    open_: list[list[str]] = []
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word in {"{", "("}:
            open_.append([following] if word == "{" else [])
        elif word in {"}", ")"}:
            yield from ([done] if (done := open_.pop()) else [])
        elif word.startswith(":") and open_[-1]:
            open_[-1].append(word[1:])
            open_[-1][0] += f"/{following}" if word == ":rtekind" else ""


def hand(order: dict[str, tuple[str, ...]], table: dict[str, list[tuple[str, str]]]) -> list[str]:
    """Give the lines of 15: observed order, kinds by the names in the headers of 16."""
    kinds = {name.upper(): dict(fields) for name, fields in table.items()}
    kinds["CONST"]["constvalue"] = "v"
    kinds["BOOLEXPR"]["boolop"] = "p"
    for node, like in ALIKE.items():
        kinds[node.upper()] = kinds[like.upper()]
    made = []
    for entry in sorted(order):
        known = kinds[entry.partition("/")[0]] | (OLD if entry.startswith("RANGETBLENTRY") else {})
        made.append(" ".join([entry, *(f"{name}:{known[name]}" for name in order[entry])]))
    return made


def main() -> None:
    version, headers = int(sys.argv[1]), structs(Path(sys.argv[2]))
    if version > 15:
        made = lines(version, headers)
    else:
        dumps = json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))
        made = hand(observed([dump for dump in dumps.values() if dump]), headers)
    (TARGET / f"fields.{version}.txt").write_text("\n".join(made) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
