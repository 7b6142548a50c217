"""The ready policies of `manifests/policies`, as `assent init` offers them: rules, and the groups that they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from cli.show import Exit, fail
from core.policy.rules import Conditions, Terms
from core.settings import rules

# In the commands' folder in an installation (pyproject.toml, force-include), in its own place in the repository.
PLACES: Final = (Path(__file__).parents[1] / "policies", Path(__file__).parents[2] / "manifests" / "policies")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A policy that a configuration begins with."""

    text: str  # TOML: its paragraph, and its rules
    groups: tuple[str, ...]  # of tokens
    reviewers: tuple[str, ...]  # tables [group.NAME]


def ready(name: str) -> Ready:
    """Take a ready policy by its name; one that is not there is a mistake of the arguments."""
    if name not in (there := names()):
        fail(f"--policy is one of {', '.join(there)}", Exit.USAGE)
    path = _place() / name / "policy.toml"
    made, _ = rules(path)
    return Ready(
        text=path.read_text("utf-8"),
        groups=tuple(sorted(_groups(made))),
        reviewers=tuple(sorted({seat.group for one in made.rules for seat in one.effects.reviewers})),
    )


def names() -> tuple[str, ...]:
    """List those that fit any Source: the ones that name none."""
    found = sorted(path.parent for path in _place().glob("*/policy.toml"))
    return tuple(one.name for one in found if not _placed(rules(one / "policy.toml")[0]))


def _placed(made: Terms) -> bool:
    return any(one.sources for one in _stated(made))


def _place() -> Path:
    return next((place for place in PLACES if place.is_dir()), PLACES[0])


def _groups(made: Terms) -> set[str]:
    return {group for one in _stated(made) for group in one.groups or ()}


def _stated(made: Terms) -> Iterator[Conditions]:
    yield from (stated for rule in made.rules for stated in (rule.when, rule.unless))
    yield from (stated for budget in made.budgets for stated in (budget.when, budget.unless))
