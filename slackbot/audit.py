"""`/audit` answered, pure: sessions, calls and searches as Block Kit pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from core.model import Json, Outcome
from core.ports import CallLine, Found, Sealed, SessionLine, Story
from slackbot import blocks as checker
from slackbot.blocks import Block, Blocks
from slackbot.cards import BUDGET, Message
from slackbot.parts import actions, button, context, fields, header, plain, section, verbatim
from slackbot.text import clip, count, escape, line, reveal

ROOM: Final = 45  # blocks of a page before its buttons; a message holds 50
STATEMENT: Final = 350  # of each statement in a session
WHOLE: Final = 2_600  # of a call's own
ENTRIES: Final = 20
NEXT: Final = "audit.next"
OLDER: Final = "audit.older"
VALUE: Final = 2_000  # characters of a button's value
LONGER: Final = "To look further back: assent audit find --after …"
USAGE: Final = "session <id> · call <id> · find <words> key:value … · help"
HELP: Final = (
    "/audit session <id> — one session as a story: each call with purpose, statement, verdict and rows\n"
    "/audit call <id> — one call with all its Entries\n"
    "/audit find <words> — calls whose statement's shape has all words; narrowed by by: agent: source: table: column: "
    'verdict: rule: outcome: rows: since: until:, as in rule:"analysts read" since:2026-11-01\n'
    "/audit help — this text\n"
    "Only auditors see other people's sessions, and each look-up is itself recorded."
)
HIDDEN: Final = "The statement is not shown: it reads protected columns. Auditors see it while its key is kept."
GONE: Final = "The statement can no longer be read: its key is gone or not held here."
# What an Entry may say in small print; values are names and numbers of our own making.
TOLD: Final = (
    "state",
    "decision",
    "outcome",
    "verdict",
    "rule",
    "seat",
    "attempt",
    "rows",
    "affected",
    "masked",
    "via",
)
MARKS: Final[Mapping[str, str]] = {"allow": "✅", "ask": "🙋", "refuse": "⛔"}


def calls(page: Found, text: str) -> Message:
    """Render one page of Calls, a line each; how far back it looked is said."""
    made: Blocks = [header("h", clip(f"Find {line(text)}", 150))]
    for number, each in enumerate(page.lines):
        said = f"{summary(each)} · {clip(line(each.person), 100)} · {clip(line(each.shape), 200)}"
        made.append(context(f"e{number}", plain(clip(said, 1500))))
    if not page.lines:
        made.append(section("none", "Nothing found."))
    if any(each.cut for each in page.lines):
        made.append(
            section("cut", "Some touch more names than an Entry holds: they may not have the one you asked for.")
        )
    if page.next is not None:
        made.append(section("reached", f"Looked back to {stamp(page.reached)}." if page.reached else "There is more."))
        value = f"{page.next} {text}"
        made.append(actions("p", button(OLDER, "Older ▶", value)) if len(value) <= VALUE else section("p", LONGER))
    return Message(text=escape(f"{len(page.lines)} Calls"), blocks=made)


def help_text(problem: str = "") -> Message:
    """Render the help, after one sentence on what was wrong."""
    said = f"{problem}\n\n{HELP}" if problem else HELP
    return Message(text=escape(f"/audit: {USAGE}"), blocks=[section("help", said)])


def nothing(what: str) -> Message:
    """Say that there is no such thing, or none for this person: the two look the same."""
    said = f"There is no such {what} for you."
    return Message(text=said, blocks=[section("none", said)])


def session(found: SessionLine, stories: tuple[Story, ...], first: int) -> Message:
    """Render one page of a Session: as many Calls from `first` on as a message holds."""
    made: Blocks = [header("h", clip(f"Session {line(found.session)}", 150)), about(found)]
    following = len(stories)
    for number, story in enumerate(stories[first:], start=first):
        told = tell(story, number)
        if number > first and not fits(made + told):
            following = number
            break
        made += told
    if following < len(stories):
        made.append(actions("p", button(NEXT, "Next ▶", f"{found.session}:{following}")))
    text = f"Session {line(found.session)}: {count(found.calls)} Calls"
    return Message(text=escape(text), blocks=made)


def fits(made: Blocks) -> bool:
    """Say whether blocks leave room for a page's buttons."""
    return len(made) <= ROOM and checker.size(made) <= BUDGET - 500


