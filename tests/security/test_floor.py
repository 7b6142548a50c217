"""What no rule can lift, from the agent's text to the refusal, under the mildest rules that can be written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from cli.check.jsonl import Line
from cli.check.readers import alone
from core.model import Dialect, Fact, Reading, Refuse, Seat, Unreadable, Verb
from core.policy.closed import DEFINABLE, TWO_PEOPLE
from core.policy.force import Policy, enact
from core.policy.rules import Conditions, Effects, Rule, Terms, Then
from tests.policies import decided

LISTED: Final = (Path(__file__).parent / "postgres_floor.txt").read_text("utf-8").splitlines()
MANY: Final = Effects(reviewers=frozenset({Seat(group="dba", count=20), Seat(group="security", count=20)}))


def mildest(*, people: Effects = MANY) -> Policy:
    """Allow whatever can be allowed, and ask about all of it by its name."""
    named = Conditions(verbs=frozenset(Verb), tables=frozenset({"*"}))
    asks = Rule(name="ask", then=Then.ASK, when=named, effects=people)
    return enact(Terms(rules=(Rule(name="allow", then=Then.ALLOW), asks)))


async def read(text: str) -> Reading | Unreadable:
    return await alone(Dialect.POSTGRES)(Line(id=None, sql=text))


@pytest.mark.parametrize("text", LISTED)
async def test_no_rule_lifts_what_is_always_refused(text: str) -> None:
    found = await read(text)
    if isinstance(found, Unreadable):
        return  # refused before any rule is looked at
    verdict = decided(mildest(), found)
    assert isinstance(verdict, Refuse), verdict
    assert verdict.code == "never_allowed"


ASKS = (
    "CREATE TABLE public.t (id int)",
    "ALTER TABLE public.orders ADD COLUMN note text",
    "DROP TABLE public.orders",
    "GRANT SELECT ON public.orders TO bob",
    "CALL public.close_day()",
    "REFRESH MATERIALIZED VIEW public.m",
    "TRUNCATE public.orders",
)


@pytest.mark.parametrize("text", ASKS)
async def test_what_people_decide_at_least_is_never_allowed(text: str) -> None:
    found = await read(text)
    assert isinstance(found, Reading)
    rules = enact(Terms(rules=(Rule(name="allow", then=Then.ALLOW, when=Conditions(verbs=frozenset(Verb))),)))
    assert isinstance(decided(rules, found), Refuse)


CODE = (
    "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE PROCEDURE public.p() LANGUAGE sql AS 'SELECT 1'",
    "ALTER FUNCTION public.f() SECURITY DEFINER",
    "CREATE TRIGGER t AFTER INSERT ON public.orders EXECUTE FUNCTION public.f()",
    "CREATE RULE r AS ON INSERT TO public.orders DO NOTHING",
    "CREATE POLICY p ON public.orders USING (true)",
    "ALTER POLICY p ON public.orders USING (true)",
)


@pytest.mark.parametrize("text", CODE)
async def test_code_that_runs_later_as_someone_else_is_asked_of_two_people_at_least(text: str) -> None:
    found = await read(text)
    assert isinstance(found, Reading)
    one = mildest(people=Effects(reviewers=frozenset({Seat(group="dba", count=1)})))
    verdict = decided(one, found)
    assert isinstance(verdict, Refuse)
    assert Fact.REPLACES_CODE in found.facts or any(pair.thing.kind in TWO_PEOPLE for pair in found.pairs)
    assert not isinstance(decided(mildest(), found), Refuse)


def test_the_lists_name_no_kind_twice_and_nothing_of_superusers() -> None:
    assert not DEFINABLE & TWO_PEOPLE
    assert not (DEFINABLE | TWO_PEOPLE) & {"role", "database", "extension", "language", "server", "tablespace", "cast"}
