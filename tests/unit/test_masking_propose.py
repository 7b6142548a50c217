from __future__ import annotations

import pytest

from core.masking.proposing.propose import propose, words
from tests.unit.catalogs import snapshot, table


def tag(name: str, type_name: str = "text", relation: str = "public.things", comment: str = "") -> str | None:
    made = table(1, relation, f"{name} {type_name}", comments={name: comment})
    return next((proposal.tag for proposal in propose(snapshot(made))), None)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("email", "pii.email"),
        ("EMailAddress", "pii.email"),
        ("billing_email", "pii.email"),
        ("email_2", "pii.email"),
        ("ssn", "pii.national_id"),
        ("national_id", "pii.national_id"),
        ("passport_no", "pii.national_id"),
        ("phone", "pii.phone"),
        ("mobile_number", None),
        ("firstName", "pii.name"),
        ("last_name", "pii.name"),
        ("birth_date", "pii.birth"),
        ("dob", "pii.birth"),
        ("iban", "pii.iban"),
        ("card_number", "pci"),
        ("cvv", "pci.code"),
        ("salary", "pii.income"),
        ("street", "pii.address"),
        ("password_hash", "secret"),
        ("ip_address", "pii.ip"),
        ("notes", "free_text"),
        ("id", None),
        ("plan", None),
        ("email_count", None),
        ("is_email_verified", None),
        ("discount", None),
        ("shipping", None),
        ("filename", None),
    ],
)
def test_names_propose_tags(name: str, wanted: str | None) -> None:
    assert tag(name) == wanted


def test_a_bare_name_is_a_persons_in_tables_of_people_only() -> None:
    assert tag("name", relation="public.customers") == "pii.name"
    assert tag("name", relation="public.products") is None


def test_comments_propose_tags_as_well() -> None:
    assert tag("x1", comment="The customer's e-mail.") == "pii.email"
    assert tag("x1", comment="internal number") is None


def test_each_proposal_gives_its_reason_and_a_mask_that_the_type_has() -> None:
    made = table(1, "public.people", "salary float8, born date, email text, low text", generated={4: frozenset({3})})
    found = {proposal.column: proposal for proposal in propose(snapshot(made))}
    assert found["public.people.salary"].mask == "hide"
    assert "float8" in found["public.people.salary"].reason
    assert found["public.people.born"].mask == "year"
    assert found["public.people.email"].reason == "the column is called email: it may hold an e-mail address."
    assert "public.people.low" not in found


def test_views_and_partitions_follow_their_tables() -> None:
    parent = table(1, "public.p", "email text", children=(2,))
    part = table(2, "public.p1", "email text", parents=(1,))
    view = table(3, "public.v", "email text", kind="v", reads=((1, 1),))
    assert [proposal.column for proposal in propose(snapshot(parent, part, view))] == ["public.p.email"]


def test_a_child_that_adds_a_column_has_it_proposed() -> None:
    parent = table(1, "public.person", "id int, email text", children=(2,))
    child = table(2, "public.staff", "id int, email text, salary numeric", parents=(1,))
    assert [one.column for one in propose(snapshot(parent, child))] == ["public.person.email", "public.staff.salary"]


def test_names_read_alike_however_they_are_written() -> None:
    assert words("EMailAddress") == "e_mail_address"
    assert words("e-mail address") == words("E_Mail__Address") == "e_mail_address"
