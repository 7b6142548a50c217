"""Tables of the file -> nouns, section by section; what cannot be made leaves a finding and something harmless."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from core.audit import note
from core.audit.note import BadNote
from core.identity.issuer import ALGORITHMS, Agent, Issuer
from core.masking.declared import Accepted
from core.masking.detectors import REGIONS, SUPPORTED_REGIONS
from core.model import Aggregation, Dialect, Person, Source
from core.ports import Recorded, Recording
from core.settings import schema
from core.settings.findings import Place
from core.settings.nouns import (
    BigQuerySource,
    GatewaySettings,
    KeySettings,
    Listen,
    PlaceSettings,
    Postgres,
    PostgresSource,
    SinkSettings,
    SlackSettings,
    SourceSettings,
    Sqlite,
)
from core.settings.reader import ANY, Reader, Table
from core.settings.secret import Secret
from core.settings.warehouse import warehouse

ABSENT: Final = Secret("env:ABSENT", None)  # in place of one that is a finding already
NOWHERE: Final = Listen(host="127.0.0.1", port=0)
PORTS: Final = 65_535
ONLY_POSTGRES: Final = ("read_url", "write_url", "unmask_url", "accept", "aggregate", "lookup", "functions")
TOTALS: Final = 20  # statements of aggregates that a Caller may ask in a day
CALLS: Final = 600  # of one agent in a minute
LOOKS: Final = 50  # values that a Caller may look up in a day
CODE: Final = re.compile(r"(pure|procedure)(?::([0-9a-f]{32}))?", re.ASCII)
ONLY_BIGQUERY: Final = (
    "project", "location", "endpoint", "credentials", "read_account", "write_account", "write_credentials", "max_bytes",
    "price_per_tib", "currency", "billing",
)  # fmt: skip
# Key of a [[sink]] -> the kinds that need it; no other takes it.
SINKS: Final = MappingProxyType(
    {"path": ("file",), "url": ("webhook", "splunk", "syslog"), "secret": ("webhook", "splunk")}
)
ANCHORS: Final = MappingProxyType({"path": ("file",), "url": ("webhook",), "secret": ("webhook",)})
COSIGNED: Final = timedelta(seconds=10)
ANCHORED: Final = timedelta(hours=1)
NEEDED: Final = MappingProxyType({"postgres": ("read_url",), "bigquery": ("project", "location", "max_bytes")})


def gateway(reader: Reader, raw: object) -> GatewaySettings:
    """Make `[gateway]`."""
    table = reader.table(schema.GATEWAY, raw, ("gateway",))
    certificate, key = table.text("certificate"), table.secret("key")
    if bool(certificate) != (key is not None):
        reader.findings.error(("gateway",), "certificate and key stand together")
    return GatewaySettings(
        url=table.text("url"),
        listen=listen(reader, table, "127.0.0.1:8080"),
        store=_store(reader, table),
        certificate=reader.folder / certificate if certificate else None,
        key=key,
        proxies=tuple(sorted(table.names("proxies") or ())),
        acknowledged=table.names("acknowledge") or frozenset(),
        trusted_stdio=table.text("stdio") == "agent-is-trusted",
        result_ttl=table.span("result_ttl") or timedelta(hours=1),
        calls_per_minute=table.number("calls_per_minute") or CALLS,
    )


def keys(reader: Reader, raw: object) -> KeySettings:
    """Make `[keys]`."""
    table = reader.table(schema.KEYS, raw, ("keys",))
    following = reader.table(schema.NEXT_KEYS, table.values.get("next", {}), ("keys", "next"))
    found = {key.name: following.secret(key.name) for key in schema.NEXT_KEYS.keys}
    return KeySettings(
        questions=table.secret("questions") or ABSENT,
        results=table.secret("results") or ABSENT,
        signing=table.secret("signing") or ABSENT,
        mask=table.secret("mask") or ABSENT,
        next=MappingProxyType({name: secret for name, secret in found.items() if secret is not None}),
    )


def issuer(reader: Reader, raw: object, number: int, url: str, acknowledged: frozenset[str]) -> Issuer:
    """Make one `[[identity]]`."""
    table = reader.table(schema.IDENTITY, raw, ("identity", str(number)))
    algorithms = table.names("algorithms")
    if algorithms is not None and (not algorithms or algorithms - ALGORITHMS):
        reader.findings.error((*table.path, "algorithms"), f"algorithms are {', '.join(sorted(ALGORITHMS))}")
    audiences = table.names("audiences")
    return Issuer(
        issuer=table.text("issuer"),
        directory=table.text("directory"),
        audiences=frozenset({url, f"{url.rstrip('/')}/mcp"}) if audiences is None else audiences,
        review_audiences=table.names("review_audiences") or frozenset(),
        groups_claim=table.text("groups_claim", "groups"),
        groups=_or_any(table, "groups", ""),
        domains=_or_any(table, "domains", ""),
        clients=_or_any(table, "clients", ANY),
        person_when=table.scalars("person_when"),
        person_claim=table.text("person_claim", "sub"),
        client_claim=table.text("client_claim"),
        scopes=table.names("scopes") or frozenset(),
        algorithms=(algorithms or ALGORITHMS) & ALGORITHMS,
        keys=table.text("keys") or None,
        lifetime=table.span("lifetime") or timedelta(hours=1),
        review_lifetime=table.span("review_lifetime") or timedelta(minutes=10),
        acr=table.names("acr") or frozenset(),
        ignored=table.names("ignored") or frozenset(),
        plaintext=f"no-tls:{table.text('directory')}" in acknowledged,
    )


def groups(reader: Reader, raw: Mapping[str, object]) -> Mapping[str, frozenset[str]]:
    """Make every `[group.*]`."""
    found = {name: reader.table(schema.GROUP, each, ("group", name)) for name, each in raw.items()}
    for name, table in found.items():
        if table.names("members") == frozenset():
            reader.findings.warn(("group", name), "nobody is in it, so nobody can fill its seat")
    return MappingProxyType({name: table.names("members") or frozenset() for name, table in found.items()})


def agents(reader: Reader, raw: Mapping[str, object]) -> tuple[Agent, ...]:
    """Make every `[agent.*]`."""
    made: list[Agent] = []
    for client, each in raw.items():
        table = reader.table(schema.AGENT, each, ("agent", client))
        directory, _, identifier = table.text("owner").partition(":")
        if table.has("owner") and not (directory and identifier):
            reader.findings.error((*table.path, "owner"), 'an owner is written "directory:person id"')
        owner = Person(directory=directory, id=identifier)
        made.append(Agent(client=client, owner=owner, name=table.text("name")))
    return tuple(made)


def slack(reader: Reader, raw: object) -> SlackSettings:
    """Make `[slack]`."""
    table = reader.table(schema.SLACK, raw, ("slack",))
    if table.has("app_token") == table.has("signing_secret"):
        reader.findings.error(("slack",), "name app_token (Socket Mode) or signing_secret (HTTP), one of the two")
    if table.has("api") != table.has("hooks"):
        reader.findings.error(("slack",), "api and hooks stand together")
    return SlackSettings(
        bot_token=table.secret("bot_token") or ABSENT,
        channel=table.text("channel"),
        app_token=table.secret("app_token"),
        signing_secret=table.secret("signing_secret"),
        people=MappingProxyType(dict(table.texts("people"))),
        api=table.text("api"),
        hooks=table.text("hooks"),
    )


def sink(reader: Reader, raw: object, number: int) -> SinkSettings:
    """Make one `[[sink]]`."""
    table = reader.table(schema.SINK, raw, ("sink", str(number)))
    kind, path, ca = table.text("kind"), table.text("path"), table.text("ca")
    for key, wanted in SINKS.items():
        if kind and table.has(key) is not (kind in wanted):
            verb = "wants no" if table.has(key) else "wants a"
            reader.findings.error((*table.path, key), f"a {kind} sink {verb} {key}")
    cef = table.text("format", "ocsf") == "cef"
    if cef and kind in {"webhook", "splunk"}:
        reader.findings.error((*table.path, "format"), "CEF goes to files and syslog")
    return SinkSettings(
        name=table.text("name"),
        kind=kind,
        path=reader.folder / path if path else None,
        url=table.text("url"),
        secret=table.secret("secret"),
        cef=cef,
        ca=reader.folder / ca if ca else None,
        statements=table.flag("statements"),
        acknowledged=table.flag("acknowledged"),
        required=table.flag("required"),
    )


def witness(reader: Reader, raw: object, number: int) -> PlaceSettings:
    """Make one `[[witness]]`."""
    table = reader.table(schema.WITNESS, raw, ("witness", str(number)))
    key, ca = table.text("key"), table.text("ca")
    if key and not cosigner(key):
        reader.findings.error((*table.path, "key"), "not a witness's key, which is written NAME+ID+KEY, in one line")
    return PlaceSettings(
        name=table.text("name"),
        kind="witness",
        every=table.span("every") or COSIGNED,
        required=table.flag("required"),
        url=table.text("url"),
        key=key,
        ca=reader.folder / ca if ca else None,
    )


def cosigner(key: str) -> bool:
    """Whether this is a witness's public key."""
    try:
        return note.verifier(key).kind == note.COSIGNATURE
    except BadNote:
        return False


