"""The table of facts is whole: each row names a test that tries statements with the fact and without it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from core.model import Fact
from core.policy import facts
from core.policy.facts import MEANINGS

ROOT: Final = Path(__file__).parents[2]
CORPORA: Final = {  # of a test that holds a corpus: its file
    facts.WRITES: "tests/security/postgres_writes.sql",
    facts.STATEMENTS: "tests/security/postgres_statements.sql",
}


def test_every_fact_is_a_row_of_the_table() -> None:
    assert set(MEANINGS) == set(Fact)
    assert all(row.sentence.endswith(".") and row.computed and row.test for row in MEANINGS.values())
    assert len({row.sentence for row in MEANINGS.values()}) == len(Fact)


@pytest.mark.parametrize("fact", Fact)
def test_the_test_that_a_fact_names_shows_it(fact: Fact) -> None:
    path, _, name = MEANINGS[fact].test.partition("::")
    tree = ast.parse((ROOT / path).read_text())
    (found,) = (
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
    )
    if MEANINGS[fact].test not in CORPORA:
        assert f"Fact.{fact.name} in " in ast.unparse(found)
        return
    corpus = CORPORA[MEANINGS[fact].test]
    assert Path(corpus).name in (ROOT / path).read_text()
    readings = re.findall(r"(?m)^= .*$", (ROOT / corpus).read_text())
    carrying = [line for line in readings if re.search(rf"\b{fact.value}\b", line)]
    assert carrying
    assert len(carrying) < len(readings)
