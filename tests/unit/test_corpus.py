"""The corpus by its files alone: how much of it there is, and that its two witnesses do not contradict each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from core.classify.postgres.text.shape import grammar
from tests.generate import templates
from tests.generate.cases import CLASSES, Case, Said, Shown, cases, paths, said, shown

VERSIONS: Final = (15, 16, 17, 18)
# Nodes of the grammar that end in Stmt and stand in no statement list: parts of other statements.
PARTS: Final = frozenset({"RawStmt", "ReturnStmt", "ReplicaIdentityStmt"})
ROOTS: Final = frozenset(name for name in grammar() if name.endswith("Stmt")) - PARTS
CHANGES: Final = {"+": "insert", "~": "update", "-": "delete"}
# Facts under which rows of relations that the statement does not name may change: code that a person is told of.
UNREAD: Final = frozenset({"fires_triggers", "fires_rules", "unregistered_code"})
ABOVE: Final = {
    "shop.event_2024q1": "shop.event", "shop.event_2024q2": "shop.event", "shop.event_rest": "shop.event",
    "shop.stock_north": "shop.stock", "shop.stock_other": "shop.stock", "care.child": "care.parent",
}  # fmt: skip

CASES: Final = cases()
WRITTEN: Final = [case for case in CASES if case.path.parent.name == "written"]
MADE: Final = [case for case in CASES if case.path.parent.name == "made"]


PROMISES: Final[Mapping[str, Callable[[Said], bool]]] = {
    "answered": lambda reading: reading.verbs == {"read"} and "masked" not in reading.words,
    "masked": lambda reading: reading.verbs == {"read"} and "masked" in reading.words,
    "refused": lambda reading: bool(reading.doubt),
    "writes": lambda reading: bool(reading.verbs & {"insert", "update", "delete"}) and "control" not in reading.verbs,
    "defines": lambda reading: bool(reading.doubt) or "define" in reading.verbs,
    "grants": lambda reading: bool(reading.doubt) or reading.verbs == {"grant"},
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


def test_the_corpus_is_as_large_and_as_different_as_it_says() -> None:
    assert not repeated()
    assert len({case.fingerprint for case in WRITTEN}) >= 1_000
    assert len({case.fingerprint for case in CASES}) >= 3_000
    assert not any(case.template for case in WRITTEN)
    each_template = Counter(case.template for case in MADE)
    assert len(each_template) >= 100
    assert max(each_template.values()) <= 20


def repeated() -> list[str]:
    """Name statements that differ in literals only; where spelling is the point (parser.sql) trees may be equal."""
    spelt = [case for case in CASES if case.path.name == "parser.sql"]
    count = Counter(case.fingerprint for case in CASES if case not in spelt)
    return [f"{case.path.name}: {case.text}" for case in CASES if count[case.fingerprint] > 1]


def test_every_root_of_the_grammar_is_represented_by_hand() -> None:
    found = frozenset().union(*(case.roots for case in WRITTEN))
    assert ROOTS - found == set()


def test_what_templates_make_is_what_is_checked_in() -> None:
    made = templates.made()
    for path, each_template in made.items():
        assert [case.text for case in cases(path)] == [text for texts in each_template.values() for text in texts]
    assert sorted(made) == paths("made")


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
        if label.kind == "acts" and not reading.doubt and reading.verbs <= {"read"} and not case.reason
    ]
    assert not false


def told(reading: Said, name: str, sign: str) -> bool:
    """Whether a Reading says that rows of a relation change so; a row that leaves its partition is an update above."""
    above = ABOVE.get(name, name)
    moves = above != name and above in reading.things.get("update", frozenset())
    return moves or bool({name, above} & reading.things.get(CHANGES[sign], frozenset()))


def test_every_change_that_a_server_shows_stands_in_the_reading() -> None:
    missing = [
        (case.path.name, version, case.text, sign, name)
        for case, version, reading, label in each()
        if not (reading.doubt or reading.verbs & {"control", "define", "run"} or reading.words & UNREAD)
        for name, sign in label.changes
        if not told(reading, name, sign) and not case.reason
    ]
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
