"""Invented questions, sessions and grants, for samples of what the bot sends; none of them ever reaches the line.

`words`, where some are given, stand in place of every word that people, agents, databases or policies say: so one
table of samples serves the plain ones, which Slack is asked about, and the hostile and the huge ones of the tests.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, final

from core.model import (
    Caller,
    CallId,
    Caps,
    Column,
    Coverage,
    Decision,
    Digest,
    EntryKind,
    Facts,
    Grant,
    GrantId,
    Json,
    Kind,
    Limits,
    Mask,
    Offer,
    OnApproval,
    Outcome,
    PayloadId,
    Person,
    Question,
    Reason,
    Review,
    ReviewId,
    Sample,
    Seat,
    SessionId,
    State,
    Tool,
    Vote,
)
from core.ports import CallLine, Glass, Lasting, Sealed, SessionLine, Shown, Story

NOW: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DIGEST: Final = Digest("0" * 64)
STATEMENT: Final = "DELETE FROM orders\nWHERE status = 'abandoned'"
WHO: Final = Person(directory="example", id="dana")
REVIEW: Final = ReviewId("rev_EXAMPLE")
CALL: Final = CallId("call_EXAMPLE")
SESSION: Final = SessionId("ses_EXAMPLE")
CAPS: Final = Caps(uses=20, rows=50, total=200, time=timedelta(minutes=30))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """A house that does not exist."""

    words: str = ""

    def said(self, plain: str) -> str:
        """Give a word of somebody's."""
        return self.words or plain

    def asked(self, *, state: State = State.PENDING, statement: str = STATEMENT, risk: str = "medium") -> Shown:
        """Invent a question."""
        text = self.said(statement)
        question = Question(
            call=CALL,
            source=self.said("shop"),
            role=self.said("app_rw"),
            statement=text,
            text=text,
            parameters=(self.said("a parameter"), 1, None),
            masks=frozenset(),
            limits=Limits(affected_rows=5_000),
            policy="0" * 64,
            tree=Digest("1" * 64),
            caller=self._caller(),
            tool=Tool.EXECUTE,
            digest=DIGEST,
        )
        return Shown(review=review(state), question=question, facts=self._facts(risk), votes=(), eligible=True)

    def masked(self) -> Shown:
        """Invent one that reads a protected column."""
        shown = self.asked()
        column = Column(relation=self.said("public.orders"), name=self.said("card"))
        masks = frozenset({Mask(column=column, tag="pci", kind="last4")})
        runs = f"{shown.question.statement}\nAND masked"
        question = replace(shown.question, text=runs, masks=masks)
        return replace(shown, question=question, facts=replace(shown.facts, protected=True))

    def offered(self) -> Shown:
        """Invent one whose shape may be let run as well, with a sample of what it would change."""
        shown = self.asked()
        offer = Offer(coverage=coverage(), most=CAPS)
        columns, rows = ("id", self.said("status")), (("1", self.said("open")), ("1", self.said("abandoned")))
        facts = replace(shown.facts, sample=Sample(columns=columns, rows=rows))
        return replace(shown, review=replace(shown.review, offer=offer), facts=facts, earlier=(12, 15, 80))

    def voted(self, state: State = State.PENDING, *, grant: Caps | None = None) -> Shown:
        """Invent one that somebody approved and somebody else still has to."""
        shown = self.asked(state=state)
        vote = Vote(
            review=REVIEW,
            person=Person(directory="example", id="rita"),
            name=self.said("rita@example.com"),
            seat="dba",
            decision=Decision.APPROVE,
            digest=DIGEST,
            via="slack:T1:U1",
            at=NOW,
            grant=grant,
        )
        seats = (Seat(group="dba", count=1), Seat(group=self.said("security"), count=1))
        return replace(shown, review=replace(shown.review, seats=seats), votes=(vote,))

    def denied(self) -> Shown:
        """Invent one that was denied, with a reason."""
        return replace(self.asked(state=State.DENIED), note=self.said("Too broad: narrow it. Name which ones."))

    def ran(self, state: State, *, code: str = "") -> Shown:
        """Invent one that ran."""
        ended: dict[str, Json] = {"outcome": "committed", "affected": 1_204, "dur_ms": 84, "code": code}
        return replace(self.voted(state), outcome=ended)

    def breakable(self) -> Shown:
        """Invent one that a named person may answer alone."""
        return replace(self.asked(), breakable=True)

    def broken(self, *, overdue: bool = False, closed: bool = False) -> Shown:
        """Invent one that somebody answered alone, and perhaps somebody else has looked at."""
        seen = Glass(
            by=self.said("bren@example.com"),
            why=self.said("INC-1\nNobody of the group is there"),
            due=NOW + timedelta(hours=24),
            overdue=overdue,
            closes=not closed,
            closed_by=self.said("rita@example.com") if closed else "",
            finding=self.said("justified") if closed else "",
            note=self.said("The incident is real") if closed else "",
        )
        return replace(self.ran(State.EXECUTED), glass=seen)

    def grant(self, number: int = 1) -> Lasting:
        """Invent a grant that still lets something run."""
        given = Grant(
            id=GrantId(f"gr_EXAMPLE{number}"),
            review=REVIEW,
            call=CALL,
            coverage=coverage(),
            caps=CAPS,
            until=NOW + CAPS.time,
            uses=3,
            rows=9,
        )
        return Lasting(
            grant=given,
            agent=self.said("An agent"),
            requester=self.said("dana@example.com"),
            does=self.said("delete public.orders"),
            givers=(self.said("rita@example.com"),),
            yours=True,
            may_end=True,
        )

    def session(self) -> SessionLine:
        """Invent a Session."""
        return SessionLine(
            session=SESSION,
            began_at=NOW,
            last_at=NOW,
            person=self.said("dana@example.com"),
            agent=self.said("An agent"),
            calls=14,
            refused=2,
            rows=1_322,
        )

    def line(self) -> CallLine:
        """Invent a Call in a list."""
        return CallLine(
            call=CALL,
            session=SESSION,
            at=NOW,
            person=self.said("dana@example.com"),
            agent=self.said("An agent"),
            source=self.said("shop"),
            tool="execute",
            verdict="ask",
            outcome=Outcome.COMMITTED,
            rows=1_204,
            masked=3,
            sequence=48_202,
            shape=self.said("DELETE FROM orders WHERE status = $1"),
        )

    def story(self, *, kept: bool = True, votes: int = 1) -> Story:
        """Invent what became of a Call."""
        rules: list[Json] = [self.said("changes need one DBA")]
        under: dict[str, Json] = {"id": "gr_EXAMPLE1", "use": 3, "by": ["p1"]}
        asked: dict[str, Json] = {"kind": EntryKind.INTENT.value, "verdict": {"rules": rules, "grant": under}}
        intent = Sealed(sequence=48_202, leaf="", body=asked)
        cast = [
            Sealed(
                sequence=48_203 + number,
                leaf="",
                body={"kind": EntryKind.VOTE.value, "person": "p1", "decision": "approve", "seat": self.said("dba")},
            )
            for number in range(votes)
        ]
        came: dict[str, Json] = {"kind": EntryKind.OUTCOME.value, "outcome": "committed", "affected": 1_204}
        ended = Sealed(sequence=48_203 + votes, leaf="", body=came)
        return Story(
            line=self.line(),
            statement=self.said(STATEMENT) if kept else None,
            purpose=self.said("clean abandoned carts") if kept else None,
            entries=(intent, *cast, ended),
            names={"p1": self.said("rita@example.com")},
        )

    def _caller(self) -> Caller:
        return Caller(
            issuer="https://login.example.com",
            subject="dana",
            client="agent",
            kind=Kind.PERSON,
            person=WHO,
            owner=None,
            email=self.said("dana@example.com"),
            groups=frozenset(),
            scopes=frozenset(),
            authenticated_at=NOW,
            expires_at=NOW + timedelta(hours=1),
        )

    def _facts(self, risk: str) -> Facts:
        return Facts(
            purpose=self.said("clean abandoned carts"),
            verbs=("delete",),
            things=(self.said("public.orders"),),
            facts=(),
            risk=risk,
            reasons=(Reason(rule=self.said("changes need one DBA"), sentence=self.said("a change asks people")),),
            counted=1_204,
            also=(self.said("a trigger of public.orders runs"),),
            undo=self.said("no"),
            agent=self.said("An agent"),
            denied=2,
        )


def coverage() -> Coverage:
    """Invent what a grant is of."""
    principal = ("https://login.example.com", "dana", "agent")
    return Coverage(fingerprint="f", principal=principal, source="shop", role="app_rw", masking="m", policy="p")


def review(state: State) -> Review:
    """Invent a Review."""
    return Review(
        id=REVIEW,
        call=CALL,
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
