"""Twins that several files ask and nobody changes, started once a run."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fuzz.grounds import Ground, ground
from tests.fuzz.twins import CONFIGS


@pytest.fixture(scope="session")
async def hidden() -> AsyncIterator[Ground]:
    """Twins under the mask `hide`, behind masking views, on the newest version."""
    async with ground(CONFIGS["hide"], 18) as made:
        yield made
