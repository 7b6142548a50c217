"""What mutants are made of: the schema's own names, functions and operators, read from a twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar, final

from core.catalog import Protection, Relation, Snapshot
from core.connectors.postgres import Known

Item = TypeVar("Item")


class Chance(Protocol):
    """Where choices come from: a `random.Random`, or Hypothesis."""

    def choice(self, seq: Sequence[Item], /) -> Item:
        """Take one."""
        ...

    def random(self) -> float:
        """Draw from [0, 1)."""
        ...

    def randint(self, a: int, b: int, /) -> int:
        """Draw from a to b, both included."""
        ...


@final
@dataclass(frozen=True, slots=True)
class Named:
    """A column: its name as SQL, its type, whether it is tagged."""

    sql: str
    type: str
    tagged: bool


@final
@dataclass(frozen=True, slots=True)
class Words:
    """Tables with their columns; `hot` are those with tagged columns that reads are answered from."""

    tables: Mapping[str, tuple[Named, ...]]
    hot: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column name once."""
        return tuple(sorted({column.sql for columns in self.tables.values() for column in columns}))

    @property
    def tagged(self) -> tuple[str, ...]:
        """Every tagged column name once."""
        return tuple(sorted({column.sql for columns in self.tables.values() for column in columns if column.tagged}))


def quoted(name: str) -> str:
    """Write an identifier, in quotes where it needs them."""
    plain = name.isascii() and name.isidentifier() and name == name.lower() and name not in RESERVED
    return name if plain else '"' + name.replace('"', '""') + '"'


RESERVED: Final = frozenset({"user", "order", "group", "table", "column", "end", "all", "any", "from", "select"})


def words(known: Known) -> Words:
    """Take what an agent may name from the catalogs as the read role sees them."""
    snapshot, protection = known.read, known.protection
    usable = [relation for relation in snapshot.relations.values() if open_(relation, snapshot)]
    tables = {written(relation): named(relation, protection) for relation in usable}
    hot = [written(r) for r in usable if r.oid in protection.tainted and r.oid not in protection.closed]
    return Words(tables, tuple(sorted(hot)))


def open_(relation: Relation, snapshot: Snapshot) -> bool:
    """Whether an agent could know of it: an application's table or view."""
    system = relation.schema in {"pg_catalog", "information_schema", "pg_toast", "assent", "assent_check"}
    return relation.kind in {"r", "p", "v", "m"} and not system and relation.schema not in snapshot.owned_schemas


def written(relation: Relation) -> str:
    """Write its name with its schema."""
    return f"{quoted(relation.schema)}.{quoted(relation.name)}"


def named(relation: Relation, protection: Protection) -> tuple[Named, ...]:
    """Describe its columns; a tainted view's count as tagged."""
    tags = protection.tags.get(relation.oid, {})
    view = relation.kind == "v" and relation.oid in protection.tainted
    return tuple(
        Named(quoted(attribute.name), attribute.type_name, view or attribute.number in tags)
        for attribute in relation.attributes.values()
    )


# ---------------------------------------------------------------- functions, by what they take: one value of a type

