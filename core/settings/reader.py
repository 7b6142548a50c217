"""One table of the file, read against the schema: unknown keys, wrong types and missing values become findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final, final

from core.masking import documents
from core.model import STATEMENT_BYTES, Scalar
from core.settings import file, findings, units
from core.settings.findings import Findings, Place
from core.settings.schema import Key, Role, Section, Type
from core.settings.secret import Secret
from core.settings.units import Unfit

ANY: Final = "any"
SHOWN: Final = 400  # characters of a text value; nothing here is longer


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What reading needs besides the file: where it stands, the environment, and which secrets this process holds."""

    folder: Path
    environ: Mapping[str, str]
    roles: frozenset[Role]
    findings: Findings

    def table(self, section: Section, raw: object, path: Place) -> Table:
        """Read one table; every key of it is looked at."""
        if not isinstance(raw, dict):
            self.findings.error(path, "must be a table")
            return Table(path=path, values={})
        values: dict[str, object] = {}
        for name, value in raw.items():
            key = section.key(name)
            if key is None:
                known = (one.name for one in section.keys)
                self.findings.error((*path, name), f"unknown setting{findings.nearest(name, known)}")
                continue
            self._take(values, key, name, value, path)
        for key in section.keys:
            if key.default == "required" and key.name not in raw:
                self.findings.error(path, f"{key.name} is missing, such as {key.example}: {key.says}")
        return Table(path=path, values=values)

    def secret(self, reference: object, roles: frozenset[Role]) -> Secret:
        """Resolve a reference, when one of this process's roles holds it.

        Raises: Unfit with a sentence that never holds the value.
        """
        if not isinstance(reference, str) or not reference.startswith(("env:", "file:")):
            raise Unfit('secrets are written "env:NAME" or "file:PATH", never as they are')
        if not roles & self.roles:
            return Secret(reference, None)
        where = reference.partition(":")[2]
        value = self._variable(where) if reference.startswith("env:") else self._file(where)
        if not value:
            raise Unfit(f"{reference} is empty")
        return Secret(reference, value)

    def _take(self, values: dict[str, object], key: Key, name: str, value: object, path: Place) -> None:
        try:
            values[name] = (
                self.secret(value, key.roles) if key.type is Type.REFERENCE else PARSERS[key.type](key, value)
            )
        except ValueError as error:
            self.findings.error((*path, name), str(error))

    def _variable(self, name: str) -> bytes:
        value = self.environ.get(name)
        if value is None:
            raise Unfit(f"the environment has no {name}")
        return value.encode(errors="surrogateescape")

    def _file(self, name: str) -> bytes:
        try:
            return file.secret(self.folder / name)
        except OSError as error:
            raise Unfit(f"file:{name} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise Unfit(f"file:{name}: {error}") from error


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Values that passed; what did not is absent and already a finding."""

    path: Place
    values: Mapping[str, object]

    def has(self, name: str) -> bool:
        """Tell whether a good value stands."""
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """Return a text or word."""
        value = self.values.get(name)
        return value if isinstance(value, str) else default

    def names(self, name: str) -> frozenset[str] | None:
        """Return a list of text, None when it does not stand."""
        value = self.values.get(name)
        return frozenset(map(str, value)) if isinstance(value, tuple) else None

    def number(self, name: str) -> int | None:
        """Return a whole number or bytes."""
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def money(self, name: str) -> Decimal | None:
        """Return an amount."""
        value = self.values.get(name)
        return value if isinstance(value, Decimal) else None

    def span(self, name: str) -> timedelta | None:
        """Return a duration."""
        value = self.values.get(name)
        return value if isinstance(value, timedelta) else None

    def flag(self, name: str) -> bool:
        """Return a flag; absent is false."""
        return self.values.get(name) is True

    def secret(self, name: str) -> Secret | None:
        """Return a secret."""
        value = self.values.get(name)
        return value if isinstance(value, Secret) else None

    def texts(self, name: str) -> Mapping[str, str]:
        """Return a table of text."""
        value = self.values.get(name)
        return {str(key): str(item) for key, item in value.items()} if isinstance(value, Mapping) else {}

    def counts(self, name: str) -> Mapping[str, int]:
        """Return a table of whole numbers."""
        value = self.values.get(name)
        return (
            {str(key): item for key, item in value.items() if isinstance(item, int)}
            if isinstance(value, Mapping)
            else {}
        )

    def scalars(self, name: str) -> Mapping[str, Scalar]:
        """Return a table of scalars."""
        value = self.values.get(name)
        if not isinstance(value, Mapping):
            return {}
        return {str(key): item for key, item in value.items() if isinstance(item, str | int | float | bool)}


def _text(key: Key, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > SHOWN or not value.isprintable():
        raise Unfit(f"must be a line of text of at most {SHOWN} characters")
    if key.words and value not in key.words:
        raise Unfit(f'"{value}" is none of {", ".join(key.words)}{findings.nearest(value, key.words)}')
    return value


def _statement(_key: Key, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > STATEMENT_BYTES:
        raise Unfit(f"must be a text of at most {STATEMENT_BYTES} characters")
    return value


def _mask(key: Key, value: object) -> str:
    """Read a kind of mask; the paths of a `json` mask become part of its written kind."""
    if not isinstance(value, dict):
        return _text(key, value)
    match value:
        case {"json": list(paths), **rest} if not rest:
            hides = True
        case {"json_keep": list(paths), **rest} if not rest:
            hides = False
        case _:
            raise Unfit('must be { json = ["a.phone"] } or { json_keep = ["plan"] }')
    if not all(isinstance(path, str) for path in paths):
        raise Unfit("paths are text: a.phone")
    return documents.kind(paths, hides=hides)


def _names(key: Key, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Unfit(f"must be a list: {key.example}")
    return tuple(dict.fromkeys(_text(key, item) for item in value))


def _names_or_any(key: Key, value: object) -> object:
    return ANY if value == ANY else _names(key, value)


def _integer(key: Key, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not key.least <= value <= key.most:
        raise Unfit(f"must be a whole number from {key.least} to {key.most}")
    return value


def _flag(key: Key, value: object) -> bool:
    if not isinstance(value, bool):
        raise Unfit(f"must be true or false: {key.name} = {key.example}")
    return value


def _size(key: Key, value: object) -> int:
    octets = units.size(value)
    if not key.least <= octets <= key.most:
        raise Unfit(f"must be from {key.least} to {key.most} bytes")
    return octets


def _scalars(key: Key, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict) or not all(isinstance(item, str | int | float | bool) for item in value.values()):
        raise Unfit(f"must be a table: {key.example}")
    return MappingProxyType(dict(value))


def _texts(key: Key, value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise Unfit(f"must be a table: {key.example}")
    return MappingProxyType({name: _text(key, item) for name, item in value.items()})


def _counts(key: Key, value: object) -> Mapping[str, int]:
    if not isinstance(value, dict) or not value:
        raise Unfit(f"must be a table: {key.example}")
    return MappingProxyType({name: _integer(key, item) for name, item in value.items()})


def _table(key: Key, value: object) -> object:
    if not isinstance(value, dict):
        raise Unfit(f"must be a table: {key.example}")
    return value


PARSERS: Final[Mapping[Type, Callable[[Key, object], object]]] = MappingProxyType(
    {
        Type.TEXT: _text,
        Type.STATEMENT: _statement,
        Type.CHOICE: _text,
        Type.CHOICES: _names,
        Type.NAMES: _names,
        Type.NAMES_OR_ANY: _names_or_any,
        Type.INTEGER: _integer,
        Type.FLAG: _flag,
        Type.DURATION: lambda _key, value: units.duration(value),
        Type.AGE: lambda _key, value: units.age(value),
        Type.SIZE: _size,
        Type.PRICE: lambda _key, value: units.price(value),
        Type.SCALARS: _scalars,
        Type.TEXTS: _texts,
        Type.COUNTS: _counts,
        Type.MASK: _mask,
        Type.TABLE: _table,
    }
)
