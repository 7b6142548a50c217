"""Nouns as JSON bytes for encrypted payloads, and back; what was packed is equal to what is unpacked."""

from __future__ import annotations

from typing import Final

import orjson
from pydantic import TypeAdapter

from core.model import Cell, Cut, Facts, Masked, MaskedColumn, Question

_QUESTION: Final = TypeAdapter(Question)
_FACTS: Final = TypeAdapter(Facts)


def pack_question(question: Question) -> bytes:
    """Encode a Question."""
    return _QUESTION.dump_json(question)


def unpack_question(content: bytes) -> Question:
    """Decode what `pack_question` made."""
    return _QUESTION.validate_json(content)


def pack_facts(facts: Facts) -> bytes:
    """Encode Facts."""
    return _FACTS.dump_json(facts)


def unpack_facts(content: bytes) -> Facts:
    """Decode what `pack_facts` made."""
    return _FACTS.validate_json(content)


def pack_result(masked: Masked) -> bytes:
    """Encode a result as it is delivered: a line that counts, then a line for each row.

    A store that cannot keep all of it keeps the first lines.
    """
    head = {
        "columns": [(column.name, column.type, column.mask) for column in masked.columns],
        "rows": len(masked.rows),
        "cut": masked.cut,
        "affected": masked.affected,
        "hidden": masked.hidden,
        "notes": masked.notes,
    }
    dump, ended = orjson.dumps, orjson.OPT_APPEND_NEWLINE
    return b"".join([dump(line, None, ended) for line in (head, *masked.rows)])


def unpack_result(content: bytes) -> Masked:
    """Reopen a result that masking made, as far as it was kept; nothing else may be given here."""
    first, *lines = content.split(b"\n")[:-1]
    said = orjson.loads(first)
    notes = tuple(said["notes"])
    if len(lines) < said["rows"]:
        notes = (*notes, f"Only the first {len(lines)} of {said['rows']} rows were kept.")
    return Masked(
        columns=tuple(MaskedColumn(name=name, type=kind, mask=mask) for name, kind, mask in said["columns"]),
        rows=tuple(tuple(_cell(cell) for cell in orjson.loads(line)) for line in lines),
        cut=Cut(said["cut"]) if said["cut"] else None,
        affected=said["affected"],
        hidden=said["hidden"],
        notes=notes,
    )


def _cell(value: object) -> Cell:
    """Arrays were tuples; JSON has no other container here."""
    match value:
        case list():
            return tuple(_cell(one) for one in value)
        case None | bool() | int() | float() | str():
            return value
        case _:
            raise TypeError(f"no cell is a {type(value).__name__}")
