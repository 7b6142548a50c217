"""Fork a process for each life of a trial, end it as planned, then judge; the parent holds no thread and no socket."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.integration.connecting import Now
from tests.torture import wrong
from tests.torture.judge import look
from tests.torture.life import live
from tests.torture.places import Place, SqlitePlace
from tests.torture.plans import End, Life, Trial

BOUND: Final = 90.0  # seconds for one process; a busy machine is slow
WHOLE: Final = 0

Work = Callable[[Callable[[str], None]], None]


@dataclass
class Verdict:
    """What came of one trial."""

    trial: Trial
    found: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)  # points at which a process was really ended


class Child:
    """A forked process that tells lines."""

    def __init__(self, work: Work) -> None:
        self._lines, self.told = b"", list[str]()
        self._pipe, out = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._pipe)
            _run(work, out)
        os.close(out)

    def wait(self, *, until: str = "", seconds: float = BOUND) -> bool:
        """Read lines until one of them is told, the process is gone, or time is over; say whether it came to that."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready, _, _ = select.select([self._pipe], [], [], max(0.0, min(0.05, end - time.monotonic())))
            if not ready:
                if self._stopped():
                    return until == "stopped"
                continue
            got = os.read(self._pipe, 65536)
            if not got:
                return until == ""
            *lines, self._lines = (self._lines + got).split(b"\n")
            self.told += [line.decode() for line in lines]
            if until and until in self.told:
                return True
        return False

    def drain(self) -> None:
        """Read what it told so far: it must never wait for a reader."""
        while select.select([self._pipe], [], [], 0)[0]:
            got = os.read(self._pipe, 65536)
            if not got:
                return
            *lines, self._lines = (self._lines + got).split(b"\n")
            self.told += [line.decode() for line in lines]

    def _stopped(self) -> bool:
        try:
            info = os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # it ended since its pipe was looked at: it will never stop
            return False
        return info is not None and info.si_code == os.CLD_STOPPED

    def wake(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it as it stands."""
        os.kill(self.pid, signal.SIGKILL)

    def reap(self) -> int:
        """Take its end: the code, or minus the signal."""
        _, status = os.waitpid(self.pid, 0)
        os.close(self._pipe)
        return os.waitstatus_to_exitcode(status)


def _run(work: Work, out: int) -> None:
    """Be the child: do the work and leave without the parent's cleaning up."""
    code = 1
    try:
        work(lambda line: void(os.write(out, line.encode() + b"\n")))
        code = 0
    except SystemExit as leaving:
        code = int(str(leaving.code))
    except BaseException:  # noqa: BLE001  # a child's last line
        os.write(out, ("broke " + traceback.format_exc().replace("\n", " | ") + "\n").encode())
    finally:
        sys.stdout.flush()
        os._exit(code)


def void(_: int) -> None:
    """Forget a number."""


def process(place: Place, url: str, life: Life, design: str) -> Work:
    """Return one life as a child's work."""

    def work(tell: Callable[[str], None]) -> None:
        if design:
            wrong.TELL[0] = tell
            wrong.NAMED[design]()
        asyncio.run(live(place, url, life, tell))

    return work


def judging(place: Place, url: str, trial: Trial, told: list[str]) -> Work:
    """Return the judgement as a child's work: it opens the record last, and verifies it closed."""

    async def judge(tell: Callable[[str], None]) -> None:
        async with place.open(Now()) as store:
            key = store.verifier
            for what in await look(store, url, trial, told):
                tell(f"found {what}")
        for what in place.verify(key):
            tell(f"found {what}")

    return lambda tell: asyncio.run(judge(tell))


def run(trial: Trial, url: str, *, design: str = "", place: Callable[[Path], Place] = SqlitePlace) -> Verdict:
    """Live through one trial and judge it."""
    verdict, told = Verdict(trial), list[str]()
    with tempfile.TemporaryDirectory(prefix="torture") as folder:
        where = place(Path(folder) / "assent.db")
        frozen: list[tuple[Child, Life]] = []
        for life in trial.lives:
            child = Child(process(where, url, life, design))
            if life.end.action == "stop" and _froze(child, life, shared=where.shared):
                frozen.append((child, life))
                continue
            _finish(verdict, told, child, life)
        for child, life in frozen:  # a zombie wakes when others have done its work
            child.wake()
            _finish(verdict, told, child, life)
            last = Life(calls=(), end=End())
            _finish(verdict, told, Child(process(where, url, last, design)), last)
        child = Child(judging(where, url, trial, told))
        child.wait()
        if child.reap() != WHOLE:
            verdict.found.append("the judge broke off")
        verdict.found += [line.removeprefix("found ") for line in child.told]
    return verdict


def _finish(verdict: Verdict, told: list[str], child: Child, life: Life) -> None:
    """Let a process come to its end and keep what it told."""
    verdict.ended += _ended(child, life)
    told += child.told
    verdict.found += [line for line in child.told if line.startswith("broke ")]


def _froze(child: Child, life: Life, *, shared: bool) -> bool:
    """Wait until a process froze; where it holds the record alone, it wakes at once."""
    if life.end.point:
        froze = child.wait(until="stopped")
    else:
        child.wait(until="ready")
        time.sleep(life.end.after)
        os.kill(child.pid, signal.SIGSTOP)
        froze = child.wait(until="stopped", seconds=1.0)
    if froze and not shared:
        child.wake()
    return froze and shared


def _ended(child: Child, life: Life) -> list[str]:
    """Let a process run to its end, planned or not; return the point at which it was ended."""
    end = life.end
    if end.action == "kill" and not end.point:
        if child.wait(until="ready"):
            time.sleep(end.after)
        child.kill()
    elif not child.wait():
        child.told.append("broke it never ended")
        child.kill()
    child.wait(seconds=1.0)
    code = child.reap()
    if code not in {WHOLE, -signal.SIGKILL} and not any(line.startswith("broke ") for line in child.told):
        child.told.append(f"broke with {code}")
    return [end.point or "at a random moment"] if end.action == "stop" or code == -signal.SIGKILL else []
