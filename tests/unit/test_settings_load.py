"""One file configures everything, and everything wrong with it is said at once, with its line."""

from __future__ import annotations

import os
import pickle
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import SettingsError, UnsafeStart
from core.model import EntryKind, Person
from core.policy.rules import Then
from core.settings import BigQuerySource, Postgres, PostgresSource, Role, Secret, Sqlite, load, units
from core.settings.schema import SECTIONS
from tests.settings_files import ENVIRON, SKETCH, loaded, written

DBA = "reviewers = { dba = 1 }\naffected_rows = 1000"


def refused(folder: Path, *changes: tuple[str, str], more: str = "", environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as error:
        loaded(folder, *changes, more=more, environ=environ)
    assert "canary" not in str(error.value)
    return str(error.value)


def test_the_whole_sketch_is_accepted_without_a_warning(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert settings.warnings == ()
    assert settings.gateway.store == Sqlite(path=tmp_path / "assent.db")
    assert (settings.gateway.listen.host, settings.gateway.listen.port) == ("127.0.0.1", 8080)
    assert settings.keys.mask.key() == f"{'mask':-<32}".encode()
    assert settings.issuers[0].person_when == {"idtyp": "user"}
    assert settings.agents[0].owner == Person(directory="acme", id="8f3c")
    assert settings.console.operators == {"platform"}
    shop, warehouse = settings.sources
    assert isinstance(shop, PostgresSource)
    assert shop.source.enforced
    assert shop.source.tags["public.payments.*"] == "pci"
    assert isinstance(warehouse, BigQuerySource)
    assert warehouse.max_bytes == 20 * 2**30
    assert not warehouse.source.enforced
    assert [rule.then for rule in settings.policy.rules] == [Then.ALLOW, Then.ASK, Then.REFUSE, Then.ASK]
    assert settings.policy.groups["dba"] == {"alice@acme.example", "bob@acme.example"}
    assert settings.policy.owner("pii.email") == "privacy"
    assert settings.policy.mask("pci") == "last4"


def test_a_secret_never_shows(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert "canary" not in repr(settings)
    assert "----" not in repr(settings)
    secret = Secret("env:X", b"canary")
    assert f"{secret} {secret!r}" == "Secret('env:X') Secret('env:X')"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_process_reads_only_the_secrets_of_its_role(tmp_path: Path) -> None:
    written(tmp_path, SKETCH)
    (tmp_path / "signing").unlink()
    environ = {name: ENVIRON[name] for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ASSENT_CLIENT_SECRET")}
    settings = load(tmp_path / "assent.toml", environ, roles=frozenset({Role.PEOPLE}))
    assert settings.keys.questions.held
    assert not settings.keys.results.held
    with pytest.raises(UnsafeStart):
        settings.keys.results.reveal()
    assert load(tmp_path / "assent.toml", {}, roles=frozenset()).policy.version == settings.policy.version


def test_the_signer_alone_reads_its_key_and_reads_nothing_else(tmp_path: Path) -> None:
    """threats 23, 24: no secret of a Source, a door or a payload is in its reach."""
    written(tmp_path, SKETCH)
    for name in ("questions", "results", "mask"):
        (tmp_path / name).unlink()
    signer = load(tmp_path / "assent.toml", {}, roles=frozenset({Role.SIGNER})).keys
    assert signer.signing.held
    assert not any(one.held for one in (signer.questions, signer.results, signer.mask))
    written(tmp_path, SKETCH)
    (tmp_path / "signing").unlink()
    gateway = load(tmp_path / "assent.toml", ENVIRON, roles=frozenset({Role.GATEWAY})).keys
    assert all(one.held for one in (gateway.questions, gateway.results, gateway.mask))
    assert not gateway.signing.held


def test_nobody_opens_results_unless_they_are_named(tmp_path: Path) -> None:
    settings = loaded(tmp_path, ("result_readers = []\n", ""))
    assert settings.console.auditors == {"security"}
    assert settings.console.result_readers == frozenset()


def test_every_finding_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    said = refused(
        tmp_path,
        ('listen = "127.0.0.1:8080"', 'listn = "127.0.0.1:8080"'),
        ("returned_rows = 5000", 'returned_rows = "many"'),
        ('channel = "C0123456789"', 'channel = "#general"'),
    ).splitlines()
    assert len(said) == 3
    line = 1 + (SKETCH.replace("listen", "listn", 1).splitlines()).index('listn = "127.0.0.1:8080"')
    assert any(f'assent.toml:{line}: [gateway] listn: unknown setting; did you mean "listen"?' in one for one in said)
    assert any("[[rule]] 1 returned_rows: must be a whole number" in one for one in said)
    assert any("[slack] channel" in one for one in said)


@pytest.mark.parametrize("name", ['""', '"a\\nb"', '"\\u202edba"', f'"{"x" * 101}"'])
def test_a_name_that_could_imitate_another_is_refused(tmp_path: Path, name: str) -> None:
    assert "plain characters" in refused(tmp_path, more=f"[group.{name}]\nmembers = ['zoe@acme.example']\n")


@pytest.mark.parametrize("section", ["[gatewy]\nurl = 'x'", "[[rules]]\nname = 'x'"])
def test_an_unknown_table_is_an_error_with_a_suggestion(tmp_path: Path, section: str) -> None:
    assert "did you mean" in refused(tmp_path, more=section)


@pytest.mark.parametrize(
    "section",
    [
        "[record]\nkinds = ['call.outcome']",
        "[audit]\nenabled = false",
        "[journal]\nwithout = ['audit.read']",
        "[log]\nlevel = 'error'",
        "[[sink]]\nname = 's'\nkind = 'file'\npath = 'audit.jsonl'\nkinds = ['call.outcome']",
        "[source.other]\nkind = 'postgres'\nread_url = 'env:SHOP_READ_URL'\nrecord = { intent = 'none' }",
        "[source.other]\nkind = 'postgres'\nread_url = 'env:SHOP_READ_URL'\nrecord = { audit_read = 'none' }",
        "[source.other]\nkind = 'postgres'\nread_url = 'env:SHOP_READ_URL'\nretention = { entries = '30 d' }",
    ],
)
def test_no_setting_leaves_an_entry_out_of_the_record(tmp_path: Path, section: str) -> None:
    assert "unknown" in refused(tmp_path, more=section)


def test_no_setting_is_about_a_kind_of_entry() -> None:
    words = {word for section in SECTIONS for key in section.keys for word in (key.name, *key.words)}
    assert "recorded" in words
    assert words.isdisjoint({kind.value for kind in EntryKind} | {"kinds", "entries"})


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"env:SHOP_READ_URL"', '"postgresql://reader:canary@db/shop"', "never as they are"),
        ('"env:SHOP_READ_URL"', '"env:MISSING"', "the environment has no MISSING"),
        ('"env:SHOP_READ_URL"', '"file:missing"', "cannot be read"),
        ('store = "sqlite:assent.db"', 'store = "postgresql://a:canary@db/x"', "never as they are"),
        ('store = "sqlite:assent.db"', 'store = "sqlite:"', "plain path"),
        ('store = "sqlite:assent.db"', 'store = "sqlite::memory:"', "plain path"),
        ('store = "sqlite:assent.db"', 'store = "sqlite:nowhere/assent.db"', "no place for a file"),
        ('questions = "file:questions"', 'questions = "file:mask"', "equals the key"),
        ('url = "https://assent.example.com"', 'url = "http://assent.example.com"', "no-tls:gateway"),
        ('listen = "127.0.0.1:8080"', 'listen = "0.0.0.0:8080"', "no-tls:gateway"),
        ('listen = "127.0.0.1:8080"', 'listen = "127.0.0.1:99999"', "is written"),
        ('listen = "127.0.0.1:8081"', 'listen = "0.0.0.0:8081"', "no-tls:console"),
        ('listen = "127.0.0.1:8081"', 'listen = "127.0.0.1:8080"', "listens there already"),
        ('issuer = "https://login.example.com"', 'issuer = "http://login.example.com"', "no-tls:acme"),
        ('"api://assent-review"', '"https://assent.example.com"', "open both doors"),
        ('"api://assent-review"', '"assent-cli"', "client id"),
        ('directory = "acme"', 'directory = "ac:me"', "no colon"),
        ('directory = "acme"', 'directory = "acme"\nlifetime = "2 h"', "long-tokens:acme"),
        ('owner = "acme:8f3c"', 'owner = "8f3c"', "directory:person id"),
        ('owner = "acme:8f3c"', 'owner = "other:8f3c"', 'directory "other"'),
        ('operators = ["platform"]', 'operators = ["platfrom"]', 'did you mean "platform"'),
        ('operators = ["platform"]', 'operators = ["security"]', "single-operator"),
        ('["carol@acme.example"]', '["carol"]', "neither an e-mail"),
        ("reviewers = { dba = 1 }", "reviewers = { dbas = 1 }", 'did you mean "dba"'),
        ("reviewers = { dba = 1 }", "reviewers = { dba = 0 }", "from 1"),
        ('"pii.*" = "privacy"', '"pii.*" = "nobody"', "there is no [group.nobody]"),
        ('"pci" = "last4"\n', "", 'the tag "pci" has no mask'),
        ('"pci" = "last4"', '"pci" = "last5"', 'did you mean "last4"'),
        ('"pci" = "last4"', '"pci" = "json"', "none of hide"),
        ('"pci" = "last4"', '"pci" = { json = [] }', "paths of keys"),
        ('"pci" = "last4"', '"pci" = { json = ["a..b"] }', "paths of keys"),
        ('"pci" = "last4"', '"pci" = { json = ["a", "a.b"] }', "a path within another"),
        ('"pci" = "last4"', '"pci" = { json = ["a"], json_keep = ["b"] }', "must be { json"),
        ('"pci" = "last4"', '"pci" = { json = "a" }', "must be { json"),
        ("acknowledge = []", 'acknowledge = ["no-tls:shopp"]', 'did you mean "no-tls:shop"'),
        ('app_token = "env:SLACK_APP_TOKEN"\n', "", "one of the two"),
        ('channel = "C0123456789"', 'channel = "C0123456789"\napi = "http://127.0.0.1/"', "stand together"),
        ('channel = "C0123456789"', 'channel = "C0123456789"\napi = "http://a"\nhooks = "http://a"', "no-tls:slack"),
        ('channel = "C0123456789"', 'channel = "C0123456789"\npeople = { U1 = "acme:a", U2 = "acme:a" }', "already"),
        ('channel = "C0123456789"', 'channel = "C0123456789"\npeople = { U1 = "a" }', "no directory:person id"),
        ('kind = "bigquery"', 'kind = "postgres"', "has no such setting"),
        ('max_bytes = "20 GiB"\n', "", "max_bytes is missing"),
        ('max_bytes = "20 GiB"', 'max_bytes = "20 GiB"\ntoken_key = "gcp-kms://a"', "named together"),
        ('max_bytes = "20 GiB"', 'max_bytes = "20 GiB"\nfunctions = { "a.b" = "pure" }', "pure:ETAG"),
        ('max_bytes = "20 GiB"', 'max_bytes = "20 GiB"\naccept = { untagged = ["a.b"] }', "trusted views alone"),
        ('max_bytes = "20 GiB"', 'max_bytes = "1 GiB"\ntoken_key = "gcp"\ntoken_keyset = "AA=="', "a key is gcp"),
        ('max_bytes = "20 GiB"', 'max_bytes = "20 Gigs"', "20 GiB"),
        ('kind = "postgres"', 'kind = "mysql"', "none of postgres, bigquery"),
        ('["read"]', '["reed"]', 'did you mean "read"'),
        ('["read"]', '"read"', "must be a list"),
        ('["read"]', "[]", "an empty list"),
        ('name = "analysts read"', 'name = "nobody touches payroll"', "another rule is called"),
        ('name = "analysts read"\n', "", "name is missing"),
        ('tables = ["hr.payroll"]', 'tables = ["payroll"]', "names no schema"),
        ('tables = ["hr.payroll"]', 'tables = ["hr.pay[rl]*"]', "only * is a wildcard"),
        ('tables = ["hr.payroll"]', 'sources = ["shp"]', 'did you mean "shop"'),
        ('tables = ["hr.payroll"]', 'tables = ["hr.a"]\nnot_tables = ["hr.a", "hr.b"]', "can never match"),
        ('tables = ["hr.payroll"]', "affected_over = 9\nnot_affected_over = 9", "can never match"),
        ('tables = ["hr.payroll"]', 'hours = ["Mon-Fri 08:00-18:00 Mars/Base"]', "no time zone"),
        ('tables = ["hr.payroll"]', "not_bytes_over = 5", "write bytes_over"),
        ('tables = ["hr.payroll"]', 'timeout = "1 s"', "no limits"),
        ('tables = ["hr.payroll"]', "reviewers = { dba = 1 }", 'then = "ask"'),
        ('verbs = ["define", "grant"]', 'verbs = ["control"]', "control is always refused"),
        ('verbs = ["define", "grant"]', 'verbs = ["run"]', "names it under tables"),
        ('verbs = ["read"]', 'verbs = ["read", "define"]', "no rule can allow this"),
        ('verbs = ["read"]', "affected_over = 5", "write not_affected_over"),
        ('verbs = ["read"]', "floor = true", "a floor closes"),
        ("reviewers = { dba = 1 }\n", "", "names reviewers"),
        ("reviewers = { dba = 1 }", 'reviewers = { dba = 1 }\nunmask = ["pci"]', "has no owner"),
        (
            "reviewers = { dba = 1 }",
            'reviewers = { dba = 1 }\ncopies = ["a.b.* -> c.d.e"]',
            "does not name two columns",
        ),
        (
            "reviewers = { dba = 1 }",
            'reviewers = { dba = 1 }\ncopies = ["public.customers.email -> public.customers.ssn"]',
            "need the same tag",
        ),
        ("reviewers = { dba = 1 }", 'reviewers = { dba = 1 }\nunmask = ["pii.mail"]', "no tag and no tagged column"),
        ('unmask_url = "env:SHOP_UNMASK_URL"', "stdio = 1", "unknown setting"),
        ("reviewers = { dba = 1 }", 'reviewers = { dba = 1 }\nexpires = "2 d"', "at most 24 h"),
        ("returned_rows = 5000", 'timeout = "2 h"', "at most 1 h"),
        ("returned_rows = 5000", 'returned_bytes = "1 MiB"', "900000"),
        ('groups_claim = "groups"', 'algorithms = ["none"]', "algorithms are"),
    ],
)  # fmt: skip
def test_each_mistake_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert says in refused(tmp_path, (old, new))


def test_a_json_mask_lists_what_goes_or_what_stays(tmp_path: Path) -> None:
    for table, kind in (
        ('{ json = ["b", "a.phone"] }', 'json without ["a.phone", "b"]'),
        ('{ json_keep = ["plan"] }', 'json only ["plan"]'),
    ):
        assert loaded(tmp_path, ('"pci" = "last4"', f'"pci" = {table}')).masks["pci"] == kind


def test_spliced_masking_is_acknowledged_by_name(tmp_path: Path) -> None:
    weaker = ('masking = "enforced"', 'masking = "spliced"')
    assert "would show raw values" in refused(tmp_path, weaker)
    known = ("acknowledge = []", 'acknowledge = ["spliced:shop"]')
    weak = loaded(tmp_path, weaker, known)
    assert not weak.sources[0].source.enforced
    assert weak.policy.version != loaded(tmp_path, known).policy.version


def test_an_unmask_needs_the_role_that_may(tmp_path: Path) -> None:
    rule = ("reviewers = { dba = 1 }", 'reviewers = { dba = 1 }\nunmask = ["pii.email", "public.customers.ssn"]')
    assert loaded(tmp_path, rule).policy.rules[1].effects.unmask
    assert "no unmask_url" in refused(tmp_path, rule, ('unmask_url = "env:SHOP_UNMASK_URL"\n', ""))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('["analysts", "agents"]\nverbs', '["analyts"]\nverbs', 'did you mean "analysts"'),
        ('verbs = ["read"]\nthen = "allow"', 'then = "allow"', "without verbs"),
        ('verbs = ["read"]', 'verbs = ["update"]', "without a cap"),
        ('tables = ["hr.payroll"]', 'tags = ["phi"]', "no column carries"),
        ('tables = ["hr.payroll"]', 'callers = ["eve@acme.example"]', "directory:person id"),
        ('"pci" = "last4"', '"pci" = "last4"\n"phi" = "hide"', "no column carries such a tag"),
        ('person_when = { idtyp = "user" }\n', "", "nobody it names is a person"),
        ("reviewers = { dba = 1 }", "reviewers = { dba = 3 }", "3 must vote"),
        ('members = ["frank@acme.example"]', "members = []", "nobody is in this group"),
        ('domains = ["acme.example"]\n', "", '"frank@acme.example" is nobody: no [[identity]] may assert'),
        ('["frank@acme.example"]', '["acme:frank@Other.example"]', '(domains = ["other.example"])'),
        ("domains = [", 'clients = ["claude"]\ndomains = [', '"assent-cli" lets nobody in: no [[identity]] with'),
    ],
)
def test_what_can_hardly_be_meant_is_a_warning(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert any(says in warning for warning in loaded(tmp_path, (old, new)).warnings)


def test_without_rules_everything_is_refused_and_said_so(tmp_path: Path) -> None:
    path = written(tmp_path, SKETCH[: SKETCH.index("[[rule]]")])
    assert any("everything is refused" in warning for warning in load(path, ENVIRON).warnings)


def test_free_text_needs_no_mask(tmp_path: Path) -> None:
    tag = ('"public.payments.*" = "pci"', '"public.payments.*" = "pci"\n"public.orders.note" = "free_text"')
    assert loaded(tmp_path, tag).warnings == ()


def test_the_agents_certificate_does_not_make_the_peoples_side_safe(tmp_path: Path) -> None:
    """Its key is the agents' door's alone: the people's side would speak plain HTTP, tokens and all."""
    (tmp_path / "tls.pem").write_text("key")
    (tmp_path / "tls.pem").chmod(0o600)
    tls = ('listen = "127.0.0.1:8080"', 'listen = "0.0.0.0:8080"\ncertificate = "chain.pem"\nkey = "file:tls.pem"')
    assert loaded(tmp_path, tls, NOT_ONE).gateway.key is not None
    said = refused(tmp_path, tls, NOT_ONE, ('listen = "127.0.0.1:8081"', 'listen = "0.0.0.0:8081"'))
    assert "[console] listen" in said
    assert "no-tls:console" in said


# ---------------------------------------------------------------- several directories

SECOND = """
[[identity]]
issuer = "https://other.example"
directory = "other"
groups = ["analysts"]
person_when = { kind = "user" }
"""


def test_with_several_directories_a_bare_name_is_refused_everywhere(tmp_path: Path) -> None:
    said = refused(tmp_path, more=SECOND)
    for place in ("[[rule]] 1 groups", "[group.dba] members", "[agent.nightly-report]"):
        assert place in said


def test_issuers_that_share_a_directory_name_one_person_claim(tmp_path: Path) -> None:
    assert "person_claim" in refused(tmp_path, more=SECOND.replace('"other"', '"acme"'))
    same = SECOND.replace('"other"', '"acme"') + 'person_claim = "oid"\n'
    assert len(loaded(tmp_path, NOT_ONE, more=same).issuers) == 2


# ---------------------------------------------------------------- signing in

NOT_ONE = ('client_id = "assent"\nclient_secret = "env:ASSENT_CLIENT_SECRET"\n', "")
MINTED = """
[[identity]]
issuer = "http://127.0.0.1:8081"
directory = "acme"
person_claim = "oid"
person_when = { kind = "person" }
groups = ["analysts"]
clients = ["assent-relay"]
"""
KEY = ('listen = "127.0.0.1:8081"', 'listen = "127.0.0.1:8081"\nminting = "env:MINTING"')
MINTING = {**ENVIRON, "MINTING": "ab" * 32}


def test_one_issuer_signs_people_in_by_the_consoles_own_client(tmp_path: Path) -> None:
    (way,) = loaded(tmp_path).console.sign_ins
    assert (way.name, way.issuer, way.client_id) == ("sso", "https://login.example.com", "assent")


def test_of_several_issuers_each_sign_in_is_named(tmp_path: Path) -> None:
    assert "for several write [sign_in.NAME]" in refused(tmp_path, more=SECOND.replace('"other"', '"acme"'))
    more = '[sign_in.corp]\nissuer = "https://login.example.com"\nclient_id = "assent"\n'
    (way,) = loaded(tmp_path, NOT_ONE, more=more).console.sign_ins
    assert (way.name, way.client_secret) == ("corp", None)
    assert "no [[identity]] has that issuer" in refused(tmp_path, NOT_ONE, more=more.replace("login.", "evil."))
    assert "stands in addresses" in refused(tmp_path, NOT_ONE, more=more.replace("corp", "Corp"))


def test_a_way_to_sign_in_is_part_of_the_policy(tmp_path: Path) -> None:
    assert loaded(tmp_path).policy.version != loaded(tmp_path, NOT_ONE).policy.version


def test_an_audience_that_is_the_sign_ins_client_refuses_start(tmp_path: Path) -> None:
    change = ('audiences = ["https://assent.example.com"]', 'audiences = ["assent"]')
    assert "an ID token would pass" in refused(tmp_path, change)


def test_tokens_are_minted_by_a_table_that_lists_what_they_may_hold(tmp_path: Path) -> None:
    assert loaded(tmp_path, KEY, more=MINTED, environ=MINTING).console.minting is not None
    assert "says what is minted" in refused(tmp_path, KEY, environ=MINTING)
    for old, new, said in (
        ('groups = ["analysts"]', 'groups = "any"', "groups"),
        ('clients = ["assent-relay"]', "", "clients"),
        ('person_when = { kind = "person" }', "", "person_when"),
        ('groups = ["analysts"]', 'groups = ["analysts"]\nreview_audiences = ["api://x"]', "nobody reviews"),
        ('groups = ["analysts"]', 'groups = ["analysts"]\nlifetime = "5 min"', "15 minutes"),
        ('groups = ["analysts"]', 'groups = ["analysts"]\nalgorithms = ["RS256"]', "EdDSA"),
        ('directory = "acme"', 'directory = "other"', "another directory"),
    ):
        assert said in refused(tmp_path, KEY, more=MINTED.replace(old, new), environ=MINTING), new


def test_the_key_of_minted_tokens_is_no_other_key(tmp_path: Path) -> None:
    same = {**ENVIRON, "MINTING": (f"{'mask':-<32}".encode()).hex()}
    assert "equals the key mask" in refused(tmp_path, KEY, more=MINTED, environ=same)


WORKLOADS = """
[[identity]]
issuer = "https://token.actions.githubusercontent.com"
directory = "ci"
client_claim = "sub"
scopes = ["assent:read"]
clients = ["repo:acme/reports:ref:refs/heads/main"]
[agent."ci:repo:acme/reports:ref:refs/heads/main"]
owner = "acme:8f3c"
"""
PEOPLE = ("alice", "bob", "carol", "dan", "erin", "frank")
# with a second directory every name says whose it is
DIRECTED = (
    ('agent."nightly', 'agent."acme:nightly'),
    ('groups = ["analysts", "agents"]\nverbs', 'groups = ["acme:analysts", "acme:agents"]\nverbs'),
    *((f'"{one}@acme.example"', f'"acme:{one}@acme.example"') for one in PEOPLE),
)


def test_a_workload_issuer_speaks_for_no_people(tmp_path: Path) -> None:
    issuer = loaded(tmp_path, NOT_ONE, *DIRECTED, more=WORKLOADS).issuers[1]
    assert (issuer.client_claim, issuer.scopes) == ("sub", frozenset({"assent:read"}))
    for old, new, said in (
        ('directory = "ci"', 'directory = "acme"', "is people's"),
        ('directory = "ci"', 'directory = "ci"\nperson_when = { x = 1 }', "proves no person"),
        ('directory = "ci"', 'directory = "ci"\nreview_audiences = ["api://x"]', "proves no person"),
        ('"assent:read"', '"assent:review"', "of assent:read and assent:write"),
        ('client_claim = "sub"\n', "", "only of a workload issuer"),
    ):
        assert said in refused(tmp_path, NOT_ONE, *DIRECTED, more=WORKLOADS.replace(old, new)), new


def test_how_strong_a_sign_in_must_be_is_part_of_the_policy(tmp_path: Path) -> None:
    more = ('person_claim = "oid"', 'person_claim = "oid"\nacr = ["phr"]')
    assert loaded(tmp_path).policy.version != loaded(tmp_path, more).policy.version


# ---------------------------------------------------------------- transport


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("postgresql://u:p@127.0.0.1:5432/shop", True),
        ("postgresql://u:p@[::1]:5432/shop", True),
        ("postgresql://u:p@localhost/shop", True),
        ("postgresql:///shop?host=/run/postgresql", True),
        ("postgresql://u@%2Frun%2Fpostgresql/shop", True),
        ("postgresql://u:p@db.example/shop", False),
        ("postgresql://u:p@db.example/shop?sslmode=require", False),
        ("postgresql://u:p@db.example/shop?sslmode=verify-ca", False),
        ("postgresql://u:p@db.example/shop?sslmode=verify-full", True),
        ("postgresql://u:p@127.0.0.1,db.example/shop", False),
        ("postgresql://u:p@127.0.0.1/shop?host=db.example", False),
        ("postgresql://u:p@127.0.0.1/shop?hostaddr=10.0.0.1", False),
        ("postgresql://127.0.0.1@db.example/shop", False),
        ("postgresql://u:p@127.0.0.1.evil.example/shop", False),
        ("mysql://u:p@127.0.0.1/shop", False),
    ],
)
def test_a_source_off_loopback_needs_verified_tls_or_its_name(tmp_path: Path, url: str, *, safe: bool) -> None:
    if safe:
        assert loaded(tmp_path, environ={"SHOP_READ_URL": url}).sources
        return
    said = refused(tmp_path, environ={"SHOP_READ_URL": url})
    assert "[source.shop] read_url" in said
    if url.startswith("postgresql"):
        known = ("acknowledge = []", 'acknowledge = ["no-tls:shop"]')
        assert loaded(tmp_path, known, environ={"SHOP_READ_URL": url}).sources


