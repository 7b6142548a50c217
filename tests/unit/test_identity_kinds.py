"""Who asks, in every kind of token that the field uses: people through agents, ID-JAG's tokens, workloads, machines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import Unauthenticated
from core.identity.issuer import Agent, Issuer
from core.model import Caller, Kind, Person
from demo.issuer import Mint
from demo.signer import Claim
from tests.identities import DOOR, Network, Still, trust, verifier

CLOCK = Still()
MINT = Mint("https://idp.example", clock=CLOCK)
CLUSTER = Mint("https://kubernetes.default.svc", directory="cluster", clock=CLOCK)
GITHUB = Mint("https://token.actions.githubusercontent.com", directory="ci", clock=CLOCK)
ALICE = Person(directory="demo", id="alice")
POD = "system:serviceaccount:reports:nightly"
MAIN = "repo:acme/reports:ref:refs/heads/main"


def workloads(mint: Mint, *clients: str) -> Issuer:
    return replace(
        trust(mint, groups=()),
        person_when={},
        review_audiences=frozenset(),
        client_claim="sub",
        clients=frozenset(clients),
        scopes=frozenset({"assent:read"}),
    )


ISSUERS = (trust(MINT), workloads(CLUSTER, POD), workloads(GITHUB, MAIN))
AGENTS = tuple(Agent(client=client, owner=ALICE) for client in (f"cluster:{POD}", f"ci:{MAIN}", "demo:nightly"))


async def caller(token: str) -> Caller:
    return await verifier(Network(MINT, CLUSTER, GITHUB), CLOCK, *ISSUERS, agents=AGENTS).caller(token)


def pod(**change: Claim) -> str:
    """The shape of a projected service account token (kubernetes.io, "Managing Service Accounts")."""
    said: dict[str, Claim] = {
        "kubernetes.io": {
            "namespace": "reports",
            "pod": {"name": "nightly-x", "uid": "u"},
            "serviceaccount": {"name": "nightly", "uid": "u"},
        },
        "nbf": CLOCK.seconds(),
        "groups": None,
    }
    subject = str(change.pop("sub", POD))
    return CLUSTER.issue(subject, [], [DOOR], said | change, lifetime=timedelta(minutes=10), header={"typ": None})


def job(**change: Claim) -> str:
    """The shape of a GitHub Actions OIDC token (docs.github.com, "OpenID Connect reference")."""
    said: dict[str, Claim] = {
        "repository": "acme/reports",
        "repository_owner": "acme",
        "ref": "refs/heads/main",
        "actor": "alice",
        "workflow": "nightly",
        "event_name": "schedule",
        "runner_environment": "github-hosted",
        "groups": None,
    }
    subject = str(change.pop("sub", MAIN))
    return GITHUB.issue(subject, [], DOOR, said | change, lifetime=timedelta(minutes=5), header={"typ": "JWT"})


async def test_a_workload_is_named_by_its_issuers_rules_and_by_no_other_claim() -> None:
    for token, client in ((pod(), f"cluster:{POD}"), (job(), f"ci:{MAIN}")):
        who = await caller(token)
        assert (who.kind, who.client, who.owner) == (Kind.MACHINE, client, ALICE)
        assert (who.person, who.groups, who.scopes) == (None, frozenset(), frozenset({"assent:read"}))
    spoken = await caller(pod(azp="demo:nightly", client_id="nightly"))
    assert spoken.client == f"cluster:{POD}"


@pytest.mark.parametrize(
    "token",
    [
        pod(sub="system:serviceaccount:other:nightly"),
        job(sub="repo:acme/reports:pull_request"),
        job(sub="repo:evil/reports:ref:refs/heads/main"),
        job(sub=MAIN.upper()),
        job(aud="https://other.example"),
    ],
)
async def test_a_workload_that_no_list_names_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        await caller(token)


async def test_a_workload_is_nobody_whatever_it_says_of_itself() -> None:
    who = await caller(pod(idtyp="user", oid="alice", email="alice@demo.example", email_verified=True, groups=["dba"]))
    assert (who.kind, who.person, who.groups) == (Kind.MACHINE, None, frozenset())


async def test_a_token_that_came_of_an_id_jag_names_person_client_and_actor() -> None:
    """What an authorization server gives for the assertion (RFC 7523): an access token of its own."""
    token = MINT.person("alice", ["analysts"], DOOR, client="claude", act={"sub": "the-agent"})
    who = await caller(token)
    assert (who.kind, who.person, who.client, who.actor) == (Kind.PERSON, ALICE, "demo:claude", "the-agent")


async def test_the_assertion_itself_is_no_token() -> None:
    for typ in ("oauth-id-jag+jwt", "OAuth-ID-JAG+JWT", "application/oauth-id-jag+jwt"):
        token = MINT.issue("alice", [], DOOR, {"client_id": "claude", "oid": "alice"}, header={"typ": typ})
        with pytest.raises(Unauthenticated, match="typ"):
            await caller(token)


async def test_a_machine_with_its_own_credentials_has_the_owner_that_somebody_wrote() -> None:
    assert (await caller(MINT.machine("nightly", ["agents"], DOOR))).owner == ALICE
    assert (await caller(MINT.machine("unknown", ["agents"], DOOR))).owner is None
