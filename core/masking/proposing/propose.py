"""Tags proposed from the names and comments of columns, each with its reason, for a person to decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from core.catalog import Attribute, Oid, Relation, Snapshot, Type
from core.masking.hardening.wanted import applications
from core.masking.masks import DATE, FREE_TEXT, TEXTS, TIMESTAMP, TIMESTAMPTZ, effective, shape


@final
@dataclass(frozen=True, slots=True)
class Sign:
    """What in a name or comment speaks for a tag, the mask that usually serves, and what the column then holds."""

    tag: str
    mask: str
    holds: str
    words: str  # a pattern over the words of a name: lower case, joined by one underscore
    texts_only: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One column, the tag proposed for it, the mask that goes with the tag, and one sentence why."""

    column: str  # schema.table.column, as [source.x.tags] names it
    tag: str
    mask: str
    reason: str


# The first sign that fits counts: narrow ones come before wide ones.
SIGNS: Final[tuple[Sign, ...]] = (
    Sign(
        "secret",
        "hide",
        "a secret",
        r"password|passwd|pwd|passphrase|secret|token|api_?key|private_key|salt|otp|pin",
    ),
    Sign(
        "pci.code",
        "hide",
        "a card's security code",
        r"cvv2?|cvc2?|security_code|card_code",
    ),
    Sign(
        "pci",
        "last4",
        "a payment card number",
        r"card|card_?(number|no|num)|credit_card\w*|pan|cc_?(number|num|no)",
    ),
    Sign(
        "pii.iban",
        "last4",
        "a bank account",
        r"iban|bank_account\w*|account_(number|no|iban)|routing_(number|no)|bic",
    ),
    Sign(
        "pii.national_id",
        "hide",
        "a national or tax id",
        r"ssn|social_security\w*|national_(id|no|number|insurance\w*)|nino|tax_?(id|no|number)|tin|passport\w*"
        r"|driver\w*_licen[cs]e\w*|licen[cs]e_(number|no)|personal_(id|code|number)|identity_(card|number|no)|steuer_?id",
    ),
    Sign(
        "pii.email",
        "token",
        "an e-mail address",
        r"e_?mail|mail|e_?mail_address|mail_address",
    ),
    Sign(
        "pii.phone",
        "last4",
        "a phone number",
        r"(tele)?phone|mobile|cell|fax|msisdn|phone_?(number|no)|tel|whatsapp",
    ),
    Sign(
        "pii.birth",
        "year",
        "a date of birth",
        r"birth_?(date|day|year)?|born|born_on|date_of_birth|dob",
    ),
    Sign(
        "pii.income",
        "bucket",
        "pay or wealth",
        r"salary|income|wage|payroll|net_worth|bonus|compensation|pay_?grade",
    ),
    Sign(
        "pii.health",
        "hide",
        "health",
        r"diagnos\w*|medical\w*|health\w*|blood_type|allerg\w*|disabilit\w*|prescription",
    ),
    Sign(
        "pii.special",
        "hide",
        "what a law protects specially",
        r"religion|ethnicit?\w*|race|sexual\w*|gender|political\w*|trade_union",
    ),
    Sign(
        "pii.ip",
        "network",
        "a network address",
        r"ip|ip_?addr(ess)?|remote_addr",
    ),
    Sign(
        "pii.location",
        "hide",
        "where somebody is",
        r"latitude|longitude|lat|lng|lon|geo|gps|geo_?location|coordinates",
    ),
    Sign(
        "pii.address",
        "hide",
        "a postal address",
        r"address|address_?(line)?_?\d?|street|street_\w+|house_(number|no)|zip|zip_?code|post(al)?_?code",
    ),
    Sign(
        "pii.name",
        "hide",
        "a person's name",
        r"(first|last|full|given|family|middle|maiden|sur|nick|customer|client|person|holder|owner|contact|legal|patient"
        r"|employee|guest|student|member|payer|payee|sender|recipient|spouse|beneficiary|billing|shipping)_?name"
        r"|surname|forename|(card|account|policy)?_?holder|recipient|beneficiary|payee|payer",
    ),
    Sign(
        FREE_TEXT,
        FREE_TEXT,
        "words that people typed",
        r"notes?|comments?|remarks?|memo|message|body|feedback|reason|transcript|free_?text|complaint|chat",
        texts_only=True,
    ),
)

