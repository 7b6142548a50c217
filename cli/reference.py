"""The reference page of commands, printed from the Typer app that parses them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from cli.main import app
from cli.show import Exit

HEAD: Final = """\
# Commands

<!-- Printed by `python -m cli.reference docs/reference`; a test compares. -->

Text is for people; `--json` prints one JSON document on one line for programs, in the words of the same fields. Errors
are one sentence on standard error with what to do about it. Bars are drawn on standard error, on terminals alone.

Secrets are never arguments: a DBA's URL comes by `env:NAME`, `file:PATH` or a prompt, a reviewer's token by the
variable `ASSENT_TOKEN` or `--token-file`.

## Exit codes

| code | means |
|---|---|"""

CODES: Final[Mapping[Exit, str]] = {
    Exit.OK: "Done, and nothing was found.",
    Exit.FINDINGS: "It ran, and what it looked at is not as it should be; or a person's request was refused.",
    Exit.USAGE: "The arguments do not make a command.",
    Exit.SELF_CONSISTENT: "`audit verify` only: everything holds, but no key was named to hold it to.",
    Exit.CANNOT: "It could not be done: configuration, files, database, network.",
}

CHECK: Final = """
`check` prints, for each statement, one object with exactly these keys:

| key | holds |
|---|---|
| `id` | the line's own `id`; `null` for a single statement, and for a line that is no such object |
| `class` | `read`, `write`, `schema`, `rights`, `run` or `control`: the worst of its verbs; else `unreadable` |
| `verbs` | what it does: `read`, `insert`, `update`, `delete`, `define`, `grant`, `run`, `control` |
| `things` | what it touches: as written offline, else qualified |
| `functions` | functions it calls: as written offline, else with their arguments |
| `columns` | stored columns used anywhere in it; offline those whose table the text itself says |
| `masked` | columns that would be shown masked; offline those named that the configuration tags |
| `facts` | what else reading found, as in [the policy](policy.md#facts) |
| `verdict` | `allow`, `ask`, `refuse`; `null` without `--config` |
| `reasons` | `{"rule", "sentence"}`: why; rule `""` is the gateway's own |

A line of `--jsonl` is `{"id": …, "sql": "…"}`, `id` being text, a number, a flag or `null`; `parameters` may hold the
statement's values, other keys are passed over. Each line in gives one line out, in order, in ASCII, whatever it holds;
one that is longer than 1 MiB, is not UTF-8, or names a key twice is `unreadable`. The exit code is 0 whatever was read,
unless `--fail-on` says otherwise; `unreadable` counts as refused.

`--offline` takes the parser's word alone. With `--config` it decides by the policy as if every tag declared on a table
were used wherever the table is named, for a parser cannot say which columns a `*` is. A single statement is printed as
text on a terminal and as JSON elsewhere, or with `--json`."""

NOTES: Final[Mapping[str, str]] = {"assent check": CHECK}


def page() -> str:
    """Return `docs/reference/commands.md`."""
    codes = (f"| {code.value} | {CODES[code]} |" for code in Exit)
    return "\n".join((HEAD, *codes, "| 130 | Interrupted by Ctrl-C. |", *commands(get_command(app), "assent"), ""))


def commands(group: object, path: str) -> Iterator[str]:
    """Print each command of a group, groups within it in their place."""
    for name, command in group.commands.items() if isinstance(group, TyperGroup) else ():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{path} {name}")
        elif isinstance(command, TyperCommand):
            yield from described(command, f"{path} {name}")


def described(command: TyperCommand, path: str) -> Iterator[str]:
    """Print one command: its meaning, its arguments and options."""
    yield from ("", f"## `{path}`", "", command.help or "")
    shown = [row for parameter in command.params if (row := line(parameter))]
    if shown:
        yield from ("", "| | default | |", "|---|---|---|", *shown)
    if path in NOTES:
        yield NOTES[path]


def line(parameter: object) -> str:
    """Print one argument or option as a row; nothing for a hidden one, and for --help, which all have."""
    match parameter:
        case TyperArgument():
            named = f"`{parameter.metavar or (parameter.name or '').upper()}`"
        case TyperOption() if not parameter.hidden and "--help" not in parameter.opts:
            value = "" if parameter.is_flag else f" {parameter.metavar}"
            named = f"`{parameter.opts[-1]}{value}`"
        case _:
            return ""
    default = "required" if parameter.required else said(parameter.default)
    return f"| {named.replace('|', chr(92) + '|')} | {default} | {parameter.help} |"


def said(default: object) -> str:
    """Say a default, where there is one to say."""
    return "" if default in {None, False, "", "."} else f"`{default}`"


def main(folder: Path) -> None:
    """Write the page."""
    (folder / "commands.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
