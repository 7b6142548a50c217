"""What a store says to who looks from another process: alerts, open Calls, how far sinks are; it only reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, LiteralString

from core.stores import rows
from core.stores.steps import Steps, ask

ALERTS: Final[LiteralString] = "SELECT body FROM log_entry WHERE kind = 'alert.raised' AND ts_ms >= $1 ORDER BY seq"
STANDING: Final[LiteralString] = "SELECT call_id, unknown FROM open_calls ORDER BY seq"
LENGTH: Final[LiteralString] = "SELECT next FROM log_coord"
LAGS: Final[LiteralString] = (
    "SELECT s.sink, s.next, s.trouble, (SELECT count(*) FROM sink_rejected r WHERE r.sink = s.sink) FROM sink_cursor s"
)


def alerts(since: datetime) -> Steps[tuple[Mapping[str, object], ...]]:
    """Read the bodies of all alerts since then, oldest first."""
    found = yield from ask(ALERTS, rows.micros(since) // 1000)
    return tuple(json.loads(body) for (body,) in found)


def standing() -> Steps[tuple[tuple[str, bool], ...]]:
    """Return open Calls, oldest first, each with whether its outcome is unknown."""
    return tuple((str(call), bool(unknown)) for call, unknown in (yield from ask(STANDING)))


def lags(names: Sequence[str]) -> Steps[Mapping[str, tuple[int, str, int]]]:
    """Return of each sink how many Entries it is behind, its trouble, and how many it rejected for good."""
    ((length,),) = yield from ask(LENGTH)
    found = yield from ask(LAGS)
    held = {str(sink): (length - following, str(trouble), lost) for sink, following, trouble, lost in found}
    return {name: held.get(name, (length, "", 0)) for name in names}
