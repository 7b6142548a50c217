"""`assent policy explain`: pair by pair, which rules hold for a statement, and what keeps the nearest others away."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import final

from cli.check.check import Asked, choose
from cli.check.declared import declared
from cli.check.jsonl import Line
from cli.check.readers import alone, witnessed
from cli.show import print_json, say
from core.identity.supposed import supposed
from core.model import Reading, Source, Tool, Unreadable, Verdict
from core.policy import decide, explain
from core.policy.explain import Cover
from core.policy.force import Policy
from core.settings import Role, load


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """For whom it is explained."""

    groups: tuple[str, ...] = ()
    agent: str = ""
    caller: str = ""
    machine: bool = False


def run(config: Path, source: str | None, statement: str, who: Who, *, offline: bool, as_json: bool) -> None:
    """Read, match, print.

    Raises: SettingsError, UnsafeStart, SourceUnavailable.
    """
    roles = frozenset[Role]() if offline else frozenset({Role.GATEWAY})
    settings = load(config, os.environ, roles=roles)
    chosen = choose(settings, Asked(config=config, source=source))

    async def read() -> Reading | Unreadable:
        async with AsyncExitStack() as stack:
            reads = (
                alone(chosen.source.dialect)
                if offline
                else await stack.enter_async_context(witnessed(chosen, settings))
            )
            return await reads(Line(id=None, sql=statement))

    found = asyncio.run(read())
    if offline and isinstance(found, Reading):
        found = declared(found, chosen.source, settings.policy)
    show(settings.policy, chosen.source, found, who, as_json=as_json)


def show(policy: Policy, source: Source, reading: Reading | Unreadable, who: Who, *, as_json: bool) -> None:
    """Print what the rules say of one Reading."""
    now = datetime.now(UTC)
    caller = supposed(who.groups, now, client=who.agent, name=who.caller, machine=who.machine)
    covers: tuple[Cover, ...] = ()
    verdict: Verdict
    if isinstance(reading, Unreadable):
        verdict = decide.refusal(reading)
    else:
        covers = explain.covering(policy, caller, source, reading, now=now)
        verdict = decide.decide(policy, caller, source, reading, tool=Tool.CHECK, now=now)
    if as_json:
        print_json(told(covers, reading, verdict))
    else:
        tell(covers, reading, verdict)


def told(covers: tuple[Cover, ...], reading: Reading | Unreadable, verdict: Verdict) -> Mapping[str, object]:
    """Word it for a program."""
    shown = explain.checked(None, reading, verdict)
    return {
        "pairs": [
            {
                "thing": one.pair.thing.name,
                "kind": one.pair.thing.kind,
                "verb": one.pair.verb.value,
                "then": one.then.value,
                "matched": [{"rule": name, "then": then.value} for name, then in one.matched],
                "covered_by": list(one.covering),
                "nearest": [{"rule": name, "kept_away_by": list(why)} for name, why in one.nearest],
            }
            for one in covers
        ],
        "verdict": shown.verdict,
        "reasons": [{"rule": reason.rule, "sentence": reason.sentence} for reason in shown.reasons],
    }


def tell(covers: tuple[Cover, ...], reading: Reading | Unreadable, verdict: Verdict) -> None:
    """Print it for a person."""
    for one in covers:
        bare = "" if one.covering else ", since no rule covers it"
        say(f"{one.pair.verb} {one.pair.thing.kind} {one.pair.thing.name}: {one.then}{bare}")
        for name, then in one.matched:
            say(f"  holds    “{name}” ({then})")
        for name, why in one.nearest:
            say(f"  not held “{name}”: {', '.join(why)}")
    shown = explain.checked(None, reading, verdict)
    say(f"verdict: {shown.verdict}")
    for reason in shown.reasons:
        say(f"- {reason.sentence}" + (f" ({reason.rule})" if reason.rule else ""))
