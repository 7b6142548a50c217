"""One text -> what it would do, as plain values: by its words where they suffice, else by a tree of closed shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from .calls import called, canonical, known
from .changes import called_in, change, pieces, ranged, split
from .counting import counting, emptied
from .doubted import SYNTAX, Doubted, Node, Plain, unknown
from .heads import Head, Pair, head
from .roots import READERS, Act, act
from .scope import Named, fold
from .shape import check, walk
from .span import Place, proved
from .span import place as located
from .words import INTERNAL, LITERALS, named, path, single, tokens

PSEUDO: Final = re.compile(r"_(PARTITIONTIME|PARTITIONDATE|TABLE_SUFFIX|FILE_NAME|CHANGE_\w+)", re.IGNORECASE)
NOTHING: Final = ("expression", "constants", "read")
DEEP: Final = "The statement is nested too deeply; write it with fewer levels."
INTRODUCE: Final = frozenset({TokenType.FROM, TokenType.JOIN})
SIMPLE: Final = re.compile(r"[\w.-]+")
ALIASED: Final = (exp.Order, exp.Group, exp.Having, exp.Qualify)


def read(text: str) -> dict[str, Plain]:
    """Read one statement; total for any text that ends in time."""
    return total(lambda: _read(text))


def prove(text: str, new: str, replaced: Mapping[Place, str]) -> dict[str, Plain]:
    """Say whether a text is another with names replaced by templates, and nothing else; total."""
    return total(lambda: _prove(text, new, replaced))


def total(work: Callable[[], dict[str, Plain]]) -> dict[str, Plain]:
    """Answer with a doubt where there is one."""
    try:
        return work()
    except Doubted as doubted:
        return {"doubt": doubted.doubt, "sentence": doubted.sentence}
    except RecursionError:
        return {"doubt": "limits", "sentence": DEEP}


def _prove(text: str, new: str, replaced: Mapping[Place, str]) -> dict[str, Plain]:
    found = single(tokens(text))
    single(tokens(new))
    proved(text, found, tree(text), tree(new), replaced)
    return {"proved": True}


def _read(text: str) -> dict[str, Plain]:
    found = single(tokens(text))
    parameters = given(found)
    by_words = head(found)
    if by_words is not None:
        bare = [unplaced(pair) for pair in by_words.pairs if pair[0] != "statement"]
        return {**answer(by_words, [], parameters), "references": bare, "counting": emptied(by_words, text, found)}
    if any(left.text == right.text == "@" for left, right in pairwise(found)):
        raise unknown("A variable of the system")  # they tell of sessions and of other jobs
    root = tree(text)
    if type(root).__name__ not in READERS:
        raise unknown("This kind of statement")
    check(root)
    done = act(root, unnested=sum(token.token_type is TokenType.UNNEST for token in found))
    complete(root, found)
    names = dict(functions(root, found, done))
    pairs = [*done.pairs, *(("function", name, "run") for name, runs in names.items() if runs)]
    written = {name if runs else canonical(name) for name, runs in names.items()}
    whole = Head(
        kind=done.kind,
        pairs=tuple(pairs or [NOTHING]),
        facts=tuple(sorted(done.facts)),
        functions=tuple(sorted(written)),
    )
    told = answer(whole, sorted(set(columns(root, done))), parameters)
    named = [reference(table, text, found) for table in done.named]
    made = [unplaced(pair) for pair in done.pairs if pair[2] == "define"]
    return {
        **told,
        "references": [*(told for _, told in named), *made],
        "change": change(root, piped=any(token.text == "|>" for token in found)),
        "counting": counting(root, text, found),
        "outputs": outputs(root),
        "ranges": [*sorted({fold(name) for node in walk(root) for name in called_in(node)})],
        "marks": marks(root, found, [at for at, _ in named if at]),
    }


def reference(table: Named, text: str, found: Sequence[Token]) -> tuple[Place | None, Plain]:
    """Say where a table is named: kind, name, [start, end) in characters or -1, and whether it has an alias."""
    at = None if table.node is None else located(table.node, text, found)
    start, end = at or (-1, -1)
    return at, [table.kind, table.name, start, end, bool(table.node is not None and table.node.alias)]


def unplaced(pair: Pair) -> Plain:
    """Write a reference of which only the words are known."""
    kind, name, _ = pair
    return [kind, name, -1, -1, False]


def outputs(root: Node) -> list[Plain] | None:
    """Give the names of the result's columns, "" where the text fixes none; None: as many as a star says."""
    if isinstance(root, exp.SetOperation | exp.Subquery):
        return outputs(root.this)
    if not isinstance(root, exp.Select) or root.args.get("kind"):
        return None
    found: list[Plain] = []
    for one in root.expressions:
        if one.is_star or isinstance(one, exp.Star):
            return None
        found.append(one.alias or (one.parts[-1].name if isinstance(one, exp.Column) else ""))
    return found


