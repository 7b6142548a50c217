"""One of every message and view that the bot sends, of invented questions: `assent slack doctor` asks Slack of them.

A test holds that every function which renders something is run for at least one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.model import SessionId, State
from core.ports import Anchored, Found, Mark, SlackLink
from slackbot.clicks import linking
from slackbot.home import reminders
from slackbot.invented import CAPS, NOW, STATEMENT, WHO, Invented, review
from slackbot.kit.blocks import Block
from slackbot.views import audit, cards, glass, home, modals, notices, owed, stories
from slackbot.views.cards import Message
from slackbot.views.owed import Owed

PLAIN = Invented()
ADDRESS = f"https://assent.example.com/link?of={'x' * 43}"


def messages(of: Invented = PLAIN) -> Iterator[tuple[str, Message]]:
    """Give every kind of message under its name."""
    yield from pending(of)
    yield from moved(of)
    yield from instead(of)
    yield from lookups(of)
    yield from told(of)


def pending(of: Invented) -> Iterator[tuple[str, Message]]:
    """Give the cards of what waits."""
    yield "card, pending", cards.card(of.asked())
    yield "card, long", cards.card(of.asked(statement=STATEMENT + "\n" * 60 + "x" * 20_000))
    yield "card, grave", cards.card(of.asked(risk="critical"))
    yield "card, protected", cards.card(of.masked())
    yield "card, one of two", cards.card(of.voted())
    yield "card, in an emergency", cards.card(of.breakable())


def moved(of: Invented) -> Iterator[tuple[str, Message]]:
    """Give the cards of every later state."""
    for state in State:
        yield f"card, {state.value}, voted", cards.card(of.ran(state))
    yield "card, denied", cards.card(of.denied())
    yield "card, failed", cards.card(of.ran(State.FAILED, code="over_cap"))
    yield "card, with a grant", cards.card(of.voted(State.APPROVED, grant=CAPS))
    yield "card, answered alone", cards.card(of.broken())
    yield "card, answered alone and overdue", cards.card(of.broken(overdue=True))
    yield "card, looked at", cards.card(of.broken(closed=True))


def instead(of: Invented) -> Iterator[tuple[str, Message]]:
    """Give what stands in a card's place."""
    yield "card, plain", cards.bare(of.asked())
    yield "card, plain, approved", cards.bare(of.asked(state=State.APPROVED))
    yield "card, erased", notices.erased(review(State.EXECUTED))
    yield "card, gone", notices.gone("A sentence.")


def lookups(of: Invented) -> Iterator[tuple[str, Message]]:
    """Give the answers of `/audit`."""
    lines = [replace(of.session(), session=SessionId(f"ses_EXAMPLE{number}")) for number in range(10)]
    listed = audit.sessions(lines, page=1, span="last day", older="2 1 1")
    yield "/audit list", listed
    if listed.instead is not None:
        yield "/audit list, without a table", listed.instead
    yield "/audit list, empty", audit.sessions([], page=1, span="last day")
    proven = Anchored(size=9, root="9f31c04de5a2b7c8", signed=3)
    yield "/audit session", stories.session(of.session(), (of.story(),) * 14, 0, proven)
    yield "/audit session, many votes", stories.session(of.session(), (of.story(votes=30),), 0, None)
    astray = replace(proven, astray=(48_202,))
    yield "/audit session, not as signed", stories.session(of.session(), (of.story(),), 0, astray)
    yield "/audit call", stories.call(of.story(votes=30))
    yield "/audit call, erased", stories.call(of.story(kept=False))
    yield "/audit review", stories.review(of.ran(State.EXECUTED), of.story(votes=30))
    yield "/audit review, of others", stories.review(None, of.story())
    found = Found(lines=(replace(of.line(), cut=True),) * 20, next=Mark(at_ms=1, sequence=1), reached=NOW)
    yield "/audit find", audit.calls(found, of.said("orders"))
    yield "/audit find, nothing", audit.calls(Found(lines=()), "words")
    yield "/audit pending", owed.message(debts(of))
    yield "/audit pending, nothing", owed.message(Owed())
    yield "/audit verify", audit.verified({"result": "ok", "entries": 9, "signed": 9, "checkpoints": 1})
    yield "/audit verify, findings", audit.verified({"result": "findings", "findings": [of.said("a gap")] * 30})
    yield "/audit help", audit.help_text("a problem")
    yield "/audit link", audit.begun(ADDRESS)
    yield "/audit link, by an operator", audit.link("T0123456789", "U0123456789")
    yield "/audit, nothing of the kind", audit.nothing("call")


def told(of: Invented) -> Iterator[tuple[str, Message]]:
    """Give what people are told in messages of their own, and operators in the channel."""
    link = SlackLink(team="T1", user="U1", person=WHO, email=of.said("dana@example.com"), at=NOW)
    yield "link, made", audit.told(linking.linked(link))
    yield "link, lost", audit.told(linking.lost(link, replace(link, user="U2")))
    yield "reminder", reminders.message(of.asked())
    yield "policy, wider", notices.news(of.said("• rule 'analysts read' asks nobody any more"))


def views(of: Invented = PLAIN) -> Iterator[tuple[str, Block]]:
    """Give every kind of view under its name."""
    yield "full view", modals.full(of.asked()).view
    yield "full view, long", modals.full(of.asked(statement="x" * 60_000)).view
    yield "full view, protected", modals.full(of.masked()).view
    yield "full view, with a grant", modals.full(of.offered()).view
    yield "full view, of somebody else", modals.full(replace(of.voted(), eligible=False)).view
    yield "denial", modals.deny(cards.ref(of.asked()))
    yield "answering alone", glass.alone(modals.everything(of.breakable()), "{}")
    yield "looking at it", glass.look(str(cards.ref(of.broken())))
    yield "App Home", home.home(debts(of), [of.session()] * 9)
    yield "App Home, nothing", home.home(Owed(), [])
    yield "App Home of nobody", home.nobody("A sentence.")
    yield "notice", modals.notice("A sentence.")


def debts(of: Invented) -> Owed:
    """Invent more than a page holds of all that is owed."""
    late = replace(of.asked(), eligible=False)
    alone = [of.broken(overdue=True), *[of.broken()] * 20]
    return Owed(reviews=[*[of.asked()] * 20, late], alone=alone, grants=[of.grant(n) for n in range(20)])
