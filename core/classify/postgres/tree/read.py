"""The server's dump -> a tree whose every node and field stands in the field table of that server version.

The dump (`debug_print_rewritten`) holds names that the agent chose: aliases, CTE and output names. Hence ASCII rules
only (the server escapes blank, tab, newline, parentheses, braces and backslash, nothing else), a guard against tokens
that the server's fold at 78 bytes cuts in two, and refusal of every node, field, order or value not in the table.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, TypeAlias, final

from core.classify.postgres.nouns import Doubted
from core.classify.postgres.tree.constants import Constant, Looks
from core.model import Digest, Doubt, Json

VERSIONS: Final = frozenset({15, 16, 17, 18})
DUMP_BYTES: Final = 1 << 20  # 33 ms for 225 KB: a longer one is not worth its time
FOLD: Final = 77  # the server breaks lines at 78 bytes, inside a token that has no blank
TOKEN: Final = re.compile(r"[(){}]|(?:\\.|[^ \n\t(){}\\])+|[^ \n\t]", re.DOTALL)
INT: Final = re.compile(r"-?[0-9]+", re.ASCII)
CONSTANT: Final = re.compile(r":constvalue -?[0-9]+ \[ (?:-?[0-9]+ )*\]", re.ASCII)  # as `constant` reads it
ABSENT: Final = "<>"
LISTS: Final = frozenset({"i", "o", "b", "x"})  # marks of lists of ints, oids, bitmap members, transaction ids
OIDS: Final = frozenset({"o"})
INTS: Final = frozenset({"i", "o"})
BITS: Final = frozenset({"b"})
CLOSERS: Final = frozenset({")", "}"})
BRACKETS: Final = frozenset("(){}")
TRUTHS: Final = frozenset({"true", "false"})
HOLDERS: Final = frozenset("nlg")  # kinds of fields that may hold nodes
IDS: Final = frozenset("rfotOT")  # kinds of fields that hold object ids
ENTRY: Final = "RANGETBLENTRY"
ENTRY_HEAD: Final = 3  # its fields up to `rtekind`, which says what the others are

Table: TypeAlias = Mapping[str, Mapping[str, str]]  # node -> its fields in their order, each with its kind
Value: TypeAlias = "Tree | Constant | list[Value] | str"
Step: TypeAlias = "Callable[[Reader, str], Value]"  # reads one value that begins with this word


@final
@dataclass(frozen=True, slots=True)
class Layout:
    """A node's fields in their order, and how each is read."""

    kinds: Mapping[str, str]
    steps: tuple[tuple[str, str, Step], ...]  # the word that names the field, the field, how its value is read
    holders: tuple[str, ...]  # fields that may hold nodes
    ids: tuple[tuple[str, str], ...]  # fields that hold object ids, each with its kind


@final
@dataclass(frozen=True, slots=True)
class Tree:
    """A node of the server's tree: its name and its fields, one value each."""

    name: str
    fields: Mapping[str, Value]
    layout: Layout = field(compare=False, repr=False)
    _below: tuple[tuple[str, Tree], ...] = field(compare=False, repr=False)

    @property
    def kinds(self) -> Mapping[str, str]:
        """What each field holds."""
        return self.layout.kinds

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

    def below(self) -> tuple[tuple[str, Tree], ...]:
        """Give the nodes directly below, lists flattened, each with its field."""
        return self._below


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
        Doubt.UNAVAILABLE,
        "The database's own account of this statement could not be read; write it more plainly, in short plain names.",
        why,
    )


