"""What `assent.toml` says, frozen: secrets inside never show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import final

from core.identity.issuer import Agent, Issuer
from core.identity.same import APART, Same
from core.masking.declared import Accepted
from core.masking.warehouse.keysets import Keyset
from core.model import Source
from core.policy.force import Policy
from core.policy.rules import Glass
from core.ports import Recording
from core.settings.secret import Secret
from core.warehouse import Registered


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Where a door listens."""

    host: str
    port: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sqlite:
    """A store in one file, beside which its payloads stand."""

    path: Path


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A store in a PostgreSQL database."""

    url: Secret
    signed: Path  # of the signer alone: what it signed last


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """`[gateway]`."""

    url: str
    listen: Listen
    store: Sqlite | Postgres
    certificate: Path | None = None
    key: Secret | None = None
    proxies: tuple[str, ...] = ()
    acknowledged: frozenset[str] = frozenset()
    trusted_stdio: bool = False
    result_ttl: timedelta = timedelta(hours=1)
    calls_per_minute: int = 600


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class KeySettings:
    """`[keys]`."""

    questions: Secret
    results: Secret
    signing: Secret
    mask: Secret
    next: Mapping[str, Secret] = field(default_factory=dict)  # by purpose: what `assent keys rotate` goes over to


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSettings:
    """One `[sign_in.NAME]`, or the one that `[console] client_id` stands for."""

    name: str
    issuer: str
    client_id: str
    client_secret: Secret | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SamlSettings:
    """One `[saml.NAME]`; what it may assert stands in `issuer`, whose claims are attributes."""

    name: str
    issuer: Issuer
    url: str
    certificate: str  # PEM
    person: str
    email: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSettings:
    """`[console]`."""

    listen: Listen
    url: str = ""
    minting: Secret | None = None
    sign_ins: tuple[SignInSettings, ...] = ()
    saml: tuple[SamlSettings, ...] = ()
    clients: frozenset[str] = frozenset()
    auditors: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    result_readers: frozenset[str] = frozenset()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSettings:
    """`[metrics]`."""

    listen: Listen
    hosts: frozenset[str] = frozenset()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """`[slack]`: Socket Mode by `app_token`, or HTTP by `signing_secret`."""

    bot_token: Secret
    channel: str
    app_token: Secret | None = None
    signing_secret: Secret | None = None
    people: Mapping[str, str] = field(default_factory=dict)  # Slack user -> "directory:person id"
    email_domains: frozenset[str] = frozenset()
    api: str = ""  # "": Slack's own
    hooks: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """`[break_glass]`."""

    terms: Glass
    channel: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SinkSettings:
    """One `[[sink]]`."""

    name: str
    kind: str  # file, webhook, splunk, syslog
    path: Path | None = None
    url: str = ""
    secret: Secret | None = None
    cef: bool = False
    ca: Path | None = None
    statements: bool = False
    acknowledged: bool = False
    required: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSettings:
    """One `[[witness]]` or `[[anchor]]`: where checkpoints go outside of the store."""

    name: str
    kind: str  # witness, file, webhook
    every: timedelta
    required: bool = False
    url: str = ""
    key: str = ""  # a witness's public one
    path: Path | None = None
    secret: Secret | None = None
    ca: Path | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSource:
    """How a PostgreSQL Source is reached."""

    source: Source
    read_url: Secret
    write_url: Secret | None = None
    unmask_url: Secret | None = None
    recorded: Recording = field(default_factory=Recording)
    accepted: Accepted = field(default_factory=Accepted)
    functions: Mapping[str, str] = field(default_factory=dict)  # registered as pure: identity -> md5 of the body
    procedures: Mapping[str, str] = field(default_factory=dict)  # registered for CALL: identity -> md5 of the body


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BigQuerySource:
    """How a BigQuery Source is reached."""

    source: Source
    project: str
    location: str
    max_bytes: int
    endpoint: str = ""  # of a server on this machine in Google's place
    credentials: Secret | None = None  # of this gateway: a key, or a federation; None: what the machine has
    read_account: str = ""  # the service account that reads; "": the credentials' own
    write_account: str = ""  # the one that changes; "" and no credentials for it: nothing is changed
    write_credentials: Secret | None = None
    dry_account: str = ""  # of the enforced form: it knows protected tables, dry-runs, and reads no row
    masks_dataset: str = ""  # of the enforced form: where its views are
    trusted: frozenset[str] = frozenset()  # views that may read protected tables, and carry tags of their own
    routines: Mapping[str, Registered] = field(default_factory=dict)  # code that may be called
    keyset: Keyset | None = None  # what tokens are made with; None: no tag here may have one
    recorded: Recording = field(default_factory=Recording)
    on_demand: bool = True  # billed by the byte; else by slots, and no statement has a price of its own

    @property
    def writes(self) -> bool:
        """Whether it has an account for changes."""
        return bool(self.write_account) or self.write_credentials is not None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PlainSource:
    """How a Source of any further kind is reached: by one address that reads, and one that changes."""

    source: Source
    read_url: Secret
    write_url: Secret | None = None
    recorded: Recording = field(default_factory=Recording)


SourceSettings = PostgresSource | BigQuerySource | PlainSource


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole file. Made only by `core.settings.load`."""

    gateway: GatewaySettings
    keys: KeySettings
    issuers: tuple[Issuer, ...]
    agents: tuple[Agent, ...]
    console: ConsoleSettings
    slack: SlackSettings | None
    sinks: tuple[SinkSettings, ...]
    places: tuple[PlaceSettings, ...]
    sources: tuple[SourceSettings, ...]
    policy: Policy
    masks: Mapping[str, str]
    path: Path  # of the file
    same: Same = APART  # who is whose account
    retention: Mapping[str, int] = field(default_factory=dict)  # days by "questions", "results shop"
    warnings: tuple[str, ...] = ()
    metrics: MetricsSettings | None = None
    glass: str = ""  # the second channel, where answers given alone are posted

    @property
    def channels(self) -> tuple[str, ...]:
        """Every conversation that a card may go to, the one of all that names none first."""
        own = () if self.slack is None else (self.slack.channel,)
        sources = (one.source.channel for one in self.sources)
        rules = (rule.effects.channel for rule in self.policy.rules)
        return tuple(dict.fromkeys(name for name in (*own, *sources, *rules, self.glass) if name))

    @property
    def owned(self) -> frozenset[str]:
        """Tags in use that have an owner: only their columns can be unmasked."""
        return frozenset(tag for one in self.sources for tag in one.source.tags.values() if self.policy.owner(tag))
