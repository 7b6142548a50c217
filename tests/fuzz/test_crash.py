"""Texts that end parsers (sql 2.2): one line comes back, nothing runs, and the next call is answered."""

from __future__ import annotations

import pytest

from core.model import STATEMENT_BYTES
from tests.fuzz.grounds import Ground
from tests.fuzz.whole import Whole


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
