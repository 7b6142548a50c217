"""GoogleSQL by the parser alone: every kind of statement has its Reading, and what changes anything is no read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.classify.bigquery import offline
from core.model import (
    STATEMENT_BYTES,
    Column,
    Dialect,
    Doubt,
    Fact,
    Parameters,
    Reading,
    Unreadable,
    Verb,
)

SECURITY = Path(__file__).parent.parent / "security"
READ = frozenset({Verb.READ})
# By the first word, without any parser: what can change or run something.
CHANGES = re.compile(
    r"(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP|UNDROP|GRANT|REVOKE|CALL|EXECUTE|BEGIN|IF|LOOP|WHILE|FOR|"
    r"REPEAT|DECLARE|SET|EXPORT|LOAD|ASSERT|RAISE|RETURN|COMMIT|ROLLBACK|CASE)\b"
)


def corpus(name: str) -> Iterator[tuple[str, str]]:
    for block in (SECURITY / name).read_text("utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if not (line.startswith("--") and " a " in line)]
        lines = [line for line in lines if not line.startswith('-- "!')]
        if lines:
            yield "\n".join(lines[:-1]), lines[-1]


def parameters(text: str) -> Parameters:
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", text)
    names = set(re.findall(r"(?<!@)@([a-z]+)", bare))
    return dict.fromkeys(names, 1) if names else (1,) * bare.count("?")


def told(answer: Reading | Unreadable) -> str:
    if isinstance(answer, Unreadable):
        return f"! {answer.doubt.value}"
    pairs = sorted(f"{pair.verb.value} {pair.thing.kind} {pair.thing.name}" for pair in answer.pairs)
    facts = " | " + " ".join(sorted(answer.facts)) if answer.facts else ""
    return "= " + ", ".join(pairs) + facts


STATEMENTS = [*corpus("bigquery_statements.sql"), *corpus("bigquery_hostile.sql")]
CHANGING = [text for text, _ in STATEMENTS if CHANGES.match(text)]


def read(text: str, given_parameters: Parameters = ()) -> Reading:
    answer = offline(text, given_parameters)
    assert isinstance(answer, Reading), answer
    return answer


def doubt(text: str, given_parameters: Parameters = ()) -> Doubt:
    answer = offline(text, given_parameters)
    assert isinstance(answer, Unreadable), answer
    return answer.doubt


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(STATEMENTS) > 450
    assert len(CHANGING) > 100


@pytest.mark.parametrize("name", ["bigquery_statements.sql", "bigquery_hostile.sql"])
def test_every_statement_reads_as_written_beside_it(name: str) -> None:
    wrong = [
        (text, expected, got)
        for text, expected in corpus(name)
        if (got := told(offline(text, parameters(text)))) != expected
    ]
    assert wrong == []


def test_rows_as_they_were_are_said_to_be() -> None:
    past = "FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01 00:00:00+00'"
    for text in (f"SELECT n FROM d.t {past}", f"SELECT 1 FROM d.u WHERE EXISTS (SELECT 1 FROM d.t {past})"):
        assert Fact.AS_IT_WAS in read(text).facts
    assert Fact.AS_IT_WAS not in read("SELECT n FROM d.t").facts


def test_no_statement_that_changes_or_runs_something_is_a_read() -> None:
    answers = [(text, offline(text, parameters(text))) for text in CHANGING]
    assert [text for text, answer in answers if isinstance(answer, Reading) and answer.verbs <= READ] == []


@given(
    text=st.sampled_from(CHANGING),
    before=st.sampled_from(
        ["", " ", "\n\t", "-- SELECT 1\n", "/* SELECT */", "# x\n", ";", "(", "SELECT 1;", "EXPLAIN "]
    ),
    after=st.sampled_from(["", ";", " -- x", " /* */ ;", ")", "; SELECT 1", " UNION ALL SELECT 1", " |> SELECT *"]),
    fold=st.sampled_from([str, str.lower, str.title]),
)
@settings(max_examples=300, deadline=None)
def test_no_dressing_makes_a_change_a_read(text: str, before: str, after: str, fold: type[str]) -> None:
    answer = offline(before + fold(text) + after, parameters(text))
    assert isinstance(answer, Unreadable) or answer.verbs != READ


@given(
    text=st.sampled_from([text for text, _ in STATEMENTS]),
    place=st.integers(0, 200),
    noise=st.sampled_from(
        ["`", "'", '"""', "--", "/*", "*/", ";", "(", ")", "\\", "\r", "\u00a0", "{{", "@", "|>", "#"]
    ),
)
@settings(max_examples=300, deadline=None)
def test_reading_is_total_and_noise_makes_no_read_of_a_change(text: str, place: int, noise: str) -> None:
    answer = offline(text[:place] + noise + text[place:], parameters(text))
    assert isinstance(answer, Unreadable) or answer.dialect is Dialect.BIGQUERY
    if CHANGES.match(text) and place > 10:
        assert isinstance(answer, Unreadable) or answer.verbs != READ


