"""A SAML provider of the tests: keys made at run time, answers built by hand, signed by libxmlsec1."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import final
from urllib.parse import parse_qs, urlsplit

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

ENTITY = "https://idp.example/saml"
ADDRESS = "https://idp.example/sso"
NS = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


@final
@dataclass(kw_only=True)
class Words:
    """What an answer says; a test changes one."""

    place: str
    ours: str
    request: str
    entity: str = ENTITY
    subject: str = "alice"
    kind: str = PERSISTENT
    attributes: dict[str, list[str]] = field(
        default_factory=lambda: {"mail": ["alice@example.test"], "groups": ["support", "dba"]}
    )
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    recipient: str = ""
    destination: str = ""
    answers: str = ""  # of the confirmation
    audience: str = ""
    begins: timedelta = timedelta(seconds=-5)
    lasts: timedelta = timedelta(minutes=5)
    status: str = "urn:oasis:names:tc:SAML:2.0:status:Success"
    signed_in: timedelta = timedelta(0)  # ago


@final
class Idp:
    """Signs with its own key."""

    def __init__(self, bits: int = 2048) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp of the tests")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(self.key, hashes.SHA256())
        )
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()
        self.pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def build(self, words: Words) -> etree._Element:
        """Build an answer that nobody signed."""
        until = stamp(words.now + words.lasts)
        values = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in several)
            + "</saml:Attribute>"
            for name, several in words.attributes.items()
        )
        statement = f"<saml:AttributeStatement>{values}</saml:AttributeStatement>" if values else ""
        return etree.fromstring(
            f'<samlp:Response xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" ID="_r{token_hex(16)}"'
            f' Version="2.0" IssueInstant="{stamp(words.now)}" Destination="{words.destination or words.place}"'
            f' InResponseTo="{words.request}"><saml:Issuer>{words.entity}</saml:Issuer>'
            f'<samlp:Status><samlp:StatusCode Value="{words.status}"/></samlp:Status>'
            f'<saml:Assertion ID="_a{token_hex(16)}" Version="2.0" IssueInstant="{stamp(words.now)}">'
            f"<saml:Issuer>{words.entity}</saml:Issuer>"
            f'<saml:Subject><saml:NameID Format="{words.kind}">{words.subject}</saml:NameID>'
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{words.recipient or words.place}"'
            f' InResponseTo="{words.answers or words.request}"/></saml:SubjectConfirmation></saml:Subject>'
            f'<saml:Conditions NotBefore="{stamp(words.now + words.begins)}" NotOnOrAfter="{until}">'
            f"<saml:AudienceRestriction><saml:Audience>{words.audience or words.ours}</saml:Audience>"
            "</saml:AudienceRestriction></saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{stamp(words.now - words.signed_in)}"><saml:AuthnContext>'
            "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
            f"</saml:AuthnContext></saml:AuthnStatement>{statement}</saml:Assertion></samlp:Response>"
        )

    def sign(
        self,
        element: etree._Element,
        *,
        method: object = xmlsec.Transform.RSA_SHA256,
        digest: object = xmlsec.Transform.SHA256,
        prefixes: str = "",
    ) -> None:
        """Sign an element of a document in its place, right after its issuer."""
        template = xmlsec.template.create(element, xmlsec.Transform.EXCL_C14N, method, ns="ds")
        issuer = element.find("saml:Issuer", NS)
        assert issuer is not None
        issuer.addnext(template)
        reference = xmlsec.template.add_reference(template, digest, uri=f"#{element.get('ID')}")
        xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
        canonical = xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
        if prefixes:
            xmlsec.template.transform_add_c14n_inclusive_namespaces(canonical, prefixes)
        xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(template))
        xmlsec.tree.add_ids(element, ["ID"])
        context = xmlsec.SignatureContext()
        key = xmlsec.Key.from_memory(self.pem, xmlsec.KeyFormat.PEM, None)
        key.load_cert_from_memory(self.certificate.encode(), xmlsec.KeyFormat.PEM)
        context.key = key
        context.sign(template)

    def answer(self, words: Words) -> etree._Element:
        """Build an answer whose assertion is signed."""
        root = self.build(words)
        self.sign(assertion(root))
        return root


def assertion(root: etree._Element) -> etree._Element:
    """Find the one assertion of an answer."""
    (found,) = root.findall("saml:Assertion", NS)
    return found


def written(root: etree._Element) -> bytes:
    """Write an answer."""
    return bytes(etree.tostring(root))


def packed(root: etree._Element | bytes) -> str:
    """Encode an answer as a browser posts it."""
    return b64encode(root if isinstance(root, bytes) else written(root)).decode()


def asked(address: str) -> str:
    """Return the id of the request in a redirect."""
    query = parse_qs(urlsplit(address).query)
    request = etree.fromstring(zlib.decompress(b64decode(query["SAMLRequest"][0]), -15))
    return str(request.get("ID"))