def marks(root: Node, found: Sequence[Token], places: Sequence[Place]) -> list[Plain]:
    """Name what no mask is put into: pipes, columns that no template has, columns by a whole table's name."""
    dotted = [token for token in found if token.token_type is TokenType.IDENTIFIER and "." in token.text]
    called = ranged(root)
    held = {
        "ddl": any(fold(node.name) == "ddl" for node in walk(root) if isinstance(node, exp.Identifier)),
        "row": any(isinstance(node, exp.Column) and fold(node.name) in called for node in walk(root)),
        "star": any(isinstance(node, exp.Star) for node in walk(root)),
        "dotted": any(not any(at.start <= token.start < at.end for at in places) for token in dotted),
        "pipe": any(token.text == "|>" for token in found),
        "pseudo": any(PSEUDO.fullmatch(node.name) for node in walk(root) if isinstance(node, exp.Identifier)),
    }
    return [name for name, is_so in held.items() if is_so]


def answer(told: Head, columns: Sequence[tuple[str, str]], parameters: tuple[list[str], int]) -> dict[str, Plain]:
    """Make the plain values that cross the pipe."""
    names, places = parameters
    return {
        "kind": told.kind,
        "pairs": [list(pair) for pair in sorted(set(told.pairs))],
        "facts": list(told.facts),
        "functions": list(told.functions),
        "columns": [list(column) for column in columns],
        "named": [*names],
        "placed": places,
    }


def tree(text: str) -> Node:
    """Parse a text that is one statement by its tokens.

    Raises: Doubted.
    """
    try:
        parsed = sqlglot.parse(text, read="bigquery", error_level=ErrorLevel.RAISE)
    except SqlglotError:  # its message quotes the text: it goes nowhere
        raise Doubted("syntax", SYNTAX) from None
    roots = [node for node in parsed if node is not None and not isinstance(node, exp.Semicolon)]
    if len(roots) != 1:
        raise Doubted("several", "These are several statements; scripts are not read.")
    return roots[0]


def given(found: Sequence[Token]) -> tuple[list[str], int]:
    """Tell which parameters a text uses: names after @, and how many question marks.

    Raises: Doubted for both in one text.
    """
    names: set[str] = set()
    for place, token in enumerate(found[:-1]):
        if token.token_type is TokenType.PARAMETER and (place == 0 or found[place - 1].text != "@"):
            after = found[place + 1]
            if after.text != "@":
                names.add(after.text)
    places = sum(token.token_type is TokenType.PLACEHOLDER for token in found)
    if names and places:
        raise Doubted("parameters", "Use either named or positional parameters, not both.")
    return sorted(names), places


def functions(root: Node, found: Sequence[Token], done: Act) -> Iterator[tuple[str, bool]]:
    """Yield what is called by name, as written, and whether it runs; later accounts of a name may only say it does.

    Each call is looked for twice: among the tokens, and in the tree, where a word that is no function may be one.
    """
    tables = {
        part.meta.get("start")
        for node in walk(root)
        if isinstance(node, exp.Table)
        for part in (node.args.get("catalog"), node.args.get("db"), node.this)
        if isinstance(part, exp.Identifier)
    } - set(done.scope.functions.values())
    running: set[str] = set()
    for name, start, builtin in called(found):
        if start not in tables or builtin:
            shown = name if SIMPLE.fullmatch(name) else "?"
            running |= {shown} if not builtin or start in done.scope.functions.values() else set()
            yield shown, shown in running
    for name in (*hidden(root), *(name for name, start in done.scope.functions.items() if start is None)):
        yield name if SIMPLE.fullmatch(name) else "?", True


