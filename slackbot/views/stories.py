"""A Session, a Call, a Review told to people, pure: who and why, what was decided by which rule and whom, what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from core.model import EntryKind, Json, Outcome
from core.ports import Anchored, CallLine, Sealed, SessionLine, Shown, Story
from core.revealing import line, reveal
from slackbot.kit import blocks as checker
from slackbot.kit.blocks import Block, Blocks
from slackbot.kit.parts import actions, button, context, fields, header, plain, section, verbatim
from slackbot.kit.room import BUDGET, tightest
from slackbot.kit.text import clip, count, escape, tally
from slackbot.views import cards
from slackbot.views.cards import Message

ROOM: Final = 45  # blocks of a page before its buttons; a message holds 50
STATEMENT: Final = 350  # of each statement in a session
WHOLE: Final = 2_600  # of a call's own
ENTRIES: Final = 20
ENTRY: Final = 200
STEPS: Final = 12  # of a Call in a session
STEP: Final = 200  # characters; so many of them stand in one piece of small print
CALLS: Final = 12  # a page: each of their Entries is proven before it is shown
NEXT: Final = "audit.next"
VERIFY: Final = "audit.verify"
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
# The Entries of a story beside its Calls: what people did, and how it ended.
STEPPED: Final[Mapping[str, str]] = {
    EntryKind.VOTE.value: "🗳️ {decision} by {who} ({seat})",
    EntryKind.DECIDED.value: "⚖️ {decision}",
    EntryKind.REVIEW_EXPIRED.value: "⌛ expired",
    EntryKind.REVIEW_CANCELLED.value: "🚫 cancelled",
    EntryKind.REVOKED.value: "↩️ revoked",
    EntryKind.STOP.value: "🛑 wanted stopped",
    EntryKind.GLASS_CLOSED.value: "🔎 the answer given alone was looked at",
    EntryKind.LAPSED.value: "⌛ not used in time",
    EntryKind.RESOLVED.value: "🔎 resolved: {outcome}",
    EntryKind.OUTCOME.value: "▶️ {outcome}",
}


def session(found: SessionLine, stories: tuple[Story, ...], first: int, anchored: Anchored | None) -> Message:
    """Render one page of a Session: as many Calls from `first` on as a message holds."""
    page = stories[first : first + CALLS]
    made: Blocks = [header("h", clip(f"Session {line(found.session)}", 150)), about(found), proof(page, anchored)]
    following = first + len(page)
    for number, story in enumerate(page, start=first):
        told = tell(story, number)
        if number > first and not fits(made + told):
            following = number
            break
        made += told
    further = (button(NEXT, "Next ▶", f"{found.session}:{following}"),) if following < len(stories) else ()
    made.append(actions("p", *further, button(VERIFY, "Verify Journal", found.session)))
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


def proof(stories: Sequence[Story], anchored: Anchored | None) -> Block:
    """Say how these Entries stand in the signed Journal: proven, newer than what is signed, or not as signed."""
    numbers = sorted(each.sequence for story in stories for each in story.entries)
    if not numbers or anchored is None:
        return context("v", plain("🔓 Nothing of it is signed yet."))
    of = f"#{numbers[0]}–#{numbers[-1]}"
    if anchored.astray:
        named = ", ".join(f"#{number}" for number in anchored.astray[:10])
        return context("v", plain(f"⚠️ Not as signed: {named}. Tell an operator: assent audit verify"))
    newer = len(numbers) - anchored.signed
    said = f"🔒 {count(anchored.signed)} Entries proven in the signed Journal · {of} · head {anchored.root[:16]}"
    return context("v", plain(said + (f" · {count(newer)} newer than that" if newer else "")))


def tell(story: Story, number: int) -> Blocks:
    """Render one Call of a Session: one line, its purpose, its statement clipped and said to be, what people did."""
    said = f"{summary(story.line)}{ruled(story)}"
    made: Blocks = [context(f"e{number}", plain(clip(said, 1_200)))]
    if story.purpose:
        made.append(context(f"r{number}", plain(f"Agent says: {clip(line(story.purpose), 200)}")))
    if story.statement:
        made.append(verbatim(f"q{number}", clip(reveal(story.statement).text, STATEMENT)))
    if told := steps(story):
        made.append(context(f"s{number}", plain(told)))
    return made


def ruled(story: Story) -> str:
    """Name the rules that decided a Call, and the grant under which it ran in people's place."""
    verdict = next((each.body["verdict"] for each in story.entries if "verdict" in each.body), None)
    rules = verdict.get("rules") if isinstance(verdict, Mapping) else None
    named = [line(str(each)) for each in rules] if isinstance(rules, Sequence) and not isinstance(rules, str) else []
    return (f" · rule {clip(', '.join(named), 200)}" if named else "") + granted(verdict, story.names)


