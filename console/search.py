"""A search as a query string: every name is one of a closed list, and each stands once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias, final

from starlette.datastructures import QueryParams

from console.door import Bad
from core.model import Outcome, SessionId, Tool, Verb
from core.policy.rules import Then
from core.ports import Mark, Search

LONGEST: Final = 500  # characters of a value
MARK: Final = re.compile(r"(0|[1-9][0-9]{0,15})\.(0|[1-9][0-9]{0,15})", re.ASCII)
NAMES: Final = ("agent", "source", "table", "column", "rule", "words")
SAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "since": "a time with its offset, as 2026-11-01T00:00:00Z",
        "until": "a time with its offset, as 2026-11-01T00:00:00Z",
        "rows": "a number of at most thirteen digits",
        "outcome": f"one of {', '.join(Outcome)}",
        "verdict": f"one of {', '.join(Then)}",
        "tool": f"one of {', '.join(Tool)}",
        "verb": f"one of {', '.join(Verb)}",
    }
)

Field: TypeAlias = str | int | datetime | Outcome


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search with whose Calls are meant and where its page begins."""

    wanted: Search
    person: str = ""
    after: Mark | None = None


def asked(query: QueryParams) -> Asked:
    """Read a query.

    Raises: Bad naming what cannot be read.
    """
    items = query.multi_items()
    given = dict(items)
    if len(given) != len(items):
        raise Bad("each parameter stands once")
    if long := [name for name, value in items if len(value) > LONGEST]:
        raise Bad(f"{long[0][:20]} is longer than {LONGEST} characters")
    return read(given)


def read(given: Mapping[str, str]) -> Asked:
    """Read named values.

    Raises: Bad.
    """
    person, after = given.get("person", ""), given.get("after")
    fields = {name: _field(name, value) for name, value in given.items() if name not in {"person", "after"}}
    return Asked(wanted=_search(fields), person=person, after=None if after is None else mark(after))


def _field(name: str, value: str) -> Field:
    if name in NAMES:
        return value
    make = MADE.get(name)
    if make is None:
        raise Bad(f"there is no parameter {name[:40]!r}")
    try:
        return make(value)
    except ValueError as error:
        raise Bad(f"{name} is {SAYS.get(name, 'not an id')}") from error


def _search(fields: Mapping[str, Field]) -> Search:
    def text(name: str) -> str:
        return str(fields.get(name, ""))

    rows, since, until, outcome = (fields.get(name) for name in ("rows", "since", "until", "outcome"))
    return Search(
        session=SessionId(str(fields["session"])) if "session" in fields else None,
        outcome=outcome if isinstance(outcome, Outcome) else None,
        rows=rows if isinstance(rows, int) else None,
        since=since if isinstance(since, datetime) else None,
        until=until if isinstance(until, datetime) else None,
        agent=text("agent"),
        source=text("source"),
        tool=text("tool"),
        table=text("table"),
        column=text("column"),
        verdict=text("verdict"),
        rule=text("rule"),
        verb=text("verb"),
        words=text("words"),
    )


def mark(text: str) -> Mark:
    """Read where a page begins.

    Raises: Bad.
    """
    found = MARK.fullmatch(text)
    if found is None:
        raise Bad("after is what the page before gave as next")
    return Mark(at_ms=int(found[1]), sequence=int(found[2]))


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > len(str(10**12)):
        raise ValueError(text)
    return int(text)


MADE: Final[Mapping[str, Callable[[str], Field]]] = MappingProxyType(
    {
        "session": str,
        "outcome": Outcome,
        "verdict": Then,
        "tool": Tool,
        "verb": Verb,
        "rows": _count,
        "since": _instant,
        "until": _instant,
    }
)
