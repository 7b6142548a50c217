"""The tree under random sizes, slices and forgeries."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from core.audit.transparency import proofs
from core.audit.transparency.tree import Edge, Read, edge, edge_root, grow, leaf, node, root, span

LEAVES = tuple(leaf(b"%d" % number) for number in range(1200))
_, TILES = grow(Edge(), LEAVES)


def read(level: int, index: int) -> bytes:
    return TILES.get((level, index), b"")


def reference(leaves: tuple[bytes, ...]) -> bytes:
    """RFC 6962 2.1, word for word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else root(())
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(reference(leaves[:split]), reference(leaves[split:]))


sizes = st.integers(1, len(LEAVES))


@given(sizes)
def test_every_way_to_a_root_agrees_with_the_definition(size: int) -> None:
    expected = reference(LEAVES[:size])
    assert root(LEAVES[:size]) == span(read, 0, size) == edge_root(edge(size, read)) == expected


@given(st.lists(st.integers(0, 400), max_size=6))
def test_growing_in_slices_is_growing_at_once(cuts: list[int]) -> None:
    stored: dict[tuple[int, int], bytes] = {}
    grown, at = Edge(), 0
    for cut in cuts:
        grown, changed = grow(grown, LEAVES[at : at + cut])
        stored |= changed
        at = min(at + cut, len(LEAVES))
    whole, tiles = grow(Edge(), LEAVES[:at])
    assert grown == whole
    assert stored == tiles

    def stored_read(level: int, index: int) -> bytes:
        return stored.get((level, index), b"")

    reread: Read = stored_read
    assert edge(at, reread) == whole


@given(sizes, st.data())
def test_proofs_hold_and_for_nothing_else(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = proofs.inclusion(read, index, size)
    assert proofs.inclusion_root(index, size, LEAVES[index], path) == span(read, 0, size)
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index) | st.none())
    if other is not None:
        with contextlib.suppress(ValueError):
            assert proofs.inclusion_root(other, size, LEAVES[index], path) != span(read, 0, size)


@given(sizes, st.data())
def test_consistency_holds_and_no_changed_hash_passes(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    before, after = span(read, 0, old), span(read, 0, new)
    path = list(proofs.consistency(read, old, new))
    assert proofs.consistent(old, new, before, after, path)
    wrong = bytes(32)
    assert not proofs.consistent(old, new, wrong, after, path)
    assert not proofs.consistent(old, new, before, wrong, path)
    assert not proofs.consistent(old, new, before, after, [*path, wrong])
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        assert not proofs.consistent(old, new, before, after, path[:at] + path[at + 1 :])
        assert not proofs.consistent(old, new, before, after, [*path[:at], wrong, *path[at + 1 :]])
