"""`assent audit verify --store`: a copied store held to what an auditor pins; nothing is written beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cli import dba
from cli.show import Exit, fail, print_json, say, working
from core.audit.transparency.checkpoint import kept
from core.audit.transparency.note import BadNote
from core.audit.transparency.trust import Trust, pinned
from core.audit.verification.rules import RULES
from core.audit.verification.verify import Asked, Report
from core.stores.postgres.check import copy
from core.stores.sqlite.check import verify_store

SCHEME: Final = "sqlite:"
SHOWN: Final = 5  # findings of one rule; the rest are counted


def asked(key: str | None, witnesses: Sequence[str], copies: Sequence[Path], *, start: int, end: int | None) -> Asked:
    """Put together what an auditor holds a log to."""
    if key is None and witnesses:
        fail("--witness goes with --key: a witness says what the log's own key signed", Exit.USAGE)
    if end is not None and end <= start:
        fail("--to lies beyond --from", Exit.USAGE)
    trust = None if key is None else held(key, witnesses)
    try:
        found = tuple(one for path in copies for one in kept(read(path)))
    except BadNote as error:
        fail(f"--copy: {error}", Exit.USAGE)
    return Asked(trust=trust, start=start, end=end, copies=found)


def held(key: str, witnesses: Sequence[str]) -> Trust:
    """Read what an auditor pins."""
    try:
        return pinned(words(key), [words(one).strip() for one in witnesses])
    except BadNote as error:
        fail(f"--key or --witness: {error}; a key is written NAME+ID+KEY, in one line", Exit.USAGE)


def place(store: str) -> Path:
    """Read where a store is."""
    if not store.startswith(SCHEME) or store == SCHEME:
        fail("--store is written sqlite:PATH", Exit.USAGE)
    return Path(store.removeprefix(SCHEME))


def words(text: str) -> str:
    """Return a key's text, as it is or from `file:PATH`."""
    if not text.startswith("file:"):
        return text
    try:
        return read(Path(text.removeprefix("file:"))).decode()
    except UnicodeDecodeError as error:
        raise BadNote("not UTF-8") from error


def read(path: Path) -> bytes:
    """Read a small file."""
    try:
        return path.read_bytes()
    except OSError as error:
        fail(f"{path}: cannot be read: {error.strerror}")


@contextmanager
def copied(store: str) -> Iterator[Path]:
    """Give a store's file, or a copy of a PostgreSQL store whose address stands at `env:NAME` or `file:PATH`.

    Raises: UnsafeStart, AuditUnavailable.
    """
    if store.startswith(SCHEME):
        yield place(store)
        return
    if not store.startswith(("env:", "file:")):
        fail("--store is written sqlite:PATH, or env:NAME or file:PATH for a PostgreSQL address", Exit.USAGE)
    with TemporaryDirectory(prefix="assent-verify-") as folder:
        yield asyncio.run(copy(dba.vetted(dba.resolved(store), plain=False, remedy="verify-full"), Path(folder)))


def stored(store: str, held_to: Asked, *, as_json: bool) -> Exit:
    """Verify a store from a copy of its files.

    Raises: UnsafeStart when there is no store.
    """
    with copied(store) as path, working(f"verifying {store}") as bar:
        try:
            report = verify_store(
                path, held_to, progress=lambda done, of: bar.update(bar.task_ids[0], completed=done, total=of)
            )
        except OSError as error:
            fail(f"{path}: cannot be copied: {error.strerror}")
    if as_json:
        print_json(document(report))
    else:
        say_report(report)
    return Exit(int(report.result))


def document(report: Report) -> dict[str, object]:
    """Give a report to programs."""
    return {
        "result": report.result.name.lower(),
        "entries": report.entries,
        "checkpoints": report.checkpoints,
        "signed": report.signed,
        "witnessed": report.witnessed,
        "pinned": report.pinned,
        "counts": dict(report.counts),
        "findings": [{"rule": one.rule, "detail": one.detail, "sequence": one.sequence} for one in report.findings],
    }


def say_report(report: Report) -> None:
    """Say what a report came to: each rule that was broken in words, and where."""
    for rule in dict.fromkeys(one.rule for one in report.findings):
        say(f"{rule}: {RULES[rule]}")
        told = [one for one in report.findings if one.rule == rule][:SHOWN]
        for one in told:
            say(f"  {'' if one.sequence is None else f'at Entry {one.sequence}: '}{one.detail}")
        if (more := report.counts.get(rule, len(told)) - len(told)) > 0:
            say(f"  and {more} more")
    say(f"{report.entries} Entries, {report.checkpoints} checkpoints, {report.signed} Entries under a signature")
    if report.witnessed:
        say(f"{report.witnessed} Entries under a witness's signature")
    if report.findings:
        say("the record does not hold")
    elif report.pinned:
        say("complete and unaltered since it was signed with the pinned key")
    else:
        say("self-consistent only: with --key it is held to the key you trust")