def about(found: SessionLine) -> Block:
    """Render whose Session, by which agent, when and how much."""
    return fields(
        "m",
        (
            ("Caller", clip(line(found.person), 200) or "unknown"),
            ("Agent", clip(line(found.agent), 200) or "unknown"),
            ("When", f"{stamp(found.began_at)} to {stamp(found.last_at)}"),
            ("Calls", f"{count(found.calls)} ({count(found.refused)} refused)"),
            ("Rows out", count(found.rows)),
        ),
    )


def tell(story: Story, number: int) -> Blocks:
    """Render one Call of a Session: one line, its purpose, its statement clipped and said to be."""
    made: Blocks = [context(f"e{number}", plain(summary(story.line)))]
    if story.purpose:
        made.append(context(f"r{number}", plain(f"Agent says: {clip(line(story.purpose), 200)}")))
    if story.statement:
        made.append(verbatim(f"q{number}", clip(reveal(story.statement).text, STATEMENT)))
    return made


def summary(found: CallLine) -> str:
    """Write a Call in one line: verdict, sequence, time, tool, Source, outcome, rows, masks."""
    said = [
        f"{MARKS.get(found.verdict, '•')} #{found.sequence} {stamp(found.at)}",
        f"{line(found.tool)} on {line(found.source)}",
        line(found.verdict),
        ended(found.outcome),
    ]
    said += [f"{count(found.rows)} rows"] if found.rows is not None else []
    said += [f"{count(found.masked)} masked"] if found.masked else []
    return clip(" · ".join(said) + f" · {line(found.call)}", 1000)


def ended(outcome: Outcome | None) -> str:
    """Name how a Call ended; an unknown outcome is called unknown."""
    if outcome is None:
        return "not finished"
    return "❓ outcome unknown" if outcome is Outcome.UNKNOWN else outcome.value


def call(story: Story) -> Message:
    """Render one Call with its Entries."""
    found = story.line
    made: Blocks = [
        header("h", clip(f"Call {line(found.call)}", 150)),
        fields(
            "m",
            (
                ("Caller", clip(line(found.person), 200) or "unknown"),
                ("Agent", clip(line(found.agent), 200) or "unknown"),
                ("Session", line(found.session)),
            ),
        ),
        context("e", plain(summary(found))),
    ]
    if story.purpose:
        made.append(context("r", plain(f"Agent says: {clip(line(story.purpose), 500)}")))
    if story.statement is not None:
        made.append(verbatim("q", clip(reveal(story.statement).text, WHOLE) or " "))
    else:
        made.append(section("q", HIDDEN if found.protected else GONE))
    made += entries(story.entries)
    return Message(text=escape(f"Call {line(found.call)}"), blocks=made)


def entries(sealed: tuple[Sealed, ...]) -> Blocks:
    """Render the Entries of a Call, a line each; how many more there are is said."""
    made = [context(f"j{number}", plain(entry(each))) for number, each in enumerate(sealed[:ENTRIES])]
    if len(sealed) > ENTRIES:
        made.append(context("more", plain(f"{count(len(sealed) - ENTRIES)} more Entries: assent audit call")))
    return made


def entry(sealed: Sealed) -> str:
    """Write an Entry as its sequence number, kind, and the few small facts that mean something to people."""
    body = sealed.body
    facts = [f"{name} {told}" for name in TOLD if (told := scalar(body.get(name)))]
    return clip(f"#{sealed.sequence} {scalar(body.get('kind'))} {' · '.join(facts)}".strip(), 200)


def scalar(value: Json) -> str:
    """Write a small value; of anything larger, nothing."""
    return line(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def stamp(at: datetime) -> str:
    """Write an instant in UTC."""
    return at.strftime("%d %b %H:%M:%S UTC")
