"""Looks, forms and weights that serve the next read as well: for the same closure, answer, shape and load alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from core.catalog import Oid
from core.classify.postgres import Memory, Parsed, weigh
from core.classify.postgres.weigh import HEAVIEST
from core.connectors.postgres.catalog.stamps import ALL, Locks
from core.connectors.postgres.connection.values import Forms
from core.connectors.postgres.connection.wire import Shape
from core.connectors.postgres.looks import Look, Questions
from core.model import Unreadable
from tests.unit.catalogs import TYPES, snapshot, table

FIRST, SECOND = Oid(16384), Oid(16385)
KIND: Final = ALL[0].value
TABLES = (table(FIRST, "care.first", "id int"), table(SECOND, "care.second", "id int"))
SNAPSHOT = replace(snapshot(*TABLES), stamp={FIRST: f"{KIND}:a", SECOND: f"{KIND}:b"})
BOTH = frozenset({FIRST, SECOND})


def answer(first: str, second: str = "b", locked: tuple[int, ...] = ()) -> str:
    """Word what the server says of both tables."""
    return json.dumps({"stamp": {KIND: [[FIRST, first], [SECOND, second]]}, "locked": locked})


def test_a_look_is_worded_once_for_a_closure_and_judged_anew_for_another_answer() -> None:
    questions = Questions()
    asked = questions.of(BOTH, SNAPSHOT, Locks.HELD)
    assert questions.of(frozenset(BOTH), SNAPSHOT, Locks.HELD) is asked
    assert asked.judge(answer("a")).clean
    assert asked.judge(answer("a")).clean
    assert asked.judge(answer("x")) == Look(changed=frozenset({FIRST}))
    assert asked.judge(answer("a", locked=(20_000,))) == Look(beyond=frozenset({Oid(20_000)}))
    assert asked.judge(answer("a")).clean


def test_another_load_other_locks_and_another_closure_are_looks_of_their_own() -> None:
    questions, later = Questions(), replace(SNAPSHOT, stamp={FIRST: f"{KIND}:x", SECOND: f"{KIND}:b"})
    assert questions.of(BOTH, SNAPSHOT, Locks.HELD).judge(answer("x")).changed
    assert questions.of(BOTH, later, Locks.HELD).judge(answer("x")).clean
    assert questions.of(BOTH, later, Locks.UNASKED).words != questions.of(BOTH, later, Locks.HELD).words
    assert questions.of(frozenset({FIRST}), later, Locks.HELD).words != questions.of(BOTH, later, Locks.HELD).words


def test_an_answer_about_more_than_the_closure_judges_the_closure_alone() -> None:
    asked = Questions().of(BOTH, SNAPSHOT, Locks.UNASKED)
    assert asked.about(BOTH, answer("x")) == Look(changed=frozenset({FIRST}))
    assert asked.about(frozenset({SECOND}), answer("x")) == Look()
    assert asked.about(BOTH, None) is None
    assert asked.about(BOTH | {Oid(20_000)}, answer("a")) is None


def test_how_a_shape_is_read_is_chosen_anew_with_each_load_and_never_for_a_type_that_is_not_known() -> None:
    forms, shape = Forms(), Shape(columns=(("id", Oid(23)), ("name", Oid(25))))
    known = forms.of(shape, TYPES)
    assert known is not None
    assert forms.of(replace(shape), TYPES) is known
    renamed = {**TYPES, Oid(23): replace(TYPES[Oid(23)], name="other", category="A", element=Oid(25))}
    changed = forms.of(shape, renamed)
    assert changed is not None
    assert [column.type for column in changed.columns] == ["pg_catalog.other", known.columns[1].type]
    assert forms.of(shape, {Oid(25): TYPES[Oid(25)]}) is None
    assert forms.of(Shape(parameters=(Oid(9),)), TYPES) is None


def test_a_text_is_weighed_once_with_its_like_and_anew_over_other_catalogs() -> None:
    memory = Memory()
    heavy = snapshot(replace(TABLES[0], weight=HEAVIEST + 1), TABLES[1])
    texts = [memory.parse(f"SELECT id FROM care.first WHERE id = {value}") for value in range(1, 7)]
    assert isinstance(texts[-1], Parsed)
    assert texts[-1].like is not None
    for text in texts:
        assert isinstance(text, Parsed)
        assert memory.weigh(text, SNAPSHOT) is weigh(text, SNAPSHOT) is None
    assert isinstance(memory.weigh(texts[-1], heavy), Unreadable)
    assert memory.weigh(texts[-1], SNAPSHOT) is None
