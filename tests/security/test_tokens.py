"""Forged, borrowed and malformed tokens: each is refused at the rule that names it, at both doors."""

from __future__ import annotations

import json
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import PyJWS
from jwt.algorithms import HMACAlgorithm

from core.errors import (
    IdentityUnavailable,
    InsufficientScope,
    StaleSignIn,
    TokenRefused,
    Unauthenticated,
    UnsafeStart,
)
from core.identity.claims import CLAIMS, Need
from core.identity.issuer import Agent
from core.identity.keys import JwksKeys
from core.identity.token import HEADER, TOKEN_BYTES, Part
from core.identity.verifier import Verifier
from core.model import Kind, Person
from core.ports import PeopleScope
from demo.issuer import Mint
from demo.signer import Claim, Signer, forge, sign
from tests.identities import CONSOLE, DOOR, REVIEW, Network, Still, owner, trust, verifier

CLOCK = Still()
MINT = Mint("http://127.0.0.1:1", clock=CLOCK)
THIEF = Signer.make("RS256", kid=MINT.signers[0].kid)
NOW = CLOCK.seconds()


@pytest.fixture
def network() -> Network:
    return Network(MINT)


@pytest.fixture
def door(network: Network) -> Verifier:
    return verifier(network, CLOCK, trust(MINT), agents=[owner("nightly")])


ANA: Mapping[str, Claim] = {
    "idtyp": "user",
    "oid": "ana",
    "client_id": "claude",
    "email": "ana@demo.example",
    "email_verified": True,
}


def ana(**claims: Claim) -> str:
    return MINT.issue("claude-ana", ["analysts"], DOOR, dict(ANA) | claims)


def reviewer(audience: str | list[str] = REVIEW, client: str = "assent-cli", **claims: Claim) -> str:
    usual: dict[str, Claim] = {
        "scope": "assent:review assent:audit",
        "auth_time": NOW - 60,
        "exp": NOW + 300,
    }
    return MINT.person("rita", ["analysts"], audience, client=client, **usual | claims)


async def refused(door: Verifier, token: str | None) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await door.caller(token)
    said = str(caught.value)
    assert not token or token[:40] not in said
    return said


# ---------------------------------------------------------------- what passes


async def test_a_persons_token_names_the_person_and_no_more_groups_than_its_issuer_may(door: Verifier) -> None:
    caller = await door.caller(MINT.person("ana", ["analysts", "root"], DOOR, client="claude"))
    assert caller.kind is Kind.PERSON
    assert caller.person == Person(directory="demo", id="ana")
    assert caller.groups == {"analysts"}
    assert (caller.client, caller.email, caller.subject) == ("claude", "ana@demo.example", "claude-ana")
    assert caller.scopes == {"assent:read", "assent:write"}
    assert caller.owner is None


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "application/at+jwt", None])
async def test_the_types_of_access_tokens_pass(door: Verifier, typ: str | None) -> None:
    await door.caller(MINT.mint("x", [], DOOR, header={"typ": typ}))


async def test_an_elliptic_key_passes_too(door: Verifier) -> None:
    await door.caller(MINT.mint("x", [], DOOR, algorithm="ES256"))


@pytest.mark.parametrize("name", sorted(name for name, rule in CLAIMS.items() if rule.need is Need.IGNORED))
async def test_an_ignored_claim_changes_nothing(door: Verifier, name: str) -> None:
    if name not in {"groups", "email", "email_verified", "oid", "idtyp"}:
        assert (await door.caller(ana(**{name: "whatever"}))).groups == {"analysts"}


REGISTERED = tomllib.loads((Path(__file__).parent / "claims.toml").read_text())
ROWS = [(name, need) for need, sources in REGISTERED.items() for names in sources.values() for name in names]


@pytest.mark.parametrize(("name", "need"), ROWS)
def test_each_registered_claim_is_what_the_standards_say(name: str, need: str) -> None:
    assert CLAIMS[name].need.value == need


def test_whatever_is_required_checked_or_refused_is_said_to_be() -> None:
    said = {name for name, _ in ROWS}
    assert {name for name, rule in CLAIMS.items() if rule.need is not Need.IGNORED} <= said
    assert len(said) == len(ROWS)


