"""Starts that would be unsafe: keys, files, doors, transport, operators, acknowledgements that name nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from core.errors import UnsafeStart
from core.model import WEAKER
from core.settings import file, tls
from core.settings.findings import Findings, Place, nearest
from core.settings.nouns import BigQuerySource, Listen, PlainSource, PostgresSource, Sqlite
from core.settings.parts import Parts
from core.settings.secret import Secret

SINGLE: Final = "single-operator"
SIGNED: Final = "slack-by-signature"
MATCHED: Final = "slack-by-email"
WATCHED: Final = "no-tls:metrics"


def check(parts: Parts, found: Findings) -> None:
    """Run every check; each notes what it finds."""
    for one in (_keys, _store, _stdio, _doors, _transport, _operators, _spliced, _acknowledged):
        one(parts, found)


def _keys(parts: Parts, found: Findings) -> None:
    seen: dict[bytes, str] = {}
    mine = {name: getattr(parts.keys, name) for name in ("questions", "results", "signing", "mask")}
    named: list[tuple[tuple[str, ...], Secret]] = [(("keys", name), secret) for name, secret in mine.items()]
    named += [(("keys", "next", name), secret) for name, secret in parts.keys.next.items()]
    named += [(("console", "minting"), parts.console.minting)] if parts.console.minting is not None else []
    for path, secret in named:
        if not secret.held:
            continue
        try:
            value = secret.key()
        except UnsafeStart as error:
            found.error(path, str(error))
            continue
        if value in seen:
            found.error(path, f"it equals the key {seen[value]}; each purpose has a key of its own")
        seen.setdefault(value, ".".join(path[1:]))


def _store(parts: Parts, found: Findings) -> None:
    store = parts.gateway.store
    path = ("gateway", "store")
    if not isinstance(store, Sqlite):
        return
    if not store.path.parent.is_dir() or store.path.is_dir():
        found.error(path, f"{store.path} is no place for a file")
    elif trouble := file.private(store.path):
        found.error(path, f"{store.path}: {trouble}")


def _stdio(parts: Parts, found: Findings) -> None:
    """An agent with its user's own account can read what this process reads, so there must be little."""
    if not parts.gateway.trusted_stdio:
        return
    against = {
        "[source.*] write_url": any(not isinstance(one, BigQuerySource) and one.write_url for one in parts.sources),
        "[source.*] write_account": any(isinstance(one, BigQuerySource) and one.writes for one in parts.sources),
        "[[identity]]": bool(parts.issuers),
        "[slack]": parts.slack is not None,
        "a PostgreSQL store": not isinstance(parts.gateway.store, Sqlite),
    }
    for what in (what for what, stands in against.items() if stands):
        found.error(("gateway", "stdio"), f'"agent-is-trusted" does not go with {what}')


def _doors(parts: Parts, found: Findings) -> None:
    for one in parts.sources:
        channel(one.source.channel, ("source", one.source.name, "channel"), found)
    if parts.slack is not None:
        channel(parts.slack.channel or None, ("slack", "channel"), found)
        if parts.slack.signing_secret is not None and SIGNED not in parts.gateway.acknowledged:
            message = f'requests over HTTP are proven by a signature alone: acknowledge = ["{SIGNED}"], or Socket Mode'
            found.error(("slack", "signing_secret"), message)
        if parts.slack.email_domains and MATCHED not in parts.gateway.acknowledged:
            message = f'whoever may change e-mails in Slack decides: acknowledge = ["{MATCHED}"], or /audit link'
            found.error(("slack", "email_domains"), message)
    gateway, proxies = parts.gateway, bool(parts.gateway.proxies)
    ends = bool(gateway.certificate) or proxies
    _listening(gateway.listen, ("gateway", "listen"), "no-tls:gateway", parts, found, ends=ends)
    # the certificate is the agents' door's alone: the people's side holds no key of it
    _listening(parts.console.listen, ("console", "listen"), "no-tls:console", parts, found, ends=proxies)
    if parts.metrics is not None and not tls.local(parts.metrics.listen.host) and WATCHED not in gateway.acknowledged:
        message = f'off loopback whoever reaches it reads, without sign-in or TLS: acknowledge = ["{WATCHED}"]'
        found.error(("metrics", "listen"), message)
    if gateway.listen == parts.console.listen and gateway.listen.port:
        found.error(("console", "listen"), "the agents' door listens there already")


def _listening(listen: Listen, path: Place, name: str, parts: Parts, found: Findings, *, ends: bool) -> None:
    if not tls.local(listen.host) and not ends and name not in parts.gateway.acknowledged:
        message = f'off loopback without HTTPS: name certificate and key, or proxies, or acknowledge = ["{name}"]'
        found.error(path, message)


def channel(name: str | None, path: Place, found: Findings) -> None:
    """Note a conversation that is not named by its id."""
    if name is not None and not (name.isalnum() and name.isupper() and name[0] in "CGD"):
        found.error(path, 'a channel is named by its conversation id, "C0123456789": names can be taken over')


