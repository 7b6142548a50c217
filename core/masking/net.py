"""Rows -> Masked: which result column carries which mask, and the second net over free text."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, final

from core.errors import GatewayError
from core.masking.detectors import EFFORT, REGIONS, Search, found, original, owner, plain
from core.masking.masks import FREE_TEXT, HIDDEN
from core.model import Cell, Column, Masked, MaskedColumn, Reading, Rows, Source, Verb

JSON_TYPES: Final = frozenset({"json", "jsonb", "JSON"})
# RFC 8259 7, also one that never ends; possessive, so that nothing is tried twice.
STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
LOOKED: Final = EFFORT // 10  # what a result is searched for findings: a look, no protection
LITERAL: Final = 10  # effort of taking one out and putting it back
BESIDE: Final = re.compile(r"[^\s0-9\[\]{},:.+eEtrufalsn-]")  # what never stands beside the strings of JSON
KEY: Final = re.compile(r"[ \t\r\n]*+:")
CONTEXT: Final = 40  # characters of a key that may say what its value is


Notice: TypeAlias = Callable[[str, str, str, int], None]  # source, column, detector, cells that hold what it knows


@final
class Masking:
    """The line's Masker; `notice` is told what detectors see in untagged text, where a Source opted in."""

    def __init__(self, sources: Mapping[str, Source] | None = None, notice: Notice | None = None) -> None:
        self._sources = sources or {}
        self._notice = notice

    def finish(self, rows: Rows, reading: Reading, source: str) -> Masked:
        """Label what was masked at the source and run the second net for free text."""
        configured = self._sources.get(source)
        if configured is None:
            return finish(rows, reading)
        masked = finish(rows, reading, configured.phone_regions)
        if configured.findings and self._notice is not None:
            for (column, detector), cells in seen(rows, reading, configured.phone_regions).items():
                self._notice(source, f"{column.relation}.{column.name}", detector, cells)
        return masked


def seen(rows: Rows, reading: Reading, regions: tuple[str, ...] = REGIONS) -> Mapping[tuple[Column, str], int]:
    """Count cells by stored column and detector where a result column is one untagged column; rows stay."""
    tagged = {mask.column for mask in reading.masks} | free_text(reading)
    search, counts = Search(regions=regions, left=LOOKED), Counter[tuple[Column, str]]()
    if len(reading.outputs) != len(rows.columns):
        return counts
    for at, origin in enumerate(reading.outputs):
        if len(origin) == 1 and not origin & tagged:
            (column,) = origin
            texts = (row[at] for row in rows.rows)
            counts.update((column, name) for text in texts if isinstance(text, str) for name in _named(text, search))
    return counts


def _named(text: str, search: Search) -> set[str]:
    """Name the detectors that know something in a text; none of a text that there is no effort left for."""
    hits = () if search.spent() else found(plain(text[:LOOKED]), search)
    return set() if search.spent() else {owner(hit).name for hit in hits}


def finish(rows: Rows, reading: Reading, regions: tuple[str, ...] = REGIONS) -> Masked:
    """Make the only rows a door can render.

    Detectors look at result columns that derive from free text (`free_text`). A count of touched rows is withheld
    where the statement used a protected column: it would answer a question about raw values.

    Raises: GatewayError for rows whose reading no source confirmed.
    """
    if rows.columns and not reading.witnessed:
        raise GatewayError("rows of a reading that was not witnessed")
    searched = free_text(reading)
    known = len(reading.outputs) == len(rows.columns)
    origins = reading.outputs if known else (reading.columns,) * len(rows.columns)
    kinds = {mask.column: mask.kind for mask in reading.masks}
    looked = [bool(origin & searched) for origin in origins]
    labels = [_label(origin, kinds, free=free) for origin, free in zip(origins, looked, strict=True)]
    net = _Net(Search(regions=regions))
    shown = rows.rows
    if any(looked):
        shapes = [(free, column.type in JSON_TYPES) for free, column in zip(looked, rows.columns, strict=True)]
        shown = tuple(tuple(net.cell(cell, *shape) for cell, shape in zip(row, shapes, strict=True)) for row in shown)
    return Masked(
        columns=tuple(
            MaskedColumn(name=column.name, type=column.type, mask=label)
            for column, label in zip(rows.columns, labels, strict=True)
        ),
        rows=shown,
        cut=rows.cut,
        affected=None if rows.work is None or opaque(reading) else rows.work.affected,
        hidden=net.hidden,
        notes=(*reading.notes, *net.notes()),
    )


