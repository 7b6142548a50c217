"""What the record's alerts come to: lines of `assent doctor`, and of the operator's log."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.doctor.alerts import told
from core.errors import StoreError
from core.model import Entry, EntryKind
from core.ports import Unit
from core.stores import beside
from core.stores.sqlite.beside import perform
from core.stores.told import Told
from tests.doubles import ManualClock, MemoryJournal

FOUND = {"alert": "personal_data", "source": "shop", "column": "care.visit.memo", "holds": "e-mail address", "cells": 3}
DENIED = {"alert": "denied_by_engine", "of": "call_7"}


def record(path: Path, *bodies: Mapping[str, object], at: int = 1_000) -> None:
    with closing(sqlite3.connect(path)) as log:
        log.execute("CREATE TABLE IF NOT EXISTS log_entry (seq INTEGER PRIMARY KEY, ts_ms, kind, body BLOB)")
        for body in bodies:
            log.execute(
                "INSERT INTO log_entry (ts_ms, kind, body) VALUES (?, 'alert.raised', ?)",
                (at, json.dumps(body).encode()),
            )
        log.commit()


def alerts(store: Path, since: int) -> tuple[Mapping[str, object], ...]:
    return perform(store, beside.alerts(datetime.fromtimestamp(since, UTC))) or ()


def test_doctor_says_what_was_found_and_what_was_denied(tmp_path: Path) -> None:
    store = tmp_path / "assent.db"
    record(store, FOUND, {"alert": "chain", "cells": 1}, DENIED, FOUND)
    lines = list(told(alerts(store, 0)))
    assert [(area, says) for area, says, _ in lines] == [
        ("source.shop", "care.visit.memo holds e-mail address: 6 cells in 30 days"),
        ("alerts", "databases refused 1 statements that our reading let through, the last of call call_7"),
        ("alerts", "1 of chain in 30 days"),
    ]
    assert all(remedy for _, _, remedy in lines)


def test_older_alerts_and_a_store_that_is_not_there_say_nothing(tmp_path: Path) -> None:
    store = tmp_path / "assent.db"
    assert alerts(store, 0) == ()
    record(store, FOUND, at=1_000)
    assert alerts(store, 2) == ()


def test_a_file_that_is_no_store_is_an_error_of_the_stores(tmp_path: Path) -> None:
    (tmp_path / "assent.db").write_bytes(b"no database at all, whatever its name says" * 100)
    with pytest.raises(StoreError):
        alerts(tmp_path / "assent.db", 0)


async def test_each_alert_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    journal = Told(MemoryJournal(ManualClock()))
    with caplog.at_level(logging.WARNING, "assent.alerts"):
        await journal.commit(Unit(entries=(Entry(kind=EntryKind.ALERT, body={**DENIED}),)))
        await journal.commit(Unit(entries=(Entry(kind=EntryKind.VERIFY, body={"by": "x", "findings": 0, "size": 1}),)))
    assert [record.getMessage() for record in caplog.records] == ["alert: alert denied_by_engine, of call_7"]
