"""A Review as Block Kit, pure: the approval card, the card of every later state, and the plain one when all else fails.

Text from people, agents, databases and policy stands only in plain text and rich text; mrkdwn holds our own dates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, final

from core.model import Digest, ReviewId, State
from core.ports import Shown
from core.revealing import line, reveal
from core.reviews.misleading import warnings
from slackbot.kit import blocks as checker
from slackbot.kit import words
from slackbot.kit.blocks import Block, Blocks
from slackbot.kit.parts import (
    HEADER,
    actions,
    button,
    confirm,
    context,
    fields,
    header,
    moment,
    plain,
    section,
    verbatim,
)
from slackbot.kit.room import BUDGET
from slackbot.kit.text import clip, count, escape, unescape
from slackbot.views import glass

CHARACTERS: Final = 2_600  # more, or more lines, and the card loses its one-click Approve
LINES: Final = 40
NOTIFICATION: Final = 300
PURPOSE: Final = 300
GIVEN: Final = 900  # of bound parameters
WHY: Final = 900

APPROVE: Final = "review.approve"
DENY: Final = "review.deny"
OPEN: Final = "review.open"
REVOKE: Final = "review.revoke"
BLOCK: Final = "agent.block"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """What a button carries: which question was shown; never a right."""

    review: ReviewId
    version: int
    digest: Digest

    def __str__(self) -> str:
        return json.dumps({"r": self.review, "v": self.version, "d": self.digest}, separators=(",", ":"))

    @classmethod
    def parse(cls, text: object) -> Ref | None:
        """Read a button's value or a modal's metadata; anything else is None."""
        try:
            found = json.loads(text) if isinstance(text, str) else None
        except ValueError:
            return None
        match found:
            case {"r": str(review), "v": int(version), "d": str(digest), **rest} if not rest:
                return cls(review=ReviewId(review), version=version, digest=Digest(digest))
            case _:
                return None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is posted: the notification's text and the blocks; `instead` where Slack may refuse those."""

    text: str
    blocks: Blocks
    instead: Message | None = None


def ref(shown: Shown) -> Ref:
    """Name the question on this card."""
    return Ref(review=shown.review.id, version=shown.review.version, digest=shown.question.digest)


def asked(shown: Shown) -> str:
    """Give everything of the question that people must have seen: statement, parameters, and the text that runs."""
    question = shown.question
    given = words.parameters(question.parameters)
    said = question.statement + (f"\n{given}" if given else "")
    return said if question.text == question.statement else f"{said}\n{question.text}"


def obstacles(shown: Shown) -> tuple[str, ...]:
    """Say why the card may carry no one-click Approve; empty: it may."""
    facts, seen = shown.facts, reveal(asked(shown)).text
    found: list[str] = []
    if facts.protected or shown.question.text != shown.question.statement:
        found.append("it touches protected columns")
    if facts.risk not in words.MILD:
        found.append(f"its risk is {line(facts.risk)}")
    if grave := sorted(words.GRAVE.intersection(verb.lower() for verb in facts.verbs)):
        found.append(f"it is {', '.join(grave)}")
    if len(seen) > CHARACTERS or seen.count("\n") >= LINES:
        found.append(f"it has {count(len(seen))} characters in {count(seen.count(chr(10)) + 1)} lines")
    if any(len(value) > most for value, most in measured(shown)):
        found.append("its facts are longer than the card")
    return tuple(found)


def measured(shown: Shown) -> tuple[tuple[str, int], ...]:
    """Give the facts that a card may have to cut, each with its room."""
    objects = ", ".join(map(line, shown.facts.things))
    return (
        (words.who(shown), 2 * words.NAME),
        (words.where(shown), 2 * words.NAME),
        (words.why(shown), WHY),
        (words.verbs(shown), 40),
        (objects, 80),
        (line(shown.facts.undo), 300),
        (reveal(words.parameters(shown.question.parameters)).text, GIVEN),
    )


def card(shown: Shown) -> Message:
    """Render a Review for the channel, in whatever state it is; always within Slack's limits."""
    made = approval(shown) if shown.review.state is State.PENDING else decided(shown)
    fits = checker.size(made.blocks) <= BUDGET and not checker.message(made.text, made.blocks)
    return made if fits else bare(shown)


