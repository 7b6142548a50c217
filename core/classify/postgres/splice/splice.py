"""Masked relations in place of tainted ones, in the original bytes, from the last to the first; proven by the parser.

PostgreSQL's identifiers on bytes: https://www.postgresql.org/docs/18/sql-syntax-lexical.html. SQL is never generated
from a tree: what is spliced is parsed again and must be the agent's tree with exactly the relations replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, final

from core.catalog import Oid, Protection, Snapshot
from core.classify.postgres.nouns import Doubted, Named, Node, Parsed, Spliced
from core.classify.postgres.splice.templates import model, numbered, order
from core.classify.postgres.text.parse import parse, select
from core.classify.postgres.text.shape import stripped
from core.model import Doubt, Unreadable

NAME: Final = re.compile(rb'"(?:[^"]|"")+"|[A-Za-z_\x80-\xff][A-Za-z0-9_$\x80-\xff]*')
DOT: Final = re.compile(rb"[ \t\n\r\f\v]*\.[ \t\n\r\f\v]*")
STAR: Final = re.compile(rb"[ \t\n\r\f\v]*\*")
ONLY: Final = re.compile(
    rb"(?<![A-Za-z0-9_$\x80-\xff\"])[oO][nN][lL][yY](?:[ \t\n\r\f\v]+|([ \t\n\r\f\v]*\([ \t\n\r\f\v]*))\Z"
)
CLOSE: Final = re.compile(rb"[ \t\n\r\f\v]*\)")
PLAINLY: Final = (
    "A protected relation is named in a form that cannot be masked in place; write its name plainly, "
    "as schema.table with an alias, without comments inside the name, TABLE or U& identifiers."
)


@final
@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes of the text and what takes their place."""

    start: int
    end: int
    text: bytes


def splice(parsed: Parsed, snapshot: Snapshot, protection: Protection) -> Spliced:
    """Replace every range variable whose relation is tainted.

    Raises: Doubted.
    """
    source = parsed.text.encode("utf-8")
    wanted: dict[int, tuple[Named, str]] = {}
    replaced: set[Oid] = set()
    for named in parsed.names:
        relation = snapshot.find(named.schema, named.name)
        if relation is not None and relation.oid in protection.tainted:
            wanted[named.start] = (named, instead(relation.oid, named, protection))
            replaced.add(relation.oid)
    pads = order(text for _, text in wanted.values())
    swaps = {at: (named, numbered(text, pads, parsed.parameters)) for at, (named, text) in wanted.items()}
    edits = [swap(source, named, text) for named, text in swaps.values()]
    edits += shortened(parsed, source, snapshot, frozenset(replaced))
    text = applied(source, edits)
    again = parse(text, (None,) * (parsed.parameters + len(pads)))
    if isinstance(again, Unreadable) or not same(parsed, again, swaps, snapshot, frozenset(replaced)):
        raise Doubted(Doubt.PROTECTED, PLAINLY, "the spliced text reads differently")
    models = {text: model(text) for _, text in wanted.values() if not protection.enforced}
    return Spliced(text=text, parsed=again, replaced=frozenset(replaced), pads=pads, models=tuple(models.values()))


def instead(oid: Oid, named: Named, protection: Protection) -> str:
    """Give the text that takes a relation's place.

    Raises: Doubted.
    """
    text = (protection.replacement_only if named.only else protection.replacement).get(oid)
    if text is None:
        raise Doubted(Doubt.CLOSED, f"{named.name} has no masking view yet: an operator runs assent harden.")
    return text


def swap(source: bytes, named: Named, text: str) -> Edit:
    """Find the bytes of a range variable.

    Raises: Doubted.
    """
    start, end = named.start, spelled(source, named)
    if named.only:
        before = ONLY.search(source, max(0, start - 256), start)
        if before is None:
            raise Doubted(Doubt.PROTECTED, PLAINLY, "ONLY")
        start = before.start()
        if before.group(1) is not None:
            end = after(CLOSE, source, end)
    else:
        star = STAR.match(source, end)
        end = end if star is None else star.end()
    alias = "" if named.alias is not None else f" AS {quoted(named.name)}"
    return Edit(start, end, (text + alias).encode("utf-8"))


