"""`assent policy budgets`: what is used of each budget, as it stands in the store beside whoever runs on it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, final

from cli.doctor.stopped import asked
from cli.show import print_json, say
from core.model import MILLIONTHS, Measure, Period
from core.policy.force import Policy
from core.settings import load
from core.stores.operational.budgets import LENGTH, used

SHOWN: Final = 12  # characters of a pseudonym


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account in the period that runs: what is used of how much."""

    budget: str
    measure: Measure
    per: str
    of: str
    used: int
    cap: int
    until: datetime


def run(config: Path, *, as_json: bool) -> None:
    """Read the store and print.

    Raises: SettingsError, StoreError, UnsafeStart.
    """
    settings = load(config, os.environ)
    found = asyncio.run(asked(settings, used)) or ()
    accounts = tuple(standing(settings.policy, found, datetime.now(UTC)))
    if as_json:
        print_json({"accounts": [told(one) for one in accounts]})
    else:
        tell(accounts)


def standing(policy: Policy, found: tuple[tuple[str, datetime, int], ...], now: datetime) -> Iterator[Account]:
    """Give the accounts of the policy's budgets whose period runs; what it no longer says is nobody's."""
    caps = {(one.name, measure): cap for one in policy.budgets for measure, cap in one.amounts.items()}
    for account, begun, spent in found:
        name, measure, period, per, of, *_ = json.loads(account)
        until = begun + LENGTH[Period(period)]
        cap = caps.get((name, Measure(measure)))
        if cap is not None and until > now:
            yield Account(budget=name, measure=Measure(measure), per=per, of=of, used=spent, cap=cap, until=until)


def told(one: Account) -> Mapping[str, object]:
    """Word it for a program."""
    return {
        "budget": one.budget,
        "counts": one.measure.value,
        "per": one.per,
        "of": one.of,
        "used": one.used,
        "holds": one.cap,
        "until": one.until.isoformat(),
    }


def tell(accounts: tuple[Account, ...]) -> None:
    """Print it for a person; a caller is a pseudonym, as in the record."""
    for one in accounts:
        amounts = f"{amount(one.measure, one.used)} of {amount(one.measure, one.cap)}"
        whose = f"{one.per} {one.of[:SHOWN]}"
        say(f"“{one.budget}”, {whose}: {amounts} {UNITS[one.measure]}, anew at {one.until:%Y-%m-%d %H:%M} UTC")
    if not accounts:
        say("nothing is used of any budget")


UNITS: Final = {
    Measure.ROWS: "rows",
    Measure.RETURNED_BYTES: "bytes shown",
    Measure.BYTES: "bytes billed",
    Measure.PRICE: "of the Source's currency",
    Measure.TIME: "of time",
}


def amount(measure: Measure, count: int) -> str:
    """Show a count in its unit."""
    match measure:
        case Measure.PRICE:
            return f"{count / MILLIONTHS:.2f}"
        case Measure.TIME:
            return str(timedelta(milliseconds=count))
        case _:
            return f"{count:,}".replace(",", " ")
