"""Cells as JSON has them or as PostgreSQL prints them: exact text from the server, exact text to the server."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias, final

import orjson

from core.catalog import Oid, Type
from core.connectors.postgres.connection.wire import MALFORMED, SHORT, SIZE, Deviation
from core.errors import BadCall
from core.model import Cell, Parameters, ResultColumn, Scalar

if TYPE_CHECKING:
    from core.connectors.postgres.connection.wire import Shape

Decoder: TypeAlias = Callable[[str], Cell]
Reader: TypeAlias = Callable[[bytes], Cell]  # of a cell's octets

SIZE_OCTETS: Final = SIZE.size
SAFE: Final = 2**53 - 1  # RFC 7493 section 2.2: integers beyond are rounded by IEEE 754 readers

# The text output of every type depends on these and on nothing else we let a statement set (PostgreSQL docs 20.11.2).
SETTINGS: Final[Mapping[str, str]] = {
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "xmloption": "content",
    "lc_monetary": "C",
}


def boolean(text: str) -> bool:
    """Decode what the server prints for boolean: t or f."""
    return text == "t"


def integer(text: str) -> int | str:
    """Keep digits that a JSON reader would round as text."""
    number = int(text)
    return number if -SAFE <= number <= SAFE else text


def real(text: str) -> float | str:
    """Keep Infinity and NaN, which JSON has not, as text; the shortest digits of a float read back exactly."""
    number = float(text)
    return number if math.isfinite(number) else text


FORMS: Final = 256  # shapes whose form is remembered
BOOL: Final = 16
DECODERS: Final[Mapping[int, Decoder]] = {
    BOOL: boolean,
    20: integer,  # int8
    21: int,
    23: int,
    26: int,  # oid
    700: real,  # float4
    701: real,  # float8
}
VECTORS: Final = frozenset({22, 30})  # int2vector, oidvector: category A, but printed with blanks
BOX: Final = 603  # the one built-in type whose array elements are parted by a semicolon
ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
TOKENS: Final[Mapping[str, re.Pattern[str]]] = {
    part: re.compile(rf'[{{}}{part}]|"[^"\\]*(?:\\.[^"\\]*)*"|[^{{}}{part}"]+', re.DOTALL) for part in ",;"
}


def plain(text: str) -> str:
    """Leave a text as it is."""
    return text


def decoder(type_: Type, types: Mapping[Oid, Type]) -> Decoder:
    """Choose how the printed text of a type becomes a cell."""
    base = types.get(based(type_.oid, types), type_)
    if base.category != "A" or base.oid in VECTORS or base.element is None:
        return DECODERS.get(base.oid, plain)
    element = types.get(base.element)
    delimiter = ";" if based(base.element, types) == BOX else ","
    return partial(array, decode=plain if element is None else decoder(element, types), delimiter=delimiter)


def array(text: str, *, decode: Decoder, delimiter: str) -> Cell:
    """Read what array_out prints (PostgreSQL docs 8.15.6); a lower bound other than 1 is lost."""
    if text.startswith("["):
        text = text.partition("=")[2]
    open_: list[list[Cell]] = [[]]
    for piece in TOKENS[delimiter].findall(text):
        if piece == "{":
            open_.append([])
        elif piece == "}":
            done = tuple(open_.pop())
            open_[-1].append(done)
        elif piece != delimiter:
            open_[-1].append(element(piece, decode))
    return open_[0][0]


def element(piece: str, decode: Decoder) -> Cell:
    """Read one element: NULL is null only without quotes."""
    if piece.startswith('"'):
        return decode(ESCAPED.sub(r"\1", piece[1:-1]))
    return None if piece == "NULL" else decode(piece)


def based(oid: Oid, types: Mapping[Oid, Type]) -> Oid:
    """Follow domains down to the type they are made of."""
    seen = oid
    for _ in range(len(types)):
        type_ = types.get(seen)
        if type_ is None or type_.kind != "d" or type_.base is None:
            return seen
        seen = type_.base
    return seen


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a result of one shape is read: its columns as they are shown, and what makes cells of their octets."""

    columns: tuple[ResultColumn, ...]
    readers: tuple[Reader, ...]


