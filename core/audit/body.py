"""A body read back as strictly as it is hashed: one meaning for its bytes, in the form of its kind. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias, final

import orjson

from core.audit.entry import CAP, FORMS, Form, Malformed
from core.model import Json

Body: TypeAlias = Mapping[str, Json]

# In bytes without blanks each fraction looks so; within a text it may, and is then read slowly for nothing. Bytes
# without their digits show in a third of the time that none does.
FRACTION: Final = re.compile(rb"[:,\[]-?[0-9]+[.eE]")
AFTER: Final = bytes.maketrans(b",[E", b"::e")
DIGITS: Final = b"-0123456789"
SEALED: Final = frozenset({"v", "kind", "ts", "log", "boot", "unit"})  # stands in every body


@final
@dataclass(frozen=True, slots=True)
class _Shape:
    """A Form as the bytes show it; in `slots` with their types, since True is 1 to a set."""

    scope: str | None
    keys: frozenset[str]
    slots: frozenset[tuple[object, Json, object, Json]]  # of attempt, attempt, of slot, slot
    words: tuple[tuple[str, frozenset[str]], ...]


def _shape(form: Form) -> _Shape:
    free = {(type(None), None, type(None), None)} if None in form.slots else set()
    taken = {(int, attempt, int, int(slot)) for slot in form.slots if slot is not None for attempt in form.attempts}
    return _Shape(
        scope=form.scope,
        keys=form.keys | SEALED | ({form.scope} if form.scope else set()),
        slots=frozenset(free | taken),
        words=tuple(form.words.items()),
    )


SHAPES: Final[Mapping[str, _Shape]] = MappingProxyType({kind.value: _shape(form) for kind, form in FORMS.items()})


def parse(raw: bytes) -> Body:
    """Read a body; no key stands twice and no number is a fraction, else two readers would see two stories.

    Raises: ValueError.
    """
    if len(raw) > CAP:
        raise ValueError("too long")
    body = orjson.loads(raw)
    # Bytes that come out as they went in hold no key twice. Anything else is read once more, slowly.
    if not isinstance(body, dict) or _written(body) != raw or _fraction(raw):
        body = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_refuse,
            parse_int=_int,
            parse_constant=_refuse,
        )
    if not isinstance(body, dict):
        raise ValueError("not an object")  # noqa: TRY004  # of the input, not of a caller
    return body


def _written(body: dict[str, Json]) -> bytes:
    """Write it as it came, or nothing where a number needs more than 53 bits: `orjson` reads some beyond 64 as well."""
    try:
        return orjson.dumps(body, option=orjson.OPT_STRICT_INTEGER)
    except orjson.JSONEncodeError:
        return b""


def _fraction(raw: bytes) -> bool:
    bare = raw.translate(AFTER, DIGITS)
    return (b":." in bare or b":e" in bare) and FRACTION.search(raw) is not None


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


def _refuse(text: str) -> Json:
    raise ValueError(f"{text} is no number of ours")


def _int(text: str) -> Json:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError("a number beyond 64 bits")
    return number


def conform(body: Body) -> str | None:
    """Check that a body is in its kind's form; return its scope.

    Raises: Malformed.
    """
    kind = body.get("kind")
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise Malformed("no kind of ours")
    if not shape.keys <= body.keys():
        raise Malformed(f"{kind}: keys {sorted(shape.keys - body.keys())}")
    for key, words in shape.words:
        said = body[key]
        if not isinstance(said, str) or said not in words:
            raise Malformed(f"{kind}: {key}")
    attempt, slot = body.get("attempt"), body.get("slot")
    if (type(attempt), attempt, type(slot), slot) not in shape.slots:
        raise Malformed(f"{kind}: attempt and slot")
    if body["v"] != 1 or type(body["ts"]) is not int or type(body["unit"]) is not str:
        raise Malformed(f"{kind}: version, time or unit")
    scope = body[shape.scope] if shape.scope is not None else None
    if shape.scope is not None and (not isinstance(scope, str) or not scope):
        raise Malformed(f"{kind}: scope")
    return scope if isinstance(scope, str) else None


def number_of(body: Body) -> int:
    """Return an Entry's attempt."""
    attempt = body.get("attempt")
    return attempt if isinstance(attempt, int) else 0


def stamp(body: Body) -> int:
    """Return an Entry's time, ms."""
    at = body.get("ts")
    return at if isinstance(at, int) else 0


def part(body: Body, key: str) -> Body:
    """Return an object within a body, empty when it is none."""
    value = body.get(key)
    return value if isinstance(value, dict) else value if isinstance(value, Mapping) else {}


def objects(body: Body, key: str) -> tuple[Body, ...]:
    """Return the objects of a list within a body, none when it is no list."""
    value = body.get(key)
    return tuple([one for one in value if isinstance(one, dict | Mapping)]) if isinstance(value, list) else ()
