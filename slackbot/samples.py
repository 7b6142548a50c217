"""One of every message and view that the bot sends, of invented questions: `assent slack doctor` asks Slack of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from core.model import (
    Caller,
    CallId,
    Digest,
    Facts,
    Kind,
    Limits,
    OnApproval,
    PayloadId,
    Person,
    Question,
    Reason,
    Review,
    ReviewId,
    Seat,
    SessionId,
    State,
    Tool,
)
from core.ports import Found, SessionLine, Shown
from slackbot import audit, cards, home, modals
from slackbot.blocks import Block
from slackbot.cards import Message

NOW: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DIGEST: Final = Digest("0" * 64)
STATEMENT: Final = "DELETE FROM orders\nWHERE status = 'abandoned'"
WHO: Final = Person(directory="example", id="dana")


def asked(*, state: State = State.PENDING, statement: str = STATEMENT, risk: str = "medium") -> Shown:
    """Invent a question."""
    caller = Caller(
        issuer="https://login.example.com",
        subject="dana",
        client="agent",
        kind=Kind.PERSON,
        person=WHO,
        owner=None,
        email="dana@example.com",
        groups=frozenset(),
        scopes=frozenset(),
        authenticated_at=NOW,
        expires_at=NOW + timedelta(hours=1),
    )
    question = Question(
        call=CallId("call_EXAMPLE"),
        source="shop",
        role="app_rw",
        statement=statement,
        text=statement,
        parameters=("a parameter", 1, None),
        masks=frozenset(),
        limits=Limits(affected_rows=5_000),
        policy="0" * 64,
        tree=Digest("1" * 64),
        caller=caller,
        tool=Tool.EXECUTE,
        digest=DIGEST,
    )
    facts = Facts(
        purpose="clean abandoned carts",
        verbs=("delete",),
        things=("public.orders",),
        facts=(),
        risk=risk,
        reasons=(Reason(rule="changes need one DBA", sentence="a change asks people"),),
        counted=1_204,
        undo="no",
        agent="An agent",
    )
    return Shown(review=review(state), question=question, facts=facts, votes=(), eligible=True)


def review(state: State) -> Review:
    """Invent a Review."""
    return Review(
        id=ReviewId("rev_EXAMPLE"),
        call=CallId("call_EXAMPLE"),
        request_key="k",
        digest=DIGEST,
        state=state,
        version=1,
        seats=(Seat(group="dba", count=1),),
        requester=WHO,
        owner=None,
        principal=("https://login.example.com", "dana", "agent"),
        question=PayloadId("pay_1"),
        facts=PayloadId("pay_2"),
        risk="medium",
        on_approval=OnApproval.RUN,
        channel=None,
        opened_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )


def messages() -> Iterator[tuple[str, Message]]:
    """Give every kind of message under its name."""
    for state in State:
        yield f"card, {state.value}", cards.card(asked(state=state))
    yield "card, long", cards.card(asked(statement=STATEMENT + "\n" * 60 + "x" * 20_000))
    yield "card, grave", cards.card(asked(risk="critical"))
    pending = asked()
    yield "card, protected", cards.card(replace(pending, facts=replace(pending.facts, protected=True)))
    yield "card, plain", cards.bare(pending)
    listed = audit.sessions([session()], page=1, span="last day", older="2 1 1")
    yield "/audit list", listed
    if listed.instead is not None:
        yield "/audit list, without a table", listed.instead
    yield "/audit find", audit.calls(Found(lines=()), "words")
    yield "/audit pending", audit.waiting([pending])
    yield "/audit help", audit.help_text("a problem")
    yield "/audit link", audit.begun(f"https://assent.example.com/link?of={'x' * 43}")


def session() -> SessionLine:
    """Invent a Session."""
    return SessionLine(
        session=SessionId("ses_EXAMPLE"),
        began_at=NOW,
        last_at=NOW,
        person="dana@example.com",
        agent="An agent",
        calls=14,
        refused=2,
        rows=1_322,
    )


def views() -> Iterator[tuple[str, Block]]:
    """Give every kind of view under its name."""
    yield "full view", modals.full(asked()).view
    yield "full view, long", modals.full(asked(statement="x" * 60_000)).view
    yield "denial", modals.deny(cards.ref(asked()))
    yield "App Home", home.home([asked(), replace(asked(), eligible=False)], [session()])
    yield "App Home of nobody", home.nobody("A sentence.")
    yield "notice", modals.notice("A sentence.")
