"""What stands behind `/audit`, and in the buttons of its pages, read: the grammar as a closed union. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, TypeAlias, final

from core.model import CallId, Outcome, SessionId
from core.ports import Mark, Search

SESSION: Final = re.compile(r"ses_[A-Za-z0-9]{1,64}")
CALL: Final = re.compile(r"call_[A-Za-z0-9]{1,64}")
KEYS: Final = frozenset(
    {"by", "agent", "source", "table", "column", "verdict", "rule", "outcome", "rows", "since", "until"}
)
TERM: Final = re.compile(r'[a-z]+:"[^"]*"|\S+')
MARK: Final = re.compile(r"([0-9]{1,16})\.([0-9]{1,16})", re.ASCII)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OneSession:
    """`session <id>`, from its Call number `first` on."""

    session: SessionId
    first: int = 0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OneCall:
    """`call <id>`."""

    call: CallId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """`help`, nothing, or what is not understood; `problem` says which."""

    problem: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`find <words> key:value …`, from a mark on; `text` is what was typed."""

    wanted: Search
    text: str
    person: str = ""
    after: Mark | None = None


Asked: TypeAlias = OneSession | OneCall | Finding | Help


def parse(text: str) -> Asked:
    """Read what stands behind `/audit`; whatever is not in the grammar gets help."""
    match text.split():
        case [] | ["help"]:
            return Help()
        case ["session", name] if SESSION.fullmatch(name):
            return OneSession(session=SessionId(name))
        case ["call", name] if CALL.fullmatch(name):
            return OneCall(call=CallId(name))
        case ["find", *_]:
            return terms(text.strip().partition(" ")[2].strip())
        case ["session" | "call" as word, *_]:
            return Help(problem=f"/audit {word} takes one id, as it stands on a card or in an answer.")
        case _:
            return Help(problem="That is not understood here.")


def page(value: object) -> OneSession | None:
    """Read a page button's value: session id, colon, number of the first Call."""
    name, _, number = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not SESSION.fullmatch(name) or not (number.isascii() and number.isdigit() and len(number) < len("100000")):
        return None
    return OneSession(session=SessionId(name), first=int(number))


def terms(text: str, after: Mark | None = None) -> Finding | Help:
    """Read words and `key:value` terms; what cannot be read gets help."""
    given, words = dict[str, str](), list[str]()
    for term in TERM.findall(text):
        key, colon, value = term.partition(":")
        if not colon or key not in KEYS:
            words.append(term)
        elif key in given or not value:
            return Help(problem=f"{key}: stands once, with a value.")
        else:
            given[key] = value.strip('"')
    try:
        wanted = Search(
            words=" ".join(words),
            outcome=Outcome(given["outcome"]) if "outcome" in given else None,
            rows=int(given["rows"]) if "rows" in given else None,
            since=midnight(given["since"]) if "since" in given else None,
            until=midnight(given["until"]) if "until" in given else None,
            agent=given.get("agent", ""),
            source=given.get("source", ""),
            table=given.get("table", ""),
            column=given.get("column", ""),
            verdict=given.get("verdict", ""),
            rule=given.get("rule", ""),
        )
    except ValueError:
        return Help(problem="outcome: is a word of an Entry, rows: a number, since: and until: a day as 2026-11-27.")
    return Finding(wanted=wanted, text=text, person=given.get("by", ""), after=after)


def midnight(day: str) -> datetime:
    """Read a day as its first moment, UTC.

    Raises: ValueError.
    """
    return datetime.combine(date.fromisoformat(day), time(), UTC)


def further(value: object) -> Finding | Help | None:
    """Read a find button's value: the mark, a blank, what was typed."""
    head, _, text = value.partition(" ") if isinstance(value, str) else ("", "", "")
    found = MARK.fullmatch(head)
    return terms(text, Mark(at_ms=int(found[1]), sequence=int(found[2]))) if found else None
