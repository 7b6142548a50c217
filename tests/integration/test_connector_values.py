"""Values survive: each cell equals what the server itself prints, except where JSON has an exact equal."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
import pytest

from core.model import Cell
from tests.integration.connecting import READER, SHOP, connected, query

Database = Callable[..., Coroutine[Any, Any, str]]

TYPES = (
    SHOP
    + f"""
CREATE TYPE mood AS ENUM ('calm', 'wild');
CREATE DOMAIN pos AS int CHECK (value > 0);
CREATE TYPE pair AS (a int, b text);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE typed (i int, z text);
INSERT INTO typed VALUES (1, 'q"');
GRANT SELECT ON typed TO {READER};
"""
)
KINDS: dict[str, Cell] = {
    "9007199254740993::int8": "9007199254740993",
    "9007199254740991::int8": 9007199254740991,
    "12345678901234567890.123456789::numeric": "12345678901234567890.123456789",
    "606.00::numeric": "606.00",
    "'NaN'::numeric": "NaN",
    "'Infinity'::numeric": "Infinity",
    "1e20::numeric": "100000000000000000000",
    "'Infinity'::float8": "Infinity",
    "0.1::float4": 0.1,
    "1e300::float8": 1e300,
    "'2026-01-02 03:04:05.123456+00'::timestamptz": "2026-01-02 03:04:05.123456+00",
    "'infinity'::timestamptz": "infinity",
    "'20000-01-01'::timestamptz": "20000-01-01 00:00:00+00",
    "'2026-01-02 03:04:05'::timestamp": "2026-01-02 03:04:05",
    "'0044-03-15 BC'::date": "0044-03-15 BC",
    "'24:00'::time": "24:00:00",
    "'1 mon 2 days 03:04:05.678'::interval": "1 mon 2 days 03:04:05.678",
    "'\\xdeadbeef'::bytea": "\\xdeadbeef",
    '\'{"a":1.10,"b":9007199254740993}\'::jsonb': '{"a": 1.10, "b": 9007199254740993}',
    '\'{"b":1,"a":2,"b":3}\'::json': '{"b":1,"a":2,"b":3}',
    "array[1,NULL,3]": (1, None, 3),
    "array[array[1.10],array[NULL::numeric]]": (("1.10",), (None,)),
    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "'10.0.0.1/8'::inet": "10.0.0.1/8",
    "'10.0.0.1'::inet": "10.0.0.1",
    "'10.0.0.0/8'::cidr": "10.0.0.0/8",
    "'[2026-01-01,2026-02-01)'::daterange": "[2026-01-01,2026-02-01)",
    "'empty'::daterange": "empty",
    "'(,1.10]'::numrange": "(,1.10]",
    "'{[1,3),[5,7)}'::int4multirange": "{[1,3),[5,7)}",
    "(1,'x')": "(1,x)",
    "row(1,1.10,'infinity'::timestamptz)": "(1,1.10,infinity)",
    "row(1,'x,\"')::pair": '(1,"x,""")',
    "array[row(1,'x')::pair]": ("(1,x)",),
    "NULL::text": None,
    "array[NULL]::text[]": (None,),
    "true": True,
    "array[true,false]": (True, False),
    "'calm'::mood": "calm",
    "array['calm'::mood]": ("calm",),
    "5::pos": 5,
    "array[5::pos]": (5,),
    "'[1.5,2)'::span": "[1.5,2)",
    "array['[1,2)'::int4range]": ("[1,2)",),
    "'-0'::float8": -0.0,
    "'12.34'::money": "$12.34",
    "b'101'": "101",
    "'(1,2)'::point": "(1,2)",
    "'((1,2),(3,4),(5,6))'::path": "((1,2),(3,4),(5,6))",
    "'((1,2),(3,4),(5,6))'::polygon": "((1,2),(3,4),(5,6))",
    "'<(1,2),3>'::circle": "<(1,2),3>",
    "'{1,2,3}'::line": "{1,2,3}",
    "'((1,2),(3,4))'::lseg": "[(1,2),(3,4)]",
    "array['(1,2),(3,4)'::box]": ("(3,4),(1,2)",),
    "'a fat cat'::tsvector": "'a' 'cat' 'fat'",
    "'a'::char(5)": "a    ",
    "'a'::\"char\"": "a",
    "'(1,2)'::tid": "(1,2)",
    "'16/B374D848'::pg_lsn": "16/B374D848",
    "7::oid": 7,
    "'pg_class'::regclass": "pg_class",
    "'1 2'::oidvector": "1 2",
    "E'a\\u2028b'": "a\u2028b",
    "'24:00:00+02'::timetz": "24:00:00+02",
    "'08:00:2b:01:02:03'::macaddr": "08:00:2b:01:02:03",
    "pg_notify('x', '')": "",
}


