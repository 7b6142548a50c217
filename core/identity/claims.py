"""Every claim by name: required, checked, refused or ignored; what stands in no row is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias, final

from core.errors import Unauthenticated
from core.identity.issuer import Issuer
from core.identity.token import Members

LEEWAY: Final = timedelta(seconds=30)  # RFC 7519 4.1.4: "usually no more than a few minutes"
TEXT: Final = 256  # characters of an identifier; OpenID Connect Core 2 gives `sub` at most 255
LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
UNLISTED: Final = "in no list"  # of a claim whose name is its issuer's alone
NAMED: Final = re.compile(r"[A-Za-z0-9_.:/-]{1,64}", re.ASCII)  # claim names that may stand in an operator's line


class Need(StrEnum):
    """What is done with a claim."""

    REQUIRED = "required"
    CHECKED = "checked"  # when it is there
    REFUSED = "refused"
    IGNORED = "ignored"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a door asks of a token."""

    issuer: Issuer
    audiences: frozenset[str]  # of this door, at this issuer
    foreign: frozenset[str]  # of the other door, at any issuer
    lifetime: timedelta
    now: datetime


Check: TypeAlias = Callable[[object, Terms], bool]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A claim's row: what is done with it, what must hold, and what an operator reads when it does not."""

    need: Need
    holds: Check = lambda _value, _terms: True
    says: str = ""


