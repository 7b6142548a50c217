"""Slack."""

from __future__ import annotations

from typing import Final

from core.settings.schema.shape import ONLY_PEOPLE, Key, Section, Type

SLACK: Final = Section(
    header="[slack]",
    says="The door for people in Slack.",
    keys=(
        Key(
            name="bot_token",
            type=Type.REFERENCE,
            says="Token of the app's bot.",
            default="required",
            example='"env:SLACK_BOT_TOKEN"',
            roles=ONLY_PEOPLE,
        ),
        Key(
            name="app_token",
            type=Type.REFERENCE,
            says="For Socket Mode.",
            default="none",
            example='"env:SLACK_APP_TOKEN"',
            roles=ONLY_PEOPLE,
        ),
        Key(
            name="signing_secret",
            type=Type.REFERENCE,
            says="For HTTP, instead of `app_token`: Slack posts to `/slack/events` of the people's door. "
            "Acknowledged by `slack-by-signature`.",
            default="none",
            example='"env:SLACK_SIGNING_SECRET"',
            roles=ONLY_PEOPLE,
        ),
        Key(
            name="channel",
            type=Type.TEXT,
            says="Conversation id of the cards, never a name.",
            default="required",
            example='"C0123456789"',
        ),
        Key(
            name="people",
            type=Type.TEXTS,
            says="Slack users linked by the operator: user id to `directory:person id`; nobody stands twice.",
            default="nobody",
            example='{ U0123456789 = "acme:8f3c2d" }',
        ),
        Key(
            name="email_domains",
            type=Type.NAMES,
            says="Domains whose people are known by the e-mail of their Slack account, while they signed in at the "
            "console with it within 30 days: whoever may change e-mails in Slack decides then. "
            "Acknowledged by `slack-by-email`.",
            default="none",
            example='["acme.example"]',
        ),
        Key(
            name="api",
            type=Type.TEXT,
            says="Address of the platform's methods, where it is not Slack's own.",
            default="Slack's own",
            example='"http://127.0.0.1:9000/api/"',
        ),
        Key(
            name="hooks",
            type=Type.TEXT,
            says="Address of its response hooks; stands together with `api`.",
            default="Slack's own",
            example='"http://127.0.0.1:9000"',
        ),
    ),
)