def test_a_store_off_loopback_needs_it_as_well(tmp_path: Path) -> None:
    store = ('"sqlite:assent.db"', '"env:ASSENT_STORE"')
    assert "no-tls:store" in refused(tmp_path, store, environ={"ASSENT_STORE": "postgresql://u@db.example/a"})
    settings = loaded(tmp_path, store, environ={"ASSENT_STORE": "postgresql://u@127.0.0.1/a"})
    assert isinstance(settings.gateway.store, Postgres)


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_a_configuration_that_others_may_write_is_refused(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path, SKETCH)
    path.chmod(mode)
    with pytest.raises(SettingsError, match="may write it"):
        load(path, ENVIRON)


@pytest.mark.parametrize(("mode", "says"), [(0o604, "others"), (0o640, "group"), (0o660, "group"), (0o602, "others")])
def test_a_secret_that_others_may_read_is_refused(tmp_path: Path, mode: int, says: str) -> None:
    path = written(tmp_path, SKETCH)
    (tmp_path / "mask").chmod(mode)
    if os.geteuid() == 0 and mode == 0o640:
        assert load(path, ENVIRON).sources  # root's, for a group of this process: as a mounted secret is
        return
    with pytest.raises(SettingsError, match=says):
        load(path, ENVIRON)


def test_a_store_that_others_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "assent.db").touch()
    (tmp_path / "assent.db").chmod(0o644)
    assert "others may read it" in refused(tmp_path)
    (tmp_path / "assent.db").chmod(0o600)
    assert loaded(tmp_path).sources


