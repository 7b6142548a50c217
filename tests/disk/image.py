"""What a disk holds after the power went at one moment: what was synced, and of the rest what chance left of it.

A write that no sync followed is there, is not, or is there in pieces of 512 bytes, and later ones without earlier ones.
A file's name is there once the file or its folder was synced (ext4, XFS); a renaming and a removal once the folder was.
A sync that failed leaves nothing of what waited for it: Linux marks such pages clean.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

SECTOR: Final = 512
FIXED: Final = struct.Struct("<QQ")


@dataclass(frozen=True)
class Step:
    """One record of the shim."""

    letter: str
    path: str
    number: int
    data: bytes


def steps(record: Path) -> Iterator[Step]:
    """Read a record."""
    raw, at = record.read_bytes(), 0
    while at < len(raw):
        letter = chr(raw[at])
        (length,) = struct.unpack_from("<H", raw, at + 1)
        path = raw[at + 3 : at + 3 + length].decode()
        number, many = FIXED.unpack_from(raw, at + 3 + length)
        at += 3 + length + FIXED.size
        yield Step(letter, path, number, raw[at : at + many])
        at += many


@dataclass
class Held:
    """A file: what is durable, and what waits for a sync."""

    content: bytearray = field(default_factory=bytearray)
    waiting: list[Step] = field(default_factory=list)
    named: bool = False

    def apply(self, step: Step) -> None:
        """Change what is durable."""
        if step.letter == "W":
            self.content.extend(bytes(max(0, step.number + len(step.data) - len(self.content))))
            self.content[step.number : step.number + len(step.data)] = step.data
        else:
            size = step.number
            del self.content[size:]
            self.content.extend(bytes(size - len(self.content)))

    def sync(self) -> None:
        """Everything that waits is durable now."""
        for step in self.waiting:
            self.apply(step)
        self.waiting.clear()
        self.named = True


@dataclass
class Disk:
    """Files by name, and names that wait for their folder."""

    files: dict[str, Held] = field(default_factory=dict)
    names: list[Step] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Take one record."""
        match step.letter:
            case "W" | "T" | "O":
                self.files.setdefault(step.path, Held()).waiting.append(step)
            case "S" if step.path in self.files:
                self.files[step.path].sync()
            case "S":
                self._folder(step.path)
            case "E" if step.path in self.files:
                self.files[step.path].waiting.clear()
            case "U" | "R":
                self.names.append(step)
            case _:
                pass

    def _folder(self, path: str) -> None:
        for step in [one for one in self.names if one.path.rpartition("/")[0] == path]:
            self.names.remove(step)
            self._name(step)
        for name, held in self.files.items():
            held.named = held.named or name.rpartition("/")[0] == path

    def _name(self, step: Step) -> None:
        held = self.files.pop(step.path, None)
        if step.letter == "R" and held is not None:
            self.files[step.data.decode()] = held

    def cut(self, dice: Random) -> dict[str, bytes]:
        """Let the power go; return what is found afterwards, by name."""
        for step in self.names:
            if dice.random() < 1 / 2:
                self._name(step)
        found: dict[str, bytes] = {}
        for name, held in self.files.items():
            for step in _left(dice, held.waiting):
                held.apply(step)
            if held.named or dice.random() < 1 / 2:
                found[name] = bytes(held.content)
        return found


def _left(dice: Random, waiting: Sequence[Step]) -> Iterator[Step]:
    """Of what waits keep some, in any order, and some of it torn."""
    chosen = [step for step in waiting if dice.random() < 1 / 2]
    if dice.random() < 1 / 2:
        dice.shuffle(chosen)
    for step in chosen:
        if step.letter != "W" or dice.random() < 1 / 2:
            yield step
            continue
        for at in range(0, len(step.data), SECTOR):
            if dice.random() < 1 / 2:
                yield Step("W", step.path, step.number + at, step.data[at : at + SECTOR])


def image(record: Sequence[Step], moment: int, dice: Random) -> tuple[dict[str, bytes], int]:
    """Return what is found when the power goes after so many records, and the last number acknowledged before."""
    disk, last = Disk(), -1
    for step in record[:moment]:
        disk.take(step)
        last = max(last, step.number) if step.letter == "A" else last
    return disk.cut(dice), last


def laid(found: dict[str, bytes], root: Path, to: Path) -> None:
    """Lay files out below another folder, private as they were."""
    for name, content in found.items():
        path = to / Path(name).relative_to(root)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)
