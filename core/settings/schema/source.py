"""A Source: where it is, as whom, its limits, its tags and what they are masked by."""

from __future__ import annotations

from typing import Final

from core.masking.masks import PLAIN
from core.model import Dialect
from core.settings.schema.shape import ONLY_GATEWAY, Key, Section, Type

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
            words=tuple(kind.value for kind in Dialect),
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
            name="dry_account",
            type=Type.TEXT,
            says="BigQuery, enforced: service account that knows protected tables, by impersonation; it reads no row.",
            default="required with enforced",
            example='"assent-dry@acme-prod.iam.gserviceaccount.com"',
        ),
        Key(
            name="masks_dataset",
            type=Type.TEXT,
            says="BigQuery, enforced: dataset of the masking views.",
            default='"assent_masks"',
            example='"assent_masks"',
        ),
        Key(
            name="token_key",
            type=Type.TEXT,
            says="BigQuery: key of Cloud KMS that wraps the keyset of tokens; the account that reads alone may have it "
            "decrypt for a query.",
            default="no tokens",
            example='"gcp-kms://projects/acme/locations/eu/keyRings/assent/cryptoKeys/tokens"',
        ),
        Key(
            name="token_keyset",
            type=Type.TEXT,
            says="BigQuery: that keyset, wrapped in base64 (`KEYS.NEW_WRAPPED_KEYSET`, "
            "`DETERMINISTIC_AEAD_AES_SIV_CMAC_256`); it serves nothing else.",
            default="no tokens",
            example='"CiQA…"',
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
            "by identity, each with the md5 of the body looked at. BigQuery: functions in SQL that reads may call, "
            'with their etags: `"tools.band" = "pure:ETAG"`; `masked:ETAG` also over protected tables.',
            default="none",
            example='{ "public.age_band(date)" = "pure:8fa14cdd754f91cc6554c9e71929cce7" }',
        ),
        Key(
            name="channel",
            type=Type.TEXT,
            says="Conversation id of the cards about it, where no rule names another.",
            default="[slack] channel",
            example='"C0123456789"',
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
    says="What an operator accepts by name, all of it weaker than the default; on BigQuery `trusted` alone.",
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
