"""SAML answers: the one that was asked for signs somebody in, and whatever somebody made of it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
import xmlsec
from lxml import etree

from console.signing import envelope
from console.signing.saml import SamlSignIn
from core.errors import Unauthenticated
from core.identity.issuer import Issuer
from core.identity.signin import SignedIn
from core.model import Person
from core.stores.sqlite.store import SqliteStore
from tests.doubles import MemoryTickets
from tests.integration.saml_idp import ADDRESS, ENTITY, NS, Idp, Words, asked, assertion, packed, written
from tests.integration.signing import Ahead, site

OURS = "https://people.example/saml/corp"
IDP, OTHER = Idp(), Idp()
Attack = Callable[[etree._Element], etree._Element | bytes]
SAML, SAMLP, DS = (f"{{{NS[name]}}}" for name in ("saml", "samlp", "ds"))


def trusted(entity: str = ENTITY) -> Issuer:
    return Issuer(
        issuer=entity,
        directory="company",
        audiences=frozenset(),
        groups=frozenset({"support"}),
        domains=frozenset({"example.test"}),
    )


class Scene:
    """A sign-in under way."""

    def __init__(self, ours: str = OURS, **change: str) -> None:
        self.clock = Ahead()
        self.tickets = MemoryTickets(self.clock)
        self.way = self.another(ours, **change)
        address, self.cookie = self.way.begin()
        self.words = Words(place=f"{ours}/acs", ours=ours, request=asked(address))

    def another(self, ours: str = OURS, *, person: str = "", entity: str = ENTITY) -> SamlSignIn:
        return SamlSignIn(
            issuer=trusted(entity),
            address=ADDRESS,
            certificate=IDP.certificate,
            ours=ours,
            person=person,
            email="mail",
            tickets=self.tickets,
            clock=self.clock,
        )

    async def finish(self, root: etree._Element | bytes, cookie: str | None = None) -> SignedIn:
        return await self.way.finish(packed(root), self.cookie if cookie is None else cookie)

    async def refused(self, root: etree._Element | bytes, cookie: str | None = None) -> str:
        with pytest.raises(Unauthenticated) as error:
            await self.finish(root, cookie)
        return str(error.value)


async def test_the_answer_that_was_asked_for_signs_the_person_in() -> None:
    scene = Scene()
    who = await scene.finish(IDP.answer(scene.words))
    assert who.person == Person(directory="company", id="alice")
    assert (who.email, who.groups) == ("alice@example.test", frozenset({"support"}))


async def test_an_answer_signed_as_a_whole_as_well_is_taken() -> None:
    scene = Scene()
    root = IDP.answer(scene.words)
    IDP.sign(root)
    assert (await scene.finish(root)).person.id == "alice"


async def test_the_person_may_stand_in_an_attribute() -> None:
    scene = Scene(person="uid")
    words = replace(
        scene.words, attributes={"uid": ["u-1"]}, kind="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    )
    assert (await scene.finish(IDP.answer(words))).person.id == "u-1"


@pytest.mark.parametrize("values", [[], ["a", "b"], [""]])
async def test_an_attribute_that_names_nobody_or_two_names_nobody(values: list[str]) -> None:
    scene = Scene(person="uid")
    words = replace(scene.words, attributes={"uid": values} if values else {})
    await scene.refused(IDP.answer(words))


WRONG: Mapping[str, Mapping[str, object]] = {
    "another audience": {"audience": "https://other.example/saml"},
    "another recipient": {"recipient": f"{OURS}/other"},
    "a recipient that begins like ours": {"recipient": f"{OURS}/acs/more"},
    "another destination": {"destination": f"{OURS}/acs/more"},
    "another request": {"request": "_5f-" + "0" * 40},
    "another request confirmed": {"answers": "_5f-" + "0" * 40},
    "another provider": {"entity": "https://evil.example"},
    "expired": {"lasts": timedelta(minutes=-1)},
    "expired a moment more than clocks may differ": {"lasts": timedelta(seconds=-31)},
    "of a time to come": {"begins": timedelta(seconds=40)},
    "a sign-in to come": {"signed_in": timedelta(seconds=-40)},
    "a sign-in from before it was asked": {"signed_in": timedelta(seconds=40)},
    "a provider that says no": {"status": "urn:oasis:names:tc:SAML:2.0:status:Responder"},
    "a sign-in of yesterday": {"signed_in": timedelta(days=1)},
    "a name for this once": {"kind": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"},
    "nobody": {"subject": ""},
}


NEAR: Mapping[str, Mapping[str, object]] = {
    "of a clock that is ahead": {"begins": timedelta(seconds=20), "signed_in": timedelta(seconds=-20)},
    "of a clock that is behind": {"signed_in": timedelta(seconds=20)},
}


@pytest.mark.parametrize("case", NEAR)
async def test_clocks_may_differ_by_half_a_minute(case: str) -> None:
    scene = Scene()
    assert (await scene.finish(IDP.answer(replace(scene.words, **NEAR[case])))).person.id == "alice"  # type: ignore[arg-type]


async def test_an_answer_that_names_its_prefixes_is_read_as_well() -> None:
    """As Shibboleth and Okta write theirs: what is signed is the same element, with more of its names in the open."""
    scene = Scene()
    root = IDP.build(scene.words)
    IDP.sign(assertion(root), prefixes="xs xsi")
    assert (await scene.finish(root)).person.id == "alice"


@pytest.mark.parametrize("case", WRONG)
async def test_an_answer_to_something_else_signs_nobody_in(case: str) -> None:
    scene = Scene()
    await scene.refused(IDP.answer(replace(scene.words, **WRONG[case])))  # type: ignore[arg-type]


async def test_an_answer_without_a_request_or_to_another_browsers_signs_nobody_in() -> None:
    scene = Scene()
    root = IDP.answer(scene.words)
    _, foreign = scene.way.begin()
    for cookie in ("", "_", "_x-" + "0" * 40, foreign):
        await scene.refused(root, cookie)
    for unasked in (root, assertion(root)[2][1][0]):
        unasked.attrib.pop("InResponseTo")
    await scene.refused(root)


async def test_an_answer_serves_once_at_whichever_process() -> None:
    scene = Scene()
    root = IDP.answer(scene.words)
    await scene.finish(root)
    scene.way = scene.another()
    assert await scene.refused(root) == "saml: this answer came before"


async def test_one_assertion_in_two_answers_serves_once() -> None:
    """The request is another one, and the answer around the assertion is unsigned; the assertion is the same."""
    scene = Scene()
    root = IDP.answer(scene.words)
    await scene.finish(root)
    _, scene.cookie = scene.way.begin()
    root.set("InResponseTo", scene.cookie)
    await scene.refused(root)


async def test_a_request_waits_five_minutes_for_its_answer() -> None:
    scene = Scene()
    scene.clock.by += timedelta(minutes=5)
    assert await scene.refused(IDP.answer(scene.words)) == "saml: it took too long"


# ---------------------------------------------------------------- what somebody makes of a true answer


def forged(root: etree._Element) -> etree._Element:
    """Copy the assertion, about somebody else, without its signature."""
    evil = deepcopy(assertion(root))
    evil.set("ID", "_evil")
    evil.remove(evil.find(f"{DS}Signature"))
    name = evil.find(f"{SAML}Subject/{SAML}NameID")
    assert name is not None
    name.text = "admin"
    return evil


def tampered(root: etree._Element) -> etree._Element:
    name = assertion(root).find(f"{SAML}Subject/{SAML}NameID")
    assert name is not None
    name.text = "admin"
    return root


def attribute(root: etree._Element) -> etree._Element:
    for value in root.iter(f"{SAML}AttributeValue"):
        value.text = "dba"
    return root


def unsigned(root: etree._Element) -> etree._Element:
    true = assertion(root)
    true.remove(true.find(f"{DS}Signature"))
    return root


def signed_answer_alone(root: etree._Element) -> etree._Element:
    """Signed around an assertion that is not."""
    unsigned(root)
    IDP.sign(root)
    return root


def other_key(root: etree._Element) -> etree._Element:
    unsigned(root)
    OTHER.sign(assertion(root))
    return root


def sha1(root: etree._Element) -> etree._Element:
    unsigned(root)
    IDP.sign(assertion(root), method=xmlsec.Transform.RSA_SHA1, digest=xmlsec.Transform.SHA1)
    return root


def sha1_digest(root: etree._Element) -> etree._Element:
    unsigned(root)
    IDP.sign(assertion(root), digest=xmlsec.Transform.SHA1)
    return root


def hmac(root: etree._Element) -> etree._Element:
    """Say that the signature is keyed by a secret: with the public certificate as one, it would hold."""
    for method in root.iter(f"{DS}SignatureMethod"):
        method.set("Algorithm", "http://www.w3.org/2000/09/xmldsig#hmac-sha1")
    return root


def commented(root: etree._Element) -> bytes:
    """CVE-2017-11427: canonical XML drops comments, and some readers take the text before one."""
    return written(root).replace(b">alice<", b">alice<!---->.evil<")


def cdata(root: etree._Element) -> bytes:
    return written(root).replace(b">alice<", b"><![CDATA[alice]]><")


def instructed(root: etree._Element) -> bytes:
    return written(root).replace(b">alice<", b">alice<?x y?><")


def doctype(root: etree._Element) -> bytes:
    return b"<!DOCTYPE r>" + written(root)


def external(root: etree._Element) -> bytes:
    dtd = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return dtd + written(root).replace(b">alice<", b">&x;<")


def laughs(root: etree._Element) -> bytes:
    dtd = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    return dtd + written(root).replace(b">alice<", b">&c;<")


def sixteen(root: etree._Element) -> bytes:
    """A DTD in an encoding in which nobody finds it by its bytes."""
    return ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r>' + written(root).decode()).encode("utf-16")


def two(root: etree._Element) -> etree._Element:
    root.append(forged(root))
    return root


def two_before(root: etree._Element) -> etree._Element:
    root.insert(2, forged(root))
    return root


def encrypted(root: etree._Element) -> etree._Element:
    true = assertion(root)
    hidden = etree.SubElement(root, f"{SAML}EncryptedAssertion")
    hidden.append(true)
    return root


def encrypted_beside(root: etree._Element) -> etree._Element:
    etree.SubElement(root, f"{SAML}EncryptedAssertion")
    return root


# Signature wrapping, by the numbers of Somorovsky et al. 2012 and of SAML Raider


def xsw1(root: etree._Element) -> etree._Element:
    """The signed answer stands inside its own signature, around it a forged one."""
    unsigned(root)
    IDP.sign(root)
    true = deepcopy(root)
    signature = root.find(f"{DS}Signature")
    assert signature is not None
    inner = true.find(f"{DS}Signature")
    assert inner is not None
    true.remove(inner)
    etree.SubElement(signature, f"{DS}Object").append(true)
    root.set("ID", "_evil")
    return tampered(root)


def xsw2(root: etree._Element) -> etree._Element:
    """The signature is detached, the signed answer beside it."""
    unsigned(root)
    IDP.sign(root)
    true = deepcopy(root)
    inner = true.find(f"{DS}Signature")
    assert inner is not None
    true.remove(inner)
    root.insert(1, true)
    root.set("ID", "_evil")
    return tampered(root)


def xsw3(root: etree._Element) -> etree._Element:
    """A forged assertion before the signed one."""
    return two_before(root)


def xsw4(root: etree._Element) -> etree._Element:
    """A forged assertion around the signed one."""
    true, evil = assertion(root), forged(root)
    root.replace(true, evil)
    evil.append(true)
    return root


def xsw5(root: etree._Element) -> etree._Element:
    """A forged assertion carries the signature; the signed one stands at the end."""
    true, evil = assertion(root), forged(root)
    signature = true.find(f"{DS}Signature")
    assert signature is not None
    root.replace(true, evil)
    evil.insert(1, signature)
    root.append(true)
    return root


def xsw6(root: etree._Element) -> etree._Element:
    """A forged assertion carries the signature, in it the signed one."""
    true, evil = assertion(root), forged(root)
    signature = true.find(f"{DS}Signature")
    assert signature is not None
    root.replace(true, evil)
    evil.insert(1, signature)
    signature.append(true)
    return root


def xsw7(root: etree._Element) -> etree._Element:
    """A forged assertion in an extension, where a schema lets anything stand."""
    evil = forged(root)
    extensions = etree.Element(f"{SAMLP}Extensions")
    extensions.append(evil)
    root.insert(1, extensions)
    return root


def xsw8(root: etree._Element) -> etree._Element:
    """A forged assertion carries the signature, and in its object the signed one."""
    true, evil = assertion(root), forged(root)
    signature = true.find(f"{DS}Signature")
    assert signature is not None
    root.replace(true, evil)
    evil.insert(1, signature)
    etree.SubElement(signature, f"{DS}Object").append(true)
    return root


def same_id(root: etree._Element) -> etree._Element:
    """A forged assertion of the signed one's id."""
    evil = forged(root)
    evil.set("ID", str(assertion(root).get("ID")))
    root.append(evil)
    return root


