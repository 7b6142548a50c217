"""What doctor says of Calls that are open, from beside a running store and after it was closed."""

from __future__ import annotations

from pathlib import Path

from cli.doctor import State, left
from core.model import Outcome
from core.ports import Unit
from core.stores.sqlite.standing import standing
from core.stores.sqlite.store import SqliteStore
from core.stores.vault import Keys
from tests import entries
from tests.doubles import ORIGIN, ManualClock

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)


async def test_open_calls_and_unknown_ones_are_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    path = tmp_path / "assent.db"
    assert standing(path) == ()
    done, waits, unknown = (entries.call_id() for _ in range(3))
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        for call, result in ((done, Outcome.DELIVERED), (waits, None), (unknown, Outcome.UNKNOWN)):
            ended = () if result is None else (entries.outcome(call, result),)
            await store.journal.commit(Unit(entries=(entries.intent(call), *ended)))
        assert standing(path) == ((waits, False), (unknown, True))
    assert standing(path) == ((waits, False), (unknown, True))
    lines = list(left(standing(path)))
    assert [line.state for line in lines] == [State.OK, State.WARNS]
    assert lines[0].says == "1 open"
    assert unknown in lines[1].says
