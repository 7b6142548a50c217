"""What in the shop is personal data, and how each kind is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TAGS: Final[Mapping[str, str]] = {
    "public.customers.name": "pii.name",
    "public.customers.email": "pii.email",
    "public.customers.phone": "pii.phone",
    "public.customers.national_id": "pii.national_id",
    "public.customers.birth_date": "pii.birth_date",
    "public.customers.notes": "free_text",
    "public.addresses.street": "pii.address",
    "public.addresses.postcode": "pii.address",
    "public.payments.card_number": "pci.card",
    "public.payments.iban": "pii.iban",
    "public.tickets.body": "free_text",
    "hr.payroll.salary": "hr.salary",
    "hr.payroll.iban": "pii.iban",
}

MASKS: Final[Mapping[str, str]] = {
    "pii.name": "hide",
    "pii.email": "token",
    "pii.phone": "last4",
    "pii.national_id": "hide",
    "pii.birth_date": "year",
    "pii.address": "hide",
    "pii.iban": "last4",
    "pci.card": "last4",
    "hr.salary": "hide",
}
