"""What a refused Caller may do instead: one sentence from the rules that do hold for them."""

from __future__ import annotations

from itertools import islice
from typing import Final

from core.model import Verb
from core.policy.conditions.index import Prepared
from core.policy.conditions.situation import Situation
from core.policy.force import Policy
from core.policy.rules import Then

SHOWN: Final = 3  # rules, and tables of each: a sentence, not a list of the policy
# Conditions that depend on the statement and not on who asks: another statement may meet them.
OF_STATEMENT: Final = frozenset({"facts", "affected_over", "bytes_over", "price_over"})
NOTHING: Final = "Nothing is open to this caller on this source; an operator can add a rule."


def advice(policy: Policy, asked: Situation) -> str:
    """Say what is open; rules for others are not mentioned."""
    open_rules = (one for one in policy.index.prepared if one.rule.then is not Then.REFUSE and _open(one, asked))
    phrases = [_phrase(one) for one in islice(open_rules, SHOWN)]
    return f"Open to this caller: {'; '.join(phrases)}." if phrases else NOTHING


def _open(one: Prepared, asked: Situation) -> bool:
    if asked.machine and not one.names(asked):
        return False
    wanted = all(holds(asked) for name, holds in one.wanted if name not in OF_STATEMENT)
    return wanted and not any(holds(asked) for name, holds in one.unwanted if name not in OF_STATEMENT)


def _phrase(one: Prepared) -> str:
    verbs = ", ".join(verb.value for verb in Verb if verb in one.verbs and verb is not Verb.CONTROL)
    tables = sorted(one.rule.when.tables or ())
    more = ", …" if len(tables) > SHOWN else ""
    where = f" on {', '.join(tables[:SHOWN])}{more}" if tables else ""
    people = " when people approve" if one.rule.then is Then.ASK else ""
    return f"{verbs}{where}{people} (rule “{one.rule.name}”)"
