"""Answer -> CallToolResult: one shape for every outcome, each `message` a whole instruction to the model."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, assert_never

from mcp.types import CallToolResult

from core.errors import Busy, CallerError, GatewayError
from core.model import Answer, Answered, CallId, Cut, Failed, Masked, Refused, State, Waiting
from mcp_server.wire import Structure, fitting, result, whole

TOO_LARGE: Final = "The result is larger than one answer can be, even without rows; name fewer columns."


def present(structure: Structure) -> Structure:
    """Leave out what is not."""
    return {name: value for name, value in structure.items() if value is not None}


def outcome(status: str, call: CallId | None, **told: object) -> Structure:
    """Lay out the one shape, in one order; what is not known is left out."""
    shape: Structure = {
        "status": status,
        "call": call,
        "source": None,
        "columns": [],
        "rows": [],
        "row_count": None,
        "truncated": False,
        "limit": None,
        "affected": None,
        "elapsed_ms": None,
        "state": None,
        "code": None,
        "message": None,
        "reviewer_note": None,
        "retry_after_seconds": None,
    }
    return present(shape | told)


def render(answer: Answer, *, source: str = "") -> CallToolResult:
    """Render an Answer; refused and failed are errors, so that no model reads them as data."""
    match answer:
        case Answered():
            return _answered(answer, source)
        case Waiting():
            return result(_waiting(answer, source))
        case Refused(call=call, code=code, sentence=sentence, reviewer_note=note):
            said = outcome("refused", call, source=source or None, code=code, message=sentence, reviewer_note=note)
            return result(said, error=True)
        case Failed(call=call, code=code, sentence=sentence, retry_after=after):
            wait = seconds(after)
            said = outcome("failed", call, source=source or None, code=code, message=sentence, retry_after_seconds=wait)
            return result(said, error=True)
        case never:
            assert_never(never)


def failure(error: GatewayError, call: CallId | None = None) -> CallToolResult:
    """Render what was raised on purpose: its stable code and its public sentence."""
    status = "refused" if isinstance(error, CallerError) else "failed"
    wait = seconds(error.retry_after) if isinstance(error, Busy) else None
    known = outcome(status, call, code=error.code, message=error.public, retry_after_seconds=wait)
    return result(known, error=True)


def seconds(span: timedelta | None) -> float | None:
    """Whole seconds where they are whole, for JSON."""
    if span is None:
        return None
    total = span.total_seconds()
    return int(total) if total.is_integer() else total


# ---------------------------------------------------------------- answered


def _answered(answer: Answered, source: str) -> CallToolResult:
    masked = answer.masked
    shown = outcome(
        "answered",
        answer.call,
        source=source or None,
        columns=[present({"name": one.name, "type": one.type, "mask": one.mask}) for one in masked.columns],
        rows=list(masked.rows),
        row_count=len(masked.rows),
        truncated=masked.cut is not None,
        limit=answer.limits.returned_rows,
        affected=masked.affected,
        elapsed_ms=round(answer.elapsed / timedelta(milliseconds=1)),
        message=_message(masked, masked.cut, len(masked.rows)),
    )
    made = whole(shown) or whole(_cut(shown, masked))
    if made is not None:
        return made
    known = outcome("failed", answer.call, source=source or None, code="too_large", message=TOO_LARGE)
    return result(known, error=True)


def _cut(shown: Structure, masked: Masked) -> Structure:
    wide: Structure = shown | {"truncated": True, "message": _message(masked, Cut.BYTES, len(masked.rows))}
    kept = fitting(wide, "rows")
    return wide | {
        "rows": list(masked.rows[:kept]),
        "row_count": kept,
        "message": _message(masked, Cut.BYTES, kept),
    }


def _message(masked: Masked, cut: Cut | None, rows: int) -> str | None:
    said = list(masked.notes)
    match cut:
        case Cut.ROWS:
            said.append(
                f"These are the first {rows} rows; there are more. Aggregate, filter, or page with ORDER BY and LIMIT."
            )
        case Cut.BYTES:
            said.append(
                f"Cut after {rows} rows by size; there is more. Name fewer columns, aggregate, filter, or page."
            )
        case None:
            pass
        case never:
            assert_never(never)
    if masked.hidden:
        said.append(f"Personal data found in free text was masked in {masked.hidden} cells.")
    return " ".join(said) or None


# ---------------------------------------------------------------- waiting


def _waiting(answer: Waiting, source: str) -> Structure:
    return outcome(
        "running" if answer.state is State.EXECUTING else "pending_approval",
        answer.call,
        source=source or None,
        state=answer.state.value,
        message=answer.sentence,
    )
