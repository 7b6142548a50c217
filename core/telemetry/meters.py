"""Every number that a process tells, as one table; the values of each label come from closed sets alone.

A label is a Source or a rule of the configuration, or a word of the program's own: never a Caller, a table, a message,
or anything that an agent wrote, so that nobody's words and no flood of series can come in by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, final

from prometheus_client import CollectorRegistry, generate_latest

from core.telemetry.series import Spread, Spreads, Totals

QUICK: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LONG: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
HUMAN: Final = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0)  # a Review lives 15 min


class Kind(StrEnum):
    """How a number behaves."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Number(StrEnum):
    """What is told; a counter's `_total` is added by the format."""

    OPERATION = "mcp_server_operation_duration_seconds"
    CALLS = "assent_calls"
    VERDICTS = "assent_verdicts"
    REFUSALS = "assent_refusals"
    EXECUTIONS = "assent_executions"
    AWAY = "assent_source_unavailable"
    STAGE = "assent_stage_seconds"
    IN_USE = "assent_connector_in_use"
    QUEUE = "assent_connector_queue"
    MASKED = "assent_masked_values"
    BILLED = "assent_bigquery_bytes_billed"
    BUDGETS = "assent_budget_refusals"
    PENDING = "assent_reviews_pending"
    OLDEST = "assent_review_oldest_seconds"
    DECISION = "assent_review_decision_seconds"
    INDETERMINATE = "assent_indeterminate_oldest_seconds"
    APPEND = "assent_journal_append_seconds"
    FAILURES = "assent_journal_failures"
    SIZE = "assent_journal_entries"
    LAG = "assent_journal_lag_entries"
    BEHIND = "assent_sink_lag_entries"
    SIGNED = "assent_journal_signed_entries"
    VERIFIED = "assent_journal_verified_entries"
    TOKENS = "assent_token_refusals"
    KEYS = "assent_jwks_age_seconds"
    BLOCKS = "assent_blocks"
    ALONE = "assent_answers_alone"
    ALERTS = "assent_alerts"
    READY = "assent_ready"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One number."""

    kind: Kind
    says: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = QUICK


def _counter(says: str, *labels: str) -> Meter:
    return Meter(kind=Kind.COUNTER, says=says, labels=labels)


def _gauge(says: str, *labels: str) -> Meter:
    return Meter(kind=Kind.GAUGE, says=says, labels=labels)


def _timed(says: str, *labels: str, buckets: tuple[float, ...] = QUICK) -> Meter:
    return Meter(kind=Kind.HISTOGRAM, says=says, labels=labels, buckets=buckets)


METERS: Final[Mapping[Number, Meter]] = MappingProxyType(
    {
        Number.OPERATION: _timed("Requests of agents' tools.", "method", "tool", "outcome", buckets=LONG),
        Number.CALLS: _counter("Calls by what was decided first.", "source", "verdict"),
        Number.VERDICTS: _counter(
            "The same by each rule that decided; house: no rule did.", "source", "verdict", "rule"
        ),
        Number.REFUSALS: _counter("Refused Calls by cause.", "source", "cause"),
        Number.EXECUTIONS: _counter("Attempts by what became of them.", "source", "outcome"),
        Number.AWAY: _counter(
            "Times that a Source could not be had, by what was asked of it and by cause.", "source", "step", "cause"
        ),
        Number.STAGE: _timed("How long each step of the line took.", "stage"),
        Number.IN_USE: _gauge("Visits that are open at a Source.", "source"),
        Number.QUEUE: _gauge("Visits that wait for one.", "source"),
        Number.MASKED: _counter("Cells that were shown masked.", "source", "mask"),
        Number.BILLED: _counter("Bytes that a Source billed for what ran to its end.", "source"),
        Number.BUDGETS: _counter("Statements that a budget kept from running.", "source"),
        Number.PENDING: _gauge("Reviews that wait for people, by where they are asked.", "channel"),
        Number.OLDEST: _gauge("How long the oldest of them has waited; 0: none does.", "channel"),
        Number.DECISION: _timed(
            "From a Review's opening to its decision, by where it was asked.", "channel", "decision", buckets=HUMAN
        ),
        Number.INDETERMINATE: _gauge("How long the oldest Call of unknown outcome has stood, as seen here; 0: none."),
        Number.APPEND: _timed("One unit of the Journal, until it was durable.", "store"),
        Number.FAILURES: _counter("Units that did not become durable, by cause.", "store", "cause"),
        Number.SIZE: _gauge("Entries of the Journal."),
        Number.LAG: _gauge("Entries that no checkpoint signs yet."),
        Number.BEHIND: _gauge("Entries that a sink has not acknowledged, on the people's side.", "sink"),
        Number.SIGNED: _gauge("Entries under the last checkpoint."),
        Number.VERIFIED: _gauge("Entries that the last verification without a finding read, in this process."),
        Number.TOKENS: _counter(
            "Requests without a token that holds, by the issuer that the token names and by reason.", "issuer", "reason"
        ),
        Number.KEYS: _gauge("Age of the keys of each issuer; absent: they were never fetched.", "issuer"),
        Number.BLOCKS: _gauge("Blocks that hold, by whom they stop, as this process knows them.", "kind"),
        Number.ALONE: _gauge("Answers given alone that nobody else has looked at; overdue: for a day.", "state"),
        Number.ALERTS: _counter("Alerts of the record, by name.", "alert"),
        Number.READY: _gauge("1 where this holds, as /readyz sees it.", "part"),
    }
)


@final
class Meters:
    """The numbers of one process, under a registry of their own."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()
        self._totals: Final[dict[Number, Totals]] = {}
        self._spreads: Final[dict[Number, Spreads]] = {}
        for number, meter in METERS.items():
            made: Totals | Spreads
            if meter.kind is Kind.HISTOGRAM:
                made = self._spreads[number] = Spreads(number.value, meter.says, meter.labels, meter.buckets)
            else:
                counts = meter.kind is Kind.COUNTER
                made = self._totals[number] = Totals(number.value, meter.says, meter.labels, counts=counts)
            self.registry.register(made)

    def count(self, number: Number, *labels: str, by: float = 1) -> None:
        """Add to a counter."""
        self._totals[number].of(*labels).value += by

    def put(self, number: Number, value: float, *labels: str) -> None:
        """Say what a gauge is."""
        self._totals[number].of(*labels).value = value

    def move(self, number: Number, by: float, *labels: str) -> None:
        """Move a gauge."""
        self._totals[number].of(*labels).value += by

    def took(self, number: Number, seconds: float, *labels: str) -> None:
        """Say how long something took."""
        self._spreads[number].of(*labels).add(seconds)

    def spread(self, number: Number, *labels: str) -> Spread:
        """Return what `took` would add to, for who adds to it again and again."""
        return self._spreads[number].of(*labels)

    def text(self) -> bytes:
        """Write everything in Prometheus' text format."""
        return generate_latest(self.registry)
