"""The `assent` command run in this process, as a program or a person would see it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from typer.testing import CliRunner, Result

from cli.main import app

ROOT: Final = Path(__file__).parents[1]  # where a process finds the packages
PROGRAM: Final = (sys.executable, "-c", "from cli.main import main; main()")  # the command as a process of its own


def assent(*arguments: object, given: bytes | str | None = None, environ: Mapping[str, str] | None = None) -> Result:
    """Run a command; anything but a chosen exit is raised, for no command may end in a traceback."""
    return CliRunner().invoke(app, [str(one) for one in arguments], input=given, env=environ, catch_exceptions=False)


def answer(result: Result) -> Any:
    """Return the one JSON document on standard output."""
    assert result.exit_code in {0, 1, 3}, result.output
    (line,) = result.stdout.splitlines()
    return json.loads(line)
