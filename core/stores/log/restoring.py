"""A log from a copy goes on under another name: the one Entry that says so, and what its data keys are wrapped by."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString, final

import orjson

from core.audit.entry import seal
from core.audit.transparency import origins
from core.audit.transparency.tree import edge, edge_root, grow, leaf
from core.model import EntryKind, Json
from core.ports import KeyKind, KeyState
from core.stores import rows
from core.stores.encryption.naming import WRAP
from core.stores.encryption.vault import MINTING
from core.stores.log.signing import over_tiles
from core.stores.operational import closure
from core.stores.steps import Steps, ask, one

APPEND: Final[LiteralString] = "INSERT INTO log_entry (seq, ts_ms, kind, body) VALUES ($1, $2, $3, $4)"
NAMED: Final[LiteralString] = "SELECT name, state FROM key_named WHERE purpose = $1"
STATE: Final[LiteralString] = "UPDATE key_named SET state = $1 WHERE purpose = $2 AND name = $3"
# A copy may be older than the last rotation: what mints from here on is what the configuration names, none that ended.
FORGET: Final[LiteralString] = "DELETE FROM key_named WHERE purpose = $1 AND state IN ('next', 'current')"
OVER: Final[LiteralString] = "UPDATE key_named SET state = $1 WHERE purpose = $2"
ADD: Final[LiteralString] = "INSERT INTO key_named (purpose, name, state) VALUES ($1, $2, $3)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """What a copy of data keys is wrapped by: what wraps new ones, and all that wrap any."""

    current: Mapping[str, str]
    all: Mapping[str, frozenset[str]]


def wrapped() -> Steps[Wrapped]:
    """Read a copy of data keys."""
    current = {purpose: name for purpose, name in (yield from ask("SELECT purpose, name FROM kek"))}  # noqa: C416
    found: dict[str, set[str]] = {}
    for purpose, name in (yield from ask("SELECT DISTINCT purpose, wrapping FROM dek WHERE wrapped IS NOT NULL")):
        found.setdefault(purpose, set()).add(name)
    return Wrapped(current=current, all={purpose: frozenset(names) for purpose, names in found.items()})


def goes_on(base: str, known: Mapping[str, Json], keys: Wrapped, now: datetime) -> Steps[str]:
    """Rename the log, close it, and append the Entry that says so; return the new name."""
    held = yield from one("SELECT next, last_us, integrated, origin FROM log_coord")
    if held is None:
        raise ValueError("a copy of no log")
    size, last, integrated, was = held
    grown = yield from over_tiles(lambda read: edge(integrated, read))
    rest = yield from ask("SELECT body FROM log_entry WHERE seq >= $1 ORDER BY seq", integrated)
    root = edge_root(grow(grown, (leaf(body) for (body,) in rest))[0])
    if not known:
        signed = yield from one("SELECT size, root FROM log_checkpoint ORDER BY size DESC LIMIT 1")
        known = {} if signed is None else {"size": int(signed[0]), "root": bytes(signed[1]).hex()}
    origin, stamp = origins.following(was, base), max(rows.micros(now), last)
    unit = secrets.token_hex(8)
    entry = origins.restored(was, size, root, dict(known))
    body = seal(entry, ts_ms=stamp // 1000, log=origin, boot="restore", unit=unit)
    yield from closure.renamed(origin, size, f"{now:%Y-%m-%d}")
    yield from ask(APPEND, size, stamp // 1000, EntryKind.RESTORED.value, body)
    yield from ask("UPDATE log_coord SET next = $1, last_us = $2", size + 1, stamp)
    yield from ask(FORGET, MINTING)
    yield from ask(OVER, KeyState.RETIRED.value, MINTING)
    for purpose in sorted(WRAP & keys.current.keys()):
        yield from _named(purpose, keys.current[purpose], keys.all.get(purpose, frozenset()))
    return origin


def _named(purpose: str, current: str, wrapping: frozenset[str]) -> Steps[None]:
    """Let the store be under what its data keys are wrapped by, where that was replaced after the log was copied."""
    found = {name: KeyState(state) for name, state in (yield from ask(NAMED, purpose))}
    if found.get(current) is KeyState.CURRENT:
        return
    for name, state in found.items():
        if state in {KeyState.CURRENT, KeyState.FORMER}:
            to = KeyState.FORMER if name in wrapping else KeyState.RETIRED
            yield from ask(STATE, to.value, purpose, name)
    if current in found:
        yield from ask(STATE, KeyState.CURRENT.value, purpose, current)
    else:
        yield from ask(ADD, purpose, current, KeyState.CURRENT.value)


def erased() -> Steps[tuple[int, ...]]:
    """Name every data key that the log says was destroyed, or is to be: an older copy of keys may still have it."""
    found = yield from ask("SELECT body FROM log_entry WHERE kind = $1 ORDER BY seq", EntryKind.SHRED.value)
    gone = [number for (number,) in (yield from ask("SELECT dek FROM shredding"))]
    for (body,) in found:
        named = orjson.loads(body)["deks"]
        gone += [one for one in named if type(one) is int]
    return tuple(gone)


def named() -> Steps[tuple[frozenset[str], frozenset[str]]]:
    """Tell from a copy of keys whose names open, and whose did once, by pseudonym."""
    sql: Final = "SELECT person, wrapped IS NULL FROM dek WHERE kind = $1"
    found = yield from ask(sql, KeyKind.PERSON.value)
    alive = frozenset([person for person, ended in found if not ended])
    return alive, frozenset([person for person, _ in found]) - alive


def gone(alive: frozenset[str], ended: frozenset[str]) -> Steps[frozenset[str]]:
    """Name every person who was erased: no name of theirs opens any more. An older copy of rows may still tell who."""
    names = {one: {one} for one in ended}
    for principal, person in (yield from ask("SELECT DISTINCT ps, person FROM sessions WHERE person <> ''")):
        names.setdefault(person, {person}).add(principal)
    return frozenset([person for person, known in names.items() if known & ended and not known & alive])