def read(dump: str, version: int, looks: Looks | None = None) -> list[Tree]:
    """Read a dump into its queries; `looks` says from then on whether a constant of it was looked at.

    Raises: Doubted.
    """
    if not supported(version):
        raise Doubted(
            Doubt.UNAVAILABLE,
            f"PostgreSQL {version // 10_000} is not among the versions that can be read; an operator updates.",
            "version",
        )
    if len(dump) > DUMP_BYTES:
        raise Doubted(Doubt.LIMITS, "This names too many or too large views; ask for less at once.", "dump too large")
    if not dump.startswith("({QUERY "):
        raise strange("layout")
    if folded(dump):
        raise strange("folded token")
    try:
        value = Reader(dump, layouts(version // 10_000), looks or Looks()).all()
    except (StopIteration, KeyError, ValueError, RecursionError) as error:
        raise strange(type(error).__name__) from error
    queries = [item for item in value if isinstance(item, Tree)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(queries) != len(value):
        raise strange("not a list of queries")
    return queries


def folded(dump: str) -> bool:
    """Whether the server may have cut a word of a dump in two."""
    return max(map(len, pieces(dump))) >= FOLD


def skeleton(dump: str) -> str | None:
    """Give a dump without the octets of its constants, every other octet in its place; None where it has no such form.

    Two dumps of one skeleton are one tree but for what `Constant` holds. A backslash stands before what could be a
    blank or a bracket inside a name: such a dump, a folded and a long one have none.
    """
    if "\\" in dump or len(dump) > DUMP_BYTES or folded(dump):
        return None
    return CONSTANT.sub(":constvalue \0", dump.replace("\n", " ").replace("\t", " "))


def pieces(dump: str) -> list[bytes]:
    """Part a dump where the server may have folded it; a newline behind a backslash is a name's own."""
    octets = dump.encode("utf-8", "surrogatepass")
    return octets.replace(b"\\\n", b"\\_").replace(b"\n", b" ").split(b" ")


def tokens(dump: str) -> list[str]:
    """Cut a dump into its words; where nothing is escaped, every bracket and every blank is one of the server's."""
    if "\\" in dump:
        return TOKEN.findall(dump.replace("\\\n", "\\ "))  # a folded blank inside a name is still that blank
    for apart in "(){}":
        dump = dump.replace(apart, f" {apart} ")
    return [word for word in dump.replace("\n", " ").replace("\t", " ").split(" ") if word]


@final
class Reader:
    """One pass over the words of a dump, led by the field table: what does not come as it says is refused."""

    def __init__(self, dump: str, layouts: Mapping[str, Layout], looks: Looks) -> None:
        self.looks: Final = looks
        self._words: Final = iter(tokens(dump))
        self.take: Final[Callable[[], str]] = self._words.__next__
        self._layouts: Final = layouts

    def all(self) -> Value:
        """Read everything.

        Raises: Doubted, StopIteration, KeyError, ValueError, RecursionError.
        """
        value = self.value(self.take())
        if next(self._words, None) is not None:
            raise strange("trailing words")
        return value

    def value(self, word: str) -> Value:
        """Read one value that begins with this word."""
        if word == "{":
            return self.node()
        if word == "(":
            return self.list()
        if word in CLOSERS:
            raise strange("stray closer")
        return word

    def list(self) -> list[Value]:
        """Read up to the closing parenthesis."""
        items: list[Value] = []
        while (word := self.take()) != ")":
            items.append(self.node() if word == "{" else self.value(word))
        return items

    def node(self) -> Tree:
        """Read a node: exactly the fields of its layout, in their order, one value of its kind each."""
        name = self.take()
        layout = self._layouts[name]
        values: dict[str, Value] = {}
        self._fields(name, layout, values)
        if name == ENTRY:
            layout = self._layouts[f"{ENTRY}/{values['rtekind']}"]
            self._fields(name, layout, values)
        if self.take() != "}":
            raise strange(f"{name} has more than its fields")
        below = tuple((title, node) for title in layout.holders for node in flat(values[title]))
        return Tree(name, MappingProxyType(values), layout, below)

    def _fields(self, name: str, layout: Layout, values: dict[str, Value]) -> None:
        for word, title, step in layout.steps:
            if self.take() != word:
                raise strange(f"fields of {name}")
            values[title] = step(self, self.take())


# ---------------------------------------------------------------- one value of a kind


def atom(reader: Reader, word: str) -> Value:
    """Read one plain word; a name that looks like a field is refused as one."""
    del reader
    if word in BRACKETS or word[0] == ":":
        raise strange("a word is missing")
    return word


def boolean(reader: Reader, word: str) -> Value:
    """Read a truth value."""
    del reader
    if word not in TRUTHS:
        raise strange("no truth value")
    return word


def whole(reader: Reader, word: str) -> Value:
    """Read one integer in ASCII digits."""
    del reader
    if INT.fullmatch(word) is None:
        raise strange("no integer")
    return word


def listed(reader: Reader, word: str) -> Value:
    """Read a list of nodes, strings or lists; not of bare numbers with a mark."""
    value = word if word == ABSENT else reader.value(word)
    if value != ABSENT and (not isinstance(value, list) or marked(value)):
        raise strange("no list of nodes")
    return value


def single(reader: Reader, word: str) -> Value:
    """Read one node, or what a list may be."""
    return reader.node() if word == "{" else listed(reader, word)


def oids(reader: Reader, word: str) -> Value:
    """Read one list of object ids, or none."""
    return ABSENT if word == ABSENT else numbers(reader.value(word), OIDS)


def ints(reader: Reader, word: str) -> Value:
    """Read one list of integers, or none."""
    return ABSENT if word == ABSENT else numbers(reader.value(word), INTS)


def grouping(reader: Reader, word: str) -> Value:
    """Read a list of nodes or of integers."""
    value = word if word == ABSENT else reader.value(word)
    if isinstance(value, list):
        return numbers(value, INTS) if marked(value) else value
    if value != ABSENT:
        raise strange("no list")
    return value


def bitmap(reader: Reader, word: str) -> Value:
    """Read one bitmap."""
    return numbers(reader.value(word), BITS)


def constant(reader: Reader, word: str) -> Value:
    """Read a constant's bytes: absent, or a length and integers in brackets."""
    if word == ABSENT:
        return Constant((), reader.looks)
    opened, octets = reader.take(), []
    while (octet := reader.take()) != "]":
        octets.append(octet)
    if opened != "[" or not all(map(INT.fullmatch, [word, *octets])):
        raise strange("no constant")
    return Constant(tuple(octets), reader.looks)


def numbers(value: Value, marks: frozenset[str]) -> Value:
    """Require a list of numbers with one of the given marks."""
    if not isinstance(value, list) or not marked(value) or value[0] not in marks:
        raise strange("no list of numbers")
    if not all(isinstance(item, str) and INT.fullmatch(item) for item in value[1:]):
        raise strange("no number in a list of numbers")
    return value


def marked(value: list[Value]) -> bool:
    """Whether a list begins with the mark of a list of numbers."""
    return bool(value) and isinstance(value[0], str) and value[0] in LISTS


KINDS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "p": atom, "b": boolean, "i": whole, "L": whole, "r": whole, "f": whole, "o": whole, "t": whole,
        "n": single, "l": listed, "g": grouping, "I": ints, "O": oids, "T": oids, "m": bitmap, "v": constant,
    }
)  # fmt: skip


@cache
def layouts(major: int) -> Mapping[str, Layout]:
    """Word the field table of a major version as steps; a range table entry's first three fields tell the rest."""
    table = fields(major)
    made = {name: layout(kinds, ENTRY_HEAD if name.startswith(ENTRY) else 0) for name, kinds in table.items()}
    head = dict(list(table[f"{ENTRY}/0"].items())[:ENTRY_HEAD])
    return MappingProxyType({**made, ENTRY: layout(head, 0)})


def layout(kinds: Mapping[str, str], read: int) -> Layout:
    """Word one node's fields, of which so many are read already."""
    return Layout(
        kinds,
        tuple((f":{name}", name, KINDS[kind]) for name, kind in list(kinds.items())[read:]),
        tuple(name for name, kind in kinds.items() if kind in HOLDERS),
        tuple((name, kind) for name, kind in kinds.items() if kind in IDS),
    )


def identity(dump: str) -> Digest:
    """SHA-256 of a dump's own octets: of one text over the same catalogs they are the same, places included."""
    return Digest(hashlib.sha256(dump.encode("utf-8", "surrogatepass")).hexdigest())


def digest(parts: Mapping[str, Json]) -> Digest:
    """SHA-256 over canonical JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Digest(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
