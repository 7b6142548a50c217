"""`assent audit replay`: a session as it happened, in the terminal or as a page; no word of others passes for ours."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cli.audit.opening import results
from cli.audit.record import asked
from cli.page import safe
from cli.reach import Answer, People, moment, objects, part, word
from cli.show import fail, print_json, quoted, say

PAUSE: Final = timedelta(seconds=30)  # below it nobody paused
LONG: Final = 120  # characters of a cell in the terminal
ROWS: Final = 20  # of a result in the terminal; how many more there are is said
HEAD: Final = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer"><title>Assent: a session</title>
<style>
:root { color-scheme: light dark; --line: #d5d9e0; --soft: #f4f6f9; --ink: #1c2430; --dim: #5b6675; --no: #b3261e;
  --ask: #b4530a; --ok: #1d7a46; --paper: #fff }
@media (prefers-color-scheme: dark) { :root { --line: #3a4250; --soft: #20262f; --ink: #e6e9ee; --dim: #9aa5b4;
  --no: #ff8a80; --ask: #f0a35e; --ok: #6fd19b; --paper: #15191f } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 64rem;
  margin: 2rem auto; padding: 0 1.25rem }
h1, h2, p, small { overflow-wrap: anywhere } h1 { font-size: 1.4rem } header p, .pause, small { color: var(--dim) }
article { border-left: 3px solid var(--line); padding: .25rem 0 .75rem 1.25rem; margin: 0 }
article.allow { border-color: var(--ok) } article.ask { border-color: var(--ask) }
article.refuse { border-color: var(--no) }
.pause { text-align: center; margin: 1rem 0; font-style: italic } h2 { font-size: 1rem; margin: 0 0 .25rem }
pre { font: 13px/1.5 ui-monospace, monospace; background: var(--soft); padding: .75rem 1rem; border-radius: .5rem;
  overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; margin: .4rem 0 }
.table { overflow-x: auto } table { border-collapse: collapse; font-size: 13px; width: max-content } th, td {
  text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
td div { max-width: 32rem; max-height: 10rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere }
th { color: var(--dim) } small { display: block; margin-top: .4rem }
</style></head><body>
"""


def run(people: People, name: str, *, page: Path | None, as_json: bool) -> None:
    """Show it, write it, or both."""
    found = results(people, people.get("audit", "replays", name))
    if page is not None:
        write(page, html(found))
    if as_json:
        print_json(found)
    elif page is None:
        tell(found)
    else:
        say(f"written to {page}")


