"""Every promise names a test that is there and a seeded fault that this very test must see; every fault is promised."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.faults.__main__ import Fault, faults
from tests.promises import PROMISES, Promise

ROOT: Final = Path(__file__).parents[2]
FAULTS: Final = {fault.name: fault for fault in faults()}


@cache
def named(path: Path) -> frozenset[str]:
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def aims(fault: Fault, test: str) -> bool:
    """Whether a fault's own test command runs this test."""
    path, _, name = test.partition("::")
    words = fault.test.split()
    if path not in words[0]:
        return False
    return "-k" not in words or words[words.index("-k") + 1] in name


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: f"{promise.said} {promise.fault}")
def test_a_promise_has_its_test_and_its_fault(promise: Promise) -> None:
    path, _, name = promise.test.partition("::")
    assert name in named(ROOT / path)
    assert aims(FAULTS[promise.fault], promise.test), "the fault runs another test"


def test_every_fault_breaks_a_promise() -> None:
    promised = {promise.fault for promise in PROMISES}
    assert sorted(name for name in FAULTS if name not in promised) == []


def test_no_promise_stands_twice() -> None:
    assert len({(promise.said, promise.text) for promise in PROMISES}) == len(PROMISES)


def test_every_fault_finds_the_one_line_that_it_breaks() -> None:
    """A line that moved takes its fault along, or nobody guards the guard."""
    stands = {name: (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old) for name, fault in FAULTS.items()}
    assert {name: times for name, times in stands.items() if times != 1} == {}
