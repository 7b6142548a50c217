"""Sign-in by SAML 2.0, for providers that speak nothing else: our own request, and an answer that two witnesses read.

Provider-initiated answers, encrypted assertions and further assertions are refused.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Final, final
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import quoteattr

from console.signing.envelope import Envelope, Terms, read, unpacked
from console.signing.second import Second
from core.errors import Unauthenticated
from core.identity.issuer import Issuer
from core.identity.signin import SignedIn, signed
from core.ports import Clock, TicketKind, Tickets

ID: Final = re.compile(r"_([0-9a-f]{8})-[0-9a-f]{40}", re.ASCII)  # when it was made, and what nobody guesses
ANSWER: Final = timedelta(minutes=5)  # how long a request waits for its answer


@final
class SamlSignIn:
    """One provider's sign-in."""

    def __init__(
        self,
        *,
        issuer: Issuer,
        address: str,
        certificate: str,
        ours: str,
        person: str,
        email: str,
        tickets: Tickets,
        clock: Clock,
    ) -> None:
        """`issuer` says what it may assert, by attributes' names; `person` and `email` name attributes, or are ""."""
        self._issuer = issuer
        self._address = address
        self._ours = ours
        self._person = person
        self._email = email
        self._tickets = tickets
        self._clock = clock
        self._second = Second(entity=issuer.issuer, address=address, certificate=certificate, ours=ours)

    @property
    def place(self) -> str:
        """Return where answers come."""
        return f"{self._ours}/acs"

    def begin(self) -> tuple[str, str]:
        """Ask for a fresh sign-in (HTTP-Redirect, SAML 2.0 Bindings 3.4); the id is all that a browser keeps."""
        now = self._clock.now()
        named = f"_{int(now.timestamp()):x}-{token_hex(20)}"
        request = (
            '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
            ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ForceAuthn="true"'
            ' ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"'
            f' ID="{named}" IssueInstant="{now:%Y-%m-%dT%H:%M:%SZ}" Destination={quoteattr(self._address)}'
            f" AssertionConsumerServiceURL={quoteattr(self.place)}>"
            f"<saml:Issuer>{self._ours}</saml:Issuer></samlp:AuthnRequest>"
        )
        packed = b64encode(zlib.compress(request.encode(), wbits=-15)).decode()
        mark = "&" if urlsplit(self._address).query else "?"
        return f"{self._address}{mark}{urlencode({'SAMLRequest': packed})}", named

    async def finish(self, response: str, cookie: str) -> SignedIn:
        """Take the provider's answer in the browser that asked; two witnesses must read the same in it.

        Raises: Unauthenticated, AuditUnavailable.
        """
        begun, now = _begun(cookie), self._clock.now()
        if not timedelta(0) <= now - begun + timedelta(seconds=1) < ANSWER:
            raise Unauthenticated("saml: it took too long")
        terms = Terms(
            entity=self._issuer.issuer, ours=self._ours, place=self.place, request=cookie, begun=begun, now=now
        )
        xml = unpacked(response)
        said = await asyncio.to_thread(self._witnessed, xml, terms)
        await self._once(f"request {cookie}", now + 2 * ANSWER)
        await self._once(f"assertion {said.assertion}", max(said.ends, now) + ANSWER)
        return signed(self._claims(said), self._issuer, said.at)

    def _witnessed(self, xml: bytes, terms: Terms) -> Envelope:
        said = read(xml, terms)
        if self._second.read(xml, terms.request) != (said.assertion, said.name, said.attributes):
            raise Unauthenticated("saml: two readings of one answer")
        return said

    async def _once(self, name: str, ends: datetime) -> None:
        if not await self._tickets.put(TicketKind.ANSWERED, f"{self._issuer.issuer} {name}", "", ends):
            raise Unauthenticated("saml: this answer came before")

    def _claims(self, said: Envelope) -> Mapping[str, object]:
        """Give words under the names that the issuer's table reads."""
        found: dict[str, object] = {}
        if self._issuer.groups_claim in said.attributes:
            found[self._issuer.groups_claim] = list(said.attributes[self._issuer.groups_claim])
        if self._email:
            found |= {"email": _one(said, self._email), "email_verified": True}
        if self._person:
            return {**found, self._issuer.person_claim: _one(said, self._person)}
        if not said.persistent:
            raise Unauthenticated("saml: a name that is not persistent names nobody")
        return {**found, self._issuer.person_claim: said.name}


def _one(said: Envelope, name: str) -> str | None:
    values = said.attributes.get(name, ())
    return values[0] if len(values) == 1 else None


def _begun(cookie: str) -> datetime:
    """Read from a request's id when it was made.

    Raises: Unauthenticated, for what is no id of ours.
    """
    found = ID.fullmatch(cookie)
    if found is None:
        raise Unauthenticated("saml: this browser asked nothing")
    return datetime.fromtimestamp(int(found[1], 16), UTC)
