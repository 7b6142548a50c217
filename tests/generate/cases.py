"""The corpus's files: a statement, how it must be read (`=`), what live servers showed of it (`@`), a blank line.

`tests/corpus/README.md` says what the lines mean. Two witnesses that do not know each other meet in a case: `=` is
compared with our own reading, `@` is written by `tests/generate/label.py` from a server's doings.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from core.classify.postgres.text.parse import WORKER
from core.model import Doubt

CORPUS: Final = Path(__file__).parents[1] / "corpus"
SCHEMA: Final = CORPUS / "schema.sql"
WRITTEN: Final = "written"  # by hand; "made": by tests/generate/templates.py
SECTION: Final = re.compile(r"-- # (\w+): (.+)")
TEMPLATE: Final = re.compile(r"-- % (\S+)")
LINE: Final = re.compile(r"([=@])(?:\[([\d,]+)\])? (.+)")
# What a section promises of each of its statements, on every version that takes the statement at all.
CLASSES: Final = frozenset(
    {"answered", "masked", "refused", "writes", "defines", "grants", "control", "rejected", "either"}
)
PLACES: Final = frozenset(
    {"location", "stmt_location", "stmt_len", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end"}
)
LITERALS: Final = frozenset({"A_Const", "Integer", "Float", "Boolean", "BitString"})


@dataclass(frozen=True)
class Line:
    """One `=` or `@` line; no versions: every version that no other line names."""

    text: str
    versions: tuple[int, ...] = ()

    def written(self, mark: str) -> str:
        where = f"[{','.join(map(str, self.versions))}]" if self.versions else ""
        return f"{mark}{where} {self.text}"


@dataclass(frozen=True)
class Said:
    """A line taken apart: what is done to which things, and the words beside."""

    doubt: str  # of a Reading: "": readable
    things: Mapping[str, frozenset[str]]  # verb -> things
    words: frozenset[str]  # masked, facts

    @property
    def verbs(self) -> frozenset[str]:
        return frozenset(self.things)

    @property
    def named(self) -> frozenset[str]:
        return frozenset().union(*self.things.values())


def said(line: str) -> Said:
    """Take a `=` line apart."""
    if line.startswith("! "):
        return Said(line[2:], {}, frozenset())
    done, _, words = line.partition(" | ")
    things = {part.split()[0]: frozenset(part.split()[1:]) for part in done.split("; ")}
    return Said("", things, frozenset(words.split()))


@dataclass(frozen=True)
class Shown:
    """A `@` line taken apart."""

    kind: str  # reads, acts, fails, error
    relations: frozenset[str]
    parts: Mapping[str, tuple[str, ...]]  # tree, changes, locks, effects, code, fails

    @property
    def changes(self) -> list[tuple[str, str]]:
        """Relation and sign (+ inserted, ~ updated, - deleted) of every change of rows."""
        found = [change.rstrip(")").partition("(") for change in self.parts.get("changes", ())]
        return [(name, sign) for name, _, counts in found for sign in "+~-" if sign in counts]


def shown(line: str) -> Shown:
    """Take a `@` line apart."""
    kind, *words = line.split()
    parts = dict(word.split(":", 1) for word in words if ":" in word)
    plain = frozenset(word for word in words if ":" not in word and "." in word)
    return Shown(kind, plain, {name: tuple(found.split(",")) for name, found in parts.items()})


@dataclass(frozen=True)
class Case:
    """One statement and what is known of it."""

    path: Path
    promise: str  # of its section
    title: str
    template: str  # "": written by hand
    text: str
    comments: tuple[str, ...] = ()
    readings: tuple[Line, ...] = ()
    labels: tuple[Line, ...] = ()

    def reading(self, version: int) -> str:
        return spoken(self.readings, version)

    def label(self, version: int) -> str:
        return spoken(self.labels, version)

    @property
    def reason(self) -> str:
        """Why a case departs from its section or from the server's word; "": it does not."""
        return next((line.partition("! ")[2] for line in self.comments if line.startswith("-- ! ")), "")

    @cached_property
    def tree(self) -> Any:
        return tree(self.text)

    @cached_property
    def roots(self) -> frozenset[str]:
        return frozenset(name for statement in self.tree for name in statement.get("stmt", {}))

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.text)


