"""More attackers: channels of their own course, and those that leave something behind to read it off."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tests.fuzz.attackers import (
    IF,
    LENGTH,
    LETTERS,
    VICTIM,
    WHOSE,
    Attack,
    Heard,
    Oracle,
    asking,
    coded,
    failed,
    first,
    growing,
    letters,
    number,
    one,
    reading,
    rows,
)


def left(mark: str, look: str, clear: str = "") -> Attack:
    """Make an attacker that leaves a mark where the answer is yes, and looks whether it is there."""

    async def attack(oracle: Oracle) -> str:
        async def asks(place: int, letter: str) -> bool:
            question = f"ascii(substr(passport, {place}, 1)) > {ord(letter)}"
            before = (await oracle.query(look)).value
            await oracle.query(mark.replace("{p}", question).replace("{w}", WHOSE))
            after = (await oracle.query(look)).value
            if clear:
                await oracle.query(clear)
            return before != after

        return await letters(asks)

    return attack


def carried(put: str, get: str, *, by: str = "query") -> Attack:
    """Make an attacker that puts the value somewhere and reads it from there; the first answer stands for `{x}`."""

    async def attack(oracle: Oracle) -> str:
        ask = {"query": oracle.query, "execute": oracle.execute}[by]
        heard = await ask(put)
        return heard.text + (await oracle.query(get.replace("{x}", heard.value or "0"))).text

    return attack


async def digests(oracle: Oracle) -> str:
    """Look each letter's digest up among those of all letters."""
    known = {hashlib.md5(letter.encode(), usedforsecurity=False).hexdigest(): letter for letter in LETTERS}
    found = ""
    for place in range(1, LENGTH + 1):
        found += known.get((await oracle.query(f"SELECT md5(substr(passport, {place}, 1)) FROM {WHOSE}")).value, "?")
    return found


async def notices(oracle: Oracle) -> str:
    """Have the value raised in a notice."""
    body = f"BEGIN RAISE WARNING '%', (SELECT passport FROM {WHOSE}); END"
    return (await oracle.query(f"DO $$ {body} $$")).text + (await oracle.execute(f"DO $$ {body} $$")).text


def unique(heard: Heard) -> bool:
    """Whether a primary key was in the way, and not what comes after it."""
    return "pkey" in heard.error


def keyed(heard: Heard) -> int:
    """Read a number off an error's words about a key."""
    found = re.search(r"=\(90(\d{4})\)", heard.error)
    return int(found.group(1)) if found else 0


LOCKS: Final = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77"

