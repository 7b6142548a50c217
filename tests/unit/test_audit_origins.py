"""A log that goes on under another name: said in its first Entry there, true, and covered by what is signed later."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.audit.entry import alert
from core.audit.transparency.note import public
from core.audit.transparency.origins import following, restored, within
from core.audit.transparency.tree import edge_root
from core.audit.transparency.trust import pinned
from core.audit.verification.verify import Asked, verify
from core.model import Entry
from tests.doubles import ORIGIN
from tests.logs import KEY, MemoryLog

LATER = f"{ORIGIN}/2"
WHAT_TO_DO = "ask its operators, then pin the key under that name"
FIRST, SECOND = public(ORIGIN, KEY), public(LATER, KEY)


def gone_on(said: Callable[[MemoryLog], Entry] | None = None, size: int = 300) -> MemoryLog:
    """A log of two names, each part signed."""
    log = MemoryLog().append([(alert("x"),)] * size)
    log.sign()
    entry = restored(ORIGIN, size, edge_root(log.edge), {}) if said is None else said(log)
    log.origin = LATER
    log.append([(entry,), *[(alert("y"),)] * 20]).sign()
    return log


def rules(log: MemoryLog, *keys: object) -> set[str]:
    asked = Asked(trust=pinned("\n".join(map(str, keys))) if keys else None)
    return {finding.rule for finding in verify(log, asked).findings}


def test_both_parts_hold_under_the_key_of_the_last_name_or_of_all_and_not_of_the_first_alone() -> None:
    log = gone_on()
    assert rules(log) == rules(log, SECOND) == rules(log, FIRST, SECOND) == set()
    assert "origin" in rules(log, FIRST)
    told = verify(log, Asked(trust=pinned(str(FIRST)))).findings[0].detail
    assert told.endswith(f"the log of {LATER}, under which it goes on after a restore: {WHAT_TO_DO}")
    assert rules(log.append([(alert("z"),)]), SECOND) == set()
    for start in (1, 256, 299, 300, 301, 310):
        ranged = Asked(trust=pinned(str(SECOND)), start=start)
        assert verify(log, ranged).findings == ()


@pytest.mark.parametrize(
    "said",
    [
        lambda log: restored("other.example/assent", 300, edge_root(log.edge), {}),
        lambda log: restored(ORIGIN, 299, edge_root(log.edge), {}),
        lambda _: restored(ORIGIN, 300, b"\0" * 32, {}),
        lambda _: alert("nothing is said"),
    ],
)
def test_a_change_of_name_that_is_not_said_or_not_true_is_a_finding(said: Callable[[MemoryLog], Entry]) -> None:
    assert rules(gone_on(said), SECOND) & {"restored", "origin"}


def test_a_name_that_the_log_does_not_end_under_is_a_finding() -> None:
    log = gone_on()
    log.origin = f"{ORIGIN}/3"
    assert "origin" in rules(log, public(log.origin, KEY))
    back = gone_on()
    back.origin = ORIGIN
    back.append([(alert("x"),)]).sign()
    assert rules(back, FIRST, SECOND) & {"origin", "checkpoint"}


def test_a_checkpoint_of_the_former_name_past_its_end_is_a_finding() -> None:
    log = gone_on()
    log.origin = ORIGIN
    log.sign()
    log.origin = LATER
    assert rules(log, FIRST, SECOND) == {"checkpoint"}


@pytest.mark.parametrize(
    ("origin", "so"),
    [("a/assent", True), ("a/assent/2", True), ("a/assent/10", True)]
    + [(name, False) for name in ("a/assent/1", "a/assent/0", "a/assent/02", "a/assent2", "a/assent/2/3", "b/assent")],
)
def test_a_log_has_one_first_name_and_numbers_after_it(origin: str, so: bool) -> None:
    assert within(origin, "a/assent") is so


def test_each_name_follows_the_last() -> None:
    assert following("a/assent", "a/assent") == "a/assent/2"
    assert following("a/assent/9", "a/assent") == "a/assent/10"


def test_one_entry_of_another_name_between_the_others_is_a_finding() -> None:
    log = MemoryLog().append([(alert("x"),)] * 3)
    log.origin = LATER
    log.append([(alert("y"),)])
    log.origin = ORIGIN
    log.append([(alert("x"),)] * 3).sign()
    assert rules(log, FIRST) == {"origin"}
