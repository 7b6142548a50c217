"""Statements made from templates, at most twenty each, for breadth: `python -m tests.generate.templates` writes them.

`tests/corpus/templates.txt` holds the templates and says how they are written. Lines of cases that stay are kept.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.generate.cases import CORPUS, Case, cases, fingerprint, paths, write

SOURCE: Final = CORPUS / "templates.txt"
MOST: Final = 20
HOLE: Final = re.compile(r"\{([a-z]\w*)(?:\[(\d)\])?\}")  # other braces are SQL's own
HEAD: Final = "-- Made by tests/generate/templates.py from templates.txt; only the lines of = and @ are written here."


@dataclass(frozen=True)
class Template:
    """A pattern, and what fills each of its holes."""

    promise: str
    name: str
    pattern: str
    holes: Mapping[str, list[str]]

    def texts(self, taken: set[str]) -> list[str]:
        """Fill the holes in every way, and take at most twenty, spread evenly, whose fingerprints are not taken."""
        outer = self.named([self.pattern])
        names = list(dict.fromkeys(outer + self.named([fill for name in outer for fill in self.holes[name]])))
        ways = itertools.product(*(self.holes[name] for name in names))
        fresh: dict[str, str] = {}
        for way in ways:
            text = filled(self.pattern, dict(zip(names, way, strict=True)))
            mark = fingerprint(text)
            if mark not in taken:
                fresh.setdefault(mark, text)
        step = max(1, len(fresh) / MOST)
        chosen = [list(fresh)[int(number * step)] for number in range(min(MOST, len(fresh)))]
        taken.update(chosen)
        return [fresh[mark] for mark in chosen]

    def named(self, texts: list[str]) -> list[str]:
        """List the holes of texts."""
        found = (match[1] for text in texts for match in HOLE.finditer(text))
        return list(dict.fromkeys(name for name in found if name in self.holes))


def filled(pattern: str, chosen: Mapping[str, str]) -> str:
    """Fill a pattern, and the holes of what fills it."""

    def fill(match: re.Match[str]) -> str:
        if match[1] not in chosen:
            return match[0]
        return chosen[match[1]].split(" @ ")[int(match[2])] if match[2] else chosen[match[1]]

    return HOLE.sub(fill, HOLE.sub(fill, pattern)).strip()


def templates() -> Iterator[Template]:
    """Read the templates."""
    promise, shared = "", dict[str, list[str]]()
    for block in SOURCE.read_text("utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("# ")]
        if lines and lines[0].startswith("== "):
            promise = lines.pop(0)[3:]
        head, holes = (lines[0], lines[1:]) if lines and lines[0].startswith("= ") else ("", lines)
        own = {name: fills.split(" ;; ") for name, _, fills in (line.partition(": ") for line in holes)}
        if not head:
            shared |= own
            continue
        name, _, pattern = head[2:].partition(": ")
        yield Template(promise, name, pattern, shared | own)


def made() -> dict[Path, dict[str, list[str]]]:
    """Give each file of `made/`, and the statements that it must hold by template; none repeats one by hand."""
    taken = {case.fingerprint for case in cases(*paths("written"))}
    found: dict[Path, dict[str, list[str]]] = {}
    for template in templates():
        found.setdefault(CORPUS / f"made/{template.promise}.sql", {})[template.name] = template.texts(taken)
    return found


def main() -> None:
    """Write the files, and keep what is known of each statement that is still there."""
    known: dict[str, Case] = {case.text: case for case in cases(*paths("made"))}
    for path, each in made().items():
        blocks = [HEAD, f"-- # {path.stem}: made from templates"]
        for name, texts in each.items():
            blocks.append(f"-- % {name}")
            for text in texts:
                reason = [line for line in known[text].comments if line.startswith("-- ! ")] if text in known else []
                blocks.append("\n".join([*reason, text]))
        path.write_bytes(("\n\n".join(blocks) + "\n").encode())
        write(path, [known.get(case.text, case) for case in cases(path)])


if __name__ == "__main__":
    main()