def granted(verdict: Json, names: Mapping[str, str]) -> str:
    """Name a grant, its use, and who gave it; givers are named to auditors alone."""
    under = verdict.get("grant") if isinstance(verdict, Mapping) else None
    if not isinstance(under, Mapping):
        return ""
    by = under.get("by")
    givers = [names.get(str(each), "a reviewer") for each in by] if isinstance(by, list | tuple) else []
    said = f", given by {', '.join(clip(line(giver), 100) for giver in givers[:5])}" if givers else ""
    return f" · under grant {scalar(under.get('id'))}, use {scalar(under.get('use'))}{said}"


def steps(story: Story) -> str:
    """Write what people did and how it ended, a line each; how many more there are is said."""
    told = [step(each, story.names) for each in story.entries if scalar(each.body.get("kind")) in STEPPED]
    more = [f"{count(len(told) - STEPS)} more: /audit call {line(story.line.call)}"] if len(told) > STEPS else []
    return "\n".join(told[:STEPS] + more)


def step(sealed: Sealed, names: Mapping[str, str]) -> str:
    """Write one of them; who voted is named to auditors alone."""
    body = sealed.body
    who = names.get(scalar(body.get("person")), "a reviewer")
    facts = {name: scalar(body.get(name)) or "not told" for name in ("decision", "outcome", "seat")}
    said = STEPPED[scalar(body.get("kind"))].format(who=clip(line(who), 100), **facts)
    numbers = [f"{count(number)} {unit}" for name, unit in SPENT if isinstance(number := body.get(name), int)]
    return clip(" · ".join([f"#{sealed.sequence} {clock(body.get('ts'))} {said}", *numbers]), STEP)


SPENT: Final = (("affected", "changed"), ("rows", "rows"), ("masked", "masked"), ("dur_ms", "ms"))


def clock(milli: Json) -> str:
    """Write an Entry's time in UTC."""
    return datetime.fromtimestamp(milli / 1000, UTC).strftime("%H:%M:%S") if isinstance(milli, int) else ""


def summary(found: CallLine) -> str:
    """Write a Call in one line: verdict, sequence, time, tool, Source, outcome, rows, masks."""
    said = [
        f"{MARKS.get(found.verdict, '•')} #{found.sequence} {stamp(found.at)}",
        f"{line(found.tool)} on {line(found.source)}",
        line(found.verdict),
        ended(found.outcome),
    ]
    said += [tally(found.rows)] if found.rows is not None else []
    said += [f"{count(found.masked)} masked"] if found.masked else []
    return clip(" · ".join(said) + f" · {line(found.call)}", 1000)


def ended(outcome: Outcome | None) -> str:
    """Name how a Call ended; an unknown outcome is called unknown."""
    if outcome is None:
        return "not finished"
    return "❓ outcome unknown" if outcome is Outcome.UNKNOWN else outcome.value


def call(story: Story) -> Message:
    """Render one Call with its Entries."""
    made = tightest(lambda size: _call(story, size), WHOLE, 1_000, 100)
    return Message(text=escape(f"Call {line(story.line.call)}"), blocks=made)


def _call(story: Story, size: int) -> Blocks:
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
        context("e", plain(clip(f"{summary(found)}{ruled(story)}", 1_200))),
    ]
    if story.purpose:
        made.append(context("r", plain(f"Agent says: {clip(line(story.purpose), 500)}")))
    if story.statement is not None:
        made.append(verbatim("q", clip(reveal(story.statement).text, size) or " "))
    else:
        made.append(section("q", HIDDEN if found.protected else GONE))
    return made + entries(story.entries, min(size, ENTRY))


def review(shown: Shown | None, story: Story | None) -> Message:
    """Render one Review as its card stands, without its buttons, and what people did; who asks may see no number."""
    made: Blocks = []
    if shown is not None:
        made += [each for each in cards.card(shown).blocks if each["type"] != "actions"]
    elif story is not None:
        made += call(story).blocks
    if story is not None and (told := steps(story)):
        made += [context("steps", plain(clip(told, WHOLE if checker.size(made) < BUDGET // 2 else STATEMENT)))]
    name = line(shown.review.id) if shown is not None else "of another"
    return Message(text=escape(f"Review {name}"), blocks=made)


def entries(sealed: tuple[Sealed, ...], size: int) -> Blocks:
    """Render the Entries of a Call, a line each; how many more there are is said."""
    made = [context(f"j{number}", plain(clip(entry(each), size))) for number, each in enumerate(sealed[:ENTRIES])]
    if len(sealed) > ENTRIES:
        made.append(context("more", plain(f"{count(len(sealed) - ENTRIES)} more Entries: assent audit call")))
    return made


def entry(sealed: Sealed) -> str:
    """Write an Entry as its sequence number, kind, and the few small facts that mean something to people."""
    body = sealed.body
    facts = [f"{name} {told}" for name in TOLD if (told := scalar(body.get(name)))]
    return f"#{sealed.sequence} {scalar(body.get('kind'))} {' · '.join(facts)}".strip()


def scalar(value: Json) -> str:
    """Write a small value; of anything larger, nothing."""
    return line(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def stamp(at: datetime) -> str:
    """Write an instant in UTC."""
    return at.strftime("%d %b %H:%M:%S UTC")
