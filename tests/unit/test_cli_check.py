"""`assent check`: one result a line whatever the text, one shape, verdicts of whoever is named."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cli.check.check import tell
from cli.check.jsonl import LINE_BYTES
from core.model import STATEMENT_BYTES
from tests.commands import PROGRAM, ROOT, answer, assent
from tests.settings_files import SKETCH, written

KEYS = ["id", "class", "verbs", "things", "functions", "columns", "masked", "facts", "verdict", "reasons"]


def checked(*lines: bytes | str | dict[str, Any], tail: bytes = b"\n") -> list[dict[str, Any]]:
    raw = [json.dumps(one).encode() if isinstance(one, dict) else one for one in lines]
    given = b"\n".join(one.encode() if isinstance(one, str) else one for one in raw) + tail
    result = assent("check", "--jsonl", "--offline", "--dialect", "postgres", given=given)
    assert result.exit_code == 0, result.output
    assert result.stdout.isascii()
    found = [json.loads(line) for line in result.stdout.split("\n")[:-1]]
    assert all(list(one) == KEYS for one in found)
    return found


# ---------------------------------------------------------------- lines


@pytest.mark.parametrize(
    ("sql", "kind", "verbs"),
    [
        ("SELECT id FROM t", "read", ["read"]),
        ("INSERT INTO t VALUES (1)", "write", ["insert"]),
        ("UPDATE t SET a = 1", "write", ["update"]),
        ("DELETE FROM t", "write", ["delete"]),
        ("CREATE TABLE t (a int)", "schema", ["define"]),
        ("GRANT SELECT ON t TO r", "rights", ["grant"]),
        ("SELECT my_function(1)", "run", ["run"]),
        ("ROLLBACK", "control", ["control"]),
        ("SELECT 1; SELECT 2", "unreadable", []),
        ("SELEC", "unreadable", []),
        ("", "unreadable", []),
    ],
)
def test_a_statement_has_the_class_of_its_worst_verb(sql: str, kind: str, verbs: list[str]) -> None:
    (found,) = checked({"id": "a", "sql": sql})
    assert (found["id"], found["class"], found["verdict"]) == ("a", kind, None)
    assert set(verbs) <= set(found["verbs"])


HOSTILE = {
    "nothing": b"",
    "blanks": b"  \t ",
    "words": b"SELECT 1",
    "binary": bytes(byte for byte in range(256) if byte != 10),
    "nul": b'{"id":1,"sql":"a"}\x00',
    "not utf-8": b'{"id":1,"sql":"\xff"}',
    "utf-16": '{"id":1,"sql":"a"}'.encode("utf-16-le").replace(b"\n", b""),
    "number": b"1",
    "list": b"[]",
    "no statement": b'{"id":1}',
    "number for a statement": b'{"id":1,"sql":1}',
    "null for a statement": b'{"id":1,"sql":null}',
    "list for an id": b'{"id":[1],"sql":"SELECT 1"}',
    "infinite id": b'{"id":1e999,"sql":"SELECT 1"}',
    "no number": b'{"id":NaN,"sql":"SELECT 1"}',
    "long number": b'{"id":' + b"9" * 5000 + b',"sql":"SELECT 1"}',
    "two statements under one key": b'{"id":1,"sql":"SELECT 1","sql":"DROP TABLE t"}',
    "deep": b'{"id":1,"sql":"SELECT 1","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "unclosed": b"[" * 200_000,
    "huge": b'{"id":1,"sql":"' + b"x" * LINE_BYTES + b'"}',
    "parameters of another kind": b'{"id":1,"sql":"SELECT $1","parameters":[[1]]}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_line_that_is_no_such_object_is_unreadable_without_an_id(name: str) -> None:
    before, found, after = checked({"id": 1, "sql": "SELECT 1"}, HOSTILE[name], {"id": 2, "sql": "SELECT 2"})
    assert (found["id"], found["class"]) == (None, "unreadable")
    assert ([before["id"], after["id"]], after["class"]) == ([1, 2], "read")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT '\0'",
        "SELECT '\ud800'",
        "SELECT 1" + " " * STATEMENT_BYTES,
        "SELECT " + "(" * 30_000,
        "SELECT " + "-" * 2 + "\u2028\u0085\x1c\x0b",
        "SELECT " + "+".join("1" * 20_000),
        "\ufeffSELECT 1",
        "SELECT 1 \\gexec",
    ],
)
def test_hostile_statements_give_one_line_each_with_their_id(sql: str) -> None:
    found = checked({"id": "\ud800\u2028\x85", "sql": sql}, {"id": 2, "sql": "SELECT 2"})
    assert [one["id"] for one in found] == ["\ud800\u2028\x85", 2]
    assert found[0]["class"] in {"unreadable", "read"}


def test_every_line_has_its_line_also_without_a_last_newline() -> None:
    assert [one["id"] for one in checked({"id": 1, "sql": "x"}, {"id": None, "sql": "SELECT 1"}, tail=b"")] == [1, None]
    assert checked(tail=b"") == []


@pytest.mark.parametrize("name", [None, True, 0, -1, 2**80, 1.5, "", "é", "\x00"])
def test_an_id_comes_back_as_it_was(name: object) -> None:
    (found,) = checked({"id": name, "sql": "SELECT 1", "seen_at": "2026-01-01"})
    assert found["id"] == name
    assert type(found["id"]) is type(name)


def test_parameters_count() -> None:
    good, few = checked(
        {"id": 1, "sql": "SELECT $1", "parameters": [5]}, {"id": 2, "sql": "SELECT $2", "parameters": [5]}
    )
    assert (good["class"], few["class"]) == ("read", "unreadable")


def test_the_other_dialect_is_read_in_the_same_shape() -> None:
    lines = '{"id":1,"sql":"SELECT `a` FROM `p.d.t`"}\nno line\n{"id":3,"sql":"DROP TABLE d.t"}\n'
    result = assent("check", "--jsonl", "--offline", "--dialect", "bigquery", given=lines)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(one["id"], one["class"]) for one in found] == [(1, "read"), (None, "unreadable"), (3, "schema")]
    assert all(list(one) == KEYS for one in found)


# ---------------------------------------------------------------- one statement


def test_a_statement_comes_as_argument_file_or_input(tmp_path: Path) -> None:
    file = tmp_path / "a.sql"
    file.write_text("DELETE FROM t\n")
    results = (
        assent("check", "--offline", "DELETE FROM t"),
        assent("check", "--offline", "--file", file),
        assent("check", "--offline", given="DELETE FROM t"),
    )
    for result in results:
        found = answer(result)
        assert list(found) == KEYS
        assert (found["id"], found["class"], found["facts"]) == (None, "write", ["no_where"])


def test_bytes_that_are_no_text_stay_unreadable() -> None:
    assert answer(assent("check", "--offline", given=b"SELECT '\xff'"))["class"] == "unreadable"
    assert answer(assent("check", "--offline", given=b"x" * 2 * LINE_BYTES))["class"] == "unreadable"


@pytest.mark.parametrize(
    "arguments",
    [
        ("SELECT 1",),
        ("--offline", "--as", "analysts", "SELECT 1"),
        ("--offline", "--jsonl", "SELECT 1"),
        ("--offline", "--dialect", "oracle", "SELECT 1"),
        ("--offline", "--fail-on", "allow", "SELECT 1"),
    ],
)
def test_arguments_that_make_no_check_are_a_usage_error(arguments: tuple[str, ...]) -> None:
    assert assent("check", *arguments).exit_code == 2


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    result = assent("check", "--offline", "--file", tmp_path / "none.sql")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.count("\n") == 1
    assert "none.sql: cannot be read" in result.stderr


def test_people_read_a_result_as_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    tell(decided(tmp_path, 'DELETE FROM "a\u202eb\\x1b"'))
    shown = capsys.readouterr().out
    assert shown.startswith("write · ask\n")
    assert "things  a⟨U+202E⟩b" in shown
    assert "(changes need one DBA)" in shown


# ---------------------------------------------------------------- verdicts


def decided(folder: Path, *arguments: str, groups: str = "analysts") -> dict[str, Any]:
    config = written(folder, SKETCH)
    usual = ("--offline", "--config", config, "--source", "shop", "--as", groups)
    found: dict[str, Any] = answer(assent("check", *usual, *arguments))
    return found


@pytest.mark.parametrize(
    ("sql", "verdict"),
    [
        ("SELECT id FROM public.customers", "allow"),
        ("DELETE FROM public.orders WHERE id = 1", "ask"),
        ("SELECT * FROM hr.payroll", "refuse"),
        ("SELECT * FROM payroll", "refuse"),
        ("ROLLBACK", "refuse"),
        ("SELEC", "refuse"),
    ],
)
def test_a_configuration_decides_without_one_secret_of_it(tmp_path: Path, sql: str, verdict: str) -> None:
    found = decided(tmp_path, sql)
    assert found["verdict"] == verdict
    assert found["reasons"]


def test_a_verdict_is_of_the_groups_that_are_named(tmp_path: Path) -> None:
    assert decided(tmp_path, "SELECT id FROM public.customers", groups="guests")["verdict"] == "refuse"
    assert decided(tmp_path, "SELECT id FROM public.customers", groups="guests, agents")["verdict"] == "allow"
    assert decided(tmp_path, "SELECT id FROM public.customers", groups="")["verdict"] == "refuse"


def test_a_tagged_column_that_is_named_is_said_to_be_masked(tmp_path: Path) -> None:
    found = decided(tmp_path, "SELECT id, email FROM customers")
    assert found["masked"] == ["customers.email"]
    found = decided(tmp_path, "SELECT amount FROM public.payments")
    assert found["masked"] == ["public.payments.amount"]


def test_every_tag_of_a_table_counts_offline(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "no ids"\ntags = ["pii.national_id"]\nthen = "refuse"\n'
    config = written(tmp_path, SKETCH + rule)
    usual = ("check", "--offline", "--config", config, "--source", "shop", "--as", "analysts")
    assert answer(assent(*usual, "SELECT * FROM customers"))["verdict"] == "refuse"
    assert answer(assent(*usual, "SELECT * FROM public.orders"))["verdict"] == "allow"


def test_a_source_must_be_one(tmp_path: Path) -> None:
    config = written(tmp_path, SKETCH)
    result = assent("check", "--offline", "--config", config, "SELECT 1")
    assert result.exit_code == 2
    assert "shop, warehouse" in result.stderr
    assert assent("check", "--offline", "--config", config, "--dialect", "postgres", "SELECT 1").exit_code == 0


def test_a_wrong_configuration_is_said_in_a_line_and_nothing_is_read(tmp_path: Path) -> None:
    config = written(tmp_path, SKETCH.replace("then =", "than =", 1))
    result = assent("check", "--offline", "--config", config, "--source", "shop", "SELECT 1")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "Traceback" not in result.stderr
    assert "than" in result.stderr


@pytest.mark.parametrize(
    ("sql", "fails", "code"),
    [
        ("SELECT id FROM public.orders", "refuse", 0),
        ("SELECT id FROM public.orders", "ask", 0),
        ("DELETE FROM public.orders", "refuse", 0),
        ("DELETE FROM public.orders", "ask", 1),
        ("SELECT * FROM hr.payroll", "refuse", 1),
        ("SELEC", "refuse", 1),
    ],
)
def test_a_team_can_fail_its_build_on_a_verdict(tmp_path: Path, sql: str, fails: str, code: int) -> None:
    config = written(tmp_path, SKETCH)
    usual = ("--offline", "--config", config, "--source", "shop", "--as", "analysts", "--fail-on", fails)
    assert assent("check", *usual, sql).exit_code == code
    lines = json.dumps({"id": 1, "sql": sql}) + '\n{"id":2,"sql":"SELECT 1"}\n'
    result = assent("check", *usual, "--jsonl", given=lines)
    assert (result.exit_code, len(result.stdout.splitlines())) == (code, 2)


# ---------------------------------------------------------------- as a program


def test_a_program_gets_each_result_before_it_sends_the_next_line() -> None:
    command = (*PROGRAM, "check", "--jsonl", "--offline", "--dialect", "postgres")
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for number in range(3):
            running.stdin.write(b'{"id":%d,"sql":"SELECT 1"}\n' % number)
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == number
        running.stdin.close()
        assert running.wait(30) == 0


def test_ctrl_c_ends_it_while_it_waits_for_a_line() -> None:
    command = (*PROGRAM, "check", "--jsonl", "--offline")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdin.write(b'{"id":1,"sql":"SELECT 1"}\n')
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["id"] == 1
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130
        assert running.stderr.read() == b""


def test_a_reader_that_leaves_ends_it_without_a_word() -> None:
    command = (*PROGRAM, "check", "--jsonl", "--offline")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        running.stdin.write(b'{"id":1,"sql":"SELECT 1"}\n')
        running.stdin.flush()
        assert running.wait(30) == 1
        assert b"Traceback" not in running.stderr.read()
