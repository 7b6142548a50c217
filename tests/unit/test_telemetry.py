"""What a process tells of itself: true numbers, closed labels and names, and nothing that anybody wrote."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bench import recovery
from core.assembly import telling
from core.errors import AuditUnavailable, Away, SettingsError, SourceUnavailable
from core.execution.recovery.voiding import cancelled
from core.identity.claims import UNLISTED
from core.model import Answered, CallId, Decision, Doubt, EntryKind, State, Tool, Unreadable, Waiting
from core.ports import Committed, Cursor, Journal, Sealed, Unit
from core.telemetry import counted, stages, traces
from core.telemetry.bare import Bare
from core.telemetry.lines import FIELDS, Line
from core.telemetry.meters import METERS, Kind, Meters, Number
from core.telemetry.readiness import Readiness
from core.telemetry.stages import Stages, Step
from core.telemetry.telling import Telling, state
from monitor.app import application
from tests.doubles import MemoryStore
from tests.line import failing, line

CANARY = "canary-4242"


def told(meters: Meters) -> dict[tuple[str, frozenset[str]], float]:
    """Every sample that is not zero, by its name and the values of its labels."""
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(meters.text().decode())
        for sample in family.samples
        if sample.value
    }


# ---------------------------------------------------------------- numbers


def test_numbers_are_told_as_the_client_librarys_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.5)
    ours, theirs = Meters(), CollectorRegistry()
    made: dict[Number, Counter | Gauge | Histogram] = {}
    for number, meter in METERS.items():
        if meter.kind is Kind.HISTOGRAM:
            made[number] = Histogram(number.value, meter.says, meter.labels, registry=theirs, buckets=meter.buckets)
        else:
            kind = Counter if meter.kind is Kind.COUNTER else Gauge
            made[number] = kind(number.value, meter.says, meter.labels, registry=theirs)
    assert ours.text() == generate_latest(theirs)
    for number, meter in METERS.items():
        for word, by in (("a", 3), ('"b"\n', 0.0005), ("a", 0.5), ("a", 1_000)):
            labels = [word] * len(meter.labels)
            one = made[number].labels(*labels) if labels else made[number]
            if isinstance(one, Histogram):
                one.observe(by)
                ours.took(number, by, *labels)
            elif isinstance(one, Counter):
                one.inc(by)
                ours.count(number, *labels, by=by)
            elif by == 3:
                one.set(by)
                ours.put(number, by, *labels)
            else:
                one.inc(-by)
                ours.move(number, -by, *labels)
    assert ours.text() == generate_latest(theirs)


async def test_numbers_are_of_what_became_durable() -> None:
    room = line()
    await room.ask("select 1")
    await room.ask("insert 1")
    room.source.doubt = Unreadable(doubt=Doubt.SYNTAX, sentence="no")
    await room.ask("drop 1")
    room.source.doubt = None
    asked = await room.ask("update 1")
    assert isinstance(asked, Waiting)
    assert asked.review is not None
    await room.vote(asked.review, Decision.DENY)
    found = told(room.stages.meters)
    assert found["assent_calls_total", frozenset({"shop", "allow"})] == 2
    assert found["assent_calls_total", frozenset({"shop", "ask"})] == 1
    assert found["assent_verdicts_total", frozenset({"shop", "allow", "reads"})] == 1
    assert found["assent_calls_total", frozenset({"shop", "refuse"})] == 1
    assert found["assent_executions_total", frozenset({"shop", "delivered"})] == 1
    assert found["assent_executions_total", frozenset({"shop", "committed"})] == 1
    assert found["assent_stage_seconds_count", frozenset({"read"})] >= 3
    assert found["assent_stage_seconds_count", frozenset({"commit"})] == 1
    assert found["assent_journal_append_seconds_count", frozenset({"memory"})] >= 5
    assert found["assent_review_decision_seconds_count", frozenset({"C0OWN", "denied"})] == 1
    assert ("assent_connector_in_use", frozenset({"shop"})) not in found


async def test_labels_are_of_closed_sets_whatever_an_agent_writes() -> None:
    room = line()
    call = room.call(f"select '{CANARY}'", purpose=CANARY)
    object.__setattr__(call, "source", CANARY)
    await room.gateway.answer(call)
    text = room.stages.meters.text().decode()
    assert CANARY not in text
    assert ("assent_calls_total", frozenset({counted.UNKNOWN, "refuse"})) in told(room.stages.meters)


async def test_reviews_that_wait_are_told_by_the_conversations_of_the_configuration_alone() -> None:
    room, meters = line(), Meters()
    await room.ask("update 1")
    (review,) = await room.store.reviews.in_state(State.PENDING)
    asked = [replace(review, channel=channel) for channel in (None, "C0RULE", CANARY)]
    telling.waiting(meters, asked, ("C0OWN", "C0RULE"), review.opened_at + timedelta(seconds=90))
    found = told(meters)
    for channel in ("C0OWN", "C0RULE", counted.UNKNOWN):
        assert found["assent_reviews_pending", frozenset({channel})] == 1
        assert found["assent_review_oldest_seconds", frozenset({channel})] == 90
    assert CANARY not in meters.text().decode()
    telling.waiting(meters, [], ("C0OWN", "C0RULE"), review.opened_at)
    assert told(meters) == {}


@pytest.mark.parametrize(("channel", "label"), [(None, "C0OWN"), ("C0RULE", "C0RULE"), (CANARY, counted.UNKNOWN)])
async def test_time_to_decision_is_told_by_the_conversation_that_was_asked(channel: str | None, label: str) -> None:
    room = line()
    room.source.described = replace(room.source.described, channel=channel)
    asked = await room.ask("update 1")
    assert isinstance(asked, Waiting)
    assert asked.review is not None
    room.clock.advance(timedelta(seconds=40))
    await room.vote(asked.review, Decision.DENY)
    found = told(room.stages.meters)
    assert found["assent_review_decision_seconds_count", frozenset({label, "denied"})] == 1
    assert found["assent_review_decision_seconds_sum", frozenset({label, "denied"})] == 40
    assert CANARY not in room.stages.meters.text().decode()


async def test_tokens_that_are_refused_are_told_by_issuer_and_their_own_words_in_no_label(
    caplog: pytest.LogCaptureFixture,
) -> None:
    room, issuer = line(), "https://login.acme.example"
    caplog.set_level(logging.INFO, "assent.calls")
    for _ in range(2):
        room.denials.count("claim exp: in the past", issuer)
    room.denials.count("claim exp: in the past")
    room.denials.count(f"claim {CANARY}: {UNLISTED}; name it under `ignored` if it means nothing here", issuer)
    await room.denials.flush()
    found = told(room.stages.meters)
    assert found["assent_token_refusals_total", frozenset({issuer, "claim exp: in the past"})] == 2
    assert found["assent_token_refusals_total", frozenset({counted.UNKNOWN, "claim exp: in the past"})] == 1
    assert found["assent_token_refusals_total", frozenset({issuer, "claim: in no list"})] == 1
    assert CANARY not in room.stages.meters.text().decode()
    written = [entry.body for _, entry in room.store.journal.tables.log[-2:]]
    assert [(body.get("issuer"), body["total"]) for body in written] == [(None, 1), (issuer, 3)]
    assert CANARY in json.dumps(written[1]["counts"])  # so an operator can read what to name
    lines = [json.loads(Line().format(record)) for record in caplog.records]
    assert [(one["issuer"], one["times"]) for one in lines] == [(counted.UNKNOWN, 1), (issuer, 2), (issuer, 1)]


def test_each_sink_is_told_with_what_it_has_not_acknowledged() -> None:
    meters = Meters()
    telling.behind(meters, {"siem": Cursor(next=7), "files": Cursor(), "ahead": Cursor(next=11)}, 10)
    found = told(meters)
    assert found["assent_sink_lag_entries", frozenset({"siem"})] == 3
    assert found["assent_sink_lag_entries", frozenset({"files"})] == 10
    assert ("assent_sink_lag_entries", frozenset({"ahead"})) not in found


def test_names_and_labels_of_numbers_are_a_contract() -> None:
    assert {(number.value, *meter.labels) for number, meter in METERS.items()} == {
        ("mcp_server_operation_duration_seconds", "method", "tool", "outcome"),
        ("assent_calls", "source", "verdict"),
        ("assent_verdicts", "source", "verdict", "rule"),
        ("assent_refusals", "source", "cause"),
        ("assent_executions", "source", "outcome"),
        ("assent_stage_seconds", "stage"),
        ("assent_connector_in_use", "source"),
        ("assent_connector_queue", "source"),
        ("assent_masked_values", "source", "mask"),
        ("assent_bigquery_bytes_billed", "source"),
        ("assent_budget_refusals", "source"),
        ("assent_reviews_pending", "channel"),
        ("assent_review_oldest_seconds", "channel"),
        ("assent_review_decision_seconds", "channel", "decision"),
        ("assent_indeterminate_oldest_seconds",),
        ("assent_journal_append_seconds", "store"),
        ("assent_journal_failures", "store", "cause"),
        ("assent_source_unavailable", "source", "step", "cause"),
        ("assent_journal_entries",),
        ("assent_journal_lag_entries",),
        ("assent_sink_lag_entries", "sink"),
        ("assent_journal_signed_entries",),
        ("assent_journal_verified_entries",),
        ("assent_token_refusals", "issuer", "reason"),
        ("assent_jwks_age_seconds", "issuer"),
        ("assent_answers_alone", "state"),
        ("assent_blocks", "kind"),
        ("assent_alerts", "alert"),
        ("assent_ready", "part"),
    }
    assert set(METERS) == set(Number)
    assert {meter.kind for meter in METERS.values()} == set(Kind)


# ---------------------------------------------------------------- readiness


class Shut:
    """A Journal that takes nothing while it is shut."""

    def __init__(self) -> None:
        self.inner = line().store.journal
        self.shut = False
        self.tried: list[EntryKind] = []

    async def commit(self, unit: Unit) -> Committed:
        self.tried += [entry.kind for entry in unit.entries]
        if self.shut:
            raise AuditUnavailable("shut")
        return await self.inner.commit(unit)

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        return await self.inner.entries(scope)

    async def open_calls(self) -> tuple[CallId, ...]:
        return ()

    async def indeterminate(self) -> tuple[CallId, ...]:
        return ()


class Parts:
    """A readiness whose parts a test takes away."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("core.telemetry.readiness.FRESH", 0.0)
        self.fits = self.keys = self.reached = True
        self.shut, self.meters = Shut(), Meters()
        self.journal = counted.Counted(self.shut, Stages(self.meters), store="memory", sources=frozenset())
        self.readiness = Readiness(self.journal, self.meters, fits=lambda: self.fits, reach=self.reach, keys=self.known)

    async def reach(self) -> str:
        if not self.reached:
            raise AuditUnavailable("gone")
        return ""

    async def known(self) -> bool:
        return self.keys


