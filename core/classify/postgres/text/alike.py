"""Texts that differ in plain constants alone: what the parser makes of one it makes of each, but for those constants.

The grammar goes by kinds of tokens (gram.y, LALR(1)): texts with tokens of the same kinds in the same places, and the
same octets between them, take the same way through it. What a constant's octets say is looked at by the one action that
takes its token, and that is shown to make a constant of the tree and nothing else (`opened`). So three agree on what is
left open: the scanner, asked about each text anew; the narrow pattern of a plain constant; the tree of the text parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final, TypeAlias, final

from core.classify.postgres.kept import Kept
from core.classify.postgres.nouns import Access, Doubted, Fields, Node, Parsed
from core.classify.postgres.text.library import NoLexemes, lexemes, scanned
from core.classify.postgres.text.parse import encode, select
from core.classify.postgres.text.shape import CONSTANT, walk
from core.model import Doubt

LONGEST: Final = 4_096  # octets of a text whose like is looked for; its tree stays far below what is refused
# A number, or a string of one piece without prefix and backslash, which no setting reads otherwise. All else stays as
# it is, constant or not: E'', U&'', $$, B'', 0x1F, 1_000, 1e9, '…' that goes on in another line.
PLAIN: Final = re.compile(rb"[0-9]+(?:\.[0-9]+)?|'(?:[^'\\]|'')*'")
KINDS: Final = {260: "fval", 261: "sval", 266: "ival"}  # FCONST SCONST ICONST, and what their constant holds
SIGNS: Final = frozenset({ord("-"), ord("+")})  # gram.y, doNegate: a sign goes into the constant behind it
OPEN: Final = b"\0"  # stands in no text
MEMORY: Final = 1 << 20  # octets of memory for places of constants
PLACE: Final = 20  # octets of memory for one of the scanner's answer

Span: TypeAlias = tuple[int, int, int]  # start, end, kind
Bones: TypeAlias = tuple[bytes, bytes]  # the scanner's answer: each token's place and kind; octets outside of constants


@final
class Later(Mapping[str, Node]):
    """The fields of a text's root, parsed when they are first asked for."""

    def __init__(self, text: str) -> None:
        self._text: Final = text

    @cached_property
    def _fields(self) -> Fields:
        """Parse.

        Raises: Doubted where the text is not the read that its like is.
        """
        found = select(self._text)
        if not found:
            raise Doubted(Doubt.DISAGREE, "The statement reads differently a second time; write it more plainly.")
        return found

    def __getitem__(self, name: str) -> Node:
        """Give one field."""
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names of all."""
        return iter(self._fields)

    def __len__(self) -> int:
        """Count them."""
        return len(self._fields)


@final
class Skeletons:
    """Texts without the octets of their plain constants."""

    def __init__(self) -> None:
        self._known: Final = Kept[tuple[Span, ...]](MEMORY)

    def of(self, text: str) -> Bones | None:
        """Give a text without them; None where it has none, is too long or is none that the scanner can read."""
        try:
            octets = encode(text)
            if len(octets) > LONGEST:
                return None
            answer = scanned(octets)
            spans = self.spans(answer)
        except (Doubted, NoLexemes):
            return None
        at, pieces = 0, []
        for start, end, _ in spans:
            if PLAIN.fullmatch(octets, start, end):
                pieces.append(octets[at:start])
                at = end
        pieces.append(octets[at:])
        return (answer, OPEN.join(pieces)) if at else None

    def spans(self, answer: bytes) -> tuple[Span, ...]:
        """Give the places where a constant may stand that has no sign before it.

        Raises: NoLexemes for what is no answer, or has tokens that overlap.
        """
        known = self._known.get(answer)
        if known is None:
            known = tuple(constants(answer))
            self._known.keep(answer, known, PLACE * len(answer))
        return known


def constants(answer: bytes) -> Iterator[Span]:
    """Yield the places of constants in the scanner's answer.

    Raises: NoLexemes.
    """
    before, at = 0, 0
    for start, end, token, _ in lexemes(answer):
        if not at <= start < end:
            raise NoLexemes
        if token in KINDS and before not in SIGNS:
            yield start, end, token
        before, at = token, end


def opened(parsed: Parsed, spans: tuple[Span, ...]) -> bool:
    """Whether each plain constant of a read became one constant of its tree, of its kind, and nothing else.

    A token goes into one action of the grammar. One that asks what a number says makes no constant: `float(24)` is
    another type than `float(25)`, `int[3]` holds a bare number.
    """
    plain = parsed.root == "SelectStmt" and parsed.access is Access.READ
    if not plain or parsed.looked is not None or parsed.explains is not None or parsed.inside is not None:
        return False
    made: dict[object, list[str]] = {}
    for node in walk(parsed.root, parsed.tree):
        if node.name == CONSTANT:
            made.setdefault(node.fields.get("location", 0), []).extend(KINDS.values() & node.fields.keys())
    octets = parsed.text.encode()
    return all(made.get(start) == [KINDS[token]] for start, end, token in spans if PLAIN.fullmatch(octets, start, end))


def alike(known: Parsed, text: str) -> Parsed:
    """Give what the parser would make of a text that differs from a known one in plain constants alone."""
    return replace(known, text=text, tree=Later(text))
