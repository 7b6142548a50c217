"""Changes of bytes and lines that every kind draws from: what a slip, a copy or a clever hand may do to a text."""

from __future__ import annotations

from random import Random


def bit(dice: Random, raw: bytes) -> bytes:
    """Flip one bit."""
    made = bytearray(raw)
    made[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return bytes(made)


def edited(dice: Random, raw: bytes) -> bytes:
    """Flip, set, delete, insert, double or swap bytes, or cut a piece out."""
    at = dice.randrange(len(raw))
    other = dice.randrange(len(raw))
    low, high = min(at, other), max(at, other)
    match dice.randrange(7):
        case 0:
            return bit(dice, raw)
        case 1:
            return raw[:at] + dice.randbytes(1) + raw[at + 1 :]
        case 2:
            return raw[:at] + raw[at + 1 :]
        case 3:
            return raw[:at] + dice.randbytes(1) + raw[at:]
        case 4:
            return raw[: at + 1] + raw[at:]
        case 5:
            return raw[:low] + raw[high : high + 1] + raw[low + 1 : high] + raw[low : low + 1] + raw[high + 1 :]
        case _:
            return raw[:low] + raw[min(high, low + 40) :]


def relined(dice: Random, raw: bytes) -> bytes:
    """Delete, double, swap, insert or join lines."""
    lines = raw.split(b"\n")
    at, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    match dice.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(other, lines[at])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines.insert(at, dice.choice((b"", b" ", b"index 1", b"AAAA", dice.randbytes(12).replace(b"\n", b""))))
        case _:
            lines[at : at + 2] = [b"".join(lines[at : at + 2])]
    return b"\n".join(lines)
