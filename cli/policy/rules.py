"""`assent policy lint` and `test`: what is wrong with rules by themselves, and with what they answer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from cli.check.declared import declared
from cli.check.jsonl import Line
from cli.check.readers import alone
from cli.show import fail, print_json, say
from core.errors import SettingsError
from core.model import Reading, Source, Unreadable
from core.policy.changing.compare import Side
from core.policy.changing.examples import Example, Tried, attempt, supposed, unmet, untested
from core.policy.force import Policy
from core.settings import examples, load, rules
from core.settings.file import toml


def lint(path: Path, *, strict: bool, as_json: bool) -> bool:
    """Print everything wrong; answer whether something is.

    Raises: SettingsError for a file that cannot be read at all.
    """
    errors, warnings = looked(path)
    if as_json:
        print_json({"file": str(path), "errors": errors, "warnings": warnings})
    else:
        found = {"error": errors, "warning": warnings}
        for word, lines in found.items():
            for line in lines:
                say(f"{word}: {line}")
        say(", ".join(f"{len(lines)} {word}{'' if len(lines) == 1 else 's'}" for word, lines in found.items()))
    return bool(errors) or (strict and bool(warnings))


def looked(path: Path) -> tuple[list[str], list[str]]:
    """Gather errors and warnings of a configuration, whose secrets are not read, or of a file of rules alone."""
    try:
        if only_rules(path):
            return [], list(rules(path)[1])
        return [], list(load(path, os.environ, roles=frozenset()).warnings)
    except SettingsError as error:
        return str(error).split("\n"), []


def only_rules(path: Path) -> bool:
    """Whether a file holds [[rule]] tables, and perhaps [[budget]] ones, and nothing else."""
    try:
        return "rule" in (held := toml(path, path.read_text("utf-8")).keys()) and held <= {"rule", "budget"}
    except (OSError, UnicodeDecodeError, SettingsError):
        return False  # whoever reads it whole says what is wrong


def test(path: Path, config: Path | None, *, strict: bool, as_json: bool) -> bool:
    """Try each example; answer whether one fails, or, where `strict`, something is left untested.

    Raises: SettingsError.
    """
    book = examples(path)
    own = None if book.policy is None or book.sources is None else Side(policy=book.policy, sources=book.sources)
    tested = own if config is None else side(config)
    if tested is None:
        fail(f'{path} names no rules; write policy = "policy.toml" in it, or give --config')
    tried = tuple(asyncio.run(each(tested.policy, tested.sources, book.examples)))
    left, bare = tuple(untested(tested.policy, tried)), unmet(tested.policy, tried)
    failed = [one for one in tried if one.wrong]
    if as_json:
        print_json({**told(tried, left), "untested_budgets": list(bare)})
    else:
        tell(tested.policy, tried, left)
        for name in bare:
            say(f"untested: no example counts against the budget “{name}”")
    return bool(failed) or (strict and bool(left or bare))


def side(path: Path) -> Side:
    """Take policy and Sources of a configuration, whose secrets are not read."""
    settings = load(path, os.environ, roles=frozenset())
    return Side(policy=settings.policy, sources={one.source.name: one.source for one in settings.sources})


async def each(policy: Policy, sources: Mapping[str, Source], listed: tuple[Example, ...]) -> list[Tried]:
    """Read each statement by its parser alone, and decide it."""
    found = []
    for one in listed:
        source = sources.get(one.source) or (next(iter(sources.values())) if len(sources) == 1 else None)
        if source is None:
            fail(f'the example "{one.name}" says no Source of these: {", ".join(sources) or "none"}')
        found.append(attempt(policy, source, one, await read(policy, source, one)))
    return found


async def read(policy: Policy, source: Source, one: Example) -> Reading | Unreadable:
    """Give what a statement does, or what its example says it does."""
    if not one.statement:
        return supposed(one, source)
    reading = await alone(source.dialect)(Line(id=None, sql=one.statement))
    return declared(reading, source, policy) if isinstance(reading, Reading) else reading


def told(tried: tuple[Tried, ...], left: tuple[tuple[str, str], ...]) -> Mapping[str, object]:
    """Word it for a program."""
    return {
        "examples": [{"name": one.example.name, "wrong": list(one.wrong)} for one in tried],
        "untested": [{"rule": rule, "condition": condition or None} for rule, condition in left],
    }


def tell(policy: Policy, tried: tuple[Tried, ...], left: tuple[tuple[str, str], ...]) -> None:
    """Print it for a person: what failed, then what nothing tests."""
    for one in tried:
        for wrong in one.wrong:
            say(f"FAILED {one.example.name}: {wrong}")
    passed = sum(not one.wrong for one in tried)
    bare = [rule for rule, condition in left if not condition]
    say(f"{passed} of {len(tried)} examples hold; {len(policy.rules) - len(bare)} of {len(policy.rules)} rules tested")
    for rule, condition in left:
        if condition:
            say(f"untested: “{rule}” may ignore {condition}, and no example would notice")
        else:
            say(f"untested: no example meets “{rule}”")
