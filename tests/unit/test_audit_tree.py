"""Test vectors of the tree: RFC 6962's reference leaves, a long tree with its tiles, proofs."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import pytest

from core.audit.transparency import proofs
from core.audit.transparency.tree import EMPTY, Edge, Read, edge, edge_root, grow, leaf, root, span

REFERENCE = tuple(
    leaf(bytes.fromhex(text))
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)


@cache
def long(size: int) -> tuple[Edge, dict[tuple[int, int], bytes]]:
    return grow(Edge(), (leaf(b'{"i":%d}' % number) for number in range(size)))


def reader(tiles: dict[tuple[int, int], bytes]) -> Read:
    return lambda level, index: tiles.get((level, index), b"")


def heads(path: tuple[bytes, ...]) -> list[str]:
    return [one.hex()[:16] for one in path]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_roots_of_the_reference_leaves(size: int, expected: str) -> None:
    assert root(REFERENCE[:size]).hex() == expected
    grown, tiles = grow(Edge(), REFERENCE[:size])
    assert edge_root(grown).hex() == expected
    assert span(reader(tiles), 0, size).hex() == expected


def test_proofs_of_the_reference_leaves() -> None:
    read = reader(grow(Edge(), REFERENCE)[1])
    assert heads(proofs.inclusion(read, 0, 8)) == ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"]
    assert heads(proofs.inclusion(read, 5, 8)) == ["bc1a0643b12e4d2d", "ca854ea128ed050b", "d37ee418976dd957"]
    assert heads(proofs.consistency(read, 6, 8)) == ["0ebc5d3437fbe2db", "ca854ea128ed050b", "d37ee418976dd957"]
    assert heads(proofs.consistency(read, 4, 8)) == ["6b47aaf29ee3c2af"]
    assert heads(proofs.consistency(read, 2, 5)) == ["5f083f0a1a33ca07", "bc1a0643b12e4d2d"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, "d829edd0713a1bb0"),
        (255, "f87f4c856274911f"),
        (256, "7ef0de1496341fac"),
        (257, "0e8fc2091cbee270"),
        (600, "ea710b99885c2336"),
        (65536, "aa1d71dbd31ad4da"),
        (70000, "44cdc00ea183504b5ee960818dc298cfd17d50f763cba4470371b9b54e0f61e1"),
    ],
)
def test_roots_of_the_long_tree(size: int, expected: str) -> None:
    grown, tiles = long(size)
    assert edge_root(grown).hex().startswith(expected)
    assert span(reader(long(70000)[1]), 0, size) == edge_root(grown)
    assert edge(size, reader(tiles)) == grown


@pytest.mark.parametrize(
    ("size", "place", "length", "expected"),
    [
        (600, (0, 0), 8192, "b1fa87cf7378285e"),
        (600, (0, 2), 2816, "8e644117ab1807e7"),
        (600, (1, 0), 64, "0a1bce7ef6198674"),
        (70000, (0, 273), 3584, "e693e2943a078a04"),
        (70000, (1, 1), 544, "16b06e6966877ec4"),
        (70000, (2, 0), 32, "f90cecfe599ffd83"),
    ],
)
def test_tiles_of_the_long_tree(size: int, place: tuple[int, int], length: int, expected: str) -> None:
    tile = long(size)[1][place]
    assert len(tile) == length
    assert sha256(tile).hexdigest().startswith(expected)


def test_a_manifest_uses_leaf_hashes_directly() -> None:
    leaves = [leaf(b'{"i":%d}' % number) for number in (0, 2, 4)]
    assert root(leaves).hex() == "67f9a6b23fffcfb4eebfc73ad5e425087f2a3d4cb00744581e4f38f662fef56b"


def test_a_tree_with_a_short_tile_is_refused() -> None:
    tiles = dict(long(600)[1])
    tiles[0, 2] = tiles[0, 2][:-1]
    with pytest.raises(ValueError, match="too short"):
        edge(600, reader(tiles))
    with pytest.raises(ValueError, match="too short"):
        span(reader(tiles), 0, 600)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="leaf"):
        proofs.inclusion(reader(long(600)[1]), index, size)
    with pytest.raises(ValueError, match="index"):
        proofs.inclusion_root(index, size, EMPTY, ())


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_no_consistency_with_nothing_or_the_future(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="begins"):
        proofs.consistency(reader(long(600)[1]), old, new)
    assert not proofs.consistent(old, new, EMPTY, EMPTY, (EMPTY,))


def test_a_path_of_another_length_raises_before_any_root_is_compared() -> None:
    read = reader(long(600)[1])
    path = proofs.inclusion(read, 3, 600)
    first = leaf(b'{"i":3}')
    for wrong in (path[:-1], (*path, EMPTY), (*path[:-1], path[-1][:-1])):
        with pytest.raises(ValueError, match=r"path|hash"):
            proofs.inclusion_root(3, 600, first, wrong)


def test_a_consistency_proof_does_not_hold_for_another_size() -> None:
    read = reader(long(600)[1])
    path = proofs.consistency(read, 2, 3)
    before, after = span(read, 0, 2), span(read, 0, 3)
    assert proofs.consistent(2, 3, before, after, path)
    assert not proofs.consistent(2, 5, before, after, path)
    assert not proofs.consistent(2, 600, before, after, path)
