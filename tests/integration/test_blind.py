"""The reading made blind: it reports no protected column at all, and the database itself must refuse each of them."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import pytest

from core.catalog import Protection, Snapshot
from core.classify.postgres import Parsed, Witnessed
from core.classify.postgres.nouns import Named
from core.classify.postgres.splice import splice as splicing
from core.connectors.postgres import Options, PostgresConnector, Rooms
from core.connectors.postgres.catalog.checks import inspector
from core.connectors.postgres.rooms import ROOMS
from core.errors import Drifted, SourceError
from core.model import Answer, Dialect, Failed, Reading, Refused, Source, Tool, Unreadable
from core.ports import Statement
from tests.doubles import MemoryStore
from tests.integration.connecting import permit
from tests.integration.shop import SECRET, Hardened, Make, hardened
from tests.integration.test_connector_hostile import statements as hostile
from tests.integration.test_witness_postgres import SCHEMA, TAGS, cases, used
from tests.line import Line
from tests.slices import today

OLDER = 3  # parts, one a day
VERSIONS = pytest.mark.parametrize("version", [15, 16, 17, 18])
MEMBER = """
INSERT INTO care.member (id, plan, mail, passport, born, income, note, prefs, mood) VALUES
  (1, 'gold', 'Canary.Mail@x.test', 'CANARYPASS', '1971-02-03', 987654, 'canary note', '{"canary": 1}', 'ok');
INSERT INTO care.visit (id, member_id, fee, memo, codes, small) VALUES (1, 1, 10, 'plain', '{1}', 5);
REFRESH MATERIALIZED VIEW care.mv;
"""
CELLS = ("Canary.Mail@x.test", "CANARYPASS", "1971-02-03", "987654", "canary note", '{"canary": 1}')
BLIND = Protection(tags={}, tainted=frozenset(), closed={}, version="blind")


def forms(cell: str) -> Iterator[str]:
    """A cell as an agent may have dressed it: cases, reversed, hex, and base64 at each offset."""
    raw = cell.encode()
    yield from (cell, cell.lower(), cell.upper(), cell[::-1], raw.hex())
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw).decode()
        yield coded[4 if offset else 0 : len(coded) // 4 * 4 - 4]


FOUND = tuple({form for cell in CELLS for form in forms(cell) if len(form) > 5})


def each(version: int) -> list[tuple[str, str, str]]:
    """All cases on the newest version, on the others the day's part."""
    return cases() if version == 18 else today(cases(), lambda case: case[0], OLDER)


def least(version: int) -> int:
    return 60 if version == 18 else 10


def openly(snapshot: Snapshot) -> Snapshot:
    """The catalogs as they would look were everything granted: a blind reading does not know better either."""
    return replace(
        snapshot,
        relations={
            oid: replace(
                relation, granted=True, attributes={n: replace(a, granted=True) for n, a in relation.attributes.items()}
            )
            for oid, relation in snapshot.relations.items()
        },
    )


