"""Who a checked token is for: client, scopes, groups, e-mail, person; none beyond what its issuer may say."""

from __future__ import annotations

import re
from typing import Final

from core.errors import Unauthenticated
from core.identity.claims import text, words
from core.identity.issuer import Issuer
from core.identity.token import Members
from core.model import Person

CLIENTS: Final = ("client_id", "azp", "appid", "cid")
GROUPS: Final = 512  # Entra ID puts at most 200 into a token; more is not cut but refused
EMAIL: Final = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.ASCII
)  # RFC 5321 4.5.3
EMAIL_LENGTH: Final = 254  # RFC 5321 errata 1690
SEPARATORS: Final = re.compile(r"[,;\s]")


def client(claims: Members, issuer: Issuer) -> str:
    """Name the agent's client; "" when the token names none.

    Raises: Unauthenticated, when it names two, or one that this issuer may not.
    """
    if issuer.client_claim:
        return _workload(claims, issuer)
    named = {str(claims[name]) for name in CLIENTS if name in claims}
    if len(named) > 1:
        raise Unauthenticated("claim client_id: two claims name two clients")
    found = named.pop() if named else ""
    if issuer.clients is not None and found not in issuer.clients:
        raise Unauthenticated("claim client_id: not a client of this issuer's list")
    return found


def _workload(claims: Members, issuer: Issuer) -> str:
    """Name a workload by the one claim that its issuer's table says: no other claim of it names a client."""
    found = claims.get(issuer.client_claim)
    if not text(found):
        raise Unauthenticated("claim client_claim: a workload's token does not say which")
    if issuer.clients is not None and found not in issuer.clients:
        raise Unauthenticated("claim client_claim: not a client of this issuer's list")
    return str(found)


def scopes(claims: Members) -> frozenset[str]:
    """Collect the scopes of `scope` and `scp`."""
    return (words(claims.get("scope", "")) or frozenset()) | (words(claims.get("scp", "")) or frozenset())


def groups(claims: Members, issuer: Issuer) -> frozenset[str]:
    """Collect the groups that this issuer may assert; absent means none.

    Raises: Unauthenticated, for a form that could hide a group from a rule that refuses it.
    """
    listed = _named(claims, issuer.groups_claim)
    if listed is None:
        return frozenset()
    if isinstance(listed, str):
        if SEPARATORS.search(listed) and listed not in (issuer.groups or ()):
            raise Unauthenticated("claim groups: one text that may be several groups")
        listed = [listed] if listed else []
    if not isinstance(listed, list) or len(listed) > GROUPS or not all(text(each) for each in listed):
        raise Unauthenticated("claim groups: neither a name nor a list of at most 512 names")
    said = frozenset(str(each) for each in listed)
    return said if issuer.groups is None else said & issuer.groups


def _named(claims: Members, name: str) -> object:
    """Find a claim by name, or by path (RFC 6901) when the name begins with a slash; None where nothing is."""
    if not name.startswith("/"):
        return claims.get(name)
    found: object = claims
    for step in name[1:].split("/"):
        if not isinstance(found, dict):
            return None
        found = found.get(step.replace("~1", "/").replace("~0", "~"))
    return found


def email(claims: Members, issuer: Issuer) -> str | None:
    """Read the e-mail in lower case, when the issuer says it is verified and its domain is one of the issuer's."""
    address = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(address, str) or len(address) > EMAIL_LENGTH:
        return None
    if not address.isascii() or (match := EMAIL.fullmatch(address.lower())) is None:
        return None
    if issuer.domains is not None and match[1] not in issuer.domains:
        return None
    return match[0]


def person(claims: Members, issuer: Issuer) -> Person | None:
    """Name the person, where the issuer's `person_when` proves one; everything else is a machine.

    Raises: Unauthenticated, when a person's token does not say which.
    """
    if not issuer.person_when or not all(_same(claims.get(name), is_) for name, is_ in issuer.person_when.items()):
        return None
    identifier = claims.get(issuer.person_claim)
    if not text(identifier):
        raise Unauthenticated("claim person_claim: a person's token does not say which person")
    return Person(directory=issuer.directory, id=str(identifier))


def _same(value: object, expected: object) -> bool:
    """Compare without Python's kindness: True is not 1, and a missing claim is nothing."""
    return value is not None and type(value) is type(expected) and value == expected


def actor(claims: Members) -> str:
    """Name who acts for the subject, by `act.sub`; "" when nobody is named."""
    act = claims.get("act")
    return str(act.get("sub", "")) if isinstance(act, dict) else ""
