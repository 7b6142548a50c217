"""Verification shared by several processes: the same findings, and none of them may go missing."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.audit.transparency.trust import only
from core.audit.verification.verify import Asked, Report, verify
from core.errors import UnsafeStart
from core.stores.sqlite import sharing
from core.stores.sqlite.check import CopiedLog, copied, verify_store
from core.stores.sqlite.files import Place
from core.stores.sqlite.looker import OPEN
from core.stores.sqlite.sharing import Looker, helpers, shared, spans
from core.stores.sqlite.store import SqliteStore
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_sqlite_verify import KEY, KEYS, attack, story

ASKED = Asked(trust=only(KEY))
# One row of each fault that a look at it alone shows, and one that only all together show.
ALTERED = {
    "nothing": (),
    "columns": ("UPDATE log_entry SET ts_ms = ts_ms + 1 WHERE seq IN (3, 70, 201)",),
    "bodies": (
        "UPDATE log_entry SET body = CAST('{\"v\":1}' AS BLOB) WHERE seq = 5",
        "UPDATE log_entry SET body = replace(body, 'delivered', 'committed') WHERE seq = 90",
        "UPDATE log_entry SET body = 'text' WHERE seq = 130",
    ),
    "rows": ("DELETE FROM log_entry WHERE seq BETWEEN 60 AND 140", "UPDATE log_entry SET seq = 9000 WHERE seq = 10"),
    "unreadable": ("UPDATE log_entry SET scope = CAST(x'ff' AS TEXT) WHERE seq = 100",),
}


@pytest.fixture(scope="module")
async def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made, clock = tmp_path_factory.mktemp("original"), ManualClock()
    async with SqliteStore.open(made / "assent.db", keys=KEYS, origin=ORIGIN, clock=clock) as store:
        await story(clock, store)
    return made


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "copy")
    return tmp_path / "copy" / "assent.db"


def together(path: Path) -> Report:
    """Verify with two processes beside this one, in stretches that end within tiles and checkpoints."""
    with closing(sqlite3.connect(path)) as log, shared(log, path, 2, stretch=37) as looks:
        return verify(CopiedLog(Place(path), log), ASKED, looks=looks)


@pytest.mark.parametrize("name", ALTERED)
async def test_what_several_processes_look_at_is_judged_as_one_process_judges_it(path: Path, name: str) -> None:
    attack(path, *ALTERED[name])
    alone = verify_store(path, ASKED, beside=0)
    assert (not alone.findings) == (name == "nothing")
    if name == "unreadable":
        assert verify_store(path, ASKED, beside=1) == alone
    else:
        assert together(path) == alone


async def test_every_row_is_in_one_stretch_whatever_its_number(path: Path) -> None:
    attack(
        path, "UPDATE log_entry SET seq = 9223372036854775807 WHERE seq = 10", "DELETE FROM log_entry WHERE seq = 11"
    )
    with copied(path) as log, closing(sqlite3.connect(path)) as rows, shared(rows, path, 1, stretch=50) as looks:
        assert looks is not None
        expected = list(log.entries())
        assert [row for one in looks(0) for row in one.rows] == expected
        cut = list(spans(rows, 0, 50))
        assert [start for start, _ in cut[1:]] == [end for _, end in cut[:-1]]
        assert (cut[0][0], cut[-1][1]) == (0, OPEN)


def test_a_number_that_is_none_ends_the_cutting_and_loses_no_row(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "any.db")) as log:
        log.execute("CREATE TABLE log_entry (seq)")
        log.executemany("INSERT INTO log_entry VALUES (?)", [(0,), (1,), (1,), (1,), ("x",), (b"y",)])
        assert list(spans(log, 0, 1)) == [(0, 1), (1, OPEN)]


async def test_a_process_that_ends_over_its_stretch_ends_the_verification(path: Path) -> None:
    looker = Looker(path)
    try:
        assert len(looker.look((0, 20))) > len(looker.look((0, 10))) > 0
        os.kill(looker.pid, signal.SIGKILL)
        with pytest.raises(UnsafeStart, match="ended"):
            looker.look((10, OPEN))
    finally:
        looker.close()


def test_a_small_log_and_a_single_core_are_read_by_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, wanted in ((1, 0), (2, 1), (4, 3), (64, sharing.MOST)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, many=cores: set(range(many)))
        assert helpers(sharing.WORTH) == wanted
        assert helpers(sharing.WORTH - 1) == 0