@final
class Forms:
    """Forms of shapes that came before, within one load of the catalogs."""

    def __init__(self) -> None:
        self._types: Mapping[Oid, Type] | None = None
        self._known: dict[Shape, Form] = {}

    def of(self, shape: Shape, types: Mapping[Oid, Type]) -> Form | None:
        """Choose how a result is read; None for a type that is not known: nobody would know how it is printed."""
        if self._types is not types or len(self._known) >= FORMS:
            self._types = types
            self._known.clear()
        found = self._known.get(shape)
        if found is None and types.keys() >= {*shape.parameters, *(oid for _, oid in shape.columns)}:
            found = self._known[shape] = Form(columns=columns(shape, types), readers=readers(shape, types))
        return found


def columns(shape: Shape, types: Mapping[Oid, Type]) -> tuple[ResultColumn, ...]:
    """Names and types of the result by position, also of a result without rows."""
    return tuple(ResultColumn(name=name, type=type_name(oid, types)) for name, oid in shape.columns)


def readers(shape: Shape, types: Mapping[Oid, Type]) -> tuple[Reader, ...]:
    """Choose how each column's octets become a cell."""
    return tuple(reader(decoder(types[oid], types)) for _, oid in shape.columns)


def reader(decode: Decoder) -> Reader:
    """Read octets as a decoder reads their text; digits need not become text before."""
    if decode in WITHOUT_TEXT:
        return WITHOUT_TEXT[decode]
    return lambda octets: decode(octets.decode())


def small(octets: bytes) -> int | str:
    """Read digits: `integer`."""
    number = int(octets)
    return number if -SAFE <= number <= SAFE else octets.decode()


WITHOUT_TEXT: Final[Mapping[Decoder, Reader]] = {plain: bytes.decode, int: int, integer: small}


def rows(bodies: Iterable[bytes], readers: tuple[Reader, ...]) -> list[tuple[Cell, ...]]:
    """Read rows one after the other: `row`."""
    return [row(body, readers) for body in bodies]


def row(body: bytes, readers: tuple[Reader, ...]) -> tuple[Cell, ...]:
    """Read a row: exact text from the server, in the form that JSON has for it.

    Raises: Deviation for octets that are no such row.
    """
    cells: list[Cell] = []
    at, add, measure = SHORT.size, cells.append, SIZE.unpack_from
    try:
        for read in readers:
            start = at + SIZE_OCTETS
            size = measure(body, at)[0]
            if size < 0:
                add(None)
                at = start
            else:
                at = start + size
                add(read(body[start:at]))
        (width,) = SHORT.unpack_from(body)
    except MALFORMED:
        raise Deviation("a row that cannot be read") from None
    if width != len(readers) or at != len(body):
        raise Deviation("a row of another width")
    return tuple(cells)


def type_name(oid: Oid, types: Mapping[Oid, Type]) -> str:
    """Name a type as format_type does under an empty path, without a modifier."""
    type_ = types.get(oid)
    return "unknown" if type_ is None else type_.label or f"{type_.schema}.{type_.name}"


def octets(rows: Sequence[tuple[Cell, ...]]) -> int:
    """Count the bytes that rows take in the answer's JSON text, a comma behind each."""
    return len(orjson.dumps(rows)) - 1 if rows else 0


# ---------------------------------------------------------------- parameters


def bound(parameters: Parameters, expected: int) -> tuple[str | None, ...]:
    """Write parameters as text; the server parses each for its parameter's type.

    Raises: BadCall when they are named or their number is not that of the statement.
    """
    if isinstance(parameters, Mapping):
        raise BadCall("named parameters", public="Send the parameters as an array: PostgreSQL numbers them $1, $2, …")
    if len(parameters) != expected:
        count = f"{expected} parameter{'' if expected == 1 else 's'}"
        raise BadCall("wrong number of parameters", public=f"The statement takes {count}; {len(parameters)} came.")
    return tuple(written(value) for value in parameters)


def written(value: Scalar) -> str | None:
    """Write one JSON scalar as a PostgreSQL literal's content.

    Raises: BadCall for NUL or a lone surrogate, which no PostgreSQL text can hold.
    """
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case str():
            if "\x00" in value or not encodable(value):
                raise BadCall("text parameter", public="A parameter holds NUL or half a surrogate pair; remove it.")
            return value
        case _:
            return repr(value)


def encodable(value: str) -> bool:
    """Whether a text is UTF-8 at all."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