def opaque(reading: Reading) -> bool:
    """Whether a number of rows may follow a protected value: one was used, or code ran that may have used one."""
    return reading.protected or Verb.RUN in reading.verbs


def free_text(reading: Reading) -> frozenset[Column]:
    """Columns that detectors look at: those the Reading names, else every unmasked one of a table with such a tag.

    A used tag that no mask in the Reading carries was not masked at the source, so it is free text; without a mask
    of kind `free_text` the Reading does not say which column it is.
    """
    raw = {mask.column for mask in reading.unmasked}  # shown as they are, on purpose
    named = {mask.column for mask in reading.masks if mask.kind == FREE_TEXT}
    masked = {mask.column for mask in reading.masks if mask.kind != FREE_TEXT}
    carried = {(mask.column.relation, mask.tag) for mask in reading.masks | reading.unmasked}
    unclear = {name for name, tags in reading.tags.items() for tag in tags if (name, tag) not in carried}
    unclear = set() if reading.writes else unclear  # nothing of a write is masked at the source; its free text is named
    return frozenset(named | {column for column in reading.columns - masked - raw if column.relation in unclear})


def _label(origin: frozenset[Column], kinds: dict[Column, str], *, free: bool) -> str | None:
    """Name the masks of the stored columns that a result column derives from."""
    names = {kinds[column] for column in origin if column in kinds} | ({FREE_TEXT} if free else set())
    return ", ".join(sorted(names)) or None


@dataclass(slots=True)
class _Net:
    """One pass of the detectors over a result."""

    search: Search
    hidden: int = 0
    seen: set[str] = field(default_factory=set)

    def cell(self, cell: Cell, free: bool, is_json: bool) -> Cell:  # noqa: FBT001 - a column's two marks
        """Mask what the detectors find in one cell; beyond the budget the whole cell."""
        if not free:
            return cell
        after = self._value(cell, is_json=is_json)
        self.hidden += after != cell
        return after

    def _value(self, cell: Cell, *, is_json: bool) -> Cell:
        match cell:
            case str() if is_json:
                return self._json(cell)
            case str():
                return self._words(cell)
            case tuple():
                return tuple(self._value(item, is_json=is_json) for item in cell)
            case _:
                return cell

    def _words(self, text: str, context: str = "") -> str:
        """Look at a text; where it is written as JSON with escapes, within its strings as well."""
        return self._text(self._json(text) if escaped(text) else text, context)

    def _text(self, text: str, context: str = "") -> str:
        if self.search.spent():
            return HIDDEN
        normal = context + plain(text)
        hits = found(normal, self.search)
        if self.search.spent():
            return HIDDEN
        spans = [(max(0, hit.start - len(context)), hit.end - len(context)) for hit in hits if hit.end > len(context)]
        self.seen.update(hit.kind for hit in hits if hit.end > len(context))
        return _cut(text, original(text, spans)) if spans else text

    def _json(self, text: str) -> str:
        """Look into each string of a JSON text, escapes undone and the key before it read; all else stays as it is."""
        if BESIDE.search(STRING.sub("", text)):
            return self._text(text)
        pieces: list[str] = []
        at, key = 0, ""
        for literal in STRING.finditer(text):
            if not self.search.spend(LITERAL):
                return HIDDEN
            try:
                before = str(json.loads(literal[0], strict=False))
            except ValueError:
                before = literal[0]
            is_key = KEY.match(text, literal.end()) is not None
            after = self._words(before, "" if is_key else key)
            pieces += [text[at : literal.start()], literal[0] if after == before else json.dumps(after)]
            at, key = literal.end(), f"{plain(before)[:CONTEXT]}: " if is_key else key
        return "".join([*pieces, text[at:]])

    def notes(self) -> tuple[str, ...]:
        """What the Answer says of the net."""
        said = []
        if self.seen:
            said.append(f"Free text held what looks like {', '.join(sorted(self.seen))}; it is shown as {HIDDEN}.")
        if self.search.spent():
            said.append("Free text beyond what one answer may be searched for is hidden; ask for fewer rows.")
        return tuple(said)


def escaped(text: str) -> bool:
    """Whether a text is written as JSON with escapes, which would hide from the detectors what it says."""
    return "\\" in text and text.lstrip()[:1] in {"{", "[", '"'}


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    """Replace spans, which may overlap, by the hidden mark."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start >= at:
            pieces += [text[at:start], HIDDEN]
        at = max(at, end)
    return "".join([*pieces, text[at:]])
