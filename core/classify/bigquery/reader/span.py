"""Where in a text each table's name stands, in characters; and that a text is another with names replaced, no more.

sqlglot's own marks are wrong for quoted and dashed paths (30.30), so that they only find one token inside a path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, final

import sqlglot
from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from .doubted import Node, unknown
from .scope import canonical, identifiers
from .shape import walk
from .words import LITERALS

# Parts in backticks or plain words; dashes without backticks only in a project's name.
PART: Final = r"(?:`[A-Za-z0-9_.-]+`|[A-Za-z_][A-Za-z0-9_]*)"
PATH: Final = re.compile(rf"(?:{PART}|[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)+)(?:\.{PART}){{0,2}}")
JOINED: Final = frozenset({TokenType.DOT, TokenType.DASH})
# Of a Table node: what is carried over to a subquery in its place.
CARRIED: Final = ("alias", "pivots", "joins")


@final
class Place(NamedTuple):
    """A table's name in a text: [start, end) in characters."""

    start: int
    end: int


def place(table: exp.Table, text: str, found: Sequence[Token]) -> Place | None:
    """Find a table's name; None where what stands there is not surely that name and nothing else."""
    marks = [part.meta.get("start") for part in identifiers(table)]
    inside = [n for n, token in enumerate(found) if token.start in marks]
    carried = {name for name, value in table.args.items() if value and name not in {"this", "db", "catalog", *CARRIED}}
    if not inside or carried:
        return None
    first = last = inside[0]
    while first > 0 and found[first - 1].end + 1 == found[first].start and piece(found[first - 1]):
        first -= 1
    while last + 1 < len(found) and found[last].end + 1 == found[last + 1].start and piece(found[last + 1]):
        last += 1
    made = Place(found[first].start, found[last].end + 1)
    return made if alone(text[made.start : made.end], table) else None


def piece(token: Token) -> bool:
    """Whether a token may be a part of a path."""
    plain = token.token_type not in LITERALS and bool(re.fullmatch(r"\w+", token.text))
    return token.token_type in JOINED or token.token_type is TokenType.IDENTIFIER or plain


def alone(text: str, table: exp.Table) -> bool:
    """Whether a piece of text, parsed alone, is the same table's name."""
    if not PATH.fullmatch(text):
        return False
    read = sqlglot.parse_one(f"SELECT * FROM {text}", read="bigquery")
    held = [node for node in walk(read) if isinstance(node, exp.Table)]
    return len(held) == 1 and name(held[0]) == name(table)


def name(table: exp.Table) -> str:
    """Give a table's name.

    Raises: Doubted.
    """
    return canonical([part.name for part in identifiers(table)])


# ---------------------------------------------------------------- proof


def proved(text: str, found: Sequence[Token], root: Node, new: Node, replaced: Mapping[Place, str]) -> None:
    """Require that a tree is another with each of the replaced names' nodes as its template.

    Raises: Doubted.
    """
    expected = root.copy()
    left = dict(replaced)
    for table in [node for node in walk(expected) if isinstance(node, exp.Table)]:
        at = None if isinstance(table.this, exp.Func) else place(table, text, found)
        if at in left:
            table.replace(standing(table, sqlglot.parse_one(left.pop(at), read="bigquery")))
    if left or dump(expected) != dump(new):
        raise unknown("A statement of this form over protected columns")


def standing(table: exp.Table, template: Node) -> exp.Subquery:
    """Give what must stand where a table stood: the template, called as the table was."""
    last = identifiers(table)[-1].name.rsplit(".", 1)[-1]
    alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(last, quoted=True))
    carried = {key: table.args[key] for key in CARRIED[1:] if table.args.get(key)}
    return exp.Subquery(this=template.copy(), alias=alias, **carried)


def dump(node: Node) -> tuple[object, ...]:
    """Write a tree with everything that it says; case is kept, and no place or comment."""
    return (type(node).__name__, *sorted(fields(node)))


def fields(node: Node) -> Iterator[tuple[str, str]]:
    """Yield the fields of a node that say something."""
    for key, value in node.args.items():
        if value not in (None, False, []):
            held = value if isinstance(value, list) else [value]
            yield key, repr([dump(one) if isinstance(one, Node) else one for one in held])
