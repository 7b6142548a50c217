"""Every setting of `assent.toml` as one literal table; what is not in it is unknown; the reference is printed of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, final

from core.masking.masks import PLAIN
from core.model import Fact, Per, Period, Verb
from core.policy.rules import BUDGETED
from core.ports import Recorded


class Type(Enum):
    """What a value is; the words are those of the reference."""

    TEXT = "text"
    STATEMENT = "text of several lines"
    CHOICE = "one of the words"
    CHOICES = "list of the words"
    NAMES = "list of text"
    NAMES_OR_ANY = 'list of text, or "any"'
    INTEGER = "whole number"
    FLAG = "true or false"
    DURATION = 'duration: "15 min", "30 s", whole seconds'
    AGE = 'days or years: "90 d", "2 y"'
    SIZE = 'bytes: "20 GiB", whole bytes'
    PRICE = 'money: "2.50"'
    REFERENCE = '"env:NAME" or "file:PATH"'
    SCALARS = "table of text, numbers or flags"
    TEXTS = "table of text"
    COUNTS = "table of whole numbers"
    MASK = "one of the words, or a table of paths"
    TABLE = "table"


class Role(Enum):
    """Which process holds a secret."""

    GATEWAY = "gateway"
    PEOPLE = "people"
    SIGNER = "signer"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One setting."""

    name: str
    type: Type
    says: str
    default: str = ""  # in words; "required" refuses its absence
    example: str  # TOML, right of the equals sign
    words: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    least: int = 0  # of a whole number
    most: int = 2**53


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table of the file: `[name]`, `[name.each]` or `[[name]]`; free ones take any key of one type."""

    header: str
    says: str
    keys: tuple[Key, ...] = ()
    free: Key | None = None

    def key(self, name: str) -> Key | None:
        """Find a key by name."""
        return next((key for key in self.keys if key.name == name), self.free)


GATEWAY_AND_PEOPLE: Final = frozenset({Role.GATEWAY, Role.PEOPLE})
ONLY_GATEWAY: Final = frozenset({Role.GATEWAY})
ONLY_PEOPLE: Final = frozenset({Role.PEOPLE})
ONLY_SIGNER: Final = frozenset({Role.SIGNER})
EVERYONE: Final = frozenset(Role)

GATEWAY: Final = Section(
    header="[gateway]",
    says="The process itself.",
    keys=(
        Key(
            name="url",
            type=Type.TEXT,
            says="Public address, as agents write it.",
            default="required",
            example='"https://assent.example.com"',
        ),
        Key(
            name="listen",
            type=Type.TEXT,
            says="Address and port of the agents' door.",
            default='"127.0.0.1:8080"',
            example='"127.0.0.1:8080"',
        ),
        Key(
            name="certificate",
            type=Type.TEXT,
            says="Path of the PEM chain, when HTTPS of the agents' door ends here.",
            default="none",
            example='"tls/chain.pem"',
        ),
        Key(
            name="key",
            type=Type.REFERENCE,
            says="Private key of that certificate.",
            default="none",
            example='"file:tls/key.pem"',
            roles=ONLY_GATEWAY,
        ),
        Key(
            name="proxies",
            type=Type.NAMES,
            says="Addresses of trusted proxies, when HTTPS ends there.",
            default="none",
            example='["10.0.0.5"]',
        ),
        Key(
            name="store",
            type=Type.TEXT,
            says="Journal and Reviews: `sqlite:PATH`, or a PostgreSQL address by `env:` or `file:`. "
            "Paths are read from the folder of this file.",
            default='"sqlite:assent.db"',
            example='"env:ASSENT_STORE"',
            roles=EVERYONE,
        ),
        Key(
            name="signed",
            type=Type.TEXT,
            says="Path at which the signer of a PostgreSQL store keeps what it signed last, outside the database: "
            "a restored or regressed log is seen by it.",
            default='"assent.signed"',
            example='"/var/lib/assent/signed"',
        ),
        Key(
            name="result_ttl",
            type=Type.DURATION,
            says="How long a result can be collected; an unmasked one is erased then.",
            default='"1 h"',
            example='"15 min"',
        ),
        Key(
            name="calls_per_minute",
            type=Type.INTEGER,
            says="Calls of one agent in a minute; all agents of one person may make twice as many. "
            "Beyond, the answer is `busy` and says when to come back.",
            default="600",
            example="120",
            least=1,
        ),
        Key(
            name="acknowledge",
            type=Type.NAMES,
            says="What is weaker than the default, by name: `no-tls:NAME`, `long-tokens:DIRECTORY`, "
            "`login-code:SOURCE`, `read-role-writes:SOURCE`, `spliced:SOURCE`, `single-operator`, "
            "`slack-by-signature`.",
            default="none",
            example='["no-tls:shop"]',
        ),
        Key(
            name="stdio",
            type=Type.CHOICE,
            says="Direct stdio for one person on one machine, reads only; such an agent can read what its user can.",
            default='"off"',
            example='"agent-is-trusted"',
            words=("off", "agent-is-trusted"),
        ),
    ),
)

KEYS: Final = Section(
    header="[keys]",
    says="Keys of 32 random bytes each, written as base64 or hex (`openssl rand -base64 32`), each different.",
    keys=(
        Key(
            name="questions",
            type=Type.REFERENCE,
            says="Wraps the data keys of statements, purposes and notes.",
            default="required",
            example='"file:/run/secrets/assent-questions"',
            roles=GATEWAY_AND_PEOPLE,
        ),
        Key(
            name="results",
            type=Type.REFERENCE,
            says="Wraps the data keys of results.",
            default="required",
            example='"file:/run/secrets/assent-results"',
            roles=ONLY_GATEWAY,
        ),
        Key(
            name="signing",
            type=Type.REFERENCE,
            says="Signs the Journal's checkpoints.",
            default="required",
            example='"file:/run/secrets/assent-signing"',
            roles=frozenset({Role.SIGNER}),
        ),
        Key(
            name="mask",
            type=Type.REFERENCE,
            says="Tokens derive from it; another one than the store was made with refuses to start.",
            default="required",
            example='"file:/run/secrets/assent-mask"',
            roles=ONLY_GATEWAY,
        ),
        Key(name="next", type=Type.TABLE, says="See `[keys.next]`.", default="none", example="{}"),
    ),
)

NEXT_KEYS: Final = Section(
    header="[keys.next]",
    says=(
        "Keys that `assent keys rotate` goes over to. Once it has, and `assent keys list` shows the former one as "
        "retired, write them in `[keys]` and take them out here."
    ),
    keys=tuple(
        Key(
            name=name,
            type=Type.REFERENCE,
            says=f"Takes the place of `{name}`.",
            default="none",
            example=f'"file:/run/secrets/assent-{name}-2"',
            roles=roles,
        )
        for name, roles in (
            ("questions", GATEWAY_AND_PEOPLE),
            ("results", ONLY_GATEWAY),
            ("signing", ONLY_SIGNER),
            ("mask", ONLY_GATEWAY),
        )
    ),
)

IDENTITY: Final = Section(
    header="[[identity]]",
    says="One issuer of tokens, and all that it may assert.",
    keys=(
        Key(
            name="issuer",
            type=Type.TEXT,
            says="Exact text of `iss`.",
            default="required",
            example='"https://login.example.com"',
        ),
        Key(
            name="directory",
            type=Type.TEXT,
            says="Identities of one directory can be compared.",
            default="required",
            example='"acme"',
        ),
        Key(
            name="audiences",
            type=Type.NAMES,
            says="Audiences of agents' tokens.",
            default="[gateway] url, and the same with /mcp",
            example='["https://assent.example.com"]',
        ),
        Key(
            name="review_audiences",
            type=Type.NAMES,
            says="Audiences of reviewers' tokens; never one of `audiences`.",
            default="none",
            example='["api://assent-review"]',
        ),
        Key(
            name="groups_claim",
            type=Type.TEXT,
            says="Claim that lists groups: a name, or a path from `/` on.",
            default='"groups"',
            example='"/realm_access/roles"',
        ),
        Key(
            name="groups",
            type=Type.NAMES_OR_ANY,
            says="Groups it may assert.",
            default="none",
            example='["analysts", "agents"]',
        ),
        Key(
            name="domains",
            type=Type.NAMES_OR_ANY,
            says="E-mail domains it may assert.",
            default="none",
            example='["acme.example"]',
        ),
        Key(
            name="clients",
            type=Type.NAMES_OR_ANY,
            says="Client ids its tokens may come from.",
            default='"any"',
            example='["claude", "cursor"]',
        ),
        Key(
            name="person_when",
            type=Type.SCALARS,
            says="Claims that prove a person; all else is a machine.",
            default="nobody is a person",
            example='{ idtyp = "user" }',
        ),
        Key(
            name="person_claim",
            type=Type.TEXT,
            says="What makes two tokens the same person's.",
            default='"sub"',
            example='"oid"',
        ),
        Key(
            name="client_claim",
            type=Type.TEXT,
            says="Claim that names the client of a workload issuer (Kubernetes, GitHub Actions), which shares no "
            "directory with people.",
            default="as OAuth names it",
            example='"sub"',
        ),
        Key(
            name="scopes",
            type=Type.NAMES,
            says="What a workload's tokens open, which carry no scope.",
            default="none",
            example='["assent:read"]',
        ),
        Key(
            name="algorithms",
            type=Type.NAMES,
            says="Signature algorithms accepted.",
            default="RS, PS, ES and EdDSA",
            example='["ES256"]',
        ),
        Key(
            name="keys",
            type=Type.TEXT,
            says="Address of its key set.",
            default="found by its metadata",
            example='"https://login.example.com/keys"',
        ),
        Key(
            name="lifetime",
            type=Type.DURATION,
            says="Longest life of an agent's token; above 1 h acknowledged by `long-tokens:DIRECTORY`.",
            default='"1 h"',
            example='"30 min"',
        ),
        Key(
            name="review_lifetime",
            type=Type.DURATION,
            says="Longest life of a reviewer's token; above 10 min acknowledged likewise.",
            default='"10 min"',
            example='"5 min"',
        ),
        Key(
            name="acr",
            type=Type.NAMES,
            says="What a reviewer's sign-in must say of itself (`acr`).",
            default="anything",
            example='["phr"]',
        ),
        Key(
            name="ignored",
            type=Type.NAMES,
            says="Its own claims that mean nothing here; a claim that nobody named is refused.",
            default="none",
            example='["tenant_region"]',
        ),
    ),
)

GROUP: Final = Section(
    header="[group.NAME]",
    says="People who may vote, operate or audit; read at each click.",
    keys=(
        Key(
            name="members",
            type=Type.NAMES,
            says="Verified e-mails, or `directory:person id`; with several directories only the latter.",
            default="required",
            example='["alice@acme.example"]',
        ),
    ),
)

AGENT: Final = Section(
    header='[agent."CLIENT ID"]',
    says="An autonomous client and the person who answers for it; with several directories `directory:client`.",
    keys=(
        Key(
            name="owner",
            type=Type.TEXT,
            says="`directory:person id`.",
            default="required",
            example='"acme:8f3c2d"',
        ),
        Key(name="name", type=Type.TEXT, says="How cards call it.", default="client id", example='"Nightly report"'),
    ),
)

SAME_PERSON: Final = Section(
    header="[[same_person]]",
    says="Accounts of one human, who is one person in votes, blocks, budgets and sessions. Each account keeps its own "
    "groups and seats.",
    keys=(
        Key(
            name="person",
            type=Type.TEXT,
            says="`directory:person id` of the account that all are known by.",
            default="required",
            example='"acme:8f3c2d"',
        ),
        Key(
            name="accounts",
            type=Type.NAMES,
            says="`directory:person id` of each other one.",
            default="required",
            example='["admins:dora-adm"]',
        ),
    ),
)

CONSOLE: Final = Section(
    header="[console]",
    says="The door for people over HTTP.",
    keys=(
        Key(
            name="listen",
            type=Type.TEXT,
            says="Address and port.",
            default='"127.0.0.1:8081"',
            example='"127.0.0.1:8081"',
        ),
        Key(
            name="url",
            type=Type.TEXT,
            says="Address at which people's browsers reach it; sign-in's redirects go there.",
            default="http and `listen`",
            example='"https://people.example.com"',
        ),
        Key(
            name="minting",
            type=Type.REFERENCE,
            says="Key of 32 bytes that signs tokens of 15 minutes for the agents of people who sign in here; "
            "an `[[identity]]` whose issuer is `url` says what they may hold.",
            default="none is minted",
            example='"file:/run/secrets/assent-minting"',
            roles=ONLY_PEOPLE,
        ),
        Key(
            name="client_id",
            type=Type.TEXT,
            says="Ours at the one issuer that signs people in; several stand under `[sign_in.NAME]`.",
            default="no sign-in",
            example='"assent"',
        ),
        Key(
            name="client_secret",
            type=Type.REFERENCE,
            says="Secret of that client.",
            default="none",
            example='"env:ASSENT_CLIENT_SECRET"',
            roles=ONLY_PEOPLE,
        ),
        Key(
            name="clients",
            type=Type.NAMES,
            says="Clients from which reviewers' tokens may come.",
            default="none",
            example='["assent-cli"]',
        ),
        Key(
            name="auditors",
            type=Type.NAMES,
            says="`[group.*]` tables that may look up sessions and calls.",
            default="none",
            example='["security"]',
        ),
        Key(
            name="operators",
            type=Type.NAMES,
            says="`[group.*]` tables that may operate.",
            default="none",
            example='["platform"]',
        ),
        Key(
            name="result_readers",
            type=Type.NAMES,
            says="`[group.*]` tables that may open stored results.",
            default="none",
            example='["privacy"]',
        ),
    ),
)

METRICS: Final = Section(
    header="[metrics]",
    says="The port on which operators watch this process: `/metrics`, `/healthz`, `/readyz`, `/sources`. Nobody signs"
    " in there, and nothing of statements, values or people is told. Without this table there is none.",
    keys=(
        Key(
            name="listen",
            type=Type.TEXT,
            says="Address and port.",
            default='"127.0.0.1:9090"',
            example='"127.0.0.1:9090"',
        ),
        Key(
            name="hosts",
            type=Type.NAMES,
            says="Names by which it may be asked, besides any address.",
            default="localhost",
            example='["gateway"]',
        ),
    ),
)

SIGN_IN: Final = Section(
    header="[sign_in.NAME]",
    says="An issuer at which people sign in by browser (OpenID Connect): `/oidc/NAME/login`.",
    keys=(
        Key(
            name="issuer",
            type=Type.TEXT,
            says="One of `[[identity]]`.",
            default="required",
            example='"https://login.example.com"',
        ),
        Key(
            name="client_id",
            type=Type.TEXT,
            says="Ours there; its redirect is `/oidc/NAME/callback` at `[console] url`.",
            default="required",
            example='"assent-people"',
        ),
        Key(
            name="client_secret",
            type=Type.REFERENCE,
            says="Secret of that client.",
            default="none",
            example='"env:ASSENT_CLIENT_SECRET"',
            roles=ONLY_PEOPLE,
        ),
    ),
)

SAML: Final = Section(
    header="[saml.NAME]",
    says="A provider at which people sign in by SAML 2.0: `/saml/NAME/login`; our entity id is `/saml/NAME` at "
    "`[console] url`, answers come to `/saml/NAME/acs`. Needs the extra `saml`.",
    keys=(
        Key(
            name="entity",
            type=Type.TEXT,
            says="The provider's entity id.",
            default="required",
            example='"https://idp.example.com/saml"',
        ),
        Key(
            name="url",
            type=Type.TEXT,
            says="Where it signs people in (HTTP-Redirect).",
            default="required",
            example='"https://idp.example.com/sso"',
        ),
        Key(
            name="certificate",
            type=Type.TEXT,
            says="File of the certificate that signs its assertions.",
            default="required",
            example='"idp.pem"',
        ),
        Key(
            name="directory",
            type=Type.TEXT,
            says="Identities of one directory can be compared.",
            default="required",
            example='"acme"',
        ),
        Key(
            name="person",
            type=Type.TEXT,
            says="Attribute that names the person, as `person_claim` does elsewhere.",
            default="the persistent NameID",
            example='"objectid"',
        ),
        Key(
            name="email",
            type=Type.TEXT,
            says="Attribute of their verified e-mail.",
            default="none",
            example='"mail"',
        ),
        Key(
            name="groups_attribute",
            type=Type.TEXT,
            says="Attribute that lists groups.",
            default='"groups"',
            example='"memberOf"',
        ),
        Key(
            name="groups",
            type=Type.NAMES,
            says="Groups it may assert.",
            default="none",
            example='["analysts"]',
        ),
        Key(
            name="domains",
            type=Type.NAMES,
            says="E-mail domains it may assert.",
            default="none",
            example='["acme.example"]',
        ),
    ),
)

SINK: Final = Section(
    header="[[sink]]",
    says="Where every Entry goes besides the log: at least once, in order; a Call never waits for it.",
    keys=(
        Key(name="name", type=Type.TEXT, says="Unique; its place is kept by it.", default="required", example='"siem"'),
        Key(
            name="kind",
            type=Type.CHOICE,
            says="How it is reached.",
            default="required",
            example='"splunk"',
            words=("file", "webhook", "splunk", "syslog"),
        ),
        Key(name="path", type=Type.TEXT, says="Of a file.", default="required for a file", example='"audit.jsonl"'),
        Key(
            name="url",
            type=Type.TEXT,
            says="`https://…` of a webhook or of Splunk's collector; `tls://host:6514` of a syslog; "
            "off loopback `http://` and `tcp://` are acknowledged by `no-tls:NAME`.",
            default="required but for a file",
            example='"https://splunk.example.com:8088"',
        ),
        Key(
            name="secret",
            type=Type.REFERENCE,
            says="A webhook's `whsec_…` (several, while it changes), or Splunk's token.",
            default="required for webhook and splunk",
            example='"file:/run/secrets/assent-siem"',
            roles=ONLY_PEOPLE,
        ),
        Key(
            name="format",
            type=Type.CHOICE,
            says="OCSF 1.8.0, or CEF for files and syslog.",
            default='"ocsf"',
            example='"cef"',
            words=("ocsf", "cef"),
        ),
        Key(
            name="ca",
            type=Type.TEXT,
            says="Path of the PEM certificates that are trusted in place of the system's.",
            default="the system's",
            example='"ca.pem"',
        ),
        Key(
            name="statements",
            type=Type.FLAG,
            says="Send statements as the agent wrote them, values included; else their shapes. Results are never sent.",
            default="false",
            example="true",
        ),
        Key(
            name="acknowledged",
            type=Type.FLAG,
            says="Splunk: wait until the indexer confirms (Enterprise; the token has acknowledgement on).",
            default="false",
            example="true",
        ),
        Key(
            name="required",
            type=Type.FLAG,
            says="Retention by age waits until this sink has taken what would go; an erasure by people does not.",
            default="false",
            example="true",
        ),
    ),
)

OUTSIDE: Final = (
    Key(
        name="every",
        type=Type.DURATION,
        says="At most so often; between two a holder of database and signing key could rewrite unseen.",
        default='"10 s", of an anchor "1 h"',
        example='"1 min"',
    ),
    Key(
        name="required",
        type=Type.FLAG,
        says="`assent doctor` refuses, not only warns, where it took nothing for an hour.",
        default="false",
        example="true",
    ),
    Key(
        name="ca",
        type=Type.TEXT,
        says="Path of the PEM certificates that are trusted in place of the system's.",
        default="the system's",
        example='"ca.pem"',
    ),
)

WITNESS: Final = Section(
    header="[[witness]]",
    says="Another team's `assent witness`, or any C2SP tlog-witness, that signs the log's checkpoints.",
    keys=(
        Key(name="name", type=Type.TEXT, says="Unique.", default="required", example='"security"'),
        Key(
            name="url",
            type=Type.TEXT,
            says="Its address; off loopback `http://` is acknowledged by `no-tls:NAME`.",
            default="required",
            example='"https://witness.example.com"',
        ),
        Key(
            name="key",
            type=Type.TEXT,
            says="Its public key, as it told you itself; no other signature is believed.",
            default="required",
            example='"witness.example.com/w1+969980cf+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"',
        ),
        *OUTSIDE,
    ),
)

ANCHOR: Final = Section(
    header="[[anchor]]",
    says="A place outside the store that keeps the log's checkpoints, for whoever compares later (`--copy`).",
    keys=(
        Key(name="name", type=Type.TEXT, says="Unique.", default="required", example='"worm"'),
        Key(
            name="kind",
            type=Type.CHOICE,
            says="A file, on another disk, to which lines are added; or a signed webhook.",
            default="required",
            example='"file"',
            words=("file", "webhook"),
        ),
        Key(
            name="path",
            type=Type.TEXT,
            says="Of a file.",
            default="required for a file",
            example='"/worm/assent.jsonl"',
        ),
        Key(
            name="url",
            type=Type.TEXT,
            says="Of a webhook; off loopback `http://` is acknowledged by `no-tls:NAME`.",
            default="required for a webhook",
            example='"https://hooks.example.com/assent"',
        ),
        Key(
            name="secret",
            type=Type.REFERENCE,
            says="A webhook's `whsec_…` (several, while it changes).",
            default="required for a webhook",
            example='"file:/run/secrets/assent-anchor"',
            roles=ONLY_SIGNER,
        ),
        *OUTSIDE,
    ),
)

SLACK: Final = Section(
    header="[slack]",
    says="The door for people in Slack.",
    keys=(
        Key(
            name="bot_token",
            type=Type.REFERENCE,
            says="Token of the app's bot.",
            default="required",
            example='"env:SLACK_BOT_TOKEN"',
            roles=ONLY_PEOPLE,
        ),
        Key(
            name="app_token",
            type=Type.REFERENCE,
            says="For Socket Mode.",
            default="none",
            example='"env:SLACK_APP_TOKEN"',
            roles=ONLY_PEOPLE,
        ),
        Key(
            name="signing_secret",
            type=Type.REFERENCE,
            says="For HTTP, instead of `app_token`: Slack posts to `/slack/events` of the people's door. "
            "Acknowledged by `slack-by-signature`.",
            default="none",
            example='"env:SLACK_SIGNING_SECRET"',
            roles=ONLY_PEOPLE,
        ),
        Key(
            name="channel",
            type=Type.TEXT,
            says="Conversation id of the cards, never a name.",
            default="required",
            example='"C0123456789"',
        ),
        Key(
            name="people",
            type=Type.TEXTS,
            says="Slack users linked by the operator: user id to `directory:person id`; nobody stands twice.",
            default="nobody",
            example='{ U0123456789 = "acme:8f3c2d" }',
        ),
        Key(
            name="api",
            type=Type.TEXT,
            says="Address of the platform's methods, where it is not Slack's own.",
            default="Slack's own",
            example='"http://127.0.0.1:9000/api/"',
        ),
        Key(
            name="hooks",
            type=Type.TEXT,
            says="Address of its response hooks; stands together with `api`.",
            default="Slack's own",
            example='"http://127.0.0.1:9000"',
        ),
    ),
)

SOURCE: Final = Section(
    header="[source.NAME]",
    says="A database.",
    keys=(
        Key(
            name="kind",
            type=Type.CHOICE,
            says="What it is.",
            default="required",
            example='"postgres"',
            words=("postgres", "bigquery"),
        ),
        Key(
            name="description",
            type=Type.TEXT,
            says="What agents are told of it.",
            default="none",
            example='"Orders and customers"',
        ),
        Key(
            name="read_url",
            type=Type.REFERENCE,
            says="PostgreSQL: address for the least-privileged role that reads.",
            default="required on postgres",
            example='"env:SHOP_READ_URL"',
            roles=ONLY_GATEWAY,
        ),
        Key(
            name="write_url",
            type=Type.REFERENCE,
            says="PostgreSQL: used only under a Permit that writes.",
            default="nothing writes",
            example='"env:SHOP_WRITE_URL"',
            roles=ONLY_GATEWAY,
        ),
        Key(
            name="unmask_url",
            type=Type.REFERENCE,
            says="PostgreSQL: reviewed unmasks only.",
            default="no unmask",
            example='"env:SHOP_UNMASK_URL"',
            roles=ONLY_GATEWAY,
        ),
        Key(
            name="masking",
            type=Type.CHOICE,
            says="Who enforces masks: the database itself, or (weaker) masked subqueries in the text.",
            default='"enforced"; BigQuery "spliced"',
            example='"enforced"',
            words=("enforced", "spliced"),
        ),
        Key(
            name="findings",
            type=Type.FLAG,
            says="Look for personal data in untagged text of answers; an alert names the column. Masks nothing.",
            default="false",
            example="true",
        ),
        Key(
            name="phone_regions",
            type=Type.NAMES,
            says="Countries (ISO 3166-1 alpha-2) whose phone numbers free text may hold without a country code.",
            default='["US", "GB", "DE", "FR"]',
            example='["DE", "AT", "CH"]',
        ),
        Key(
            name="project",
            type=Type.TEXT,
            says="BigQuery: project that runs and pays.",
            default="required on bigquery",
            example='"acme-prod"',
        ),
        Key(
            name="location",
            type=Type.TEXT,
            says="BigQuery: where jobs run.",
            default="required on bigquery",
            example='"EU"',
        ),
        Key(
            name="endpoint",
            type=Type.TEXT,
            says="BigQuery: address of its API on this machine; nobody signs in there.",
            default="Google's own, with application default credentials",
            example='"http://127.0.0.1:9050"',
        ),
        Key(
            name="credentials",
            type=Type.REFERENCE,
            says="BigQuery: a service account's key, or the file of a workload identity federation (external account).",
            default="what the machine has: application default credentials",
            example='"file:/run/secrets/assent-bigquery.json"',
            roles=ONLY_GATEWAY,
        ),
        Key(
            name="read_account",
            type=Type.TEXT,
            says="BigQuery: service account that reads, by impersonation.",
            default="the credentials' own",
            example='"assent-read@acme-prod.iam.gserviceaccount.com"',
        ),
        Key(
            name="write_account",
            type=Type.TEXT,
            says="BigQuery: service account that changes, by impersonation; used only under a Permit that writes.",
            default="nothing writes",
            example='"assent-write@acme-prod.iam.gserviceaccount.com"',
        ),
        Key(
            name="write_credentials",
            type=Type.REFERENCE,
            says="BigQuery: credentials for changes, where they are not impersonated from the same ones.",
            default="the same as `credentials`",
            example='"file:/run/secrets/assent-bigquery-write.json"',
            roles=ONLY_GATEWAY,
        ),
        Key(
            name="max_bytes",
            type=Type.SIZE,
            says="BigQuery: most bytes billed per query.",
            default="required on bigquery",
            example='"20 GiB"',
        ),
        Key(
            name="price_per_tib",
            type=Type.PRICE,
            says="BigQuery: price of a TiB billed.",
            default="no prices",
            example='"6.25"',
        ),
        Key(
            name="currency",
            type=Type.TEXT,
            says="BigQuery: currency of that price.",
            default='"USD"',
            example='"EUR"',
        ),
        Key(
            name="billing",
            type=Type.CHOICE,
            says="BigQuery: how the project pays.",
            default='"on_demand"',
            example='"capacity"',
            words=("on_demand", "capacity"),
        ),
        Key(
            name="tags",
            type=Type.TEXTS,
            says="`schema.table.column` or `schema.table.*` to tag.",
            default="none",
            example='{ "public.customers.email" = "pii.email" }',
        ),
        Key(
            name="functions",
            type=Type.TEXTS,
            says="PostgreSQL: own functions that only compute, and procedures (`procedure:…`) that people may let run; "
            "by identity, each with the md5 of the body looked at.",
            default="none",
            example='{ "public.age_band(date)" = "pure:8fa14cdd754f91cc6554c9e71929cce7" }',
        ),
        Key(name="accept", type=Type.TABLE, says="See `[source.NAME.accept]`.", default="nothing", example="{}"),
        Key(
            name="aggregate",
            type=Type.TABLE,
            says='See `[source.NAME.aggregate."COLUMN"]`.',
            default="none",
            example="{}",
        ),
        Key(name="retention", type=Type.TABLE, says="See `[source.NAME.retention]`.", default="{}", example="{}"),
        Key(name="record", type=Type.TABLE, says="See `[source.NAME.record]`.", default="all", example="{}"),
        Key(name="lookup", type=Type.TABLE, says="See `[source.NAME.lookup]`.", default="none", example="{}"),
    ),
)

ACCEPT: Final = Section(
    header="[source.NAME.accept]",
    says="What an operator accepts by name on PostgreSQL, all of it weaker than the default.",
    keys=tuple(
        Key(name=name, type=Type.NAMES, says=says, default="none", example=example)
        for name, says, example in (
            ("trusted", "Views that keep their own body raw and carry tags of their own.", '["public.ages"]'),
            ("untagged", "Materialised views and foreign tables declared free of tags.", '["public.totals"]'),
            ("policies", "Tables whose row policies read tagged columns.", '["public.visits"]'),
            ("grains", "Tables partitioned by a tagged column.", '["public.events"]'),
            ("hide_null", "Columns whose `hide` shows which values are NULL.", '["public.customers.phone"]'),
        )
    ),
)

AGGREGATE: Final = Section(
    header='[source.NAME.aggregate."COLUMN"]',
    says=(
        "A protected number that agents may ask totals of, on PostgreSQL. A least number of people does not stop one "
        "total minus another: whoever may ask often can come close to single values."
    ),
    keys=(
        Key(
            name="people",
            type=Type.INTEGER,
            says="Least number of distinct people in each group; fewer show nothing.",
            default="required",
            example="20",
            least=3,
            most=1_000_000,
        ),
        Key(
            name="functions",
            type=Type.CHOICES,
            says="Which totals.",
            default="required",
            example='["avg", "count"]',
            words=("avg", "count", "sum"),
        ),
        Key(
            name="subject",
            type=Type.TEXT,
            says="Column of the same table, without a tag, that tells people apart.",
            default="required",
            example='"person_id"',
        ),
        Key(
            name="round",
            type=Type.INTEGER,
            says="Means and sums are told in steps of this; counts in steps of `people`.",
            default="required",
            example="1000",
            least=1,
        ),
        Key(
            name="per_day",
            type=Type.INTEGER,
            says="Statements of one Caller in a day.",
            default="20",
            example="5",
            least=1,
            most=10_000,
        ),
    ),
)

MODES: Final = tuple(mode.value for mode in Recorded)


def _mode(name: str, says: str, default: str = "recorded") -> Key:
    return Key(name=name, type=Type.CHOICE, says=says, default=f'"{default}"', example='"hashed"', words=MODES)


TERMS: Final = (
    Key(
        name="questions",
        type=Type.AGE,
        says="Statements, parameters, purposes and reviewers' words.",
        default="for ever",
        example='"90 d"',
    ),
    Key(name="results", type=Type.AGE, says="Results as delivered.", default="for ever", example='"30 d"'),
)
RETENTION: Final = Section(
    header="[retention]",
    says=(
        "How long payloads are kept, from the end of their day on: then their keys are destroyed, unless a hold keeps "
        "them. What is longer than before holds at the next start; what is shorter once two operators said so."
    ),
    keys=TERMS,
)
OF_SOURCE: Final = Section(
    header="[source.NAME.retention]", says="The same for one Source, where it differs.", keys=TERMS
)

RECORD: Final = Section(
    header="[source.NAME.record]",
    says=(
        "What of each Call stays, encrypted, when it is over: all of it (`recorded`), a keyed hash by which words that "
        "somebody brings can be compared (`hashed`), or nothing (`none`). What a Call itself needs, to be decided, run "
        "and collected, is kept until it is over, and its key destroyed then."
    ),
    keys=(
        _mode("statement", "The agent's text, and the text that ran."),
        _mode("parameters", "Its parameters."),
        _mode("purpose", "Why, in the agent's words, and what else people were shown to decide."),
        _mode("result", "The result as delivered: with masks."),
        _mode("unmasked", "A result with values that people approved to be shown raw.", "hashed"),
    ),
)

LOOKUP: Final = Section(
    header="[source.NAME.lookup]",
    says="Columns with a token mask that agents may find rows by: `email = assent_token('…')` in WHERE, on PostgreSQL.",
    keys=(
        Key(
            name="columns",
            type=Type.NAMES,
            says="Never columns whose values can be tried one by one: phone numbers, nine-digit ids.",
            default="required",
            example='["public.customers.email"]',
        ),
        Key(
            name="per_day",
            type=Type.INTEGER,
            says="Values that one Caller may look up in a day, found or not.",
            default="50",
            example="20",
            least=1,
            most=10_000,
        ),
    ),
)

MASKED: Final = (
    'Kind of mask. For jsonb also paths: `{ json = ["a.phone"] }` takes them out, `{ json_keep = ["plan"] }` keeps '
    "them alone."
)
MASK: Final = Section(
    header="[mask]",
    says="Tag, or tag pattern with `*`, to mask. Every tag in use needs one, but `free_text`.",
    free=Key(name="TAG", type=Type.MASK, says=MASKED, example='"token"', words=PLAIN),
)

OWNER: Final = Section(
    header="[owner]",
    says="Tag, or tag pattern with `*`, to the `[group.*]` table whose seat an unmasking needs; none: impossible.",
    free=Key(name="TAG", type=Type.TEXT, says="Group.", example='"privacy"'),
)

CONDITIONS: Final = (
    Key(name="groups", type=Type.NAMES, says="Groups of the Caller's token.", example='["analysts"]'),
    Key(
        name="callers",
        type=Type.NAMES,
        says="Persons: verified e-mail, or `directory:person id` (with several directories `directory:e-mail`).",
        example='["alice@acme.example"]',
    ),
    Key(name="agents", type=Type.NAMES, says="Verified client ids.", example='["nightly-report"]'),
    Key(name="sources", type=Type.NAMES, says="Names of Sources.", example='["shop"]'),
    Key(
        name="tables",
        type=Type.NAMES,
        says="Qualified names as the database stores them; `*` stands for any run of characters.",
        example='["public.*"]',
    ),
    Key(
        name="tags",
        type=Type.NAMES,
        says="Tags of a column of that thing used anywhere in the statement; `*` as above.",
        example='["pii.*"]',
    ),
    Key(
        name="verbs",
        type=Type.CHOICES,
        says="What is done to a thing.",
        example='["read"]',
        words=tuple(verb.value for verb in Verb),
    ),
    Key(
        name="facts",
        type=Type.CHOICES,
        says="What reading found besides.",
        example='["no_where"]',
        words=tuple(fact.value for fact in Fact),
    ),
    Key(
        name="affected_over",
        type=Type.INTEGER,
        says="More rows than this would change; unknown, estimated and protected numbers count as more.",
        example="100",
    ),
    Key(
        name="bytes_over",
        type=Type.SIZE,
        says="More bytes than this would be billed; unknown counts as more; PostgreSQL bills none.",
        example='"1 GiB"',
    ),
    Key(
        name="price_over",
        type=Type.PRICE,
        says="It would cost more than this, in the Source's currency; unknown counts as more.",
        example='"2.50"',
    ),
    Key(
        name="hours",
        type=Type.NAMES,
        says="Weekly windows with their time zone; the end is excluded, one may run past midnight.",
        example='["Mon-Fri 08:00-18:00 Europe/Berlin"]',
    ),
)

EFFECTS: Final = (
    Key(
        name="then",
        type=Type.CHOICE,
        says="What the rule says.",
        default="required",
        example='"ask"',
        words=("allow", "ask", "refuse"),
    ),
    Key(
        name="reviewers",
        type=Type.COUNTS,
        says="Votes needed per `[group.*]` table; of several rules the union, the larger number per group.",
        default="required with ask",
        example="{ dba = 1, security = 1 }",
        least=1,
        most=20,
    ),
    Key(
        name="returned_rows",
        type=Type.INTEGER,
        says="Most rows of an answer.",
        default="200",
        example="5000",
        least=1,
        most=100_000,
    ),
    Key(
        name="returned_bytes",
        type=Type.SIZE,
        says="Most bytes of an answer's JSON text; never above 900 kB.",
        default='"64 KiB"',
        example='"256 KiB"',
        least=1_024,
        most=900_000,
    ),
    Key(
        name="affected_rows",
        type=Type.INTEGER,
        says="Most rows changed in all tables together; more is rolled back.",
        default="no cap",
        example="1000",
        most=2**53,
    ),
    Key(
        name="max_bytes", type=Type.SIZE, says="Most bytes billed.", default="the Source's", example='"5 GiB"', least=1
    ),
    Key(name="timeout", type=Type.DURATION, says="Longest run; at most 1 h.", default='"30 s"', example='"10 s"'),
    Key(
        name="unmask",
        type=Type.NAMES,
        says="Tags (with `*`) or `schema.table.column` shown raw once approved; only with ask; "
        "one seat is the tag owner's.",
        default="none",
        example='["pii.email"]',
    ),
    Key(
        name="copies",
        type=Type.NAMES,
        says="`schema.table.column -> schema.table.column`, both of one tag: what a change may copy once "
        "approved; only with ask.",
        default="none",
        example='["public.customers.email -> public.leads.email"]',
    ),
    Key(
        name="on_approval",
        type=Type.CHOICE,
        says="Run at once, or wait for the requester's next request; `hold` wins.",
        default='"run"',
        example='"hold"',
        words=("run", "hold"),
    ),
    Key(
        name="expires",
        type=Type.DURATION,
        says="How long the Review stays open; at most 24 h.",
        default='"15 min"',
        example='"10 min"',
    ),
    Key(
        name="channel",
        type=Type.TEXT,
        says="Conversation id for its card.",
        default="[slack] channel",
        example='"C0123456789"',
    ),
    Key(
        name="floor",
        type=Type.FLAG,
        says="Of the gateway's own file: holds whatever the store says; only with ask and refuse.",
        default="false",
        example="true",
    ),
)

RULE: Final = Section(
    header="[[rule]]",
    says="One rule; every condition that stands must hold, and no `not_` form.",
    keys=(
        Key(name="name", type=Type.TEXT, says="Unique.", default="required", example='"analysts read"'),
        *CONDITIONS,
        *(
            Key(
                name=f"not_{key.name}",
                type=key.type,
                says=f"The rule does not match where `{key.name}` would hold.",
                example=key.example,
                words=key.words,
            )
            for key in CONDITIONS
        ),
        *EFFECTS,
    ),
)

BUDGET: Final = Section(
    header="[[budget]]",
    says="What many statements may use together in one hour or one day; it only closes.",
    keys=(
        Key(name="name", type=Type.TEXT, says="Unique.", default="required", example='"rows of a day"'),
        Key(
            name="per",
            type=Type.CHOICE,
            says="Who has an account apart: each person (by whatever agent) or machine, each group under `groups`, "
            "each verified client, each Source.",
            default="required",
            example='"caller"',
            words=tuple(per.value for per in Per),
        ),
        Key(
            name="window",
            type=Type.CHOICE,
            says="From each full hour, or from each midnight, UTC, by the store's clock.",
            default="required",
            example='"day"',
            words=tuple(period.value for period in Period),
        ),
        Key(
            name="rows",
            type=Type.INTEGER,
            says="Rows shown or changed, of each statement whichever is more.",
            example="100_000",
            least=1,
            most=2**53,
        ),
        Key(
            name="returned_bytes",
            type=Type.SIZE,
            says="Bytes of answers' JSON text.",
            example='"50 MiB"',
            least=1_024,
        ),
        Key(
            name="bytes",
            type=Type.SIZE,
            says="Bytes billed; PostgreSQL bills none.",
            example='"1 TiB"',
            least=1,
        ),
        Key(name="price", type=Type.PRICE, says="In the Source's currency; PostgreSQL has none.", example='"25.00"'),
        Key(name="time", type=Type.DURATION, says="How long the Source worked.", example='"10 min"'),
        Key(
            name="floor",
            type=Type.FLAG,
            says="Of the gateway's own file: holds whatever the store says.",
            default="false",
            example="true",
        ),
        *(
            Key(name=f"{prefix}{key.name}", type=key.type, says=said, example=key.example)
            for key in CONDITIONS
            if key.name in BUDGETED
            for prefix, said in (
                ("", key.says),
                ("not_", f"The budget does not count where `{key.name}` would hold."),
            )
        ),
    ),
)

SECTIONS: Final = (
    GATEWAY,
    KEYS,
    NEXT_KEYS,
    IDENTITY,
    GROUP,
    AGENT,
    SAME_PERSON,
    CONSOLE,
    METRICS,
    SIGN_IN,
    SAML,
    SINK,
    WITNESS,
    ANCHOR,
    SLACK,
    RETENTION,
    SOURCE,
    ACCEPT,
    AGGREGATE,
    RECORD,
    OF_SOURCE,
    LOOKUP,
    MASK,
    OWNER,
    RULE,
    BUDGET,
)
