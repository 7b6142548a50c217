"""Findings: what detectors see in untagged text is told to an operator by column, and changes no answer."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from core.execution.background.findings import AGAIN, Findings
from core.masking import Masking
from core.model import (
    Cell,
    Column,
    Cut,
    Dialect,
    EntryKind,
    Json,
    Mask,
    Pair,
    Reading,
    ResultColumn,
    Rows,
    Source,
    Thing,
    Verb,
)
from tests.doubles import ManualClock, MemoryJournal

MEMO = Column(relation="care.visit", name="memo")
NOTE = Column(relation="care.visit", name="note")
VALUE = "anna@example.test"


def reading() -> Reading:
    return Reading(
        dialect=Dialect.POSTGRES,
        statement="",
        text="",
        pairs=frozenset({Pair(thing=Thing(kind="table", name="care.visit"), verb=Verb.READ)}),
        columns=frozenset({MEMO, NOTE}),
        masks=frozenset({Mask(column=NOTE, tag="words", kind="free_text")}),
        outputs=(frozenset({MEMO}), frozenset({NOTE})),
        witnessed=True,
    )


def rows(*cells: tuple[Cell, Cell]) -> Rows:
    columns = (ResultColumn(name="a", type="text"), ResultColumn(name="b", type="text"))
    return Rows(columns=columns, rows=cells, cut=Cut.ROWS, elapsed=timedelta(seconds=1))


def source(*, findings: bool) -> Source:
    return Source(name="care", dialect=Dialect.POSTGRES, tags={}, enforced=True, findings=findings)


def told(*cells: tuple[Cell, Cell], findings: bool = True) -> tuple[Counter[tuple[str, str, str]], tuple[object, ...]]:
    seen: Counter[tuple[str, str, str]] = Counter()
    masking = Masking({"care": source(findings=findings)}, lambda *one: seen.update({one[:3]: one[3]}))
    return seen, masking.finish(rows(*cells), reading(), "care").rows


def test_a_finding_names_column_and_detector_and_the_answer_stays_as_it_was() -> None:
    seen, shown = told((VALUE, VALUE), ("none", "none"), (f"x {VALUE}", None))
    assert seen == {("care", "care.visit.memo", "e-mail address"): 2}
    assert shown == ((VALUE, "***"), ("none", "none"), (f"x {VALUE}", None))


def test_a_source_that_did_not_opt_in_is_not_looked_at() -> None:
    seen, shown = told((VALUE, VALUE), findings=False)
    assert (seen, shown) == ({}, ((VALUE, "***"),))


def alerts(journal: MemoryJournal) -> list[dict[str, Json]]:
    bodies = [sealed.body for _, sealed in journal.tables.log if sealed.body["kind"] == EntryKind.ALERT.value]
    return [{name: body[name] for name in ("alert", "source", "column", "holds", "cells")} for body in bodies]


async def test_an_alert_says_where_and_how_often_never_a_value_and_once_a_day() -> None:
    clock = ManualClock()
    journal = MemoryJournal(clock)
    findings = Findings(journal, clock)
    for _ in range(3):
        findings.count("care", "care.visit.memo", "e-mail address", 2)
    await findings.flush()
    findings.count("care", "care.visit.memo", "e-mail address", 5)
    await findings.flush()
    said = {"alert": "personal_data", "source": "care", "column": "care.visit.memo", "holds": "e-mail address"}
    assert alerts(journal) == [said | {"cells": 6}]
    clock.advance(AGAIN)
    await findings.flush()
    assert alerts(journal)[1:] == [said | {"cells": 5}]
