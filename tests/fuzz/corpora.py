"""Statements to begin with: the own seeds, and what the corpora of tests/ hold."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent / "data"
SECURITY: Final = Path(__file__).parents[1] / "security"
CORPORA: Final = ("postgres_statements.sql", "postgres_hostile.sql", "postgres_nodes.sql", "postgres_writes.sql")
EXPECTED: Final = ("= ", "! ")
# These ask what differs by itself: the clock, chance, the process.
RESTLESS: Final = frozenset(
    "random clock_timestamp timeofday gen_random_uuid now statement_timestamp transaction_timestamp uuidv4 uuidv7 "
    "gen_random_bytes pg_backend_pid random_normal uuid_generate_v4".split()
)


def cases(path: Path) -> list[str]:
    """Read a data file: a statement, perhaps what it must give, a blank line; lines that begin `-- ` are for people."""
    found = []
    for block in path.read_text("utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("-- ")]
        if lines and lines[-1].startswith(EXPECTED):
            lines.pop()
        text = "\n".join(lines).strip("\n")
        if text.strip():
            found.append(text)
    return found


def seeds() -> list[str]:
    """Read the own seeds."""
    return cases(HERE / "seeds.sql")


def corpora() -> list[str]:
    """Read all of them, in an order that does not change."""
    return seeds() + [text for name in CORPORA for text in cases(SECURITY / name)]