CHANNELS: Final[Mapping[str, Attack]] = MappingProxyType(
    {
        "an overflow": asking(IF.replace("{yes}", "2147483647 + id"), failed),
        "an overflow of dates": asking(IF.replace("{yes}", "extract(year FROM date '5874897-01-01' + id * 365)"), failed),
        "a type error": asking(
            f"SELECT (CASE WHEN {{p}} THEN 'x' ELSE '1' END || left(plan, 0))::int FROM {WHOSE}", failed
        ),
        "a failing subscript": asking("SELECT (ARRAY[0, 1])[({p})::int + 1] FROM {w}", one),
        "a failing pattern": asking("SELECT 'a' ~ CASE WHEN {p} THEN '(' || left(plan, 0) ELSE 'a' END FROM {w}", failed),
        "a failing document": asking("SELECT (CASE WHEN {p} THEN '{' ELSE '{}' END || left(plan, 0))::json FROM {w}", failed),
        "a strict path": asking(
            "SELECT jsonb_path_query(to_jsonb(id), CASE WHEN {p} THEN 'strict $.a' ELSE 'lax $' END::jsonpath) FROM {w}",
            failed,
        ),
        "a zone that is none": asking("SELECT now() AT TIME ZONE CASE WHEN {p} THEN 'no' || plan ELSE 'UTC' END FROM {w}", failed),
        "a number out of range": asking("SELECT chr(CASE WHEN {p} THEN -id ELSE 65 END) FROM {w}", failed),
        "a root of less than nothing": asking("SELECT sqrt(CASE WHEN {p} THEN -id ELSE 4 END) FROM {w}", failed),
        "CASE": asking("SELECT CASE WHEN {p} THEN 1 ELSE 0 END FROM {w}", one),
        "coalesce": asking("SELECT coalesce(nullif({p}, false)::int, 0) FROM {w}", one),
        "a whole row's predicate": asking("SELECT (m).id / 4 FROM care.member m WHERE id = 4 AND {p}", one, column="(m).passport"),
        "SIMILAR TO": growing(f"SELECT count(*) FROM {WHOSE} AND passport SIMILAR TO '{{x}}%'", one),
        "starts with": growing(f"SELECT count(*) FROM {WHOSE} AND passport ^@ '{{x}}'", one),
        "BETWEEN": growing(f"SELECT count(*) FROM {WHOSE} AND passport BETWEEN '{{x}}' AND '{{x}}zz'", one),
        "a place in the text": growing(f"SELECT strpos(passport, '{{x}}') FROM {WHOSE}", one),
        "a split": growing(f"SELECT count(*) FROM {WHOSE} AND split_part(passport, '{{x}}', 1) = ''", one),
        "a pattern's matches": growing(f"SELECT regexp_count(passport, '^{{x}}') FROM {WHOSE}", one),
        "a path with a pattern": growing(
            f"SELECT count(*) FROM care.member m WHERE id = {VICTIM}"
            " AND jsonb_path_exists(to_jsonb(m), '$.passport ? (@ like_regex \"^{x}\")')", one,
        ),
        "each element of a document": growing(
            f"SELECT count(*) FROM care.member m, jsonb_each_text(to_jsonb(m)) e WHERE m.id = {VICTIM} AND e.value LIKE '{{x}}%'"
            " AND e.key = 'passport'", one,
        ),
        "digests of letters": digests,
        "recursion": coded(
            f"WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t, {WHOSE}"
            " AND n < ascii(substr(passport, {n}, 1))) SELECT max(n) FROM t", read=number,
        ),
        "FETCH FIRST": coded(
            f"SELECT g FROM generate_series(1, 300) g FETCH FIRST (SELECT ascii(substr(passport, {{n}}, 1)) FROM {WHOSE}) ROWS ONLY",
            read=rows,
        ),
        "a frame of a window": coded(
            "SELECT count(*) OVER (ORDER BY g ROWS (SELECT ascii(substr(passport, {n}, 1)) - 1 FROM care.member"
            f" WHERE id = {VICTIM}) PRECEDING) FROM generate_series(1, 300) g ORDER BY g DESC LIMIT 1", read=number,
        ),
        "a padded length": coded(f"SELECT length(lpad('', ascii(substr(passport, {{n}}, 1)))) FROM {WHOSE}", read=number),
        "octets on disk": coded(
            f"SELECT pg_column_size(repeat('x', ascii(substr(passport, {{n}}, 1)))) - 4 FROM {WHOSE}", read=number
        ),
        "bits of octets": coded(f"SELECT get_byte(convert_to(passport, 'UTF8'), {{n}} - 1) FROM {WHOSE}", read=number),
        "ordered sets": reading(
            "SELECT mode() WITHIN GROUP (ORDER BY passport), percentile_disc(0.5) WITHIN GROUP (ORDER BY passport) FROM care.member"
        ),
        "DISTINCT ON": reading("SELECT DISTINCT ON (plan) passport FROM care.member ORDER BY plan, passport DESC"),
        "statistics views": reading("SELECT stavalues1::text FROM pg_statistic WHERE starelid = 'care.member'::regclass"),
        "lag": reading("SELECT lag(passport) OVER (ORDER BY id), last_value(note) OVER (ORDER BY id) FROM care.member"),
        "a rolled-up group": reading("SELECT passport, count(*) FROM care.member GROUP BY ROLLUP (passport)"),
        "the order of groups": asking(
            "SELECT x FROM (VALUES (1), (2)) v(x), {w} GROUP BY x, passport ORDER BY CASE WHEN {p} THEN x ELSE -x END LIMIT 1", first
        ),
        "a row lock": asking("SELECT 1 FROM {w} AND {p} FOR UPDATE", one),
        "a sequence": left("SELECT CASE WHEN {p} THEN nextval('care.numbers') END FROM {w}", "SELECT last_value::text || is_called FROM care.numbers"),
        "an advisory lock": left(
            "SELECT CASE WHEN {p} THEN pg_try_advisory_lock(77)::int END FROM {w}", LOCKS, "SELECT pg_advisory_unlock_all()"
        ),
        "a setting": carried(
            f"SELECT set_config('a.b', passport, false) FROM {WHOSE}", "SELECT current_setting('a.b', true)"
        ),
        "a large object": carried(
            f"SELECT lo_from_bytea(0, convert_to(passport, 'UTF8')) FROM {WHOSE}", "SELECT convert_from(lo_get({x}), 'UTF8')"
        ),
        "a temporary table": carried(
            "CREATE TEMPORARY TABLE kept AS SELECT passport FROM care.member", "SELECT * FROM kept", by="execute"
        ),
        "a view of one's own": carried(
            "CREATE VIEW care.mine AS SELECT passport FROM care.member", "SELECT * FROM care.mine", by="execute"
        ),
        "a prepared statement": carried(
            "PREPARE p AS SELECT passport FROM care.member", "EXECUTE p", by="execute"
        ),
        "a cursor": carried(
            "DECLARE c CURSOR FOR SELECT passport FROM care.member", "FETCH 5 FROM c", by="execute"
        ),
        "a notice": notices,
        "a constraint's name": asking(
            "INSERT INTO care.visit (id, member_id) SELECT CASE WHEN {p} THEN 1 ELSE 900000 END, 900000 FROM {w}", unique
        ),
        "a key's words": coded(
            "INSERT INTO care.visit (id, member_id) SELECT 900000, 900000 + ascii(substr(passport, {n}, 1))"
            f" FROM {WHOSE}", read=keyed,
        ),
    }
)  # fmt: skip
