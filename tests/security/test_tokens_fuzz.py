"""Whatever a token holds, signed or not, ends in a Caller or in a refusal that names a rule."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import final

from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InsufficientScope, StaleSignIn, Unauthenticated
from core.identity.claims import CLAIMS, text
from core.identity.issuer import Issuer
from core.identity.jwk import Key, keyset
from core.identity.token import HEADER
from core.identity.verifier import Verifier
from core.model import Caller, Kind
from demo.issuer import Mint
from demo.signer import Claim, forge, sign
from tests.identities import CONSOLE, DOOR, REVIEW, Still, trust

CLOCK = Still()
MINT = Mint("http://127.0.0.1:1", clock=CLOCK)
SIGNER = MINT.signers[1]
NOW = CLOCK.seconds()
KEYS = keyset(MINT.jwks())


@final
class Published:
    """The issuer's keys, without a network."""

    async def key(self, issuer: Issuer, kid: str) -> Key | None:
        assert issuer.issuer == MINT.url
        return KEYS.get(kid)


VERIFIER = Verifier([trust(MINT)], [], Published(), CLOCK, clients=CONSOLE)

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values: st.SearchStrategy[Claim] = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
near = st.sampled_from([NOW - 31, NOW, NOW + 60, NOW + 3_601, DOOR, REVIEW, "analysts", "user", "assent-cli", True, ""])
names = st.sampled_from([*CLAIMS, "groups", "oid"]) | st.text(max_size=12)
usual: dict[str, Claim] = {"iss": MINT.url, "sub": "x", "aud": DOOR, "iat": NOW - 10, "exp": NOW + 60, "idtyp": "user"}


def caller(token: str) -> Caller | None:
    try:
        return asyncio.run(VERIFIER.caller(token))
    except Unauthenticated as error:
        said = str(error)
    assert said.split(" ", maxsplit=1)[0] in {"token:", "claim", "header", "header:", "signature:"}
    assert said.isprintable()
    return None


@given(changed=st.dictionaries(names, near | values, max_size=4))
@settings(max_examples=300, deadline=None)
def test_a_signed_token_of_any_content_is_a_caller_or_refused(changed: dict[str, Claim]) -> None:
    found = caller(sign(SIGNER, usual | changed, {"typ": "JWT"}))
    if found is not None:
        assert found.groups <= {"analysts", "Domain Admins"}
        assert text(found.subject)
        assert (found.kind is Kind.PERSON) == (found.person is not None)
        assert REVIEW not in str(changed.get("aud"))


@given(changed=st.dictionaries(names, near | values, max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_reviewers_token_of_any_content_is_a_person_or_refused(changed: dict[str, Claim]) -> None:
    reviewers: dict[str, Claim] = {"aud": REVIEW, "scope": "assent:review", "client_id": "assent-cli"}
    with suppress(Unauthenticated, StaleSignIn, InsufficientScope):
        token = sign(SIGNER, usual | reviewers | {"auth_time": NOW, "oid": "rita"} | changed, {"typ": "JWT"})
        who = asyncio.run(VERIFIER.reviewer(token, scope="assent:review"))
        assert who.person.directory == "demo"
        assert who.via == "console:assent-cli"


@given(changed=st.dictionaries(st.sampled_from([*HEADER]) | st.text(max_size=8), near | values, max_size=3))
@settings(max_examples=150, deadline=None)
def test_a_header_of_any_content_is_refused_or_harmless(changed: dict[str, Claim]) -> None:
    caller(forge(sign(SIGNER, usual, {"typ": "JWT"}), header=changed))


@given(token=st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{2,40}\.[A-Za-z0-9_-]{2,40}\.[A-Za-z0-9_-]{2,40}"))
@settings(max_examples=300, deadline=None)
def test_any_text_is_refused(token: str) -> None:
    assert caller(token) is None
