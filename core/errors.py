"""Everything raised on purpose, by whose fault it is; `str(error)` is for operators, `public` for the agent."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, final


class GatewayError(Exception):
    """Base of all: a stable `code`, one `public` sentence that says what to do next, no secrets in either text."""

    code: ClassVar[str] = "internal"
    sentence: ClassVar[str] = "Something failed inside the gateway; nothing more ran. An operator has been told."

    def __init__(self, detail: str = "", *, public: str | None = None) -> None:
        super().__init__(detail or self.code)
        self.public = public or self.sentence


# ---------------------------------------------------------------- the caller's


class CallerError(GatewayError):
    """The call cannot be taken as it came; sending it otherwise may help."""


class TokenRefused(CallerError):
    """A token does not hold, or is not enough."""

    issuer = ""  # one of the configuration, that the token names; whether it gave the token is another matter


class Unauthenticated(TokenRefused):
    """No token, or one that does not hold; `str()` names the rule, never the token."""

    code = "unauthenticated"
    sentence = "Sign in again: the access token is missing, expired or not for this gateway."


class InsufficientScope(TokenRefused):
    """The token lacks a scope that the tool needs."""

    code = "insufficient_scope"
    sentence = "The access token lacks a scope that this tool needs."


class StaleSignIn(TokenRefused):
    """A person's act wants a sign-in of the last minutes, or a stronger one (RFC 9470)."""

    code = "insufficient_user_authentication"
    sentence = "Sign in again: this needs a sign-in of the last five minutes."


class BadCall(CallerError):
    """Arguments that make no Call: unknown source, NUL, lone surrogate, too large, no purpose."""

    code = "bad_call"
    sentence = "The call could not be read; check its arguments."


class UnfitAct(BadCall):
    """What operators propose or decide and what cannot be: they are told the reason itself; no value stands in it."""

    def __init__(self, detail: str) -> None:
        """`detail`: the reason, as a fragment."""
        super().__init__(detail, public=f"{detail[:1].upper()}{detail[1:]}.")


class NotFound(CallerError):
    """Not there, or not this Caller's: the two are indistinguishable."""

    code = "not_found"
    sentence = "There is no such call of yours; take the id from an earlier answer."


class Barred(CallerError):
    """What stands against a Call now, whatever it asks: refused, and nothing ran."""


class BudgetSpent(Barred):
    """A budget does not hold what this Call may use; nothing of it was used, and nothing ran."""

    code = "budget_spent"
    sentence = (
        "A budget does not hold what this may use; nothing ran. It begins anew at the full hour, or at midnight UTC."
    )

    def __init__(self, detail: str = "", *, name: str = "", again: datetime | None = None) -> None:
        """`again`: when the budget begins anew (aware, UTC)."""
        public = self.sentence if again is None else self.until(again, name)
        super().__init__(detail, public=public)
        self.again = again

    @staticmethod
    def until(again: datetime, name: str = "") -> str:
        """Say when it will be possible again."""
        of = f"The budget “{name}”" if name else "A budget"
        return f"{of} does not hold what this may use, and nothing ran. It begins anew at {again:%Y-%m-%d %H:%M} UTC."


class Blocked(Barred):
    """Who asks, their agent, the Source or everything is stopped: nothing of the unit remains."""

    code = "blocked"
    sentence = (
        "This caller, agent or source is stopped, or everything is. Nothing more runs; only an operator can end it."
    )


class Superseded(Barred):
    """Another policy came into force since this was decided: nothing of the unit remains."""

    code = "policy_changed"
    sentence = "The policy changed just now, and nothing ran. Send it again: it is decided anew."


class GrantEnded(CallerError):
    """The grant under which it ran was taken back, or does not hold its rows: nothing of the unit remains."""

    code = "grant_ended"
    sentence = "The grant under which this ran ended, or does not hold its rows; nothing changed. People decide anew."


class Busy(CallerError):
    """The queue is full; counted, not journalled as a Call."""

    code = "busy"
    sentence = "The gateway is busy; try again shortly."

    def __init__(self, detail: str = "", *, retry_after: timedelta = timedelta(seconds=2)) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


# ---------------------------------------------------------------- the statement's or the source's


class SourceError(GatewayError):
    """The source refused, failed or stayed away."""

    code = "source_error"
    sentence = "The source reported an error."