async def test_a_second_within_the_leeway_passes_and_one_beyond_it_does_not(door: Verifier) -> None:
    await door.caller(ana(exp=NOW - 29, iat=NOW - 100))
    assert await refused(door, ana(exp=NOW - 31, iat=NOW - 100)) == "claim exp: expired, or no time"
    await door.caller(ana(iat=NOW + 29, exp=NOW + 100))
    assert "iat" in await refused(door, ana(iat=NOW + 31, exp=NOW + 100))


# ---------------------------------------------------------------- each row of the claim table, wrong

WRONG: Mapping[str, tuple[Claim, ...]] = {
    "iss": ("http://127.0.0.1:1/", "HTTP://127.0.0.1:1", "http://127.0.0.1:2", 7, ["http://127.0.0.1:1"], ""),
    "sub": ("", 7, ["ana"], "a" * 257, "ana\u202e", "ana\n", True),
    "aud": ("", "https://assent.example", [], 7, {DOOR: 1}, [DOOR, 7], [DOOR, REVIEW], DOOR.upper(), [[DOOR]]),
    "exp": (NOW - 31, "9999999999", True, 0, -1, 1e300, [NOW + 60], NOW + 3601),
    "iat": (NOW + 31, "1", True, 0, [1], {"a": 1}),
    "nbf": (NOW + 31, "1", True, 0),
    "auth_time": (NOW + 31, "1", True),
    "acr": (7, ["x"], ""),
    "jti": (7, "", "x" * 257),
    "client_id": (7, "", ["claude"], "another"),
    "azp": (7, "", "another"),
    "appid": (7, "", "another"),
    "cid": (7, "", "another"),
    "scope": (7, {"assent:read": True}, ["assent:read", 7]),
    "scp": (7, {"assent:read": True}, ["assent:read", 7]),
    "act": ("agent", ["agent"], {"sub": 7}, {"sub": ""}),
    "token_use": ("id", 7),
    "typ": ("ID", "Refresh", "Logout", 7),
}
CASES = [(name, value) for name, values in WRONG.items() for value in values]


def test_every_row_that_checks_has_a_wrong_value_here() -> None:
    assert set(WRONG) == {name for name, rule in CLAIMS.items() if rule.need in {Need.REQUIRED, Need.CHECKED}}


@pytest.mark.parametrize(("name", "value"), CASES, ids=[f"{name}-{value!s:.30}" for name, value in CASES])
async def test_a_wrong_value_is_refused_by_the_name_of_its_claim(door: Verifier, name: str, value: Claim) -> None:
    said = await refused(door, ana(**{"client_id": "claude", "azp": "claude"} | {name: value}))
    names = {name, "client_id"} if name in {"azp", "appid", "cid"} else {name, "exp"} if name == "iat" else {name}
    assert any(said.startswith(f"claim {each}:") for each in names), said


@pytest.mark.parametrize("name", sorted(name for name, rule in CLAIMS.items() if rule.need is Need.REQUIRED))
async def test_a_required_claim_that_is_missing_is_refused(door: Verifier, name: str) -> None:
    said = await refused(door, ana(**{name: None}))
    assert said == ("claim iss: not a configured issuer" if name == "iss" else f"claim {name}: missing")


@pytest.mark.parametrize("name", sorted(name for name, rule in CLAIMS.items() if rule.need is Need.REFUSED))
@pytest.mark.parametrize("value", ["x", False])
async def test_a_refused_claim_is_refused_whatever_it_says(door: Verifier, name: str, value: Claim) -> None:
    assert await refused(door, ana(**{name: value})) == f"claim {name}: refused"


async def test_what_is_refused_is_of_the_issuer_that_the_token_names_if_it_is_one_of_ours(door: Verifier) -> None:
    ours, foreign = trust(MINT).issuer, Mint("http://127.0.0.1:2", clock=CLOCK)
    tokens = (
        ana(exp=NOW - 60),
        ana(cnf="x"),
        sign(THIEF, {"iss": trust(MINT).issuer}, {"typ": "JWT"}),
        "garbage",
        foreign.person("ana", [], DOOR, client="claude"),
    )
    named = []
    for token in tokens:
        with pytest.raises(Unauthenticated) as caught:
            await door.caller(token)
        named.append(caught.value.issuer)
    assert named == [ours, ours, ours, "", ""]
    for reviewing in (reviewer(auth_time=NOW - 301), reviewer(scope="assent:audit"), reviewer(client="claude")):
        with pytest.raises(TokenRefused) as refused:
            await door.reviewer(reviewing, scope="assent:review")
        assert refused.value.issuer == ours