def write(page: Path, content: str) -> None:
    """Write a new file that its owner alone may read."""
    try:
        descriptor = os.open(page, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
    except OSError as error:
        fail(f"{page}: cannot be written: {error.strerror}")


def title(session: Answer) -> str:
    """Say whose session it is."""
    return f"{word(session, 'id')} · {word(session, 'person')} · {word(session, 'agent')}"


def pause(before: Answer | None, one: Answer) -> str:
    """Say how long nothing happened, "" when that was short."""
    if before is None:
        return ""
    spent = came(one) - came(before)
    return f"{spent} of silence" if spent >= PAUSE else ""


def came(one: Answer) -> datetime:
    """Read when a Call came."""
    return datetime.fromisoformat(word(one, "at")).replace(microsecond=0)


def head(one: Answer) -> str:
    """Say what was asked, what was decided and what became of it."""
    rows = f", {word(one, 'rows')} rows" if word(one, "rows") else ""
    ended = word(one, "outcome") or "not finished"
    return f"{asked(one)}: {word(one, 'verdict')}, {ended}{rows}"


def steps(one: Answer) -> list[str]:
    """Say what people and the house did, an Entry each."""
    found = []
    for entry in objects(one, "entries"):
        body = part(entry, "body")
        if word(body, "kind").startswith("review."):
            told = (word(body, "decision"), f"seat {word(body, 'seat')}" if word(body, "seat") else "")
            found.append(
                " · ".join(text for text in (f"#{word(entry, 'sequence')} {word(body, 'kind')}", *told) if text)
            )
    return found


# ---------------------------------------------------------------- the terminal


def tell(found: Answer) -> None:
    """Print a session; every line of others' words is marked as theirs."""
    session, before = part(found, "session"), None
    say(f"{title(session)} · since {moment(session, 'began_at')}")
    for one in objects(found, "calls"):
        if gap := pause(before, one):
            say(f"          … {gap} …")
        say(f"{moment(one, 'at')}  {word(one, 'id')}  {head(one)}")
        for name in ("purpose", "statement", "parameters"):
            if one.get(name) is not None:
                quoted(f"  {name}", word(one, name))
        for step in steps(one):
            say(f"  {step}")
        result(one)
        before = one


def result(one: Answer) -> None:
    """Print a result as the agent saw it; what is not shown is counted."""
    held = part(one, "result")
    if not held:
        say(f"  result not shown: {word(one, 'withheld')}")
        return
    columns = objects(held, "columns")
    say("  result: " + (", ".join(column(each) for each in columns) or "no columns"))
    rows = cells(held)
    for row in rows[:ROWS]:
        say("  | " + " | ".join(brief(cell) for cell in row))
    if not rows:
        say("  no rows")
    if len(rows) > ROWS:
        say(f"  and {len(rows) - ROWS} more rows: --html or --json has all")
    if any(len(cell) > LONG for row in rows[:ROWS] for cell in row):
        say(f"  cells are cut to {LONG} characters: --html or --json has all of them")
    if held.get("cut"):
        say(f"  the agent was given no more: cut by {word(held, 'cut')}")


def brief(cell: str) -> str:
    """Write a cell on one line, and say where it was cut."""
    line = cell.replace("\n", "⏎")
    return line if len(line) <= LONG else f"{line[: LONG - 1]}…"


def column(one: Answer) -> str:
    """Name a column and its mask."""
    return word(one, "name") + (f" ({word(one, 'mask')})" if word(one, "mask") else "")


def cells(held: Answer) -> list[list[str]]:
    """Write every cell as JSON does, text as it is."""
    rows = held.get("rows")
    listed = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    return [[cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False) for cell in row] for row in listed]


# ---------------------------------------------------------------- the page


def html(found: Answer) -> str:
    """Word the page: no script, nothing fetched, every word escaped and every invisible one shown."""
    session, before, made = part(found, "session"), None, [HEAD]
    began = f"since {moment(session, 'began_at')}, {word(session, 'calls')} calls, {word(session, 'refused')} refused"
    made.append(f"<header><h1>{safe(title(session))}</h1><p>{safe(began)}</p></header>")
    for one in objects(found, "calls"):
        if gap := pause(before, one):
            made.append(f'<p class="pause">{safe(gap)}</p>')
        made.append(article(one))
        before = one
    return "\n".join([*made, "</body></html>", ""])


def article(one: Answer) -> str:
    """Word one Call."""
    verdict = word(one, "verdict")
    kind = verdict if verdict in {"allow", "ask", "refuse"} else "other"
    made = [f'<article class="{kind}"><h2>{safe(head(one))}</h2>']
    made.append(f"<small>{safe(moment(one, 'at'))} · {safe(word(one, 'id'))}</small>")
    said = [name for name in ("purpose", "statement", "parameters") if one.get(name) is not None]
    made += [f"<small>{name}</small><pre>{safe(word(one, name))}</pre>" for name in said]
    made += [f"<p><small>{safe(step)}</small></p>" for step in steps(one)]
    return "".join([*made, table(one), "</article>"])


def table(one: Answer) -> str:
    """Word a result whole."""
    held = part(one, "result")
    if not held:
        return f"<p><small>result not shown: {safe(word(one, 'withheld'))}</small></p>"
    heads = "".join(f"<th>{safe(column(each))}</th>" for each in objects(held, "columns"))
    listed = cells(held)
    rows = "".join("<tr>" + "".join(f"<td><div>{safe(cell)}</div></td>" for cell in row) + "</tr>" for row in listed)
    none = "" if listed else "<p><small>no rows</small></p>"
    cut = (
        f"<p><small>the agent was given no more: cut by {safe(word(held, 'cut'))}</small></p>"
        if held.get("cut")
        else ""
    )
    return f'<div class="table"><table><tr>{heads}</tr>{rows}</table></div>{none}{cut}'
