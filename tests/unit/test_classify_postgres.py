"""The parser's word: caps, crash inputs, scope, offline readings, and the strict reader of dumps."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classify.postgres import Access, Parsed, offline, parse, supported
from core.classify.postgres.nouns import Doubted
from core.classify.postgres.tree.agree import catalogs
from core.classify.postgres.tree.functions import builtin
from core.classify.postgres.tree.read import TOKEN, VERSIONS, fields, read, tokens
from core.model import Doubt, Reading, Unreadable, Verb

SECURITY = Path(__file__).parents[1] / "security"
DUMP = (
    "({QUERY :commandType 1 :querySource 0 :canSetTag true :utilityStmt <> :resultRelation 0 :hasAggs false "
    ":hasWindowFuncs false :hasTargetSRFs false :hasSubLinks false :hasDistinctOn false :hasRecursive false "
    ":hasModifyingCTE false :hasForUpdate false :hasRowSecurity false :hasGroupRTE false :isReturn false :cteList <> "
    ":rtable <> :rteperminfos <> :jointree {FROMEXPR :fromlist <> :quals <>} :mergeActionList <> "
    ":mergeTargetRelation 0 :mergeJoinCondition <> :targetList ({TARGETENTRY :expr {CONST :consttype 23 "
    ":consttypmod -1 :constcollid 0 :constlen 4 :constbyval true :constisnull false :location 7 :constvalue 4 [ 1 0 "
    "0 0 0 0 0 0 ]} :resno 1 :resname a :ressortgroupref 0 :resorigtbl 0 :resorigcol 0 :resjunk false}) :override 0 "
    ":onConflict <> :returningOldAlias <> :returningNewAlias <> :returningList <> :groupClause <> :groupDistinct "
    "false :groupingSets <> :havingQual <> :windowClause <> :distinctClause <> :sortClause <> :limitOffset <> "
    ":limitCount <> :limitOption 0 :rowMarks <> :setOperations <> :constraintDeps <> :withCheckOptions <> "
    ":stmt_location 0 :stmt_len 0})"
)


def parsed(text: str, *parameters: str) -> Parsed:
    found = parse(text, parameters)
    assert isinstance(found, Parsed), found
    return found


def doubt(text: str, *parameters: str) -> Doubt:
    found = parse(text, parameters)
    assert isinstance(found, Unreadable), found
    return found.doubt


def names(text: str) -> set[str]:
    return {named.name if named.schema is None else f"{named.schema}.{named.name}" for named in parsed(text).names}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1" + "+1" * 30_000,
        "SELECT 1" + "::int" * 13_000,
        "SELECT " + "(" * 30_000 + "1" + ")" * 30_000,
        "SELECT 1" + " UNION SELECT 1" * 4_000,
        "SELECT " + "array[" * 10_000,
        "SELECT " + "case when true then " * 3_000,
        "SELECT " + "not " * 16_000 + "true",
        "SELECT " + "a." * 30_000 + "b",
        "SELECT " + "$$" * 32_000,
        "SELECT " + "/*" * 32_000,
        "SELECT * FROM " + "(SELECT * FROM " * 4_000,
        "WITH a AS (" * 5_000,
    ],
    ids=str,
)
def test_no_text_of_64_kb_ends_the_process_or_raises(text: str) -> None:
    assert isinstance(parse(text), Parsed | Unreadable)


def test_the_thread_stack_size_of_the_process_is_left_as_it_was() -> None:
    before = threading.stack_size()
    parse("SELECT 1")
    assert threading.stack_size() == before


def test_caps_and_characters_are_refused_before_the_parser() -> None:
    assert doubt("SELECT 1\0; DROP TABLE a") is Doubt.TEXT
    assert doubt("SELECT '\ud800'") is Doubt.TEXT
    assert doubt("SELECT '" + "ü" * 32_768 + "'") is Doubt.LIMITS
    assert doubt("SELECT 1; SELECT 2") is Doubt.SEVERAL
    assert doubt("") is Doubt.SYNTAX
    assert doubt("-- nothing") is Doubt.SYNTAX
    assert doubt("SELECT * FROM " + ", ".join(f"t{n}" for n in range(33))) is Doubt.LIMITS
    assert doubt("SELECT * FROM other.care.member") is Doubt.UNKNOWN
    assert doubt("SELECT * FROM pg_temp.x") is Doubt.UNKNOWN
    assert doubt("SELECT * FROM pg_toast_123") is Doubt.UNKNOWN


def test_the_parsers_own_message_never_leaves() -> None:
    found = parse("SELECT secret_thing FRM x WHERE")
    assert isinstance(found, Unreadable)
    assert "secret" not in found.sentence + found.detail


def test_names_that_the_dump_would_cut_inside_a_character_are_refused() -> None:
    assert doubt('SELECT 1 AS "' + "(" * 20 + "\u3000" * 14 + '"') is Doubt.UNKNOWN
    assert parsed('SELECT 1 AS "' + "\u3000" * 21 + '"').access is Access.READ


def test_parameters_are_numbered_without_gaps_and_each_is_used() -> None:
    assert parsed("SELECT $1, $2, $1", "a", "b").parameters == 2
    for text, count in (("SELECT $1", 0), ("SELECT $2", 1), ("SELECT $1", 2), ("SELECT $0", 0), ("SELECT 1", 1)):
        assert doubt(text, *["x"] * count) is Doubt.PARAMETERS
    named = parse("SELECT 1", {"a": "b"})
    assert isinstance(named, Unreadable)
    assert named.doubt is Doubt.PARAMETERS


def test_ctes_are_scoped_as_the_server_does() -> None:
    assert names("WITH m AS (SELECT * FROM care.m) SELECT * FROM m") == {"care.m"}
    assert names("WITH m AS (SELECT * FROM m) SELECT * FROM m") == {"m"}
    assert names("WITH RECURSIVE m AS (SELECT * FROM m) SELECT * FROM m") == set()
    assert names("WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a") == {"b"}
    assert names("WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a") == set()
    assert names("SELECT * FROM (WITH m AS (SELECT 1) SELECT * FROM m) x, m") == {"m"}
    assert names("WITH m AS (SELECT 1) SELECT * FROM public.m") == {"public.m"}
    assert names("WITH m AS (SELECT 1) SELECT * FROM m UNION SELECT * FROM m") == set()
    assert names("WITH m AS (SELECT 1) INSERT INTO m SELECT * FROM m") == {"m"}
    assert names('WITH "M" AS (SELECT 1) SELECT * FROM m') == {"m"}
    assert names("WITH m\u00a0 AS (SELECT 1) SELECT * FROM m") == {"m"}


def test_targets_hidden_in_typed_fields_are_found() -> None:
    assert parsed("INSERT INTO a SELECT * FROM b").access is Access.WRITE
    assert parsed("WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x").verbs == {Verb.DELETE}
    assert parsed("SELECT * FROM a FOR UPDATE").access is Access.WRITE
    assert parsed("SELECT 1 INTO a FROM b").access is Access.UTILITY


def statements() -> list[tuple[str, str]]:
    blocks = (SECURITY / "postgres_statements.sql").read_text("utf-8").split("\n\n")
    found = [[line for line in block.splitlines() if not line.startswith("--")] for block in blocks]
    return [(lines[0], lines[-1]) for lines in found if lines]


def test_offline_nothing_that_acts_is_only_a_read() -> None:
    """A text that the witness finds to act, or to call what no read may, is more than `read` without it as well."""
    for text, expected in statements():
        found = parse(text, tuple("x" for n in (1, 2) if f"${n}" in text and "$$" not in text))
        reading = offline(found) if isinstance(found, Parsed) else found
        if not isinstance(reading, Reading):
            continue
        assert not reading.witnessed
        acts = expected.startswith("= ") and expected.split()[1] != "read"
        if (acts or expected.startswith("! function")) and reading.verbs == {Verb.READ}:
            raise AssertionError(text, expected)


def test_offline_unknown_functions_and_operators_of_own_schemas_run() -> None:
    for text in (
        "SELECT my_function(1)",
        "SELECT care.lower('x')",
        "SELECT 1 OPERATOR(care.+) 2",
        "SELECT nextval('a')",
        "SELECT pg_sleep(1)",
        "SELECT * FROM dblink('a', 'b') AS t(a int)",
        "SELECT query_to_xml('SELECT 1', true, true, '')",
    ):
        reading = offline(parsed(text))
        assert isinstance(reading, Reading)
        assert Verb.RUN in reading.verbs, text
    harmless = offline(parsed("SELECT lower(a), count(*), pg_catalog.now() FROM t"))
    assert isinstance(harmless, Reading)
    assert harmless.verbs == {Verb.READ}


def test_a_dump_reads_only_as_the_field_table_says() -> None:
    assert read(DUMP, 180_004)[0].number("commandType") == 1
    for before, after in (
        (":resname a ", ":resname a :resname b "),
        (":resname a ", ":resname a b "),
        (":resname a ", ":resname :resno "),
        (":resno 1 :resname a", ":resname a :resno 1"),
        (":hasAggs false :hasWindowFuncs", ":hasWindowFuncs false :hasAggs"),
        (":resname a ", ":resname :a "),
        (":commandType 1 ", ":commandType one "),
        (":commandType 1 ", ":commandType \u0661 "),
        (":canSetTag true", ":canSetTag 1"),
        (":hasAggs false", ":hasAggs <>"),
        (":resno 1 ", ":resno 1\\ 2 "),
        (":resno 1 ", ":resno ( "),
        (":resno 1 ", ":resno -1- "),
        (":resname a ", ":resname ( "),
        (":jointree {", ":jointrees {"),
        ("{FROMEXPR ", "{FROMEXPRESSION "),
        (":rtable <>", ":rtable (i 1)"),
        (":resjunk false}", ":resjunk false :more 1}"),
        (":stmt_len 0})", ":stmt_len 0}) ("),
        (":stmt_len 0})", ":stmt_len 0}"),
        ("[ 1 0", "[ x 0"),
        ("({QUERY", "(\n{QUERY"),
        (":resname a ", f":resname {'a' * 80} "),
        (":resname a ", f":resname a\\\n{'b' * 80} "),
    ):
        with pytest.raises(Doubted):
            read(DUMP.replace(before, after, 1), 180_004)
    with pytest.raises(Doubted):
        read(DUMP, 160_014)


@given(st.text(alphabet="(){} \n\tab:1<>[]\x0b\x0c\r\x1c\x85\xa0\u2028\u3000\"'", max_size=40))
def test_a_dump_without_escapes_has_the_words_that_it_would_have_with_them(dump: str) -> None:
    assert tokens(dump) == TOKEN.findall(dump)
    assert tokens(dump + "\\\n") == TOKEN.findall(dump + "\\ ")


def test_a_dump_that_ends_anywhere_is_none() -> None:
    words = DUMP.split(" ")
    for end in range(1, len(words)):
        for closers in ("", "})", ")"):
            with pytest.raises(Doubted):
                read(" ".join(words[:end]) + closers, 180_004)


def test_versions_without_a_field_table_are_not_supported() -> None:
    assert [version for version in range(13, 21) if supported(version * 10_000 + 3)] == [15, 16, 17, 18]


@pytest.mark.parametrize("major", sorted(VERSIONS))
def test_each_supported_version_has_its_own_reviewed_lists(major: int) -> None:
    assert next(iter(fields(major)["QUERY"].items())) == ("commandType", "i")
    assert "pg_catalog.pg_class" in catalogs(major)
    assert len(builtin(major).known) > 2_000
