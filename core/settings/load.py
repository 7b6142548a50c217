"""`assent.toml` and the environment -> Settings, or everything that is wrong, at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from core.errors import SettingsError
from core.identity.issuer import Agent, Issuer
from core.masking.detectors import REGIONS
from core.model import Aggregation, Json
from core.policy import rules
from core.policy.force import Policy, enact
from core.settings import (
    build,
    checks,
    emergency,
    file,
    findings,
    humans,
    metrics,
    people,
    rulebook,
    safety,
    schema,
    sources,
)
from core.settings.findings import Findings
from core.settings.nouns import BigQuerySource, PlainSource, Settings, SourceSettings
from core.settings.parts import Parts
from core.settings.reader import Reader
from core.settings.schema import Role
from core.settings.secret import Secret

NAME: Final = re.compile(
    r"[\w.:@/|+-][\w .:@/|+-]{0,99}", re.ASCII
)  # shown to people and agents; client ids of providers fit
TOP: Final = (
    "gateway",
    "keys",
    "identity",
    "group",
    "break_glass",
    "agent",
    "same_person",
    "console",
    "metrics",
    "sign_in",
    "saml",
    "sink",
    "witness",
    "anchor",
    "slack",
    "source",
    "mask",
    "owner",
    "rule",
    "budget",
    "retention",
)


def load(path: Path, environ: Mapping[str, str], *, roles: frozenset[Role] = schema.EVERYONE) -> Settings:
    """Read and check the file whole; `roles` says whose secrets this process reads (none: it only looks at policy).

    Raises: SettingsError with every finding, a line each: place, what is wrong, what to do.
    """
    text = _text(path)
    raw = file.toml(path, text)
    found = Findings(path=path, text=text)
    reader = Reader(folder=path.resolve().parent, environ=environ, roles=roles, findings=found)
    for name in raw.keys() - set(TOP):
        found.error((name,), f"unknown table{findings.nearest(name, TOP)}")
    parts = _parts(reader, raw)
    checks.check(parts, found)
    people.check(parts, found)
    humans.check(parts, found)
    emergency.check(parts, found)
    safety.check(parts, found)
    found.done()
    return Settings(
        gateway=parts.gateway,
        keys=parts.keys,
        issuers=parts.issuers,
        agents=parts.agents,
        console=parts.console,
        slack=parts.slack,
        sinks=parts.sinks,
        places=parts.places,
        sources=parts.sources,
        policy=_policy(parts),
        masks=parts.masks,
        path=path,
        same=humans.joined(parts),
        retention=parts.retention,
        metrics=parts.metrics,
        glass=parts.glass.channel if parts.glass else "",
        warnings=found.told,
    )


def _text(path: Path) -> str:
    try:
        return file.configuration(path)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from error


def _parts(reader: Reader, raw: Mapping[str, object]) -> Parts:
    gateway = build.gateway(reader, raw.get("gateway", {}))
    issuers = [
        build.issuer(reader, one, n, gateway.url, gateway.acknowledged)
        for n, one in enumerate(_array(reader, raw, "identity"))
    ]
    tables = [reader.table(schema.RULE, one, ("rule", str(n))) for n, one in enumerate(_array(reader, raw, "rule"))]
    made = tuple(rulebook.rule(table, reader.findings) for table in tables)
    budgets = rulebook.budgets(reader, _array(reader, raw, "budget"))
    rulebook.duplicates(made, budgets, reader.findings)
    return Parts(
        gateway=gateway,
        keys=build.keys(reader, raw.get("keys", {})),
        issuers=tuple(issuers),
        groups=build.groups(reader, _tables(reader, raw, "group")),
        following=emergency.following(reader, _tables(reader, raw, "group")),
        glass=emergency.glass(reader, raw["break_glass"]) if "break_glass" in raw else None,
        humans=humans.humans(reader, _array(reader, raw, "same_person")),
        agents=build.agents(reader, _tables(reader, raw, "agent")),
        console=people.console(
            reader,
            raw.get("console", {}),
            people.Ways(sign_in=_tables(reader, raw, "sign_in"), saml=_tables(reader, raw, "saml")),
            tuple(issuers),
        ),
        slack=build.slack(reader, raw["slack"]) if "slack" in raw else None,
        sinks=tuple(build.sink(reader, one, n) for n, one in enumerate(_array(reader, raw, "sink"))),
        places=(
            *(build.witness(reader, one, n) for n, one in enumerate(_array(reader, raw, "witness"))),
            *(build.anchor(reader, one, n) for n, one in enumerate(_array(reader, raw, "anchor"))),
        ),
        sources=tuple(sources.source(reader, name, one) for name, one in _tables(reader, raw, "source").items()),
        masks=_free(reader, raw, schema.MASK, "mask"),
        owners=_free(reader, raw, schema.OWNER, "owner"),
        rules=made,
        budgets=budgets,
        retention=build.retention(reader, raw.get("retention", {}), _tables(reader, raw, "source")),
        metrics=metrics.metrics(reader, raw["metrics"]) if "metrics" in raw else None,
    )


def _tables(reader: Reader, raw: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = raw.get(name, {})
    if isinstance(value, dict):
        for one in value:
            if not NAME.fullmatch(one):
                reader.findings.error((name, repr(one)), "a name is a line of at most 100 plain characters")
        return value
    reader.findings.error((name,), f"write [{name}.NAME]")
    return {}


def _array(reader: Reader, raw: Mapping[str, object], name: str) -> list[object]:
    value = raw.get(name, [])
    if isinstance(value, list):
        return value
    reader.findings.error((name,), f"write [[{name}]]")
    return []


def _free(reader: Reader, raw: Mapping[str, object], section: schema.Section, name: str) -> Mapping[str, str]:
    table = reader.table(section, raw.get(name, {}), (name,))
    return MappingProxyType({key: table.text(key) for key in table.values})


def _policy(parts: Parts) -> Policy:
    return enact(
        rules.Terms(
            rules=parts.rules,
            budgets=parts.budgets,
            groups=parts.groups,
            following=parts.following,
            glass=parts.glass and parts.glass.terms,
            masks=parts.masks,
            owners=parts.owners,
            agents={one.client: _agent(one) for one in parts.agents},
            directories={one.issuer: one.directory for one in parts.issuers},
            also={
                "identity": [_issuer(one) for one in parts.issuers],
                "console": {
                    "clients": sorted(parts.console.clients),
                    "auditors": sorted(parts.console.auditors),
                    "operators": sorted(parts.console.operators),
                    "result_readers": sorted(parts.console.result_readers),
                },
                **humans.said(parts),
                **emergency.said(parts),
                **_sign_ins(parts),
                **_acknowledged(parts),
                "linked": dict(parts.slack.people) if parts.slack is not None else {},
                **_matched(parts),
                "sources": {one.source.name: _source(one) for one in parts.sources},
            },
        )
    )


def _acknowledged(parts: Parts) -> Mapping[str, Json]:
    """What is weaker than the default, by name: an operator who decides alone, too, comes by another policy."""
    named = sorted(parts.gateway.acknowledged)
    return {"acknowledged": named} if named else {}


def _matched(parts: Parts) -> Mapping[str, Json]:
    """By which domains' e-mails people are matched: who adds one makes another policy."""
    domains = parts.slack.email_domains if parts.slack is not None else frozenset[str]()
    return {"matched": sorted(domains)} if domains else {}


