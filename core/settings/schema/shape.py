"""What a setting is: its type, its section, whose process reads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, final


class Type(Enum):
    """What a value is; the words are those of the reference."""

    TEXT = "text"
    STATEMENT = "text of several lines"
    CHOICE = "one of the words"
    CHOICES = "list of the words"
    NAMES = "list of text"
    NAMES_OR_ANY = 'list of text, or "any"'
    INTEGER = "whole number"
    FLAG = "true or false"
    DURATION = 'duration: "15 min", "30 s", whole seconds'
    AGE = 'days or years: "90 d", "2 y"'
    SIZE = 'bytes: "20 GiB", whole bytes'
    PRICE = 'money: "2.50"'
    REFERENCE = '"env:NAME" or "file:PATH"'
    SCALARS = "table of text, numbers or flags"
    TEXTS = "table of text"
    COUNTS = "table of whole numbers"
    MASK = "one of the words, or a table of paths"
    TABLE = "table"


class Role(Enum):
    """Which process holds a secret."""

    GATEWAY = "gateway"
    PEOPLE = "people"
    SIGNER = "signer"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One setting."""

    name: str
    type: Type
    says: str
    default: str = ""  # in words; "required" refuses its absence
    example: str  # TOML, right of the equals sign
    words: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    least: int = 0  # of a whole number
    most: int = 2**53


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of the file: `[name]`, `[name.each]` or `[[name]]`; free ones take any key of one type."""

    header: str
    says: str
    keys: tuple[Key, ...] = ()
    free: Key | None = None

    def key(self, name: str) -> Key | None:
        """Find a key by name."""
        return next((key for key in self.keys if key.name == name), self.free)


GATEWAY_AND_PEOPLE: Final = frozenset({Role.GATEWAY, Role.PEOPLE})
ONLY_GATEWAY: Final = frozenset({Role.GATEWAY})
ONLY_PEOPLE: Final = frozenset({Role.PEOPLE})
ONLY_SIGNER: Final = frozenset({Role.SIGNER})
EVERYONE: Final = frozenset(Role)
