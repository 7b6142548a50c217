"""Twin warehouses answer alike; what is planted in each channel is found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any, Final

import pytest

from core.errors import StatementFailed
from core.masking.warehouse import googlesql
from core.warehouse import Dry
from tests.fuzz.warehouse import Pair, hunt, pair

SHORT: Final = 10  # a fifth of a second each


@pytest.fixture
async def twins() -> AsyncIterator[Pair]:
    async with pair() as made:
        yield made


async def test_twins_that_differ_in_tagged_values_alone_answer_alike(twins: Pair) -> None:
    tally = await hunt(twins, 9, lambda tally: tally.asked < SHORT)
    assert tally.found == []
    assert tally.shown > SHORT / 3


async def told_apart(twins: Pair, text: str) -> bool:
    first, second = await twins.ask(text)
    return first != second


async def test_a_value_that_no_mask_is_put_on_is_found_in_rows_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(googlesql, "mask", lambda *words: words[-1])
    async with pair() as twins:
        assert await told_apart(twins, "SELECT MAX(o.email) FROM sales.orders AS o")
        assert await told_apart(twins, "SELECT COUNT(*) FROM sales.orders AS o WHERE o.email LIKE 'ann%'")
        assert await told_apart(twins, "SELECT 1 / (LENGTH(o.email) - 14) FROM sales.orders AS o WHERE o.id = 2")


async def test_a_word_of_the_service_is_found_in_errors(twins: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "SELECT CAST(o.email AS INT64) FROM sales.orders AS o ORDER BY o.id"
    monkeypatch.setattr(googlesql, "STARS", "_assent.`email`")
    assert not await told_apart(twins, text)
    job = import_module("core.connectors.bigquery.job")

    def loud(found: Any) -> None:
        error = found["status"].get("errorResult")
        if error is not None:
            raise StatementFailed("invalidQuery", public=error["message"])

    monkeypatch.setattr(job, "ended", loud)
    for connector in twins.connectors:
        await connector._tools.catalogue.load(await connector._tools.catalogue.current())
    assert await told_apart(twins, text)


async def test_bytes_that_are_not_rounded_are_found(twins: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "SELECT o.email FROM sales.orders AS o"
    assert not await told_apart(twins, text)
    monkeypatch.setattr(Dry, "billed", property(lambda dry: dry.bytes))
    assert await told_apart(twins, text)


async def test_a_count_over_a_protected_condition_is_found(twins: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "DELETE FROM sales.orders AS o WHERE LENGTH(o.email) > 20"
    assert not await told_apart(twins, text)
    counting = import_module("core.connectors.bigquery.counting")
    whole = counting.used

    def open_(account: Any, ground: Any) -> Any:
        found = whole(account, ground)
        return counting.Used(tags={}, columns=found.columns, facts=found.facts)

    monkeypatch.setattr(counting, "used", open_)
    monkeypatch.setattr(googlesql, "mask", lambda *words: words[-1])
    for connector in twins.connectors:
        await connector._tools.catalogue.load(await connector._tools.catalogue.current())
    assert await told_apart(twins, text)
