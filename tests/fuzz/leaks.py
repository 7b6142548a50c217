"""Leaks planted on purpose, one in each channel: what the hunt must find, or it finds nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import asyncpg

from core.catalog import Protection, Snapshot
from core.classify.postgres import Parsed, Witnessed
from core.connectors.postgres.rooms import ROOMS
from tests.fuzz import observe
from tests.fuzz.observe import Seen, Watch

Change: TypeAlias = Callable[
    [Seen, str, Any], Awaitable[Seen]
]  # outcome, statement, an owner's connection to that twin
REFUSED: Final = (asyncpg.PostgresError, asyncpg.InternalClientError)
VALUE: Final = "SELECT passport FROM care.member WHERE id = 1"


def leaking(watch: Watch, change: Change, owner: Any) -> Watch:
    """Watch through a channel that lets something of the raw values pass."""

    async def leaked(text: str) -> Seen:
        return await change(await watch(text), text, owner)

    return leaked


def with_channel(seen: Seen, name: str, value: str) -> Seen:
    """Put a text into a channel."""
    return replace(seen, channels={**seen.channels, name: seen.channels.get(name, "") + value})


async def value(owner: Any) -> str:
    """Look one raw value up."""
    return str(await owner.fetchval(VALUE))


async def cells(seen: Seen, text: str, owner: Any) -> Seen:
    """Show the first letter of one value in the last cell of a long answer."""
    if len(seen.rows) < 5:
        return seen
    return replace(seen, rows=(*seen.rows[:-1], (*seen.rows[-1][:-1], (await value(owner))[0])))


async def column_names(seen: Seen, text: str, owner: Any) -> Seen:
    """Call a result column by a value."""
    if observe.COLUMNS not in seen.channels or "passport" not in text:
        return seen
    return with_channel(seen, observe.COLUMNS, await value(owner))


async def engine_words(seen: Seen, text: str, owner: Any) -> Seen:
    """Tell the engine's own words of an error, as it says them over raw values."""
    if not seen.channels.get(observe.ERROR):
        return seen
    try:
        await owner.fetch(text)
    except asyncpg.PostgresError as error:
        return with_channel(seen, observe.ERROR, str(error))
    return seen


async def error_codes(seen: Seen, text: str, owner: Any) -> Seen:
    """Fail where the raw values would fail, though the masks do not."""
    if observe.ERROR in seen.channels or observe.REFUSAL in seen.channels or "/" not in text:
        return seen
    try:
        await owner.fetch(text)
    except asyncpg.PostgresError as error:
        return Seen({observe.ERROR: f"statement_failed: {error.sqlstate}"}, touches=seen.touches)
    return seen


async def notices(seen: Seen, text: str, owner: Any) -> Seen:
    """Pass a NOTICE on."""
    return with_channel(seen, observe.NOTES, await value(owner)) if "mail" in text and seen.answered else seen


async def counts(seen: Seen, text: str, owner: Any) -> Seen:
    """Tell how many rows the raw values would give."""
    if observe.COUNT not in seen.channels or " where " not in text.lower():
        return seen
    try:
        return with_channel(seen, observe.COUNT, str(len(await owner.fetch(text))))
    except REFUSED:
        return seen


async def plans(seen: Seen, text: str, owner: Any) -> Seen:
    """Show a plan over raw statistics where a tagged relation stands."""
    if not seen.touches or observe.PLAN not in seen.channels:
        return seen
    try:
        return with_channel(seen, observe.PLAN, str(await owner.fetch(f"EXPLAIN {text}")))
    except REFUSED:
        return seen


async def order(seen: Seen, text: str, owner: Any) -> Seen:
    """Answer in the order of a raw column where nobody asked for one."""
    if len(seen.rows) < 3 or not seen.touches or "order" in text.lower():
        return seen
    first, second, *rest = seen.rows
    return replace(seen, rows=(second, first, *rest)) if await value(owner) > "n" else seen


async def refusals(seen: Seen, text: str, owner: Any) -> Seen:
    """Quote a value in a refusal."""
    return with_channel(seen, observe.REFUSAL, await value(owner)) if observe.REFUSAL in seen.channels else seen


async def explain(seen: Seen, text: str, owner: Any) -> Seen:
    """Answer an EXPLAIN that must be refused."""
    if not text.lower().startswith("explain") or observe.REFUSAL not in seen.channels:
        return seen
    try:
        return replace(seen, rows=tuple((str(row[0]),) for row in await owner.fetch(text)))
    except REFUSED:
        return seen


async def statistics(seen: Seen, text: str, owner: Any) -> Seen:
    """Let a statistics catalog be read."""
    if "pg_stats" not in text or observe.REFUSAL not in seen.channels:
        return seen
    try:
        return Seen({}, tuple((row[0],) for row in await owner.fetch(f"SELECT z::text FROM ({text}) z")))
    except REFUSED:
        return seen


async def readings(seen: Seen, text: str, owner: Any) -> Seen:
    """Let what `check` tells follow a value."""
    return with_channel(seen, observe.READING, await value(owner)) if observe.READING in seen.channels else seen


# What is planted -> the channel in which it must be seen.
PLANTED: Final[Mapping[str, tuple[Change, str]]] = MappingProxyType(
    {
        "cells": (cells, observe.CELLS),
        "column names": (column_names, observe.COLUMNS),
        "the engine's words": (engine_words, observe.ERROR),
        "error codes": (error_codes, observe.ERROR),
        "notices": (notices, observe.NOTES),
        "counts": (counts, observe.COUNT),
        "plans": (plans, observe.PLAN),
        "order": (order, observe.ORDER),
        "refusal text": (refusals, observe.REFUSAL),
        "EXPLAIN": (explain, observe.CELLS),
        "statistics": (statistics, observe.CELLS),
        "what check tells": (readings, observe.READING),
    }
)


def index_order(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection, **more: Any) -> Any:
    """Leave index scans on where an index holds tagged and untagged columns: masking 8's first rule taken away."""
    found = ROOMS.witness(parsed, dump, snapshot, protection, **more)
    return replace(found, index_scans_off=False) if isinstance(found, Witnessed) else found