def test_a_short_or_empty_key_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, SKETCH)
    (tmp_path / "mask").write_text("short\n")
    with pytest.raises(SettingsError, match="32 random bytes"):
        load(path, ENVIRON)
    (tmp_path / "mask").write_text("\n")
    with pytest.raises(SettingsError, match="empty"):
        load(path, ENVIRON)


@pytest.mark.parametrize(
    "octets",
    [b"\xff\xfe", b"a = ", b"x" * (5 * 2**20), b"a = " + b"[" * 20_000, b"a = 1" + b"0" * 5_000, b"[rule]\nname = 1",
     b"group = 3"],
)  # fmt: skip
def test_a_file_that_is_no_configuration_is_one_clear_error(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "assent.toml"
    path.write_bytes(octets)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match=r"assent\.toml"):
        load(path, ENVIRON)


def test_a_file_larger_than_any_policy_is_not_read_whole(tmp_path: Path) -> None:
    path = written(tmp_path, SKETCH + "#" * (4 * 2**20))
    with pytest.raises(SettingsError, match="larger than"):
        load(path, ENVIRON)


def test_a_missing_file_or_a_pipe_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "none.toml", ENVIRON)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(SettingsError, match="no regular file"):
        load(tmp_path / "pipe", ENVIRON)


# ---------------------------------------------------------------- stdio

