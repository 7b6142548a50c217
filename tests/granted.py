"""A line where updates are asked and a grant may be given with them; statements are alike but for their last word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from core.model import Caps, Decision, Digest, Grant, Identity, Likeness, Person, Review, Seat, Verb, Waiting
from core.policy.force import enact
from core.policy.rules import Effects, Rule, Terms, Then
from core.ports import Ballot, Said
from tests.line import DORA, Line, line
from tests.policies import rule

CAPS = Caps(uses=3, rows=5, total=8, time=timedelta(minutes=20))
EVE = Identity(person=Person(directory="acme", id="eve"), name="eve", email="e@acme.example", via="terminal")
GIVING = Effects(
    reviewers=frozenset({Seat(group="dba", count=1)}),
    affected_rows=10,
    grant_rows=5,
    grant_total=8,
    grant_uses=3,
    grant_time=CAPS.time,
)
UPDATES = rule("updates", Then.ASK, Verb.UPDATE, effects=GIVING)
READS = rule("reads", Then.ASK, Verb.READ, effects=GIVING)
TWO_DBA = replace(GIVING, reviewers=frozenset({Seat(group="dba", count=2)}))
GROUPS = {"dba": frozenset({"acme:dora", "acme:eve"})}


def shape(text: str) -> Likeness:
    """All but the last word."""
    return Likeness(shape=Digest(text.rpartition(" ")[0].ljust(64, "0")), chosen=True, opened=(("integer",),))


def room(*rules: Rule, groups: dict[str, frozenset[str]] | None = None) -> Line:
    """A line under these rules; without any, updates and reads are asked and may be granted."""
    made = line()
    made.source.alike = shape
    ruled(made, *rules, groups=groups)
    return made


def ruled(one: Line, *rules: Rule, groups: dict[str, frozenset[str]] | None = None) -> None:
    """Put rules in force."""
    one.judge.replace(enact(Terms(rules=rules or (UPDATES, READS), groups=groups or GROUPS)))


async def asked(one: Line, text: str = "update x 1") -> Review:
    """Ask, and find the Review."""
    waiting = await one.ask(text)
    assert isinstance(waiting, Waiting), waiting
    assert waiting.review is not None
    row = await one.store.reviews.review(waiting.review)
    assert row is not None
    return row


async def choose(one: Line, row: Review, caps: Caps | None = CAPS, who: Identity = DORA) -> Said:
    """Approve, and choose a grant."""
    ballot = Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE, grant=caps)
    return await one.desk.vote(who, ballot)


async def given(one: Line, text: str = "update x 1", caps: Caps = CAPS, by: Sequence[Identity] = (DORA,)) -> Grant:
    """Ask, approve with a grant, run what was asked."""
    row = await asked(one, text)
    for who in by:
        await choose(one, row, caps, who)
    await one.sweep()
    return await the(one)


async def the(one: Line) -> Grant:
    """The only grant that nobody ended."""
    (found,) = await one.store.grants.standing(one.clock.now())
    return found
