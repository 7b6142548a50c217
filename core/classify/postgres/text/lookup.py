"""`column = assent_token('…')` in the text: a parameter that holds the token stands there instead.

The server never sees the value; what may use the column beside the look-up, `tree.lookup` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, final

from core.classify.postgres.nouns import Access, Doubted, Fields, Looked, Node, Parsed
from core.classify.postgres.text.scope import offset, words
from core.classify.postgres.text.shape import children, stripped, unfold
from core.model import Doubt

NAME: Final = "assent_token"
CALL: Final = re.compile(rb"assent_token[ \t\n\r\f\v]*\([ \t\n\r\f\v]*'((?:[^']|'')*)'[ \t\n\r\f\v]*\)", re.IGNORECASE)
PLACE: Final = (
    "assent_token('…') stands in WHERE of a query only, as column = assent_token('…') or "
    "column IN (assent_token('…'), …), joined by AND or OR."
)


@final
@dataclass(frozen=True, slots=True)
class Look:
    """One call: its bytes in the text, and the value."""

    start: int
    end: int
    value: str


def looked(parsed: Parsed) -> tuple[str, tuple[str, ...]] | None:
    """Give the text with parameters in place of look-ups, and the values; None where there is none.

    Raises: Doubted for one that stands anywhere but in a comparison of WHERE.
    """
    if not any(name[-1:] == (NAME,) for name in parsed.functions):  # every call of the text is among them
        return None
    called = [at for at, name in every(parsed.root, parsed.tree) if name[-1:] == (NAME,)]
    source = parsed.text.encode()
    looks = [spelled(source, at) for at in sorted(placed(parsed.root, parsed.tree))]
    starts = [one.start for one in looks]
    if parsed.access is not Access.READ or parsed.root != "SelectStmt" or sorted(called) != starts:
        raise Doubted(Doubt.FUNCTION, PLACE)
    for place in range(len(looks), 0, -1):
        one = looks[place - 1]
        source = source[: one.start] + f" ${parsed.parameters + place} ".encode() + source[one.end :]
    return source.decode(), tuple(one.value for one in looks)


def every(root: str, fields: Fields) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each function call with its offset."""
    stack = [(root, fields)]
    while stack:
        name, inner = stack.pop()
        if name == "FuncCall":
            yield offset(inner), words(inner.get("funcname"))
        stack.extend((kind, below) for _, kind, below in children(name, inner))


def placed(root: str, fields: Fields) -> Iterator[int]:
    """Yield the offsets of calls that stand where they may: compared with a column, in WHERE."""
    stack = [(root, fields)]
    while stack:
        name, inner = stack.pop()
        if name == "SelectStmt":
            yield from compared(inner.get("whereClause"))
        stack.extend((kind, below) for _, kind, below in children(name, inner))


def compared(condition: Node) -> Iterator[int]:
    """Yield the calls of a condition's own comparisons, behind AND and OR."""
    node = None if condition is None else unfold("Node", condition)
    if node is None:
        return
    name, fields = node
    if name == "BoolExpr" and fields.get("boolop") in {"AND_EXPR", "OR_EXPR"}:
        for arm in flat(fields.get("args")):
            yield from compared(arm)
    elif name == "A_Expr" and words(fields.get("name")) == ("=",):
        yield from sides(fields)


def sides(fields: Fields) -> Iterator[int]:
    """Yield the calls of `column = call`, `call = column` and `column IN (call, …)`."""
    left, right = (unfold("Node", fields[side]) if side in fields else None for side in ("lexpr", "rexpr"))
    if left is None or right is None:
        return
    match fields.get("kind"), left, right:
        case "AEXPR_OP", ("ColumnRef", _), ("FuncCall", call):
            yield from plain(call)
        case "AEXPR_OP", ("FuncCall", call), ("ColumnRef", _):
            yield from plain(call)
        case "AEXPR_IN", ("ColumnRef", _), ("List", listed):
            items = [unfold("Node", item) for item in flat(listed.get("items"))]
            if all(item is not None and item[0] == "FuncCall" for item in items):
                yield from (at for item in items if item is not None for at in plain(item[1]))
        case _:
            return


def flat(value: Node) -> list[Node]:
    """Give a list's items; none of anything else."""
    return value if isinstance(value, list) else []


def plain(call: Fields) -> Iterator[int]:
    """Yield the offset of `assent_token('…')`: that name alone, one string, nothing else."""
    arguments = flat(call.get("args"))
    if call.keys() > {"funcname", "args", "funcformat", "location"} or words(call.get("funcname")) != (NAME,):
        return
    node = unfold("Node", arguments[0]) if len(arguments) == 1 else None
    if node is not None and node[0] == "A_Const" and "sval" in node[1]:
        yield offset(call)


def spelled(source: bytes, at: int) -> Look:
    """Find a call's bytes and its value.

    Raises: Doubted for a string that is written in another way than '…'.
    """
    found = CALL.match(source, at)
    if found is None:
        raise Doubted(Doubt.FUNCTION, "Write the value of assent_token as one plain string: assent_token('…').")
    return Look(at, found.end(), found[1].decode().replace("''", "'"))


def replaced(before: Parsed, after: Parsed, values: tuple[str, ...]) -> Parsed:
    """Take the text with parameters for the agent's, where it is that text with exactly the calls replaced.

    Raises: Doubted.
    """
    starts = {at: place for place, at in enumerate(sorted(placed(before.root, before.tree)), start=1)}

    def parameter(fields: Mapping[str, Node]) -> Node:
        at = offset(fields)
        return {"ParamRef": {"number": before.parameters + starts[at]}} if at in starts else None

    if stripped(dict(before.tree), {"FuncCall": parameter}) != stripped(dict(after.tree), {}):
        raise Doubted(Doubt.DISAGREE, PLACE, "the text with parameters reads differently")
    return replace(after, looked=Looked(text=before.text, values=values))