def hidden(root: Node) -> Iterator[str]:
    """Yield functions behind words that the grammar also uses: `bytes(a)`, `week(a)` outside a date part."""
    for node in walk(root):
        if isinstance(node, exp.Anonymous) and not isinstance(node.parent, exp.Dot | exp.Table):
            if not known(node.name):
                yield node.name
        elif isinstance(node, exp.WeekStart) and node.arg_key != "unit" and not isinstance(node.parent, exp.Extract):
            yield "WEEK"


def complete(root: Node, found: Sequence[Token]) -> None:
    """Require that no part of a dotted name, and no table after FROM or JOIN, is missing from the tree.

    Rewriting pipe syntax, sqlglot drops select lists with all that stands in them.

    Raises: Doubted.
    """
    held = {piece for node in walk(root) for piece in pieces(node)}
    for place, token in enumerate(found):
        if token.token_type in LITERALS or not significant(found, place):
            continue
        if not set(split(token.text)) <= held:
            raise unknown("A name in this place")
    starts = {node.meta.get("start") for node in walk(root) if isinstance(node, exp.Identifier) and not internal(node)}
    for place in range(1, len(found)):
        if found[place - 1].token_type in INTRODUCE and named(found[place]) and not calling(found, place):
            _, after = path(found, place)
            if not any(found[place].start <= start <= found[after - 1].end for start in starts if start is not None):
                raise unknown("A table in this place")


def internal(node: exp.Identifier) -> bool:
    """Whether sqlglot made this name for a step of pipe syntax; it carries the place of another."""
    return node.name.startswith(INTERNAL)


def significant(found: Sequence[Token], place: int) -> bool:
    """Whether a token is part of a dotted name or stands where a table's name does; functions are looked at apart."""
    token = found[place]
    if token.token_type not in {TokenType.VAR, TokenType.IDENTIFIER}:
        return False
    before = found[place - 1].token_type if place else None
    after = found[place + 1].token_type if place + 1 < len(found) else None
    placed = TokenType.DOT in {before, after} or before in {TokenType.FROM, TokenType.JOIN, TokenType.INTO}
    return placed and not calling(found, place)


def calling(found: Sequence[Token], place: int) -> bool:
    """Whether the dotted name around a place ends before a parenthesis."""
    while place + 2 < len(found) and found[place + 1].token_type is TokenType.DOT:
        place += 2
    return place + 1 < len(found) and found[place + 1].token_type is TokenType.L_PAREN


def columns(root: Node, done: Act) -> Iterator[tuple[str, str]]:
    """Yield columns whose relation the text says: by a range variable, or because there is only one."""
    tables = done.named
    only = tables[0].name if len(tables) == 1 and not done.scope.derived else None
    ranges = by_range(tables)
    aliases = {fold(node.alias) for node in walk(root) if isinstance(node, exp.Alias)}
    for node in walk(root):
        if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
            continue
        parts = [part.name for part in node.parts]
        relation = ranges.get(fold(parts[0])) if len(parts) > 1 else None
        if relation is not None:
            yield relation, parts[1]
        elif only is not None and not (fold(parts[0]) in aliases and node.find_ancestor(*ALIASED)):
            yield only, parts[0]


def by_range(tables: Sequence[Named]) -> dict[str, str]:
    """Map range variables to tables, where a name means one table in the whole text."""
    found: dict[str, set[str]] = {}
    for table in tables:
        found.setdefault(table.alias, set()).add(table.name)
    return {alias: names.pop() for alias, names in found.items() if alias and len(names) == 1}