ANY_TO_TEXT: Final = (
    "{0}::text",
    "to_json({0})::text",
    "to_jsonb({0})::text",
    "concat({0}, 'x')",
    "format('%s', {0})",
    "format('%L', {0})",
    "quote_nullable({0}::text)",
    "json_build_object('k', {0})::text",
    "row_to_json(row({0}))::text",
    "array_to_string(array[{0}], ',')",
    "(array[{0}])[1]::text",
    "(row({0}))::text",
    "coalesce({0}::text, 'none')",
    "concat_ws('-', {0}, {0})",
    "jsonb_build_array({0}) ->> 0",
    "xmlelement(name x, {0})::text",
    "pg_typeof({0})::text",
    "encode(convert_to({0}::text, 'UTF8'), 'hex')",
    "encode(convert_to({0}::text, 'UTF8'), 'base64')",
    "encode(sha256(convert_to({0}::text, 'UTF8')), 'hex')",
    "left({0}::text, 3)",
    "substr({0}::text, 2, 4)",
    "regexp_replace({0}::text, '[aeiou]', '', 'g')",
    "split_part({0}::text, '@', 1)",
    "overlay({0}::text placing '' from 1 for 1)",
    "translate({0}::text, 'ghjk', '1234')",
    "lpad({0}::text, 3)",
    "string_to_array({0}::text, null)::text",
    "(select {0})::text",
    "case when {0} is null then 'null' else {0}::text end",
    "nullif({0}::text, '***')",
    "greatest({0}::text, 'm')",
    "care.shout({0}::text)",
)
ANY_TO_INT: Final = (
    "length({0}::text)",
    "ascii({0}::text)",
    "octet_length({0}::text)",
    "position('a' in {0}::text)",
    "num_nulls({0})",
    "cardinality(array[{0}])",
    "hashtext({0}::text)",
    "pg_column_size({0})",
    "strpos({0}::text, 'k')",
    "regexp_count({0}::text, '[g-k]')",
    "array_length(regexp_split_to_array({0}::text, ''), 1)",
)
TO_BOOL: Final = (
    "{0} is null",
    "{0} is not null",
    "{0}::text like '%k%'",
    "{0}::text ilike 'G%'",
    "{0}::text ~ '^[g-m]'",
    "{0}::text > 'm'",
    "{0}::text = '***'",
    "{0}::text similar to '%(q|z)%'",
    "starts_with({0}::text, 'k')",
    "{0}::text ^@ 'g'",
    "{0}::text between 'g' and 'p'",
    "length({0}::text) > 3",
    "{0} = {0}",
    "{0} is distinct from {0}",
    "{0}::text in ('a', 'b', '***')",
    "{0}::text <> all (array['a', 'b'])",
    "{0} in (select {0})",
    "exists (select 1 where {0} is null)",
    "to_tsvector('simple', {0}::text) @@ to_tsquery('simple', 'k:*')",
    "({0} is null) is true",
    "ascii({0}::text) % 2 = 0",
    "hashtext({0}::text) > 0",
    "{0}::text operator(care.=~~) 'k'",
)
FAILING: Final = (  # an error for some values only
    "{0}::text::int",
    "{0}::text::date",
    "{0}::text::jsonb",
    "{0}::text::inet",
    "1 / (length({0}::text) - 3)",
    "1 / (case when {0}::text > 'm' then 0 else 1 end)",
    "length({0}::text)::care.small",
    "('x' || {0}::text)::care.mailbox",
    "{0}::text::uuid",
    "repeat({0}::text, length({0}::text))",
    "(array[1, 2])[length({0}::text)]",
    "chr(ascii({0}::text) - 42)",
    "sqrt(length({0}::text) - 4)",
    "to_date({0}::text, 'YYYY')",
    "make_date(2000, length({0}::text), 1)",
    "substr({0}::text, 1, 3 - length({0}::text))",
    "{0}::text::care.mood",
    "('{{' || {0}::text)::text[]",
    "regexp_replace('abc', {0}::text, 'x')",
    "format({0}::text, 1)",
    "width_bucket(length({0}::text), 1, 1, 5)",
    "factorial(length({0}::text) - 5)",
    "query_to_xml({0}::text, true, false, '')",
)
AGGREGATES: Final = (
    "count({0})",
    "count(distinct {0})",
    "min({0}::text)",
    "max({0}::text)",
    "string_agg({0}::text, ',' order by {0})",
    "array_agg({0})",
    "json_agg({0})",
    "bool_and({0} is null)",
    "sum(length({0}::text))",
    "avg(ascii({0}::text))",
    "mode() within group (order by {0})",
    "percentile_disc(0.5) within group (order by {0})",
    "jsonb_object_agg({0}::text, 1)",
    "array_agg(distinct {0}::text)",
    "count(*) filter (where {0} is not null)",
    "every({0}::text > 'm')",
    "bit_xor(hashtext({0}::text))",
    "stddev(length({0}::text))",
    "max(length({0}::text))",
    "rank('k') within group (order by {0}::text)",
)
WINDOWS: Final = (
    "row_number() over (order by {0})",
    "rank() over (order by {0})",
    "dense_rank() over (order by {0} desc)",
    "ntile(4) over (order by {0})",
    "lag({0}::text) over (order by {0})",
    "first_value({0}::text) over (order by {0})",
    "count(*) over (partition by {0})",
    "cume_dist() over (order by {0})",
    "max({0}::text) over (rows between 1 preceding and current row)",
    "nth_value({0}::text, 2) over (order by {0} nulls first)",
    "percent_rank() over (partition by {0} is null order by {0})",
)
OPERATORS: Final = (
    "=", "<>", "<", ">", "<=", ">=", "||", "+", "-", "*", "/", "%", "~", "~*", "!~", "^@", "->", "->>", "#>", "@>",
    "<@", "&&", "?", "@@", "<->", "|", "#", "&", "<<", ">>", "~~", "!~~", "~~*", "is distinct from", "^", "-|-", "@?",
)  # fmt: skip
NAMES: Final = (
    "upper", "lower", "reverse", "md5", "length", "ascii", "initcap", "max", "min", "count", "sum", "avg", "array_agg",
    "json_agg", "string_agg", "to_json", "to_jsonb", "row_to_json", "jsonb_each_text", "jsonb_object_keys", "unnest",
    "generate_series", "concat", "format", "coalesce", "hashtext", "quote_literal", "num_nulls", "array_to_string",
    "regexp_matches", "regexp_split_to_table", "string_to_table", "ts_stat", "to_tsvector", "pg_column_size",
    "json_populate_record", "care.card_of", "care.shout", "care.told", "care.secret_word", "passport", "mail", "income",
    "pg_relation_size", "pg_sleep", "query_to_xml", "table_to_xml", "current_setting", "set_config", "lo_import",
    "pg_get_viewdef", "txid_current", "convert_to", "encode", "sha256", "left", "right", "substr", "date_trunc",
    "age", "extract", "masklen", "host", "network", "array_length", "cardinality", "jsonb_path_query", "xpath",
)  # fmt: skip
TYPES: Final = (
    "text", "int", "numeric", "bigint", "date", "timestamptz", "jsonb", "json", "uuid", "inet", "bytea", "text[]",
    "bool", "varchar(3)", "char(2)", "name", "xml", "regclass", "oid", "care.mailbox", "care.small", "care.mood",
    "care.contact", "care.member", "public.customers", "float8", "interval", "tsvector", "tsquery", '"char"', "cidr",
)  # fmt: skip