class StatementFailed(SourceError):
    """The engine ended the statement with a SQLSTATE; message, detail and hint never leave the connector."""

    code = "statement_failed"

    def __init__(self, sqlstate: str, *, public: str) -> None:
        super().__init__(f"sqlstate {sqlstate}", public=public)
        self.sqlstate = sqlstate


class DeniedByEngine(SourceError):
    """42501 after a permit: our reading was wrong. An Entry and an alert, never control flow."""

    code = "denied_by_engine"
    sentence = "The database itself refused what the statement touches; an operator has been told."


class TimedOut(SourceError):
    """The statement met its time limit and was cancelled in the database."""

    code = "timeout"
    sentence = "The statement met its time limit and was cancelled; ask for less at once."


class CapExceeded(SourceError):
    """A write touched more rows than approved or allowed; rolled back."""

    code = "over_cap"
    sentence = "More rows would have changed than the limit allows; everything was rolled back."


class Drifted(SourceError):
    """What was witnessed is no longer what would run: the schema or the tree changed; nothing left."""

    code = "drifted"
    sentence = "The schema changed while this ran; ask again."


@final
class Away(StrEnum):
    """Why a Source stayed away: a word of the program's, for operators; it holds no address and no text of a server."""

    REFUSED = "connect_refused"
    UNKNOWN_HOST = "unknown_host"
    UNADMITTED = "not_admitted"
    NOT_READY = "server_not_ready"
    ENDED = "ended_by_server"
    CROWDED = "too_many_connections"
    EXHAUSTED = "out_of_resources"
    POOL = "pool_exhausted"
    LOST = "connection_lost"
    SILENT = "no_answer_in_time"
    PROTOCOL = "no_answer_to_the_question"
    FAULT = "server_error"
    CLOSED = "not_open"
    RECENT = "not_reached_lately"
    UNSAFE = "closed_by_check"
    SERVICE = "service_unavailable"
    TOKENLESS = "no_access_token"
    UNWITNESSED = "no_second_reading"


class SourceUnavailable(SourceError):
    """Unreachable, closed by a start-up check, or too many connections: `cause` says which."""

    code = "source_unavailable"
    sentence = "The source cannot be reached just now; try again later."

    def __init__(self, detail: str, cause: Away) -> None:
        super().__init__(detail)
        self.cause = cause


class OutcomeUnknown(SourceError):
    """COMMIT was sent and its reply is lost; recovery asks the source."""

    code = "outcome_unknown"
    sentence = "The outcome is unknown: it may or may not have been executed. Do not repeat it. A person has been told."


# ---------------------------------------------------------------- the store's


class StoreError(GatewayError):
    """The Journal's store; nothing runs and nothing is shown without it."""


class SlotTaken(StoreError):
    """Another writer took a slot of this unit first; read the slot and obey."""

    code = "slot_taken"


class Lost(StoreError):
    """A guard of the unit was false: someone moved first, or time ran out; read again and decide again."""

    code = "lost"


class Held(StoreError):
    """A hold covers what would have been erased: nothing was."""

    code = "held"
    sentence = "A hold keeps it: nothing was erased. Release the hold first."


class IllegalMove(StoreError):
    """A move that the Review's table does not have, without its slot or its quorum: a mistake in the program."""

    code = "illegal_move"


class StoreClosed(StoreError):
    """It was restored from a copy, and no two operators have confirmed it yet."""

    code = "store_closed"
    sentence = "This gateway was restored from a copy and is closed until its operators confirm it: try again later."


class AuditBusy(StoreError):
    """The Journal's queue is full."""

    code = "audit_busy"
    sentence = "The record is busy; nothing ran. Try again shortly."


class AuditUnavailable(StoreError):
    """An Entry cannot be made durable."""

    code = "audit_unavailable"
    sentence = "The record cannot be written, so nothing was run or shown. An operator has been told."


# ---------------------------------------------------------------- identity's


class IdentityUnavailable(GatewayError):
    """Keys of an issuer cannot be fetched and the cached ones are too old: unavailable, not unauthorised."""

    code = "identity_unavailable"
    sentence = "The identity provider cannot be reached just now; try again shortly."


# ---------------------------------------------------------------- the operator's


class OperatorError(GatewayError):
    """Configuration, keys, files: the gateway refuses to start or to act; `str()` says the remedy."""

    code = "operator"


class SettingsError(OperatorError):
    """`assent.toml` or the environment; all findings at once, a line each."""

    code = "settings"


class UnsafeStart(OperatorError):
    """Starting would be unsafe: file modes, roles, TLS, keys; names the check and the remedy."""

    code = "unsafe_start"
