"""libpg_query: the package's library without the package, whose classes for trees nobody here asks for take 15 MiB."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final, final

PACKAGE: Final = "postgast"
BINDINGS: Final = "native.py"  # loads the library, and declares its functions and what they return; ctypes alone

# Numbers of the scanner's tokens, and of their fields in its answer (libpg_query, protobuf/pg_query.proto).
IDENT: Final = 258
VALUES: Final = frozenset({260, 261, 262, 263, 264, 266, 267})  # FCONST SCONST USCONST BCONST XCONST ICONST PARAM
COMMENTS: Final = frozenset({275, 276})  # SQL_COMMENT C_COMMENT
TOKENS: Final = 2
START, END, TOKEN, KEYWORD = 1, 2, 4, 5
VARINT, BYTES = 0, 2  # wire types (protobuf.dev/programming-guides/encoding)
TAG_BITS: Final = 3
MORE: Final = 0x80  # another byte follows


def bindings() -> ModuleType:
    """Run the package's bindings by themselves.

    Raises: ImportError.
    """
    package = find_spec(PACKAGE)  # finds, does not import
    places = [] if package is None else package.submodule_search_locations or []
    for place in places:
        spec = spec_from_file_location(f"{__name__}.{PACKAGE}", Path(place) / BINDINGS)
        if spec is not None and spec.loader is not None:
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise ImportError(f"{PACKAGE} is not installed")


LIBRARY: Final = bindings().lib


@final
@dataclass(frozen=True, slots=True)
class Lexeme:
    """One token of a text: where it stands, in bytes, and what it is."""

    start: int
    end: int
    token: int
    keyword: int  # 0: none


class NoLexemes(ValueError):
    """The text cannot be cut into tokens, or the answer is none."""


def scan(text: bytes) -> list[Lexeme]:
    """Cut a text, which has no NUL, into its tokens.

    Raises: NoLexemes.
    """
    found = LIBRARY.pg_query_scan(text)
    try:
        if found.error:
            raise NoLexemes
        answer = ctypes.string_at(found.pbuf.data, found.pbuf.len)
    finally:
        LIBRARY.pg_query_free_scan_result(found)
    return [lexeme(value) for field, value in members(answer) if field == TOKENS and isinstance(value, bytes)]


def lexeme(message: bytes) -> Lexeme:
    """Read one token; a member that is zero is not written.

    Raises: NoLexemes.
    """
    found = dict(members(message))
    start, end, token, keyword = (found.get(field, 0) for field in (START, END, TOKEN, KEYWORD))
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(token, int) and isinstance(keyword, int)):
        raise NoLexemes
    return Lexeme(start, end, token, keyword)


def members(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the members of a protobuf message that holds numbers and messages only.

    Raises: NoLexemes.
    """
    at, size = 0, len(message)
    while at < size:
        tag, at = varint(message, at)
        value, at = varint(message, at)
        field, kind = tag >> TAG_BITS, tag & 7
        if kind == VARINT:
            yield field, value
        elif kind == BYTES and at + value <= size:
            yield field, message[at : at + value]
            at += value
        else:
            raise NoLexemes


def varint(message: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, the least first; give the offset behind it.

    Raises: NoLexemes.
    """
    value = shift = 0
    for place in range(at, len(message)):
        octet = message[place]
        value |= (octet & ~MORE) << shift
        if octet < MORE:
            return value, place + 1
        shift += 7
    raise NoLexemes