TRUSTED = (
    ("acknowledge = []", 'stdio = "agent-is-trusted"'),
    ('write_url = "env:SHOP_WRITE_URL"\n', ""),
    (SKETCH[SKETCH.index("[[identity]]") : SKETCH.index("[group.dba]")], ""),
    (SKETCH[SKETCH.index("[slack]") : SKETCH.index("[source.shop]")], ""),
    ('["alice@acme.example", "bob@acme.example"]', '["alice@acme.example", "bob@acme.example"]'),
)


def test_trusted_stdio_goes_with_little(tmp_path: Path) -> None:
    assert loaded(tmp_path, *TRUSTED).gateway.trusted_stdio
    assert not loaded(tmp_path).gateway.trusted_stdio


@pytest.mark.parametrize(
    ("dropped", "says"), [(1, "write_url"), (2, "[[identity]]"), (3, "[slack]"), (None, "a PostgreSQL store")]
)
def test_trusted_stdio_refuses_what_its_agent_must_not_reach(tmp_path: Path, dropped: int | None, says: str) -> None:
    changes = [change for number, change in enumerate(TRUSTED) if number != dropped]
    if dropped is None:
        changes.append(('"sqlite:assent.db"', '"env:ASSENT_STORE"'))
    assert says in refused(tmp_path, *changes, environ={"ASSENT_STORE": "postgresql://u@127.0.0.1/a"})


