"""What is packed is equal to what is unpacked: an approval is compared by digest with what comes back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.model import Ask, Cell, Cut, Limits, Masked, MaskedColumn, Parameters, Scalar, Seat
from core.packing import pack_question, pack_result, unpack_question, unpack_result
from core.policy.digest import question, typed
from core.policy.rules import Then
from tests.policies import ONE_DBA, call, pair, person, policy, reading, rule

WORDS = st.text(st.characters(codec="utf-8"), max_size=30)
SCALARS: st.SearchStrategy[Scalar] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
)
GIVEN: st.SearchStrategy[Parameters] = st.lists(SCALARS, max_size=5).map(tuple) | st.dictionaries(
    WORDS, SCALARS, max_size=5
)
PLAIN: st.SearchStrategy[Cell] = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | WORDS
)
CELLS: st.SearchStrategy[Cell] = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=6)
ASK = Ask(reasons=(), limits=Limits(), seats=(Seat(group="dba", count=1),))
POLICY = policy(rule("asked", Then.ASK, effects=ONE_DBA))


@given(text=WORDS, parameters=GIVEN)
def test_a_question_comes_back_as_it_was_worded(text: str, parameters: Parameters) -> None:
    read = replace(reading(pair("public.t")), statement=text, text=text)
    asked = question(call(statement=text, parameters=parameters), person(), read, ASK, role="writer", policy=POLICY)
    back = unpack_question(pack_question(asked))
    assert back.digest == asked.digest
    assert (back.statement, back.text, back.caller, back.limits) == (text, text, asked.caller, asked.limits)
    assert typed(back.parameters) == typed(parameters)
    again = call(statement=back.statement, parameters=back.parameters)
    assert question(again, back.caller, read, ASK, role=back.role, policy=POLICY).digest == asked.digest


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=4),
    cut=st.sampled_from([None, *Cut]),
    affected=st.none() | st.integers(0, 10**9),
)
def test_a_result_comes_back_as_it_was_shown(
    rows: list[tuple[Cell, Cell]], cut: Cut | None, affected: int | None
) -> None:
    columns = (MaskedColumn(name="a", type="text"), MaskedColumn(name="a", type="jsonb", mask="token"))
    shown = Masked(columns=columns, rows=tuple(rows), cut=cut, affected=affected, hidden=2, notes=("one",))
    assert unpack_result(pack_result(shown)) == shown
