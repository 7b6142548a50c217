"""An ID token answers one sign-in, at one client, of one issuer; nothing else is one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import Unauthenticated
from core.identity.issuer import Issuer
from core.identity.keys import JwksKeys
from core.identity.signin import IdTokens, SignedIn
from core.model import Person
from demo.issuer import Mint
from demo.signer import Claim
from tests.identities import DOOR, REVIEW, Network, Still, trust

CLOCK = Still()
MINT = Mint("http://127.0.0.1:1", clock=CLOCK)
CLIENT, NONCE = "assent-people", "the-nonce"


async def read(text: str, issuer: Issuer | None = None) -> SignedIn:
    tokens = IdTokens(JwksKeys(Network(MINT), CLOCK), CLOCK)
    asked = issuer or trust(MINT)
    return await tokens.read(text, asked, client=CLIENT, nonce=NONCE, begun=CLOCK.now() - timedelta(minutes=1))


def minted(audience: str | list[str] = CLIENT, *, typ: str = "JWT", **change: Claim) -> str:
    said: dict[str, Claim] = {
        "oid": "ana",
        "nonce": NONCE,
        "auth_time": CLOCK.seconds(),
        "email": "ana@demo.example",
        "email_verified": True,
    }
    return MINT.issue("s", ["analysts", "evil"], audience, said | change, header={"typ": typ})


async def test_who_signed_in_is_known_by_what_the_issuer_may_say() -> None:
    who = await read(minted())
    assert who.person == Person(directory="demo", id="ana")
    assert who.groups == {"analysts"}
    assert who.at == CLOCK.now()


async def test_several_audiences_are_taken_where_we_are_the_authorised_party() -> None:
    assert (await read(minted([CLIENT, "other"], azp=CLIENT))).person.id == "ana"


WRONG = {
    "another client's": minted("other"),
    "several audiences and no party": minted([CLIENT, "other"]),
    "another party": minted(azp="other"),
    "another sign-in's": minted(nonce="other"),
    "no sign-in's": minted(nonce=None),
    "of an earlier sign-in": minted(auth_time=CLOCK.seconds(ago=120)),
    "of no time": minted(auth_time=None),
    "of a time to come": minted(auth_time=CLOCK.seconds(ago=-120)),
    "expired": minted(exp=CLOCK.seconds(ago=60), iat=CLOCK.seconds(ago=120)),
    "nobody's": minted(oid=None),
    "an access token": minted(scope="assent:read"),
    "for the agents' door as well": minted([CLIENT, DOOR], azp=CLIENT),
    "for reviewers as well": minted([CLIENT, REVIEW], azp=CLIENT),
    "an access token by its type of Keycloak": minted(typ="JWT") and MINT.issue("s", [], CLIENT, {"typ": "Bearer"}),
    "a logout token": minted(events={}),
    "bound to a key": minted(cnf={}),
    "with a claim of nobody's list": minted(unheard=1),
}


@pytest.mark.parametrize("case", WRONG)
async def test_what_answers_something_else_signs_nobody_in(case: str) -> None:
    with pytest.raises(Unauthenticated):
        await read(WRONG[case])


async def test_a_token_of_another_issuer_than_was_asked_signs_nobody_in() -> None:
    other = Mint("http://127.0.0.1:2", clock=CLOCK)
    with pytest.raises(Unauthenticated, match="not the issuer that was asked"):
        await read(minted(), trust(other))
