"""The reference pages of settings and rules, printed from the tables that the program reads by."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from core.policy.closed import DEFINABLE, TWO_PEOPLE
from core.policy.facts import MEANINGS, VERBS
from core.settings import schema
from core.settings.examples import EXAMPLE
from core.settings.schema import Key, Section

REMARK: Final = "<!-- Printed by `python -m core.settings.reference docs/reference`; a test compares. -->"
CONFIGURATION: Final = f"""\
# Configuration: `assent.toml`

{REMARK}

One TOML file. Secrets stand in it only as `env:NAME` or `file:PATH`; paths are read from the file's own folder. A
setting that is not on this page is an error, with a suggestion; everything wrong is said at once, each with its line.

Start-up refuses a configuration that anyone but its owner or root may write, and a secret or store that others, or its
group, may read (but for a secret that belongs to root and to a group of this process, as Kubernetes mounts it)."""

RULES: Final = """
## `[[rule]]` and `[[budget]]`

See [the policy](policy.md).
"""

POLICY: Final = f"""\
# Policy: what a rule can say

{REMARK}

What a statement does is read as pairs of a thing and a verb. **Every pair must be covered by at least one rule that
allows or asks, or the statement is refused.** For each pair the strictest matching rule counts (refuse over ask over
allow), and the strictest pair decides the statement. Limits are the smallest of all rules that matched; a rule that
does not state one has its default. Reviewers are the union. The order of rules has no meaning, and a further rule never
widens what another closed.

A machine (whatever its token does not prove to be a person's) is covered only by rules that name it under `agents`, and
only when `[agent."CLIENT ID"]` says who answers for it; rules that refuse or ask hold for machines as for everyone.

## Conditions

A `[[rule]]` has a `name` of its own, conditions and effects. All conditions that stand must hold; a list holds when any
of its items does. Each has a `not_` form, of the same type: the rule does not match where the condition would hold.
`sources`, `tables`, `tags` and `verbs` are read per pair, all others per statement. None has a default: what does not
stand says nothing.
"""

EFFECTS: Final = """
## Effects
"""

BUDGETS: Final = """
## Budgets

A `[[budget]]` bounds what many statements use together, in each hour or each day, of each caller, group, agent or
Source. It counts whatever runs where all of its conditions hold, and no `not_` form; it lets nothing run that rules do
not. What a statement may use at most is taken in the unit that lets it begin, and what it did not use is given back
with its outcome: between, and where a process dies, all of it counts as used. So no statement is larger than a whole
budget (its limits are lowered to that), and the refusal `budget_spent` says when the budget begins anew. Of a change
that people approved, it is taken when it begins to run. What nobody can tell beforehand (a change that no rule caps)
takes the whole budget until it is known; what nobody can tell afterwards stays taken.

A Source that bills says before a statement runs what it would bill. The statement is then bound to a tenth more than
that (at least 10 MiB), to `max_bytes` and to the bytes that a whole budget of bytes or money pays for: beyond that the
Source ends it unbilled. So much is taken, and settled by the bill, whoever learns of it: nothing where the answer was
kept from before, and where no job was ever begun. What is larger from the start is refused, `too_many_bytes`.
"""

VERB: Final = """
## Verbs

`allow` may stand for read, insert, update and delete. `define`, `grant` and `run` are at least `ask`; `run` needs a
rule that names it under `verbs` and what runs under `tables`. `control` is always refused.

| verb | weight |
|---|---|"""

FACT: Final = """
## Facts

What reading finds besides. The risk on a card is the largest weight of facts and verbs. Where `asks` says so,
an `allow` is not enough: some rule must ask, or the statement is refused. The tests hold statements with the fact and
without it to what real servers and the parser agreed on.

| fact | says | weight | asks | computed from | shown by |
|---|---|---|---|---|---|"""

CLOSED: Final = f"""
`predicate_on_protected` asks in changes only: in a read, a predicate sees masked values.

## What no rule can lift

- Control of sessions, transactions and the server.
- Defining, or rights on, anything but: {", ".join(sorted(DEFINABLE | TWO_PEOPLE))}.
  So roles, databases, extensions, languages, servers, publications and the like are refused whoever asks.
- Rights for PUBLIC, and who belongs to a role.
- Code that later runs as someone else ({", ".join(sorted(TWO_PEOPLE))}) needs a rule that asks two people.
- What could not be read is refused before policy.
- The tool `query` refuses whatever would change something.
"""


EXAMPLES: Final = """
## Examples

`assent policy test` holds rules to a file of examples. Each `[[example]]` is one statement of somebody and what should
become of it; what it does not say is not looked at. Statements are read by the parser alone, as if every tag declared
on a table were used wherever the table is named; `does` says in its place what no parser alone can know. A file that
says `policy = "policy.toml"` stands alone: it names the file of rules beside it, and brings `[source.NAME]` (`kind`,
`tags`), `[mask]` and `[owner]` itself.

Afterwards it names rules that no example met, and conditions that never by themselves kept a rule away: such a
condition could be struck, and no example would notice (masking MC/DC, as RTCA DO-178C calls it). `--strict` makes both
findings.
"""


def configuration() -> str:
    """Return `docs/reference/configuration.md`."""
    sections = (section for section in schema.SECTIONS if section not in {schema.RULE, schema.BUDGET})
    return "\n".join((CONFIGURATION, *(line for section in sections for line in _section(section)), RULES))


def policy() -> str:
    """Return `docs/reference/policy.md`."""
    verbs = (f"| `{verb.value}` | {weight.name.lower()} |" for verb, weight in VERBS.items())
    facts = (
        f"| `{fact.value}` | {row.sentence} | {row.weight.name.lower()} | {'yes' if row.asks else ''} "
        f"| {row.computed} | `{row.test}` |"
        for fact, row in MEANINGS.items()
    )
    conditions, effects = _keys(schema.CONDITIONS, negated=True), _keys(schema.EFFECTS)
    examples = (*_keys(EXAMPLE.keys), "")
    budgets = (BUDGETS, *_keys(schema.BUDGET.keys))
    return "\n".join(
        (POLICY, *conditions, EFFECTS, *effects, *budgets, VERB, *verbs, FACT, *facts, CLOSED + EXAMPLES, *examples)
    )


def _section(section: Section) -> tuple[str, ...]:
    keys = section.keys if section.free is None else (*section.keys, section.free)
    return ("", f"## `{section.header}`", "", section.says, "", *_keys(keys))


def _keys(keys: tuple[Key, ...], *, negated: bool = False) -> tuple[str, ...]:
    head = ("| key | type | default | example | |", "|---|---|---|---|---|")
    return (*head, *(_row(key, f"`{key.name}`, `not_{key.name}`" if negated else f"`{key.name}`") for key in keys))


def _row(key: Key, name: str) -> str:
    words = f": {', '.join(f'`{word}`' for word in key.words)}" if key.words else ""
    default = key.default if key.default in {"", "required"} or " " in key.default else f"`{key.default}`"
    return f"| {name} | {key.type.value}{words} | {default or '–'} | `{key.example}` | {key.says} |"


def main(folder: Path) -> None:
    """Write both pages."""
    (folder / "configuration.md").write_text(configuration(), encoding="utf-8")
    (folder / "policy.md").write_text(policy(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
