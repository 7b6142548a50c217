"""A SAML response read by a closed form: what is signed is what is read, and nothing stands beside it.

The first of two witnesses. It believes no signature; it says of every element where it may stand, so that no signature
can be about something else than what is read (McIntosh and Austel 2005; Somorovsky et al., "On Breaking SAML", 2012),
and that no text has another reading (comments in names, CVE-2017-11427). What has no place in the form is refused.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final, final

from lxml import etree

from core.errors import Unauthenticated

LARGEST: Final = 131_072  # bytes of XML
DEEPEST: Final = 16
SKEW: Final = timedelta(seconds=30)
SAML: Final = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAMLP: Final = "{urn:oasis:names:tc:SAML:2.0:protocol}"
DS: Final = "{http://www.w3.org/2000/09/xmldsig#}"
SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
PERSISTENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
DECLARED: Final = re.compile(
    rb"<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'](?i:utf-8)[\"'])?(?: standalone=[\"'](?:yes|no)[\"'])?\s*\?>"
)
INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
NAMED: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,127}", re.ASCII)  # xs:ID, without what is not ASCII

C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
PREFIXES: Final = f"{{{C14N}}}InclusiveNamespaces"  # which prefixes are written always: Shibboleth and Okta say so
TRANSFORMS: Final = ("http://www.w3.org/2000/09/xmldsig#enveloped-signature", C14N)
SIGNATURES: Final = frozenset(
    f"http://www.w3.org/2001/04/xmldsig-more#{one}" for one in ("rsa-sha256", "rsa-sha384", "rsa-sha512")
)
DIGESTS: Final = frozenset(
    {
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
    }
)

# Element -> its children, each at most once unless it stands in MANY; what is not here has no children and no place.
FORM: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        f"{SAMLP}Response": (f"{SAML}Issuer", f"{DS}Signature", f"{SAMLP}Status", f"{SAML}Assertion"),
        f"{SAMLP}Status": (f"{SAMLP}StatusCode",),
        f"{SAML}Assertion": (
            f"{SAML}Issuer",
            f"{DS}Signature",
            f"{SAML}Subject",
            f"{SAML}Conditions",
            f"{SAML}AuthnStatement",
            f"{SAML}AttributeStatement",
        ),
        f"{SAML}Subject": (f"{SAML}NameID", f"{SAML}SubjectConfirmation"),
        f"{SAML}SubjectConfirmation": (f"{SAML}SubjectConfirmationData",),
        f"{SAML}Conditions": (f"{SAML}AudienceRestriction", f"{SAML}OneTimeUse"),
        f"{SAML}AudienceRestriction": (f"{SAML}Audience",),
        f"{SAML}AuthnStatement": (f"{SAML}SubjectLocality", f"{SAML}AuthnContext"),
        f"{SAML}AuthnContext": (f"{SAML}AuthnContextClassRef", f"{SAML}AuthenticatingAuthority"),
        f"{SAML}AttributeStatement": (f"{SAML}Attribute",),
        f"{SAML}Attribute": (f"{SAML}AttributeValue",),
        f"{DS}Signature": (f"{DS}SignedInfo", f"{DS}SignatureValue", f"{DS}KeyInfo"),
        f"{DS}SignedInfo": (f"{DS}CanonicalizationMethod", f"{DS}SignatureMethod", f"{DS}Reference"),
        f"{DS}Reference": (f"{DS}Transforms", f"{DS}DigestMethod", f"{DS}DigestValue"),
        f"{DS}Transforms": (f"{DS}Transform",),
        f"{DS}Transform": (PREFIXES,),
        f"{DS}CanonicalizationMethod": (PREFIXES,),
        f"{DS}KeyInfo": (f"{DS}X509Data",),
        f"{DS}X509Data": (f"{DS}X509Certificate",),
    }
)
MANY: Final = frozenset(
    {f"{SAML}Attribute", f"{SAML}AttributeValue", f"{DS}Transform", f"{SAML}AuthenticatingAuthority"}
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one answer must say."""

    entity: str  # the provider's
    ours: str  # our entity id: the audience
    place: str  # our assertion consumer: recipient and destination
    request: str  # the id of the request that is answered
    begun: datetime
    now: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What an answer says, if its signature holds."""

    assertion: str
    ends: datetime
    name: str
    persistent: bool
    attributes: Mapping[str, tuple[str, ...]]
    at: datetime  # they signed in


def unpacked(response: str) -> bytes:
    """Decode a response; XML without a DTD, entities, comments, CDATA or instructions, before any parser sees it.

    Raises: Unauthenticated.
    """
    try:
        xml = b64decode("".join(response.split()), validate=True)
        xml.decode("utf-8")
    except ValueError as error:
        raise Unauthenticated("saml: not base64 of UTF-8") from error
    declared = DECLARED.match(xml)
    rest = xml[declared.end() :] if declared else xml
    if len(xml) > LARGEST or b"<!" in rest or b"<?" in rest or b"\0" in xml:
        raise Unauthenticated("saml: too large, or with a DTD, a comment, CDATA or an instruction")
    return rest.strip()


def read(xml: bytes, terms: Terms) -> Envelope:
    """Hold a response against the form and the terms.

    Raises: Unauthenticated, naming the rule, never a value.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Unauthenticated("saml: not XML") from error
    _formed(root)
    _unique(root)
    _response(root, terms)
    (assertion,) = root.findall(f"{SAML}Assertion") or [_refuse("no assertion")]
    for element in (root, assertion):
        for signature in element.findall(f"{DS}Signature"):
            _signature(signature, element)
    if assertion.find(f"{DS}Signature") is None:
        raise Unauthenticated("saml: the assertion is not signed")
    return _assertion(assertion, terms)


