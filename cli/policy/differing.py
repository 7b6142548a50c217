"""`assent policy diff`: what the record says was asked, decided by two policies; shapes and Readings, no payload."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias, final

from cli.audit.verifying import copied
from cli.doctor.stopped import asked
from cli.policy.rules import side
from cli.show import fail, print_json, say, working
from core.audit.body import parse
from core.identity.supposed import supposed
from core.model import EntryKind, Json, Kind, Tool
from core.policy.changing.compare import Difference, Side, differ, personal, stored, told
from core.policy.changing.examples import Example, Expected
from core.policy.rules import Then
from core.settings import load
from core.stores.sqlite import check
from core.stores.steps import ask

IN_FORCE: Final = "in-force"
TEXT: Final = "SELECT text FROM in_force"
SHOWN: Final = 5  # tables named for each kind of difference


@final
@dataclass(slots=True)
class Found:
    """What a look through the record counts; not a noun: it is thrown away with the look."""

    calls: int = 0
    cut: int = 0  # Entries that say too little to be decided again
    personal: int = 0  # decided by who exactly it was
    differences: list[Difference] = field(default_factory=list)


def run(old: Path, new: Path, store: str, days: int, *, as_json: bool) -> bool:
    """Decide the recorded Calls of some days by both; answer whether any would be decided otherwise.

    `old` may be the word IN_FORCE: what the store of the new configuration says.
    Raises: SettingsError, UnsafeStart, AuditUnavailable.
    """
    sides = (begun(new) if str(old) == IN_FORCE else side(old), side(new))
    with copied(store) as path:
        found = look(path, sides, datetime.now(UTC) - timedelta(days=days))
    if as_json:
        print_json(document(found))
    else:
        tell(found, days)
    return bool(found.differences)


def begun(config: Path) -> Side:
    """Take the policy that is in force in a configuration's store, and the Sources that it names.

    Raises: SettingsError, StoreError, UnsafeStart.
    """
    settings = load(config, os.environ, roles=frozenset())
    found = asyncio.run(asked(settings, lambda: ask(TEXT)))
    if not found:
        fail("no policy was ever put in force in that store")
    return stored(str(found[0][0]))


def look(path: Path, sides: tuple[Side, Side], since: datetime) -> Found:
    """Go through a copy of the store.

    Raises: UnsafeStart when there is none.
    """
    found = Found()
    with working(f"deciding again what {path} holds") as bar, check.copied(path) as log:
        for entry in log.entries():
            bar.update(bar.task_ids[0], completed=entry.sequence, total=log.size)
            if entry.kind == EntryKind.INTENT and entry.attempt == 1 and entry.ts_ms >= since.timestamp() * 1_000:
                again(found, sides, parse(entry.body))
    return found


def again(found: Found, sides: tuple[Side, Side], body: Mapping[str, Json]) -> None:
    """Decide one Call by both policies."""
    found.calls += 1
    asked = asker(body)
    example = None if asked is None else told(body, asked)
    if example is None:
        found.cut += 1
    elif personal(sides, example):
        found.personal += 1
    elif (difference := differ(*sides, example)) is not None:
        found.differences.append(difference)


def asker(body: Mapping[str, Json]) -> Example | None:
    """Make an Example of who asked, when and where; None for an Entry that does not say so."""
    match body:
        case {
            "call": str(call),
            "ts": int(ts),
            "tool": str(tool),
            "source": {"name": str(source)},
            "caller": {"client": str(client), "kind": str(kind), "groups": [*groups]},
        } if tool in set(Tool):
            at = datetime.fromtimestamp(ts / 1_000, UTC)
            machine = kind != Kind.PERSON
            who = supposed([str(one) for one in groups], at, client=client, machine=machine)
            expected = Expected(then=Then.REFUSE)
            return Example(name=call, source=source, caller=who, at=at, expected=expected, tool=Tool(tool))
        case _:
            return None


def document(found: Found) -> Mapping[str, object]:
    """Word it for a program."""
    return {
        "calls": found.calls,
        "not_decidable": {"cut": found.cut, "by_person": found.personal},
        "differences": [
            {
                "before": before.value,
                "after": after.value,
                "rules": list(rules),
                "budgets": list(budgets),
                "calls": len(of),
                "clients": dict(clients(of)),
                "tables": dict(tables(of)),
            }
            for (before, after, rules, budgets), of in grouped(found)
        ],
    }


def tell(found: Found, days: int) -> None:
    """Print it for a person."""
    say(f"{found.calls} calls of the last {days} days; {len(found.differences)} would be decided otherwise")
    for (before, after, rules, budgets), of in grouped(found):
        stays = f"{before} stays, with other limits, reviewers or budgets"
        named = ", ".join(f"“{rule}”" for rule in rules) or "no rule"
        otherwise = f", counting otherwise against {', '.join(f'“{one}”' for one in budgets)}" if budgets else ""
        say(f"{stays if before is after else f'{before} becomes {after}'}: {len(of)} calls, by {named}{otherwise}")
        for word, counted in (("of", clients(of)), ("on", tables(of))):
            more = f" and {len(counted) - SHOWN} more" if len(counted) > SHOWN else ""
            say(f"  {word} {', '.join(f'{name} ({count})' for name, count in counted.most_common(SHOWN))}{more}")
    if found.cut:
        say(f"{found.cut} entries say too little to be decided again")
    if found.personal:
        say(f"{found.personal} are decided by who exactly asked, which the record does not name")


Alike: TypeAlias = tuple[Then, Then, tuple[str, ...], tuple[str, ...]]  # from what, to what, by which rules, budgets


def grouped(found: Found) -> Iterator[tuple[Alike, list[Difference]]]:
    """Put together what changes alike, the most frequent first."""
    groups: dict[Alike, list[Difference]] = {}
    for one in found.differences:
        groups.setdefault((*one.change, one.rules, tuple(sorted(one.budgets))), []).append(one)
    yield from sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def clients(of: list[Difference]) -> Counter[str]:
    """Count Calls by the agent that asked."""
    return Counter(one.example.caller.client or "no client" for one in of)


def tables(of: list[Difference]) -> Counter[str]:
    """Count Calls by each thing that they touch."""
    return Counter(name for one in of for name in {pair.thing.name for pair in one.example.pairs})
