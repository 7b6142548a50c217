"""The Merkle tree of RFC 6962 section 2.1 kept as C2SP tiles: growing it, its root, hashes of its ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias, final

HASH: Final = 32
WIDTH: Final = 256  # hashes of a full tile (C2SP tlog-tiles)
LEVEL_BITS: Final = 8
TILE: Final = WIDTH * HASH  # bytes of a full tile
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
    """Return the tree hash over leaf hashes in order: level by level, a last one without a pair goes up as it is."""
    level = list(hashes)
    while len(level) > 1:
        alone = level[-1:] if len(level) % 2 else []
        level = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        level += alone
    return level[0] if level else EMPTY


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
    partial, changed = list(old.partial), dict[tuple[int, int], bytes]()
    hashes, level = list(leaves), 0
    size = old.size + len(hashes)
    while hashes:
        held = partial[level] if level < len(partial) else b""
        cut = tuple(_cut(held + b"".join(hashes)))
        first = (old.size >> (LEVEL_BITS * level)) // WIDTH
        changed.update(((level, first + number), tile) for number, tile in enumerate(cut) if tile)
        partial[level : level + 1] = cut[-1:]
        hashes, level = [root(split(tile)) for tile in cut[:-1]], level + 1
    return Edge(size=size, partial=tuple(partial)), changed


def _cut(hashes: bytes) -> Iterator[bytes]:
    """Cut joined hashes into full tiles and, last, what is left over: perhaps nothing."""
    whole = len(hashes) - len(hashes) % TILE
    yield from (hashes[at : at + TILE] for at in range(0, whole, TILE))
    yield hashes[whole:]


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
