"""Every `[source.NAME]` -> the noun of its kind; a kind takes its own settings and none of another's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from core.masking.declared import Accepted
from core.masking.detectors import REGIONS, SUPPORTED_REGIONS
from core.model import Aggregation, Dialect, Source
from core.ports import Recorded, Recording
from core.settings import schema
from core.settings.build import ABSENT
from core.settings.findings import Place
from core.settings.nouns import BigQuerySource, PlainSource, PostgresSource, SourceSettings
from core.settings.reader import Reader, Table
from core.settings.warehouse import MASKS, routines, tokens, warehouse

TOTALS: Final = 20  # statements of aggregates that a Caller may ask in a day
LOOKS: Final = 50  # values that a Caller may look up in a day
CODE: Final = re.compile(r"(pure|procedure)(?::([0-9a-f]{32}))?", re.ASCII)

# Settings that only some kinds take; a kind without a row here is reached by addresses alone.
PLAIN: Final = frozenset({"read_url", "write_url"})
OWN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        Dialect.POSTGRES: PLAIN | {"unmask_url", "accept", "aggregate", "lookup", "functions"},
        Dialect.BIGQUERY: frozenset({
            "project", "location", "endpoint", "credentials", "read_account", "write_account", "write_credentials",
            "max_bytes", "price_per_tib", "currency", "billing", "dry_account", "masks_dataset",
            "token_key", "token_keyset", "accept", "functions",
        }),
    }
)  # fmt: skip
NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {Dialect.BIGQUERY: ("project", "location", "max_bytes")}
)

ENFORCED: Final = frozenset({Dialect.POSTGRES, Dialect.BIGQUERY})  # what can hold masks by its own rights


class Make(Protocol):
    """How the noun of one kind is made."""

    def __call__(self, reader: Reader, table: Table, source: Source) -> SourceSettings:
        """Make it of its table and of what every Source has."""
        ...


def source(reader: Reader, name: str, raw: object) -> SourceSettings:
    """Make one `[source.*]`."""
    table = reader.table(schema.SOURCE, raw, ("source", name))
    dialect = Dialect(table.text("kind", Dialect.POSTGRES))
    _fits(reader, table, dialect)
    lookup = _lookup(reader, table)
    noun = Source(
        name=name,
        dialect=dialect,
        tags=MappingProxyType(dict(table.texts("tags"))),
        enforced=table.text("masking", masked(dialect)) == "enforced",
        description=table.text("description"),
        looked_up=frozenset() if lookup is None else lookup.names("columns") or frozenset(),
        aggregated=_aggregated(reader, table),
        looks_per_day=0 if lookup is None else lookup.number("per_day") or LOOKS,
        phone_regions=_regions(reader, table),
        findings=table.flag("findings"),
        price_per_tib=table.money("price_per_tib") if table.text("billing", "on_demand") == "on_demand" else None,
        currency=table.text("currency", "USD"),
        channel=table.text("channel") or None,
    )
    return MAKERS.get(dialect, plain)(reader, table, noun)


def masked(dialect: Dialect) -> str:
    """Say who enforces masks where nothing is said: PostgreSQL itself; of others only what was tried on them."""
    return "enforced" if dialect is Dialect.POSTGRES else "spliced"


def postgres(reader: Reader, table: Table, source: Source) -> PostgresSource:
    """Make a PostgreSQL Source."""
    return PostgresSource(
        source=source,
        read_url=table.secret("read_url") or ABSENT,
        write_url=table.secret("write_url"),
        unmask_url=table.secret("unmask_url"),
        recorded=_recorded(reader, table),
        accepted=_accepted(reader, table),
        functions=_code(reader, table, "pure"),
        procedures=_code(reader, table, "procedure"),
    )


def bigquery(reader: Reader, table: Table, source: Source) -> BigQuerySource:
    """Make a BigQuery Source."""
    warehouse(reader, table)
    return BigQuerySource(
        source=source,
        project=table.text("project"),
        location=table.text("location"),
        endpoint=table.text("endpoint"),
        credentials=table.secret("credentials"),
        read_account=table.text("read_account"),
        write_account=table.text("write_account"),
        write_credentials=table.secret("write_credentials"),
        dry_account=table.text("dry_account"),
        masks_dataset=table.text("masks_dataset", MASKS),
        keyset=tokens(reader, table),
        trusted=_accepted(reader, table).trusted,
        routines=routines(reader, table),
        max_bytes=table.number("max_bytes") or 0,
        recorded=_recorded(reader, table),
        on_demand=table.text("billing", "on_demand") == "on_demand",
    )


def plain(reader: Reader, table: Table, source: Source) -> PlainSource:
    """Make a Source of any further kind."""
    return PlainSource(
        source=source,
        read_url=table.secret("read_url") or ABSENT,
        write_url=table.secret("write_url"),
        recorded=_recorded(reader, table),
    )


MAKERS: Final[Mapping[Dialect, Make]] = MappingProxyType({Dialect.POSTGRES: postgres, Dialect.BIGQUERY: bigquery})


def _fits(reader: Reader, table: Table, dialect: Dialect) -> None:
    """Say which settings are another kind's, which are missing, and that no other kind enforces masks by itself."""
    own = OWN.get(dialect, PLAIN)
    for key in sorted(frozenset[str]().union(*OWN.values()) - own):
        if table.has(key):
            reader.findings.error((*table.path, key), f"a {dialect} Source has no such setting")
    if dialect not in ENFORCED and table.text("masking") == "enforced":
        reader.findings.error((*table.path, "masking"), f"a {dialect} Source masks in the text only")
    raised = {finding.path for finding in reader.findings.errors}
    for key in NEEDED.get(dialect, ("read_url",)):
        if not table.has(key) and (*table.path, key) not in raised:
            reader.findings.error(table.path, f"{key} is missing")


