"""`assent check`: statements read by the parser alone or by both witnesses, and decided; none of them runs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeAlias, final

from cli.check import jsonl
from cli.check.declared import declared
from cli.check.jsonl import LINE_BYTES, Id, Line
from cli.check.readers import Read, alone, witnessed
from cli.options import Severity
from cli.show import ERR, Exit, fail, rows, say, working
from core.identity.supposed import supposed
from core.model import Checked, Dialect, Reading, Source, Tool, Unreadable, Verdict
from core.policy import decide, explain
from core.policy.force import Policy
from core.settings import Role, Settings, SourceSettings, load

Result: TypeAlias = Mapping[str, object]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command was asked, besides statements."""

    config: Path | None = None
    source: str | None = None
    groups: tuple[str, ...] = ()
    offline: bool = False
    dialect: Dialect | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """How a statement is read, and by whose policy it is decided; without a policy there is no verdict."""

    read: Read
    policy: Policy | None = None
    source: Source | None = None
    groups: tuple[str, ...] = ()
    certain: bool = True  # the source itself has its say

    async def check(self, line: Line | Unreadable) -> Result:
        """Read and decide; never raises for what a text holds."""
        if isinstance(line, Unreadable):
            return self._result(None, line)
        return self._result(line.id, await self.read(line))

    def _result(self, name: Id, reading: Reading | Unreadable) -> Result:
        if isinstance(reading, Reading) and not self.certain and self.policy and self.source:
            reading = declared(reading, self.source, self.policy)
        return shape(name, explain.checked(None, reading, self._verdict(reading)))

    def _verdict(self, reading: Reading | Unreadable) -> Verdict | None:
        if self.policy is None or self.source is None:
            return None
        if isinstance(reading, Unreadable):
            return decide.refusal(reading)
        now = datetime.now(UTC)
        who = supposed(self.groups, now)
        return decide.decide(self.policy, who, self.source, reading, tool=Tool.CHECK, now=now)


def shape(name: Id, checked: Checked) -> Result:
    """Give the one shape of a result; its keys and their order are a promise."""
    return {
        "id": name,
        "class": checked.kind,
        "verbs": list(checked.verbs),
        "things": list(checked.things),
        "functions": list(checked.functions),
        "columns": list(checked.columns),
        "masked": list(checked.masked),
        "facts": list(checked.facts),
        "verdict": checked.verdict,
        "reasons": [{"rule": reason.rule, "sentence": reason.sentence} for reason in checked.reasons],
    }


# ---------------------------------------------------------------- how it is read


@asynccontextmanager
async def bench(asked: Asked) -> AsyncIterator[Bench]:
    """Make ready to read: nothing but the parser offline, else a connection to the source.

    Raises: SettingsError, UnsafeStart, SourceUnavailable.
    """
    if asked.config is None:
        yield Bench(read=alone(asked.dialect or Dialect.POSTGRES))
        return
    roles = frozenset[Role]() if asked.offline else frozenset({Role.GATEWAY})
    settings = load(asked.config, os.environ, roles=roles)
    chosen = choose(settings, asked)
    source = chosen.source
    if asked.offline:
        read = alone(source.dialect)
        yield Bench(read=read, policy=settings.policy, source=source, groups=asked.groups, certain=False)
        return
    async with witnessed(chosen, settings) as read:
        yield Bench(read=read, policy=settings.policy, source=source, groups=asked.groups)


def choose(settings: Settings, asked: Asked) -> SourceSettings:
    """Find the named source, or the only one of the dialect."""
    fitting = [
        one
        for one in settings.sources
        if asked.source in {None, one.source.name} and asked.dialect in {None, one.source.dialect}
    ]
    if len(fitting) != 1:
        names = ", ".join(one.source.name for one in settings.sources) or "none"
        fail(f"name one source with --source; the configuration has: {names}", Exit.USAGE)
    return fitting[0]


# ---------------------------------------------------------------- statements in, results out


