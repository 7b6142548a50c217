from __future__ import annotations

import json

import asyncpg
import pytest

from core.catalog import Relation, Snapshot
from core.connectors.postgres import harden
from core.masking import Accepted, documents, names, pads, protect, token
from core.masking.masks import PLAIN, effective, expression, shape
from tests.integration.shop import MASKS, SHOP, TAGS, Make

KINDS = (*PLAIN, 'json without ["a.b","c"]', 'json only ["a.b","c","d.e.f"]')
VERSIONS = pytest.mark.parametrize("version", [15, 16, 17, 18])
PADS = pads(b"k" * 32, "pii.x", "1", "d")

# Each type with its modifiers, and values at the ends of what it holds; NULL is added to each.
VALUES: dict[str, tuple[str, ...]] = {
    "text": ("''", "'a'", "'1234567'", "'12345678'", "repeat('é', 9)", "E'\\\\''\"'", "repeat('x', 100000)"),
    "varchar": ("''", "'abcdefghij'"),
    "varchar(1)": ("''", "'a'"),
    "varchar(5)": ("'abcde'", "'ééééé'"),
    "varchar(9)": ("'123456789'", "'ééééééééé'"),
    "char(1)": ("' '", "'a'"),
    "char(12)": ("'123456789012'", "'a'"),
    "bpchar": ("'abc  '", "'abcdefghijkl'"),
    "name": ("''", "repeat('n', 63)", "repeat('é', 31)"),
    '"char"': ("'a'", "''"),
    "int2": ("-32768", "32767", "0", "-999"),
    "int4": ("-2147483648", "2147483647", "0", "-1"),
    "int8": ("-9223372036854775808", "9223372036854775807", "0"),
    "numeric": ("'NaN'", "'Infinity'", "'-Infinity'", "('9' || repeat('9', 131071))::numeric", "1e-16383", "-0.5"),
    "numeric(3,0)": ("-999", "999"),
    "numeric(4,0)": ("-9999", "9999"),
    "numeric(26,23)": ("999.99999999999999999999999", "-999.99999999999999999999999"),
    "numeric(2,-3)": ("99000", "-99000"),
    "numeric(3,5)": ("0.00999", "-0.00999"),
    "float4": ("'NaN'", "'Infinity'", "1e-45", "3.4028235e38"),
    "float8": ("'NaN'", "'-Infinity'", "5e-324", "1.7976931348623157e308"),
    "money": ("'-92233720368547758.08'",),
    # a date reaches further than a timestamp does
    "date": (
        "'4714-11-24 BC'",
        "'5874897-12-31'",
        "'infinity'",
        "'-infinity'",
        "'294276-12-31'",
        "'294277-01-01'",
        "'2024-02-29'",
    ),
    "timestamp": (
        "'4714-11-24 00:00:00 BC'",
        "'294276-12-31 23:59:59.999999'",
        "'infinity'",
        "'-infinity'",
        "'2024-02-29 1:2:3.4'",
    ),
    "timestamp(0)": ("'294276-12-31 23:59:59'", "'4713-01-02 BC'"),
    "timestamptz": ("'4714-11-24 00:00:00+00 BC'", "'294276-12-31 23:59:59.999999+00'", "'infinity'", "'-infinity'"),
    "timestamptz(3)": ("'4713-01-01 00:00:00+14 BC'", "'2024-01-01 00:00:00+12'"),
    "time": ("'24:00:00'",),
    "timetz": ("'24:00:00-15:59'",),
    "interval": ("'178000000 years'", "'-178000000 years'"),
    "interval day to second(2)": ("'1 day'",),
    "bool": ("true", "false"),
    "uuid": ("'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
    "inet": ("'0.0.0.0/0'", "'255.255.255.255'", "'::/0'", "'ffff:ffff::1/128'", "'10.1.2.3/8'", "'10.1.2.3/32'"),
    "cidr": ("'0.0.0.0/0'", "'10.0.0.0/8'", "'255.255.255.255/32'", "'::/0'", "'ffff:ffff::1/128'"),
    "macaddr": ("'08:00:2b:01:02:03'",),
    "bytea": ("''", "'\\xff00'"),
    "json": ("'1'", "'{}'", "'[]'"),
    "jsonb": (
        "'null'",
        "'1'",
        "'\"x\"'",
        "'[]'",
        "'[{\"a\": 1}]'",
        "'{}'",
        "'{\"a\": [1]}'",
        '\'{"a": 1, "c": {}}\'',
        '\'{"a": null, "d": {"e": [1]}}\'',
        '\'{"a": {"b": {"b": 1}}, "c": [1], "d": {"e": {"f": 1}}}\'',
    ),
    "xml": (),  # NULL alone: not every server is built with libxml
    "tsvector": ("'a:1'",),
    "point": ("'(1,2)'",),
    "bit(3)": ("B'101'",),
    "varbit(3)": ("B'1'",),
    "text[]": ("'{}'", "'{a,NULL}'"),
    "varchar(3)[]": ("'{abc}'",),
    "int4range": ("'empty'", "'(,)'"),
    "public.mood": ("'low'",),
    "public.pair": ("'(1,x)'",),
    "public.short": ("'abcdefghijk@'",),
    "public.deep": ("'ab@'",),
    "public.many": ("'{1,2}'",),
    "public.born": ("'5874897-12-31'", "'infinity'"),
    'public."odd ""type"': ("'x'",),
}
TYPES = """
CREATE TYPE public.mood AS ENUM ('low');
CREATE TYPE public.pair AS (a int, b text);
CREATE DOMAIN public.short AS varchar(12) CHECK (VALUE LIKE '%@%') NOT NULL;
CREATE DOMAIN public.deep AS public.short CHECK (length(VALUE) < 12);
CREATE DOMAIN public.many AS int[];
CREATE DOMAIN public.born AS date CHECK (VALUE > '2000-01-01');
CREATE TYPE public."odd ""type" AS ENUM ('x');
"""


async def seen(connection: asyncpg.Connection[asyncpg.Record]) -> Snapshot:
    async with connection.transaction():
        await connection.execute("SET LOCAL search_path = ''")
        return await harden.schema_of(connection)


def table_of(snapshot: Snapshot) -> Relation:
    return next(relation for relation in snapshot.relations.values() if relation.qualified == "public.t")


@VERSIONS
async def test_no_mask_raises_on_any_legal_value_of_any_type(database: Make, version: int) -> None:
    columns = {f"c{at}": name for at, name in enumerate(VALUES)}
    table = ", ".join(f"{column} {name}" for column, name in columns.items())
    # A NOT NULL domain is made nullable again, so that NULL reaches its masks as well.
    loose = "ALTER DOMAIN public.short DROP NOT NULL;"
    url = await database(
        f"{TYPES}{loose} CREATE TABLE public.t ({table}); INSERT INTO public.t DEFAULT VALUES;", version=version
    )
    connection = await asyncpg.connect(url)
    for column, name in columns.items():
        for value in VALUES[name]:
            await connection.execute(f"INSERT INTO public.t ({column}) VALUES ({value})")
    snapshot = await seen(connection)
    relation = table_of(snapshot)
    keys = tuple(f"'\\x{pad.hex()}'::pg_catalog.bytea" for pad in PADS)
    for attribute in relation.attributes.values():
        made = shape(attribute, snapshot.types)
        for kind in KINDS:
            sql = expression(kind, f'"{attribute.name}"', made, (keys[0], keys[1]))
            text = f"SELECT count(*), count({sql}), bool_and(pg_typeof({sql})::text <> '') FROM public.t"
            assert await connection.fetchval(text) > 0, (kind, attribute.type_name)
            if kind == "hide":
                assert await connection.fetchval(f"SELECT count(DISTINCT ({sql})::text) FROM public.t") <= 1
            if effective(kind, made.base) == kind and kind not in {"hide", "free_text"}:
                nulls = f"SELECT bool_and(({sql}) IS NULL) FROM public.t WHERE {attribute.name} IS NULL"
                assert await connection.fetchval(nulls)
    await connection.close()


@VERSIONS
async def test_a_masked_column_keeps_its_type_and_modifier(database: Make, version: int) -> None:
    columns = {f"c{at}": name for at, name in enumerate(VALUES)}
    table = ", ".join(f"{column} {name}" for column, name in columns.items())
    url = await database(f"{TYPES} CREATE TABLE public.t ({table});", version=version)
    connection = await asyncpg.connect(url)
    snapshot = await seen(connection)
    relation = table_of(snapshot)
    for at, kind in enumerate(KINDS):
        listed = ", ".join(
            f"{expression(kind, name.name, shape(name, snapshot.types), ('c0::bytea', 'c0::bytea'))} AS {name.name}"
            for name in relation.attributes.values()
            if name.name != "c0"
        )
        await connection.execute(f"CREATE VIEW public.v_{at} AS SELECT {listed} FROM public.t")
    free = KINDS.index("free_text")
    rows = await connection.fetch(
        f"""SELECT t.attname, format_type(t.atttypid, t.atttypmod) AS was, c.relname, y.typtype = 'd' AS domain,
                  format_type(v.atttypid, v.atttypmod) AS now
             FROM pg_attribute t JOIN pg_type y ON y.oid = t.atttypid
             JOIN pg_attribute v ON v.attname = t.attname
             JOIN pg_class c ON c.oid = v.attrelid AND c.relname LIKE 'v\\_%'
            WHERE t.attrelid = 'public.t'::regclass AND t.attnum > 0 AND c.relname <> 'v_{free}'"""
    )
    assert len(rows) > 300
    assert {tuple(row) for row in rows if row["was"] != row["now"] and not row["domain"]} == set()
    assert not [tuple(row) for row in rows if row["domain"] and row["now"] in {"short", "deep", "many", "born"}]
    await connection.close()


@VERSIONS
async def test_tokens_of_the_database_equal_pythons(database: Make, version: int) -> None:
    connection = await asyncpg.connect(await database(TYPES, version=version))
    inner, outer = (f"'\\x{pad.hex()}'::pg_catalog.bytea" for pad in PADS)
    samples = {
        "text": ["", "a", "ünï\u200b", "x" * 9000, "'\\"],
        "varchar(7)": ["abcdefg"],
        "char(5)": ["ab"],
        "name": ["n"],
        "int4": ["-2147483648", "0", "7"],
        "int8": ["-9223372036854775808", "9223372036854775807"],
        "uuid": ["6d9b2c1e-0000-4000-8000-00000000000a"],
        "public.short": ["a@b"],
    }
    for name, texts in samples.items():
        await connection.execute(f"DROP TABLE IF EXISTS public.t; CREATE TABLE public.t (c {name})")
        snapshot = await seen(connection)
        made = shape(table_of(snapshot).attributes[1], snapshot.types)
        sql = expression("token", "c", made, (inner, outer))
        for text in texts:
            await connection.execute("DELETE FROM public.t")
            await connection.execute(f"INSERT INTO public.t VALUES (${1}::text::{name})", text)
            want = str(token(PADS, text, made.base))
            cut = 7 if name == "varchar(7)" else 5 if name == "char(5)" else None
            assert str(await connection.fetchval(f"SELECT ({sql})::text FROM public.t")) == want[:cut]
    await connection.close()


async def test_masks_mean_the_same_under_a_hostile_search_path(database: Make) -> None:
    url = await database(
        """CREATE SCHEMA evil;
        CREATE FUNCTION evil.right(text, int) RETURNS text LANGUAGE sql AS 'SELECT $1';
        CREATE FUNCTION evil.length(text) RETURNS int LANGUAGE sql AS 'SELECT 99';
        CREATE FUNCTION evil.leak(text, text) RETURNS text LANGUAGE sql AS 'SELECT $2';
        CREATE OPERATOR evil.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.leak);
        CREATE TYPE evil.text AS ENUM ('x');
        CREATE TABLE public.t (c text); INSERT INTO public.t VALUES ('12345678');"""
    )
    connection = await asyncpg.connect(url)
    snapshot = await seen(connection)
    made = shape(table_of(snapshot).attributes[1], snapshot.types)
    await connection.execute("SET search_path = evil, pg_catalog, public")
    sql = expression("last4", "c", made).removesuffix("::text")  # the type's name is resolved under our own path
    assert await connection.fetchval(f"SELECT {sql} FROM public.t") == "***5678"
    await connection.close()


async def test_spliced_subqueries_mask_like_the_views_do(database: Make) -> None:
    connection = await asyncpg.connect(await database(SHOP))
    snapshot = await seen(connection)
    protection = protect(snapshot, TAGS, MASKS, enforced=False, accepted=Accepted())
    names = {snapshot.relations[oid].qualified: text for oid, text in protection.replacement.items()}
    assert names.keys() == {
        "public.customers",
        "public.events",
        "public.events_1",
        "hr.pay",
        "public.buyers",
        "public.top_buyers",
        "public.whole",
    }
    for text in names.values():
        for tag in ("pii.email", "pci"):
            inner, outer = (f"'\\x{pad.hex()}'::pg_catalog.bytea" for pad in pads(b"k" * 32, tag, "1", "d"))
            text = text.replace(f"\0i{tag}\0", inner).replace(f"\0o{tag}\0", outer)  # noqa: PLW2901
        rows = await connection.fetch(f"SELECT to_jsonb(m) - 'note' #- '{{document,note}}' AS row FROM {text} AS m")
        assert rows or "events" in text
        raws = ("@example", "078-05", "411111", "51234")
        assert not [row for row in rows for raw in raws if raw in row["row"]]
    await connection.close()


DOCUMENTS = (
    # document, without a.b and c, only a.b and c
    ('{"a": {"b": 1, "x": 2}, "c": 3, "y": 4}', {"a": {"x": 2}, "y": 4}, {"a": {"b": 1}, "c": 3}),
    ('{"a": {"x": 2}}', {"a": {"x": 2}}, {"a": {"b": None}, "c": None}),
    ('{"y": 1}', {"y": 1}, {"a": {"b": None}, "c": None}),
    ('{"a": null, "c": 1}', None, {"a": {"b": None}, "c": 1}),
    ('{"a": [1], "c": 1}', None, {"a": {"b": None}, "c": 1}),
    ('{"a": "b"}', None, {"a": {"b": None}, "c": None}),
    ("[1]", None, {"a": {"b": None}, "c": None}),
    ('"b"', None, {"a": {"b": None}, "c": None}),
    (None, None, None),
)


@VERSIONS
async def test_a_document_loses_its_listed_paths_or_keeps_them_alone(database: Make, version: int) -> None:
    connection = await asyncpg.connect(await database("CREATE TABLE public.t (c jsonb)", version=version))
    made = shape(table_of(await seen(connection)).attributes[1], (await seen(connection)).types)
    for document, without, only in DOCUMENTS:
        await connection.execute("DELETE FROM public.t")
        await connection.execute("INSERT INTO public.t VALUES ($1)", document)
        for kind, wanted in (('json without ["a.b", "c"]', without), ('json only ["a.b", "c"]', only)):
            got = await connection.fetchval(f"SELECT {expression(kind, 'c', made)} FROM public.t")
            assert (None if got is None else json.loads(got)) == wanted, (document, kind)
    await connection.close()


async def test_a_key_of_a_path_stays_a_key_whatever_stands_in_it(database: Make) -> None:
    odd = ["it's", "back\\slash", 'qu"ote', "{a,b}", "é ü"]
    connection = await asyncpg.connect(await database("CREATE TABLE public.t (c jsonb)"))
    known = await seen(connection)
    made = shape(table_of(known).attributes[1], known.types)
    await connection.execute("INSERT INTO public.t VALUES ($1)", json.dumps({**dict.fromkeys(odd, 1), "kept": 2}))
    kind = documents.kind([names.quote(key) for key in odd], hides=True)
    got = await connection.fetchval(f"SELECT {expression(kind, 'c', made)} FROM public.t")
    assert json.loads(got) == {"kept": 2}
    await connection.close()


SHOWN = (
    ("last4", "text", "1234567", "***"),
    ("last4", "text", "12345678", "***5678"),
    ("last4", "varchar(12)", "P00000000", "***0000"),
    ("last4", "text", None, None),
    ("hide", "text", None, "***"),
    ("hide", "varchar(2)", "secret", "**"),
    ("hide", "int4", "7", None),
    ("hide_null", "text", None, None),
    ("hide_null", "text", "x", "***"),
    ("year", "date", "2024-02-29", "2024-01-01"),
    ("year", "date", "infinity", None),
    ("year", "timestamptz", "2024-12-31 23:30:00-02", "2025-01-01 00:00:00+00"),
    ("bucket", "int4", "51234", "51000"),
    ("bucket", "int4", "-999", "0"),
    ("bucket", "numeric(10,2)", "1999.99", "1000.00"),
    ("network", "inet", "10.1.2.3/32", "10.1.2.0/24"),
    ("network", "inet", "fd00:1:2:3::9", "fd00:1:2::/48"),
    ("token", "float8", "1.5", None),
    ("bucket", "float8", "1500", None),
    ("year", "text", "2024", "***"),
    ('json only ["a"]', "json", '{"a": 1}', None),
)


async def test_masks_show_what_they_say(database: Make) -> None:
    connection = await asyncpg.connect(await database())
    await connection.execute("SET timezone = 'UTC'")
    for kind, name, value, wanted in SHOWN:
        await connection.execute(f"DROP TABLE IF EXISTS public.t; CREATE TABLE public.t (c {name})")
        known = await seen(connection)
        await connection.execute(f"INSERT INTO public.t VALUES ($1::text::{name})", value)
        sql = expression(kind, "c", shape(table_of(known).attributes[1], known.types), ("c0", "c0"))
        assert await connection.fetchval(f"SELECT ({sql})::text FROM public.t") == wanted, (kind, name, value)
    await connection.close()
