"""The corpus by its files alone: how much of it there is, and that its two witnesses do not contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.generate.cases import CLASSES, Case, Said, Shown, cases, said, shown

VERSIONS: Final = (15, 16, 17, 18)
CHANGES: Final = {"+": "insert", "~": "update", "-": "delete"}
# Facts under which rows of relations that the statement does not name may change: code that a person is told of.
UNREAD: Final = frozenset({"fires_triggers", "fires_rules", "unregistered_code"})
ABOVE: Final = {
    "shop.event_2024q1": "shop.event", "shop.event_2024q2": "shop.event", "shop.event_rest": "shop.event",
    "shop.stock_north": "shop.stock", "shop.stock_other": "shop.stock", "care.child": "care.parent",
}  # fmt: skip

CASES: Final = cases()


PROMISES: Final[Mapping[str, Callable[[Said], bool]]] = {
    "answered": lambda reading: reading.verbs == {"read"} and "masked" not in reading.words,
    "masked": lambda reading: reading.verbs == {"read"} and "masked" in reading.words,
    "refused": lambda reading: bool(reading.doubt),
    "writes": lambda reading: bool(reading.verbs & {"insert", "update", "delete"}) and "control" not in reading.verbs,
    "defines": lambda reading: "define" in reading.verbs,
    "grants": lambda reading: reading.verbs == {"grant"},
    "control": lambda reading: bool(reading.doubt) or reading.verbs == {"control"},
    "either": lambda _: True,
}


def held(case: Case, reading: Said, label: Shown) -> bool:
    """Whether a section's promise holds of one of its statements; what a version refuses itself needs none."""
    if case.promise == "rejected":
        return label.kind == "error"
    if label.kind == "error" and case.promise != "refused":
        return True
    return PROMISES[case.promise](reading) and (case.promise != "answered" or label.kind == "reads")


def each() -> list[tuple[Case, int, Said, Shown]]:
    return [
        (case, version, said(case.reading(version)), shown(case.label(version)))
        for case in CASES
        for version in VERSIONS
    ]


def test_no_two_statements_differ_in_literals_only() -> None:
    assert len({case.fingerprint for case in CASES}) == len(CASES)


def test_every_case_has_both_lines() -> None:
    assert [case.text for case in CASES if not (case.readings and case.labels)] == []


def test_sections_hold_what_they_promise() -> None:
    assert {case.promise for case in CASES} <= CLASSES == PROMISES.keys() | {"rejected"}
    broken = [
        (case.path.name, version, case.text, case.reading(version), case.label(version))
        for case, version, reading, label in each()
        if not held(case, reading, label) and not case.reason
    ]
    assert not broken


def test_no_statement_that_a_server_shows_to_act_is_read_as_a_read() -> None:
    false = [
        (case.path.name, version, case.text, case.label(version))
        for case, version, reading, label in each()
        if label.kind == "acts" and not reading.doubt and reading.verbs <= {"read"}
    ]
    assert not false


def test_every_change_that_a_server_shows_stands_in_the_reading() -> None:
    missing = []
    for case, version, reading, label in each():
        if reading.doubt or reading.verbs & {"control", "define", "run"} or reading.words & UNREAD:
            continue
        for name, sign in label.changes:
            known = reading.things.get(CHANGES[sign], frozenset())
            if not {name, ABOVE.get(name, name)} & known and not case.reason:
                missing.append((case.path.name, version, case.text, sign, name))
    assert not missing


def test_every_relation_that_a_server_reads_stands_in_the_reading() -> None:
    missing = [
        (case.path.name, version, case.text, sorted(label.relations - reading.named))
        for case, version, reading, label in each()
        if reading.verbs == {"read"} and not reading.named & {"setting"} and label.kind == "reads"
        if label.relations - reading.named and not case.reason
    ]
    assert not missing


def test_departures_are_few_and_say_why() -> None:
    reasons = [case.reason for case in CASES if case.reason]
    assert len(reasons) <= 30
    assert all(len(reason) > 20 for reason in reasons)