@pytest.mark.parametrize(("part", "name"), [("fits", "policy"), ("keys", "keys"), ("reached", "journal")])
async def test_each_part_alone_keeps_a_process_from_being_ready(
    part: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Parts(monkeypatch)
    assert await parts.readiness.ready()
    setattr(parts, part, False)
    assert not await parts.readiness.ready()
    assert (await parts.readiness.parts())[name] is False
    assert ("assent_ready", frozenset({name})) not in told(parts.meters)


async def test_a_process_that_drains_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts(monkeypatch)
    monkeypatch.setattr("core.telemetry.readiness.FRESH", 60.0)
    assert await parts.readiness.ready()
    parts.readiness.leave()  # at once, however fresh the last answer is
    assert not await parts.readiness.ready()


async def test_a_process_whose_record_took_nothing_comes_back_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts(monkeypatch)
    parts.shut.shut = True
    with pytest.raises(AuditUnavailable):
        await parts.journal.commit(Unit())
    assert not await parts.readiness.ready()
    parts.shut.shut = False
    assert await parts.readiness.ready()
    assert parts.shut.tried == [EntryKind.DEGRADED_EXIT, EntryKind.DEGRADED_EXIT]
    await parts.readiness.ready()
    assert len(parts.shut.tried) == 2  # nothing is written while all is well
    await parts.readiness.drain()


async def test_a_record_that_hangs_is_not_ready_and_its_unit_is_not_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts(monkeypatch)
    monkeypatch.setattr("core.telemetry.readiness.PATIENCE", 0.01)
    parts.journal.writes = False
    go = asyncio.Event()

    async def slow(unit: Unit) -> Committed:
        await go.wait()
        return await parts.shut.inner.commit(unit)

    monkeypatch.setattr(parts.shut, "commit", slow)
    assert not await parts.readiness.ready()
    go.set()
    await parts.readiness.drain()
    assert await parts.readiness.ready()


# ---------------------------------------------------------------- the port


def asking(room_sources: bool = True) -> tuple[httpx2.AsyncClient, object]:
    room = line()

    async def look() -> None:
        return None

    async def yes() -> bool:
        return True

    readiness = Readiness(
        room.counted, room.stages.meters, fits=lambda: True, reach=room.store.standing.version, keys=yes
    )
    telling = Telling(
        meters=room.stages.meters,
        readiness=readiness,
        look=look,
        connectors={"shop": room.source} if room_sources else {},
    )
    transport = httpx2.ASGITransport(app=application(telling, frozenset({"gateway"})))
    return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:9090"), room


async def test_the_operators_port_says_health_readiness_sources_and_numbers() -> None:
    http, room = asking()
    async with http:
        assert (await http.get("/healthz")).text == "ok"
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()) == (
            200,
            {"serving": True, "policy": True, "journal": True, "keys": True},
        )
        assert (await http.get("/sources")).json() == {"shop": "reached"}
        shown = await http.get("/metrics")
        assert 'assent_ready{part="journal"} 1.0' in shown.text
        assert (await http.get("/")).status_code == 404
    assert room is not None


