"""The official conformance suite of MCP passes, all but what is excluded by name, in both generations."""

from __future__ import annotations

import os

import pytest

from tests.conformance.__main__ import REVISIONS, run
from tests.node import ready


@pytest.mark.parametrize("revision", REVISIONS)
async def test_the_official_suite_passes_but_for_what_is_excluded_by_name(
    revision: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not ready() and "ASSENT_TEST_NODE" not in os.environ:
        pytest.skip("Node and the suite are missing: make node")
    assert await run(revision) == 0, capsys.readouterr().out
