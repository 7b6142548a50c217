"""Who is who: issuers, groups, agents, the console and its sign-in."""

from __future__ import annotations

from typing import Final

from core.settings.schema.shape import ONLY_PEOPLE, Key, Section, Type

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
        Key(
            name="next",
            type=Type.TEXT,
            says="A group whose members may fill its seats, too, from two thirds of a Review's time on.",
            default="nobody",
            example='"platform"',
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