def _refuse(what: str) -> etree._Element:
    raise Unauthenticated(f"saml: {what}")


def _formed(root: etree._Element) -> None:
    """Every element where the form has it, once, with text or children and never both."""
    if root.tag != f"{SAMLP}Response":
        raise Unauthenticated("saml: not a response")
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        allowed, seen = FORM.get(str(element.tag), ()), set[str]()
        for child in element:
            tag = str(child.tag)
            if tag not in allowed or depth > DEEPEST:
                raise Unauthenticated("saml: an element out of place")
            if tag in seen and tag not in MANY:
                raise Unauthenticated("saml: an element stands twice")
            if (child.tail or "").strip():
                raise Unauthenticated("saml: text between elements")
            seen.add(tag)
            waiting.append((child, depth + 1))
        if len(element) and (element.text or "").strip():
            raise Unauthenticated("saml: text between elements")


def _unique(root: etree._Element) -> None:
    """An id names one element; by which attribute a parser of another mind may look for it does not matter."""
    found: list[str] = []
    for element in root.iter():
        named = [value for name, value in element.attrib.items() if etree.QName(name).localname.lower() == "id"]
        own = str(element.tag) in {f"{SAMLP}Response", f"{SAML}Assertion"}
        if len(named) > 1 or (named and not own and not str(element.tag).startswith(DS)):
            raise Unauthenticated("saml: an id out of place")
        found += named
    if len(set(found)) != len(found) or not all(NAMED.fullmatch(one) for one in found):
        raise Unauthenticated("saml: an id stands twice, or is none")


def _signature(signature: etree._Element, of: etree._Element) -> None:
    """About the very element it stands in, whole, by algorithms of the list (XML Signature 1.1, section 6)."""
    signed = signature.find(f"{DS}SignedInfo")
    reference = None if signed is None else signed.find(f"{DS}Reference")
    if signed is None or reference is None or reference.get("URI") != f"#{of.get('ID')}" or not of.get("ID"):
        raise Unauthenticated("saml: a signature about something else")
    transforms = [one.get("Algorithm") for one in reference.iter(f"{DS}Transform")]
    if not transforms or len(set(transforms)) != len(transforms) or not set(transforms) <= set(TRANSFORMS):
        raise Unauthenticated("saml: a transform that is not of the list")
    if transforms[0] != TRANSFORMS[0]:
        raise Unauthenticated("saml: a transform that is not of the list")
    for tag, allowed in (
        ("CanonicalizationMethod", frozenset({C14N})),
        ("SignatureMethod", SIGNATURES),
        ("DigestMethod", DIGESTS),
    ):
        method = next(signed.iter(f"{DS}{tag}"), None)
        if method is None or method.get("Algorithm") not in allowed:
            raise Unauthenticated("saml: an algorithm that is not of the list")