def other_id(root: etree._Element) -> etree._Element:
    """The answer has the signed assertion's id, by an attribute that another parser takes for one."""
    root.set("Id", str(assertion(root).get("ID")))
    return root


def whole_document(root: etree._Element) -> etree._Element:
    """The signature is about the whole document: an empty reference."""
    for reference in root.iter(f"{DS}Reference"):
        reference.set("URI", "")
    return root


def transformed(root: etree._Element) -> etree._Element:
    """A transform picks what is signed."""
    for transform in root.iter(f"{DS}Transform"):
        transform.set("Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116")
    return root


def prefixed(root: etree._Element) -> etree._Element:
    """What names prefixes holds an assertion."""
    true, evil = assertion(root), forged(root)
    for transform in root.iter(f"{DS}Transform"):
        etree.SubElement(transform, envelope.PREFIXES).append(deepcopy(true))
    root.replace(true, evil)
    return root


def advised(root: etree._Element) -> etree._Element:
    """A forged assertion as advice in the signed one's place."""
    true, evil = assertion(root), forged(root)
    root.replace(true, evil)
    etree.SubElement(evil, f"{SAML}Advice").append(true)
    return root


def texted(root: etree._Element) -> etree._Element:
    assertion(root).tail = "admin"
    return root


def deep(root: etree._Element) -> bytes:
    return b"<a>" * 50_000 + b"</a>" * 50_000


