"""`assent scan`: names and a few rows of each table looked at, and what should be tagged, without a value."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

from cli.page import html
from cli.show import fail, print_json, rows, say, working
from cli.source.proposal import basic, comment, write
from core.connectors.postgres import sample
from core.connectors.postgres.sample import ROWS
from core.masking.detectors import REGIONS
from core.masking.proposing.evidence import Evidence, weigh
from core.settings import load


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a scan found; `unread` names tables that gave no rows to this role."""

    database: str
    source: str
    evidence: tuple[Evidence, ...]
    unread: tuple[str, ...]

    @property
    def untagged(self) -> tuple[Evidence, ...]:
        """Columns that something speaks for and nobody tagged."""
        return tuple(one for one in self.evidence if one.proposal is not None)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a configuration says of the database already."""

    source: str
    tags: Mapping[str, str] = field(default_factory=dict)
    regions: tuple[str, ...] = REGIONS


def run(url: str, config: Path | None, source: str | None, *, page: Path | None, as_json: bool) -> bool:
    """Scan and tell; answer whether an untagged column needs a person.

    Raises: SourceUnavailable, SettingsError.
    """
    with working("looking at names and samples"):
        scan = asyncio.run(look(url, declared(config, source)))
    if page is not None:
        write(page, html(scan.database, scan.evidence, scan.unread, toml(scan)))
    if as_json:
        print_json(
            {"database": scan.database, "columns": [told(one) for one in scan.evidence], "unread": list(scan.unread)}
        )
    else:
        tell(scan, page)
    return bool(scan.untagged)


def declared(config: Path | None, source: str | None) -> Declared:
    """Read which columns are tagged already, where a configuration is named."""
    if config is None:
        return Declared(source=source or "NAME")
    chosen = [one.source for one in load(config, os.environ).sources if source in {None, one.source.name}]
    if len(chosen) != 1:
        fail("name one source of the configuration with --source")
    (one,) = chosen
    return Declared(source=one.name, tags=one.tags, regions=one.phone_regions)


async def look(url: str, known: Declared) -> Scan:
    """Read schema and samples, and weigh them.

    Raises: SourceUnavailable.
    """
    seen = await sample.look(url)
    evidence = weigh(seen.snapshot, seen.samples, known.tags, known.regions)
    return Scan(database=seen.snapshot.database, source=known.source, evidence=evidence, unread=seen.unread)


def toml(scan: Scan) -> str:
    """Word what is proposed, ready to paste."""
    lines = [f"[source.{scan.source}.tags]"]
    masks: dict[str, str] = {}
    for one in scan.untagged:
        if one.proposal is not None:
            lines += [f"# {comment(one.proposal.reason)}", f"{basic(one.column)} = {basic(one.proposal.tag)}"]
            masks.setdefault(one.proposal.tag, one.proposal.mask)
    lines += [
        "",
        "[mask]",
        *(f"{basic(tag)} = {basic(mask)}" for tag, mask in sorted(masks.items()) if tag != "free_text"),
    ]
    return "\n".join(lines) + "\n"


def told(one: Evidence) -> dict[str, object]:
    """Word one column for a program."""
    asked = one.proposal
    return {
        "column": one.column,
        "type": one.type,
        "tagged": one.tagged or None,
        "propose": None if asked is None else asked.tag,
        "mask": None if asked is None else asked.mask,
        "reason": None if asked is None else asked.reason,
        "sampled": one.sampled,
        "seen": dict(one.seen),
        "copy_of": one.copy_of or None,
    }


def tell(scan: Scan, page: Path | None) -> None:
    """Print it for a person: what to do first, then what is done already."""
    open_ones, done = scan.untagged, [one for one in scan.evidence if one.tagged]
    say(
        f"{scan.database}: {len(open_ones)} columns want a tag, {len(done)} have one; "
        f"at most {ROWS} rows of each table were looked at"
    )
    if open_ones:
        say()
        asked = [(one, one.proposal) for one in open_ones if one.proposal is not None]
        rows(("column", "propose", "because"), ((one.column, p.tag, p.reason) for one, p in asked))
        say()
        say("to paste into assent.toml, after reading it through:")
        say()
        say(toml(scan))
    for one in scan.unread:
        say(f"not sampled, by names alone: {one}")
    if page is not None:
        say(f"the same as a page: {page}")
