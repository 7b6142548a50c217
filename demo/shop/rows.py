"""Rows of the shop from one seed: names, cards that pass Luhn, ids that pass their check, notes people might write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final, TypeAlias

Value: TypeAlias = "int | str | Decimal | date | datetime | list[str] | None"
Row: TypeAlias = "tuple[Value, ...]"

SEED: Final = 20260131
TODAY: Final = datetime(2026, 11, 20, tzinfo=UTC)
CUSTOMERS: Final = 5_000
PRODUCTS: Final = 400
ORDERS: Final = 20_000
TICKETS: Final = 3_000
EMPLOYEES: Final = 60

GIVEN: Final = (
    "Ana Ben Chloe Dan Eva Finn Greta Hugo Ines Jonas Klara Leo Mara Nils Olga Paul Rosa Sven Tessa Uma".split()
)
FAMILY: Final = (
    "Albrecht Bauer Costa Duarte Eriksen Fischer Garcia Hansen Ivanov Jansen Keller Lopez Moreau Novak Olsen "
    "Petrov Quist Rossi Silva Tanaka Urban Vogel Weber Xu Young Zhang"
).split()
CITIES: Final = "Berlin Hamburg Lyon Paris Madrid Porto Milano Wien Oslo Leeds Dublin Gent".split()
COUNTRIES: Final = "DE DE FR FR ES PT IT AT NO GB IE BE".split()
PLACES: Final = tuple(zip(CITIES, COUNTRIES, strict=True))
STREETS: Final = "Lindenweg Hauptstrasse Rue-Verte Calle-Mayor Via-Roma Parkveien High-Street Kerkstraat".split()
CATEGORIES: Final = (
    "Lamps Chairs Tables Rugs Mugs Plates Knives Pans Towels Pillows Plants Vases Clocks Frames Candles Baskets"
).split()
KINDS: Final = "Oak Linen Copper Glass Wool Stone Cork Steel Paper Clay".split()
STATUSES: Final = ("delivered",) * 11 + (
    "shipped",
    "shipped",
    "paid",
    "paid",
    "pending",
    "cancelled",
    "cancelled",
    "abandoned",
)
CARRIERS: Final = ("Postbote", "Kurier Nord", "Pakket", "Correo Azul")
SUBJECTS: Final = ("Where is my order?", "Wrong size", "Refund please", "Change of address", "Broken on arrival")
TEAMS: Final = (("Warehouse", "Picker"), ("Support", "Agent"), ("Engineering", "Developer"), ("Finance", "Controller"))


def luhn(digits: str) -> str:
    """Append the check digit of ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10))
    return digits + str(-total % 10)


def iban(country: str, account: str) -> str:
    """Build an IBAN with its check digits (ISO 13616, mod 97)."""
    moved = account + "".join(str(int(letter, 36)) for letter in country) + "00"
    return f"{country}{98 - int(moved) % 97:02d}{account}"