async def test_a_claim_that_is_in_no_list_is_refused_until_the_configuration_names_it(network: Network) -> None:
    closed = verifier(network, CLOCK, trust(MINT))
    assert (await refused(closed, ana(acme_restricted=True))).startswith("claim acme_restricted: in no list")
    assert "unprintable" in await refused(closed, ana(**{"x\nforged log line": 1}))
    named = verifier(network, CLOCK, replace(trust(MINT), ignored=frozenset({"acme_restricted", "cnf"})))
    await named.caller(ana(acme_restricted=True))
    assert await refused(named, ana(cnf={"jkt": "x"})) == "claim cnf: refused"


async def test_a_ten_year_token_is_refused_even_on_its_first_day(door: Verifier) -> None:
    assert await refused(door, ana(exp=NOW + 315_360_000)) == "claim exp: longer after iat than this issuer may give"


async def test_a_name_that_stands_twice_is_refused(door: Verifier) -> None:
    twice = json.dumps({"iss": MINT.url, "sub": "x"})[:-1] + ', "sub": "root"}'
    signer = MINT.signers[0]
    token = PyJWS().encode(twice.encode(), signer.private, algorithm="RS256", headers={"kid": signer.kid})
    assert await refused(door, token) == "token: claims are no JSON object"


# ---------------------------------------------------------------- groups, e-mail, persons

GROUPS: Mapping[str, tuple[Claim, frozenset[str]]] = {
    "list": (["analysts", "other"], frozenset({"analysts"})),
    "string": ("analysts", frozenset({"analysts"})),
    "listed string with a space": ("Domain Admins", frozenset({"Domain Admins"})),
    "absent": (None, frozenset()),
    "empty": ([], frozenset()),
    "empty string": ("", frozenset()),
}


@pytest.mark.parametrize("form", GROUPS)
async def test_groups_come_as_a_list_or_a_string(door: Verifier, form: str) -> None:
    said, read = GROUPS[form]
    assert (await door.caller(ana(groups=said))).groups == read


@pytest.mark.parametrize(
    "said",
    [7, {"analysts": 1}, ["analysts", 7], [["analysts"]], [""], ["x" * 257], "analysts,contractors", "analysts root"],
)
async def test_a_form_that_could_hide_a_group_is_refused(door: Verifier, said: Claim) -> None:
    assert (await refused(door, ana(groups=said))).startswith("claim groups:")


async def test_ten_thousand_groups_are_refused_not_cut(door: Verifier) -> None:
    assert (await refused(door, ana(groups=[f"g{number}" for number in range(10_000)]))) == "token: too large"
    assert (await refused(door, ana(groups=[f"g{number}" for number in range(513)]))).startswith("claim groups:")


async def test_groups_are_found_by_a_path(network: Network) -> None:
    keycloak = replace(trust(MINT), groups_claim="/realm_access/roles")
    door = verifier(network, CLOCK, keycloak)
    assert (await door.caller(ana(realm_access={"roles": ["analysts"]}))).groups == {"analysts"}
    assert (await door.caller(ana(realm_access="none"))).groups == frozenset()
    assert (await door.caller(ana())).groups == frozenset()


@pytest.mark.parametrize(
    "about",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email": "ana@evil.example"},
        {"email": "ana@demo.example.evil.example"},
        {"email": "ana@evil.example@demo.example"},
        {"email": "an\u00e4@demo.example"},
        {"email": "ana@DEMO.exam\u017fle"},
        {"email": ["ana@demo.example"]},
        {"email": None},
        {"email": "ana@demo.example\n"},
        {"email": "a" * 250 + "@demo.example"},
    ],
)
async def test_an_email_counts_only_verified_and_of_the_issuers_domains(
    door: Verifier, about: Mapping[str, Claim]
) -> None:
    assert (await door.caller(ana(**about))).email is None


