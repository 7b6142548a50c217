"""`assent audit find` and `export`: Calls by what they asked, and the log, of the running gateway or a copied store."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Final, TextIO

from rich.progress import TaskID

from cli import reach
from cli.audit.verifying import copied
from cli.reach import Answer, People, objects, word
from cli.show import Exit, fail, print_json, rows, say, told, working

HEADERS: Final = ("call", "at", "person", "agent", "source", "verdict", "outcome", "rows", "shape")
NONE: Final = "none found; words are sought in shapes of statements: no values, no purposes"
NAMES: Final = ("id", "at", "person", "agent", "source", "verdict", "outcome", "rows", "shape")
SPAN: Final = re.compile(r"([1-9][0-9]{0,3})([mhd])", re.ASCII)
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
SIZES: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
WIDE: Final = 80  # characters of a shape in a line


def find(people: People, wanted: Mapping[str, str], *, as_json: bool) -> None:
    """Ask the gateway; it records the look-up before it answers."""
    found = people.get("audit", "calls", query=wanted)
    if as_json:
        print_json(found)
    else:
        tell(found)


def moment(text: str) -> str:
    """Read how far back (24h, 7d), or a day of UTC, as the time that the gateway takes; another text as it is."""
    back = SPAN.fullmatch(text)
    if back is not None:
        return (datetime.now(UTC) - int(back[1]) * SIZES[back[2]]).isoformat()
    return f"{text}T00:00:00Z" if DAY.fullmatch(text) else text


def tell(found: Answer) -> None:
    """Print a page; how far back it looked is said, and how to go on."""
    calls = objects(found, "calls")
    rows(HEADERS, ([short(name, one) for name in NAMES] for one in calls)) if calls else say(NONE)
    if any(one.get("cut") is True for one in calls):
        say("some of these touch more names than an Entry holds: they may not have the one you asked for")
    if word(found, "next"):
        say(f"looked back to {word(found, 'reached')}; older: the same with --after {word(found, 'next')}")


def short(name: str, one: Answer) -> str:
    """Write a member of a Call for people: a time to the second, a shape cut to a line, which says that it was cut."""
    text = reach.moment(one, name) if name == "at" else word(one, name)
    return f"{text[: WIDE - 1]}…" if name == "shape" and len(text) > WIDE else text


def stored(store: str, wanted: Mapping[str, str], *, as_json: bool) -> None:
    """Build the index of a copy and search it; nothing runs, nothing is written beside the store.

    Names are encrypted under keys that are not here: people are pseudonyms, in what is asked, too.
    Raises: UnsafeStart when there is no store.
    """
    from console.door import Bad  # noqa: PLC0415
    from console.search import read  # noqa: PLC0415
    from console.wire import found  # noqa: PLC0415
    from core import subject  # noqa: PLC0415
    from core.stores.sqlite.past import searched  # noqa: PLC0415

    try:
        asked = read(wanted)
    except Bad as error:
        fail(str(error), Exit.USAGE)
    if asked.person and not subject.PSEUDONYM.fullmatch(asked.person):
        fail("a copy knows people by pseudonym: give --person the 64 digits, or ask the gateway by name", Exit.USAGE)
    people = frozenset({asked.person}) if asked.person else None
    whole = replace(asked.wanted, people=people, countable=True)  # whoever has the store sees every count in it
    with copied(store) as path, working(f"indexing a copy of {store}") as bar:
        page = asyncio.run(searched(path, whole, asked.after, lambda: bar.advance(TaskID(0))))
    body = found(page)
    if as_json:
        print_json(body)
    else:
        tell(body)


def export(people: People, start: int, *, cef: bool, out: Path | None) -> None:
    """Write the log, stretch after stretch, each recorded by the gateway before it is given."""
    following: int | None = start
    written = 0
    try:
        with open_for(out) as file:
            while following is not None:
                query = {"from": str(following), **({"cef": "1"} if cef else {})}
                found = people.get("audit", "events", query=query)
                lines, after = found.get("lines"), found.get("next")
                file.writelines(f"{line}\n" for line in (lines if isinstance(lines, list) else ()))
                written += len(lines) if isinstance(lines, list) else 0
                following = after if isinstance(after, int) else None
    except OSError as error:
        fail(f"{out}: cannot be written: {error.strerror}")
    done(written, out)


def exported(store: str, start: int, *, cef: bool, out: Path | None) -> None:
    """Write a copy of a store's log; nothing runs, nothing is written beside the store.

    Raises: UnsafeStart when there is no store, AuditUnavailable.
    """
    from core.stores.sqlite.past import events  # noqa: PLC0415

    written = 0
    with copied(store) as path, working(f"exporting a copy of {store}") as bar:
        try:
            with open_for(out) as file:
                for line in events(path, start, version("assent"), cef=cef):
                    file.write(f"{line}\n")
                    bar.advance(TaskID(0))
                    written += 1
        except OSError as error:
            fail(f"{out}: cannot be written: {error.strerror}")
    done(written, out)


def done(written: int, out: Path | None) -> None:
    """Say what a file holds now; a program that reads the lines themselves is told nothing more."""
    if out is not None:
        told(f"{out}: {written} Entries")


def open_for(out: Path | None) -> AbstractContextManager[TextIO]:
    """Open a new file readable by its owner alone, or standard output."""
    if out is None:
        return nullcontext(sys.stdout)
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8")
