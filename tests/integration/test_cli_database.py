"""`assent init`, `harden`, `doctor` and `check` walked by an operator, against the shop in a real PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, final
from urllib.parse import urlsplit

import asyncpg
import pytest
from typer.testing import Result

from demo.postgres import Postgres
from demo.shop.load import load
from demo.world import shop
from tests.commands import ROOT, answer, assent


@final
class Operator:
    """Someone with a database, a folder and a command line."""

    def __init__(self, server: Postgres, folder: Path) -> None:
        self.folder = folder
        self.owner = asyncio.run(shop(server))
        asyncio.run(load(self.owner))
        self.environ = {
            "OWNER": self.owner,
            "SHOP_READ_URL": server.url("shop", "shop_read", "r"),
            "SHOP_WRITE_URL": server.url("shop", "shop_write", "w"),
        }

    def assent(self, *arguments: object) -> Result:
        """Run a command with the proposed configuration, and see that no password is ever shown."""
        result = assent(*arguments, environ=self.environ)
        assert str(urlsplit(self.owner).password) not in result.output
        assert "Traceback" not in result.output
        return result

    def with_file(self, *arguments: object) -> Result:
        return self.assent(*arguments, "--config", self.folder / "assent.toml")

    def sql(self, text: str) -> Any:
        async def run() -> Any:
            connection = await asyncpg.connect(self.owner)
            try:
                return await connection.fetch(text)
            finally:
                await connection.close()

        return asyncio.run(run())

    def replaced(self, old: str, new: str) -> None:
        path = self.folder / "assent.toml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """The shop, initialised and hardened; tests that change something put it back."""
    server = Postgres.start()
    try:
        made = Operator(server, tmp_path_factory.mktemp("operator"))
        assert made.assent("init", "env:OWNER", "--out", made.folder).exit_code == 0
        yield made
    finally:
        server.close()


def findings(result: Result) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for one in json.loads(result.stdout)["findings"]:
        found.setdefault(one["state"], []).append(one)
    return found


# One walk, in order: what each step needs is what the one before it made.


def test_what_init_writes_is_private_explained_and_loads(operator: Operator) -> None:
    for name in ("assent.toml", "harden.sql", "clients.md", "keys/mask"):
        assert stat.S_IMODE((operator.folder / name).stat().st_mode) == 0o600
    text = (operator.folder / "assent.toml").read_text()
    tags = tomllib.loads(text)["source"]["shop"]["tags"]
    assert tags["public.customers.email"] == "pii.email"
    assert tags["public.customers.notes"] == "free_text"
    assert text.index("the column is called email") < text.index('"public.customers.email"')
    assert str(urlsplit(operator.owner).password) not in text


def test_init_begins_with_a_ready_policy_of_ones_choice(operator: Operator, tmp_path: Path) -> None:
    chosen = ("init", "env:OWNER", "--out", tmp_path / "chosen", "--policy")
    assert "read-only-analyst" in operator.assent(*chosen, "nothing-of-the-kind").output
    assert operator.assent(*chosen, "read-only-analyst").exit_code == 0
    linted = operator.assent("policy", "lint", tmp_path / "chosen" / "assent.toml")
    assert (linted.exit_code, "0 errors" in linted.output) == (0, True), linted.output
    ready = tomllib.loads((ROOT / "manifests/policies/read-only-analyst/policy.toml").read_text())["rule"]
    assert tomllib.loads((tmp_path / "chosen" / "assent.toml").read_text())["rule"] == ready


def test_init_replaces_nothing_unless_it_is_told_to(operator: Operator) -> None:
    before = {path: path.read_bytes() for path in operator.folder.rglob("*") if path.is_file()}
    refused = operator.assent("init", "env:OWNER", "--out", operator.folder)
    assert (refused.exit_code, "is there already" in refused.stderr) == (4, True)
    assert operator.assent("init", "env:OWNER", "--out", operator.folder, "--force").exit_code == 0
    assert {path: path.read_bytes() for path in operator.folder.rglob("*") if path.is_file()} == before


def test_a_database_before_hardening_has_drift_and_refuses_to_start(operator: Operator) -> None:
    assert operator.with_file("harden", "--check", "--dba", "env:OWNER").exit_code == 1
    found = findings(operator.with_file("doctor", "--json"))
    assert [one["area"] for one in found["refuses"]] == ["source.shop"]


def test_harden_prints_explains_and_applies(operator: Operator) -> None:
    printed = operator.with_file("harden", "--dba", "env:OWNER")
    assert printed.exit_code == 0
    assert 'CREATE ROLE "shop_read"' in printed.stdout
    assert operator.sql("SELECT 1 FROM pg_roles WHERE rolname = 'shop_read'") == []
    applied = operator.with_file("harden", "shop", "--apply", "--dba", "env:OWNER")
    assert applied.exit_code == 0
    assert "\\password shop_read; \\password shop_write" in applied.stdout
    assert operator.with_file("harden", "--check", "--dba", "env:OWNER").exit_code == 0
    assert answer(operator.with_file("harden", "--json", "--dba", "env:OWNER"))["steps"] == []
    operator.sql("ALTER ROLE shop_read PASSWORD 'r'")
    operator.sql("ALTER ROLE shop_write PASSWORD 'w'")
    assert "password yet" not in operator.with_file("harden", "--apply", "--dba", "env:OWNER").stdout


def test_a_hardened_source_is_well(operator: Operator) -> None:
    result = operator.with_file("doctor", "--json")
    found = findings(result)
    assert (result.exit_code, "refuses" in found) == (0, False)
    assert {"settings", "store", "source.shop"} <= {one["area"] for one in found["ok"]}
    assert [one["area"] for one in found["warns"]] == ["checkpoints", "identity.example"]  # nobody is at example.com
    assert "nothing refuses a start" in operator.with_file("doctor").stdout


def test_drift_is_shown_and_refuses(operator: Operator) -> None:
    operator.sql("GRANT SELECT (email) ON customers TO shop_read")
    try:
        drifted = operator.with_file("harden", "--check", "--dba", "env:OWNER")
        assert drifted.exit_code == 1
        assert 'differs: REVOKE SELECT ("email") ON TABLE "public"."customers" FROM "shop_read"' in drifted.stdout
        found = findings(operator.with_file("doctor", "--json"))
        assert any("tagged-columns-readable" in one["says"] and one["remedy"] for one in found["refuses"])
    finally:
        operator.with_file("harden", "--apply", "--dba", "env:OWNER")
    assert operator.with_file("harden", "--check", "--dba", "env:OWNER").exit_code == 0


def test_a_copy_that_nobody_tagged_is_said_to_be_closed(operator: Operator) -> None:
    operator.sql("CREATE MATERIALIZED VIEW cities AS SELECT city, count(*) FROM customers GROUP BY city")
    try:
        found = findings(operator.with_file("doctor", "--json"))
        assert [one["area"] for one in found["closes"]] == ["source.shop"]
        assert "public.cities may copy protected columns" in found["closes"][0]["says"]
        assert "untagged" in found["closes"][0]["remedy"]
    finally:
        operator.sql("DROP MATERIALIZED VIEW cities")


def test_a_file_that_others_may_read_is_said_with_its_remedy(operator: Operator) -> None:
    key = operator.folder / "keys" / "mask"
    key.chmod(0o644)
    try:
        result = operator.with_file("doctor")
        assert result.exit_code == 1
        assert "chmod 600" in result.stdout
    finally:
        key.chmod(0o600)
    store = operator.folder / "assent.db"
    store.touch(mode=0o600)
    (operator.folder / "assent.files").mkdir(mode=0o755)
    try:
        found = findings(operator.with_file("doctor", "--json"))
        assert any("chmod 700" in one["says"] for one in found["refuses"])
    finally:
        store.unlink()
        (operator.folder / "assent.files").rmdir()


def test_the_source_itself_confirms_a_reading(operator: Operator) -> None:
    usual = ("--source", "shop", "--as", "analysts")
    found = answer(operator.with_file("check", *usual, "SELECT id, email FROM customers"))
    assert (found["class"], found["verdict"]) == ("read", "allow")
    assert found["things"] == ["public.customers"]
    assert "public.customers.email" in found["masked"]
    missing = answer(operator.with_file("check", *usual, "SELECT nothing FROM nowhere"))
    assert (missing["class"], missing["verdict"]) == ("unreadable", "refuse")
    asked = answer(operator.with_file("check", "--as", "developers", "DELETE FROM tickets"))
    assert (asked["class"], asked["verdict"], asked["facts"]) == ("write", "ask", ["no_where"])
    assert operator.sql("SELECT count(*) AS n FROM tickets")[0]["n"] > 0


def test_lines_are_confirmed_one_by_one(operator: Operator, tmp_path: Path) -> None:
    lines = tmp_path / "log.jsonl"
    lines.write_text('{"id":1,"sql":"SELECT id FROM orders"}\nno line\n{"id":3,"sql":"SELECT $1","parameters":[{}]}\n')
    result = operator.with_file("check", "--jsonl", "--file", lines, "--as", "analysts")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(one["id"], one["class"], one["verdict"]) for one in found] == [
        (1, "read", "allow"),
        (None, "unreadable", "refuse"),
        (None, "unreadable", "refuse"),
    ]


def test_a_source_that_is_away_is_one_sentence(operator: Operator) -> None:
    environ = operator.environ | {"SHOP_READ_URL": "postgresql://shop_read:r@127.0.0.1:9/shop"}
    config = operator.folder / "assent.toml"
    result = assent("check", "--config", config, "SELECT 1", environ=environ)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)
    for command in (("harden", "--dba", "env:AWAY"), ("harden", "--dba", "env:WRONG")):
        more = {"AWAY": "postgresql://p:p@127.0.0.1:9/shop", "WRONG": operator.owner.replace("shop_owner", "nobody")}
        result = assent(*command, "--config", config, environ=operator.environ | more)
        assert (result.exit_code, result.stderr.count("\n")) == (4, 1)


def test_an_empty_database_proposes_an_empty_house(operator: Operator, tmp_path: Path) -> None:
    operator.sql('CREATE DATABASE "Odd Näme"')
    url = operator.owner.rpartition("/shop")[0] + "/Odd%20N%C3%A4me" + operator.owner.rpartition("/shop")[2]
    environ = {"OWNER": url, "ODD_N_ME_READ_URL": "postgresql://r:p@127.0.0.1/x"}
    result = assent("init", "env:OWNER", "--out", tmp_path / "new", environ=environ)
    assert (result.exit_code, "0 columns look protected" in result.stdout) == (0, True)
    assert list(tomllib.loads((tmp_path / "new" / "assent.toml").read_text())["source"]) == ["odd_n_me"]
