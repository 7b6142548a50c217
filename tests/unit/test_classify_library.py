"""The grammar's library without its package: the same library, the same tokens, and nothing of the rest."""

from __future__ import annotations

from pathlib import Path

import postgast
import pytest
from postgast.pg_query_pb2 import ScanResult, ScanToken, Token

from core.classify.postgres.text.library import COMMENTS, IDENT, VALUES, NoLexemes, lexemes, number, scan

ROOT = Path(__file__).parents[2]
STATEMENTS = [
    piece
    for name in ("postgres_hostile.sql", "postgres_statements.sql", "postgres_writes.sql", "postgres_lookups.sql")
    for piece in (ROOT / "tests/security" / name).read_text().split("\n\n")
    if "\0" not in piece
]


def test_tokens_are_those_of_the_package() -> None:
    cut = 0
    for text in STATEMENTS:
        try:
            theirs = postgast.scan(text).tokens
        except postgast.PgQueryError:
            with pytest.raises(NoLexemes):
                scan(text.encode())
            continue
        ours = [(each.start, each.end, each.token, each.keyword) for each in scan(text.encode())]
        assert ours == [(each.start, each.end, each.token, each.keyword_kind) for each in theirs]
        cut += 1
    assert cut > 100


def test_numbers_of_tokens_are_those_of_the_package() -> None:
    names = ("SCONST", "USCONST", "ICONST", "FCONST", "BCONST", "XCONST", "PARAM")
    assert frozenset(map(Token.Value, names)) == VALUES
    assert frozenset(map(Token.Value, ("SQL_COMMENT", "C_COMMENT"))) == COMMENTS
    assert Token.Value("IDENT") == IDENT


@pytest.mark.parametrize(
    "answer",
    [
        b"\x12",
        b"\x12\x05\x08",
        b"\x80",
        b"\x0d\x00",
        b"\x12\x02\x12\x00\x12\x7f",
        b"\x12\x03\x08\x01",
        b"\x12\x01\x08\x01",
    ],
)
def test_an_answer_that_cannot_be_read_is_none(answer: bytes) -> None:
    with pytest.raises(NoLexemes):
        lexemes(answer)


def test_numbers_of_several_bytes() -> None:
    token = ScanToken(start=70_000, end=3_000_000, token=Token.Value("IDENT"), keyword_kind=0)
    message = ScanResult(version=180_004, tokens=[token, ScanToken()]).SerializeToString()
    assert lexemes(message) == [(70_000, 3_000_000, IDENT, 0), (0, 0, 0, 0)]
    assert number(b"\xff\xff\x03") == 65_535