async def test_an_email_is_read_in_lower_case(door: Verifier) -> None:
    assert (await door.caller(ana(email="Ana@Demo.Example"))).email == "ana@demo.example"


MACHINES: Mapping[str, Mapping[str, Claim]] = {
    "Entra app-only": {"sub": "0f9e", "oid": "0f9e", "idtyp": "app", "azp": "nightly", "azpacr": "1", "roles": ["r"]},
    "Auth0": {"sub": "nightly@clients", "azp": "nightly", "gty": "client-credentials"},
    "Keycloak service account": {
        "sub": "5b1c",
        "azp": "nightly",
        "preferred_username": "service-account-nightly",
        "typ": "Bearer",
        "clientHost": "10.0.0.1",
    },
    "RFC 9068": {"sub": "nightly", "client_id": "nightly"},
    "oddly typed": {"sub": "x", "client_id": "nightly", "idtyp": ["user"], "oid": "ana"},
}


@pytest.mark.parametrize("shape", MACHINES)
async def test_what_no_claim_proves_a_person_is_a_machine_with_its_configured_owner(door: Verifier, shape: str) -> None:
    caller = await door.caller(MINT.issue("x", [], DOOR, MACHINES[shape]))
    assert (caller.kind, caller.person) == (Kind.MACHINE, None)
    assert caller.owner == Person(directory="demo", id="bob")


async def test_a_machine_without_an_agent_table_has_no_owner(door: Verifier) -> None:
    caller = await door.caller(MINT.machine("stranger", [], DOOR))
    assert (caller.kind, caller.owner) == (Kind.MACHINE, None)


async def test_where_no_test_is_configured_nobody_is_a_person(network: Network) -> None:
    door = verifier(network, CLOCK, replace(trust(MINT), person_when={}))
    assert (await door.caller(ana())).kind is Kind.MACHINE


async def test_true_is_not_one(network: Network) -> None:
    door = verifier(network, CLOCK, replace(trust(MINT), person_when={"human": True}))
    assert (await door.caller(ana(human=1))).kind is Kind.MACHINE
    assert (await door.caller(ana(human=True))).kind is Kind.PERSON


@pytest.mark.parametrize("oid", [None, "", 7, ["ana"]])
async def test_a_persons_token_that_names_nobody_is_refused(door: Verifier, oid: Claim) -> None:
    assert (await refused(door, ana(oid=oid))).startswith("claim person_claim:")


async def test_a_client_outside_the_issuers_list_is_refused(network: Network) -> None:
    door = verifier(network, CLOCK, replace(trust(MINT), clients=frozenset({"claude"})))
    await door.caller(ana())
    assert "not a client" in await refused(door, MINT.machine("stranger", [], DOOR))
    assert "not a client" in await refused(door, MINT.mint("x", [], DOOR))


# ---------------------------------------------------------------- headers and signatures


@pytest.mark.parametrize("name", sorted(name for name, part in HEADER.items() if part is Part.REFUSED))
async def test_a_refused_header_member_is_refused(door: Verifier, name: str) -> None:
    value: Claim = ["b64"] if name == "crit" else "JWT"
    assert await refused(door, forge(ana(), header={name: value})) == f"header {name}: refused"


@pytest.mark.parametrize("name", sorted(name for name, part in HEADER.items() if part is Part.IGNORED))
async def test_an_ignored_header_member_is_never_fetched(door: Verifier, network: Network, name: str) -> None:
    await door.caller(MINT.mint("x", [], DOOR, header={name: "https://evil.example/keys"}))
    assert all(url.startswith(MINT.url) for url in network.asked)


async def test_an_unknown_header_member_is_refused(door: Verifier) -> None:
    assert await refused(door, MINT.mint("x", [], DOOR, header={"ppt": "shaken"})) == (
        "header: a member that is in no list"
    )


