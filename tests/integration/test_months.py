"""Months of payloads: dropped whole, and only once nothing in them opens any more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from core.model import CallId, SessionId
from core.ports import KeyKind, Payload, Role
from core.stores.sqlite.files import Place
from core.stores.sqlite.store import SqliteStore
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_sqlite_verify import KEYS


async def test_a_month_stays_while_any_key_of_what_stands_in_it_lives(tmp_path: Path) -> None:
    path, clock = tmp_path / "assent.db", ManualClock()
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        said = [Payload(role=Role.STATEMENT, content=b"select 1")]
        await store.payloads.keep(CallId("call_1"), SessionId("ses_1"), "shop", said)
        clock.advance(timedelta(days=40))
        assert await store.payloads.months() == ()
    (month,) = Place(path).months()
    month.rename(Place(path).payloads("202001"))  # as if its keys were of no day of it
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        assert await store.payloads.months() == ()
        await store.ring.destroy([key.number for key in await store.ring.alive(KeyKind.SESSION)])
        assert await store.payloads.months() == ("202001",)