def _regions(reader: Reader, table: Table) -> tuple[str, ...]:
    """Read whose phone numbers are dialled without a country code."""
    named = table.names("phone_regions")
    unknown = sorted((named or frozenset()) - SUPPORTED_REGIONS)
    if unknown:
        reader.findings.error((*table.path, "phone_regions"), f"no such country: {', '.join(unknown)}")
    return REGIONS if named is None else tuple(sorted(named & SUPPORTED_REGIONS))


def _recorded(reader: Reader, table: Table) -> Recording:
    record = reader.table(schema.RECORD, table.values.get("record", {}), (*table.path, "record"))
    words = {key.name: record.text(key.name) for key in schema.RECORD.keys}
    return Recording(**{name: Recorded(word) for name, word in words.items() if word in schema.MODES})


def _accepted(reader: Reader, table: Table) -> Accepted:
    accept = reader.table(schema.ACCEPT, table.values.get("accept", {}), (*table.path, "accept"))
    return Accepted(
        trusted=accept.names("trusted") or frozenset(),
        untagged=accept.names("untagged") or frozenset(),
        policies=accept.names("policies") or frozenset(),
        grains=accept.names("grains") or frozenset(),
        hide_null=accept.names("hide_null") or frozenset(),
    )


def _aggregated(reader: Reader, table: Table) -> Mapping[str, Aggregation]:
    raw, path = table.values.get("aggregate", {}), (*table.path, "aggregate")
    if not isinstance(raw, dict):
        reader.findings.error(path, "must be a table of columns")
        return {}
    return MappingProxyType(
        {str(column): _aggregation(reader, each, (*path, str(column))) for column, each in raw.items()}
    )


def _aggregation(reader: Reader, raw: object, path: Place) -> Aggregation:
    table = reader.table(schema.AGGREGATE, raw, path)
    return Aggregation(
        people=table.number("people") or 0,
        functions=table.names("functions") or frozenset(),
        subject=table.text("subject"),
        round=table.number("round") or 1,
        per_day=table.number("per_day") or TOTALS,
    )


def _lookup(reader: Reader, table: Table) -> Table | None:
    raw = table.values.get("lookup")
    return None if raw is None else reader.table(schema.LOOKUP, raw, (*table.path, "lookup"))


def _code(reader: Reader, table: Table, kind: str) -> Mapping[str, str]:
    """Read which code of a kind is registered, each with the md5 of the body looked at; "" where none is named."""
    found: dict[str, str] = {}
    for name, said in table.texts("functions").items():
        held = CODE.fullmatch(said)
        if held is None:
            wanted = 'a function is "pure:MD5 OF ITS BODY", a procedure "procedure:MD5 OF ITS BODY"'
            reader.findings.error((*table.path, "functions", name), wanted)
        elif held.group(1) == kind:
            found[name] = held.group(2) or ""
    return MappingProxyType(found)
