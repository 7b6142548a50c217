"""The documentation cannot drift: links lead somewhere, drawn parts are current, commands run or say they do not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from demo.shop.rows import Shop
from demo.story import Storyteller
from tests.generate import docs

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
MARKER = re.compile(r"<!-- not run here: [^>]{10,} -->")
OUTPUT = "<!-- its output -->"

# How many blocks of commands and of other programs' settings no test runs. It is a count of promises that nobody
# checks: lower it where you can, and raise it only on purpose.
NOT_RUN = 53

FORBIDDEN = {
    "a personal path": re.compile(r"/(?:home|Users|root|work)/\w"),
    "a registry's address": re.compile(r"pypi\.org|pythonhosted|--index-url|npmjs"),
    "a token": re.compile(r"eyJ[A-Za-z0-9_-]{20,}|xox[bp]-\w{8,}"),
}
LICENCES = {"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "MPL-2.0"}


@dataclass(frozen=True)
class Block:
    """A fenced block, and the line before it."""

    page: Path
    language: str
    text: str
    before: str
    after: str

    @property
    def excused(self) -> bool:
        return MARKER.fullmatch(self.before) is not None


def blocks(*languages: str) -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in FENCE.finditer(text):
            if found[2] in languages:
                before = text[: found.start()].rstrip("\n").rpartition("\n")[2].strip()
                inside = re.sub(rf"^{found[1]}", "", found[3], flags=re.MULTILINE)
                yield Block(page, found[2], inside, before, text[found.end() :])


def named(block: Block) -> str:
    return f"{block.page.relative_to(ROOT).as_posix()}: {block.text.strip().splitlines()[0]}"


# ---------------------------------------------------------------- links


def slug(heading: str) -> str:
    """Anchor of a heading, as GitHub and GitLab make it."""
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {slug(line.lstrip("#")) for line in text.splitlines() if re.match(r"#{1,6} ", line)}


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    page, dead = ROOT / name, []
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            dead.append(target)
    assert dead == []


def test_every_page_is_reached_from_the_readme() -> None:
    seen, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        inner = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
        waiting += [(page.parent / target.partition("#")[0]).resolve() for target in inner]
    assert [name for name in NAMES if (ROOT / name) not in seen] == []


# ---------------------------------------------------------------- what is drawn from tables


@pytest.mark.parametrize("name", sorted(docs.PAGES))
def test_a_printed_page_is_what_the_tables_say(name: str) -> None:
    printed = (ROOT / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8")
    assert printed == docs.PAGES[name](), "run: .venv/bin/python -m tests.generate.docs"


def test_drawn_diagrams_are_what_the_tables_say() -> None:
    drawn = list(docs.drawn())
    assert {path.name for path in drawn} >= {"README.md", "the-line.md"}
    for path in drawn:
        text = path.read_text(encoding="utf-8")
        assert text == docs.redrawn(text), f"{path.name}: run .venv/bin/python -m tests.generate.docs"


def test_the_transcript_in_the_readme_tells_the_story_that_is_told() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    told = [line.removeprefix("— ").replace(" ", "_") for line in text.splitlines() if line.startswith("— ")]
    assert len(told) == 8
    assert [name for name in told if not hasattr(Storyteller, name)] == []
    assert f"{len(told)} steps, " in text
    shop = {f"{schema}.{table}": rows for schema, table, rows in Shop().tables()}
    assert f"a shop of {sum(map(len, shop.values())):,} rows" in text
    winter = datetime(2026, 1, 15, tzinfo=UTC)
    due = [
        row
        for row in shop["public.orders"]
        if row[2] == "abandoned" and isinstance(row[3], datetime) and row[3] < winter
    ]
    assert f"{len(due)} rows, once" in text


# ---------------------------------------------------------------- commands and settings


@pytest.mark.parametrize("block", [one for one in blocks("sh") if not one.excused], ids=named)
def test_a_command_of_the_docs_runs(block: Block) -> None:
    said = ""
    for command in block.text.strip().replace("\\\n", "").splitlines():
        dry = re.sub(r"^make\b", "make -n", command)  # what make runs is run by those who read this
        environ = os.environ | {"PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}", "NO_COLOR": "1"}
        done = subprocess.run(
            ["bash", "-c", dry], check=False, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        said += done.stdout
    if block.after.lstrip("\n").startswith(OUTPUT):
        shown = FENCE.search(block.after)
        assert shown is not None
        assert said.strip() == shown[3].strip()


@pytest.mark.parametrize("block", list(blocks("json", "toml")), ids=named)
def test_settings_in_the_docs_are_well_formed(block: Block) -> None:
    json.loads(block.text) if block.language == "json" else tomllib.loads(block.text)


def test_what_no_test_runs_is_marked_and_counted() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    marks = len(MARKER.findall(text))
    assert marks == sum(block.excused for block in blocks("sh", "json", "toml", "text")), "a marker without its block"
    assert marks == NOT_RUN


def test_every_fence_says_its_language() -> None:
    known = {"sh", "json", "toml", "text", "mermaid", "sql", "python"}
    bare = [
        f"{page.name}: {found[2]!r}" for page in PAGES for found in FENCE.finditer(page.read_text(encoding="utf-8"))
    ]
    assert [one for one in bare if one.rpartition(": ")[2].strip("'") not in known] == []


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_no_page_holds(what: str) -> None:
    found = [name for name in NAMES if FORBIDDEN[what].search((ROOT / name).read_text(encoding="utf-8"))]
    assert found == []


def test_every_dependency_has_its_reason_and_a_licence() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = {row[0]: row for row in re.findall(r"^\| `([\w.-]+)` \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert set(rows) == {Requirement(one).name for one in asked}
    for name, reason, licence in rows.values():
        assert reason.strip().endswith("."), name
        assert {one.strip("() ") for one in re.split(r" AND | OR ", licence.strip())} <= LICENCES, name


def test_a_decision_says_what_it_answers_and_what_was_refused() -> None:
    decisions = [page for page in PAGES if page.parent.name == "decisions" and page.stem != "README"]
    assert len(decisions) >= 5
    for page in decisions:
        assert re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE) == [
            "Context",
            "Decision",
            "Refused",
        ], page.name
