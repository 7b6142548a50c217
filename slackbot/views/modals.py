"""The modals, pure: a denial with its reason, the full statement with its own Approve, and a sentence to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, final

from core.model import State
from core.ports import Shown
from core.revealing import line, reveal
from core.reviews.misleading import warnings
from slackbot.kit import words
from slackbot.kit.blocks import Block, Blocks
from slackbot.kit.parts import context, label, moment, plain, section, verbatim
from slackbot.kit.reading import VALUE, picked, typed
from slackbot.kit.shapes import BLOCKS_IN_VIEW
from slackbot.kit.text import clip, count, pieces, unescape
from slackbot.views import cards, glass, granting
from slackbot.views.cards import Ref

PIECE: Final = 2_900
PIECES: Final = 90  # Slack allows 100 blocks in a view; more statement than this is decided on the command line
FACTS: Final = 4  # pieces of verbs, things and rules
NOTE: Final = 460  # with the chosen reason before it, within the 500 characters that a note may have

DENIED: Final = "review.denied"
APPROVED: Final = "review.approved"
KIND: Final = "kind"
WORDS: Final = "note"
CAP: Final = "cap"

ASKED: Final = re.compile(r"[spt](?:h|[0-9]{1,2})")  # blocks of what is asked
BESIDE: Final = re.compile(r"f\.[0-9]+|w[0-3]|x|bh|b|r|c|cap|gd|gh|grant(?:\.[a-z]+)?|ticket|reason")

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scope": "Too broad: narrow it",
        "wrong": "Wrong table or environment",
        "sensitive": "Not allowed to see this",
        "unclear": "Reason unclear",
    }
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """The full view, and whether it may carry Approve: only where every piece is in it and this person may vote."""

    view: Block
    approves: bool


def deny(question: Ref) -> Block:
    """Ask why; the note reaches the agent, and the label says so."""
    options = [{"text": label(text), "value": value} for value, text in REASONS.items()]
    note = {"type": "plain_text_input", "action_id": VALUE, "multiline": True, "max_length": NOTE}
    return {
        "type": "modal",
        "callback_id": DENIED,
        "private_metadata": str(question),
        "title": label("Deny request"),
        "submit": label("Deny"),
        "close": label("Back"),
        "blocks": [
            {
                "type": "input",
                "block_id": KIND,
                "label": label("Why"),
                "element": {"type": "static_select", "action_id": VALUE, "options": options},
            },
            {
                "type": "input",
                "block_id": WORDS,
                "optional": True,
                "label": label("Tell the agent (it reads this)"),
                "element": note,
            },
        ],
    }


def reason(values: object) -> str | None:
    """Read why out of a submitted denial: one line of the chosen reason and the note; None when none was chosen."""
    chosen = REASONS.get(picked(values, KIND))
    if chosen is None:
        return None
    note = line(typed(values, WORDS))[:NOTE]
    return f"{chosen}. {note}" if note else f"{chosen}."


def cap(values: object, most: int | None) -> int | None:
    """Read a lowered cap of rows; None when the field was left empty.

    Raises: ValueError when it is no whole number from 0 to the cap that the rule sets.
    """
    text = typed(values, CAP).strip()
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else -1
    if most is None or not 0 <= number <= most:
        raise ValueError("not a whole number within the cap")
    return number


def full(shown: Shown) -> Full:
    """Show all facts, counts included, and every character of what would run; approve only from here when long.

    Only for someone who may see it: of a protected question that is an eligible voter, never the requester.
    """
    approves = whole(shown) and shown.eligible and shown.review.state is State.PENDING
    view: Block = {
        "type": "modal",
        "title": label("Full statement"),
        "close": label("Back"),
        "private_metadata": str(cards.ref(shown)),
        "callback_id": APPROVED,
        "blocks": [*everything(shown), *(chosen(shown) if approves else ())],
    }
    if approves:
        view["submit"] = label("Approve once")
    return Full(view=view, approves=approves)


def everything(shown: Shown) -> Blocks:
    """Render all that is asked and nothing to choose; where no modal holds it, where else it can be decided."""
    asked = content(shown) if whole(shown) else [section("long", beyond(shown))]
    return [*about(shown), *asked, *after(shown)]


def about(shown: Shown) -> Blocks:
    """Render the facts, counts included, and what there is to warn of."""
    made: Blocks = [cards.summary(shown, private=True)]
    made += [section(f"w{number}", piece) for number, piece in enumerate(pieces(subject(shown), PIECE)[:FACTS])]
    said = warnings(cards.asked(shown))
    return [*made, section("x", "\n".join(said))] if said else made


def after(shown: Shown) -> Blocks:
    """Render the sample, what the agent says of itself, and who is needed until when."""
    purpose = context("r", plain(clip(f"Agent says: {line(shown.facts.purpose)}", 2000)))
    return [*sample(shown), purpose, footer(shown)]


def chosen(shown: Shown) -> Blocks:
    """Offer what an approval may say beside yes: a lower cap, a grant."""
    return [*lower(shown), *granting.choice(shown)]


def sample(shown: Shown) -> Blocks:
    """Show a few rows before and after, where there are any: only here, to a person who may decide."""
    found = shown.facts.sample
    if found is None or not shown.eligible:
        return []
    rows = "\n".join(" | ".join(map(line, row)) for row in (found.columns, *found.rows))
    head = f"Sample of {count(len(found.rows))} rows before and after, masked as agents see them"
    return [section("bh", head), verbatim("b", clip(reveal(rows).text, PIECE))]


def subject(shown: Shown) -> str:
    """Say in full which verbs on which things, and which rules stopped it."""
    return f"{words.verbs(shown)} · {', '.join(map(line, shown.facts.things))}\n{words.why(shown)}"


def whole(shown: Shown) -> bool:
    """Say whether a modal can hold everything; what it cannot hold cannot be approved in Slack."""
    asked = content(shown)
    if len(asked) > PIECES or len(subject(shown)) > FACTS * PIECE:
        return False
    inputs = max(len(chosen(shown)), glass.INPUTS)
    return len(about(shown)) + len(asked) + len(after(shown)) + inputs <= BLOCKS_IN_VIEW


def footer(shown: Shown) -> Block:
    """Render quorum, expiry, id and digest."""
    return context(
        "c",
        plain(words.quorum(shown)),
        moment("expires", shown.review.expires_at),
        plain(words.reference(shown)),
    )


def content(shown: Shown) -> Blocks:
    """Render statement, parameters and, where masks changed it, the text that runs, in pieces that lose nothing."""
    question = shown.question
    runs = question.text if question.text != question.statement else ""
    parts = (
        ("s", "", question.statement),
        ("p", "Parameters", words.parameters(question.parameters)),
        ("t", "What runs: the same statement with masks put in", runs),
    )
    made: Blocks = []
    for name, title, text in parts:
        shown_pieces = pieces(reveal(text).text, PIECE)
        made += [section(f"{name}h", title)] if title and shown_pieces else []
        made += [verbatim(f"{name}{number}", piece) for number, piece in enumerate(shown_pieces)]
    return made


def beyond(shown: Shown) -> str:
    """Say that Slack cannot hold it, and where it can be decided."""
    size = count(len(cards.asked(shown)))
    command = f"assent review show {line(shown.review.id)}"
    return f"{size} characters are more than Slack shows: it cannot be approved here. Read and decide with: {command}"


def genuine(shown: Shown, blocks: object) -> bool:
    """Say whether a modal that is sent back shows the statement, the parameters and what runs, as the store has them.

    Its metadata names the question: whoever opened one in our name could show another above the button. What Votes and
    counts change meanwhile is not compared; a block that is none of ours has no place in it.
    """
    given = [one for one in blocks if isinstance(one, Mapping)] if isinstance(blocks, list) else []
    named = [(str(one.get("block_id")), one) for one in given]
    if any(not (ASKED.fullmatch(name) or BESIDE.fullmatch(name)) for name, _ in named):
        return False
    theirs = [(name, told(one)) for name, one in named if ASKED.fullmatch(name)]
    return theirs == [(str(one["block_id"]), told(one)) for one in content(shown)]


def told(block: Mapping[str, object]) -> str:
    """Join what a block says, however Slack splits it."""
    return unescape("".join(text.partition(":")[2] for text in cards.texts(block))).rstrip()


def lower(shown: Shown) -> Blocks:
    """Offer to lower the cap of rows where there is one; it can never be raised."""
    most = shown.question.limits.affected_rows
    if most is None:
        return []
    element = {
        "type": "number_input",
        "action_id": VALUE,
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": str(most),
    }
    title = label(f"Stop above this many rows (at most {count(most)})")
    return [{"type": "input", "block_id": CAP, "optional": True, "label": title, "element": element}]


def notice(sentence: str, title: str = "Assent") -> Block:
    """Show one sentence of ours in place of a modal."""
    return {"type": "modal", "title": label(title), "close": label("Close"), "blocks": [section("said", sentence)]}
