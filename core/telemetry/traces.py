"""Traces to wherever the standard `OTEL_*` variables say; without them nothing is made, and nothing is imported.

What leaves is a copy of each span by a closed list: names of attributes that are ours or the protocol's, never an event
(the SDK puts exceptions' texts there), never a status' description. Whether a trace is kept is not the agent's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from opentelemetry import trace

from core.errors import SettingsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
SHARE: Final = "OTEL_TRACES_SAMPLER_ARG"
MISSING: Final = "traces are asked for by OTEL_EXPORTER_OTLP_ENDPOINT: install the extra, assent[otel]"


def begin(environ: Mapping[str, str], tools: frozenset[str]) -> None:
    """Send spans where the environment says; `tools` are the names that a span may bear.

    Raises: SettingsError.
    """
    if not any(environ.get(name) for name in ENDPOINTS):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(MISSING) from error
    start(OTLPSpanExporter(), share(environ), tools)


def share(environ: Mapping[str, str]) -> float:
    """Read which part of all traces is kept.

    Raises: SettingsError.
    """
    try:
        found = float(environ.get(SHARE) or 1)
    except ValueError as error:
        raise SettingsError(f"{SHARE} is a number from 0 to 1") from error
    if not 0 <= found <= 1:
        raise SettingsError(f"{SHARE} is a number from 0 to 1")
    return found


def start(exporter: SpanExporter, kept: float, tools: frozenset[str]) -> None:
    """Set the provider of this process."""
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - only with the extra
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased  # noqa: PLC0415

    from core.telemetry.bare import Bare  # noqa: PLC0415

    ours = TraceIdRatioBased(kept)
    provider = TracerProvider(sampler=ParentBased(root=ours, remote_parent_sampled=ours))
    provider.add_span_processor(BatchSpanProcessor(Bare(exporter, tools)))
    trace.set_tracer_provider(provider)
