from __future__ import annotations

import hashlib
import hmac
import json

from hypothesis import given
from hypothesis import strategies as st

from core.catalog import Oid
from core.masking import pads, protect, spread, token
from core.masking.detectors import Search, found, plain
from core.masking.masks import PLAIN, Shape, effective, expression
from core.masking.names import literal, parts, quote
from core.masking.net import _Net
from tests.unit.catalogs import snapshot, table

OIDS = st.sampled_from([16, 17, 19, 20, 21, 23, 25, 650, 700, 869, 1042, 1043, 1082, 1114, 1184, 1700, 2950, 99999])
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@given(st.binary(min_size=32, max_size=64), TEXT, TEXT)
def test_a_token_is_an_hmac(secret: bytes, tag: str, text: str) -> None:
    inner, outer = pads(secret, tag, "1", "d")
    key = bytes(octet ^ 0x36 for octet in inner)
    assert bytes(octet ^ 0x5C for octet in outer) == key
    assert token((inner, outer), text) == hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:20]


@given(st.sampled_from((*PLAIN, 'json without ["a.b"]', 'json only ["a.b", "c"]')), OIDS)
def test_every_kind_has_a_form_on_every_type_and_none_but_free_text_is_raw(kind: str, oid: int) -> None:
    sql = expression(kind, '"c"', Shape(base=Oid(oid), sql="T"), ("$1", "$2"))
    assert (sql == '"c"') == (kind == "free_text")
    assert effective(kind, Oid(oid)) != "hide" or '"c"' not in sql


@given(TEXT.filter(bool), TEXT.filter(bool), TEXT.filter(bool))
def test_quoted_names_come_apart_as_they_were_put_together(one: str, two: str, three: str) -> None:
    assert parts(".".join(map(quote, (one, two, three)))) == (one, two, three)


@given(TEXT)
def test_a_literal_ends_where_its_text_ends(text: str) -> None:
    inside = literal(text).strip().removeprefix("E")[1:-1]
    assert inside.replace("''", "").count("'") == 0
    assert inside.replace("\\\\", "").count("\\") == 0


@given(st.text(max_size=300))
def test_what_the_net_lets_through_holds_nothing_it_would_find(text: str) -> None:
    shown = _Net(Search()).cell(text, True, False)
    assert isinstance(shown, str)
    assert shown == text or "***" in shown
    assert shown != text or not found(plain(text), Search())


@given(st.recursive(st.none() | st.booleans() | st.integers() | TEXT, lambda inner: st.lists(inner, max_size=4)))
def test_json_without_finds_is_left_byte_for_byte(value: object) -> None:
    text = json.dumps(value, indent=1)
    net = _Net(Search())
    shown = net.cell(text, True, True)
    assert shown == text or net.hidden == 1


COLUMNS = ("id", "email", "note")


@st.composite
def families(draw: st.DrawFn) -> dict[int, int]:
    """Child -> parent: a forest of tables 1..6."""
    return {child: draw(st.integers(1, child - 1)) for child in range(2, 7) if draw(st.booleans())}


@given(families(), st.integers(1, 6), st.sampled_from(COLUMNS))
def test_a_tag_reaches_exactly_its_family(parent: dict[int, int], start: int, column: str) -> None:
    children = {oid: tuple(c for c, p in parent.items() if p == oid) for oid in range(1, 7)}
    schema = snapshot(
        *(
            table(
                oid,
                f"public.t{oid}",
                "id int, email text, note text",
                children=children[oid],
                parents=(parent[oid],) if oid in parent else (),
            )
            for oid in range(1, 7)
        )
    )

    def root(oid: int) -> int:
        return root(parent[oid]) if oid in parent else oid

    tagged = spread(schema, {f"public.t{start}.{column}": "x"}, {})
    assert set(tagged.tags) == {oid for oid in range(1, 7) if root(oid) == root(start)}
    assert {n for columns in tagged.tags.values() for n in columns} == {COLUMNS.index(column) + 1}
    protection = protect(schema, {f"public.t{start}.{column}": "x"}, {}, enforced=False)
    assert protection.replacement.keys() == tagged.tags.keys()
