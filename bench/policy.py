"""What a large policy costs: deciding a statement of twenty pairs by five hundred rules, and reading five thousand."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

from core.model import Verb
from core.policy.rules import Conditions, Then
from core.settings import rules
from tests.policies import decided, pair, policy, reading, rule

TABLES: Final = tuple(f"s{number % 20}.t{number}" for number in range(2_000))
ROUNDS: Final = 300
THEN: Final = (Then.ALLOW, Then.ASK, Then.ALLOW, Then.REFUSE, Then.ASK)


def report() -> str:
    """Measure and word it: seconds of this process's own work, on this machine."""
    return "\n".join(
        (
            "| what | took |",
            "|---|---|",
            f"| decide 20 pairs by 500 rules over 2,000 tables | {deciding() * 1_000:.2f} ms |",
            f"| read, check and index 5,000 rules | {loading():.2f} s |",
        )
    )


def deciding() -> float:
    """Time one decision: the median, in CPU seconds."""
    made = policy(
        *(
            rule(
                f"r{number}",
                THEN[number % 3],
                when=Conditions(
                    groups=frozenset({f"g{number % 30}", "analysts"}),
                    tables=frozenset(TABLES[number::500] if number % 3 else {f"s{number % 20}.*"}),
                    verbs=frozenset({Verb.READ}),
                ),
            )
            for number in range(500)
        )
    )
    asked = reading(*(pair(table) for table in TABLES[7::100]))
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        decided(made, asked)
        took.append(time.process_time() - began)
    return median(took)


def loading() -> float:
    """Time reading a file of rules, in CPU seconds."""
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as folder:
        path = Path(folder) / "policy.toml"
        path.write_text(
            "".join(
                f'[[rule]]\nname = "r{number}"\ngroups = ["g{number % 30}"]\n'
                f'tables = ["s{number % 20}.t{number}", "s{number % 20}.u*"]\nverbs = ["read"]\n'
                f'then = "{THEN[2 + number % 2]}"\n'
                for number in range(5_000)
            )
        )
        began = time.process_time()
        rules(path)
        return time.process_time() - began
