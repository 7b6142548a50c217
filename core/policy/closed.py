"""What no rule can lift: decided before any rule is looked at, by literal lists of things and verbs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.model import Caller, Fact, Kind, Pair, Reading, Reason, Refuse, Thing, Tool, Verb
from core.policy.rules import ALLOWABLE

# Kinds of things whose definition or rights people may decide on. Everything else (roles, databases, extensions,
# languages, servers, casts, operators, publications, event triggers …) belongs to superusers or reaches beyond one
# schema, so it is refused whoever asks: https://www.postgresql.org/docs/current/sql-commands.html
DEFINABLE: Final = frozenset(
    {
        "table", "column", "constraint", "index", "view", "materialized view", "sequence", "schema", "type", "domain",
        "statistics", "comment",
    }
)  # fmt: skip
# Code that runs later as someone else: https://www.postgresql.org/docs/current/sql-createfunction.html (SECURITY
# DEFINER), sql-createtrigger, sql-createrule, sql-createpolicy. One reviewer is not enough for it.
TWO_PEOPLE: Final = frozenset({"function", "procedure", "routine", "aggregate", "trigger", "rule", "policy"})
RUNNABLE: Final = frozenset({"function", "procedure", "routine", "code"})
# What serves instead of a statement that is always refused, by its name in the grammar.
INSTEAD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Copy": "Read rows with query, and add rows by INSERT with execute.",
        "Do": "Send its statements one by one, with execute.",
        "Transaction": "Each statement has a transaction of its own, which ends with it.",
        "Prepare": "Send the statement itself, with parameters.",
        "Execute": "Send the statement itself, with parameters.",
        "DeclareCursor": "Ask with query, in parts by LIMIT and a condition on the key.",
        "Fetch": "Ask with query, in parts by LIMIT and a condition on the key.",
        "Lock": "Lock the rows that it is about: SELECT … FOR UPDATE with execute.",
    }
)
OUTSIDE: Final = "No rule can allow this; a person does it outside Assent."
ROLE: Final = "role"
PUBLIC: Final = "public"

STATEMENTS: Final = frozenset({Tool.QUERY, Tool.EXECUTE, Tool.CHECK})


def kind(thing: Thing) -> str:
    """Return a thing's kind as these lists write it."""
    return thing.kind.lower().replace("_", " ")


def refused(caller: Caller, reading: Reading, tool: Tool) -> Refuse | None:
    """Refuse what no rule can lift; None where rules decide."""
    return _caller(caller) or _tool(tool) or _things(reading)


def elsewhere(reading: Reading, tool: Tool) -> Refuse | None:
    """Refuse what another tool serves, whatever a rule says; None where this one does.

    It is for who may do it there: whom a rule refuses is told so at once, and asks no second time in vain.
    """
    if tool is Tool.QUERY and reading.writes:
        verbs = ", ".join(verb.value for verb in Verb if verb in reading.verbs and verb is not Verb.READ)
        return _refuse(
            "use_execute", f"The tool query only reads, and this statement would {verbs}.", "Send it with execute."
        )
    return None


def needs_two(reading: Reading) -> bool:
    """Tell whether it makes or changes code that runs later as someone else."""
    return Fact.REPLACES_CODE in reading.facts or any(
        pair.verb is Verb.DEFINE and kind(pair.thing) in TWO_PEOPLE for pair in reading.pairs
    )


def _caller(caller: Caller) -> Refuse | None:
    """What is not proven to be a person is a machine, and a machine needs someone who answers for it."""
    if caller.kind is Kind.PERSON and caller.person is not None:
        return None
    if caller.owner is None or not caller.client:
        return _refuse(
            "no_owner",
            "This token is a machine's, and no person answers for that machine here.",
            "An operator can name its owner under [agent]; a person can sign in instead.",
        )
    return None


def _tool(tool: Tool) -> Refuse | None:
    if tool not in STATEMENTS:
        return _refuse("bad_tool", f"The tool {tool.value} runs no statement.", "Use query, execute or check.")
    return None


def _things(reading: Reading) -> Refuse | None:
    never = sorted([pair for pair in reading.pairs if _never(pair)])
    sentence = _membership(reading) or (_never(never[0]) if never else "")
    return _refuse("never_allowed", sentence, _instead(reading)) if sentence else None


def _instead(reading: Reading) -> str:
    """Offer what serves instead, where something does."""
    named = (pair.thing.name for pair in sorted(reading.pairs) if pair.thing.kind == "statement")
    return next((INSTEAD[name] for name in named if name in INSTEAD), OUTSIDE)


def _never(pair: Pair) -> str:
    if pair.verb in ALLOWABLE:
        return ""
    what = kind(pair.thing)
    match pair.verb:
        case Verb.CONTROL:
            return f"Control of sessions, transactions or the server is always refused ({what} {pair.thing.name})."
        case Verb.DEFINE if what not in DEFINABLE | TWO_PEOPLE:
            return f"Defining a {what} is always refused."
        case Verb.GRANT if what == ROLE and pair.thing.name.lower() == PUBLIC:
            return "Rights for PUBLIC are always refused."
        case Verb.GRANT if what not in DEFINABLE | TWO_PEOPLE | {ROLE}:
            return f"Rights on a {what} are always refused."
        case Verb.RUN if what not in RUNNABLE:
            return f"Running a {what} is always refused."
        case _:
            return ""


def _membership(reading: Reading) -> str:
    """GRANT of a role to a role names nothing but roles: a change of roles, which is an administrator's."""
    granted = [pair.thing for pair in reading.pairs if pair.verb is Verb.GRANT]
    if granted and all(kind(thing) == ROLE for thing in granted):
        return "Changing who belongs to a role is always refused."
    return ""


def _refuse(code: str, sentence: str, advice: str) -> Refuse:
    return Refuse(reasons=(Reason(rule="", sentence=sentence),), code=code, advice=advice)
