"""Kinds of alterations of a stored log: rows, payloads, tiles and checkpoints, by who holds no key, or all of them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import orjson

from core.audit.body import parse
from core.audit.transparency import note
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.tree import HASH
from core.audit.verification.log import Stored
from tests.doubles import ORIGIN
from tests.logs import KEY, MemoryLog
from tests.mutations.texts import bit, edited, relined
from tests.mutations.world import NEXT, RETIRED, STRANGER, Said, World, resigned

OTHER = {
    "kind": ("call.intent", "call.outcome", "alert.raised"),
    "scope": ("call_x", None),
    "attempt": (0, 1, 2, None),
    "slot": (0, 1, 2, 3, None),
}


def row(dice: Random, world: World) -> Said:
    """A row's bytes are edited."""
    log = world.altered()
    at = dice.randrange(len(log.rows))
    log.rows[at] = log.rows[at]._replace(body=edited(dice, log.rows[at].body))
    return world.judged(log)


def column(dice: Random, world: World) -> Said:
    """A column no longer says what its row's bytes say."""
    log = world.altered()
    at, name = dice.randrange(len(log.rows)), dice.choice((*OTHER, "ts_ms", "sequence"))
    if name in {"ts_ms", "sequence"}:
        value = getattr(log.rows[at], name) + dice.choice((-1000, -1, 1, 7))
    else:
        value = dice.choice([one for one in OTHER[name] if one != getattr(log.rows[at], name)])
    log.rows[at] = log.rows[at]._replace(**{name: value})
    return world.judged(log)


def deleted(dice: Random, world: World) -> Said:
    """Rows are gone; now and then the gap is closed."""
    log = world.altered()
    at = dice.randrange(len(log.rows))
    del log.rows[at : at + dice.choice((1, 1, 2, 3, 10))]
    return world.judged(_numbered(dice, log))


def inserted(dice: Random, world: World) -> Said:
    """A row is put in: one that was there, edited or not."""
    log = world.altered()
    at, one = dice.randrange(len(log.rows)), dice.choice(log.rows)
    body = one.body if dice.random() < 1 / 2 else edited(dice, one.body)
    log.rows.insert(at, one._replace(body=body))
    return world.judged(_numbered(dice, log))


def reordered(dice: Random, world: World) -> Said:
    """Rows change places."""
    log = world.altered()
    at, other = dice.sample(range(len(log.rows)), 2)
    if dice.random() < 1 / 2:
        log.rows[at], log.rows[other] = log.rows[other], log.rows[at]
    else:
        log.rows.insert(other, log.rows.pop(at))
    return world.judged(_numbered(dice, log))


def truncated(dice: Random, world: World) -> Said:
    """The end is gone; now and then tiles and the count of them follow."""
    log = world.altered()
    size = dice.randrange(len(log.rows))
    del log.rows[size:]
    if dice.random() < 1 / 2:
        kept = log.notes
        resigned(log, sizes={})
        log.notes = kept
    return world.judged(log)


def payload(dice: Random, world: World) -> Said:
    """Two payloads change places, or one is edited, cut or gone."""
    log = world.altered()
    one, other = dice.sample(sorted(log.held), 2)
    match dice.randrange(4):
        case 0:
            log.held[one], log.held[other] = log.held[other], log.held[one]
        case 1:
            log.held[one] = edited(dice, log.held[one])
        case 2:
            log.held[one] = log.held[one][: dice.randrange(len(log.held[one]))]
        case _:
            del log.held[one]
    return world.judged(log)


def rolled_back(dice: Random, world: World) -> Said:
    """Everything is as it was at an earlier checkpoint, and true; copies kept elsewhere know of more."""
    log = world.altered()
    size = dice.choice(world.sizes[:-1])
    log.rows = log.rows[: size if dice.random() < 1 / 2 else dice.randrange(size, world.sizes[-1])]
    resigned(log, sizes={one: keys for one, keys in world.signers.items() if one <= size})
    return world.judged(log)


def rewritten(dice: Random, world: World) -> Said:
    """A row is edited and all hashes above are made anew; nobody signs, or a stranger does."""
    log = world.altered()
    _retold(dice, log, 0)
    kept = log.notes
    resigned(log, sizes=dict.fromkeys(world.sizes, (STRANGER,)))
    if dice.random() < 1 / 2:
        log.notes = [replace(old, root=new.root) for old, new in zip(kept, log.notes, strict=True)]
    return world.judged(log)


def resigned_now(dice: Random, world: World) -> Said:
    """Who holds every key rewrites a row and signs all anew: only the witness's copies tell."""
    log = world.altered()
    _retold(dice, log, 0)
    resigned(log, sizes=world.signers)
    return world.judged(log)


def unsigned(dice: Random, world: World) -> Said:
    """A row is edited and its hashes are made anew; the checkpoints are gone, and nobody kept one."""
    log = world.altered()
    _retold(dice, log, 0)
    resigned(log, sizes={})
    return world.judged(log, copies=False)


def two_stories(dice: Random, world: World) -> Said:
    """Who holds every key signs a body that two readers read differently; nobody kept a copy."""
    log = world.altered()
    at = dice.randrange(len(log.rows))
    body = log.rows[at].body
    name = dice.choice([key for key in parse(body) if key != "ts"])
    twice = b'{"%s":%s,' % (name.encode(), dice.choice((b'"x"', b"1", orjson.dumps(parse(body)[name]))))
    log.rows[at] = log.rows[at]._replace(body=twice + body[1:])
    resigned(log, sizes=world.signers)
    return world.judged(log, copies=False)