def large(root: etree._Element) -> bytes:
    return written(root) + b" " * 200_000


ATTACKS: tuple[Attack, ...] = (
    *(tampered, attribute, unsigned, signed_answer_alone, other_key, sha1, sha1_digest, hmac),
    *(commented, cdata, instructed, doctype, external, laughs, sixteen),
    *(two, two_before, encrypted, encrypted_beside),
    *(
        xsw1,
        xsw2,
        xsw3,
        xsw4,
        xsw5,
        xsw6,
        xsw7,
        xsw8,
        same_id,
        other_id,
        whole_document,
        transformed,
        prefixed,
        advised,
    ),
    *(texted, deep, large),
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
async def test_what_somebody_made_of_a_true_answer_signs_nobody_in(attack: Attack) -> None:
    scene = Scene()
    await scene.refused(attack(IDP.answer(scene.words)))
    assert not scene.tickets._rows


@pytest.mark.parametrize(
    "attack", [xsw1, xsw2, xsw3, xsw4, xsw5, xsw6, xsw7, xsw8, commented, two], ids=lambda one: one.__name__
)
def test_the_form_alone_refuses_it_before_any_signature_is_looked_at(attack: Attack) -> None:
    scene = Scene()
    made = attack(IDP.answer(scene.words))
    words = scene.words
    terms = envelope.Terms(
        entity=ENTITY, ours=OURS, place=words.place, request=words.request, begun=words.now, now=words.now
    )
    with pytest.raises(Unauthenticated):
        envelope.read(envelope.unpacked(packed(made)), terms)


async def test_two_readings_that_differ_are_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    true = scene.way._second.read

    def other(xml: bytes, request: str) -> tuple[str, str, Mapping[str, tuple[str, ...]]]:
        said, _, attributes = true(xml, request)
        return said, "admin", attributes

    monkeypatch.setattr(scene.way._second, "read", other)
    assert await scene.refused(IDP.answer(scene.words)) == "saml: two readings of one answer"


@pytest.mark.parametrize("response", ["", "!", "AAAA", "PGE+", "PGE+PC9hPg=="])
async def test_what_is_no_answer_is_refused(response: str) -> None:
    scene = Scene()
    with pytest.raises(Unauthenticated):
        await scene.way.finish(response, scene.cookie)


# ---------------------------------------------------------------- at the door


async def test_a_providers_page_posts_the_answer_and_the_person_is_signed_in(tmp_path: Path) -> None:
    def ways(url: str, store: SqliteStore, clock: Ahead) -> Mapping[str, SamlSignIn]:
        return {
            "corp": SamlSignIn(
                issuer=trusted(),
                address=ADDRESS,
                certificate=IDP.certificate,
                ours=f"{url}/saml/corp",
                person="",
                email="mail",
                tickets=store.tickets,
                clock=clock,
            )
        }

    async with site(tmp_path, providers={}, saml=ways) as at:
        ours = f"{at.url}/saml/corp"
        foreign = {"origin": "https://idp.example", "sec-fetch-site": "cross-site"}
        async with httpx2.AsyncClient(base_url=at.url, trust_env=False, follow_redirects=True) as browser:
            asking = await browser.get("/saml/corp/login", follow_redirects=False)
            words = Words(place=f"{ours}/acs", ours=ours, request=asked(asking.headers["location"]))
            form = {"SAMLResponse": packed(IDP.answer(words)), "RelayState": "https://evil.example/"}
            page = await browser.post("/saml/corp/acs", data=form, headers=foreign)
            assert str(page.url) == f"{at.url}/sign-in"
            assert "company:alice" in page.text
            assert (await browser.post("/saml/corp/acs", data=form, headers=foreign)).status_code == 400
            assert (await browser.post("/sign-out", data={}, headers=foreign)).status_code == 403
