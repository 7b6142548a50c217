"""The Merkle tree of RFC 6962 section 2.1 kept as C2SP tiles: growing it, its root, hashes of its ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias, final

HASH: Final = 32
WIDTH: Final = 256  # hashes of a full tile (C2SP tlog-tiles)
LEVEL_BITS: Final = 8
EMPTY: Final = sha256(b"").digest()

# (level, index) -> the tile's bytes as far as they exist; absent tiles are empty.
Read: TypeAlias = Callable[[int, int], bytes]


def leaf(body: bytes) -> bytes:
    """Hash an Entry's exact bytes (RFC 6962 2.1: 0x00)."""
    return sha256(b"\x00" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees (RFC 6962 2.1: 0x01)."""
    return sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Return the tree hash over leaf hashes in order."""
    if not hashes:
        return EMPTY
    stack: list[tuple[int, bytes]] = []  # perfect subtrees: (number of leaves, hash)
    for one in hashes:
        stack.append((1, one))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (_, right), (size, left) = stack.pop(), stack.pop()
            stack.append((2 * size, node(left, right)))
    return _fold([one for _, one in stack])


def _fold(subtrees: list[bytes]) -> bytes:
    """Join perfect subtrees of falling size from the right."""
    joined = subtrees[-1]
    for one in reversed(subtrees[:-1]):
        joined = node(one, joined)
    return joined


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The right edge of a tree: its size and, per level, the last tile while it is not full."""

    size: int = 0
    partial: tuple[bytes, ...] = ()


def edge(size: int, read: Read) -> Edge:
    """Load the right edge of a tree of this size from its tiles.

    Raises: ValueError when a tile that must exist is shorter.
    """
    partial: list[bytes] = []
    level = 0
    while size >> (LEVEL_BITS * level):
        count = size >> (LEVEL_BITS * level)
        width = count % WIDTH
        held = read(level, count // WIDTH)[: width * HASH] if width else b""
        if len(held) != width * HASH:
            raise ValueError(f"tile {level}/{count // WIDTH} is too short")
        partial.append(held)
        level += 1
    return Edge(size=size, partial=tuple(partial))


def grow(old: Edge, leaves: Iterable[bytes]) -> tuple[Edge, dict[tuple[int, int], bytes]]:
    """Append leaf hashes; return the new edge and every tile that changed, whole (a partial one is never hashed up)."""
    partial = list(old.partial)
    changed: dict[tuple[int, int], bytes] = {}
    size = old.size
    for one in leaves:
        size += 1
        _push(partial, changed, size, one)
    for level, held in enumerate(partial):
        if held:
            changed[level, (size >> (LEVEL_BITS * level)) // WIDTH] = held
    return Edge(size=size, partial=tuple(partial)), changed


def _push(partial: list[bytes], changed: dict[tuple[int, int], bytes], size: int, one: bytes) -> None:
    level = 0
    while True:
        if level == len(partial):
            partial.append(b"")
        partial[level] += one
        if len(partial[level]) < WIDTH * HASH:
            return
        full = partial[level]
        changed[level, (size >> (LEVEL_BITS * level)) // WIDTH - 1] = full
        partial[level] = b""
        one = root(split(full))
        level += 1


def split(tile: bytes) -> list[bytes]:
    """Cut a tile into its hashes."""
    return [tile[at : at + HASH] for at in range(0, len(tile), HASH)]


def edge_root(of: Edge) -> bytes:
    """Return the root of the tree whose right edge this is."""
    levels = [root_parts(split(held)) for held in reversed(of.partial)]
    subtrees = [one for level in levels for one in level]
    return _fold(subtrees) if subtrees else EMPTY


def root_parts(hashes: list[bytes]) -> list[bytes]:
    """Return the roots of the perfect subtrees of falling size that hashes make up."""
    parts: list[bytes] = []
    start, left = 0, len(hashes)
    while left:
        size = 1 << (left.bit_length() - 1)
        parts.append(root(hashes[start : start + size]))
        start, left = start + size, left - size
    return parts


def span(read: Read, start: int, end: int) -> bytes:
    """Return the tree hash of leaves start..end-1, where start is a multiple of the largest power of two within.

    Raises: ValueError when a tile that must exist is shorter.
    """
    parts: list[bytes] = []
    while start < end:
        height = (end - start).bit_length() - 1
        if start:
            height = min(height, (start & -start).bit_length() - 1)
        parts.append(_perfect(read, height, start >> height))
        start += 1 << height
    return _fold(parts) if parts else EMPTY


def _perfect(read: Read, height: int, index: int) -> bytes:
    """Return the hash of the perfect subtree of 2^height leaves number `index`."""
    level, rest = divmod(height, LEVEL_BITS)
    first, count = index << rest, 1 << rest
    tile = read(level, first // WIDTH)
    held = tile[(first % WIDTH) * HASH : (first % WIDTH + count) * HASH]
    if len(held) != count * HASH:
        raise ValueError(f"tile {level}/{first // WIDTH} is too short")
    return root(split(held))
