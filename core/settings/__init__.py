"""`assent.toml` and the environment -> frozen Settings; the only reader of the environment."""

from core.settings.examples import Book, examples, rules
from core.settings.load import load
from core.settings.nouns import (
    BigQuerySource,
    ConsoleSettings,
    GatewaySettings,
    KeySettings,
    Listen,
    MetricsSettings,
    PlaceSettings,
    PlainSource,
    Postgres,
    PostgresSource,
    SamlSettings,
    Settings,
    SignInSettings,
    SinkSettings,
    SlackSettings,
    SourceSettings,
    Sqlite,
)
from core.settings.schema import Role
from core.settings.secret import Secret

__all__ = [
    "BigQuerySource",
    "Book",
    "ConsoleSettings",
    "GatewaySettings",
    "KeySettings",
    "Listen",
    "MetricsSettings",
    "PlaceSettings",
    "PlainSource",
    "Postgres",
    "PostgresSource",
    "Role",
    "SamlSettings",
    "Secret",
    "Settings",
    "SignInSettings",
    "SinkSettings",
    "SlackSettings",
    "SourceSettings",
    "Sqlite",
    "examples",
    "load",
    "rules",
]