def _sign_ins(parts: Parts) -> Mapping[str, Json]:
    """Where people sign in, and whether tokens are minted of it: who adds a way in makes another policy."""
    ways: dict[str, Json] = {f"oidc {one.name}": [one.issuer, one.client_id] for one in parts.console.sign_ins}
    ways |= {
        f"saml {one.name}": [_issuer(one.issuer), one.url, one.certificate, one.person, one.email]
        for one in parts.console.saml
    }
    # not by which key: that the store knows, and it changes by `assent keys rotate`
    return {"sign_in": {"ways": ways, "minting": parts.console.minting is not None}} if ways else {}


def _agent(agent: Agent) -> rules.Agent:
    return rules.Agent(owner=str(agent.owner), name=agent.name)


def _issuer(one: Issuer) -> Json:
    """Everything an issuer may assert: another word of it is another policy."""
    return {
        "issuer": one.issuer,
        "directory": one.directory,
        "audiences": sorted(one.audiences),
        "review_audiences": sorted(one.review_audiences),
        "groups_claim": one.groups_claim,
        "groups": None if one.groups is None else sorted(one.groups),
        "domains": None if one.domains is None else sorted(one.domains),
        "clients": None if one.clients is None else sorted(one.clients),
        "person_when": {name: repr(value) for name, value in one.person_when.items()},
        "person_claim": one.person_claim,
        "algorithms": sorted(one.algorithms),
        "keys": one.keys,
        "lifetime": str(one.lifetime),
        "review_lifetime": str(one.review_lifetime),
        # only where they stand, so that who wrote none has the policy of before
        **({"client_claim": one.client_claim, "scopes": sorted(one.scopes)} if one.client_claim else {}),
        **({"acr": sorted(one.acr)} if one.acr else {}),
        **({"ignored": sorted(one.ignored)} if one.ignored else {}),
    }