class Shop:
    """Rows table by table, in an order that satisfies the foreign keys."""

    def __init__(self, seed: int = SEED) -> None:
        self._random = Random(seed)
        self._prices: list[Decimal] = []
        self._customers: list[tuple[str, str, str]] = []

    def tables(self) -> Iterator[tuple[str, str, list[Row]]]:
        """Yield schema, table and rows."""
        yield "public", "categories", [(i, name) for i, name in enumerate(CATEGORIES, 1)]
        yield "public", "products", list(self._products())
        customers, addresses = self._people()
        yield "public", "customers", customers
        yield "public", "addresses", addresses
        orders, items, payments, shipments = self._orders()
        yield "public", "orders", orders
        yield "public", "order_items", items
        yield "public", "payments", payments
        yield "public", "shipments", shipments
        yield "public", "tickets", list(self._tickets())
        employees, payroll = self._staff()
        yield "hr", "employees", employees
        yield "hr", "payroll", payroll

    def _ago(self, days: float) -> datetime:
        return TODAY - timedelta(seconds=int(self._random.random() * days * 86_400))

    def _name(self) -> tuple[str, str]:
        return self._random.choice(GIVEN), self._random.choice(FAMILY)

    def _products(self) -> Iterator[Row]:
        for i in range(1, PRODUCTS + 1):
            category = (i - 1) % len(CATEGORIES) + 1
            kind = KINDS[i % len(KINDS)]
            price = Decimal(self._random.randrange(400, 25_000)) / 100
            self._prices.append(price)
            attributes = json.dumps({"material": kind.lower(), "weight_g": self._random.randrange(50, 9_000)})
            cost = (price * Decimal("0.6")).quantize(Decimal("0.01"))
            name = f"{kind} {CATEGORIES[category - 1][:-1]} {i}"
            yield (
                i,
                category,
                f"SKU-{i:05d}",
                name,
                price,
                cost,
                attributes,
                [kind.lower(), "new" if i % 7 == 0 else "stock"],
            )

    def _people(self) -> tuple[list[Row], list[Row]]:
        customers: list[Row] = []
        addresses: list[Row] = []
        for i in range(1, CUSTOMERS + 1):
            given, family = self._name()
            city, country = self._random.choice(PLACES)
            mail = f"{given}.{family}{i}@mail{i % 9}.example".lower()
            phone = f"+49 30 {self._random.randrange(1_000_000, 9_999_999)}" if i % 5 else None
            national = f"{self._random.randrange(10**10, 10**11)}"
            born = date(1950, 1, 1) + timedelta(days=self._random.randrange(20_000))
            plan = self._random.choice(("free", "free", "plus", "pro"))
            note = f"Called back {given} on {phone}; prefers mail to {mail}." if phone and i % 11 == 0 else None
            customers.append(
                (i, f"{given} {family}", mail, phone, national, born, city, country, plan, note, self._ago(1_200))
            )
            self._customers.append((f"{given} {family}", mail, country))
            for _ in range(1 if i % 5 else 2):
                street = f"{self._random.choice(STREETS)} {self._random.randrange(1, 180)}"
                code = f"{self._random.randrange(10_000, 99_999)}"
                addresses.append((len(addresses) + 1, i, street, code, city, country))
        return customers, addresses

    def _orders(self) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
        orders: list[Row] = []
        items: list[Row] = []
        payments: list[Row] = []
        shipments: list[Row] = []
        for i in range(1, ORDERS + 1):
            customer = self._random.randrange(1, CUSTOMERS + 1)
            status, at = self._random.choice(STATUSES), self._ago(365)
            total = Decimal(0)
            for line in range(1, self._random.randrange(2, 5)):
                product, quantity = self._random.randrange(1, PRODUCTS + 1), self._random.randrange(1, 4)
                price = self._prices[product - 1]
                items.append((i, line, product, quantity, price))
                total += price * quantity
            orders.append((i, customer, status, at, self._customers[customer - 1][2], total))
            if status not in {"pending", "abandoned"}:
                payments.append(self._payment(len(payments) + 1, i, total, at))
            if status in {"shipped", "delivered"}:
                sent = at + timedelta(days=1)
                arrived = sent + timedelta(days=3) if status == "delivered" else None
                shipments.append((len(shipments) + 1, i, CARRIERS[i % len(CARRIERS)], sent, arrived))
        return orders, items, payments, shipments

    def _payment(self, number: int, order: int, total: Decimal, at: datetime) -> Row:
        if number % 4 == 0:
            account = f"{self._random.randrange(10**17, 10**18)}"
            return number, order, "transfer", None, iban("DE", account), total, at
        return number, order, "card", luhn(f"400000{self._random.randrange(10**8, 10**9)}"), None, total, at

    def _tickets(self) -> Iterator[Row]:
        for i in range(1, TICKETS + 1):
            customer = self._random.randrange(1, CUSTOMERS + 1)
            name, mail, _ = self._customers[customer - 1]
            body = f"Hello, this is {name}. Please answer to {mail}. My order has not arrived."
            opened = self._ago(200)
            closed = opened + timedelta(days=2) if i % 3 else None
            yield i, customer, SUBJECTS[i % len(SUBJECTS)], body, opened, closed

    def _staff(self) -> tuple[list[Row], list[Row]]:
        employees: list[Row] = []
        payroll: list[Row] = []
        for i in range(1, EMPLOYEES + 1):
            team, title = TEAMS[i % len(TEAMS)]
            employees.append((i, " ".join(self._name()), title, team))
            salary = Decimal(self._random.randrange(32_000, 120_000))
            payroll.append((i, salary, iban("DE", f"{self._random.randrange(10**17, 10**18)}")))
        return employees, payroll
