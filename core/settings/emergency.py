"""`[break_glass]`, and which group follows which: made, and held against who there is and what they could open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from core.entitled import BREAKABLE
from core.model import Json
from core.policy.rules import Glass, Rule, Then
from core.settings import safety, schema
from core.settings.findings import Findings, nearest
from core.settings.nouns import Emergency
from core.settings.parts import Parts
from core.settings.reader import Reader

PATH: Final = ("break_glass",)
WAYS: Final = frozenset({"console", "slack"})


def glass(reader: Reader, raw: object) -> Emergency:
    """Make `[break_glass]`."""
    table = reader.table(schema.BREAK_GLASS, raw, PATH)
    members, ways = table.names("members") or frozenset(), table.names("via")
    return Emergency(
        terms=Glass(members=members, ways=WAYS if ways is None else ways & WAYS), channel=table.text("channel")
    )


def following(reader: Reader, raw: Mapping[str, object]) -> Mapping[str, str]:
    """Read which group follows which."""
    found = {name: reader.table(schema.GROUP, each, ("group", name)).text("next") for name, each in raw.items()}
    return MappingProxyType({name: later for name, later in found.items() if later})


def said(parts: Parts) -> dict[str, Json]:
    """Word for the policy's hash what a process takes at its start alone; nothing where nobody breaks glass."""
    return {"break_glass_channel": parts.glass.channel} if parts.glass else {}


def check(parts: Parts, found: Findings) -> None:
    """Hold both against the rest of the file."""
    for name, later in parts.following.items():
        for message in _late(parts, name, later):
            found.error(("group", name, "next"), message)
    if parts.glass is None:
        return
    safety.channel(parts.glass.channel or None, (*PATH, "channel"), found)
    if parts.slack is None:
        found.error(PATH, "each answer given alone is posted to a second channel: it needs [slack]")
    elif parts.glass.channel in set(_channels(parts)):
        found.error((*PATH, "channel"), "cards go there already: name a second channel")
    _people(parts, parts.glass, found)
    if not any(_openable(parts, rule) for rule in parts.rules):
        found.warn(PATH, "it opens nothing: no rule asks one person of a group about reading or changing rows")


def _late(parts: Parts, name: str, later: str) -> Iterator[str]:
    if later not in parts.groups:
        yield f"there is no [group.{later}]{nearest(later, parts.groups)}"
    if later == name:
        yield "a group does not follow itself"
    if name in parts.owners.values():
        yield "nobody else sits in a tag owner's seat, however late: [owner] names this group"


def _channels(parts: Parts) -> Iterator[str]:
    """Give every conversation that cards go to."""
    if parts.slack is not None:
        yield parts.slack.channel
    yield from (one.source.channel for one in parts.sources if one.source.channel)
    yield from (rule.effects.channel for rule in parts.rules if rule.effects.channel)


def _people(parts: Parts, made: Emergency, found: Findings) -> None:
    directories = {one.directory for one in parts.issuers}
    if not made.terms.members:
        found.error((*PATH, "members"), "nobody is in it: take [break_glass] out")
    if not made.terms.ways:
        found.error((*PATH, "via"), "no door is left: take [break_glass] out")
    for one in sorted(made.terms.members):
        directory, _, identifier = one.partition(":")
        if parts.several and "@" in one:
            found.error((*PATH, "members"), f'"{one}" may be anybody\'s of several directories: directory:person id')
        elif "@" not in one and (directory not in directories or not identifier):
            message = f'"{one}" is neither an e-mail nor directory:person id of a configured directory'
            found.error((*PATH, "members"), message)


def _openable(parts: Parts, rule: Rule) -> bool:
    """Whether a rule asks in such a way that one person could answer alone."""
    seats = rule.effects.reviewers
    verbs = BREAKABLE if rule.when.verbs is None else BREAKABLE & {verb.value for verb in rule.when.verbs}
    alone = sum(seat.count for seat in seats) == 1 and not any(seat.group in parts.owners.values() for seat in seats)
    return rule.then is Then.ASK and alone and bool(verbs)
