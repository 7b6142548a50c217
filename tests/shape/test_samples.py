"""Whatever the bot can send has a sample: every function that renders something is run for at least one of them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from slackbot import samples

ROOM = Path(samples.__file__).parent
RENDERED = {"Message", "Block", "Blocks", "Full", "Iterator[Block]"}


def builders(text: str) -> Iterator[str]:
    """Name a module's functions that render: what they return says so."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.returns is not None and ast.unparse(node.returns) in RENDERED:
            yield node.name


def every() -> set[tuple[str, str]]:
    return {(path.name, name) for path in ROOM.rglob("*.py") for name in builders(path.read_text(encoding="utf-8"))}


def run() -> set[tuple[str, str]]:
    """Make every sample, and name what was called."""
    called = set[CodeType]()

    def seen(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            called.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        for _ in (*samples.messages(), *samples.views()):
            pass
    finally:
        sys.setprofile(before)
    return {
        (Path(code.co_filename).name, code.co_name) for code in called if Path(code.co_filename).is_relative_to(ROOM)
    }


def test_every_function_that_renders_has_a_sample() -> None:
    assert len(every()) > 50
    assert every() - run() == set()


def test_nothing_is_rendered_beside_them() -> None:
    """A message or a view is made by a function that says so; what others make would have no sample."""
    found = []
    for path in sorted(ROOM.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {
            inner
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.returns is not None and ast.unparse(node.returns) in RENDERED
            for inner in ast.walk(node)
        }
        found += [f"{path.name}: {ast.unparse(node)}" for node in ast.walk(tree) if made(node) and node not in inside]
    assert found == []


def made(node: ast.AST) -> bool:
    """Whether this makes a message, or something with a type of Block Kit's."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "Message"
    return isinstance(node, ast.Dict) and any(
        isinstance(key, ast.Constant) and key.value == "type" for key in node.keys
    )
