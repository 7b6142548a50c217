"""A Reading of GoogleSQL by the parser's word alone; never enough to run anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from core.classify.bigquery.child import POOL, Late, Silent
from core.classify.bigquery.nouns import Account, Change, Counting, Reference
from core.classify.bigquery.text import encode
from core.model import Column, Dialect, Doubt, Fact, Json, Pair, Parameters, Reading, Thing, Unreadable, Verb

T = TypeVar("T")

LATE: Final = Unreadable(
    doubt=Doubt.LIMITS, sentence="The statement could not be read in time; write it with fewer levels and less nesting."
)
SILENT: Final = Unreadable(
    doubt=Doubt.UNAVAILABLE, sentence="No reader for this statement is free just now; try again shortly."
)
STRANGE: Final = Unreadable(doubt=Doubt.UNKNOWN, sentence="The statement has a form that cannot be read.")


def offline(text: str, parameters: Parameters = ()) -> Reading | Unreadable:
    """Read one statement without a service; total: whatever the text, it returns, within seconds.

    Things, functions and columns are those of the text; `witnessed` stays False. May be called from any thread.
    """
    found = account(text, parameters)
    return found if isinstance(found, Unreadable) else found.reading


def account(text: str, parameters: Parameters = ()) -> Account | Unreadable:
    """Give all that the parser says of a text; total."""
    encoded = encode(text)
    if isinstance(encoded, Unreadable):
        return encoded
    return heard({"text": text}, lambda told: accounted(text, told, parameters))


def heard(request: Mapping[str, Json], make: Callable[[Json], T | Unreadable]) -> T | Unreadable:
    """Ask the child, and make a noun of what it says; total."""
    try:
        return make(json.loads(POOL.ask(json.dumps(request).encode())))
    except Late:
        return LATE
    except Silent:
        return SILENT
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # no account of the expected form
        return STRANGE


def accounted(text: str, told: Json, parameters: Parameters) -> Account | Unreadable:
    """Make an account of the child's plain values.

    Raises: ValueError, KeyError, TypeError where the values have another form.
    """
    made = reading(text, told, parameters)
    if isinstance(made, Unreadable) or not isinstance(told, Mapping):
        return made if isinstance(made, Unreadable) else STRANGE
    outputs = told.get("outputs")
    return Account(
        reading=made,
        kind=word(told["kind"]),
        change=change(told.get("change")),
        counting=counting(told.get("counting")),
        references=tuple(reference(one) for one in rows(told.get("references", []))),
        outputs=None if outputs is None else tuple(str(one) for one in rows(outputs)),
        ranges=frozenset(map(word, rows(told.get("ranges", [])))),
        marks=frozenset(map(word, rows(told.get("marks", [])))),
    )


def change(told: Json) -> Change | None:
    """Make what a change says of itself.

    Raises: ValueError, KeyError, TypeError.
    """
    if told is None:
        return None
    if not isinstance(told, Mapping):
        raise TypeError("not a change")
    return Change(
        sets=tuple((folded(left), folded(right)) for left, right in map(rows, rows(told["sets"]))),
        fills=folded(told["fills"]),
        compares=folded(told["compares"]),
        copies=folded(told["copies"]),
    )


def folded(told: Json) -> frozenset[str]:
    """Make a set of words.

    Raises: TypeError.
    """
    return frozenset(words(told))


def counting(told: Json) -> Counting | int | None:
    """Make the question of how many rows a change touches.

    Raises: ValueError, TypeError.
    """
    if told is None or isinstance(told, int):
        return told
    text, left = rows(told)
    if not isinstance(left, int):
        raise TypeError("not a number")
    return Counting(text=word(text), left=left)


def reference(told: Json) -> Reference:
    """Make a reference.

    Raises: ValueError, TypeError.
    """
    kind, name, start, end, aliased = rows(told)
    if not isinstance(start, int) or not isinstance(end, int) or not isinstance(aliased, bool):
        raise TypeError("not a place")
    place = (start, end) if 0 <= start < end else None
    return Reference(kind=word(kind), name=word(name), place=place, aliased=aliased)


def reading(text: str, told: Json, parameters: Parameters) -> Reading | Unreadable:
    """Make nouns of the child's plain values, each of a closed set.

    Raises: ValueError, KeyError, TypeError where the values have another form.
    """
    if not isinstance(told, Mapping):
        raise TypeError("an account is an object")
    if "doubt" in told:
        return Unreadable(doubt=Doubt(word(told["doubt"])), sentence=word(told["sentence"]))
    wanting = missing(rows(told["named"]), told["placed"], parameters)
    if wanting is not None:
        return wanting
    pairs = frozenset(
        Pair(thing=Thing(kind=kind, name=name), verb=Verb(verb)) for kind, name, verb in map(words, rows(told["pairs"]))
    )
    if not pairs:
        raise ValueError("a statement does something")
    return Reading(
        dialect=Dialect.BIGQUERY,
        statement=text,
        text=text,
        pairs=pairs,
        columns=frozenset(Column(relation=relation, name=name) for relation, name in map(words, rows(told["columns"]))),
        functions=frozenset(word(name) for name in rows(told["functions"])),
        facts=frozenset(Fact(word(fact)) for fact in rows(told["facts"])),
    )


def missing(named: list[Json], placed: Json, parameters: Parameters) -> Unreadable | None:
    """Require that the text's parameters are those given; names are case-insensitive.

    https://cloud.google.com/bigquery/docs/parameterized-queries
    """
    wanted = {word(name).casefold() for name in named}
    if isinstance(parameters, Mapping):
        fits = {name.casefold() for name in parameters} == wanted and len(wanted) == len(parameters) and not placed
    else:
        fits = not wanted and placed == len(parameters)
    if fits:
        return None
    return Unreadable(
        doubt=Doubt.PARAMETERS,
        sentence="The statement must use each given parameter, and no other: pass an object for @name, a list for ?.",
    )


def rows(value: Json) -> list[Json]:
    """Require a list.

    Raises: TypeError.
    """
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def words(value: Json) -> tuple[str, ...]:
    """Require a list of words.

    Raises: TypeError.
    """
    return tuple(word(each) for each in rows(value))


def word(value: Json) -> str:
    """Require a word.

    Raises: TypeError.
    """
    if not isinstance(value, str) or not value:
        raise TypeError("not a word")
    return value
