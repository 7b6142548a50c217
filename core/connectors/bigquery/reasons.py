"""The service's reasons -> errors of ours: branched on the reason, never on the class; none of its words go on.

https://cloud.google.com/bigquery/docs/error-messages. Its messages quote values: a failed cast does.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import GoogleAuthError

from core.errors import Away, GatewayError, SourceError, SourceUnavailable, StatementFailed, TimedOut

HIDDEN: Final = "A table named in the statement is not there, or not for this gateway; look it up with search_schema."
SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "invalid": "The database finds a mistake in the statement; check its names, types and functions.",
        "invalidQuery": "The database finds a mistake in the statement; check its names, types and functions.",
        "notFound": HIDDEN,
        "accessDenied": HIDDEN,  # the same words: absent and forbidden are not told apart
        "policyViolation": HIDDEN,
        "blocked": HIDDEN,
        "bytesBilledLimitExceeded": "It would read more bytes than its limit allows; name fewer columns or less time.",
        "billingTierLimitExceeded": "The statement would cost more than its limit; ask for less at once.",
        "quotaExceeded": "A quota of the project is used up; try again later.",
        "billingNotEnabled": "The project cannot be billed; an operator has to look.",
        "resourcesExceeded": "The statement needs more of the database than it has; ask for less at once.",
        "responseTooLarge": "The result is larger than the database gives at once; ask for less.",
        "tableUnavailable": "A table is not available just now; try again later.",
        "requestTooLarge": "The statement is larger than the database takes; send a shorter one.",
        "resourceInUse": "Something that the statement needs is in use; try again later.",
        "notImplemented": "The database does not support a part of this statement.",
    }
)
AWAY: Final = frozenset({"rateLimitExceeded", "backendError", "internalError", "badGateway", "tableUnavailable"})
STOPPED: Final = "stopped"
OTHER: Final = "The database could not do this; its words are not shown."


def reason(error: GoogleAPICallError) -> str:
    """Give the first reason of an error, "" where it names none."""
    listed = error.errors
    first = listed[0] if listed else None
    return str(first.get("reason", "")) if isinstance(first, Mapping) else ""


def failure(why: str) -> SourceError:
    """Make the error of a job that failed, by its reason alone."""
    if why == STOPPED:
        return TimedOut("the job was stopped")
    if why in AWAY:
        return SourceUnavailable(why, Away.SERVICE)
    return StatementFailed(why or "unknown", public=SENTENCES.get(why, OTHER))


def translated(error: Exception) -> GatewayError:
    """Make the error of a request that failed; the original goes nowhere, for it holds the statement."""
    match error:
        case GoogleAPICallError() if reason(error):
            return failure(reason(error))
        case GoogleAPICallError():
            return SourceUnavailable(f"status {error.code}", Away.SERVICE)
        case GoogleAuthError():
            return SourceUnavailable("no access token could be had", Away.TOKENLESS)
        case _:
            return SourceUnavailable("no answer", Away.LOST)
