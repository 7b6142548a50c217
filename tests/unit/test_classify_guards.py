"""Guards of the reading room that need no server."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from typing import Never

import pytest

from core.catalog import Oid, Routine
from core.classify.postgres import Parsed, parse
from core.classify.postgres.nouns import Doubted
from core.classify.postgres.text.explain import opened
from core.classify.postgres.text.inside import inside_of
from core.classify.postgres.text.parse import Worker
from core.classify.postgres.text.sampling import assigned, proven
from core.classify.postgres.tree.echo import echoed
from core.classify.postgres.tree.functions import HANDLES, Judge
from core.model import Doubt, Unreadable, Verb
from tests.unit.catalogs import snapshot


def routine(*types: int) -> Routine:
    return Routine(
        oid=Oid(20_000),
        schema="public",
        name="f",
        arguments="x",
        kind="f",
        volatility="i",
        language="c",
        definer=False,
        extension="citext",
        owner="o",
        source="",
        types=tuple(Oid(number) for number in types),
    )


def test_no_handle_is_passed_to_an_extensions_function_by_hand() -> None:
    assert allowed(routine(25), direct=True)
    for handle in HANDLES:
        assert not allowed(routine(25, handle), direct=True)
        assert allowed(routine(25, handle), direct=False)  # a type's own input function


@pytest.mark.parametrize("name", ["dblink", "tablefunc", "xml2", "file_fdw", "postgres_fdw"])
def test_an_extension_that_takes_sql_text_or_a_connection_string_is_never_called(name: str) -> None:
    assert not allowed(replace(routine(25), extension=name), direct=True)
    assert not allowed(replace(routine(25), extension=name, kind="a", support=frozenset({Oid(65)})), direct=True)


def allowed(made: Routine, *, direct: bool) -> bool:
    try:
        Judge(replace(snapshot(), routines={made.oid: made}), None, writes=False).function(made.oid, direct=direct)
    except Doubted:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        "EXPLAIN SELECT * INTO x FROM t",
        "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
        "EXPLAIN SELECT 1 FOR UPDATE",
        "EXPLAIN WITH d AS (DELETE FROM t RETURNING 1) SELECT 1 FROM d",
        "EXPLAIN INSERT INTO t VALUES (1)",
        "EXPLAIN EXECUTE p",
        "; EXPLAIN SELECT 1",
    ],
)
def test_explain_of_anything_but_a_read_is_control(text: str) -> None:
    found = parse(text)
    assert isinstance(found, Unreadable) or found.verbs == {Verb.CONTROL}


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("EXPLAIN SELECT 1", "SELECT 1"),
        ("explain\t(analyze, format json)SELECT 'é', $1", "SELECT 'é', $1"),
        ("EXPLAIN ANALYSE VERBOSE (SELECT 1) UNION SELECT array[2]", "(SELECT 1) UNION SELECT array[2]"),
        ("EXPLAIN (SELECT a FROM t WHERE b IN (1, 2))", "(SELECT a FROM t WHERE b IN (1, 2))"),
    ],
)
def test_explain_is_read_as_what_it_explains(text: str, inner: str) -> None:
    found = parse(text, ("x",) if "$1" in text else ())
    assert not isinstance(found, Unreadable)
    assert found.verbs == {Verb.READ}
    assert found.heard == inner
    assert found.text == text


@pytest.mark.parametrize("text", ["SELECT 1 FROM shop.public.t", "SELECT CAST(1 AS SETOF int)"])
def test_a_field_outside_the_closed_list_is_refused_like_a_node(text: str) -> None:
    found = parse(text)
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.UNKNOWN


def test_an_explain_cut_elsewhere_disagrees() -> None:
    outer, other = parse("EXPLAIN SELECT a FROM t"), parse("SELECT b FROM t")
    assert isinstance(outer, Parsed)
    assert isinstance(other, Parsed)
    with pytest.raises(Doubted) as caught:
        opened(outer, other, len("EXPLAIN "))
    assert caught.value.unreadable.doubt is Doubt.DISAGREE
    assert outer.explains is not None
    with pytest.raises(Doubted):
        opened(outer, outer.explains.inner, 0)


@pytest.mark.parametrize("text", ["EXPLAIN (FORCE) SELECT 1", "EXPLAIN (ANALYZE perhaps) SELECT 1"])
def test_unknown_options_of_explain_are_refused(text: str) -> None:
    found = parse(text)
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.UNKNOWN


@pytest.mark.parametrize("text", ["SELECT 1 " + "/*" * 30_000, "SELECT 1 " + "+-" * 30_000 + " 1"])
def test_a_run_of_operators_is_refused_before_the_grammar_scans_it_over_and_over(text: str) -> None:
    found = parse(text)
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.LIMITS


def test_a_chain_of_64_kb_ends_no_process() -> None:
    asked = "from core.classify.postgres import parse; parse('SELECT ' + '1+' * 32_000 + '1')"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_a_text_that_takes_all_memory_ends_and_the_next_one_is_read() -> None:
    def hungry(text: bytes) -> Never:
        raise MemoryError(text)

    def ask() -> None:
        try:
            worker.statements(b"select 1")
        except MemoryError:
            ended.set()

    worker, ended = Worker(hungry), threading.Event()
    for _ in range(2):
        ended.clear()
        threading.Thread(target=ask, daemon=True).start()
        assert ended.wait(5)


def test_a_tree_that_takes_seconds_to_walk_is_refused() -> None:
    found = parse("SELECT 1" + ",1" * 32_000)
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.LIMITS


@pytest.mark.parametrize("value", ["***", "***1234", " *** ", "0123456789abcdef0123"])
def test_a_mask_is_known_by_its_form(value: str) -> None:
    assert echoed(frozenset({"token", "last4"}), (1, value, None)) is not None
    assert echoed(frozenset(), (value,)) is None


def test_what_only_resembles_a_mask_is_a_value() -> None:
    assert echoed(frozenset({"hide"}), ("0123456789abcdef0123", "*** see note ***", "** ", 5, None)) is None


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("CREATE TABLE t AS SELECT 1 AS a", " SELECT 1 AS a"),
        ('create table t (a, "as") as table x with no data', " table x "),
        ("CREATE VIEW v AS SELECT ' as ' AS b FROM t AS u WITH CHECK OPTION", " SELECT ' as ' AS b FROM t AS u "),
        ("SELECT a INTO TABLE s.t FROM u WHERE a = 'into x'", "SELECT a   FROM u WHERE a = 'into x'"),
    ],
)
def test_the_query_inside_a_definition_is_cut_out_and_proved(text: str, inside: str) -> None:
    found = parse(text)
    assert isinstance(found, Parsed)
    assert found.heard.split() == inside.split()


def test_another_query_than_the_one_inside_is_never_taken() -> None:
    whole, other = parse("CREATE TABLE t AS SELECT a FROM u"), parse("SELECT b FROM u")
    assert isinstance(whole, Parsed)
    assert isinstance(other, Parsed)
    with pytest.raises(Doubted):
        inside_of(whole, lambda _: other)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT "t"."id", "t"."a", b\n FROM t WHERE id = 8\n LIMIT 5',  # another condition
        'SELECT "t"."id", "t"."a", b\n FROM t \n LIMIT 5',  # none
        'SELECT "t"."id", "t"."a", c\n FROM t WHERE id = 7\n LIMIT 5',  # another value
        'SELECT "t"."id", "t"."c", b\n FROM t WHERE id = 7\n LIMIT 5',  # another column
        'SELECT "t"."id", "t"."a", b\n FROM u AS t WHERE id = 7\n LIMIT 5',  # another table
        'SELECT "t"."id", "t"."a", b\n FROM t WHERE id = 7\n LIMIT 50',  # more rows
    ],
)
def test_a_sample_asks_the_statements_own_question_and_no_other(text: str) -> None:
    update = parse("UPDATE t SET a = b WHERE id = 7")
    assert isinstance(update, Parsed)
    own = 'SELECT "t"."id", "t"."a", b\n FROM t WHERE id = 7\n LIMIT 5'
    assert proven(own, update, ("id",), assigned(update)) is not None
    assert proven(text, update, ("id",), assigned(update)) is None
