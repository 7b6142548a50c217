"""The `json` mask: a kind of mask with its paths, `json without ["a.phone"]` or `json only ["plan"]`, and its SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from core.masking import names

HIDES: Final = "json without "
KEEPS: Final = "json only "
PATHS: Final = 32
STEPS: Final = 8

Path: TypeAlias = tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Paths:
    """Which parts of a document are taken out, or which alone stay."""

    hides: bool
    paths: tuple[Path, ...]


def kind(paths: Sequence[str], *, hides: bool) -> str:
    """Write a kind of mask with its paths; keys with a dot stand in double quotes.

    Raises: ValueError for what is no path.
    """
    written = (HIDES if hides else KEEPS) + json.dumps(sorted(set(paths)), ensure_ascii=False)
    read(written)
    return written


def read(written: str) -> Paths | None:
    """Read a kind of mask; None: another kind.

    Raises: ValueError for what is no path.
    """
    hides = written.startswith(HIDES)
    if not hides and not written.startswith(KEEPS):
        return None
    listed = json.loads(written.removeprefix(HIDES if hides else KEEPS))
    found = [names.parts(one) for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    paths = tuple(path for path in found if path is not None and len(path) <= STEPS)
    if not paths or len(paths) > PATHS or len(paths) != len(listed) or any("\0" in key for p in paths for key in p):
        raise ValueError(f"paths of keys are written a.b; at most {PATHS} of at most {STEPS} keys")
    if any(one != other and other[: len(one)] == one for one in paths for other in paths):
        raise ValueError("a path within another says nothing more")
    return Paths(hides, paths)


def expression(column: str, paths: Paths) -> str:
    """Write the mask of a jsonb column: total, whatever the document's shape."""
    value = f"{column}::pg_catalog.jsonb"
    return _without(value, paths.paths) if paths.hides else _only(value, paths.paths)


def _without(value: str, paths: tuple[Path, ...]) -> str:
    """Take paths out; where a step above the last is no object, `#-` could raise, so the whole document is hidden."""
    above = dict.fromkeys(path[:depth] for path in paths for depth in range(1, len(path)))
    tests = [f"pg_catalog.jsonb_typeof({value}) OPERATOR(pg_catalog.=) 'object'"]
    for path in above:
        inner = f"pg_catalog.jsonb_typeof({value} OPERATOR(pg_catalog.#>) {_array(path)})"
        tests.append(f"COALESCE({inner}, 'object') OPERATOR(pg_catalog.=) 'object'")
    taken = value
    for path in paths:
        taken = f"({taken} OPERATOR(pg_catalog.#-) {_array(path)})"
    return f"(CASE WHEN {' AND '.join(tests)} THEN {taken} END)"


def _only(value: str, paths: tuple[Path, ...]) -> str:
    """Build a document of the kept paths alone, each there, null where there is nothing: its shape tells nothing."""
    return f"(CASE WHEN {value} IS NULL THEN NULL ELSE {_built(value, paths, ())} END)"


def _built(value: str, paths: tuple[Path, ...], at: Path) -> str:
    """Build what is below one path; of `paths` all begin with it."""
    depth = len(at)
    if at in paths:
        return f"({value} OPERATOR(pg_catalog.#>) {_array(at)})"
    keys = dict.fromkeys(path[depth] for path in paths)
    pairs = []
    for key in keys:
        below = tuple(path for path in paths if path[depth] == key)
        pairs.append(f"{names.literal(key)}::pg_catalog.text, {_built(value, below, (*at, key))}")
    return f"pg_catalog.jsonb_build_object({', '.join(pairs)})"


def _array(path: Path) -> str:
    return f"ARRAY[{', '.join(map(names.literal, path))}]::pg_catalog.text[]"
