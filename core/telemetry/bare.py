"""Spans as they leave: copies by a closed list, so that no text of a statement, an error or an agent goes along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

ATTRIBUTES: Final = frozenset({"assent.call", "error.type", "gen_ai.operation.name", "mcp.method.name"})
TOOL: Final = "gen_ai.tool.name"
OURS: Final = "assent."
# Of the protocol's own spans; what an agent invented is a span without its name.
METHODS: Final = frozenset({"initialize", "ping", "server/discover", "tools/call", "tools/list"})
NAMELESS: Final = "request"


@final
class Bare(SpanExporter):
    """Another exporter, given copies."""

    def __init__(self, exporter: SpanExporter, tools: frozenset[str]) -> None:
        self._exporter: Final = exporter
        self._tools: Final = tools

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export the copies."""
        return self._exporter.export([self.copy(span) for span in spans])

    def copy(self, span: ReadableSpan) -> ReadableSpan:
        """Take over identity, times and what is listed; no event, link or description."""
        given = span.attributes or {}
        kept = {name: given[name] for name in ATTRIBUTES & given.keys()}
        if given.get(TOOL) in self._tools:
            kept[TOOL] = given[TOOL]
        return ReadableSpan(
            name=self._name(span.name),
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=kept,
            kind=span.kind,
            status=Status(span.status.status_code),
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )

    def _name(self, name: str) -> str:
        method, _, tool = name.partition(" ")
        if name.startswith(OURS) or (method in METHODS and (not tool or tool in self._tools)):
            return name
        return method if method in METHODS else NAMELESS

    def shutdown(self) -> None:
        """As the exporter's."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """As the exporter's."""
        return self._exporter.force_flush(timeout_millis)
