"""What a job would cost stands among the reasons, for people and for `check`, and never where nothing is billed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.model import Allow, Ask, Dialect, Reading, Refuse, Source, Tool
from core.policy.bounding.bill import money, size
from core.policy.decide import decide
from core.policy.rules import Conditions, Effects, Then
from tests.policies import ONE_DBA, person, policy, rule
from tests.policies import reading as plain

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HERE = Source(
    name="warehouse", dialect=Dialect.BIGQUERY, tags={}, enforced=False, price_per_tib=Decimal("6.25"), currency="EUR"
)
READS = rule("reads", Then.ALLOW)
DEAR = rule("dear", Then.ASK, when=Conditions(bytes_over=100 << 30), effects=ONE_DBA)


def read(octets: int | None) -> Reading:
    return replace(plain(), dialect=Dialect.BIGQUERY, bytes=octets)


def said(verdict: Allow | Ask | Refuse) -> str:
    return " ".join(reason.sentence for reason in verdict.reasons)


def test_bytes_and_price_stand_among_the_reasons() -> None:
    verdict = decide(policy(READS), person(), HERE, read(10 << 30), tool=Tool.QUERY, now=NOW)
    assert isinstance(verdict, Allow)
    assert "It would be billed for 10 GiB, EUR 0.07. Beyond 11 GiB its Source ends it unbilled." in said(verdict)


def test_what_is_dear_is_asked_and_so_is_what_nobody_can_tell() -> None:
    for octets, words in ((200 << 30, "200 GiB, EUR 1.23"), (None, "cannot say beforehand")):
        verdict = decide(policy(READS, DEAR), person(), HERE, read(octets), tool=Tool.QUERY, now=NOW)
        assert isinstance(verdict, Ask)
        assert words in said(verdict)
    verdict = decide(policy(READS, DEAR), person(), HERE, read(99 << 30), tool=Tool.QUERY, now=NOW)
    assert isinstance(verdict, Allow)


def test_what_is_larger_than_a_rule_allows_is_refused_with_both_numbers() -> None:
    capped = rule("reads", Then.ALLOW, effects=Effects(max_bytes=20 << 30))
    verdict = decide(policy(capped), person(), HERE, read(21 << 30), tool=Tool.QUERY, now=NOW)
    assert isinstance(verdict, Refuse)
    assert (verdict.code, "21 GiB, and at most 20 GiB" in said(verdict)) == ("too_many_bytes", True)


def test_a_source_that_bills_nothing_and_a_statement_without_a_bill_say_nothing() -> None:
    there = replace(HERE, dialect=Dialect.POSTGRES)
    for source, octets in ((there, None), (HERE, 0)):
        verdict = decide(policy(READS), person(), source, read(octets), tool=Tool.QUERY, now=NOW)
        assert "billed" not in said(verdict)


@pytest.mark.parametrize(
    ("octets", "words"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (10 << 20, "10 MiB"), ((10 << 20) + 1, "10.1 MiB"), (3 << 39, "1.5 TiB")],
)
def test_bytes_are_written_for_people_and_never_too_small(octets: int, words: str) -> None:
    assert size(octets) == words


def test_prices_are_never_rounded_down() -> None:
    told = [money(Decimal(text)) for text in ("1.2345", "0.0000001", "0.01", "0")]
    assert told == ["1.24", "0.000001", "0.01", "0.000000"]
