"""Texts that end parsers (sql 2.2): one line comes back, nothing runs, and the next call is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from core.classify.postgres import parse
from core.classify.postgres.nouns import Doubted
from core.classify.postgres.text.parse import WORKER
from core.model import STATEMENT_BYTES, Scalar, Unreadable
from tests.fuzz.grounds import Ground
from tests.fuzz.observe import ERROR, REFUSAL, Watched
from tests.fuzz.whole import Whole
from tests.generate.cases import cases
from tests.slices import today


def filled(head: str, unit: str, tail: str = "", *, closed: str = "") -> str:
    """Repeat a unit up to what one statement may hold."""
    times = (STATEMENT_BYTES - len((head + tail).encode())) // len((unit + closed).encode())
    return head + unit * times + tail + closed * times


FILLED = {
    "sums": filled("SELECT 1", "+1"),
    "casts": filled("SELECT 1", "::int"),
    "parentheses": filled("SELECT ", "(", "1", closed=")"),
    "open parentheses": filled("SELECT ", "("),
    "arrays": filled("SELECT ", "array[", "1", closed="]"),
    "array types": filled("SELECT CAST(x AS ", "array<", "int", closed=">"),
    "structs": filled("SELECT ", "struct(", "1", closed=")"),
    "dates": filled("SELECT ", "date(", "1", closed=")"),
    "strings": filled("SELECT ", "string(", "1", closed=")"),
    "decimals": filled("SELECT ", "decimal(", "1", closed=")"),
    "lists": filled("SELECT ", "list[", "1", closed="]"),
    "subqueries": filled("SELECT ", "(SELECT ", "1", closed=")"),
    "unions": filled("SELECT 1", " UNION SELECT 1"),
    "union all": filled("SELECT 1", " UNION ALL SELECT 1"),
    "conjunctions": filled("SELECT 1 WHERE true", " AND true"),
    "negations": filled("SELECT ", "NOT ", "true"),
    "minuses": filled("SELECT ", "- ", "1"),
    "cases": filled("SELECT ", "CASE WHEN true THEN ", "1", closed=" END"),
    "indirections": filled("SELECT a", "[1]"),
    "fields": filled("SELECT a", ".a"),
    "joins": filled("SELECT 1 FROM care.visit", " JOIN care.visit USING (id)"),
    "relations": filled("SELECT 1 FROM care.visit", ",care.visit"),
    "protected relations": filled("SELECT 1 FROM care.member", ",care.member"),
    "queries by name": filled("WITH a AS (SELECT 1)", ",a AS (SELECT 1)", " SELECT 1"),
    "nested names": filled("", "WITH a AS (", "SELECT 1", closed=") SELECT 1"),
    "columns": filled("SELECT 1", ",1"),
    "values": filled("VALUES (1)", ",(1)"),
    "lateral joins": filled("SELECT 1 FROM care.visit", ",LATERAL (SELECT 1) z"),
    "comments": filled("SELECT 1", "/*", "", closed="*/"),
    "open comments": filled("SELECT 1 ", "/*"),
    "a string": filled("SELECT '", "x", "'"),
    "quotes": filled("SELECT ", "'"),
    "a name": filled('SELECT 1 AS "', "x", '"'),
    "dollars": filled("SELECT ", "$"),
    "dollar quotes": filled("SELECT ", "$a$"),
    "semicolons": filled("SELECT 1", ";"),
    "statements": filled("SELECT 1", ";SELECT 1"),
    "blanks": filled("", " "),
    "no-break spaces": filled("SELECT", "\u00a0", "1"),
    "wide spaces": filled("SELECT", "\u3000", "1"),
    "parameters": filled("SELECT $1", "+$1"),
    "brackets": filled("SELECT 1 IN (1", ",1", ")"),
    "operators": filled("SELECT 1 ", "+-", " 1"),
    "backslashes": filled("SELECT E'", "\\\\", "'"),
    "unicode escapes": filled("SELECT U&'", "\\0041", "'"),
    "document": filled("SELECT '", '{"a":', "1", closed="}") + "'::jsonb",
    "a path": filled("SELECT '$", ".a", "'::jsonpath"),
    "an array's text": filled("SELECT '", "{", "1", closed="}") + "'::int[]",
    "a row's text": filled("SELECT '", "(", "", closed=")") + "'::care.contact",
    "a pattern": filled("SELECT 'a' ~ '", "(a*)*", "b'"),
    "a query's text": filled("SELECT '", "a & ", "a'::tsquery"),
    "a number": filled("SELECT ", "9"),
    "an exponent": "SELECT 1e" + "9" * 60_000,
}
SHORT = {
    "NUL": "SELECT 1 -- \x00",
    "NUL alone": "\x00",
    "half a surrogate pair": "SELECT '\ud800'",
    "the other half": 'SELECT 1 AS "\udfff"',
    "nothing": "",
    "a semicolon": ";",
    "a byte order mark": "\ufeffSELECT 1",
    "right to left": "SELECT 1 \u202e-- x",
    "a line separator": "SELECT 1 --\u2028; DELETE FROM care.visit",
    "a carriage return": "SELECT 1 --\r; DELETE FROM care.visit",
    "a parameter of no number": "SELECT $99999999999999999999",
    "a parameter beyond": "SELECT $70000",
    "a zeroth parameter": "SELECT $0",
    "one byte too many": "SELECT '" + "x" * (STATEMENT_BYTES - 8) + "'",
    "few bytes, many letters": "SELECT '" + "\U0001f600" * 20_000 + "'",
    "a cell of a hundred megabytes": "SELECT repeat('x', 100000000)",
    "rows without end": "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n FROM t) SELECT count(*) FROM t",
    "endless rows": "SELECT * FROM generate_series(1, 1000000000000)",
    "a body that calls itself": "CREATE FUNCTION care.f() RETURNS int LANGUAGE sql AS 'SELECT care.f()'",
}
UNCHANGED = (
    "SELECT count(*), (SELECT md5(string_agg(v::text, ',' ORDER BY id)) FROM care.visit v) "
    "FROM pg_class WHERE oid > 16383"
)

LONGER = {"one byte too many", "few bytes, many letters", "document", "a row's text", "an array's text"}


@pytest.mark.parametrize("name", [*FILLED, *SHORT])
async def test_one_line_comes_back_and_nothing_runs(hidden: Ground, name: str) -> None:
    text = {**FILLED, **SHORT}[name]
    assert name in LONGER or len(text.encode("utf-8", "surrogatepass")) <= STATEMENT_BYTES
    line, owner = Whole(hidden.twins.one.connector), hidden.owners[0]
    before = tuple(await owner.fetchrow(UNCHANGED))
    for heard in (await line.query(text), await line.check(text)):
        assert "\n" not in heard.error
        assert len(heard.error) < 600
    assert tuple(await owner.fetchrow(UNCHANGED)) == before
    assert (await line.query("SELECT 1")).rows == ((1,),)


# ---------------------------------------------------------------- every root of the grammar, inside whatever holds one

NESTS = (
    "EXPLAIN {0}", "EXPLAIN (ANALYZE) {0}", "EXPLAIN EXPLAIN {0}", "PREPARE z AS {0}", "DECLARE z CURSOR FOR {0}",
    "COPY ({0}) TO STDOUT", "WITH z AS ({0}) SELECT * FROM z", "SELECT ({0})", "SELECT * FROM ({0}) z",
    "SELECT 1 WHERE EXISTS ({0})", "({0})", "CREATE TABLE z AS {0}", "CREATE VIEW z AS {0}", "CREATE SCHEMA z {0}",
    "CREATE MATERIALIZED VIEW z AS {0}", "CREATE RULE z AS ON INSERT TO care.visit DO ALSO {0}",
    "CREATE FUNCTION care.z() RETURNS int BEGIN ATOMIC {0}; END", "DO $z$ BEGIN {0}; END $z$", "{0}; {0}",
    "BEGIN; {0}; COMMIT", "INSERT INTO care.log (line) {0}", "{0} -- \n; {0}", "/* {0} */ {0}", "$1 {0}",
)  # fmt: skip
ANSWERED = frozenset({"SelectStmt", "ExplainStmt", "VariableShowStmt"})


@cache
def roots() -> Mapping[str, str]:
    """Give one statement of the corpus for each root node of the grammar."""
    found: dict[str, str] = {}
    for case in cases():
        try:
            (statement,) = WORKER.statements(case.text.encode())
        except (Doubted, ValueError):
            continue
        assert isinstance(statement, dict)
        (root,) = statement["stmt"]
        found.setdefault(root, case.text.rstrip("; \n"))
    return found


def nested() -> Iterator[str]:
    yield from (nest.format(text) for text in roots().values() for nest in NESTS)


def test_every_root_of_the_grammar_stands_in_whatever_holds_one_and_the_parser_lives() -> None:
    assert len(roots()) >= 110
    for text in nested():
        found = parse(text)
        assert isinstance(found, Unreadable) or found.root
    assert not isinstance(parse("SELECT 1"), Unreadable)


async def test_no_root_inside_another_statement_is_taken_for_a_read(hidden: Ground) -> None:
    watch, owner = Watched(hidden.twins.one.connector), hidden.owners[0]
    before = tuple(await owner.fetchrow(UNCHANGED))
    for text in today([text for text in nested() if not isinstance(parse(text), Unreadable)], str, 12):
        seen = await watch(text)
        said = seen.channels.get(ERROR, "") + seen.channels.get(REFUSAL, "")
        assert "\n" not in said
        parsed = parse(text)
        assert not isinstance(parsed, Unreadable)
        assert not seen.answered or parsed.root in ANSWERED, text
    assert tuple(await owner.fetchrow(UNCHANGED)) == before


# ---------------------------------------------------------------- parameters of ten megabytes, of no type, of any shape

LARGE = 10_000_000
PARAMETERS: tuple[tuple[str, tuple[Scalar, ...]], ...] = (
    ("SELECT length($1::text)", ("x" * LARGE,)),
    ("SELECT length($1), md5($1)", ("\U0001f600" * (LARGE // 4),)),
    ("SELECT $1::text", ("x" * LARGE,)),
    ("SELECT $1::jsonb", ("[" * 100_000,)),
    ("SELECT $1::int[]", ("{" * 100_000,)),
    ("SELECT $1::tsquery", ("a & " * 50_000 + "a",)),
    ("SELECT $1::jsonpath", ("$" + ".a" * 100_000,)),
    ("SELECT 'a' ~ $1", ("(" * 100_000,)),
    ("SELECT $1::care.mailbox[]", ("{no}",)),
    ("SELECT ($1::care.contact).box", ("(no,1,x)",)),
    ("SELECT ($1::care.member).passport", ("(1,a)",)),
    ("SELECT $1::numeric", (10**5_000,)),
    ("SELECT $1::numeric", (float("nan"),)),
    ("SELECT $1::bool", (None,)),
    ("SELECT $1", ("\ud800",)),
    ("SELECT $1", ("\0",)),
    ("SELECT $1", ()),
    ("SELECT 1", ("x",)),
    ("SELECT id FROM care.visit LIMIT $1", ("9" * 400,)),
    ("SELECT " + ", ".join(f"${n}" for n in range(1, 1_601)), tuple(range(1_600))),
    ("SELECT 1 WHERE 1 IN (" + ", ".join(f"${n}" for n in range(1, 8_001)) + ")", tuple(range(8_000))),
    ("SELECT count(*) FROM care.member WHERE passport = $1", ("x" * LARGE,)),
)


@pytest.mark.parametrize("number", range(len(PARAMETERS)))
async def test_parameters_of_any_size_and_shape_bring_one_line_back(hidden: Ground, number: int) -> None:
    text, parameters = PARAMETERS[number]
    line = Whole(hidden.twins.one.connector)
    heard = await line.query(text, parameters)
    assert "\n" not in heard.error
    assert len(heard.error) < 600
    assert len(heard.text) < 200_000
    assert (await line.query("SELECT 1")).rows == ((1,),)