@pytest.mark.parametrize("step", ["visit", "read", "run", "commit"])
async def test_why_a_source_stayed_away_is_one_word_in_a_number_and_a_line(step: str, heard_away: io.StringIO) -> None:
    room = line()
    room.source.hook = failing(step, SourceUnavailable(f"no route to {CANARY}", Away.CROWDED))
    await room.ask(f"insert '{CANARY}'")
    found = told(room.stages.meters)
    assert found["assent_source_unavailable_total", frozenset({"shop", step, "too_many_connections"})] == 1
    (said,) = map(json.loads, heard_away.getvalue().splitlines())
    assert (said["source"], said["step"], said["cause"]) == ("shop", step, "too_many_connections")
    assert said["call"]
    assert set(said) <= {"at", "level", "logger", "event", *FIELDS}
    assert CANARY not in heard_away.getvalue() + room.stages.meters.text().decode()


async def test_a_source_that_is_away_is_named_and_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    room = line()

    async def away() -> tuple[object, ...]:
        raise SourceUnavailable(f"no route to {CANARY}", Away.LOST)

    monkeypatch.setattr(room.source, "tables", away)
    assert await state(room.source) == SourceUnavailable.code


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:9090", 200),
        ("localhost:9090", 200),
        ("[::1]:9090", 200),
        ("10.1.2.3:9090", 200),
        ("gateway:9090", 200),
        ("evil.example:9090", 421),
        ("gateway.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("0x7f.1", 421),
        ("", 421),
    ],
)
async def test_the_operators_port_answers_to_addresses_and_its_own_names_alone(host: str, status: int) -> None:
    http, _ = asking()
    async with http:
        assert (await http.get("/metrics", headers={"host": host})).status_code == status