# ---------------------------------------------------------------- policy's version, units


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('members = ["alice@acme.example", "bob@acme.example"]', 'members = ["alice@acme.example"]'),
        ('operators = ["platform"]', 'operators = ["dba"]'),
        ('clients = ["assent-cli"]', 'clients = ["assent-cli", "other"]'),
        ('groups = ["analysts", "agents"]', 'groups = "any"'),
        ('review_audiences = ["api://assent-review"]', 'review_audiences = ["api://assent-review", "x"]'),
        ('"public.customers.ssn" = "pii.national_id"\n', ""),
        ('"pii.email" = "token"', '"pii.email" = "hide"'),
        ('"pii.*" = "privacy"', '"pii.*" = "dba"'),
        ('owner = "acme:8f3c"', 'owner = "acme:8f3d"'),
        ('max_bytes = "20 GiB"', 'max_bytes = "21 GiB"'),
        ('person_when = { idtyp = "user" }', "person_when = { idtyp = true }"),
        ("returned_rows = 5000", "returned_rows = 5001"),
        ('channel = "C0123456789"', 'channel = "C0123456789"\npeople = { U1 = "acme:a" }'),
    ],
)
def test_everything_that_counts_as_policy_changes_its_version(tmp_path: Path, old: str, new: str) -> None:
    assert loaded(tmp_path, (old, new)).policy.version != loaded(tmp_path).policy.version


