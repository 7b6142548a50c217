from __future__ import annotations

from dataclasses import replace

import pytest

from core.catalog import Index, Oid, Snapshot
from core.errors import SettingsError
from core.masking import Accepted, protect, spread
from tests.unit.catalogs import snapshot, table

MASKS = {"pii.*": "token", "pii.ssn": "hide"}
BASE = table(1, "public.c", "id int, email text, ssn text, plan text")
TAGS = {"public.c.email": "pii.email", "public.c.ssn": "pii.ssn"}


def mask(tags: dict[str, str], masks: dict[str, str], column: str) -> str:
    found = spread(snapshot(BASE), tags, masks)
    return next(t.mask for n, t in found.tags[Oid(1)].items() if BASE.attributes[n].name == column)


def test_an_exact_mask_wins_over_a_pattern_and_a_tag_without_a_mask_is_hidden() -> None:
    assert mask(TAGS, MASKS, "email") == "token"
    assert mask(TAGS, MASKS, "ssn") == "hide"
    assert mask(TAGS, {}, "email") == "hide"
    assert mask({"public.c.plan": "free_text"}, {}, "plan") == "free_text"


def test_a_mask_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="scramble"):
        spread(snapshot(BASE), TAGS, {"pii.*": "scramble"})


def test_a_pattern_tags_every_column_and_an_exact_name_wins_over_it() -> None:
    found = spread(snapshot(BASE), {"public.c.*": "pci", "public.c.email": "pii.email"}, MASKS)
    assert {n: t.tag for n, t in found.tags[Oid(1)].items()} == {1: "pci", 2: "pii.email", 3: "pci", 4: "pci"}
    assert not found.closed


def test_two_patterns_that_disagree_close_the_table() -> None:
    assert spread(snapshot(BASE), {"public.c.*": "a", "public.c.e*": "b"}, {}).closed.keys() == {1}


def test_a_type_without_a_form_is_hidden() -> None:
    odd = table(1, "public.c", "id int, pay float8")
    found = spread(snapshot(odd), {"public.c.pay": "x"}, {"x": "bucket"})
    assert found.tags[Oid(1)][2].mask == "hide"


def test_a_tag_that_names_no_column_closes_its_table() -> None:
    found = spread(snapshot(BASE), {"public.c.gone": "pii.email"}, MASKS)
    assert "public.c.gone" in found.closed[Oid(1)]
    assert not found.shut


@pytest.mark.parametrize("name", ["public.gone.email", "nowhere.c.email", "email", "", "public..email", 'public."c'])
def test_a_tag_that_names_no_table_shuts_the_source(name: str) -> None:
    assert name in spread(snapshot(BASE), {name: "pii.email"}, MASKS).shut
    assert protect(snapshot(BASE), {name: "x"}, {}, enforced=True).shut


def test_tags_go_to_children_and_to_parents_by_name() -> None:
    parent = table(1, "public.p", "at date, email text", children=(2, 3))
    left = table(2, "public.l", "email text, at date", parents=(1,))
    right = table(3, "public.r", "at date, email text, more text", parents=(1,), children=(4,))
    deep = table(4, "public.d", "email text", parents=(3,))
    for start in ("p", "l", "d"):
        found = spread(snapshot(parent, left, right, deep), {f"public.{start}.email": "pii.email"}, MASKS)
        assert {oid: set(columns) for oid, columns in found.tags.items()} == {1: {2}, 2: {1}, 3: {2}, 4: {1}}


def test_two_tags_that_meet_by_inheritance_close_both_tables() -> None:
    parent = table(1, "public.p", "email text", children=(2,))
    child = table(2, "public.l", "email text", parents=(1,))
    found = spread(snapshot(parent, child), {"public.p.email": "a", "public.l.email": "b"}, {})
    assert found.closed.keys() == {1, 2}


def test_a_generated_column_is_hidden_whatever_its_sources_mask() -> None:
    made = table(
        1, "public.c", "id int, email text, low text, more text", generated={3: frozenset({2}), 4: frozenset({3})}
    )
    found = spread(snapshot(made), {"public.c.email": "pii.email"}, MASKS)
    assert {n: t.mask for n, t in found.tags[Oid(1)].items()} == {2: "token", 3: "hide", 4: "hide"}
    tagged = spread(snapshot(made), {"public.c.email": "pii.email", "public.c.low": "pii.email"}, MASKS)
    assert tagged.tags[Oid(1)][3].mask == "hide"


