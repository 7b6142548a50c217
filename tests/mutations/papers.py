"""Kinds of alterations of proofs that an auditor holds: bits, bytes, lines, spellings, and pieces of other proofs."""

from __future__ import annotations

import base64
from random import Random

from core.audit.transparency import checkpoint, note, proofs
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.tree import EMPTY, span
from tests.doubles import ORIGIN
from tests.logs import KEY
from tests.mutations.texts import bit, edited, relined
from tests.mutations.world import NEXT, STRANGER, Said, World, cosigned

BREAKS = ("\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", " \n", "\n\n")
DIGITS = str.maketrans("0123456789", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19")


def bits(dice: Random, world: World) -> Said:
    """One bit of an Entry or of its proof is flipped."""
    one = dice.choice(world.proofs)
    if dice.random() < len(one.entry) / (len(one.entry) + len(one.raw)):
        return world.proven(one, bit(dice, one.entry), one.raw)
    return world.proven(one, one.entry, bit(dice, one.raw))


def bytes_(dice: Random, world: World) -> Said:
    """Bytes are deleted, inserted, doubled, swapped or cut out."""
    one = dice.choice(world.proofs)
    if dice.random() < 1 / 3:
        return world.proven(one, edited(dice, one.entry), one.raw)
    return world.proven(one, one.entry, edited(dice, one.raw))


def lines(dice: Random, world: World) -> Said:
    """Lines are deleted, doubled, swapped, inserted or joined."""
    one = dice.choice(world.proofs)
    return world.proven(one, one.entry, relined(dice, one.raw))


def pieces(dice: Random, world: World) -> Said:
    """Of two proofs one has the other's Entry, index, path or checkpoint; or stands under an earlier checkpoint."""
    one, other = dice.sample(world.proofs, 2)
    head, _, tail = one.raw.partition(b"\n\n")
    first, index, *path = head.split(b"\n")
    _, their_index, *their_path = other.raw.partition(b"\n\n")[0].split(b"\n")
    earlier = dice.choice(world.log.notes[-2:-1])
    match dice.randrange(4):
        case 0:
            return world.proven(one, other.entry, one.raw)
        case 1:
            head = b"\n".join((first, their_index, *path))
        case 2:
            head = b"\n".join((first, index, *their_path))
        case _:
            tail = earlier.note + b"".join(earlier.cosignatures)
    return world.proven(one, one.entry, head + b"\n\n" + tail)


def spellings(dice: Random, world: World) -> Said:
    """Another spelling of the same: tail bits of base64, signs, zeros, other digits, other ends of lines, a BOM."""
    one = dice.choice(world.proofs)
    text = one.raw.decode()
    ends = [at for at, letter in enumerate(text) if letter == "\n"]
    match dice.randrange(5):
        case 0:
            text = _tail(dice, text)
        case 1:
            text = _number(dice, text)
        case 2:
            at = dice.choice(ends)
            text = text[:at] + dice.choice(BREAKS) + text[at + 1 :]
        case 3:
            text = dice.choice(("\ufeff" + text, text[:-1], text + "\n", " " + text, text + " "))
        case _:
            at = dice.choice([at for at, letter in enumerate(text) if letter == "="])
            text = text[:at] + dice.choice(("", "==", "A=", " =", "\t=")) + text[at + 1 :]
    return world.proven(one, one.entry, text.encode())


def _tail(dice: Random, text: str) -> str:
    """Set bits of a base64 value that decode to nothing."""
    at = dice.choice([at for at in range(1, len(text)) if text[at] == "=" and text[at - 1] not in "=\n"])
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    value = letters.index(text[at - 1]) | dice.choice((1, 2, 3))
    return text[: at - 1] + letters[value] + text[at:]


def _number(dice: Random, text: str) -> str:
    """Spell the index, or the size, as int() takes it too."""
    rows = text.split("\n")
    places = [(at, row.split(" ")[-1]) for at, row in enumerate(rows) if row.split(" ")[-1].isdecimal()]
    at, digits = dice.choice(places)
    other = (f"+{digits}", f"0{digits}", f" {digits}", f"{digits} ", digits.translate(DIGITS), f"{digits}.0")
    forms = (*other, f"{digits[0]}_{digits[1:]}") if len(digits) > 1 else other
    rows[at] = rows[at][: len(rows[at]) - len(digits)] + dice.choice(forms)
    return "\n".join(rows)


def paths(dice: Random, world: World) -> Said:
    """A path is longer, shorter, empty, turned round, or of hashes of another length."""
    one = dice.choice(world.proofs)
    head, _, tail = one.raw.partition(b"\n\n")
    first, index, *path = head.split(b"\n")
    match dice.randrange(6):
        case 0:
            path.append(base64.b64encode(dice.choice((dice.randbytes(32), EMPTY))))
        case 1:
            del path[dice.randrange(len(path)) :]
        case 2:
            path.insert(dice.randrange(len(path)), base64.b64encode(dice.randbytes(32)))
        case 3:
            path = path[::-1]
        case 4:
            at = dice.randrange(len(path))
            path[at] = base64.b64encode(base64.b64decode(path[at])[: dice.randrange(1, 32)])
        case _:
            path += [path[-1]] * dice.choice((1, 2, 70))
    return world.proven(one, one.entry, b"\n".join((first, index, *path)) + b"\n\n" + tail)


def keys(dice: Random, world: World) -> Said:
    """A checkpoint of the same root is signed by another key, under another origin, or with a known line that fails."""
    one = dice.choice(world.proofs)
    head, _, tail = one.raw.partition(b"\n\n")
    said = checkpoint.read(tail)
    parsed = note.parse(tail)
    log, witness = (note.line(each.name, each.id + each.blob) for each in parsed.signatures)
    match dice.randrange(6):
        case 0:
            made = checkpoint.signed(said, dice.choice((KEY, STRANGER)))
        case 1:
            other = Checkpoint(origin=f"{ORIGIN}/2", size=said.size, root=said.root)
            made = note.sign(other.text, dice.choice((ORIGIN, other.origin)), NEXT)
        case 2:
            made = f"{parsed.text}\n{_spoilt(dice, log)}{witness}".encode()
        case 3:
            made = f"{parsed.text}\n{log}{_spoilt(dice, witness)}".encode()
        case 4:
            made = f"{parsed.text}\n{witness}".encode()
        case _:
            other = Checkpoint(origin=said.origin, size=said.size + dice.choice((-1, 1)), root=said.root)
            made = f"{other.text}\n{log}".encode() + cosigned(tail)
    return world.proven(one, one.entry, head + b"\n\n" + made)


def _spoilt(dice: Random, line: str) -> str:
    """Change a signature and leave whose it is."""
    name, _, encoded = line.removeprefix(note.DASH).rstrip("\n").partition(" ")
    raw = base64.b64decode(encoded)
    return note.line(name, raw[:4] + bit(dice, raw[4:]))


def consistency(dice: Random, world: World) -> Said:
    """A proof that one tree begins another is edited, or is of other trees."""
    tile = world.log.tile
    old, new = sorted(dice.sample(range(1, world.log.edge.size + 1), 2))
    path = list(proofs.consistency(tile, old, new))
    before, after = _root(world, old), _root(world, new)
    match dice.randrange(7):
        case 0 if path:
            at = dice.randrange(len(path))
            path[at] = bit(dice, path[at])
        case 1 if path:
            del path[dice.randrange(len(path))]
        case 2:
            path.insert(dice.randrange(len(path) + 1), dice.choice((dice.randbytes(32), before, after)))
        case 3:
            before = bit(dice, before)
        case 4:
            after = bit(dice, after)
        case 5:
            # Not (old, new + 1): a path tells no size, that is what the signed pair of size and root is for.
            old, new = dice.choice(((new, old), (old, old), (new, new), (0, new)))
        case _:
            before, after = after, before
    return Said.MISSED if proofs.consistent(old, new, before, after, path) else Said.FOUND


def _root(world: World, size: int) -> bytes:
    return span(world.log.tile, 0, size)


KINDS = (bits, bytes_, lines, pieces, spellings, paths, keys, consistency)
