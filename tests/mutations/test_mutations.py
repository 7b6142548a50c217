"""Alterations in short: every kind, and every weak verifier; `make mutations` alters a hundred thousand times."""

from __future__ import annotations

import pytest

from tests.mutations import files, weak
from tests.mutations.__main__ import KINDS, WIDE, altered
from tests.mutations.world import Said, World, made

SHORT = 20  # of each kind
SEED = 7


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, World]:
    world, wide = made(), made(WIDE)
    world.files = files.store(tmp_path_factory.mktemp("store"))
    return {"": world, "log.tile": wide}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_altered_is_found_or_says_the_same(name: str, worlds: dict[str, World]) -> None:
    found = altered(name, SHORT, SEED, worlds.get(name, worlds[""]))
    assert found[Said.MISSED] == 0
    assert found[Said.FOUND] > 0


@pytest.mark.parametrize("name", weak.WEAK)
def test_a_weak_verifier_is_caught(name: str, worlds: dict[str, World]) -> None:
    design = weak.WEAK[name]
    with design.put():
        found = altered(design.kind, SHORT, SEED, worlds.get(design.kind, worlds[""]))
    assert found[Said.MISSED] > 0
