"""Lay the site's pages out under build/docs: `make docs` builds them with MkDocs Material into build/site.

Pages are those of docs/ and of the root; links into the source become plain text, and one page is made here alone:
every rule against threats with the tests that prove it, out of `tests/promises/`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.promises import PROMISES, Promise

ROOT: Final = Path(__file__).parents[2]
PLACE: Final = ROOT / "build" / "docs"
LINK: Final = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)")

# By number: what is done, in a few words; the promises below a number are what holds against it.
THREATS: Final = {
    1: "Learning from refusals by count",
    2: "Reading what a channel shows",
    3: "Voting from a reviewer's laptop",
    4: "Running after the token ended",
    5: "Wearing reviewers down",
    6: "A reviewer's note as an instruction",
    7: "Stretching a grant",
    8: "The demo taken for a boundary",
    9: "Machines that pass as people",
    10: "One hostile provider of several",
    11: "Getting around exclusion by another account",
    12: "Long-lived tokens",
    13: "Mixing providers up at sign-in",
    14: "SAML answers replayed, forged or misdirected",
    15: "Catching tokens that are handed out",
    16: "Linking an account by phishing",
    17: "A relay to somebody else's gateway",
    18: "One operator alone",
    19: "Breaking glass",
    20: "Whoever was blocked",
    21: "Unmasked results that stay",
    23: "A role's process that was taken",
    24: "Whoever signs",
    25: "Rights by more than the kind of Entry",
    26: "Replicas whose files differ",
    27: "Restored stores and swapped keys",
    28: "A stolen bot token",
    29: "A stolen signing secret or app token",
    30: "Floods behind the door",
    31: "Listeners reached by a web page",
}


THREATENING: Final = """\
# Threats, and their tests

Each line is a sentence that must hold, and the test that proves it. Beside every test stands a seeded fault
(`tests/faults`): the line that guards the sentence is broken in a copy of the tree, and the test must fail.
`make faults` does it for all. Where nothing is listed, no such pair is there: either the feature is not built, or
its tests prove it without a seeded fault. What no software of this kind can stop is said in [SECURITY](../SECURITY.md).
"""


def pages() -> dict[Path, Path]:
    """Find every page, and where it stands in the site."""
    found = {path: path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    found |= {path: Path(path.name) for path in ROOT.glob("*.md")}
    return found | {ROOT / "README.md": Path("index.md"), ROOT / "docs/decisions/README.md": Path("decisions/index.md")}


def rewritten(text: str, page: Path, places: dict[Path, Path]) -> str:
    """Point a page's links at the site's pages; what is none of them is its text alone."""

    def moved(found: re.Match[str]) -> str:
        words, target, anchor = found[1], found[2], found[3] or ""
        if "://" in target or not target:
            return found[0]
        there = places.get((page.parent / target).resolve())
        if there is None:
            return words
        up = len(places[page].parts) - 1
        return f"[{words}]({'../' * up}{there.as_posix()}{anchor})"

    return LINK.sub(moved, text)


def threats() -> str:
    """Return `docs/reference/threats.md`."""
    found: dict[int, list[Promise]] = {number: [] for number in THREATS}
    for promise in PROMISES:
        note, _, number = promise.said.partition(" ")
        if note == "threats":
            found[int(number)].append(promise)
    parts = (f"## {number}. {title}\n\n{_proofs(found[number])}" for number, title in THREATS.items())
    return "\n".join((THREATENING, *parts))


def _proofs(found: Sequence[Promise]) -> str:
    if not found:
        return "Nothing is listed.\n"
    head = "| must | test |\n|---|---|\n"
    return head + "".join(f"| {one.text} | `{one.test.partition('::')[0]}` |\n" for one in found)


def main() -> None:
    """Lay everything out anew."""
    shutil.rmtree(PLACE, ignore_errors=True)
    places = pages()
    for path, there in places.items():
        target = PLACE / there
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(rewritten(path.read_text(encoding="utf-8"), path, places), encoding="utf-8")
    (PLACE / "reference" / "threats.md").write_text(threats(), encoding="utf-8")


if __name__ == "__main__":
    main()
