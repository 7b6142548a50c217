"""The official conformance suite of MCP passes, all but what is excluded by name, in both generations."""

from __future__ import annotations

import pytest

from tests.conformance.__main__ import REVISIONS, run
from tests.node import wanted


@pytest.mark.filterwarnings("ignore:The logging capability")  # which the suite asks of its fixtures
@pytest.mark.parametrize("revision", REVISIONS)
async def test_the_official_suite_passes_but_for_what_is_excluded_by_name(
    revision: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted()
    assert await run(revision) == 0, capsys.readouterr().out