# A bare "name" is a person's only in a table of people.
PEOPLE: Final = re.compile(
    r"(customer|client|person|people|user|member|employee|staff|patient|contact|subscriber|student|teacher|guest"
    r"|passenger|applicant|candidate|lead|donor|tenant|owner|reviewer|author|account_holder)(s|es)?"
)
FLAGS: Final = re.compile(r"(is|has|can|allow|allows|wants)_.*")
NAME: Final = next(sign for sign in SIGNS if sign.tag == "pii.name")
DATES: Final = frozenset({DATE, TIMESTAMP, TIMESTAMPTZ})
BOOL: Final = Oid(16)
COMMENT: Final = 1_000  # characters: what is longer is documentation, not a sign


def propose(snapshot: Snapshot) -> tuple[Proposal, ...]:
    """Propose tags for tables and copies of applications, in the order of their names; views follow their tables."""
    return tuple(
        proposal
        for relation in applications(snapshot)
        if relation.kind != "v"
        for number in fresh(relation, snapshot)
        if (proposal := _propose(relation, relation.attributes[number], snapshot.types)) is not None
    )


def fresh(relation: Relation, snapshot: Snapshot) -> list[int]:
    """Give the columns that a table has of its own; those of its parents follow them, a child may add others."""
    above = {name for parent in relation.parents for name in snapshot.relations[parent].column}
    return sorted(number for number, attribute in relation.attributes.items() if attribute.name not in above)


def words(name: str) -> str:
    """Split a name at capitals and marks: "EMailAddress", "e-mail address" and "email_address" read alike."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^\w]+|_+", "_", spaced).strip("_").lower()


def _propose(relation: Relation, attribute: Attribute, types: Mapping[Oid, Type]) -> Proposal | None:
    base = shape(attribute, types).base
    found = _sign(relation, attribute, text=base in TEXTS)
    if found is None or attribute.generated or base == BOOL:
        return None
    sign, said = found
    asked = "hide" if sign.mask == "year" and base not in DATES else sign.mask
    mask = effective(asked, base)
    loses = "" if mask == asked else f"; {attribute.type_name} has no {asked} mask, so it is hidden"
    column = written(_path(relation, attribute))
    return Proposal(column=column, tag=sign.tag, mask=mask, reason=f"{said}: it may hold {sign.holds}{loses}.")


def written(path: tuple[str, str, str]) -> str:
    """Write schema, table and column as `[source.NAME.tags]` names them, quoted where they must be."""
    quoted = ('"' + part.replace('"', '""') + '"' if set('."*?[') & set(part) else part for part in path)
    return ".".join(quoted)


def _path(relation: Relation, attribute: Attribute) -> tuple[str, str, str]:
    return relation.schema, relation.name, attribute.name


def _sign(relation: Relation, attribute: Attribute, *, text: bool) -> tuple[Sign, str] | None:
    """Look at the column's name, then at its comment; a bare `name` counts in tables of people."""
    name = words(attribute.name)
    if name == "name" and text and PEOPLE.fullmatch(words(relation.name).rsplit("_", 1)[-1]):
        return NAME, f"{relation.name} are people and the column is called {attribute.name}"
    for sign in SIGNS:
        if sign.texts_only and not text:
            continue
        if _holds(sign, name) and not FLAGS.fullmatch(name):
            return sign, f"the column is called {attribute.name}"
    for sign in SIGNS:
        if sign.tag != FREE_TEXT and re.search(rf"(?:^|_)(?:{sign.words})(?:_|$)", _plain(attribute.comment)):
            return sign, "its comment speaks of it"
    return None


def _holds(sign: Sign, name: str) -> bool:
    """Whether a name is one of the sign's words, or ends or begins with one: "billing_email", "email_2"."""
    return re.fullmatch(rf"(\w+_)?({sign.words})(_?\d+|_(enc|raw|hash|plain|old|new|value|text))?", name) is not None


def _plain(comment: str) -> str:
    return re.sub(r"[^\w]+", " ", comment.lower()).replace(" ", "_") if len(comment) < COMMENT else ""
