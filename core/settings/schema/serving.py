"""The gateway, its keys, the operators' port."""

from __future__ import annotations

from typing import Final

from core.settings.schema.shape import (
    EVERYONE,
    GATEWAY_AND_PEOPLE,
    ONLY_GATEWAY,
    ONLY_PEOPLE,
    ONLY_SIGNER,
    Key,
    Role,
    Section,
    Type,
)

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
            "`slack-by-signature`, `slack-by-email`.",
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
        "retired, write them in `[keys]` and take them out here. `minting` takes the place of that of `[console]`."
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
            ("minting", ONLY_PEOPLE),
        )
    ),
)

METRICS: Final = Section(
    header="[metrics]",
    says="The port on which operators watch this process: `/metrics`, `/healthz`, `/readyz`, `/sources`. Nobody signs"
    " in there, and nothing of statements, values or people is told. Without this table there is none. Off loopback it"
    " is acknowledged by `no-tls:metrics`.",
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
