"""What a test may have the server do wrong: fail, cut, wait, or lie in one phase of a statement's life."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final, final

REASONS: Final = {
    "accessDenied": HTTPStatus.FORBIDDEN,
    "authError": HTTPStatus.UNAUTHORIZED,
    "backendError": HTTPStatus.SERVICE_UNAVAILABLE,
    "duplicate": HTTPStatus.CONFLICT,
    "internalError": HTTPStatus.INTERNAL_SERVER_ERROR,
    "notFound": HTTPStatus.NOT_FOUND,
    "notImplemented": HTTPStatus.NOT_IMPLEMENTED,
    "quotaExceeded": HTTPStatus.FORBIDDEN,
    "rateLimitExceeded": HTTPStatus.FORBIDDEN,
    "requestTooLarge": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "responseTooLarge": HTTPStatus.FORBIDDEN,
}


class Wrong(Exception):
    """An answer of the API that is an error: https://cloud.google.com/bigquery/docs/error-messages."""

    def __init__(self, reason: str, message: str, location: str = "") -> None:
        super().__init__(message)
        self.reason: Final = reason
        self.location: Final = location

    @property
    def status(self) -> HTTPStatus:
        """The HTTP status of the reason."""
        return REASONS.get(self.reason, HTTPStatus.BAD_REQUEST)

    @property
    def proto(self) -> dict[str, str]:
        """An ErrorProto."""
        return {"reason": self.reason, "message": str(self), "location": self.location}

    @property
    def body(self) -> dict[str, Any]:
        """The body of an HTTP error."""
        error = {"code": self.status.value, "message": str(self), "status": self.status.name, "errors": [self.proto]}
        return {"error": error}


class Phase(StrEnum):
    """Where in its life a statement is, by the suffix of its job's id."""

    RAW = "_dry1"  # the agent's own text, not run
    HOLLOW = "_dry0"
    MASKED = "_dry2"
    RUN = ""

    @classmethod
    def of(cls, job: str) -> Phase:
        """Tell the phase of a job."""
        return next((one for one in cls if one.value and job.endswith(one.value)), cls.RUN)


class Drop(StrEnum):
    """When a connection is cut."""

    BEFORE = "before"  # nothing was accepted
    AFTER = "after"  # accepted, and the answer is lost


@final
@dataclass(slots=True, kw_only=True)
class Fault:
    """One failure: of requests whose method and path match (`POST */jobs`), so many times."""

    match: str
    reason: str = ""
    drop: Drop | None = None
    times: int = 1
    skips: int = 0  # requests that it lets through before


@final
@dataclass(slots=True)
class Faults:
    """All that goes wrong now."""

    planned: list[Fault] = field(default_factory=list)
    lies: dict[Phase, Mapping[str, Any]] = field(default_factory=dict)  # fields of the statistics, replaced
    failing: dict[str, str] = field(default_factory=dict)  # a job's id -> the reason of its end
    delay: float = 0.0  # seconds that each job runs at least
    cancel_ignored: bool = False

    def fail(self, job: str) -> None:
        """End a job as planned.

        Raises: Wrong.
        """
        if job in self.failing:
            raise Wrong(self.failing[job], "A fault of the test.")

    def take(self, request: str) -> Fault | None:
        """Give the fault that this request meets, and count it."""
        for one in self.planned:
            if one.times > 0 and fnmatch.fnmatch(request, one.match):
                if one.skips > 0:
                    one.skips -= 1
                    continue
                one.times -= 1
                return one
        return None
