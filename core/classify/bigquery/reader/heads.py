"""Statements that are known by their words alone, never reads: definitions, rights, runs, control; forms as data.

A form is words, [optional words], <verbs kind> for a name, `...` for words without a query, `***` for anything; behind
" = " the service's statementType, or a name of our own where it has none, and after a bar facts, or `control`.
https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, final

from sqlglot.tokenizer_core import Token

from .doubted import Doubted, unknown
from .scope import VIEWS
from .words import path, spread

DATA: Final = Path(__file__).parent / "data"
ITEMS: Final = re.compile(r"\[[^]]+\]|<[^>]+>|\S+")
NAME: Final = re.compile(r"[\w$@* /:.-]+")
# What could read something that the form does not name.
QUERIES: Final = frozenset({"SELECT", "FROM", "|>", "LIKE", "COPY", "CLONE", "WITH_QUERY"})
SCRIPTS: Final = frozenset(
    {"BEGIN", "BREAK", "CASE", "CONTINUE", "DECLARE", "ELSE", "END", "EXECUTE", "FOR", "IF", "ITERATE", "LEAVE", "LOOP",
     "REPEAT", "WHILE"}
)  # fmt: skip

FIRST: Final = frozenset(
    {"(", "CREATE", "DELETE", "EXPORT", "FROM", "GRANT", "INSERT", "MERGE", "REVOKE", "SELECT", "UPDATE", "WITH"}
)

TEMPORARY: Final = "TEMPORARY"  # kind of what makes a temporary object
BEGINNING: Final = 5  # words before any name: CREATE OR REPLACE TEMPORARY …

Pair = tuple[str, str, str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the words of a statement say: its statementType, (kind, name, verb) and facts."""

    kind: str
    pairs: tuple[Pair, ...]
    facts: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


@final
@dataclass(slots=True)
class Match:
    """One attempt to fit a text to a form."""

    tokens: Sequence[Token]
    words: Sequence[str]
    place: int = 0
    pairs: list[Pair] = field(default_factory=list)

    def item(self, item: str, after: str | None) -> bool:
        """Take one item of a form."""
        if item == "***":
            self.place = len(self.words)
            return True
        if item == "...":
            return self.rest(after)
        if item.startswith("["):
            self.take(item[1:-1].split())
            return True
        if item.startswith("<"):
            return self.name(*item[1:-1].split(" "))
        return self.take([item])

    def take(self, words: list[str]) -> bool:
        """Take words that stand next."""
        if list(self.words[self.place : self.place + len(words)]) != words:
            return False
        self.place += len(words)
        return True

    def rest(self, until: str | None) -> bool:
        """Take words up to one, or to the end, that read nothing."""
        while self.place < len(self.words) and self.words[self.place] != until:
            if self.words[self.place] in QUERIES:
                return False
            self.place += 1
        return True

    def name(self, verbs: str, kind: str = "") -> bool:
        """Take a dotted name."""
        try:
            name, self.place = path(self.tokens, self.place)
        except Doubted:
            return False
        if kind == "table" and VIEWS in f".{name.upper()}":
            kind = "catalog"
        if kind:
            self.pairs.extend((kind, name, verb) for verb in verbs.split(","))
        return bool(NAME.fullmatch(name))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One line of the table."""

    items: tuple[str, ...]
    kind: str
    facts: tuple[str, ...]


@cache
def forms() -> tuple[Form, ...]:
    """Read the forms."""
    return tuple(map(form, (DATA / "heads.txt").read_text("utf-8").splitlines()))


def form(line: str) -> Form:
    """Read one form."""
    written, _, rest = line.partition(" = ")
    kind, _, facts = rest.partition(" | ")
    return Form(items=tuple(ITEMS.findall(written)), kind=kind, facts=tuple(facts.split()))


def head(tokens: Sequence[Token]) -> Head | None:
    """Find the form that a statement has; None: it is for the parser.

    Raises: Doubted for the parts of scripts, and for a first word that begins no statement of ours.
    """
    pairs = spread(tokens)
    words = [word for _, word in pairs]
    for one in forms():
        match = Match([token for token, _ in pairs], words)
        if fit(match, one.items):
            return made(match, one, words)
    if words[0] in SCRIPTS:
        raise Doubted("several", "Scripts and dynamic SQL are not read; send one plain statement.")
    if words[0] not in FIRST:
        raise unknown("This kind of statement")
    return None


def fit(match: Match, items: tuple[str, ...]) -> bool:
    """Whether a text is of a form, from its first word to its last."""
    for n, item in enumerate(items):
        if not match.item(item, items[n + 1] if n + 1 < len(items) else None):
            return False
    return match.place == len(match.words)


def made(match: Match, one: Form, words: Sequence[str]) -> Head:
    """Put together what a form says."""
    if one.facts == ("control",):
        return Head(kind=one.kind, pairs=(("statement", words[0], "control"),))
    ran = tuple(name for kind, name, verb in match.pairs if (kind, verb) == ("function", "run"))
    kind = TEMPORARY if {"TEMP", "TEMPORARY"} & set(words[:BEGINNING]) else one.kind
    return Head(kind=kind, pairs=tuple(match.pairs), facts=one.facts, functions=ran)
