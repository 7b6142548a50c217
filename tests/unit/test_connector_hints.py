"""What may have been meant, and what is heard of the server, over doubles."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import cast

import pytest

from core.catalog import Oid, Protection
from core.classify.postgres import Parsed, parse, spot
from core.connectors.postgres.connection import wire
from core.connectors.postgres.connection.link import Link
from core.connectors.postgres.connection.session import Prepared, Session, path_of
from core.connectors.postgres.hints import hints
from core.model import Doubt, Unreadable
from tests.unit.catalogs import snapshot, table

SECRET = table(16_400, "public.secret", "id int, codename text", granted=False)
OPEN = table(16_401, "public.orders", "id int, total numeric")
OURS = table(16_402, "public__masked.orders", "id int, total numeric")
KNOWN = snapshot(SECRET, OPEN, OURS, owned=("public__masked",))


def guessed(text: str, code: str, at: int, protection: Protection | None = None) -> list[str]:
    parsed = parse(text)
    assert isinstance(parsed, Parsed)
    held = protection or Protection(tags={}, tainted=frozenset(), closed={})
    return [hint.sentence for hint in hints(code, spot(text, at), parsed, KNOWN, held)]


def test_a_column_that_the_role_may_not_read_is_never_guessed() -> None:
    assert guessed("SELECT codenam FROM public.secret", "42703", 8) == []
    assert guessed("SELECT totl FROM orders", "42703", 8) == ["public.orders has no column totl; did you mean total?"]


def test_a_table_that_the_role_may_not_read_or_that_is_ours_is_never_guessed() -> None:
    assert guessed("SELECT 1 FROM secre", "42P01", 15) == []
    assert guessed("SELECT 1 FROM public__masked.order", "42P01", 15) == ["Did you mean public.orders?"]


def test_a_closed_table_is_never_guessed_at() -> None:
    closed = Protection(tags={}, tainted=frozenset(), closed={Oid(16_401): "Closed."})
    assert guessed("SELECT totl FROM orders", "42703", 8, closed) == []


def test_a_built_in_type_may_have_been_meant_and_no_other_is_named() -> None:
    text = "SELECT '1'::numerc, 'x'::care.moot"
    assert guessed(text, "42704", text.index("numerc") + 1) == ["Did you mean the type numeric?"]
    assert guessed(text, "42704", text.index("care") + 1) == []


@pytest.mark.parametrize("position", [-1, 0, 40])
def test_a_place_outside_the_text_is_none(position: int) -> None:
    assert spot("SELECT 1", position) is None


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("SELECT é,\n\n  x", 14, "line 3, column 3, at “x”"),
        ('SELECT "A ""b"""."C"', 8, 'line 1, column 8, at “"A ""b"""."C"”'),
        ("SELECT 1 +", 11, "line 1, column 11"),
        ("SELECT \u202ex", 8, "line 1, column 8"),
    ],
)
def test_a_place_is_told_by_line_column_and_word(text: str, position: int, said: str) -> None:
    assert str(spot(text, position)) == said


def test_the_search_path_names_temporary_tables_last() -> None:
    assert path_of(("care", "pg_catalog", "public")) == "care, public, pg_temp"


def tree(dump: str, *, context: str = "", message: str = "rewritten parse tree:") -> bytes:
    """What the server says beside its answer."""
    said = {"S": "LOG", "M": message, "D": dump, "W": context}
    return b"".join(f"{letter}{text}\0".encode() for letter, text in said.items() if text) + b"\0"


@dataclass
class Wire:
    """A connection whose server prints these trees for every text."""

    trees: tuple[bytes, ...]
    said: list[wire.Step] = field(default_factory=list)

    def caller(self) -> str:
        return "a1"

    def say(self, *steps: wire.Step) -> None:
        self.said += steps

    def allow(self, octets: int) -> None:
        del octets

    async def exchange(self, *steps: wire.Step) -> None:
        del steps
        self.said[0].notices += self.trees

    def is_in_transaction(self) -> bool:
        return True

    def undeviating(self) -> AbstractContextManager[None]:
        return nullcontext()


async def heard(*trees: bytes) -> Prepared | Unreadable:
    return await Session(cast("Link", Wire(trees))).parse("SELECT 1")


async def test_a_statement_has_exactly_one_tree() -> None:
    mine, notice = tree("({QUERY 1})"), tree("({QUERY 2})", message="parse tree:")
    body = tree("({QUERY 3})", context='SQL function "f"')
    found = await heard(notice, mine, body)
    assert isinstance(found, Prepared)
    assert found.dump == "({QUERY 1})"
    for trees in ((), (notice,), (body,), (mine, mine), (mine, tree("({QUERY 4})"))):
        refused = await heard(*trees)
        assert isinstance(refused, Unreadable)
        assert refused.doubt is Doubt.UNAVAILABLE
