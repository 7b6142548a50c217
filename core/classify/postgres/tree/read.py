"""The server's dump -> a tree whose every node and field stands in the field table of that server version.

The dump (`debug_print_rewritten`) holds names that the agent chose: aliases, CTE and output names. Hence ASCII rules
only (the server escapes blank, tab, newline, parentheses, braces and backslash, nothing else), a guard against tokens
that the server's fold at 78 bytes cuts in two, and refusal of every node, field, order or value not in the table.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, TypeAlias, final

from core.classify.postgres.nouns import Doubted
from core.model import Digest, Doubt, Json

VERSIONS: Final = frozenset({15, 16, 17, 18})
DUMP_BYTES: Final = 1 << 20  # 33 ms for 225 KB: a longer one is not worth its time
FOLD: Final = 77  # the server breaks lines at 78 bytes, inside a token that has no blank
TOKEN: Final = re.compile(r"[(){}]|(?:\\.|[^ \n\t(){}\\])+|[^ \n\t]", re.DOTALL)
INT: Final = re.compile(r"-?[0-9]+", re.ASCII)
ABSENT: Final = "<>"
LISTS: Final = frozenset({"i", "o", "b", "x"})  # marks of lists of ints, oids, bitmap members, transaction ids

Table: TypeAlias = Mapping[str, Mapping[str, str]]  # node -> its fields in their order, each with its kind
Value: TypeAlias = "Tree | list[Value] | str"


@final
@dataclass(frozen=True, slots=True)
class Tree:
    """A node of the server's tree: its name and its fields, one value each."""

    name: str
    fields: Mapping[str, Value]
    kinds: Mapping[str, str]

    def number(self, field: str) -> int:
        """Read a field that the table says is a number; 0 where this version has no such field."""
        value = self.fields.get(field, "0")
        return int(value) if isinstance(value, str) else 0

    def flag(self, field: str) -> bool:
        """Read a boolean."""
        return self.fields.get(field) == "true"

    def plain(self, field: str) -> str:
        """Read an atom as printed, escapes included; "" when absent."""
        value = self.fields.get(field, ABSENT)
        return value if isinstance(value, str) and value != ABSENT else ""

    def node(self, field: str) -> Tree | None:
        """Read a field that holds a node."""
        value = self.fields.get(field)
        return value if isinstance(value, Tree) else None

    def nodes(self, field: str) -> tuple[Tree, ...]:
        """Read the nodes of a list."""
        value = self.fields.get(field)
        return tuple(item for item in value if isinstance(item, Tree)) if isinstance(value, list) else ()

    def members(self, field: str) -> tuple[int, ...]:
        """Read a list of numbers or a bitmap."""
        value = self.fields.get(field)
        return tuple(int(item) for item in value[1:] if isinstance(item, str)) if isinstance(value, list) else ()

    def below(self) -> Iterator[tuple[str, Tree]]:
        """Yield the nodes directly below, lists flattened, each with its field."""
        for field, value in self.fields.items():
            if not isinstance(value, str):
                yield from ((field, node) for node in flat(value))


def flat(value: Value) -> Iterator[Tree]:
    """Yield nodes of a value, lists flattened."""
    if isinstance(value, Tree):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from flat(item)


def supported(version: int) -> bool:
    """Whether a server of this `server_version_num` has a field table."""
    return version // 10_000 in VERSIONS


@cache
def fields(major: int) -> Table:
    """Load the field table of a major version; `RANGETBLENTRY` has one entry per rtekind."""
    table = {}
    text = files("core.classify.postgres").joinpath(f"data/fields.{major}.txt").read_text("utf-8")
    for line in text.splitlines():
        name, *words = line.split(" ")
        table[name] = MappingProxyType({word[:-2]: word[-1] for word in words})
    return MappingProxyType(table)


def strange(why: str) -> Doubted:
    """Make the refusal of a dump that is not as the table says; the reason is for operators."""
    return Doubted(
        Doubt.UNAVAILABLE, "The database's own account of this statement could not be read; write it more plainly.", why
    )


