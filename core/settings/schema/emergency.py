"""Emergencies."""

from __future__ import annotations

from typing import Final

from core.settings.schema.shape import Key, Section, Type

BREAK_GLASS: Final = Section(
    header="[break_glass]",
    says="Who may answer alone, where one person of a group is asked and none is there. Never in a tag owner's seat, a "
    "change of schema or rights, code, or what needs two people; somebody else must look at it within 24 hours.",
    keys=(
        Key(
            name="members",
            type=Type.NAMES,
            says="Verified e-mails, or `directory:person id`; with several directories only the latter.",
            default="required",
            example='["alice@acme.example"]',
        ),
        Key(
            name="channel",
            type=Type.TEXT,
            says="Conversation id of the second channel, where each is posted; no other card goes there.",
            default="required",
            example='"C0987654321"',
        ),
        Key(
            name="via",
            type=Type.CHOICES,
            says="From where: `console` alone wants a fresh sign-in each time.",
            default='["console", "slack"]',
            example='["console"]',
            words=("console", "slack"),
        ),
    ),
)
