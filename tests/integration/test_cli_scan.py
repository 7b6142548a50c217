"""`assent scan` and `init` at a real database: names and samples speak, no value leaves, nothing is changed."""

from __future__ import annotations

import asyncio
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from demo.postgres import Postgres
from tests.commands import answer, assent

SCHEMA = """
CREATE TABLE people (id int, contact text, remark text, plain text, "odd <b>""x" text, ref text);
CREATE TABLE copies (id int, other text, thing text);
CREATE TABLE logs (id int, line jsonb);
CREATE TABLE listed (id int, words text[]); CREATE TABLE heirs (extra text) INHERITS (listed);
INSERT INTO listed SELECT i, ARRAY['x', 'anna.' || i || '@secret.example'] FROM generate_series(1, 60) i;
INSERT INTO heirs SELECT i, ARRAY['y'], 'bert.' || i || '@secret.example' FROM generate_series(100, 160) i;
CREATE TABLE "policed" (id int, words text);
CREATE FUNCTION trap() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ran'; END $$;
INSERT INTO policed SELECT 1, 'x';
ALTER TABLE policed ENABLE ROW LEVEL SECURITY;
ALTER TABLE policed FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON policed USING (trap());
INSERT INTO people SELECT i, 'anna.' || i || '@secret.example',
  CASE WHEN i % 5 = 0 THEN 'call +49 30 1234' || (10 + i % 80)
  ELSE 'nothing here' END, 'order ' || i, 'anna.' || i || '@secret.example', 'code-' || i FROM generate_series(1, 60) i;
INSERT INTO copies SELECT i, 'code-' || i, 'anything ' || i FROM generate_series(1, 60) i;
CREATE TABLE grown (id int, words text);
INSERT INTO grown SELECT i, CASE WHEN i > 20000 THEN 'call 030 123 45' || (10 + i % 80) ELSE repeat('x', 60) END
  FROM generate_series(1, 40000) i;
CREATE TABLE parted (id int, words text) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (1) TO (20000);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (20000) TO (50000);
INSERT INTO parted SELECT id, words FROM grown;
INSERT INTO logs SELECT i, jsonb_build_object('ip', '203.0.113.' || i) FROM generate_series(1, 60) i;
"""


@pytest.fixture(scope="module")
def owner() -> Iterator[str]:
    server = Postgres.start()
    try:
        url = asyncio.run(made(server))
        yield url
    finally:
        server.close()


async def made(server: Postgres) -> str:
    admin = await asyncpg.connect(server.url())
    await admin.execute("CREATE ROLE scan_owner LOGIN PASSWORD 'o'")
    await admin.execute("CREATE DATABASE scanned OWNER scan_owner")
    await admin.close()
    url = server.url("scanned", "scan_owner", "o")
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE SCHEMA care; SET search_path = care; " + SCHEMA)
    await connection.close()
    return url


def found(owner: str) -> dict[str, dict[str, object]]:
    result = assent("scan", "env:OWNER", "--json", environ={"OWNER": owner})
    assert result.exit_code == 1
    said = answer(result)
    return {one["column"]: one for one in said["columns"]}


def test_samples_say_what_a_name_does_not(owner: str) -> None:
    columns = found(owner)
    contact = columns["care.people.contact"]
    assert (contact["propose"], contact["mask"], contact["sampled"]) == ("pii.email", "token", 60)
    assert contact["seen"] == {"e-mail address": 60}
    assert columns["care.people.remark"]["propose"] == "free_text"
    assert columns["care.people.remark"]["seen"] == {"phone number": 12}
    assert columns["care.logs.line"]["propose"] == "free_text"
    assert columns["care.listed.words"]["propose"] == "free_text"
    assert columns["care.heirs.extra"]["propose"] == "pii.email"
    assert "care.heirs.words" not in columns
    assert "care.people.plain" not in columns
    assert "care.copies.other" not in columns


def test_what_only_later_rows_hold_is_seen_as_well_also_in_partitions(owner: str) -> None:
    columns = found(owner)
    for table in ("grown", "parted"):
        words = columns[f"care.{table}.words"]
        assert words["propose"] == "free_text"
        assert str(words["seen"]).startswith("{'phone number': ")
        assert words["sampled"] == 200


def test_no_value_is_told_in_any_form(owner: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    for options in ((), ("--json",), ("--html", page)):
        result = assent("scan", "env:OWNER", *options, environ={"OWNER": owner})
        for shown in (result.output, page.read_text() if page.exists() else ""):
            assert not re.search(r"secret\.example|\+49 30|203\.0\.113|nothing here|code-\d", shown)
    assert page.stat().st_mode & 0o777 == 0o600


def test_the_page_fetches_nothing_runs_nothing_and_escapes_every_name(owner: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assent("scan", "env:OWNER", "--html", page, environ={"OWNER": owner})
    text = page.read_text()
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<link|<img|https?:|src=|url\(|<b>", text)
    assert "odd &lt;b&gt;" in text


def test_what_is_proposed_is_toml_that_names_the_columns(owner: str) -> None:
    result = assent("scan", "env:OWNER", "--source", "care", environ={"OWNER": owner})
    pasted = tomllib.loads(result.stdout[result.stdout.index("[source.care.tags]") :].partition("\nnot sampled")[0])
    assert pasted["source"]["care"]["tags"]["care.people.contact"] == "pii.email"
    assert pasted["source"]["care"]["tags"]['care.people."odd <b>""x"'] == "pii.email"
    assert pasted["mask"]["pii.email"] == "token"


def test_a_table_whose_policies_would_run_code_is_named_and_left_alone(owner: str) -> None:
    result = assent("scan", "env:OWNER", "--json", environ={"OWNER": owner})
    assert json.loads(result.stdout)["unread"] == ["care.policed (InsufficientPrivilegeError)"]  # not the trap's error


def test_untagged_copies_of_tagged_columns_are_found_by_their_samples(owner: str, tmp_path: Path) -> None:
    out = tmp_path / "new"
    environ = {"OWNER": owner, "CARE_READ_URL": owner, "CARE_WRITE_URL": owner}
    assert assent("init", "env:OWNER", "--name", "care", "--out", out, environ=environ).exit_code == 0
    config = out / "assent.toml"
    text = config.read_text()
    assert '"care.people.contact" = "pii.email"' in text
    config.write_text(text.replace("[source.care.tags]", '[source.care.tags]\n"care.people.ref" = "pii.email"'))
    result = assent("scan", "env:OWNER", "--config", config, "--json", environ=environ)
    columns = {one["column"]: one for one in answer(result)["columns"]}
    assert columns["care.people.contact"]["tagged"] == "pii.email"
    assert columns["care.copies.other"]["copy_of"] == "care.people.ref"
    assert columns["care.copies.other"]["propose"] == "pii.email"