def notification(shown: Shown) -> str:
    """Write the top-level text: it notifies and would ping, so it is escaped, on one line, with an end."""
    said = f"{words.headline(shown)} ({line(shown.facts.risk)}) by {words.who(shown)}"
    state = shown.review.state
    prefix = "Review needed" if state is State.PENDING else words.STATES[state]
    return escape(clip(f"{prefix}: {said}", NOTIFICATION))


def approval(shown: Shown) -> Message:
    """Render a pending Review: what and how much, who and where, why, undo, the statement, the agent's reason."""
    stamp = shown.review.version
    icon = words.RISKS.get(shown.facts.risk, words.RISKS["critical"])
    made: Blocks = [
        header(f"h.{stamp}", clip(f"{icon} {words.headline(shown)}", HEADER)),
        summary(shown, private=False),
        section(f"w.{stamp}", clip(words.why(shown), WHY)),
        *statement(shown),
    ]
    if shown.facts.purpose and not shown.facts.protected:
        said = f"Agent says: {clip(line(shown.facts.purpose), PURPOSE)}"
        made.append(context(f"r.{stamp}", plain(said)))
    made += [buttons(shown), *glass.asking(shown, str(ref(shown))), footer(shown)]
    return Message(text=notification(shown), blocks=made)


def summary(shown: Shown, *, private: bool) -> Block:
    """Render who, where, rows, undo; `private` where only an eligible reviewer looks."""
    alone = (("Like it took", words.took(shown)),) if private else ()
    return fields(
        f"f.{shown.review.version}",
        (
            ("Who", clip(words.who(shown), 2 * words.NAME)),
            ("Where", clip(words.where(shown), 2 * words.NAME)),
            ("Rows", words.rows(shown, private=private)),
            ("Undo", clip(line(shown.facts.undo), 300) or "not known"),
            ("Risk", line(shown.facts.risk) or "unknown"),
            *alone,
        ),
    )


def statement(shown: Shown) -> Iterator[Block]:
    """Render statement and parameters as far as the channel may see them, and what is missing in our own words."""
    stamp, blocked = shown.review.version, obstacles(shown)
    if shown.facts.protected:
        yield section(f"s.{stamp}", "The statement names protected columns: it stands in the full view.")
    else:
        text = reveal(shown.question.statement).text
        kept = excerpt(text)
        yield verbatim(f"s.{stamp}", kept or " ")
        if kept != text:
            missing = f"{count(len(text) - len(kept))} of {count(len(text))} characters are not shown here."
            yield section(f"m.{stamp}", missing)
        if given := reveal(words.parameters(shown.question.parameters)).text:
            yield verbatim(f"p.{stamp}", clip(given, GIVEN))
        if said := warnings(asked(shown)):
            yield section(f"x.{stamp}", "\n".join(said))
    if blocked and shown.review.state is State.PENDING:
        yield section(f"n.{stamp}", clip(f"Approve only in the full view: {'; '.join(blocked)}.", 900))


def excerpt(text: str) -> str:
    """Keep the first characters and lines that a card shows."""
    return "\n".join(text[:CHARACTERS].split("\n")[:LINES])


def buttons(shown: Shown) -> Block:
    """Render the choices; one primary button at most, and only where nothing is left unseen."""
    value = str(ref(shown))
    once = button(APPROVE, "Approve once", value, style="primary", spoken="Approve this statement once")
    return actions(
        f"a.{shown.review.version}",
        *(() if obstacles(shown) else (once,)),
        button(DENY, "Deny…", value, style="danger", spoken="Deny, with a reason"),
        button(OPEN, "Full statement…", value),
        block(value),
    )


def block(value: str) -> Block:
    """Render the button that stops the agent; a slip of the finger would stop everybody's."""
    said = "It is stopped for everybody it acts for: what waits is cancelled, what runs is given up."
    again = confirm("Block this agent for an hour?", said, "Block")
    return button(BLOCK, "Block agent…", value, spoken="Block this agent for an hour", again=again)


def brakes(shown: Shown) -> Blocks:
    """Render what takes an approval back, as long as something can still be stopped."""
    names = {State.APPROVED: "Revoke", State.EXECUTING: "Stop"}
    if (name := names.get(shown.review.state)) is None:
        return []
    value = str(ref(shown))
    return [actions(f"a.{shown.review.version}", button(REVOKE, name, value, style="danger"), block(value))]


def footer(shown: Shown) -> Block:
    """Render quorum, expiry, id and digest."""
    return context(
        f"c.{shown.review.version}",
        plain(words.quorum(shown)),
        moment("expires", shown.review.expires_at),
        plain(words.reference(shown)),
    )


