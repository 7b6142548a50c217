"""The corpus against live servers: what it is read as, what it answers, and that its labels are what a server shows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import pytest

from core.catalog import Protection, Snapshot
from core.classify.postgres import Parsed, Witnessed, witness
from core.classify.postgres.agreed import Agreed, Likes
from core.classify.postgres.kept import Kept
from core.classify.postgres.tree.read import skeleton
from core.connectors.postgres import PostgresConnector
from core.connectors.postgres.connection.values import SETTINGS
from core.masking import finish
from core.model import Form, Masked, Reading, Unreadable
from tests.generate.cases import SCHEMA, Case, cases, parameters
from tests.generate.oracle import PATH, Oracle
from tests.integration.connecting import permit, teach
from tests.integration.corpus_world import asked, reading, worded, world
from tests.slices import today

CASES: Final = cases()
OCTETS: Final = re.compile(r"(?<=:constvalue )[0-9]+ \[[-0-9 ]*(?= \])")
SLICES: Final = 15  # of the corpus, one a day; of the newest version three times as much


@dataclass(frozen=True)
class World:
    """A hardened database of one version, behind a connector; `raw` is a session of its read role beside it."""

    version: int
    connector: PostgresConnector
    raw: Any


@pytest.fixture(params=[15, 16, 17, 18])
async def there(request: pytest.FixtureRequest, database: Callable[..., Any]) -> AsyncIterator[World]:
    url = await database(SCHEMA.read_text("utf-8"), version=request.param)
    async with world(url) as connector:
        raw: Any = await asyncpg.connect(
            url,
            user=connector.role[0],
            password="r",
            statement_cache_size=0,
            server_settings={**SETTINGS, "search_path": PATH},
        )
        teach(raw._protocol.get_settings(), (await connector.known()).read.types)
        yield World(request.param, connector, raw)
        await raw.close()


def todays(version: int) -> list[Case]:
    """Give the day's part of the cases."""
    return today(CASES, lambda case: case.text, SLICES // 3 if version == 18 else SLICES)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_each_statement_of_the_corpus_is_read_as_it_says(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong, alike = [], Alike()
    monkeypatch.setattr("core.classify.postgres.memory.witness", alike.witness)
    for case in todays(there.version):
        found = worded(await reading(there.connector, case.text))
        if found != case.reading(there.version):
            wrong.append((case.path.name, case.text, case.reading(there.version), found))
    assert not wrong
    assert not alike.wrong
    assert 3 * alike.held > len(todays(there.version))  # seen: 178 of 340, 547 of 979


class Alike:
    """A second witness that reads each dump also by what was agreed on its like, whose constants are others."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.held = 0  # times that what was agreed could be used

    def witness(
        self, parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection, likes: Likes
    ) -> Witnessed | Unreadable:
        """Read as always; nothing is remembered from one statement to the next."""
        del likes
        own, other = Likes(Kept[Agreed](1 << 26)), OCTETS.sub(changed, dump)
        found = witness(parsed, dump, snapshot, protection)
        for _ in range(2):  # kept from the second time on
            witness(parsed, other, snapshot, protection, own)
        if witness(parsed, dump, snapshot, protection, own) != found:
            self.wrong.append(parsed.text)
        bones = skeleton(dump)
        self.held += bones is not None and own.get(bones, parsed, snapshot, protection) is not None
        return found


def changed(constant: re.Match[str]) -> str:
    """Change each octet of a constant."""
    length, _, octets = constant[0].partition(" [")
    return f"{length} [" + "".join(f" {(int(octet) + 129) % 256 - 128}" for octet in octets.split())


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_untagged_reads_are_answered_byte_for_byte_as_the_server_answers_them(there: World) -> None:
    wrong, exact = [], 0
    for case in todays(there.version):
        if case.promise != "answered" or case.reason or case.label(there.version).startswith("error"):
            continue
        found = await answer(there.connector, case)
        if found is None:
            wrong.append((case.text, "not answered"))
        elif found != await bare(there.raw, case):
            wrong.append((case.text, "differs"))
        else:
            exact += 1
    assert not wrong
    assert exact > (150 if there.version == 18 else 30)


async def answer(connector: PostgresConnector, case: Case) -> tuple[list[str], list[Any]] | None:
    """Answer a case as an allowed `query` does; None where it is no read of rows."""
    async with connector.visit(asked(case.text), name="assent:corpus:1") as visit:
        found = await visit.read()
        if not isinstance(found, Reading) or found.writes or found.form is not Form.ROWS:
            return None
        given = (None,) * parameters(case.tree)
        masked = finish(await visit.run(permit(found, given, returned_rows=5_000, returned_bytes=1 << 22)), found)
    assert isinstance(masked, Masked)
    assert found.text == case.text
    return [column.name for column in masked.columns], list(masked.rows)


async def bare(raw: Any, case: Case) -> tuple[list[str], list[Any]]:
    """Ask the server itself."""
    async with raw.transaction(readonly=True):
        statement = await raw.prepare(case.text)
        rows = await statement.fetch(*[None] * parameters(case.tree))
        return [column.name for column in statement.get_attributes()], [tuple(row.values()) for row in rows]


def steady(label: str) -> str:
    """Leave out what comes late or by the plan: which own code ran, and whether what is changed was read, too."""
    words = [word for word in label.split() if not word.startswith("code:")]
    changed = {name for word in words if word.startswith("locks:") for name in re.findall(r"([\w.]+)\(", word)}
    return " ".join(word for word in words if word not in changed) if words != ["reads"] else "reads nothing"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("version", [15, 16, 17, 18])
async def test_labels_are_what_a_server_shows(version: int, clusters: Callable[[int], Any]) -> None:
    await asyncio.to_thread(clusters, version)  # says so where that version is not here
    sample = today(CASES, lambda case: case.text, 4 * SLICES)
    oracle = await Oracle.start(version)
    try:
        wrong = [
            (case.path.name, case.text, case.label(version), found)
            for case in sample
            if steady(found := await oracle.label(case.text)) != steady(case.label(version))
        ]
    finally:
        await oracle.close()
    assert not wrong