def spelled(source: bytes, named: Named) -> int:
    """Give the offset behind a name whose parts are as the parser read them.

    Raises: Doubted.
    """
    parts = [part for part in (named.schema, named.name) if part is not None]
    at = named.start
    for place, part in enumerate(parts):
        if place:
            at = after(DOT, source, at)
        end = after(NAME, source, at)
        if folded(source[at:end]) != part:
            raise Doubted(Doubt.PROTECTED, PLAINLY, "a name is spelled in another way")
        at = end
    return at


def after(pattern: re.Pattern[bytes], source: bytes, at: int) -> int:
    """Give the offset behind what must stand here.

    Raises: Doubted.
    """
    found = pattern.match(source, at)
    if found is None:
        raise Doubted(Doubt.PROTECTED, PLAINLY, "not a plain name")
    return found.end()


def folded(token: bytes) -> str:
    """Read an identifier as the server does: quoted as it is, else ASCII letters in lower case."""
    if token.startswith(b'"'):
        return token[1:-1].replace(b'""', b'"').decode("utf-8")
    return token.lower().decode("utf-8")  # bytes.lower folds ASCII only


def quoted(name: str) -> str:
    """Write an identifier so that it stays as it is."""
    return '"' + name.replace('"', '""') + '"'


def shortened(parsed: Parsed, source: bytes, snapshot: Snapshot, replaced: frozenset[Oid]) -> list[Edit]:
    """Take the schema off references such as care.member.mail: the replacement's alias has none.

    Raises: Doubted.
    """
    edits = []
    for start, parts in parsed.references:
        if not qualified(parts, snapshot, replaced):
            continue
        first = after(NAME, source, start)
        if folded(source[start:first]) != parts[0]:
            raise Doubted(Doubt.PROTECTED, PLAINLY, "a reference is spelled in another way")
        edits.append(Edit(start, after(DOT, source, first), b""))
    return edits


def qualified(parts: tuple[str, ...], snapshot: Snapshot, replaced: frozenset[Oid]) -> bool:
    """Whether a reference names a replaced relation with its schema.

    Raises: Doubted for one that names a database as well.
    """
    if len(parts) > len(("schema", "table", "column")):
        raise Doubted(Doubt.PROTECTED, "References with a database name are not read; write table.column.")
    if len(parts) < len(("schema", "table", "column")):
        return False
    relation = snapshot.find(parts[0], parts[1])
    return relation is not None and relation.oid in replaced


def applied(source: bytes, edits: list[Edit]) -> str:
    """Apply edits from the last to the first.

    Raises: Doubted when two of them overlap.
    """
    limit = len(source)
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        if edit.end > limit:
            raise Doubted(Doubt.PROTECTED, PLAINLY, "overlapping edits")
        source = source[: edit.start] + edit.text + source[edit.end :]
        limit = edit.start
    return source.decode("utf-8")


# ---------------------------------------------------------------- proof


def same(
    before: Parsed,
    now: Parsed,
    swaps: Mapping[int, tuple[Named, str]],
    snapshot: Snapshot,
    replaced: frozenset[Oid],
) -> bool:
    """Whether the new tree is the old one with the swapped range variables and shortened references, nothing else."""
    names = dict(before.references)

    def range_variable(fields: Mapping[str, Node]) -> Node:
        at = fields.get("location", 0)
        if not isinstance(at, int) or at not in swaps:
            return None
        named, text = swaps[at]
        alias = fields.get("alias", {"aliasname": named.name})
        return substitute(text, alias)

    def reference(fields: Mapping[str, Node]) -> Node:
        parts = fields.get("fields")
        at = fields.get("location", 0)
        if isinstance(parts, list) and isinstance(at, int) and qualified(names.get(at, ()), snapshot, replaced):
            return {"ColumnRef": {"fields": parts[1:]}}
        return None

    rules: Mapping[str, Callable[[Mapping[str, Node]], Node]] = {"RangeVar": range_variable, "ColumnRef": reference}
    return stripped(dict(before.tree), rules) == stripped(dict(now.tree), {})


def substitute(text: str, alias: Node) -> Node:
    """Give the tree of a replacement under an alias: a masking view's name, or a subquery in parentheses."""
    clause = select(f"SELECT FROM {text} AS a").get("fromClause")
    ((kind, fields),) = (
        clause[0].items() if isinstance(clause, list) and isinstance(clause[0], Mapping) else (("", {}),)
    )
    if kind not in {"RangeVar", "RangeSubselect"} or not isinstance(fields, Mapping):
        return None
    return {kind: {**fields, "alias": alias}}