def _transport(parts: Parts, found: Findings) -> None:
    web: list[tuple[Place, str, str]] = []
    web += [(("gateway", "url"), "gateway", parts.gateway.url)] if parts.gateway.url else []
    web += [(("console", "url"), "console", parts.console.url)] if parts.console.sign_ins or parts.console.saml else []
    web += [(("saml", one.name, "url"), one.issuer.directory, one.url) for one in parts.console.saml]
    for number, one in enumerate(parts.issuers):
        web.append((("identity", str(number), "issuer"), one.directory, one.issuer))
        web += [(("identity", str(number), "keys"), one.directory, one.keys)] if one.keys else []
    if parts.slack is not None:
        named = (("api", parts.slack.api), ("hooks", parts.slack.hooks))
        web += [(("slack", key), "slack", url) for key, url in named if url]
    for number, sink in enumerate(parts.sinks):
        web += [(("sink", str(number), "url"), sink.name, sink.url)] if sink.url and sink.kind != "syslog" else []
        if sink.url and sink.kind == "syslog":
            _secured(parts, found, ("sink", str(number), "url"), sink.name, tls.stream, sink.url)
    web += _outside(parts)
    web += [(path, name, secret.text().strip()) for path, name, secret in _plain(parts)]
    for path, name, url in web:
        _secured(parts, found, path, name, tls.verified, url)
    for path, name, secret in _databases(parts):
        if secret.held:
            _secured(parts, found, path, name, tls.database, secret.text())


def _outside(parts: Parts) -> Iterable[tuple[Place, str, str]]:
    """Where checkpoints go; witnesses stand before anchors."""
    witnesses = sum(one.kind == "witness" for one in parts.places)
    for number, one in enumerate(parts.places):
        table = ("witness", str(number)) if number < witnesses else ("anchor", str(number - witnesses))
        if one.url:
            yield (*table, "url"), one.name, one.url


def _secured(parts: Parts, found: Findings, path: Place, name: str, test: Callable[[str], bool], url: str) -> None:
    try:
        safe = test(url)
    except ValueError as error:
        found.error(path, str(error))
        return
    if not safe and f"no-tls:{name}" not in parts.gateway.acknowledged:
        message = f'off loopback without verified TLS (sslmode=verify-full, https); acknowledge = ["no-tls:{name}"]'
        found.error(path, message)


def _databases(parts: Parts) -> Iterable[tuple[Place, str, Secret]]:
    if not isinstance(parts.gateway.store, Sqlite):
        yield ("gateway", "store"), "store", parts.gateway.store.url
    for one in parts.sources:
        if isinstance(one, PostgresSource):
            for key in ("read_url", "write_url", "unmask_url"):
                secret: Secret | None = getattr(one, key)
                if secret is not None:
                    yield ("source", one.source.name, key), one.source.name, secret


def _plain(parts: Parts) -> Iterable[tuple[Place, str, Secret]]:
    """Addresses of Sources of further kinds, where this process holds them: web addresses."""
    for one in parts.sources:
        if isinstance(one, PlainSource):
            named = (("read_url", one.read_url), ("write_url", one.write_url))
            yield from (
                (("source", one.source.name, key), one.source.name, url) for key, url in named if url and url.held
            )


def _operators(parts: Parts, found: Findings) -> None:
    operators = frozenset[str]().union(*(parts.groups.get(name, ()) for name in parts.console.operators))
    if len(operators) == 1 and SINGLE not in parts.gateway.acknowledged:
        message = f'one operator alone could loosen everything: name a second, or acknowledge = ["{SINGLE}"]'
        found.error(("console", "operators"), message)


def _spliced(parts: Parts, found: Findings) -> None:
    """Without masking views the database shows raw values to whoever reads a statement wrongly: said by name."""
    for one in parts.sources:
        name = f"spliced:{one.source.name}"
        if not isinstance(one, BigQuerySource) and not one.source.enforced and name not in parts.gateway.acknowledged:
            message = f'weaker than what assent harden makes: {WEAKER}; acknowledge = ["{name}"]'
            found.error(("source", one.source.name, "masking"), message)


def _acknowledged(parts: Parts, found: Findings) -> None:
    """An acknowledgement that names nothing is a typing error in what was meant to be safe or weak."""
    sources = {one.source.name for one in parts.sources}
    directories = {one.directory for one in parts.issuers}
    outside = {one.name for one in parts.sinks} | {one.name for one in parts.places}
    about = {
        "no-tls": sources | directories | outside | {"store", "gateway", "console", "slack", "metrics"},
        "long-tokens": directories,
        "login-code": sources,
        "read-role-writes": sources,
        "spliced": sources,
    }
    known = {SINGLE, SIGNED, MATCHED, *(f"{kind}:{name}" for kind, names in about.items() for name in names)}
    for one in sorted(parts.gateway.acknowledged - known):
        found.error(("gateway", "acknowledge"), f'"{one}" names nothing here{nearest(one, known)}')