def retired(dice: Random, world: World) -> Said:
    """A key signs, alone or beside the right one, where it was not yet or is no longer in force."""
    log = world.altered()
    number = dice.randrange(len(log.notes))
    wrong = NEXT if number < RETIRED else KEY
    if dice.random() < 1 / 2:
        _retold(dice, log, world.sizes[number - 1] if number else 0)
    keys = (wrong,) if dice.random() < 1 / 2 else (wrong, *world.signers[world.sizes[number]])
    resigned(log, sizes={**world.signers, world.sizes[number]: keys})
    return world.judged(log, copies=False)


def key_id(dice: Random, world: World) -> Said:
    """A signature stands under another key's id or name."""
    log = world.altered()
    number = dice.randrange(len(log.notes))
    parsed = note.parse(log.notes[number].note)
    (one,) = parsed.signatures
    ids = (dice.randbytes(4), note.public(ORIGIN, KEY).id, note.public(ORIGIN, NEXT).id, one.id[:3] + dice.randbytes(1))
    other = dice.choice([known for known in ids if known != one.id])
    name = dice.choice((one.name, one.name, one.name + "/2"))
    raw = f"{parsed.text}\n{note.line(name, other + one.blob)}".encode()
    log.notes[number] = replace(log.notes[number], note=raw)
    return world.judged(log)


def checkpoint_bytes(dice: Random, world: World) -> Said:
    """A stored checkpoint's note is edited, byte by byte or line by line, or its columns are."""
    log = world.altered()
    number = dice.randrange(len(log.notes))
    held = log.notes[number]
    match dice.randrange(5):
        case 0:
            held = replace(held, root=bit(dice, held.root))
        case 1:
            held = replace(held, size=max(0, held.size + dice.choice((-1, 1, 50))))
        case 2:
            held = replace(held, note=relined(dice, held.note))
        case _:
            held = replace(held, note=edited(dice, held.note))
    log.notes[number] = held
    return world.judged(log)


def spliced(dice: Random, world: World) -> Said:
    """Checkpoints change places, or one has the text of another and its own signature."""
    log = world.altered()
    one, other = dice.sample(range(len(log.notes)), 2)
    first, second = log.notes[one], log.notes[other]
    if dice.random() < 1 / 2:
        log.notes[one] = replace(first, note=second.note, cosignatures=second.cosignatures)
    else:
        text, _, _ = second.note.partition(b"\n\n")
        _, _, lines = first.note.partition(b"\n\n")
        log.notes[one] = replace(first, note=text + b"\n\n" + lines)
    return world.judged(log)


def foreign(dice: Random, world: World) -> Said:
    """The checkpoint of another log stands here, signed by the same key under this log's name or its own."""
    log = world.altered()
    number = dice.randrange(len(log.notes))
    held = log.notes[number]
    said = Checkpoint(origin=dice.choice((f"{ORIGIN}/2", "other.example/log")), size=held.size, root=held.root)
    name = dice.choice((ORIGIN, said.origin))
    log.notes[number] = replace(held, note=note.sign(said.text, name, *world.signers[held.size]), cosignatures=())
    return world.judged(log, copies=dice.random() < 1 / 2)


def cosignature(dice: Random, world: World) -> Said:
    """A witness's line is edited, or stands under another checkpoint."""
    log = world.altered()
    one, other = dice.sample(range(len(log.notes)), 2)
    (line,) = log.notes[one].cosignatures
    blob = line.decode().rstrip("\n").rpartition(" ")[2]
    raw = note.unbase64(blob)
    wrong = raw[:4] + bit(dice, raw[4:])
    changed = log.notes[other].cosignatures[0] if dice.random() < 1 / 2 else note.line(_name(line), wrong).encode()
    log.notes[one] = replace(log.notes[one], cosignatures=(changed,))
    return world.judged(log)


def _name(line: bytes) -> str:
    return line.decode().split(" ")[1]


def tile(dice: Random, world: World) -> Said:
    """A tile is edited, cut, longer, empty, gone, or another's."""
    log = world.altered()
    one = dice.choice(sorted(log.tiles))
    held = log.tiles[one]
    match dice.randrange(6):
        case 0:
            log.tiles[one] = bit(dice, held)
        case 1:
            log.tiles[one] = held[: HASH * dice.randrange(len(held) // HASH)]
        case 2:
            log.tiles[one] = held + dice.randbytes(HASH)
        case 3:
            log.tiles[one] = bytes(len(held))
        case 4:
            del log.tiles[one]
        case _:
            pieces = [held[at : at + HASH] for at in range(0, len(held), HASH)]
            first, second = dice.randrange(len(pieces)), dice.randrange(len(pieces))
            pieces[first], pieces[second] = pieces[second], pieces[first]
            log.tiles[one] = b"".join(pieces)
    return world.judged(log)


def _numbered(dice: Random, log: MemoryLog) -> MemoryLog:
    """Close gaps, or leave them."""
    if dice.random() < 1 / 2:
        log.rows = [one._replace(sequence=number) for number, one in enumerate(log.rows)]
    return log


def _retold(dice: Random, log: MemoryLog, start: int) -> None:
    """Edit a row so that it still is a body of its kind: another boot id, which nothing else depends on."""
    at = dice.randrange(start, len(log.rows) - 1)
    held: Stored = log.rows[at]
    body = {**parse(held.body), "boot": f"b{dice.randrange(10**6)}"}
    log.rows[at] = held._replace(body=orjson.dumps(body, option=orjson.OPT_SORT_KEYS))


KINDS = (
    row,
    column,
    deleted,
    inserted,
    reordered,
    truncated,
    payload,
    rolled_back,
    rewritten,
    resigned_now,
    unsigned,
    two_stories,
    retired,
    key_id,
    checkpoint_bytes,
    spliced,
    foreign,
    cosignature,
    tile,
)
