"""What a search asks, compared with one Call at a time: the plain meaning that a store's indexes are held to."""

from __future__ import annotations

from typing import cast

from core.execution.record import milliseconds
from core.model import Json
from core.ports import CallLine, Mark, Search
from core.stores.lookups.find import TOKEN, tokens
from core.stores.lookups.pattern import Pattern


def mark(line: CallLine) -> Mark:
    return Mark(at_ms=milliseconds(line.at), sequence=line.sequence)


def alike(wanted: Search, of: Pattern, line: CallLine) -> bool:
    """Compare a Call with names, words, counts and times."""
    exact = all(getattr(wanted, kind) in {"", getattr(of, kind)} for kind in ("agent", "source", "tool", "verdict"))
    listed = all(
        not getattr(wanted, kind) or (kind, getattr(wanted, kind)) in of.names or (of.cut and kind != "verb")
        for kind in ("table", "column", "rule", "verb")
    )
    split, prefix = tokens(wanted.words)
    held = set(TOKEN.findall(of.shape.lower()))
    whole = split[:-1] if prefix else split
    worded = all(word in held for word in whole) and (not prefix or any(word.startswith(split[-1]) for word in held))
    worded = worded if split else not wanted.words.strip()
    counted = wanted.rows is None or (
        (line.rows or 0) >= wanted.rows and line.rows is not None and (wanted.countable or not of.protected)
    )
    timed = (wanted.since is None or line.at >= wanted.since) and (wanted.until is None or line.at < wanted.until)
    ended = wanted.outcome in {None, line.outcome} and wanted.session in {None, line.session}
    return exact and listed and worded and counted and timed and ended


def theirs(wanted: Search, body: dict[str, Json], behind: dict[str, str]) -> bool:
    who, caller = behind.get(str(body["session"]), ""), cast("dict[str, Json]", body["caller"])
    known = wanted.people is None or {who, str(caller["ps"])} & wanted.people
    return bool(known) and wanted.own in {"", who}
