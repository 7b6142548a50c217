"""The one exception of reading: a text is not understood completely."""

from __future__ import annotations

from typing import Final, TypeAlias

from sqlglot import exp

Node: TypeAlias = exp.Expr
Plain: TypeAlias = "None | bool | int | str | list[Plain] | dict[str, Plain]"

UNKNOWN: Final = "unknown"
SYNTAX: Final = "This is not GoogleSQL that can be read; check the statement's syntax."


class Doubted(Exception):
    """Why nothing is said about a text: a doubt by its name in the model, and a public sentence."""

    def __init__(self, doubt: str, sentence: str) -> None:
        super().__init__(sentence)
        self.doubt: Final = doubt
        self.sentence: Final = sentence


def unknown(what: str) -> Doubted:
    """Make the doubt about a construct outside the closed lists."""
    return Doubted(UNKNOWN, f"{what} is not among what can be read.")