@pytest.mark.parametrize("typ", ["oauth-id-jag+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "ID", 7, ["JWT"], ""])
async def test_another_type_of_jwt_is_refused(door: Verifier, typ: Claim) -> None:
    assert await refused(door, forge(ana(), header={"typ": typ})) == "header typ: not an access token"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS256", "HS512", "RS256 ", "rs256", "", None, 7, ["RS256"]])
async def test_an_algorithm_that_is_in_no_list_is_refused(door: Verifier, alg: Claim) -> None:
    assert await refused(door, forge(ana(), header={"alg": alg})) == "header alg: not allowed for this issuer"


async def test_no_configuration_lets_a_shared_secret_in(network: Network) -> None:
    with pytest.raises(UnsafeStart):
        verifier(network, CLOCK, replace(trust(MINT), algorithms=frozenset({"RS256", "HS256"})))


async def test_an_unsigned_token_is_refused(door: Verifier) -> None:
    header, claims, _ = forge(ana(), header={"alg": "none"}).split(".")
    assert "three parts" in await refused(door, f"{header}.{claims}.")
    assert "three parts" in await refused(door, f"{header}.{claims}")


async def test_the_public_key_is_no_shared_secret(door: Verifier) -> None:
    signer = MINT.signers[0]
    pem = signer.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    jwk = json.dumps(signer.jwk()).encode()
    for secret in (pem, jwk):
        head = forge(ana(), header={"alg": "HS256"}).rsplit(".", 1)[0]
        seal = HMACAlgorithm(HMACAlgorithm.SHA256).sign(head.encode(), secret)
        forged = forge(ana(), header={"alg": "HS256"}, signature=seal)
        assert await refused(door, forged) == "header alg: not allowed for this issuer"


async def test_a_foreign_key_under_our_kid_is_refused(door: Verifier) -> None:
    claims: dict[str, Claim] = {"iss": MINT.url, "sub": "x", "aud": DOOR, "iat": NOW, "exp": NOW + 60}
    assert await refused(door, sign(THIEF, claims, {"typ": "JWT"})) == "signature: does not hold"


async def test_a_key_that_the_token_brings_proves_nothing(door: Verifier, network: Network) -> None:
    claims: dict[str, Claim] = {"iss": MINT.url, "sub": "x", "aud": DOOR, "iat": NOW, "exp": NOW + 60}
    public = {name: str(value) for name, value in THIEF.jwk().items()}
    for header in ({"jwk": public}, {"jku": "https://evil.example/jwks"}, {"x5u": "https://evil.example/x5u"}):
        assert await refused(door, sign(THIEF, claims, {"typ": "JWT", **header})) == "signature: does not hold"
    assert all(url.startswith(MINT.url) for url in network.asked)


async def test_a_key_verifies_only_the_algorithm_it_is_for(network: Network) -> None:
    wide = replace(trust(MINT), algorithms=frozenset({"RS256", "PS256", "ES256", "RS512"}))
    door = verifier(network, CLOCK, wide)
    for alg in ("ES256", "PS256", "RS512"):
        assert await refused(door, forge(ana(), header={"alg": alg})) == "header alg: not the key's"


@pytest.mark.parametrize("kid", [None, "", 7, ["x"]])
async def test_a_token_without_a_kid_is_refused(door: Verifier, kid: Claim) -> None:
    token = forge(ana(), header={"kid": kid}) if kid is not None else MINT.mint("x", [], DOOR, header={"kid": None})
    assert await refused(door, token) == ("header kid: missing" if kid is None else "header kid: not a name")


async def test_a_changed_claim_breaks_the_signature(door: Verifier) -> None:
    header, _, seal = ana().split(".")
    _, claims, _ = ana(groups=["root"]).split(".")
    assert await refused(door, f"{header}.{claims}.{seal}") == "signature: does not hold"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "x",
        "a.b.c",
        "....",
        "Bearer abc",
        "\ud800",
        "\x00.\x00.\x00",
        "e30.e30.e30",
        "bnVsbA.bnVsbA.bnVsbA",
        "W10.W10.W10",
        "TmFO.TmFO.TmFO",
        "_____.____.____",
        "eyJ" + "W" * 12_000 + ".e30.e30",
        "a" * (TOKEN_BYTES + 1),
    ],
)
async def test_garbage_is_refused(door: Verifier, text: str | None) -> None:
    assert await refused(door, text)