def test_a_view_is_tainted_by_the_columns_it_reads() -> None:
    hot = table(2, "public.hot", "email text", kind="v", reads=((1, 2),))
    above = table(3, "public.above", "email text", kind="v", reads=((2, 1),))
    cold = table(4, "public.cold", "id int", kind="v", reads=((1, 1),))
    row = table(
        5, "public.row", "id int", kind="v", reads=((1, 1),), definition=" SELECT id, to_jsonb(c.*) FROM public.c"
    )
    all_ = table(6, "public.all", "id int", kind="v", reads=((1, 0),))
    found = spread(snapshot(BASE, hot, above, cold, row, all_), TAGS, MASKS)
    assert found.tainted == {1, 2, 3, 5, 6}
    assert not found.closed


def test_free_text_taints_nothing() -> None:
    view = table(2, "public.v", "plan text", kind="v", reads=((1, 4),))
    found = spread(snapshot(BASE, view), {"public.c.plan": "free_text"}, {})
    assert found.tainted == frozenset()
    assert found.tags[Oid(1)][4].mask == "free_text"


@pytest.mark.parametrize("option", ["security_barrier=true", "security_barrier"])
def test_a_barrier_view_needs_tags_of_its_own(option: str) -> None:
    view = table(2, "public.v", "email text", kind="v", reads=((1, 2),), options=(option,))
    above = table(3, "public.w", "email text", kind="v", reads=((2, 1),))
    found = spread(snapshot(BASE, view, above), TAGS, MASKS)
    assert found.closed.keys() == {2, 3}
    tagged = spread(snapshot(BASE, view, above), {**TAGS, "public.v.email": "pii.email"}, MASKS)
    assert not tagged.closed
    assert tagged.raw_views == {2}


def test_a_view_over_row_security_keeps_its_owners_sight() -> None:
    base = table(1, "public.c", "id int, email text", policies=((1, 1),))
    view = table(2, "public.v", "email text", kind="v", reads=((1, 2),))
    invoker = table(3, "public.i", "email text", kind="v", reads=((1, 2),), options=("security_invoker=true",))
    found = spread(snapshot(base, view, invoker), {"public.c.email": "pii.email"}, MASKS)
    assert found.closed.keys() == {2}


@pytest.mark.parametrize("kind", ["m", "f"])
def test_copies_are_closed_until_tagged_or_declared_free(kind: str) -> None:
    copy = table(2, "public.copy", "email text", kind=kind)
    above = table(3, "public.v", "email text", kind="v", reads=((2, 1),))
    whole = snapshot(BASE, copy, above)
    assert spread(whole, {}, {}).closed.keys() == {2, 3}
    assert not spread(whole, {}, {}, Accepted(untagged=frozenset({"public.copy"}))).closed
    tagged = spread(whole, {"public.copy.email": "pii.email"}, MASKS)
    assert not tagged.closed
    assert tagged.tainted == {2, 3}


def test_a_copy_that_is_tagged_in_part_stays_closed() -> None:
    member = table(1, "care.member", "id int, mail text, income numeric")
    through = table(2, "care.through", "id int, m text, i numeric", kind="v", reads=((1, 1), (1, 2), (1, 3)))
    copy = table(3, "care.copy", "id int, m text, i numeric", kind="m", reads=((2, 1), (2, 2), (2, 3)))
    tags = {"care.member.mail": "pii.email", "care.member.income": "pii.income", "care.copy.m": "pii.email"}
    known = snapshot(member, through, copy)
    assert "reads columns tagged pii.income" in spread(known, tags, {}).closed[Oid(3)]
    assert Oid(3) not in spread(known, {**tags, "care.copy.i": "pii.income"}, {}).closed
    assert Oid(3) not in spread(known, tags, {}, Accepted(untagged=frozenset({"care.copy"}))).closed


