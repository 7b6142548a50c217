"""Everything wrong with a configuration, gathered to be said all at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias, final

from core.errors import SettingsError

MOST: Final = 200  # errors of one file: what is wrong more often is wrong in the same way
COMPARED: Final = 500  # names that one mistyped word is held against
HEADER: Final = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?")
KEY: Final = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)\s*[=.]")
Place: TypeAlias = tuple[
    str, ...
]  # ("source", "shop", "read_url"); an array's table by its number: ("rule", "2", "verbs")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong: where, and what to do."""

    path: Place
    message: str

    @property
    def where(self) -> str:
        """The path as people write it: [source.shop] read_url."""
        return describe(self.path)


@dataclass(slots=True, kw_only=True)
class Findings:
    """Collects errors and warnings while a file is read; not a noun: it is thrown away with the reading."""

    path: Path
    text: str
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def error(self, path: Place, message: str) -> None:
        """Note what must be corrected.

        Raises: SettingsError when there is so much of it that the rest is not looked for.
        """
        self.errors.append(Finding(path=path, message=message))
        if len(self.errors) >= MOST:
            self.done()

    def warn(self, path: Place, message: str) -> None:
        """Note what should be looked at."""
        self.warnings.append(Finding(path=path, message=message))

    def done(self) -> None:
        """End here when something must be corrected.

        Raises: SettingsError with every finding, a line each.
        """
        if self.errors:
            more = [f"{self.path}: so many errors that the rest was not looked for"] if len(self.errors) >= MOST else []
            raise SettingsError("\n".join([*self._said(self.errors), *more]))

    @property
    def told(self) -> tuple[str, ...]:
        """Every warning, with its line."""
        return tuple(self._said(self.warnings))

    def _said(self, listed: list[Finding]) -> list[str]:
        at = lines(self.text) if listed else {}
        return [said(self.path, one, at) for one in listed]


ARRAYS: Final = frozenset({"rule", "budget", "identity", "example"})


def describe(path: Place) -> str:
    """Write a path as people find it in the file; array tables are counted from 1."""
    if not path:
        return "the file"
    if path[0] in ARRAYS and len(path) > 1:
        head, rest = f"[[{path[0]}]] {int(path[1]) + 1}", path[2:]
    elif len(path) > 2 or path[0] in {"source", "group", "agent"}:  # noqa: PLR2004 - [table.name] and a key
        head, rest = f"[{'.'.join(path[:2])}]", path[2:]
    else:
        head, rest = f"[{path[0]}]", path[1:]
    return " ".join((head, ".".join(rest))).strip()


def nearest(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean …?)" or nothing; of thousands nobody looks for the nearest."""
    names = list(known)
    close = difflib.get_close_matches(word, names, n=1) if len(names) <= COMPARED else []
    return f'; did you mean "{close[0]}"?' if close else ""


def lines(text: str) -> dict[Place, int]:
    """Find the line of each table and key, as far as headers and keys stand on lines of their own."""
    found: dict[Place, int] = {}
    counts: dict[str, int] = {}
    here: Place = ()
    for number, line in enumerate(text.splitlines(), 1):
        header, key = HEADER.fullmatch(line), KEY.match(line)
        if header is not None:
            here = _table(header[1], header[2], counts)
            found.setdefault(here, number)
        elif key is not None:
            found.setdefault((*here, key[1].strip("\"'")), number)
    return found


def line(found: dict[Place, int], path: Place) -> int | None:
    """Return the line of a path, or of the nearest table around it."""
    for length in range(len(path), 0, -1):
        if path[:length] in found:
            return found[path[:length]]
    return None


def said(path: Path, one: Finding, at: dict[Place, int]) -> str:
    """Word one finding with its file and line."""
    number = line(at, one.path)
    where = f"{path}:{number}" if number is not None else f"{path}"
    return f"{where}: {one.where}: {one.message}"


def _table(brackets: str, name: str, counts: dict[str, int]) -> Place:
    try:
        tree: object = tomllib.loads(f"[{name}]")
    except tomllib.TOMLDecodeError:
        return ()
    parts: list[str] = []
    while isinstance(tree, dict) and tree:
        part, tree = next(iter(tree.items()))
        parts.append(str(part))
    if brackets == "[[":
        counts[name] = counts.get(name, -1) + 1
        return (*parts, str(counts[name]))
    if parts and parts[0] in ARRAYS:
        return (parts[0], str(max(counts.get(parts[0], 0), 0)), *parts[1:])
    return tuple(parts)
