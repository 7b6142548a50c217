"""`[console]` and the ways to sign in there: made, and held against who may say what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from core.identity.issuer import Issuer
from core.identity.jwk import RSA_BITS
from core.identity.minted import LIFETIME, PURPOSE
from core.settings import file, schema
from core.settings.build import listen
from core.settings.findings import Findings
from core.settings.nouns import ConsoleSettings, Listen, SamlSettings, SignInSettings
from core.settings.parts import Parts
from core.settings.reader import Reader

ONLY: Final = "sso"  # what the one sign-in of `[console] client_id` is called
PERSON: Final = "person"  # under which a SAML answer's person is read, whatever the attribute
SLUG: Final = re.compile(r"[a-z0-9-]{1,32}", re.ASCII)  # it stands in addresses


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The tables of the ways to sign in, as the file has them."""

    sign_in: Mapping[str, object]
    saml: Mapping[str, object]


def console(reader: Reader, raw: object, ways: Ways, issuers: tuple[Issuer, ...]) -> ConsoleSettings:
    """Make `[console]`, with every `[sign_in.*]` and `[saml.*]`."""
    table = reader.table(schema.CONSOLE, raw, ("console",))
    where = listen(reader, table, "127.0.0.1:8081")
    url = (table.text("url") or _local(where)).rstrip("/")
    made = [_sign_in(reader, name, each) for name, each in ways.sign_in.items()]
    client, secret = table.text("client_id"), table.secret("client_secret")
    if client:
        named = [one.issuer for one in issuers if one.issuer != url]
        if made or len(named) > 1:
            reader.findings.error(("console", "client_id"), "of the one issuer; for several write [sign_in.NAME]")
        elif named:
            made = [SignInSettings(name=ONLY, issuer=named[0], client_id=client, client_secret=secret)]
    return ConsoleSettings(
        listen=where,
        url=url,
        minting=table.secret("minting"),
        sign_ins=tuple(made),
        saml=tuple(_saml(reader, name, each) for name, each in ways.saml.items()),
        clients=table.names("clients") or frozenset(),
        auditors=table.names("auditors") or frozenset(),
        operators=table.names("operators") or frozenset(),
        result_readers=table.names("result_readers") or frozenset(),
    )


def _saml(reader: Reader, name: str, raw: object) -> SamlSettings:
    table = reader.table(schema.SAML, raw, ("saml", name))
    _slug(reader, "saml", name)
    return SamlSettings(
        name=name,
        issuer=Issuer(
            issuer=table.text("entity"),
            directory=table.text("directory"),
            audiences=frozenset(),
            groups_claim=table.text("groups_attribute", "groups"),
            groups=table.names("groups") or frozenset(),
            domains=table.names("domains") or frozenset(),
            person_claim=PERSON,
        ),
        url=table.text("url"),
        certificate=_certificate(reader, name, table.text("certificate")),
        person=table.text("person"),
        email=table.text("email"),
    )


def _certificate(reader: Reader, name: str, path: str) -> str:
    """Read the provider's certificate; it is public, so nobody but its writer matters."""
    place = (reader.folder / path) if path else None
    try:
        text = "" if place is None else file.configuration(place)
        key = x509.load_pem_x509_certificate(text.encode()).public_key()
    except (OSError, ValueError) as error:
        if place is not None:
            reader.findings.error(("saml", name, "certificate"), f"{place}: no PEM certificate: {type(error).__name__}")
        return ""
    if not isinstance(key, RSAPublicKey) or key.key_size not in RSA_BITS:
        message = f"its key is no RSA of {RSA_BITS.start} to {RSA_BITS.stop - 1} bits: nothing else is taken"
        reader.findings.error(("saml", name, "certificate"), message)
    return text


def _slug(reader: Reader, kind: str, name: str) -> None:
    if SLUG.fullmatch(name) is None:
        reader.findings.error((kind, name), "its name stands in addresses: small letters, digits, hyphens")


def _local(where: Listen) -> str:
    host = f"[{where.host}]" if ":" in where.host else where.host
    return f"http://{host}:{where.port}"


def _sign_in(reader: Reader, name: str, raw: object) -> SignInSettings:
    table = reader.table(schema.SIGN_IN, raw, ("sign_in", name))
    _slug(reader, "sign_in", name)
    return SignInSettings(
        name=name,
        issuer=table.text("issuer"),
        client_id=table.text("client_id"),
        client_secret=table.secret("client_secret"),
    )


def check(parts: Parts, found: Findings) -> None:
    """Hold the ways to sign in against the issuers."""
    console, issuers = parts.console, {one.issuer: one for one in parts.issuers}
    for way in console.sign_ins:
        if way.issuer not in issuers or way.issuer == console.url:
            found.error(("sign_in", way.name, "issuer"), "no [[identity]] has that issuer")
        elif console.minting is not None and issuers[way.issuer].directory != _directory(parts):
            found.error(("sign_in", way.name, "issuer"), "of another directory than what is minted")
    for one in console.saml:
        _asserted(one, parts, found)
    own = issuers.get(console.url)
    if console.minting is None:
        if PURPOSE in parts.keys.next:
            found.error(("keys", "next", PURPOSE), "takes the place of [console] minting: name both")
        return
    if own is None:
        found.error(("console", "minting"), f'an [[identity]] of issuer "{console.url}" says what is minted')
    else:
        _minted(own, parts.issuers.index(own), found)


def _asserted(one: SamlSettings, parts: Parts, found: Findings) -> None:
    """Who a provider names must be who another names: in a shared directory by an attribute that stands written."""
    path, directory = ("saml", one.name, "directory"), one.issuer.directory
    others = [each for each in parts.issuers if each.directory == directory and each.issuer != parts.console.url]
    if others and not one.person:
        found.error(("saml", one.name, "person"), f"issuers of {directory} share it: name the attribute")
    if parts.console.minting is not None and directory != _directory(parts):
        found.error(path, "another directory than what is minted")
    if not one.issuer.groups_claim or one.issuer.groups_claim.startswith("/") or one.issuer.groups_claim == PERSON:
        found.error(("saml", one.name, "groups_attribute"), "an attribute's name")


def _directory(parts: Parts) -> str | None:
    return next((one.directory for one in parts.issuers if one.issuer == parts.console.url), None)


def _minted(own: Issuer, number: int, found: Findings) -> None:
    """What the table of minted tokens must say: lists, so that a token is no wider than what somebody wrote."""
    wrong = {
        "clients": own.clients is not None or "list them: any client would get tokens",
        "groups": own.groups is not None or "list them: a token carries no group that is not listed",
        "groups_claim": not own.groups_claim.startswith("/") or "a name, not a path",
        "person_when": bool(own.person_when) or 'write what its tokens say of people: { kind = "person" }',
        "review_audiences": not own.review_audiences or "nobody reviews with a minted token",
        "lifetime": own.lifetime >= LIFETIME or "its tokens last 15 minutes",
        "algorithms": "EdDSA" in own.algorithms or "its tokens are signed by EdDSA",
    }
    for key, what in wrong.items():
        if isinstance(what, str):
            found.error(("identity", str(number), key), what)