def test_what_is_not_policy_leaves_the_version(tmp_path: Path) -> None:
    port = ('listen = "127.0.0.1:8080"', 'listen = "127.0.0.1:9000"')
    assert loaded(tmp_path, port).policy.version == loaded(tmp_path).policy.version


def test_units_read_what_people_write() -> None:
    assert units.duration("15 min") == timedelta(minutes=15)
    assert units.duration(30) == timedelta(seconds=30)
    assert units.size("20 GiB") == 20 * 2**30
    assert units.size("5kB") == 5_000
    assert units.price("2.50") == Decimal("2.50")


@pytest.mark.parametrize("value", ["", "15", "15 m", "-1 s", "1.5 h", 0, -1, True, 1.5, "99999999 d", "٣ s", None, []])
def test_durations_that_are_none_are_refused(value: object) -> None:
    with pytest.raises(units.Unfit):
        units.duration(value)


@pytest.mark.parametrize("value", [2.5, "NaN", "-1", "x", True, "1e999999", None])
def test_money_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(units.Unfit):
        units.price(value)


def test_the_operators_port_off_loopback_is_acknowledged_by_name(tmp_path: Path) -> None:
    port = ("[keys]", '[metrics]\nlisten = "0.0.0.0:9090"\n[keys]')
    with pytest.raises(SettingsError, match='without sign-in or TLS: acknowledge = \\["no-tls:metrics"\\]'):
        loaded(tmp_path, port)
    assert loaded(tmp_path, port, ("acknowledge = []", 'acknowledge = ["no-tls:metrics"]')).metrics is not None
    assert loaded(tmp_path, ("[keys]", '[metrics]\nlisten = "127.0.0.1:9090"\n[keys]')).metrics is not None


def test_a_mistake_is_said_in_the_files_own_words(tmp_path: Path) -> None:
    assert "Cannot declare console twice (at line" in refused(tmp_path, more="\n[console]\n")
    assert "Cannot declare source.shop twice (at line" in refused(tmp_path, more='\n[source.shop]\nkind = "postgres"\n')
    nameless = '\n[[rule]]\nverbs = ["read"]\nthen = "refuse"\n'
    assert 'name is missing, such as "analysts read": Unique.' in refused(tmp_path, more=nameless)
