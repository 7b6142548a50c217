"""Parameters put into a tree as typed literals, and what DuckDB reads otherwise written as BigQuery means it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlglot import exp

from demo.bigquery.faults import Wrong
from demo.bigquery.names import INVALID

Parameter = Mapping[str, Any]  # a QueryParameter: parameterType and parameterValue
EXACT: Final = {exp.DataType.Type.DECIMAL: (38, 9), exp.DataType.Type.BIGDECIMAL: (38, 18)}


def given(configuration: Mapping[str, Any]) -> dict[str, Parameter]:
    """Name the parameters of a query's configuration; positional ones "0", "1", …."""
    listed = configuration.get("queryParameters", [])
    return {str(one.get("name") or number): one for number, one in enumerate(listed)}


def bound(root: exp.Expr, parameters: Mapping[str, Parameter]) -> tuple[str, ...]:
    """Put parameters and exact types into a tree; give the names of those that nobody gave."""
    undeclared: list[str] = []
    folded = {name.casefold(): one for name, one in parameters.items()}
    place = 0
    for node in [*root.find_all(exp.Parameter, exp.Placeholder)]:
        name = node.name.casefold() if isinstance(node, exp.Parameter) else str(place)
        place += isinstance(node, exp.Placeholder)
        if name in folded:
            node.replace(literal(folded[name]["parameterType"], folded[name]["parameterValue"]))
        else:
            undeclared.append(name)
            node.replace(exp.null())
    mend(root)
    return tuple(undeclared)


def literal(kind: Mapping[str, Any], value: Mapping[str, Any]) -> exp.Expr:
    """Write a parameter's value.

    Raises: Wrong.
    """
    match kind["type"]:
        case "ARRAY":
            held = [literal(kind["arrayType"], one) for one in value.get("arrayValues", [])]
            return exp.cast(exp.Array(expressions=held), f"ARRAY<{name(kind['arrayType'])}>", dialect="bigquery")
        case "STRUCT":
            fields = [
                exp.PropertyEQ(
                    this=exp.to_identifier(one["name"]),
                    expression=literal(one["type"], value["structValues"][one["name"]]),
                )
                for one in kind["structTypes"]
            ]
            return exp.Struct(expressions=fields)
        case "BYTES":
            raise Wrong("notImplemented", "Parameters of this type are not available here.")
        case _:
            said = value.get("value")
            text = exp.null() if said is None else exp.Literal.string(str(said))
            return exp.cast(text, name(kind), dialect="bigquery")


def name(kind: Mapping[str, Any]) -> str:
    """Name a scalar parameter's type."""
    if not str(kind["type"]).isalnum():
        raise Wrong(INVALID, "Invalid parameter type")
    return str(kind["type"])


def mend(root: exp.Expr) -> None:
    """Write what transpiling leaves different: the scale of NUMERIC, floating literals, DATE_TRUNC's type."""
    for node in [*root.walk()]:
        match node:
            case exp.DataType() if node.this in EXACT and not node.expressions:
                scale = [exp.DataTypeParam(this=exp.Literal.number(one)) for one in EXACT[node.this]]
                node.replace(exp.DataType(this=exp.DataType.Type.DECIMAL, expressions=scale))
            case exp.Literal() if not node.is_string and not str(node.this).isdigit():
                if not isinstance(node.parent, exp.Cast):
                    node.replace(exp.cast(node.copy(), "DOUBLE"))
            case exp.DateTrunc() if not isinstance(node.parent, exp.Cast):
                node.replace(exp.cast(node.copy(), "DATE"))
            case _:
                continue
