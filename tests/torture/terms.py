"""The policy of a crowd: who may decide what, with grants, an emergency, and a group that another follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from core.model import Caps, Identity, Person, Seat
from core.policy.rules import Conditions, Effects, Glass, Rule, Terms, Then
from tests.policies import rule
from tests.torture.life import ASKING, QUICK


def slack(name: str) -> Identity:
    """Somebody who clicks."""
    return Identity(
        person=Person(directory="acme", id=name), name=name, email=f"{name}@acme.example", via=f"slack:T:U{name}"
    )


VOTERS: Final = tuple(map(slack, ("d", "e", "f")))
BREAKERS: Final = tuple(map(slack, ("b", "c")))  # who may answer alone what the night's watch is asked
NIGHT: Final = slack("n")
SLEEPER: Final = slack("z")  # who is asked first, and never answers
CAPS: Final = Caps(uses=4, rows=3, total=8, time=timedelta(minutes=20))
SOON: Final = timedelta(seconds=6)  # how long a question waits that others than who is asked may answer in the end


def asks(name: str, seat: Seat, **effects: object) -> Rule:
    """Ask one group about one table of this name."""
    stated = Effects(reviewers=frozenset({seat}), timeout=QUICK.timeout, **effects)  # type: ignore[arg-type]
    return rule(name, Then.ASK, when=Conditions(tables=frozenset({f"public.{name}"})), effects=stated)


def two(one: Rule) -> Rule:
    """Let whatever asks anybody ask two people."""
    seats = frozenset({Seat(group="dba", count=2)}) if one.effects.reviewers else frozenset[Seat]()
    return replace(one, effects=replace(one.effects, reviewers=seats))


GROUPS: Final = {
    "dba": frozenset(who.listed for who in VOTERS),
    "night": frozenset({NIGHT.listed}),
    "late": frozenset({SLEEPER.listed}),
}
GLASS: Final = Glass(members=frozenset(who.listed for who in BREAKERS), ways=frozenset({"slack"}))


def terms(late: timedelta = SOON) -> Terms:
    """Word the policy; `late`: how long what a group is asked waits that another follows."""
    return Terms(rules=rules(late), groups=GROUPS, following={"late": "dba"}, glass=GLASS)


def rules(late: timedelta) -> tuple[Rule, ...]:
    """Word its rules."""
    return (
        *(two(one) for one in ASKING if one.name != "updates"),  # it gives no grant, and so there would be none
        asks(
            "granted",
            Seat(group="dba", count=2),
            affected_rows=10,
            grant_rows=CAPS.rows,
            grant_total=CAPS.total,
            grant_uses=CAPS.uses,
            grant_time=CAPS.time,
        ),
        asks("broken", Seat(group="night", count=1)),
        asks("late", Seat(group="late", count=1), expires=late),
    )
