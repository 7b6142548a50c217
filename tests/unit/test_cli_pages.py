"""The command explains itself, loads little to do so, and its reference page cannot drift."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from typer.core import TyperGroup, TyperOption
from typer.main import get_command
from typer.testing import CliRunner

from cli import reference
from cli.main import app
from cli.show import Exit, visible
from cli.source import snippets
from tests.commands import ROOT, assent


def paths(group: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(group, TyperGroup):
        return [path]
    return [one for name, command in group.commands.items() for one in paths(command, (*path, name))]


COMMANDS = paths(get_command(app))


def test_the_reference_page_is_what_the_program_takes() -> None:
    printed = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert printed == reference.page(), "run: .venv/bin/python -m cli.reference docs/reference"


def test_every_command_and_exit_code_is_on_the_page() -> None:
    page = reference.page()
    assert all(f"## `assent {' '.join(path)}`" in page for path in COMMANDS)
    assert set(reference.CODES) == set(Exit)
    assert {("demo",), ("init",), ("harden",), ("serve",), ("doctor",), ("check",), ("token",), ("health",)} <= {
        *COMMANDS
    }
    assert {("review", name) for name in ("list", "show", "approve", "deny")} <= {*COMMANDS}
    assert {("audit", name) for name in ("sessions", "session", "call", "verify")} <= {*COMMANDS}


def test_every_option_says_what_it_is_and_what_it_takes() -> None:
    def look(group: object) -> None:
        for command in group.commands.values() if isinstance(group, TyperGroup) else ():
            assert command.help
            for parameter in command.params:
                assert getattr(parameter, "help", None), f"{command.name} {parameter.name}"
                if isinstance(parameter, TyperOption) and not parameter.is_flag and not parameter.hidden:
                    assert parameter.metavar, f"{command.name} {parameter.name}"
            look(command)

    look(get_command(app))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_helps(path: tuple[str, ...]) -> None:
    result = assent(*path, "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.stdout


def test_no_option_takes_a_token_or_a_password() -> None:
    assert not re.search(r"--(token|password|secret|url-with)\b(?!-file)", reference.page())


def test_help_loads_none_of_the_libraries_that_commands_work_with() -> None:
    heavy = ("mcp", "sqlglot", "slack_bolt", "google.cloud.bigquery", "asyncpg", "httpx2", "postgast", "starlette")
    code = f"import sys; from cli.main import app; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_version_is_one_line() -> None:
    result = assent("--version")
    assert (result.exit_code, result.stdout) == (0, "assent 0.1.0\n")


def test_words_of_others_cannot_move_the_cursor_or_hide() -> None:
    assert visible("a\x1b[2J\u202eb\u200b\r\x00\tc\n") == "a⟨U+001B⟩[2J⟨U+202E⟩b⟨U+200B⟩⟨U+000D⟩⟨U+0000⟩    c\n"


def test_snippets_name_every_client() -> None:
    page = snippets.page("https://assent.example.com")
    assert all(name in page for name in ("Claude Code", "Claude Desktop", "ChatGPT", "Cursor", "VS Code"))
    assert page.count("https://assent.example.com/mcp") == 6


def helps(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Give what --help prints of a command and of each below it, at 80 columns without colour."""
    printed = CliRunner().invoke(app, [*path, "--help"], prog_name="assent", env={"COLUMNS": "80", "NO_COLOR": "1"})
    yield " ".join(path), printed.output
    for name, command in group.commands.items() if isinstance(group, TyperGroup) else ():
        yield from helps(command, (*path, name))


def test_help_fits_80_columns_cuts_no_sentence_and_brackets_nothing_twice() -> None:
    told = dict(helps(get_command(app)))
    assert len(told) > 50
    for path, text in told.items():
        assert all(len(line) <= 80 for line in text.splitlines()), path
        assert not any(line.endswith("...") for line in text.splitlines()[1:]), path
        assert "[[" not in text, path
        assert "\x1b" not in text, path
