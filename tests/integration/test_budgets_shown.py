"""`assent policy budgets` beside a store that holds some."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.execution.budget import account
from core.model import CallId, Measure, Per, Period
from core.ports import Charge, Reserve, Unit
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.commands import assent
from tests.doubles import ORIGIN
from tests.settings_files import ENVIRON, SKETCH, written

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
BUDGET = """
[[budget]]
name = "rows of an hour"
per = "source"
window = "hour"
rows = 1_000
time = "10 min"
"""


class At:
    """A clock that says one instant."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def taken(measure: Measure, amount: int, budget: str = "rows of an hour") -> Unit:
    charge = Charge(
        budget=budget, measure=measure, period=Period.HOUR, per=Per.SOURCE, of="shop", amount=amount, cap=10**9
    )
    intent = entries.intent(entries.call_id())
    reserve = Reserve(
        call=CallId(str(intent.scope)),
        account=account(charge, "somebody"),
        measure=measure,
        period=charge.period,
        amount=amount,
        cap=charge.cap,
    )
    return Unit(entries=(intent,), changes=(reserve,))


async def test_what_is_used_of_each_budget_is_shown_as_it_stands_in_the_store(tmp_path: Path) -> None:
    config = written(tmp_path, SKETCH + BUDGET)
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for at in (hour - timedelta(hours=2), hour):
        place, clock = tmp_path / "assent.db", At(at)
        async with SqliteStore.open(place, keys=KEYS, origin=ORIGIN, clock=clock) as store:
            if at < hour:
                await store.journal.commit(taken(Measure.TIME, 7_000))
            else:
                await store.journal.commit(taken(Measure.ROWS, 1_234))
                await store.journal.commit(taken(Measure.ROWS, 5, budget="another policy's"))
    shown = await asyncio.to_thread(assent, "policy", "budgets", "--config", config, environ=ENVIRON)
    assert shown.exit_code == 0, shown.output
    assert "“rows of an hour”, source shop: 1 234 of 1 000 rows, anew at" in shown.output
    assert "0:00:07" not in shown.output
    assert "another policy's" not in shown.output
    read = await asyncio.to_thread(assent, "policy", "budgets", "--config", config, "--json", environ=ENVIRON)
    found = json.loads(read.output)
    assert [(one["counts"], one["used"], one["holds"]) for one in found["accounts"]] == [("rows", 1_234, 1_000)]
