"""Where tokens and URLs may come from, and where they may go; nothing here opens a socket."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest
import typer

from cli import dba, reach
from cli.serve import borrowed
from cli.show import Exit
from tests.commands import assent
from tests.settings_files import SKETCH, written

CANARY = "canary-5tgb"


def private(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


# ---------------------------------------------------------------- a reviewer's token


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--url", "http://assent.example.com"), "would travel in the clear"),
        (("--url", "http://127.0.0.1.example.com:8081"), "would travel in the clear"),
        (("--url", "http://user:word@127.0.0.1"), "http or https"),
        (("--url", "ftp://127.0.0.1"), "http or https"),
        (("--url", "http://127.0.0.1:99999"), "http or https"),
        (("--token-file", "/nonexistent/token"), "cannot be read"),
    ],
)
def test_a_token_goes_nowhere_it_should_not(arguments: tuple[str, ...], says: str) -> None:
    result = assent("review", "list", *arguments, environ={"ASSENT_TOKEN": CANARY})
    assert result.exit_code in {2, 4}
    assert says in result.stderr
    assert CANARY not in result.output


@pytest.mark.parametrize("token", ["", " \n", "a\nb", "a\x00b", "é"])
def test_what_is_no_token_is_not_sent(token: str) -> None:
    result = assent("review", "list", environ={"ASSENT_TOKEN": token} if "\0" not in token else {"ASSENT_TOKEN": ""})
    assert result.exit_code == 4
    assert "token" in result.stderr


def test_a_token_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    result = assent("audit", "sessions", "--token-file", private(tmp_path / "t", CANARY, 0o644))
    assert (result.exit_code, CANARY in result.output) == (4, False)
    assert "chmod 600" in result.stderr


def test_no_token_says_where_to_put_one() -> None:
    result = assent("audit", "call", "call_x", environ={"ASSENT_TOKEN": None})  # type: ignore[dict-item]
    assert "ASSENT_TOKEN" in result.stderr


def test_the_address_is_the_configurations_and_takes_no_secret(tmp_path: Path) -> None:
    assert reach.listening(written(tmp_path, SKETCH)) == "http://127.0.0.1:8081"
    assert reach.listening(tmp_path / "none.toml") == reach.LOCAL


def test_ids_cannot_leave_their_place_in_the_address() -> None:
    people = reach.People(url="http://127.0.0.1:1", bearer=reach.Given(CANARY))
    assert CANARY not in repr(people)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (403, b'{"error":"x","message":"Not yours."}', Exit.FINDINGS),
        (409, b'{"error":"self","message":"It is your own."}', Exit.FINDINGS),
        (503, b'{"error":"x","message":"Later."}', Exit.CANNOT),
        (200, b"<html>", Exit.CANNOT),
        (200, b"[]", Exit.CANNOT),
        (200, b"[" * 100_000, Exit.CANNOT),
        (302, b"{}", Exit.FINDINGS),
    ],
)
def test_an_answer_is_an_object_or_the_end(status: int, body: bytes, code: Exit) -> None:
    with pytest.raises(typer.Exit) as ended:
        reach.answered(httpx2.Response(status, content=body))
    assert ended.value.exit_code == code


@pytest.mark.parametrize(
    ("status", "of", "hints"), [(404, "keys", True), (404, "reviews", False), (409, "keys", False)]
)
def test_who_is_no_operator_is_told_where_operators_are_named(
    status: int, of: str, hints: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit):
        reach.answered(httpx2.Response(status, content=b'{"message":"There is nothing of that name."}'), of)
    said = capsys.readouterr().err
    assert ("There is nothing of that name." in said, "[console] operators" in said) == (True, hints)


# ---------------------------------------------------------------- approving


def test_nobody_approves_without_a_terminal_what_nobody_named() -> None:
    result = assent("review", "approve", "rev_one", environ={"ASSENT_TOKEN": CANARY}, given="y\n")
    assert result.exit_code == 2
    assert "--digest" in result.stderr


def test_a_denial_needs_a_reason() -> None:
    assert assent("review", "deny", "rev_one", environ={"ASSENT_TOKEN": CANARY}).exit_code == 2


# ---------------------------------------------------------------- a DBA's URL


@pytest.mark.parametrize("command", [("init",), ("harden", "--dba")])
def test_a_url_is_no_argument(command: tuple[str, ...], tmp_path: Path) -> None:
    config = written(tmp_path, SKETCH.replace("env:SHOP", "env:HOME_SHOP"))
    url = f"postgresql://postgres:{CANARY}@127.0.0.1/shop"
    environ = {f"HOME_SHOP_{kind}_URL": "postgresql://r:p@127.0.0.1/shop" for kind in ("READ", "WRITE", "UNMASK")}
    environ |= {"ASSENT_CLIENT_SECRET": "x", "SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "x"}
    more = ("--config", str(config)) if command[0] == "harden" else ("--out", str(tmp_path / "out"))
    result = assent(*command, url, *more, environ=environ)
    assert result.exit_code == 2
    assert CANARY not in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("url", "plain", "passes"),
    [
        ("postgresql://u:p@127.0.0.1/d", False, True),
        ("postgresql://u:p@db.example/d?sslmode=verify-full", False, True),
        ("postgresql://u:p@db.example/d", False, False),
        ("postgresql://u:p@db.example/d?sslmode=require", False, False),
        ("postgresql://u:p@127.0.0.1,db.example/d", False, False),
        ("postgresql://u:p@db.example/d", True, True),
        ("postgresql://u:p@127.0.0.1:port/d", False, False),
        ("mysql://u:p@127.0.0.1/d", True, False),
        ("", True, False),
    ],
)
def test_a_password_is_sent_only_where_somebody_checks_who_listens(url: str, plain: bool, passes: bool) -> None:
    if passes:
        assert dba.vetted(url, plain=plain, remedy="--no-tls") == url
        return
    with pytest.raises(typer.Exit):
        dba.vetted(url, plain=plain, remedy="--no-tls")


def test_a_url_comes_from_a_private_file_or_from_input(tmp_path: Path) -> None:
    assert dba.resolved(f"file:{private(tmp_path / 'u', 'postgresql:///d')}") == "postgresql:///d"
    with pytest.raises(typer.Exit):
        dba.resolved(f"file:{private(tmp_path / 'v', 'postgresql:///d', 0o604)}")
    result = assent("init", "--out", tmp_path / "out", given="")
    assert (result.exit_code, "no URL" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("url", "role"),
    [
        ("postgresql://shop_read:p@h/d", "shop_read"),
        ("postgresql://a%40b:p@h/d", "a@b"),
        ("postgresql://h/d?user=x", "x"),
        ("postgresql:///d", ""),
    ],
)
def test_a_role_is_who_the_url_logs_in_as(url: str, role: str) -> None:
    assert dba.role(url) == role


# ---------------------------------------------------------------- tokens of the demo


@pytest.mark.parametrize(
    "state",
    [
        None,
        {},
        [],
        {"issuer": "https://login.example.com", "secret": "s", "people": ["ana"]},
        {"issuer": "http://login.example.com:80", "secret": "s", "people": ["ana"]},
        {"issuer": "http://u:p@127.0.0.1:80", "secret": "s", "people": ["ana"]},
        {"issuer": "http://127.0.0.1", "secret": "s", "people": ["ana"]},
        {"issuer": "http://127.0.0.1:99999", "secret": "s", "people": ["ana"]},
        {"issuer": "file:///etc/passwd", "secret": "s", "people": ["ana"]},
        {"issuer": "http://127.0.0.1:80", "secret": 1, "people": ["ana"]},
    ],
)
def test_token_speaks_to_a_running_demo_and_to_nobody_else(tmp_path: Path, state: object) -> None:
    if state is not None:
        private(tmp_path / "demo.json", json.dumps(state))
    result = assent("token", "ana", "--demo", tmp_path)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "running demo only" in result.stderr


def test_a_demo_that_others_may_read_is_refused(tmp_path: Path) -> None:
    state = {"issuer": "http://127.0.0.1:80", "secret": "s", "people": ["ana"]}
    private(tmp_path / "demo.json", json.dumps(state), 0o644)
    assert "chmod 600" in assent("token", "ana", "--demo", tmp_path).stderr
    private(tmp_path / "demo.json", json.dumps(state))
    assert assent("token", "rita", "--demo", tmp_path).exit_code == 2
    assert borrowed.here("http://localhost:1")
