"""`assent audit`: sessions and calls looked up at the gateway, and the record verified there or from a copied store."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cli.reach import VERIFYING, Answer, People, objects, part, word, words
from cli.show import Exit, fail, print_json, rows, say, working
from cli.voting import quoted
from core.audit.note import BadNote, VerifierKey, verifier
from core.audit.verify import Report
from core.stores.sqlite.check import verify_store

SCHEME: Final = "sqlite:"
SHOWN: Final = 20  # findings; the rest are counted


def sessions(people: People, before: str | None, *, as_json: bool) -> None:
    """List sessions, newest first."""
    found = people.get("audit", "sessions", query={"before": before} if before else None)
    if as_json:
        print_json(found)
        return
    headers = ("session", "last", "person", "agent", "calls", "refused", "rows")
    names = ("id", "last_at", "person", "agent", "calls", "refused", "rows")
    rows(headers, ([word(one, name) for name in names] for one in objects(found, "sessions")))
    if word(found, "next"):
        say(f"older: assent audit sessions --before {word(found, 'next')}")


def session(people: People, name: str, *, as_json: bool) -> None:
    """Replay one session."""
    found = people.get("audit", "sessions", name)
    if as_json:
        print_json(found)
        return
    line = part(found, "session")
    say(f"{word(line, 'id')} · {word(line, 'person')} · {word(line, 'agent')} · since {word(line, 'began_at')}")
    for one in objects(found, "calls"):
        tell(one)


def call(people: People, name: str, *, as_json: bool) -> None:
    """Show one call."""
    found = people.get("audit", "calls", name)
    if as_json:
        print_json(found)
    else:
        tell(found)


def tell(one: Answer) -> None:
    """Print one Call as it happened; words that were erased are said to be."""
    outcome = word(one, "outcome") or "open"
    say(f"{word(one, 'at')}  {word(one, 'id')}  {word(one, 'tool')} at {word(one, 'source')}")
    say(f"  {word(one, 'person')} by {word(one, 'agent')}: {word(one, 'verdict')}, {outcome}")
    for title in ("purpose", "statement"):
        if one.get(title) is not None:
            quoted(f"  {title}", word(one, title))
    for entry in objects(one, "entries"):
        say(f"  #{word(entry, 'sequence')} {word(part(entry, 'body'), 'kind')} {word(entry, 'leaf')}")


def remotely(people: People, *, as_json: bool) -> bool:
    """Let the running gateway verify its record; answer whether it says anything but that all holds."""
    with working("the gateway verifies its record"):
        found = people.get("audit", "verify", seconds=VERIFYING)
    if as_json:
        print_json(found)
    else:
        rows(("", ""), ((name, words(found, name) or word(found, name)) for name in found))
    return found.get("result") != "ok"


def stored(store: str, key: str | None, *, as_json: bool) -> Exit:
    """Verify a store from a copy of its files; nothing needs to run, nothing is written beside it.

    Raises: UnsafeStart when there is no store.
    """
    if not store.startswith(SCHEME) or store == SCHEME:
        fail("--store is written sqlite:PATH", Exit.USAGE)
    pinned = None if key is None else pin(key)
    path = Path(store.removeprefix(SCHEME))
    with working(f"verifying {path}"):
        try:
            report = verify_store(path, pinned)
        except OSError as error:
            fail(f"{path}: cannot be copied: {error.strerror}")
    if as_json:
        print_json(document(report))
    else:
        say_report(report)
    return Exit(int(report.result))


def pin(text: str) -> VerifierKey:
    """Read the verifier's public key, as it is or from `file:PATH`."""
    try:
        named = text.startswith("file:")
        return verifier(Path(text.removeprefix("file:")).read_text(encoding="utf-8").strip() if named else text)
    except OSError as error:
        fail(f"{text}: cannot be read: {error.strerror}")
    except (BadNote, UnicodeDecodeError) as error:
        fail(f"--key is no verifier key ({error}): it is written NAME+ID+KEY, in one line", Exit.USAGE)


def document(report: Report) -> dict[str, object]:
    """Give a report to programs."""
    return {
        "result": report.result.name.lower(),
        "entries": report.entries,
        "checkpoints": report.checkpoints,
        "signed": report.signed,
        "pinned": report.pinned,
        "findings": [{"rule": one.rule, "detail": one.detail, "sequence": one.sequence} for one in report.findings],
    }


def say_report(report: Report) -> None:
    """Say what a report came to."""
    for one in report.findings[:SHOWN]:
        where = "" if one.sequence is None else f" at Entry {one.sequence}"
        say(f"{one.rule}{where}: {one.detail}")
    if len(report.findings) > SHOWN:
        say(f"and {len(report.findings) - SHOWN} more")
    say(f"{report.entries} Entries, {report.checkpoints} checkpoints, {report.signed} Entries under a signature")
    if report.findings:
        say("the record does not hold")
    elif report.pinned:
        say("complete and unaltered since it was signed with the pinned key")
    else:
        say("self-consistent only: with --key it is held to the key you trust")
