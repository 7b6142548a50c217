"""libpg_query: the package's library without the package, whose classes for trees nobody here asks for take 15 MiB."""

from __future__ import annotations

import ctypes
import re
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

PACKAGE: Final = "postgast"
BINDINGS: Final = "native.py"  # loads the library, and declares its functions and what they return; ctypes alone

# Numbers of the scanner's tokens, and of their fields in its answer (libpg_query, protobuf/pg_query.proto).
IDENT: Final = 258
VALUES: Final = frozenset({260, 261, 262, 263, 264, 266, 267})  # FCONST SCONST USCONST BCONST XCONST ICONST PARAM
COMMENTS: Final = frozenset({275, 276})  # SQL_COMMENT C_COMMENT
# The answer is a protobuf message: the library's version, then one message for each token; what is zero is left out
# (protobuf.dev/programming-guides/encoding).
VARINT: Final = rb"[\x80-\xff]{0,4}[\x00-\x7f]"
HEAD: Final = re.compile(rb"(?:\x08" + VARINT + rb")?", re.DOTALL)
TOKEN: Final = re.compile(  # length; start, end, token, keyword's kind
    rb"\x12([\x00-\x7f])(?:\x08(%b))?(?:\x10(%b))?(?:\x20(%b))?(?:\x28(%b))?" % ((VARINT,) * 4), re.DOTALL
)
FRAME: Final = 2  # bytes before a token's own message: its tag and its length
BITS: Final = 7  # of a number that each byte holds, the least first


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


class Lexeme(NamedTuple):
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
    return lexemes(scanned(text))


def scanned(text: bytes) -> bytes:
    """Give the scanner's answer to a text, which has no NUL: `lexemes` reads it.

    Raises: NoLexemes.
    """
    found = LIBRARY.pg_query_scan(text)
    try:
        if found.error:
            raise NoLexemes
        return ctypes.string_at(found.pbuf.data, found.pbuf.len)
    finally:
        LIBRARY.pg_query_free_scan_result(found)


def lexemes(answer: bytes) -> list[Lexeme]:
    """Read the scanner's answer.

    Raises: NoLexemes for anything but tokens.
    """
    head = HEAD.match(answer)
    found, at = [], head.end() if head is not None else 0
    while at < len(answer):
        token = TOKEN.match(answer, at)
        if token is None or token.end() - at - FRAME != token[1][0]:
            raise NoLexemes
        found.append(Lexeme(*map(number, token.groups(b"\0")[1:])))
        at = token.end()
    return found


def number(octets: bytes) -> int:
    """Read a number."""
    value = octets[-1]
    for octet in octets[-2::-1]:
        value = value << BITS | (octet & 0x7F)
    return value
