from __future__ import annotations

import pytest

from core.masking import pads, token
from core.masking.masks import DATE, INT4, INT8, UUID
from core.masking.names import derived, literal, parts, quote
from core.masking.replacement import body
from tests.unit.catalogs import table

NAMED = {("care", "member"): ("P.member", "O.member"), ("care", "Odd .name"): ("P.odd", "O.odd")}

# As pg_get_viewdef prints it under an empty path; what it becomes.
BODIES = (
    (" SELECT id\n   FROM care.member;", 'SELECT id\n   FROM P.member AS "member"'),
    ("SELECT m.id FROM care.member m WHERE m.id > 1", "SELECT m.id FROM P.member m WHERE m.id > 1"),
    ("SELECT id FROM ONLY care.member", 'SELECT id FROM O.member AS "member"'),
    (
        "SELECT 1 FROM (care.visit v JOIN care.member m ON ((v.a = m.a)))",
        "SELECT 1 FROM (care.visit v JOIN P.member m ON ((v.a = m.a)))",
    ),
    ("SELECT 1 FROM care.visit,\n    care.member", 'SELECT 1 FROM care.visit,\n    P.member AS "member"'),
    ('SELECT 1 FROM care."Odd .name"', 'SELECT 1 FROM P.odd AS "Odd .name"'),
    ('SELECT 1 FROM care."Odd .name" "from"', 'SELECT 1 FROM P.odd "from"'),
    ("SELECT 'FROM care.member' AS x FROM care.member m", "SELECT 'FROM care.member' AS x FROM P.member m"),
    (r"SELECT E'\' FROM care.member' FROM care.member m", r"SELECT E'\' FROM care.member' FROM P.member m"),
    ("SELECT care.member(id), m.x FROM care.member m", "SELECT care.member(id), m.x FROM P.member m"),
    ("SELECT a FROM t care WHERE care.member = 1", "SELECT a FROM t care WHERE care.member = 1"),
    ("SELECT a, care.member FROM t care", "SELECT a, care.member FROM t care"),
    ("SELECT ROW(1)::care.member FROM care.member m", "SELECT ROW(1)::care.member FROM P.member m"),
    ("SELECT 1 FROM x.care.member", "SELECT 1 FROM x.care.member"),
    (
        "SELECT 1 FROM care.member TABLESAMPLE bernoulli (1)",
        'SELECT 1 FROM P.member AS "member" TABLESAMPLE bernoulli (1)',
    ),
    (
        "SELECT 1 FROM a WHERE (EXISTS ( SELECT 1\n FROM care.member\n WHERE x))",
        'SELECT 1 FROM a WHERE (EXISTS ( SELECT 1\n FROM P.member AS "member"\n WHERE x))',
    ),
    (
        "SELECT 1 FROM care.member UNION ALL SELECT 2 FROM care.other",
        'SELECT 1 FROM P.member AS "member" UNION ALL SELECT 2 FROM care.other',
    ),
    (
        "SELECT 1 FROM f(a, b), LATERAL ( SELECT 1 FROM care.member m) l",
        "SELECT 1 FROM f(a, b), LATERAL ( SELECT 1 FROM P.member m) l",
    ),
)


@pytest.mark.parametrize(("definition", "wanted"), BODIES)
def test_a_views_body_names_masked_relations_where_it_named_raw_ones(definition: str, wanted: str) -> None:
    assert body(table(1, "care.v", "id int", kind="v", definition=definition), NAMED) == wanted


def test_names_in_quotes_keep_their_dots() -> None:
    assert parts("a.b.c") == ("a", "b", "c")
    assert parts('a."b.""x".c') == ("a", 'b."x', "c")
    assert parts("a..c") is None
    assert parts('a."b') is None
    assert parts('a."b"c') is None
    assert parts("") is None


def test_quoting_leaves_no_way_out() -> None:
    assert quote('a"; DROP') == '"a""; DROP"'
    assert literal("a'b") == "'a''b'"
    assert literal("a\\'b") == " E'a\\\\''b'"


def test_schemas_beside_long_names_stay_within_63_bytes() -> None:
    assert derived("care", "masked") == "care__masked"
    assert len(derived("é" * 31, "masked").encode()) <= 63
    assert derived("x" * 60, "masked") != derived("x" * 59 + "y", "masked")


def test_keys_differ_by_tag_system_and_database() -> None:
    secret = b"s" * 32
    made = {pads(secret, *names) for names in (("a", "1", "d"), ("b", "1", "d"), ("a", "2", "d"), ("a", "1", "e"))}
    assert len(made) == 4
    assert pads(secret, "ab", "1", "d") != pads(secret, "a", "b1", "d")
    with pytest.raises(ValueError, match="32 octets"):
        pads(b"short", "a", "1", "d")


def test_tokens_fit_their_types() -> None:
    keys = pads(b"s" * 32, "a", "1", "d")
    assert len(str(token(keys, "x"))) == 20
    assert isinstance(token(keys, "1", INT8), int)
    assert 0 <= int(token(keys, "1", INT4)) < 2**28
    assert len(str(token(keys, "x", UUID))) == 36
    with pytest.raises(ValueError, match="no tokens"):
        token(keys, "x", DATE)