async def test_deep_json_is_refused_without_a_crash(door: Verifier) -> None:
    deep = forge(ana(), header={}).split(".")
    nested = urlsafe_b64encode(b"[" * 9_000).rstrip(b"=").decode()
    assert await refused(door, f"{nested}.{deep[1]}.{deep[2]}") == "token: header are no JSON object"


async def test_what_verified_is_remembered_without_its_text_and_not_past_its_end(network: Network) -> None:
    clock = Still()
    mint = Mint("http://127.0.0.1:1", clock=clock)
    network = Network(mint)
    door = verifier(network, clock, trust(mint))
    token = mint.person("ana", [], DOOR, client="claude", exp=clock.seconds() + 60)
    first = await door.caller(token)
    assert (await door.caller(token)) is first
    assert token not in repr(vars(door))
    clock.wait(timedelta(seconds=91))
    assert (await refused(door, token)).startswith("claim exp:")


async def test_the_oldest_is_forgotten_first(network: Network) -> None:
    door = Verifier([trust(MINT)], [], JwksKeys(network, CLOCK), CLOCK, remember=2)
    tokens = [ana(sub=f"s{number}") for number in range(3)]
    first, second, _ = [await door.caller(token) for token in tokens]
    assert (await door.caller(tokens[1])) is second
    assert (await door.caller(tokens[0])) is not first


async def test_a_withdrawn_key_ends_remembered_tokens_within_minutes() -> None:
    clock = Still()
    mint = Mint("http://127.0.0.1:1", clock=clock)
    door = verifier(Network(mint), clock, trust(mint))
    token = mint.person("ana", [], DOOR, client="claude")
    await door.caller(token)
    mint.rotate()
    clock.wait(timedelta(minutes=11))
    assert await refused(door, token) == "header kid: not a key of this issuer"


# ---------------------------------------------------------------- the two doors


@pytest.mark.parametrize("audience", [[REVIEW], [DOOR, REVIEW], [REVIEW, DOOR]])
async def test_a_reviewers_audience_anywhere_is_refused_at_the_agents_door(door: Verifier, audience: list[str]) -> None:
    assert (await refused(door, reviewer(audience))).startswith("claim aud:")


async def reviewing(door: Verifier, token: str | None, scope: PeopleScope = "assent:review") -> str:
    with pytest.raises(Unauthenticated) as caught:
        await door.reviewer(token, scope=scope)
    return str(caught.value)


async def test_a_reviewers_token_names_the_person_and_the_way(door: Verifier) -> None:
    who = await door.reviewer(reviewer(), scope="assent:review")
    assert who.person == Person(directory="demo", id="rita")
    assert (who.email, who.via) == ("rita@demo.example", "console:assent-cli")


@pytest.mark.parametrize("audience", [[DOOR], [DOOR, REVIEW], [REVIEW, DOOR]])
async def test_an_agents_audience_anywhere_is_refused_at_the_reviewers_door(
    door: Verifier, audience: list[str]
) -> None:
    assert (await reviewing(door, reviewer(audience))).startswith("claim aud:")


async def test_only_the_consoles_clients_bring_reviewers(door: Verifier) -> None:
    assert await reviewing(door, reviewer(client="claude")) == "claim client_id: not a client of the console"
    assert await reviewing(door, reviewer(client_id=None)) == "claim client_id: not a client of the console"


async def test_a_machine_is_no_reviewer(door: Verifier) -> None:
    assert await reviewing(door, reviewer(idtyp="app")) == "claim person_when: not a person"


async def test_a_reviewers_token_lives_ten_minutes_at_most(door: Verifier) -> None:
    assert (await reviewing(door, reviewer(exp=NOW + 601))).startswith("claim exp: longer")


async def test_each_scope_is_its_own(door: Verifier) -> None:
    for scope in ("assent:read assent:write", "assent:audit", "assent:operate", "", None):
        with pytest.raises(InsufficientScope):
            await door.reviewer(reviewer(scope=scope), scope="assent:review")
    with pytest.raises(InsufficientScope):
        await door.reviewer(reviewer(), scope="assent:operate")


