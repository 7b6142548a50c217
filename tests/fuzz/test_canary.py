"""Canaries (masking 13): found on the raw connector however they are disguised, and never behind the gateway."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from demo.postgres import Postgres
from tests.databases import fresh
from tests.fuzz.canary import PART, Canaries
from tests.fuzz.corpora import corpora
from tests.fuzz.grounds import Ground, ground
from tests.fuzz.observe import Seen, Watched
from tests.fuzz.twins import CONFIGS
from tests.generate.cases import SCHEMA, cases
from tests.integration.corpus_world import world
from tests.slices import today

WORD = "kqzwjxgvpthmsn"
LONGER = 8  # letters, where thousands of answers in base64 would hold six of some word by chance
# Every tagged column whose values hold a word; ids and short numbers are the twins' business.
WORDS = """
SELECT w FROM (SELECT unnest(ARRAY[mail, passport, note, prefs::text, words::text, codes::text, contact::text, boxes::text, left(bio, 14),
  convert_from(raw, 'UTF8')]) AS w FROM care.member
UNION ALL SELECT secret FROM care.child UNION ALL SELECT mail FROM care.stem UNION ALL SELECT passport FROM care.leaf
UNION ALL SELECT mail FROM care.ward UNION ALL SELECT mail FROM care.shown UNION ALL SELECT mail FROM care.event
UNION ALL SELECT account FROM care.ledger UNION ALL SELECT mail FROM care.filed UNION ALL SELECT mail FROM care.shelf
UNION ALL SELECT secret FROM care.older UNION ALL SELECT unnest(ARRAY[name, email, notes]) FROM customers
UNION ALL SELECT unnest(ARRAY[card_number, iban]) FROM payments UNION ALL SELECT body FROM tickets
UNION ALL SELECT iban FROM hr.payroll UNION ALL SELECT unnest(ARRAY["naïve
line", "päss  wort"]) FROM care."Odd name"
UNION ALL SELECT unnest(ARRAY[":relid 1259", mail]) FROM "Odd schema"."FROM care.member") z WHERE w IS NOT NULL
"""
# Protected texts of the corpus's own world (tests/integration/corpus_world.py); free text is outside the promise.
SOWN = {
    "care.member.mail": "'{}@x.test'",
    "care.member.passport": "'{}'",
    "care.member.note": "'{}'",
    "care.member.prefs": """'{"a": "{}"}'""",
    "shop.customer.name": "'{}'",
    "shop.customer.email": "'{}@x.test'",
    "shop.customer.phone": "'{}'",
    "hr.employee.name": "'{}'",
    "hr.employee.iban": "'{}'",
    "hr.employee.photo": "'{}'::bytea",
}
DISGUISED = {
    "as it is": "SELECT passport FROM care.member WHERE id = 3",
    "in another case": "SELECT initcap(passport), upper(note) FROM care.member WHERE id = 3",
    "reversed": "SELECT reverse(passport) FROM care.member WHERE id = 3",
    "base64": "SELECT encode(convert_to(passport, 'UTF8'), 'base64') FROM care.member WHERE id = 3",
    "base64, one further": "SELECT encode(convert_to('x' || passport, 'UTF8'), 'base64') FROM care.member WHERE id = 3",
    "base64, two further": "SELECT 'zz' || encode(convert_to('xy' || passport, 'UTF8'), 'base64') FROM care.member WHERE id = 3",
    "hexadecimal": "SELECT encode(convert_to(passport, 'UTF8'), 'hex') FROM care.member WHERE id = 3",
    "bytea": "SELECT 'a' || raw::text FROM care.member WHERE id = 3",
    "escaped": "SELECT string_agg('\\u' || lpad(to_hex(ascii(c)), 4, '0'), '') FROM care.member, string_to_table(passport, NULL) c WHERE id = 3",
    "as an XML entity": "SELECT string_agg('&#' || ascii(c) || ';', '') FROM care.member, string_to_table(passport, NULL) c WHERE id = 3",
    "octal": "SELECT string_agg('\\' || to_char(ascii(c) / 64, 'FM9') || (ascii(c) / 8 % 8) || (ascii(c) % 8), '') FROM care.member, string_to_table(passport, NULL) c WHERE id = 3",
    "as character codes": "SELECT array_agg(ascii(c)) FROM care.member, string_to_table(passport, NULL) c WHERE id = 3",
    "as character codes by rows": "SELECT ascii(c) FROM care.member, string_to_table(passport, NULL) c WHERE id = 3",
    "split over rows": "SELECT c FROM care.member, string_to_table(passport, NULL) c WHERE id = 3",
    "split over rows, beside others": "SELECT n, substr(passport, n, 1) FROM care.member, generate_series(1, 12) n WHERE id = 3",
    "split over columns": "SELECT left(passport, 3), substr(passport, 4, 3), substr(passport, 7) FROM care.member WHERE id = 3",
    "split over elements": "SELECT ARRAY[left(passport, 4), substr(passport, 5)] FROM care.member WHERE id = 3",
    "backwards over rows": "SELECT substr(passport, n, 1) FROM care.member, generate_series(12, 1, -1) n WHERE id = 3",
    "a whole row": "SELECT m::text FROM care.member m WHERE id = 3",
    "a document": "SELECT to_jsonb(m) FROM care.member m WHERE id = 3",
    "an error's words": "SELECT passport::int FROM care.member WHERE id = 3",
    "a part": "SELECT left(passport, 6) FROM care.member WHERE id = 3",
}


@pytest.fixture(scope="module")
async def canaries(hidden: Ground) -> Canaries:
    return await sown(hidden)


async def sown(made: Ground, part: int = PART) -> Canaries:
    rows = await made.owners[0].fetch(WORDS)
    words = {piece for row in rows for piece in row[0].replace("@", " ").replace('"', " ").replace("'", " ").split()}
    found = {word.removesuffix("tail").removesuffix(".test")[:14] for word in words}
    return Canaries((word for word in found if len(word) >= 12 and set(word) <= set("ghjklmnpqrstvwxz")), part)


async def raw(owner: Any, text: str) -> Seen:
    """Ask the database itself, as a gateway that masks nothing would."""
    try:
        return Seen({}, tuple(tuple(map(cell, row.values())) for row in await owner.fetch(text)))
    except asyncpg.PostgresError as error:
        return Seen({"error": str(error)})


def cell(value: Any) -> Any:
    return tuple(map(cell, value)) if isinstance(value, list | tuple | asyncpg.Record) else str(value)


@pytest.mark.parametrize("disguise", DISGUISED)
async def test_a_canary_is_found_on_the_raw_connector(hidden: Ground, canaries: Canaries, disguise: str) -> None:
    seen = await raw(hidden.owners[0], DISGUISED[disguise])
    assert canaries.found(seen) is not None, seen


@pytest.mark.parametrize("disguise", DISGUISED)
async def test_none_is_found_behind_the_gateway(hidden: Ground, canaries: Canaries, disguise: str) -> None:
    assert canaries.found(await Watched(hidden.twins.one.connector)(DISGUISED[disguise])) is None


def test_what_holds_no_canary_raises_no_alarm() -> None:
    text = "The quick brown fox jumps over the lazy dog 0123456789 abcdef " * 20
    seen = Seen({"cells": text}, ((text, 107, 113), ((1, 2), None, True)))
    assert Canaries([WORD]).found(seen) is None


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("enforced", [True, False], ids=["enforced", "spliced"])
async def test_no_statement_of_the_labelled_corpus_shows_a_canary(
    clusters: Callable[[int], Postgres], enforced: bool
) -> None:
    """Words sown into every protected text of the corpus's own world; all that comes back is searched for them."""
    async with fresh(clusters) as make:
        url = await make(SCHEMA.read_text("utf-8"))
        canaries = Canaries(await planted(url), LONGER)
        async with world(url, enforced=enforced) as connector:
            watch = Watched(connector)
            assert (await watch("SELECT id, mail FROM care.member")).answered
            for case in today(cases(), lambda case: case.text, 8):
                found = canaries.found(await watch(case.text))
                assert found is None, (case.text, found)


async def planted(url: str) -> list[str]:
    """Write a word of its own into each protected text of each row; triggers, which copy rows, stay off."""
    owner = await asyncpg.connect(url)
    words = []
    try:
        await owner.execute("SET session_replication_role = replica")
        for name, form in SOWN.items():
            table, _, column = name.rpartition(".")
            for row in await owner.fetch(f"SELECT ctid::text AS at FROM {table}"):
                digest = hashlib.sha256(f"{name}{row['at']}".encode()).hexdigest()
                words.append(digest.translate(str.maketrans("0123456789abcdef", "ghjklmnpqrstvwxz"))[:14])
                value = form.replace("{}", words[-1])
                await owner.execute(f"UPDATE {table} SET {column} = {value} WHERE ctid = '{row['at']}'")
    finally:
        await owner.close()
    return words


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("config", ["hide", "spliced"])
async def test_no_statement_of_the_corpora_shows_a_canary(config: str) -> None:
    async with ground(CONFIGS[config], 18) as made:
        canaries, watch = await sown(made, LONGER), Watched(made.twins.one.connector)
        for text in today(corpora(), str, 3):
            found = canaries.found(await watch(text))
            assert found is None, (text, found)