def test_a_policy_over_a_protected_column_closes_its_table_until_accepted() -> None:
    visit = table(2, "public.visit", "id int", policies=((1, 3),))
    view = table(3, "public.v", "id int", kind="v", reads=((2, 1),), options=("security_invoker=true",))
    found = spread(snapshot(BASE, visit, view), TAGS, MASKS)
    assert found.closed.keys() == {2, 3}
    assert "policy" in found.closed[Oid(2)]
    accepted = spread(snapshot(BASE, visit, view), TAGS, MASKS, Accepted(policies=frozenset({"public.visit"})))
    assert not accepted.closed
    assert accepted.tainted == {1, 2, 3}
    assert accepted.policied == {2}


def test_a_protected_partition_key_closes_the_table_and_its_partitions() -> None:
    parent = table(1, "public.p", "born date", kind="p", children=(2,), partition_key=(1,))
    part = table(2, "public.p1", "born date", parents=(1,))
    tags = {"public.p.born": "pii.birth"}
    assert spread(snapshot(parent, part), tags, {}).closed.keys() == {1, 2}
    assert not spread(snapshot(parent, part), tags, {}, Accepted(grains=frozenset({"public.p"}))).closed


def test_an_index_with_other_columns_tells_their_order() -> None:
    def order(keys: set[int], predicate: set[int]) -> frozenset[Oid]:
        index = Index(oid=Oid(9), keys=frozenset(keys), predicate=frozenset(predicate), unique=False, clustered=False)
        base = table(1, "public.c", "id int, email text", indexes=(index,), parents=(2,))
        parent = table(2, "public.p", "id int", children=(1,))
        view = table(3, "public.v", "id int", kind="v", reads=((2, 1),))
        return protect(snapshot(base, parent, view), {"public.c.email": "x"}, {}, enforced=False).index_order

    assert order({2}, set()) == frozenset()
    assert order({1}, set()) == frozenset()
    assert order({1, 2}, set()) == {1, 2, 3}
    assert order({1}, {2}) == {1, 2, 3}
    assert order({2}, {1}) == {1, 2, 3}  # scanned for its predicate alone, in the order of its keys
    assert order({1}, {1}) == frozenset()
    assert order({0}, set()) == {1, 2, 3}  # an expression over the whole row
    assert order({1}, {0}) == {1, 2, 3}


def test_hidden_nulls_show_only_where_accepted() -> None:
    found = spread(snapshot(BASE), TAGS, MASKS, Accepted(hide_null=frozenset({"public.c.ssn"})))
    assert found.tags[Oid(1)][3].mask == "hide_null"


def ready(
    *, columns: str = "id int, email text, ssn text, plan text", owned: tuple[str, ...] = ("public__masked",)
) -> Snapshot:
    """A schema as harden leaves it: protected columns not granted, a masking view beside the table."""
    attributes = {n: replace(a, granted=n not in {2, 3}) for n, a in BASE.attributes.items()}
    base = replace(BASE, attributes=attributes, granted=False)
    return snapshot(base, table(2, "public__masked.c", columns, kind="v"), owned=owned)


def test_enforced_names_the_masking_view_when_all_is_ready() -> None:
    protection = protect(ready(), TAGS, MASKS, enforced=True)
    assert not protection.closed
    assert protection.replacement == {1: '"public__masked"."c"'}
    assert protection.replacement_only == protection.replacement


def test_enforced_closes_what_the_database_would_not_protect() -> None:
    assert protect(ready(owned=()), TAGS, MASKS, enforced=True).closed  # a schema of that name is not ours
    assert protect(ready(columns="id int, email text, ssn text"), TAGS, MASKS, enforced=True).closed
    assert "granted" in protect(snapshot(BASE), TAGS, MASKS, enforced=True).closed[Oid(1)]
    fresh = table(1, "public.c", "id int", granted=False)
    assert "assent harden" in protect(snapshot(fresh), {}, {}, enforced=True).closed[Oid(1)]
    assert protect(snapshot(BASE), TAGS, MASKS, enforced=True).replacement == {}


def test_the_version_follows_tags_and_masks() -> None:
    versions = {
        protect(snapshot(BASE), tags, masks, enforced=enforced).version
        for tags, masks in ((TAGS, MASKS), (TAGS, {}), ({}, {}), ({"public.c.email": "pii.email"}, MASKS))
        for enforced in (True, False)
    }
    assert len(versions) == 8
