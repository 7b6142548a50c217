"""Texts that differ in plain constants alone: what the parser makes of one it makes of each, but for those constants.

The grammar goes by kinds of tokens (gram.y, LALR(1)): texts with tokens of the same kinds in the same places, and the
same octets between them, take the same way through it. What a constant's octets say is looked at by the one action that
takes its token, and that is shown to make a constant of the tree and nothing else (`opened`). So three agree on what is
left open: the scanner, asked about each text anew; the narrow pattern of a plain constant; the tree of the text parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias, final

from core.classify.postgres.kept import Kept
from core.classify.postgres.nouns import Access, Doubted, Fields, Node, Parsed
from core.classify.postgres.text.library import NoLexemes, lexemes, scanned
from core.classify.postgres.text.parse import encode, parse, select
from core.classify.postgres.text.scope import offset
from core.classify.postgres.text.shape import CONSTANT, walk
from core.model import Doubt, Unreadable

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


class Cut(NamedTuple):
    """A text without the octets of its plain constants, and these in the text's order."""

    answer: bytes  # the scanner's: each token's place and kind
    rest: bytes
    constants: tuple[bytes, ...]


@final
class Skeletons:
    """Texts without the octets of their plain constants."""

    def __init__(self) -> None:
        self._known: Final = Kept[tuple[Span, ...]](MEMORY)

    def of(self, text: str) -> Cut | None:
        """Part a text; None where it has no plain constant, is too long or is none that the scanner can read."""
        try:
            octets = encode(text)
            if len(octets) > LONGEST:
                return None
            answer = scanned(octets)
            return cut(octets, answer, self.spans(answer))
        except (Doubted, NoLexemes):
            return None

    def spans(self, answer: bytes) -> tuple[Span, ...]:
        """Give the places where a constant may stand that has no sign before it.

        Raises: NoLexemes for what is no answer, or has tokens that overlap.
        """
        known = self._known.get(answer)
        if known is None:
            known = tuple(constants(answer))
            self._known.keep(answer, known, PLACE * len(answer))
        return known


def cut(octets: bytes, answer: bytes, spans: tuple[Span, ...]) -> Cut | None:
    """Part a text at its plain constants; None where it has none."""
    at, pieces, found = 0, [], []
    for start, end, _ in spans:
        if PLAIN.fullmatch(octets, start, end):
            pieces.append(octets[at:start])
            found.append(octets[start:end])
            at = end
    pieces.append(octets[at:])
    return Cut(answer, OPEN.join(pieces), tuple(found)) if found else None


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


def opened(parsed: Parsed, spans: tuple[Span, ...]) -> tuple[int, ...] | None:
    """Number a read's plain constants as they follow in its tree; None unless each is one of it and nothing else.

    A token goes into one action of the grammar. One that asks what a number says makes no constant: `float(24)` is
    another type than `float(25)`, `int[3]` holds a bare number.
    """
    plain = parsed.root == "SelectStmt" and parsed.access is Access.READ
    if not plain or parsed.looked is not None or parsed.explains is not None or parsed.inside is not None:
        return None
    octets = parsed.text.encode()
    open_ = [(start, KINDS[token]) for start, end, token in spans if PLAIN.fullmatch(octets, start, end)]
    places = {start: place for place, (start, _) in enumerate(open_)}
    nodes = [node.fields for node in walk(parsed.root, parsed.tree) if node.name == CONSTANT]
    made = [(offset(fields), kind) for fields in nodes for kind in KINDS.values() if kind in fields]
    made = [one for one in made if one[0] in places]
    return tuple(places[at] for at, _ in made) if sorted(made) == open_ else None


def alike(known: Parsed, text: str, constants: tuple[bytes, ...]) -> Parsed:
    """Give what the parser would make of a text that differs from a known one in plain constants alone."""
    return replace(known, text=text, tree=Later(text), constants=constants)


# ---------------------------------------------------------------- texts in which relations were replaced


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Mold:
    """A text in which relations were replaced, without its constants."""

    answer: bytes  # the scanner's
    pieces: tuple[bytes, ...]

    def filled(self, constants: tuple[bytes, ...]) -> str | None:
        """Give the text with other constants; None where the scanner finds other tokens in it."""
        found = [octets for pair in zip(self.pieces, constants, strict=False) for octets in pair]
        text = b"".join([*found, self.pieces[-1]])
        try:
            same = len(self.pieces) == len(constants) + 1 and scanned(text) == self.answer
        except NoLexemes:
            return None
        return text.decode() if same else None


def molded(parsed: Parsed, text: str) -> Mold | None:
    """Give the form of a text that stands for another one, which was proven: its relations were replaced, nothing else.

    None unless it has the same plain constants, in the same order of the text and of the tree: then it stands for each
    like of the other one as well, with that one's constants.
    """
    before, now = Skeletons().of(parsed.text), Skeletons().of(text)
    again = parse(text, (None,) * parsed.parameters)
    if before is None or now is None or isinstance(again, Unreadable):
        return None
    orders = [opened(one, tuple(constants(part.answer))) for one, part in ((parsed, before), (again, now))]
    if orders[0] is None or orders[0] != orders[1] or not before.constants == now.constants == parsed.constants:
        return None
    return Mold(answer=now.answer, pieces=tuple(now.rest.split(OPEN)))
