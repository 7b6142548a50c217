"""What Calls that ask alike have in common: agent, Source, tool, verdict, rules, names, shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias, final

import orjson

from core.audit.export.event import UNPARSED, part, said, texts
from core.audit.protocol import intents
from core.model import Json

Body: TypeAlias = Mapping[str, Json]
Named: TypeAlias = tuple[str, str]  # kind, text


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What Calls that ask alike have in common."""

    agent: str
    source: str
    tool: str
    verdict: str
    names: tuple[Named, ...]
    shape: str
    protected: bool
    cut: bool  # an Entry of at most 8 KiB held not every name: found by a name it may not have

    @property
    def key(self) -> str:
        """What makes two patterns one."""
        whole = (self.agent, self.source, self.tool, self.verdict, self.names, self.shape, self.protected, self.cut)
        return sha256(orjson.dumps(whole)).hexdigest()


def pattern(body: Body) -> Pattern:
    """Read the pattern of an INTENT."""
    reading, verdict = part(body, "reading"), part(body, "verdict")
    things, columns = texts(reading, "things"), texts(reading, "columns")
    rules = texts(verdict, "rules")
    names: set[Named] = {("rule", rule) for rule in rules}
    names |= {("verb", verb) for verb in texts(reading, "verbs")}
    for thing in things:
        names |= {("table", name) for name in suffixes(thing.partition(" ")[2])}
    for column in columns:
        names |= {("column", name) for name in suffixes(column)}
    return Pattern(
        agent=said(part(body, "caller"), "client"),
        source=said(part(body, "source"), "name"),
        tool=said(body, "tool"),
        verdict=said(verdict, "action"),
        names=tuple(sorted(names)),
        shape=said(reading, "shape") or UNPARSED,
        protected=intents.protected(body),
        cut=body.get("shortened") is True or any(_more(listed) for listed in (things, columns, rules)),
    )


def suffixes(name: str) -> tuple[str, ...]:
    """Return a qualified name and each shorter one: "public.orders.id", "orders.id", "id"."""
    parts = name.split(".")
    return tuple(".".join(parts[at:]) for at in range(len(parts))) if name else ()


def _more(names: Sequence[str]) -> bool:
    last = names[-1].split(" ") if names else []
    return len(last) == len(("and", "N", "more")) and last[0] == "and" and last[2] == "more" and last[1].isdigit()