@pytest.mark.parametrize("scope", ["assent:review", "assent:operate"])
@pytest.mark.parametrize("auth_time", [None, NOW - 301, NOW - 86_400])
async def test_a_persons_act_wants_a_fresh_sign_in(door: Verifier, scope: PeopleScope, auth_time: int | None) -> None:
    with pytest.raises(StaleSignIn):
        await door.reviewer(reviewer(scope=scope, auth_time=auth_time), scope=scope)
    await door.reviewer(reviewer(auth_time=NOW - 300), scope="assent:review")
    await door.reviewer(reviewer(auth_time=auth_time), scope="assent:audit")


async def test_a_sign_in_of_the_wrong_strength_is_refused(network: Network) -> None:
    door = verifier(network, CLOCK, replace(trust(MINT), acr=frozenset({"phr"})))
    for acr in (None, "pwd"):
        with pytest.raises(StaleSignIn):
            await door.reviewer(reviewer(acr=acr), scope="assent:review")
    await door.reviewer(reviewer(acr="phr"), scope="assent:review")


# ---------------------------------------------------------------- several issuers


async def test_one_person_by_two_issuers_of_one_directory_is_one_person() -> None:
    other = Mint("http://127.0.0.1:2", clock=CLOCK)
    door = verifier(Network(MINT, other), CLOCK, trust(MINT), trust(other))
    first = await door.caller(ana())
    second = await door.caller(other.person("ana", [], DOOR, client="cursor"))
    assert first.subject != second.subject
    assert first.person == second.person


@pytest.mark.parametrize("close", ["/", "/.", "#", "?", " "])
async def test_an_issuer_that_is_close_to_a_configured_one_is_none(door: Verifier, close: str) -> None:
    assert await refused(door, ana(iss=MINT.url + close)) == "claim iss: not a configured issuer"


async def test_a_hostile_second_issuer_gains_nothing() -> None:
    evil = Mint("http://127.0.0.1:6", directory="evil", clock=CLOCK)
    theirs = replace(trust(evil, groups=None), domains=frozenset({"evil.example"}))
    agents = [Agent(client="demo:nightly", owner=Person(directory="demo", id="bob"))]
    door = verifier(Network(MINT, evil), CLOCK, trust(MINT), theirs, agents=agents)
    ours = await door.caller(ana())
    claimed = await door.caller(
        evil.person("ana", ["analysts", "demo:analysts"], DOOR, client="claude", email="ana@demo.example")
    )
    assert claimed.person != ours.person
    assert claimed.email is None
    assert not claimed.groups & ours.groups
    assert claimed.client != ours.client
    assert (await door.caller(MINT.machine("nightly", [], DOOR))).owner == Person(directory="demo", id="bob")
    assert (await door.caller(evil.machine("nightly", [], DOOR))).owner is None
    assert (await door.caller(evil.machine("demo:nightly", [], DOOR))).owner is None
    # under our issuer's name, with its own key
    assert await refused(door, evil.mint("ana", [], DOOR, iss=MINT.url)) == "header kid: not a key of this issuer"


async def test_tables_that_contradict_each_other_refuse_to_start(network: Network) -> None:
    table = trust(MINT)
    for issuers in (
        [table, table],
        [replace(table, review_audiences=frozenset({DOOR}))],
        [table, replace(trust(Mint("http://127.0.0.1:3")), review_audiences=frozenset({DOOR}))],
        [replace(table, directory="a:b")],
        [replace(table, directory="")],
        [replace(table, algorithms=frozenset())],
        [replace(table, clients=frozenset({DOOR}))],
        [replace(table, review_audiences=CONSOLE)],
    ):
        with pytest.raises(UnsafeStart):
            verifier(network, CLOCK, *issuers)
    with pytest.raises(UnsafeStart):
        verifier(network, CLOCK, table, agents=[owner("x"), owner("x")])
    evil = trust(Mint("http://127.0.0.1:6", directory="evil"))
    with pytest.raises(UnsafeStart):
        verifier(network, CLOCK, table, evil, agents=[owner("bare")])


async def test_an_issuer_that_is_away_is_unavailable_and_not_a_wrong_token(network: Network, door: Verifier) -> None:
    network.down = True
    with pytest.raises(IdentityUnavailable):
        await door.caller(ana())