def anchor(reader: Reader, raw: object, number: int) -> PlaceSettings:
    """Make one `[[anchor]]`."""
    table = reader.table(schema.ANCHOR, raw, ("anchor", str(number)))
    kind, path, ca = table.text("kind"), table.text("path"), table.text("ca")
    for key, wanted in ANCHORS.items():
        if kind and table.has(key) is not (kind in wanted):
            verb = "wants no" if table.has(key) else "wants a"
            reader.findings.error((*table.path, key), f"a {kind} anchor {verb} {key}")
    return PlaceSettings(
        name=table.text("name"),
        kind=kind,
        every=table.span("every") or ANCHORED,
        required=table.flag("required"),
        url=table.text("url"),
        path=reader.folder / path if path else None,
        secret=table.secret("secret"),
        ca=reader.folder / ca if ca else None,
    )


def source(reader: Reader, name: str, raw: object) -> SourceSettings:
    """Make one `[source.*]`."""
    table = reader.table(schema.SOURCE, raw, ("source", name))
    bigquery = table.text("kind") == "bigquery"
    _fits(reader, table, bigquery=bigquery)
    lookup = _lookup(reader, table)
    noun = Source(
        name=name,
        dialect=Dialect.BIGQUERY if bigquery else Dialect.POSTGRES,
        tags=MappingProxyType(dict(table.texts("tags"))),
        enforced=table.text("masking", "spliced" if bigquery else "enforced") == "enforced",
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
    if not bigquery:
        return PostgresSource(
            source=noun,
            read_url=table.secret("read_url") or ABSENT,
            write_url=table.secret("write_url"),
            unmask_url=table.secret("unmask_url"),
            recorded=_recorded(reader, table),
            accepted=_accepted(reader, table),
            functions=_code(reader, table, "pure"),
            procedures=_code(reader, table, "procedure"),
        )
    return BigQuerySource(
        source=noun,
        project=table.text("project"),
        location=table.text("location"),
        endpoint=table.text("endpoint"),
        credentials=table.secret("credentials"),
        read_account=table.text("read_account"),
        write_account=table.text("write_account"),
        write_credentials=table.secret("write_credentials"),
        max_bytes=table.number("max_bytes") or 0,
        recorded=_recorded(reader, table),
        on_demand=table.text("billing", "on_demand") == "on_demand",
    )


def _regions(reader: Reader, table: Table) -> tuple[str, ...]:
    """Read whose phone numbers are dialled without a country code."""
    named = table.names("phone_regions")
    unknown = sorted((named or frozenset()) - SUPPORTED_REGIONS)
    if unknown:
        reader.findings.error((*table.path, "phone_regions"), f"no such country: {', '.join(unknown)}")
    return REGIONS if named is None else tuple(sorted(named & SUPPORTED_REGIONS))


def listen(reader: Reader, table: Table, default: str) -> Listen:
    """Read "host:port"; IPv6 in brackets."""
    host, _, port = table.text("listen", default).rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > PORTS:
        reader.findings.error((*table.path, "listen"), 'an address is written "127.0.0.1:8080"')
        return NOWHERE
    return Listen(host=host.strip("[]"), port=int(port))


def _store(reader: Reader, table: Table) -> Sqlite | Postgres:
    text, path = table.text("store", "sqlite:assent.db"), (*table.path, "store")
    signed = reader.folder / table.text("signed", "assent.signed")
    scheme, _, name = text.partition(":")
    if scheme == "sqlite":
        if not name or ":" in name or "?" in name:
            reader.findings.error(path, 'a store in a file is written "sqlite:PATH", a plain path')
        return Sqlite(path=reader.folder / (name or "assent.db"))
    try:
        return Postgres(url=reader.secret(text, frozenset(schema.Role)), signed=signed)
    except ValueError as error:
        message = f'{error}; a store is "sqlite:PATH", "env:NAME" or "file:PATH"'
        reader.findings.error(path, message)
        return Postgres(url=ABSENT, signed=signed)


def retention(reader: Reader, everywhere: object, sources: Mapping[str, object]) -> Mapping[str, int]:
    """Make `[retention]` and every `[source.*.retention]`: days by purpose, or by purpose and Source."""
    tables = {"": reader.table(schema.RETENTION, everywhere, ("retention",))}
    for name, source in sources.items():
        raw = source.get("retention", {}) if isinstance(source, dict) else {}
        tables[name] = reader.table(schema.OF_SOURCE, raw, ("source", name, "retention"))
    found = {
        f"{key.name} {name}".strip(): table.number(key.name) for name, table in tables.items() for key in schema.TERMS
    }
    return MappingProxyType({name: days for name, days in found.items() if days is not None})


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


def _fits(reader: Reader, table: Table, *, bigquery: bool) -> None:
    kind = "bigquery" if bigquery else "postgres"
    for key in ONLY_POSTGRES if bigquery else ONLY_BIGQUERY:
        if table.has(key):
            reader.findings.error((*table.path, key), f"a {kind} Source has no such setting")
    raised = {finding.path for finding in reader.findings.errors}
    if bigquery:
        warehouse(reader, table)
    for key in NEEDED[kind]:
        if not table.has(key) and (*table.path, key) not in raised:
            reader.findings.error(table.path, f"{key} is missing")


def _or_any(table: Table, name: str, default: str) -> frozenset[str] | None:
    if table.text(name, default) == ANY and not isinstance(table.values.get(name), tuple):
        return None
    return table.names(name) or frozenset()