def read(dump: str, version: int) -> list[Tree]:
    """Read a dump into its queries.

    Raises: Doubted.
    """
    if not supported(version):
        raise Doubted(
            Doubt.UNAVAILABLE, f"PostgreSQL {version // 10_000} is not among the versions that can be read.", "version"
        )
    if len(dump) > DUMP_BYTES:
        raise Doubted(Doubt.LIMITS, "This names too many or too large views; ask for less at once.", "dump too large")
    if not dump.startswith("({QUERY "):
        raise strange("layout")
    if any(len(piece) >= FOLD for piece in re.split(rb" |(?<!\\)\n", dump.encode("utf-8", "surrogatepass"))):
        raise strange("folded token")
    try:
        value = Reader(dump, fields(version // 10_000)).all()
    except (IndexError, KeyError, ValueError, RecursionError) as error:
        raise strange(type(error).__name__) from error
    queries = [item for item in value if isinstance(item, Tree)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(queries) != len(value):
        raise strange("not a list of queries")
    return queries


@final
class Reader:
    """One pass over the words of a dump."""

    def __init__(self, dump: str, table: Table) -> None:
        self._words: Final = TOKEN.findall(dump)
        self._table: Final = table
        self._at = 0

    def all(self) -> Value:
        """Read everything.

        Raises: Doubted, IndexError, KeyError, ValueError, RecursionError.
        """
        value = self.value()
        if self._at != len(self._words):
            raise strange("trailing words")
        return value

    def value(self) -> Value:
        """Read one value."""
        word = self.take()
        if word in {")", "}"}:
            raise strange("stray closer")
        if word == "(":
            return self.list()
        if word == "{":
            return self.node()
        return word.replace("\\\n", "\\ ")  # a folded blank inside a name is still that blank

    def take(self) -> str:
        """Take the next word."""
        word = str(self._words[self._at])
        self._at += 1
        return word

    def list(self) -> list[Value]:
        """Read up to the closing parenthesis."""
        items = []
        while self._words[self._at] != ")":
            items.append(self.value())
        self._at += 1
        return items

    def node(self) -> Tree:
        """Read a node and hold it against the table."""
        name = self.take()
        found: dict[str, list[Value]] = {}
        values: list[Value] | None = None
        while self._words[self._at] != "}":
            if self._words[self._at][0] == ":":
                field = self.take()[1:]
                if field in found:
                    raise strange(f"{name} has {field} twice")
                values = found[field] = []
            elif values is None:
                raise strange(f"{name} has a value without a field")
            else:
                values.append(self.value())
        self._at += 1
        return checked(self._table, name, found)


def checked(table: Table, name: str, found: Mapping[str, list[Value]]) -> Tree:
    """Hold a node against the table: exactly its fields, in their order, one value of their kind each.

    Raises: Doubted.
    """
    entry = f"{name}/{found['rtekind'][0]}" if name == "RANGETBLENTRY" and found.get("rtekind") else name
    expected = table.get(entry)
    if expected is None:
        raise strange(f"node {name}")
    if tuple(found) != tuple(expected):
        raise strange(f"fields of {name}")
    values: dict[str, Value] = {}
    for field, kind in expected.items():
        value = found[field]
        if not KINDS[kind](value):
            raise strange(f"{name}.{field}")
        values[field] = value if kind == "v" else value[0]
    return Tree(name, MappingProxyType(values), expected)


def integer(value: Value) -> bool:
    """Whether a value is an integer in ASCII digits."""
    return isinstance(value, str) and INT.fullmatch(value) is not None


def numbers(value: Value, marks: frozenset[str]) -> bool:
    """A list of numbers with one of the given marks."""
    return isinstance(value, list) and marked(value) and value[0] in marks and all(integer(item) for item in value[1:])


def atom(values: list[Value]) -> bool:
    """One plain word."""
    return len(values) == 1 and isinstance(values[0], str)


def boolean(values: list[Value]) -> bool:
    """One truth value."""
    return len(values) == 1 and values[0] in ("true", "false")


def whole(values: list[Value]) -> bool:
    """One integer."""
    return len(values) == 1 and integer(values[0])


def listed(values: list[Value]) -> bool:
    """A list of nodes, strings or lists; not of bare numbers with a mark."""
    if len(values) != 1:
        return False
    value = values[0]
    return value == ABSENT or (isinstance(value, list) and not marked(value))


def marked(value: list[Value]) -> bool:
    """Whether a list begins with the mark of a list of numbers."""
    return bool(value) and isinstance(value[0], str) and value[0] in LISTS


def single(values: list[Value]) -> bool:
    """One node, or what a list may be."""
    return len(values) == 1 and (isinstance(values[0], Tree) or listed(values))


def oids(values: list[Value]) -> bool:
    """One list of object ids, or none."""
    return len(values) == 1 and (values[0] == ABSENT or numbers(values[0], frozenset({"o"})))


def ints(values: list[Value]) -> bool:
    """One list of integers, or none."""
    return len(values) == 1 and (values[0] == ABSENT or numbers(values[0], frozenset({"i", "o"})))


def grouping(values: list[Value]) -> bool:
    """A list of nodes or of integers."""
    return listed(values) or ints(values)


def bitmap(values: list[Value]) -> bool:
    """One bitmap."""
    return len(values) == 1 and numbers(values[0], frozenset({"b"}))


def constant(values: list[Value]) -> bool:
    """A constant's bytes: absent, or a length and integers in brackets."""
    if values == [ABSENT]:
        return True
    rest = values[2:-1]
    return (
        len(values) >= len("n[]") and values[1] == "[" and values[-1] == "]" and all(map(integer, [values[0], *rest]))
    )


KINDS: Final = MappingProxyType(
    {
        "p": atom, "b": boolean, "i": whole, "L": whole, "r": whole, "f": whole, "o": whole, "t": whole,
        "n": single, "l": listed, "g": grouping, "I": ints, "O": oids, "T": oids, "m": bitmap, "v": constant,
    }
)  # fmt: skip


def canonical(value: Value) -> Json:
    """Give a value as JSON without the fields that the table calls locations."""
    if isinstance(value, Tree):
        inner = {field: canonical(below) for field, below in value.fields.items() if value.kinds[field] != "L"}
        return {"node": value.name, **inner}
    if isinstance(value, list):
        return [canonical(item) for item in value]
    return value


def digest(parts: Mapping[str, Json]) -> Digest:
    """SHA-256 over canonical JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Digest(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
