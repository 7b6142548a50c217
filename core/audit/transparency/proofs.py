"""Inclusion and consistency proofs of RFC 9162 section 2.1: made from tiles, checked from nothing but their bytes."""

from __future__ import annotations

from collections.abc import Sequence

from core.audit.transparency.tree import HASH, Read, node, span


def inclusion(read: Read, index: int, size: int) -> tuple[bytes, ...]:
    """Prove that leaf `index` stands in the tree of `size` (RFC 9162 2.1.3.1).

    Raises: ValueError for an index outside of it.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(span(read, middle, end))
            end = middle
        else:
            path.append(span(read, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency(read: Read, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that the tree of `old` is the beginning of that of `new` (RFC 9162 2.1.4.1).

    Raises: ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"no tree of {new} begins with {old}")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(span(read, middle, end))
            end = middle
        else:
            path.append(span(read, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(span(read, start, end))
    return tuple(reversed(path))


def _split(size: int) -> int:
    """Return the largest power of two below size."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_root(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion proof leads to (RFC 9162 2.1.3.2).

    Raises: ValueError for a path that is too long, too short or not made of hashes.
    """
    if not 0 <= index < size:
        raise ValueError("index outside of the tree")
    _hashes(leaf, *path)
    first, second = index, size - 1
    for one in path:
        if second == 0:
            raise ValueError("the path is too long")
        left = first & 1 or first == second
        leaf = node(one, leaf) if left else node(leaf, one)
        first, second = _climb(first, second)
    if second:
        raise ValueError("the path is too short")
    return leaf


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Check a consistency proof (RFC 9162 2.1.4.2): the tree of `old` is the beginning of that of `new`."""
    if any(len(one) != HASH for one in (old_root, new_root, *path)):
        return False
    if old == new:
        return not path and old_root == new_root
    return 0 < old < new and bool(path) and _leads(old, new, old_root, new_root, path)


def _leads(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Walk a path of at least one hash between two trees of different size."""
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    first, second = old - 1, new - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    before = after = steps[0]
    for one in steps[1:]:
        if second == 0:
            return False
        left = first & 1 or first == second
        before, after = (node(one, before), node(one, after)) if left else (before, node(after, one))
        first, second = _climb(first, second)
    return second == 0 and before == old_root and after == new_root


def _climb(first: int, second: int) -> tuple[int, int]:
    """Go one level up; past levels where the node stands alone on the right edge."""
    if first & 1 or first == second:
        while first and not first & 1:
            first, second = first >> 1, second >> 1
    return first >> 1, second >> 1


def _hashes(*ones: bytes) -> None:
    if any(len(one) != HASH for one in ones):
        raise ValueError("a hash is not 32 bytes")
