"""Tables of the file -> nouns, section by section; what cannot be made leaves a finding and something harmless."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from core.audit.transparency import note
from core.audit.transparency.note import BadNote
from core.identity.issuer import ALGORITHMS, Agent, Issuer
from core.model import Person
from core.settings import schema
from core.settings.nouns import (
    GatewaySettings,
    KeySettings,
    Listen,
    PlaceSettings,
    Postgres,
    SinkSettings,
    SlackSettings,
    Sqlite,
)
from core.settings.reader import ANY, Reader, Table
from core.settings.secret import Secret

ABSENT: Final = Secret("env:ABSENT", None)  # in place of one that is a finding already
NOWHERE: Final = Listen(host="127.0.0.1", port=0)
PORTS: Final = 65_535
CALLS: Final = 600  # of one agent in a minute
# Key of a [[sink]] -> the kinds that need it; no other takes it.
SINKS: Final = MappingProxyType(
    {"path": ("file",), "url": ("webhook", "splunk", "syslog"), "secret": ("webhook", "splunk")}
)
ANCHORS: Final = MappingProxyType({"path": ("file",), "url": ("webhook",), "secret": ("webhook",)})
COSIGNED: Final = timedelta(seconds=10)
ANCHORED: Final = timedelta(hours=1)


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
        email_domains=frozenset(one.casefold() for one in table.names("email_domains") or ()),
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


def _or_any(table: Table, name: str, default: str) -> frozenset[str] | None:
    if table.text(name, default) == ANY and not isinstance(table.values.get(name), tuple):
        return None
    return table.names(name) or frozenset()
