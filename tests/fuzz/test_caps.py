"""Threats 1: no cap is an oracle. Two hundred changes at a cap, one row more or less by a protected value alone."""

from __future__ import annotations

from tests.fuzz.grounds import Ground
from tests.fuzz.whole import Whole
from tests.slices import today

CAP = 20
STATEMENTS = 200
COLUMNS = {"level": "int", "income": "numeric", "passport": "text", "paid": "numeric", "raw": "bytea"}
FORMS = ("UPDATE care.member SET plan = 'z' WHERE", "DELETE FROM care.member WHERE")


async def statements(place: Ground) -> list[str]:
    """Word changes of exactly as many rows as the cap in one twin, and of one more in the other."""
    made = []
    for number in range(STATEMENTS):
        (column, kind), row = [*COLUMNS.items()][number % len(COLUMNS)], CAP + 1 + number % 19
        one, two = [
            await owner.fetchval(f"SELECT quote_literal({column}) FROM care.member WHERE id = {row}")
            for owner in place.owners
        ]
        greater = await place.owners[0].fetchval(f"SELECT quote_literal(greatest(({one})::{kind}, ({two})::{kind}))")
        form = FORMS[number // len(COLUMNS) % 2]
        made.append(f"{form} id <= {CAP} OR (id = {row} AND {column} < {greater} /* {number} */)")
    return made


async def test_two_hundred_changes_at_the_cap_tell_an_agent_nothing_of_protected_values(hidden: Ground) -> None:
    texts = today(await statements(hidden), str, 5)
    lines = [Whole(twin.connector, cap=CAP) for twin in (hidden.twins.one, hidden.twins.two)]
    apart = 0
    for text in texts:
        where = text.partition("WHERE")[2]
        rows = [await owner.fetchval(f"SELECT count(*) FROM care.member WHERE {where}") for owner in hidden.owners]
        assert set(rows) <= {CAP, CAP + 1}
        apart += rows[0] != rows[1]
        said = [await line.asked(text) for line in lines]
        assert said[0] == said[1], text
        assert '"pending_approval"' in said[0], said[0]
    assert apart >= len(texts) * 0.9


async def test_a_count_that_an_agent_sees_before_people_decide_is_found(hidden: Ground) -> None:
    """The same question of unprotected values is refused above the cap: what the test above looks for can be seen."""
    line = Whole(hidden.twins.one.connector, cap=CAP)
    within = await line.asked(f"{FORMS[1]} id <= {CAP}")
    beyond = await line.asked(f"{FORMS[1]} id <= {CAP + 1}")
    assert '"pending_approval"' in within
    assert "too_many_rows" in beyond