def decided(shown: Shown) -> Message:
    """Render a Review that no longer waits: how it stands, what came of it, who decided."""
    stamp = shown.review.version
    lines = [f"{words.STATES[shown.review.state]} · {words.headline(shown)} · {clip(words.who(shown), 240)}"]
    lines += [said] if (said := words.result(shown)) else []
    made: Blocks = [section(f"d.{stamp}", "\n".join(lines))]
    if shown.note and not shown.facts.protected:
        made.append(section(f"y.{stamp}", f"Reviewer's reason: {clip(line(shown.note), 500)}"))
    made += [*glass.told(shown, str(ref(shown))), *statement(shown), *brakes(shown), verdict(shown)]
    return Message(text=notification(shown), blocks=made)


def verdict(shown: Shown) -> Block:
    """Render who decided and when, id and digest."""
    names = ", ".join(f"{clip(line(vote.name), words.NAME)} ({line(vote.seat)})" for vote in shown.votes)
    last = (moment("·", shown.votes[-1].at, "{date_short_pretty} {time_secs}"),) if shown.votes else ()
    return context(
        f"c.{shown.review.version}",
        plain(clip(f"by {names}", 1000) if names else "no Vote"),
        *last,
        *((plain(words.granted(shown)),) if words.granted(shown) else ()),
        plain(words.reference(shown)),
    )


def bare(shown: Shown) -> Message:
    """Render with nothing but sections and buttons, for when Slack or our own checker refuses the card."""
    stamp = shown.review.version
    made: Blocks = [section(f"d.{stamp}", clip(f"{words.STATES[shown.review.state]} · {words.headline(shown)}", 900))]
    if shown.review.state is State.PENDING:
        value = str(ref(shown))
        made += [
            section(f"w.{stamp}", clip(words.why(shown), WHY)),
            section(f"n.{stamp}", "Approve only in the full view: this card cannot show the statement."),
            actions(
                f"a.{stamp}",
                button(DENY, "Deny…", value, style="danger"),
                button(OPEN, "Full statement…", value),
                block(value),
            ),
        ]
    made += [*brakes(shown), context(f"c.{stamp}", plain(words.reference(shown)))]
    return Message(text=notification(shown), blocks=made)


def genuine(shown: Shown, message: object) -> bool:
    """Say whether a clicked message shows what this pending question's card shows, or showed before later Votes.

    Compared are the kinds of all blocks and every text; block ids and buttons are ours to check, not the message's to
    say, and attachments or files have no place in it.
    """
    if not isinstance(message, Mapping) or message.get("attachments") or message.get("files"):
        return False
    earlier = (replace(shown, votes=shown.votes[:number]) for number in range(len(shown.votes), -1, -1))
    return any(equal(approval(version).blocks, message.get("blocks")) for version in earlier)


def equal(own: Blocks, theirs: object) -> bool:
    """Compare rendered blocks with those of a message."""
    if not isinstance(theirs, list) or len(theirs) != len(own):
        return False
    return all(matches(mine, other) for mine, other in zip(own, theirs, strict=True))


def matches(own: Block, theirs: object) -> bool:
    """Compare one block as rendered with one as clicked."""
    if not isinstance(theirs, Mapping) or own["type"] != theirs.get("type"):
        return False
    if own["type"] == "actions":
        return True
    mine, seen = list(texts(own)), list(texts(theirs))
    return len(mine) == len(seen) and all(alike(a, b) for a, b in zip(mine, seen, strict=True))


def texts(node: object) -> Iterator[str]:
    """Give every leaf that a person could read or that could ping, with its kind, in the order it is drawn."""
    if isinstance(node, list):
        for inner in node:
            yield from texts(inner)
    elif isinstance(node, Mapping):
        if isinstance(text := node.get("text"), str):
            yield f"{node.get('type')}:{text}"
        elif "type" in node and not ({"text", "fields", "elements"} & node.keys()):
            yield f"{node['type']}:"
        if node.get("style"):
            yield "style:"
        for name in ("text", "fields", "accessory", "elements"):
            yield from texts(node.get(name))


def alike(own: str, theirs: str) -> bool:
    """Compare a text as sent with a text as handed back."""
    if theirs == own or unescape(theirs) == own:
        return True
    for name, icon in words.NAMES.items():
        theirs = theirs.replace(name, icon)
    return unescape(theirs) == own