async def test_the_operators_port_answers_no_web_page() -> None:
    http, _ = asking()
    async with http:
        assert (await http.get("/metrics", headers={"origin": "https://evil.example"})).status_code == 403


# ---------------------------------------------------------------- lines


@pytest.fixture
def heard_away() -> Iterator[io.StringIO]:
    yield from listening("assent.sources")


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    yield from listening("assent.calls")


def listening(name: str) -> Iterator[io.StringIO]:
    stream, logger = io.StringIO(), logging.getLogger(name)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Line())
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(before)


async def test_a_call_is_one_line_with_its_id_and_closed_names(heard: io.StringIO) -> None:
    room = line()
    answer = await room.gateway.answer(room.call(f"select '{CANARY}'", purpose=CANARY))
    assert isinstance(answer, Answered)
    (one,) = heard.getvalue().splitlines()
    said = json.loads(one)
    assert (said["call"], said["source"], said["outcome"]) == (answer.call, "shop", "delivered")
    assert set(said) <= {"at", "level", "logger", "event", "error", *FIELDS}
    assert CANARY not in one


async def test_a_recovered_call_is_read_once_and_its_last_line_asks_nothing_more(heard: io.StringIO) -> None:
    """However many a start finds: their ends are told by what recovery read of them."""
    store, calls = MemoryStore(), 50
    for number in range(calls):
        await store.journal.commit(recovery.left(number))
    reads = Reading(store.journal)
    begun = counted.Counted(reads, Stages(Meters()), store="memory", sources=frozenset({"shop"}))
    await recovery.closed(begun, store.reviews, boot=None)
    assert await store.journal.open_calls() == ()
    assert reads.asked == calls
    said = [json.loads(one) for one in heard.getvalue().splitlines()]
    assert [one["source"] for one in said if one["event"] == "a call ended"] == ["shop"] * calls