@pytest.mark.parametrize("version", [15, 16, 17, 18])
async def test_each_kind_of_value_is_exact(database: Database, version: int) -> None:
    async with connected(await database(TYPES, version=version)) as connector:
        rows = await query(connector, "SELECT " + ", ".join(KINDS), returned_bytes=10**6)
        for (text, wanted), cell in zip(KINDS.items(), rows.rows[0], strict=True):
            assert (type(cell), cell) == (type(wanted), wanted), text
        assert len(json.loads(orjson.dumps(rows.rows))[0]) == len(KINDS)


async def test_whole_rows_and_columns_of_one_name_both_survive(database: Database) -> None:
    async with connected(await database(TYPES)) as connector:
        rows = await query(connector, "SELECT t, array_agg(t), 1 AS a, 2 AS a FROM typed t GROUP BY t")
        assert rows.rows == (('(1,"q""")', ('(1,"q""")',), 1, 2),)
        assert [column.name for column in rows.columns] == ["t", "array_agg", "a", "a"]
        assert [column.type for column in rows.columns] == ["public.typed", "public.typed[]", "integer", "integer"]


async def test_a_row_without_columns_is_an_empty_row(database: Database) -> None:
    async with connected(await database(TYPES)) as connector:
        assert (await query(connector, "SELECT FROM typed")).rows == ((),)


PARAMETERS: dict[str, tuple[str | int | float | bool | None, Cell]] = {
    "$1::int": ("5", 5),
    "$2::int8": (9007199254740993, "9007199254740993"),
    "$3::text": (5, "5"),
    "$4::bool": (True, True),
    "$5::numeric": ("1.10", "1.10"),
    "$6::date": ("2026-01-31", "2026-01-31"),
    "$7::jsonb": ('{"a": 1}', '{"a": 1}'),
    "$8::int[]": ("{1,NULL,3}", (1, None, 3)),
    "$9::mood": ("calm", "calm"),
    "$10::pair": ("(1,x)", "(1,x)"),
    "$11::daterange": ("[2026-01-01,)", "[2026-01-01,)"),
    "$12::bytea": ("\\x00ff", "\\x00ff"),
    "$13::float8": (1e300, 1e300),
    "$14::text": (None, None),
    "$15::text[]": ('{"a,b"}', ("a,b",)),
    "$16::timestamptz": ("2026-01-01", "2026-01-01 00:00:00+00"),
    "$17::uuid": ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
}


@pytest.mark.parametrize("version", [15, 18])
async def test_the_server_parses_parameters_for_their_type(database: Database, version: int) -> None:
    async with connected(await database(TYPES, version=version)) as connector:
        given = tuple(value for value, _ in PARAMETERS.values())
        rows = await query(connector, "SELECT " + ", ".join(PARAMETERS), given)
        assert rows.rows[0] == tuple(wanted for _, wanted in PARAMETERS.values())


RANDOM = {
    "numeric": "(random() * 10 ^ (random() * 40 - 20))::numeric(60, 25)",
    "float8": "(random() - 0.5) * 10 ^ (random() * 600 - 300)",
    "float4": "((random() - 0.5) * 10 ^ (random() * 70 - 35))::float4",
    "int8": "((random() - 0.5) * 2 ^ 63)::int8",
    "timestamptz": "'2000-01-01'::timestamptz + (random() - 0.5) * interval '8000 years'",
    "date": "('2000-01-01'::timestamp + (random() - 0.5) * interval '8000 years')::date",
    "interval": "(random() - 0.5) * interval '1000 years 11 mons 29 days 23:59:59.999999'",
    "bytea": "decode(md5(random()::text), 'hex')",
    "text": "(SELECT string_agg(chr((random() * 2000 + 1)::int), '') FROM generate_series(1, 20) WHERE g > 0)",
    "tsrange": "tsrange(NULL, '2000-01-01'::timestamp + random() * interval '9 years')",
}


@pytest.mark.parametrize("expression", RANDOM.values(), ids=RANDOM.keys())
async def test_random_values_equal_their_own_text(database: Database, expression: str) -> None:
    text = f"SELECT v, v::text FROM (SELECT {expression} AS v FROM generate_series(1, 500) g) s"
    async with connected(await database(TYPES)) as connector:
        rows = await query(connector, text, returned_rows=1000, returned_bytes=10**7)
        assert len(rows.rows) == 500
        for cell, said in rows.rows:
            assert cell == said or (isinstance(cell, float | int) and float(str(said)) == cell), said