def _source(one: SourceSettings) -> Json:
    """What makes a Source the one that rules were written for; its addresses may change, its identity not."""
    words: dict[str, Json] = {
        "dialect": one.source.dialect.value,
        "tags": dict(one.source.tags),
        "enforced": one.source.enforced,
        **({"phone_regions": list(one.source.phone_regions)} if one.source.phone_regions != REGIONS else {}),
        "record": {part.name: getattr(one.recorded, part.name).value for part in fields(one.recorded)},
        **({"channel": one.source.channel} if one.source.channel else {}),  # it says who sees what is asked
    }
    if isinstance(one, BigQuerySource):
        place = {"project": one.project, "location": one.location, "endpoint": one.endpoint}
        accounts = {
            "read": one.read_account or _referred(one.credentials),
            "write": one.write_account or _referred(one.write_credentials),
        }
        accounts |= {"dry": one.dry_account, "masks": one.masks_dataset} if one.source.enforced else {}
        return words | place | accounts | {"max_bytes": one.max_bytes} | _tariff(one) | _shown(one)
    words |= {"read": one.read_url.reference, "write": _referred(one.write_url)}
    if isinstance(one, PlainSource):
        return words
    accepted = one.accepted
    return words | {
        "unmask": _referred(one.unmask_url),
        "trusted": sorted(accepted.trusted),
        "untagged": sorted(accepted.untagged),
        "policies": sorted(accepted.policies),
        "grains": sorted(accepted.grains),
        "hide_null": sorted(accepted.hide_null),
        "looked_up": sorted(one.source.looked_up),
        "looks_per_day": one.source.looks_per_day,
        "aggregated": {name: _aggregation(word) for name, word in sorted(one.source.aggregated.items())},
        "functions": dict(one.functions),
        "procedures": dict(one.procedures),
    }


def _tariff(one: BigQuerySource) -> dict[str, Json]:
    """What turns bytes into the money that rules and budgets speak of; only where it stands."""
    price = one.source.price_per_tib
    if not one.on_demand:
        return {"billing": "capacity"}
    return {} if price is None else {"price_per_tib": str(price), "currency": one.source.currency}


def _shown(one: BigQuerySource) -> dict[str, Json]:
    """What tokens are made with, which views are trusted, and which code; only where it stands."""
    keyset = one.keyset
    tokens: dict[str, Json] = {} if keyset is None else {"tokens": [keyset.key, sha256(keyset.wrapped).hexdigest()]}
    code: dict[str, Json] = {name: [word.etag, word.masked] for name, word in one.routines.items()}
    return tokens | ({"trusted": sorted(one.trusted)} if one.trusted else {}) | ({"functions": code} if code else {})


def _referred(secret: Secret | None) -> str | None:
    return None if secret is None else secret.reference


def _aggregation(word: Aggregation) -> Json:
    """Everything that a total of a protected number may tell."""
    return {
        "people": word.people,
        "functions": sorted(word.functions),
        "subject": word.subject,
        "round": word.round,
        "per_day": word.per_day,
    }