def test_a_reading_is_the_parsers_word_alone_and_keeps_the_text() -> None:
    text = "SELECT a FROM d.t -- c"
    reading = read(text)
    assert (reading.witnessed, reading.tree, reading.text, reading.statement) == (False, None, text, text)


def test_columns_are_told_where_the_text_fixes_their_table() -> None:
    reading = read("SELECT a.x, B.y, z, UPPER(a.v) FROM d.a JOIN d.b USING (id)")
    assert reading.columns == {
        Column(relation="d.a", name="x"),
        Column(relation="d.a", name="v"),
        Column(relation="d.b", name="y"),
    }
    assert reading.functions == {"UPPER"}


def test_columns_of_the_only_table_need_no_qualifier_and_aliases_are_none() -> None:
    reading = read("SELECT a, o.b, o.customer.city, c AS k FROM `p.d.t` AS o WHERE e = 1 ORDER BY k")
    assert {column.name for column in reading.columns} == {"a", "b", "customer", "c", "e"}
    assert {column.relation for column in reading.columns} == {"p.d.t"}


def test_columns_are_left_out_where_several_tables_could_have_them() -> None:
    assert read("WITH x AS (SELECT a FROM d.t) SELECT a FROM x").columns == frozenset()


def test_functions_are_told_by_name_and_unknown_ones_run() -> None:
    reading = read("SELECT upper(a), safe.substr(a, 1), Net.Host(a), d.Udf(a) FROM d.t")
    assert reading.functions == {"UPPER", "SUBSTR", "NET.HOST", "d.Udf"}
    assert reading.verbs == {Verb.READ, Verb.RUN}


def test_a_changing_statement_says_what_it_lacks() -> None:
    assert read("DELETE FROM d.t").facts == {Fact.NO_WHERE}
    assert read("UPDATE d.t SET a = 1 WHERE TRUE").facts == {Fact.ALL_ROWS}
    assert read("UPDATE d.t SET a = 1 WHERE a = 2").facts == frozenset()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("SELECT @a", ()),
        ("SELECT @a", {"b": 1}),
        ("SELECT @a", {"a": 1, "b": 2}),
        ("SELECT 1", {"a": 1}),
        ("SELECT ?", ()),
        ("SELECT ?", (1, 2)),
        ("SELECT ?", {"a": 1}),
        ("SELECT 1", (1,)),
        ("SELECT ?, @a", {"a": 1}),
        ("SELECT @a", {"a": 1, "A": 2}),
        ("CALL d.p(@a)", ()),
    ],
)
def test_parameters_that_are_not_those_of_the_text_are_refused(text: str, values: Parameters) -> None:
    assert doubt(text, values) is Doubt.PARAMETERS


def test_parameters_of_the_text_may_be_written_in_any_case() -> None:
    assert read("SELECT @A, @a", {"a": None}).verbs == READ
    assert read("SELECT ?, ?", (1, None)).verbs == READ


def test_a_variable_of_the_system_is_read_by_nobody() -> None:
    for text in ("SELECT @@session_id", "SELECT 1 FROM d.t WHERE a = @@last_job_id", "SELECT @@a.b.c AS x"):
        assert doubt(text) is Doubt.UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 1\0", Doubt.TEXT),
        ("SELECT '\ud800'", Doubt.TEXT),
        ("SELECT '" + "x" * STATEMENT_BYTES + "'", Doubt.LIMITS),
        ("SELECT '" + "é" * (STATEMENT_BYTES // 2) + "'", Doubt.LIMITS),
        ("SELECT " + "(" * 3000 + "1", Doubt.LIMITS),
        ("SELECT 1" + " UNION ALL SELECT 1" * 1500, Doubt.LIMITS),
        ("", Doubt.SYNTAX),
        ("\ufeffSELECT 1", Doubt.UNKNOWN),
        ("SELECT 1 --\r+ (SELECT 1 FROM d.t)", Doubt.UNKNOWN),
        ("SELECT 1; \n-- c\n;SELECT 2", Doubt.SEVERAL),
    ],
)
def test_texts_beyond_the_limits_are_unreadable(text: str, expected: Doubt) -> None:
    assert doubt(text) is expected


def test_the_longest_statement_that_is_allowed_is_read() -> None:
    text = "SELECT '" + "x" * (STATEMENT_BYTES - 9) + "'"
    assert len(text.encode()) == STATEMENT_BYTES
    assert read(text).verbs == READ


def test_no_sentence_repeats_the_text() -> None:
    for text, expected in STATEMENTS:
        answer = offline(text, parameters(text))
        if expected.startswith("!") and isinstance(answer, Unreadable):
            assert "hidden" not in answer.sentence
            assert "d.t" not in answer.sentence
