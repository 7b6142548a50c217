"""Callers, readings and rules in few words, for the tests of the policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.custody.ruling import Ruling
from core.model import (
    Call,
    Caller,
    CallId,
    Dialect,
    Digest,
    Door,
    Fact,
    Kind,
    Pair,
    Person,
    Reading,
    Seat,
    Source,
    Thing,
    Tool,
    Verb,
    Verdict,
)
from core.policy.decide import decide
from core.policy.force import Policy, enact
from core.policy.judge import InForce
from core.policy.rules import Conditions, Effects, Rule, Terms, Then
from core.ports import Standing

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)  # a Monday
SHOP = Source(name="shop", dialect=Dialect.POSTGRES, tags={}, enforced=True)
WAREHOUSE = Source(name="warehouse", dialect=Dialect.BIGQUERY, tags={}, enforced=False)
ANNA = Person(directory="acme", id="anna")
ONE_DBA = Effects(reviewers=frozenset({Seat(group="dba", count=1)}))
TWO = Effects(reviewers=frozenset({Seat(group="dba", count=1), Seat(group="security", count=1)}))
READ, INSERT, UPDATE, DELETE = Verb.READ, Verb.INSERT, Verb.UPDATE, Verb.DELETE


def person(*groups: str, client: str = "claude", email: str | None = "anna@acme.example") -> Caller:
    """Make a person's Caller."""
    return Caller(
        issuer="https://login.example.com",
        subject="s-anna",
        client=client,
        kind=Kind.PERSON,
        person=ANNA,
        owner=None,
        email=email,
        groups=frozenset(groups or {"analysts"}),
        scopes=frozenset({"assent:read", "assent:write"}),
        authenticated_at=NOON,
        expires_at=NOON + timedelta(hours=1),
    )


def machine(*groups: str, client: str = "nightly", owner: Person | None = ANNA) -> Caller:
    """Make a machine's Caller."""
    return Caller(
        issuer="https://login.example.com",
        subject=client,
        client=client,
        kind=Kind.MACHINE,
        person=None,
        owner=owner,
        email=None,
        groups=frozenset(groups),
        scopes=frozenset({"assent:read"}),
        authenticated_at=None,
        expires_at=NOON + timedelta(hours=1),
    )


def pair(name: str, verb: Verb = READ, kind: str = "table") -> Pair:
    """Make a Pair."""
    return Pair(thing=Thing(kind=kind, name=name), verb=verb)


def reading(
    *pairs: Pair, facts: frozenset[Fact] = frozenset(), tags: dict[str, frozenset[str]] | None = None
) -> Reading:
    """Make a witnessed Reading."""
    return Reading(
        dialect=Dialect.POSTGRES,
        statement="SELECT 1",
        text="SELECT 1",
        pairs=frozenset(pairs),
        facts=facts,
        tags=tags or {},
        tree=Digest("0" * 64),
        witnessed=True,
    )


def rule(
    name: str,
    then: Then,
    *verbs: Verb,
    when: Conditions | None = None,
    unless: Conditions | None = None,
    effects: Effects | None = None,
) -> Rule:
    """Make a rule over verbs; one that asks asks a DBA."""
    stated = when or Conditions(verbs=frozenset(verbs) if verbs else None)
    brings = effects or (ONE_DBA if then is Then.ASK else Effects())
    return Rule(name=name, then=then, when=stated, unless=unless or Conditions(), effects=brings)


def policy(*rules: Rule, owners: dict[str, str] | None = None) -> Policy:
    """Put rules in force."""
    groups = {"dba": frozenset({"d@acme.example"}), "security": frozenset({"s@acme.example"})}
    return enact(Terms(rules=rules, groups=groups, owners=owners or {}))


def decided(
    rules: Policy, asked: Reading, caller: Caller | None = None, tool: Tool = Tool.EXECUTE, affected: int | None = None
) -> Verdict:
    """Decide for Anna at noon."""
    return decide(rules, caller or person(), SHOP, asked, tool=tool, now=NOON, affected=affected)


def call(**changed: object) -> Call:
    """Make a Call whose words are the Reading's."""
    words: dict[str, object] = {"statement": "SELECT 1", "parameters": (), "source": "shop"} | changed
    return Call(
        id=CallId("call_a"),
        door=Door("mcp-http"),
        tool=Tool.EXECUTE,
        received_at=NOON,
        **words,  # type: ignore[arg-type]
    )


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOON


async def silent(_: str) -> None:
    """Tell nobody."""


def unruled(standing: Standing) -> Ruling:
    """Give a Ruling over an empty policy, for benches that do other things."""
    empty = enact(Terms())
    return Ruling(standing=standing, policies=InForce(empty, Still()), read=lambda: (empty.version, empty.text))