def single(asked: Asked, text: str, *, as_json: bool) -> Result:
    """Check one statement and print it; `as_json` is for programs."""

    async def once() -> Result:
        async with bench(asked) as ready:
            return await ready.check(Line(id=None, sql=text))

    found = asyncio.run(once())
    if as_json:
        print_line(found)
    else:
        tell(found)
    return found


def tell(found: Result) -> None:
    """Print one result for people."""
    verdict = found["verdict"]
    say(f"{found['class']}" + (f" · {verdict}" if verdict else ""))
    named = ("verbs", "things", "columns", "functions", "masked", "facts")
    rows(("", ""), ((name, ", ".join(map(str, items))) for name in named if (items := listed(found, name))))
    for reason in listed(found, "reasons"):
        if isinstance(reason, dict):
            say(f"- {reason['sentence']}" + (f" ({reason['rule']})" if reason["rule"] else ""))


def listed(found: Result, name: str) -> list[object]:
    """Return one of a result's lists."""
    items = found[name]
    return items if isinstance(items, list) else []


def many(asked: Asked, stream: BinaryIO, *, total: int | None, fails: Severity | None) -> bool:
    """Check lines of JSON, one result printed a line and in order; answer whether one met `fails`."""

    async def each() -> bool:
        met = False
        interruptible()
        async with bench(asked) as ready:
            with working("reading statements", total=total) if quiet() else nullcontext() as bar:
                for raw, size in jsonl.lines(stream):
                    found = await ready.check(jsonl.line(raw))
                    met = meets(found, fails) or met
                    print_line(found)
                    if bar is not None:
                        bar.advance(bar.task_ids[0], size)
        return met

    return asyncio.run(each())


def interruptible() -> None:
    """Let Ctrl-C end a read that blocks; asyncio's own handler only asks the task, which does not hear it then."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def quiet() -> bool:
    """Whether a bar on standard error would stand alone there."""
    return ERR.is_terminal and not sys.stdout.isatty()


def meets(found: Result, fails: Severity | None) -> bool:
    """Whether a result is at least as strict as asked; what is unreadable would be refused."""
    match fails:
        case None:
            return False
        case Severity.REFUSE:
            return found["verdict"] == "refuse" or found["class"] == explain.UNREADABLE
        case Severity.ASK:
            return found["verdict"] in {"refuse", "ask"} or found["class"] == explain.UNREADABLE


def print_line(found: Result) -> None:
    """Write one line in ASCII: no character of a text can end it, and half a surrogate pair cannot break it."""
    sys.stdout.write(json.dumps(found, ensure_ascii=True, allow_nan=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def text_of(statement: str | None, file: Path | None) -> str:
    """Take the statement from the argument, the file or standard input; bytes that are no UTF-8 stay unreadable."""
    if statement is not None:
        return statement
    if file is None and sys.stdin.isatty():
        ERR.print("reading one statement from standard input; Ctrl-D ends it", markup=False)
    with opened(file) as stream:
        return stream.read(LINE_BYTES + 1).decode("utf-8", "surrogateescape")


def opened(file: Path | None) -> AbstractContextManager[BinaryIO]:
    """Open the file, or standard input."""
    if file is None:
        return nullcontext(sys.stdin.buffer)
    try:
        return file.open("rb")
    except OSError as error:
        fail(f"{file}: cannot be read: {error.strerror}")


def length(file: Path | None) -> int | None:
    """Size of a file, for the bar."""
    return file.stat().st_size if file is not None and file.is_file() else None


def run(
    asked: Asked,
    *,
    statement: str | None,
    file: Path | None,
    lines: bool,
    as_json: bool,
    fails: Severity | None,
) -> bool:
    """Check what was given; answer whether a result met `fails`."""
    if lines:
        with opened(file) as stream:
            return many(asked, stream, total=length(file), fails=fails)
    text = text_of(statement, file)
    return meets(single(asked, text, as_json=as_json or not sys.stdout.isatty()), fails)
