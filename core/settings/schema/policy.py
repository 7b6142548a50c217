"""Rules and budgets."""

from __future__ import annotations

from typing import Final

from core.model import Fact, Per, Period, Verb
from core.policy.rules import BUDGETED
from core.settings.schema.shape import Key, Section, Type

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
        name="grant_rows",
        type=Type.INTEGER,
        says="Lets reviewers give a grant: statements of one shape run without being asked; rows of each.",
        default="no grant",
        example="50",
    ),
    Key(
        name="grant_total",
        type=Type.INTEGER,
        says="Rows of all uses of a grant together; stands with `grant_rows`.",
        default="no grant",
        example="200",
    ),
    Key(
        name="grant_uses",
        type=Type.INTEGER,
        says="How often a grant may be used; at most 50.",
        default="20",
        example="10",
    ),
    Key(
        name="grant_time",
        type=Type.DURATION,
        says="How long a grant lasts; at most 60 min.",
        default='"30 min"',
        example='"15 min"',
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