def instant(value: object) -> datetime | None:
    """Read a NumericDate (RFC 7519 2): seconds, with or without a fraction, never a boolean."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < LATEST or not math.isfinite(value):
        return None
    return datetime.fromtimestamp(value, UTC)


def text(value: object) -> bool:
    """Say whether a value is an identifier: some characters, all printable, at most 256."""
    return isinstance(value, str) and 0 < len(value) <= TEXT and value.isprintable()


def words(value: object) -> frozenset[str] | None:
    """Read a scope: one string of words (RFC 6749 3.3) or a list of them."""
    listed = value.split(" ") if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
        return None
    return frozenset(word for word in listed if word)


def identifier(value: object, _terms: Terms) -> bool:
    """Hold an identifier, at whatever door."""
    return text(value)


def _words(value: object, _terms: Terms) -> bool:
    return words(value) is not None


def _issuer(value: object, terms: Terms) -> bool:
    return value == terms.issuer.issuer


def _audience(value: object, terms: Terms) -> bool:
    named = words([value] if isinstance(value, str) else value)
    return named is not None and bool(named & terms.audiences) and not named & terms.foreign


def _ahead(value: object, terms: Terms) -> bool:
    moment = instant(value)
    return moment is not None and moment > terms.now - LEEWAY


def behind(value: object, terms: Terms) -> bool:
    """Hold an instant that is past."""
    moment = instant(value)
    return moment is not None and moment <= terms.now + LEEWAY


def _actor(value: object, _terms: Terms) -> bool:
    return isinstance(value, dict) and ("sub" not in value or text(value["sub"]))


def _one_of(*allowed: str) -> Check:
    return lambda value, _terms: value in allowed


IGNORED: Final = Rule(need=Need.IGNORED)
REFUSED: Final = Rule(need=Need.REFUSED)
IDENTIFIER: Final = Rule(need=Need.CHECKED, holds=identifier, says="not an identifier")
SCOPE: Final = Rule(need=Need.CHECKED, holds=_words, says="neither words nor a list of them")

CLAIMS: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        # RFC 7519 4.1, RFC 9068 2.2
        "iss": Rule(need=Need.REQUIRED, holds=_issuer, says="not this issuer"),
        "sub": Rule(need=Need.REQUIRED, holds=identifier, says="not an identifier"),
        "aud": Rule(need=Need.REQUIRED, holds=_audience, says="not for this door, or for the other one too"),
        "exp": Rule(need=Need.REQUIRED, holds=_ahead, says="expired, or no time"),
        "iat": Rule(need=Need.REQUIRED, holds=behind, says="in the future, or no time"),
        "nbf": Rule(need=Need.CHECKED, holds=behind, says="in the future, or no time"),
        "auth_time": Rule(need=Need.CHECKED, holds=behind, says="in the future, or no time"),
        "acr": IDENTIFIER,
        "jti": IDENTIFIER,
        # the agent's client: RFC 9068, OpenID Connect Core 2, Entra ID 1.0, Okta
        "client_id": IDENTIFIER,
        "azp": IDENTIFIER,
        "appid": IDENTIFIER,
        "cid": IDENTIFIER,
        "scope": SCOPE,
        "scp": SCOPE,
        "act": Rule(need=Need.CHECKED, holds=_actor, says="not an actor"),  # RFC 8693 4.1
        # says of itself that it is another kind of token
        "token_use": Rule(need=Need.CHECKED, holds=_one_of("access"), says="not an access token"),  # Cognito
        "typ": Rule(need=Need.CHECKED, holds=_one_of("Bearer"), says="not an access token"),  # Keycloak
        "at_hash": REFUSED,  # OpenID Connect Core 3.1.3.6, 3.3.2.11: an ID token's; `nonce` is no proof, see below
        "c_hash": REFUSED,
        "s_hash": REFUSED,
        "events": REFUSED,  # RFC 8417: a security event, a logout token
        "htm": REFUSED,  # RFC 9449 4.2: a DPoP proof's
        "htu": REFUSED,
        "ath": REFUSED,
        # RFC 7800: bound to a key; we check no proof of possession, and taking it as a bearer's is a downgrade
        "cnf": REFUSED,
        # overage: the groups are elsewhere, so a rule that refuses one of them would not see it
        # (learn.microsoft.com/entra/identity-platform/access-token-claims-reference; OpenID Connect Core 5.6.2)
        "_claim_names": REFUSED,
        "_claim_sources": REFUSED,
        "hasgroups": REFUSED,
        # counted only when verified and of the issuer's own domains: read by `core.identity.subject`
        "email": IGNORED,
        "email_verified": IGNORED,
        # read where `groups_claim` or `person_when` names them
        **dict.fromkeys(("groups", "roles", "idtyp", "gty", "oid"), IGNORED),
        # OpenID Connect Core 2, 5.1; OpenID Connect sessions. Some providers put `nonce` into access tokens.
        **dict.fromkeys(
            ("nonce", "amr", "sid", "name", "given_name", "family_name", "middle_name", "nickname", "profile"), IGNORED
        ),
        **dict.fromkeys(
            ("preferred_username", "picture", "website", "gender", "birthdate", "zoneinfo", "locale"), IGNORED
        ),
        **dict.fromkeys(("phone_number", "phone_number_verified", "address", "updated_at"), IGNORED),
        # RFC 9068 2.2.3.1, RFC 8693 4.4, RFC 9396
        **dict.fromkeys(("entitlements", "may_act", "authorization_details", "session_state"), IGNORED),
        # Entra ID, access token claims reference
        **dict.fromkeys(("acct", "acrs", "aio", "appidacr", "azpacr", "app_displayname", "ctry", "deviceid"), IGNORED),
        **dict.fromkeys(("idp", "in_corp", "ipaddr", "login_hint", "onprem_sid", "platf", "puid", "rh"), IGNORED),
        **dict.fromkeys(("signin_state", "tenant_region_scope", "tid", "unique_name", "upn", "uti", "ver"), IGNORED),
        **dict.fromkeys(("verified_primary_email", "verified_secondary_email", "wids", "xms_cc", "xms_ssm"), IGNORED),
        **dict.fromkeys(("xms_ftd", "xms_idrel", "xms_rd", "xms_sub_fct", "xms_tcdt", "xms_tdbr"), IGNORED),
        **dict.fromkeys(("xms_act_fct", "xms_par_app_azp", "xms_pl", "xms_edov"), IGNORED),
        # Okta, Auth0, Keycloak, Cognito, Google
        **dict.fromkeys(("uid", "org_id", "org_name", "permissions"), IGNORED),
        **dict.fromkeys(("realm_access", "resource_access", "allowed-origins"), IGNORED),
        **dict.fromkeys(("clientHost", "clientAddress", "clientId"), IGNORED),
        **dict.fromkeys(("origin_jti", "event_id", "device_key", "username", "version"), IGNORED),
        **dict.fromkeys(("cognito:groups", "cognito:username", "hd"), IGNORED),
        # Kubernetes service accounts; GitHub Actions OIDC
        **dict.fromkeys(("kubernetes.io", "actor", "actor_id", "base_ref", "check_run_id", "enterprise"), IGNORED),
        **dict.fromkeys(("enterprise_id", "environment", "event_name", "head_ref", "job_workflow_ref"), IGNORED),
        **dict.fromkeys(("job_workflow_sha", "ref", "ref_protected", "ref_type", "repository"), IGNORED),
        **dict.fromkeys(("repository_id", "repository_owner", "repository_owner_id"), IGNORED),
        **dict.fromkeys(("repository_visibility", "run_attempt", "run_id", "run_number"), IGNORED),
        **dict.fromkeys(("runner_environment", "sha", "workflow", "workflow_ref", "workflow_sha"), IGNORED),
    }
)


def check(claims: Members, terms: Terms, table: Mapping[str, Rule] = CLAIMS) -> None:
    """Hold every claim of a proven token against its row.

    Raises: Unauthenticated, naming the claim and the rule, never a value.
    """
    for name, rule in table.items():
        if rule.need is Need.REQUIRED and name not in claims:
            raise Unauthenticated(f"claim {name}: missing")
    configured = _configured(terms.issuer)
    for name, value in claims.items():
        found = table.get(name, IGNORED if name in configured else REFUSED)
        if found.need is Need.REFUSED:
            raise Unauthenticated(f"claim {name if NAMED.fullmatch(name) else '(unprintable)'}: {_why(name)}")
        if not found.holds(value, terms):
            raise Unauthenticated(f"claim {name}: {found.says}")
    _life(claims, terms)


def _why(name: str) -> str:
    return "refused" if name in CLAIMS else f"{UNLISTED}; name it under `ignored` if it means nothing here"


def _configured(issuer: Issuer) -> frozenset[str]:
    """Claims that this issuer's table names, and so are known; no table lifts a row of the list above."""
    groups = issuer.groups_claim
    root = groups.split("/")[1].replace("~1", "/").replace("~0", "~") if groups.startswith("/") else groups
    named = {issuer.person_claim, issuer.client_claim or issuer.person_claim, root}
    return issuer.ignored | issuer.person_when.keys() | named


def _life(claims: Members, terms: Terms) -> None:
    """Bound a token's whole life: what is stolen ends soon, whatever its issuer thinks."""
    ends, begins = instant(claims["exp"]), instant(claims["iat"])
    if ends is None or begins is None or not timedelta(0) < ends - begins <= terms.lifetime:
        raise Unauthenticated("claim exp: longer after iat than this issuer may give")
