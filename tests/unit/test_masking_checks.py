from __future__ import annotations

from core.catalog import Oid, Protection
from core.masking.hardening.checks import CHECKS, Finding, Severity, close


def finding(severity: Severity, *, relation: int | None = None, acknowledge: bool = False) -> Finding:
    return Finding(
        number=3,
        name="read-role-writes",
        severity=severity,
        line="the read role may write: INSERT on public.x",
        remedy="run assent harden",
        relation=None if relation is None else Oid(relation),
        acknowledge=acknowledge,
    )


EMPTY = Protection(tags={}, tainted=frozenset(), closed={})


def test_a_finding_closes_the_source_one_table_or_nothing() -> None:
    assert "read-role-writes" in close(EMPTY, (finding(Severity.SOURCE),), source="shop").shut
    table = close(EMPTY, (finding(Severity.TABLE, relation=7),), source="shop")
    assert table.closed.keys() == {7}
    assert not table.shut
    assert close(EMPTY, (finding(Severity.WARNING),), source="shop") == EMPTY
    assert close(EMPTY, (finding(Severity.TABLE),), source="shop").shut


def test_a_closed_source_tells_the_agent_no_name_of_the_database() -> None:
    assert "public.x" not in close(EMPTY, (finding(Severity.SOURCE),), source="shop").shut


def test_only_what_may_be_acknowledged_can_be_and_for_its_own_source_only() -> None:
    said = frozenset({"read-role-writes:shop"})
    assert not close(EMPTY, (finding(Severity.SOURCE, acknowledge=True),), source="shop", acknowledged=said).shut
    assert close(EMPTY, (finding(Severity.SOURCE, acknowledge=True),), source="hr", acknowledged=said).shut
    assert close(EMPTY, (finding(Severity.SOURCE),), source="shop", acknowledged=said).shut


def test_each_check_has_a_number_of_its_table_a_name_of_its_own_and_a_remedy() -> None:
    assert {check.number for check in CHECKS} == set(range(16))
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert all(check.line and check.remedy for check in CHECKS)
