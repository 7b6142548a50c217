"""What takes a tainted relation's place: the masking SELECT of a table, and a view's body over masked relations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from core.catalog import Oid, Relation, Snapshot, Tagged
from core.errors import UnsafeStart
from core.masking import names
from core.masking.masks import FREE_TEXT, expression, shape

KeySql: TypeAlias = Callable[[str], tuple[str, str]]  # tag -> SQL of its inner and outer pad

# Tokens of what pg_get_viewdef prints: strings, quoted names, names, numbers, blanks, and single characters.
TOKEN: Final = re.compile(
    r"""(?P<string>[Ee]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*')
      | (?P<name>"(?:[^"]|"")+"|[A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_$\u0080-\U0010ffff]*)
      | (?P<blank>\s+)
      | (?P<other>[0-9]+(?:\.[0-9]+)?|.)""",
    re.VERBOSE | re.DOTALL,
)

# Words that may follow a relation in FROM and are not its alias; ruleutils quotes an alias that is a keyword.
FOLLOWERS: Final = frozenset(
    {"join", "left", "right", "full", "cross", "inner", "natural", "on", "using", "where", "group", "having", "order"}
    | {"limit", "offset", "fetch", "union", "intersect", "except", "window", "for", "tablesample", "as"}
)


def select(
    relation: Relation, snapshot: Snapshot, tags: Mapping[int, Tagged], keys: KeySql, *, only: bool = False
) -> str:
    """Write the SELECT that shows a relation masked: every column in attnum order, no system column."""
    inner = f"{'ONLY ' if only else ''}{names.qualified(relation)}"
    return f"SELECT {columns(relation, snapshot, tags, keys)} FROM {inner}"


def columns(relation: Relation, snapshot: Snapshot, tags: Mapping[int, Tagged], keys: KeySql) -> str:
    """Write the target list of a masked relation."""
    listed = []
    for number in sorted(relation.attributes):
        attribute = relation.attributes[number]
        name = names.quote(attribute.name)
        tagged = tags.get(number)
        if tagged is None or tagged.mask == FREE_TEXT:
            listed.append(name)
            continue
        pads = keys(tagged.tag) if tagged.mask == "token" else None
        listed.append(f"{expression(tagged.mask, name, shape(attribute, snapshot.types), pads)} AS {name}")
    return ", ".join(listed)


def mirror(view: Relation, snapshot: Snapshot, tags: Mapping[int, Tagged], inner: str, keys: KeySql) -> str:
    """Write a view's SELECT over its rewritten body; tags of its own are masked once more on top."""
    listed = ", ".join(names.quote(view.attributes[number].name) for number in sorted(view.attributes))
    alias = f"{names.quote(view.name)}({listed})"
    return f"SELECT {columns(view, snapshot, tags, keys)} FROM ({inner}) AS {alias}"


def view_keys(tag: str) -> tuple[str, str]:
    """SQL of a tag's pads inside a masking view: scalar subqueries, evaluated once, no key in the view's text."""
    where = f"FROM {names.KEY_SCHEMA}.key WHERE tag OPERATOR(pg_catalog.=) {names.literal(tag)}"
    return f"(SELECT ipad {where})", f"(SELECT opad {where})"


def text_keys(tag: str) -> tuple[str, str]:
    """Placeholders of a tag's pads in a subquery; whoever splices numbers them as parameters. NUL is in no SQL text."""
    return f"\0i{tag}\0", f"\0o{tag}\0"


@final
@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str

    @property
    def name(self) -> str:
        if self.text.startswith('"'):
            return self.text[1:-1].replace('""', '"')
        return self.text


def body(view: Relation, named: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    """Rewrite a view's definition over other relations: (schema, name) -> SQL, and SQL under ONLY.

    The definition is what `pg_get_viewdef` prints under an empty path, so each stored relation stands with its schema.
    Whatever this misses still names the raw relation, which the mirror's reader may not read: 42501, no leak.

    Raises: UnsafeStart when a name in it cannot be told apart from a column.
    """
    tokens = [_Token(match.lastgroup or "", match.group()) for match in TOKEN.finditer(view.definition.strip())]
    if tokens and tokens[-1].text == ";":
        tokens.pop()
    return "".join(_rewritten(tokens, named))


def _rewritten(tokens: list[_Token], named: Mapping[tuple[str, str], tuple[str, str]]) -> Iterator[str]:
    at = 0
    while at < len(tokens):
        if tokens[at].text.upper() == "ONLY" and at + 2 < len(tokens) and _pair(tokens, at + 2) in named:
            at += 2
            yield _placed(tokens, at, named, only=True)
            at += 3
            continue
        pair = _pair(tokens, at)
        if pair is not None and pair in named and _in_from(tokens, at):
            yield _placed(tokens, at, named, only=False)
            at += 3
            continue
        yield tokens[at].text
        at += 1


def _pair(tokens: list[_Token], at: int) -> tuple[str, str] | None:
    """Schema and name that start at a token: two names around a dot, not three."""
    window = tokens[at : at + 4]
    if len(window) < 3 or [t.kind for t in window[:3]] != ["name", "other", "name"] or window[1].text != ".":  # noqa: PLR2004
        return None
    if len(window) > 3 and window[3].text in {".", "("}:  # noqa: PLR2004 - a column's or a function's name follows
        return None
    if at and tokens[at - 1].text in {".", ":"}:
        return None
    return window[0].name, window[2].name


def _in_from(tokens: list[_Token], at: int) -> bool:
    """Whether a relation may stand here: after FROM, JOIN, a comma or a parenthesis of a FROM list."""
    before = [token for token in tokens[:at] if token.kind != "blank"]
    while before and before[-1].text in {"(", ","}:
        if before[-1].text == ",":
            return _after_from(before[:-1])
        before.pop()
    return bool(before) and before[-1].text.upper() in {"FROM", "JOIN"}


def _after_from(before: list[_Token]) -> bool:
    """Whether a comma separates items of FROM: going back at its own depth, FROM comes before SELECT."""
    depth = 0
    for token in reversed(before):
        depth += {")": 1, "(": -1}.get(token.text, 0)
        if depth < 0:
            return False
        if depth == 0 and token.text in {"FROM", "SELECT", "WHERE", "BY", "ON", "VALUES"}:
            return token.text == "FROM"
    return False


def _placed(tokens: list[_Token], at: int, named: Mapping[tuple[str, str], tuple[str, str]], *, only: bool) -> str:
    pair = _pair(tokens, at)
    if pair is None:
        raise UnsafeStart("a view's definition could not be rewritten")
    rest = [token for token in tokens[at + 3 : at + 6] if token.kind != "blank"]
    aliased = bool(rest) and rest[0].kind == "name" and rest[0].text.lower() not in FOLLOWERS
    return named[pair][only] + ("" if aliased else f" AS {names.quote(pair[1])}")


def topological(views: frozenset[Oid], snapshot: Snapshot) -> tuple[Oid, ...]:
    """Order views so that each comes after those it reads."""
    ordered: list[Oid] = []
    seen: set[Oid] = set()

    def visit(oid: Oid) -> None:
        if oid in seen:
            return
        seen.add(oid)
        for below in sorted(snapshot.relations[oid].depends & views):
            visit(below)
        ordered.append(oid)

    for oid in sorted(views):
        visit(oid)
    return tuple(ordered)
