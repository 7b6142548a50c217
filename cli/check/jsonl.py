"""Lines of JSON in, each a statement or not: bounded in bytes, and one result a line whatever the text."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType
from typing import BinaryIO, Final, TypeAlias, final

from core.model import STATEMENT_BYTES, Doubt, Parameters, Unreadable

LINE_BYTES: Final = 16 * STATEMENT_BYTES  # JSON may write each byte of the longest statement as six (RFC 8259, 7)
NO_OBJECT: Final = Unreadable(
    doubt=Doubt.TEXT, sentence='The line is no JSON object {"id": …, "sql": "…"} in UTF-8 of at most 1 MiB.'
)

SCALAR: Final = (str, int, float, NoneType)

Id: TypeAlias = "str | int | float | bool | None"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement to look at, and the name under which its result is wanted."""

    id: Id
    sql: str = field(repr=False)
    parameters: Parameters = field(default=(), repr=False)


def lines(stream: BinaryIO) -> Iterator[tuple[bytes | None, int]]:
    """Yield each line without its newline, None for one that is too long, and how many bytes it took."""
    while chunk := stream.readline(LINE_BYTES + 1):
        size = len(chunk)
        if chunk.endswith(b"\n") or size <= LINE_BYTES:
            yield chunk.removesuffix(b"\n"), size
            continue
        while not chunk.endswith(b"\n") and (chunk := stream.readline(LINE_BYTES)):
            size += len(chunk)
        yield None, size


def line(raw: bytes | None) -> Line | Unreadable:
    """Read one line strictly: a key that stands twice could be read as another statement by somebody else."""
    if raw is None:
        return NO_OBJECT
    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, nested too deeply, a number of too many digits
        return NO_OBJECT
    if not isinstance(found, dict):
        return NO_OBJECT
    name, sql, parameters = found.get("id"), found.get("sql"), _parameters(found.get("parameters", []))
    if not isinstance(sql, str) or parameters is None or not isinstance(name, str | int | float | None):
        return NO_OBJECT
    if isinstance(name, float) and not math.isfinite(name):  # 1e999
        return NO_OBJECT
    return Line(id=name, sql=sql, parameters=parameters)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


def _refuse(text: str) -> object:
    raise ValueError(f"{text} is no JSON number")


def _parameters(given: object) -> Parameters | None:
    if isinstance(given, list):
        values = tuple(value for value in given if isinstance(value, SCALAR))
        return values if len(values) == len(given) else None
    if isinstance(given, Mapping):
        named = {str(name): value for name, value in given.items() if isinstance(value, SCALAR)}
        return named if len(named) == len(given) else None
    return None
