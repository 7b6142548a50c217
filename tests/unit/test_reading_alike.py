"""What is agreed on one read holds for its like: nothing that was read hangs on a constant, or it is read anew."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from core.catalog import Protection, Snapshot
from core.classify.postgres import Parsed, Witnessed, parse, witness
from core.classify.postgres.agreed import Agreed, Likes
from core.classify.postgres.kept import Kept
from core.classify.postgres.tree.census import REGCLASS
from core.classify.postgres.tree.read import DUMP_BYTES, FOLD, skeleton
from core.model import Unreadable
from tests.unit.catalogs import snapshot, table
from tests.unit.test_classify_postgres import DUMP

SEQUENCES = (table(16384, "care.first", "id int", kind="S"), table(16385, "care.second", "id int", kind="S"))
SNAPSHOT = snapshot(*SEQUENCES)
PROTECTION = Protection(tags={}, tainted=frozenset(), closed={}, version="1")


class Room:
    """Reads with and without what was agreed before, and counts what is agreed anew."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.likes = Likes(Kept[Agreed](1 << 24))
        self.agreed = 0
        inner = Agreed

        def counted(parsed: Parsed, dump: str, known: Snapshot, protection: Protection) -> Agreed:
            self.agreed += 1
            return inner(parsed, dump, known, protection)

        monkeypatch.setattr(import_module("core.classify.postgres.witness"), "Agreed", counted)

    def read(
        self, text: str, dump: str, known: Snapshot = SNAPSHOT, protection: Protection = PROTECTION
    ) -> tuple[Witnessed, int]:
        """Read a text, just as without a memory; how often both witnesses were compared for it."""
        parsed = parse(text)
        assert isinstance(parsed, Parsed), parsed
        alone = witness(parsed, dump, known, protection)
        before = self.agreed
        found = witness(parsed, dump, known, protection, self.likes)
        assert found == alone
        assert isinstance(found, Witnessed)
        return found, self.agreed - before


def dumped(value: int, consttype: int = 23, title: str = "a") -> str:
    """Give the dump of `SELECT <value> AS a`."""
    octets = " ".join(str(octet - 256 if octet > 127 else octet) for octet in value.to_bytes(8, "little"))
    said = DUMP.replace(":consttype 23", f":consttype {consttype}").replace(":resname a", f":resname {title}")
    return said.replace("[ 1 0 0 0 0 0 0 0 ]", f"[ {octets} ]")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


def test_texts_that_differ_in_constants_alone_are_agreed_on_once(room: Room) -> None:
    found = [room.read(f"SELECT {number} AS a", dumped(number)) for number in (1, 200, 30, 4, 5)]
    assert [times for _, times in found] == [1, 1, 0, 0, 0]
    assert len({witnessed.reading.tree for witnessed, _ in found}) == 5  # each stands on its own dump
    assert found[-1][0].reading.text == "SELECT 5 AS a"


def test_a_reading_that_looks_at_a_constant_is_made_anew(room: Room) -> None:
    for oid, name in ((16384, "care.first"), (16385, "care.second")) * 2:
        found, times = room.read(f"SELECT {oid}::regclass AS a", dumped(oid, REGCLASS))
        assert {pair.thing.name for pair in found.reading.pairs} == {name}
        assert times == 1


def test_another_name_in_the_dump_another_text_and_other_ground_are_agreed_on_anew(room: Room) -> None:
    for number in (1, 2, 3):
        room.read(f"SELECT {number} AS a", dumped(number))
    assert room.read("SELECT 4 AS b", dumped(4, title="b"))[1] == 1
    assert room.read("SELECT 4 AS a", dumped(4), known=replace(SNAPSHOT, role="other"))[1] == 1
    assert room.read("SELECT 4 AS a", dumped(4), protection=replace(PROTECTION, version="2"))[1] == 1


def test_what_the_parser_saw_otherwise_is_held_against_the_tree_anew(room: Room) -> None:
    for number in (1, 2, 3):
        room.read(f"SELECT {number} AS a", dumped(number))
    parsed = parse("SELECT 4 FROM care.first")  # the server's tree has no such relation
    assert isinstance(parsed, Parsed)
    found = witness(parsed, dumped(4), SNAPSHOT, PROTECTION, room.likes)
    assert isinstance(found, Unreadable)
    assert found == witness(parsed, dumped(4), SNAPSHOT, PROTECTION)


def test_what_looks_at_the_text_itself_is_not_remembered() -> None:
    parsed = parse("SELECT 1 AS a")
    assert isinstance(parsed, Parsed)
    agreed = Agreed(parsed, dumped(1), SNAPSHOT, PROTECTION)
    assert agreed.blind
    assert "1" in str(agreed._watched.text)
    assert not agreed.blind


def test_one_reading_at_a_time_goes_by_what_was_agreed(room: Room) -> None:
    for number in (1, 2, 3):
        room.read(f"SELECT {number} AS a", dumped(number))
    parsed, bones = parse("SELECT 4 AS a"), skeleton(dumped(4))
    assert isinstance(parsed, Parsed)
    assert bones is not None
    known = room.likes.get(bones, parsed, SNAPSHOT, PROTECTION)
    assert known is not None
    with known.lock:
        assert room.read("SELECT 4 AS a", dumped(4))[1] == 1


@pytest.mark.parametrize("dump", [dumped(1, title="a\\ b"), dumped(1, title="a" * FOLD), " " * (DUMP_BYTES + 1)])
def test_a_dump_whose_words_may_be_cut_otherwise_has_no_skeleton(dump: str) -> None:
    assert skeleton(dump) is None


def test_a_skeleton_holds_every_octet_but_those_of_constants() -> None:
    first = skeleton(dumped(1))
    assert first is not None
    assert first == skeleton(dumped(200))
    assert first == skeleton(dumped(1).replace(" :querySource", "\n:querySource"))
    for field in (":location 7", ":consttype 23", ":constisnull false", ":stmt_len 0", ":resname a"):
        assert skeleton(dumped(1).replace(field, field[:-1] + "9")) != first
