"""`assent policy`: lint names every mistake with its line, explain says what holds and what is missing."""

from __future__ import annotations

from pathlib import Path

from cli.source.proposal import Found, Wanted, configuration, keys, write
from cli.source.ready import names, ready
from core.masking import Wish
from core.settings import load
from tests.commands import answer, assent
from tests.settings_files import SKETCH, written


def test_lint_says_everything_at_once_with_its_line_and_needs_no_secret(tmp_path: Path) -> None:
    text = SKETCH.replace('[[rule]]\nname = "nobody', '[[rule]]\nnane = "x"\nname = "nobody') + (
        '\n[[rule]]\nname = "dead"\ntables = ["hr.payroll"]\nverbs = ["read"]\nthen = "allow"\n'
        '[[rule]]\nname = "bad"\nverbs = ["red"]\nthen = "allow"\n'
    )
    result = assent("policy", "lint", written(tmp_path, text), "--json")
    assert result.exit_code == 1
    errors = answer(result)["errors"]
    assert len(errors) == 2
    number = text.splitlines().index('nane = "x"') + 1
    assert f":{number}: [[rule]] " in errors[0]
    assert 'unknown setting; did you mean "name"?' in errors[0]
    assert '"red" is none of' in errors[1]


def test_warnings_are_findings_only_when_asked(tmp_path: Path) -> None:
    dead = '\n[[rule]]\nname = "dead"\ntables = ["hr.payroll"]\nverbs = ["read"]\nthen = "allow"\nreturned_rows = 5\n'
    path = written(tmp_path, SKETCH + dead)
    result = assent("policy", "lint", path)
    assert result.exit_code == 0
    assert "it never decides: “nobody" in result.stdout or 'it never decides: "nobody' in result.stdout
    assert assent("policy", "lint", path, "--strict").exit_code == 1


def test_one_of_a_kind_is_counted_as_one(tmp_path: Path) -> None:
    said = assent("policy", "lint", written(tmp_path, SKETCH.replace("[[rule]]", "[[rul]]", 1))).stdout
    assert said.endswith("1 error, 0 warnings\n")


def test_a_file_of_rules_alone_is_looked_over_as_well(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('[[rule]]\nname = "a"\nverbs = ["read"]\nthen = "refuse"\n' * 2)
    assert 'another rule is called "a"' in assent("policy", "lint", path).stdout
    path.write_text("[[rule]\n")
    assert assent("policy", "lint", path).exit_code == 1


def test_explain_says_for_each_pair_what_holds_and_what_is_missing(tmp_path: Path) -> None:
    path = written(tmp_path, SKETCH)
    statement = "SELECT o.id FROM public.orders o JOIN hr.payroll p ON p.id = o.id"
    result = assent(
        "policy", "explain", statement, "--as", "agents", "--offline", "--source", "shop", "--config", path, "--json"
    )
    pairs = {one["thing"]: one for one in answer(result)["pairs"]}
    assert pairs["public.orders"]["matched"] == [{"rule": "analysts read", "then": "allow"}]
    assert pairs["hr.payroll"]["then"] == "refuse"
    away = {one["rule"]: one["kept_away_by"] for one in pairs["public.orders"]["nearest"]}
    assert away["nobody touches payroll"] == ["tables"]
    shown = assent(
        "policy", "explain", statement, "--as", "others", "--offline", "--source", "shop", "--config", path
    ).stdout
    assert "read table public.orders: refuse, since no rule covers it" in shown
    assert "not held “analysts read”: groups" in shown
    assert "verdict: refuse" in shown


def test_explain_of_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = written(tmp_path, SKETCH)
    result = assent("policy", "explain", "SELECT 1; SELECT 2", "--offline", "--source", "shop", "--config", path)
    assert "verdict: refuse" in result.stdout
    assert assent("policy", "explain", "SELECT 1", "--machine", "--config", path).exit_code == 2


def test_init_begins_with_any_ready_policy_that_names_no_source(tmp_path: Path) -> None:
    assert "warehouse-price-cap" not in names()
    for name in names():
        folder = tmp_path / name
        wish = Wish(tags={}, masks={}, read_role="shop_read", write_role="shop_write")
        wanted = Wanted(
            folder=folder,
            name=None,
            issuer="https://login.example.com",
            directory="example",
            reviewer="dba@example.com",
            force=False,
            policy=ready(name),
        )
        path = folder / "assent.toml"
        write(path, configuration(Found(name="shop", proposals=(), steps=(), wish=wish), wanted))
        assert keys(folder / "keys")
        urls = {f"SHOP_{kind}_URL": f"postgresql://shop_{kind}:p@127.0.0.1/shop" for kind in ("READ", "WRITE")}
        assert load(path, urls).policy.rules
