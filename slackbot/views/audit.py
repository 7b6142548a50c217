"""`/audit` answered, pure: lists and searches as Block Kit pages, and the help; `stories` tells the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from core.model import Json
from core.ports import CallLine, Found, SessionLine
from core.revealing import line
from slackbot.kit.blocks import Blocks
from slackbot.kit.parts import actions, away, button, context, header, plain, section, select, table, verbatim
from slackbot.kit.room import tightest
from slackbot.kit.text import clip, count, escape
from slackbot.views.cards import Message
from slackbot.views.stories import stamp, summary

OLDER: Final = "audit.older"
LATER: Final = "audit.list"
OPENED: Final = "audit.session"
SIGN_IN: Final = "link.open"
VALUE: Final = 2_000  # characters of a button's value
WIDEST: Final = 75  # characters of an option
FINDINGS: Final = 20
LONGER: Final = "To look further back: assent audit find --after …"
USAGE: Final = (
    "list | session <id> | call <id> | person @name [24h] | find <words> | review <id> | pending | verify | link | help"
)
HELP: Final = (
    "/audit list [24h] — sessions of the last while, newest first\n"
    "/audit session <id> — one session as a story: each call with purpose, statement, verdict, votes and rows\n"
    "/audit call <id> — one call with all its Entries\n"
    "/audit person @name [24h] — calls of one person\n"
    "/audit find <words> — calls whose statement's shape has all words; narrowed by by: agent: source: table: column: "
    'verdict: rule: outcome: rows: since: until:, as in rule:"analysts read" since:2026-11-01\n'
    "/audit review <id> — one Review: what was asked, who voted, what came of it\n"
    "/audit pending — what waits for people, answers given alone that nobody looked at, and grants that last\n"
    "/audit verify — check the whole Journal; for auditors\n"
    "/audit link — make this Slack account yours here, by signing in; /audit link off ends it\n"
    "/audit help — this text\n"
    "Only auditors see other people's sessions, and each look-up is itself recorded."
)
COLUMNS: Final = ("Session", "Began", "Caller / agent", "Calls", "Refused", "Rows")
NUMBERS: Final = 3  # the last columns


def sessions(lines: Sequence[SessionLine], *, page: int, span: str, older: str = "") -> Message:
    """Render one page of Sessions as a table, or as sections where the workspace has none; `older` opens the next."""
    said = f"Sessions, {span} · page {count(page)}"
    if not lines:
        return Message(text=said, blocks=[section("q", f"{said}\nNothing here.")])
    options = [(each.session, clip(f"{each.session} · {line(each.person)}", WIDEST)) for each in lines]
    turn = (button(LATER, "Older ▶", older),) if older else ()
    made = [section("q", said), table("t", COLUMNS, [row(each) for each in lines], numbers=NUMBERS)]
    made.append(actions("p", select(OPENED, "Open a session", options), *turn))
    plainly: Blocks = [section("q", said)]
    for number, each in enumerate(lines):
        opens = button(OPENED, "Open", each.session)
        plainly.append(section(f"t{number}", clip(" · ".join(row(each)), VALUE)) | {"accessory": opens})
    plainly += [actions("p", *turn)] if turn else []
    return Message(text=said, blocks=made, instead=Message(text=said, blocks=plainly))


def row(each: SessionLine) -> tuple[str, ...]:
    """Write a Session in the cells of a row."""
    who = f"{clip(line(each.person), 100) or 'unknown'} / {clip(line(each.agent), 100) or 'unknown'}"
    return each.session, stamp(each.began_at), who, count(each.calls), count(each.refused), count(each.rows)


def verified(report: Mapping[str, Json]) -> Message:
    """Say what verifying the whole Journal came to."""
    found = report.get("findings")
    findings = found if isinstance(found, Sequence) and not isinstance(found, str) else ()
    mark = "🔒" if report.get("result") == "ok" and not findings else "⚠️"
    said = f"{mark} Journal: {line(str(report.get('result', 'unknown')))}"
    numbers = [f"{name} {report.get(name)}" for name in ("entries", "signed", "checkpoints")]
    made = [section("v", said), context("n", plain(" · ".join(numbers)))]
    made += tightest(lambda size: _findings(findings, size), 500, 150)
    return Message(text=escape(said), blocks=made)


def _findings(findings: Sequence[Json], size: int) -> Blocks:
    shown = [
        context(f"f{number}", plain(clip(line(str(each)), size))) for number, each in enumerate(findings[:FINDINGS])
    ]
    more = len(findings) - len(shown)
    return shown + ([section("fm", f"+{count(more)} more: assent audit verify")] if more > 0 else [])


def calls(page: Found, text: str) -> Message:
    """Render one page of Calls, a line each; how far back it looked is said."""
    made = tightest(lambda size: _calls(page, text, size), 1_500, 500, 180)
    if not page.lines:
        made.append(section("none", "Nothing found. Words are sought in shapes of statements: no values, no purposes."))
    if any(each.cut for each in page.lines):
        made.append(
            section("cut", "Some touch more names than an Entry holds: they may not have the one you asked for.")
        )
    if page.next is not None:
        made.append(section("reached", f"Looked back to {stamp(page.reached)}." if page.reached else "There is more."))
        value = f"{page.next} {text}"
        made.append(actions("p", button(OLDER, "Older ▶", value)) if len(value) <= VALUE else section("p", LONGER))
    return Message(text=escape(f"{len(page.lines)} Calls"), blocks=made)


def _calls(page: Found, text: str, size: int) -> Blocks:
    found = [context(f"e{number}", plain(clip(found_line(each), size))) for number, each in enumerate(page.lines)]
    return [header("h", clip(f"Find {line(text)}", 150)), *found]


def found_line(each: CallLine) -> str:
    """Write a Call that was found in one line."""
    return f"{summary(each)} · {clip(line(each.person), 100)} · {clip(line(each.shape), 200)}"


def help_text(problem: str = "") -> Message:
    """Render the help, after one sentence on what was wrong."""
    said = f"{problem}\n\n{HELP}" if problem else HELP
    return Message(text=escape(f"/audit: {USAGE}"), blocks=[section("help", said)])


def link(team: str, user: str) -> Message:
    """Say how an account is linked: by an operator's hand, under the ids that Slack itself tells."""
    said = (
        "Nobody signs in at this gateway by browser, so an operator links you: in assent.toml, under [slack.people], "
        "this account's id and who you are in the directory."
    )
    wanted = verbatim("l", f'[slack.people]\n{line(user)} = "directory:person id"')
    made = [section("s", said), wanted, context("t", plain(f"This account is {line(user)} of workspace {line(team)}."))]
    return Message(text=escape(said), blocks=made)


def begun(address: str) -> Message:
    """Show where an account's linking goes on, to its user alone."""
    said = (
        "Sign in at this address within ten minutes; it shows a code for you to type here. "
        "Open it yourself and pass it on to nobody."
    )
    return Message(text=said, blocks=[section("s", said), actions("p", away(SIGN_IN, "Sign in…", address))])


def told(said: str) -> Message:
    """Say one sentence or two."""
    return Message(text=escape(said), blocks=[section("s", said)])


def nothing(what: str) -> Message:
    """Say that there is no such thing, or none for this person: the two look the same."""
    said = f"There is no such {what} for you."
    return Message(text=said, blocks=[section("none", said)])