class Reading:
    """A Journal that counts how often a scope is read."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.asked = 0
        self.commit, self.open_calls, self.indeterminate = journal.commit, journal.open_calls, journal.indeterminate

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        self.asked += 1
        return await self._journal.entries(scope)


async def test_a_call_that_began_in_another_process_is_told_by_its_source(heard: io.StringIO) -> None:
    """As after a restart, when another policy came into force meanwhile."""
    room, meters = line(), Meters()
    await room.ask("update 1")
    (review,) = await room.store.reviews.in_state(State.PENDING)
    begun = counted.Counted(room.store.journal, Stages(meters), store="memory", sources=frozenset({"shop"}))
    await begun.commit(cancelled(review))
    said = json.loads(heard.getvalue().splitlines()[-1])
    assert (said["call"], said["source"], said["outcome"]) == (review.call, "shop", "cancelled")
    assert told(meters)["assent_executions_total", frozenset({"shop", "cancelled"})] == 1


def test_a_line_holds_no_name_that_is_not_listed_and_no_exceptions_text(heard: io.StringIO) -> None:
    logger = logging.getLogger("assent.calls")
    try:
        int(CANARY)
    except ValueError:
        logger.exception("a door's last line", extra={"statement": CANARY, "token": CANARY, "call": "call_1"})
    (one,) = heard.getvalue().splitlines()
    said = json.loads(one)
    assert set(said) == {"at", "level", "logger", "event", "call", "error"}
    assert CANARY not in one
    assert said["error"][0] == "ValueError"


def test_a_line_is_one_line_whatever_stands_in_it(heard: io.StringIO) -> None:
    logging.getLogger("assent.calls").warning("%s", 'a\n{"level": "forged"}\u2028\x1b[2J')
    assert len(heard.getvalue().splitlines()) == 1
    assert heard.getvalue().isascii()


# ---------------------------------------------------------------- traces


class Kept(SpanExporter):
    """Keeps what leaves."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def export(self, spans: object) -> SpanExportResult:
        assert isinstance(spans, list)
        self.spans += spans
        return SpanExportResult.SUCCESS


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Kept, trace.Tracer]]:
    """A provider of the test's own: the process's can be set once."""
    kept, provider = Kept(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(Bare(kept, frozenset(tool.value for tool in Tool))))
    tracer = provider.get_tracer("assent")
    monkeypatch.setattr(stages, "TRACER", tracer)
    yield kept, tracer
    provider.shutdown()


async def test_every_step_is_a_span_with_the_calls_id_and_without_any_text(
    traced: tuple[Kept, trace.Tracer],
) -> None:
    kept, tracer = traced
    room = line()
    with tracer.start_as_current_span("tools/call query", attributes={"gen_ai.tool.name": "query"}):
        answer = await room.gateway.answer(room.call(f"select '{CANARY}'", purpose=CANARY))
    assert isinstance(answer, Answered)
    names = [span.name for span in kept.spans]
    assert {"assent.read", "assent.decide", "assent.run", "assent.journal", "tools/call query"} <= set(names)
    steps = [span for span in kept.spans if span.name.startswith("assent.") and span.name != "assent.identify"]
    assert {(span.attributes or {}).get("assent.call") for span in steps if span.name == "assent.run"} == {answer.call}
    assert (kept.spans[-1].attributes or {})["assent.call"] == answer.call
    assert CANARY not in "".join(span.to_json() for span in kept.spans)


def test_no_error_text_event_or_invented_name_leaves(traced: tuple[Kept, trace.Tracer]) -> None:
    kept, tracer = traced
    for name in (f"tools/call {CANARY}", f"{CANARY}", "tools/call query"):
        with (
            pytest.raises(ValueError, match=CANARY),
            tracer.start_as_current_span(name, attributes={"gen_ai.tool.name": CANARY, "db.statement": CANARY}),
            Stages(Meters()).of(Step.RUN, "call_1"),
        ):
            raise ValueError(CANARY)
    said = "".join(span.to_json() for span in kept.spans)
    assert CANARY not in said
    assert {span.name for span in kept.spans} == {"assent.run", "tools/call", "request", "tools/call query"}
    assert all(not span.events and span.status.description is None for span in kept.spans)


def test_an_agent_decides_not_which_trace_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[TracerProvider] = []
    monkeypatch.setattr(trace, "set_tracer_provider", made.append)
    traces.start(Kept(), 0.0, frozenset())
    remote = trace.SpanContext(1, 1, is_remote=True, trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED))
    context = trace.set_span_in_context(trace.NonRecordingSpan(remote))
    span = made[0].get_tracer("assent").start_span("x", context)
    assert not span.is_recording()
    made[0].shutdown()


def test_nothing_is_traced_unless_the_environment_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(trace, "set_tracer_provider", made.append)
    traces.begin({}, frozenset())
    assert made == []
    for wrong in ("x", "2", "-1"):
        with pytest.raises(SettingsError, match="from 0 to 1"):
            traces.share({"OTEL_TRACES_SAMPLER_ARG": wrong})
    assert traces.share({}) == 1
