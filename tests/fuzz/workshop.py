"""Where mutants are made: a child process, since writing out a tree that no parser made may end the process.

    python -m tests.fuzz.workshop    first line: the words; then a line in, a line out

The crash is the deparser's, which the product never calls; the harness starts another child and goes on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from random import Random
from typing import Final, TypeAlias, final

from core.classify.postgres import parse
from core.model import Unreadable
from tests.fuzz import mutate, texts
from tests.fuzz.grammar import Grammar
from tests.fuzz.words import Named, Words

TRIES: Final = 6
KEPT: Final = 0.04  # of the mutants that no longer parse, this share is sent as well
LONGEST: Final = 6_000  # characters
SEVERAL: Final = (1, 1, 1, 2, 2, 3)
GENTLE: Final = 0.6  # of mild changes, this share is made in the tree, the rest around it

Change: TypeAlias = Callable[[str, Words, Random], str]


def act(text: str, words: Words, chance: Random) -> str:
    """Change a statement once.

    Raises: Unfit.
    """
    form = chance.random()
    if form < 0.58:
        return mutate.operated(text, words, chance)
    change: Change = texts.wrap if form < 0.78 else chance.choice(texts.ACTS)
    return change(text, words, chance)


def gentle(text: str, words: Words, chance: Random) -> str:
    """Change a statement once so that it most likely still answers, over tagged columns.

    Raises: Unfit.
    """
    if chance.random() < GENTLE:
        return mutate.operated(text, words, chance, mutate.GENTLE)
    return texts.wrap(text, words, chance, texts.GENTLE)


def changed(text: str, words: Words, chance: Random, change: Change) -> str:
    """Change a statement until it still parses, or, rarely, does not."""
    for _ in range(TRIES):
        try:
            found = change(text, words, chance)
        except mutate.Unfit:
            continue
        if len(found) <= LONGEST and (not isinstance(parse(found), Unreadable) or chance.random() < KEPT):
            return found
    return text


def mutant(text: str, words: Words, number: int, *, mild: bool = False) -> str:
    """Make the mutant of a statement, or, of none, a new statement; the same number gives the same again.

    A mild one changes once, and little.
    """
    chance = Random(number)
    if mild:
        return changed(text, words, chance, gentle)
    if not text:
        text = Grammar(words, chance).statement()
        if chance.random() < 0.6:
            return text
    for _ in range(chance.choice(SEVERAL)):
        text = changed(text, words, chance, act)
    return text


def encoded(words: Words) -> str:
    """Write words as a line."""
    tables = {name: [asdict(column) for column in columns] for name, columns in words.tables.items()}
    return json.dumps({"tables": tables, "hot": words.hot})


def decoded(line: str) -> Words:
    """Read that line."""
    said = json.loads(line)
    tables = {name: tuple(Named(**column) for column in columns) for name, columns in said["tables"].items()}
    return Words(tables, tuple(said["hot"]))


@final
class Workshop:
    """The child, seen from outside."""

    def __init__(self, words: Words) -> None:
        self._words: Final = encoded(words)
        self._child = self._started()
        self.ended = 0

    def _started(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.fuzz.workshop"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self._say(child, self._words)
        return child

    def _say(self, child: subprocess.Popen[str], line: str) -> None:
        assert child.stdin is not None
        child.stdin.write(line + "\n")
        child.stdin.flush()

    def mutant(self, text: str, number: int, *, mild: bool = False) -> str | None:
        """Ask for one; None when the child ended over it."""
        assert self._child.stdout is not None
        try:
            self._say(self._child, json.dumps([text, number, mild]))
            line = self._child.stdout.readline()
        except BrokenPipeError:
            line = ""
        if line:
            return str(json.loads(line))
        self._child.wait()
        self.ended += 1
        self._child = self._started()
        return None

    def close(self) -> None:
        """End the child."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.close()
        self._child.wait()
        self._child.stdout.close()


def main() -> None:
    """Serve."""
    words = decoded(sys.stdin.readline())
    for line in sys.stdin:
        text, number, mild = json.loads(line)
        sys.stdout.write(json.dumps(mutant(text, words, number, mild=mild)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