def _response(root: etree._Element, terms: Terms) -> None:
    code = root.find(f"{SAMLP}Status/{SAMLP}StatusCode")
    issuer = root.find(f"{SAML}Issuer")
    _hold(root.get("Version") == "2.0" and root.get("ID") is not None, "another version")
    _hold(root.get("Destination") == terms.place, "another destination")
    _hold(root.get("InResponseTo") == terms.request, "not the answer to this request")
    _hold(issuer is None or issuer.text == terms.entity, "another issuer")
    _hold(code is not None and code.get("Value") == SUCCESS, "the provider says no")


def _assertion(assertion: etree._Element, terms: Terms) -> Envelope:
    _hold(assertion.get("Version") == "2.0" and assertion.get("ID") is not None, "another version")
    _hold(_text(assertion, "Issuer") == terms.entity, "another issuer")
    name, at = assertion.find(f"{SAML}Subject/{SAML}NameID"), _signed_in(assertion, terms)
    if name is None or not name.text:
        raise Unauthenticated("saml: no subject")
    return Envelope(
        assertion=str(assertion.get("ID")),
        ends=min(_confirmed(assertion, terms), _conditions(assertion, terms)),
        name=name.text,
        persistent=name.get("Format") == PERSISTENT,
        attributes=_attributes(assertion),
        at=at,
    )


def _confirmed(assertion: etree._Element, terms: Terms) -> datetime:
    """Bearer confirmation (SAML 2.0 Profiles 4.1.4.2): for us, for this request, for a while."""
    confirmation = assertion.find(f"{SAML}Subject/{SAML}SubjectConfirmation")
    said = None if confirmation is None else confirmation.find(f"{SAML}SubjectConfirmationData")
    if confirmation is None or said is None or confirmation.get("Method") != BEARER:
        raise Unauthenticated("saml: no bearer confirmation")
    _hold(said.get("Recipient") == terms.place, "another recipient")
    _hold(said.get("InResponseTo") == terms.request, "not the answer to this request")
    _hold(said.get("NotBefore") is None, "a confirmation that begins")
    ends = _instant(said.get("NotOnOrAfter"))
    _hold(terms.now - SKEW < ends, "expired")
    return ends


def _conditions(assertion: etree._Element, terms: Terms) -> datetime:
    conditions = assertion.find(f"{SAML}Conditions")
    if conditions is None:
        raise Unauthenticated("saml: no conditions")
    begins, ends = conditions.get("NotBefore"), _instant(conditions.get("NotOnOrAfter"))
    _hold(begins is None or _instant(begins) <= terms.now + SKEW, "not yet")
    _hold(terms.now - SKEW < ends, "expired")
    _hold(_text(conditions, f"AudienceRestriction/{SAML}Audience") == terms.ours, "another audience")
    return ends


def _signed_in(assertion: etree._Element, terms: Terms) -> datetime:
    """When they signed in: at this request, which asked for it (`ForceAuthn`)."""
    statement = assertion.find(f"{SAML}AuthnStatement")
    if statement is None:
        raise Unauthenticated("saml: it does not say when they signed in")
    at, session = _instant(statement.get("AuthnInstant")), statement.get("SessionNotOnOrAfter")
    _hold(terms.begun - SKEW <= at <= terms.now + SKEW, "a sign-in of another time")
    _hold(session is None or _instant(session) > terms.now - SKEW, "expired")
    return at


def _attributes(assertion: etree._Element) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in assertion.iter(f"{SAML}Attribute"):
        name = one.get("Name")
        if not name or name in found:
            raise Unauthenticated("saml: an attribute without a name, or twice")
        found[name] = tuple(value.text or "" for value in one.iter(f"{SAML}AttributeValue"))
    return MappingProxyType(found)


def _text(element: etree._Element, path: str) -> str | None:
    found = element.find(f"{SAML}{path}")
    return None if found is None else found.text


def _instant(text: str | None) -> datetime:
    if text is None or INSTANT.fullmatch(text) is None:
        raise Unauthenticated("saml: a time that is none")
    try:
        return datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise Unauthenticated("saml: a time that is none") from error


def _hold(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - the rule comes first
    if not holds:
        raise Unauthenticated(f"saml: {otherwise}")
