"""What is kept of earlier readings: for the very same bytes, role, catalogs and tags, and never too much of it."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from core.catalog import Protection, Snapshot
from core.classify.postgres import Memory, Parsed, Witnessed
from core.classify.postgres.kept import LARGEST, ONCE, Kept
from core.connectors.postgres.rooms import LONG, ROOMS
from core.model import Dialect, Doubt, Pair, Parameters, Reading, Thing, Unreadable, Verb
from tests.unit.catalogs import snapshot, table

TEXT = "SELECT id AS a, plan AS b FROM care.member"
SWAPPED = "SELECT id AS b, plan AS a FROM care.member"  # libpg_query gives both one fingerprint
DUMP = "({QUERY :commandType 1})"
SNAPSHOT = snapshot(table(16384, "care.member", "id int, plan text"))
PROTECTION = Protection(tags={}, tainted=frozenset(), closed={}, version="1")


class Room:
    """Reads whatever it is given, and remembers having done so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, str]] = []
        self.memory = Memory(self.witness)

    @classmethod
    def knowing(cls) -> Room:
        """Keep the reading of TEXT: it came twice."""
        room = cls()
        assert room.read() is not room.read()
        assert room.read() is room.read()
        return room

    def witness(self, parsed: Parsed, dump: str, known: Snapshot, protection: Protection) -> Witnessed | Unreadable:
        self.asked.append((parsed.text, dump, known.role, protection.version))
        reading = Reading(
            dialect=Dialect.POSTGRES,
            statement=parsed.text,
            text=parsed.text,
            pairs=frozenset({Pair(thing=Thing(kind="table", name="care.member"), verb=Verb.READ)}),
            notes=(dump, known.role, protection.version),
        )
        return Witnessed(reading=reading, closure=frozenset(), index_scans_off=False)

    def read(
        self,
        text: str = TEXT,
        dump: str = DUMP,
        known: Snapshot = SNAPSHOT,
        protection: Protection = PROTECTION,
        parameters: Parameters = (),
    ) -> Reading:
        parsed = self.memory.parse(text, parameters)
        assert isinstance(parsed, Parsed), parsed
        found = self.memory.witness(parsed, dump, known, protection)
        assert isinstance(found, Witnessed)
        return found.reading


def test_the_same_bytes_are_read_twice_and_never_again() -> None:
    room = Room.knowing()
    room.read()
    assert len(room.asked) == 2


def test_what_came_once_takes_no_room() -> None:
    kept = Kept[str](LARGEST * 10)
    kept.keep("first", "answer", 1)
    for number in range(ONCE):
        kept.keep(number, "answer", 10)
    assert kept.get("first") is None
    assert not any(kept.get(number) for number in range(ONCE))
    kept.keep("first", "answer", 1)  # so long ago that nobody knows
    assert kept.get("first") is None
    kept.keep("first", "answer", 1)
    assert kept.get("first") == "answer"


def test_two_texts_of_one_fingerprint_in_a_row_are_read_each_as_itself() -> None:
    room = Room.knowing()
    assert [room.read(text).statement for text in (TEXT, SWAPPED, TEXT)] == [TEXT, SWAPPED, TEXT]


@pytest.mark.parametrize("dump", [DUMP + " ", DUMP.replace("1", "2")])
def test_another_dump_of_the_same_text_is_read_anew(dump: str) -> None:
    room = Room.knowing()
    assert room.read() != room.read(dump=dump)


def test_another_roles_catalogs_are_read_anew() -> None:
    room = Room.knowing()
    assert room.read() != room.read(known=replace(SNAPSHOT, role="other"))


def test_other_tags_are_read_anew() -> None:
    room = Room.knowing()
    assert room.read() != room.read(protection=replace(PROTECTION, version="2"))


def test_a_load_that_came_between_leaves_nothing() -> None:
    room = Room.knowing()
    room.read(known=replace(SNAPSHOT, role="other"))
    room.read()
    assert len(room.asked) == 4


def test_as_many_parameters_or_another_text() -> None:
    room = Room()
    text = "SELECT id FROM care.member WHERE plan = $1"
    for _ in range(3):
        room.read(text, parameters=("x",))
    assert isinstance(room.memory.parse(text, ()), Unreadable)
    assert isinstance(room.memory.parse(text, {"plan": "x"}), Unreadable)


def test_a_write_is_read_anew_each_time() -> None:
    room = Room()
    for _ in range(3):
        room.read("DELETE FROM care.member WHERE id = 1")
    assert len(room.asked) == 3


def test_a_value_to_be_looked_up_is_not_kept() -> None:
    memory = Memory()
    text = "SELECT id FROM care.member WHERE mail = assent_token('anna@x.test')"
    assert len({id(parsed) for parsed in [memory.parse(text) for _ in range(4)]}) == 4


def again(kept: Kept[str], key: int | str, octets: int) -> None:
    """Give an answer twice, as it is wanted to be kept."""
    for _ in range(2):
        kept.keep(key, "answer", octets)


def test_no_more_is_kept_than_fits_and_what_was_used_last_stays() -> None:
    kept = Kept[str](LARGEST * 10)
    for number in range(20):
        again(kept, number, 10)
        assert kept.get(0) == "answer"  # used again and again
    assert [number for number in range(20) if kept.get(number)] == [0, *range(13, 20)]
    again(kept, "large", 11)
    assert kept.get("large") is None


async def test_a_long_text_is_read_beside_the_event_loop() -> None:
    read_in: list[bool] = []

    def parse(text: str, parameters: Parameters = ()) -> Unreadable:
        del text, parameters
        read_in.append(threading.current_thread() is threading.main_thread())
        return Unreadable(doubt=Doubt.SYNTAX, sentence="")

    reading = replace(ROOMS, parse=parse)
    await reading.parsed("SELECT 1", ())
    await reading.parsed("SELECT 1" + " " * LONG, ())
    assert read_in == [True, False]