def spoken(lines: Iterable[Line], version: int) -> str:
    """Give the line that speaks of a version."""
    found = {number: line.text for line in lines for number in line.versions}
    rest = next((line.text for line in lines if not line.versions), "")
    return found.get(version, rest)


def gathered(by_version: Mapping[int, str]) -> tuple[Line, ...]:
    """Write one line for all versions where they agree, else one for each group; the newest speaks for the rest."""
    newest = by_version[max(by_version)]
    others: dict[str, list[int]] = {}
    for version, text in sorted(by_version.items()):
        if text != newest:
            others.setdefault(text, []).append(version)
    return (Line(newest), *(Line(text, tuple(versions)) for text, versions in others.items()))


def tree(text: str) -> Any:
    """Parse a text with the project's own parser; [] where it has no tree."""
    try:
        return WORKER.statements(text.encode())
    except Exception as error:
        if getattr(getattr(error, "unreadable", None), "doubt", None) is not Doubt.SYNTAX:
            raise
        return []


def fingerprint(text: str) -> str:
    """SHA-256 of the parser's tree without places and literals; of the text where there is no tree."""
    found = tree(text)
    shape = json.dumps(folded(found), sort_keys=True) if found else text
    return hashlib.sha256(shape.encode()).hexdigest()


def folded(node: Any, name: str = "") -> Any:
    """Leave out places, and what a literal says."""
    if name in LITERALS:
        return name
    if isinstance(node, Mapping):
        return {key: folded(value, key) for key, value in node.items() if key not in PLACES}
    if isinstance(node, list):
        return [folded(item) for item in node]
    return node


def parameters(node: Any) -> int:
    """Give the highest `$n` of a tree."""
    if isinstance(node, Mapping):
        own = node["ParamRef"].get("number", 0) if "ParamRef" in node else 0
        return max([own, *(parameters(value) for value in node.values())], default=0)
    if isinstance(node, list):
        return max((parameters(item) for item in node), default=0)
    return 0


def paths(kind: str = "*") -> list[Path]:
    return sorted(CORPUS.glob(f"{kind}/*.sql"))


def cases(*chosen: Path) -> list[Case]:
    """Read files of the corpus, all by default."""
    return [case for path in chosen or paths() for case in one(path)]


def one(path: Path) -> Iterator[Case]:
    promise, title, template = "either", "", ""
    for block in path.read_bytes().decode().split("\n\n"):
        comments, text, lines = parted(block.strip("\n").split("\n"))
        for comment in comments:
            section, made = SECTION.fullmatch(comment), TEMPLATE.fullmatch(comment)
            promise, title = (section[1], section[2]) if section else (promise, title)
            template = made[1] if made else template
        if text:
            yield Case(
                path=path,
                promise=promise,
                title=title,
                template=template,
                text=text,
                comments=comments,
                readings=tuple(line for mark, line in lines if mark == "="),
                labels=tuple(line for mark, line in lines if mark == "@"),
            )


def parted(block: list[str]) -> tuple[tuple[str, ...], str, list[tuple[str, Line]]]:
    """Part a block into its comments, its statement, and its lines of `=` and `@`."""
    head = next((number for number, line in enumerate(block) if not line.startswith("-- ")), len(block))
    end = len(block)
    while end > head and LINE.fullmatch(block[end - 1]):
        end -= 1
    found = [LINE.fullmatch(line) for line in block[end:]]
    lines = [
        (match[1], Line(match[3], tuple(int(word) for word in (match[2] or "").split(",") if word)))
        for match in found
        if match is not None
    ]
    return tuple(block[:head]), "\n".join(block[head:end]), lines


def write(path: Path, found: Iterable[Case]) -> None:
    """Write a file's cases with their lines; comments stay where they stood."""
    waiting = iter(found)
    blocks = []
    for block in path.read_bytes().decode().split("\n\n"):
        comments, text, _ = parted(block.strip("\n").split("\n"))
        if not text:
            blocks += [block.strip("\n")] if comments else []
            continue
        case = next(waiting)
        lines = [line.written("=") for line in case.readings] + [line.written("@") for line in case.labels]
        blocks.append("\n".join([*comments, text, *lines]))
    path.write_bytes(("\n\n".join(blocks) + "\n").encode())


def labelled(case: Case, readings: Mapping[int, str], labels: Mapping[int, str]) -> Case:
    """Give a case its lines anew."""
    return replace(case, readings=gathered(readings), labels=gathered(labels))
