"""The demo's warehouse: what a BigQuery-compatible server on loopback holds, and its part of the settings."""

from __future__ import annotations

from typing import Any, Final

from demo.bigquery import World

NAME: Final = "warehouse"
ORDERS: Final[list[dict[str, Any]]] = [
    {"name": "id", "type": "INTEGER"},
    {"name": "status", "type": "STRING"},
    {
        "name": "customer", "type": "RECORD",
        "fields": [
            {"name": "name", "type": "STRING"},
            {"name": "phone", "type": "STRING"},
            {"name": "country", "type": "STRING"},
        ],
    },
    {
        "name": "items", "type": "RECORD", "mode": "REPEATED",
        "fields": [{"name": "sku", "type": "STRING"}, {"name": "price", "type": "FLOAT"}],
    },
]  # fmt: skip
EVENTS: Final[list[dict[str, Any]]] = [
    {"name": "day", "type": "DATE"},
    {"name": "page", "type": "STRING"},
    {"name": "visits", "type": "INTEGER"},
]
PEOPLE: Final = (("Ann Nguyen", "ES"), ("Bo Lindqvist", "SE"), ("Chidi Okafor", "NG"), ("Dana Petrov", "BG"))
LARGER: Final = 2**24  # events are said to be so many times as many


def world() -> World:
    """Fill a fresh one."""
    made = World()
    made.table("acme.sales.orders", ORDERS, [order(number) for number in range(1, 41)])
    days = [{"day": f"2026-01-{day:02d}", "page": page, "visits": day * 7} for day in range(1, 29) for page in "ab"]
    made.table("acme.stats.events", EVENTS, days)
    made.scale["acme.stats.events"] = LARGER
    return made


def order(number: int) -> dict[str, Any]:
    """Make one order."""
    name, country = PEOPLE[number % len(PEOPLE)]
    return {
        "id": number,
        "status": "abandoned" if number % 5 == 0 else "paid",
        "customer": {"name": name, "phone": f"+44 20 7946 {number:04d}", "country": country},
        "items": [{"sku": f"sku-{number}-{item}", "price": item * 12.5} for item in range(1, 1 + number % 3)],
    }


def configuration(address: str) -> str:
    """Word its Source, and the rule that asks about what is dear."""
    return f"""
[source.{NAME}]
kind = "bigquery"
description = "Orders and page visits, years of them"
project = "acme"
location = "EU"
endpoint = "{address}"
write_account = "assent-write"
max_bytes = "100 GiB"
price_per_tib = "6.25"

[source.{NAME}.tags]
"sales.orders.customer.name" = "pii.name"
"sales.orders.customer.phone" = "pii.phone"

[[rule]]
name = "dear queries need a DBA"
sources = ["{NAME}"]
groups = ["analysts", "dbas", "support"]
verbs = ["read"]
bytes_over = "1 GiB"
then = "ask"
reviewers = {{ dba = 1 }}
"""
