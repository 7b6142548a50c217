"""Every statement of our corpus before Google's parser: what it calls a modification, we never call a read.

    make oracle

What it reads and we do not is a refusal, and is counted; the reverse, a text that only we read, is an error, and so
are other tables than it finds. Texts that it cannot read at all (the service's own forms) prove nothing and are named.
And every mask over the ends of each type before Google's evaluator: `masks`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

from core.classify.bigquery import Account, account
from core.model import Verb
from tests.oracle import masks
from tests.unit.test_bigquery_changes import examples
from tests.unit.test_bigquery_corpus import STATEMENTS, parameters

PACKAGES: Final = Path("build/oracle")
QUERY: Final = "ASTQueryStatement"
LEAST: Final = 400  # statements, else this shows little


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One text, and what both say."""

    text: str
    ours: Account | None
    theirs: dict[str, Any]

    @property
    def reads(self) -> bool:
        """Whether we call it a read."""
        return self.ours is not None and self.ours.reading.verbs == {Verb.READ}

    @property
    def wrong(self) -> str:
        """Say what may not be; "" where nothing is wrong."""
        classes, tables = self.theirs["classes"], self.theirs["tables"]
        if self.reads and classes and classes != [QUERY]:
            return f"a read to us, {classes} to Google"
        if self.reads and classes and tables is not None and not set(map(plain, tables)) <= self.named:
            return f"tables {sorted(set(map(plain, tables)) - self.named)} that we do not see"
        return ""

    @property
    def named(self) -> set[str]:
        """Tables that we see."""
        return {one.name.casefold() for one in self.ours.references} if self.ours else set()


def plain(name: str) -> str:
    """Write a name as we do."""
    return name.casefold()


def main() -> int:
    """Compare all of them."""
    return max(compared(), masked())


def masked() -> int:
    """Evaluate every mask."""
    tried = list(masks.cases())
    raw = asked("evaluated.py", [one.value for one in tried])
    made = asked("evaluated.py", [one.text for one in tried])
    known = [(one, found, value) for one, found, value in zip(tried, made, raw, strict=True) if value["error"] is None]
    found = [(one, masks.wrong(one, value, result)) for one, result, value in known]
    for one, why in found:
        if why:
            say(f"WRONG {one.kind} of {one.field.written} {one.value[:80]}: {why}")
    wrong = sum(bool(why) for _, why in found)
    say(f"{len(known)} masked values, {len(tried) - len(known)} that the evaluator cannot write; {wrong} wrong")
    return 0 if not wrong and len(known) >= LEAST else 1


def compared() -> int:
    """Hold what both read against each other."""
    texts = [*dict.fromkeys(text for text, _ in (*STATEMENTS, *examples()))]
    found = [
        Compared(text=text, ours=ours(text), theirs=theirs)
        for text, theirs in zip(texts, asked("told.py", texts), strict=True)
    ]
    for one in found:
        if one.wrong:
            say(f"WRONG {one.wrong}:\n{one.text}\n")
    unread = [one for one in found if one.reads and not one.theirs["classes"]]
    for one in unread:
        say(f"read by us alone, the oracle says {one.theirs.get('error')}:\n{one.text}\n")
    wrong = sum(bool(one.wrong) for one in found)
    changing = sum(bool(one.theirs["classes"]) and one.theirs["classes"] != [QUERY] for one in found)
    both = sum(one.reads and one.theirs["classes"] == [QUERY] for one in found)
    say(
        f"{len(found)} statements: {changing} are no query to Google's parser, {both} a read to both, "
        f"{len(unread)} a read to us that it does not read; {wrong} wrong"
    )
    return 0 if not wrong and len(found) >= LEAST else 1


def say(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")


def ours(text: str) -> Account | None:
    """Read a text here."""
    found = account(text, parameters(text))
    return found if isinstance(found, Account) else None


def asked(program: str, texts: list[str]) -> list[dict[str, Any]]:
    """Ask the oracle, in a process that has its packages."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    command = [sys.executable, str(Path(__file__).parent / program)]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True, env=environment)
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    sys.exit(main())
