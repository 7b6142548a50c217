"""Alterations in short: every kind, and every weak verifier; `make mutations` alters a hundred thousand times."""

from __future__ import annotations

import pytest

from tests.mutations import files, weak
from tests.mutations.__main__ import KINDS, WIDE, altered
from tests.mutations.world import Said, World, made

SHORT = 20  # of each kind
SEED = 7
TURNS = 25  # at most: ids are random, and an alteration of one line out of forty may not be among the first twenty


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
        world = worlds.get(design.kind, worlds[""])
        assert any(altered(design.kind, SHORT, SEED + turn, world)[Said.MISSED] for turn in range(TURNS))
