"""`assent audit`: sessions and calls looked up at the gateway, and the record verified there."""

from __future__ import annotations

from cli.reach import VERIFYING, Answer, People, moment, objects, part, word, words
from cli.show import print_json, quoted, rows, say, working


def sessions(people: People, before: str | None, *, as_json: bool) -> None:
    """List sessions, newest first."""
    found = people.get("audit", "sessions", query={"before": before} if before else None)
    if as_json:
        print_json(found)
        return
    headers = ("session", "last", "person", "agent", "calls", "refused", "rows")
    names, listed = ("person", "agent", "calls", "refused", "rows"), objects(found, "sessions")
    told = ([word(one, "id"), moment(one, "last_at"), *(word(one, name) for name in names)] for one in listed)
    rows(headers, told) if listed else say("none yet")
    if word(found, "next"):
        say(f"older: assent audit sessions --before {word(found, 'next')}")


def session(people: People, name: str, *, as_json: bool) -> None:
    """Replay one session."""
    found = people.get("audit", "sessions", name)
    if as_json:
        print_json(found)
        return
    line = part(found, "session")
    say(f"{word(line, 'id')} · {word(line, 'person')} · {word(line, 'agent')} · since {moment(line, 'began_at')}")
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
    say(f"{moment(one, 'at')}  {word(one, 'id')}  {asked(one)}")
    say(f"  {word(one, 'person')} by {word(one, 'agent')}: {word(one, 'verdict')}, {outcome}")
    for title in ("purpose", "statement"):
        if one.get(title):  # a `cancel` has none
            quoted(f"  {title}", word(one, title))
    for entry in objects(one, "entries"):
        say(f"  #{word(entry, 'sequence')} {word(part(entry, 'body'), 'kind')} {word(entry, 'leaf')}")


def asked(one: Answer) -> str:
    """Say what was asked of which Source; a Call about another Call names none."""
    source = word(one, "source")
    return f"{word(one, 'tool')} at {source}" if source else word(one, "tool")


def remotely(people: People, *, as_json: bool) -> bool:
    """Let the running gateway verify its record; answer whether it says anything but that all holds."""
    with working("the gateway verifies its record"):
        found = people.get("audit", "verify", seconds=VERIFYING)
    if as_json:
        print_json(found)
    else:
        rows(("", ""), ((name, words(found, name) or word(found, name)) for name in found if found[name] != []))
    return found.get("result") != "ok"
