"""The statements whose reading is measured: bare, joined, aggregated, masked; texts that come again and fresh ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, final

from bench.ground import MASKED, PLAIN


@final
class Form(Enum):
    """How a statement is protected, and what may be added for it: milliseconds, median and p95 (masking.md 13)."""

    PLAIN = (1.0, 2.0)
    ENFORCED = (2.0, 3.0)
    SPLICED = (4.0, 6.0)  # masks stand in the text alone: its tree is witnessed and proved as well


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A statement; `{n}` is another number each time where `fresh`, so that nothing that was kept can be used."""

    name: str
    text: str
    rows: int  # it must give; a contestant that answers something else is not measured
    form: Form = Form.PLAIN

    def texts(self, numbers: Iterator[int]) -> Iterator[str]:
        """Give one text after the other, without end."""
        return (self.text.replace("{n}", str(number)) for number in numbers)


SUBJECTS: Final[tuple[Subject, ...]] = (
    Subject(name="point", text=f"SELECT id, name, email, amount FROM {PLAIN} WHERE id = 77", rows=1),
    Subject(name="point, fresh text", text=f"SELECT id, name, email, amount FROM {PLAIN} WHERE id = {{n}}", rows=1),
    Subject(
        name="join, fresh text",
        text=f"SELECT a.id, b.name, a.amount + b.amount AS both FROM {PLAIN} a JOIN {PLAIN} b ON b.id = a.id + 1 "
        "WHERE a.id BETWEEN {n} AND {n} + 9 ORDER BY a.id",
        rows=10,
    ),
    Subject(
        name="aggregate, fresh text",
        text=f"SELECT active, count(*) AS n, sum(amount) AS total, max(created_at) AS last FROM {PLAIN} "
        "WHERE id BETWEEN {n} AND {n} + 99 GROUP BY active ORDER BY active",
        rows=2,
    ),
    Subject(
        name="100 rows of 40 columns",
        text="SELECT " + ", ".join(f"name AS name_{n}, amount AS amount_{n}" for n in range(20)) + f" FROM {PLAIN} "
        "WHERE id <= 100",
        rows=100,
    ),
    Subject(
        name="100 rows of 5 KB", text=f"SELECT id, repeat(name, 500) AS wide FROM {PLAIN} WHERE id <= 100", rows=100
    ),
    Subject(name="1,000 rows", text=f"SELECT * FROM {PLAIN} WHERE id <= 1000", rows=1_000),
    Subject(
        name="masked point", text=f"SELECT id, name, email FROM {MASKED} WHERE id = 77", rows=1, form=Form.ENFORCED
    ),
    Subject(
        name="masked point, fresh text",
        text=f"SELECT id, name, email FROM {MASKED} WHERE id = {{n}}",
        rows=1,
        form=Form.ENFORCED,
    ),
    Subject(
        name="masked join, fresh text",
        text=f"SELECT p.id, p.name, m.email FROM {PLAIN} p JOIN {MASKED} m ON m.id = p.id "
        "WHERE p.id BETWEEN {n} AND {n} + 9 ORDER BY p.id",
        rows=10,
        form=Form.ENFORCED,
    ),
    Subject(
        name="masked GROUP BY, fresh text",
        text=f"SELECT email, count(*) AS n FROM {MASKED} WHERE id BETWEEN {{n}} AND {{n}} + 9 GROUP BY email",
        rows=10,
        form=Form.ENFORCED,
    ),
    Subject(
        name="spliced point", text=f"SELECT id, name, email FROM {MASKED} WHERE id = 77", rows=1, form=Form.SPLICED
    ),
    Subject(
        name="spliced point, fresh text",
        text=f"SELECT id, name, email FROM {MASKED} WHERE id = {{n}}",
        rows=1,
        form=Form.SPLICED,
    ),
)