def blind(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
    del protection
    return ROOMS.witness(parsed, dump, openly(snapshot), BLIND)


@dataclass
class Ground:
    """A hardened database with canaries, and the whole line before it."""

    connector: PostgresConnector
    database: Hardened
    line: Line

    async def ask(self, text: str) -> Answer:
        call = replace(self.line.call(text), tool=Tool.QUERY, parameters=("1",) * used(text))
        return await self.line.gateway.answer(call)


@asynccontextmanager
async def ground(database: Make, version: int, rooms: Rooms, *, more: str = "") -> AsyncIterator[Ground]:
    async with hardened(database, version=version, sql=SCHEMA + MEMBER + more, tags=TAGS) as made:
        made.wish = replace(made.wish, write_role=None)
        store = MemoryStore()
        connector = PostgresConnector(
            Source(name="shop", dialect=Dialect.POSTGRES, tags=TAGS, enforced=True),
            read_url=f"postgresql://{made.wish.read_role}:r@{made.url.rpartition('@')[2]}",
            write_url=None,
            masks=made.wish.masks,
            clock=store.clock,
            options=Options(search_path=("care", "public")),
            rooms=rooms,
            inspect=inspector(made.wish, source="shop", secret=SECRET, acknowledged=frozenset()),
        )
        await connector.open()
        try:
            source: Any = connector
            yield Ground(connector, made, Line(store, source))
        finally:
            await connector.close()


async def ran(connector: PostgresConnector, text: str) -> object:
    """What a statement comes to when every rule allows it and it has a second."""
    try:
        async with connector.visit(Statement(text=text), name="assent:t:1") as visit:
            reading = await visit.read()
            if isinstance(reading, Unreadable) or reading.writes:
                return reading
            return await visit.run(permit(reading, seconds=1))
    except SourceError as error:
        return error.code


def raw(said: object) -> list[str]:
    text = repr(said)
    return [form for form in FOUND if form in text]


async def test_the_checker_finds_a_cell_in_each_of_its_dresses(database: Make) -> None:
    owner = await asyncpg.connect(await database(SCHEMA + MEMBER))
    for form in (
        "mail", "lower(mail)", "upper(mail)", "reverse(mail)", "encode(convert_to(mail, 'UTF8'), 'hex')",
        "encode(convert_to(mail, 'UTF8'), 'base64')", "encode(convert_to('x' || mail, 'UTF8'), 'base64')",
        "encode(convert_to('xy' || mail, 'UTF8'), 'base64')", "income", "prefs", "born::text", "member",
    ):  # fmt: skip
        assert raw([tuple(row) for row in await owner.fetch(f"SELECT {form} FROM care.member")]), form
    await owner.close()


@VERSIONS
async def test_with_a_blind_reading_the_engine_refuses_every_masked_statement(database: Make, version: int) -> None:
    """Each is the engine's own 42501: an OUTCOME that says so, and one alert."""
    async with ground(database, version, replace(ROOMS, witness=blind)) as here:
        ends: Counter[str] = Counter()
        for text, expected, absent in each(version):
            answer = await here.ask(text)
            assert not raw(answer), text
            end = answer.code if isinstance(answer, Failed) else type(answer).__name__
            ends[end] += 1
            if expected.startswith("= read masked") and str(version) not in absent.split(","):
                assert end == "denied_by_engine", (text, answer)
        assert ends["denied_by_engine"] > least(version)
        assert ends["Answered"] > least(version)  # what touches nothing protected is answered all the same
        assert here.line.alerts() == ["denied_by_engine"] * ends["denied_by_engine"]
        outcomes = [sealed.body for _, sealed in here.line.store.journal.tables.log]
        assert sum(body.get("code") == "denied_by_engine" for body in outcomes) == ends["denied_by_engine"]


@VERSIONS
async def test_with_a_blind_reading_no_hostile_statement_shows_a_cell(database: Make, version: int) -> None:
    """The attacks on the shop's customers, aimed at the members here."""
    aim = {"customers": "member", "email": "mail", "national_id": "passport", "name": "note"}
    async with ground(database, version, replace(ROOMS, witness=blind)) as here:
        denied = 0
        for attack in hostile() if version == 18 else today(hostile(), str, OLDER):
            text = re.sub(r"\b(customers|email|national_id|name)\b", lambda m: aim[m.group()], attack)
            said = await ran(here.connector, text)
            assert not raw(said), text
            denied += said == "denied_by_engine"
        assert denied > (25 if version == 18 else 2)


@VERSIONS
async def test_a_relation_that_the_splicer_skips_is_refused_by_the_engine(
    database: Make, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    skipped: list[int] = []

    def swap(source: bytes, named: Named, text: str) -> splicing.Edit:
        if not countdown:
            return real(source, named, text)
        countdown[0] -= 1
        if countdown[0] != -1:
            return real(source, named, text)
        skipped.append(named.start)
        return splicing.Edit(named.start, named.start, b"")

    real, countdown = splicing.swap, list[int]()
    monkeypatch.setattr(splicing, "swap", swap)
    monkeypatch.setattr(splicing, "same", lambda *_: True)
    async with ground(database, version, ROOMS) as here:
        ends: Counter[str] = Counter()
        for text, expected, _ in each(version):
            if not expected.startswith("= read masked"):
                continue
            for at in range(4):
                before = len(skipped)
                countdown[:] = [at]
                answer = await here.ask(text)
                assert not raw(answer), (text, at)
                if len(skipped) == before:
                    break
                ends[answer.code if isinstance(answer, Failed) else type(answer).__name__] += 1
        assert len(skipped) > least(version)
        assert ends["denied_by_engine"] > least(version)
        assert here.line.alerts() == ["denied_by_engine"] * ends["denied_by_engine"]


@VERSIONS
@pytest.mark.parametrize("before", [True, False], ids=["before the reading", "between reading and running"])
async def test_children_that_a_parent_gains_are_caught_by_the_stamp(database: Make, version: int, before: bool) -> None:
    """The one way past column rights: they are checked on the parent alone."""
    more = "CREATE TABLE care.base (id int NOT NULL, mail text); GRANT SELECT ON care.base TO PUBLIC;"
    inherit, text = "ALTER TABLE care.member INHERIT care.base", "select mail from care.base"
    async with ground(database, version, replace(ROOMS, witness=blind), more=more) as here:
        if before:
            await here.database.dba.execute(inherit)
            answer = await here.ask(text)
            assert isinstance(answer, Refused), answer
            assert not raw(answer)
        else:
            async with here.connector.visit(Statement(text=text), name="assent:t:1") as visit:
                reading = await visit.read()
                assert isinstance(reading, Reading)
                await here.database.dba.execute(inherit)
                with pytest.raises(Drifted):
                    await visit.run(permit(reading))
        # What the look holds back is there to be seen: the engine itself has no objection.
        assert raw([tuple(row) for row in await here.database.reader.fetch(text)])


async def test_what_the_role_may_not_call_is_refused_before_it_runs(database: Make) -> None:
    more = "REVOKE EXECUTE ON FUNCTION pg_catalog.initcap(text) FROM PUBLIC;"
    async with ground(database, 18, ROOMS, more=more) as here:
        answer = await here.ask("select initcap('x')")
        assert isinstance(answer, Refused)
        assert "initcap" in repr(answer)
        assert here.line.alerts() == []
