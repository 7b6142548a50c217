"""The configuration that the settings tests vary: the whole of it, accepted as it stands."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from core.settings import Settings, load

SKETCH = """
[gateway]
url = "https://assent.example.com"
listen = "127.0.0.1:8080"
store = "sqlite:assent.db"
acknowledge = []

[keys]
questions = "file:questions"
results = "file:results"
signing = "file:signing"
mask = "file:mask"

[[identity]]
issuer = "https://login.example.com"
audiences = ["https://assent.example.com"]
review_audiences = ["api://assent-review"]
groups_claim = "groups"
domains = ["acme.example"]
groups = ["analysts", "agents"]
person_when = { idtyp = "user" }
person_claim = "oid"
directory = "acme"

[group.dba]
members = ["alice@acme.example", "bob@acme.example"]
[group.security]
members = ["carol@acme.example"]
[group.platform]
members = ["dan@acme.example", "erin@acme.example"]
[group.privacy]
members = ["frank@acme.example"]

[console]
listen = "127.0.0.1:8081"
client_id = "assent"
client_secret = "env:ASSENT_CLIENT_SECRET"
clients = ["assent-cli"]
auditors = ["security"]
operators = ["platform"]
result_readers = []

[agent."nightly-report"]
owner = "acme:8f3c"

[slack]
bot_token = "env:SLACK_BOT_TOKEN"
app_token = "env:SLACK_APP_TOKEN"
channel = "C0123456789"

[source.shop]
kind = "postgres"
read_url = "env:SHOP_READ_URL"
write_url = "env:SHOP_WRITE_URL"
unmask_url = "env:SHOP_UNMASK_URL"
masking = "enforced"
[source.shop.tags]
"public.customers.email" = "pii.email"
"public.customers.ssn" = "pii.national_id"
"public.payments.*" = "pci"

[source.warehouse]
kind = "bigquery"
project = "acme-prod"
location = "EU"
max_bytes = "20 GiB"

[mask]
"pii.email" = "token"
"pii.national_id" = "hide"
"pci" = "last4"

[owner]
"pii.*" = "privacy"

[[rule]]
name = "analysts read"
groups = ["analysts", "agents"]
verbs = ["read"]
then = "allow"
returned_rows = 5000

[[rule]]
name = "changes need one DBA"
verbs = ["insert", "update", "delete"]
then = "ask"
reviewers = { dba = 1 }
affected_rows = 1000

[[rule]]
name = "schema changes need two people"
verbs = ["define", "grant"]
then = "ask"
reviewers = { dba = 1, security = 1 }

[[rule]]
name = "nobody touches payroll"
tables = ["hr.payroll"]
then = "refuse"
"""

ENVIRON = {
    "ASSENT_CLIENT_SECRET": "canary-client-secret",
    "SLACK_BOT_TOKEN": "xoxb-canary",
    "SLACK_APP_TOKEN": "xapp-canary",
    "SHOP_READ_URL": "postgresql://reader:canary@db.example/shop?sslmode=verify-full",
    "SHOP_WRITE_URL": "postgresql://writer:canary@127.0.0.1/shop",
    "SHOP_UNMASK_URL": "postgresql:///shop?host=/run/postgresql",
}


def written(folder: Path, text: str) -> Path:
    """Write a configuration with its key files, as only their owner may read them."""
    for name in ("questions", "results", "signing", "mask"):
        key = folder / name
        key.write_text(b64encode(f"{name:-<32}".encode()).decode() + "\n")
        key.chmod(0o600)
    path = folder / "assent.toml"
    path.write_text(text)
    path.chmod(0o644)
    return path


def loaded(folder: Path, *changes: tuple[str, str], more: str = "", environ: dict[str, str] | None = None) -> Settings:
    """Load the sketch with some of its text replaced and some added at its end."""
    text = SKETCH
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return load(written(folder, text + more), ENVIRON | (environ or {}))
